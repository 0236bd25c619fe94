"""The base physical network: what exists to be walked on, whatever is open and whoever walks."""

from __future__ import annotations

from dataclasses import dataclass
from operator import is_
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, ref

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.catalogues import rules
from twin.floors import end_keys, keys_with_floor, levels_of, several_levels_at
from twin.lines import Floats as Floats
from twin.lines import Ints as Ints
from twin.lines import Lines, insert_keys, keys_of, number_keys
from twin.memo import Memo
from twin.tables import Table

if TYPE_CHECKING:
    from layers.elevation import Terrain

Flags = NDArray[np.bool_]

_MOST_PATCHED, _ALWAYS_PATCHED = 0.01, 10
"""Part of the streets above which a network is built anew, and how many are patched in any."""

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
    """

    before: ref[Network]
    node_now: Ints
    edge_now: Ints


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
    return _network(streets, nodes, found.line, found.row, found.length, tail, head, pieces)


def _network(
    streets: Table,
    nodes: tuple[Floats, Ints],
    line: NDArray[Any],
    row: Ints,
    length: Floats,
    tail: Ints,
    head: Ints,
    pieces: tuple[Ints, Floats],
) -> Network:
    """Return the network of edges whose ends and pieces are known."""
    kind = streets["kind"][row]
    component, component_m, island = _components(len(nodes[0]), tail, head, length)
    attracts = np.isin(kind, rules().attracting_kinds) & ~island
    arrays = (*nodes, row, streets.ids[row], line, length, tail, head, kind)
    made = (component, component_m, island, attracts, *pieces)
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
    """Return the network by a patch of one built before, None where none is like it."""
    for (ids, shapes, kind, level, ground), before in _networks.known_results():
        if ground is not terrain:
            continue
        old = _rows_that_differ((ids, shapes, kind, level), streets)
        if old is None:
            continue
        gone, new = old
        fresh = Lines.of(streets.geometry[new])
        if not _passes_near(before, level, streets, gone, fresh, new):
            return _patch(before, streets, terrain, gone, new, fresh)
    return None


def _passes_near(
    before: Network, level: Floats, streets: Table, gone: Ints, fresh: Lines, new: Ints
) -> bool:
    """Tell whether streets of different levels end where any go or come; no patch knows of that.

    Parameters
    ----------
    level
        Of each street before.
    gone, new, fresh
        Rows before and now, and the lines of these.
    """
    of_edge = levels_of(before.kind, level[before.street_row])
    row = new[fresh.row]
    coming = levels_of(streets["kind"][row], streets["level"][row])
    if np.isnan(of_edge).all() and np.isnan(coming).all():
        return False
    ends = before.node_xy[np.concatenate([before.tail, before.head])]
    leaves = np.tile(np.isin(before.street_row, gone), 2)
    new_keys = fresh.keys.swapaxes(0, 1).reshape(-1, 2)
    known = ends, np.tile(of_edge, 2)
    return several_levels_at(ends[leaves], known, (new_keys, np.tile(coming, 2)))


def _rows_that_differ(
    before: tuple[Ints, NDArray[Any], NDArray[Any], Floats], streets: Table
) -> tuple[Ints, Ints] | None:
    """Return the rows gone or changed, and those new or changed; None where there are many."""
    ids, shapes, kind, level = before
    both = min(len(ids), len(streets))
    most = max(_MOST_PATCHED * both, _ALWAYS_PATCHED)
    if abs(len(ids) - len(streets)) > most or not np.array_equal(ids[:both], streets.ids[:both]):
        return None
    same = np.ones(both, bool)
    if shapes is not streets.geometry:
        now = streets.geometry[:both].tolist()
        same = np.fromiter(map(is_, shapes[:both].tolist(), now), bool, both)
    if kind is not streets["kind"]:
        same &= kind[:both] == streets["kind"][:both]
    if level is not streets["level"]:
        now = streets["level"][:both]
        same &= (level[:both] == now) | (np.isnan(level[:both]) & np.isnan(now))
    changed = np.flatnonzero(~same)
    if len(changed) > most:
        return None
    gone = np.concatenate([changed, np.arange(both, len(ids))])
    return gone, np.concatenate([changed, np.arange(both, len(streets))])


def _patch(
    before: Network, streets: Table, terrain: Terrain | None, gone: Ints, new: Ints, fresh: Lines
) -> Network:
    """Return the network of streets that differ from another's in a few rows."""
    stays = np.flatnonzero(~np.isin(before.street_row, gone))
    row = np.concatenate([before.street_row[stays], new[fresh.row]])
    order = np.argsort(row, kind="stable")
    line = np.concatenate([before.line[stays], fresh.line])[order]
    length = np.concatenate([before.length_m[stays], fresh.length])[order]
    nodes, node_now, ends = _patch_nodes(before, stays, fresh, order, line)
    pieces = _patch_pieces(before, stays, fresh, streets["kind"][new[fresh.row]], terrain, order)
    made = _network(streets, nodes, line, row[order], length, *ends, pieces)
    edge_now = np.full(len(before), -1)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    edge_now[stays] = place[: len(stays)]
    _changes[made] = Change(ref(before), node_now, edge_now)
    return made


