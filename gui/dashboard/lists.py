"""The pages of lists: worst-served homes, services too full or half empty, indicators, the rest."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QComboBox

from gui.dashboard.listing import Cell, Heading, Line, Listing
from gui.dashboard.page import Ask, Page
from gui.panels import figures
from gui.panels.limits import marked, noted, required, with_meaning
from gui.panels.menus import MenuWanted, menu_of
from gui.panels.parts import row
from gui.view_state import ColourBy
from twin.language import name_of, text
from twin.model.sources import MARKS, Standing, legend
from twin.subject import Subject

if TYPE_CHECKING:
    from gui.background import Progress
    from twin.assessment.assess import Assessment
    from twin.standards import Standard
    from twin.standards.provisions import Tier

MOST = 50
"""Rows of a list that is ranked; nobody reads on."""
_COLUMNS = 4
"""Figures of an indicator beside a requirement's name, at most."""


class ListPage(Page):
    """A sentence and rows; what a row hands on is shown in the view or explained."""

    def __init__(self) -> None:
        super().__init__()
        self.listing = Listing(self._follow, self._want_menu)
        self.room.addWidget(self.listing, 1)

    def show_result(self, found: Any) -> None:
        """Show sentence, headings and rows."""
        words, headings, lines = found
        self.say(words)
        self.listing.show_lines(headings, lines)

    def _follow(self, value: object) -> None:
        if isinstance(value, Subject):
            self._explain(value)
        elif value is not None:
            self.asked.emit("show", value)

    def _explain(self, subject: Subject) -> None:
        self.asked.emit("account", subject)

    def _want_menu(self, line: Line, at: QPoint) -> None:
        """Ask for the menu of a row: of what it hands on, or of its words alone."""
        said, value = [cell.words for cell in line.cells if cell.words], line.value
        if isinstance(value, ColourBy):  # a difference, which is of a requirement or of them all
            circle = Subject("full_circle")
            figure = Subject("requirement", value.requirement) if value.requirement else circle
            wanted = menu_of(figure, at, self._explain, said)
        elif isinstance(value, Subject):
            wanted = menu_of(value, at, self._explain, said)
        elif isinstance(value, tuple):
            wanted = MenuWanted(at, str(value[0]), value, cells=said)
        else:
            wanted = MenuWanted(at, cells=said)
        self.asked.emit("menu", wanted)


class WorstPage(ListPage):
    """The homes that have the smallest part of what is asked for them, with the way there."""

    def work(self, ask: Ask) -> Callable[[Progress], Any]:
        """Rank in the background."""

        def work(progress: Progress) -> Any:
            from twin.accounts.names import building_name, community_name
            from twin.assessment.worst import worst_served

            progress(0.0)
            now, lines = ask.now, []
            community = dict(
                zip(now.origins.building_id.tolist(), now.origins.community_row, strict=True)
            )
            for one in worst_served(now, MOST):
                cells = (
                    Cell(building_name(now.district, one.building_id)),
                    Cell(community_name(now.district, int(community[one.building_id]))),
                    Cell(figures.people(one.residents)),
                    Cell(f"{one.met} / {one.asked}"),
                    Cell(share=one.met / one.asked),
                )
                lines.append(Line(cells, value=("buildings", one.building_id)))
            headings = (
                Heading(text("dashboard.worst.building"), 2.0),
                Heading(text("dashboard.worst.community"), 2.0),
                Heading(text("dashboard.worst.residents"), 1.0, "right"),
                Heading(text("dashboard.worst.met"), 1.0, "right"),
                Heading("", 2.0),
            )
            key = "dashboard.worst.help" if lines else "dashboard.worst.none"
            asked = required(now)
            return with_meaning(marked(text(key), asked), asked), headings, lines

        return work


class CapacityPage(ListPage):
    """Every service with the people who would come for each of its places."""

    slow = True

    def work(self, ask: Ask) -> Callable[[Progress], Any]:
        """Assign in the background."""

        def work(progress: Progress) -> Any:
            from twin.assessment.shared_places import shared_places_words
            from twin.indicators import indicators

            found = indicators(ask.now, ["use"], progress)["use"].services
            if found.empty:  # the data states no capacity
                return text("dashboard.capacity.none"), (), []
            if ask.result is not None:
                found = found[found["requirement"] == ask.requirement]
            found = found[found["inside"]].sort_values(
                ["drawn_use", "service_id"], ascending=[False, True], kind="stable"
            )
            lines = [_load_line(ask.now, one) for one in found.head(MOST).to_dict("records")]
            headings = (
                Heading(text("dashboard.capacity.service"), 2.4),
                Heading(text("dashboard.requirement"), 2.0),
                Heading(text("dashboard.capacity.places"), 1.0, "right"),
                Heading(text("dashboard.capacity.drawn"), 1.2, "right"),
                Heading(text("dashboard.capacity.assigned"), 1.2, "right"),
                Heading("", 1.4),
            )
            key = "dashboard.capacity.help" if lines else "dashboard.capacity.none"
            shared = shared_places_words(ask.now.district.services) if lines else ""
            said = text("explain.join").join(filter(None, (text(key), shared)))
            return said, headings, lines

        return work


