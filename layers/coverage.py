"""Where street data goes on: which part of a district and its surroundings nobody mapped.

Nothing in a layer of streets says where its survey ended, so that is told from the streets: a place
is mapped where it lies between them. On a grid, the streets are widened by ``street_gap_m`` and
narrowed again (a morphological closing, Serra 1982, *Image Analysis and Mathematical Morphology*),
which follows any outline, concave too; what lies enclosed by mapped land, on water, or inside the
bounds that a source states for itself is mapped as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from layers.limits import limit

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

_SIDES = ("e", "ne", "n", "nw", "w", "sw", "s", "se")
_LEAST_SHARE = 0.05
"""A side is named where this much of what is missing lies on it."""


@dataclass(frozen=True, eq=False)
class Gap:
    """The part of a district and its surroundings without street data.

    Parameters
    ----------
    reach_m
        How far beyond the boundary the data goes on before it first ends, m; 0 where it ends
        inside.
    area_ha
        How much is missing.
    sides
        Directions from the middle of the boundary, of eight, most missing first.
    near
        Of each place asked for: what is missing lies nearer than the halo.
    """

    reach_m: float
    area_ha: float
    sides: tuple[str, ...]
    near: Flags


@dataclass(frozen=True, eq=False)
class _Grid:
    left: float
    low: float
    cell: float
    shape: tuple[int, int]

    def cells(self, xy: Floats) -> tuple[NDArray[np.int64], Flags]:
        """Return the flat number of the cell of each place, and which places are inside."""
        column, row = np.floor((xy - [self.left, self.low]) / self.cell).astype(np.int64).T
        inside = (column >= 0) & (column < self.shape[1]) & (row >= 0) & (row < self.shape[0])
        return row * self.shape[1] + column, inside

    def centres(self) -> Floats:
        row, column = np.divmod(np.arange(self.shape[0] * self.shape[1]), self.shape[1])
        corner = np.column_stack([column, row]) + 0.5
        return np.asarray(corner * self.cell + [self.left, self.low])

    def marks(self, xy: Floats) -> Flags:
        """Return the grid with the cells of places marked."""
        flat = np.zeros(self.shape[0] * self.shape[1], np.bool_)
        number, inside = self.cells(xy)
        flat[number[inside]] = True
        return flat.reshape(self.shape)

    def inside(self, area: Any) -> Flags:
        """Return the grid with the cells marked whose middle lies in an area."""
        shapely.prepare(area)
        x, y = self.centres().T
        return np.asarray(shapely.contains_xy(area, x, y)).reshape(self.shape)


def missing_streets(
    boundary: Any, streets: NDArray[Any], halo_m: float, places: NDArray[Any], mapped: Any = None
) -> Gap | None:
    """Return where street data is missing within a distance of the boundary, None where nowhere.

    Parameters
    ----------
    boundary, streets
        Area and lines, in metres.
    halo_m
        How far beyond the boundary streets are needed; up to ``halo_tolerance`` of it is asked for.
    places
        Points, of which it is told whether walks from them could lead to where data is missing.
    mapped
        An area that needs no streets: water, and what a source says that it covers.
    """
    needed = limit("space", "halo_tolerance") * halo_m
    grid = _grid_around(boundary, needed + 2 * limit("space", "street_gap_m"))
    covered = _closed(grid, streets)
    if mapped is not None and not shapely.is_empty(mapped):
        covered |= grid.inside(mapped)
    covered = ndimage.binary_fill_holes(covered)
    distance = shapely.distance(shapely.points(grid.centres()), boundary).reshape(grid.shape)
    missing = _large(~covered & (distance <= needed), grid.cell)
    if not missing.any():
        return None
    away = ndimage.distance_transform_edt(~missing, sampling=grid.cell)
    number, inside = grid.cells(shapely.get_coordinates(places))
    near = np.zeros(len(places), np.bool_)
    near[inside] = away.ravel()[number[inside]] < halo_m
    return Gap(
        max(float(distance[missing].min()) - grid.cell / 2, 0.0),
        float(missing.sum()) * grid.cell**2 / 1e4,
        _sides(grid, missing, boundary),
        near,
    )


def _grid_around(boundary: Any, margin: float) -> _Grid:
    west, south, east, north = shapely.bounds(boundary)
    wide, high = east - west + 2 * margin, north - south + 2 * margin
    cell = max(limit("space", "coverage_cell_m"), np.sqrt(wide * high / 4e6))
    shape = int(np.ceil(high / cell)) + 1, int(np.ceil(wide / cell)) + 1
    return _Grid(west - margin, south - margin, cell, shape)


def _closed(grid: _Grid, streets: NDArray[Any]) -> Flags:
    """Return the cells that lie between streets, or on one."""
    gap = limit("space", "street_gap_m")
    dense = shapely.segmentize(streets, grid.cell / 2)
    drawn = grid.marks(shapely.get_coordinates(dense))
    if not drawn.any():
        return drawn
    wide = ndimage.distance_transform_edt(~drawn, sampling=grid.cell) <= gap
    outside = np.pad(wide, 1, constant_values=False)  # the border of the grid is no data
    depth = ndimage.distance_transform_edt(outside, sampling=grid.cell)[1:-1, 1:-1]
    return np.asarray(drawn | (depth > gap))


def _large(missing: Flags, cell: float) -> Flags:
    """Leave out scraps."""
    label, count = ndimage.label(missing)
    size = np.bincount(label.ravel(), minlength=count + 1) * cell**2
    size[0] = 0
    return np.asarray((size >= limit("space", "least_missing_m2"))[label])


def _sides(grid: _Grid, missing: Flags, boundary: Any) -> tuple[str, ...]:
    middle = shapely.get_coordinates(shapely.centroid(boundary))[0]
    x, y = (grid.centres()[missing.ravel()] - middle).T
    octant = np.rint(np.arctan2(y, x) / (np.pi / 4)).astype(np.int64) % len(_SIDES)
    share = np.bincount(octant, minlength=len(_SIDES)) / len(octant)
    order = np.argsort(-share, kind="stable")
    return tuple(_SIDES[side] for side in order if share[side] >= _LEAST_SHARE)
