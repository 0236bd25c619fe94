"""The way that one walk takes, step by step, and the streets within reach of a service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from twin.arrays import Floats, Ints
from twin.model.district import District
from twin.streets.costs import INF, PER_UNIT, DirectedCosts, Measure
from twin.walking.access import AccessPoints, Geometries, attach, surroundings
from twin.walking.departures import Departure, departure, direct_cost
from twin.walking.exits import crossings
from twin.walking.facilities import find_facilities
from twin.walking.origins import find_origins
from twin.walking.reach import reach
from twin.walking.walks import costs_of, node_costs

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS


@dataclass(frozen=True, eq=False)
class Route:
    """One walk from an origin to a service.

    Parameters
    ----------
    line
        Coordinates from door to door, legs included, metres, shape (n, 2).
    metres, minutes
        Length and the walker's time of this very way, legs and waits included.
    home_leg_m, service_leg_m
        Length of the straight legs at both ends.
    street_id, from_m, to_m
        The streets in the order walked, and the places on their edges where each is joined and
        left, metres from the edge's tail. Shape (steps,).
    metres_by_kind
        Length by kind of street; the legs are ``leg``.
    waits_s
        Seconds spent at signals.
    """

    line: Floats
    metres: float
    minutes: float
    home_leg_m: float
    service_leg_m: float
    street_id: Ints
    from_m: Floats
    to_m: Floats
    metres_by_kind: Mapping[str, float]
    waits_s: float


@dataclass(frozen=True)
class _Step:
    """A stretch of one edge, and whether it was entered at an end (where a signal makes wait)."""

    edge: int
    from_m: float
    to_m: float
    entered: bool


def route(district: District, origin: int, service_id: int, measure: Measure) -> Route | None:
    """Return the way from an origin to a service, None where there is none.

    Parameters
    ----------
    origin
        Position in the district's origins.
    measure
        What the way is the least of: metres or minutes of a walker.

    Raises
    ------
    KeyError
        Where there is no such service or walker.
    """
    facilities = find_facilities(district)
    goal = facilities.access[facilities.position(service_id)]
    reached = node_costs(district, service_id, measure)
    access = find_origins(district).access
    rows = np.arange(access.start[origin], access.start[origin + 1])
    return _route(district, access.points, rows, reached, goal, measure)


def route_between(
    district: District, start: tuple[float, float], end: tuple[float, float], measure: Measure
) -> Route | None:
    """Return the way between two places, each joined to the nearest street by a leg.

    Parameters
    ----------
    start, end
        Coordinates, metres. They attach as doors of no building would.
    measure
        What the way is the least of: metres or minutes of a walker.

    Returns
    -------
    None where one of them is farther from every street than a leg may be, or no way leads there.
    """
    nowhere = np.full(2, -1)
    points = attach(surroundings(district), shapely.points([start, end]), nowhere)
    goal = points.take(np.array([1]))
    reached = reach(costs_of(district, measure), goal)
    return _route(district, points, np.array([0]), reached, goal, measure)


def _route(
    district: District,
    points: AccessPoints,
    rows: Ints,
    reached: Ints,
    goal: AccessPoints,
    measure: Measure,
) -> Route | None:
    """Return the best way from any of the access points `rows` to a goal of known reach."""
    costs, rows = costs_of(district, measure), rows[points.edge[rows] >= 0]
    begun = _begin(costs, points, rows, reached, goal)
    if begun is None:
        return None
    row, door, steps, node = begun
    if node >= 0:
        door = _follow(costs, reached, goal, node, steps)
    time = costs_of(district, (measure[0], "min"))
    return _drawn(time, points.take(np.array([row])), goal.take(np.array([door])), steps)


def _begin(
    costs: DirectedCosts, points: AccessPoints, rows: Ints, reached: Ints, goal: AccessPoints
) -> tuple[int, int, list[_Step], int] | None:
    """Return the first step of the best walk: access point, door, steps so far and next node.

    A walk along one edge is complete (node -1); any other has its door still to be found (-1).
    """
    network, leave = costs.network, departure(costs, points)
    best, begun = int(INF), None
    for row in rows.tolist():
        edge, offset = int(points.edge[row]), float(points.offset_m[row])
        ends = (
            (int(network.tail[edge]), 0.0, int(leave.to_tail[row])),
            (int(network.head[edge]), float(network.length_m[edge]), int(leave.to_head[row])),
        )
        for door in np.flatnonzero(goal.edge == edge).tolist():
            pair = np.array([row]), np.array([door])
            along = direct_cost(costs, leave, pair[0], goal, pair[1])[0] + leave.leg[row]
            if along < best:
                best = int(along)
                step = _Step(edge, offset, float(goal.offset_m[door]), entered=False)
                begun = (row, door, [step], -1)
        for node, end, cost in ends:
            total = cost + int(reached[node]) + int(leave.leg[row])
            if total < best:
                best, begun = total, (row, -1, [_Step(edge, offset, end, entered=False)], node)
        for at in range(leave.exits.start[row], leave.exits.start[row + 1]):
            node = int(leave.exits.node[at])
            total = int(leave.exits.cost[at]) + int(reached[node]) + int(leave.leg[row])
            if total < best:
                best = total
                begun = (row, -1, _through_gates(costs, points, leave, row, node), node)
    return begun


def _through_gates(
    costs: DirectedCosts, points: AccessPoints, leave: Departure, row: int, node: int
) -> list[_Step]:
    """Return the steps from an access point to a node, through gates for its own residents."""
    network, edge, offset = costs.network, int(points.edge[row]), float(points.offset_m[row])
    gates = costs.rights.gates[int(costs.rights.part[edge])]
    out = _leaving(costs, gates)
    length = network.length_m
    ends = [
        (int(leave.to_tail[row]), int(network.tail[edge]), 0.0),
        (int(leave.to_head[row]), int(network.head[edge]), float(length[edge])),
    ]
    ends.sort(reverse=True)  # of a street that ends where it begins the shorter way stays
    steps = {end: (-1, _Step(edge, offset, at, entered=False)) for _, end, at in ends}
    cost = {end: so_far for so_far, end, _ in ends}
    heap = [(so_far, start) for start, so_far in cost.items()]
    heapify(heap)
    while heap:
        so_far, here = heappop(heap)
        if here == node:
            break
        for there, longer, over in out(here):
            if so_far == cost[here] and so_far + longer < cost.get(there, int(INF)):
                cost[there] = so_far + longer
                forward = network.tail[over] == here and network.head[over] == there
                from_m, to_m = (0.0, float(length[over]))[:: 1 if forward else -1]
                steps[there] = (here, _Step(over, from_m, to_m, entered=True))
                heappush(heap, (cost[there], there))
    way: list[_Step] = []
    while node >= 0:
        node, step = steps[node]
        way.append(step)
    return way[::-1]


def _leaving(costs: DirectedCosts, gates: Ints) -> Callable[[int], Iterator[tuple[int, int, int]]]:
    """Return what leads on from a node: node, cost and edge, gates for its residents included."""
    leaving, arrows, own = costs.arrows.leaving, costs.arrows, crossings(costs, gates)

    def out(node: int) -> Iterator[tuple[int, int, int]]:
        at = slice(leaving.start[node], leaving.start[node + 1])
        arrow = leaving.arrow[at]
        every = leaving.head[at], arrows.cost[arrow], arrows.edge[arrow]
        yield from zip(*(values.tolist() for values in every), strict=True)
        here = np.flatnonzero(own.before == node)
        through = own.behind[here], own.cost[here], own.gate[here]
        yield from zip(*(values.tolist() for values in through), strict=True)

    return out


def _follow(
    costs: DirectedCosts, reached: Ints, goal: AccessPoints, node: int, steps: list[_Step]
) -> int:
    """Add the steps from a node to the goal; return the door where they end."""
    network, leaving = costs.network, costs.arrows.leaving
    last = _last_steps(costs, goal)
    while True:
        left = int(reached[node])
        for door, cost, step in last.get(node, ()):
            if cost == left:
                steps.append(step)
                return door
        out = leaving.arrow[leaving.start[node] : leaving.start[node + 1]]
        head = leaving.head[leaving.start[node] : leaving.start[node + 1]]
        fits = np.flatnonzero(reached[head] + costs.arrows.cost[out] == left)
        taken = fits[np.argmin(network.street_id[costs.arrows.edge[out[fits]]])]
        edge = int(costs.arrows.edge[out[taken]])
        length = float(network.length_m[edge])
        forward = network.tail[edge] == node and network.head[edge] == head[taken]
        steps.append(_Step(edge, *((0.0, length) if forward else (length, 0.0)), entered=True))
        node = int(head[taken])


def _last_steps(
    costs: DirectedCosts, goal: AccessPoints
) -> dict[int, list[tuple[int, int, _Step]]]:
    """Return, by node, the doors that one more step leads to, with the cost from there."""
    last: dict[int, list[tuple[int, int, _Step]]] = {}
    doors = np.flatnonzero(goal.edge >= 0)
    edge, offset = goal.edge[doors], goal.offset_m[doors]
    network, there, leg = costs.network, costs.place(edge, offset), costs.leg(goal.leg_m[doors])
    tail, head = costs.ends(edge)
    for end, node, at in (
        (tail, network.tail[edge], np.zeros(len(edge))),
        (head, network.head[edge], network.length_m[edge]),
    ):
        cost = costs.between(edge, end, there) + costs.entering[edge] + leg
        for i, door in enumerate(doors.tolist()):
            step = _Step(int(edge[i]), float(at[i]), float(offset[i]), entered=True)
            last.setdefault(int(node[i]), []).append((door, int(cost[i]), step))
    return last


def _drawn(
    time: DirectedCosts, start: AccessPoints, end: AccessPoints, steps: list[_Step]
) -> Route:
    network = time.network
    edge = np.array([step.edge for step in steps])
    from_m, to_m = (np.array([getattr(s, name) for s in steps]) for name in ("from_m", "to_m"))
    waits = int(time.entering[edge][[step.entered for step in steps]].sum())
    walked = time.between(edge, time.place(edge, from_m), time.place(edge, to_m)).sum()
    legs = float(start.leg_m[0]), float(end.leg_m[0])
    duration = walked + waits + time.leg(np.array(legs)).sum()
    metres = np.abs(to_m - from_m)
    by_kind = {"leg": sum(legs)}
    for kind in dict.fromkeys(network.kind[edge].tolist()):
        by_kind[kind] = float(metres[network.kind[edge] == kind].sum())
    parts = [substring(network.line[s.edge], s.from_m, s.to_m) for s in steps]
    ends = [[(x[0], y[0])] for x, y in ((start.x, start.y), (end.x, end.y))]
    line = np.vstack([ends[0], *(shapely.get_coordinates(part) for part in parts), ends[1]])
    apart = np.append(True, np.hypot(*np.diff(line, axis=0).T) > 0)
    return Route(
        line[apart],
        float(metres.sum()) + sum(legs),
        float(duration) / PER_UNIT["min"],
        *legs,
        network.street_id[edge],
        from_m,
        to_m,
        by_kind,
        waits / (PER_UNIT["min"] / 60),
    )


@dataclass(frozen=True, eq=False)
class ReachedStreets:
    """The streets from which one service is within a limit, for drawing: one edge each, or a part.

    Between the ends of a line cost runs evenly enough for a drawing; coverage is never computed
    from it.

    Parameters
    ----------
    street_id, kind
        The street of each edge, and its kind.
    line
        What of the edge is within the limit, in the district's CRS.
    cost_start, cost_end
        Metres or minutes from the ends of the line to the service, the service's leg included.
    """

    street_id: Ints
    kind: NDArray[Any]
    line: Geometries
    cost_start: Floats
    cost_end: Floats

    def frame(self, crs: CRS | None = None) -> gpd.GeoDataFrame:
        """Return a row for each, in columns of the same names; the line is the geometry."""
        import geopandas as gpd

        names = ("street_id", "kind", "cost_start", "cost_end")
        columns = {name: getattr(self, name) for name in names}
        return gpd.GeoDataFrame(columns, geometry=self.line, crs=crs)


def reach_streets(
    district: District, service_id: int, measure: Measure, limit: float
) -> ReachedStreets:
    """Return the streets from which one service is within a limit of metres or minutes."""
    costs = costs_of(district, measure)
    cost = costs.public(node_costs(district, service_id, measure))
    network = costs.network
    here = np.column_stack([cost[network.tail], cost[network.head]])
    edge = np.flatnonzero((here.min(axis=1) <= limit) & ~costs.closed & ~costs.reserved)
    here, line = here[edge], network.line[edge].copy()
    cut = np.flatnonzero(here.max(axis=1) > limit)
    tail, head = costs.ends(edge)
    whole = costs.public(costs.between(edge, tail, head))
    for i in cut.tolist():
        near, length = int(np.argmin(here[i])), float(network.length_m[edge[i]])
        part = length * min((limit - here[i, near]) / whole[i], 1.0)
        line[i] = substring(line[i], *((0.0, part) if near == 0 else (length - part, length)))
        here[i, 1 - near] = limit
    kind, street = network.kind[edge], network.street_id[edge]
    return ReachedStreets(street, kind, line, here[:, 0], here[:, 1])
