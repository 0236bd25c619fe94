"""Groups of residents compared."""

from __future__ import annotations

import numpy as np

from twin.assessment.circle_words import circle_words
from twin.figures import people, percent, signs
from twin.model.catalogues import groups
from twin.report.blocks import Block, Cell, Column, Paragraph, Row, Section, Table
from twin.report.maps.keys import FULL_CIRCLE
from twin.report.material import Material
from twin.report.privacy import hidden
from twin.report.sections.plan import map_of

NAMED_UP_TO = 4
BELOW_TABLE_MM = (174.0, 122.0)
"""Width and largest height of the map that shares a page with the table."""


def section(material: Material) -> Section:
    """Return full circle for each group, with the requirements that concern it, and its map."""
    rows = tuple(
        _row(material, group, *figures)
        for group, figures in material.assessment.full_circle.by_group.items()
    )
    columns = (
        Column(material.say("column.group"), 3),
        Column(material.people_word.capitalize(), 1.5, "right"),
        Column(material.say("column.full_circle"), 2.8),
        Column(material.say("column.in_full_circle"), 1.6, "right"),
        Column(material.say("column.concerned_by"), 5),
    )
    rests = circle_words(material.assessment, material.language)
    asked = [r for r in material.assessment.required if r.status == "assessed"]
    notes = (*filter(None, [rests]), *material.marks(asked))
    table = Table(material.say("table.groups"), columns, rows, notes)
    blocks: list[Block] = [Paragraph(material.say("groups.intro")), table]
    if 0 < material.assessment.full_circle.share < 1:  # else the map would be of one colour
        blocks.append(map_of(material, FULL_CIRCLE, BELOW_TABLE_MM))
    return Section(material.say("section.groups"), tuple(blocks))


def _row(material: Material, group: str, covered: float, total: float, share: float) -> Row:
    name = Cell(material.name(groups()[group].names))
    concern = Cell("", _concern(material, group))
    if hidden(np.array([covered]), np.array([total]), material.public)[0]:
        words = Cell(material.say("hidden.short"), muted=True)
        return Row((name, words, words, words, concern))
    if not total > 0 or np.isnan(share):
        unasked = round(material.assessment.full_circle.unasked[group])
        status = "nothing_asked" if unasked else "no_demand" if not total > 0 else "not_assessed"
        none = Cell(material.say(f"status.{status}"), muted=True)
        count = Cell("–", muted=True) if unasked else Cell(people(total))
        return Row((name, count, none, Cell("–", muted=True), concern))
    sign = signs(at_least=material.assessment.full_circle.at_least(group), estimated=False)
    shown = Cell(sign + percent(share), share=share, strong=True)
    return Row((name, Cell(people(total)), shown, Cell(people(covered)), concern))


def _concern(material: Material, group: str) -> str:
    """Return the assessed "shall" requirements that some of a group are asked for by age or need.

    Those for all residents concern everybody and are listed with all residents only.
    """
    columns = set(groups()[group].columns)
    made = [
        material.marked(r.requirement)
        for r in material.assessment.results
        if r.requirement.level == "shall"
        and r.status == "assessed"
        and (r.requirement.group == "all") == (group == "all")
        and columns & set(groups()[r.requirement.group].columns)
    ]
    if len(made) > NAMED_UP_TO:
        return material.say("groups.many", count=len(made))
    return material.say("list.comma").join(made) or material.say("groups.none_of_its_own")
