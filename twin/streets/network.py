"""The base physical network: what exists to be walked on, whatever is open and whoever walks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, ref

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.arrays import Flags, Floats, Ints
from twin.memo import Memo
from twin.model.catalogues import rules
from twin.model.lines import Lines, number_keys
from twin.model.tables import Table
from twin.streets.connected import connected, connected_after
from twin.streets.floors import end_keys, levels_of
from twin.streets.network_patch import (
    Edges,
    Rows,
    Runs,
    passes_near,
    patch_edges,
    rows_that_differ,
)

if TYPE_CHECKING:
    from layers.rasters.elevation import Terrain


_ROUNDING = 1e-9
"""Of the count of an edge's pieces: 20 m long to the last digit but one is one piece, not two."""

_LEVEL_KINDS = ("bridge", "tunnel")
"""Kinds whose height runs evenly from end to end instead of following the terrain."""


@dataclass(frozen=True, eq=False)
class Network:
    """Edges between shared end points of streets, and how steep each piece of them is.

    Streets meet where their ends do, unless they pass each other there on different levels
    (`layers.noding.floors.floors`).

    Parameters
    ----------
    node_xy
        Coordinates of the nodes, metres, shape (n, 2).
    node_floor
        0, and 1, 2, ... for further nodes above one another at one place, shape (n,).
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
    node_floor: Ints
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

    def of_nodes(self, of_ends: Ints) -> Ints:
        """Return for each node what its edges have in common, given by edge; -1 without edges."""
        found = np.full(self.node_count, -1)
        found[self.tail], found[self.head] = of_ends, of_ends
        return found


_networks: Memo[Network] = Memo(8)
_changes: WeakKeyDictionary[Network, Change] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Change:
    """What became of the nodes and edges of an earlier network.

    Parameters
    ----------
    before
        The earlier network, while somebody holds it.
    node_now, edge_now
        Number of each of its nodes and edges in the later one, -1 for those that are gone.
    came
        Edges of the later one that are new.
    runs
        How the later ones are put together of those before and those that are new.
    """

    before: ref[Network]
    node_now: Ints
    edge_now: Ints
    came: Ints
    runs: Runs

    def connected(
        self, piece: Ints, ends: tuple[Ints, Ints], nodes: int, cut: tuple[Flags, Flags] | None
    ) -> Ints | None:
        """Return the connected piece of each node now; None where something may have come apart.

        Parameters
        ----------
        piece
            Connected piece of each node before.
        ends, nodes
            Nodes of each edge now, and how many there are.
        cut
            Edges before, and of those that came, that connect nothing; None where all do.
        """
        before = self.before()
        if before is None or (self.node_now < 0).any():
            return None
        gone, came = np.flatnonzero(self.edge_now < 0), self.came
        if cut is not None:
            gone, came = gone[~cut[0][gone]], came[~cut[1]]
        old = self.node_now[before.tail[gone]], self.node_now[before.head[gone]]
        new = ends[0][came], ends[1][came]
        return connected_after(piece, self.node_now, nodes, old, new)


def build_network(streets: Table, terrain: Terrain | None = None) -> Network:
    """Return the network of a streets table; the status of the streets plays no part.

    The same arrays give the same object back. Where few streets differ from those of a network
    that was built before, only these are looked at; what comes of it is the same.
    """
    inputs = (streets.ids, streets.geometry, streets["kind"], streets["level"], terrain)
    return _networks.get(
        inputs, lambda: _patch_latest(streets, terrain) or _build(streets, terrain)
    )


def change_of(network: Network) -> Change | None:
    """Return from which earlier network, still held by somebody, this one was patched."""
    change = _changes.get(network)
    return change if change is not None and change.before() is not None else None


def _build(streets: Table, terrain: Terrain | None) -> Network:
    found = Lines.of(streets.geometry)
    kind = streets["kind"][found.row]
    nodes, tail, head = _nodes(found, levels_of(kind, streets["level"][found.row]))
    pieces = _pieces(found.line, found.length, np.isin(kind, _LEVEL_KINDS), terrain)
    edges = Edges(nodes, found.row, found.line, found.length, tail, head, pieces)
    piece = connected(len(nodes[0]), (tail, head))
    return _network(streets, edges, kind, piece, np.isin(kind, rules().attracting_kinds))


def _network(
    streets: Table, edges: Edges, kind: NDArray[Any], piece: Ints, attracting: Flags
) -> Network:
    """Return the network of edges whose connected pieces are known.

    The longest piece is "the rest" that small pieces are cut off from, however short it is.

    Parameters
    ----------
    kind, attracting
        Of each edge: its kind, and whether streets of that attract access points.
    piece
        Connected piece of each node.
    """
    component = piece[edges.tail]
    total = np.bincount(component, edges.length).astype(np.float64)
    small = total < rules().smallest_network_m
    if len(total):
        small[np.argmax(total)] = False
    island = small[component]
    row, line, length = edges.row, edges.line, edges.length
    arrays = (*edges.nodes, row, streets.ids[row], line, length, edges.tail, edges.head, kind)
    made = (component, total, island, attracting & ~island, *edges.pieces)
    for array in (*arrays, *made):
        array.flags.writeable = False
    return Network(*arrays, *made)


def _nodes(found: Lines, level: Floats) -> tuple[tuple[Floats, Ints], Ints, Ints]:
    """Return coordinates and floors of nodes, and the node at the start and end of each line.

    Nodes ascend by easting, then northing, then floor; a node stands where the first line that
    begins there does, else the first that ends there.
    """
    count = len(found.line)
    xy = found.ends.swapaxes(0, 1).reshape(-1, 2)
    keys, floor = end_keys(found, level)
    _, at, node = number_keys(keys)
    return (xy[at], floor[at]), node[:count].copy(), node[count:].copy()


def _patch_latest(streets: Table, terrain: Terrain | None) -> Network | None:
    """Return the network by a patch of the one built before that is most like it, if any is."""
    every: list[tuple[int, int, Rows]] = []
    known = _networks.known_results()
    for number, ((ids, shapes, kind, level, ground), _) in enumerate(known):
        if ground is terrain:
            rows = rows_that_differ((ids, shapes, kind, level), streets)
            if rows is not None:
                every.append((len(rows), number, rows))
    if not every:
        return None
    _, number, rows = min(every)
    inputs, before = known[number]
    _networks.known(inputs)  # whoever tries one path after another goes on from the same streets
    fresh = Lines.of(streets.geometry[rows.new])
    if passes_near(before, inputs[3], streets, rows, fresh):
        return None
    return _patch(before, streets, terrain, rows, fresh)


def _patch(
    before: Network, streets: Table, terrain: Terrain | None, rows: Rows, fresh: Lines
) -> Network:
    """Return the network of streets that differ from another's in a few rows."""
    new_kind = streets["kind"][rows.new[fresh.row]]
    pieces = _pieces(fresh.line, fresh.length, np.isin(new_kind, _LEVEL_KINDS), terrain)
    edges, moves, node_now = patch_edges(before, rows, fresh, pieces)
    change = Change(ref(before), node_now, moves.now, moves.came, moves.runs)
    ends = edges.tail, edges.head
    piece = change.connected(before.of_nodes(before.component), ends, len(edges.nodes[0]), None)
    if piece is None:
        piece = connected(len(edges.nodes[0]), ends)
    attracting, off = before.attracts.copy(), np.flatnonzero(before.island)
    attracting[off] = np.isin(before.kind[off], rules().attracting_kinds)
    attracting = moves.merged(attracting, np.isin(new_kind, rules().attracting_kinds))
    made = _network(streets, edges, moves.merged(before.kind, new_kind), piece, attracting)
    _changes[made] = change
    return made


def _pieces(
    lines: NDArray[Any], length: Floats, level: Flags, terrain: Terrain | None
) -> tuple[Ints, Floats]:
    """Return the first piece of each edge (and the count of all) and the slope of every piece."""
    count = np.ceil(length / rules().sample_m - _ROUNDING).astype(np.int64)
    count = np.maximum(count, 1)
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


def grouped(group: Ints, count: int) -> Ints:
    """Return the places of elements by their group, in their order within one.

    A stable sort of whole numbers below `count`, by counting instead of comparing.
    """
    from twin.compiled.ready import compiled

    if compiled() is not None:
        from twin.compiled.kernels import by_group

        found: Ints = by_group(np.ascontiguousarray(group, np.int64), count)
        return found
    from scipy.sparse import coo_array

    place, ones = np.arange(len(group)), np.ones(len(group), np.int8)
    rows = coo_array((ones, (group, place)), shape=(count, len(group))).tocsr()
    return rows.indices.astype(np.int64)
