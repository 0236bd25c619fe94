"""Straight legs from doors and outlines to edges of the network."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.arrays import Floats
from twin.model.catalogues import rules

Geometries = NDArray[Any]

_POINT = 0
_MICRO = 1e-6


def shortest_legs(shapes: Geometries, lines: Geometries) -> Geometries:
    """Return the leg from each shape to the line of the same position.

    Parameters
    ----------
    shapes
        Points, or outlines as lines, shape (n,).
    lines
        Edges of the network, shape (n,).

    Returns
    -------
    Lines of two points, from the shape to the edge, shape (n,).

    Notes
    -----
    A facade that runs along an edge has many points equally near to it, and so has an outline that
    an edge passes through. Rounding would choose between places many metres apart, so of the
    outline's points within the tie of the least distance the first along the edge is taken.
    """
    legs: Geometries = shapely.shortest_line(shapes, lines)
    outline = np.flatnonzero(shapely.get_type_id(shapes) != _POINT)
    if len(outline):
        legs[outline] = _outline_legs(shapes[outline], lines[outline])
    return legs


def first_along(lines: Geometries, points: Geometries) -> Floats:
    """Return how far along each line the place nearest to the point of its position is.

    Where a line comes by that place several times (a path drawn there and back, a loop that meets
    itself), the first time counts, for rounding would choose one of them.

    Returns
    -------
    Metres from the beginning of each line, shape (n,).
    """
    along: Floats = shapely.line_locate_point(lines, points)
    bent = np.flatnonzero(shapely.get_num_coordinates(lines) > 2)
    if len(bent):
        foot = shapely.get_coordinates(shapely.line_interpolate_point(lines[bent], along[bent]))
        first = _first_passing(lines[bent], foot)
        # A place just before a bend may lie as near to the next side: no other time, no change.
        along[bent] = np.where(first < along[bent] - rules().tie_m, first, along[bent])
    return along


def _first_passing(lines: Geometries, places: Floats) -> Floats:
    """Return how far along each line it first comes by a place on it; inf where it never does."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    side = np.flatnonzero(line[1:] == line[:-1])
    way, of = xy[side + 1] - xy[side], line[side]
    length = np.hypot(*way.T)
    from_tail = places[of] - xy[side]
    ahead = (from_tail * way).sum(axis=1) / np.where(length > 0, length, 1.0)
    ahead = np.clip(ahead, 0.0, length)
    unit = way / np.where(length > 0, length, 1.0)[:, np.newaxis]
    off = np.hypot(*(from_tail - ahead[:, np.newaxis] * unit).T)
    begun = np.cumsum(length) - length
    at = begun - begun[np.flatnonzero(np.diff(of, prepend=-1))][of] + ahead
    first = np.full(len(lines), np.inf)
    np.minimum.at(first, of, np.where(off <= _MICRO, at, np.inf))
    return first


def _outline_legs(outlines: Geometries, lines: Geometries) -> Geometries:
    point, owner = _candidates(outlines, lines)
    distance = shapely.distance(point, lines[owner])
    least = shapely.distance(outlines, lines)
    near = np.flatnonzero(distance <= least[owner] + rules().tie_m)
    along = first_along(lines[owner[near]], point[near])
    order = np.lexsort((distance[near], along, owner[near]))
    first = order[np.flatnonzero(np.diff(owner[near][order], prepend=-1))]
    foot = shapely.line_interpolate_point(lines, along[first])
    ends = shapely.get_coordinates(np.column_stack([point[near[first]], foot]))
    joined: Geometries = shapely.linestrings(ends.reshape(-1, 2, 2))
    return joined


def _candidates(outlines: Geometries, lines: Geometries) -> tuple[Geometries, NDArray[np.intp]]:
    """Return points of the outlines and whose they are, the nearest to the line among them.

    Two polylines that do not meet are nearest at a vertex of one of them.
    """
    corner, of_corner = shapely.get_coordinates(outlines, return_index=True)
    bend, of_bend = shapely.get_coordinates(lines, return_index=True)
    meeting, of_meeting = shapely.get_coordinates(
        shapely.intersection(outlines, lines), return_index=True
    )
    facing = shapely.shortest_line(outlines[of_bend], shapely.points(bend))
    points = [shapely.points(corner), shapely.get_point(facing, 0), shapely.points(meeting)]
    return np.concatenate(points), np.concatenate([of_corner, of_bend, of_meeting])
