"""Nested dissection: in which order the nodes of a plane network are best taken out of it.

A network is cut in two where few streets cross the cut, then each half again. The nodes at a cut
come after everything on both sides of it, so that taking out a node joins few others. All parts of
one depth are cut at once, by arrays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.arrays import Flags, Floats, Ints

_LEAF = 8
"""Parts of at most so many nodes are not cut further; their own order hardly matters."""

_LEAST_SHARE = 0.3
"""A cut leaves at least this share of a part on either side."""

_DIRECTIONS = np.array([[1.0, 0.0], [0.0, 1.0], [0.5**0.5, 0.5**0.5], [0.5**0.5, -(0.5**0.5)]])
"""Directions across which cuts are tried."""


@dataclass
class _Parts:
    """The parts of one depth.

    Parameters
    ----------
    part
        Part of each node, -1 where the node has its rank.
    first
        First rank of each part; a part's ranks are consecutive.
    size
        Nodes of each part.
    tail, head
        Streets within parts.
    """

    part: Ints
    first: Ints
    size: Ints
    tail: Ints
    head: Ints


def dissect(xy: Floats, tail: Ints, head: Ints) -> Ints:
    """Return the rank of every node, lowest first to be taken out.

    Parameters
    ----------
    xy
        Coordinates, shape (n, 2).
    tail, head
        Streets, each once and none from a node to itself, shape (m,).
    """
    nodes = len(xy)
    rank = np.full(nodes, -1)
    across = [np.argsort(xy @ direction, kind="stable") for direction in _DIRECTIONS]
    parts = _Parts(np.zeros(nodes, np.int64), np.zeros(1, np.int64), np.array([nodes]), tail, head)
    while True:
        parts = _without_leaves(parts, rank)
        if not len(parts.first):
            return rank
        across = [order[parts.part[order] >= 0] for order in across]
        beyond = _cut(parts, across)
        parts = _split(parts, beyond, rank)


def _without_leaves(parts: _Parts, rank: Ints) -> _Parts:
    """Rank the nodes of parts that are small enough, and return the other parts."""
    small = parts.size <= _LEAF
    there = np.flatnonzero(parts.part >= 0)
    done = there[small[parts.part[there]]]
    rank[done] = parts.first[parts.part[done]] + _place(parts.part[done])
    renamed = np.cumsum(~small) - 1
    part = np.full(len(parts.part), -1)
    rest = there[~small[parts.part[there]]]
    part[rest] = renamed[parts.part[rest]]
    inside = (part[parts.tail] >= 0) & (part[parts.tail] == part[parts.head])
    streets = parts.tail[inside], parts.head[inside]
    return _Parts(part, parts.first[~small], parts.size[~small], *streets)


def _place(group: Ints) -> Ints:
    """Return for each element how many before it are of the same group."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    place = np.empty(len(group), np.int64)
    place[order] = np.arange(len(group)) - np.searchsorted(ordered, ordered, "left")
    return place


def _cut(parts: _Parts, across: list[Ints]) -> Flags:
    """Return which nodes lie beyond the best of the cuts of their part."""
    best = np.full(len(parts.first), np.inf)
    beyond = np.zeros(len(parts.part), bool)
    for order in across:
        by_part = order[np.argsort(parts.part[order], kind="stable")]
        score, at = _best_cut(parts, by_part)
        better = score < best
        best[better] = score[better]
        whose = parts.part[by_part]
        here = better[whose]
        beyond[by_part[here]] = np.flatnonzero(here) >= at[whose[here]]
    return beyond


def _best_cut(parts: _Parts, by_part: Ints) -> tuple[Floats, Ints]:
    """Return the score of the best cut of each part in one direction, and where it begins.

    The streets that cross before the ``i``-th node are those that began before it and end at it
    or later: a running sum. Few streets and even halves score low.
    """
    count, sizes = len(by_part), parts.size
    begin = np.cumsum(sizes) - sizes
    place = np.empty(len(parts.part), np.int64)
    place[by_part] = np.arange(count)
    one, other = place[parts.tail], place[parts.head]
    begun = np.bincount(np.minimum(one, other) + 1, minlength=count + 1)
    crossing = np.cumsum(begun - np.bincount(np.maximum(one, other) + 1, minlength=count + 1))
    whose = parts.part[by_part]
    share = (np.arange(count) - begin[whose]) / sizes[whose]
    least = np.minimum(share, 1 - share)
    fair = least >= _LEAST_SHARE
    score = np.full(count, np.inf)
    score[fair] = (crossing[:-1][fair] + 0.5) / np.sqrt(least[fair])
    lowest = np.minimum.reduceat(score, begin)
    found = np.flatnonzero(score == lowest[whose])
    at = np.empty(len(sizes), np.int64)
    at[whose[found][::-1]] = found[::-1]  # the first of equals
    return lowest, at


def _split(parts: _Parts, beyond: Flags, rank: Ints) -> _Parts:
    """Rank the nodes at the cuts last, and return the parts on both sides of them."""
    count = len(parts.first)
    cut = _cut_nodes(parts, beyond)
    whose = parts.part[cut]
    last = parts.first + parts.size - np.bincount(whose, minlength=count)
    rank[cut] = last[whose] + _place(whose)
    part = parts.part.copy()
    part[cut] = -1
    left = np.flatnonzero(part >= 0)
    part[left] = 2 * part[left] + beyond[left]
    size = np.bincount(part[left], minlength=2 * count)
    first = np.empty(2 * count, np.int64)
    first[::2], first[1::2] = parts.first, parts.first + size[::2]
    return _Parts(part, first, size, parts.tail, parts.head)


def _cut_nodes(parts: _Parts, beyond: Flags) -> Ints:
    """Return the ends of the streets that cross, on the side where they are fewer."""
    crosses = beyond[parts.tail] != beyond[parts.head]
    tail, head = parts.tail[crosses], parts.head[crosses]
    near = np.unique(np.where(beyond[tail], head, tail))
    far = np.unique(np.where(beyond[tail], tail, head))
    count = len(parts.first)
    fewer_near = np.bincount(parts.part[near], minlength=count) <= np.bincount(
        parts.part[far], minlength=count
    )
    return np.concatenate([near[fewer_near[parts.part[near]]], far[~fewer_near[parts.part[far]]]])
