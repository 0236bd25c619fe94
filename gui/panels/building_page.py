"""The inspector's page of a building: who lives there and how far they walk."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtWidgets import QLabel, QVBoxLayout
from shiboken6 import isValid

from gui.panels import figures
from gui.panels.bars import Bar, BarRow
from gui.panels.correct_building import CorrectBuilding
from gui.panels.limits import meaning, within
from gui.panels.page import Page
from gui.panels.parts import clear, set_tone
from layers.schema import AGE_BANDS
from twin.assessment.explain import explain, farthest_origin
from twin.language import name_of, text

if TYPE_CHECKING:
    from twin.assessment.assess import Assessment, Result
    from twin.walking.routes import Route

Record: TypeAlias = Mapping[str, object]
SHOWN_LIMITS = 2.0
"""The bar of a walk ends at this many times the limit."""


class BuildingPage(Page):
    """A row for each requirement with the walk to its service, then the residents by age."""

    _facts: QVBoxLayout
    _walks: QVBoxLayout

    def build(self) -> None:
        """Make room for walks and facts."""
        self._note = QLabel()
        self._note.setWordWrap(True)
        self._note.setContentsMargins(16, 0, 16, 8)
        set_tone(self._note, "soft")
        self.column.addWidget(self._note)
        self._walks = QVBoxLayout()
        self._walks.setSpacing(0)
        self.column.addLayout(self._walks)
        self._rows: dict[str, BarRow] = {}
        self._minutes: Mapping[str, float] = {}
        self._way = QLabel(self)
        self._way.setWordWrap(True)
        self._way.setContentsMargins(42, 4, 16, 12)
        set_tone(self._way, "soft")
        self._way.hide()
        self._chosen = ""
        self.state.changed.connect(self._on_state)
        self.heading(text("building.who"))
        self._facts = self.box()
        self.heading(text("building.correct"))
        self._correct = CorrectBuilding(self.document, self.feature[1])
        self.column.addWidget(self._correct)

    def refresh(self) -> None:
        """Show the building as it is now."""
        record = self.record
        name = record["name"] or record["address"] or text("building.unnamed", id=record["id"])
        self.say(name, building_line(record))
        if self.document.answered:
            self._minutes = {}
            if self.document.preview is None:  # every step of the hand would search anew
                self.document.find_minutes(self.feature[1], self._take_minutes)
        self._show_walks()
        clear(self._facts)
        self.facts(self._facts, residents(record))
        self._correct.refresh(record)

    def _show_walks(self) -> None:
        assessment = self.document.assessment
        if assessment is None or not (assessment.origins.building_id == self.feature[1]).any():
            self._note.setText(text(self._why_no_walks(assessment)))
            self._drop_rows()
            return
        self._note.setText(text("inspector.walks_help"))
        for result in assessment.results:
            if result.status != "not_assessed":
                self._show_walk(assessment, result)

    def _why_no_walks(self, assessment: Assessment | None) -> str:
        if assessment is None or not self.document.answered:
            return "score.updating"
        row = assessment.district.buildings.row_of(self.feature[1])
        unknown = assessment.origins.demand.unknown[row]
        return "inspector.residents_not_known" if unknown else "inspector.no_walks"

    def _show_walk(self, assessment: Assessment, result: Result) -> None:
        key = result.requirement.id
        origin = farthest_origin(assessment, self.feature[1], key)
        why = explain(assessment, origin, key)
        bar = self._bar(result, origin, why.sentence if why.verdict == "unreached" else "")
        if key not in self._rows:
            self._rows[key] = line = BarRow(bar)
            line.clicked.connect(lambda _=False, k=key: self._choose(k))
            self._walks.addWidget(line)
        self._rows[key].set_bar(bar)

    def _bar(self, result: Result, origin: int, reason: str) -> Bar:
        wanted = result.requirement
        walk = float(result.cost[origin])
        services = self.document.district.services
        row = int(services.rows_of([int(result.service_id[origin])])[0])
        there = services["name"][row] if row >= 0 else ""
        return Bar(
            name_of(wanted.name),
            self._figure(wanted.id, walk, wanted.unit),
            math.nan if math.isnan(walk) else min(walk / wanted.limit / SHOWN_LIMITS, 1.0),
            detail=f"{within(wanted)}  {reason or there}",
            note=meaning([wanted]),
            service_type=wanted.service_types[0],
            limit_share=1 / SHOWN_LIMITS,
        )

    def _figure(self, requirement: str, walk: float, unit: str) -> str:
        """Return the requirement's own figure, and the time beside a length."""
        minutes = self._minutes.get(requirement, math.nan)
        if math.isfinite(walk) and math.isfinite(minutes):
            both = figures.walk(walk, unit), figures.minutes(minutes)
            return text("building.length_and_time", length=both[0], time=both[1])
        return figures.walk(walk, unit)

    def _take_minutes(self, minutes: Mapping[str, float]) -> None:
        if self.document.assessment is not None and isValid(self):
            self._minutes = minutes
            self._show_walks()

    def _drop_rows(self) -> None:
        self._walks.removeWidget(self._way)
        self._way.hide()
        clear(self._walks)
        self._rows.clear()

    def _choose(self, requirement: str) -> None:
        self._chosen = requirement if self._rows[requirement].isChecked() else ""
        self._way.hide()
        self._mark()
        self.asked.emit("route", (self.feature[1], requirement) if self._chosen else None)

    def _mark(self) -> None:
        for key, line in self._rows.items():
            line.setChecked(key == self._chosen)

    def _on_state(self, names: frozenset[str]) -> None:
        if "route" not in names:
            return
        way = self.state.seen.route
        if way is None or self._chosen not in self._rows:
            self._chosen = ""
            self._way.hide()
            self._mark()
            return
        self._way.setText(way_line(way))
        self._walks.removeWidget(self._way)
        self._walks.insertWidget(self._walks.indexOf(self._rows[self._chosen]) + 1, self._way)
        self._way.show()


