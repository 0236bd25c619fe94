"""What a figure rests on: what was measured, what was estimated, what nobody checked."""

from __future__ import annotations

import numpy as np

from twin.accounts.account import Line
from twin.arrays import Flags, Floats
from twin.assessment.assess import Assessment
from twin.assessment.measured import ageless_people, estimated_people, marked
from twin.figures import people
from twin.language import name_of, text
from twin.model.forecast import Forecast
from twin.model.hours import SHUT
from twin.model.sources import standing_words
from twin.model.tables import Table
from twin.standards import Requirement
from twin.walking.demand import PARTITION, PEOPLE, group_columns
from twin.walking.facilities import serving

AGE_UNKNOWN = PEOPLE.index("age_unknown")
"""The people's column that only groups of all ages count."""

ASLEEP = (SHUT, "planned", "closed")
"""Statuses of services to which nobody can go, at the hour or at all."""


def basis_of_people(assessment: Assessment, group: str, here: Flags | Floats) -> list[Line]:
    """Return what is known of the people whom a figure counts.

    Parameters
    ----------
    group
        A key of :func:`twin.model.catalogues.groups`.
    here
        Which origins count, or by what part, shape (n,).
    """
    origins, district = assessment.origins, assessment.district
    if assessment.counts_dwellings:
        return [Line(text("problem.counts_dwellings"))]
    count = origins.group(group) * here
    total = float(count.sum())
    guessed = float((estimated_people(district, origins, group) * here).sum())
    everybody = AGE_UNKNOWN in group_columns(group)
    ageless = float((ageless_people(district, origins) * here).sum()) if everybody else 0.0
    facts = {"total": total, "measured": total - guessed, "estimated": guessed}
    words = {name: people(value) for name, value in facts.items()}
    growth = assessment.horizon.growth
    by_age = set(group_columns(group)) <= set(range(PARTITION)) and not round(ageless)
    by_age &= growth is None  # of another year nobody counted the ages
    key = ("people" if round(guessed) else "people_all") + ("" if by_age else "_counted")
    lines = [Line(text(f"explain.basis.{key}", None, **words))]
    if growth is not None:
        key = "stated" if isinstance(growth, Forecast) else "factors"
        lines.append(Line(text(f"explain.basis.people_{key}", year=growth.year)))
    if round(ageless):
        lines.append(Line(text("explain.basis.ageless", count=people(ageless))))
    doors = float(count[origins.entrance_id < 0].sum())
    if doors:
        lines.append(Line(text("explain.basis.doors", count=people(doors))))
    if assessment.homes is not None:
        lines += _storeys(assessment, count)
    return lines


def basis_of_walk(assessment: Assessment, wanted: Requirement) -> list[Line]:
    """Return what is known of the ways, of the services and of the clause."""
    district, lines = assessment.district, []
    if wanted.unit == "min" and district.terrain is None:
        lines.append(Line(text("problem.no_terrain")))
    flags = serving(district.services)
    here = np.zeros(len(district.services), bool)
    for kind in wanted.service_types:
        here |= flags.get(kind, False)
    missing = [kind for kind in wanted.service_types if kind not in district.surveyed]
    lines.append(Line(text("explain.basis.services", count=int(here.sum()))))
    lines += _asleep(district.services, wanted)
    if missing:
        lines.append(Line(text("explain.basis.not_surveyed", count=len(missing))))
    return lines


def _asleep(services: Table, wanted: Requirement) -> list[Line]:
    """Return how many services would do and are not open, by status."""
    types = set(wanted.service_types)
    would = np.array([bool(types & set(one.split(","))) for one in services["types"]], bool)
    count = {status: int((services["status"][would] == status).sum()) for status in ASLEEP}
    return [
        Line(text(f"explain.basis.asleep_{status}", count=number))
        for status, number in count.items()
        if number
    ]


def basis_of_clause(wanted: Requirement) -> list[Line]:
    """Return the binding clause, how firm its words are, and whether anybody checked it."""
    level = text(f"explain.clause.{wanted.level}")
    wording = text(f"explain.clause.{wanted.wording}")
    lines = [Line(text("explain.clause.force", level=level, wording=wording))]
    if wanted.clause:
        lines.insert(0, Line(text("explain.clause.named", clause=name_of(wanted.clause))))
    if wanted.note:
        lines.append(Line(name_of(wanted.note)))
    checked = standing_words(wanted.standing)
    source = name_of(wanted.source_words) if wanted.source else "–"
    return [*lines, Line(text("explain.clause.source", standing=checked, source=source))]


def _storeys(assessment: Assessment, count: Floats) -> list[Line]:
    homes, origins = assessment.homes, assessment.origins
    assert homes is not None
    guesses = marked(assessment.district.buildings, "storeys")[origins.building_row]
    guessed = float(count[homes.known & guesses].sum())
    unknown = float(count[~homes.known].sum())
    facts = {"estimated": people(guessed), "unknown": people(unknown)}
    return [Line(text("explain.basis.storeys", None, **facts))]
