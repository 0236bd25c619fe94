"""Ways out through the gates for residents of one's own compound.

A walk from home is one in the network that strangers walk, but where it passes gates for residents
(:mod:`twin.streets.compounds`). Whatever it is to reach, it leaves the last of these at one of few
nodes. So what it costs from an access point to these nodes is found once, and any search that ends
at homes stays one search in the strangers' network: its answer for a home is the least over the
ends of the home's street and these nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from twin.arrays import Ints
from twin.compiled.ready import compiled
from twin.streets.arrows import Arrows
from twin.streets.compounds import PUBLIC
from twin.streets.connected import connected
from twin.streets.costs import INF, DirectedCosts
from twin.walking.access import AccessPoints

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_AT_ONCE = 64
"""Goals that SciPy searches together: its answers are a row over all nodes for each."""


@dataclass(frozen=True, eq=False)
class Exits:
    """Where walks from access points come out of gates for residents.

    Parameters
    ----------
    start
        Those of access point ``i`` are ``start[i]:start[i + 1]``, shape (k + 1,).
    node, cost
        The node behind the last such gate, and what it costs to get there, the leg left out.
    gate
        The edge of that gate.
    """

    start: Ints
    node: Ints
    cost: Ints
    gate: Ints

    @property
    def rows(self) -> Ints:
        """The access point of each, ascending."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))


@dataclass(frozen=True, eq=False)
class Crossings:
    """Gates for residents as they are passed by one part of the people, in either direction.

    Parameters
    ----------
    before, behind
        Nodes on both sides, shape (k,).
    cost
        Of passing, shape (k,).
    gate
        The edge, shape (k,).
    """

    before: Ints
    behind: Ints
    cost: Ints
    gate: Ints

    def __len__(self) -> int:
        return len(self.gate)


def find_exits(costs: DirectedCosts, points: AccessPoints, to_tail: Ints, to_head: Ints) -> Exits:
    """Return where walks from access points come out of their own gates.

    Parameters
    ----------
    to_tail, to_head
        What it costs from each access point to the ends of its edge.
    """
    network = costs.network
    part = np.full(len(points), PUBLIC)
    attached = points.edge >= 0
    part[attached] = costs.rights.part[points.edge[attached]]
    homes = np.flatnonzero(part != PUBLIC)
    homes = homes[np.argsort(part[homes], kind="stable")]
    present, first = np.unique(part[homes], return_index=True)
    groups = np.split(homes, first[1:]) if len(homes) else []
    passed = [crossings(costs, costs.rights.gates[number]) for number in present.tolist()]
    ends = [network.tail[points.edge[rows]] for rows in groups]
    others = [network.head[points.edge[rows]] for rows in groups]
    asking = [np.unique(np.concatenate(both)) for both in zip(ends, others, strict=True)]
    found = _node_costs(costs.arrows, passed, asking)
    row, node, cost, gate = [], [], [], []
    for rows, tail, head, gates, nodes, known in zip(
        groups, ends, others, passed, asking, found, strict=True
    ):
        way = _by_own_gates(known, gates, len(nodes))
        by_tail = to_tail[rows][:, None] + way[np.searchsorted(nodes, tail)]
        by_head = to_head[rows][:, None] + way[np.searchsorted(nodes, head)]
        least = np.minimum(by_tail, by_head)
        home, out = np.nonzero(least < INF)
        row.append(rows[home])
        node.append(gates.behind[out])
        gate.append(gates.gate[out])
        cost.append(least[home, out])
    return _in_rows(len(points), row, node, cost, gate)


def crossings(costs: DirectedCosts, gates: Ints) -> Crossings:
    """Return the ways through gates that this walker can pass."""
    network, edge = costs.network, np.concatenate([gates, gates])
    tail, head = costs.ends(gates)
    ahead, back = costs.between(gates, tail, head), costs.between(gates, head, tail)
    cost = np.concatenate([ahead, back]) + costs.entering[edge]
    before = np.concatenate([network.tail[gates], network.head[gates]])
    behind = np.concatenate([network.head[gates], network.tail[gates]])
    way = cost < INF
    return Crossings(before[way], behind[way], cost[way], edge[way])


def _by_own_gates(known: Ints, gates: Crossings, homes: int) -> Ints:
    """Return the cost from each asking node to behind each gate, by whatever own gates before it.

    `known` is the cost in the strangers' network to before each gate (rows), from the asking nodes
    and from behind each gate (columns).
    """
    out: Ints = np.minimum(known[:, :homes].T + gates.cost, INF)
    again: Ints = np.minimum(known[:, homes:].T + gates.cost, INF)
    while True:
        better: Ints = out.copy()
        for one in range(len(gates)):
            np.minimum(better, out[:, one, None] + again[None, one], out=better)
        if np.array_equal(better, out):
            return better
        out = better


