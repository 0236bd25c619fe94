"""Reach of one facility: what it costs from every node to get there.

Compiled with Numba; with SciPy where Numba cannot be imported or the environment variable
``RENEWAL_TWIN_NO_NUMBA`` is set. Both give the same whole numbers.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any, Protocol

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from twin.access import AccessPoints
from twin.costs import INF, Arrows, DirectedCosts
from twin.network import Ints


class Search(Protocol):
    """A shortest-path search from seeds over arrows."""

    def __call__(self, arrows: Arrows, seed: Ints, seed_cost: Ints) -> Ints:
        """Return the least cost from every node, `INF` where unreached."""


def reach(costs: DirectedCosts, access: AccessPoints) -> Ints:
    """Return the cost from every node to the nearest of one facility's access points, shape (n,).

    Parts of edges, waits and legs count; `INF` where there is no way.
    """
    edge = access.edge[access.edge >= 0]
    if not len(edge):
        return np.full(costs.network.node_count, INF)
    offset, leg = access.offset_m[access.edge >= 0], costs.leg(access.leg_m[access.edge >= 0])
    tail, head = costs.ends(edge)
    door = costs.place(edge, offset)
    leg = leg + costs.entering[edge]
    seed = np.concatenate([costs.network.tail[edge], costs.network.head[edge]])
    from_ends = [costs.between(edge, tail, door) + leg, costs.between(edge, head, door) + leg]
    seed_cost = np.concatenate(from_ends)
    way = seed_cost < INF
    return search()(costs.arrows, seed[way], seed_cost[way])


@cache
def search() -> Search:
    """Return the search in use: compiled where Numba is there, else SciPy's."""
    if os.environ.get("RENEWAL_TWIN_NO_NUMBA"):
        return search_with_scipy
    try:
        from twin.kernels import reach_nodes
    except ImportError:
        return search_with_scipy

    def compiled(arrows: Arrows, seed: Ints, seed_cost: Ints) -> Ints:
        found: Ints = reach_nodes(arrows.start, arrows.tail, arrows.cost, seed, seed_cost, int(INF))
        return found

    return compiled


def search_with_scipy(arrows: Arrows, seed: Ints, seed_cost: Ints) -> Ints:
    """Search from one more node that has an arrow to each seed.

    SciPy counts in float64, which holds whole numbers up to 2^53 (9 million km) exactly.
    """
    nodes = len(arrows.start) - 1
    if not len(seed):
        return np.full(nodes, INF)
    owner = np.repeat(np.arange(nodes), np.diff(arrows.start))
    row = np.concatenate([owner, np.full(len(seed), nodes)])
    column = np.concatenate([arrows.tail, seed])
    cost = np.concatenate([arrows.cost, seed_cost])
    order = np.lexsort((cost, column, row))
    first = np.ones(len(order), bool)  # a matrix has room for one arrow between two nodes
    first[1:] = (np.diff(row[order]) != 0) | (np.diff(column[order]) != 0)
    kept = order[first]
    start = np.concatenate([[0], np.cumsum(np.bincount(row[kept], minlength=nodes + 1))])
    shape = (nodes + 1, nodes + 1)
    graph: Any = csr_array((cost[kept].astype(np.float64), column[kept], start), shape=shape)
    found = dijkstra(graph, indices=[nodes])[0, :nodes]
    return np.where(np.isfinite(found), found, float(INF)).astype(np.int64)


def warm() -> None:
    """Compile or load the kernels; takes seconds the first time after an installation."""
    empty = np.zeros(0, np.int64)
    start = np.zeros(2, np.int64)
    for array in (empty, start):
        array.flags.writeable = False
    search()(Arrows(start, empty, empty, empty), np.zeros(1, np.int64), np.zeros(1, np.int64))
