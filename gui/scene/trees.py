"""Trees: one low crown of ten triangles each, merged by tile."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from gui.scene.mesh import Mesh
from gui.scene.plan import places
from gui.scene.surface import Surface

if TYPE_CHECKING:
    from twin.tables import Table

TILE_M = 400.0
_SIDES = 5
_HEIGHT_M = 7.0
"""Height where the data gives none."""
_WIDTH = 0.30
"""Radius of a crown as a part of the tree's height."""


def make_trees(trees: Table, surface: Surface) -> tuple[Mesh, ...]:
    """Return the crowns, one mesh a tile."""
    xy = places(trees)
    known = np.isfinite(xy).all(axis=1)
    xy, height = xy[known], trees["height_m"][known]
    height = np.where(np.isfinite(height) & (height > 0.0), height, _HEIGHT_M)
    if not len(xy):
        return ()
    tile = np.floor((xy - xy.min(axis=0)) / TILE_M).astype(np.int64)
    number = np.unique(tile[:, 1] * 100_000 + tile[:, 0], return_inverse=True)[1]
    order = np.argsort(number, kind="stable")
    starts = np.searchsorted(number[order], np.arange(number.max() + 2))
    return tuple(_crowns(xy[order[a:b]], height[order[a:b]], surface) for a, b in pairwise(starts))


def _crowns(xy: np.ndarray, height: np.ndarray, surface: Surface) -> Mesh:
    """Return a faceted crown for each tree: a foot, a ring turned by its own angle, a top."""
    n = len(xy)
    turn = (xy[:, 0] * 12.9898 + xy[:, 1] * 78.233) % (2 * np.pi)  # fixed by place, looks random
    angle = turn[:, None] + 2 * np.pi * np.arange(_SIDES) / _SIDES
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=2) * (_WIDTH * height)[:, None, None]
    ground = surface.local(xy[:, 0], xy[:, 1])
    points = np.repeat(ground[:, None], _SIDES + 2, axis=1)
    points[:, 0, 2] += 0.15 * height
    points[:, 1:-1, :2] += ring
    points[:, 1:-1, 2] += 0.5 * height[:, None]
    points[:, -1, 2] += height
    i = np.arange(_SIDES)
    after = (i + 1) % _SIDES
    below = np.stack([np.zeros_like(i), after + 1, i + 1], axis=1)
    above = np.stack([i + 1, after + 1, np.full_like(i, _SIDES + 1)], axis=1)
    pattern = np.concatenate([below, above])
    faces = ((_SIDES + 2) * np.arange(n)[:, None, None] + pattern).reshape(-1, 3)
    shade = np.tile(np.array([150, *(205 + 22 * (i % 2)), 255], np.uint8), n)
    return Mesh(points.reshape(-1, 3).astype(np.float32), faces.astype(np.int32), shade)
