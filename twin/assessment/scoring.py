"""How a district meets one requirement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from layers.problems import Problem, Severity
from twin.arrays import Flags, Floats, Ints
from twin.assessment.map_edge import to_map_edge
from twin.assessment.measured import basis, part_of
from twin.memo import Memo
from twin.model.catalogues import walkers
from twin.model.district import District
from twin.standards import Requirement
from twin.streets.costs import INF, PER_UNIT
from twin.walking.access import REASONS
from twin.walking.facilities import why_none
from twin.walking.origins import Origins
from twin.walking.storeys import HomeStoreys
from twin.walking.straight import straight_to_each
from twin.walking.walks import Nearest, nearest_of_each

Status = Literal["assessed", "not_assessed", "no_demand"]
WhyNot = Literal["", "not_surveyed", "no_streets"]
"""Why nothing was assessed: nobody looked for the services, or there is nothing to walk on."""
Bound = Literal["not_surveyed", "map_edge"]
"""Why a share is a lower bound: a type that would do was not surveyed, or people without the
service live nearer to where the map ends than they would walk."""
BOUNDS: tuple[Bound, ...] = ("not_surveyed", "map_edge")


@dataclass(frozen=True, eq=False)
class Result:
    """What came of one requirement.

    Parameters
    ----------
    requirement
        What was asked.
    status
        ``not_assessed`` where nobody surveyed as many of its own service types as it takes (those
        of a higher tier, which stand in, do not decide: their absence says nothing of the rest), or
        where there are no streets to walk on;
        ``no_demand`` where nobody of its group lives inside the boundary.
    covered, total
        People of the group whose walk is within the limit, and all of them.
    share
        `covered` / `total`, NaN unless assessed. The unreached are in the total.
    unreached, unreached_by_reason
        People from whom no way leads to such a service; why: a key of
        :data:`twin.walking.access.REASONS`, ``not_connected``, `none_open`, or ``stairs`` (door to
        door: no lift, and the walker cannot climb).
    by_community
        Covered and total people by row of the communities table; the last is outside them all.
    covered_mask
        Origins all of whose people are within the limit.
    covered_part
        Part of each origin's people within the limit, 0 to 1. Without the storeys it is either.
    cost
        Metres or minutes from every origin, inf unreached, NaN where not assessed. Door to door:
        from the highest home behind the door.
    service_id
        The nearest service of every origin, -1 for none.
    straight_share
        The literal reading of a limit in metres: share of people whose straight distance from door
        to service is within it. NaN for minutes, and unless assessed.
    possible_part
        Part of each origin's people who may be within the limit for all that is known: what is
        unknown, off the map or of a type nobody surveyed, may serve them. All of them where nothing
        was assessed.
    lower_bound
        More people may be covered than are known to be, for any reason of `bound_by`.
    estimated
        How many of `total` are estimated, not counted; see :mod:`twin.assessment.measured`.
    why_not
        Why it was not assessed, "" where it was. What nobody surveyed stays unknown with streets
        too, so that comes first.
    bound_by
        Why the share is a lower bound; none where it is not.
    none_open
        Why too little of what would do is open: a key of :func:`twin.walking.facilities.why_none`;
        "" where enough is.
    """

    requirement: Requirement
    status: Status
    covered: float
    total: float
    share: float
    unreached: float
    unreached_by_reason: Mapping[str, float]
    by_community: tuple[Floats, Floats]
    covered_mask: Flags
    cost: Floats
    service_id: Ints
    straight_share: float
    covered_part: Floats
    possible_part: Floats
    lower_bound: bool
    estimated: float = 0.0
    why_not: WhyNot = ""
    bound_by: tuple[Bound, ...] = ()
    none_open: str = ""

    @property
    def at_least(self) -> bool:
        """The share is known, and may be more: it reads "≥"."""
        return self.status == "assessed" and self.lower_bound and self.share < 1

    @property
    def estimated_share(self) -> float:
        """Which part of the people counted rests on estimates, 0 to 1; NaN for nobody."""
        return part_of(self.estimated, self.total)


STRAIGHT_DECIMALS = 6
"""Decimals of metres at which straight distances are compared with a limit."""

_results: Memo[Result] = Memo(256)


def limit_m(requirement: Requirement) -> float:
    """Return the longest walk that a requirement allows, metres (minutes at the walker's speed)."""
    if requirement.unit == "m":
        return requirement.limit
    return requirement.limit * 60 * walkers()[requirement.walker].lasting_mps


def score(
    district: District, origins: Origins, requirement: Requirement, homes: HomeStoreys | None = None
) -> Result:
    """Return how the people of a district's origins meet a requirement.

    Parameters
    ----------
    homes
        The storeys above each origin to count the stairs; None where walks begin at the door.
    """
    unknown = len(district.surveyed & set(requirement.own_types)) < requirement.at_least
    if unknown or not len(district.streets):
        why: WhyNot = "not_surveyed" if unknown else "no_streets"
        return _results.get(
            (origins, requirement), lambda: _not_assessed(district, origins, requirement, why), why
        )
    types, at_least = requirement.service_types, requirement.at_least
    found = nearest_of_each(district, types, requirement.measure, at_least)
    straight = None
    if requirement.unit == "m":
        straight = straight_to_each(district, origins, types, at_least)
    partly = not district.surveyed >= set(types)
    edge = to_map_edge(district, origins)
    none = "" if found.served else why_none(district.services, types)
    return _results.get(
        (origins, found, straight, requirement, homes, edge),
        lambda: _score(district, origins, requirement, found, straight, homes, partly, edge, none),
        partly,
        none,
    )


def partly_surveyed(results: Sequence[Result]) -> tuple[Problem, ...]:
    """Return the finding that some shares are lower bounds, if any are."""
    count = sum(r.status == "assessed" and "not_surveyed" in r.bound_by for r in results)
    if not count:
        return ()
    return (Problem("partly_surveyed", Severity.INFO, "services", facts={"count": count}),)


def _not_assessed(
    district: District, origins: Origins, requirement: Requirement, why: WhyNot
) -> Result:
    people, count = origins.group(requirement.group), len(origins)
    total = origins.by_community(people)
    return Result(
        requirement=requirement,
        status="not_assessed",
        covered=0.0,
        total=float(total.sum()),
        share=np.nan,
        unreached=0.0,
        unreached_by_reason={},
        by_community=(np.zeros_like(total), total),
        covered_mask=np.zeros(count, bool),
        cost=np.full(count, np.nan),
        service_id=np.full(count, -1),
        straight_share=np.nan,
        covered_part=np.zeros(count),
        possible_part=np.ones(count),
        lower_bound=False,
        estimated=basis(district, origins, requirement.group).estimated,
        why_not=why,
    )


def _score(
    district: District,
    origins: Origins,
    requirement: Requirement,
    found: Nearest,
    straight: Floats | None,
    homes: HomeStoreys | None,
    partly: bool,
    edge_m: Floats,
    none_open: str,
) -> Result:
    people = origins.group(requirement.group)
    cost, part = _walk(requirement, found, homes)
    total, covered = origins.by_community(people), origins.by_community(people * part)
    everyone = float(total.sum())
    literal = np.nan
    if straight is not None and everyone > 0:
        near = np.round(straight, STRAIGHT_DECIMALS) <= requirement.limit
        literal = float(np.where(near, people, 0.0).sum() / people.sum())
    met = part == 1.0
    unseen = (origins.reason == 0) & (edge_m < limit_m(requirement)) | partly
    possible = np.where(unseen, 1.0, part)
    for array in (met, part, possible, total, covered):
        array.flags.writeable = False
    reasons = _unreached(origins, found, people, none_open)
    known = {
        "not_surveyed": partly,
        "map_edge": _beyond_the_map(requirement, origins, people * (1 - part), edge_m),
    }
    bounds: tuple[Bound, ...] = tuple(one for one in BOUNDS if known[one])
    if homes is not None:
        reasons |= _barred_by_stairs(requirement, found, homes, people)
    return Result(
        requirement=requirement,
        status="assessed" if everyone > 0 else "no_demand",
        covered=float(covered.sum()),
        total=everyone,
        share=float(covered.sum()) / everyone if everyone > 0 else np.nan,
        unreached=float(sum(reasons.values())),
        unreached_by_reason=reasons,
        by_community=(covered, total),
        covered_mask=met,
        cost=cost,
        service_id=found.service_id,
        straight_share=literal,
        covered_part=part,
        possible_part=possible,
        lower_bound=bool(bounds),
        estimated=basis(district, origins, requirement.group).estimated,
        bound_by=bounds,
        none_open=none_open,
    )


def _beyond_the_map(
    requirement: Requirement, origins: Origins, left_out: Floats, edge_m: Floats
) -> bool:
    """Return whether anybody left out might walk to a service that the map does not hold."""
    on_street = origins.reason == 0
    return bool((on_street & (left_out > 0) & (edge_m < limit_m(requirement))).any())


def _walk(
    requirement: Requirement, found: Nearest, homes: HomeStoreys | None
) -> tuple[Floats, Floats]:
    """Return the walk of each origin's farthest home, and the part of its homes within reach."""
    limit = round(requirement.limit * PER_UNIT[requirement.unit])
    if homes is None:
        return found.public, (found.cost <= limit).astype(float)
    cost = found.costs.public(homes.farthest(found.cost, requirement.measure))
    return cost, homes.part_within(found.cost, requirement.measure, limit)


def _barred_by_stairs(
    requirement: Requirement, found: Nearest, homes: HomeStoreys, people: Floats
) -> dict[str, float]:
    reached = found.cost < INF
    barred = float((people * homes.barred_part(requirement.measure))[reached].sum())
    return {"stairs": barred} if barred > 0 else {}


def _unreached(
    origins: Origins, found: Nearest, people: Floats, none_open: str
) -> dict[str, float]:
    """Return the people of a group from whom no way leads to a service, by reason."""
    off = np.flatnonzero(found.cost >= INF)
    if not len(off):
        return {}
    count = np.bincount(origins.reason[off], people[off], len(REASONS))
    named = zip((none_open or "not_connected", *REASONS[1:]), count, strict=True)
    return {reason: float(people) for reason, people in named if people > 0}
