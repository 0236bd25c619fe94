"""Glyphs of services, drawn into one small picture (an atlas): a family's shape, a type's drawing.

Shapes and drawings are distance functions (:mod:`twin.model.signs`), so edges are smooth at any
size; panels and sheets ask for the same glyphs. A glyph of a planned service is hollow.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gui.scene.style import Palette, rgb
from twin.model.signs import OUTLINES, ROOM, Shape, distance_to_polygon, drawings
from twin.telling.inks import ink_on

Floats = NDArray[np.float64]

CELL = 64
"""Pixels along a cell of the atlas."""
_COLUMNS = 8
_SIZE = 0.73
"""Half a cell for a shape's radius of 1."""
_RIM = 0.11
"""Width of the light rim round a glyph, in halves of a cell."""
_RING, _RING_WITHIN = 0.17, 0.11
"""Width of the ring of a hollow glyph; thinner where a drawing stands within it."""
_DOT_OPACITY = 0.55
_WITHIN = 0.88
"""How much smaller a drawing is there."""


class Look(NamedTuple):
    """How a service is drawn; no drawing where that is ""."""

    shape: Shape
    colour: str
    drawing: str = ""


@lru_cache(maxsize=4)
def _pixels(size: int) -> tuple[Floats, Floats]:
    """Return the middles of a cell's pixels, from -1 to 1, y up."""
    at = (np.arange(size) + 0.5) / size * 2 - 1
    x, y = np.meshgrid(at, -at)
    return x, y


@lru_cache(maxsize=16)
def _distance(shape: Shape, size: int) -> Floats:
    """Return the signed distance of a cell's pixels to a shape, negative inside."""
    return distance_to_polygon(OUTLINES[shape] * _SIZE, *_pixels(size))


def _coverage(distance: Floats, size: int) -> Floats:
    """Return how much of a pixel lies inside, from 0 to 1."""
    return np.asarray(np.clip(0.5 - distance * size / 2, 0.0, 1.0))


@cache
def glyph(look: Look, hollow: bool, rim: str, size: int = CELL) -> NDArray[np.uint8]:
    """Return a glyph as RGBA, shape (size, size, 4), top row first, alpha not premultiplied.

    `hollow` glyphs (planned services) are a ring of their colour round the colour of `rim`.
    """
    distance = _distance(look.shape, size)
    outer, body = _coverage(distance - _RIM, size), _coverage(distance, size)
    ring = _RING_WITHIN if look.drawing else _RING
    body = body - _coverage(distance + ring, size) if hollow else body
    colours = _over(np.broadcast_to(rgb(rim), (size, size, 3)), look.colour, body)
    if look.drawing:
        drawn = _drawn(look.shape, look.drawing, _WITHIN if hollow else 1.0, size)
        ink = _between(look.colour, ink_on(rim)) if hollow else ink_on(look.colour)
        colours = _over(colours, ink, drawn)
    return np.round(np.dstack([colours, outer]) * 255).astype(np.uint8)


def _between(colour: str, ink: str) -> str:
    """Return a colour that reads on a hollow glyph's heart and still is the family's."""
    parts = (round(127.5 * (a + b)) for a, b in zip(rgb(colour), rgb(ink), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _over(ground: Floats, colour: str, part: Floats) -> Floats:
    return np.asarray(ground + part[..., None] * (np.array(rgb(colour)) - ground))


@lru_cache(maxsize=128)
def _drawn(shape: Shape, drawing: str, part: float, size: int) -> Floats:
    """Return how much of each pixel of a cell a drawing covers in `part` of a shape's room."""
    middle, half = ROOM[shape]
    half *= part
    x, y = _pixels(size)
    x, y = x / (half * _SIZE), (y - middle * _SIZE) / (half * _SIZE)
    covered = np.zeros(x.shape)
    for stroke in drawings()[drawing]:
        laid = _coverage(stroke.distance(x, y) * half * _SIZE, size)
        covered = np.minimum(covered, 1.0 - laid) if stroke.cut else np.maximum(covered, laid)
    return covered


def cells(count: int) -> tuple[int, int]:
    """Return rows and columns of the atlas of so many looks."""
    return -(-(2 * count + 4) // _COLUMNS), _COLUMNS


@cache
def atlas(looks: tuple[Look, ...], palette: Palette) -> NDArray[np.uint8]:
    """Return the glyphs of looks in cells: filled, then hollow, and four more.

    Shape (rows * CELL, columns * CELL, 4), bottom row first as textures have it; cells count from
    the upper left, row by row. The last are the disc behind a chosen glyph, held and hovered, one
    that is opaque in the colour of the stalks, and the dot of what is not asked for.
    """
    plain = np.empty((CELL, CELL, 4), np.uint8)
    plain[...] = [*(round(255 * c) for c in rgb(palette.muted)), 255]
    drawn = [glyph(look, hollow, palette.pin) for hollow in (False, True) for look in looks]
    dot = disc(palette.muted)
    dot[..., 3] = np.round(dot[..., 3] * _DOT_OPACITY)
    drawn += [disc(palette.accent), disc(palette.hover), plain, dot]
    rows, columns = cells(len(looks))
    whole = np.zeros((rows, columns, CELL, CELL, 4), np.uint8)
    whole.reshape(-1, CELL, CELL, 4)[: len(drawn)] = drawn
    picture = whole.swapaxes(1, 2).reshape(rows * CELL, columns * CELL, 4)
    return np.ascontiguousarray(picture[::-1])


def disc(colour: str) -> NDArray[np.uint8]:
    """Return a disc that fills a cell, RGBA."""
    at = (np.arange(CELL) + 0.5) / CELL * 2 - 1
    alpha = _coverage(np.hypot(*np.meshgrid(at, at)) - 0.94, CELL)
    colours = np.broadcast_to(rgb(colour), (CELL, CELL, 3))
    return np.round(np.dstack([colours, alpha]) * 255).astype(np.uint8)
