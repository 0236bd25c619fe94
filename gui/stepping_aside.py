"""Where the names of areas stand, which lie over everything: beside the glyphs, not on them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from gui.scene.pins import pixel_sizes, sizes_px
from gui.scene.sameness import same
from gui.scene.scene import Scene

Floats = NDArray[np.float64]

_ACROSS, _ALONG = np.arange(-72.0, 73.0, 12.0), np.arange(-54.0, 55.0, 9.0)
_STEPS = np.array([(x, y) for x in _ACROSS for y in _ALONG])
_STEPS = _STEPS[np.argsort(np.hypot(*_STEPS.T), kind="stable")]
"""So a name may step in pixels, the nearest first: not so far that it names another place."""
_FARTHEST_PX = 100.0
_BODY = 0.8
"""A glyph's shape is so much of the square that it is drawn in."""
_BLANK_PX = 5.0
"""Above and below its letters a name's picture is empty."""
_ASKED_FOR = 20.0
"""One glyph that a question is about counts as many of the others."""
_BARRED = 1e6


class SteppingAside:
    """Knows how far each name stepped aside when the view rested last; that holds in motion."""

    def __init__(self) -> None:
        self._rests_on: tuple[object, ...] = ()
        self._steps: dict[str, QPointF] = {}
        self._glyphs = np.empty((0, 4))
        self._at_rest = False

    def look(self, scene: Scene, covered: Sequence[QRectF], at_rest: bool) -> None:
        """Find all steps anew if the view rests, and it, glyphs or cards are others than before."""
        self._at_rest = at_rest
        if not at_rest:
            return
        pins = scene.pins_drawn
        own = pins.ids >= 0  # nothing makes way for what is in the hand
        cards = tuple(box.getRect() for box in covered)
        now = (scene.camera, scene.size, pins.ids[own].tobytes(), pins.asked.any(), cards)
        if not same(now, self._rests_on):
            self._rests_on, self._steps, self._glyphs = now, {}, _glyphs(scene)

    def moved(self, name: str, box: QRectF, barred: Sequence[QRectF], scene: Scene) -> QRectF:
        """Return a name's box, moved to where it hides least; the nearest such place."""
        if name not in self._steps and self._at_rest:
            self._steps[name] = _step(box, self._glyphs, barred, scene.size)
        return box.translated(self._steps.get(name, QPointF()))


def _glyphs(scene: Scene) -> Floats:
    """Return x, y, half the size and weight (n, 4) of the glyphs in the picture but dots."""
    pins, (pixels, visible) = scene.pins_drawn, scene.heads_seen()
    _pixels, depth = scene.camera.project(pins.head, scene.size)
    spans = pixel_sizes(scene.camera, scene.size, depth)
    sizes = sizes_px(pins, np.zeros(len(pins), bool), depth, spans, scene.glyph_scale)
    shown = visible & (pins.asked >= 0) & (pins.ids >= 0)
    weight = np.where(pins.asked > 0, _ASKED_FOR, 1.0)
    return np.column_stack([pixels, sizes * _BODY / 2, weight])[shown]


def _step(box: QRectF, glyphs: Floats, barred: Sequence[QRectF], size: tuple[int, int]) -> QPointF:
    """Return the nearest of `_STEPS` by which a box hides least and meets nothing `barred`."""
    here, whole = _middle(box), np.array([box.width() / 2, box.height() / 2])
    near = (np.abs(glyphs[:, :2] - here) < whole + _FARTHEST_PX).all(axis=1)
    middle, glyphs = here + _STEPS, glyphs[near]
    away = np.abs(middle[:, None] - glyphs[None, :, :2]) - glyphs[None, :, 2:3]
    hidden = (away < whole - (0.0, _BLANK_PX)).all(axis=2) @ glyphs[:, 3]
    outside = ((middle < whole) | (middle > np.array(size) - whole)).any(axis=1)
    for other in barred:
        room = whole + np.array([other.width() / 2, other.height() / 2])
        outside |= (np.abs(middle - _middle(other)) < room).all(axis=1)
    best = int(np.argmin(hidden + _BARRED * outside))
    return QPointF() if outside[best] else QPointF(*_STEPS[best].tolist())


def _middle(box: QRectF) -> Floats:
    return np.array([box.center().x(), box.center().y()])
