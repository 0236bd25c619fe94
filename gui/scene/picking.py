"""What lies under a ray: buildings as upright prisms, found through the table's own index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

if TYPE_CHECKING:
    from gui.scene.blocks import Blocks
    from twin.model.tables import Table

Floats = NDArray[np.float64]


def first_building(
    start: Floats, direction: Floats, reach: float, buildings: Table, blocks: Blocks
) -> tuple[int, float] | None:
    """Return row and distance of the first building that a ray meets within `reach`, or None.

    Parameters
    ----------
    start, direction
        Shape (3,), CRS; `direction` has unit length and does not look up.
    reach
        Metres along the ray.
    """
    if not len(buildings):
        return None
    highest = float(blocks.top.max())
    # Only the part of the ray below the highest roof can meet a building.
    first = max(0.0, (highest - start[2]) / direction[2]) if direction[2] < 0.0 else 0.0
    if first >= reach:
        return None
    ends = start + np.array([[first], [reach]]) * direction
    trace = shapely.linestrings(ends[:, :2]) if _slants(direction) else shapely.points(ends[1, :2])
    rows = buildings.tree.query(trace, predicate="intersects")
    if not len(rows):
        return None
    met, enter, leave = _crossings(
        trace, buildings.geometry[rows], start, direction, (first, reach)
    )
    return _nearest(rows[met], enter, leave, start[2], direction[2], blocks)


def hidden(points: Floats, eyes: Floats, buildings: Table, blocks: Blocks) -> NDArray[np.bool_]:
    """Return which of points (n, 3) have a building between them and the eye, all at once.

    Parameters
    ----------
    points
        What is looked at, in the CRS.
    eyes
        From where, shape (n, 3); not below the points.
    """
    behind = np.zeros(len(points), bool)
    way = eyes - points
    level = np.hypot(way[:, 0], way[:, 1])
    rays = np.flatnonzero((level > 1e-6) & (way[:, 2] > 0.0))  # from straight above all is seen
    if not len(buildings) or not len(rays):
        return behind
    points, way, level = points[rays], way[rays] / level[rays, None], level[rays]
    # Only the part of a ray below the highest roof can meet a building.
    reach = np.clip((float(blocks.top.max()) - points[:, 2]) / way[:, 2], 0.0, level)
    ends = np.stack([points[:, :2], points[:, :2] + reach[:, None] * way[:, :2]], axis=1)
    traces = shapely.linestrings(ends)
    ray, row = buildings.tree.query(traces)
    near = _may_meet(points[ray], way[ray], shapely.bounds(buildings.geometry[row]))
    ray, row = ray[near < blocks.top[row]], row[near < blocks.top[row]]
    pieces, owner = shapely.get_parts(
        shapely.intersection(traces[ray], buildings.geometry[row]), return_index=True
    )
    xy, piece = shapely.get_coordinates(pieces, return_index=True)
    ray, row = ray[owner], row[owner]
    along = ((xy - points[ray[piece], :2]) * way[ray[piece], :2]).sum(axis=1)
    first = np.full(len(pieces), np.inf)
    np.minimum.at(first, piece, along)
    lowest = points[ray, 2] + first * way[ray, 2]
    behind[rays[ray[lowest < blocks.top[row]]]] = True
    return behind


def _may_meet(start: Floats, way: Floats, bounds: Floats) -> Floats:
    """Return the least height that a ray may have over a building's box; inf where it is aside."""
    middle, radius = (
        (bounds[:, :2] + bounds[:, 2:]) / 2,
        np.hypot(*(np.ptp(bounds.reshape(-1, 2, 2), axis=1).T)) / 2,
    )
    away = middle - start[:, :2]
    along = (away * way[:, :2]).sum(axis=1)
    aside = np.abs(away[:, 0] * way[:, 1] - away[:, 1] * way[:, 0])
    height = start[:, 2] + np.maximum(along - radius, 0.0) * way[:, 2]
    return np.where(aside <= radius, height, np.inf)


def _slants(direction: Floats) -> bool:
    return bool(np.hypot(direction[0], direction[1]) > 1e-6)


def _crossings(
    trace: shapely.Geometry,
    outlines: NDArray[np.object_],
    start: Floats,
    direction: Floats,
    span: tuple[float, float],
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return outline, start and end along the ray of each piece of it over an outline.

    A ray over a yard, or over a building of several parts, has several pieces.
    """
    if not _slants(direction):
        every = np.arange(len(outlines))
        return every, np.full(len(every), span[0]), np.full(len(every), span[1])
    pieces, owner = shapely.get_parts(shapely.intersection(trace, outlines), return_index=True)
    xy, piece = shapely.get_coordinates(pieces, return_index=True)
    level = direction[:2] / (direction[:2] @ direction[:2])
    along = (xy - start[:2]) @ level
    enter, leave = np.full(len(pieces), np.inf), np.full(len(pieces), -np.inf)
    np.minimum.at(enter, piece, along)
    np.maximum.at(leave, piece, along)
    return owner, enter, leave


def _nearest(
    rows: NDArray[np.int64], enter: Floats, leave: Floats, z: float, fall: float, blocks: Blocks
) -> tuple[int, float] | None:
    """Return the nearest of prisms that the ray is over or in from `enter` to `leave`."""
    top, base = blocks.top[rows], blocks.base[rows]
    with np.errstate(divide="ignore", invalid="ignore"):
        to_top = np.where(fall < 0.0, (top - z) / fall, np.where(z <= top, -np.inf, np.inf))
        to_base = np.where(fall < 0.0, (base - z) / fall, np.inf)
    hit = np.maximum(enter, to_top)
    hit[(hit > leave) | (enter > to_base)] = np.inf
    best = int(np.argmin(hit))
    return (int(rows[best]), float(hit[best])) if np.isfinite(hit[best]) else None