def _node_costs(arrows: Arrows, passed: list[Crossings], asking: list[Ints]) -> list[Ints]:
    """Return what it costs strangers to get to before each crossing of each part of the people.

    A matrix for each part: a row for each crossing, a column for each asking node and then one for
    each node behind a crossing.
    """
    wanted = [np.concatenate([n, p.behind]) for n, p in zip(asking, passed, strict=True)]
    goal = np.concatenate([p.before for p in passed]) if passed else np.empty(0, np.int64)
    nodes = [np.tile(w, len(p)) for w, p in zip(wanted, passed, strict=True)]
    count = np.repeat([len(w) for w in wanted], [len(p) for p in passed]).astype(np.int64)
    found = _least(arrows, goal, count, np.concatenate(nodes) if nodes else goal)
    sizes = np.cumsum([len(n) for n in nodes])[:-1]
    return [
        part.reshape(len(p), len(w))
        for part, p, w in zip(np.split(found, sizes) if passed else [], passed, wanted, strict=True)
    ]


def _least(arrows: Arrows, goal: Ints, count: Ints, wanted: Ints) -> Ints:
    """Return the cost from `wanted` nodes, `count` for each goal, to the goals."""
    found = np.full(len(wanted), INF)
    if not len(wanted):
        return found
    # Where there is no way at all, a search would look for it everywhere.
    search = np.repeat(np.arange(len(goal)), count)
    node_of_row = np.repeat(np.arange(len(arrows.start) - 1), np.diff(arrows.start))
    piece = connected(len(arrows.start) - 1, (node_of_row, arrows.tail))
    able = np.flatnonzero(piece[wanted] == piece[goal[search]])
    per_goal = np.bincount(search[able], minlength=len(goal))
    first = np.concatenate([[0], np.cumsum(per_goal)])
    answers, kernel = found[able], _kernel()
    if kernel is None:
        _with_scipy(arrows, goal, first, wanted[able], answers)
    else:
        kernel(arrows.start, arrows.tail, arrows.cost, goal, first, wanted[able], answers)
    found[able] = answers
    return found


def matrix_of(arrows: Arrows) -> csr_array:
    """Return arrows as SciPy's searches take them: walks turned round, from services to homes."""
    from scipy.sparse import csr_array

    nodes = len(arrows.start) - 1
    row = np.repeat(np.arange(nodes), np.diff(arrows.start))
    order = np.lexsort((arrows.cost, arrows.tail, row))
    apart = np.ones(len(order), bool)  # a matrix has room for one arrow between two nodes
    apart[1:] = (np.diff(row[order]) != 0) | (np.diff(arrows.tail[order]) != 0)
    kept = order[apart]
    start = np.concatenate([[0], np.cumsum(np.bincount(row[kept], minlength=nodes))])
    values = arrows.cost[kept].astype(np.float64)
    return csr_array((values, arrows.tail[kept], start), shape=(nodes, nodes))


def _with_scipy(arrows: Arrows, goal: Ints, first: Ints, wanted: Ints, found: Ints) -> None:
    from scipy.sparse.csgraph import dijkstra

    graph = matrix_of(arrows)
    for begin in range(0, len(goal), _AT_ONCE):
        some = goal[begin : begin + _AT_ONCE]
        cost = dijkstra(graph, indices=some)
        place = slice(first[begin], first[begin + len(some)])
        search = np.repeat(np.arange(len(some)), np.diff(first[begin : begin + len(some) + 1]))
        least = cost[search, wanted[place]]
        found[place] = np.where(np.isfinite(least), least, float(INF)).astype(np.int64)


class _CostsTo(Protocol):
    """The compiled search, :func:`twin.compiled.exit_kernels.costs_to`."""

    def __call__(
        self,
        start: Ints,
        tail: Ints,
        cost: Ints,
        goal: Ints,
        first: Ints,
        wanted: Ints,
        found: Ints,
    ) -> None:
        """Write into `found`."""


def _kernel() -> _CostsTo | None:
    if compiled() is None:
        return None
    from twin.compiled.exit_kernels import costs_to

    found: _CostsTo = costs_to
    return found


def _in_rows(
    points: int, row: list[Ints], node: list[Ints], cost: list[Ints], gate: list[Ints]
) -> Exits:
    if not row:
        none = np.empty(0, np.int64)
        return Exits(np.zeros(points + 1, np.int64), none, none, none)
    rows = np.concatenate(row)
    order = np.argsort(rows, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=points))])
    arrays = (np.concatenate(values)[order] for values in (node, cost, gate))
    return Exits(start, *arrays)
