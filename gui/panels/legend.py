"""The legend over the view: what the colours say, and the chooser of what they are to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QWidget

from gui import theme
from gui.colouring import FULL_CHANGE, FULL_WALK
from gui.panels.field_legend import FieldLegend
from gui.panels.limits import coloured, marked, meaning, within
from gui.panels.parts import Label, Segments, column, fit_height, row, set_tone
from gui.scene.style import RampKind, band_colours, band_edges, palette
from gui.view_state import ColourBy, ViewState
from twin.catalogues import families, service_types, walkers
from twin.language import text

if TYPE_CHECKING:
    from twin.costs import Unit
    from twin.standards import Standard

WIDTH_PX = 288
_TOP = 4
"""Room above the ramp for the mark of a limit."""
_RAMPS: Mapping[str, RampKind] = {
    "walk": "minutes",
    "none": "minutes",
    "full_circle": "share",
    "requirements_met": "share",
    "difference": "difference",
}


class Legend(QFrame):
    """A card at the lower left of the view.

    Signals
    -------
    chosen(colour_by)
        Another figure is to colour the buildings.
    """

    chosen = Signal(object)

    def __init__(self, state: ViewState, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setFixedWidth(WIDTH_PX)
        self._state = state
        layout = column(self, margin=8, gap=8)
        self._what = QComboBox()
        self._what.setProperty("flat", "true")
        self._what.setMaxVisibleItems(30)
        self._what.activated.connect(self._on_choice)
        layout.addWidget(self._what)
        self._whose = QLabel()
        self._whose.setContentsMargins(8, 0, 8, 0)
        set_tone(self._whose, "soft")
        self._limits = QLabel()
        self._limits.setContentsMargins(8, 0, 8, 0)
        set_tone(self._limits, "soft")
        self._limits.hide()
        line = row()
        line.addWidget(self._whose, 1)
        line.addWidget(self._limits)
        line.addStretch(0)
        layout.addLayout(line)
        self._time = QLabel()
        self._time.setContentsMargins(8, 0, 8, 0)
        self._time.setWordWrap(True)
        set_tone(self._time, "looked")
        self._time.hide()
        layout.addWidget(self._time)
        units = {unit: f"legend.unit_{unit}" for unit in FULL_WALK}
        self._units = Segments(units, self._on_unit)
        layout.addWidget(self._units)
        self._scale = Scale()
        layout.addWidget(self._scale)
        self._stairs = Label("legend.stairs")
        self._stairs.setWordWrap(True)
        self._stairs.setContentsMargins(8, 0, 8, 0)
        set_tone(self._stairs, "soft")
        self._stairs.hide()
        layout.addWidget(self._stairs)
        self._field = FieldLegend(state, WIDTH_PX - 16)
        layout.addWidget(self._field)
        self._fill()
        state.changed.connect(self._on_state)

    def fit(self) -> None:
        """Be as high as what is said needs."""
        fit_height(self, WIDTH_PX)

    def show_unknown(self, unknown: bool) -> None:
        """Say of homes without a colour that nobody counted their residents."""
        self._scale.show_unknown(unknown)

    def show_time(self, words: str) -> None:
        """Say which hour or year the colours are of; "" where that is the present."""
        if words != self._time.text():
            self._time.setText(words)
            self._time.setVisible(bool(words))
            self.fit()

    def show_limits(self, standard: Standard) -> None:
        """Mark the limits that the colours rest on, where they were not read in their own text."""
        by = self._state.seen.colour_by
        asked = coloured(by, standard)
        notes = meaning(asked)
        words = within(asked[0]) if by.what == "walk" and asked else ""
        if notes and not words:
            words = marked(text("legend.limits"), asked)
        if (words, notes) != (self._limits.text(), self._limits.toolTip()):
            self._limits.setText(words)
            self._limits.setToolTip(notes)
            self._limits.setAccessibleDescription(notes)
            self._limits.setVisible(bool(words))
            self.fit()

    def show_stairs(self, counted: bool) -> None:
        """Say what hatched storeys mean, where stairs are counted."""
        if counted == self._stairs.isHidden():
            self._stairs.setVisible(counted)
            self.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._fill()

    def _fill(self) -> None:
        self._what.clear()
        self._what.setAccessibleName(text("legend.colour_by"))
        self._what.setToolTip(text("legend.colour_by"))
        for what in ("requirements_met", "full_circle", "difference", "none"):
            self._what.addItem(text(f"legend.{what}"), (what, ""))
        for family in families().values():
            self._what.insertSeparator(self._what.count())
            for kind in service_types().values():
                if kind.family.id == family.id:
                    label = text("legend.walk", name=kind.name)
                    self._what.addItem(label, ("walk", kind.id))
        self._show()

    def _on_choice(self) -> None:
        what, kind = self._what.currentData()
        self.chosen.emit(ColourBy(what, kind))

    def _on_unit(self, unit: str) -> None:
        shown: Unit = "m" if unit == "m" else "min"
        self.chosen.emit(replace(self._state.seen.colour_by, unit=shown))

    def _on_state(self, names: frozenset[str]) -> None:
        if "colour_by" in names:
            self._show()
        if "field" in names:
            self._field.refresh()
            self.fit()

    def _show(self) -> None:
        by = self._state.seen.colour_by
        wanted = (by.what, by.service_type if by.what == "walk" else "")
        for index in range(self._what.count()):
            data = self._what.itemData(index)
            if data is not None and tuple(data) == wanted:
                self._what.setCurrentIndex(index)
        unit = text(f"legend.unit_{by.unit}")
        self._whose.setText(text("legend.whose", walker=walkers()[by.walker].name, unit=unit))
        self._whose.setVisible(by.what == "walk")
        self._units.setVisible(by.what == "walk")
        self._units.choose(by.unit)
        self._scale.show_scale(by)
        self.fit()


class Scale(QWidget):
    """The steps of the ramp with their edges, and the colours outside it."""

    def __init__(self) -> None:
        super().__init__()
        self._by = ColourBy()
        self._unknown = False

    @property
    def outside(self) -> list[str]:
        """What is said of the colours outside the ramp."""
        return [words for _, words in self._outside()]

    def show_unknown(self, unknown: bool) -> None:
        """Say of homes without a colour that nobody counted their residents."""
        if unknown != self._unknown:
            self._unknown = unknown
            self.update()

    def show_scale(self, by: ColourBy) -> None:
        """Show the scale of a colouring."""
        self._by = by
        self.setVisible(by.what != "none")
        self.setAccessibleName(", ".join(self._labels()))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for the ramp, its figures and the colours outside it."""
        return QSize(WIDTH_PX - 16, 64 + _TOP)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint steps, edges and the colour of the unreached."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.body_font())
        steps = self._colours()
        left, width = 8.0, (self.width() - 16.0) / len(steps)
        painter.setPen(Qt.PenStyle.NoPen)
        for number, step in enumerate(steps):
            painter.setBrush(QColor(step))
            painter.drawRect(QRectF(left + number * width, _TOP, width + 0.5, 12))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.colour("line_strong"))
        painter.drawRect(QRectF(left, _TOP, width * len(steps), 12))
        by = self._by
        if by.what == "walk" and by.limit and by.limit_unit in ("", by.unit):
            self._paint_limit(painter, left, width * len(steps))
        painter.setPen(theme.colour("ink_soft"))
        self._paint_edges(painter, left, width)
        self._paint_outside(painter)
        painter.end()

    def _paint_limit(self, painter: QPainter, left: float, whole: float) -> None:
        edges = band_edges("minutes", FULL_WALK[self._by.unit])
        steps = len(edges) - 1  # the last step is what lies beyond the ramp
        at = np.interp(self._by.limit, edges[:-1], np.arange(steps)) / steps
        x = left + whole * float(at)
        painter.fillRect(QRectF(x - 2.5, 0, 5, _TOP + 14), theme.colour("panel"))
        painter.fillRect(QRectF(x - 1, 0, 2, _TOP + 14), theme.colour("ink"))

    def _paint_edges(self, painter: QPainter, left: float, width: float) -> None:
        labels = self._labels()
        last = len(labels) - 1
        centred = self._by.what == "difference"  # the middle step stands for no change at all
        for number, label in enumerate(labels):
            at = left + (number + 0.5 * centred) * width
            place = QRectF(at - 40, _TOP + 14, 80, 20)
            align = Qt.AlignmentFlag.AlignHCenter
            if number == 0:
                place, align = QRectF(left, _TOP + 14, 120, 20), Qt.AlignmentFlag.AlignLeft
            elif number == last:
                end = self.width() - 8.0 if centred else at
                place, align = QRectF(end - 120, _TOP + 14, 120, 20), Qt.AlignmentFlag.AlignRight
            painter.drawText(place, align | Qt.AlignmentFlag.AlignVCenter, label)

    def _paint_outside(self, painter: QPainter) -> None:
        looks = palette(theme.tokens().name)
        x = 8.0
        for look, label in self._outside():
            painter.setPen(theme.colour("line_strong"))
            painter.setBrush(QColor(look))
            painter.drawRect(QRectF(x, _TOP + 43, 12, 12))
            if look == looks.unreached:  # hatched, as in the view
                hatch = QColor(look).darker(140)
                painter.fillRect(
                    QRectF(x, _TOP + 43, 12, 12), QBrush(hatch, Qt.BrushStyle.FDiagPattern)
                )
            painter.setPen(theme.colour("ink_soft"))
            width = painter.fontMetrics().horizontalAdvance(label)
            painter.drawText(
                QRectF(x + 20, _TOP + 38, width + 8, 22), Qt.AlignmentFlag.AlignVCenter, label
            )
            x += 20 + width + 16

    def _outside(self) -> list[tuple[str, str]]:
        looks = palette(theme.tokens().name)
        words = text("legend.not_known" if self._unknown else "legend.no_data")
        entries = [(looks.no_data, words)]
        if self._by.what == "walk":
            entries.insert(0, (looks.unreached, text("legend.unreached")))
        return entries

    def _colours(self) -> list[str]:
        steps = list(band_colours(_RAMPS[self._by.what]))
        if self._by.what == "difference":
            steps[len(steps) // 2] = palette(theme.tokens().name).building
        return steps

    def _labels(self) -> list[str]:
        if self._by.what == "difference":
            return self._changes()
        if _RAMPS[self._by.what] == "share":
            edges = [f"{edge * 100:.0f}" for edge in band_edges("share", 1.0)]
            return [*edges[:-1], edges[-1] + " %"]
        values = band_edges("minutes", FULL_WALK[self._by.unit])[:-1]
        words = [f"{value:g}" if value == round(value) else f"{value:.1f}" for value in values]
        unit = text(f"figure.{self._by.unit}")
        return [*words, unit]

    def _changes(self) -> list[str]:
        """Return the words at the ends of the ramp of differences and between them."""
        most = 100 * (1.0 if self._by.requirement else FULL_CHANGE)
        worse = text("legend.worse", most=f"{most:.0f}")
        better = text("legend.better", most=f"{most:.0f}")
        return [worse, "", "", text("legend.same"), "", "", better]
