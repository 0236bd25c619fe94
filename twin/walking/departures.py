"""Leaving home: from an access point to the ends of its edge, and to doors on the same edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.arrays import Ints, ranges
from twin.memo import Memo
from twin.streets.costs import INF, DirectedCosts, Place
from twin.walking.access import AccessPoints
from twin.walking.exits import Exits, find_exits
from twin.walking.reach import NOBODY, Reach


@dataclass(frozen=True, eq=False)
class Departure:
    """What it costs from every access point of the origins to both ends of its edge.

    Parameters
    ----------
    place, leg, to_tail, to_head
        Shape (k,).
    by_edge
        Positions of the access points, by edge.
    exits
        Where walks come out of the gates for residents of one's own compound.
    """

    place: Place
    leg: Ints
    to_tail: Ints
    to_head: Ints
    by_edge: Ints
    exits: Exits


_departures: Memo[Departure] = Memo(32)


def departure(costs: DirectedCosts, points: AccessPoints) -> Departure:
    """Return what it costs to leave every access point, legs not included."""
    return _departures.get((costs, points), lambda: _depart(costs, points))


def walk_costs(
    costs: DirectedCosts, points: AccessPoints, node_cost: Ints, goal: AccessPoints
) -> Ints:
    """Return the cost from each of `points` to a facility whose reach is `node_cost`."""
    owner = np.zeros(len(node_cost), np.int64)
    known = Reach(node_cost, owner)
    return point_costs(costs, points, known, goal, np.zeros(len(goal), np.int64))[0]


def point_costs(
    costs: DirectedCosts, points: AccessPoints, known: Reach, doors: AccessPoints, owner: Ints
) -> tuple[Ints, Ints]:
    """Return cost and goal from each access point: through either end of its edge, or along it."""
    leave, network, attached = departure(costs, points), costs.network, points.edge >= 0
    if not len(network):
        return np.full(len(points), INF), np.full(len(points), NOBODY)
    edge = np.where(attached, points.edge, 0)
    tail, head = network.tail[edge], network.head[edge]
    by_tail, by_head = leave.to_tail + known.cost[tail], leave.to_head + known.cost[head]
    cost, goal = _lesser(by_tail, known.owner[tail], by_head, known.owner[head])
    _through_own_gates(leave.exits, known, cost, goal)
    row, door = on_one_edge(points, leave, doors)
    if len(row):
        along, whose = direct_cost(costs, leave, row, doors, door), owner[door]
        order = np.lexsort((whose, along, row))
        first = order[np.flatnonzero(np.diff(row[order], prepend=-1))]
        at = row[first]
        cost[at], goal[at] = _lesser(cost[at], goal[at], along[first], whose[first])
    return np.where(attached, np.minimum(cost + leave.leg, INF), INF), goal


def direct_cost(
    costs: DirectedCosts, leave: Departure, rows: Ints, goal: AccessPoints, doors: Ints
) -> Ints:
    """Return the cost along the edge that access points share with doors, their legs included.

    `rows` and `doors` are pairs; the access points' own legs are left out.
    """
    edge = goal.edge[doors]
    there = costs.place(edge, goal.offset_m[doors])
    here = leave.place
    here = Place(here.forward[rows], here.backward[rows], here.barred_m[rows])
    return costs.between(edge, here, there) + costs.leg(goal.leg_m[doors])


def _lesser(cost: Ints, goal: Ints, other: Ints, other_goal: Ints) -> tuple[Ints, Ints]:
    """Return the lesser of two costs with its goal, of equal costs the lower goal."""
    first = (cost < other) | ((cost == other) & (goal <= other_goal))
    return np.where(first, cost, other), np.where(first, goal, other_goal)


def _through_own_gates(exits: Exits, known: Reach, cost: Ints, goal: Ints) -> None:
    """Lower cost and goal of access points from which the way is through their own gates."""
    if not len(exits.node):
        return
    at = np.flatnonzero(np.diff(exits.start))
    first, count = exits.start[at], np.diff(exits.start)[at]
    through, whose = exits.cost + known.cost[exits.node], known.owner[exits.node]
    least = np.minimum.reduceat(through, first)
    best = through == np.repeat(least, count)
    owner = np.minimum.reduceat(np.where(best, whose, NOBODY), first)
    cost[at], goal[at] = _lesser(cost[at], goal[at], least, owner)


def on_one_edge(points: AccessPoints, leave: Departure, doors: AccessPoints) -> tuple[Ints, Ints]:
    """Return pairs of access point and door that are on the same edge."""
    here = np.flatnonzero(doors.edge >= 0)
    edges = points.edge[leave.by_edge]
    first = np.searchsorted(edges, doors.edge[here], "left")
    count = np.searchsorted(edges, doors.edge[here], "right") - first
    return leave.by_edge[ranges(first, count)], np.repeat(here, count)


def _depart(costs: DirectedCosts, points: AccessPoints) -> Departure:
    network, leg = costs.network, costs.leg(points.leg_m)
    edge = np.where(points.edge >= 0, points.edge, 0)
    by_edge = np.argsort(points.edge, kind="stable")
    if not len(network):
        nowhere = np.full(len(points), INF)
        place = Place(nowhere, nowhere, np.zeros(len(points)))
        exits = find_exits(costs, points, nowhere, nowhere)
        return Departure(place, leg, nowhere, nowhere, by_edge, exits)
    place = costs.place(edge, points.offset_m)
    tail, head = costs.ends(edge)
    to_tail, to_head = costs.between(edge, place, tail), costs.between(edge, place, head)
    to_tail = np.where(points.edge >= 0, to_tail, INF)
    to_head = np.where(points.edge >= 0, to_head, INF)
    exits = find_exits(costs, points, to_tail, to_head)
    return Departure(place, leg, to_tail, to_head, by_edge, exits)
