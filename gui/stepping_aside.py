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

_ACROSS, _ALONG = np.arange(-72.0, 73.0, 4.0), np.arange(-54.0, 55.0, 3.0)
"""So a name may step in pixels: not so far that it names another place."""
_NEAREST = np.argsort(np.hypot(_ACROSS[:, None], _ALONG), axis=None, kind="stable")
_BODY = 0.8
"""A glyph's shape is so much of the square that it is drawn in."""
_BLANK_PX = 5.0
"""Above and below its letters a name's picture is empty."""
_ASKED_FOR = 1e3
"""One glyph that a question is about counts as many of the others; a name that would hide it even
so is left out."""
_BARRED = 1e6


class SteppingAside:
    """Knows how far each name stepped aside when the view rested last; that holds in motion."""

    def __init__(self) -> None:
        self._rests_on: tuple[object, ...] = ()
        self._steps: dict[str, QPointF | None] = {}
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
        """Return a name's box, moved to the nearest place where it hides least.

        It is null where it would hide what is asked about all the same.
        """
        if name not in self._steps and self._at_rest:
            self._steps[name] = _step(box, self._glyphs, barred, scene.size)
        step = self._steps.get(name, QPointF())
        return QRectF() if step is None else box.translated(step)


def _glyphs(scene: Scene) -> Floats:
    """Return x, y, half the size and weight (n, 4) of the glyphs in the picture but dots."""
    pins, (pixels, visible) = scene.pins_drawn, scene.heads_seen()
    _pixels, depth = scene.camera.project(pins.head, scene.size)
    spans = pixel_sizes(scene.camera, scene.size, depth)
    sizes = sizes_px(pins, np.zeros(len(pins), bool), depth, spans, scene.glyph_scale)
    shown = visible & (pins.asked >= 0) & (pins.ids >= 0)
    weight = np.where(pins.asked > 0, _ASKED_FOR, 1.0)
    return np.column_stack([pixels, sizes * _BODY / 2, weight])[shown]


def _step(
    box: QRectF, glyphs: Floats, barred: Sequence[QRectF], size: tuple[int, int]
) -> QPointF | None:
    """Return the nearest step by which a box hides least and meets nothing `barred`.

    None where a glyph that is asked about is hidden even there; a box that can go nowhere stays.
    """
    half_wide, half_tall = box.width() / 2, box.height() / 2
    x, y = box.center().x() + _ACROSS, box.center().y() + _ALONG
    gx, gy, own, weight = glyphs.T
    beside = np.abs(x[:, None] - gx) < half_wide + own
    level = np.abs(y[:, None] - gy) < half_tall - _BLANK_PX + own
    hidden = (beside * weight) @ level.T  # (across, along)
    wide, tall = size
    outside = ((x < half_wide) | (x > wide - half_wide))[:, None]
    outside = outside | (y < half_tall) | (y > tall - half_tall)
    for other in barred:
        near = np.abs(x - other.center().x()) < half_wide + other.width() / 2
        outside |= near[:, None] & (np.abs(y - other.center().y()) < half_tall + other.height() / 2)
    costs = (hidden + _BARRED * outside).ravel()[_NEAREST]
    best = _NEAREST[int(np.argmin(costs))]
    if outside.flat[best]:
        best = _NEAREST[0]  # where it is
    if hidden.flat[best] >= _ASKED_FOR:
        return None
    across, along = np.unravel_index(best, hidden.shape)
    return QPointF(float(_ACROSS[across]), float(_ALONG[along]))
