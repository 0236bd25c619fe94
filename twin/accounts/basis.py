"""What a figure rests on: what was measured, what was estimated, what nobody checked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.schema import AGE_BANDS
from twin.accounts.account import Line, said
from twin.assess import Assessment
from twin.facilities import serving
from twin.figures import people
from twin.language import text
from twin.network import Flags, Floats
from twin.standards import Requirement


def basis_of_people(assessment: Assessment, count: Floats) -> list[Line]:
    """Return what is known of the people whom a figure counts.

    Parameters
    ----------
    count
        How many of them start at each origin, shape (n,).
    """
    origins, buildings = assessment.origins, assessment.district.buildings
    row, total = origins.building_row, float(count.sum())
    if assessment.counts_dwellings:
        return [Line(text("problem.counts_dwellings"))]
    spread = origins.demand.estimated[row]
    marked = _marked(buildings["estimated"][row], ("residents", *AGE_BANDS))
    guessed = float(count[spread | marked].sum())
    lines = [
        Line(
            text(
                "explain.basis.people" if guessed else "explain.basis.people_all",
                total=people(total),
                measured=people(total - guessed),
                estimated=people(guessed),
            )
        )
    ]
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
    if missing:
        lines.append(Line(text("explain.basis.not_surveyed", count=len(missing))))
    return lines


def basis_of_clause(wanted: Requirement) -> list[Line]:
    """Return the binding clause, how firm its words are, and whether anybody checked it."""
    level = text(f"explain.clause.{wanted.level}")
    wording = text(f"explain.clause.{wanted.wording}")
    lines = [Line(text("explain.clause.force", level=level, wording=wording))]
    if wanted.clause:
        lines.insert(0, Line(text("explain.clause.named", clause=said(wanted.clause))))
    if wanted.note:
        lines.append(Line(said(wanted.note)))
    checked = "verified" if wanted.verified else "unverified"
    source = said(wanted.source) or "–"
    return [*lines, Line(text(f"explain.clause.{checked}", source=source))]


def _marked(estimated: NDArray[Any], columns: tuple[str, ...]) -> Flags:
    """Return which rows' marks name one of `columns`."""
    texts, of_row = np.unique(estimated.astype(str), return_inverse=True)
    named = [bool(set(columns) & set(one.replace(" ", "").split(","))) for one in texts]
    return np.array(named, bool)[of_row] if len(texts) else np.zeros(0, bool)


def _storeys(assessment: Assessment, count: Floats) -> list[Line]:
    homes, origins = assessment.homes, assessment.origins
    assert homes is not None
    marks = assessment.district.buildings["estimated"][origins.building_row]
    guessed = float(count[homes.known & _marked(marks, ("storeys",))].sum())
    unknown = float(count[~homes.known].sum())
    facts = {"estimated": people(guessed), "unknown": people(unknown)}
    return [Line(text("explain.basis.storeys", None, **facts))]
