"""Shapes that stand for families of services, drawn into one small picture (an atlas).

A shape is a distance function, so its edge is smooth at any size; the legend asks for the same
pictures. The atlas has a column of cells for each (shape, colour): filled over hollow.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from gui.scene.style import Palette, rgb

Floats = NDArray[np.float64]

CELL = 64
"""Pixels along a cell of the atlas."""
_RIM = 0.15
"""Width of the light rim round a glyph, in halves of a cell."""
SHAPES = ("circle", "triangle", "square", "cross", "diamond", "hexagon")


def distance_to(shape: str, x: Floats, y: Floats) -> Floats:
    """Return the signed distance to a shape of radius about 0.62, negative inside; y is up."""
    if shape == "square":
        return np.asarray(np.maximum(abs(x), abs(y)) - 0.54)
    if shape == "diamond":
        return np.asarray((abs(x) + abs(y)) * np.sqrt(0.5) - 0.54)
    if shape == "triangle":
        sides = [np.sin(a) * x + np.cos(a) * (y + 0.08) for a in np.radians([180.0, 60.0, 300.0])]
        return np.asarray(np.max(sides, axis=0) - 0.40)
    if shape == "hexagon":
        sides = [abs(np.sin(a) * x + np.cos(a) * y) for a in np.radians([0.0, 60.0, 120.0])]
        return np.asarray(np.max(sides, axis=0) - 0.57)
    if shape == "cross":
        wide = np.maximum(abs(x) - 0.62, abs(y) - 0.25)
        tall = np.maximum(abs(x) - 0.25, abs(y) - 0.62)
        return np.asarray(np.minimum(wide, tall))
    return np.asarray(np.hypot(x, y) - 0.60)


def _coverage(distance: Floats) -> Floats:
    """Return how much of a pixel lies inside, from 0 to 1."""
    return np.asarray(np.clip(0.5 - distance * CELL / 2, 0.0, 1.0))


@cache
def glyph(shape: str, colour: str, hollow: bool, rim: str, size: int = CELL) -> NDArray[np.uint8]:
    """Return a glyph as RGBA, shape (size, size, 4), top row first, alpha not premultiplied.

    `hollow` glyphs (planned services) are a ring of their colour round the colour of `rim`.
    """
    at = (np.arange(size) + 0.5) / size * 2 - 1
    x, y = np.meshgrid(at, -at)
    distance = distance_to(shape, x, y)
    outer, body = _coverage(distance - _RIM), _coverage(distance)
    heart = _coverage(distance + 0.17) if hollow else np.zeros_like(body)
    ink = (body - heart)[..., None]
    colours = ink * rgb(colour) + (1.0 - ink) * np.array(rgb(rim))
    return np.round(np.dstack([colours, outer]) * 255).astype(np.uint8)


@cache
def atlas(looks: tuple[tuple[str, str], ...], palette: Palette) -> NDArray[np.uint8]:
    """Return the glyphs of (shape, colour) pairs, filled above hollow, and two columns more.

    Shape (2 * CELL, (len(looks) + 2) * CELL, 4), bottom row first as textures have it. The column
    before the last is the disc behind a chosen glyph: held above, hovered below. The last is
    opaque in the colour of the stalks.
    """
    plain = np.empty((CELL, CELL, 4), np.uint8)
    plain[...] = [*(round(255 * c) for c in rgb(palette.muted)), 255]
    rows = [
        np.hstack([*(glyph(s, c, hollow, palette.pin) for s, c in looks), disc(colour), plain])
        for hollow, colour in ((False, palette.accent), (True, palette.hover))
    ]
    return np.ascontiguousarray(np.vstack(rows)[::-1])


def disc(colour: str) -> NDArray[np.uint8]:
    """Return a disc that fills a cell, RGBA."""
    at = (np.arange(CELL) + 0.5) / CELL * 2 - 1
    alpha = _coverage(np.hypot(*np.meshgrid(at, at)) - 0.90)
    colours = np.broadcast_to(rgb(colour), (CELL, CELL, 3))
    return np.round(np.dstack([colours, alpha]) * 255).astype(np.uint8)
