"""The edges of a network where a few streets differ from those of another.

Edges are in the order of their streets, nodes in that of their places, so that what stays keeps its
order and what is new has one place in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.arrays import Floats, Ints
from twin.model.lines import Lines, insert_keys, keys_of
from twin.model.tables import Table
from twin.streets.floors import keys_with_floor, levels_of, several_levels_at

if TYPE_CHECKING:
    from twin.streets.network import Network

_MOST_PATCHED, _ALWAYS_PATCHED = 0.01, 10
"""Part of the streets above which a network is built anew, and how many are patched in any."""

Columns = tuple[Ints, NDArray[Any], NDArray[Any], Floats]
"""Ids, geometry, kind and level of streets."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Streets that differ: rows before of those gone or changed, now of those new or changed."""

    gone: Ints
    new: Ints

    def __len__(self) -> int:
        return len(self.gone) + len(self.new)


@dataclass(frozen=True, eq=False)
class Edges:
    """The edges of a network; fields as of :class:`twin.streets.network.Network`."""

    nodes: tuple[Floats, Ints]
    row: Ints
    line: NDArray[Any]
    length: Floats
    tail: Ints
    head: Ints
    pieces: tuple[Ints, Floats]


@dataclass(frozen=True, eq=False)
class Runs:
    """How all rows are put together of stretches of those before and of those that are new.

    Parameters
    ----------
    stretches
        For each, in order: whether its rows are new ones, the first of them, and behind the last.
    """

    stretches: tuple[tuple[bool, int, int], ...]

    @classmethod
    def of(cls, kept: Ints, at: Ints) -> Runs:
        """Return the runs of the rows that are kept, with new ones put in before those at `at`."""
        far = int(kept.max(initial=-1)) + 2  # never right behind a row that is kept
        source = np.insert(kept, at, far + np.arange(len(at)))
        if not len(source):
            return cls(())
        ends = np.append(np.flatnonzero(np.diff(source) != 1), len(source) - 1)
        begins = np.append(0, ends[:-1] + 1)
        new = source[begins] >= far
        pairs = np.column_stack([source[begins], source[ends] + 1]) - far * new[:, None]
        made = zip(new.tolist(), *pairs.T.tolist(), strict=True)
        return cls(tuple(made))

    def merged(self, before: NDArray[Any], fresh: NDArray[Any]) -> NDArray[Any]:
        """Return values of all rows from those before and those of new ones."""
        parts = [(fresh if new else before)[begin:end] for new, begin, end in self.stretches]
        return np.concatenate([before[:0], fresh[:0], *parts])

    def of_parts(self, before: Ints, fresh: Ints) -> Runs:
        """Return the runs of the parts of rows.

        Parameters
        ----------
        before, fresh
            First part of each row and the count of all.
        """
        return Runs(
            tuple(
                (new, int((fresh if new else before)[begin]), int((fresh if new else before)[end]))
                for new, begin, end in self.stretches
            )
        )


@dataclass(frozen=True, eq=False)
class Moves:
    """Where edges that stay, and those that are new, stand among all.

    Parameters
    ----------
    runs
        How all edges are put together.
    now, came
        Number now of each edge before (-1 gone), and of each that is new.
    """

    runs: Runs
    now: Ints
    came: Ints

    def merged(self, before: NDArray[Any], fresh: NDArray[Any]) -> NDArray[Any]:
        """Return values of all edges from those before and those of new ones."""
        return self.runs.merged(before, fresh)


def rows_that_differ(before: Columns, streets: Table) -> Rows | None:
    """Return the streets that differ; None where there are many."""
    ids, shapes, kind, level = before
    both = min(len(ids), len(streets))
    most = max(_MOST_PATCHED * both, _ALWAYS_PATCHED)
    if abs(len(ids) - len(streets)) > most or not np.array_equal(ids[:both], streets.ids[:both]):
        return None
    same = np.ones(both, bool)
    for column, now in ((shapes, streets.geometry), (kind, streets["kind"])):
        if column is not now:
            same &= identities(column)[:both] == identities(now)[:both]
    if kind is not streets["kind"]:  # equal texts need not be one object
        other = np.flatnonzero(~same)
        same[other] = (kind[other] == streets["kind"][other]) & (
            identities(shapes)[other] == identities(streets.geometry)[other]
        )
    if level is not streets["level"]:
        now = streets["level"][:both]
        same &= (level[:both] == now) | (np.isnan(level[:both]) & np.isnan(now))
    changed = np.flatnonzero(~same)
    if len(changed) > most:
        return None
    gone = np.concatenate([changed, np.arange(both, len(ids))])
    return Rows(gone, np.concatenate([changed, np.arange(both, len(streets))]))


def identities(objects: NDArray[Any]) -> NDArray[np.intp]:
    """Return what tells objects apart, as ``is`` does: the pointers that the array is made of."""
    whole = np.ascontiguousarray(objects)
    return np.ndarray(whole.shape, np.intp, whole)


