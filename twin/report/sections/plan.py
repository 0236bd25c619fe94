"""The plan map of what is near each building, and how many people live in each of its classes."""

from __future__ import annotations

import numpy as np

from twin.figures import people, percent
from twin.report.blocks import Block, Cell, Column, Figure, Row, Section, Table
from twin.report.maps.keys import REQUIREMENTS_MET, key_for
from twin.report.maps.plan import plan_svg
from twin.report.material import Material
from twin.report.privacy import hidden
from twin.walking.demand import sums

LARGE_MM = (174.0, 195.0)
"""As wide as the page; below it there is room for a small table."""


def section(material: Material) -> Section | None:
    """Return the map of what is near each building, with the people of each class below it.

    None where nothing that shall be provided was assessed: no building would have a colour.
    """
    if not material.assessment.full_circle.asked:
        return None
    blocks = [map_of(material, REQUIREMENTS_MET, LARGE_MM), *_people(material)]
    return Section(material.say("section.plan"), tuple(blocks), new_page=True)


def map_of(material: Material, kind: str, size_mm: tuple[float, float]) -> Figure:
    """Return a map whose buildings have the colours of a kind, of a width and largest height."""
    svg = plan_svg(material.assessment, kind, size_mm, material.language, public=material.public)
    return Figure(material.say(f"figure.{kind}", people=material.people_word), svg)


def _people(material: Material) -> list[Block]:
    """Return how many people live in the buildings of each class; nothing where nobody does."""
    origins = material.assessment.origins
    key = key_for(material.assessment, REQUIREMENTS_MET, material.language)
    living = sums(origins.building_row, origins.residents, len(key.of_building))
    classes = np.arange(len(key.classes))
    count = np.array([living[key.of_building == number].sum() for number in classes])
    if not count.sum() > 0:
        return []
    few = hidden(count, count, material.public)
    rows = []
    for number, one in enumerate(key.classes):
        if few[number]:
            words = Cell(material.say("hidden.short"), muted=True)
            rows.append(Row((Cell(one.label), words, words)))
        else:
            share = float(count[number] / count.sum())
            shown = Cell(percent(share), share=share, strong=True)
            rows.append(Row((Cell(one.label), Cell(people(count[number])), shown)))
    columns = (
        Column(material.say("column.part_near"), 3),
        Column(material.people_word.capitalize(), 1.6, "right"),
        Column(material.say("column.part_of_all"), 6),
    )
    return [Table(material.say("table.near", people=material.people_word), columns, tuple(rows))]
