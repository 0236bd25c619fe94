"""Accounts of alternatives: who has one of several requirements, and which of them."""

from __future__ import annotations

import numpy as np

from twin.accounts.account import Account, Line, Subject, parts_of
from twin.accounts.basis import basis_of_people
from twin.accounts.building import walk_line
from twin.accounts.left_out import worst_buildings
from twin.accounts.names import building_name, community_name, requirement_name
from twin.arrays import Floats
from twin.assessment.alternatives import Either
from twin.assessment.assess import Assessment
from twin.assessment.scoring import Result
from twin.figures import people, percent, walk
from twin.language import name_of, text
from twin.model.catalogues import groups


def account_of_either(assessment: Assessment, either: Either, community: int = -1) -> Account:
    """Return the account of alternatives: how many have which of them, and where who has none.

    Parameters
    ----------
    community
        Row of the communities table (its length: outside them all), -1 for the whole district.
    """
    origins, id_ = assessment.origins, either.alternatives.id
    here = origins.inside if community < 0 else origins.community_row == community
    count = origins.group(either.group) * here
    covered, total = float((count * either.part).sum()), float(count.sum())
    facts = {"covered": people(covered), "total": people(total), "choices": _choices(either)}
    verdict = text("explain.either.defined", None, group=groups()[either.group].name, **facts)
    if either.lower_bound:
        verdict += text("explain.join") + text("explain.either.lower_bound")
    name = name_of(either.alternatives.name)
    place = [] if community < 0 else [community_name(assessment.district, community)]
    return Account(
        Subject("requirement", id_, community=community),
        " · ".join([*place, name]),
        percent(covered / total) if total > 0 else "–",
        verdict,
        parts_of(
            (text("explain.either.part"), _which(either, count, community)),
            (text("explain.part.where"), _where(assessment, either, count)),
            (text("explain.part.clause"), _clause(either)),
            (text("explain.part.data"), basis_of_people(assessment, either.group, here)),
        ),
    )


def account_of_home_either(assessment: Assessment, either: Either, building_id: int) -> Account:
    """Return the account of one building: how far it has each of the alternatives.

    Raises
    ------
    KeyError
        Where nobody lives there.
    """
    mine = assessment.origins.building_id == building_id
    if not mine.any():
        raise KeyError(f"origins of building {building_id}")
    count = assessment.origins.group(either.group) * mine
    part = float((count * either.part).sum() / count.sum()) if count.any() else 0.0
    part = float(either.part[mine].min()) if not count.any() else part
    key = "has" if part >= 1 else "partly" if part > 0 else "lacks"
    known = [row for row in either.rows if row.status != "not_assessed"]
    name = name_of(either.alternatives.name)
    return Account(
        Subject("home", either.alternatives.id, building_id),
        f"{building_name(assessment.district, building_id)} · {name}",
        percent(part),
        text(f"explain.either.home_{key}", share=percent(part)),
        parts_of(
            (
                text("explain.either.part"),
                [walk_line(assessment, building_id, row) for row in known],
            ),
            (text("explain.part.clause"), _clause(either)),
            (text("explain.part.data"), basis_of_people(assessment, either.group, mine)),
        ),
    )


def _choices(either: Either) -> str:
    said = (text("explain.either.choice", None, **_named(row)) for row in either.rows)
    return text("explain.or").join(said)


def _named(row: Result) -> dict[str, str]:
    wanted = row.requirement
    return {"name": requirement_name(wanted), "limit": walk(wanted.limit, wanted.unit)}


def _which(either: Either, count: Floats, community: int) -> list[Line]:
    """Return how many have each, more than one and none of the alternatives."""
    lines, parts = [], []
    for row in either.rows:
        subject = Subject("requirement", row.requirement.id, community=community)
        if row.status == "not_assessed":
            words = text("explain.either.unknown", None, **_named(row))
        else:
            parts.append(row.covered_part)
            here = people(float((count * row.covered_part).sum()))
            words = text("explain.either.has", None, count=here, **_named(row))
        lines.append(Line(words, subject=subject))
    # those who have one live on the lowest storeys, so the second greatest part has two
    if len(parts) > 1:
        several = people(float((count * np.sort(parts, axis=0)[-2]).sum()))
        lines.append(Line(text("explain.either.several", count=several)))
    none = people(float((count * (1.0 - either.part)).sum()))
    return [*lines, Line(text("explain.either.none", count=none))]


def _where(assessment: Assessment, either: Either, count: Floats) -> list[Line]:
    found = worst_buildings(assessment, count * (1.0 - either.part), most=3)
    return [
        Line(
            text(
                "explain.where.building",
                building=building_name(assessment.district, building),
                count=people(number),
            ),
            ("buildings", building),
            Subject("home", either.alternatives.id, building),
        )
        for building, number in found
    ]


def _clause(either: Either) -> list[Line]:
    clause = name_of(either.alternatives.clause) if either.alternatives.clause else ""
    return [Line(text("explain.clause.named", clause=clause))] if clause else []
