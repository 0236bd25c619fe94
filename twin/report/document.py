"""The whole report as one value: front page, sections, and numbers for figures and tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from twin.model.catalogues import rules
from twin.report.blocks import Block, Figure, Panels, Section, Table
from twin.report.material import Material
from twin.report.sections import SECTIONS
from twin.telling.horizon_words import horizon_words

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Front:
    """What stands above the first section and in the margins of every page."""

    title: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    notice: str
    looked_at: str
    """What of the district is not as it is today: an hour, a year; "" where nothing is."""


@dataclass(frozen=True)
class Document:
    """A report that is ready to be printed in one language."""

    language: str
    front: Front
    sections: tuple[Section, ...]
    numbers: dict[int, str]
    """``Table 3`` or ``Figure 1`` by the identity of a block of `sections`."""


def compose(material: Material, progress: Progress) -> Document:
    """Return the report of `material`; `progress` is told the part done, from 0 to 1."""
    sections = []
    for number, make in enumerate(SECTIONS):
        progress(number / len(SECTIONS))
        section = make(material)
        if section is not None:
            sections.append(section)
    return Document(
        material.language, _front(material), tuple(sections), _numbers(material, sections)
    )


def _front(material: Material) -> Front:
    say = material.say
    scenario = material.scenario
    date = material.date.strftime("%Y-%m-%d") if material.date else say("cover.no_date")
    seen = horizon_words(material.assessment.horizon, material.language)
    facts = (
        (
            say("cover.scenario"),
            say("scenario.named", name=scenario) if scenario else say("scenario.base"),
        ),
        (say("cover.standard"), material.name(material.assessment.standard.name)),
        *([(say("cover.looked_at"), seen)] if seen else []),
        (say("cover.date"), date),
    )
    notice = say("cover.public", smallest=rules().smallest_cell) if material.public else ""
    return Front(material.district.name, say("kind"), facts, notice, seen)


def _numbers(material: Material, sections: list[Section]) -> dict[int, str]:
    counted = {"table": 0, "figure": 0}
    numbers = {}
    for section in sections:
        for block in section.blocks:
            kind = _kind(block)
            if kind:
                counted[kind] += 1
                numbers[id(block)] = material.say(f"label.{kind}", number=counted[kind])
    return numbers


def _kind(block: Block) -> str:
    if isinstance(block, Table):
        return "table"
    return "figure" if isinstance(block, Figure | Panels) else ""