def _load_line(now: Assessment, row: Mapping[Any, Any]) -> Line:
    from twin.accounts.names import service_name

    service = int(row["service_id"])
    types = str(now.district.services["types"][now.district.services.row_of(service)])
    key = "over" if row["over_used"] else "under" if row["under_used"] else "fits"
    if row["over_used"] and row["under_used"]:
        key = "both"
    known = "" if row["capacity_known"] else " †"  # the star is taken by limits
    wanted = now.result(str(row["requirement"])).requirement
    cells = (
        Cell(service_name(now.district, service)),
        Cell(wanted.marked_name(), "ink_soft"),
        Cell(figures.people(float(row["capacity"])) + known),
        Cell(_ratio(float(row["drawn_use"]))),
        Cell(_ratio(float(row["assigned_use"]))),
        Cell(text(f"dashboard.capacity.{key}"), "warning" if key != "fits" else "ink_soft"),
    )
    return Line(cells, types.split(",")[0], ("services", service))


def _ratio(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:,.2f}"


class IndicatorsPage(ListPage):
    """One indicator under every requirement; each row opens its account."""

    slow = True

    def __init__(self) -> None:
        super().__init__()
        from twin.indicators import INDICATORS

        self.chooser = QComboBox()
        self.chooser.setAccessibleName(text("dashboard.indicators.choose"))
        for one in INDICATORS:
            self.chooser.addItem(text(f"indicator.{one.id}.name"), one.id)
        self.chooser.activated.connect(lambda: self.asked.emit("again", None))
        self.chooser.setMaximumWidth(360)
        inside = row()
        inside.setContentsMargins(16, 8, 16, 0)
        inside.addWidget(self.chooser)
        inside.addStretch(1)
        self.room.insertLayout(0, inside)

    def work(self, ask: Ask) -> Callable[[Progress], Any]:
        """Compute the chosen indicator in the background."""
        chosen = str(self.chooser.currentData())

        def work(progress: Progress) -> Any:
            from twin.indicators import INDICATORS, indicators
            from twin.indicators.wording import headline

            indicator = next(one for one in INDICATORS if one.id == chosen)
            found = indicators(ask.now, [chosen], progress)[chosen]
            table = headline(indicator, found, ask.now)
            names = {r.requirement.marked_name(): r.requirement for r in ask.now.results}
            lines = []
            for name, cells in table.rows:
                wanted = names.get(name)
                subject = Subject("indicator", wanted.id, indicator=chosen) if wanted else None
                kind = wanted.service_types[0] if wanted else ""
                shown = [Cell(name), *(Cell(words) for words in cells[:_COLUMNS])]
                lines.append(Line(tuple(shown), kind, subject))
            headings = [Heading(text("dashboard.requirement"), 2.4)]
            headings += [Heading(title, 1.3, "right") for title in table.columns[:_COLUMNS]]
            shown_of = [names[name].standing for name, _ in table.rows if name in names]
            words = noted(text(f"indicator.{chosen}.meaning"), *legend(shown_of))
            return words, headings, lines

        return work


class BeyondPage(ListPage):
    """What the standard asks besides walks: complexes, sizes, and facilities nobody walks to."""

    def work(self, ask: Ask) -> Callable[[Progress], Any]:
        """Judge in the background."""

        def work(progress: Progress) -> Any:
            progress(0.0)
            lines = [
                *_complexes(ask.now),
                *_areas(ask.now),
                *_tiers(ask.now),
                *_facilities(ask.now),
            ]
            headings = (
                Heading(text("dashboard.beyond.what"), 2.4),
                Heading(text("dashboard.beyond.asked"), 2.6),
                Heading(text("dashboard.beyond.found"), 2.6),
            )
            key = "help" if lines else "none"
            marks = legend(_standings(ask.now.standard))
            return noted(text(f"dashboard.beyond.{key}"), *marks), headings, lines

        return work


