"""Compiled: searches from many places at once, a lane for each.

A search goes up the arcs from where it starts, then down them to everywhere. No heap decides what
comes next: the positions do, so that all lanes go together and the processor takes many in one
step. The number of lanes is no constant on purpose: the compiler makes better code then.

The searches within a limit use what hangs together in a layout: whoever comes to a node below a
position from elsewhere comes by one of that position's arcs. Where all of these begin beyond the
limit, everything below is passed over at once.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from twin.costs import INF
from twin.hierarchy.elimination import Positions
from twin.network import Ints
from twin.reach import NOBODY

BEYOND = 1 << 61
"""More than any cost with a goal's number behind it; two of them still fit into an int64."""


@njit(nogil=True, cache=True)
def spread_lanes(start: Positions, up: Positions, ahead: Ints, back: Ints, cost: Ints) -> None:
    """Lower the cost of every position, in every lane, to the least way to the lane's goals.

    Parameters
    ----------
    start, up, ahead, back
        Arcs; see :class:`twin.hierarchy.hierarchy.Arcs`.
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


@njit(nogil=True, cache=True)
def _rise(arcs, parent, seeds, limit, cost, active, turn, way, branch):  # type: ignore[no-untyped-def]  # typed by Numba
    """Search upwards from the seeds of the items of one block.

    Each seed's way to the top is noted as far as no earlier seed went it; the ways are gone in
    reverse, so that every position comes after all that are below it.
    """
    start, up, climb = arcs
    first, position, offset = seeds
    lanes, count, ways = cost.shape[1], 0, 0
    for item in range(len(first) - 1):
        for s in range(first[item], first[item + 1]):
            here = position[s]
            if active[here] != turn:
                branch[ways] = count
                ways += 1
            while here >= 0 and active[here] != turn:
                active[here] = turn
                way[count] = here
                count += 1
                row = cost[here]
                for k in range(lanes):
                    row[k] = limit + 1
                here = parent[here]
            row = cost[position[s]]
            row[item] = min(row[item], offset[s])
    branch[ways] = count
    for last in range(ways - 1, -1, -1):
        for i in range(branch[last], branch[last + 1]):
            row, nearest = cost[way[i]], np.uint32(limit + 1)
            for k in range(lanes):
                nearest = min(nearest, row[k])
            if nearest > limit:
                continue
            for e in range(start[way[i]], start[way[i] + 1]):
                above, longer_by = cost[up[e]], climb[e]
                for k in range(lanes):
                    longer = np.uint32(row[k] + longer_by)
                    above[k] = longer if longer < above[k] else above[k]


@njit(nogil=True, cache=True, forceinline=True)
def _settle(low, arcs, limit, cost, mine, near, turn, least):  # type: ignore[no-untyped-def]  # typed by Numba
    """Settle all lanes at one position, those above being settled; return if any is near."""
    start, up, fall = arcs
    row, lanes, beyond = cost[low], cost.shape[1], np.uint32(limit + 1)
    nearest = beyond
    if mine:
        for k in range(lanes):
            least[k] = row[k]
    else:
        for k in range(lanes):
            least[k] = beyond
    for e in range(start[low], start[low + 1]):
        if near[up[e]] != turn:
            continue
        above, longer_by = cost[up[e]], fall[e]
        for k in range(lanes):
            longer = np.uint32(above[k] + longer_by)
            least[k] = longer if longer < least[k] else least[k]
    for k in range(lanes):
        row[k] = least[k]
        nearest = min(nearest, least[k])
    return nearest <= limit


@njit(nogil=True, cache=True, forceinline=True)
def _may_be_near(low, start, up, near, turn):  # type: ignore[no-untyped-def]  # typed by Numba
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
                longer[:count] = way
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
                more[:filled] = found
                found = more
            found[filled, 0], found[filled, 1], found[filled, 2] = low, best, whose
            filled += 1
        low -= 1
    return found[:filled].copy()


@njit(nogil=True, cache=True)
def weigh_within(shape, rising, falling, seeds, lanes, limit, weight, total, by_item):  # type: ignore[no-untyped-def]  # typed by Numba
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
    weight
        Whole number of each position, or else of each item; sums are kept in its type while they
        grow.
    total
        Result, int64, for each item where `by_item`, else for each position.
    """
    begin, over, parent, size = shape
    first, position, offset = seeds
    nodes = len(parent)
    cost, least = np.empty((nodes, lanes), np.uint32), np.empty(lanes, np.uint32)
    active, near = np.zeros(nodes, np.int32), np.zeros(nodes, np.int32)
    way, branch = np.empty(nodes, np.int32), np.empty(len(position) + 1, np.int64)
    found = np.empty(lanes, weight.dtype)
    turn = 0
    for item in range(0, len(first) - 1, lanes):
        turn += 1
        block = first[item : item + lanes + 1], position, offset
        there = len(block[0]) - 1
        _rise(rising, parent, block, limit, cost, active, turn, way, branch)
        found[:] = 0  # of each lane: what it has met so far, or what it gives
        if not by_item:
            for k in range(there):
                found[k] = weight[item + k]
        low = nodes - 1
        while low >= 0:
            mine = active[low] == turn
            if not mine and not _may_be_near(low, begin, over, near, turn):
                low -= size[low]
                continue
            if _settle(low, falling, limit, cost, mine, near, turn, least):
                near[low] = turn
                if by_item:
                    heavy = weight[low]
                    if heavy:
                        for k in range(lanes):
                            found[k] += heavy if least[k] <= limit else 0
                else:
                    given = 0
                    for k in range(lanes):
                        given += found[k] if least[k] <= limit else 0
                    total[low] += given
            low -= 1
        if by_item:
            for k in range(there):
                total[item + k] = found[k]


