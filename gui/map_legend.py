"""The legend of a map on a sheet: what colours, the ground, glyphs and marks mean, in blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from gui.panels.field_legend import FIELD_PX, paint_field
from gui.panels.glyphs import sign, sign_of
from gui.panels.scale import HEIGHT_PX, WIDTH_PX, Steps
from gui.scene.pins import SEVERAL_LOOK
from gui.scene.style import LIGHT as SCENE
from gui.sheet_type import BODY_PX, font_of, write
from gui.theme import LIGHT
from twin.language import text
from twin.model.catalogues import families, service_types

if TYPE_CHECKING:
    from gui.map_sheet import Shown
    from twin.assessment.assess import Assessment

_GLYPH_PX = 14


@dataclass(frozen=True)
class Block:
    """A part of the legend: its size in logical pixels, and how it is painted at the origin."""

    size: QSizeF
    paint: Callable[[QPainter], None]


def legend_blocks(shown: Shown, room: float) -> tuple[Block, ...]:
    """Return the parts of a map's legend, none wider than `room` where that can be helped."""
    blocks = []
    if shown.by.what != "none":
        scale = partial(Steps(shown.by, shown.unknown).paint, wide=WIDTH_PX, tokens=LIGHT)
        blocks.append(_headed(text("map_sheet.homes"), WIDTH_PX, HEIGHT_PX, scale))
    if shown.field is not None:
        paint = partial(paint_field, wide=WIDTH_PX, field=shown.field, tokens=LIGHT)
        words = text(f"legend.field_{shown.field.kind}")
        blocks.append(_headed(words, WIDTH_PX, FIELD_PX, paint))
    return (*blocks, _signs(shown.assessment, room))


def _signs(assessment: Assessment, room: float) -> Block:
    """Return the signs on the map: families of services, several in one, sites, the boundary."""
    there = {kind for types in assessment.district.services["types"] for kind in types.split(",")}
    kinds = service_types()
    first = {
        kinds[kind].family.id: kind for kind in sorted(there & kinds.keys(), reverse=True)
    }  # a sign of each family, whichever of its types the district has
    rows: list[tuple[str, Callable[[QPainter, QRectF], None]]] = []
    rows.extend(
        (family.name, partial(_paint_sign, first[family.id]))
        for family in families().values()
        if family.id in first
    )
    if rows:
        rows.append((text("map_sheet.several"), _paint_several))
    if len(assessment.district.sites):
        rows.append((text("map_sheet.site"), _paint_site))
    rows.append((text("map_sheet.boundary"), _paint_boundary))
    metrics = QFontMetricsF(font_of(BODY_PX))
    wide = max(metrics.horizontalAdvance(name) for name, _ in rows) + _GLYPH_PX + 24.0
    columns = int(max(1, min(-(-len(rows) // 3), room // wide)))
    per = -(-len(rows) // columns)

    def paint(painter: QPainter) -> None:
        for number, (name, draw) in enumerate(rows):
            column, row = divmod(number, per)
            x, y = 8.0 + column * wide, row * 22.0
            draw(painter, QRectF(x, y + 3, _GLYPH_PX, _GLYPH_PX))
            room = QRectF(x + _GLYPH_PX + 8, y, wide, 20)
            write(painter, room, name, font_of(BODY_PX), LIGHT.ink_soft)

    return _headed(text("map_sheet.services"), columns * wide, 22.0 * min(len(rows), per), paint)


def _paint_sign(kind: str, painter: QPainter, at: QRectF) -> None:
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(at.topLeft(), sign(kind, _GLYPH_PX, ratio, LIGHT.panel))


def _paint_several(painter: QPainter, at: QRectF) -> None:
    """Paint the sign that stands for several services, with a number that stands for any."""
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(at.topLeft(), sign_of(SEVERAL_LOOK, _GLYPH_PX, ratio, LIGHT.panel))
    painter.setPen(QColor(SCENE.pin_ink))
    painter.setFont(font_of(9, bold=True))
    painter.drawText(at, Qt.AlignmentFlag.AlignCenter, "2")


def _paint_site(painter: QPainter, at: QRectF) -> None:
    painter.setPen(QPen(QColor(SCENE.site), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    middle, half = at.center(), at.width() / 2 - 1
    ends = ((0, -half), (half, 0), (0, half), (-half, 0))
    painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in ends]))


def _paint_boundary(painter: QPainter, at: QRectF) -> None:
    painter.setPen(QPen(QColor(SCENE.boundary), 2.0))
    painter.drawLine(QPointF(at.left(), at.center().y()), QPointF(at.right(), at.center().y()))


def _headed(words: str, wide: float, tall: float, paint: Callable[[QPainter], None]) -> Block:
    """Return a block under a heading."""
    font = font_of(BODY_PX, bold=True)
    head = QFontMetricsF(font).height() + 6.0
    least = QFontMetricsF(font).horizontalAdvance(words) + 8.0

    def both(painter: QPainter) -> None:
        write(painter, QRectF(8, 0, max(wide, least), head), words, font, LIGHT.ink)
        painter.translate(0.0, head)
        paint(painter)

    return Block(QSizeF(max(wide, least), head + tall), both)
