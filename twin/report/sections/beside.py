"""Beside coverage: times, choice, capacity, floor area and equity of every requirement."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from twin.assessment.assess import Result
from twin.assessment.shared_places import shared_places_words
from twin.indicators import INDICATORS, Finding, indicators
from twin.indicators.circle import asking_groups
from twin.indicators.settings import levels_in_use, settings
from twin.indicators.wording import formula_words, scope_name, worded
from twin.language import text
from twin.model.catalogues import rules
from twin.report.blocks import (
    Block,
    Cell,
    Column,
    Definition,
    Definitions,
    Paragraph,
    Row,
    Section,
    Subheading,
    Table,
)
from twin.report.material import Material
from twin.report.sections.coverage import is_long
from twin.standards import AreaBand, standing_words

Shown = tuple[str, str, float | None]
"""Indicator, figure and its level; the column is headed ``report.beside.<indicator>.<figure>``."""

TABLES: Mapping[str, tuple[Shown, ...]] = {
    "reach": (
        ("travel_time", "quantile", 0.9),
        ("nearest_few", "median", 3.0),
        ("choice", "mean", None),
        ("robustness", "single_cover", None),
        ("robustness", "worst_uncovered", None),
    ),
    "capacity": (
        ("catchment", "mean", None),
        ("equity", "gini", None),
        ("assignment", "asked", None),
        ("assignment", "served", None),
        ("assignment", "turned_away", None),
        ("assignment", "out_of_reach", None),
    ),
    "equity": (
        ("equity", "theil", None),
        ("equity", "theil_between", None),
        ("equity", "theil_within", None),
        ("equity", "ranked_ratio", 0.2),
        ("equity", "shortfall", 0.0),
        ("equity", "shortfall", 1.0),
    ),
    "area": (
        ("floor_area", "per_1000_residents", None),
        ("floor_area", "per_100_households", None),
        ("use", "over_used", None),
        ("use", "under_used", None),
    ),
    "size": (
        ("floor_area", "adequate", None),
        ("floor_area", "too_small", None),
        ("floor_area", "unknown", None),
        ("floor_area", "site_adequate", None),
        ("floor_area", "site_too_small", None),
        ("floor_area", "site_unknown", None),
    ),
}


BY_PART: tuple[tuple[str, Shown], ...] = (
    ("community", ("travel_time", "quantile", 0.9)),
    ("community", ("assignment", "share_served", None)),
    ("community", ("robustness", "worst_uncovered", None)),
    ("group", ("travel_time", "quantile", 0.9)),
    ("group", ("robustness", "worst_uncovered", None)),
)
"""What is told of every community or group, a table each: ``report.beside.part.<scope>.<...>``."""
MOST_PARTS = 10
"""So many communities have a column each; of more the command and the JSON tell."""


def section(material: Material) -> Section | None:
    """Return the indicators of the district, or None where no requirement was assessed."""
    found = indicators(material.assessment)
    if found["travel_time"].summary.empty:
        return None
    say = material.say
    blocks: list[Block] = [Paragraph(say("beside.intro"))]
    tables = [_table(material, found, name, shown) for name, shown in TABLES.items()]
    tables += [_by_part(material, found[shown[0]], scope, shown) for scope, shown in BY_PART]
    blocks += [table for table in tables if table.rows]
    if not found["area_by_clause"].summary.empty:
        blocks.append(_by_clause(material, found["area_by_clause"]))
    blocks += [Subheading(say("beside.definitions")), Definitions(_definitions(material))]
    blocks += [Subheading(say("beside.references")), *_references(material)]
    return Section(say("section.beside"), tuple(blocks), is_long(material))


def _table(
    material: Material, found: Mapping[str, Finding], name: str, shown: tuple[Shown, ...]
) -> Table:
    results = [r for r in material.assessment.results if r.status == "assessed"]
    shown = _in_use(shown)
    rows = tuple(
        _row(material, found, result.requirement.id, material.marked(result.requirement), shown)
        for result in results
        if _has_figures(found, name, result.requirement.id)
    )
    columns = (
        Column(material.say("column.requirement"), 3.8),
        *(Column(_heading(material, *one), 1.6, "right") for one in shown),
    )
    notes = [material.say(f"beside.note.{name}", **_thresholds())]
    if name in ("capacity", "area"):
        notes += _about_capacity(material, found, results)
    notes += material.marks(results)
    return Table(material.say(f"beside.table.{name}"), columns, rows, tuple(notes))


def _in_use(shown: tuple[Shown, ...]) -> tuple[Shown, ...]:
    """Return what a table shows, at the levels that the settings in use have."""
    made = [
        (indicator, *one)
        for indicator, figure, at in shown
        for one in levels_in_use([(figure, at)])
    ]
    return tuple(dict.fromkeys(made))


def _by_part(material: Material, finding: Finding, scope: str, shown: Shown) -> Table:
    """Return one figure of every requirement by community or by group; no rows where too many."""
    ((indicator, figure, at),) = _in_use((shown,))
    table = finding.summary
    here = table[(table["scope"] == scope) & (table["figure"] == figure) & (table["of"] != "-1")]
    if at is not None:
        here = here[here["at"] == at]
    parts = [str(one) for one in here["of"].unique()]
    caption = material.say(f"beside.part.{scope}.{indicator}")
    if not 1 < len(parts) <= MOST_PARTS:
        return Table(caption, (), ())
    known = set(here["requirement"])
    told = [r for r in material.assessment.results if r.requirement.id in known]
    rows = tuple(_part_row(material, here, result, parts, scope) for result in told)
    names = (scope_name(scope, one, material.assessment, material.language) for one in parts)
    columns = (
        Column(material.say("column.requirement"), 3.8),
        *(Column(name, 1.4, "right") for name in names),
    )
    notes = (material.say(f"beside.part.note.{scope}"), *material.marks(told))
    return Table(caption, columns, rows, notes)


def _part_row(
    material: Material, table: pd.DataFrame, result: Result, parts: list[str], scope: str
) -> Row:
    wanted = result.requirement
    own = table[table["requirement"] == wanted.id]
    asking = asking_groups(wanted.group) if scope == "group" else parts
    cells = []
    for one in parts:
        here = own[own["of"] == one]
        if one not in asking:
            cells.append(Cell("–", muted=True))
        elif material.public and _few(here):
            cells.append(Cell(material.say("hidden.short"), muted=True))
        else:
            figure = str(table["figure"].iloc[0])
            cells.append(Cell(worded(here, figure, None, material.assessment, material.language)))
    return Row((Cell(material.marked(wanted)), *cells))


def _has_figures(found: Mapping[str, Finding], name: str, requirement: str) -> bool:
    """Return whether a requirement has a row in a table."""
    if name in ("capacity", "equity"):
        return requirement not in _roomless(found)
    if name == "size":
        figures = set(_of_district(found["floor_area"], requirement)["figure"])
        return bool(figures & {"adequate", "site_adequate"})
    return True


def _roomless(found: Mapping[str, Finding]) -> set[str]:
    """Return the requirements of whose services the data states too few capacities."""
    return set(found["travel_time"].summary["requirement"]) - set(
        found["use"].summary["requirement"]
    )


def _about_capacity(
    material: Material, found: Mapping[str, Finding], results: list[Result]
) -> list[str]:
    """Return what was not assessed for want of capacities, and where a few were assumed."""
    lacking, use = _roomless(found), found["use"].summary
    guessed = use[(use["figure"] == "capacity_assumed") & (use["value"] > 0)]["requirement"]
    notes = []
    for key, ids in (("no_capacity", lacking), ("assumed", set(guessed))):
        names = [material.name(r.requirement.name) for r in results if r.requirement.id in ids]
        if names:
            listed = material.say("list.comma").join(names)
            notes.append(material.say(f"beside.note.{key}", names=listed))
    if shared := shared_places_words(material.district.services, material.language):
        notes.append(shared)
    return notes


def _heading(material: Material, indicator: str, figure: str, at: float | None) -> str:
    key = f"beside.{indicator}.{figure}"
    if at is None:
        return material.say(key)
    as_part = figure in ("quantile", "ranked_ratio")
    return material.say(key, at=f"{at:.0%}" if as_part else f"{at:g}")


def _thresholds() -> dict[str, str]:
    known = settings()
    return {"over": f"{known.over_used_above:g}", "under": f"{known.under_used_below:g}"}


def _row(
    material: Material,
    found: Mapping[str, Finding],
    requirement: str,
    name: str,
    shown: tuple[Shown, ...],
) -> Row:
    figures = {key: _of_district(found[key], requirement) for key, _, _ in shown}
    if material.public and any(_few(table) for table in figures.values()):
        words = material.say("hidden.short")
        return Row((Cell(name), *(Cell(words, muted=True) for _ in shown)))
    cells = (
        Cell(worded(figures[key], figure, at, material.assessment, material.language))
        for key, figure, at in shown
    )
    return Row((Cell(name), *cells))


def _of_district(finding: Finding, requirement: str) -> pd.DataFrame:
    table = finding.summary
    return table[(table["scope"] == "district") & (table["requirement"] == requirement)]


def _few(table: pd.DataFrame) -> bool:
    """Return whether a figure counts so few people that they might be known."""
    people = table.loc[table["unit"] == "people", "value"]
    return bool(((people > 1e-9) & (people < rules().smallest_cell)).any())


def _by_clause(material: Material, finding: Finding) -> Table:
    known = {band.id: band for band in material.assessment.standard.areas}
    ids = finding.summary["requirement"].unique().tolist()
    rows = tuple(_clause_row(material, finding, known[name]) for name in ids)
    columns = (
        Column(material.say("beside.clause.what"), 3.4),
        Column(material.say("beside.clause.per"), 1.8),
        Column(material.say("beside.clause.there_is"), 1.4, "right"),
        Column(material.say("beside.clause.asked_least"), 1.4, "right"),
        Column(material.say("beside.clause.asked_most"), 1.4, "right"),
        Column(material.say("beside.clause.source"), 2.6),
    )
    notes = (material.say("beside.note.clause"), *_bounded(material, finding))
    return Table(material.say("beside.table.clause"), columns, rows, notes)


def _bounded(material: Material, finding: Finding) -> list[str]:
    """Return why some of the figures are lower bounds; nothing where none is."""
    table = finding.summary
    bound = (table["scope"] == "district") & (table["figure"] == "lower_bound")
    some = bool((table[bound]["value"] > 0).any())
    return [material.say("beside.note.clause_bound")] if some else []


def _clause_row(material: Material, finding: Finding, band: AreaBand) -> Row:
    table = _of_district(finding, band.id)
    values = (
        Cell(worded(table, name, None, material.assessment, material.language))
        for name in ("there_is", "asked_least", "asked_most")
    )
    return Row(
        (
            Cell(material.name(band.name)),
            Cell(material.say(f"beside.per.{band.per}")),
            *values,
            Cell(material.name(band.clause), standing_words(band.standing, material.language)),
        )
    )


def _references(material: Material) -> list[Paragraph]:
    """Return where the formulas come from, of those that are not our own."""
    words = (
        text(f"indicator.{one}.reference", material.language)
        for one in (i.id for i in INDICATORS if i.cited)
    )
    return [Paragraph(one, "note") for said in words for one in said.split("; ")]


def _definitions(material: Material) -> tuple[Definition, ...]:
    return tuple(
        Definition(
            text(f"indicator.{one.id}.name", material.language),
            text(f"indicator.{one.id}.meaning", material.language),
            formula_words(one.id, material.language),
        )
        for one in INDICATORS
    )
