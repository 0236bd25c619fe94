"""Compiled: taking nodes out of a network one by one, and what it costs to go past them.

Nodes go by *position* here: their order of being taken out, lowest first. When a node is taken
out, the nodes above it that it was joined with are joined with one another; these joins are the
*arcs*, each kept with its lower node. Nothing here knows of streets or walkers.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from twin.arrays import Flags, Ints
from twin.streets.costs import INF

Positions = NDArray[np.int32]


@njit(nogil=True, cache=True)
def peel(start: Ints, near: Ints) -> tuple[Ints, Ints]:
    """Take out nodes that at most two others are joined with, for as long as there are any.

    Parameters
    ----------
    start, near
        Neighbours of node ``i`` are ``near[start[i]:start[i + 1]]``, each once. `near` is changed:
        the first so many of a node's neighbours as it has left are those among the nodes left.

    Returns
    -------
    Nodes in the order in which they were taken out, and how many neighbours each node has left
    (-1 where it was taken out itself).
    """
    nodes = len(start) - 1
    left = start[1:] - start[:-1]
    order = np.empty(nodes, np.int64)
    waiting = np.empty(len(near) + nodes, np.int64)
    count, first, last = 0, 0, 0
    for node in range(nodes):
        if left[node] <= 2:
            waiting[last] = node
            last += 1
    while first < last:
        node = waiting[first]
        first += 1
        if left[node] < 0:
            continue
        order[count] = node
        count += 1
        begin, degree = start[node], left[node]
        left[node] = -1
        for i in range(degree):
            other = near[begin + i]
            partner = near[begin + 1 - i] if degree == 2 else -1
            own, joined = -1, partner < 0
            for e in range(start[other], start[other] + left[other]):
                if near[e] == node:
                    own = e
                elif near[e] == partner:
                    joined = True
            if not joined:
                near[own] = partner
                continue
            left[other] -= 1
            near[own] = near[start[other] + left[other]]
            if left[other] <= 2:
                waiting[last] = other
                last += 1
    return order[:count], left


@njit(nogil=True, cache=True)
def join(start: Ints, near: Ints, rank: Ints, node: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the arcs that taking out all nodes in the order of their ranks leaves.

    Returns
    -------
    start, up
        The nodes that rank ``r`` is joined with above it are ``up[start[r]:start[r + 1]]``,
        ascending.
    parent
        The lowest of these, -1 where there is none.

    Notes
    -----
    A node's arcs are its streets upwards and the arcs of those whose parent it is, so each node
    merges its children's lists only (as the symbolic step of sparse Cholesky factorisation does).
    """
    nodes = len(start) - 1
    child = np.full(nodes, -1, np.int64)
    sibling = np.full(nodes, -1, np.int64)
    parent = np.full(nodes, -1, np.int64)
    seen = np.full(nodes, -1, np.int64)
    begin = np.zeros(nodes + 1, np.int64)
    up = np.empty(8 * nodes + 8, np.int64)
    filled = 0
    for r in range(nodes):
        here = node[r]
        most = filled + start[here + 1] - start[here]
        c = child[r]
        while c >= 0:
            most += begin[c + 1] - begin[c]
            c = sibling[c]
        if most > len(up):
            longer = np.empty(max(2 * len(up), most), np.int64)
            for e in range(filled):
                longer[e] = up[e]
            up = longer
        seen[r] = r
        for e in range(start[here], start[here + 1]):
            other = rank[near[e]]
            if other > r and seen[other] != r:
                seen[other] = r
                up[filled] = other
                filled += 1
        c = child[r]
        while c >= 0:
            for e in range(begin[c], begin[c + 1]):
                other = up[e]
                if seen[other] != r:
                    seen[other] = r
                    up[filled] = other
                    filled += 1
            c = sibling[c]
        begin[r + 1] = filled
        up[begin[r] : filled].sort()
        if filled > begin[r]:
            least = up[begin[r]]
            parent[r], sibling[r], child[least] = least, child[least], r
    return begin, up[:filled].copy(), parent


