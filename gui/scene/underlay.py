"""The picture under the plan, draped over the ground: arrays only, no OpenGL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from numpy.typing import NDArray

from gui.scene.mesh import Mesh
from gui.scene.style import UNDERLAY_FADE, Theme, palette, rgb
from gui.scene.surface import Surface

if TYPE_CHECKING:
    from layers.rasters.underlay import Underlay

Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Draped:
    """A picture on the ground.

    Parameters
    ----------
    mesh
        The part of the ground that it covers.
    places
        Where each point of the mesh lies on the picture, float32 (points, 2), from 0 to 1.
    lit, unlit
        The picture by theme, uint8 (rows, columns, 3), bottom row first, with and without the
        light that lies on the ground.
    """

    mesh: Mesh
    places: NDArray[np.float32]
    lit: Mapping[Theme, NDArray[np.uint8]]
    unlit: Mapping[Theme, NDArray[np.uint8]]


def drape(underlay: Underlay, surface: Surface, light: NDArray[np.uint8]) -> Draped:
    """Return a picture draped over the ground, under the picture of the light on it."""
    mesh, places = draped(underlay, surface)
    themes: tuple[Theme, ...] = get_args(Theme)
    unlit = {theme: faded(underlay.pixels, palette(theme).ground) for theme in themes}
    lit = {
        theme: shaded(picture, underlay.bounds, light, surface.bounds)
        for theme, picture in unlit.items()
    }
    return Draped(mesh, places, lit, unlit)


def draped(underlay: Underlay, surface: Surface) -> tuple[Mesh, NDArray[np.float32]]:
    """Return the ground under a picture, and where each of its points lies on it.

    The ground's own lines are kept, so that picture and ground have the same shape.
    """
    west, south, east, north = _shared(underlay.bounds, surface.bounds)
    if west >= east or south >= north:
        none = np.empty((0, 2), np.float32)
        return Mesh(np.empty((0, 3), np.float32), np.empty((0, 3), np.int32)), none
    rows, columns = surface.heights.shape
    x = _lines(surface.west + surface.step_x * np.arange(columns), west, east)
    y = _lines(surface.south + surface.step_y * np.arange(rows), south, north)
    grid_x, grid_y = (grid.ravel() for grid in np.meshgrid(x, y))
    points = surface.local(grid_x, grid_y)
    corner = (np.arange(len(y) - 1)[:, None] * len(x) + np.arange(len(x) - 1)).ravel()
    lower = np.stack([corner, corner + 1, corner + len(x) + 1], axis=1)
    upper = np.stack([corner, corner + len(x) + 1, corner + len(x)], axis=1)
    mesh = Mesh(points, np.concatenate([lower, upper]).astype(np.int32))
    return mesh, _share(grid_x, grid_y, underlay.bounds)


def _shared(one: Box, other: Box) -> Box:
    west, south = max(one[0], other[0]), max(one[1], other[1])
    return west, south, min(one[2], other[2]), min(one[3], other[3])


def _lines(lines: NDArray[Any], low: float, high: float) -> NDArray[np.float64]:
    inside = lines[(lines > low) & (lines < high)]
    return np.asarray(np.unique(np.concatenate([[low, high], inside])), np.float64)


def _share(x: NDArray[np.float64], y: NDArray[np.float64], box: Box) -> NDArray[np.float32]:
    west, south, east, north = box
    return np.stack([(x - west) / (east - west), (y - south) / (north - south)], -1).astype(
        np.float32
    )


def faded(pixels: NDArray[np.uint8], ground: str) -> NDArray[np.uint8]:
    """Return the picture bottom row first, paler and greyer; the ground where it is clear."""
    paper = np.round(np.array(rgb(ground)) * 255)
    colour = pixels[::-1, :, :3].astype(np.float32)
    grey = colour @ np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
    muted = colour + (grey[:, :, None] - colour) * UNDERLAY_FADE
    mixed = muted + (paper.astype(np.float32) - muted) * UNDERLAY_FADE
    seen = pixels[::-1, :, 3:] > 0
    return np.asarray(np.where(seen, mixed, paper), np.uint8)


def shaded(
    picture: NDArray[np.uint8], box: Box, light: NDArray[np.uint8], around: Box
) -> NDArray[np.uint8]:
    """Return a picture under the light of the ground; both bottom row first, each over its box."""
    rows = _nearest(picture.shape[0], (box[1], box[3]), light.shape[0], (around[1], around[3]))
    columns = _nearest(picture.shape[1], (box[0], box[2]), light.shape[1], (around[0], around[2]))
    level = light[np.ix_(rows, columns)].astype(np.uint16)
    return np.asarray(picture * level[:, :, None] // 255, np.uint8)


def _nearest(
    count: int, span: tuple[float, float], cells: int, over: tuple[float, float]
) -> NDArray[np.intp]:
    """Return the cell over one span in which the middle of each pixel over another lies."""
    middle = span[0] + (np.arange(count) + 0.5) / count * (span[1] - span[0])
    share = (middle - over[0]) / (over[1] - over[0])
    return np.clip((share * cells).astype(np.intp), 0, cells - 1)
