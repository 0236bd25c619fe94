"""What the data lacked: what weakens the figures, and whom it concerns."""

from __future__ import annotations

from dataclasses import replace

from layers.problems import Problem, Severity
from twin.figures import people
from twin.model.catalogues import rules
from twin.report.blocks import Block, Cell, Column, Paragraph, Row, Section, Subheading, Table
from twin.report.material import Material
from twin.report.sections.coverage import REASONS_NOT
from twin.telling.findings import sentence
from twin.walking.access import REASONS

ORDER = (Severity.ERROR, Severity.WARNING, Severity.REPAIRED, Severity.INFO)


def section(material: Material) -> Section:
    """Return the gaps of the data, the types nobody surveyed, and every finding."""
    blocks: list[Block] = [Paragraph(material.say("lacking.intro")), _gaps(material)]
    found = (*material.assessment.notes, *material.problems)
    if found:
        blocks += [Subheading(material.say("lacking.findings")), _findings(material, found)]
    else:
        blocks.append(Paragraph(material.say("lacking.none")))
    return Section(material.say("section.lacking"), tuple(blocks))


def _gaps(material: Material) -> Block:
    """Return what is missing or estimated, and how many it concerns."""
    rows = [*_not_assessed(material), *_layers(material), *_unreached(material)]
    if not rows:
        return Paragraph(material.say("lacking.no_gap"))
    columns = (
        Column(material.say("column.gap"), 6),
        Column(material.say("column.concerns"), 5),
    )
    return Table(material.say("table.gaps"), columns, tuple(rows))


def _not_assessed(material: Material) -> list[Row]:
    """Return a row for each reason why something has no figure: it means the same of each."""
    rows = []
    for why in REASONS_NOT:
        names = [
            material.name(r.requirement.name)
            for r in material.assessment.results
            if r.why_not == why
        ]
        if names:
            what = material.say(f"gap.{why}.what", count=len(names))
            listed = material.say("list.comma").join(names)
            rows.append(Row((Cell(what, listed), Cell(material.say(f"gap.{why}.effect")))))
    return rows


def _layers(material: Material) -> list[Row]:
    """Return the layers that are absent, with what that means for the figures."""
    district = material.district
    absent = [
        role
        for role in ("communities", "entrances", "barriers", "water")
        if not len(district.table(role))
    ]
    return [
        Row((Cell(material.say(f"gap.{role}.what")), Cell(material.say(f"gap.{role}.effect"))))
        for role in absent
    ]


def _unreached(material: Material) -> list[Row]:
    """Return how many people no door joins to the network, for each reason."""
    origins = material.assessment.origins
    rows = []
    for number, reason in enumerate(REASONS[1:], start=1):
        living = float(origins.residents[origins.reason == number].sum())
        if living > 0:
            few = material.public and living < rules().smallest_cell
            count = f"<{rules().smallest_cell}" if few else people(living)
            words = material.say("gap.count_people", count=count, people=material.people_word)
            rows.append(Row((Cell(material.say(f"gap.{reason}.what")), Cell(words))))
    return rows


def _findings(material: Material, found: tuple[Problem, ...]) -> Table:
    """Return every finding, gravest first."""
    rows = []
    for severity in ORDER:
        for problem in found:
            if problem.severity is severity:
                what = Cell(material.say(f"severity.{severity}"), muted=severity is Severity.INFO)
                words = Cell(_sentence(material, problem), problem.source)
                rows.append(Row((what, words, Cell(_count(problem)))))
    columns = (
        Column(material.say("column.severity"), 1.6),
        Column(material.say("column.finding"), 8),
        Column(material.say("column.features"), 1.4, "right"),
    )
    return Table(material.say("table.findings"), columns, tuple(rows))


def _sentence(material: Material, problem: Problem) -> str:
    """Return a finding in words; a public report does not say of how few people it is."""
    living, smallest = problem.facts.get("people", 0), rules().smallest_cell
    if material.public and isinstance(living, int) and 0 < living < smallest:
        problem = replace(problem, facts={**problem.facts, "people": f"<{smallest}"})
    return sentence(problem, material.language)


def _count(problem: Problem) -> str:
    count = problem.facts.get("count", len(problem.ids))
    return f"{count:,}" if isinstance(count, int) and count else ""