@njit(nogil=True, cache=True)
def rows_within(shape, rising, falling, seeds, lanes, limit, entries, targets, number):  # type: ignore[no-untyped-def]  # typed by Numba
    """Find the targets within a limit of every item.

    Parameters
    ----------
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
    begin, over, parent, size = shape
    first, position, offset = seeds
    enter, target, last_part = entries
    nodes, items = len(parent), len(first) - 1
    cost, least = np.empty((nodes, lanes), np.uint32), np.empty(lanes, np.uint32)
    active, near = np.zeros(nodes, np.int32), np.zeros(nodes, np.int32)
    way, branch = np.empty(nodes, np.int32), np.empty(len(position) + 1, np.int64)
    there, met = np.empty((1024, lanes), np.uint32), np.zeros(targets, np.int32)
    place, goal_at = np.empty(targets, np.int32), np.empty(targets, np.int32)
    next_row = np.empty(lanes + 1, np.int64)
    row_first, row_count = np.empty(items, np.int64), np.empty(items, np.int64)
    row_target, row_cost = np.empty(65_536, np.int32), np.empty(65_536, np.uint32)
    turn, filled = 0, 0
    for item in range(0, items, lanes):
        turn += 1
        block = first[item : item + lanes + 1], position, offset
        _rise(rising, parent, block, limit, cost, active, turn, way, branch)
        low, count = nodes - 1, 0
        while low >= 0:
            mine = active[low] == turn
            if not mine and not _may_be_near(low, begin, over, near, turn):
                low -= size[low]
                continue
            if _settle(low, falling, limit, cost, mine, near, turn, least):
                near[low] = turn
                for e in range(enter[low], enter[low + 1]):
                    goal, rest = target[e], last_part[e]
                    if met[goal] != turn:
                        met[goal], place[goal], goal_at[count] = turn, count, goal
                        if count == len(there):
                            larger = np.empty((2 * count, lanes), np.uint32)
                            larger[:count] = there
                            there = larger
                        row = there[count]
                        for k in range(lanes):
                            row[k] = least[k] + rest
                        count += 1
                        continue
                    row = there[place[goal]]
                    for k in range(lanes):
                        longer = np.uint32(least[k] + rest)
                        row[k] = longer if longer < row[k] else row[k]
            low -= 1
        next_row[:] = 1  # a place to spare behind each lane, so that writing needs no branch
        for i in range(count):
            row = there[i]
            for k in range(lanes):
                next_row[k + 1] += row[k] <= limit
        next_row[0] = filled
        for k in range(lanes):
            next_row[k + 1] += next_row[k]
        filled = next_row[lanes]
        if filled > len(row_target):
            longer_target = np.empty(2 * filled, np.int32)
            longer_cost = np.empty(2 * filled, np.uint32)
            longer_target[: next_row[0]] = row_target[: next_row[0]]
            longer_cost[: next_row[0]] = row_cost[: next_row[0]]
            row_target, row_cost = longer_target, longer_cost
        for k in range(len(block[0]) - 1):
            row_first[item + k], row_count[item + k] = (
                next_row[k],
                next_row[k + 1] - next_row[k] - 1,
            )
        for i in range(count):
            row, goal = there[i], goal_at[i]
            for k in range(lanes):
                here = next_row[k]
                row_target[here], row_cost[here] = goal, row[k]
                next_row[k] = here + (row[k] <= limit)
    return _in_order(number, row_first, row_count, row_target, row_cost)


@njit(cache=True)
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
        target[into : into + count] = row_target[first : first + count]
        cost[into : into + count] = row_cost[first : first + count]
    return start, target, cost
