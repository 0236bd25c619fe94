"""Trees: one low crown of two dozen triangles each, merged by tile."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from gui.scene.mesh import Mesh
from gui.scene.plan import places
from gui.scene.surface import Surface

if TYPE_CHECKING:
    from twin.model.tables import Table

TILE_M = 400.0
_SIDES = 6
_HEIGHT_M = 7.0
"""Height where the data gives none."""
FOOT = 0.14
"""Where a crown begins, as a part of the tree's height."""
_RINGS = ((0.40, 0.29), (0.76, 0.22))
"""Height and radius of a crown's rings, as parts of the tree's height."""


def make_trees(trees: Table, surface: Surface) -> tuple[Mesh, ...]:
    """Return the crowns, one mesh a tile."""
    xy, height = standing(trees)
    if not len(xy):
        return ()
    tile = np.floor((xy - xy.min(axis=0)) / TILE_M).astype(np.int64)
    number = np.unique(tile[:, 1] * 100_000 + tile[:, 0], return_inverse=True)[1]
    order = np.argsort(number, kind="stable")
    starts = np.searchsorted(number[order], np.arange(number.max() + 2))
    return tuple(_crowns(xy[order[a:b]], height[order[a:b]], surface) for a, b in pairwise(starts))


def standing(trees: Table) -> tuple[np.ndarray, np.ndarray]:
    """Return places (n, 2) and heights (n,) in metres of the trees that have a place."""
    xy = places(trees)
    known = np.isfinite(xy).all(axis=1)
    height = trees["height_m"][known]
    return xy[known], np.where(np.isfinite(height) & (height > 0.0), height, _HEIGHT_M)


def _crowns(xy: np.ndarray, height: np.ndarray, surface: Surface) -> Mesh:
    """Return a crown for each tree: a foot, two rings turned by the tree's own angle, a top."""
    n = len(xy)
    turn = (xy[:, 0] * 12.9898 + xy[:, 1] * 78.233) % (2 * np.pi)  # fixed by place, looks random
    points = np.repeat(surface.local(xy[:, 0], xy[:, 1])[:, None], 2 * _SIDES + 2, axis=1)
    points[:, 0, 2] += FOOT * height
    points[:, -1, 2] += height
    for k, (level, width) in enumerate(_RINGS):
        angle = turn[:, None] + 2 * np.pi * (np.arange(_SIDES) + 0.5 * k) / _SIDES
        ring = np.stack([np.cos(angle), np.sin(angle)], axis=2) * (width * height)[:, None, None]
        corners = slice(1 + k * _SIDES, 1 + (k + 1) * _SIDES)
        points[:, corners, :2] += ring
        points[:, corners, 2] += (level * height)[:, None]
    faces = ((2 * _SIDES + 2) * np.arange(n)[:, None, None] + _pattern()).reshape(-1, 3)
    shade = np.tile(np.array([146, *[196] * _SIDES, *[232] * _SIDES, 255], np.uint8), n)
    return Mesh(points.reshape(-1, 3).astype(np.float32), faces.astype(np.int32), shade)


def _pattern() -> np.ndarray:
    """Return the triangles of one crown, shape (4 * sides, 3)."""
    i = np.arange(_SIDES)
    after = (i + 1) % _SIDES
    low, low_after, high, high_after = i + 1, after + 1, i + 1 + _SIDES, after + 1 + _SIDES
    top = np.full_like(i, 2 * _SIDES + 1)
    return np.concatenate(
        [
            np.stack([np.zeros_like(i), low_after, low], axis=1),
            np.stack([low, low_after, high], axis=1),
            np.stack([low_after, high_after, high], axis=1),
            np.stack([high, high_after, top], axis=1),
        ]
    )
