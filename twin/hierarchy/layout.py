"""The order in which a network is searched, and the arcs that make one search of many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.hierarchy.dissection import dissect
from twin.hierarchy.elimination import Positions, below, join, peel
from twin.memo import Memo
from twin.network import Flags, Ints, Network, ranges


@dataclass(frozen=True, eq=False)
class Layout:
    """A network's nodes by position, and its arcs, whoever walks and whatever is open.

    Parameters
    ----------
    position
        Position of each node, shape (n,).
    start, up
        Arcs of position ``i`` lead to the positions ``up[start[i]:start[i + 1]]``, all above ``i``,
        ascending. Every way out of what hangs below ``i`` goes through ``i`` or one of these.
    parent
        The lowest of these, -1 where there is none.
    size
        How many positions hang below each, itself included: ``i - size[i] + 1`` to ``i``.
    arc
        Arc of each edge of the network, -1 for an edge from a node to itself, shape (m,).
    rises
        The edge's head lies above its tail.
    """

    position: Ints
    start: Positions
    up: Positions
    parent: Positions
    size: Positions
    arc: Ints
    rises: Flags


_layouts: Memo[Layout] = Memo(8)


def layout(network: Network) -> Layout:
    """Return the layout of a network; the same network gives the same object back."""
    return _layouts.get((network,), lambda: _lay_out(network))


def _lay_out(network: Network) -> Layout:
    nodes, tail, head = network.node_count, network.tail, network.head
    start, near = _neighbours(nodes, tail, head)
    rank = _rank(network, start, near)
    node = np.empty(nodes, np.int64)
    node[rank] = np.arange(nodes)
    begin, up, parent = join(start, near, rank, node)
    place, size = below(parent)
    by_place = np.empty(nodes, np.int64)
    by_place[place] = np.arange(nodes)
    degree = np.diff(begin)[by_place]
    first = np.concatenate([[0], np.cumsum(degree)])
    up = place[up[ranges(begin[by_place], degree)]]
    parent = np.where(parent < 0, -1, place[parent])[by_place]
    position = place[rank]
    arc, rises = _arcs_of_edges(first, up, position[tail], position[head])
    return Layout(position, _small(first), _small(up), _small(parent), _small(size), arc, rises)


def _neighbours(nodes: int, tail: Ints, head: Ints) -> tuple[Ints, Ints]:
    """Return each node's neighbours, each once, in compressed rows."""
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    key = np.unique((low * nodes + high)[low != high])
    low, high = np.divmod(key, max(nodes, 1))
    one, other = np.concatenate([low, high]), np.concatenate([high, low])
    degree = np.bincount(one, minlength=nodes)
    near = other[np.argsort(one, kind="stable")]
    return np.concatenate([[0], np.cumsum(degree)]), near


def _rank(network: Network, start: Ints, near: Ints) -> Ints:
    """Return the rank of every node: dead ends and bends first, then by nested dissection."""
    left = near.copy()
    peeled, degree = peel(start, left)
    rest = np.flatnonzero(degree >= 0)
    number = np.full(len(start) - 1, -1)
    number[rest] = np.arange(len(rest))
    tail = np.repeat(rest, degree[rest])
    head = left[ranges(start[rest], degree[rest])]
    once = tail < head
    rank = np.empty(len(start) - 1, np.int64)
    rank[peeled] = np.arange(len(peeled))
    ends = number[tail[once]], number[head[once]]
    rank[rest] = len(peeled) + dissect(network.node_xy[rest], *ends)
    return rank


def _arcs_of_edges(first: Ints, up: Ints, tail: Ints, head: Ints) -> tuple[Ints, Flags]:
    """Return the arc of every edge between two positions, and whether it leads upwards."""
    nodes = len(first) - 1
    key = np.repeat(np.arange(nodes), np.diff(first)) * nodes + up
    arc = np.searchsorted(key, np.minimum(tail, head) * nodes + np.maximum(tail, head))
    return np.where(tail == head, -1, arc), tail < head


def _small(values: Ints) -> NDArray[np.int32]:
    """Return read-only 32-bit values: half as much for a search to read."""
    small = values.astype(np.int32)
    small.flags.writeable = False
    return small
