"""What a 3D city model says, in arrays: objects, their surfaces in space, and where they lie."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

OTHER, GROUND = 0, 1
"""What a surface means; only the ground tells more of a footprint than the shape does."""

_METRES_PER_DEGREE = 111_195.0
"""On a sphere of 6,371 km; only to tell steep surfaces from flat ones."""


@cache
def rules() -> Mapping[str, Any]:
    """Return what the models' words mean, from ``rules.toml``."""
    text = files("layers.city").joinpath("rules.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, eq=False)
class Surfaces:
    """Surfaces of objects as rings of points in space.

    Parameters
    ----------
    xyz
        float64 (points, 3), ring after ring; x before y. An unknown height is NaN.
    ring_size
        int64 (rings,): points of each ring. The first ring of a surface is its outline, the others
        are holes.
    ring_surface
        int64 (rings,): row of the surface that each ring belongs to, ascending.
    owner
        int64 (surfaces,): row of the object.
    lod
        float64 (surfaces,): level of detail.
    meaning
        int8 (surfaces,): `GROUND` or `OTHER`.
    """

    xyz: Floats
    ring_size: Rows
    ring_surface: Rows
    owner: Rows
    lod: Floats
    meaning: NDArray[np.int8]

    def without(self, bad: NDArray[np.bool_]) -> Surfaces:
        """Return the surfaces that are not marked in `bad` (surfaces,)."""
        ring = ~bad[self.ring_surface]
        row = np.cumsum(~bad) - 1
        return Surfaces(
            self.xyz[np.repeat(ring, self.ring_size)],
            self.ring_size[ring],
            row[self.ring_surface[ring]],
            self.owner[~bad],
            self.lod[~bad],
            self.meaning[~bad],
        )

    def sound(self) -> Surfaces:
        """Return the surfaces whose rings all have three places or more, finite in plan."""
        ring = np.repeat(np.arange(len(self.ring_size)), self.ring_size)
        broken = self.ring_size < 3
        broken[ring[~np.isfinite(self.xyz[:, :2]).all(axis=1)]] = True
        bad = np.zeros(len(self.owner), dtype=np.bool_)
        bad[self.ring_surface[broken]] = True
        # A surface without a ring is none.
        bad |= np.bincount(self.ring_surface, minlength=len(bad)) == 0
        return self.without(bad)

    def in_plan(self) -> NDArray[np.object_]:
        """Return each surface as a polygon in plan; sound surfaces only."""
        if not len(self.owner):
            return np.empty(0, dtype=object)
        ring = np.repeat(np.arange(len(self.ring_size)), self.ring_size)
        rings = shapely.linearrings(self.xyz[:, :2], indices=ring)
        return np.asarray(shapely.polygons(rings, indices=self.ring_surface), dtype=object)

    def steepness(self, degrees: bool) -> Floats:
        """Return how upright each surface stands: 0 lies flat, 1 is a wall.

        The normal of the outline by Newell's sum over its edges; 1 also for what has no area.

        Parameters
        ----------
        degrees
            Whether x and y are degrees, which are brought to metres first.
        """
        first = np.r_[True, np.diff(self.ring_surface) > 0] if len(self.ring_surface) else []
        outline = np.flatnonzero(first)
        begin = np.r_[0, np.cumsum(self.ring_size)[:-1]][outline] if len(outline) else outline
        size = self.ring_size[outline]
        start = np.cumsum(size) - size
        inside = np.arange(size.sum()) - np.repeat(start, size)
        here = np.repeat(begin, size) + inside
        after = np.repeat(begin, size) + (inside + 1) % np.repeat(size, size)
        a, b = (self._metres(rows, np.repeat(begin, size), degrees) for rows in (here, after))
        if not len(start):
            return np.ones(0)
        level = np.zeros(len(start))
        # Places beyond all numbers make no area, and count as walls.
        with np.errstate(over="ignore", invalid="ignore"):
            x = (a[:, 1] - b[:, 1]) * (a[:, 2] + b[:, 2])
            y = (a[:, 2] - b[:, 2]) * (a[:, 0] + b[:, 0])
            z = (a[:, 0] - b[:, 0]) * (a[:, 1] + b[:, 1])
            normal = np.column_stack([np.add.reduceat(part, start) for part in (x, y, z)])
            length = np.linalg.norm(normal, axis=1)
            np.divide(np.abs(normal[:, 2]), length, out=level, where=length > 0)
            return np.asarray(np.nan_to_num(np.sqrt(np.clip(1 - level**2, 0, 1)), nan=1.0))

    def _metres(self, rows: Rows, base: Rows, degrees: bool) -> Floats:
        """Return places relative to the first of their outline, which keeps sums exact."""
        moved = self.xyz[rows] - self.xyz[base]
        moved = np.nan_to_num(moved)
        if degrees:
            north = np.full(len(rows), _METRES_PER_DEGREE)
            east = north * np.cos(np.radians(np.clip(self.xyz[base, 1], -90, 90)))
            moved[:, :2] *= np.column_stack([east, north])
        return moved


@dataclass(frozen=True, eq=False)
class CityModel:
    """A city model as its file has it.

    Parameters
    ----------
    file
        Where it was read from.
    objects
        A row for each object: ``id`` (text), ``kind`` (``Building``, ``WaterBody``, ...),
        ``parent`` (row, -1 for none), ``x`` and ``y`` (a single place it states, else NaN),
        ``lost`` (it names points that are not there).
    attributes
        A row for each object, a column for each attribute, None where an object lacks it.
    surfaces
        Of all objects.
    srs
        How the file names its coordinate system; "" where it does not.
    northing_first
        Whether the format lets that system decide the order of the axes.
    """

    file: Path
    objects: pd.DataFrame
    attributes: pd.DataFrame
    surfaces: Surfaces
    srs: str
    northing_first: bool

    def attribute(self, names: list[str]) -> pd.Series:
        """Return the first of some attributes that each object has, None where it has none."""
        found = pd.Series([None] * len(self.objects), dtype=object)
        for name in names:
            if name in self.attributes.columns:
                other = self.attributes[name]
                found = found.where(found.notna() & (found.astype(str).str.strip() != ""), other)
        return found


def roots(parent: Rows) -> Rows:
    """Return the topmost ancestor of each row; rows whose ancestors form a ring stand alone."""
    found = np.where(parent < 0, np.arange(len(parent)), parent)
    # Each round doubles the steps taken, so that few rounds climb any ladder.
    for _ in range(max(len(parent).bit_length(), 1)):
        found = found[found]
    lost = found[found] != found
    lost |= np.where(parent < 0, np.arange(len(parent)), parent)[found] != found
    return np.where(lost, np.arange(len(parent)), found)


def is_degrees(crs: pyproj.CRS | None, xy: Floats) -> bool:
    """Tell whether coordinates are degrees, by their CRS or, without one, by their size."""
    if crs is not None:
        return bool(crs.is_geographic)
    finite = xy[np.isfinite(xy).all(axis=1)]
    return bool(len(finite)) and bool((np.abs(finite) <= np.array([180.0, 90.0])).all())
