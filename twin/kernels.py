"""Compiled searches over compressed rows; they know nothing of districts.

Importing this module imports Numba; :mod:`twin.reach` does so on first use. The kernels let other
threads run and are compiled once into Numba's cache (beside this file, or in the user's cache
folder where the installation is read-only).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from twin.network import Ints


@njit(inline="always", cache=True)
def _push(heap, size, key):  # type: ignore[no-untyped-def]  # typed by Numba
    place = size
    while place > 0:
        parent = (place - 1) >> 2
        if heap[parent] <= key:
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = key
    return size + 1


@njit(inline="always", cache=True)
def _pop(heap, size):  # type: ignore[no-untyped-def]  # typed by Numba
    top = heap[0]
    size -= 1
    key = heap[size]
    place = 0
    while True:
        child = 4 * place + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if heap[other] < heap[least]:
                least = other
        if heap[least] >= key:
            break
        heap[place] = heap[least]
        place = least
    heap[place] = key
    return top, size


@njit(nogil=True, cache=True)
def reach_nodes(
    start: Ints, tail: Ints, cost: Ints, seed: Ints, seed_cost: Ints, unreached: int
) -> Ints:
    """Return the least cost from every node to the seeds, shape (n,).

    Parameters
    ----------
    start, tail, cost
        Directed graph turned round, in compressed rows (:class:`twin.costs.Arrows`).
    seed, seed_cost
        Nodes that the search starts from, and what it costs from each to the goal.
    unreached
        What nodes get that the search does not reach.

    Notes
    -----
    Dijkstra with a 4-ary heap whose keys hold cost and node in one int64: the low bits hold the
    node, which leaves costs of 2^43 (8,800 km) at a million nodes. Entries that were bettered stay
    in the heap and are skipped.
    """
    nodes = len(start) - 1
    bits = 1
    while (1 << bits) < nodes:
        bits += 1
    mask = (1 << bits) - 1
    reached = np.full(nodes, unreached, np.int64)
    heap = np.empty(len(tail) + len(seed) + 1, np.int64)
    size = 0
    for i in range(len(seed)):
        if seed_cost[i] < reached[seed[i]]:
            reached[seed[i]] = seed_cost[i]
            size = _push(heap, size, (seed_cost[i] << bits) | seed[i])
    while size > 0:
        key, size = _pop(heap, size)
        node, so_far = key & mask, key >> bits
        if so_far != reached[node]:
            continue
        for arrow in range(start[node], start[node + 1]):
            other = tail[arrow]
            longer = so_far + cost[arrow]
            if longer < reached[other]:
                reached[other] = longer
                size = _push(heap, size, (longer << bits) | other)
    return reached
