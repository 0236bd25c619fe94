"""The network as a directed graph, turned round: what enters each node, at what cost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from twin.arrays import Flags, Ints
from twin.compiled.ready import compiled
from twin.streets.network import Network, grouped


@dataclass(frozen=True, eq=False)
class Arrows:
    """A directed graph in compressed rows, turned round: from services to homes.

    Who walks home to service enters node ``i`` from ``tail[start[i]:start[i + 1]]``, over the edges
    of the same positions in `edge`, at `cost`.
    """

    start: Ints
    tail: Ints
    edge: Ints
    cost: Ints

    @cached_property
    def leaving(self) -> Leaving:
        """The same arrows by the node that they leave."""
        nodes = len(self.start) - 1
        head = np.repeat(np.arange(nodes), np.diff(self.start))
        order = np.argsort(self.tail, kind="stable")
        degree = np.bincount(self.tail, minlength=nodes)
        return Leaving(_whole(np.concatenate([[0], np.cumsum(degree)])), order, head[order])


@dataclass(frozen=True, eq=False)
class Leaving:
    """Arrows ``arrow[start[i]:start[i + 1]]`` leave node ``i`` for the nodes `head`."""

    start: Ints
    arrow: Ints
    head: Ints


def both_ways(network: Network, ahead: Ints, back: Ints, barred: Flags) -> Arrows:
    """Return the arrows of both directions of all edges but those that are barred.

    Those that enter a node are in the order of their edges, the edges that end there first.

    Parameters
    ----------
    ahead, back
        Cost of each edge from tail to head and from head to tail.
    """
    if compiled() is not None:
        from twin.compiled.kernels import arrows_both_ways

        found = arrows_both_ways(
            network.tail, network.head, ahead, back, barred, len(network.node_xy)
        )
        return Arrows(*map(_whole, found))
    edge = np.arange(len(network))
    into = np.concatenate([network.head, network.tail])
    out_of = np.concatenate([network.tail, network.head])
    cost, over = np.concatenate([ahead, back]), np.concatenate([edge, edge])
    order = grouped(into, network.node_count)
    order = order[~barred[over[order]]]
    start = np.cumsum(np.bincount(into[order], minlength=network.node_count))
    start = np.concatenate([[0], start])
    return Arrows(*map(_whole, (start, out_of[order], over[order], cost[order])))


def _whole(values: Ints) -> Ints:
    """Return contiguous read-only int64 values, the one kind that the kernels are compiled for."""
    whole = np.ascontiguousarray(values, dtype=np.int64)
    whole.flags.writeable = False
    return whole
