"""Reach of facilities: what it costs from every node of the network to get there.

Compiled with Numba; with SciPy where Numba cannot be imported or the environment variable
``RENEWAL_TWIN_NO_NUMBA`` is set. Both give the same whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from twin.arrays import Ints, ranges
from twin.compiled.ready import Spread, compiled
from twin.streets.arrows import Arrows
from twin.streets.costs import INF, DirectedCosts
from twin.walking.access import AccessPoints

NOBODY = np.int64(1 << 62)
"""Owner of a node that no goal is reached from; higher than any id."""


@dataclass(frozen=True, eq=False)
class Seeds:
    """Where searches start: nodes at the ends of the edges that goals are attached to.

    Parameters
    ----------
    node, cost
        A node, and what it costs from there to the goal (part of the edge, wait, leg).
    owner
        Id of the goal.
    """

    node: Ints
    cost: Ints
    owner: Ints


@dataclass(frozen=True, eq=False)
class Reach:
    """The least cost from every node to a set of goals, and the lowest id of those so near.

    Parameters
    ----------
    cost
        Whole numbers, `INF` where unreached, shape (n,).
    owner
        Id of the goal, `NOBODY` where unreached, shape (n,).
    """

    cost: Ints
    owner: Ints


@dataclass(frozen=True, eq=False)
class Improvement:
    """Where a reach is better than one known before, shape (k,) each.

    Parameters
    ----------
    node, cost, owner
        A node, and its cost and goal now.
    """

    node: Ints
    cost: Ints
    owner: Ints


def reach(costs: DirectedCosts, access: AccessPoints) -> Ints:
    """Return the cost from every node to the nearest of one facility's access points, shape (n,).

    Parts of edges, waits and legs count; `INF` where there is no way.
    """
    seeds, spread = seeds_of(costs, access, np.zeros(len(access), np.int64)), compiled()
    if spread is None:
        return search_with_scipy(costs.arrows, seeds)
    return reach_of(costs, seeds, None, spread).cost


def seeds_of(costs: DirectedCosts, access: AccessPoints, owner: Ints) -> Seeds:
    """Return where a search for the access points of goals starts; `owner` is the goal of each."""
    there = np.flatnonzero(access.edge >= 0)
    edge, leg = access.edge[there], costs.leg(access.leg_m[there])
    tail, head = costs.ends(edge)
    door = costs.place(edge, access.offset_m[there])
    leg = leg + costs.entering[edge]
    node = np.concatenate([costs.network.tail[edge], costs.network.head[edge]])
    from_ends = [costs.between(edge, tail, door) + leg, costs.between(edge, head, door) + leg]
    cost = np.concatenate(from_ends)
    way = cost < INF
    return Seeds(node[way], cost[way], np.tile(owner[there], 2)[way])


def reach_of(costs: DirectedCosts, seeds: Seeds, known: Reach | None, spread: Spread) -> Reach:
    """Return the reach of the seeds' goals together with those of a reach known before."""
    nodes, arrows = costs.network.node_count, costs.arrows
    cost = np.full(nodes, INF) if known is None else known.cost.copy()
    owner = np.full(nodes, NOBODY) if known is None else known.owner.copy()
    graph = arrows.start, arrows.tail, arrows.cost
    spread(*graph, seeds.node, seeds.cost, seeds.owner, cost, owner)
    return Reach(cost, owner)


def reach_without(
    costs: DirectedCosts, known: Reach, gone: Ints, seeds: Seeds, spread: Spread
) -> Reach:
    """Return the reach of the goals of `seeds`, where it is known together with goals now gone.

    Parameters
    ----------
    gone
        Ids of the goals that are not there any more.
    seeds
        Of all goals that are.

    Notes
    -----
    Only nodes whose nearest goal is gone can change. The search goes on from their neighbours that
    keep theirs.
    """
    lost = np.isin(known.owner, gone)
    cost, owner = np.where(lost, INF, known.cost), np.where(lost, NOBODY, known.owner)
    arrows, leaving = costs.arrows, costs.arrows.leaving
    node = np.flatnonzero(lost)
    count = np.diff(leaving.start)[node]
    way = ranges(leaving.start[node], count)
    from_node, to_node = np.repeat(node, count), leaving.head[way]
    along = arrows.cost[leaving.arrow[way]] + cost[to_node]
    rim = along < INF
    own = lost[seeds.node]
    start = (
        np.concatenate([from_node[rim], seeds.node[own]]),
        np.concatenate([along[rim], seeds.cost[own]]),
        np.concatenate([owner[to_node[rim]], seeds.owner[own]]),
    )
    spread(arrows.start, arrows.tail, arrows.cost, *start, cost, owner)
    return Reach(cost, owner)


def improvement(costs: DirectedCosts, seeds: Seeds, known: Reach) -> Improvement:
    """Return where the seeds' goals better a reach known before; needs Numba.

    The same as :func:`reach_of` finds, without a copy of what stays.
    """
    from twin.compiled.kernels import improve
    from twin.walking.hierarchy.hierarchy import prepared
    from twin.walking.hierarchy.searches import improved

    ready = prepared(costs)
    if ready is not None:
        return improved(ready, seeds, known)
    arrows = costs.arrows
    graph = arrows.start, arrows.tail, arrows.cost
    scratch = np.zeros(costs.network.node_count, np.int32)
    from_seeds = seeds.node, seeds.cost, seeds.owner
    return Improvement(*improve(*graph, *from_seeds, known.cost, known.owner, scratch).T)


def ready_to_better(costs: DirectedCosts, known: Reach) -> None:
    """Do in advance what :func:`improvement` does only once for a reach."""
    from twin.walking.hierarchy.hierarchy import prepared

    ready = prepared(costs)
    if ready is not None:
        from twin.walking.hierarchy.searches import by_position

        by_position(ready, known)


def search_with_scipy(arrows: Arrows, seeds: Seeds) -> Ints:
    """Search from one more node that has an arrow to each seed.

    SciPy counts in float64, which holds whole numbers up to 2^53 (9 million km) exactly.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    nodes = len(arrows.start) - 1
    if not len(seeds.node):
        return np.full(nodes, INF)
    owner = np.repeat(np.arange(nodes), np.diff(arrows.start))
    row = np.concatenate([owner, np.full(len(seeds.node), nodes)])
    column = np.concatenate([arrows.tail, seeds.node])
    cost = np.concatenate([arrows.cost, seeds.cost])
    order = np.lexsort((cost, column, row))
    first = np.ones(len(order), bool)  # a matrix has room for one arrow between two nodes
    first[1:] = (np.diff(row[order]) != 0) | (np.diff(column[order]) != 0)
    kept = order[first]
    start = np.concatenate([[0], np.cumsum(np.bincount(row[kept], minlength=nodes + 1))])
    shape = (nodes + 1, nodes + 1)
    graph: Any = csr_array((cost[kept].astype(np.float64), column[kept], start), shape=shape)
    found = dijkstra(graph, indices=[nodes])[0, :nodes]
    return np.where(np.isfinite(found), found, float(INF)).astype(np.int64)
