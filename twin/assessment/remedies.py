"""What would bring a home within a limit: a gate, a ramp, a lift, a site, a path, a new service.

Each is tried on a district in which it is done, by the same measurement as the score: nothing here
estimates a walk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from twin.arrays import Flags, Ints
from twin.assessment.assess import Assessment
from twin.assessment.scoring import Result, score
from twin.memo import Memo
from twin.model.catalogues import default_walker
from twin.model.district import District
from twin.model.hours import SHUT
from twin.model.tables import Table
from twin.standards import Requirement
from twin.streets.compounds import PUBLIC, rights, walls_of
from twin.streets.costs import Measure
from twin.walking.access import REASONS, surroundings
from twin.walking.origins import find_origins
from twin.walking.routes import route
from twin.walking.storeys import home_storeys

Kind = Literal[
    "gate", "ramp", "kerb", "lift", "hours", "planned", "closed", "site", "path", "service"
]
_WAKES: Mapping[str, Kind] = {SHUT: "hours", "planned": "planned", "closed": "closed"}
"""What opening a service is, by the status that it has."""


@dataclass(frozen=True)
class Remedy:
    """One thing that would bring the people of an origin within a requirement's limit.

    Parameters
    ----------
    kind
        ``gate``: open what is closed; ``ramp``: a ramp beside steps; ``kerb``: a raised kerb
        lowered; ``lift``: in the home's own building; ``hours``: open a service at the hour at
        which it is shut; ``planned`` and ``closed``: open one that is; ``site``: a new service on a
        site; ``path``: a path from the door to the nearest street; ``service``: a new service
        anywhere within the limit of the door.
    role, ids
        What it is done to, in the order walked; empty where it is about no feature that exists.
    walk
        Metres or minutes once it is done; NaN where that depends on the place chosen.
    metres
        Length of a path, NaN for all else.
    """

    kind: Kind
    role: str = ""
    ids: tuple[int, ...] = ()
    walk: float = float("nan")
    metres: float = float("nan")


_streets: Memo[Table] = Memo(16)
_buildings: Memo[Table] = Memo(8)


def with_open_gates(district: District) -> District:
    """Return the district with every gate and street open to all."""
    streets = district.streets
    shut = streets["status"] != "open"
    if not shut.any():
        return district
    made = _streets.get(
        (streets,), lambda: streets.with_values(np.flatnonzero(shut), {"status": "open"}), "open"
    )
    return district.with_table(made)


def with_ramps(district: District) -> District:
    """Return the district with a ramp beside every flight of steps."""
    streets = district.streets
    steep = (streets["kind"] == "steps") & ~streets["ramp"]
    if not steep.any():
        return district
    made = _streets.get(
        (streets,), lambda: streets.with_values(np.flatnonzero(steep), {"ramp": True}), "ramp"
    )
    return district.with_table(made)


def with_lowered_kerbs(district: District) -> District:
    """Return the district with every raised kerb lowered."""
    streets = district.streets
    raised = streets["kerb"] == "raised"
    if not raised.any():
        return district
    made = _streets.get(
        (streets,), lambda: streets.with_values(np.flatnonzero(raised), {"kerb": "lowered"}), "kerb"
    )
    return district.with_table(made)


def with_lifts(district: District) -> District:
    """Return the district with a lift in every building."""
    buildings = district.buildings
    every = np.ones(len(buildings), bool)
    made = _buildings.get((buildings,), lambda: buildings.with_columns({"has_lift": every}))
    return district.with_table(made)


_DONE = {"gate": with_open_gates, "ramp": with_ramps, "kerb": with_lowered_kerbs}


def remedies(
    assessment: Assessment, origin: int, requirement_id: str, most: int = 3
) -> tuple[Remedy, ...]:
    """Return what would bring an origin's people within a requirement's limit, smallest step first.

    Empty where they are within it, or where the requirement is not assessed.

    Parameters
    ----------
    most
        How many sites and services to name at most, nearest first; one is found of each other kind.
    """
    result = assessment.result(requirement_id)
    if result.status == "not_assessed" or result.covered_mask[origin]:
        return ()
    if assessment.origins.reason[origin]:
        return _path(assessment, origin)
    found = [
        *_by_streets(assessment, origin, result, "gate"),
        *_by_streets(assessment, origin, result, "ramp"),
        *_by_streets(assessment, origin, result, "kerb"),
        *_by_lift(assessment, origin, result),
        *_by_status(assessment, origin, result),
        *_by_sites(assessment, origin, result.requirement, most),
    ]
    if found or result.requirement.at_least > 1:
        return tuple(found)
    return (Remedy("service"),)


def shut_at_the_hour(assessment: Assessment) -> Ints:
    """Return the ids of gates and streets that their hours alone close when it is looked."""
    now, else_ = assessment.district.streets, (assessment.asked or assessment.district).streets
    closed = (now["status"] == "closed") & (else_["status"] != "closed")
    found: Ints = now.ids[closed]
    return found


def shut_on_the_way(assessment: Assessment, origin: int, result: Result) -> tuple[int, ...]:
    """Return the gates and streets, shut at this hour, on the way that an origin has when not.

    Empty where none leads through such a one.
    """
    shut = shut_at_the_hour(assessment)
    if not len(shut):
        return ()
    district, wanted = _at_other_hours(assessment), result.requirement
    service = int(score(district, find_origins(district), wanted).service_id[origin])
    return _passed(district, origin, service, wanted.measure, shut) if service >= 0 else ()


def _at_other_hours(assessment: Assessment) -> District:
    """Return the district with its gates and streets as they are but for their hours."""
    streets = (assessment.asked or assessment.district).streets
    return assessment.district.with_table(streets)


def what_bars(assessment: Assessment, origin: int, result: Result) -> str:
    """Return why no way leads from an attached origin to a service: a key under ``reason.``.

    ``gate_shut`` (at the hour that is looked at), ``gate_closed`` (or for the residents of
    others), ``steps``, ``kerb`` or ``slope`` (what bars this walker and not the default one),
    ``gate_and_steps``, ``steps_and_kerb`` or ``gate_and_kerb`` where it takes several, else
    ``not_connected``.
    """
    district, wanted = assessment.district, result.requirement
    ramps, kerbs = with_ramps(district), with_lowered_kerbs(district)
    tried = {
        "gate_shut": _at_other_hours(assessment),
        "gate_closed": with_open_gates(district),
        "steps": ramps,
        "kerb": kerbs,
        "gate_and_steps": with_open_gates(ramps),
        "steps_and_kerb": with_lowered_kerbs(ramps),
        "gate_and_kerb": with_open_gates(with_lowered_kerbs(ramps)),
    }
    for reason, changed in tried.items():
        if changed.touched(district) and _reached(changed, wanted, origin):
            return reason
    if _reached(district, replace(wanted, walker=default_walker()), origin):
        return "slope"
    return "not_connected"


def _reached(district: District, wanted: Requirement, origin: int) -> bool:
    found = score(district, find_origins(district), wanted)
    return bool(found.service_id[origin] >= 0)


def _with(assessment: Assessment, district: District, wanted: Requirement) -> Result:
    """Score a requirement in a changed district with the stairs counted as in the assessment."""
    origins = find_origins(district)
    homes = home_storeys(district, origins) if assessment.door_to_door else None
    return score(district, origins, wanted, homes)


def _by_streets(
    assessment: Assessment, origin: int, result: Result, kind: Literal["gate", "ramp", "kerb"]
) -> list[Remedy]:
    """Return the gates, steps or kerbs to change on the way that would then be the nearest."""
    before = assessment.district
    after = _DONE[kind](before)
    if after is before:
        return []
    wanted = result.requirement
    found = _with(assessment, after, wanted)
    if not found.covered_mask[origin]:
        return []
    changed = before.streets["status"] != after.streets["status"]
    changed |= before.streets["ramp"] != after.streets["ramp"]
    changed |= before.streets["kerb"] != after.streets["kerb"]
    service = int(found.service_id[origin])
    others = np.setdiff1d(before.streets.ids[changed], _own_gates(before, origin))
    ids = _passed(after, origin, service, wanted.measure, others)
    return [Remedy(kind, "streets", ids, float(found.cost[origin]))] if ids else []


def _own_gates(district: District, origin: int) -> Ints:
    """Return the ids of the gates for residents that an origin's people pass anyway."""
    access, around = find_origins(district).access, surroundings(district)
    edge = access.points.edge[access.start[origin] : access.start[origin + 1]]
    whose = rights(around.network, district.streets["status"], walls_of(district.barriers))
    parts = np.unique(whose.part[edge[edge >= 0]])
    edges = [whose.gates[part] for part in parts[parts != PUBLIC].tolist()]
    ids: Ints = around.network.street_id[np.concatenate([np.empty(0, np.int64), *edges])]
    return ids


