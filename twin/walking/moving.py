"""The nearest of many goals while a few of them move, computed from what those that stay reach.

A hand that drags one service asks again and again for the nearest of its type. What stays is kept
as it was found first: the reach of the goals that stay and each origin's nearest of them. A step
searches from the moved goal as far as it betters that, and touches the origins there only. What is
remembered decides how much work is done and never what comes of it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from twin.arrays import Ints, ranges
from twin.compiled.ready import Spread
from twin.memo import Memo
from twin.streets.costs import INF, DirectedCosts
from twin.walking.access import AccessPoints, Surroundings
from twin.walking.departures import departure, direct_cost, on_one_edge, point_costs
from twin.walking.facilities import Key
from twin.walking.origins import OriginAccess
from twin.walking.reach import (
    NOBODY,
    Reach,
    Seeds,
    improvement,
    reach_of,
    reach_without,
    ready_to_better,
    seeds_of,
)
from twin.walking.ways_out import entries_by_node, ways_out

Goal = tuple[int, Key]
"""A service's id, and what decides where it attaches."""

Least = tuple[Ints, Ints]
"""Of every origin the least cost, and the id of the goal that is so near; not to be changed."""


@dataclass(frozen=True, eq=False)
class Goals:
    """Services that walks may end at.

    Parameters
    ----------
    who
        Which they are, ascending by id.
    access
        Access points of each.
    around
        What these were found in.
    """

    who: tuple[Goal, ...]
    access: tuple[AccessPoints, ...]
    around: Surroundings

    def take(self, which: Sequence[int]) -> Goals:
        """Return the goals at these places."""
        who, access = (self.who[i] for i in which), (self.access[i] for i in which)
        return replace(self, who=tuple(who), access=tuple(access))

    def doors(self) -> tuple[AccessPoints, Ints]:
        """Return all access points, and the id of the goal that each belongs to."""
        owner = np.repeat(np.array([i for i, _ in self.who], np.int64), list(map(len, self.access)))
        return AccessPoints.concatenate(self.access), owner

    def seeds(self, costs: DirectedCosts) -> Seeds:
        """Return where a search for them starts."""
        return seeds_of(costs, *self.doors())


@dataclass(frozen=True, eq=False)
class _Asked:
    """What was last asked for under one name, and which of it stayed from the time before."""

    costs: DirectedCosts
    goals: Goals
    stayed: Goals | None


_asked: OrderedDict[Hashable, _Asked] = OrderedDict()
_MOST_ASKED = 48

_reaches: Memo[Reach] = Memo(48)
_least: Memo[Least] = Memo(64)


def least_of(
    costs: DirectedCosts, origins: OriginAccess, goals: Goals, name: Hashable, spread: Spread
) -> Least:
    """Return the nearest goal of every origin.

    Parameters
    ----------
    goals
        One at least.
    name
        What these goals have in common with those of another call, so that few of them may have
        moved since.
    """
    before = _asked.get((id(costs), name))
    keep = costs, origins, goals.around
    if before is None or before.costs is not costs or before.goals.around is not goals.around:
        _note(name, _Asked(costs, goals, None))
        whole = _reach(costs, goals, spread)
        return _least.get(keep, lambda: _least_of_all(costs, origins, goals, whole), goals.who)
    there = set(before.goals.who)
    stays = [i for i, one in enumerate(goals.who) if one in there]
    if 2 * len(stays) < len(goals.who) or not stays:
        _note(name, _Asked(costs, goals, None))
        whole = _reach(costs, goals, spread)
        return _least.get(keep, lambda: _least_of_all(costs, origins, goals, whole), goals.who)
    stayed = goals.take(stays)
    moved = goals.take([i for i, one in enumerate(goals.who) if one not in there])
    known = _reach_of_stayed(before, stayed, spread)
    _note(name, _Asked(costs, goals, stayed if moved.who else None))
    least = _least.known(keep, stayed.who)
    if least is None:
        all_of_them = _least.known(keep, before.goals.who)

        def find() -> Least:
            if all_of_them is None:
                return _least_of_all(costs, origins, stayed, known)
            return _least_without(costs, origins, all_of_them, before.goals, stayed, known)

        least = _least.get(keep, find, stayed.who)
    if not moved.who:
        if len(stays) < len(before.goals.who):
            ready_to_better(costs, known)  # what is gone may be in a hand that puts it elsewhere
        return least
    rest = least
    return _least.get(keep, lambda: _bettered(costs, origins, rest, known, moved), goals.who)


def _note(name: Hashable, asked: _Asked) -> None:
    _asked[id(asked.costs), name] = asked
    _asked.move_to_end((id(asked.costs), name))
    while len(_asked) > _MOST_ASKED:
        _asked.popitem(last=False)


def _reach(costs: DirectedCosts, goals: Goals, spread: Spread) -> Reach:
    return _reaches.get(
        (costs, goals.around), lambda: reach_of(costs, goals.seeds(costs), None, spread), goals.who
    )


