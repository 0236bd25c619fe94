"""Walkable ways as streets: chosen by rule, split where they share nodes, with their gates."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.noding.drawn import level_of_kind
from layers.osm.frames import made_frame
from layers.osm.gates import Gates, Trail, gates_of, with_gates
from layers.osm.reading import Extract, Points, Ways
from layers.osm.tags import hits, names, rules, says
from layers.problems import Severity

PIECES = 10_000
"""A street's id is its way's id times this, plus the number of the piece along the way."""


def streets_of(extract: Extract, account: Account) -> gpd.GeoDataFrame:
    """Return the walkable edges in the schema's columns.

    Ways meet where they share a node, on whatever level they lie; they are split there. Where two
    nodes lie at one place, the streets that end there state their level, which tells them apart.
    A way whose node is missing in the file (cut off by the extract) ends there.

    Parameters
    ----------
    extract
        As read.
    account
        Receives what was left out, and why.
    """
    ways = extract.ways
    judged = judge(ways.tags)
    _tell_excluded(ways, judged, account)
    chosen = np.flatnonzero(judged.kind != "")
    trail = _trail(ways, judged.kind != "")
    gates = gates_of(extract.nodes, account)
    lines, way, gate = _pieces(with_gates(trail, gates))
    lost = np.setdiff1d(chosen, way)
    account.add("osm_ways_without_nodes", Severity.WARNING, ways.ids[lost])
    gaps = np.unique(ways.way[np.isnan(ways.xy[:, 0]) & (judged.kind != "")[ways.way]])
    account.add("osm_ways_partly", Severity.WARNING, ways.ids[np.setdiff1d(gaps, lost)])
    at_double = _ends_at(lines, _double_places(trail))
    return _frame(extract, judged, gates, lines, way, gate, at_double)


@dataclass(frozen=True, eq=False)
class Judged:
    """What the rule says of each way: its kind ("" where nobody walks), and why it is left out."""

    kind: NDArray[np.object_]
    road_class: NDArray[np.object_]
    reason: NDArray[np.object_]


def judge(tags: pd.DataFrame) -> Judged:
    """Apply the rule in ``walking.toml`` to ways; those that are no highways get no reason."""
    rule = rules("walking")
    highway = tags["highway"]
    classes: dict[str, dict[str, str]] = rule["classes"]
    kind = highway.map({name: c["kind"] for name, c in classes.items()}).fillna("").to_numpy(object)
    road_class = highway.map({name: c["road_class"] for name, c in classes.items()}).fillna("")
    reason = np.where((highway != "") & (kind == ""), "other_class", "").astype(object)
    built = highway != ""
    undecided = built.to_numpy()
    for exclusion in rule["excluded"]:
        hit = undecided & hits(tags, exclusion["any"]) & ~hits(tags, exclusion.get("unless", ()))
        reason[hit] = exclusion["reason"]
        undecided = undecided & ~hit
    walked = undecided & (kind != "")
    special = np.full(len(tags), "", dtype=object)
    for entry in rule["kinds"]:
        special[(special == "") & hits(tags, entry["any"])] = entry["kind"]
    kind = np.where(walked, np.where(special == "", kind, special), "")
    return Judged(kind.astype(object), road_class.to_numpy(object), reason)


def _tell_excluded(ways: Ways, judged: Judged, account: Account) -> None:
    for reason in sorted(set(judged.reason) - {""}):
        ids = ways.ids[judged.reason == reason]
        severity = Severity.WARNING if reason == "private" else Severity.INFO
        account.add(f"osm_ways_{reason}", severity, ids)
    walked = judged.kind != ""
    one_way = walked & says(ways.tags, "oneway:foot", ["yes", "-1"])
    account.add("osm_ways_one_way", Severity.INFO, ways.ids[one_way])


def _trail(ways: Ways, chosen: NDArray[np.bool_]) -> Trail:
    """Return the nodes of the chosen ways, with those marked that more than one passage uses."""
    mask = chosen[ways.way]
    refs = ways.refs[mask]
    _, place, count = np.unique(refs, return_inverse=True, return_counts=True)
    shared = count[place] > 1
    return Trail(refs, ways.xy[mask], ways.way[mask], shared, np.full(len(refs), -1, np.int64))


def _pieces(
    trail: Trail,
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.int64]]:
    """Cut the trail into lines: at shared nodes, at gates, and where a node is missing.

    Returns
    -------
    Lines, the row of each one's way, and its row in `Gates` (-1 where it is none).
    """
    xy, way, gate = trail.xy, trail.way, trail.gate
    if len(xy) < 2:
        return np.zeros(0, object), np.zeros(0, np.int64), np.zeros(0, np.int64)
    known = np.isfinite(xy[:, 0])
    moves = np.any(np.diff(xy, axis=0) != 0, axis=1)
    first = np.flatnonzero((way[1:] == way[:-1]) & known[1:] & known[:-1] & moves)
    follows = np.r_[False, first[1:] == first[:-1] + 1]
    plain = np.asarray(gate[first] < 0, dtype=np.bool_)
    through = ~trail.cut[first] & plain & np.r_[False, plain[:-1]]
    begins = ~(follows & through)
    piece = np.cumsum(begins) - 1
    ends = np.r_[begins[1:], True] if len(first) else begins
    # Every segment gives its first node; the last one of a piece its second node, too.
    copies = np.repeat(np.arange(len(first)), 1 + ends)
    second = np.r_[False, copies[1:] == copies[:-1]] if len(copies) else np.zeros(0, np.bool_)
    lines = shapely.linestrings(xy[first[copies] + second], indices=piece[copies])
    return np.asarray(lines, dtype=object), way[first[begins]], gate[first[begins]]


def _frame(
    extract: Extract,
    judged: Judged,
    gates: Gates,
    lines: NDArray[np.object_],
    way: NDArray[np.int64],
    gate: NDArray[np.int64],
    at_double: NDArray[np.bool_],
) -> gpd.GeoDataFrame:
    ways, tags = extract.ways, extract.ways.tags
    number = _number_in_way(way)
    kind = np.where(gate < 0, judged.kind[way], "gate")
    signalled = _signalled(ways, extract.nodes)[way] & np.asarray(kind == "crossing")
    # One delay for each crossing, though a carriageway or an island cuts it into pieces.
    signalled &= ~pd.Series(np.where(signalled, way, -1 - np.arange(len(way)))).duplicated()
    return made_frame(
        "streets",
        lines,
        id=ways.ids[way] * PIECES + number,
        name=names(tags)[way],
        kind=kind,
        road_class=judged.road_class[way],
        width_m=tags["width"].to_numpy(object)[way],
        status=np.append(gates.status, "open")[gate],
        hours=np.append(gates.hours, "")[gate],
        signalled=np.asarray(signalled, dtype=np.bool_),
        ramp=hits(tags, rules("walking")["ramp"]["any"])[way],
        kerb=np.where(kind == "crossing", _kerbs(ways, extract.nodes)[way], ""),
        level=np.where(at_double, _levels(tags["layer"], judged.kind)[way], np.nan),
    )


def _double_places(trail: Trail) -> NDArray[np.complex128]:
    """Return the places, in degrees, at which several nodes of the trail lie."""
    _, first = np.unique(trail.refs, return_index=True)
    xy = trail.xy[first]
    place, count = np.unique(xy[np.isfinite(xy[:, 0])] @ [1, 1j], return_counts=True)
    return np.asarray(place[count > 1])


def _ends_at(lines: NDArray[np.object_], places: NDArray[np.complex128]) -> NDArray[np.bool_]:
    """Tell which lines begin or end at one of the places."""
    if not len(places):
        return np.zeros(len(lines), dtype=np.bool_)
    ends = (shapely.get_point(lines, at) for at in (0, -1))
    begins, stops = (np.isin(shapely.get_coordinates(end) @ [1, 1j], places) for end in ends)
    return np.asarray(begins | stops)


def _levels(layer: pd.Series[str], kind: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the level of each way: as ``layer`` says, else as its kind is built."""
    said = pd.to_numeric(layer, errors="coerce").to_numpy(dtype=np.float64)
    return np.where(np.isnan(said), level_of_kind(kind), said)


