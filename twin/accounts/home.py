"""Why one home has a service near enough or not, and what would bring it there."""

from __future__ import annotations

from twin.accounts.account import Account, Line, Subject, parts_of
from twin.accounts.basis import basis_of_clause, basis_of_people, basis_of_walk
from twin.accounts.names import building_name, feature_name, requirement_name, service_name
from twin.assessment.assess import Assessment
from twin.assessment.explain import Explanation, explain, farthest_origin
from twin.assessment.remedies import (
    Remedy,
    if_open,
    remedies,
    shut_at_the_hour,
    shut_on_the_way,
    what_bars,
)
from twin.assessment.scoring import Result
from twin.figures import people, percent, walk
from twin.language import text
from twin.model.catalogues import service_types, walkers
from twin.model.hours import SHUT
from twin.standards import Requirement
from twin.walking.routes import Route, route


def account_of_home(assessment: Assessment, building_id: int, requirement_id: str) -> Account:
    """Return the account of one building's walk under one requirement.

    It is about the stair unit that has it farthest: the route with its legs, the clause that
    binds, the data behind it and, where the people are not covered, why and what would cover them.

    Raises
    ------
    KeyError
        Where nobody lives there, or the standard has no such requirement.
    """
    origin = farthest_origin(assessment, building_id, requirement_id)
    result, why = assessment.result(requirement_id), explain(assessment, origin, requirement_id)
    wanted = result.requirement
    way = _way(assessment, origin, why, result)
    mine = assessment.origins.building_id == building_id
    return Account(
        Subject("home", requirement_id, building_id),
        f"{building_name(assessment.district, building_id)} · {requirement_name(wanted)}",
        walk(why.walk, wanted.unit),
        _verdict(assessment, why, result),
        parts_of(
            (text("explain.part.way"), _way_lines(assessment, why, way)),
            (text("explain.part.capacity"), _capacity(assessment, origin, result)),
            (text("explain.part.remedies"), remedy_lines(assessment, origin, requirement_id)),
            (text("explain.part.clause"), basis_of_clause(wanted)),
            (
                text("explain.part.data"),
                [
                    *basis_of_people(assessment, wanted.group, mine),
                    *basis_of_walk(assessment, wanted),
                ],
            ),
        ),
        way,
    )


def remedy_lines(assessment: Assessment, origin: int, requirement_id: str) -> list[Line]:
    """Return what would cover the people of an origin, a line each; none where they are covered."""
    result = assessment.result(requirement_id)
    if result.status == "not_assessed" or result.covered_mask[origin]:
        return []
    found = remedies(assessment, origin, requirement_id)
    lines = [_remedy(assessment, one, result) for one in found]
    return lines or [Line(text("explain.remedy.none"))]


def _remedy(assessment: Assessment, one: Remedy, result: Result) -> Line:
    wanted, district = result.requirement, assessment.district
    names = [_named(assessment, one.role, id_) for id_ in one.ids]
    facts = {
        "names": text("explain.and").join(names),
        "service": service_types()[wanted.own_types[0]].name,
        "walk": walk(one.walk, wanted.unit),
        "limit": walk(wanted.limit, wanted.unit),
        "metres": walk(one.metres, "m"),
    }
    if one.kind == "hours":
        services = district.services
        facts["hours"] = str(services["hours"][services.row_of(one.ids[0])])
    place = (one.role, one.ids[0]) if one.ids else None
    return Line(text(f"explain.remedy.{one.kind}", None, **facts), place)


def _named(assessment: Assessment, role: str, feature_id: int) -> str:
    """Return what a feature is called, with the hours of a gate that is shut when it is looked."""
    district, name = assessment.district, feature_name(assessment.district, role, feature_id)
    if role != "streets" or feature_id not in shut_at_the_hour(assessment):
        return name
    hours = str(district.streets["hours"][district.streets.row_of(feature_id)])
    return text("explain.name.shut", name=name, hours=hours)


