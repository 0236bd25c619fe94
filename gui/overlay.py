"""What Qt draws over the picture: labels that do not overlap, a scale bar, a north arrow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
)

from gui import theme
from gui.scene.labels import FARTHEST_M, REPEATED, LabelKind, Labels
from gui.scene.pins import looks
from gui.scene.scene import Scene
from gui.scene.style import Palette
from twin.language import text
from twin.telling.inks import luminance

_POINTS: dict[LabelKind, float] = {
    "community": 13.0,
    "arterial": 9.0,
    "road": 8.5,
    "water": 8.5,
    "green": 8.5,
    "service": 8.5,
    "building": 8.0,
}
_SPACING: dict[LabelKind, float] = {"community": 112.0, "water": 112.0}
_MOST = 90
"""Labels on one picture; more would be noise."""
_AGAIN_PX = 520.0
"""So far from itself a road's name may stand once more."""
_HALO_PX = 2.6
_GAP_PX = 5.0
_ASIDE_PX = 48.0
"""So far a name steps aside from what covers it."""
BAR_PX = 120.0
"""The bar of the scale is no longer than this."""
_RING_PX = 16.0
_COUNT_PX = 10
_GLYPH_PX = 8.0
"""Half a glyph that a name of a place leaves free; a service's name stands by its own."""
_DARK_INK = "#111111"
"""White is hard to read on the glyphs of bright colours."""


class CountPainter:
    """Writes on a glyph how many services it stands for."""

    def __init__(self) -> None:
        self._pictures: dict[tuple[str, str], QPixmap] = {}
        self._key: tuple[object, ...] = ()

    def paint(
        self, painter: QPainter, scene: Scene, palette: Palette, font: QFont, ratio: float
    ) -> None:
        """Write the counts of the glyphs in the picture that stand for several.

        Outside the study boundary glyphs are too small for a figure, and no more than surroundings.
        """
        if (palette, font.toString(), ratio) != self._key:
            self._pictures.clear()
            self._key = (palette, font.toString(), ratio)
        pins = scene.pins_drawn
        several, chosen = (pins.count > 1) & pins.inside, _glyph_boxes(scene)
        pixels, visible = scene.project(pins.head[several])
        colours = [look.colour for look in looks()]
        rows = zip(pins.count[several][visible], pins.look[several][visible], strict=True)
        for (x, y), (count, look) in zip(pixels[visible], rows, strict=True):
            if any(glyph.contains(x, y) for glyph in chosen):
                continue  # behind what is selected
            key = str(count), digit_ink(colours[look], palette)
            picture = self._pictures.get(key)
            if picture is None:
                picture = self._pictures[key] = _digits(*key, font, ratio)
            size = picture.deviceIndependentSize()
            painter.drawPixmap(QPointF(x - size.width() / 2, y - size.height() / 2), picture)


def digit_ink(ground: str, palette: Palette) -> str:
    """Return the ink in which a digit stands out on a glyph's colour, of two the better."""
    bright = luminance(ground) + 0.05
    dark, light = luminance(_DARK_INK) + 0.05, luminance(palette.pin_ink) + 0.05
    return _DARK_INK if bright / dark > light / bright else palette.pin_ink


def _digits(words: str, ink: str, font: QFont, ratio: float) -> QPixmap:
    chosen = QFont(font)
    chosen.setPixelSize(_COUNT_PX if len(words) < 3 else _COUNT_PX - 2)
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


