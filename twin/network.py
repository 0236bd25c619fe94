"""The base physical network: what exists to be walked on, whatever is open and whoever walks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.catalogues import rules
from twin.memo import Memo
from twin.tables import Table

if TYPE_CHECKING:
    from layers.elevation import Terrain

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_KEYS_PER_METRE = 1000
"""Ends of streets meet where their coordinates agree to the millimetre."""

_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")

_LEVEL_KINDS = ("bridge", "tunnel")
"""Kinds whose height runs evenly from end to end instead of following the terrain."""


@dataclass(frozen=True, eq=False)
class Network:
    """Edges between shared end points of streets, and how steep each piece of them is.

    Parameters
    ----------
    node_xy
        Coordinates of the nodes, metres, shape (n, 2).
    street_row, street_id
        The street of each edge, shape (m,); a multi-part street has an edge for each part.
    line
        Shapely line of each edge, from `tail` to `head`.
    length_m
        Plan length, metres.
    tail, head
        Nodes at the first and last coordinate.
    kind
        Kind of the street (``footway``, ``steps``, ...).
    component, component_m
        Connected piece of network of each edge, and the total length of each piece, metres.
    island
        Edges of a small piece that is cut off from the rest.
    attracts
        Edges that access points may attach to.
    piece_start
        First piece of each edge and the count of all, shape (m + 1,). The pieces of one edge are
        equally long and at most 20 m.
    slope
        Rise over run of each piece from tail to head, 0 where the terrain is unknown.
    """

    node_xy: Floats
    street_row: Ints
    street_id: Ints
    line: NDArray[Any]
    length_m: Floats
    tail: Ints
    head: Ints
    kind: NDArray[Any]
    component: Ints
    component_m: Floats
    island: Flags
    attracts: Flags
    piece_start: Ints
    slope: Floats

    def __len__(self) -> int:
        return len(self.street_id)

    @property
    def node_count(self) -> int:
        """How many nodes there are."""
        return len(self.node_xy)

    @property
    def pieces(self) -> Ints:
        """How many pieces each edge has, shape (m,)."""
        return np.diff(self.piece_start)


_networks: Memo[Network] = Memo(16)


def build_network(streets: Table, terrain: Terrain | None = None) -> Network:
    """Return the network of a streets table; the status of the streets plays no part.

    The same arrays give the same object back.
    """
    inputs = (streets.ids, streets.geometry, streets["kind"], terrain)
    return _networks.get(inputs, lambda: _build(streets, terrain))


def _build(streets: Table, terrain: Terrain | None) -> Network:
    lines, rows = shapely.get_parts(streets.geometry, return_index=True)
    length = shapely.length(lines)
    walkable = np.isin(shapely.get_type_id(lines), (1, 2)) & (length > 0)
    lines, rows, length = lines[walkable], rows[walkable].astype(np.int64), length[walkable]
    node_xy, tail, head = _nodes(lines)
    real = (tail != head) | (length * _KEYS_PER_METRE > 1)
    lines, rows, length, tail, head = lines[real], rows[real], length[real], tail[real], head[real]
    kind = streets["kind"][rows]
    component, component_m, island = _components(len(node_xy), tail, head, length)
    attracts = np.isin(kind, rules().attracting_kinds) & ~island
    piece_start, slope = _pieces(lines, length, np.isin(kind, _LEVEL_KINDS), terrain)
    arrays = (node_xy, rows, streets.ids[rows], lines, length, tail, head, kind)
    made = (component, component_m, island, attracts, piece_start, slope)
    for array in (*arrays, *made):
        array.flags.writeable = False
    return Network(*arrays, *made)


def _nodes(lines: NDArray[Any]) -> tuple[Floats, Ints, Ints]:
    """Return node coordinates, and the node at the start and end of each line."""
    every, of_line = shapely.get_coordinates(lines, return_index=True)
    first, last = (np.searchsorted(of_line, np.arange(len(lines)), side) for side in _SIDES)
    xy = np.concatenate([every[first], every[last - 1]])
    keys = np.rint(xy * _KEYS_PER_METRE).astype(np.int64)
    _, at, node = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    node = node.reshape(-1).astype(np.int64)
    return xy[at], node[: len(lines)].copy(), node[len(lines) :].copy()


def _components(nodes: int, tail: Ints, head: Ints, length: Floats) -> tuple[Ints, Floats, Flags]:
    """Return each edge's connected piece, the pieces' lengths, and whether an edge is cut off.

    The longest piece is "the rest" that small pieces are cut off from, however short it is.
    """
    if not len(tail):
        return np.empty(0, np.int64), np.empty(0), np.empty(0, bool)
    from scipy.sparse import coo_array  # a second to load, which no window should wait for
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(tail)), (tail, head)), shape=(nodes, nodes))
    count, of_node = connected_components(graph, directed=False)
    component = of_node[tail].astype(np.int64)
    total = np.bincount(component, weights=length, minlength=count).astype(np.float64)
    small = total < rules().smallest_network_m
    small[np.argmax(total)] = False
    return component, total, small[component]


def _pieces(
    lines: NDArray[Any], length: Floats, level: Flags, terrain: Terrain | None
) -> tuple[Ints, Floats]:
    """Return the first piece of each edge (and the count of all) and the slope of every piece."""
    count = np.ceil(length / rules().sample_m).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(count)])
    if terrain is None or not len(lines):
        return start, np.zeros(int(start[-1]))
    points = count + 1  # one sample at each end of a piece
    first = np.concatenate([[0], np.cumsum(points)])[:-1]
    edge = np.repeat(np.arange(len(lines)), points)
    share = (np.arange(len(edge)) - first[edge]) / count[edge]
    height = terrain.sample(*_places_along(lines, edge, share * length[edge]))
    low, high = height[first][edge], height[first + count][edge]
    height = np.where(level[edge], low + (high - low) * share, height)
    rise = np.delete(np.diff(height), first[1:] - 1)
    slope = rise / np.repeat(length / count, count)
    return start, np.nan_to_num(slope, nan=0.0)


def _places_along(lines: NDArray[Any], line: Ints, metres: Floats) -> tuple[Floats, Floats]:
    """Return the coordinates at distances from the start of lines.

    All lines are laid one behind the other with a metre between them, so that one interpolation
    does without an object for each point.
    """
    xy, of_vertex = shapely.get_coordinates(lines, return_index=True)
    step = np.hypot(*np.diff(xy, axis=0).T)
    between = np.diff(of_vertex) > 0
    along = np.concatenate([[0.0], np.cumsum(np.where(between, 1.0, step))])
    begin = along[np.concatenate([[True], between])]
    at = begin[line] + metres
    return np.interp(at, along, xy[:, 0]), np.interp(at, along, xy[:, 1])


def edges_without_height(network: Network, terrain: Terrain) -> Ints:
    """Return the ids of streets whose ends lie where the terrain has no data."""
    xy = network.node_xy
    unknown = np.isnan(terrain.sample(xy[:, 0], xy[:, 1]))
    return np.unique(network.street_id[unknown[network.tail] | unknown[network.head]])


def ranges(start: Ints, count: Ints) -> Ints:
    """Return ``start[0], start[0] + 1, ...`` (`count[0]` of them), then the same of the next."""
    within: Ints = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return within + np.repeat(start, count)
