"""How sure the shares are, as tables for a terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from twin.cli.columns import Column, set_table
from twin.figures import percent
from twin.language import text

if TYPE_CHECKING:
    from twin.assessment.assess import Assessment
    from twin.assessment.confidence import Confidence, Interval
    from twin.cli.verb import Console


def tell_confidence(console: Console, assessment: Assessment, found: Confidence) -> None:
    """Write the intervals of shares, what they come from, and what a survey would help most."""
    console.say()
    if not found.surveys:
        console.say(text("confidence.nothing"))
        return
    bounds = found.bounds
    level = f"{bounds.level:.0%}"
    console.say(text("confidence.intro", draws=bounds.draws, level=level, seed=bounds.seed))
    for block in (_intervals(assessment, found), _causes(found)):
        console.say()
        for line in block:
            console.say(line)
    console.say()
    console.say(_best(found))


def _intervals(assessment: Assessment, found: Confidence) -> list[str]:
    columns = [
        Column(text("confidence.column.requirement")),
        Column(text("confidence.column.share"), "right"),
        Column(text("confidence.column.interval"), "right"),
    ]
    named = [
        (r.requirement.marked_name(), found.requirements[r.requirement.id])
        for r in assessment.results
    ]
    named.append((text("confidence.full_circle"), found.full_circle))
    return set_table(columns, [_row(name, one) for name, one in named if not math.isnan(one.low)])


def _row(name: str, one: Interval) -> list[str]:
    return [name, percent(one.share), f"{percent(one.low)} – {percent(one.high)}"]


def _causes(found: Confidence) -> list[str]:
    from twin.assessment.confidence import bound_words

    columns = [
        Column(text("confidence.column.what")),
        Column(text("confidence.column.bound")),
        Column(text("confidence.column.count"), "right"),
        Column(text("confidence.column.part"), "right"),
    ]
    rows = [
        [
            text(f"confidence.cause.{one.cause}"),
            bound_words(found.bounds, one.cause),
            f"{one.count:,}",
            percent(one.part),
        ]
        for one in found.surveys
    ]
    return set_table(columns, rows)


def _best(found: Confidence) -> str:
    first = found.surveys[0]
    if math.isnan(first.part):
        return text("confidence.no_effect")
    survey = text(f"confidence.survey.{first.cause}", count=f"{first.count:,}")
    return text("confidence.best", survey=survey, part=percent(first.part))
