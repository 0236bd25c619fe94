"""How limits were checked, said wherever a figure that rests on them shows: a small quiet mark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from gui.panels import figures
from twin.language import text
from twin.model.sources import MARKS, legend

_NEXT_NOTE = "\u2003"
"""As wide as a character: notes run together in Chinese, which knows no spaces."""

if TYPE_CHECKING:
    from gui.view_state import ColourBy
    from twin.assessment.assess import Assessment
    from twin.standards import Standard
    from twin.standards.requirements import Requirement


def within(wanted: Requirement) -> str:
    """Return a requirement's limit with its mark, such as ``≤ 500 m *``."""
    return text("score.within", limit=limit_words(wanted))


def limit_words(wanted: Requirement) -> str:
    """Return a requirement's limit with its mark, such as ``500 m *``."""
    limit = figures.limit(wanted.limit, wanted.unit)
    return f"{limit}\u00a0{MARKS[wanted.standing]}".rstrip()


def meaning(wanted: Iterable[Requirement]) -> str:
    """Return what the marks of requirements mean, a line each; "" where none has one."""
    return "\n".join(legend(one.standing for one in wanted))


def with_meaning(words: str, wanted: Iterable[Requirement]) -> str:
    """Return a sentence about requirements and, in a line of notes, what their marks mean."""
    return noted(words, *legend(one.standing for one in wanted))


def noted(words: str, *notes: str) -> str:
    """Return a sentence with notes that explain its signs, all in one line below it."""
    for note in notes:
        words += (_NEXT_NOTE if "\n" in words else "\n") + note
    return words


def required(assessment: Assessment) -> list[Requirement]:
    """Return the requirements that full circle rests on: what shall be near and was assessed."""
    return [r.requirement for r in assessment.required if r.status != "not_assessed"]


def marked(words: str, wanted: Iterable[Requirement]) -> str:
    """Return words about several requirements with the mark of the one that was checked least."""
    there = {one.standing for one in wanted}
    mark = next((mark for standing, mark in MARKS.items() if standing in there), "")
    return f"{words}\u00a0{mark}".rstrip()


def difference_words(by: ColourBy, asked: Sequence[Requirement], sides: tuple[str, str]) -> str:
    """Return of what a difference is, and between which scenarios: that in hand and the other."""
    of = asked[0].marked_name() if by.requirement and asked else text("legend.of_all")
    return text("legend.between", None, of=of, name=sides[0], beside=sides[1])


def coloured(by: ColourBy, standard: Standard) -> tuple[Requirement, ...]:
    """Return the requirements whose limits a colouring rests on; none where it shows no limit."""
    asked = standard.requirements
    if by.what == "none":
        return ()
    if by.what == "walk":
        shows = by.limit > 0 and by.limit_unit in ("", by.unit)
        return tuple(
            one
            for one in asked
            if shows
            and by.service_type in one.service_types
            and (one.walker, one.unit, one.limit) == (by.walker, by.unit, by.limit)
        )
    if by.requirement:
        return tuple(one for one in asked if one.id == by.requirement)
    return tuple(one for one in asked if one.level == "shall")
