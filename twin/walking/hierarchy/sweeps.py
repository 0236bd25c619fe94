"""Compiled: searches from many places at once, a lane for each.

A search goes up the arcs from where it starts, then down them to everywhere. No heap decides what
comes next: the positions do, so that all lanes go together and the processor takes many in one
step. The number of lanes is no constant on purpose: the compiler makes better code then.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from twin.arrays import Ints
from twin.streets.costs import INF
from twin.walking.hierarchy.elimination import Positions
from twin.walking.reach import NOBODY

BEYOND = 1 << 61
"""More than any cost with a goal's number behind it; two of them still fit into an int64."""


@njit(nogil=True, cache=True)
def spread_lanes(start: Positions, up: Positions, ahead: Ints, back: Ints, cost: Ints) -> None:
    """Lower the cost of every position, in every lane, to the least way to the lane's goals.

    Parameters
    ----------
    start, up, ahead, back
        Arcs; see :class:`twin.walking.hierarchy.hierarchy.Arcs`.
    cost
        Shape (n, lanes), changed in place: at goals what the rest of the way costs, elsewhere
        :data:`BEYOND`.
    """
    nodes, lanes = cost.shape
    least = np.empty(lanes, np.int64)
    for low in range(nodes):
        row, nearest = cost[low], BEYOND
        for k in range(lanes):
            nearest = min(nearest, row[k])
        if nearest >= BEYOND:
            continue
        for e in range(start[low], start[low + 1]):
            above, way = cost[up[e]], back[e]
            for k in range(lanes):
                longer = row[k] + way
                above[k] = longer if longer < above[k] else above[k]
    for low in range(nodes - 1, -1, -1):
        row = cost[low]
        for k in range(lanes):
            least[k] = row[k]
        for e in range(start[low], start[low + 1]):
            above, way = cost[up[e]], ahead[e]
            for k in range(lanes):
                longer = above[k] + way
                least[k] = longer if longer < least[k] else least[k]
        for k in range(lanes):
            row[k] = least[k]


@njit(nogil=True, cache=True)
def part_lanes(
    cost: Ints, position: Ints, bits: int, goal: Ints, reached: Ints, owner: Ints
) -> None:
    """Part what :func:`spread_lanes` found into costs and goals, by node instead of by position.

    Parameters
    ----------
    cost
        Costs with the number of a goal in their lowest `bits`.
    goal
        Id of every goal by lane and number, shape (lanes, most goals).
    reached, owner
        Result, shape (lanes, n); `owner` may be empty, where nobody asks for it.
    """
    mask = (1 << bits) - 1
    nodes, lanes = cost.shape
    for first in range(0, nodes, 64):  # few enough for their rows to stay at hand for every lane
        for k in range(lanes):
            for node in range(first, min(first + 64, nodes)):
                both = cost[position[node], k]
                there = both < BEYOND
                reached[k, node] = both >> bits if there else INF
                if len(owner):
                    owner[k, node] = goal[k, both & mask] if there else NOBODY


@njit(nogil=True, cache=True, forceinline=True)
def _may_be_near(low: int, start: Positions, up: Positions, near: NDArray[Any], turn: int) -> bool:
    for e in range(start[low], start[low + 1]):  # noqa: SIM110  # Numba knows no any()
        if near[up[e]] == turn:
            return True
    return False


@njit(cache=True, forceinline=True)
def _goes_first(cost, owner, other, other_owner):  # type: ignore[no-untyped-def]  # typed by Numba
    return cost < other or (cost == other and owner < other_owner)


@njit(nogil=True, cache=True)
def improve_above(shape, arcs, seeds, known):  # type: ignore[no-untyped-def]  # typed by Numba
    """Find the positions from which some goals are nearer than what is known.

    Parameters
    ----------
    shape
        `start`, `up`, `parent`, `size` of the layout.
    arcs
        `start`, `up` of the arcs, and what walking up and down them costs.
    seeds
        Position, cost and owner of each place that goals are walked to from.
    known
        Cost and owner of every position, the least of some goals. What is not bettered here helps
        nowhere else, so the search stops there.

    Returns
    -------
    Position, cost and owner, shape (k, 3).
    """
    begin, over, parent, size = shape
    start, up, ahead, back = arcs
    position, offset, goal = seeds
    known_cost, known_owner = known
    nodes = len(parent)
    active, near = np.zeros(nodes, np.int8), np.zeros(nodes, np.int8)
    cost, owner = np.empty(nodes, np.int64), np.empty(nodes, np.int64)
    way, count = np.empty(1024, np.int64), 0
    for s in range(len(position)):
        here = position[s]
        while here >= 0 and not active[here]:
            active[here], cost[here], owner[here] = 1, INF, NOBODY
            if count == len(way):
                longer = np.empty(2 * count, np.int64)
                for i in range(count):
                    longer[i] = way[i]
                way = longer
            way[count] = here
            count += 1
            here = parent[here]
        here = position[s]
        if _goes_first(offset[s], goal[s], cost[here], owner[here]):
            cost[here], owner[here] = offset[s], goal[s]
    for low in np.sort(way[:count]):
        if not _goes_first(cost[low], owner[low], known_cost[low], known_owner[low]):
            continue
        for e in range(start[low], start[low + 1]):
            above, longer_by = up[e], cost[low] + back[e]
            if longer_by < INF and _goes_first(longer_by, owner[low], cost[above], owner[above]):
                cost[above], owner[above] = longer_by, owner[low]
    found, filled = np.empty((1024, 3), np.int64), 0
    low = nodes - 1
    while low >= 0:
        if not active[low]:
            if not _may_be_near(low, begin, over, near, 1):
                low -= size[low]
                continue
            cost[low], owner[low] = INF, NOBODY
        best, whose = cost[low], owner[low]
        for e in range(start[low], start[low + 1]):
            above = up[e]
            if near[above]:
                longer_by = cost[above] + ahead[e]
                if longer_by < INF and _goes_first(longer_by, owner[above], best, whose):
                    best, whose = longer_by, owner[above]
        if _goes_first(best, whose, known_cost[low], known_owner[low]):
            near[low], cost[low], owner[low] = 1, best, whose
            if filled == len(found):
                more = np.empty((2 * filled, 3), np.int64)
                for i in range(filled):
                    for k in range(3):
                        more[i, k] = found[i, k]
                found = more
            found[filled, 0], found[filled, 1], found[filled, 2] = low, best, whose
            filled += 1
        low -= 1
    return found[:filled].copy()
