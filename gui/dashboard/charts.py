"""The pages of charts: communities, groups, walkers, and the walks of everybody."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gui.dashboard.chart import ColumnChart, Curve, CurveChart, ShareColumn
from gui.dashboard.page import Ask, Page, with_bounds
from gui.panels import figures
from gui.panels.limits import marked, required, with_meaning
from twin.assessment.communities import counted_in
from twin.figures import bounded
from twin.language import text
from twin.model.catalogues import groups, rules, walkers
from twin.subject import Subject, SubjectKind

if TYPE_CHECKING:
    from gui.background import Progress
    from twin.assessment.assess import Assessment
    from twin.assessment.scoring import Result


class ColumnsPage(Page):
    """A chart of columns of which each opens its account."""

    def __init__(self) -> None:
        super().__init__()
        self.target = rules().target_share
        self.chart = ColumnChart(self._follow)
        self.room.addWidget(self.chart, 1)

    def show_result(self, found: Any) -> None:
        """Show sentence and columns."""
        words, columns = found
        self.say(words)
        self.chart.show_columns(columns, self.target)

    def aim(self, target: float) -> None:
        """Draw the target line at another share."""
        self.target = target
        self.chart.show_columns(self.chart.columns, target)

    def _follow(self, value: object) -> None:
        if value is not None:
            self.asked.emit("account", value)


class CommunitiesPage(ColumnsPage):
    """Communities side by side: the opened requirement, else full circle."""

    compares = True

    def work(self, ask: Ask) -> Callable[[Progress], Any]:
        """Count in the background."""

        def work(progress: Progress) -> tuple[str, tuple[ShareColumn, ...]]:
            beside = ask.beside(progress)
            now = _of_communities(ask.now, ask)
            was = _of_communities(counted_in(beside, ask.now.district), ask)
            more = _more_by_community(ask)
            names = [*ask.now.district.communities["name"], text("score.outside")]
            kind: SubjectKind = "requirement" if ask.result is not None else "full_circle"
            wanted = ask.requirement if ask.result is not None else ""
            columns = tuple(
                ShareColumn(
                    str(name),
                    _share(now[0][row], now[1][row]),
                    _share(was[0][row], was[1][row]) if row < len(was[0]) else math.nan,
                    _of(now[0][row], now[1][row]),
                    Subject(kind, wanted, community=row),
                    at_least=bool(more[row] > 0),
                )
                for row, name in enumerate(names)
                if now[1][row] > 0
            )
            return _sentence(ask, columns), columns

        return work


class GroupsPage(ColumnsPage):
    """Groups of residents side by side: the opened requirement, else full circle."""

    compares = True

    def work(self, ask: Ask) -> Callable[[Progress], Any]:
        """Count in the background."""

        def work(progress: Progress) -> tuple[str, tuple[ShareColumn, ...]]:
            beside = ask.beside(progress)
            columns = []
            for id_, group in groups().items():
                now, was = _of_group(ask.now, ask, id_), _of_group(beside, ask, id_)
                subject = Subject("full_circle", group=id_)
                if ask.result is not None:
                    subject = Subject("requirement", ask.requirement)
                if now[1] > 0:
                    shares, bound = (_share(*now), _share(*was)), _more_in_group(ask, id_)
                    columns.append(
                        ShareColumn(group.name, *shares, _of(*now), subject, at_least=bound)
                    )
                elif ask.result is None and (people := round(ask.now.full_circle.unasked[id_])):
                    said = text("dashboard.nothing_asked", count=figures.people(people))
                    words = text("circle.nothing_asked")
                    columns.append(
                        ShareColumn(group.name, math.nan, detail=said, value=subject, words=words)
                    )
            return _sentence(ask, columns), tuple(columns)

        return work


class WalkersPage(ColumnsPage):
    """The opened requirement as each walker meets it, in minutes."""

    slow = True

    def work(self, ask: Ask) -> Callable[[Progress], Any]:
        """Search for every walker in the background."""

        def work(progress: Progress) -> tuple[str, tuple[ShareColumn, ...]]:
            from twin.assessment.walker_comparison import compare_walkers

            progress(0.0)
            result = ask.some_result
            if result is None:
                return text("dashboard.nothing_assessed"), ()
            wanted = result.requirement
            pace = walkers()[wanted.walker].lasting_mps * 60
            minutes = wanted.limit if wanted.unit == "min" else round(wanted.limit / pace, 1)
            found = compare_walkers(ask.now, wanted, (), minutes)
            words = text(
                "dashboard.walkers.help",
                name=wanted.marked_name(),
                minutes=figures.minutes(minutes),
                group=groups()[wanted.group].name,
            )
            columns = tuple(
                ShareColumn(
                    walkers()[id_].name,
                    one.share,
                    detail=_of(one.covered, one.total),
                    value=Subject("requirement", wanted.id),
                    at_least=one.at_least,
                )
                for id_, one in found.results.items()
            )
            bound = any(one.at_least for one in columns)
            words += text("dashboard.key.target")
            return with_bounds(with_meaning(words, [wanted]), bound), columns

        return work


class WalksPage(Page):
    """Which part of a requirement's people has it within how far, now and in the base."""

    compares = True

    def __init__(self) -> None:
        super().__init__()
        self.chart = CurveChart()
        self.room.addWidget(self.chart, 1)

    def work(self, ask: Ask) -> Callable[[Progress], Any]:
        """Gather the walks in the background."""

        def work(progress: Progress) -> Any:
            beside, result = ask.beside(progress), ask.some_result
            if result is None:
                return text("dashboard.nothing_assessed"), (), math.nan, "m"
            wanted = result.requirement
            curves = [Curve(text("dashboard.now"), result.cost, _people(ask.now, wanted.group))]
            for old in beside.results:
                if old.requirement.id == wanted.id and beside is not ask.now:
                    people = _people(beside, wanted.group)
                    curves.insert(0, Curve(ask.beside_name, old.cost, people, base=True))
            words = text(
                "dashboard.walks.help",
                name=wanted.marked_name(),
                group=groups()[wanted.group].name,
                limit=figures.limit(wanted.limit, wanted.unit),
                share=bounded(result.share, result.at_least),
            )
            words += text("dashboard.key.limit")
            if len(curves) > 1:
                words += text("dashboard.key.base", base=ask.beside_name)
            words = with_bounds(with_meaning(words, [wanted]), result.at_least)
            return words, tuple(curves), wanted.limit, wanted.unit

        return work

    def show_result(self, found: Any) -> None:
        """Show sentence and curves."""
        words, curves, limit, unit = found
        self.say(words)
        self.chart.show_curves(curves, limit, unit)


