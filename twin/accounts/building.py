"""The account of a building under every requirement."""

from __future__ import annotations

import math

from twin.accounts.account import Account, Line, Subject, parts_of
from twin.accounts.names import building_name, requirement_name
from twin.assess import Assessment
from twin.explain import explain, farthest_origin
from twin.figures import people, percent, walk
from twin.language import text
from twin.scoring import Result


def account_of_building(assessment: Assessment, building_id: int) -> Account:
    """Return the account of a building: what its residents have near enough and what they lack.

    Raises
    ------
    KeyError
        Where there is no such building, or nobody lives there.
    """
    assessment.district.buildings.row_of(building_id)
    mine = assessment.origins.building_id == building_id
    if not mine.any():
        raise KeyError(f"origins of building {building_id}")
    met: list[Line] = []
    lacking: list[Line] = []
    for result in assessment.results:
        if result.status == "not_assessed":
            continue
        here = met if result.covered_mask[mine].all() else lacking
        here.append(_walk_line(assessment, building_id, result))
    residents = float(assessment.full_circle.of_origin[mine].sum())
    inside = float(assessment.full_circle.by_origin[mine].sum())
    facts = {"covered": people(inside), "total": people(residents)}
    return Account(
        Subject("building", id=building_id),
        building_name(assessment.district, building_id),
        percent(inside / residents) if residents and assessment.full_circle.asked else "–",
        text("explain.building.circle", None, **facts),
        parts_of((text("explain.part.lacks"), lacking), (text("explain.part.has"), met)),
    )


def _walk_line(assessment: Assessment, building_id: int, result: Result) -> Line:
    wanted = result.requirement
    origin = farthest_origin(assessment, building_id, wanted.id)
    why = explain(assessment, origin, wanted.id)
    facts = {
        "name": requirement_name(wanted),
        "walk": walk(why.walk, wanted.unit),
        "limit": walk(wanted.limit, wanted.unit),
        "why": why.sentence,
    }
    key = "unreached" if math.isinf(why.walk) else "walk"
    words = text(f"explain.building.{key}", None, **facts)
    return Line(words, subject=Subject("home", wanted.id, building_id))
