"""An invented city of any size: streets, houses and services to measure speed with.

It has what makes real walking networks hard for a search: uneven blocks, closed superblocks with
few ways in, dead ends, points along a street where nothing branches, and a river with few bridges.
The same numbers always make the same city. It is no place to look at: ``sample_data`` is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely

from layers.schema import AGE_BANDS
from twin.arrays import Flags, Floats, Ints
from twin.model.catalogues import service_types
from twin.model.district import District
from twin.model.tables import Table

CRS = "EPSG:4547"
BLOCK_M = 62.0
"""Mean distance between two streets."""

CROSSINGS_PER_NODE = 0.42
"""Of a network's nodes so many are crossings of the lattice; the others are bends and dead ends."""

SERVICES_PER_TYPE, TYPES = 50, 12
_AGES = (0.04, 0.05, 0.09, 0.08, 0.52, 0.17, 0.05)


@dataclass(frozen=True)
class Streets:
    """Straight streets between points, each once: coordinates in metres and ends by number."""

    xy: Floats
    tail: Ints
    head: Ints


def make_city(nodes: int, buildings: int, seed: int = 1) -> District:
    """Return a district of about so many nodes of network and exactly so many buildings."""
    rng = np.random.default_rng(seed)
    streets = make_streets(nodes, rng)
    tables = _street_table(streets), _building_table(streets, buildings, rng)
    services = _service_table(streets, rng)
    low, high = streets.xy.min(axis=0) - 50, streets.xy.max(axis=0) + 50
    boundary = Table("boundary", [1], [shapely.box(*low, *high)], {})
    edges = [np.linspace(low[axis], high[axis], 5) for axis in (0, 1)]
    west, south = (values.ravel() for values in np.meshgrid(edges[0][:-1], edges[1][:-1]))
    east, north = west + np.diff(edges[0])[0], south + np.diff(edges[1])[0]
    parts = shapely.box(west, south, east, north)
    communities = Table("communities", np.arange(len(parts)) + 1, parts, {})
    made = {t.role: t for t in (boundary, communities, *tables, services)}
    surveyed = frozenset(service_types())
    return District(f"city of {nodes}", pyproj.CRS(CRS), **made, surveyed=surveyed)


def make_streets(nodes: int, rng: np.random.Generator) -> Streets:
    """Return the streets of a city."""
    side = max(8, round((nodes * CROSSINGS_PER_NODE) ** 0.5))
    across, along = (np.cumsum(rng.uniform(0.7, 1.3, side)) * BLOCK_M for _ in range(2))
    column, row = (part.ravel() for part in np.meshgrid(range(side), range(side), indexing="ij"))
    xy = np.column_stack([across[column], along[row]]) + rng.normal(0, 8, (side * side, 2))
    number = np.arange(side * side).reshape(side, side)
    east = np.stack([number[:-1].ravel(), number[1:].ravel()])
    north = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    east = east[:, _kept(east, column, row, 0.93, rng)]
    north = north[:, _kept(north, column, row, 0.9, rng)]
    east = east[:, ~_over_river(east, column, row, side)]
    return _with_bends(xy, np.concatenate([east, north], axis=1), rng)


def _kept(ends: Ints, column: Ints, row: Ints, share: float, rng: np.random.Generator) -> Flags:
    """Return which streets there are: most of them, but few of those that enter a superblock."""
    block = (column // 6) * 1000 + row // 6
    closed = (block * 2654435761) % 97 < 30  # about a third of the squares of six by six
    inside = (closed[ends] & (block[ends[0]] == block[ends[1]])).all(axis=0)
    entering = (closed[ends[0]] | closed[ends[1]]) & (block[ends[0]] != block[ends[1]])
    chance = np.where(inside, 0.8, np.where(entering, 0.35, share))
    kept: Flags = rng.random(ends.shape[1]) < chance
    return kept


def _over_river(ends: Ints, column: Ints, row: Ints, side: int) -> Flags:
    """Return which streets a winding river cuts; every 14th has a bridge."""
    bank = (side // 2 + side / 12 * np.sin(row / side * 5)).astype(np.int64)
    wet: Flags = (column[ends[0]] == bank[ends[0]]) & (row[ends[0]] % 14 != 3)
    return wet & (side > 30)


def _with_bends(xy: Floats, ends: Ints, rng: np.random.Generator) -> Streets:
    """Cut three streets in five in two by a bend, and let dead ends branch off crossings."""
    bent = rng.random(ends.shape[1]) < 0.6
    tail, head = ends[:, bent]
    part = rng.uniform(0.3, 0.7, (len(tail), 1))
    bend = xy[tail] + part * (xy[head] - xy[tail]) + rng.normal(0, 2.5, (len(tail), 2))
    root = np.flatnonzero(rng.random(len(xy)) < 0.3)
    angle, length = rng.uniform(0, 2 * np.pi, len(root)), rng.uniform(12, 30, len(root))
    spur = xy[root] + length[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    middle = len(xy) + np.arange(len(tail))
    tip = len(xy) + len(tail) + np.arange(len(root))
    return Streets(
        np.concatenate([xy, bend, spur]),
        np.concatenate([ends[0, ~bent], tail, middle, root]),
        np.concatenate([ends[1, ~bent], middle, head, tip]),
    )


def _street_table(streets: Streets) -> Table:
    lines = shapely.linestrings(np.stack([streets.xy[streets.tail], streets.xy[streets.head]], 1))
    return Table("streets", np.arange(len(lines)) + 1, lines, {})


def _building_table(streets: Streets, count: int, rng: np.random.Generator) -> Table:
    """Return slabs beside the streets, their length along the street."""
    street = rng.integers(0, len(streets.tail), count)
    tail, head = streets.xy[streets.tail[street]], streets.xy[streets.head[street]]
    ahead = (head - tail) / np.maximum(np.hypot(*(head - tail).T), 1e-9)[:, None]
    aside = np.column_stack([-ahead[:, 1], ahead[:, 0]]) * rng.choice([-1, 1], (count, 1))
    middle = tail + rng.uniform(0.1, 0.9, (count, 1)) * (head - tail)
    middle = middle + aside * rng.uniform(14, 26, (count, 1))
    along, across = 11.0 * ahead, 5.5 * aside
    corners = [middle + along * a + across * b for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    storeys = rng.integers(3, 19, count).astype(float)
    residents = np.rint(storeys * rng.uniform(6, 12, count))
    columns: Mapping[str, object] = {
        "use": np.full(count, "residential", dtype=object),
        "storeys": storeys,
        "residents": residents,
        "dwellings": np.rint(residents / 2.6),
        **{band: residents * part for band, part in zip(AGE_BANDS, _AGES, strict=True)},
    }
    return Table("buildings", np.arange(count) + 1, shapely.polygons(np.stack(corners, 1)), columns)


def _service_table(streets: Streets, rng: np.random.Generator) -> Table:
    types = sorted(service_types())[:TYPES]
    count = SERVICES_PER_TYPE * len(types)
    street = rng.integers(0, len(streets.tail), count)
    tail, head = streets.xy[streets.tail[street]], streets.xy[streets.head[street]]
    place = tail + rng.uniform(0.1, 0.9, (count, 1)) * (head - tail)
    columns = {
        "types": np.repeat(np.array(types, dtype=object), SERVICES_PER_TYPE),
        "status": np.full(count, "open", dtype=object),
        "floor_area_m2": rng.uniform(80, 800, count),
        "capacity": rng.uniform(40, 200, count),
    }
    return Table("services", np.arange(count) + 1, shapely.points(place), columns)
