"""Gates and walls at nodes of ways, made into short edges that can be opened and closed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.account import Account
from layers.osm.frames import NODE, feature_ids
from layers.osm.gate_hours import gate_hours
from layers.osm.reading import Points
from layers.osm.tags import hits, rules, says
from layers.problems import Severity

_METRES_PER_DEGREE = 111_195.0
"""Of latitude on a sphere of 6,371 km; a gate's length needs no better."""
_MOST_OF_SEGMENT = 0.4
"""So that two gates at the ends of one short segment keep apart."""


@dataclass(frozen=True, eq=False)
class Trail:
    """The nodes of walkable ways, one way after another.

    Parameters
    ----------
    refs, xy, way
        Node id, place in degrees (NaN where unknown) and row of the way, for each node.
    cut
        The node is an end of edges: several passages share it.
    gate
        Row in `Gates` of the gate that the segment from this node to the next one is; -1: none.
    """

    refs: NDArray[np.int64]
    xy: NDArray[np.float64]
    way: NDArray[np.int64]
    cut: NDArray[np.bool_]
    gate: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Gates:
    """The nodes that are gates or walls, by id: status and hours as of the schema."""

    ids: NDArray[np.int64]
    status: NDArray[np.object_]
    hours: NDArray[np.object_]

    def rows(self, refs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row of each node; -1 where it is no gate."""
        if not len(self.ids):
            return np.full(len(refs), -1, dtype=np.int64)
        row = np.minimum(np.searchsorted(self.ids, refs), len(self.ids) - 1)
        return np.asarray(np.where(self.ids[row] == refs, row, -1), dtype=np.int64)


def gates_of(nodes: Points, account: Account) -> Gates:
    """Return the gates and walls among nodes.

    Parameters
    ----------
    nodes
        Of the file.
    account
        Receives gates whose hours or conditions cannot be read.
    """
    rule = rules("walking")["gates"]
    gate = says(nodes.tags, "barrier", rule["gates"])
    either = np.flatnonzero(gate | says(nodes.tags, "barrier", rule["walls"]))
    rows = either[np.argsort(nodes.ids[either], kind="stable")]
    ids, tags = nodes.ids[rows], nodes.tags.iloc[rows]
    status = np.full(len(tags), "open", dtype=object)
    status[hits(tags, rule["residents"])] = "residents"
    status[hits(tags, rule["closed"]) | ~gate[rows]] = "closed"
    status[hits(tags, rule["open"])] = "open"
    stated = gate_hours(tags, status)
    account.add("osm_gate_hours_unread", Severity.WARNING, feature_ids(ids[stated.unread], NODE))
    return Gates(ids, stated.status, stated.hours)


def with_gates(trail: Trail, gates: Gates) -> Trail:
    """Return the trail with a short segment at each passage of a gate's node.

    Whoever passes the node passes the gate: where one way leads through, or two ways meet end to
    end, the gate is one segment; where more meet, each of them begins with one. A way that ends at
    a gate beyond which nothing is mapped needs none.

    Parameters
    ----------
    trail
        Without gates.
    gates
        Those of the file.
    """
    at = np.flatnonzero(gates.rows(trail.refs) >= 0)
    if not len(at):
        return trail
    place, towards = _arms(trail, at)
    if not len(place):
        return trail
    refs = trail.refs[place]
    _, group, arms = np.unique(refs, return_inverse=True, return_counts=True)
    first = np.zeros(len(place), dtype=np.bool_)
    first[np.unique(group, return_index=True)[1]] = True
    used = (arms[group] > 2) | ((arms[group] == 2) & first)
    return _inserted(trail, place[used], towards[used], gates)


def _arms(trail: Trail, at: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, for nodes, the segments that leave them: place in the trail, and +1 or -1."""
    place = np.concatenate([at, at])
    towards = np.repeat([1, -1], len(at))
    other = place + towards
    inside = (other >= 0) & (other < len(trail.way))
    place, towards, other = place[inside], towards[inside], other[inside]
    real = (trail.way[place] == trail.way[other]) & np.isfinite(
        trail.xy[place] + trail.xy[other]
    ).all(axis=1)
    return place[real], towards[real]


def _inserted(
    trail: Trail, place: NDArray[np.int64], towards: NDArray[np.int64], gates: Gates
) -> Trail:
    """Insert a node a little way off on each arm; the segment between is the gate."""
    here, there = trail.xy[place], trail.xy[place + towards]
    scale = np.column_stack([np.cos(np.radians(here[:, 1])), np.ones(len(here))])
    length = np.hypot(*((there - here) * scale * _METRES_PER_DEGREE).T)
    with np.errstate(divide="ignore"):
        share = np.minimum(rules("walking")["gates"]["length_m"] / length, _MOST_OF_SEGMENT)
    row = gates.rows(trail.refs[place])
    # Half way between two nodes lies a place for each of the gates at their sides.
    order = np.argsort(np.r_[np.arange(len(trail.refs)), place + 0.25 * towards], kind="stable")
    gate = trail.gate.copy()
    gate[place[towards > 0]] = row[towards > 0]
    return Trail(
        np.r_[trail.refs, -1 - np.arange(len(place))][order],
        np.vstack([trail.xy, here + share[:, None] * (there - here)])[order],
        np.r_[trail.way, trail.way[place]][order],
        np.r_[trail.cut, np.zeros(len(place), dtype=np.bool_)][order],
        np.r_[gate, np.where(towards > 0, -1, row)][order],
    )