def passes_near(before: Network, level: Floats, streets: Table, rows: Rows, fresh: Lines) -> bool:
    """Tell whether streets of different levels end where any go or come; no patch knows of that.

    Parameters
    ----------
    level
        Of each street before.
    fresh
        Lines of the streets that are new or changed.
    """
    if np.isnan(level).all() and np.isnan(streets["level"]).all():
        return False
    of_edge = levels_of(before.kind, level[before.street_row])
    row = rows.new[fresh.row]
    coming = levels_of(streets["kind"][row], streets["level"][row])
    if np.isnan(of_edge).all() and np.isnan(coming).all():
        return False
    ends = before.node_xy[np.concatenate([before.tail, before.head])]
    leaves = np.tile(np.isin(before.street_row, rows.gone), 2)
    new_keys = fresh.keys.swapaxes(0, 1).reshape(-1, 2)
    known = ends, np.tile(of_edge, 2)
    return several_levels_at(ends[leaves], known, (new_keys, np.tile(coming, 2)))


def patch_edges(
    before: Network, rows: Rows, fresh: Lines, pieces: tuple[Ints, Floats]
) -> tuple[Edges, Moves, Ints]:
    """Return the edges where few streets differ, how edges moved, and the number of each old node.

    Parameters
    ----------
    fresh, pieces
        Lines of the streets that are new or changed, and what their edges are cut into.
    """
    moves = _moves(before, rows, fresh)
    row = moves.merged(before.street_row, rows.new[fresh.row])
    line = moves.merged(before.line, fresh.line)
    length = moves.merged(before.length_m, fresh.length)
    nodes, node_now, (tail, head) = _patch_nodes(before, moves, fresh, line)
    parts = _patch_pieces(before, moves, pieces)
    return Edges(nodes, row, line, length, tail, head, parts), moves, node_now


def _moves(before: Network, rows: Rows, fresh: Lines) -> Moves:
    first = np.searchsorted(before.street_row, rows.gone, "left")
    last = np.searchsorted(before.street_row, rows.gone, "right")
    stays = np.ones(len(before), bool)
    for begin, end in zip(first.tolist(), last.tolist(), strict=True):
        stays[begin:end] = False
    kept = np.flatnonzero(stays)
    row = rows.new[fresh.row]
    at = np.searchsorted(before.street_row[kept], row)
    came = at + np.arange(len(row))
    now = np.full(len(before), -1)
    now[kept] = np.delete(np.arange(len(kept) + len(row)), came)
    return Moves(Runs.of(kept, at), now, came)


def _patch_nodes(
    before: Network, moves: Moves, fresh: Lines, line: NDArray[Any]
) -> tuple[tuple[Floats, Ints], Ints, tuple[Ints, Ints]]:
    """Return coordinates and floors of nodes, the number of each old node (-1 gone), all ends.

    Where a line comes or goes, all are on one floor.
    """
    known = keys_with_floor(keys_of(before.node_xy), before.node_floor)
    node, others = insert_keys(known, keys_with_floor(fresh.keys.reshape(-1, 2), np.int64(0)))
    begins, ends = others.reshape(-1, 2).T
    tail = moves.merged(node[before.tail], begins)
    head = moves.merged(node[before.head], ends)
    gone = moves.now < 0
    lost = node[np.concatenate([before.tail[gone], before.head[gone]])]
    count = int(max(node.max(initial=-1), others.max(initial=-1))) + 1
    used = np.ones(count, bool)
    used[lost] = False
    used[tail], used[head] = True, True
    touched = np.zeros(count, bool)
    touched[lost], touched[others] = True, True
    xy, floor = np.empty((count, 2)), np.zeros(count, np.int64)
    xy[node], floor[node] = before.node_xy, before.node_floor
    for nodes, at in ((head, -1), (tail, 0)):  # where a line begins goes before where one ends
        edge = np.flatnonzero(touched[nodes])[::-1]  # the first is written last
        xy[nodes[edge]] = shapely.get_coordinates(shapely.get_point(line[edge], at))
    if used.all():
        return (xy, floor), node, (tail, head)
    number = np.where(used, np.cumsum(used) - 1, -1)
    return (xy[used], floor[used]), number[node], (number[tail], number[head])


def _patch_pieces(
    before: Network, moves: Moves, pieces: tuple[Ints, Floats]
) -> tuple[Ints, Floats]:
    """Return first pieces and slopes of all edges, from those before and those of new edges."""
    begin, slope = pieces
    count = moves.merged(before.pieces, np.diff(begin))
    start = np.concatenate([[0], np.cumsum(count)])
    if not before.slope.any() and not slope.any():
        return start, np.zeros(int(start[-1]))
    return start, moves.runs.of_parts(before.piece_start, begin).merged(before.slope, slope)
