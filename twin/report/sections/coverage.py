"""Coverage of every requirement of the standard."""

from __future__ import annotations

import numpy as np

from twin.assessment.alternatives import Either
from twin.assessment.assess import Result, WhyNot
from twin.figures import people, percent
from twin.model.catalogues import groups, rules, walkers
from twin.report.blocks import Block, Cell, Column, Paragraph, Row, Section, Table
from twin.report.material import Material
from twin.report.privacy import hidden
from twin.standards import standing_words

LEVEL_MARKS = {"shall": "▲", "as_needed": "△"}
"""The standard's own signs for "shall be provided" and "as needed"."""
REASONS_NOT: tuple[WhyNot, ...] = ("no_streets", "not_surveyed")
SHORT_UP_TO = 8
"""So few requirements fit below what comes before them."""


def section(material: Material) -> Section:
    """Return the table of all requirements."""
    standard = material.assessment.standard
    intro = material.say("coverage.intro", standard=material.name(standard.name))
    rows = tuple(_rows(material))
    blocks: list[Block] = [Paragraph(intro)]
    if rows:
        caption = material.say("table.coverage")
        blocks.append(Table(caption, _columns(material), rows, _notes(material)))
    blocks += _not_assessed(material)
    return Section(material.say("section.coverage"), tuple(blocks), new_page=is_long(material))


def known(material: Material) -> list[Result]:
    """Return the results that tables list: all but those that nobody could assess."""
    return [r for r in material.assessment.results if r.status != "not_assessed"]


def _not_assessed(material: Material) -> list[Block]:
    """Return a paragraph for all that could not be assessed for each reason, none where all could.

    The marks of those named are explained where no table does it.
    """
    blocks: list[Block] = []
    results = material.assessment.results
    for why in REASONS_NOT:
        missing = [r for r in results if r.why_not == why]
        if missing:
            names = material.say("list.comma").join(_levelled(material, r) for r in missing)
            words = material.say(f"coverage.{why}", count=len(missing), names=names)
            blocks.append(Paragraph(words, "note"))
    marks = material.marks(results) if blocks and not known(material) else ()
    return [*blocks, *(Paragraph(words, "note") for words in marks)]


def _levelled(material: Material, result: Result) -> str:
    wanted = result.requirement
    return f"{LEVEL_MARKS[wanted.level]} {material.marked(wanted)}"


def is_long(material: Material) -> bool:
    """Return whether a table of all requirements deserves a page of its own."""
    return len(known(material)) > SHORT_UP_TO


def ranked(material: Material) -> list[Result]:
    """Return the assessed results that leave people out: what shall be first, most people first."""
    found = [r for r in material.assessment.results if r.status == "assessed"]
    found = [r for r in found if r.total - r.covered > 0 and not is_hidden(material, r)]
    return sorted(
        found,
        key=lambda r: (r.requirement.level != "shall", r.covered - r.total, r.requirement.id),
    )


def is_hidden(material: Material, result: Result) -> bool:
    """Return whether a result counts so few people that a public report leaves it out."""
    counts = np.array([result.covered]), np.array([result.total])
    return result.status == "assessed" and bool(hidden(*counts, material.public)[0])


def requirement_words(material: Material, result: Result) -> str:
    """Return a requirement's people and limit in a few words."""
    wanted = result.requirement
    group = material.name(groups()[wanted.group].names)
    return f"{group} · {material.limit(wanted)}"


def beyond(material: Material, result: Result) -> str:
    """Return what those are who live too far: beyond advice, or beyond a firm limit."""
    wanted = result.requirement
    return material.say(f"beyond.{wanted.wording}.{wanted.unit}")


def _beyond_all(material: Material) -> str:
    """Return what those are who live too far, where that is the same in every row, else ""."""
    said = {beyond(material, result) for result in known(material)}
    return said.pop() if len(said) == 1 else ""


def _columns(material: Material) -> tuple[Column, ...]:
    say, alike = material.say, _beyond_all(material)
    left_out = alike[:1].upper() + alike[1:] or say("column.left_out")
    return (
        Column(say("column.requirement"), 5.2),
        Column(say("column.limit"), 1.3),
        Column(say("column.clause"), 3.2),
        Column(say("column.share"), 1.7),
        Column(say("column.people_covered"), 1.5, "right"),
        Column(left_out, 1.6 if alike else 3.0, "right"),
        Column(say("column.unreached"), 1.1, "right"),
        Column(say("column.straight"), 1.2, "right"),
    )


