"""The nodes by which walks leave homes, in the form that searches of a whole network take."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.arrays import Ints
from twin.memo import Memo
from twin.streets.costs import INF, DirectedCosts
from twin.walking.departures import departure
from twin.walking.origins import OriginAccess


@dataclass(frozen=True, eq=False)
class Items:
    """Places to search from, each through one or more nodes.

    Parameters
    ----------
    start
        Nodes of item ``i`` are ``node[start[i]:start[i + 1]]``.
    node, cost
        A node, and what it costs between the item and there.
    """

    start: Ints
    node: Ints
    cost: Ints

    def __len__(self) -> int:
        return len(self.start) - 1

    def take(self, rows: Ints) -> Items:
        """Return the items of these numbers."""
        count = np.diff(self.start)[rows]
        start = np.concatenate([[0], np.cumsum(count)])
        taken = np.arange(start[-1]) + np.repeat(self.start[rows] - start[:-1], count)
        return Items(start, self.node[taken], self.cost[taken])


_items: Memo[Items] = Memo(16)
_entries: Memo[tuple[Ints, Ints, Ints]] = Memo(16)


def ways_out(costs: DirectedCosts, origins: OriginAccess) -> Items:
    """Return by which nodes walks leave every origin, and what it costs to get there.

    Through any of its doors to either end of the street there, or to behind the last gate that
    only its residents may pass. The leg counts.
    """
    return _items.get((costs, origins), lambda: _find(costs, origins))


def entries_by_node(costs: DirectedCosts, origins: OriginAccess) -> tuple[Ints, Ints, Ints]:
    """Return :func:`ways_out` by node.

    Returns
    -------
    First entry of each node and the count of all; the origin of each entry, and what it costs from
    there to the node.
    """
    return _entries.get((costs, origins), lambda: _turn(costs, ways_out(costs, origins)))


def _turn(costs: DirectedCosts, items: Items) -> tuple[Ints, Ints, Ints]:
    order = np.argsort(items.node, kind="stable")
    degree = np.bincount(items.node, minlength=costs.network.node_count)
    origin = np.repeat(np.arange(len(items)), np.diff(items.start))
    return np.concatenate([[0], np.cumsum(degree)]), origin[order], items.cost[order]


def _find(costs: DirectedCosts, origins: OriginAccess) -> Items:
    points, count = origins.points, len(origins.start) - 1
    leave, network = departure(costs, points), costs.network
    whose = np.repeat(np.arange(count), np.diff(origins.start))
    there = np.flatnonzero(points.edge >= 0)
    edge, gates = points.edge[there], leave.exits
    node = np.concatenate([network.tail[edge], network.head[edge], gates.node])
    point = np.concatenate([there, there, gates.rows])
    to_node = np.concatenate([leave.to_tail[there], leave.to_head[there], gates.cost])
    cost = to_node + leave.leg[point]
    order = np.flatnonzero(cost < INF)
    order = order[np.argsort(whose[point[order]], kind="stable")]
    degree = np.bincount(whose[point[order]], minlength=count)
    arrays = np.concatenate([[0], np.cumsum(degree)]), node[order], cost[order]
    for array in arrays:
        array.flags.writeable = False
    return Items(*arrays)
