"""Footprints and heights of objects out of their surfaces in space."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.city.model import GROUND, Floats, Rows, Surfaces

_STEEP = 0.995
"""Sine of the slope from which a surface is a wall: about 84 degrees."""

_PLAN, _GROUND, _SHAPE = 0.0, 10.0, 20.0
"""What tells an outline, best first: a plan (LoD 0), ground surfaces, else the whole shape."""


def footprints(surfaces: Surfaces, target: Rows, count: int, degrees: bool) -> NDArray[np.object_]:
    """Return the outline in plan of each target, None where no surface tells one.

    Of each object the best is taken: its plan (LoD 0), else the surfaces that are called ground,
    else all that are no walls, of the lowest level of detail that there is. A target's outline is
    the union of those of its objects.

    Parameters
    ----------
    surfaces
        Sound ones.
    target
        int64 (objects,): the row of the target that each object belongs to, -1 for none.
    count
        Number of targets.
    degrees
        Whether x and y are degrees.
    """
    found = np.full(count, None, dtype=object)
    if not len(surfaces.owner):
        return found
    rank = np.where(surfaces.meaning == GROUND, _GROUND, _SHAPE) + surfaces.lod
    rank = np.where(surfaces.lod < 1, _PLAN, rank)
    rank[(surfaces.steepness(degrees) > _STEEP) | (target[surfaces.owner] < 0)] = np.inf
    best = np.full(len(target), np.inf)
    np.minimum.at(best, surfaces.owner, rank)
    kept = np.isfinite(rank) & (rank == best[surfaces.owner])
    chosen = surfaces.without(~kept)
    shapes = shapely.make_valid(chosen.in_plan())
    parts, row = shapely.get_parts(shapes, return_index=True)
    areal = shapely.get_dimensions(parts) == 2
    rows = target[chosen.owner[row[areal]]]
    order = np.argsort(rows, kind="stable")
    parts, row = shapely.get_parts(parts[areal][order], return_index=True)
    collected = shapely.multipolygons(parts, indices=rows[order][row], out=found)
    filled = np.array([shape is not None for shape in collected], dtype=np.bool_)
    # One union for each row: polygons that overlap or touch become one outline.
    found[filled] = shapely.union_all(collected[filled][:, None], axis=1)
    return found


def extents(surfaces: Surfaces, target: Rows, count: int) -> tuple[Floats, Floats]:
    """Return the lowest and the highest height of each target's body, NaN where it has none.

    Plans (LoD 0) have no body.
    """
    surface = np.repeat(surfaces.ring_surface, surfaces.ring_size)
    row = target[surfaces.owner[surface]]
    z = surfaces.xyz[:, 2]
    body = np.isfinite(z) & (row >= 0) & (surfaces.lod[surface] >= 1)
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, row[body], z[body])
    np.maximum.at(high, row[body], z[body])
    return np.where(np.isfinite(low), low, np.nan), np.where(np.isfinite(high), high, np.nan)


def middles(surfaces: Surfaces, count: int) -> Floats:
    """Return the middle in plan of each object's bounds, (count, 2); NaN without a surface."""
    owner = np.repeat(surfaces.owner[surfaces.ring_surface], surfaces.ring_size)
    low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    np.minimum.at(low, owner, surfaces.xyz[:, :2])
    np.maximum.at(high, owner, surfaces.xyz[:, :2])
    middle = np.full((count, 2), np.nan)
    there = np.isfinite(low).all(axis=1)
    middle[there] = (low[there] + high[there]) / 2
    return middle
