"""What the colours on the ground say, under the legend of the buildings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from gui import theme
from gui.panels.figures import limit, number
from gui.panels.parts import column, set_tone
from gui.scene.style import field_colours
from gui.theme import Tokens
from gui.view_state import ColourBy, ViewState
from twin.language import text

if TYPE_CHECKING:
    from gui.scene.field import Field

FIELD_PX = 36
"""Height of the steps of a field with their figures."""


class FieldLegend(QWidget):
    """A heading and the steps of a field, shown while one lies on the ground."""

    def __init__(self, state: ViewState, width: int) -> None:
        super().__init__()
        self._state, self._width = state, width
        layout = column(self, margin=0, gap=4)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setContentsMargins(8, 0, 8, 0)
        set_tone(self._words, "soft")
        layout.addWidget(self._words)
        self._steps = _Steps(state, width)
        layout.addWidget(self._steps)
        self._short = False
        self.hide()

    def set_short(self, short: bool) -> None:
        """Leave the words to the tooltip, or say them."""
        if short != self._short:
            self._short = short
            self.refresh()

    def refresh(self) -> None:
        """Follow the field that is shown."""
        field = self._state.seen.field
        if field is not None:
            by, carried = self._state.seen.colour_by, self._state.seen.held >= 0
            words = field_words(field, by, carried=carried)
            self._words.setText(words)
            self._words.setHidden(self._short)
            self._steps.setToolTip(words if self._short else "")
            self._steps.setAccessibleDescription(words)
            self._steps.setAccessibleName(" – ".join(self._steps.ends()))
            self._steps.setHidden(is_as_homes(field, by))
        self.setVisible(field is not None)
        self._steps.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()


class _Steps(QWidget):
    """The steps from the least to the most."""

    def __init__(self, state: ViewState, width: int) -> None:
        super().__init__()
        self._state, self._width = state, width

    def sizeHint(self) -> QSize:
        """Return room for the steps and their two ends."""
        return QSize(self._width, FIELD_PX)

    def ends(self) -> tuple[str, str]:
        """Return what is said at the two ends."""
        field = self._state.seen.field
        return ("", "") if field is None else field_ends(field)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the steps and the figures at their ends."""
        field = self._state.seen.field
        if field is not None:
            painter = QPainter(self)
            paint_field(painter, self.width(), field, theme.tokens())
            painter.end()


def is_as_homes(field: Field, by: ColourBy) -> bool:
    """Return whether the ground has the colours of the homes and their meaning."""
    return field.kind == "reach" and by.what == "walk" and by.unit == field.unit


def field_words(field: Field, by: ColourBy, *, carried: bool = False) -> str:
    """Return what the colours on the ground say; `carried` while a service is in the hand."""
    if field.kind == "gain":
        return text("legend.field_carried" if carried else "legend.field_gain")
    unit = "m" if field.unit == "m" else "min"
    key = "legend.field_reach_same" if is_as_homes(field, by) else "legend.field_reach"
    return text(key, limit=limit(field.limit, unit))


def field_ends(field: Field) -> tuple[str, str]:
    """Return what is said at the two ends of a field's steps."""
    if field.kind == "gain":
        return "0", text("legend.people", count=f"+{number(field.maximum)}")
    return "0", f"{field.maximum:g} {text(f'figure.{field.unit}')}"


def paint_field(painter: QPainter, wide: float, field: Field, tokens: Tokens) -> None:
    """Paint a field's steps and the figures at their ends, `wide` logical pixels wide."""
    painter.setFont(theme.body_font())
    steps = field_colours(field.kind, tokens.name)
    left, width = 8.0, (wide - 16.0) / len(steps)
    painter.setPen(Qt.PenStyle.NoPen)
    for place, step in enumerate(steps):
        painter.setBrush(QColor(step))
        painter.drawRect(QRectF(left + place * width, 2, width + 0.5, 12))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QColor(tokens.line_strong))
    painter.drawRect(QRectF(left, 2, wide - 16.0, 12))
    painter.setPen(QColor(tokens.ink_soft))
    sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
    for words, side in zip(field_ends(field), sides, strict=True):
        room = QRectF(left, 15, wide - 16.0, 20)
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, words)
