"""Compiled: what a few new streets or other prices change of an order of nodes and its arcs.

Nodes go by position, as in :mod:`twin.walking.hierarchy.elimination`. A change at a node can only
be felt at arcs above it, so all goes upwards once, and only where something did change.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numba import njit

from twin.arrays import Flags, Ints
from twin.streets.costs import INF
from twin.walking.hierarchy.elimination import Positions

Costs: TypeAlias = tuple[Ints, Ints]
"""Of each arc upwards and downwards."""


@njit(cache=True)
def _longer(values: Ints, needed: int) -> Ints:
    """Return values with room for `needed`."""
    if needed <= len(values):
        return values
    longer = np.empty(max(2 * len(values), needed), np.int64)
    for i in range(len(values)):
        longer[i] = values[i]
    return longer


@njit(nogil=True, cache=True)
def extend(
    new: int, start: Positions, up: Positions, low: Ints, high: Ints
) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the arcs with new nodes and streets among them; nothing is taken away.

    Parameters
    ----------
    new
        How many nodes are new. They take the positions 0, 1, ..., and the others follow.
    start, up
        The arcs before.
    low, high
        Ends of the new streets, in the new positions.

    Returns
    -------
    start, up, parent
        As :func:`twin.walking.hierarchy.elimination.join` would return them, or with more arcs.
    came
        Number of each arc before, -1 where it is new.
    """
    nodes = len(start) - 1 + new
    head, parent = np.full(nodes, -1, np.int64), np.empty(nodes, np.int64)
    seen, gained = np.full(nodes, -1, np.int64), np.zeros(nodes, np.int64)
    after, value = np.empty(1024, np.int64), np.empty(1024, np.int64)
    links, count = 0, 0
    for i in range(len(low)):
        after, value = _longer(after, links + 1), _longer(value, links + 1)
        after[links], value[links] = head[low[i]], high[i]
        head[low[i]] = links
        links += 1
    more = np.empty(1024, np.int64)
    for r in range(nodes):
        first, last = (start[r - new], start[r - new + 1]) if r >= new else (0, 0)
        parent[r] = up[first] + new if last > first else -1
        if head[r] < 0:
            continue
        for e in range(first, last):
            seen[up[e] + new] = r
        begin, link = count, head[r]
        while link >= 0:
            if seen[value[link]] != r:
                seen[value[link]] = r
                more = _longer(more, count + 1)
                more[count] = value[link]
                count += 1
            link = after[link]
        gained[r] = count - begin
        if count == begin:
            continue
        more[begin:count].sort()
        above, known = more[begin], parent[r]
        other = known >= 0 and known < above
        parent[r] = known if other else above
        after = _longer(after, links + count - begin + last - first)
        value = _longer(value, links + count - begin + last - first)
        for i in range(begin if other else begin + 1, count):
            after[links], value[links] = head[parent[r]], more[i]
            head[parent[r]] = links
            links += 1
        for e in range(first, last if not other else first):
            after[links], value[links] = head[parent[r]], up[e] + new
            head[parent[r]] = links
            links += 1
    begin_of = np.zeros(nodes + 1, np.int64)
    merged, came = np.empty(len(up) + count, np.int64), np.empty(len(up) + count, np.int64)
    filled, taken = 0, 0
    for r in range(nodes):
        e, last = (start[r - new], start[r - new + 1]) if r >= new else (0, 0)
        end = taken + gained[r]
        while e < last or taken < end:
            if taken == end or (e < last and up[e] + new < more[taken]):
                merged[filled], came[filled] = up[e] + new, e
                e += 1
            else:
                merged[filled], came[filled] = more[taken], -1
                taken += 1
            filled += 1
        begin_of[r + 1] = filled
    return begin_of, merged, parent, came


@njit(nogil=True, cache=True)
def arcs_between(start: Positions, up: Positions, low: Ints, high: Ints) -> Ints:
    """Return the arc from each of `low` to each of `high`, -1 where the two are one."""
    arc = np.empty(len(low), np.int64)
    for i in range(len(low)):
        arc[i] = -1
        if low[i] != high[i]:
            arc[i] = _find(up, start[low[i]], start[low[i] + 1], high[i])
    return arc


@njit(cache=True)
def _find(up: Positions, first: int, last: int, above: int) -> int:
    """Return the arc to `above` among a node's, -1 where there is none."""
    end = last
    while first < last:
        middle = (first + last) >> 1
        if up[middle] < above:
            first = middle + 1
        else:
            last = middle
    return first if first < end and up[first] == above else -1


