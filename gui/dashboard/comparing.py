"""The page that sets the scenario in hand beside another: who gains, who loses, most first."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gui.dashboard.listing import Cell, Heading, Line
from gui.dashboard.lists import ListPage
from gui.dashboard.page import Ask, with_bounds
from gui.panels import figures
from gui.panels.limits import marked, required, with_meaning
from gui.view_state import ColourBy
from twin.language import text

if TYPE_CHECKING:
    from gui.background import Progress
    from twin.assessment.compare import Comparison, RequirementChange


@dataclass(frozen=True, eq=False)
class _Found:
    sentence: str
    lines: tuple[Line, ...]


class ComparePage(ListPage):
    """A sentence, and a row for each requirement; a row colours the view by its difference."""

    compares = True

    def work(self, ask: Ask) -> Callable[[Progress], Any]:
        """Compare in the background."""

        def work(progress: Progress) -> _Found:
            from twin.assessment.compare import compare
            from twin.telling.compare_words import sentence

            beside = ask.beside(progress)
            found = compare(beside, ask.now)
            facts = {"name": ask.beside_name, "sentence": sentence(found)}
            said = text("dashboard.compare.against", None, **facts)
            asked = [one.after.requirement for one in found.changes]
            said = with_bounds(with_meaning(said, asked), _bounded(found))
            return _Found(said, _lines(found))

        return work

    def show_result(self, found: Any) -> None:
        """Show sentence and rows."""
        self.say(found.sentence)
        headings = (
            Heading(text("dashboard.requirement"), 3.0),
            Heading(text("dashboard.before"), 1.0, "right", spare=2),
            Heading(text("dashboard.after"), 1.0, "right"),
            Heading(text("dashboard.change"), 2.0, spare=3),
            Heading(text("dashboard.points"), 1.0, "right", spare=1),
            Heading(text("dashboard.gain"), 1.2, "right"),
            Heading(text("dashboard.lose"), 1.2, "right"),
        )
        self.listing.show_lines(headings, found.lines)

    def _follow(self, value: object) -> None:
        self.asked.emit("colour", value)


def _lines(found: Comparison) -> tuple[Line, ...]:
    changes = [_points(change) for change in found.changes]
    largest = max((abs(one) for one in changes if not math.isnan(one)), default=0.0) or 1.0
    was, now = found.before.full_circle, found.after.full_circle
    circle = _row(
        marked(text("score.full_circle"), required(found.after)),
        (was.share, now.share),
        (was.at_least(), now.at_least()),
        max(largest, abs(now.share - was.share)) if now.asked and was.asked else largest,
        found.circle_moved["all"],
    )
    rows = [Line(circle, "", ColourBy("difference"))]
    for change in sorted(found.changes, key=lambda one: -(one.gained + one.lost)):
        wanted = change.after.requirement
        cells = _row(
            wanted.marked_name(),
            (change.before.share, change.after.share),
            (change.before.at_least, change.after.at_least),
            largest,
            (change.gained, change.lost),
        )
        by = ColourBy("difference", requirement=wanted.id)
        rows.append(Line(cells, wanted.service_types[0], by))
    return tuple(rows)


def _bounded(found: Comparison) -> bool:
    """Return whether any share on the page is a lower bound."""
    circles = found.before.full_circle, found.after.full_circle
    results = [result for change in found.changes for result in (change.before, change.after)]
    return any(one.at_least() for one in circles) or any(one.at_least for one in results)


def _points(change: RequirementChange) -> float:
    return change.after.share - change.before.share


def _row(
    name: str,
    shares: tuple[float, float],
    bounds: tuple[bool, bool],
    largest: float,
    moved: tuple[float, float],
) -> tuple[Cell, ...]:
    from twin.figures import bounded, points

    change = shares[1] - shares[0]
    told = "–" if math.isnan(change) else points(change)
    still = told in ("0", "–")
    return (
        Cell(name),
        Cell(bounded(shares[0], bounds[0]), "ink_soft"),
        Cell(bounded(shares[1], bounds[1])),
        Cell(change=0.0 if math.isnan(change) else change / largest),
        Cell("–" if still else told, "ink_soft" if still else _tone(change)),
        Cell(figures.people(moved[0]), "gain") if round(moved[0]) else Cell("–", "ink_soft"),
        Cell(figures.people(moved[1]), "loss") if round(moved[1]) else Cell("–", "ink_soft"),
    )


def _tone(change: float) -> Any:
    return "gain" if change > 0 else "loss"
