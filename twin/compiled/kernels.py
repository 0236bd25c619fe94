"""Compiled searches over compressed rows; they know nothing of districts.

Importing this module imports Numba; :mod:`twin.walking.reach` does so on first use. The kernels let
other threads run and are compiled once into Numba's cache (beside this file, or in the user's cache
folder where the installation is read-only).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from twin.arrays import Flags, Ints


@njit(cache=True)
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


@njit(cache=True)
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


@njit(cache=True)
def _with_room(heap, size):  # type: ignore[no-untyped-def]  # typed by Numba
    if size < len(heap):
        return heap
    larger = np.empty(2 * len(heap), np.int64)
    for i in range(size):  # a slice on the left takes Numba two seconds to compile
        larger[i] = heap[i]
    return larger


@njit(nogil=True, cache=True)
def spread(
    start: Ints,
    tail: Ints,
    cost: Ints,
    seed: Ints,
    seed_cost: Ints,
    seed_owner: Ints,
    reached: Ints,
    owner: Ints,
) -> None:
    """Lower the cost of every node to the nearest of some seeds, and note whose seed it is.

    Parameters
    ----------
    start, tail, cost
        Directed graph turned round, in compressed rows (:class:`twin.streets.arrows.Arrows`).
    seed, seed_cost, seed_owner
        Nodes that the search starts from, what it costs from each to its goal, and the goal.
    reached, owner
        What is known before, shape (n,), changed in place. The search goes on from a node only
        where it betters what is known: by cost, or at equal cost by the lower owner.

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
    heap = np.empty(1024, np.int64)
    size = np.int64(0)  # a plain 0 is another type, for which all would be compiled again
    for i in range(len(seed)):
        node, so_far = seed[i], seed_cost[i]
        if so_far < reached[node] or (so_far == reached[node] and seed_owner[i] < owner[node]):
            reached[node] = so_far
            owner[node] = seed_owner[i]
            heap = _with_room(heap, size)
            size = _push(heap, size, (so_far << bits) | node)
    while size > 0:
        key, size = _pop(heap, size)
        node, so_far = key & mask, key >> bits
        if so_far != reached[node]:
            continue
        goal = owner[node]
        for arrow in range(start[node], start[node + 1]):
            other = tail[arrow]
            longer = so_far + cost[arrow]
            if longer < reached[other] or (longer == reached[other] and goal < owner[other]):
                reached[other] = longer
                owner[other] = goal
                heap = _with_room(heap, size)
                size = _push(heap, size, (longer << bits) | other)


@njit(cache=True)
def _offer(found, count, node, so_far, goal, reached, owner, place):  # type: ignore[no-untyped-def]  # typed by Numba
    """Note a way to a node if it is better than what is known or noted of it."""
    at = place[node] - 1
    best, whose = reached[node], owner[node]
    if at >= 0:
        best, whose = found[at, 1], found[at, 2]
    if so_far > best or (so_far == best and goal >= whose):
        return found, count, False
    if at < 0:
        if count == len(found):
            larger = np.empty((2 * count, 3), np.int64)
            for i in range(count):
                for k in range(3):
                    larger[i, k] = found[i, k]
            found = larger
        at, count = count, count + 1
        place[node] = count
        found[at, 0] = node
    found[at, 1] = so_far
    found[at, 2] = goal
    return found, count, True


