"""Where the whole study area is seen: in all of the picture, or in what cards leave free of it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from gui.scene.camera import Camera, Size, fit

Floats = NDArray[np.float64]
Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels."""

_LEAST_PX = 160.0
"""A free box that is narrower or lower shows nothing."""
_APART_PX = 8.0


def fit_free(camera: Camera, outline: Floats, size: Size, covered: Sequence[Box]) -> Camera:
    """Return the camera, same directions, that shows an outline (n, 3) clear of what is `covered`.

    All of the picture serves where the outline keeps clear of it anyway; else the free box does in
    which it is largest; all of the picture again, where there is none.
    """
    low, high = outline.min(axis=0), outline.max(axis=0)
    bounds = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    z = float(outline[:, 2].mean())
    whole = fit(camera, bounds, z, size)
    if not covered or _is_clear(outline, whole, size, covered):
        return whole
    boxes = free_boxes(size, covered)
    fits = [fit(camera, bounds, z, size, box) for box in boxes]
    return min(fits, key=lambda one: one.distance, default=whole)


def free_boxes(size: Size, covered: Sequence[Box]) -> list[Box]:
    """Return the largest boxes of a picture that touch nothing covered, none within another."""
    boxes = np.array(covered, np.float64).reshape(-1, 4)
    width, height = size
    sides = (
        [0.0, *(boxes[:, 2] + _APART_PX)],
        [0.0, *(boxes[:, 3] + _APART_PX)],
        [float(width), *(boxes[:, 0] - _APART_PX)],
        [float(height), *(boxes[:, 1] - _APART_PX)],
    )
    corners = np.array(list(itertools.product(*(sorted(set(side)) for side in sides))))
    left, top, right, bottom = corners.T
    large = (right - left >= _LEAST_PX) & (bottom - top >= _LEAST_PX)
    inside = (corners.min(axis=1) >= 0.0) & (right <= width) & (bottom <= height)
    corners = corners[large & inside]
    meets = (corners[:, None, :2] < boxes[None, :, 2:]) & (
        corners[:, None, 2:] > boxes[None, :, :2]
    )
    corners = corners[~meets.all(axis=2).any(axis=1)]
    within = (corners[:, None, :2] >= corners[None, :, :2]).all(axis=2)
    within &= (corners[:, None, 2:] <= corners[None, :, 2:]).all(axis=2)
    np.fill_diagonal(within, val=False)
    return [tuple(box) for box in corners[~within.any(axis=1)].tolist()]


def _is_clear(outline: Floats, camera: Camera, size: Size, covered: Sequence[Box]) -> bool:
    pixels, _depth = camera.project(outline, size)
    shape = shapely.make_valid(shapely.polygons(pixels))
    left, top, right, bottom = np.array(covered).T
    cards = shapely.box(left - _APART_PX, top - _APART_PX, right + _APART_PX, bottom + _APART_PX)
    return not bool(shapely.intersects(shape, cards).any())
