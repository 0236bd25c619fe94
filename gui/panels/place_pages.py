"""The inspector's pages of places that are no services: sites, streets and gates, communities."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout

from gui.panels import figures
from gui.panels.limits import marked, meaning
from gui.panels.page import Page
from gui.panels.parts import TextButton, clear, row
from layers.schema import AGE_BANDS, STREET_STATUSES
from twin.figures import bounded
from twin.language import text
from twin.model.edits import ChangeStreet, SetStreetStatus
from twin.model.hours import open_then


class SitePage(Page):
    """A place that could host a service, and the button that puts one there."""

    _facts: QVBoxLayout

    def build(self) -> None:
        """Make room for the facts, and the button."""
        self._facts = self.box(0)
        line = row(gap=8)
        self._place = TextButton(
            "site.place", lambda: self.asked.emit("place_on_site", self.feature[1]), kind="primary"
        )
        line.addWidget(self._place)
        line.addStretch(1)
        self.box(16).addLayout(line)

    def refresh(self) -> None:
        """Show the site as it is now."""
        record = self.record
        kind = text(f"site.kind.{record['kind']}")
        self.say(record["name"] or kind, kind if record["name"] else "")
        clear(self._facts)
        cost = record["cost_yuan"]
        facts = {
            text("service.floor_area"): figures.area(record["floor_area_m2"]),
            text("site.storey"): figures.number(record["storey"]),
            text("site.tenure"): record["tenure"] or "–",
            text("site.cost"): "–" if math.isnan(cost) else f"¥{figures.THIN_SPACE}{cost:,.0f}",
        }
        self.facts(self._facts, facts)


class StreetPage(Page):
    """A piece of street or a gate, and whether it is open."""

    _facts: QVBoxLayout

    def build(self) -> None:
        """Make room for the facts, and a button for each status."""
        self._facts = self.box(0)
        line = row(gap=0)
        group = QButtonGroup(self)
        self._buttons: dict[str, TextButton] = {}
        for status in STREET_STATUSES:
            button = TextButton(f"street.status.{status}", kind="segment")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, s=status: self._write(s))
            group.addButton(button)
            self._buttons[status] = button
            line.addWidget(button)
        line.addStretch(1)
        below = self.box(16)
        below.addLayout(line)
        self.ramp = TextButton("street.ramp_add", self._toggle_ramp)
        below.addWidget(self.ramp)
        self.kerb = TextButton("street.kerb_lower", self._lower_kerb)
        below.addWidget(self.kerb)

    def refresh(self) -> None:
        """Show the street as it is now."""
        record = self.record
        kind = text(f"street.kind.{record['kind']}")
        self.say(record["name"] or kind, kind if record["name"] else "")
        clear(self._facts)
        width = record["width_m"]
        facts = {text("street.length"): figures.length(record["geometry"].length)}
        if not math.isnan(width):
            facts[text("street.width")] = figures.length(width)
        if record["kind"] == "steps":
            key = "street.ramp_yes" if record["ramp"] else "street.ramp_no"
            facts[text("street.ramp")] = text(key)
        if record["kerb"]:
            facts[text("street.kerb")] = text(f"street.kerbs.{record['kerb']}")
        if record["signalled"]:
            facts[text("street.signal")] = text("street.signal_yes")
        if record["hours"]:
            facts[text("street.hours")] = self._hours(record["hours"], record["status"])
        self.facts(self._facts, facts)
        self._buttons[record["status"]].setChecked(True)
        self.kerb.setVisible(record["kerb"] == "raised")
        self.ramp.setVisible(record["kind"] == "steps")
        self.ramp.setText(text("street.ramp_remove" if record["ramp"] else "street.ramp_add"))

    def _hours(self, hours: str, status: str) -> str:
        """Return when it is open, and that it is not at the hour that is looked at."""
        when = self.document.horizon.when
        shut = when is not None and status != "closed" and not open_then(np.array([hours]), when)[0]
        return text("street.shut", hours=hours) if shut else hours

    def _toggle_ramp(self) -> None:
        values = {"ramp": not self.record["ramp"]}
        self.document.do("history.ramp", ChangeStreet(self.feature[1], values))

    def _lower_kerb(self) -> None:
        self.document.do("history.kerb", ChangeStreet(self.feature[1], {"kerb": "lowered"}))

    def _write(self, status: str) -> None:
        if status != self.record["status"]:
            self.document.do("history.street", SetStreetStatus(self.feature[1], status))


class CommunityPage(Page):
    """A community and who lives in it."""

    _facts: QVBoxLayout

    def build(self) -> None:
        """Make room for the facts."""
        self._facts = self.box(0)

    def refresh(self) -> None:
        """Show the community as it is now."""
        record = self.record
        self.say(record["name"], text("role.communities"))
        clear(self._facts)
        facts = {text("building.residents"): figures.number(record["residents"])}
        facts |= {text(f"band.{band}"): figures.number(record[band]) for band in AGE_BANDS}
        facts = {self._full_circle_words(): self._full_circle(), **facts}
        self.facts(self._facts, {k: v for k, v in facts.items() if v != "–"})

    def _full_circle_words(self) -> str:
        """Return what full circle is called, marked as its limits are."""
        asked = [one for one in self.document.standard.requirements if one.level == "shall"]
        self.explain(self._facts, meaning(asked))
        return marked(text("score.full_circle"), asked)

    def _full_circle(self) -> str:
        """Return its share of full circle; one that was just drawn has none before it is scored."""
        assessment = self.document.assessment
        if assessment is None:
            return text("score.updating")
        at = int(assessment.district.communities.rows_of([self.feature[1]])[0])
        if at < 0:
            return text("score.updating")
        circle = assessment.full_circle
        covered, total = (values[at] for values in circle.by_community)
        more = assessment.origins.by_community(circle.more)[at]
        return bounded(covered / total if total > 0 else math.nan, bool(more > 0))