def _people(assessment: Assessment, group: str) -> NDArray[np.float64]:
    return assessment.origins.group(group)


def _of_communities(assessment: Assessment, ask: Ask) -> Any:
    for result in assessment.results:
        if ask.result is not None and result.requirement.id == ask.requirement:
            return result.by_community
    return assessment.full_circle.by_community


def _of_group(assessment: Assessment, ask: Ask, group: str) -> tuple[float, float]:
    people = assessment.origins.group(group)
    for result in assessment.results:
        if ask.result is not None and result.requirement.id == ask.requirement:
            return float((people * result.covered_part).sum()), float(people.sum())
    covered, total, _ = assessment.full_circle.by_group[group]
    return covered, total


def _more_by_community(ask: Ask) -> NDArray[np.float64]:
    """Return the people of each community who are not counted as covered and may be."""
    origins, result = ask.now.origins, ask.result
    if result is None:
        return origins.by_community(ask.now.full_circle.more)
    return origins.by_community(_may_have(ask, result, result.requirement.group))


def _more_in_group(ask: Ask, group: str) -> bool:
    """Return whether anybody of a group who is not counted as covered may be."""
    if ask.result is None:
        return ask.now.full_circle.at_least(group)
    return bool(_may_have(ask, ask.result, group).any())


def _may_have(ask: Ask, result: Result, group: str) -> NDArray[np.float64]:
    return ask.now.origins.group(group) * (result.possible_part - result.covered_part)


def _sentence(ask: Ask, columns: Sequence[ShareColumn]) -> str:
    result, bound = ask.result, any(one.at_least for one in columns)
    key = text("dashboard.key.columns", base=ask.beside_name)
    if result is None:
        asked = required(ask.now)
        words = with_meaning(marked(text("score.of"), asked) + key, asked)
    else:
        words = text("score.of_requirement", name=result.requirement.marked_name()) + key
        words = with_meaning(words, [result.requirement])
    return with_bounds(words, bound)


def _share(covered: float, total: float) -> float:
    return float(covered / total) if total > 0 else math.nan


def _of(covered: float, total: float) -> str:
    return text("score.count", covered=figures.people(covered), total=figures.people(total))
