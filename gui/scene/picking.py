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
