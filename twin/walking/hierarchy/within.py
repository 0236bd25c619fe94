"""Compiled: searches within a limit from many places at once, a lane for each.

They use what hangs together in a layout: whoever comes to a node below a position from elsewhere
comes by one of that position's arcs. Where all of these begin beyond the limit, or nothing below is
wanted, everything below is passed over at once.

Costs stand in *rows*, one for each position that a search comes by and no more, so that those of
a block of lanes stay at hand. A row holds a cost for each lane; `row[position] - base` is its
number, below 0 where a position has none. Loops name ``cost[row, lane]`` in full: a view of one row
would be counted in and out each time.
"""

from __future__ import annotations

import numpy as np
from numba import njit

LANES = 32
"""How many items that stand apart are searched from at once: a bit for each."""

_FEW_ROWS, _MOST_ROWS = 4096, 2**30
"""So many rows there are at first; they are counted on from block to block until so many."""

_BIT = np.zeros(32, np.int32)
"""Number of the only bit of a 32-bit value, by the highest five bits of it times `_DE_BRUIJN`."""
_DE_BRUIJN = 0x077CB531
_BIT[((_DE_BRUIJN << np.arange(32)) & 0xFFFFFFFF) >> 27] = np.arange(32)


@njit(nogil=True, cache=True)
def _rise(arcs, parent, seeds, limit, scratch, base):  # type: ignore[no-untyped-def]  # typed by Numba
    """Search upwards from the seeds of the items of one block; return how many rows are in use.

    -1 where there are too few of them. Each seed's way to the top is noted as far as no earlier
    seed went it; the ways are gone in reverse, so that every position comes after all below it.
    """
    start, up, climb = arcs
    first, position, offset = seeds
    cost, row, place, branch, _ = scratch
    lanes, count, ways = cost.shape[1], 0, 0
    for item in range(len(first) - 1):
        for s in range(first[item], first[item + 1]):
            here = position[s]
            if row[here] < base:
                branch[ways] = count
                ways += 1
            while here >= 0 and row[here] < base:
                if count == len(cost):
                    return -1
                row[here], place[count] = base + count, here
                for k in range(lanes):
                    cost[count, k] = limit + np.uint32(1)
                count += 1
                here = parent[here]
            own = row[position[s]] - base
            cost[own, item] = min(cost[own, item], offset[s])
    branch[ways] = count
    for last in range(ways - 1, -1, -1):
        for own in range(branch[last], branch[last + 1]):
            nearest = np.uint32(limit + np.uint32(1))
            for k in range(lanes):
                nearest = min(nearest, cost[own, k])
            if nearest > limit:
                continue
            for e in range(start[place[own]], start[place[own] + 1]):
                above, longer_by = row[up[e]] - base, climb[e]
                for k in range(lanes):
                    longer = np.uint32(cost[own, k] + longer_by)
                    cost[above, k] = longer if longer < cost[above, k] else cost[above, k]
    return count


@njit(nogil=True, cache=True)
def _fall(shape, arcs, wanted, limit, scratch, base, used):  # type: ignore[no-untyped-def]  # typed by Numba
    """Search downwards, where anything is wanted; return how many positions are near any item.

    Their rows are noted in `near`. What is not near loses its row. -1 where rows are too few.
    """
    begin, over, parent, size = shape
    start, up, climb = arcs
    cost, row, place, _, near = scratch
    lanes, low, count = cost.shape[1], len(parent) - 1, 0
    beyond = np.uint32(limit + np.uint32(1))
    while low >= 0:
        if wanted[low + 1] == wanted[low + 1 - size[low]]:
            low -= size[low]
            continue
        own = row[low] - base
        if own < 0:
            reachable = False
            for e in range(begin[low], begin[low + 1]):
                if row[over[e]] >= base:
                    reachable = True
                    break
            if not reachable:
                low -= size[low]
                continue
            if used == len(cost):
                return -1
            own = used
            for k in range(lanes):
                cost[own, k] = beyond
        for e in range(start[low], start[low + 1]):
            above, longer_by = row[up[e]] - base, climb[e]
            if above >= 0:
                for k in range(lanes):
                    longer = np.uint32(cost[above, k] + longer_by)
                    cost[own, k] = longer if longer < cost[own, k] else cost[own, k]
        nearest = beyond
        for k in range(lanes):
            nearest = min(nearest, cost[own, k])
        if nearest <= limit:
            row[low], place[own], near[count] = base + own, low, own
            count += 1
            used = max(used, own + 1)
        else:
            row[low] = -1
        low -= 1
    return count


