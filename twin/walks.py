"""Walks from every origin to services: reach of one facility, and the nearest of a type.

Results are kept by what they depend on: the costs, the origins' access points and the one
facility's doors. Moving a service therefore finds one facility's walks again; the nearest of its
type is a minimum over what is kept.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from twin.access import AccessPoints
from twin.costs import INF, DirectedCosts, Measure, Place, directed_costs
from twin.district import District
from twin.facilities import find_facilities, serving
from twin.memo import Memo
from twin.network import Floats, Ints
from twin.origins import OriginAccess, find_origins
from twin.reach import reach


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest service of some types from every origin, shape (n,) each.

    Parameters
    ----------
    cost
        Whole micrometres or microseconds, :data:`twin.costs.INF` where unreached.
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


@dataclass(frozen=True, eq=False)
class Departure:
    """What it costs from every access point of the origins to both ends of its edge."""

    place: Place
    leg: Ints
    to_tail: Ints
    to_head: Ints


_departures: Memo[Departure] = Memo(32)
_reaches: Memo[Ints] = Memo(64)
_rows: Memo[Ints] = Memo(4096)
_nearest: Memo[Nearest] = Memo(512)


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
    serves = np.zeros(len(district.services), bool)
    for type_id in (types,) if isinstance(types, str) else types:
        serves |= flags.get(type_id, False)
    goal = np.flatnonzero(serves[facilities.row])
    ids, keys = facilities.ids[goal], tuple(facilities.key[i] for i in goal)

    def least() -> Nearest:
        rows = [
            _row(costs, origins, key, facilities.access[i])
            for key, i in zip(keys, goal, strict=True)
        ]
        return _least(costs, ids, rows, len(origins.start) - 1)

    return _nearest.get((costs, origins), least, keys, ids.tobytes())


def costs_of(district: District, measure: Measure) -> DirectedCosts:
    """Return what walks are measured with under the statuses of the district's streets."""
    return directed_costs(find_facilities(district).around.network, district.streets, measure)


def node_costs(district: District, service_id: int, measure: Measure) -> Ints:
    """Return the cost from every node of the network to one service, in whole numbers."""
    facilities = find_facilities(district)
    at = facilities.position(service_id)
    costs = costs_of(district, measure)
    return _reaches.get((costs,), lambda: reach(costs, facilities.access[at]), facilities.key[at])


def departure(costs: DirectedCosts, points: AccessPoints) -> Departure:
    """Return what it costs to leave every access point, legs not included."""
    return _departures.get((costs, points), lambda: _depart(costs, points))


def walk_costs(
    costs: DirectedCosts, points: AccessPoints, node_cost: Ints, goal: AccessPoints
) -> Ints:
    """Return the cost from each of `points` to a facility whose reach is `node_cost`."""
    leave, network, attached = departure(costs, points), costs.network, points.edge >= 0
    edge = np.where(attached, points.edge, 0)
    if not len(network):
        return np.full(len(points), INF)
    cost = np.minimum(
        leave.to_tail + node_cost[network.tail[edge]], leave.to_head + node_cost[network.head[edge]]
    )
    for door in np.flatnonzero(goal.edge >= 0):
        same = np.flatnonzero(points.edge == goal.edge[door])
        if len(same):
            direct = direct_cost(costs, leave, same, goal, int(door))
            cost[same] = np.minimum(cost[same], direct)
    return np.where(attached, np.minimum(cost + leave.leg, INF), INF)


def direct_cost(
    costs: DirectedCosts, leave: Departure, rows: Ints, goal: AccessPoints, door: int
) -> Ints:
    """Return the cost along the edge that access points share with one door of the goal."""
    at = np.full(len(rows), door)
    there = costs.place(goal.edge[at], goal.offset_m[at])
    here = Place(*(values[rows] for values in vars(leave.place).values()))
    return costs.between(goal.edge[at], here, there) + costs.leg(goal.leg_m[at])


def _depart(costs: DirectedCosts, points: AccessPoints) -> Departure:
    network, leg = costs.network, costs.leg(points.leg_m)
    edge = np.where(points.edge >= 0, points.edge, 0)
    if not len(network):
        nowhere = np.full(len(points), INF)
        return Departure(Place(nowhere, nowhere, np.zeros(len(points))), leg, nowhere, nowhere)
    place = costs.place(edge, points.offset_m)
    tail, head = costs.ends(edge)
    to_tail, to_head = costs.between(edge, place, tail), costs.between(edge, place, head)
    return Departure(place, leg, to_tail, to_head)


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


def _least(costs: DirectedCosts, ids: Ints, rows: list[Ints], count: int) -> Nearest:
    if not rows:
        return Nearest(np.full(count, INF), np.full(count, -1), costs, False)
    stack = np.vstack(rows)
    best = np.argmin(stack, axis=0)  # the first of equals, and ids ascend
    cost = stack[best, np.arange(count)]
    service = np.where(cost < INF, ids[best], -1)
    for array in (cost, service):
        array.flags.writeable = False
    return Nearest(cost, service, costs, True)
