"""The inspector's page of several features: how many of what, and what can be done to all."""

from __future__ import annotations

import math
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLabel, QVBoxLayout, QWidget

from gui.panels import figures
from gui.panels.number_field import NumberField, numbered
from gui.panels.parts import clear, column, fact_row, labelled, plain_button
from gui.view_state import Feature, ViewState
from layers.schema import SERVICE_STATUSES
from twin.language import text
from twin.model.allowed import allowed
from twin.model.edits import ChangeBuilding, ChangeService, Edit

if TYPE_CHECKING:
    from gui.document import Document


class ManyPage(QWidget):
    """Counts the features by layer; a button keeps one layer only.

    Signals
    -------
    asked(what, value)
        Something that only the window can do (``remove``, ``said``).
    """

    asked = Signal(str, object)

    def __init__(self, document: Document, state: ViewState) -> None:
        super().__init__()
        self.feature: Feature = ("", -1)
        self._document, self._state = document, state
        self._column: QVBoxLayout = column(self, gap=8)
        self._column.setContentsMargins(16, 0, 16, 16)
        self._shown: tuple[Feature, ...] = ()

    def refresh(self) -> None:
        """Show what is selected now."""
        chosen = self._state.seen.chosen
        if chosen == self._shown:
            return
        self._shown = chosen
        clear(self._column)
        counts = Counter(role for role, _ in chosen)
        self._column.addWidget(_title(text("many.title", count=f"{len(chosen):,}")))
        for role, count in counts.items():
            if len(counts) == 1:
                self._column.addWidget(fact_row(text(f"role.{role}"), f"{count:,}"))
            else:
                words = text("many.only", role=text(f"role.{role}"), count=f"{count:,}")
                self._column.addWidget(plain_button(words, partial(self._keep, role)))
        if set(counts) == {"services"}:
            self._offer_services(counts["services"])
        if set(counts) == {"buildings"}:
            self._offer_buildings()

    def _offer_services(self, count: int) -> None:
        box = QComboBox()
        for status in ("", *SERVICE_STATUSES):
            box.addItem(text(f"service.status.{status}") if status else "–", status)
        box.activated.connect(lambda: self._set_status(box.currentData()))
        self.status = box
        self._column.addWidget(labelled(text("many.status"), box))
        words = text("many.remove", count=f"{count:,}")
        self._column.addWidget(plain_button(words, lambda: self.asked.emit("remove", None)))

    def _offer_buildings(self) -> None:
        buildings = self._document.session.district.buildings
        rows = buildings.rows_of(self._ids("buildings"))
        people = float(buildings["residents"][rows[rows >= 0]].sum())
        if not math.isnan(people):
            self._column.addWidget(fact_row(text("many.residents"), figures.number(people)))
        # Unknown for all of them at once is nothing that anybody finds out: a number is needed.
        self.storeys = NumberField(limits=partial(allowed, "buildings", "storeys"), needed=True)
        self.storeys.entered.connect(lambda value: self._change_buildings({"storeys": value}))
        self._column.addWidget(numbered(text("many.storeys"), self.storeys))
        self.lift = plain_button(text("many.lift"), self._add_lifts)
        self._column.addWidget(self.lift)

    def _add_lifts(self) -> None:
        self._change_buildings({"has_lift": True})

    def _ids(self, role: str) -> list[int]:
        return [id_ for which, id_ in self._state.seen.chosen if which == role]

    def _keep(self, role: str) -> None:
        kept = [feature for feature in self._state.seen.chosen if feature[0] == role]
        self._state.set(selected=kept[0], also=tuple(kept[1:]))

    def _set_status(self, status: str) -> None:
        if status:
            self._do([ChangeService(id_, {"status": status}) for id_ in self._ids("services")])

    def _change_buildings(self, values: dict[str, float | bool]) -> None:
        self._do([ChangeBuilding(id_, dict(values)) for id_ in self._ids("buildings")])

    def _do(self, edits: list[Edit]) -> None:
        if self._document.do("history.many", *edits):
            self.asked.emit("said", text("done.changed_many", count=f"{len(edits):,}"))


def _title(words: str) -> QWidget:
    label = QLabel(words)
    label.setProperty("weight", "bold")
    return label
