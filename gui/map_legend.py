"""The legend of a map on a sheet: what colours, the ground, glyphs and marks mean, in blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from gui.panels.field_legend import FIELD_PX, field_words, paint_field
from gui.panels.glyphs import family_looks, kinds_among, sign_of, type_looks
from gui.panels.scale import HEIGHT_PX, WIDTH_PX, Steps
from gui.scene.glyphs import Look
from gui.scene.pins import SEVERAL_LOOK
from gui.scene.style import LIGHT as SCENE
from gui.sheet_type import BODY_PX, font_of, write
from gui.theme import LIGHT
from twin.language import text
from twin.model.signs import SEVERAL_TYPES

if TYPE_CHECKING:
    from gui.map_sheet import Shown
    from twin.model.district import District

Row: TypeAlias = tuple[str, Callable[[QPainter, QRectF], None]]
"""A name and what paints its sign."""
_GLYPH_PX = 16
_MOST_TYPES = 24
"""Entries of a legend in which a person still finds one at a glance."""


@dataclass(frozen=True)
class Block:
    """A part of the legend: its size in logical pixels, and how it is painted at the origin."""

    size: QSizeF
    paint: Callable[[QPainter], None]


def legend_blocks(shown: Shown, room: float, *, near: bool = False) -> tuple[Block, ...]:
    """Return the parts of a map's legend, none wider than `room` where that can be helped.

    On a map seen from so `near` that glyphs bear drawings, these have an entry each.
    """
    blocks = []
    if shown.by.what != "none":
        scale = partial(Steps(shown.by, shown.unknown).paint, wide=WIDTH_PX, tokens=LIGHT)
        blocks.append(_headed(text("map_sheet.homes"), WIDTH_PX, HEIGHT_PX, scale))
    if shown.field is not None:
        paint = partial(paint_field, wide=WIDTH_PX, field=shown.field, tokens=LIGHT)
        words = field_words(shown.field, shown.by)
        blocks.append(_headed(words, WIDTH_PX, FIELD_PX, paint))
    return (*blocks, _signs(shown, room, near))


def _glyph_rows(district: District, near: bool) -> list[Row]:
    """Return the signs of services: each type's where they bear drawings, else each family's."""
    kinds = kinds_among(district.services["types"])
    if not kinds:
        return []
    looks = type_looks(kinds)
    if not near or len(looks) > _MOST_TYPES:
        looks = family_looks(kinds)
    elif any("," in types for types in district.services["types"]):
        first = kinds[0].family
        looks[text("map_sheet.complex")] = Look(first.shape, first.colour, SEVERAL_TYPES)
    rows: list[Row] = [(name, partial(_paint_look, look, False)) for name, look in looks.items()]
    if (district.services["status"] == "planned").any():
        plain = Look(kinds[0].family.shape, kinds[0].colour)
        rows.append((text("map_sheet.planned"), partial(_paint_look, plain, True)))
    return [*rows, (text("map_sheet.several"), _paint_several)]


def sign_rows(shown: Shown, near: bool) -> list[Row]:
    """Return the signs on the map: services, sites, and lines that nothing else tells of."""
    district = shown.assessment.district
    rows = _glyph_rows(district, near)
    if len(district.sites):
        rows.append((text("map_sheet.site"), _paint_site))
    rows.append((text("map_sheet.boundary"), partial(_paint_line, SCENE.boundary, 2.0)))
    if len(district.communities):
        rows.append((text("map_sheet.community"), partial(_paint_line, SCENE.community, 1.2)))
    if (district.barriers["kind"] == "railway").any():
        rows.append((text("map_sheet.railway"), _paint_railway))
    if shown.route:
        rows.append((text("map_sheet.route"), partial(_paint_line, SCENE.accent, 3.0)))
    return rows


def _signs(shown: Shown, room: float, near: bool) -> Block:
    rows = sign_rows(shown, near)
    metrics = QFontMetricsF(font_of(BODY_PX))
    wide = max(metrics.horizontalAdvance(name) for name, _ in rows) + _GLYPH_PX + 24.0
    columns = int(max(1, min(-(-len(rows) // 3), room // wide)))
    per = -(-len(rows) // columns)

    def paint(painter: QPainter) -> None:
        for number, (name, draw) in enumerate(rows):
            column, row = divmod(number, per)
            x, y = 8.0 + column * wide, row * 22.0
            draw(painter, QRectF(x, y + 2, _GLYPH_PX, _GLYPH_PX))
            room = QRectF(x + _GLYPH_PX + 8, y, wide, 20)
            write(painter, room, name, font_of(BODY_PX), LIGHT.ink_soft)

    return _headed(text("map_sheet.services"), columns * wide, 22.0 * min(len(rows), per), paint)


def _paint_look(look: Look, hollow: bool, painter: QPainter, at: QRectF) -> None:
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(at.topLeft(), sign_of(look, _GLYPH_PX, ratio, LIGHT.panel, hollow=hollow))


def _paint_several(painter: QPainter, at: QRectF) -> None:
    """Paint the sign that stands for several services."""
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(at.topLeft(), sign_of(SEVERAL_LOOK, _GLYPH_PX, ratio, LIGHT.panel))


def _paint_site(painter: QPainter, at: QRectF) -> None:
    painter.setPen(QPen(QColor(SCENE.site), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    middle, half = at.center(), at.width() / 2 - 1
    ends = ((0, -half), (half, 0), (0, half), (-half, 0))
    painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in ends]))


def _paint_line(colour: str, wide: float, painter: QPainter, at: QRectF) -> None:
    painter.setPen(QPen(QColor(colour), wide))
    painter.drawLine(QPointF(at.left(), at.center().y()), QPointF(at.right(), at.center().y()))


def _paint_railway(painter: QPainter, at: QRectF) -> None:
    """Paint sleepers, as the track has them on the ground."""
    painter.setPen(QPen(QColor(SCENE.railway), 1.4))
    for x in np.linspace(at.left() + 1.0, at.right() - 1.0, 5).tolist():
        painter.drawLine(QPointF(x, at.center().y() - 4.0), QPointF(x, at.center().y() + 4.0))


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
