"""Searches of a whole network from many places at once, in its own node numbers.

Exact and directed; costs are whole numbers as in :mod:`twin.streets.costs`. These need Numba; what
they replace (:func:`twin.walking.reach.reach`, SciPy) gives the same numbers without it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.arrays import Ints, ranges
from twin.memo import Memo
from twin.streets.costs import DirectedCosts
from twin.streets.network import grouped
from twin.walking.hierarchy.hierarchy import FAR, LABEL_BITS, Hierarchy, hierarchy
from twin.walking.hierarchy.sweeps import BEYOND, improve_above, part_lanes, spread_lanes
from twin.walking.hierarchy.within import rows_within, weigh_within
from twin.walking.reach import Improvement, Reach, Seeds
from twin.walking.ways_out import Items

_WIDE_LANES = 128
"""How many neighbours are searched from at once within a limit."""

_WORTH_THREADS = 2048


@dataclass(frozen=True, eq=False)
class Rows:
    """A sparse matrix in compressed rows: ``target[start[i]:start[i + 1]]`` are near to item ``i``.

    Parameters
    ----------
    start, target, cost
        The targets of an item come in no special order; `target` and `cost` have 32 bits.
    """

    start: Ints
    target: NDArray[np.int32]
    cost: NDArray[np.uint32]


def reach_together(costs: DirectedCosts, goals: Sequence[Seeds]) -> tuple[Reach, ...]:
    """Return the reach of several sets of goals, all in one search.

    Equal to :func:`twin.walking.reach.reach_of` for each: cost, and the lowest goal of those so
    near. Each lane holds the cost with the goal's number in its lowest bits, so that the lesser of
    two is also the one of the lower goal.
    """
    reached, owner = _search_together(costs, goals, owners=True)
    return tuple(map(Reach, reached, owner))


def costs_together(costs: DirectedCosts, goals: Sequence[Seeds]) -> Ints:
    """Return only the costs of :func:`reach_together`, shape (goals, n)."""
    return _search_together(costs, goals, owners=False)[0]


def _search_together(
    costs: DirectedCosts, goals: Sequence[Seeds], *, owners: bool
) -> tuple[Ints, Ints]:
    ready = hierarchy(costs)
    position, arcs = ready.layout.position, ready.least
    ids = [np.unique(seeds.owner) for seeds in goals]
    table = np.zeros((len(goals), max(map(len, ids), default=0) + 1), np.int64)
    cost = np.full((len(position), len(goals)), BEYOND)
    for lane, (seeds, known) in enumerate(zip(goals, ids, strict=True)):
        table[lane, : len(known)] = known
        numbered = (seeds.cost << LABEL_BITS) | np.searchsorted(known, seeds.owner)
        np.minimum.at(cost[:, lane], position[seeds.node], numbered)
    spread_lanes(arcs.start, arcs.up, *ready.labelled, cost)
    reached = np.empty((len(goals), len(position)), np.int64)
    owner = np.empty(reached.shape if owners else (0, 0), np.int64)
    part_lanes(cost, position, LABEL_BITS, table, reached, owner)
    return reached, owner


_by_position: Memo[tuple[Ints, Ints]] = Memo(16)
"""What reaches found, in the order in which a search comes by."""


def by_position(ready: Hierarchy, known: Reach) -> tuple[Ints, Ints]:
    """Return cost and owner of every position; found once for each reach."""
    node = ready.layout.node
    return _by_position.get((ready.layout, known), lambda: (known.cost[node], known.owner[node]))


def improved(ready: Hierarchy, seeds: Seeds, known: Reach) -> Improvement:
    """Return where goals better a reach known before; as :func:`twin.walking.reach.improvement`.

    Only the places that are bettered and those next to them are looked at.
    """
    laid, arcs = ready.layout, ready.least
    every = arcs.start, arcs.up, arcs.ahead, arcs.back
    from_seeds = laid.position[seeds.node], seeds.cost, seeds.owner
    there = by_position(ready, known)
    place, cost, owner = improve_above(_shape(ready), every, from_seeds, there).T
    return Improvement(laid.node[place].astype(np.int64), cost, owner)


def fits(limit: int) -> bool:
    """Return whether searches within a limit can hold it (2,147 m, 35 minutes)."""
    return 0 <= limit < FAR


def sums_within(costs: DirectedCosts, weight: Ints, limit: int) -> Ints:
    """Return for every node the weight of all nodes that walks within `limit` lead to.

    Parameters
    ----------
    weight
        Whole number of each node, shape (n,).
    limit
        Whole number of :mod:`twin.streets.costs`, inclusive; see :func:`fits`.
    """
    ready = hierarchy(costs)
    position = ready.layout.position
    small = weight.min(initial=0) >= 0 and weight.sum() < 2**32  # half as wide, twice as fast
    by_position = np.empty(len(position), np.uint32 if small else np.int64)
    by_position[position] = weight
    wanted = _before(by_position.astype(bool))
    total = np.zeros(len(position), np.int64)
    every = np.arange(len(position))
    items = _Seeds(
        ready, Items(np.append(every, len(every)), np.argsort(position), 0 * every), limit
    )
    rising, falling = _directions(ready)

    def work(first: int, last: int) -> None:
        part = items.part(first, last)
        into = total[first:last]
        search = _shape(ready), rising, falling, part, _WIDE_LANES, items.limit
        weigh_within(*search, wanted, by_position, into, True)

    _in_threads(work, len(every))
    return total[position]


def gathered_within(costs: DirectedCosts, items: Items, weight: Ints, limit: int) -> Ints:
    """Return for every node the weight of all items from which walks within `limit` lead there.

    Parameters
    ----------
    items
        Where the walks begin.
    weight
        Whole number of each item.
    """
    ready = hierarchy(costs)
    position = ready.layout.position
    seeds = _Seeds(ready, items, limit)
    rising, falling = _directions(ready)
    found: list[Ints] = []
    heavy, everywhere = weight[seeds.order], np.arange(len(position) + 1)

    def work(first: int, last: int) -> None:
        total = np.zeros(len(position), np.int64)
        part, given = seeds.part(first, last), heavy[first:last]
        search = _shape(ready), rising, falling, part, _WIDE_LANES, seeds.limit
        weigh_within(*search, everywhere, given, total, False)
        found.append(total)

    _in_threads(work, len(items))
    return np.sum(found, axis=0)[position] if found else np.zeros(len(position), np.int64)


def matrix_within(costs: DirectedCosts, goals: Items, homes: Items, limit: int) -> Rows:
    """Return which homes lie within `limit` of which goals, walking from home to goal.

    Walks along an edge that home and goal share are the caller's to add.
    """
    ready = hierarchy(costs)
    position = ready.layout.position
    rising, falling = _directions(ready)
    seeds = _Seeds(ready, goals, limit)
    near = homes.cost <= limit
    place = position[homes.node[near]]
    order = grouped(place, len(position))
    target = np.repeat(np.arange(len(homes)), np.diff(homes.start))[near][order]
    enter = _before(np.bincount(place, minlength=len(position)))
    entries = enter, target.astype(np.int32), homes.cost[near][order].astype(np.uint32)
    part = seeds.part(0, len(goals))
    backwards = falling, rising  # from the goal against the direction of walking
    search = _shape(ready), *backwards, part, seeds.limit
    return Rows(*rows_within(*search, entries, len(homes), seeds.order))


def _before(count: NDArray[Any]) -> Ints:
    """Return the sum of what stands before each place, and of all."""
    return np.concatenate([[0], np.cumsum(count, dtype=np.int64)])


class _Seeds:
    """Items by position, neighbours one after the other, in what the kernels take."""

    def __init__(self, ready: Hierarchy, items: Items, limit: int) -> None:
        if not fits(limit):
            raise ValueError(f"a limit of {limit} does not fit into 32 bits")
        position = ready.layout.position
        has = np.diff(items.start) > 0
        first = np.full(len(items), len(position))
        first[has] = position[items.node[items.start[:-1][has]]]
        self.order = np.argsort(first, kind="stable")
        self.limit = np.uint32(limit)

        count = np.diff(items.start)[self.order]
        taken = ranges(items.start[:-1][self.order], count)
        near = items.cost[taken] <= limit
        whose = np.repeat(np.arange(len(items)), count)[near]
        self._start = np.concatenate([[0], np.cumsum(np.bincount(whose, minlength=len(items)))])
        self._position = position[items.node[taken[near]]].astype(np.int32)
        self._cost = items.cost[taken[near]].astype(np.uint32)

    def part(self, first: int, last: int) -> tuple[Ints, NDArray[np.int32], NDArray[np.uint32]]:
        """Return the seeds of the items from `first` to before `last`."""
        start = self._start[first : last + 1]
        own = slice(start[0], start[-1])
        return start - start[0], self._position[own], self._cost[own]


def _shape(ready: Hierarchy) -> tuple[NDArray[np.int32], ...]:
    laid = ready.layout
    return laid.start, laid.up, laid.parent, laid.size


def _directions(ready: Hierarchy) -> tuple[tuple[NDArray[np.generic], ...], ...]:
    """Return the arcs upwards and downwards, in the direction of walking."""
    arcs, (ahead, back) = ready.least, ready.short
    return (arcs.start, arcs.up, ahead), (arcs.start, arcs.up, back)


def _in_threads(work: Callable[[int, int], None], count: int) -> None:
    """Do the parts of some work, at once where it is worth it; the kernels let others run."""
    parts = min(os.cpu_count() or 1, count // _WORTH_THREADS + 1)
    cuts = np.linspace(0, count, parts + 1).astype(int).tolist()
    if parts == 1:
        work(0, count)
        return
    with ThreadPoolExecutor(parts) as pool:
        list(pool.map(work, cuts[:-1], cuts[1:]))
