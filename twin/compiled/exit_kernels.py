"""Compiled search from few nodes to few others near them; it knows nothing of districts."""

from __future__ import annotations

import numpy as np
from numba import njit

from twin.arrays import Ints
from twin.compiled.kernels import _pop, _push, _with_room


@njit(nogil=True, cache=True)
def costs_to(
    start: Ints, tail: Ints, cost: Ints, goal: Ints, first: Ints, wanted: Ints, found: Ints
) -> None:
    """Write what it costs from wanted nodes to goals; each search ends when the last is found.

    Parameters
    ----------
    start, tail, cost
        Directed graph turned round, in compressed rows (:class:`twin.streets.arrows.Arrows`).
    goal
        Node that each search asks the way to, shape (k,).
    first, wanted
        Search ``i`` asks from the nodes ``wanted[first[i]:first[i + 1]]``.
    found
        The answers in the places of `wanted`, changed in place where there is a way.

    Notes
    -----
    Dijkstra as in :func:`twin.compiled.kernels.spread`, with nodes reset by the search that touched
    them.
    """
    nodes = len(start) - 1
    bits = 1
    while (1 << bits) < nodes:
        bits += 1
    mask = (1 << bits) - 1
    unreached = np.int64(1 << 60)
    reached = np.full(nodes, unreached)
    asked = np.zeros(nodes, np.int64)
    touched = np.empty(nodes, np.int64)
    heap = np.empty(1024, np.int64)
    for search in range(len(goal)):
        left = 0
        for place in range(first[search], first[search + 1]):
            if asked[wanted[place]] != search + 1:
                asked[wanted[place]] = search + 1
                left += 1
        reached[goal[search]] = 0
        touched[0] = goal[search]
        count = 1
        size = _push(heap, 0, np.int64(goal[search]))
        while size > 0 and left > 0:
            key, size = _pop(heap, size)
            node, so_far = key & mask, key >> bits
            if so_far != reached[node]:
                continue
            if asked[node] == search + 1:
                asked[node] = 0
                left -= 1
            for arrow in range(start[node], start[node + 1]):
                other = tail[arrow]
                longer = so_far + cost[arrow]
                if longer < reached[other]:
                    if reached[other] == unreached:
                        touched[count] = other
                        count += 1
                    reached[other] = longer
                    heap = _with_room(heap, size)
                    size = _push(heap, size, (longer << bits) | other)
        for place in range(first[search], first[search + 1]):
            found[place] = reached[wanted[place]]
        for i in range(count):
            reached[touched[i]] = unreached