def _rows(material: Material) -> list[Row]:
    """Return a row for each result, and below the last of alternatives one for them together."""
    eithers, rows = list(material.assessment.eithers), []
    left = [result.requirement.id for result in known(material)]
    for result in known(material):
        left.pop(0)
        rows.append(_row(material, result))
        for one in [one for one in eithers if not set(one.alternatives.any_of) & set(left)]:
            eithers.remove(one)
            rows.append(_either_row(material, one))
    return rows


def _either_row(material: Material, either: Either) -> Row:
    """Return the row of requirements any one of which is enough."""
    one, missing = either.alternatives, either.total - either.covered
    group = material.name(groups()[either.group].names)
    names = (material.name(row.requirement.name) for row in either.rows)
    choices, name = material.say("list.or").join(names), either.marked_name(material.language)
    head = (
        Cell(f"{LEVEL_MARKS['shall']} {name}", f"{group} · {choices}"),
        Cell(material.say("coverage.either"), muted=True),
        Cell(material.name(one.clause), standing_words(either.standing, material.language)),
    )
    if hidden(np.array([either.covered]), np.array([either.total]), material.public)[0]:
        return Row((*head, Cell(material.say("hidden.short"), muted=True), *_dashes(4)))
    share = ("≥\u2009" if either.lower_bound else "") + percent(either.share)
    return Row(
        (
            *head,
            Cell(share, share=either.share, strong=True),
            Cell(people(either.covered), material.say("coverage.of", total=people(either.total))),
            Cell(people(missing)),
            *_dashes(2),
        )
    )


def _dashes(count: int) -> tuple[Cell, ...]:
    return (Cell("–", muted=True),) * count


def _row(material: Material, result: Result) -> Row:
    wanted = result.requirement
    mark = _levelled(material, result)
    group = material.name(groups()[wanted.group].names)
    walker = material.name(walkers()[wanted.walker].names)
    named = (
        Cell(mark, f"{group} · {walker}"),
        Cell(material.limit(wanted)),
        Cell(material.name(wanted.clause), standing_words(wanted.standing, material.language)),
    )
    return Row(named + _figures(material, result))


def _figures(material: Material, result: Result) -> tuple[Cell, ...]:
    """Return a result's figures; what was not assessed shows words in place of all of them."""
    if result.status != "assessed":
        why = material.say("why.no_demand")  # what was not assessed has no row
        return (Cell(material.status(result), why, muted=True), *_dashes(4))
    if is_hidden(material, result):
        return (Cell(material.say("hidden.short"), muted=True), *_dashes(4))
    missing = result.total - result.covered
    left_out = beyond(material, result) if missing > 0 and not _beyond_all(material) else ""
    straight = "–" if np.isnan(result.straight_share) else percent(result.straight_share)
    return (
        Cell(material.share(result), share=result.share, strong=True),
        Cell(people(result.covered), material.say("coverage.of", total=people(result.total))),
        Cell(people(missing), left_out),
        Cell(_unreached(material, result), muted=True),
        Cell(straight, muted=True),
    )


def _unreached(material: Material, result: Result) -> str:
    count = np.array([result.unreached])
    few = hidden(count, count, material.public)[0]
    return material.say("hidden.short") if few else people(result.unreached)


def _notes(material: Material) -> tuple[str, ...]:
    say = material.say
    signs = say("coverage.signs", people=material.people_word)
    notes = [signs, *material.marks(known(material))]
    bounds = any(one.lower_bound for one in material.assessment.eithers)
    if bounds or any(result.at_least for result in known(material)):
        notes.append(say("coverage.lower_bound"))
    if any(result.estimated for result in known(material)):
        notes.append(say("coverage.estimated"))
    notes += [say("coverage.straight"), say("coverage.advisory")]
    if material.public:
        notes.append(say("hidden.long", smallest=rules().smallest_cell))
    return tuple(notes)