def _passed(
    district: District, origin: int, service: int, measure: Measure, of: Ints
) -> tuple[int, ...]:
    way = route(district, origin, service, measure)
    passed = way.street_id[np.isin(way.street_id, of)] if way is not None else np.empty(0, np.int64)
    return tuple(dict.fromkeys(passed.tolist()))


def _by_lift(assessment: Assessment, origin: int, result: Result) -> list[Remedy]:
    if assessment.homes is None or assessment.homes.lift[origin]:
        return []
    found = _with(assessment, with_lifts(assessment.district), result.requirement)
    if not found.covered_mask[origin]:
        return []
    building = int(assessment.origins.building_id[origin])
    return [Remedy("lift", "buildings", (building,), float(found.cost[origin]))]


def _by_status(assessment: Assessment, origin: int, result: Result) -> list[Remedy]:
    """Return of each status the nearest service that would do if it were open."""
    made = []
    for status, kind in _WAKES.items():
        found = if_open(assessment, origin, result.requirement, status)
        if found is not None and found[2]:
            made.append(Remedy(kind, "services", found[:1], found[1]))
    return made


def if_open(
    assessment: Assessment, origin: int, wanted: Requirement, status: str = SHUT
) -> tuple[int, float, bool] | None:
    """Return what would be nearest to an origin if services of a status were open.

    Returns
    -------
    One of these services, the walk to it in metres or minutes, and whether that is within the
    limit for everybody there; None where none of them would be the nearest.
    """
    services = assessment.district.services
    asleep = services["status"] == status
    types = set(wanted.service_types)
    asleep &= np.array([bool(types & set(t.split(","))) for t in services["types"]], bool)
    if not asleep.any():
        return None
    awake = services.with_values(np.flatnonzero(asleep), {"status": "open"})
    found = _with(assessment, assessment.district.with_table(awake), wanted)
    service = int(found.service_id[origin])
    if service not in services.ids[asleep]:
        return None
    return service, float(found.cost[origin]), bool(found.covered_mask[origin])


