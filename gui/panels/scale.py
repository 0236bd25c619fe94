"""The steps of a ramp with their edges and the colours outside it: on a panel, or on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.colouring import FULL_CHANGE, FULL_WALK
from gui.scene.style import RampKind, band_colours, band_edges, palette
from gui.theme import Tokens
from gui.view_state import ColourBy
from twin.language import text

WIDTH_PX, HEIGHT_PX, SHORT_PX = 272, 68, 38
_APART = 3.0
"""Between two words under the ramp, at the least."""
_TOP = 4
"""Room above the ramp for the mark of a limit."""
_RAMPS: Mapping[str, RampKind] = {
    "walk": "minutes",
    "none": "minutes",
    "full_circle": "share",
    "requirements_met": "share",
    "difference": "difference",
}


@dataclass(frozen=True)
class Steps:
    """What is said of a colouring.

    Parameters
    ----------
    by
        The colouring.
    unknown
        Homes without a colour are those whose residents nobody counted.
    """

    by: ColourBy
    unknown: bool = False

    def paint(self, painter: QPainter, wide: float, tokens: Tokens, *, short: bool = False) -> None:
        """Paint steps and edges, `wide` logical pixels wide; below, unless `short`, the rest."""
        painter.setFont(theme.body_font())
        steps = self._colours(tokens)
        left, width = 8.0, (wide - 16.0) / len(steps)
        painter.setPen(Qt.PenStyle.NoPen)
        for number, step in enumerate(steps):
            painter.setBrush(QColor(step))
            painter.drawRect(QRectF(left + number * width, _TOP, width + 0.5, 12))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(tokens.line_strong))
        painter.drawRect(QRectF(left, _TOP, width * len(steps), 12))
        by = self.by
        if by.what == "walk" and by.limit and by.limit_unit in ("", by.unit):
            self._paint_limit(painter, left, width * len(steps), tokens)
        painter.setPen(QColor(tokens.ink_soft))
        self._paint_edges(painter, left, width, wide)
        if not short:
            self._paint_outside(painter, tokens)

    def _paint_limit(self, painter: QPainter, left: float, whole: float, tokens: Tokens) -> None:
        edges = band_edges("minutes", FULL_WALK[self.by.unit])
        steps = len(edges) - 1  # the last step is what lies beyond the ramp
        at = np.interp(self.by.limit, edges[:-1], np.arange(steps)) / steps
        x = left + whole * float(at)
        painter.fillRect(QRectF(x - 2.5, 0, 5, _TOP + 14), QColor(tokens.panel))
        painter.fillRect(QRectF(x - 1, 0, 2, _TOP + 14), QColor(tokens.ink))

    def _paint_edges(self, painter: QPainter, left: float, width: float, wide: float) -> None:
        labels, metrics = self.labels(), painter.fontMetrics()
        last = len(labels) - 1
        centred = self.by.what == "difference"  # the middle step stands for no change at all
        end = wide - 8.0 if centred else left + last * width
        free_from, free_to = left, end
        for number in (0, last, *range(1, last)):  # where room is short the middle gives way
            long = float(metrics.horizontalAdvance(labels[number]))
            x = left + (number + 0.5 * centred) * width - long / 2
            if number == 0:
                x, free_from = left, left + long + _APART
            elif number == last:
                x, free_to = end - long, end - long - _APART
            elif x < free_from or x + long > free_to:
                continue
            else:
                free_from = x + long + _APART
            room = QRectF(x, _TOP + 14, long + 1, 20)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, labels[number])

    def _paint_outside(self, painter: QPainter, tokens: Tokens) -> None:
        looks = palette(tokens.name)
        x = 8.0
        for look, label in self.outside(tokens):
            painter.setPen(QColor(tokens.line_strong))
            painter.setBrush(QColor(look))
            painter.drawRect(QRectF(x, _TOP + 43, 12, 12))
            if look == looks.unreached:  # hatched, as in the view
                _hatch(painter, QRectF(x, _TOP + 43, 12, 12), QColor(look))
            painter.setPen(QColor(tokens.ink_soft))
            width = painter.fontMetrics().horizontalAdvance(label)
            painter.drawText(
                QRectF(x + 20, _TOP + 38, width + 8, 22), Qt.AlignmentFlag.AlignVCenter, label
            )
            x += 20 + width + 16

    def outside(self, tokens: Tokens) -> list[tuple[str, str]]:
        """Return the colours outside the ramp and what is said of them."""
        looks = palette(tokens.name)
        words = text("legend.not_known" if self.unknown else "legend.no_data")
        entries = [(looks.no_data, words)]
        if self.by.what == "walk":
            entries.insert(0, (looks.unreached, text("legend.unreached")))
        return entries

    def _colours(self, tokens: Tokens) -> list[str]:
        steps = list(band_colours(_RAMPS[self.by.what], tokens.name))
        if self.by.what == "difference":
            steps[len(steps) // 2] = palette(tokens.name).unchanged
        return steps

    def labels(self) -> list[str]:
        """Return the words at the edges of the steps."""
        if self.by.what == "difference":
            return self._changes()
        if _RAMPS[self.by.what] == "share":
            edges = [f"{edge * 100:.0f}" for edge in band_edges("share", 1.0)]
            return [*edges[:-1], edges[-1] + " %"]
        values = band_edges("minutes", FULL_WALK[self.by.unit])[:-1]
        words = [f"{value:g}" if value == round(value) else f"{value:.1f}" for value in values]
        unit = text(f"figure.{self.by.unit}")
        return [*words, unit]

    def _changes(self) -> list[str]:
        """Return the words at the ends of the ramp of differences and between them."""
        most = 100 * (1.0 if self.by.requirement else FULL_CHANGE)
        worse = text("legend.worse", most=f"{most:.0f}")
        better = text("legend.better", most=f"{most:.0f}")
        return [worse, "", "", text("legend.same"), "", "", better]


class Scale(QWidget):
    """The steps on a panel."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = Steps(ColourBy())
        self._short = False

    @property
    def outside(self) -> list[str]:
        """What is said of the colours outside the ramp."""
        return [words for _, words in self.steps.outside(theme.tokens())]

    def show_unknown(self, unknown: bool) -> None:
        """Say of homes without a colour that nobody counted their residents."""
        if unknown != self.steps.unknown:
            self.steps = replace(self.steps, unknown=unknown)
            self.update()

    def set_short(self, short: bool) -> None:
        """Leave away what is said of the colours outside the ramp, or say it again."""
        if short != self._short:
            self._short = short
            self.updateGeometry()
            self.update()

    def show_scale(self, by: ColourBy) -> None:
        """Show the scale of a colouring."""
        self.steps = replace(self.steps, by=by)
        self.setVisible(by.what != "none")
        self.setAccessibleName(", ".join(self.steps.labels()))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for the ramp, its figures and the colours outside it."""
        return QSize(WIDTH_PX, SHORT_PX if self._short else HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        """Return the same height: a narrow card has narrower steps."""
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the steps as the window is dressed."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.steps.paint(painter, self.width(), theme.tokens(), short=self._short)
        painter.end()


def _hatch(painter: QPainter, box: QRectF, look: QColor) -> None:
    """Draw slanting lines that are as wide at every scale of the screen."""
    painter.save()
    painter.setClipRect(box)
    ink = look.darker(190) if look.lightnessF() > 0.5 else look.lighter(190)
    painter.setPen(QPen(ink, 1.2))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for step in np.arange(-box.width(), box.height() + 1, 4.0):
        corner = box.topLeft() + QPointF(0.0, float(step))
        painter.drawLine(QLineF(corner, corner + QPointF(box.width(), box.width())))
    painter.restore()
