"""What the standard asks that no walk scores: facilities, sizes of areas, complexes."""

from __future__ import annotations

from twin.assessment.complexes import Complex, find_complexes, rule_words
from twin.language import text
from twin.report.blocks import Block, Cell, Column, Paragraph, Row, Section, Table
from twin.report.material import Material
from twin.report.sections.coverage import LEVEL_MARKS
from twin.telling.unscored import TierFound, Unscored, find_tiers, find_unscored
from twin.telling.unscored_words import (
    band_words,
    sizes_asked,
    sizes_found,
    state_words,
    tier_words,
)


def section(material: Material) -> Section | None:
    """Return what else the standard asks, or None where walks are all that it asks."""
    facilities, tiers = find_unscored(material.assessment), find_tiers(material.assessment)
    say, blocks = material.say, list[Block]()
    if facilities:
        blocks.append(_facilities(material, facilities))
    if tiers:
        blocks.append(_tiers(material, tiers))
    if material.assessment.standard.complexes:
        blocks += _complexes(material)
    if not blocks:
        return None
    intro = Paragraph(say("unscored.intro"))
    return Section(say("section.unscored"), (intro, *blocks))


def _facilities(material: Material, found: tuple[Unscored, ...]) -> Table:
    say = material.say
    columns = (
        Column(say("unscored.facility"), 3.0),
        Column(say("unscored.asked"), 3.7),
        Column(say("unscored.found"), 2.1),
        Column(say("unscored.why"), 4.6),
    )
    rows = tuple(_facility_row(material, one) for one in found)
    return Table(say("unscored.facilities"), columns, rows, (say("unscored.marks"),))


def _facility_row(material: Material, found: Unscored) -> Row:
    one, language = found.facility, material.language
    tiers = {tier.id: material.name(tier.name) for tier in material.assessment.standard.tiers}
    sizes = material.say("list.comma").join(sizes_asked(one, language))
    note = material.name(one.note) if one.note else ""
    there = found.state == "there"
    return Row(
        (
            Cell(f"{LEVEL_MARKS[one.level]} {material.name(one.name)}", tiers.get(one.tier, "")),
            Cell(sizes or note or "–", note if sizes else "", muted=not (sizes or note)),
            Cell(
                state_words(found, language),
                material.say("list.comma").join(sizes_found(found, language)),
                strong=there,
                muted=not there,
            ),
            Cell(material.name(one.not_scored), material.name(one.clause)),
        )
    )


def _tiers(material: Material, found: tuple[TierFound, ...]) -> Table:
    say = material.say
    heads = ("tier", "walk", "residents", "dwellings", "green", "largest")
    columns = tuple(
        Column(say(f"unscored.{head}"), 2.4 if head == "tier" else 2.0) for head in heads
    )
    rows = tuple(
        Row(
            (
                Cell(material.name(one.tier.name), material.name(one.tier.clause)),
                Cell(band_words(one.tier.min_walk_m, one.tier.max_walk_m, "m", material.language)),
                *(
                    Cell(asked, say("unscored.here", value=here) if here else "")
                    for asked, here in tier_words(one, material.language)
                ),
            )
        )
        for one in found
    )
    return Table(say("unscored.tiers"), columns, rows, (say("unscored.tier_note"),))


def _complexes(material: Material) -> list[Block]:
    assessment = material.assessment
    standard, say = assessment.standard, material.say
    takes = [rule_words(rule, standard, material.language) for rule in standard.complexes]
    found = find_complexes(assessment.district, standard)
    if not found:
        words = [text("complex.none", material.language), *takes]
        return [Paragraph(text("explain.join", material.language).join(words))]
    heads = ("place", "functions", "floor_area", "verdict")
    widths = (2.0, 6.0, 1.6, 2.4)
    columns = tuple(
        Column(say(f"unscored.{head}"), width, "right" if head == "floor_area" else "left")
        for head, width in zip(heads, widths, strict=True)
    )
    rows = tuple(_complex_row(material, one) for one in found)
    return [Table(say("unscored.complexes"), columns, rows, tuple(takes))]


def _complex_row(material: Material, one: Complex) -> Row:
    standard, language = material.assessment.standard, material.language
    named = {row.id: material.name(row.name) for row in standard.requirements}
    comma = material.say("list.comma")
    lacking = comma.join(text(f"complex.lacks_{what}", language) for what in one.lacking)
    met = one.verdict == "met"
    return Row(
        (
            Cell(text(f"complex.place.{one.place}", language, id=one.place_id)),
            Cell(comma.join(named[id_] for id_ in one.functions)),
            Cell(f"{one.floor_area_m2:,.0f}\u00a0m²"),
            Cell(text(f"complex.{one.verdict}", language), "" if met else lacking, strong=met),
        )
    )
