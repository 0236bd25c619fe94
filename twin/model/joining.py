"""Where a drawn path meets the streets: both are cut there, so that they share a node."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.arrays import Floats
from twin.model.catalogues import rules
from twin.model.tables import Table

Point = tuple[float, float]

_TOUCH_M = 1e-3
"""As near as ends of streets have to be to meet."""


def join_path(
    streets: Table, points: tuple[Point, ...]
) -> tuple[Table, shapely.LineString | shapely.MultiLineString]:
    """Return the streets cut where a path touches them, and the path cut where it touches one.

    Parameters
    ----------
    points
        Corners of the path, metres. One that is a few centimetres off a street, or off its end,
        was meant to be there (`rules().join_m`), and is put there.
    """
    points = tuple(_put_on(streets, point) for point in points)
    spots = shapely.points(points)
    at, row = streets.tree.query(spots, predicate="dwithin", distance=_TOUCH_M)
    inner = np.unique(at[(at > 0) & (at < len(points) - 1)])
    ends = [0, *inner.tolist(), len(points) - 1]
    pieces = [shapely.LineString(points[i : j + 1]) for i, j in pairwise(ends)]
    path = pieces[0] if len(pieces) == 1 else shapely.MultiLineString(pieces)
    may_be_cut = np.isin(streets["kind"][row], rules().attracting_kinds)
    for street in np.unique(row[may_be_cut]).tolist():
        met = spots[at[row == street]]
        cut = _cut(streets.geometry[street], met)
        if cut is not None:
            streets = streets.with_values([street], {}, cut)
    return streets, path


def _put_on(streets: Table, point: Point) -> Point:
    """Return the end of a street that a point is all but on, else the place on a street, else it.

    Places between its ends are only those of streets that may be cut.
    """
    spot, join = shapely.Point(point), rules().join_m
    near = np.sort(streets.tree.query(spot, predicate="dwithin", distance=join))
    if not len(near):
        return point
    parts, of = shapely.get_parts(streets.geometry[near], return_index=True)
    ends = np.concatenate([shapely.get_point(parts, 0), shapely.get_point(parts, -1)])
    off = shapely.distance(ends, spot)
    if off.min() <= join:
        return _xy(ends[np.argmin(off)])
    lines = parts[np.isin(streets["kind"][near][of], rules().attracting_kinds)]
    if not len(lines):
        return point
    line = lines[np.argmin(shapely.distance(lines, spot))]
    return _xy(shapely.line_interpolate_point(line, shapely.line_locate_point(line, spot)))


def _xy(spot: Any) -> Point:
    return float(shapely.get_x(spot)), float(shapely.get_y(spot))


def _cut(street: Any, met: NDArray[Any]) -> shapely.MultiLineString | None:
    """Return a street with its parts ending at the points met on them; None where none is inner."""
    pieces: list[Floats] = []
    before = shapely.get_parts(street)
    for part in before:
        along = shapely.line_locate_point(part, met)
        inner = shapely.dwithin(part, met, _TOUCH_M)
        inner &= (along > _TOUCH_M) & (along < part.length - _TOUCH_M)
        pieces += _pieces(part, *_in_order(along[inner], met[inner]))
    if len(pieces) == len(before):
        return None
    return shapely.MultiLineString(pieces)


def _in_order(along: Floats, met: NDArray[Any]) -> tuple[Floats, NDArray[Any]]:
    place, first = np.unique(along, return_index=True)
    return place, met[first]


def _pieces(line: Any, along: Floats, met: NDArray[Any]) -> list[Floats]:
    """Return the coordinates of a line cut at points on it, which become its corners."""
    xy = shapely.get_coordinates(line)
    corner = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    place = np.searchsorted(corner, along)
    xy = np.insert(xy, place, shapely.get_coordinates(met), axis=0)
    ends = [0, *(place + np.arange(len(place))).tolist(), len(xy) - 1]
    return [xy[i : j + 1] for i, j in pairwise(ends)]