class LabelPainter:
    """Draws labels; each text is rasterised once for a font, theme and pixel ratio."""

    def __init__(self) -> None:
        self._pictures: dict[tuple[str, LabelKind], QPixmap] = {}
        self._key: tuple[object, ...] = ()

    def paint(
        self,
        painter: QPainter,
        scene: Scene,
        layers: Iterable[Labels],
        palette: Palette,
        font: QFont,
        ratio: float,
        covered: Sequence[QRectF] = (),
    ) -> list[tuple[str, QRectF]]:
        """Draw what finds room, the first first; return the texts drawn and their boxes.

        A name that would lie partly under what covers the picture steps aside; one that lies there
        whole, or would have to go far, is left out.
        """
        key = (palette, font.toString(), ratio)
        if key != self._key:
            self._pictures.clear()
            self._key = key
        taken: list[tuple[str, QRectF]] = []
        roads: dict[str, list[QPointF]] = {}
        chosen, heads = _glyph_boxes(scene), _heads(scene)
        for labels in layers:
            for row, at in _candidates(scene, labels):
                if len(taken) >= _MOST:
                    return taken
                name, kind = labels.texts[row], labels.kinds[row]
                there = roads.setdefault(name, []) if kind in REPEATED else []
                if any((at - other).manhattanLength() < _AGAIN_PX for other in there):
                    continue
                picture = self._picture(name, kind, palette, font, ratio)
                box = _clear_of(chosen, _within(_box(picture, at, kind), scene.size))
                box = _beside(covered, box, scene.size)
                if kind not in ("community", "service"):
                    box = _off_glyphs(box, heads, covered, scene.size)
                if box.isNull():
                    continue
                apart = box.adjusted(-_GAP_PX, -_GAP_PX, _GAP_PX, _GAP_PX)
                if not any(apart.intersects(other) for _name, other in taken):
                    painter.drawPixmap(box.topLeft(), picture)
                    taken.append((name, box))
                    there.append(at)
        return taken

    def _picture(
        self, name: str, kind: LabelKind, palette: Palette, font: QFont, ratio: float
    ) -> QPixmap:
        picture = self._pictures.get((name, kind))
        if picture is None:
            picture = self._pictures[name, kind] = _rasterised(name, kind, palette, font, ratio)
        return picture


def label_font(font: QFont, kind: LabelKind) -> QFont:
    """Return the font of a kind of label, of the window's family."""
    result = QFont(font)
    size = font.pixelSize() / theme.BODY_PX if font.pixelSize() > 0 else 1.0
    result.setPointSizeF(_POINTS[kind] * size)
    result.setWeight(QFont.Weight.DemiBold if kind == "community" else QFont.Weight.Normal)
    result.setLetterSpacing(QFont.SpacingType.PercentageSpacing, _SPACING.get(kind, 100.0))
    return result


