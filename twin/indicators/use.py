"""Use: which services are too full and which stand half empty."""

from __future__ import annotations

import numpy as np

from twin.arrays import Floats
from twin.indicators.circle import Circle
from twin.indicators.finding import NONE, Part, Row, safe_share


def use(circle: Circle) -> Part:
    """Return how far the places of each service are used.

    By service, in people per place: ``assigned_use`` after the best assignment (never above 1),
    and ``drawn_use`` if everybody within the limit went to the nearest (ties to the lowest id),
    however full. ``over_used`` where the latter is above, ``under_used`` where the former is below
    the thresholds of ``[use]``; a service may be both where its neighbours take what it draws.
    NaN where a service has no places. Figures of the district, and of each community by what
    stands in it (of groups there are none: services belong to nobody): how many ``services`` inside
    the boundary there are, are over- and under-used and have a capacity that is assumed, and
    ``use``, the assigned people per place of theirs. Services outside the boundary have rows of
    their own and are not judged, for those who live around them are not counted.

    ``use = people / places``; the ratio and its two thresholds are our own.
    """
    plan, capacity, settings = circle.plan, circle.capacity, circle.settings
    assigned = np.bincount(plan.service, plan.people, len(capacity)).astype(np.float64)
    drawn = _drawn(circle)
    full, asked = _ratio(assigned, capacity), _ratio(drawn, capacity)
    inside = circle.service_inside
    over = (asked > settings.over_used_above) & inside
    under = (full < settings.under_used_below) & inside
    services = {
        "capacity": capacity,
        "capacity_known": circle.capacity_known,
        "inside": inside,
        "assigned": assigned,
        "drawn": drawn,
        "assigned_use": full,
        "drawn_use": asked,
        "over_used": over,
        "under_used": under,
    }
    name, rows = circle.result.requirement.id, list[Row]()
    for scope, which, here in circle.service_scopes:
        summed = safe_share(float(assigned[here].sum()), float(capacity[here].sum()))
        rows += [
            Row(name, scope, which, key, NONE, value, unit)
            for key, value, unit in (
                ("services", float(here.sum()), "services"),
                ("over_used", float((over & here).sum()), "services"),
                ("under_used", float((under & here).sum()), "services"),
                ("capacity_assumed", float((here & ~circle.capacity_known).sum()), "services"),
                ("use", summed, "people_per_place"),
            )
        ]
    return Part(rows, {}, services)


def _drawn(circle: Circle) -> Floats:
    """Return the people whose nearest service within the limit is each one."""
    if not len(circle.service_id):
        return np.empty(0)
    nearest = np.argmin(circle.cost, axis=0)  # the first of equals, and ids ascend
    near = circle.within.any(axis=0)
    drawn = np.bincount(nearest[near], circle.demand[near], len(circle.service_id))
    return np.asarray(drawn, np.float64)


def _ratio(part: Floats, whole: Floats) -> Floats:
    ratio: Floats = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return ratio