def _standings(standard: Standard) -> list[Standing]:
    """Return how the figures on the page were checked."""
    found = [rule.standing for rule in standard.complexes]
    found += [band.standing for band in standard.areas]
    found += [_tier_standing(tier) for tier in standard.tiers]
    return found


def _tier_standing(tier: Tier) -> Standing:
    """Return how the figures of a tier that the page shows were checked."""
    shown = {"max_walk_m", "min_population", "max_population"}
    return "own_text" if shown <= set(tier.verified) else "unchecked"


def _with_mark(words: str, standing: Standing) -> str:
    return f"{words}\u00a0{MARKS[standing]}".rstrip()


def _complexes(now: Assessment) -> list[Line]:
    from twin.accounts.names import feature_name
    from twin.assessment.complexes import find_complexes, rule_words

    lines = []
    standing = {rule.id: rule.standing for rule in now.standard.complexes}
    found = find_complexes(now.district, now.standard)
    for rule in now.standard.complexes:
        takes = Cell(rule_words(rule, now.standard), "ink_soft")
        absent = "" if found else text("complex.none")
        name = _with_mark(name_of(rule.name), rule.standing)
        lines.append(Line((Cell(name), takes, Cell(absent, "warning"))))
    for one in found:
        there = now.district.table(one.place).rows_of([one.place_id])[0] >= 0
        name = text(f"complex.place.{one.place}", id=one.place_id)
        if there:
            name = feature_name(now.district, one.place, one.place_id)
        lacking = text("dashboard.comma").join(
            text(f"complex.lacks_{what}") for what in one.lacking
        )
        verdict = text(f"complex.{one.verdict}")
        functions = text("dashboard.beyond.functions", count=len(one.functions))
        area = figures.area(one.floor_area_m2)
        cells = (
            Cell(_with_mark(text("dashboard.beyond.complex", name=name), standing[one.rule_id])),
            Cell(f"{functions} · {area}", "ink_soft"),
            Cell(f"{verdict} {lacking}".strip(), "ink" if one.verdict == "met" else "warning"),
        )
        lines.append(Line(cells, value=(one.place, one.place_id) if there else None))
    return lines


def _areas(now: Assessment) -> list[Line]:
    from twin.indicators.floor_area import area_by_clause
    from twin.indicators.wording import figure_value, row_name

    figures_of: dict[str, dict[str, tuple[float, str]]] = {}
    for one in (one for one in area_by_clause(now).rows if one.scope == "district"):
        figures_of.setdefault(one.requirement, {})[one.figure] = (one.value, one.unit)
    lines = []
    for band, found in figures_of.items():
        there, least = found.get("there_is"), found.get("asked_least")
        if there is None or least is None:
            continue
        bound = found["lower_bound"][0] > 0
        lacking = there[0] < least[0] and not bound  # of a lower bound nobody knows
        cells = (
            Cell(row_name(band, now)),  # with its mark
            Cell(text("dashboard.beyond.least", value=figure_value(*least)), "ink_soft"),
            Cell(
                ("≥\u2009" if bound else "") + figure_value(*there),
                "warning" if lacking else "ink",
            ),
        )
        lines.append(Line(cells))
    return lines


def _facilities(now: Assessment) -> list[Line]:
    """Return the facilities that no walk is scored to: whether they are there, and the reason."""
    from twin.telling.unscored import find_unscored
    from twin.telling.unscored_words import sizes_asked, state_words

    lines = []
    for found in find_unscored(now):
        one = found.facility
        asked = text("dashboard.comma").join((*sizes_asked(one), name_of(one.clause)))
        state = f"{state_words(found)} · {name_of(one.not_scored)}"
        lines.append(Line((Cell(name_of(one.name)), Cell(asked, "ink_soft"), Cell(state))))
    return lines


def _tiers(now: Assessment) -> list[Line]:
    """Return the sizes of residential areas, beside the residents there are."""
    residents = figures.people(float(now.origins.residents.sum()))
    return [
        Line(
            (
                Cell(_with_mark(name_of(one.name), _tier_standing(one))),
                Cell(
                    text(
                        "dashboard.beyond.tier",
                        walk=figures.length(one.max_walk_m),
                        least=figures.number(one.min_population),
                        most=figures.number(one.max_population),
                    ),
                    "ink_soft",
                ),
                Cell(text("dashboard.beyond.residents", count=residents)),
            )
        )
        for one in now.standard.tiers
    ]
