"""A picture of the view as a sheet that can be laid on a table: title, map, legend, scale, north.

What the colours, glyphs and marks mean stands on the sheet itself, so that a picture which has left
the program still says what it shows. Sheets are light, whatever the window wears.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPen,
    QPolygonF,
    QTransform,
)

from gui.map_legend import legend_blocks
from gui.overlay import round_length
from gui.panels.limits import coloured, marked, meaning, within
from gui.scene.camera import Camera
from gui.scene.pins import DRAWN_PX, GLYPH_M
from gui.sheet_type import BODY_PX, font_of, height_of, write
from gui.theme import LIGHT
from twin.language import name_of, text
from twin.model.catalogues import service_types, walkers
from twin.telling.horizon_words import BETWEEN, horizon_words

if TYPE_CHECKING:
    from gui.scene.field import Field
    from gui.view_state import ColourBy
    from twin.assessment.assess import Assessment
    from twin.standards.requirements import Requirement

MARGIN, GAP = 24.0, 24.0
_TITLE_PX, _SHOWN_PX, _NOTE_PX = 22, 15, 11
_BAR_PX = 128.0
_SCALE = QSizeF(_BAR_PX + 96.0, 64.0)
"""Room for the scale bar and north beside it."""
_NORTH_PX = 20.0
_LOW = 0.6
"""About how high a map is for its width, before its legend is known."""
NO_BREAK = "\u00a0"
_BESIDE = "\u2003"
"""Between footnotes that stand in one line."""


@dataclass(frozen=True)
class MapWords:
    """What is written round a map: its title, what it shows, of which state, and its footnotes."""

    title: str
    shown: str
    state: str
    notes: str = ""


@dataclass(frozen=True, eq=False)
class Shown:
    """What a map shows.

    Parameters
    ----------
    name
        The district's.
    scenario
        As people read it.
    stairs
        What is said of the colours of storeys, "" where they have none.
    unknown
        Nobody counted the residents.
    route
        A walk is drawn.
    difference
        Of what the colours are the difference, and between which scenarios; "" where they are none.
    """

    name: str
    scenario: str
    assessment: Assessment
    by: ColourBy
    field: Field | None = None
    stairs: str = ""
    unknown: bool = False
    route: bool = False
    difference: str = ""


class MapSheet:
    """The sheet of what is shown, `width` logical pixels wide.

    ``sheet.room(height)`` is the size that is left for the map; ``sheet.paint(...)`` sets it.
    """

    def __init__(self, shown: Shown, camera: Camera, width: float) -> None:
        self._width = width
        self.words = map_words(shown, flat=camera.flat)
        self._camera = camera
        pixel_m = camera.metres_per_pixel((round(self._inner), round(_LOW * self._inner)))
        near = GLYPH_M / pixel_m >= DRAWN_PX
        self._blocks = legend_blocks(shown, self._inner, near=near)

    @property
    def _inner(self) -> float:
        return max(self._width - 2 * MARGIN, 1.0)

    def room(self, height: float) -> QSize:
        """Return the size of the map on a sheet of a height, in logical pixels."""
        left = height - self._head() - self._foot() - 2 * MARGIN
        return QSize(max(round(self._inner), 1), max(round(left), 1))

    def height(self, map_height: float) -> float:
        """Return how high a sheet is whose map has a height, in logical pixels."""
        return map_height + self._head() + self._foot() + 2 * MARGIN

    def paint(self, picture: QImage, ratio: float, size: QSize | None = None) -> QImage:
        """Return the sheet with this map, `ratio` pixels of the map to a logical one.

        `size` is the sheet's in pixels; where None, what the map needs.
        """
        room = QSizeF(picture.width() / ratio, picture.height() / ratio)
        whole = QSizeF(self._width, self.height(room.height())) * ratio
        sheet = QImage(size or whole.toSize(), QImage.Format.Format_RGB888)
        sheet.setDevicePixelRatio(ratio)
        sheet.fill(QColor(LIGHT.panel))
        painter = QPainter(sheet)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(MARGIN, MARGIN)
        self._paint_head(painter)
        painter.translate(0.0, self._head())
        frame = QRectF(QPointF(), room)
        painter.drawImage(frame, picture)
        painter.setPen(QPen(QColor(LIGHT.line_strong), 1.0))
        painter.drawRect(frame)
        painter.translate(0.0, room.height() + GAP / 2)
        self._paint_foot(painter, (int(room.width()), int(room.height())))
        painter.end()
        return sheet

    # -- above the map ------------------------------------------------------------------------

    def _lines(self) -> list[tuple[str, QFont, str]]:
        words = self.words
        return [
            (words.title, font_of(_TITLE_PX, bold=True), LIGHT.ink),
            (words.shown, font_of(_SHOWN_PX), LIGHT.ink),
            (words.state, font_of(BODY_PX), LIGHT.ink_soft),
        ]

    def _head(self) -> float:
        return (
            sum(height_of(words, font, self._inner) for words, font, _ in self._lines()) + GAP / 2
        )

    def _paint_head(self, painter: QPainter) -> None:
        top = 0.0
        for words, font, colour in self._lines():
            top += write(painter, QRectF(0, top, self._inner, 1e4), words, font, colour)

    # -- below it -----------------------------------------------------------------------------

    def _places(self) -> tuple[list[QPointF], float]:
        """Return where each block and the scale stand, and how high all blocks are.

        Blocks flow from left to right. The scale stands at the right end of the first row with room
        for it, else beside the footnotes rather than in a row of its own.
        """
        at, tallest, places, ends = QPointF(), 0.0, [], {}
        for block in self._blocks:
            if at.x() and at.x() + block.size.width() > self._inner:
                at = QPointF(0.0, at.y() + tallest + GAP / 2)
                tallest = 0.0
            places.append(QPointF(at))
            tallest = max(tallest, block.size.height())
            at.setX(at.x() + block.size.width() + GAP)
            ends[at.y()] = at.x()
        tall = at.y() + tallest
        free = (y for y, x in ends.items() if x + _SCALE.width() <= self._inner)
        places.append(QPointF(self._inner - _SCALE.width(), next(free, tall)))
        return places, tall

    def _foot(self) -> float:
        places, tall = self._places()
        return GAP / 2 + max(tall + self._notes_height(), places[-1].y() + _SCALE.height())

    def _notes_width(self) -> float:
        """Return how wide the footnotes are: up to the scale where that stands beside them."""
        places, tall = self._places()
        return places[-1].x() - GAP if places[-1].y() >= tall else self._inner

    def _notes_height(self) -> float:
        notes = height_of(self.words.notes, font_of(_NOTE_PX), self._notes_width())
        return GAP / 2 + notes if notes else 0.0

    def _paint_foot(self, painter: QPainter, size: tuple[int, int]) -> None:
        places, tall = self._places()
        for place, block in zip(places[:-1], self._blocks, strict=True):
            painter.save()
            painter.translate(place - QPointF(8.0, 0.0))  # blocks have a margin of their own
            block.paint(painter)
            painter.restore()
        painter.save()
        painter.translate(places[-1])
        _paint_scale(painter, self._camera, size)
        painter.restore()
        room = QRectF(0, tall + GAP / 2, self._notes_width(), 1e4)
        write(painter, room, self.words.notes, font_of(_NOTE_PX), LIGHT.ink_soft)


# -- what is written --------------------------------------------------------------------------


def map_words(shown: Shown, *, flat: bool) -> MapWords:
    """Return what is written round a map; `flat` where it is a plan."""
    by, standard = shown.by, shown.assessment.standard
    asked = coloured(by, standard)
    horizon = horizon_words(shown.assessment.horizon)
    state = (shown.scenario, horizon, name_of(standard.name))
    notes = [shown.stairs] if shown.stairs else []
    notes += meaning(asked).splitlines()
    if not flat:
        notes.append(text("map_sheet.perspective"))
    return MapWords(
        shown.name,
        shown.difference or colour_words(by, asked),
        BETWEEN.join(filter(None, state)),
        _BESIDE.join(notes),
    )


def colour_words(by: ColourBy, asked: Sequence[Requirement]) -> str:
    """Return what a colouring shows and the limit or mark of what is `asked`, as a subtitle."""
    if by.what != "walk":
        return marked(text(f"map_sheet.{by.what}"), asked)
    facts = {"service": service_types()[by.service_type].name, "walker": walkers()[by.walker].name}
    words = text("map_sheet.walk", None, **facts)
    return f"{words} {within(asked[0]).replace(' ', NO_BREAK)}" if asked else words


# -- scale and north --------------------------------------------------------------------------


def _paint_scale(painter: QPainter, camera: Camera, size: tuple[int, int]) -> None:
    """Paint a bar of a round length in two halves, and north as it lies on the picture."""
    per_pixel = camera.metres_per_pixel(size)
    length = round_length(_BAR_PX * per_pixel)
    width = length / per_pixel
    painter.setPen(QPen(QColor(LIGHT.ink), 1.0))
    for half, colour in enumerate((LIGHT.ink, LIGHT.panel)):
        painter.setBrush(QColor(colour))
        painter.drawRect(QRectF(8.0 + half * width / 2, 30.0, width / 2, 5.0))
    metric = text("scene.scale_m", length=f"{length:g}")
    words = metric if length < 1000 else text("scene.scale_km", length=f"{length / 1000:g}")
    font = font_of(BODY_PX)
    write(painter, QRectF(6.0, 40.0, 40.0, 20.0), "0", font, LIGHT.ink_soft)
    past = 8.0 + width - QFontMetricsF(font).horizontalAdvance(words) / 2
    write(painter, QRectF(past, 40.0, 120.0, 20.0), words, font, LIGHT.ink_soft)
    painter.translate(_BAR_PX + 56.0, 32.0)
    _paint_north(painter, camera)


def _paint_north(painter: QPainter, camera: Camera) -> None:
    """Paint a needle on the ground as the camera sees it, and the letter of the north."""
    flatten = QTransform().scale(1.0, max(0.35, abs(camera.basis[2][2])))
    onto = QTransform().rotate(-camera.heading_deg) * flatten
    painter.setPen(QPen(QColor(LIGHT.ink), 1.0))
    for side, colour in ((-1.0, LIGHT.ink), (1.0, LIGHT.panel)):
        half = QPolygonF(
            [QPointF(0, -_NORTH_PX), QPointF(side * 7.0, _NORTH_PX * 0.7), QPointF(0, 8.0)]
        )
        painter.setBrush(QColor(colour))
        painter.drawPolygon(onto.map(half))
    font = font_of(BODY_PX, bold=True)
    words = text("cube.north")
    tip = onto.map(QPointF(0.0, -_NORTH_PX))
    far = (tip.x() ** 2 + tip.y() ** 2) ** 0.5 or 1.0
    at = tip * ((far + 11.0) / far)
    room = QRectF(at.x() - 20.0, at.y() - 10.0, 40.0, 20.0)
    painter.setFont(font)
    painter.setPen(QColor(LIGHT.ink))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)