def way_line(way: Route) -> str:
    """Return a walk's length and time, its legs off the streets, and its waits at signals."""
    return text(
        "building.way",
        length=figures.length(way.metres),
        time=figures.minutes(way.minutes),
        home=figures.length(way.home_leg_m),
        service=figures.length(way.service_leg_m),
        waits=figures.number(way.waits_s),
    )


def building_line(record: Record) -> str:
    """Return who lives in a building and what it is, in one line."""
    parts = [text(f"building.use.{record['use']}")]
    if _number(record, "residents") > 0:
        count = figures.number(_number(record, "residents"))
        parts.insert(0, text("building.residents_count", count=count))
    if _number(record, "storeys") > 0:
        parts.append(text("building.storeys", count=figures.number(_number(record, "storeys"))))
    parts.append(text("building.lift_yes" if record["has_lift"] else "building.lift_no"))
    if _number(record, "built_year") > 0:
        parts.append(text("building.built", year=f"{_number(record, 'built_year'):.0f}"))
    if _number(record, "dwellings") > 0:
        parts.append(text("building.dwellings", count=figures.number(_number(record, "dwellings"))))
    whole = (part.replace(" ", "\u00a0") for part in parts)  # no figure is parted from its unit
    return text("building.between").join(whole)


def residents(record: Record) -> dict[str, str]:
    """Return who lives in a building, by the names of the groups."""
    names = {"residents": "building.residents"}
    names |= {band: f"band.{band}" for band in AGE_BANDS} | {"disabled": "building.disabled"}
    known = {text(key): _number(record, column) for column, key in names.items()}
    facts = {name: figures.number(count) for name, count in known.items() if count > 0}
    if record["estimated"]:
        facts[text("building.estimated")] = text("building.estimated_yes")
    return facts


def _number(record: Record, column: str) -> float:
    value = record[column]
    return value if isinstance(value, float) else math.nan
