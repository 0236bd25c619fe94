"""The first page: what a mayor should know, and the view of the district."""

from __future__ import annotations

import numpy as np

from twin.assessment.assess import Result
from twin.assessment.circle_words import circle_basis, circle_words
from twin.figures import people, percent, signs
from twin.model.catalogues import groups
from twin.report.blocks import (
    Block,
    Cell,
    Column,
    Fact,
    Facts,
    Figure,
    Paragraph,
    Row,
    Section,
    Table,
)
from twin.report.material import Material
from twin.report.privacy import hidden
from twin.report.sections.communities import place_names, shares_by_place
from twin.report.sections.coverage import beyond, ranked, requirement_words

WORST_SHOWN = 5
PICTURE_MM = 57.0
"""Height of the view, so that the first page holds what it must say."""


def section(material: Material) -> Section:
    """Return the headline, four figures, the picture and what most residents lack."""
    blocks: list[Block] = [Paragraph(headline(material), "lead"), facts(material)]
    if material.picture is not None:
        caption = f"{material.say('figure.view')} {material.picture_words}".rstrip()
        blocks.append(Figure(caption, material.picture, PICTURE_MM))
    blocks += [Paragraph(words) for words in _findings(material)]
    worst = ranked(material)[:WORST_SHOWN]
    if worst:
        blocks.append(_worst(material, worst))
    blocks += [Paragraph(words, "note") for words in _cautions(material)]
    return Section(material.say("section.summary"), tuple(blocks))


def headline(material: Material) -> str:
    """Return the one sentence that says how the district does."""
    circle = material.assessment.full_circle
    if not circle.total + circle.unasked["all"] > 0:
        return material.say("headline.nobody")
    basis = circle_basis(material.assessment)
    if basis.why_not:
        return material.say(f"headline.{basis.why_not}")
    if not (circle.asked and circle.total > 0):
        return material.say("headline.nothing_asked")
    facts = {
        "share": signs(at_least=circle.at_least(), estimated=False) + percent(circle.share),
        "covered": people(circle.covered),
        "total": people(circle.total),
        "people": material.people_word,
        "counted": material.counted_word,
        "district": material.district.name,
        "required": basis.required,
        "surveyed": basis.surveyed,
    }
    if hidden(np.array([circle.covered]), np.array([circle.total]), material.public)[0]:
        return material.say("headline.hidden", **facts)
    none = circle.covered <= 0 and not circle.at_least()
    form = "none" if none else "all" if circle.share >= 1 else "share"
    return material.say(f"headline.{form}" + ("_in_part" if basis.in_part else ""), **facts)


def facts(material: Material) -> Facts:
    """Return four figures: people, requirements, the weakest service, the cut-off homes.

    Homes are cut off from services only where there are streets to judge by.
    """
    results, circle = material.assessment.results, material.assessment.full_circle
    assessed = [r for r in results if r.status == "assessed"]
    items = [
        Fact(
            people(circle.total + circle.unasked["all"]),
            material.say("fact.people", people=material.people_word),
            material.say("fact.communities", count=len(material.district.communities)),
        ),
        Fact(
            f"{len(assessed)} / {len(results)}",
            material.say("fact.requirements"),
            _surveyed(material),
        ),
    ]
    worst = ranked(material)
    if worst:
        weakest = min(worst, key=lambda r: (r.requirement.level != "shall", r.share))
        name = material.marked(weakest.requirement)
        items.append(Fact(material.share(weakest), material.say("fact.weakest"), name))
    if assessed:
        items.append(_cut_off(material))
    return Facts(tuple(items))


def _surveyed(material: Material) -> str:
    missing = [r.why_not for r in material.assessment.results if r.why_not]
    if "no_streets" in missing:
        return material.say("fact.no_streets")
    key = "fact.not_surveyed" if missing else "fact.all_surveyed"
    return material.say(key, count=len(missing))


def _cut_off(material: Material) -> Fact:
    """Return how many people live where no open way leads to any service."""
    assessed = [r.cost for r in material.assessment.results if r.status == "assessed"]
    residents = material.assessment.origins.residents
    count = np.array([residents[np.isinf(assessed).all(axis=0)].sum()])
    few = hidden(count, count, material.public)[0]
    shown = material.say("hidden.short") if few else people(float(count[0]))
    return Fact(shown, material.say("fact.cut_off", people=material.people_word))


def _findings(material: Material) -> list[str]:
    """Return what leaves most people out, and how far communities are apart."""
    words = []
    worst = ranked(material)
    if worst:
        wanted = worst[0].requirement
        words.append(
            material.say(
                "summary.most_missing",
                service=material.marked(wanted),
                count=people(worst[0].total - worst[0].covered),
                group=material.name(groups()[wanted.group].names),
                limit=material.limit(wanted),
            )
        )
    apart = _apart(material)
    return [*words, apart] if apart else words


def _apart(material: Material) -> str:
    """Return the communities with least and most "shall" requirements met, in mean share."""
    shall = [
        result
        for result in material.assessment.results
        if result.status == "assessed" and result.requirement.level == "shall"
    ]
    count = len(material.district.communities)
    if count < 2 or not shall:
        return ""
    shares = np.stack([shares_by_place(result)[:count] for result in shall])
    known = ~np.isnan(shares).any(axis=0)
    if known.sum() < 2:
        return ""
    mean = np.where(known, np.where(known, shares, 0).mean(axis=0), np.nan)
    low, high = int(np.nanargmin(mean)), int(np.nanargmax(mean))
    names = place_names(material)
    return material.say(
        "summary.communities",
        low=names[low],
        low_share=percent(float(mean[low])),
        high=names[high],
        high_share=percent(float(mean[high])),
    )


def _worst(material: Material, worst: list[Result]) -> Table:
    """Return the requirements that leave most people out."""
    rows = []
    for result in worst:
        missing = result.total - result.covered
        rows.append(
            Row(
                (
                    Cell(material.marked(result.requirement), requirement_words(material, result)),
                    Cell(material.share(result), share=result.share),
                    Cell(people(missing), beyond(material, result)),
                )
            )
        )
    columns = (
        Column(material.say("column.requirement"), 5),
        Column(material.say("column.share"), 3.4),
        Column(material.say("column.left_out"), 2.6, "right"),
    )
    return Table(material.say("table.worst"), columns, tuple(rows), material.marks(worst))


def _cautions(material: Material) -> list[str]:
    """Return what a reader must know before believing the figures."""
    return list(filter(None, [circle_words(material.assessment, material.language)]))
