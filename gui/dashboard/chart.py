"""Charts of shares: columns with the base and a target line, and curves of walking distance.

Painted by Qt itself: a chart library took 0.4 s to load, and knew neither our type and theme nor
the keyboard.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.panels import figures
from gui.panels.parts import tip
from twin.figures import bounded

TOP_PX, LEFT_PX, RIGHT_PX = 24, 56, 16
_LABEL_PX, _APART_PX, _MOST_LINES = 4, 8, 3
"""Between axis and labels; between labels; lines of a label, of which more would leave no chart."""
_WIDEST_PX = 56
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class ShareColumn:
    """One column: what it is of, its share now and in the base (NaN for none), what it leads to.

    `words` stand in the place of a share that there is none of; `at_least`: the share is a lower
    bound.
    """

    name: str
    share: float
    base: float = math.nan
    detail: str = ""
    value: object = None
    words: str = ""
    at_least: bool = False

    @property
    def figure(self) -> str:
        """What stands over the column."""
        return self.words or bounded(self.share, self.at_least)


class ColumnChart(QWidget):
    """Columns from 0 to 100 %; Left and Right choose one, Enter or a click follows it."""

    def __init__(self, followed: Callable[[object], object]) -> None:
        super().__init__()
        self._followed = followed
        self._columns: tuple[ShareColumn, ...] = ()
        self._target = math.nan
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)

    @property
    def columns(self) -> tuple[ShareColumn, ...]:
        """What is shown."""
        return self._columns

    def show_columns(self, columns: Sequence[ShareColumn], target: float = math.nan) -> None:
        """Show other columns, and the share that is aimed at as a line across them."""
        self._columns, self._target = tuple(columns), target
        self._at = min(self._at, max(0, len(self._columns) - 1))
        said = [f"{c.name} {c.figure}" for c in self._columns]
        self.setAccessibleName(", ".join(said))
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size that shows six columns well."""
        return QSize(480, 200)

    def place_of(self, number: int) -> QRectF:
        """Return where a column stands, from the axis to the top."""
        room = self._room()
        step = room.width() / max(1, len(self._columns))
        width = min(_WIDEST_PX, step * 0.56)
        return QRectF(
            room.left() + step * (number + 0.5) - width / 2, room.top(), width, room.height()
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose another column, or follow the chosen one."""
        key = Qt.Key(event.key())
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key, 0)
        if step and self._columns:
            self._at = min(max(self._at + step, 0), len(self._columns) - 1)
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._columns:
            self._followed(self._columns[self._at].value)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Follow the column under the pointer."""
        at = self._under(event.position())
        if at >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._at = at
            self.update()
            self._followed(self._columns[at].value)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say the figures of the column under the pointer."""
        at = self._under(event.position())
        self.setToolTip(tip(_said(self._columns[at])) if at >= 0 else "")

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which column the keyboard is on."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no more."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint axis, columns, the base as a line across each, and the target."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.body_font())
        room = self._room()
        _paint_axis(painter, room)
        for number, one in enumerate(self._columns):
            self._paint_column(painter, number, one)
        if not math.isnan(self._target):
            y = room.bottom() - self._target * room.height()
            painter.setPen(QPen(theme.colour("ink"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
        painter.end()

    def _paint_column(self, painter: QPainter, number: int, one: ShareColumn) -> None:
        place = self.place_of(number)
        step = self._room().width() / len(self._columns)
        if not math.isnan(one.share):
            height = place.height() * one.share
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("measure"))
            painter.drawRect(QRectF(place.left(), place.bottom() - height, place.width(), height))
        if not math.isnan(one.base):
            y = place.bottom() - place.height() * one.base
            painter.fillRect(
                QRectF(place.left() - 5, y - 1, place.width() + 10, 2), theme.colour("ink")
            )
        top = place.bottom() - place.height() * (0.0 if math.isnan(one.share) else one.share)
        painter.setPen(theme.colour("ink_soft" if one.words else "ink"))
        painter.setFont(theme.body_font(bold=not one.words))
        lines = 2 if one.words else 1
        figure = QRectF(
            place.center().x() - step / 2 + 4, top - 2 - 20 * lines, step - 8, 20 * lines
        )
        low = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        painter.drawText(figure, low | Qt.TextFlag.TextWordWrap, one.figure)
        painter.setFont(theme.body_font())
        painter.setPen(theme.colour("ink_soft"))
        label = self.label_place(number)
        painter.drawText(label, _LABEL, self._label(one.name))
        if self.hasFocus() and number == self._at:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(label.left(), 2, label.width(), self.height() - 4))

    def label_place(self, number: int) -> QRectF:
        """Return where the name of a column stands, as high as the longest of them needs."""
        place, width = self.place_of(number), self._label_width()
        top = place.bottom() + _LABEL_PX
        return QRectF(place.center().x() - width / 2, top, width, self.height() - top - _LABEL_PX)

    def label_height(self, name: str) -> float:
        """Return how high a name is in the width of a column."""
        metrics = QFontMetrics(theme.body_font())
        room = QRectF(0, 0, self._label_width(), 1000)
        return QFontMetricsF(metrics).boundingRect(room, _LABEL, self._label(name)).height()

    def _label_width(self) -> float:
        across = self.width() - LEFT_PX - RIGHT_PX
        return max(across / max(1, len(self._columns)) - _APART_PX, 1.0)

    def _label(self, name: str) -> str:
        """Return a name that begins a line with what stands in brackets, where it needs lines."""
        metrics = QFontMetrics(theme.body_font())
        if metrics.horizontalAdvance(name) <= self._label_width():
            return name
        return name.replace("（", "\n（")

    def _room(self) -> QRectF:
        most = QFontMetrics(theme.body_font()).lineSpacing() * _MOST_LINES
        wanted = max((self.label_height(one.name) for one in self._columns), default=0.0)
        below = min(wanted, most) + 2 * _LABEL_PX
        across = self.width() - LEFT_PX - RIGHT_PX
        return QRectF(LEFT_PX, TOP_PX, across, self.height() - TOP_PX - below)

    def _under(self, point: QPointF) -> int:
        room = self._room()
        if not self._columns or not room.left() <= point.x() <= room.right():
            return -1
        step = room.width() / len(self._columns)
        return min(int((point.x() - room.left()) / step), len(self._columns) - 1)


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve: what it is of, and the walks of people with their numbers."""

    name: str
    cost: NDArray[np.float64]
    people: NDArray[np.float64]
    base: bool = False

    def share_within(self, limits: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return which part of the people walks at most each limit."""
        order = np.argsort(self.cost, kind="stable")
        upto = np.concatenate([[0.0], np.cumsum(self.people[order])])
        total = upto[-1] or 1.0
        found: NDArray[np.float64] = (
            upto[np.searchsorted(self.cost[order], limits, side="right")] / total
        )
        return found


class CurveChart(QWidget):
    """Which part of the people has a service within how far, with the limit as an upright line."""

    def __init__(self) -> None:
        super().__init__()
        self._curves: tuple[Curve, ...] = ()
        self._limit, self._unit = math.nan, "m"

    @property
    def curves(self) -> tuple[Curve, ...]:
        """What is shown."""
        return self._curves

    def show_curves(self, curves: Sequence[Curve], limit: float, unit: str) -> None:
        """Show other curves, from nothing to three limits."""
        self._curves, self._limit, self._unit = tuple(curves), limit, unit
        shares = [c.share_within(np.array([limit]))[0] for c in curves]
        said = [f"{c.name} {figures.share(float(s))}" for c, s in zip(curves, shares, strict=True)]
        self.setAccessibleName(", ".join(said))
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size in which a curve can be read."""
        return QSize(480, 200)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint axes, the limit and the curves."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.body_font())
        room = QRectF(
            LEFT_PX, TOP_PX, self.width() - LEFT_PX - RIGHT_PX, self.height() - TOP_PX - 28
        )
        _paint_axis(painter, room)
        if self._curves and not math.isnan(self._limit):
            self._paint_curves(painter, room)
        painter.end()

    def _paint_curves(self, painter: QPainter, room: QRectF) -> None:
        last = 3 * self._limit
        painter.setPen(theme.colour("ink_soft"))
        for part in range(7):
            x = room.left() + room.width() * part / 6
            words = figures.walk(last * part / 6, self._unit)
            align = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            width = QFontMetrics(painter.font()).horizontalAdvance(words)
            left = min(max(x - 40, 0.0), self.width() - width - 44.0)
            painter.drawText(QRectF(left, room.bottom() + 4, 80, 20), align, words)
        x = room.left() + room.width() / 3
        painter.setPen(QPen(theme.colour("ink"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        limits = np.linspace(0.0, last, 181)
        for curve in self._curves:
            share = curve.share_within(limits)
            points = [
                QPointF(room.left() + room.width() * d / last, room.bottom() - room.height() * s)
                for d, s in zip(limits.tolist(), share.tolist(), strict=True)
            ]
            tone, style = ("ink_soft", _DOTS) if curve.base else ("measure", _SOLID)
            painter.setPen(QPen(theme.colour(tone), 1.5 if curve.base else 2.5, style))
            painter.drawPolyline(QPolygonF(points))


_LABEL = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_DOTS, _SOLID = Qt.PenStyle.DotLine, Qt.PenStyle.SolidLine


def _paint_axis(painter: QPainter, room: QRectF) -> None:
    for tick in _TICKS:
        y = room.bottom() - tick * room.height()
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
        painter.setPen(theme.colour("ink_soft"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, y - 10, room.left() - 8, 20), right, f"{tick:.0%}")


def _said(one: ShareColumn) -> str:
    return "\n".join(filter(None, (one.name, one.figure, one.detail)))
