"""What Qt draws over the picture but names: counts on glyphs, what is hovered, a scale bar."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap, QPolygonF

from gui.hiding import Hiding
from gui.labelling import RING_PX, glyph_boxes, rasterised
from gui.scene.pins import looks
from gui.scene.scene import Scene
from gui.scene.style import Palette
from twin.language import text
from twin.telling.inks import luminance

BAR_PX, _BAR_PART = 120.0, 0.4
"""The bar of the scale is no longer than this, nor, with room for its words, than that part of a
picture."""
_COUNT_PX = 10
_DARK_INK = "#111111"
"""White is hard to read on the glyphs of bright colours."""


class CountPainter:
    """Writes on a glyph how many services it stands for."""

    def __init__(self) -> None:
        self._pictures: dict[tuple[int, str], QPixmap] = {}
        self._key: tuple[object, ...] = ()
        self._hiding = Hiding()

    def paint(
        self,
        painter: QPainter,
        scene: Scene,
        palette: Palette,
        font: QFont,
        ratio: float,
        *,
        at_rest: bool = True,
    ) -> None:
        """Write the counts of the glyphs in the picture that stand for several.

        Outside the study boundary glyphs are too small for a figure, and no more than surroundings;
        those of several families are as small everywhere.
        What a building hides is found `at_rest`.
        """
        key = palette, font.toString(), ratio, scene.glyph_scale
        if key != self._key:
            self._pictures.clear()
            self._key = key
        pins, (pixels, visible) = scene.pins_drawn, scene.heads_seen()
        some = visible & (pins.count > 1) & pins.inside & (pins.asked >= 0)
        shown = np.flatnonzero(some & (pins.look < len(looks()) - 1))
        if at_rest and self._hiding.is_old(scene, pins):
            low = shown[pins.asked[shown] == 0]  # what is asked for stands before all
            self._hiding.look(scene, pins.ids[low].tolist(), pins.head[low])
        chosen = glyph_boxes(scene)
        own = pins.ids[shown], pins.count[shown], pins.look[shown]
        rows = zip(pixels[shown].tolist(), *(values.tolist() for values in own), strict=True)
        for (x, y), id_, count, look in rows:
            if id_ in self._hiding or any(glyph.contains(x, y) for glyph in chosen):
                continue  # behind a building, or what is selected
            one = count, looks()[look].colour
            picture = self._pictures.get(one)
            if picture is None:
                ink = digit_ink(one[1], palette)
                digits = _digits(str(count), ink, font, ratio, scene.glyph_scale)
                picture = self._pictures[one] = digits
            size = picture.deviceIndependentSize()
            painter.drawPixmap(QPointF(x - size.width() / 2, y - size.height() / 2), picture)


def digit_ink(ground: str, palette: Palette) -> str:
    """Return the ink in which a digit stands out on a glyph's colour, of two the better."""
    bright = luminance(ground) + 0.05
    dark, light = luminance(_DARK_INK) + 0.05, luminance(palette.pin_ink) + 0.05
    return _DARK_INK if bright / dark > light / bright else palette.pin_ink


def _digits(words: str, ink: str, font: QFont, ratio: float, scale: float) -> QPixmap:
    chosen = QFont(font)
    chosen.setPixelSize(round((_COUNT_PX if len(words) < 3 else _COUNT_PX - 2) * scale))
    chosen.setWeight(QFont.Weight.DemiBold)
    metrics = QFontMetricsF(chosen)
    width, height = metrics.horizontalAdvance(words) + 2, metrics.height()
    picture = QPixmap(math.ceil(width * ratio), math.ceil(height * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(chosen)
    painter.setPen(QColor(ink))
    painter.drawText(QRectF(0, 0, width, height), Qt.AlignmentFlag.AlignCenter, words)
    painter.end()
    return picture


def paint_outline(
    painter: QPainter, scene: Scene, feature: tuple[str, int], palette: Palette
) -> None:
    """Draw the edge of what is under the pointer, or a ring round a service's glyph."""
    lines = scene.outline(*feature)
    if not lines:
        return
    points = np.concatenate(lines)
    pixels, visible = scene.project(points)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((palette.halo, 4.0), (palette.hover, 1.8)):
        painter.setPen(QPen(QColor(colour), width))
        if feature[0] == "services":
            for x, y in pixels[visible]:
                painter.drawEllipse(QPointF(x, y), RING_PX, RING_PX)
            continue
        ends = pixels.reshape(-1, 2, 2)[visible.reshape(-1, 2).any(axis=1)]
        painter.drawLines([QLineF(*a, *b) for a, b in ends])


def paint_scale_bar(
    painter: QPainter, scene: Scene, palette: Palette, font: QFont, corner: QPointF
) -> None:
    """Draw a bar of a round length with its lower left end at `corner`."""
    most = longest_bar(scene.size[0])
    length = round_length(most * scene.camera.metres_per_pixel(scene.size))
    width = length / scene.camera.metres_per_pixel(scene.size)
    metric = text("scene.scale_m", length=f"{length:g}")
    kilometric = text("scene.scale_km", length=f"{length / 1000:g}")
    label = metric if length < 1000.0 else kilometric
    bar = QPolygonF(
        [
            corner + QPointF(0.0, -5.0),
            corner,
            corner + QPointF(width, 0.0),
            corner + QPointF(width, -5.0),
        ]
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, thickness in ((palette.halo, 4.0), (palette.ink, 1.5)):
        painter.setPen(QPen(QColor(colour), thickness))
        painter.drawPolyline(bar)
    ratio = painter.device().devicePixelRatioF()
    picture = _bar_words(label, palette, font.toString(), ratio)
    painter.drawPixmap(
        corner + QPointF(width + 6.0, -picture.height() / picture.devicePixelRatio() + 6.0), picture
    )


def longest_bar(wide: float) -> float:
    """Return how many pixels the bar of a picture so wide may have."""
    return min(BAR_PX, _BAR_PART * wide)


@lru_cache(maxsize=8)
def _bar_words(words: str, palette: Palette, font: str, ratio: float) -> QPixmap:
    chosen = QFont()
    chosen.fromString(font)
    return rasterised(words, "service", palette, chosen, ratio)


def round_length(most: float) -> float:
    """Return the longest of 1, 2, 5, 10, 20, 50, ... that is at most `most`, and at least 1."""
    power = 10.0 ** math.floor(math.log10(max(most, 1.0)))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= max(most, 1.0))
