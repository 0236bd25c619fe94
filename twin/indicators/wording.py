"""Figures in words, for the command and the report."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin.assessment.assess import Assessment
from twin.figures import percent
from twin.indicators import Indicator
from twin.indicators.finding import Finding
from twin.indicators.settings import settings
from twin.language import Language, name_of, text
from twin.model.catalogues import groups
from twin.model.sources import MARKS

if TYPE_CHECKING:
    import pandas as pd

_PARTS = ("quantile", "ranked_ratio")
"""Figures whose level is a part of the people."""

_COUNTED = ("median", "mean_reached", "share_without")
"""Figures that are of the k nearest where they have a level."""

_BOUNDED = {
    "there_is": "lower_bound",
    "per_1000_residents": "area_unknown",
    "per_100_households": "area_unknown",
}
"""Figures that are lower bounds where another of the same people is more than nothing."""

_DECIMALS = {
    "min": 1,
    "people": 0,
    "services": 1,
    "people_per_place": 2,
    "places_per_person": 3,
    "number": 2,
    "m": 0,
    "m2": 0,
    "m2_per_1000_residents": 1,
    "m2_per_100_households": 1,
}


@dataclass(frozen=True)
class Headline:
    """The figures that stand for an indicator: a row per requirement, in words."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def headline(
    indicator: Indicator,
    finding: Finding,
    assessment: Assessment,
    in_language: Language | None = None,
    scope: str = "district",
) -> Headline:
    """Return the headline figures of an indicator, a row per requirement.

    With the `scope` ``community`` or ``group`` there is a row per requirement and community or
    group that has figures; its name stands behind the requirement's.
    """
    table = finding.summary
    here = table[table["scope"] == scope]
    columns = tuple(figure_name(name, at, in_language) for name, at in indicator.shown)
    rows = []
    for (requirement, of), of_it in here.groupby(["requirement", "of"], sort=False):
        cells = tuple(
            worded(of_it, name, at, assessment, in_language) for name, at in indicator.shown
        )
        name = row_name(str(requirement), assessment, in_language)
        if str(of):
            name += f" · {scope_name(scope, str(of), assessment, in_language)}"
        rows.append((name, cells))
    return Headline(columns, tuple(rows))


def formula_words(indicator_id: str, in_language: Language | None = None) -> str:
    """Return an indicator's formula with the parameters that the settings give it."""
    known = settings()
    facts = {
        "over": f"{known.over_used_above:g}",
        "under": f"{known.under_used_below:g}",
        "weights": " / ".join(f"{weight:g}" for weight in known.steps),
        "parts": " / ".join(f"{part:g}" for part in known.ranked_parts),
        "line": f"{known.shortfall_line:g}",
        "powers": " / ".join(f"{power:g}" for power in known.shortfall_powers),
    }
    if known.decay != "steps":
        facts["weights"] = text("indicator.gaussian", in_language)
    return text(f"indicator.{indicator_id}.formula", in_language, **facts)


def scope_name(
    scope: str, of: str, assessment: Assessment, in_language: Language | None = None
) -> str:
    """Return what a community or a group is called."""
    if scope == "group":
        return name_of(groups()[of].names, in_language)
    table = assessment.district.communities
    if of == "-1":
        return text("cli.assess.outside", in_language)
    return str(table["name"][table.row_of(int(of))]) or of


def worded(
    rows: pd.DataFrame,
    name: str,
    at: float | None,
    assessment: Assessment,
    in_language: Language | None = None,
) -> str:
    """Return one figure in words out of the `rows` of one requirement and scope."""
    here = rows[rows["figure"] == name]
    if at is not None:
        here = here[here["at"] == at]
    if here.empty:
        return "–"
    value, unit = float(here["value"].iloc[0]), str(here["unit"].iloc[0])
    if unit == "id" and not math.isnan(value):
        return _service(int(value), assessment)
    bound = (
        not math.isnan(value) and (rows[rows["figure"] == _BOUNDED.get(name)]["value"] > 0).any()
    )
    return ("≥\u2009" if bound else "") + figure_value(value, unit, in_language)


def figure_name(name: str, at: float | None, in_language: Language | None = None) -> str:
    """Return what a figure is called, with its level or threshold."""
    if at is None or math.isnan(at):
        return text(f"figure.{name}", in_language)
    level = f"{at:.0%}" if name in _PARTS else f"{at:g}"
    key = f"{name}_at" if name in _COUNTED else name
    return text(f"figure.{key}", in_language, at=level)


def figure_value(value: float, unit: str, in_language: Language | None = None) -> str:
    """Return a figure with its unit; "–" where there is none, "∞" where nothing suffices."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞"
    if unit == "share":
        return percent(round(value, 12))
    if unit == "services" and value.is_integer():
        return f"{value:,.0f}"
    shown = f"{value:,.{_DECIMALS[unit]}f}"
    if unit in ("m", "min"):
        return f"{shown}\u00a0{text(f'unit.{unit}', in_language)}"
    return f"{shown}\u00a0m²" if unit.startswith("m2") else shown


def row_name(requirement: str, assessment: Assessment, in_language: Language | None = None) -> str:
    """Return the name of a requirement, or of a standard's figure for a whole area."""
    for result in assessment.results:
        if result.requirement.id == requirement:
            return result.requirement.marked_name(in_language)
    for band in assessment.standard.areas:
        if band.id == requirement:
            return f"{name_of(band.name, in_language)} {MARKS[band.standing]}".rstrip()
    return requirement


def _service(service_id: int, assessment: Assessment) -> str:
    services = assessment.district.services
    name = str(services["name"][services.row_of(service_id)])
    return name or str(service_id)
