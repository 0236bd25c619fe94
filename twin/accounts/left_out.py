"""Who a figure leaves out: how far too far, for which reason, in which buildings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from twin.arrays import Flags, Floats
from twin.assessment.assess import Assessment
from twin.assessment.full_circle import people_inside, who_is_asked
from twin.assessment.scoring import Result
from twin.walking.access import REASONS
from twin.walking.demand import group_columns

BEYOND = (1.25, 1.5, 2.0)
"""Steps, in limits, by which people who walk too far are told apart."""


@dataclass(frozen=True)
class LeftOut:
    """The people of a requirement's group who are not within its limit.

    Parameters
    ----------
    people, covered
        All of the group in the scope, and those within the limit.
    too_far
        Those who reach a service beyond the limit, by the step of :data:`BEYOND` (in limits) up to
        which their walk goes; inf for the rest.
    unreached
        Those whom no way leads to a service, by reason: a key under ``reason.``.
    buildings
        Ids of the buildings where most of them live, most first, with how many.
    """

    people: float
    covered: float
    too_far: Mapping[float, float]
    unreached: Mapping[str, float]
    buildings: tuple[tuple[int, float], ...]


def left_out(
    assessment: Assessment, result: Result, within: Flags | None = None, most: int = 3
) -> LeftOut:
    """Return whom a requirement leaves out.

    Parameters
    ----------
    within
        Origins that count; all where None.
    most
        How many buildings to name.
    """
    origins = assessment.origins
    people = origins.group(result.requirement.group) * (1.0 if within is None else within)
    missing = people * (1.0 - result.covered_part)
    cost, limit = result.cost, result.requirement.limit
    reached = np.isfinite(cost)
    steps = np.digitize(cost[reached] / limit, BEYOND, right=True)
    count = np.bincount(steps, missing[reached], len(BEYOND) + 1)
    beyond = dict(zip((*BEYOND, np.inf), count.tolist(), strict=True))
    return LeftOut(
        float(people.sum()),
        float((people - missing).sum()),
        {step: number for step, number in beyond.items() if number > 0},
        _reasons(assessment, result, np.where(reached, 0.0, missing)),
        worst_buildings(assessment, missing, most),
    )


def _reasons(assessment: Assessment, result: Result, missing: Floats) -> dict[str, float]:
    """Return unreached people by reason; who reaches a service from the door is kept by stairs."""
    origins = assessment.origins
    why = np.array(REASONS, dtype=object)[origins.reason]
    elsewhere = result.none_open or "not_connected"
    why = np.where(why == "", np.where(result.service_id >= 0, "stairs", elsewhere), why)
    return {
        str(reason): float(missing[why == reason].sum())
        for reason in dict.fromkeys(why[missing > 0].tolist())
    }


def worst_buildings(
    assessment: Assessment, missing: Floats, most: int
) -> tuple[tuple[int, float], ...]:
    """Return the ids of the buildings where most missing people live, most first, with how many.

    Parameters
    ----------
    missing
        People by origin.
    """
    ids, place = np.unique(assessment.origins.building_id, return_inverse=True)
    by_building = np.bincount(place, missing, len(ids))
    order = np.lexsort((ids, -by_building))[:most]
    return tuple((int(ids[i]), float(by_building[i])) for i in order if by_building[i] > 0)


@dataclass(frozen=True)
class Missing:
    """What one requirement does to full circle: who lacks it, and who lacks nothing else.

    Of requirements any one of which is enough the id is that of the alternatives: who lacks every
    one of them.
    """

    requirement_id: str
    lack: float
    lack_only: float


def missing_from_circle(
    assessment: Assessment, group: str = "all", community: int = -1
) -> tuple[Missing, ...]:
    """Return what keeps a group's people from full circle, what most of them lack first.

    Those who lack only one requirement are the people who would come into full circle if it alone
    were met for everybody.

    Parameters
    ----------
    community
        Row of the communities table, -1 for the whole district.
    """
    origins = assessment.origins
    here = np.ones(len(origins)) if community < 0 else origins.community_row == community
    shall = assessment.asked_for
    met = [(one.group, one.part) for one in shall]
    columns = list(group_columns(group))
    inside = people_inside(origins.people, met)[:, columns].sum(axis=1)
    everyone = origins.people[:, columns].sum(axis=1)
    found = []
    for number, asked in enumerate(shall):
        both = [c for c in columns if c in who_is_asked(asked.group)]
        people = origins.people[:, both].sum(axis=1) * here
        rest = met[:number] + met[number + 1 :]
        others = people_inside(origins.people, rest)[:, columns].sum(axis=1) if rest else everyone
        lack = float((people * (1.0 - asked.part)).sum())
        either = assessment.standard.alternatives_of(asked.ids[0])
        id_ = either.id if either else asked.ids[0]
        found.append(Missing(id_, lack, float(((others - inside) * here).sum())))
    return tuple(sorted(found, key=lambda one: (-one.lack, one.requirement_id)))