def _patch_nodes(
    before: Network, stays: Ints, fresh: Lines, order: Ints, line: NDArray[Any]
) -> tuple[tuple[Floats, Ints], Ints, tuple[Ints, Ints]]:
    """Return coordinates and floors of nodes, the number of each old node (-1 gone), all ends.

    Where a line comes or goes, all are on one floor.
    """
    known = keys_with_floor(keys_of(before.node_xy), before.node_floor)
    node, others = insert_keys(known, keys_with_floor(fresh.keys.reshape(-1, 2), np.int64(0)))
    fresh_ends = others.reshape(-1, 2)
    tail = np.concatenate([node[before.tail[stays]], fresh_ends[:, 0]])[order]
    head = np.concatenate([node[before.head[stays]], fresh_ends[:, 1]])[order]
    used = np.zeros(int(max(node.max(initial=-1), others.max(initial=-1))) + 1, bool)
    used[tail], used[head] = True, True
    number = np.where(used, np.cumsum(used) - 1, -1)
    node_now, tail, head = number[node], number[tail], number[head]
    xy = np.empty((int(used.sum()), 2))
    xy[node_now[node_now >= 0]] = before.node_xy[node_now >= 0]
    floor = np.zeros(len(xy), np.int64)
    floor[node_now[node_now >= 0]] = before.node_floor[node_now >= 0]
    touched = np.ones(len(xy), bool)
    touched[node_now[node_now >= 0]] = False
    touched[number[fresh_ends]] = True
    gone = np.ones(len(before), bool)
    gone[stays] = False
    lost = node_now[np.concatenate([before.tail[gone], before.head[gone]])]
    touched[lost[lost >= 0]] = True
    for ends, at in ((head, -1), (tail, 0)):  # where a line begins goes before where one ends
        edge = np.flatnonzero(touched[ends])[::-1]  # the first is written last
        xy[ends[edge]] = shapely.get_coordinates(shapely.get_point(line[edge], at))
    return (xy, floor), node_now, (tail, head)


def _patch_pieces(
    before: Network,
    stays: Ints,
    fresh: Lines,
    kind: NDArray[Any],
    terrain: Terrain | None,
    order: Ints,
) -> tuple[Ints, Floats]:
    """Return what :func:`_pieces` returns, from what it returned for the edges that stay."""
    begin, slope = _pieces(fresh.line, fresh.length, np.isin(kind, _LEVEL_KINDS), terrain)
    first = np.concatenate([before.piece_start[stays], len(before.slope) + begin[:-1]])[order]
    count = np.concatenate([before.pieces[stays], np.diff(begin)])[order]
    start = np.concatenate([[0], np.cumsum(count)])
    return start, np.concatenate([before.slope, slope])[ranges(first, count)]


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


def ranges(start: Ints, count: Ints) -> Ints:
    """Return ``start[0], start[0] + 1, ...`` (`count[0]` of them), then the same of the next."""
    within: Ints = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return within + np.repeat(start, count)


def grouped(group: Ints, count: int) -> Ints:
    """Return the places of elements by their group, in their order within one.

    A stable sort of whole numbers below `count`, by counting instead of comparing.
    """
    from scipy.sparse import coo_array

    place, ones = np.arange(len(group)), np.ones(len(group), np.int8)
    rows = coo_array((ones, (group, place)), shape=(count, len(group))).tocsr()
    return rows.indices.astype(np.int64)
