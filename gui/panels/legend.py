"""The legend over the view: what the colours say, and the chooser of what they are to say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from gui.colouring import FULL_WALK
from gui.panels.field_legend import FieldLegend, is_as_homes
from gui.panels.limits import coloured, marked, meaning, within
from gui.panels.parts import (
    Chooser,
    IconButton,
    Segments,
    column,
    fit_height,
    row,
    set_tone,
)
from gui.panels.scale import Scale
from gui.view_state import ColourBy, ViewState
from twin.language import text
from twin.model.catalogues import families, service_types, walkers

if TYPE_CHECKING:
    from twin.standards import Standard
    from twin.streets.paces import Unit

WIDTH_PX, NARROW_PX = 304, 240
LOW_PX, TIGHT_PX, LEAST_PX = 660, 480, 400
"""In a lower view the legend folds; in one lower yet it says only what a tool in hand asks, and in
the lowest leaves the limit to the mark on its colours and to a tooltip."""


class Legend(QFrame):
    """A card at the lower left of the view; folded it shows only what the colours stand for.

    Folded while colours lie on the ground it leaves out words as well, and where room is tight
    the colours of homes.

    Signals
    -------
    chosen(colour_by)
        Another figure is to colour the buildings.
    folded()
        A person folded or unfolded it, which has another height now.
    """

    chosen = Signal(object)
    folded = Signal()

    def __init__(self, state: ViewState, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setFixedWidth(WIDTH_PX)
        self._state = state
        layout = column(self, margin=8, gap=8)
        self._what = Chooser()
        self._what.setProperty("flat", "true")
        self._what.setMaxVisibleItems(30)
        self._what.activated.connect(self._on_choice)
        first = row(gap=4)
        first.addWidget(self._what, 1)
        self._fold = IconButton("fold", "legend.fold", self.toggle)
        first.addWidget(self._fold)
        layout.addLayout(first)
        self._wished: bool | None = None
        self._tall = LOW_PX
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
        self._between = QLabel()
        self._between.setContentsMargins(8, 0, 8, 0)
        self._between.setWordWrap(True)
        self._between.setTextFormat(Qt.TextFormat.PlainText)
        self._between.hide()
        layout.addWidget(self._between)
        units = {unit: f"legend.unit_{unit}" for unit in FULL_WALK}
        self._units = Segments(units, self._on_unit)
        layout.addWidget(self._units)
        self._scale = Scale()
        layout.addWidget(self._scale)
        self._stairs = QLabel()
        self._stairs.setWordWrap(True)
        self._stairs.setContentsMargins(8, 0, 8, 0)
        set_tone(self._stairs, "soft")
        self._stairs.hide()
        layout.addWidget(self._stairs)
        self._field = FieldLegend(state, NARROW_PX - 16)
        layout.addWidget(self._field)
        self._fill()
        state.changed.connect(self._on_state)

    def fit(self) -> None:
        """Be as high as what is said needs."""
        fit_height(self, self.minimumWidth())

    @property
    def is_folded(self) -> bool:
        """Whether only colours and figures show: as a person wished, else where the view is low."""
        return self._tall < LOW_PX if self._wished is None else self._wished

    def set_room(self, tall: int) -> None:
        """Say how high the view is; who folded or unfolded by hand is not overruled."""
        if tall != self._tall:
            self._tall = tall
            self._show_parts()

    def set_narrow(self, narrow: bool) -> None:
        """Say whether the view is narrow."""
        self.setFixedWidth(NARROW_PX if narrow else WIDTH_PX)

    def toggle(self) -> None:
        """Fold it, or unfold it."""
        self._wished = not self.is_folded
        self._show_parts()
        self.folded.emit()

    def _show_parts(self) -> None:
        """Show what a folded or unfolded legend has."""
        by, field, folded = self._state.seen.colour_by, self._state.seen.field, self.is_folded
        walk = by.what == "walk"
        terse = folded and (field is not None or self._tall < LEAST_PX)
        ground_alone = field is not None and not is_as_homes(field, by) and self._tall < TIGHT_PX
        self._whose.setVisible(walk and not folded)
        self._limits.setVisible(bool(self._limits.text()) and not terse)
        limits = self._limits.text(), self._limits.toolTip()
        self._scale.setToolTip("\n".join(filter(None, limits)) if terse else "")
        self._time.setVisible(bool(self._time.text()) and not terse)
        self._units.setVisible(walk and not folded)
        self._stairs.setVisible(bool(self._stairs.text()) and not folded)
        self._scale.set_short(folded)
        self._scale.setVisible(by.what != "none" and not (folded and ground_alone))
        self._field.set_short(folded)
        self._fold.set_icon("unfold" if folded else "fold", f"legend.{'un' * folded}fold")
        self.fit()

    def show_unknown(self, unknown: bool) -> None:
        """Say of homes without a colour that nobody counted their residents."""
        self._scale.show_unknown(unknown)

    def show_time(self, words: str) -> None:
        """Say which hour or year the colours are of; "" where that is the present."""
        if words != self._time.text():
            self._time.setText(words)
            self._show_parts()

    def show_difference(self, words: str) -> None:
        """Say of what the colours are the difference, and between which scenarios; "" of none."""
        if words != self._between.text():
            self._between.setText(words)
            self._between.setVisible(bool(words))
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
            self._show_parts()

    def show_stairs(self, words: str) -> None:
        """Say what the colours of storeys mean, where stairs are counted."""
        if words != self._stairs.text():
            self._stairs.setText(words)
            self._show_parts()

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
        if names & {"colour_by", "field", "held"}:
            self._field.refresh()
        if "colour_by" in names:
            self._show()
        elif "field" in names:
            self._show_parts()

    def _show(self) -> None:
        by = self._state.seen.colour_by
        wanted = (by.what, by.service_type if by.what == "walk" else "")
        for index in range(self._what.count()):
            data = self._what.itemData(index)
            if data is not None and tuple(data) == wanted:
                self._what.setCurrentIndex(index)
        unit = text(f"legend.unit_{by.unit}")
        self._whose.setText(text("legend.whose", walker=walkers()[by.walker].name, unit=unit))
        self._units.choose(by.unit)
        self._scale.show_scale(by)
        self._show_parts()
