"""The account of a building under every requirement."""

from __future__ import annotations

import math

from twin.accounts.account import Account, Line, Subject, parts_of
from twin.accounts.names import building_name, requirement_name
from twin.assessment.alternatives import Either
from twin.assessment.assess import Assessment
from twin.assessment.explain import explain, farthest_origin
from twin.assessment.scoring import Result
from twin.figures import bounded, people, walk
from twin.language import name_of, text


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
    eithers = assessment.eithers
    for either in eithers:
        here = met if (either.part[mine] >= 1).all() else lacking
        here.append(_either_line(assessment, building_id, either))
    alternative = {id_ for one in eithers for id_ in one.alternatives.any_of}
    for result in assessment.results:
        if result.status == "not_assessed" or result.requirement.id in alternative:
            continue
        here = met if result.covered_mask[mine].all() else lacking
        here.append(walk_line(assessment, building_id, result))
    residents = float(assessment.full_circle.of_origin[mine].sum())
    inside = float(assessment.full_circle.by_origin[mine].sum())
    circle = assessment.full_circle
    share = inside / residents if residents and circle.asked else math.nan
    more = float(circle.more[mine].sum()) if circle.asked else 0.0
    facts = {"covered": people(inside), "total": people(residents)}
    said = [text("explain.building.circle", None, **facts)]
    if more > 0:
        said.append(text("circle.at_least", count=people(more)))
    return Account(
        Subject("building", id=building_id),
        building_name(assessment.district, building_id),
        bounded(share, more > 0),
        text("explain.join").join(said),
        parts_of((text("explain.part.lacks"), lacking), (text("explain.part.has"), met)),
    )


def _either_line(assessment: Assessment, building_id: int, either: Either) -> Line:
    id_, known = either.alternatives.id, [r for r in either.rows if r.status != "not_assessed"]
    said = [walk_line(assessment, building_id, row).words for row in known]
    facts = {"name": name_of(either.alternatives.name), "choices": text("explain.or").join(said)}
    words = text("explain.building.either", None, **facts)
    return Line(words, subject=Subject("home", id_, building_id))


def walk_line(assessment: Assessment, building_id: int, result: Result) -> Line:
    """Return how far a building has one requirement, with the limit."""
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
