"""How sure the figures are: intervals of the shares that rest on estimates."""

from __future__ import annotations

import numpy as np

from twin.assessment.confidence import (
    Confidence,
    Interval,
    Survey,
    bound_words,
    bounds_source,
    confidence,
)
from twin.figures import percent
from twin.language import text
from twin.report.blocks import Block, Cell, Column, Paragraph, Row, Section, Table
from twin.report.material import Material
from twin.report.sections.coverage import is_hidden


def section(material: Material) -> Section:
    """Return intervals, what they come from, and what a survey would help most."""
    found = confidence(material.assessment)
    title = _say(material, "title")
    if not found.surveys:
        return Section(title, (Paragraph(_say(material, "nothing")),))
    facts = {"draws": found.bounds.draws, "seed": found.bounds.seed}
    intro = _say(material, "intro", level=f"{found.bounds.level:.0%}", **facts)
    blocks: list[Block] = [Paragraph(intro), Paragraph(best_survey(material, found))]
    blocks.append(_causes(material, found))
    table = _intervals(material, found)
    return Section(title, (*blocks, table) if table.rows else tuple(blocks))


def best_survey(material: Material, found: Confidence) -> str:
    """Return the sentence that names the survey that would narrow the shares most."""
    first = found.surveys[0]
    if np.isnan(first.part):
        return _say(material, "no_effect")
    survey = _say(material, f"survey.{first.cause}", count=f"{first.count:,}")
    return _say(material, "best", survey=survey, part=percent(first.part))


def _causes(material: Material, found: Confidence) -> Table:
    columns = (
        Column(_say(material, "column.what"), 2.2),
        Column(_say(material, "column.bound"), 3),
        Column(_say(material, "column.count"), 1.4, "right"),
        Column(_say(material, "column.part"), 1.5, "right"),
        Column(_say(material, "column.source"), 4.5),
    )
    rows = tuple(_cause(material, found, one) for one in found.surveys)
    return Table(_say(material, "table.causes"), columns, rows)


def _cause(material: Material, found: Confidence, one: Survey) -> Row:
    return Row(
        (
            Cell(_say(material, f"cause.{one.cause}")),
            Cell(bound_words(found.bounds, one.cause, material.language)),
            Cell(f"{one.count:,}"),
            Cell(percent(one.part)),
            Cell(material.name(bounds_source(one.cause))),
        )
    )


def _intervals(material: Material, found: Confidence) -> Table:
    """Return the shares that vary; what a public report hides stays hidden."""
    rows = [
        _interval(material.marked(result.requirement), found.requirements[result.requirement.id])
        for result in material.assessment.results
        if not is_hidden(material, result)
    ]
    rows.append(_interval(_say(material, "full_circle"), found.full_circle))
    columns = (
        Column(_say(material, "column.requirement"), 5),
        Column(_say(material, "column.share"), 2, "right"),
        Column(_say(material, "column.interval"), 3, "right"),
    )
    shown = tuple(row for row in rows if row is not None)
    assessed = [r for r in material.assessment.results if r.status == "assessed"]
    return Table(_say(material, "table.intervals"), columns, shown, material.marks(assessed))


def _interval(name: str, one: Interval) -> Row | None:
    if not one.high - one.low > 0.0005:
        return None
    low, high = percent(one.low), percent(one.high)
    return Row((Cell(name), Cell(percent(one.share), strong=True), Cell(f"{low} – {high}")))


def _say(material: Material, key: str, **facts: object) -> str:
    return text(f"confidence.{key}", material.language, **facts)
