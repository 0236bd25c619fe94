"""On which floor of its place a street ends: levels that pass each other do not meet."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.noding.floors import CONNECTING, MOST_FLOORS, floors
from twin.arrays import Floats, Ints
from twin.model.lines import Lines, keys_of, number_keys


def levels_of(kind: NDArray[Any], level: Floats) -> Floats:
    """Return the stated level of streets; NaN where none is, and for stairs, which join all."""
    return np.where(kind == CONNECTING, np.nan, level)


def keys_with_floor(keys: Ints, floor: Ints | np.int64) -> Ints:
    """Return keys that differ by floor at one place, in the order of the places, shape (n, 2)."""
    return np.column_stack([keys[:, 0], keys[:, 1] * MOST_FLOORS + floor])


def end_keys(found: Lines, level: Floats) -> tuple[Ints, Ints]:
    """Return the key of each end of lines (starts, then ends) and its floor.

    Parameters
    ----------
    level
        Of each line, as of :func:`levels_of`.
    """
    keys = found.keys.swapaxes(0, 1).reshape(-1, 2)
    floor = np.zeros(len(keys), np.int64)
    if len(np.unique(level[~np.isnan(level)])) > 1:
        floor = floors(number_keys(keys)[2], np.tile(level, 2))
    return keys_with_floor(keys, floor), floor


def several_levels_at(ends: Floats, known: tuple[Floats, Floats], new: tuple[Ints, Floats]) -> bool:
    """Tell whether different levels are stated at a place that a change of streets touches.

    Parameters
    ----------
    ends
        Ends of streets that go, metres, shape (g, 2).
    known
        Ends of all streets before the change, shape (m, 2), and their levels, as of
        :func:`levels_of`.
    new
        Keys of the ends of streets that come, shape (n, 2), and their levels.
    """
    level = np.concatenate([known[1], new[1]])
    if len(np.unique(level[~np.isnan(level)])) < 2:
        return False
    fresh = _as_place(new[0])
    place = np.concatenate([_as_place(keys_of(known[0])), fresh])
    touched = np.concatenate([_as_place(keys_of(ends)), fresh])
    there = np.isin(place, touched) & ~np.isnan(level)
    number = np.unique(place[there], return_inverse=True)[1].ravel()
    pairs = np.unique(np.column_stack([number, level[there]]), axis=0)
    return bool((np.diff(pairs[:, 0]) == 0).any())


def _as_place(keys: Ints) -> NDArray[np.complex128]:
    """Return one number for both coordinates; whole millimetres stay exact."""
    return np.asarray(keys[:, 0] + 1j * keys[:, 1])