def _number_in_way(way: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count the pieces of each way from 1; pieces of one way stand together."""
    begins = np.flatnonzero(np.r_[True, way[1:] != way[:-1]]) if len(way) else way
    lengths = np.diff(np.r_[begins, len(way)])
    return np.arange(len(way), dtype=np.int64) - np.repeat(begins, lengths) + 1


def _signalled(ways: Ways, nodes: Points) -> NDArray[np.bool_]:
    """Tell which ways say that they have signals, or pass a node that does."""
    rule = rules("walking")["signalled"]["any"]
    found = hits(ways.tags, rule)
    crossing = nodes.ids[hits(nodes.tags, rule) & (nodes.tags["highway"] == "crossing")]
    found[ways.way[np.isin(ways.refs, crossing)]] = True
    return found


def _kerbs(ways: Ways, nodes: Points) -> NDArray[np.object_]:
    """Return the highest kerb that each way states, or a node that it passes; "" for none."""
    found = np.full(len(ways.ids), "", dtype=object)
    for entry in rules("walking")["kerbs"]:
        found[hits(ways.tags, entry["any"])] = entry["kerb"]
        stated = nodes.ids[hits(nodes.tags, entry["any"])]
        found[ways.way[np.isin(ways.refs, stated)]] = entry["kerb"]
    return found
