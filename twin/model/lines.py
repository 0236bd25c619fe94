"""The lines of streets, and where they begin and end, to the millimetre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.arrays import Floats, Ints

_KEYS_PER_METRE = 1000
"""Ends of streets meet where their coordinates agree to the millimetre."""

_LINES = (1, 2)
"""Numbers by which Shapely tells lines and rings."""

_MOST_WHOLE, _FAR = 2.0**62, 1 << 61
_MOST_EXACT = 1 << 53
"""Whole numbers below this are floating point numbers too."""


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines that can be walked, with the row of their street; coordinates and keys of their ends.

    Parameters
    ----------
    ends, keys
        Shape (m, 2, 2): first and last coordinate; the same in whole millimetres.
    """

    line: NDArray[Any]
    row: Ints
    length: Floats
    ends: Floats
    keys: Ints

    @classmethod
    def of(cls, shapes: NDArray[Any]) -> Lines:
        """Return the lines of streets, parts of one street each for itself."""
        lines, rows = _parts(shapes)
        length = shapely.length(lines)
        walkable = np.isin(shapely.get_type_id(lines), _LINES) & (length > 0)
        lines, rows, length = lines[walkable], rows[walkable], length[walkable]
        last = np.cumsum(shapely.get_num_coordinates(lines)) - 1
        first = np.concatenate([[0], last[:-1] + 1]) if len(last) else last
        ends = shapely.get_coordinates(lines)[np.stack([first, last], axis=1)]
        keys = keys_of(ends)
        real = (keys[:, 0] != keys[:, 1]).any(axis=1) | (length * _KEYS_PER_METRE > 1)
        return cls(lines[real], rows[real], length[real], ends[real], keys[real])


def _parts(shapes: NDArray[Any]) -> tuple[NDArray[Any], Ints]:
    """Return the parts of all shapes and the row of each; what has one part stays the object."""
    single = np.isin(shapely.get_type_id(shapes), _LINES)
    plain, others = np.flatnonzero(single), np.flatnonzero(~single)
    parts, of = shapely.get_parts(shapes[others], return_index=True)
    rows = np.concatenate([plain, others[of]])
    order = np.argsort(rows, kind="stable")
    return np.concatenate([shapes[plain], parts])[order], rows[order]


def keys_of(xy: Floats) -> Ints:
    """Return coordinates in whole millimetres."""
    return np.rint(xy * _KEYS_PER_METRE).astype(np.int64)


def number_keys(keys: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the different keys in order, the first row of each, and the place of every row.

    Parameters
    ----------
    keys
        Shape (k, 2); they ascend by easting, then northing.
    """
    single = _as_one(keys, keys)
    if single is not None:  # one number for two is sorted much faster
        _, at, place = np.unique(single, return_index=True, return_inverse=True)
        return keys[at], at, place
    different, at, place = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return different, at, place.reshape(-1).astype(np.int64)


def insert_keys(known: Ints, keys: Ints) -> tuple[Ints, Ints]:
    """Return the places of known keys and of others, all in order and each once.

    Parameters
    ----------
    known
        Different keys in the order of :func:`number_keys`, shape (k, 2).
    keys
        Others, in any order, some of them known; shape (m, 2).
    """
    if max(_largest(known), _largest(keys)) >= _MOST_EXACT:
        place = number_keys(np.concatenate([known, keys]))[2]
        return place[: len(known)], place[len(known) :]
    old, wanted = _complex(known), _complex(keys)
    at = np.searchsorted(old, wanted)
    new = np.ones(len(wanted), bool)
    inside = at < len(old)
    new[inside] = old[at[inside]] != wanted[inside]
    added = np.unique(wanted[new])
    before = np.searchsorted(added, wanted)
    taken = np.searchsorted(old, added) + np.arange(len(added))
    return np.delete(np.arange(len(old) + len(added)), taken), at + before


def _largest(keys: Ints) -> int:
    return max(int(keys.max(initial=0)), -int(keys.min(initial=0)))


def _complex(keys: Ints) -> NDArray[np.complex128]:
    """Return one number for both of each key; they are in the order of the first, then the second.

    Exact below :data:`_MOST_EXACT`.
    """
    pairs = np.ascontiguousarray(keys, np.float64)
    return pairs.view(np.complex128).reshape(-1)


def _as_one(keys: Ints, among: Ints) -> Ints | None:
    """Return one number for both of each key, in their order; None where it might be too large."""
    low = among.min(axis=0, initial=_FAR)
    span = among.max(axis=0, initial=-_FAR) - low + 1
    if float(span[0]) * float(span[1]) >= _MOST_WHOLE:
        return None
    single: Ints = (keys[:, 0] - low[0]) * span[1] + keys[:, 1] - low[1]
    return single
