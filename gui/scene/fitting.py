"""Where the whole study area is seen: in all of the picture, or in what cards leave free of it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from gui.scene.camera import Camera, Size, fit, pan, zoom

Floats = NDArray[np.float64]
Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels."""

_LEAST_PX = 160.0
"""A free box that is narrower or lower shows nothing."""
_APART_PX = 8.0
_PLACES = 25
_GROWN = tuple(np.linspace(2.5, 1.05, 30).tolist())
_TRIED = 4
"""Places each way and sizes, the largest first, that are looked at; and how many of a size."""


def fit_free(camera: Camera, outline: Floats, size: Size, covered: Sequence[Box]) -> Camera:
    """Return the camera, same directions, that shows an outline (n, 3) clear of what is `covered`.

    All of the picture serves where the outline keeps clear of it anyway; else the free box does in
    which it is largest, and from there as near as the outline itself keeps clear, for cards stand
    in corners that it may not reach; all of the picture again, where there is no free box.
    """
    low, high = outline.min(axis=0), outline.max(axis=0)
    bounds = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    z = float(outline[:, 2].mean())
    whole = fit(camera, bounds, z, size)
    if not covered or _is_clear(outline, whole, size, covered):
        return whole
    boxes = free_boxes(size, covered)
    fits = [fit(camera, bounds, z, size, box) for box in boxes]
    if not fits:
        return whole
    return _nearer(min(fits, key=lambda one: one.distance), outline, size, covered)


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


def _nearer(camera: Camera, outline: Floats, size: Size, covered: Sequence[Box]) -> Camera:
    """Return the camera come as near, and gone as far aside, as the outline stays whole and clear.

    Shapes grown and moved on the screen say where to look; what a camera there really shows
    decides, for near things grow more than far ones.
    """
    pivot = (outline.min(axis=0) + outline.max(axis=0)) / 2
    shape = camera.project(outline, size)[0] - camera.project(pivot[None], size)[0]
    columns, rows = (np.linspace(0.2, 0.8, _PLACES) * side for side in size)
    places = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
    places = places[np.argsort(np.hypot(*(places - np.array(size) / 2).T))]
    cards = _cards(covered)
    for grown in _GROWN:
        low, high = places + grown * shape.min(axis=0), places + grown * shape.max(axis=0)
        inside = (low >= _APART_PX).all(axis=1) & (high <= np.array(size) - _APART_PX).all(axis=1)
        drawn = shapely.polygons(places[inside][:, None] + grown * shape[None])
        meets = shapely.intersects(shapely.make_valid(drawn)[:, None], cards[None]).any(axis=1)
        for place in places[inside][~meets][:_TRIED]:
            near = zoom(camera, pivot, 1.0 / grown)
            found = pan(near, pivot, float(place[0]), float(place[1]), size)
            if _is_clear(outline, found, size, covered) and _is_inside(outline, found, size):
                return found
    return camera


def _is_inside(outline: Floats, camera: Camera, size: Size) -> bool:
    pixels, depth = camera.project(outline, size)
    within = (pixels >= _APART_PX) & (pixels <= np.array(size) - _APART_PX)
    return bool(within.all() and (depth > 0.0).all())


def _is_clear(outline: Floats, camera: Camera, size: Size, covered: Sequence[Box]) -> bool:
    pixels, _depth = camera.project(outline, size)
    shape = shapely.make_valid(shapely.polygons(pixels))
    return not bool(shapely.intersects(shape, _cards(covered)).any())


def _cards(covered: Sequence[Box]) -> NDArray[np.object_]:
    left, top, right, bottom = np.array(covered).T
    return np.asarray(
        shapely.box(left - _APART_PX, top - _APART_PX, right + _APART_PX, bottom + _APART_PX)
    )