def _reach_of_stayed(before: _Asked, stayed: Goals, spread: Spread) -> Reach:
    """Return the reach of goals that are some of those asked for before."""
    costs = before.costs
    kept = _reaches.known((costs, stayed.around), stayed.who)
    if kept is not None:
        return kept
    whole, there = _reach_before(before, spread), set(stayed.who)
    gone = np.array([number for number, key in before.goals.who if (number, key) not in there])
    if not len(gone):
        return whole

    def find() -> Reach:
        return reach_without(costs, whole, gone, stayed.seeds(costs), spread)

    return _reaches.get((costs, stayed.around), find, stayed.who)


def _reach_before(before: _Asked, spread: Spread) -> Reach:
    """Return the reach of what was asked for before, from what had stayed then."""
    costs, goals, stayed = before.costs, before.goals, before.stayed
    whole = _reaches.known((costs, goals.around), goals.who)
    if whole is not None or stayed is None:
        return whole or _reach(costs, goals, spread)
    known, there = _reach(costs, stayed, spread), set(stayed.who)
    moved = goals.take([i for i, one in enumerate(goals.who) if one not in there])

    def find() -> Reach:
        return reach_of(costs, moved.seeds(costs), known, spread)

    return _reaches.get((costs, goals.around), find, goals.who)


def _least_of_all(costs: DirectedCosts, origins: OriginAccess, goals: Goals, known: Reach) -> Least:
    cost, goal = point_costs(costs, origins.points, known, *goals.doors())
    start = origins.start[:-1]
    if not len(start):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    least = np.minimum.reduceat(cost, start)
    best = cost == np.repeat(least, np.diff(origins.start))
    return least, np.minimum.reduceat(np.where(best, goal, NOBODY), start)


def _bettered(
    costs: DirectedCosts, origins: OriginAccess, least: Least, known: Reach, moved: Goals
) -> Least:
    """Return the nearest of all goals, where that of those that stayed is known."""
    better = improvement(costs, moved.seeds(costs), known)
    start, origin, way = entries_by_node(costs, origins)
    count = start[better.node + 1] - start[better.node]
    entry = ranges(start[better.node], count)
    through = way[entry] + np.repeat(better.cost, count)
    walks = origin[entry], through, np.repeat(better.owner, count)
    return _lowered(least, *_both(walks, _along_edges(costs, origins, moved)))


def _least_without(
    costs: DirectedCosts,
    origins: OriginAccess,
    least: Least,
    goals: Goals,
    stayed: Goals,
    known: Reach,
) -> Least:
    """Return the nearest of the goals that stayed, where that of all is known.

    Only origins whose nearest is gone can change. `known` is the reach of those that stayed.
    """
    there = set(stayed.who)
    gone = np.array([number for number, key in goals.who if (number, key) not in there], np.int64)
    lost = np.isin(least[1], gone)
    rows = np.flatnonzero(lost)
    out = ways_out(costs, origins).take(rows)
    origin = np.repeat(rows, np.diff(out.start))
    walks = origin, out.cost + known.cost[out.node], known.owner[out.node]
    along = _along_edges(costs, origins, stayed)
    mine = lost[along[0]]
    rest = np.where(lost, INF, least[0]), np.where(lost, NOBODY, least[1])
    return _lowered(rest, *_both(walks, (along[0][mine], along[1][mine], along[2][mine])))


Walks = tuple[Ints, Ints, Ints]
"""Origin, cost and goal of each."""


def _both(one: Walks, other: Walks) -> Walks:
    origin, cost, goal = (np.concatenate(pair) for pair in zip(one, other, strict=True))
    return origin, cost, goal


def _along_edges(costs: DirectedCosts, origins: OriginAccess, goals: Goals) -> Walks:
    """Return the walks along an edge that origins share with goals."""
    doors, owner = goals.doors()
    leave = departure(costs, origins.points)
    row, door = on_one_edge(origins.points, leave, doors)
    along = direct_cost(costs, leave, row, doors, door) + leave.leg[row]
    return np.searchsorted(origins.start, row, "right") - 1, along, owner[door]


def _lowered(least: Least, origin: Ints, cost: Ints, goal: Ints) -> Least:
    """Return `least` with other walks of some origins taken where they are better."""
    known_cost, known_goal = least
    order = np.lexsort((goal, cost, origin))
    order = order[np.flatnonzero(np.diff(origin[order], prepend=-1))]
    origin, cost, goal = origin[order], cost[order], goal[order]
    worse = (cost > known_cost[origin]) | (
        (cost == known_cost[origin]) & (goal >= known_goal[origin])
    )
    taken = ~worse & (cost < INF)
    new_cost, new_goal = known_cost.copy(), known_goal.copy()
    new_cost[origin[taken]], new_goal[origin[taken]] = cost[taken], goal[taken]
    return new_cost, new_goal


def forget() -> None:
    """Forget everything, so that the next answer is found from nothing."""
    _asked.clear()
    _reaches.clear()
    _least.clear()