@njit(nogil=True, cache=True)
def below(parent: Ints) -> tuple[Ints, Ints]:
    """Renumber a forest so that what hangs below a node lies right before it.

    Returns
    -------
    position, size
        New number of each node, and by new number how many hang below it, itself included.
    """
    nodes = len(parent)
    child = np.full(nodes, -1, np.int64)
    sibling = np.full(nodes, -1, np.int64)
    for r in range(nodes - 1, -1, -1):
        if parent[r] >= 0:
            sibling[r], child[parent[r]] = child[parent[r]], r
    position = np.empty(nodes, np.int64)
    size = np.ones(nodes, np.int64)
    stack = np.empty(nodes, np.int64)
    begun = np.empty(nodes, np.int64)
    count = 0
    for root in range(nodes):
        if parent[root] >= 0:
            continue
        depth = 0
        stack[0], begun[0] = root, count
        while depth >= 0:
            r = stack[depth]
            c = child[r]
            if c >= 0:
                child[r] = sibling[c]
                depth += 1
                stack[depth], begun[depth] = c, count
                continue
            position[r] = count
            size[count] = count + 1 - begun[depth]
            count += 1
            depth -= 1
    return position, size


@njit(nogil=True, cache=True)
def placed(
    start: Ints, up: Ints, parent: Ints, came: Ints, place: Ints
) -> tuple[Positions, Positions, Positions, Ints]:
    """Return `start`, `up`, `parent` and `came` of arcs by other numbers of the nodes.

    Parameters
    ----------
    came
        A value of each arc.
    place
        New number of each node; those above a node keep their order.
    """
    nodes = len(parent)
    begin, over = np.zeros(nodes + 1, np.int32), np.empty(len(up), np.int32)
    hangs, value = np.empty(nodes, np.int32), np.empty(len(up), np.int64)
    for r in range(nodes):
        begin[place[r] + 1] = start[r + 1] - start[r]
        hangs[place[r]] = place[parent[r]] if parent[r] >= 0 else -1
    for p in range(nodes):
        begin[p + 1] += begin[p]
    for r in range(nodes):
        into = begin[place[r]]
        for e in range(start[r], start[r + 1]):
            over[into], value[into] = place[up[e]], came[e]
            into += 1
    return begin, over, hangs, value


@njit(nogil=True, cache=True)
def street_costs(
    graph: tuple[Ints, Ints, Ints], tail: Ints, arc: Ints, rises: Flags, arcs: int
) -> tuple[Ints, Ints]:
    """Return what the streets of each arc cost upwards and downwards, the least of several.

    Parameters
    ----------
    graph
        `tail`, `edge` and `cost` of arrows (:class:`twin.streets.arrows.Arrows`).
    tail, arc, rises
        Of each edge: its tail, its arc (-1 for none), and whether its head lies above its tail.
    arcs
        How many there are.
    """
    out_of, edge, cost = graph
    ahead, back = np.full(arcs, INF), np.full(arcs, INF)
    for i in range(len(edge)):
        over = edge[i]
        e = arc[over]
        if e < 0:
            continue
        if rises[over] == (tail[over] == out_of[i]):
            ahead[e] = min(ahead[e], cost[i])
        else:
            back[e] = min(back[e], cost[i])
    return ahead, back


@njit(nogil=True, cache=True)
def price(start: Positions, up: Positions, ahead: Ints, back: Ints) -> None:
    """Lower the costs of arcs to those of going past the nodes below them.

    Parameters
    ----------
    start, up
        Arcs of position ``i`` go up to ``up[start[i]:start[i + 1]]``, ascending.
    ahead, back
        Cost of each arc upwards and downwards, changed in place: on entry those of the streets.
    """
    for low in range(len(start) - 1):
        for i in range(start[low], start[low + 1]):
            e = start[up[i]]
            for j in range(i + 1, start[low + 1]):
                while up[e] != up[j]:
                    e += 1
                ahead[e] = min(ahead[e], back[i] + ahead[j])
                back[e] = min(back[e], back[j] + ahead[i])


@njit(nogil=True, cache=True)
def shorten(start: Positions, up: Positions, ahead: Ints, back: Ints) -> None:
    """Lower the costs of priced arcs to the least of any way between their ends, in place."""
    for low in range(len(start) - 2, -1, -1):
        for i in range(start[low], start[low + 1]):
            e = start[up[i]]
            for j in range(i + 1, start[low + 1]):
                while up[e] != up[j]:
                    e += 1
                ahead[i] = min(ahead[i], ahead[j] + back[e])
                back[i] = min(back[i], ahead[e] + back[j])
                ahead[j] = min(ahead[j], ahead[i] + ahead[e])
                back[j] = min(back[j], back[e] + back[i])


@njit(nogil=True, cache=True)
def needed(ahead: Ints, back: Ints, least_ahead: Ints, least_back: Ints) -> Flags:
    """Return which priced arcs are the shortest way between their ends in either direction."""
    kept = np.empty(len(ahead), np.bool_)
    for e in range(len(ahead)):
        kept[e] = (ahead[e] < INF and ahead[e] == least_ahead[e]) or (
            back[e] < INF and back[e] == least_back[e]
        )
    return kept
