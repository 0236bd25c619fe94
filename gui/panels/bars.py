"""Rows that show one share each: name, figure, bar, change; painted, so that many cost little."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from gui import theme
from gui.panels.glyphs import sign
from gui.panels.parts import elided, tip
from twin.model.sources import MARKS

ROW_PX = 56
MARGIN_PX = 16
_SIGN_PX = 18
_BAR_PX = 4


@dataclass(frozen=True)
class Bar:
    """What one row says. Shares run from 0 to 1, NaN for none."""

    title: str
    figure: str
    share: float = math.nan
    base_share: float = math.nan
    detail: str = ""
    remark: str = ""
    """Follows the detail in the colour of warnings; where it has no room the detail's mark has that
    colour instead."""
    change: str = ""
    gains: bool = True
    service_type: str = ""
    note: str = ""
    """What marks in the row mean: for the tooltip, and for those who hear the row."""
    limit_share: float = math.nan
    """Where on the bar a limit stands; a bar beyond it is drawn as missed."""


class BarRow(QAbstractButton):
    """One row; a button where `opens` is true."""

    def __init__(self, bar: Bar, opens: bool = True) -> None:
        super().__init__()
        self._bar = bar
        self.setCheckable(opens)
        self.setEnabled(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover, opens)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if opens else Qt.FocusPolicy.NoFocus)
        if opens:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_bar(bar)

    @property
    def bar(self) -> Bar:
        """What the row says."""
        return self._bar

    def set_bar(self, bar: Bar) -> None:
        """Say something else."""
        if bar == self._bar and self.accessibleName():
            return
        self._bar = bar
        parts = (bar.title, bar.figure, bar.detail, bar.remark, bar.change, bar.note)
        self.setToolTip(tip(bar.note))
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of every row."""
        return QSize(160, ROW_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint name and figure, the line below, and the bar along the lower edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        self._paint_first_line(painter)
        self._paint_second_line(painter)
        if not math.isnan(self._bar.share):
            self._paint_bar(painter)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        if self.isChecked():
            painter.fillRect(self.rect(), theme.colour("pressed"))
        elif self.isCheckable() and self.underMouse():
            painter.fillRect(self.rect(), theme.colour("hover"))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_first_line(self, painter: QPainter) -> None:
        bar, left = self._bar, float(MARGIN_PX)
        line = QRectF(left, 8, self.width() - 2 * MARGIN_PX, 20)
        if bar.service_type:
            rim = theme.tokens().panel
            picture = sign(bar.service_type, _SIGN_PX, self.devicePixelRatioF(), rim)
            painter.drawPixmap(int(left), 9, picture)
            line.setLeft(left + _SIGN_PX + 8)
        painter.setPen(theme.colour("ink"))
        painter.setFont(theme.body_font(bold=True))
        width = QFontMetrics(painter.font()).horizontalAdvance(bar.figure)
        painter.drawText(line, _RIGHT, bar.figure)
        painter.setFont(theme.body_font())
        line.setRight(line.right() - width - 8)
        _elided(painter, line, bar.title)

    def _paint_second_line(self, painter: QPainter) -> None:
        bar = self._bar
        line = QRectF(MARGIN_PX, 28, self.width() - 2 * MARGIN_PX, 18)
        if bar.service_type:
            line.setLeft(line.left() + _SIGN_PX + 8)
        if bar.change:
            painter.setFont(theme.body_font(bold=True))
            painter.setPen(theme.colour("gain" if bar.gains else "loss"))
            painter.drawText(line, _RIGHT, bar.change)
            width = QFontMetrics(painter.font()).horizontalAdvance(bar.change)
            line.setRight(line.right() - width - 8)
            painter.setFont(theme.body_font())
        long = QFontMetrics(painter.font()).horizontalAdvance
        detail, remark = bar.detail, f"  {bar.remark}" if bar.remark else ""
        if remark and long(detail + remark) > line.width():
            detail, remark = _mark_apart(detail)  # which says as much as half a word would not
        room = QRectF(line)
        room.setWidth(line.width() - long(remark))
        painter.setPen(theme.colour("ink_soft"))
        line.setLeft(line.left() + _elided(painter, room, detail))
        painter.setPen(theme.colour("warning"))
        painter.drawText(line, _LEFT, remark)

    def _paint_bar(self, painter: QPainter) -> None:
        bar = self._bar
        left = MARGIN_PX + (_SIGN_PX + 8 if bar.service_type else 0)
        whole = QRectF(left, self.height() - _BAR_PX - 4, self.width() - left - MARGIN_PX, _BAR_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        _fill(painter, whole, 1.0, theme.colour("track"))
        missed = not math.isnan(bar.limit_share) and bar.share > bar.limit_share
        _fill(painter, whole, bar.share, theme.colour("loss" if missed else "measure"))
        for mark in (bar.base_share, bar.limit_share):
            if not math.isnan(mark):
                x = whole.left() + whole.width() * min(max(mark, 0.0), 1.0)
                painter.fillRect(
                    QRectF(x - 1, whole.top() - 3, 2, _BAR_PX + 6), theme.colour("ink")
                )


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _mark_apart(words: str) -> tuple[str, str]:
    """Return words without the mark of a limit at their end, and the mark with its space."""
    before, space, mark = words.rpartition("\u00a0")
    return (before, space + mark) if mark in MARKS.values() else (words, "")


def _elided(painter: QPainter, place: QRectF, words: str) -> float:
    """Draw `words` at the left of `place`, cut to its width; return the width used."""
    metrics = QFontMetrics(painter.font())
    shown = elided(words, metrics, place.width())
    painter.drawText(place, _LEFT, shown)
    return float(metrics.horizontalAdvance(shown))


def _fill(painter: QPainter, whole: QRectF, share: float, colour: QColor) -> None:
    part = QRectF(whole)
    part.setWidth(whole.width() * min(max(share, 0.0), 1.0))
    painter.setBrush(colour)
    painter.drawRoundedRect(part, _BAR_PX / 2, _BAR_PX / 2)
