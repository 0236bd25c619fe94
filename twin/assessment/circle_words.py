"""What full circle rests on: how many of the required services, and how well their limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from twin.assessment.assess import Assessment
from twin.assessment.scoring import Result, WhyNot
from twin.figures import people
from twin.language import Language, text
from twin.model.sources import MARKS, Standing
from twin.standards import Standard


@dataclass(frozen=True)
class CircleBasis:
    """How much stands behind full circle.

    Parameters
    ----------
    required
        How many services the standard says shall be provided.
    surveyed
        Those of them that were surveyed and could be assessed.
    unchecked, secondary
        Those of the surveyed whose limit was checked against nothing, or in a secondary source.
    why_not
        Why full circle was not assessed at all, "" where it was.
    """

    required: int
    surveyed: int
    unchecked: int
    secondary: int
    why_not: WhyNot = ""

    @property
    def in_part(self) -> bool:
        """Some, but not all, of the required services were surveyed."""
        return 0 < self.surveyed < self.required


def circle_basis(assessment: Assessment) -> CircleBasis:
    """Return how much stands behind the full circle of an assessment."""
    required = assessment.required
    together = _asked_together(required, assessment.standard)
    known = [_standing(rows) for rows in together if any(map(_is_known, rows))]
    no_streets = any(r.why_not == "no_streets" for r in required)
    why: WhyNot = "" if known or not required else "no_streets" if no_streets else "not_surveyed"
    return CircleBasis(
        len(together), len(known), known.count("unchecked"), known.count("secondary"), why
    )


def _asked_together(
    required: Sequence[Result], standard: Standard
) -> tuple[tuple[Result, ...], ...]:
    """Return what is required, what stands in for one another together."""
    found: dict[tuple[str, ...], tuple[Result, ...]] = {}
    for result in required:
        ids = standard.together(result.requirement.id)
        found[ids] = (*found.get(ids, ()), result)
    return tuple(found.values())


def _is_known(result: Result) -> bool:
    return result.status != "not_assessed"


def _standing(rows: Sequence[Result]) -> Standing:
    """Return how the least checked of the limits that were assessed was checked."""
    return min((r.requirement.standing for r in rows if _is_known(r)), key=list(MARKS).index)


def circle_words(
    assessment: Assessment, in_language: Language | None = None, *, more: float | None = None
) -> str:
    """Return what full circle rests on in a few sentences; "" where the standard asks nothing.

    Parameters
    ----------
    more
        Residents who may be inside besides, of the group or place that is told of; of everybody
        where None.
    """
    found = circle_basis(assessment)
    if not found.required:
        return ""
    facts = {"required": found.required, "surveyed": found.surveyed}
    if found.why_not:
        return text(f"circle.{found.why_not}", in_language, **facts)
    said = [text("circle.in_part" if found.in_part else "circle.whole", in_language, **facts)]
    for standing, count in (("unchecked", found.unchecked), ("secondary", found.secondary)):
        if count:
            said.append(text(f"circle.{standing}", in_language, count=count, **facts))
    besides = assessment.full_circle.more_by_group["all"] if more is None else more
    if besides > 0:
        said.append(text("circle.at_least", in_language, count=people(besides)))
    if round(unasked := assessment.full_circle.unasked["all"]):
        facts_of = {"count": people(unasked)}
        said.append(text("circle.unasked", in_language, **facts_of))
    return text("explain.join", in_language).join(said)