def _rasterised(name: str, kind: LabelKind, palette: Palette, font: QFont, ratio: float) -> QPixmap:
    chosen = label_font(font, kind)
    metrics = QFontMetricsF(chosen)
    width = metrics.horizontalAdvance(name) + 2 * _HALO_PX
    height = metrics.height() + 2 * _HALO_PX
    picture = QPixmap(math.ceil(width * ratio), math.ceil(height * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)  # strokes of Chinese glyphs overlap
    path.addText(QPointF(_HALO_PX, _HALO_PX + metrics.ascent()), chosen, name)
    halo = QColor(palette.halo)
    halo.setAlphaF(0.85)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(
        path,
        QPen(
            halo,
            2 * _HALO_PX,
            Qt.PenStyle.SolidLine,
            Qt.PenCapStyle.RoundCap,
            Qt.PenJoinStyle.RoundJoin,
        ),
    )
    painter.fillPath(path, QColor(_ink(kind, palette)))
    painter.end()
    return picture


def _ink(kind: LabelKind, palette: Palette) -> str:
    return palette.ink if kind in ("community", "service") else palette.muted


def _candidates(scene: Scene, labels: Labels) -> list[tuple[int, QPointF]]:
    """Return rows and pixels of the labels that are in the picture and near enough to read."""
    if not labels.texts:
        return []
    pixels, visible = scene.project(labels.points)
    away = np.linalg.norm(labels.points - scene.camera.stand, axis=1)
    farthest = np.array([FARTHEST_M[kind] for kind in labels.kinds])
    rows = np.flatnonzero(visible & (away < farthest))
    return [(int(row), QPointF(*pixels[row])) for row in rows]


def _box(picture: QPixmap, at: QPointF, kind: LabelKind) -> QRectF:
    size = picture.deviceIndependentSize()
    below = 13.0 if kind == "service" else -size.height() / 2
    return QRectF(
        round(at.x() - size.width() / 2), round(at.y() + below), size.width(), size.height()
    )


def _glyph_boxes(scene: Scene) -> list[QRectF]:
    """Return where the glyphs are that nothing is to be written over."""
    pixels, visible = scene.project(scene.chosen_heads())
    side = 2 * _RING_PX
    return [QRectF(x - _RING_PX, y - _RING_PX, side, side) for x, y in pixels[visible]]


def _heads(scene: Scene) -> NDArray[np.float64]:
    """Return the pixels (n, 2) of the glyphs in the picture."""
    pixels, visible = scene.project(scene.pins_drawn.head)
    return pixels[visible]


def _off_glyphs(
    box: QRectF, heads: NDArray[np.float64], covered: Sequence[QRectF], size: tuple[int, int]
) -> QRectF:
    """Return a label's box where it hides no glyph: there, above or below; null where none is.

    Nor does it go back under what covers the picture.
    """
    half = np.array([box.width(), box.height()]) / 2 + _GLYPH_PX
    for lines in (0.0, -1.0, 1.0):
        moved = box.translated(0.0, round(lines * box.height()))
        middle = moved.center()
        if moved.top() < 0.0 or moved.bottom() > size[1]:
            continue
        if any(card.intersects(moved) for card in covered):
            continue
        if not (np.abs(heads - (middle.x(), middle.y())) < half).all(axis=1).any():
            return moved
    return QRectF()


def _clear_of(glyphs: list[QRectF], box: QRectF) -> QRectF:
    """Return a label's box, moved up or down from the glyph that it would lie on."""
    for glyph in glyphs:
        if glyph.intersects(box):
            above = box.center().y() < glyph.center().y()
            y = glyph.top() - box.height() if above else glyph.bottom()
            return QRectF(QPointF(box.x(), round(y)), box.size())
    return box


def _beside(covered: Sequence[QRectF], box: QRectF, size: tuple[int, int]) -> QRectF:
    """Return a label's box moved from under what covers it; null where that is too far."""
    picture = QRectF(0.0, 0.0, *size)
    for card in covered:
        if not card.intersects(box):
            continue
        ways = (
            QPointF(card.left() - box.right() - 1.0, 0.0),
            QPointF(card.right() - box.left() + 1.0, 0.0),
            QPointF(0.0, card.top() - box.bottom() - 1.0),
            QPointF(0.0, card.bottom() - box.top() + 1.0),
        )
        way = min(ways, key=lambda by: by.manhattanLength())
        aside = box.translated(QPointF(round(way.x()), round(way.y())))
        far = way.manhattanLength() > _ASIDE_PX
        hidden = not picture.contains(aside) or any(one.intersects(aside) for one in covered)
        if far or hidden:
            return QRectF()
        box = aside
    return box


def _within(box: QRectF, size: tuple[int, int]) -> QRectF:
    """Return the box moved just into a picture of `size`, so that no name is cut."""
    right, bottom = size[0] - box.width(), size[1] - box.height()
    place = QPointF(min(max(box.x(), 0.0), right), min(max(box.y(), 0.0), bottom))
    return QRectF(place, box.size())


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
                painter.drawEllipse(QPointF(x, y), _RING_PX, _RING_PX)
            continue
        ends = pixels.reshape(-1, 2, 2)[visible.reshape(-1, 2).any(axis=1)]
        painter.drawLines([QLineF(*a, *b) for a, b in ends])


def paint_scale_bar(
    painter: QPainter, scene: Scene, palette: Palette, font: QFont, corner: QPointF
) -> None:
    """Draw a bar of a round length with its lower left end at `corner`."""
    length = round_length(BAR_PX * scene.camera.metres_per_pixel(scene.size))
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
    picture = _rasterised(label, "service", palette, font, painter.device().devicePixelRatioF())
    painter.drawPixmap(
        corner + QPointF(width + 6.0, -picture.height() / picture.devicePixelRatio() + 6.0), picture
    )


def round_length(most: float) -> float:
    """Return the longest of 1, 2, 5, 10, 20, 50, ... that is at most `most`, and at least 1."""
    power = 10.0 ** math.floor(math.log10(max(most, 1.0)))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= max(most, 1.0))