def _by_sites(assessment: Assessment, origin: int, wanted: Requirement, most: int) -> list[Remedy]:
    """Return the sites on which a new service would be within the limit, nearest first."""
    sites = assessment.district.sites
    if wanted.at_least > 1 or not len(sites):
        return []
    found: list[Remedy] = []
    left = np.ones(len(sites), bool)
    while len(found) < most and left.any():
        placed, first = _on_sites(assessment.district, wanted.own_types[0], left)
        here = _with(assessment, placed, wanted)
        if not here.covered_mask[origin]:
            break
        site = int(here.service_id[origin]) - first
        found.append(Remedy("site", "sites", (site,), float(here.cost[origin])))
        left &= sites.ids != site
    return found


def _on_sites(district: District, service_type: str, which: Flags) -> tuple[District, int]:
    """Return the district with services of a type on sites alone, and what their ids begin at."""
    sites = district.sites.take(which)
    first = 1 + max(
        int(district.services.ids.max(initial=0)),
        int(district.entrances["service_id"].max(initial=0)),
    )
    columns = {
        "types": np.full(len(sites), service_type, dtype=object),
        "status": np.full(len(sites), "open", dtype=object),
        "building_id": sites["building_id"],
    }
    services = Table("services", sites.ids + first, sites.geometry, columns)
    surveyed = district.surveyed | {service_type}
    return replace(district.with_table(services), surveyed=surveyed), first


def _path(assessment: Assessment, origin: int) -> tuple[Remedy, ...]:
    """Return the path that would join a door to the street it is too far from."""
    if REASONS[int(assessment.origins.reason[origin])] == "leg_blocked":
        return ()
    access = assessment.origins.access
    metres = float(access.points.nearest_m[int(access.start[origin])])
    return (Remedy("path", metres=metres),) if np.isfinite(metres) else ()
