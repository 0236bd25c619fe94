"""Polygons as flat arrays of rings, and their triangles by ear clipping."""

from __future__ import annotations

from dataclasses import dataclass

import mapbox_earcut
import numpy as np
import shapely
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rings:
    """All rings of many polygons; outer rings counter-clockwise, holes clockwise, not closed.

    Parameters
    ----------
    xy
        Float64, shape (n, 2): corners of all rings, one after another.
    ring
        Shape (n,): number of each corner's ring.
    first, count
        Shape (rings,): first corner and number of corners of each ring.
    part
        Shape (rings,): number of each ring's polygon; its outer ring comes first.
    owner
        Shape (parts,): row of the feature that each polygon is a part of.
    """

    xy: NDArray[np.float64]
    ring: Ints
    first: Ints
    count: Ints
    part: Ints
    owner: Ints

    @property
    def following(self) -> Ints:
        """The next corner of each corner along its ring, shape (n,)."""
        after = np.arange(len(self.xy)) + 1
        last = self.first + self.count - 1
        after[last] = self.first
        return after

    @property
    def corner_owner(self) -> Ints:
        """The feature's row of each corner, shape (n,)."""
        return np.asarray(self.owner[self.part[self.ring]])


def rings_of(geometry: NDArray[np.object_]) -> Rings:
    """Return the rings of an array of (multi)polygons; whatever has no area is left out."""
    kinds = shapely.get_type_id(geometry)
    rows = np.flatnonzero((kinds == 3) | (kinds == 6))
    parts, from_row = shapely.get_parts(geometry[rows], return_index=True)
    solid = shapely.area(parts) > 0.0
    parts, owner = shapely.orient_polygons(parts[solid]), rows[from_row[solid]]
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    closing = np.append(ring[1:] != ring[:-1], True)[: len(ring)]
    xy, ring = xy[~closing], ring[~closing]
    count = np.bincount(ring, minlength=len(rings)).astype(np.int64)
    first = np.cumsum(count) - count
    return Rings(xy, ring, first, count, part, owner)


def triangulate(rings: Rings) -> NDArray[np.int32]:
    """Return triangles of corner numbers, shape (m, 3), counter-clockwise from above.

    Four-cornered convex outlines, which most buildings are, are split all at once; the others are
    clipped one polygon at a time.
    """
    ring_count = np.bincount(rings.part, minlength=len(rings.owner))
    outer = np.flatnonzero(np.append(True, rings.part[1:] != rings.part[:-1])[: len(rings.part)])
    quads = _convex_quads(rings, outer[(ring_count == 1) & (rings.count[outer] == 4)])
    simple = np.zeros(len(rings.owner), bool)
    simple[rings.part[quads]] = True
    corner = rings.first[quads]
    halves = [
        np.stack([corner, corner + 1, corner + 2], axis=1),
        np.stack([corner, corner + 2, corner + 3], axis=1),
    ]
    ends = rings.first + rings.count
    clipped = [_clip(rings, ends, ring, ring_count[rings.part[ring]]) for ring in outer[~simple]]
    return np.concatenate([*halves, *clipped]).astype(np.int32)


def _convex_quads(rings: Rings, candidates: Ints) -> Ints:
    """Return those rings of four corners that turn left at each."""
    corners = rings.xy[rings.first[candidates][:, None] + np.arange(4)]
    edge = np.roll(corners, -1, axis=1) - corners
    after = np.roll(edge, -1, axis=1)
    turn = edge[..., 0] * after[..., 1] - edge[..., 1] * after[..., 0]
    return np.asarray(candidates[(turn > 0.0).all(axis=1)])


def _clip(rings: Rings, ends: Ints, ring: int, count: int) -> NDArray[np.int64]:
    first, last = rings.first[ring], ends[ring + count - 1]
    ring_ends = (ends[ring : ring + count] - first).astype(np.uint32)
    corners = mapbox_earcut.triangulate_float64(rings.xy[first:last], ring_ends)
    triangles = corners.reshape(-1, 3).astype(np.int64) + first
    return _counter_clockwise(rings.xy, triangles)


def _counter_clockwise(xy: NDArray[np.float64], triangles: NDArray[np.int64]) -> NDArray[np.int64]:
    a, b, c = xy[triangles[:, 0]], xy[triangles[:, 1]], xy[triangles[:, 2]]
    clockwise = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) < (b[:, 1] - a[:, 1]) * (
        c[:, 0] - a[:, 0]
    )
    return np.where(clockwise[:, None], triangles[:, ::-1], triangles)
