"""Compounds: what gates and walls enclose, and whose the gates for residents are.

A gate for residents lets through who lives behind it, on a walk from home; nobody else. The data
do not say who that is, so it is read from the network:

1. The network is cut at every gate, and at every street that passes through a wall, whether these
   are open or not. In each connected network the longest piece is *public*; every other piece is
   *grounds* that something encloses.
2. Who lives on grounds belongs to these; to the grounds that open gates join to them; and to all
   grounds on the ways out that pass the fewest gates (an estate that surrounds a courtyard).
3. A gate for residents may be passed by who belongs to the grounds on one side of it, if they
   belong to those on the other side too, or if anybody can get there: it is public, or open gates
   lead there from the public. Nobody leaves their own grounds into the closed ones of others.

Grounds do not depend on what is open, so closing a gate never gives anybody a right. A gate for
residents with public ground on both sides encloses nobody, and nobody passes it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.arrays import Flags, Ints
from twin.memo import Memo
from twin.model.catalogues import rules
from twin.model.tables import Table
from twin.streets.connected import connected
from twin.streets.network import Network, change_of
from twin.streets.statuses import statuses

GATE = "gate"
PUBLIC = -1
"""The part of who lives on no grounds."""


@dataclass(frozen=True, eq=False)
class Grounds:
    """The pieces that gates and walls cut a network into, whatever is open.

    Parameters
    ----------
    tail, head
        Piece at both ends of each edge, shape (m,).
    cut
        Edges that lead from one piece to another, or through a gate or wall within one.
    public
        Pieces that nothing encloses, shape (pieces,).
    depth
        How many cuts the ways out to the public pass at least, 0 for public pieces.
    """

    tail: Ints
    head: Ints
    cut: Flags
    public: Flags
    depth: Ints


@dataclass(frozen=True, eq=False)
class Rights:
    """Who may pass which gates for residents.

    Parameters
    ----------
    part
        The number of the people who live at each edge, those of equal rights having one number;
        `PUBLIC` where they have none. Shape (m,).
    gates
        For each number the edges for residents that these people may pass.
    nobodys
        Edges for residents with public ground on both sides: nothing tells whose they are.
    """

    part: Ints
    gates: tuple[Ints, ...]
    nobodys: Ints


_walls: Memo[NDArray[Any]] = Memo(8)
_grounds: Memo[Grounds] = Memo(8)
_rights: Memo[Rights] = Memo(16)


def walls_of(barriers: Table) -> NDArray[Any]:
    """Return the barriers that may enclose a compound; the same table gives the same object."""
    shape, kind = barriers.geometry, barriers["kind"]
    open_kinds = rules().not_enclosing
    return _walls.get(
        (shape, kind),
        lambda: shape[~np.isin(kind.astype(str), open_kinds)] if len(shape) else shape,
    )


def rights(network: Network, status: NDArray[Any], walls: NDArray[Any]) -> Rights:
    """Return who may pass which gates for residents.

    Parameters
    ----------
    status
        Of the streets table, by row.
    walls
        Lines through which a street is an opening.
    """

    def find() -> Rights:
        said = statuses(network, status)
        return _find(grounds(network, walls), said.open, np.flatnonzero(said.reserved))

    return _rights.get((network, status, walls), find)


def grounds(network: Network, walls: NDArray[Any]) -> Grounds:
    """Return the pieces that gates and walls cut a network into."""
    return _grounds.get(
        (network, walls), lambda: _patch(network, walls) or _enclose(network, walls)
    )


def _enclose(network: Network, walls: NDArray[Any]) -> Grounds:
    cut = _cuts(network.kind, network.line, walls)
    if not cut.any():
        return _all_public(network, cut)
    whole = ~cut
    ends = network.tail[whole], network.head[whole]
    return _grounds_of(network, cut, connected(network.node_count, ends))


def _cuts(kind: NDArray[Any], line: NDArray[Any], walls: NDArray[Any]) -> Flags:
    """Return which edges are gates or pass through a wall."""
    cut: Flags = kind == GATE
    if len(walls) and len(line):
        cut[shapely.STRtree(walls).query(line, predicate="crosses")[0]] = True
    return cut


def _patch(network: Network, walls: NDArray[Any]) -> Grounds | None:
    """Return the grounds by a patch of those of an earlier network, None where there are none."""
    change = change_of(network)
    before = change.before() if change is not None else None
    known = _grounds.known((before, walls)) if before is not None else None
    if change is None or before is None or known is None or not known.cut.any():
        return None
    came = _cuts(network.kind[change.came], network.line[change.came], walls)
    stays = change.edge_now >= 0
    cut = np.zeros(len(network), bool)
    cut[change.edge_now[stays]], cut[change.came] = known.cut[stays], came
    ends = network.tail, network.head
    piece = np.empty(before.node_count, np.int64)
    piece[before.tail], piece[before.head] = known.tail, known.head
    now = change.connected(piece, ends, network.node_count, (known.cut, came))
    return None if now is None else _grounds_of(network, cut, now)


def _grounds_of(network: Network, cut: Flags, piece: Ints) -> Grounds:
    """Return the grounds of a network whose nodes hang together in pieces without the cut edges."""
    tail, head = piece[network.tail], piece[network.head]
    count, whole = int(piece.max()) + 1, ~cut
    length = np.bincount(tail[whole], network.length_m[whole], count)
    in_network = np.zeros(count, np.int64)
    in_network[tail], in_network[head] = network.component, network.component
    by_length = np.lexsort((np.arange(count), -length, in_network))
    first = np.flatnonzero(np.diff(in_network[by_length], prepend=-1))
    public = np.zeros(count, bool)
    public[by_length[first]] = True
    return Grounds(tail, head, cut, public, _depths(tail[cut], head[cut], public))


def _all_public(network: Network, cut: Flags) -> Grounds:
    """Return the grounds of a network in which nothing encloses anything: its connected pieces."""
    count = len(network.component_m)
    return Grounds(
        network.component, network.component, cut, np.ones(count, bool), np.zeros(count, np.int64)
    )


def _depths(tail: Ints, head: Ints, public: Flags) -> Ints:
    """Return by how many links each piece is away from the nearest public one."""
    depth = np.where(public, 0, len(public))
    for _ in range(len(public)):
        before = depth.copy()
        np.minimum.at(depth, tail, before[head] + 1)
        np.minimum.at(depth, head, before[tail] + 1)
        if (depth == before).all():
            break
    return depth


def _find(found: Grounds, open_to_all: Flags, reserved: Ints) -> Rights:
    belongs = _belonging(found, open_to_all)
    entered = _joined(found, found.cut & open_to_all)
    anybody = np.isin(entered, entered[found.public])
    of_grounds: dict[int, set[frozenset[int]]] = defaultdict(set)
    for mine in set(belongs.values()):
        for piece in mine:
            of_grounds[piece].add(mine)
    passed: dict[frozenset[int], list[int]] = defaultdict(list)
    nobodys: list[int] = []
    for edge in reserved.tolist():
        sides = int(found.tail[edge]), int(found.head[edge])
        people = {
            mine
            for one, other in (sides, sides[::-1])
            for mine in of_grounds[one]
            if other in mine or anybody[other]
        }
        for mine in people:
            passed[mine].append(edge)
        if found.public[list(sides)].all():
            nobodys.append(edge)
    number = {mine: place for place, mine in enumerate(sorted(passed, key=sorted))}
    of_piece = np.full(len(found.public), PUBLIC)
    for piece, mine in belongs.items():
        of_piece[piece] = number.get(mine, PUBLIC)
    inner = np.where(found.depth[found.tail] >= found.depth[found.head], found.tail, found.head)
    gates = tuple(np.array(passed[mine], np.int64) for mine in number)
    return Rights(of_piece[inner], gates, np.array(nobodys, np.int64))


def _belonging(found: Grounds, open_to_all: Flags) -> dict[int, frozenset[int]]:
    """Return for each grounds those that its people belong to."""
    out = _ways_out(found)
    inner = found.cut & open_to_all & ~found.public[found.tail] & ~found.public[found.head]
    joined = _joined(found, inner)
    members: dict[int, set[int]] = defaultdict(set)
    enclosed = np.flatnonzero(~found.public).tolist()
    for piece in enclosed:
        members[int(joined[piece])] |= out[piece]
    whole = {label: frozenset(pieces) for label, pieces in members.items()}
    return {piece: whole[int(joined[piece])] for piece in enclosed}


def _ways_out(found: Grounds) -> dict[int, set[int]]:
    """Return each grounds with all those on its ways out that pass the fewest cuts."""
    links = np.flatnonzero(found.cut & (found.tail != found.head))
    ends = np.concatenate(
        [
            np.column_stack([found.tail[links], found.head[links]]),
            np.column_stack([found.head[links], found.tail[links]]),
        ]
    )
    outward = ends[found.depth[ends[:, 1]] == found.depth[ends[:, 0]] - 1]
    outward = outward[~found.public[outward[:, 1]]]
    beyond: dict[int, set[int]] = defaultdict(set)
    for piece, next_out in outward.tolist():
        beyond[piece].add(next_out)
    ways: dict[int, set[int]] = {}
    enclosed = np.flatnonzero(~found.public)
    for piece in enclosed[np.argsort(found.depth[enclosed], kind="stable")].tolist():
        ways[piece] = {piece}.union(*(ways[one] for one in beyond[piece]))
    return ways


def _joined(found: Grounds, links: Flags) -> Ints:
    """Return the label of each piece where pieces are joined by some edges."""
    return connected(len(found.public), (found.tail[links], found.head[links]))
