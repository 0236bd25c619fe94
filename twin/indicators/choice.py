"""Depth of choice: how many services people may choose from within the limit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from twin.arrays import Floats, Ints
from twin.indicators.circle import Circle, Homes
from twin.indicators.finding import NONE, Figure, Part, rows_of
from twin.indicators.weighted import mean
from twin.streets.costs import PER_UNIT


def choice(circle: Circle) -> Part:
    """Return the number of distinct services within the requirement's limit (inclusive).

    ``C_i = #{j: d_ij <= limit}``, services. Figures: ``mean`` over the people, and
    ``share_at_least`` c, the share of people with c or more (the cumulative opportunities of
    Wachs & Kumagai 1973, Socio-Economic Planning Sciences 7(5):437-456; cited from memory, not
    checked). At c = 1 it is the coverage. Door to door, every storey has its own number; by home it
    is that of the highest.
    """
    homes = circle.homes(circle.result.requirement.unit)
    count = _within(circle, homes).astype(np.float64)

    def figures(by_origin: Floats) -> Iterator[Figure]:
        people = homes.people(by_origin)
        yield Figure("mean", NONE, mean(count, people), "services")
        for least in circle.settings.at_least:
            enough = (count >= least).astype(np.float64)
            yield Figure("share_at_least", least, mean(enough, people), "share")

    least = -homes.farthest(-count)
    return Part(rows_of(circle, circle.scopes, figures), {"services_within": least})


def _within(circle: Circle, homes: Homes) -> Ints:
    """Return how many services are within the limit of each storey."""
    wanted = circle.result.requirement
    limit = round(wanted.limit * PER_UNIT[wanted.unit])
    left = limit - homes.stairs  # from the door; below 0 where the stairs alone are too much
    count: Ints = np.sum(circle.cost[:, homes.origin] <= left, axis=0)
    return count
