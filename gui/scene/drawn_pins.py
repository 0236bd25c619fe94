"""Pins of services in the renderer: a handful of triangles that face the viewer at each frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkRenderer

from gui.scene.actors import MeshActor, Texture
from gui.scene.camera import Camera, Size
from gui.scene.glyphs import atlas, cells
from gui.scene.mesh import Mesh, quads
from gui.scene.pins import DRAWN_PX, Pins, looks, pixel_sizes, plain_looks, sizes_px
from gui.scene.style import Palette

_STALK_PX, _DOT_STALK_PX = 1.6, 0.7
_IN_FRONT_PX = 24.0
"""How far the chosen glyph stands before its place, in pixels: farther than neighbours overlap."""
_ASKED_M = 150.0
"""The same, in metres, of those that a question is about: farther than a tower is high."""
_INSET = 0.004
"""How far within its cell a glyph's picture begins, in cells."""
_CORNERS = np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)])


class DrawnPins:
    """All services that are drawn, and the one in the hand."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._atlas = Texture(smooth=True, mipmap=True)
        self._actor = MeshActor(renderer, cull=False).bind(atlas=self._atlas)
        self._looks, self._plain = looks(), plain_looks()
        self._palette: Palette | None = None

    def show(self, palette: Palette) -> None:
        """Take a theme's colours, and the looks of the catalogues in use."""
        if palette is not self._palette or looks() is not self._looks:
            self._palette, self._looks, self._plain = palette, looks(), plain_looks()
            self._atlas.set_pixels(atlas(self._looks, palette))

    def face(
        self,
        pins: Pins,
        rings: NDArray[np.int64],
        camera: Camera,
        size: Size,
        origin: tuple[float, float, float],
        scale: float = 1.0,
    ) -> None:
        """Turn glyphs and stalks to the viewer, `scale` times as large as on a desk.

        `rings` is 0 for plain pins, 1 for the hovered and 2 for the one that is selected or held.
        """
        if not len(pins):
            self._actor.set_mesh(None)
            self._actor.set_visible(False)
            return
        right, up, forward = camera.basis
        _pixels, depth = camera.project(pins.head, size)
        pixel = pixel_sizes(camera, size, depth)
        wide = sizes_px(pins, rings > 0, depth, pixel, scale)
        look = np.where(wide < DRAWN_PX, self._plain[pins.look], pins.look)
        half = wide * pixel / 2
        far_first = np.argsort(-depth, kind="stable")
        shown = far_first[depth[far_first] > 1.0]
        count = len(self._looks)
        dots = (pins.asked < 0) & (rings == 0)
        thick = np.where(dots, _DOT_STALK_PX, _STALK_PX) * scale
        stalk = _quads(
            np.stack([pins.foot[shown], pins.head[shown]], axis=1),
            right * (thick / 2 * pixel)[shown, None],
        )
        ringed = shown[rings[shown] > 0]
        behind = forward * 0.05
        nearer = np.where(rings > 0, _IN_FRONT_PX * scale * pixel, 0.0)
        nearer += np.where(pins.asked > 0, _ASKED_M, 0.0)
        head, half = _before_others(pins.head, half, nearer, camera)
        ring = _billboards(head[ringed] + behind, half[ringed] * 1.32, right, up)
        body = _billboards(head[shown], half[shown], right, up)
        cell = np.where(dots, 2 * count + 3, look + np.where(pins.hollow, count, 0))
        places = [
            np.repeat(_cells(np.array([2 * count + 2]), count).mean(axis=0)[None], len(stalk), 0),
            _cells(2 * count + (rings[ringed] == 1), count),
            _cells(cell[shown], count),
        ]
        points = np.concatenate([stalk, ring, body]) - origin
        mesh = Mesh(points.astype(np.float32), quads(len(points) // 4))
        self._actor.set_mesh(mesh, atlas=np.concatenate(places).astype(np.float32))
        self._actor.set_visible(True)


def _before_others(
    head: NDArray[np.float64],
    half: NDArray[np.float64],
    metres: NDArray[np.float64],
    camera: Camera,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return heads and half sizes, each so many metres nearer to the eye: what is there hides less.

    They stay where they are in the picture, and as large.
    """
    if not metres.any():
        return head, half
    if camera.flat:
        return head - metres[:, None] * camera.basis[2], half
    way = camera.eye - head
    part = metres / np.maximum(np.linalg.norm(way, axis=1), 1e-6)
    part = part / (1.0 + 2.0 * part)  # never more than half of the way, and in the same order
    return head + part[:, None] * way, half * (1.0 - part)


def _billboards(
    middle: NDArray[np.float64],
    half: NDArray[np.float64],
    right: NDArray[np.float64],
    up: NDArray[np.float64],
) -> NDArray[np.float64]:
    offsets = _CORNERS[:, :1] * right + _CORNERS[:, 1:] * up
    return np.asarray((middle[:, None] + half[:, None, None] * offsets).reshape(-1, 3))


def _quads(ends: NDArray[np.float64], side: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = ends[:, 0], ends[:, 1]
    return np.stack([low - side, low + side, high + side, high - side], axis=1).reshape(-1, 3)


def _cells(cell: NDArray[np.int64], looks: int) -> NDArray[np.float64]:
    """Return the corners' places (4 n, 2) of cells in the atlas of so many looks."""
    rows, columns = cells(looks)
    row, column = np.divmod(cell, columns)
    low, high = _INSET, 1.0 - _INSET
    u = (column[:, None] + np.array([low, high, high, low])) / columns
    v = 1.0 - (row[:, None] + np.array([high, high, low, low])) / rows
    return np.stack([u.ravel(), v.ravel()], axis=1)