@njit(nogil=True, cache=True)
def carried(
    came: Ints, streets_before: Costs, before: Costs, streets: Costs
) -> tuple[Costs, Costs, Flags, int]:
    """Return what arcs cost before, and what follows at once from streets that are others now.

    Parameters
    ----------
    came
        Number that each arc had before, -1 where it is new.
    streets_before, before
        Cost of the streets alone and of the arcs, ahead and back, by former number.
    streets
        Cost of the streets alone now.

    Returns
    -------
    old, now
        Cost of arcs ahead and back before, :data:`~twin.streets.costs.INF` of new ones, and with
        the streets that are new or shorter.
    dirty
        Arcs that cost what a street did that is gone or longer.
    count
        How many arcs are new or have other streets.
    """
    arcs, count = len(came), 0
    old = np.full(arcs, INF), np.full(arcs, INF)
    now, dirty = (np.empty(arcs, np.int64), np.empty(arcs, np.int64)), np.zeros(arcs, np.bool_)
    for e in range(arcs):
        was, other = came[e], came[e] < 0
        for way in range(2):
            street_before = INF
            if was >= 0:
                old[way][e], street_before = before[way][was], streets_before[way][was]
            street = streets[way][e]
            now[way][e] = min(old[way][e], street)
            other |= street != street_before
            dirty[e] |= street > street_before and street_before == old[way][e]
        count += other
    return old, now, dirty, count


@njit(nogil=True, cache=True)
def turned(start: Positions, up: Positions) -> tuple[Ints, Positions, Positions]:
    """Return the arcs by their upper end.

    Returns
    -------
    First of each position (and the count of all); the lower end of each, ascending, and the arc.
    """
    nodes = len(start) - 1
    begin = np.zeros(nodes + 2, np.int64)
    for above in up:
        begin[above + 2] += 1
    for node in range(nodes):
        begin[node + 2] += begin[node + 1]
    lower, arc = np.empty(len(up), np.int32), np.empty(len(up), np.int32)
    for low in range(nodes):
        for e in range(start[low], start[low + 1]):
            place = begin[up[e] + 1]
            lower[place], arc[place] = low, e
            begin[up[e] + 1] += 1
    return begin[: nodes + 1], lower, arc


@njit(nogil=True, cache=True)
def price_again(
    arcs: tuple[Positions, Positions],
    turned_arcs: tuple[Ints, Positions, Positions],
    streets: Costs,
    old: Costs,
    now: Costs,
    dirty: Flags,
) -> None:
    """Put the costs of priced arcs right where those of some streets changed.

    Parameters
    ----------
    arcs
        `start` and `up`.
    turned_arcs
        As :func:`turned` returns them.
    streets
        Cost of the streets alone, ahead and back, of each arc.
    old, now, dirty
        As :func:`carried` returns them; `now` is changed in place to what
        :func:`twin.walking.hierarchy.elimination.price` would find, and `dirty` with it.

    Notes
    -----
    Going upwards, an arc whose cost changed tells the arcs between its upper end and those of its
    neighbours. These take what is less. Only one that cost before exactly what is more now looks
    again at everything below it.
    """
    start, up = arcs
    for low in range(len(start) - 1):
        for e in range(start[low], start[low + 1]):
            if dirty[e]:
                now[0][e], now[1][e] = _priced(e, low, arcs, turned_arcs, streets, now)
            dirty[e] = now[0][e] != old[0][e] or now[1][e] != old[1][e]
        for e in range(start[low], start[low + 1]):
            if not dirty[e]:
                continue
            for other in range(start[low], start[low + 1]):
                if other == e or (other < e and dirty[other]):
                    continue
                one, two = min(e, other), max(e, other)
                over = _find(up, start[up[one]], start[up[one] + 1], up[two])
                _tell(over, one, two, old, now, dirty)


@njit(cache=True)
def _priced(
    e: int,
    low: int,
    arcs: tuple[Positions, Positions],
    turned_arcs: tuple[Ints, Positions, Positions],
    streets: Costs,
    now: Costs,
) -> tuple[int, int]:
    """Return what an arc costs by its streets and past all nodes below it."""
    start, up = arcs
    first, lower, below = turned_arcs
    ahead, back = streets[0][e], streets[1][e]
    for i in range(first[low], first[low + 1]):
        here, one = lower[i], below[i]
        other = _find(up, one + 1, start[here + 1], up[e])
        if other >= 0:
            ahead = min(ahead, now[1][one] + now[0][other])
            back = min(back, now[1][other] + now[0][one])
    return ahead, back


@njit(cache=True)
def _tell(over: int, one: int, two: int, old: Costs, now: Costs, dirty: Flags) -> None:
    """Lower the cost of the arc over two others, or have it priced again if it rested on them."""
    for way, there, back in ((0, one, two), (1, two, one)):
        before, after = old[1][there] + old[0][back], now[1][there] + now[0][back]
        now[way][over] = min(now[way][over], after)
        dirty[over] |= after > before and before == old[way][over]
