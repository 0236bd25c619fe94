"""Where street data goes on: which part of a district and its surroundings nobody mapped.

Nothing in a layer of streets says where its survey ended, so that is told from the streets: a place
is mapped where it lies between them. On a grid, the streets are widened by ``street_gap_m`` and
narrowed again (a morphological closing, Serra 1982, *Image Analysis and Mathematical Morphology*),
which follows any outline, concave too; what lies enclosed by mapped land, on water, or inside the
bounds that a source states for itself is mapped as well.

The grid's lines lie on multiples of its cells, so that a place is judged alike in whatever part of
the data it is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from layers.limits import limit

if TYPE_CHECKING:
    from layers.geodesy.crs import Bounds  # which loads what takes long to load

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

_MOST = 2e6
"""Cells of a grid, more or less: over larger areas they are larger, which bounds the work."""

_AT_ONCE = 1 << 18
"""Parts of lines that are drawn together, which bounds memory."""

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

    @classmethod
    def around(cls, bounds: Bounds, reach: float = 0.0) -> _Grid:
        """Return a grid on which all is told rightly within some bounds and a reach."""
        margin = reach + 2 * limit("space", "street_gap_m")
        low, high = np.array(bounds[:2]) - margin, np.array(bounds[2:]) + margin
        cell = max(limit("space", "coverage_cell_m"), float(np.sqrt((high - low).prod() / _MOST)))
        first = np.floor(low / cell)
        columns, rows = np.floor(high / cell) - first + 1
        left, bottom = first * cell
        return cls(float(left), float(bottom), cell, (int(rows), int(columns)))

    def position(self, xy: Floats) -> Floats:
        """Return row and column of places, shape (2, n), in cells from the grid's corner."""
        return np.asarray(((xy - [self.left, self.low]) / self.cell)[:, ::-1].T)

    def drawn(self, lines: NDArray[Any]) -> Flags:
        """Return the cells that lines pass, looked at every half cell along them."""
        marked = np.zeros(self.shape, np.bool_)
        xy, own = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
        begin = np.flatnonzero(own[1:] == own[:-1])
        for few in np.array_split(begin, len(begin) // _AT_ONCE + 1):
            start, way = xy[few], xy[few + 1] - xy[few]
            count = np.ceil(np.hypot(*way.T) / (self.cell / 2)).astype(np.int64) + 1
            of = np.repeat(np.arange(len(few)), count)
            step = np.arange(len(of)) - (np.cumsum(count) - count)[of]
            places = start[of] + (step / np.maximum(count - 1, 1)[of])[:, None] * way[of]
            row, column = np.floor(self.position(places)).astype(np.int64)
            inside = (row >= 0) & (row < self.shape[0]) & (column >= 0) & (column < self.shape[1])
            marked[row[inside], column[inside]] = True
        return marked

    def middles(self, cells: Flags) -> Floats:
        """Return the middles of the marked cells, shape (n, 2)."""
        row, column = np.nonzero(cells)
        corner = np.column_stack([column, row]) + 0.5
        return np.asarray(corner * self.cell + [self.left, self.low])

    def inside(self, area: Any, asked: Flags) -> Flags:
        """Return which of the cells asked for have their middle in an area."""
        shapely.prepare(area)
        found = np.zeros(self.shape, np.bool_)
        found[asked] = shapely.contains_xy(area, self.middles(asked))
        return found

    def within(self, bounds: Bounds) -> Flags:
        """Return the cells that have their middle within some bounds."""
        rows, columns = (np.arange(count) + 0.5 for count in self.shape)
        x, y = columns * self.cell + self.left, rows * self.cell + self.low
        west, south, east, north = bounds
        return np.outer((y >= south) & (y <= north), (x >= west) & (x <= east))


@dataclass(frozen=True, eq=False)
class Unmapped:
    """How far it is to the nearest land that is not mapped.

    Parameters
    ----------
    grid
        Where the cells lie.
    metres
        From the middle of each cell to the middle of the nearest one that is not mapped, m.
    """

    grid: _Grid
    metres: NDArray[np.float32]

    def distance(self, xy: Floats) -> Floats:
        """Return the straight distance in metres from places, shape (n, 2), to unmapped land.

        Right to within half a cell, and to within two where the land's outline is the disc's: the
        nearest street lies half a cell inside its own on average, and the land without data begins
        half a cell before its middle. 0 on such land, and outside the grid, of which nothing is
        known.
        """
        at = self.grid.position(xy) - 0.5
        found = ndimage.map_coordinates(self.metres, at, np.float64, order=1, cval=0.0)
        return np.asarray(np.maximum(found - self.grid.cell, 0.0))


def unmapped_land(around: Bounds, streets: NDArray[Any], mapped: Any = None) -> Unmapped:
    """Return how far it is to land without street data, from anywhere.

    Parameters
    ----------
    around
        West, south, east, north of what is looked at, m; what lies beyond counts as not mapped.
    streets
        Lines, in metres; at least one.
    mapped
        An area that needs no streets: water, and what a source says that it covers.
    """
    known = shapely.total_bounds(streets)
    if mapped is not None and not shapely.is_empty(mapped):
        known = shapely.total_bounds([shapely.box(*known), mapped])
    grid = _Grid.around(_common(known, around))
    covered = _covered(grid, streets, mapped) & grid.within(around)
    return _away_from(~covered, grid)


def _common(bounds: Bounds, others: Bounds) -> Bounds:
    """Return what two bounds have in common; a place of the second where they have nothing."""
    west, east = np.clip([bounds[0], bounds[2]], others[0], others[2])
    south, north = np.clip([bounds[1], bounds[3]], others[1], others[3])
    return float(west), float(south), float(east), float(north)


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
    grid = _Grid.around(shapely.bounds(boundary), needed)
    bare = ~_covered(grid, streets, mapped)
    distance = np.full(grid.shape, np.inf)
    distance[bare] = shapely.distance(shapely.points(grid.middles(bare)), boundary)
    missing = _large(distance <= needed, grid.cell)
    if not missing.any():
        return None
    away = _away_from(missing, grid).distance(shapely.get_coordinates(places))
    return Gap(
        max(float(distance[missing].min()) - grid.cell / 2, 0.0),
        float(missing.sum()) * grid.cell**2 / 1e4,
        _sides(grid, missing, boundary),
        away < halo_m,
    )


def _away_from(missing: Flags, grid: _Grid) -> Unmapped:
    """Return how far it is to cells without data, of which there are some."""
    metres = ndimage.distance_transform_edt(~missing, sampling=grid.cell)
    return Unmapped(grid, metres.astype(np.float32))


def _covered(grid: _Grid, streets: NDArray[Any], mapped: Any) -> Flags:
    """Return the cells that are mapped: between streets, in an area that needs none, enclosed."""
    covered = _closed(grid, streets)
    if mapped is not None and not shapely.is_empty(mapped):
        covered |= grid.inside(mapped, ~covered)
    return np.asarray(ndimage.binary_fill_holes(covered))


def _closed(grid: _Grid, streets: NDArray[Any]) -> Flags:
    """Return the cells that lie between streets, or on one."""
    gap = limit("space", "street_gap_m")
    drawn = grid.drawn(streets)
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
    x, y = (grid.middles(missing) - middle).T
    octant = np.rint(np.arctan2(y, x) / (np.pi / 4)).astype(np.int64) % len(_SIDES)
    share = np.bincount(octant, minlength=len(_SIDES)) / len(octant)
    order = np.argsort(-share, kind="stable")
    return tuple(_SIDES[side] for side in order if share[side] >= _LEAST_SHARE)