def _barred(assessment: Assessment, origin: int, result: Result) -> str:
    """Return why no way leads to a service, in words."""
    reason = what_bars(assessment, origin, result)
    if reason != "gate_shut":
        return text(f"reason.{reason}")
    ids = shut_on_the_way(assessment, origin, result)
    names = text("explain.and").join(_named(assessment, "streets", id_) for id_ in ids)
    return text("reason.gate_shut", names=names)


def _verdict(assessment: Assessment, why: Explanation, result: Result) -> str:
    wanted = result.requirement
    facts = {"limit": walk(wanted.limit, wanted.unit), "walker": walkers()[wanted.walker].name}
    if why.verdict == "covered":
        return text("explain.home.covered", None, **facts)
    if why.verdict == "not_assessed":
        return text(f"explain.home.{result.why_not}")
    reason = why.sentence
    if why.reason == "not_connected":
        reason = _barred(assessment, why.origin, result)
    if why.reason == f"all_{SHUT}":
        reason += _if_open(assessment, why.origin, wanted)
    part = float(result.covered_part[why.origin])
    if 0 < part < 1:
        reason += text("explain.join") + text("explain.home.partly", share=percent(part))
    return text("explain.home.not_covered", None, **facts) + text("explain.join") + reason


def _if_open(assessment: Assessment, origin: int, wanted: Requirement) -> str:
    """Return when the nearest of the services that are shut is open, and how far it is then."""
    found = if_open(assessment, origin, wanted)
    if found is None:
        return ""
    services = assessment.district.services
    facts = {
        "service": service_name(assessment.district, found[0]),
        "hours": str(services["hours"][services.row_of(found[0])]),
        "walk": walk(found[1], wanted.unit),
    }
    return text("explain.join") + text("explain.home.if_open", None, **facts)


def _way(assessment: Assessment, origin: int, why: Explanation, result: Result) -> Route | None:
    service = int(result.service_id[origin])
    if service < 0 or why.verdict == "not_assessed":
        return None
    return route(assessment.district, origin, service, result.requirement.measure)


def _way_lines(assessment: Assessment, why: Explanation, way: Route | None) -> list[Line]:
    service = why.service_id
    if way is None or service < 0:
        return []
    district = assessment.district
    lines = [
        Line(
            text("explain.way.to", service=service_name(district, service)), ("services", service)
        ),
        Line(
            text("explain.way.whole", length=walk(way.metres, "m"), time=walk(way.minutes, "min"))
        ),
        Line(
            text(
                "explain.way.legs",
                home=walk(way.home_leg_m, "m"),
                service=walk(way.service_leg_m, "m"),
            )
        ),
    ]
    kinds = [
        text("explain.way.kind", kind=text(f"kind.{kind}"), length=walk(metres, "m"))
        for kind, metres in way.metres_by_kind.items()
        if kind != "leg" and round(metres)
    ]
    lines.append(Line(text("explain.comma").join(kinds)))
    if way.waits_s:
        lines.append(Line(text("explain.way.waits", seconds=f"{way.waits_s:.0f}")))
    if assessment.homes is not None:
        lines += _stairs(assessment, why.origin)
    return [line for line in lines if line.words]


def _stairs(assessment: Assessment, origin: int) -> list[Line]:
    homes = assessment.homes
    assert homes is not None
    top = int(homes.below[origin] + homes.count[origin])
    key = "lift" if homes.lift[origin] else "stairs"
    return [Line(text(f"explain.way.{key}", storey=top))]


def _capacity(assessment: Assessment, origin: int, result: Result) -> list[Line]:
    """Return how many of the covered would find no place if all asked on one day."""
    from twin.indicators.circle import circle  # only the covered need it, and it loads pandas
    from twin.indicators.settings import settings

    if result.status != "assessed" or not result.covered_part[origin]:
        return []
    around = circle(assessment, result, settings())
    if not around.capacity_stated:
        return [Line(text("explain.capacity.unknown"))]
    plan = around.plan
    asked, served = float(plan.asked[origin]), float(plan.served[origin])
    if asked - served < 0.5:
        return [Line(text("explain.capacity.enough"))]
    away = people(asked - served)
    return [Line(text("explain.capacity.full", away=away, asked=people(asked)))]
