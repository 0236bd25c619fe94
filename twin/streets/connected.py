"""Which nodes hang together, and what a few edges that go or come change of that."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Ends = tuple[Ints, Ints]


def connected(nodes: int, ends: Ends) -> Ints:
    """Return the connected piece of each node, numbered in the order of their lowest nodes.

    Parameters
    ----------
    ends
        Both nodes of each edge.
    """
    from twin.compiled.ready import compiled

    if compiled() is not None:
        from twin.compiled.kernels import pieces

        one, other = (np.ascontiguousarray(end, np.int64) for end in ends)
        found: Ints = pieces(nodes, one, other)
        return found
    if not nodes:
        return np.empty(0, np.int64)
    from scipy.sparse import coo_array  # slow to load, which no window should wait for
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(ends[0]), np.int8), ends), shape=(nodes, nodes))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def connected_after(
    before: Ints, node_now: Ints, nodes: int, gone: Ends, came: Ends
) -> Ints | None:
    """Return the connected piece of each node after some edges went and others came.

    Parameters
    ----------
    before
        As of :func:`connected`, by former node.
    node_now
        Number now of each former node; none is gone.
    nodes
        How many there are now.
    gone, came
        Both nodes of these edges, by their numbers now.

    Returns
    -------
    None where something may have come apart: where the ends of an edge that is gone are not
    connected by those that came alone.
    """
    ends, place = np.unique(np.concatenate([*gone, *came]), return_inverse=True)
    one, other, tail, head = np.split(place, np.cumsum([len(gone[0]), len(gone[1]), len(came[0])]))
    by_new = connected(len(ends), (tail, head))
    if (by_new[one] != by_new[other]).any():
        return None
    piece = np.full(nodes, -1)
    piece[node_now] = before
    new, count = np.flatnonzero(piece < 0), int(before.max(initial=-1)) + 1
    piece[new] = count + np.arange(len(new))
    joined = connected(count + len(new), (piece[came[0]], piece[came[1]]))[piece]
    lowest = np.empty(int(joined.max(initial=-1)) + 1, np.int64)
    lowest[joined[::-1]] = np.arange(nodes)[::-1]  # the lowest is written last
    rank = np.empty(len(lowest), np.int64)
    rank[np.argsort(lowest)] = np.arange(len(lowest))
    found: Ints = rank[joined]
    return found
