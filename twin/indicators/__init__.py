"""Indicators beside coverage: what a share within a limit does not tell.

Most are one function from a :class:`~twin.indicators.circle.Circle` (a requirement with its people,
services and walks) to figures; formula, unit and reference stand in its docstring. To add one: the
function in a module here, a line in :data:`INDICATORS`, its texts ``indicator.<id>.name`` and
``indicator.<id>.meaning`` in ``twin/texts/indicators.toml``, and a test worked by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from twin.assessment.assess import Assessment, Progress
from twin.indicators.assignment import assignment
from twin.indicators.catchment import catchment
from twin.indicators.choice import choice
from twin.indicators.circle import Circle, circle
from twin.indicators.equity import equity
from twin.indicators.finding import Finding, Measure, Part, finding_of
from twin.indicators.floor_area import area_by_clause, floor_area
from twin.indicators.nearest_few import nearest_few
from twin.indicators.robustness import robustness
from twin.indicators.settings import levels_in_use, settings
from twin.indicators.travel_time import travel_time
from twin.indicators.use import use

__all__ = ["INDICATORS", "Circle", "Finding", "Indicator", "circle", "indicators", "settings"]


@dataclass(frozen=True)
class Indicator:
    """One thing to know of every requirement.

    Parameters
    ----------
    id
        Names its texts.
    measure
        Finds its figures under one requirement; None where it is about no requirement.
    headline
        The figures, and at which level (None for no level), that stand for it in a short table.
    whole
        Finds figures that belong to no single requirement.
    counts_stairs
        Door to door, its walks begin at the homes on each storey; else at the street door always.
    cited
        Its formula is that of others, whose text ``indicator.<id>.reference`` names.
    needs_capacity
        It has no figures where the data does not say how many people the services take
        (:attr:`twin.indicators.circle.Circle.capacity_stated`).
    """

    id: str
    measure: Measure | None
    headline: tuple[tuple[str, float | None], ...]
    whole: Callable[[Assessment], Part] | None = None
    counts_stairs: bool = False
    needs_capacity: bool = False
    cited: bool = True

    @property
    def shown(self) -> tuple[tuple[str, float | None], ...]:
        """The headline at the levels that the settings in use have."""
        return levels_in_use(self.headline)


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "travel_time",
        travel_time,
        (("quantile", 0.5), ("quantile", 0.9), ("share_within", 15.0), ("share_unreached", None)),
        counts_stairs=True,
    ),
    Indicator("nearest_few", nearest_few, (("median", 1.0), ("median", 3.0)), counts_stairs=True),
    Indicator("choice", choice, (("mean", None), ("share_at_least", 2.0)), counts_stairs=True),
    Indicator("catchment", catchment, (("mean", None), ("median", None)), needs_capacity=True),
    Indicator(
        "assignment",
        assignment,
        (("asked", None), ("served", None), ("turned_away", None), ("out_of_reach", None)),
        needs_capacity=True,
    ),
    Indicator(
        "use",
        use,
        (("services", None), ("over_used", None), ("under_used", None)),
        needs_capacity=True,
        cited=False,
    ),
    Indicator(
        "floor_area",
        floor_area,
        (("per_1000_residents", None), ("per_100_households", None), ("area_unknown", None)),
        cited=False,
    ),
    Indicator(
        "area_by_clause",
        None,
        (("there_is", None), ("asked_least", None), ("asked_most", None)),
        area_by_clause,
        cited=False,
    ),
    Indicator(
        "equity",
        equity,
        (("gini", None), ("theil", None), ("ranked_ratio", 0.2), ("shortfall", 0.0)),
        needs_capacity=True,
    ),
    Indicator(
        "robustness",
        robustness,
        (("single_cover", None), ("worst_uncovered", None), ("worst_service", None)),
    ),
)
"""All indicators, in the order in which people see them."""


def indicators(
    assessment: Assessment,
    names: Iterable[str] | None = None,
    progress: Progress | None = None,
) -> dict[str, Finding]:
    """Return what the indicators find of every requirement that could be assessed.

    Requirements that were not assessed, or that nobody is there for, have no figures, and none of
    capacity where the data states too few.

    Parameters
    ----------
    names
        Ids of indicators; all where it is None.
    progress
        Is told the part done between requirements; may raise to stop.

    Raises
    ------
    KeyError
        Where there is no such indicator.
    """
    tell = progress or (lambda _done: None)
    chosen = _chosen(names)
    parts: dict[str, list[tuple[Circle, Part]]] = {one.id: [] for one in chosen}
    results = [result for result in assessment.results if result.status == "assessed"]
    for number, result in enumerate(results):
        tell(number / len(results))
        around = circle(assessment, result, settings())
        for one in chosen:
            if one.measure is not None and (around.capacity_stated or not one.needs_capacity):
                parts[one.id].append((around, one.measure(around)))
    tell(1.0)
    return {
        one.id: finding_of(parts[one.id], one.whole(assessment) if one.whole else Part())
        for one in chosen
    }


def _chosen(names: Iterable[str] | None) -> list[Indicator]:
    if names is None:
        return list(INDICATORS)
    known = {one.id: one for one in INDICATORS}
    return [known[name] for name in names]