@njit(nogil=True, cache=True)
def _scratch(nodes, seeds, rows, lanes):  # type: ignore[no-untyped-def]  # typed by Numba
    """Return costs by row, row by position, position by row, seeds' ways, and what is near."""
    cost, branch = np.empty((rows, lanes), np.uint32), np.empty(seeds + 1, np.int64)
    row, near = np.full(nodes, -1, np.int32), np.empty(rows, np.int32)
    place = np.empty(rows, np.int32)
    return cost, row, place, branch, near


@njit(nogil=True, cache=True)
def _search(shape, rising, falling, seeds, wanted, limit, scratch, base):  # type: ignore[no-untyped-def]  # typed by Numba
    """Search from the items of one block.

    Returns
    -------
    How many positions are near, the base of the next block, and the scratch, which may have grown.
    """
    while True:
        if base > _MOST_ROWS:
            scratch[1][:] = -1
            base = np.int64(0)
        used, count = _rise(rising, shape[2], seeds, limit, scratch, base), -1
        if used >= 0:
            count = _fall(shape, falling, wanted, limit, scratch, base, used)
        rows, lanes = scratch[0].shape
        if count >= 0:
            return count, base + rows, scratch
        scratch, base = _scratch(len(shape[2]), len(scratch[3]) - 1, 4 * rows, lanes), np.int64(0)


@njit(nogil=True, cache=True)
def weigh_within(shape, rising, falling, seeds, lanes, limit, wanted, weight, total, by_item):  # type: ignore[no-untyped-def]  # typed by Numba
    """Sum weights over all pairs of an item and a position within a limit of each other.

    Parameters
    ----------
    shape
        `start`, `up`, `parent`, `size` of the layout.
    rising, falling
        `start`, `up` and 32-bit costs of the arcs, in the direction from an item to elsewhere.
    seeds
        First seed of each item (and the count of all), position and cost of each seed.
    lanes
        How many items, which follow one another, are searched from at once.
    limit
        Whole number below 2^31, inclusive.
    wanted
        How many positions before each (and of all) anybody asks about.
    weight
        Whole number of each position, or else of each item; sums are kept in its type while they
        grow.
    total
        Result, int64, for each item where `by_item`, else for each position.
    """
    first, position, offset = seeds
    scratch = _scratch(len(shape[2]), len(position), _FEW_ROWS, lanes)
    found = np.empty(lanes, weight.dtype)
    base = np.int64(0)  # a plain 0 is another type, for which all would be compiled again
    for item in range(0, len(first) - 1, lanes):
        block = first[item : item + lanes + 1], position, offset
        there = len(block[0]) - 1
        search = shape, rising, falling, block, wanted, limit, scratch, base
        count, base, scratch = _search(*search)
        found[:] = 0
        if by_item:
            _collect(count, limit, scratch, weight, found)
            for k in range(there):
                total[item + k] = found[k]
        else:
            for k in range(there):
                found[k] = weight[item + k]
            _spread(count, limit, scratch, found, total)


@njit(nogil=True, cache=True)
def _collect(count, limit, scratch, weight, found):  # type: ignore[no-untyped-def]  # typed by Numba
    """Add the weight of near positions to what each lane has found."""
    cost, _, place, _, near = scratch
    for i in range(count):
        own, heavy = near[i], weight[place[near[i]]]
        for k in range(cost.shape[1]):
            found[k] += heavy if cost[own, k] <= limit else 0


@njit(nogil=True, cache=True)
def _spread(count, limit, scratch, given, total):  # type: ignore[no-untyped-def]  # typed by Numba
    """Add what each lane gives to near positions."""
    cost, _, place, _, near = scratch
    for i in range(count):
        own, sum_of_lanes = near[i], 0
        for k in range(cost.shape[1]):
            sum_of_lanes += given[k] if cost[own, k] <= limit else 0
        total[place[own]] += sum_of_lanes


