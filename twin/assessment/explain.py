"""Why a home is covered or not, and whom a service serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from layers.problems import Fact
from twin.assessment.assess import Assessment
from twin.language import text
from twin.model.catalogues import groups, rules
from twin.walking.access import REASONS
from twin.walking.demand import group_people

Verdict = Literal["covered", "too_far", "unreached", "not_assessed"]


@dataclass(frozen=True)
class Explanation:
    """What decides one requirement for one origin.

    Parameters
    ----------
    verdict
        ``too_far``: reached, but beyond the limit.
    origin
        Position in the origins.
    walk, limit
        Metres or minutes; `walk` is inf where unreached, NaN where not assessed.
    service_id
        The nearest service, -1 for none.
    reason
        Key under ``reason.`` of the catalogue, "" where covered or not assessed.
    facts
        Values for the reason's text.
    """

    verdict: Verdict
    origin: int
    walk: float
    limit: float
    service_id: int
    reason: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The reason in words, "" where there is none to give."""
        return text(f"reason.{self.reason}", None, **self.facts) if self.reason else ""


@dataclass(frozen=True)
class Served:
    """The people for whom a service is the nearest within a requirement's limit."""

    requirement_id: str
    people: float
    by_group: Mapping[str, float]
    """Of all groups of residents, whether or not the requirement is about them."""


def farthest_origin(assessment: Assessment, building_id: int, requirement_id: str) -> int:
    """Return a building's origin with the longest walk; KeyError where nobody lives there."""
    mine = np.flatnonzero(assessment.origins.building_id == building_id)
    if not len(mine):
        raise KeyError(f"origins of building {building_id}")
    cost = assessment.result(requirement_id).cost[mine]
    return int(mine[np.argmax(np.nan_to_num(cost, nan=-1.0, posinf=np.inf))])


def explain(assessment: Assessment, origin: int, requirement_id: str) -> Explanation:
    """Return why the people of an origin meet a requirement or do not.

    Raises
    ------
    KeyError
        Where the standard has no such requirement.
    """
    result = assessment.result(requirement_id)
    requirement, walk = result.requirement, float(result.cost[origin])
    service = int(result.service_id[origin])
    if result.status == "not_assessed":
        return Explanation("not_assessed", origin, walk, requirement.limit, -1)
    if result.covered_mask[origin]:
        return Explanation("covered", origin, walk, requirement.limit, service)
    if np.isfinite(walk):
        over = walk - requirement.limit
        facts = {"over": f"{over:.0f}" if requirement.unit == "m" else f"{over:.1f}"}
        facts["unit"] = text(f"unit.{requirement.unit}")
        return Explanation("too_far", origin, walk, requirement.limit, service, "too_far", facts)
    reason, facts_of = _unreached(assessment, origin, requirement_id)
    return Explanation("unreached", origin, walk, requirement.limit, -1, reason, facts_of)


def serves(assessment: Assessment, service_id: int) -> tuple[Served, ...]:
    """Return whom a service serves, one row for each requirement that it meets for anybody."""
    served: list[Served] = []
    people = assessment.origins.people
    for result in assessment.results:
        part = np.where(result.service_id == service_id, result.covered_part, 0.0)
        here = part > 0
        if here.any():
            whom = people[here] * part[here, None]
            asked = float(group_people(whom, result.requirement.group).sum())
            by_group = {group: float(group_people(whom, group).sum()) for group in groups()}
            served.append(Served(result.requirement.id, asked, by_group))
    return tuple(served)


def _unreached(
    assessment: Assessment, origin: int, requirement_id: str
) -> tuple[str, Mapping[str, Fact]]:
    origins = assessment.origins
    reason = REASONS[int(origins.reason[origin])]
    if reason:
        door = int(origins.access.start[origin])
        nearest_m = float(origins.access.points.nearest_m[door])
        if np.isinf(nearest_m):
            return "no_network", {}
        return reason, {"nearest_m": f"{nearest_m:.0f}", "cap_m": f"{rules().leg_cap_m:.0f}"}
    result = assessment.result(requirement_id)
    if result.service_id[origin] >= 0:
        return "stairs", {}
    return result.none_open or "not_connected", {}
