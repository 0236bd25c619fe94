"""The order in which a network is searched, and the arcs that make one search of many."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from weakref import WeakKeyDictionary, ref

import numpy as np
from numpy.typing import NDArray

from twin.arrays import Flags, Ints, ranges
from twin.keeping.kept import digest_of_code, keeps, kept, key_of
from twin.memo import Memo
from twin.streets.network import Change, Network, change_of, grouped
from twin.walking.hierarchy.dissection import dissect
from twin.walking.hierarchy.elimination import Positions, below, join, peel, placed
from twin.walking.hierarchy.patching import arcs_between, extend, turned

_WORTH_KEEPING = 20_000
"""Nodes from which on a layout is read from the disk in less time than it takes to find."""

_MOST_GROWN, _ALWAYS_GROWN = 0.05, 1000
"""An order is patched until it has grown by so much of its arcs, and by so many at least."""


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

    @cached_property
    def node(self) -> Positions:
        """The node at each position."""
        node = np.empty(len(self.position), np.int32)
        node[self.position] = np.arange(len(node))
        return node

    @cached_property
    def turned(self) -> tuple[Ints, Positions, Positions]:
        """The arcs by their upper end; see :func:`twin.walking.hierarchy.patching.turned`."""
        return turned(self.start, self.up)


@dataclass(frozen=True, eq=False)
class Patch:
    """What became of the arcs of an earlier layout.

    Parameters
    ----------
    before
        The earlier layout, while somebody holds it.
    came
        Its arc that each arc of the later one was, -1 for a new one.
    first_count
        How many arcs there were when the order was found.
    """

    before: ref[Layout]
    came: Ints
    first_count: int


_layouts: Memo[Layout] = Memo(8)
_patches: WeakKeyDictionary[Layout, Patch] = WeakKeyDictionary()


def layout(network: Network) -> Layout:
    """Return the layout of a network; the same network gives the same object back.

    Where a few streets were added to a network that has one, its order is kept. That of a large
    network stays on the disk, for the next time that it is opened.
    """
    return _layouts.get((network,), lambda: _patch(network) or _kept(network))


def patch_of(laid: Layout) -> Patch | None:
    """Return from which earlier layout this one was patched, if somebody still holds it."""
    patch = _patches.get(laid)
    return patch if patch is not None and patch.before() is not None else None


def _patch(network: Network) -> Layout | None:
    """Return the layout by a patch of that of an earlier network, None where there is none."""
    change = change_of(network)
    before = change.before() if change is not None else None
    laid = _layouts.known((before,)) if before is not None else None
    if change is None or laid is None or (change.node_now < 0).any():
        return None
    position, low, high = _new_streets(network, change, laid)
    new = network.node_count - len(laid.position)
    made, came = _positioned(network, position, *extend(new, laid.start, laid.up, low, high))
    earlier = _patches.get(laid)
    first_count = earlier.first_count if earlier is not None else len(laid.up)
    if len(made.up) - first_count > max(_MOST_GROWN * first_count, _ALWAYS_GROWN):
        return None
    _patches[made] = Patch(ref(laid), came, first_count)
    return made


def _new_streets(network: Network, change: Change, laid: Layout) -> tuple[Ints, Ints, Ints]:
    """Return a position for each node, those new before all others, and the ends of new edges."""
    old = np.zeros(network.node_count, bool)
    old[change.node_now] = True
    new = np.flatnonzero(~old)
    position = np.empty(network.node_count, np.int64)
    position[new] = np.arange(len(new))
    position[change.node_now] = laid.position + len(new)
    fresh = np.ones(len(network), bool)
    fresh[change.edge_now[change.edge_now >= 0]] = False
    tail, head = position[network.tail[fresh]], position[network.head[fresh]]
    real = tail != head
    return position, np.minimum(tail, head)[real], np.maximum(tail, head)[real]


def _kept(network: Network) -> Layout:
    """Return the layout that was found of such a network before, else find it and keep it."""
    if network.node_count < _WORTH_KEEPING or not keeps():
        return _lay_out(network)
    key = key_of(network.node_xy, network.tail, network.head, _code())
    found = kept("layouts", key, lambda: _lay_out(network), (Layout,))
    for shape in (found.start, found.up, found.parent, found.size):
        shape.flags.writeable = False  # as the kernels are compiled for
    return found


@cache
def _code() -> str:
    return digest_of_code(Path(__file__).parent)


def _lay_out(network: Network) -> Layout:
    nodes, tail, head = network.node_count, network.tail, network.head
    start, near = _neighbours(nodes, tail, head)
    rank = _rank(network, start, near)
    node = np.empty(nodes, np.int64)
    node[rank] = np.arange(nodes)
    begin, up, parent = join(start, near, rank, node)
    return _positioned(network, rank, begin, up, parent, np.arange(len(up)))[0]


def _positioned(
    network: Network, rank: Ints, begin: Ints, up: Ints, parent: Ints, came: Ints
) -> tuple[Layout, Ints]:
    """Return the layout of arcs between ranks, and `came` in the order of its arcs."""
    place, size = below(parent)
    first, above, lowest, came = placed(begin, up, parent, came, place)
    for shape in (first, above, lowest):
        shape.flags.writeable = False
    position = place[rank]
    tail, head = position[network.tail], position[network.head]
    arc = arcs_between(first, above, np.minimum(tail, head), np.maximum(tail, head))
    return Layout(position, first, above, lowest, _small(size), arc, tail < head), came


def _neighbours(nodes: int, tail: Ints, head: Ints) -> tuple[Ints, Ints]:
    """Return each node's neighbours, each once, in compressed rows."""
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    key = np.unique((low * nodes + high)[low != high])
    low, high = np.divmod(key, max(nodes, 1))
    one, other = np.concatenate([low, high]), np.concatenate([high, low])
    degree = np.bincount(one, minlength=nodes)
    near = other[grouped(one, nodes)]
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


def _small(values: Ints) -> NDArray[np.int32]:
    """Return read-only 32-bit values: half as much for a search to read."""
    small = values.astype(np.int32)
    small.flags.writeable = False
    return small