@njit(nogil=True, cache=True)
def rows_within(shape, rising, falling, seeds, limit, entries, targets, number):  # type: ignore[no-untyped-def]  # typed by Numba
    """Find the targets within a limit of every item, 32 items at a time.

    Parameters
    ----------
    shape, rising, falling, seeds, limit
        As of :func:`weigh_within`.
    entries
        First entry of each position (and the count of all), the target that each belongs to, and
        what the way from the position to the target costs. A target may have several.
    targets
        How many targets there are.
    number
        Number of each item, by which the result is ordered.

    Returns
    -------
    First row of each number (and the count of all), and target and cost of each row; the targets
    of an item come in no special order.
    """
    first, position, offset = seeds
    items = len(first) - 1
    scratch = _scratch(len(shape[2]), len(position), _FEW_ROWS, LANES)
    met, there = np.full(targets, -1, np.int32), np.empty((targets, LANES), np.uint32)
    goal, hit = np.empty(targets, np.int32), np.empty(targets, np.uint32)
    next_row, in_lane = np.empty(LANES, np.uint64), np.empty(LANES, np.int64)
    row_first, row_count = np.empty(items, np.int64), np.empty(items, np.int64)
    row_target, row_cost = np.empty(65_536, np.int32), np.empty(65_536, np.uint32)
    base, filled = np.int64(0), np.int64(0)
    for item in range(0, items, LANES):
        block = first[item : item + LANES + 1], position, offset
        search = shape, rising, falling, block, entries[0], limit, scratch, base
        count, base, scratch = _search(*search)
        count = _gather(count, entries, scratch, met, goal, there)
        _mark(count, limit, there, hit, in_lane)
        for k in range(len(block[0]) - 1):
            row_first[item + k], row_count[item + k] = filled, in_lane[k]
            next_row[k] = filled
            filled += in_lane[k]
        row_target, row_cost = _with_room(row_target, filled), _with_room(row_cost, filled)
        _write(count, goal, hit, there, next_row, row_target, row_cost)
    return _in_order(number, row_first, row_count, row_target, row_cost)


@njit(nogil=True, cache=True)
def _gather(near_count, entries, scratch, met, goal, there):  # type: ignore[no-untyped-def]  # typed by Numba
    """Write the costs to the targets behind near positions; return how many these are.

    `met` is -1 before and after: where a target stands in `goal`, by which `there` goes.
    """
    enter, target, last_part = entries
    cost, _, place, _, near = scratch
    lanes, count = cost.shape[1], 0
    for i in range(near_count):
        own, low = near[i], place[near[i]]
        for e in range(enter[low], enter[low + 1]):
            at, rest = met[target[e]], last_part[e]
            if at < 0:
                met[target[e]], goal[count] = count, target[e]
                for k in range(lanes):
                    there[count, k] = cost[own, k] + rest
                count += 1
                continue
            for k in range(lanes):
                longer = np.uint32(cost[own, k] + rest)
                there[at, k] = longer if longer < there[at, k] else there[at, k]
    for i in range(count):
        met[goal[i]] = -1
    return count


@njit(nogil=True, cache=True)
def _mark(count, limit, there, hit, in_lane):  # type: ignore[no-untyped-def]  # typed by Numba
    """Write a bit for each lane that a target is near to, and how many are near to each lane."""
    in_lane[:] = 0
    for i in range(count):
        bits = np.uint32(0)
        for k in range(there.shape[1]):
            within = there[i, k] <= limit
            in_lane[k] += within
            bits |= np.uint32(within) << np.uint32(k)
        hit[i] = bits


@njit(nogil=True, cache=True)
def _write(count, goal, hit, there, next_row, row_target, row_cost):  # type: ignore[no-untyped-def]  # typed by Numba
    """Write a row for each bit of `hit`; what is far costs no step."""
    one, factor, low_five = np.uint32(1), np.uint32(_DE_BRUIJN), np.uint32(27)
    for i in range(count):
        bits = hit[i]
        while bits:
            lowest = np.uint32(bits & (~bits + one))
            k = _BIT[np.uint32(lowest * factor) >> low_five]
            bits &= bits - one
            here = next_row[k]
            row_target[here], row_cost[here] = goal[i], there[i, k]
            next_row[k] = here + np.uint64(1)


@njit(nogil=True, cache=True)
def _with_room(values, needed):  # type: ignore[no-untyped-def]  # typed by Numba
    """Return values with room for `needed`."""
    if needed <= len(values):
        return values
    longer = np.empty(2 * needed, values.dtype)
    for i in range(len(values)):
        longer[i] = values[i]
    return longer


@njit(nogil=True, cache=True)
def _in_order(number, row_first, row_count, row_target, row_cost):  # type: ignore[no-untyped-def]  # typed by Numba
    """Return rows by the numbers of their items."""
    start = np.zeros(len(number) + 1, np.int64)
    for item in range(len(number)):
        start[number[item] + 1] = row_count[item]
    for item in range(len(number)):
        start[item + 1] += start[item]
    target, cost = np.empty(start[-1], np.int32), np.empty(start[-1], np.uint32)
    for item in range(len(number)):
        first, count, into = row_first[item], row_count[item], start[number[item]]
        for i in range(count):
            target[into + i], cost[into + i] = row_target[first + i], row_cost[first + i]
    return start, target, cost
