"""Ground drawn in triangles, laid on a grid: a terrain like that of an elevation model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from layers.files.foreign import ForeignLayer
from layers.geodesy.crs import Bounds, transformer
from layers.limits import limit
from layers.problems import Fact, Problem, Severity
from layers.rasters.elevation import Terrain

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

_CELLS_AT_ONCE = 2_000_000
_EDGE = 1e-9
"""Share of a triangle by which a cell's centre may lie outside: those on a common edge are in."""


class Place(NamedTuple):
    """A north-up grid of square cells: its upper left corner, its step (m), columns and rows."""

    west: float
    north: float
    step: float
    cols: int
    rows: int


def terrain_of(
    grounds: Sequence[tuple[ForeignLayer, pyproj.CRS]], crs: pyproj.CRS, bounds: Bounds
) -> tuple[Terrain | None, tuple[Problem, ...]]:
    """Lay triangles on a grid; each cell gets the height of the triangle over its centre.

    Parameters
    ----------
    grounds
        Layers of triangles with heights, and the CRS of each.
    crs
        The district's.
    bounds
        West, south, east, north in `crs`: triangles that lie wholly outside are left out.

    Returns
    -------
    The terrain, None where no triangle lies within; and what was found. Cells that no triangle
    covers are NaN.
    """
    named = ", ".join(layer.source for layer, _ in grounds)
    corners = np.concatenate([_corners(layer, own, crs) for layer, own in grounds])
    problems = []
    heights = corners[:, :, 2]
    low, high = limit("terrain", "lowest_m"), limit("terrain", "highest_m")
    absurd = ((heights < low) | (heights > high)).any(axis=1)
    if absurd.any():
        problems.append(_problem("ground_heights_absurd", Severity.REPAIRED, named, absurd.sum()))
    corners = corners[~absurd & _within(corners, bounds)]
    if not len(corners):
        return None, (*problems, _problem("terrain_elsewhere", Severity.ERROR, named, 0))
    place = _place_of(corners, bounds)
    values = _heights(corners, place)
    if not np.isfinite(values).any():
        return None, (*problems, _problem("terrain_elsewhere", Severity.ERROR, named, 0))
    made = Terrain(values, place.west, place.north, place.step, place.step)
    step = round(place.step, 1)
    told = _problem("terrain_from_triangles", Severity.INFO, named, len(corners), step_m=step)
    return made, (*problems, told)


def _problem(
    key: str, severity: Severity, source: str, count: int | np.integer, **facts: Fact
) -> Problem:
    return Problem(key, severity, "terrain", source, facts={"count": int(count), **facts})


def _corners(layer: ForeignLayer, own: pyproj.CRS, crs: pyproj.CRS) -> Floats:
    """Return the corners of triangles in `crs`, shape (n, 3, 3); those beyond it are left out."""
    rings = shapely.get_exterior_ring(np.asarray(layer.frame.geometry.array, dtype=object))
    xyz = shapely.get_coordinates(rings, include_z=True).reshape(-1, 4, 3)[:, :3]
    x, y = transformer(own, crs).transform(xyz[:, :, 0], xyz[:, :, 1])
    moved = np.stack([x, y, xyz[:, :, 2]], axis=2)
    return np.asarray(moved[np.isfinite(moved).all(axis=(1, 2))])


def _within(corners: Floats, bounds: Bounds) -> NDArray[np.bool_]:
    least, most = corners[:, :, :2].min(axis=1), corners[:, :, :2].max(axis=1)
    west, south, east, north = bounds
    return np.asarray(
        (most[:, 0] >= west)
        & (least[:, 0] <= east)
        & (most[:, 1] >= south)
        & (least[:, 1] <= north)
    )


def _place_of(corners: Floats, bounds: Bounds) -> Place:
    """Lay a grid around triangles, as fine as the middle one of them; within bounds of work."""
    least, most = corners[:, :, :2].min(axis=(0, 1)), corners[:, :, :2].max(axis=(0, 1))
    area = np.abs(_twice_area(corners)) / 2
    middle = float(np.median(area[area > 0])) if (area > 0).any() else 1.0
    step = max(np.sqrt(middle), limit("terrain", "finest_m"))
    west, south = np.maximum(least, np.array(bounds[:2]) - step)
    east, north = np.minimum(most, np.array(bounds[2:]) + step)
    # Long thin triangles lie in large boxes, of which every cell is looked at.
    box = np.prod(corners[:, :, :2].max(axis=1) - corners[:, :, :2].min(axis=1), axis=1).sum()
    largest = max((east - west) * (north - south), float(box) / limit("terrain", "most_overlaid"))
    step = max(step, float(np.sqrt(largest / limit("terrain", "most_cells"))))
    cols, rows = np.ceil(np.array([east - west, north - south]) / step).astype(int)
    return Place(float(west), float(north), float(step), max(int(cols), 1), max(int(rows), 1))


def _twice_area(corners: Floats) -> Floats:
    (ax, ay), (bx, by), (cx, cy) = (corners[:, n, :2].T for n in range(3))
    return np.asarray((bx - ax) * (cy - ay) - (cx - ax) * (by - ay))


def _heights(corners: Floats, place: Place) -> NDArray[np.float32]:
    """Return the height over the centre of each cell, rows from north; NaN where there is none."""
    values = np.full((place.rows, place.cols), np.nan, dtype=np.float32)
    # In cells from the centre of the upper left one, downwards.
    column = (corners[:, :, 0] - place.west) / place.step - 0.5
    row = (place.north - corners[:, :, 1]) / place.step - 0.5
    local = np.stack([column, row, corners[:, :, 2]], axis=2)
    local = local[np.abs(_twice_area(local)) > _EDGE]  # upright ones cover nothing
    last = np.array([place.cols - 1, place.rows - 1])
    first = np.clip(np.ceil(local[:, :, :2].min(axis=1) - _EDGE), 0, None).astype(np.int64)
    final = np.minimum(np.floor(local[:, :, :2].max(axis=1) + _EDGE), last).astype(np.int64)
    size = np.clip(final - first + 1, 0, None)
    count = size.prod(axis=1)
    parts = np.cumsum(count) // _CELLS_AT_ONCE
    for part in np.unique(parts):
        chosen = np.flatnonzero((parts == part) & (count > 0))
        _lay(local[chosen], first[chosen], size[chosen], values)
    return values


def _lay(local: Floats, first: Rows, size: Rows, values: NDArray[np.float32]) -> None:
    """Give the cells whose centres lie in triangles their heights; the last triangle counts."""
    count = size.prod(axis=1)
    of = np.repeat(np.arange(len(local)), count)
    number = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    column = first[of, 0] + number % size[of, 0]
    row = first[of, 1] + number // size[of, 0]
    twice = _twice_area(local)[of]
    ax, ay, az = local[of, 0].T
    bx, by, bz = local[of, 1].T
    cx, cy, cz = local[of, 2].T
    of_b = ((column - ax) * (cy - ay) - (cx - ax) * (row - ay)) / twice
    of_c = ((bx - ax) * (row - ay) - (column - ax) * (by - ay)) / twice
    inside = (of_b >= -_EDGE) & (of_c >= -_EDGE) & (of_b + of_c <= 1 + _EDGE)
    height = az + of_b * (bz - az) + of_c * (cz - az)
    values[row[inside], column[inside]] = height[inside]