@njit(nogil=True, cache=True)
def improve(
    start: Ints,
    tail: Ints,
    cost: Ints,
    seed: Ints,
    seed_cost: Ints,
    seed_owner: Ints,
    reached: Ints,
    owner: Ints,
    place: NDArray[np.int32],
) -> Ints:
    """Return the nodes that :func:`spread` would change, with their new cost and owner.

    What is known before stays as it is, so that a drag through a large city touches only the
    surroundings of what is dragged.

    Parameters
    ----------
    place
        Zeros, shape (n,), for scratch.

    Returns
    -------
    Node, cost and owner, shape (k, 3).
    """
    bits = 1
    while (1 << bits) < len(start):
        bits += 1
    mask = (1 << bits) - 1
    heap, size = np.empty(1024, np.int64), np.int64(0)
    found, count = np.empty((1024, 3), np.int64), np.int64(0)
    for i in range(len(seed)):
        node, so_far, goal = seed[i], seed_cost[i], seed_owner[i]
        found, count, better = _offer(found, count, node, so_far, goal, reached, owner, place)
        if better:
            heap = _with_room(heap, size)
            size = _push(heap, size, (so_far << bits) | node)
    while size > 0:
        key, size = _pop(heap, size)
        node, so_far = key & mask, key >> bits
        at = place[node] - 1
        if so_far != found[at, 1]:
            continue
        goal = found[at, 2]
        for arrow in range(start[node], start[node + 1]):
            other, longer = tail[arrow], so_far + cost[arrow]
            found, count, better = _offer(found, count, other, longer, goal, reached, owner, place)
            if better:
                heap = _with_room(heap, size)
                size = _push(heap, size, (longer << bits) | other)
    return found[:count].copy()


@njit(nogil=True, cache=True)
def by_group(group: Ints, count: int) -> Ints:
    """Return the places of elements by their group, in their order within one; see `grouped`."""
    begin, place = np.zeros(count + 1, np.int64), np.empty(len(group), np.int64)
    for one in group:
        begin[one + 1] += 1
    for one in range(count):
        begin[one + 1] += begin[one]
    for i in range(len(group)):
        place[begin[group[i]]] = i
        begin[group[i]] += 1
    return place


@njit(nogil=True, cache=True)
def pieces(nodes: int, one: Ints, other: Ints) -> Ints:
    """Return the connected piece of each node over edges between `one` and `other`.

    Numbered in the order of their lowest nodes. Each node points to a lower one of its piece; paths
    are halved as they are walked (Tarjan & van Leeuwen 1984).
    """
    lower = np.arange(nodes)
    for e in range(len(one)):
        a, b = one[e], other[e]
        while lower[a] != a:
            lower[a] = lower[lower[a]]
            a = lower[a]
        while lower[b] != b:
            lower[b] = lower[lower[b]]
            b = lower[b]
        if a < b:
            lower[b] = a
        else:
            lower[a] = b
    count = 0
    piece = np.empty(nodes, np.int64)
    for node in range(nodes):
        if lower[node] == node:
            piece[node] = count
            count += 1
        else:
            piece[node] = piece[lower[node]]
    return piece


@njit(nogil=True, cache=True)
def arrows_both_ways(
    tail: Ints, head: Ints, ahead: Ints, back: Ints, barred: Flags, nodes: int
) -> tuple[Ints, Ints, Ints, Ints]:
    """Return what enters each node over edges that are not barred; see `both_ways`.

    Returns
    -------
    start, tail, edge, cost
        As of :class:`twin.streets.arrows.Arrows`.
    """
    start = np.zeros(nodes + 2, np.int64)  # one place further on: `start[i + 1]` fills up node `i`
    for e in range(len(tail)):
        if not barred[e]:
            start[head[e] + 2] += 1
            start[tail[e] + 2] += 1
    for node in range(nodes):
        start[node + 2] += start[node + 1]
    count = start[nodes + 1]
    out_of, over, cost = (
        np.empty(count, np.int64),
        np.empty(count, np.int64),
        np.empty(count, np.int64),
    )
    for e in range(len(tail)):
        if not barred[e]:
            place = start[head[e] + 1]
            start[head[e] + 1] = place + 1
            out_of[place], over[place], cost[place] = tail[e], e, ahead[e]
    for e in range(len(tail)):
        if not barred[e]:
            place = start[tail[e] + 1]
            start[tail[e] + 1] = place + 1
            out_of[place], over[place], cost[place] = head[e], e, back[e]
    return start[: nodes + 1], out_of, over, cost
