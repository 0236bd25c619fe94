"""Walks from every origin to services: to one of them, and to the nearest of a type.

The nearest of a type is one search from all its services at once; :mod:`twin.walking.moving` keeps
what it finds of the services that stay while another is dragged.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from twin.arrays import Floats, Ints
from twin.compiled.ready import compiled
from twin.memo import Memo
from twin.model.district import District
from twin.streets.compounds import walls_of
from twin.streets.costs import INF, DirectedCosts, Measure, directed_costs
from twin.walking.access import AccessPoints
from twin.walking.departures import walk_costs
from twin.walking.facilities import find_facilities, serving
from twin.walking.moving import Goals, least_of
from twin.walking.origins import OriginAccess, find_origins
from twin.walking.reach import reach


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest service of some types from every origin, shape (n,) each.

    Parameters
    ----------
    cost
        Whole micrometres or microseconds, :data:`twin.streets.costs.INF` where unreached.
    service_id
        The service, the lowest id of those equally near; -1 where unreached.
    costs
        What the walks were measured with.
    served
        There is at least one such service, reached or not.
    """

    cost: Ints
    service_id: Ints
    costs: DirectedCosts
    served: bool

    @cached_property
    def public(self) -> Floats:
        """Cost in metres or minutes, inf where unreached."""
        values = self.costs.public(self.cost)
        values.flags.writeable = False
        return values


_node_costs: Memo[Ints] = Memo(16)
_rows: Memo[Ints] = Memo(1024)
_nearest: Memo[Nearest] = Memo(128)


def walks(district: District, service_id: int, measure: Measure) -> Floats:
    """Return the walk from every origin to one service, metres or minutes, inf where unreached.

    Raises
    ------
    KeyError
        Where there is no such service or walker.
    """
    costs = costs_of(district, measure)
    facilities = find_facilities(district)
    at = facilities.position(service_id)
    origins = find_origins(district).access
    return costs.public(_row(costs, origins, facilities.key[at], facilities.access[at]))


def nearest(district: District, types: str | tuple[str, ...], measure: Measure) -> Nearest:
    """Return the nearest open service of one of `types` from every origin.

    Parameters
    ----------
    types
        A service type, or several any of which will do.
    measure
        Walker's id and ``m`` or ``min``.
    """
    costs, origins = costs_of(district, measure), find_origins(district).access
    facilities, flags = find_facilities(district), serving(district.services)
    names = (types,) if isinstance(types, str) else types
    serves = np.zeros(len(district.services), bool)
    for type_id in names:
        serves |= flags.get(type_id, False)
    at = np.flatnonzero(serves[facilities.row]).tolist()
    who = tuple((int(facilities.ids[i]), facilities.key[i]) for i in at)
    goals = Goals(who, tuple(facilities.access[i] for i in at), facilities.around)

    def find() -> Nearest:
        spread = compiled()
        if not who:
            return _nobody(costs, len(origins.start) - 1)
        if spread is None:
            return _least_of_rows(costs, origins, goals)
        return _frozen(costs, *least_of(costs, origins, goals, names, spread))

    return _nearest.get((costs, origins), find, who)


def nearest_of_each(
    district: District, types: tuple[str, ...], measure: Measure, at_least: int
) -> Nearest:
    """Return the walk until services of `at_least` different types are near, from every origin.

    Its service is the last of these: the nearest of the type that is the `at_least`-th nearest.
    """
    if at_least == 1:
        return nearest(district, types, measure)
    found = tuple(nearest(district, type_id, measure) for type_id in types)
    return _nearest.get(found, lambda: _last_of(found, at_least), at_least)


def _last_of(found: tuple[Nearest, ...], at_least: int) -> Nearest:
    cost, service = np.vstack([f.cost for f in found]), np.vstack([f.service_id for f in found])
    order = np.lexsort((service, cost), axis=0)[at_least - 1]
    every = np.arange(cost.shape[1])
    if sum(one.served for one in found) < at_least:
        return _nobody(found[0].costs, cost.shape[1])
    return _frozen(found[0].costs, cost[order, every], service[order, every])


def costs_of(district: District, measure: Measure) -> DirectedCosts:
    """Return what walks are measured with under the statuses of the district's streets."""
    return directed_costs(
        find_facilities(district).around.network,
        district.streets,
        measure,
        walls_of(district.barriers),
    )


def node_costs(district: District, service_id: int, measure: Measure) -> Ints:
    """Return the cost from every node of the network to one service, in whole numbers."""
    facilities = find_facilities(district)
    at = facilities.position(service_id)
    costs = costs_of(district, measure)
    return _node_costs.get(
        (costs,), lambda: reach(costs, facilities.access[at]), facilities.key[at]
    )


def _row(costs: DirectedCosts, origins: OriginAccess, key: Hashable, goal: AccessPoints) -> Ints:
    """Return the cost from every origin to one facility, by the best pair of doors."""

    def find() -> Ints:
        node_cost = reach(costs, goal)
        every = walk_costs(costs, origins.points, node_cost, goal)
        start = origins.start[:-1]
        row = np.minimum.reduceat(every, start) if len(start) else np.empty(0, np.int64)
        row.flags.writeable = False
        return row

    return _rows.get((costs, origins), find, key)


def _least_of_rows(
    costs: DirectedCosts,
    origins: OriginAccess,
    goals: Goals,
) -> Nearest:
    """Return the nearest as the minimum over every facility's own walks."""
    pairs = zip(goals.who, goals.access, strict=True)
    rows = [_row(costs, origins, key, points) for (_, key), points in pairs]
    stack, ids = np.vstack(rows), np.array([number for number, _ in goals.who])
    best = np.argmin(stack, axis=0)  # the first of equals, and ids ascend
    return _frozen(costs, stack[best, np.arange(stack.shape[1])], ids[best])


def _nobody(costs: DirectedCosts, count: int) -> Nearest:
    return Nearest(np.full(count, INF), np.full(count, -1), costs, served=False)


def _frozen(costs: DirectedCosts, cost: Ints, service: Ints) -> Nearest:
    service = np.where(cost < INF, service, -1)
    for array in (cost, service):
        array.flags.writeable = False
    return Nearest(cost, service, costs, served=True)
