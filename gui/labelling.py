"""Names on the picture: as many as find room, the most important first, none over another.

What is written rests on the camera alone, so that names stay at their places while the view moves.
Which of them buildings hide is found when it rests, and holds until it rests again: under the hand
none comes and goes for that.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from gui import theme
from gui.hiding import Hiding
from gui.scene.labels import REPEATED, LabelKind, Labels
from gui.scene.scene import Scene
from gui.scene.style import Palette
from gui.stepping_aside import SteppingAside

Floats = NDArray[np.float64]
Rows: TypeAlias = list[tuple[int, QPointF]]
"""Rows of labels with the pixels where they stand."""

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
RING_PX = 16.0
"""Half the room of a glyph that is selected or in the hand."""
_GLYPH_PX, _ASKED_GLYPH_PX = 9.0, 14.0
"""Half a glyph that a name of a place leaves free, and half of one that a question is about; a
service's name stands by its own."""
_OVER_ALL: LabelKind = "community"
"""Names of areas are written over what stands in them, so nothing hides them."""


class LabelPainter:
    """Draws labels; each text is rasterised once for a font, theme and pixel ratio."""

    def __init__(self) -> None:
        self._pictures: dict[tuple[str, LabelKind], QPixmap] = {}
        self._key: tuple[object, ...] = ()
        self._hiding = Hiding()
        self._aside = SteppingAside()

    def paint(
        self,
        painter: QPainter,
        scene: Scene,
        layers: Iterable[Labels],
        palette: Palette,
        font: QFont,
        ratio: float,
        covered: Sequence[QRectF] = (),
        *,
        at_rest: bool = True,
    ) -> list[tuple[str, QRectF]]:
        """Draw what finds room, the first first; return the texts drawn and their boxes.

        A name that would lie partly under what covers the picture steps aside; one that lies there
        whole, or would have to go far, is left out; so is one of a place that a building hides,
        which is looked for `at_rest`.
        """
        key = (palette, font.toString(), ratio)
        if key != self._key:
            self._pictures.clear()
            self._key = key
        offered = [(labels, _candidates(scene, labels)) for labels in layers]
        if at_rest and self._hiding.is_old(scene, *(labels for labels, _ in offered)):
            self._look_again(scene, offered)
        self._aside.look(scene, covered, at_rest)
        taken: list[tuple[str, QRectF]] = []
        roads: dict[str, list[QPointF]] = {}
        chosen, heads = glyph_boxes(scene), _heads(scene)
        for labels, rows in offered:
            for row, at in rows:
                if len(taken) >= _MOST:
                    return taken
                name, kind = labels.texts[row], labels.kinds[row]
                there = roads.setdefault(name, []) if kind in REPEATED else []
                if any((at - other).manhattanLength() < _AGAIN_PX for other in there):
                    continue
                picture = self._picture(name, kind, palette, font, ratio)
                box = _clear_of(chosen, _within(_box(picture, at, kind), scene.size))
                box = _beside(covered, box, scene.size)
                if kind == _OVER_ALL and not box.isNull():
                    barred = (*covered, *(other for _name, other in taken))
                    box = self._aside.moved(name, box, barred, scene)
                elif kind != "service":
                    box = _off_glyphs(box, heads, covered, scene)
                if box.isNull():
                    continue
                apart = box.adjusted(-_GAP_PX, -_GAP_PX, _GAP_PX, _GAP_PX)
                if any(apart.intersects(other) for _name, other in taken):
                    continue
                if kind == _OVER_ALL or _place(labels, row) not in self._hiding:
                    painter.drawPixmap(box.topLeft(), picture)
                    taken.append((name, box))
                    there.append(at)
        return taken

    def _look_again(self, scene: Scene, offered: list[tuple[Labels, Rows]]) -> None:
        """Find of which names in the picture a building hides the place."""
        places = [_place(labels, row) for labels, rows in offered for row, _at in rows]
        points = [labels.points[[row for row, _at in rows]] for labels, rows in offered]
        self._hiding.look(scene, places, np.concatenate([np.empty((0, 3)), *points]))

    def _picture(
        self, name: str, kind: LabelKind, palette: Palette, font: QFont, ratio: float
    ) -> QPixmap:
        picture = self._pictures.get((name, kind))
        if picture is None:
            picture = self._pictures[name, kind] = rasterised(name, kind, palette, font, ratio)
        return picture


def label_font(font: QFont, kind: LabelKind) -> QFont:
    """Return the font of a kind of label, of the window's family."""
    result = QFont(font)
    size = font.pixelSize() / theme.BODY_PX if font.pixelSize() > 0 else 1.0
    result.setPointSizeF(_POINTS[kind] * size)
    result.setWeight(QFont.Weight.DemiBold if kind == "community" else QFont.Weight.Normal)
    result.setLetterSpacing(QFont.SpacingType.PercentageSpacing, _SPACING.get(kind, 100.0))
    return result


def rasterised(name: str, kind: LabelKind, palette: Palette, font: QFont, ratio: float) -> QPixmap:
    """Return a text as a picture with a halo."""
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


def _place(labels: Labels, row: int) -> tuple[str, float, float]:
    """Return what tells a name at a place from others, whichever layer holds it."""
    return (labels.texts[row], float(labels.points[row, 0]), float(labels.points[row, 1]))


def _candidates(scene: Scene, labels: Labels) -> Rows:
    """Return rows and pixels of the labels that are in the picture and near enough to read."""
    if not labels.texts:
        return []
    away = labels.points - scene.camera.stand
    near = np.flatnonzero(np.einsum("ij,ij->i", away, away) < labels.farthest**2)
    if not len(near):
        return []
    pixels, visible = scene.project(labels.points[near])
    places = zip(near[visible].tolist(), pixels[visible].tolist(), strict=True)
    return [(row, QPointF(x, y)) for row, (x, y) in places]


def _box(picture: QPixmap, at: QPointF, kind: LabelKind) -> QRectF:
    size = picture.deviceIndependentSize()
    below = 13.0 if kind == "service" else -size.height() / 2
    return QRectF(
        round(at.x() - size.width() / 2), round(at.y() + below), size.width(), size.height()
    )


def glyph_boxes(scene: Scene) -> list[QRectF]:
    """Return where the glyphs are that nothing is to be written over."""
    own = RING_PX * scene.glyph_scale
    side = 2 * own
    return [QRectF(x - own, y - own, side, side) for x, y in scene.chosen_seen()]


def _heads(scene: Scene) -> Floats:
    """Return the pixels (n, 2) of the glyphs in the picture that are more than dots."""
    pixels, visible = scene.heads_seen()
    return pixels[visible & (scene.pins_drawn.asked >= 0)]


def _off_glyphs(box: QRectF, heads: Floats, covered: Sequence[QRectF], scene: Scene) -> QRectF:
    """Return a label's box where it hides no glyph: there, above or below; null where none is.

    Nor does it go back under what covers the picture.
    """
    middle, line = box.center(), round(box.height())
    asked = scene.pins_drawn.asked.max(initial=0) > 0
    own = (_ASKED_GLYPH_PX if asked else _GLYPH_PX) * scene.glyph_scale
    wide, tall = box.width() / 2 + own, box.height() / 2 + own
    beside = heads[np.abs(heads[:, 0] - middle.x()) < wide, 1]
    for step in (0, -line, line):
        moved = box.translated(0.0, step)
        if moved.top() < 0.0 or moved.bottom() > scene.size[1]:
            continue
        if any(card.intersects(moved) for card in covered):
            continue
        if not (np.abs(beside - (middle.y() + step)) < tall).any():
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
