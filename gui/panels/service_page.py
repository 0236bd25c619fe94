"""The inspector's page of a service: type, area and capacity to edit, and who it serves."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLabel, QVBoxLayout, QWidget

from gui.panels import figures
from gui.panels.limits import meaning
from gui.panels.number_field import EntryLine, NumberField, numbered
from gui.panels.page import Page
from gui.panels.parts import TextButton, clear, labelled, row, set_tone
from layers.schema import SERVICE_STATUSES
from twin.assessment.explain import serves
from twin.language import name_of, text
from twin.model.allowed import allowed, allowed_places
from twin.model.catalogues import service_types
from twin.model.edits import ChangeService, MoveService

if TYPE_CHECKING:
    from twin.assessment.assess import Assessment


class ServicePage(Page):
    """Fields write one edit each when they are left."""

    _serves: QVBoxLayout
    _said: tuple[dict[str, str], str] | None = None

    def build(self) -> None:
        """Make the fields."""
        fields = self.box()
        self._name = EntryLine()
        self._area, self._capacity = (
            NumberField(unit, limits=partial(allowed, "services", name))
            for name, unit in (("floor_area_m2", "m²"), ("capacity", ""))
        )
        self._east, self._north = (
            NumberField(decimals=1, limits=partial(self._reach, axis), needed=True)
            for axis in (0, 1)
        )
        self._status = QComboBox()
        for status in SERVICE_STATUSES:
            self._status.addItem(text(f"service.status.{status}"), status)
        pairs: tuple[tuple[str, QWidget], ...] = (
            ("service.name", self._name),
            ("service.floor_area", self._area),
            ("service.capacity", self._capacity),
            ("service.state", self._status),
            ("service.east", self._east),
            ("service.north", self._north),
        )
        for key, field in pairs:
            if isinstance(field, NumberField):
                fields.addWidget(numbered(text(key), field))
            else:
                fields.addWidget(labelled(text(key), field))
        self._name.editingFinished.connect(self._write_name)
        self._area.entered.connect(lambda value: self._write("floor_area_m2", value))
        self._capacity.entered.connect(lambda value: self._write("capacity", value))
        self._status.activated.connect(lambda: self._write("status", self._status.currentData()))
        self._east.entered.connect(lambda x: self._move(x, self._place[1]))
        self._north.entered.connect(lambda y: self._move(self._place[0], y))
        self.heading(text("service.serves"))
        self._serves = self.box()
        buttons = self.box(16)
        line = row(gap=8)
        line.addWidget(TextButton("service.copy", lambda: self.asked.emit("copy", None)))
        line.addWidget(TextButton("service.remove", lambda: self.asked.emit("remove", None)))
        line.addStretch(1)
        buttons.addLayout(line)

    def refresh(self) -> None:
        """Show the service as it is now."""
        record = self.record
        kinds = [
            service_types()[t].name for t in str(record["types"]).split(",") if t in service_types()
        ]
        self.say(record["name"] or ", ".join(kinds), ", ".join(kinds))
        self._show(record)
        self._show_served(record)

    def _show_served(self, record: dict[str, object]) -> None:
        """Say whom it serves; what was said before stays until there are figures of what is shown.

        The inspector's head says that newer ones are awaited.
        """
        assessment = self.document.assessment if self.document.answered else None
        if assessment is None:
            if not self._said:
                self._say_served({}, text("score.updating"))
            return
        found = served(assessment, self.feature[1])
        asked = [r.requirement for r in assessment.results]
        self.explain(self._serves, meaning(one for one in asked if one.marked_name() in found))
        why = "" if found else self._why_nobody(str(record["types"]).split(","))
        self._say_served(found, why)

    def _say_served(self, found: dict[str, str], otherwise: str) -> None:
        said = found, otherwise
        if said == self._said:
            return
        self._said = said
        clear(self._serves)
        self.facts(self._serves, found)
        if otherwise:
            words = QLabel(otherwise)
            words.setWordWrap(True)
            set_tone(words, "soft")
            self._serves.addWidget(words)

    def _why_nobody(self, types: list[str]) -> str:
        standard = self.document.standard
        if not any(set(types) & set(wanted.service_types) for wanted in standard.requirements):
            return text("service.no_limit", standard=name_of(standard.name))
        return text("service.serves_nobody")

    def _show(self, record: dict[str, object]) -> None:
        if not self._name.hasFocus() or not self._name.isModified():
            self._name.setText(str(record["name"]))
        self._area.show_value(_number(record["floor_area_m2"]))
        self._capacity.show_value(_number(record["capacity"]))
        east, north = self._place
        self._east.show_value(east)
        self._north.show_value(north)
        self._status.setCurrentIndex(SERVICE_STATUSES.index(str(record["status"])))

    @property
    def _place(self) -> tuple[float, float]:
        middle = self.record["geometry"].representative_point()
        return middle.x, middle.y

    def _reach(self, axis: int) -> tuple[float, float]:
        """Return how far east (0) or north (1) the service may go."""
        return allowed_places(self.document.session.base)[axis]

    def _move(self, x: float, y: float) -> None:
        self.document.do("history.move", MoveService(self.feature[1], x, y))

    def _write_name(self) -> None:
        self._name.setModified(False)
        self._write("name", self._name.text())

    def _write(self, column: str, value: str | float) -> None:
        old = self.record[column]
        same = old == value or (old != old and value != value)
        if not same:
            self.document.do("history.change", ChangeService(self.feature[1], {column: value}))


def served(assessment: Assessment, service_id: int) -> dict[str, str]:
    """Return, by requirement, how many people have this service nearest and within the limit."""
    return {
        assessment.result(row.requirement_id).requirement.marked_name(): text(
            "service.serves_people", count=figures.people(row.people)
        )
        for row in serves(assessment, service_id)
    }


def _number(value: object) -> float:
    return value if isinstance(value, float) else math.nan
