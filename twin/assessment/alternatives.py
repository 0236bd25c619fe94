"""Requirements any one of which is enough: a bus stop within 500 m or a railway within 1,000 m.

Each stays a row of its own, with its walks, limit and account. Whether people have one of them is
one thing that full circle asks for, in place of the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from layers.problems import Problem, Severity
from twin.arrays import Floats
from twin.assessment.scoring import Result
from twin.language import Language, name_of
from twin.model.sources import MARKS, Standing, Words
from twin.standards import Alternatives, Requirement, Standard
from twin.walking.origins import Origins

_BETWEEN: Mapping[Language, str] = {"en": "; ", "zh_CN": "；"}


@dataclass(frozen=True, eq=False)
class Asked:
    """One thing that full circle asks for: a requirement, or one of several.

    Parameters
    ----------
    ids
        Requirements any one of which is enough.
    group
        Whom it is asked for.
    part
        Which part of each origin's people have it, 0 to 1.
    """

    ids: tuple[str, ...]
    group: str
    part: Floats


@dataclass(frozen=True, eq=False)
class Either:
    """What came of requirements any one of which is enough.

    Parameters
    ----------
    alternatives
        Which they are.
    covered, total, share
        People who have one of them, all of the group, and their quotient; NaN unless assessed.
    lower_bound
        One of them was not assessed, or is a lower bound itself: more people may have one.
    group
        Whom all of them are asked for.
    part
        Which part of each origin's people have one, 0 to 1.
    rows
        What came of each of them, in the order of the alternatives.
    """

    alternatives: Alternatives
    covered: float
    total: float
    share: float
    lower_bound: bool
    group: str
    part: Floats
    rows: tuple[Result, ...]

    @property
    def standing(self) -> Standing:
        """How the least checked of the limits was checked that were assessed."""
        known = (r.requirement.standing for r in self.rows if r.status != "not_assessed")
        return min(known, key=list(MARKS).index)

    def marked_name(self, in_language: Language | None = None) -> str:
        """Return the name with the mark of how the limits were checked."""
        name = name_of(self.alternatives.name, in_language)
        return f"{name}\u00a0{MARKS[self.standing]}".rstrip()


def asked_of(standard: Standard, found: Iterable[tuple[Requirement, Floats]]) -> tuple[Asked, ...]:
    """Return what full circle asks for, of requirements that were assessed.

    Parameters
    ----------
    found
        Requirements, and which part of each origin's people meets each. Those are the people on
        the lowest storeys, so of several requirements the greatest part meets one.
    """
    parts: dict[tuple[str, ...], Floats] = {}
    groups: dict[tuple[str, ...], str] = {}
    for wanted, part in found:
        if wanted.level == "shall":
            ids = standard.together(wanted.id)
            parts[ids] = np.maximum(parts[ids], part) if ids in parts else part
            groups[ids] = wanted.group
    return tuple(Asked(ids, groups[ids], part) for ids, part in parts.items())


def possibly_asked(standard: Standard, results: Sequence[Result]) -> tuple[Asked, ...]:
    """Return what full circle asks for, in that order, with the parts that may have each.

    Of requirements any one of which is enough, one that was not assessed may serve anybody.
    """
    known = {standard.together(r.requirement.id) for r in results if r.status == "assessed"}
    first = sorted(
        results, key=lambda one: one.status != "assessed"
    )  # what is known gives the order
    return asked_of(
        standard,
        [
            (one.requirement, one.possible_part)
            for one in first
            if standard.together(one.requirement.id) in known
        ],
    )


def eithers(standard: Standard, origins: Origins, results: Sequence[Result]) -> tuple[Either, ...]:
    """Return what came of the alternatives of a standard, those of which any was assessed."""
    of = {result.requirement.id: result for result in results}
    found = []
    for one in standard.alternatives:
        rows = tuple(of[id_] for id_ in one.any_of)
        known = [row for row in rows if row.status == "assessed"]
        if not known:
            continue
        group = known[0].requirement.group
        people = origins.group(group)
        part = np.maximum.reduce([row.covered_part for row in known])
        covered, total = float((people * part).sum()), float(people.sum())
        bound = len(known) < len(rows) or any(row.lower_bound for row in known)
        bound = bound and covered < total
        found.append(Either(one, covered, total, covered / total, bound, group, part, rows))
    return tuple(found)


def about_alternatives(
    standard: Standard, origins: Origins, results: Sequence[Result]
) -> tuple[Problem, ...]:
    """Return for each of the alternatives how many people have one of them."""
    names: dict[str, Words] = {result.requirement.id: result.requirement.name for result in results}
    notes = []
    for found in eithers(standard, origins, results):
        one = found.alternatives
        said: dict[str, str | int | float | bool] = {}
        for language, between in _BETWEEN.items():
            words = (name_of(names[id_], language) for id_ in one.any_of)
            said[f"name_{language[:2]}"] = name_of(one.name, language)
            said[f"choices_{language[:2]}"] = between.join(words)
        said |= {"people": round(found.covered), "total": round(found.total)}
        said["percent"] = f"{100 * found.share:.1f}"
        key = "either_way_at_least" if found.lower_bound else "either_way"
        notes.append(Problem(key, Severity.INFO, "services", facts=said))
    return tuple(notes)
