"""The lanes of a compound in rows, and its gates."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from sample_data.plan.compound import Ground
from sample_data.plan.style import Lot, Style

GATE_STATUS = {False: (0.58, 0.28, 0.14), True: (0.3, 0.6, 0.1)}
"""Odds of open, residents, closed for further gates, by whether the buildings have lifts."""


@dataclass
class Row:
    """One row: where its buildings and its lane are."""

    y: float
    lane_y: float
    bays: list[list[Lot]]
    """Per bay between spines, from west to east, its buildings."""
    west: float
    east: float
    spines: list[tuple[float, float]]
    """Where each lane that runs north crosses the south side of this row, and its lane."""
    has_lane: bool = True


def draw_lanes(ground: Ground, rows: list[Row], area: Polygon, style: Style) -> None:
    """Draw a lane before each row, footpaths between gables, and the lanes that run north."""
    room = area.buffer(2.2, join_style="mitre")
    for row in (r for r in rows if r.has_lane):
        crossed = _reached([s for _, s in row.spines], row)
        west, east = min([row.west + 2.0, *crossed]), max([row.east - 2.0, *crossed])
        line = LineString([(west, row.lane_y), (east, row.lane_y)]).intersection(room)
        for part in shapely.get_parts(line):
            ground.lane(part, "street", "lane", 2.5 if style.narrow else 3.5)
    for before, row in pairwise(rows):
        _passages(ground, before, row)
    for number in range(max((len(row.spines) for row in rows), default=0)):
        points = []
        for row in rows:
            low, high = row.spines[number]
            points += [(low, row.y - 1.2), (high, row.lane_y)]
        for part in shapely.get_parts(LineString(points).intersection(room)):
            ground.lane(part, "street", "lane", 3.0 if style.narrow else 5.0)


def _reached(spines: list[float], row: Row) -> list[float]:
    """Return the spines that a row's lane meets: those it passes, or else the nearest."""
    passed = [s for s in spines if row.west - 12 < s < row.east + 12]
    return passed or sorted(spines, key=lambda s: min(abs(s - row.west), abs(s - row.east)))[:1]


def _passages(ground: Ground, before: Row, row: Row) -> None:
    """Draw footpaths between the gables of a row, from one lane to the next."""
    for bay in row.bays if ground.parcel.inside else []:
        for lot, following in pairwise(bay):
            middle = (lot.x + lot.length + following.x) / 2
            if before.west < middle < before.east and ground.rng.random() < 0.7:
                line = LineString([(middle, before.lane_y), (middle, row.lane_y)])
                ground.lane(line, "footway", "path", 1.8)


def open_gates(ground: Ground, rows: list[Row], free: Polygon, style: Style) -> None:
    """Open two to four gates in a wall, or all ways out where there is no wall."""
    if not rows:
        return
    found = [way for way in _ways_out(ground, rows, free) if way is not None]
    area = ground.outline.area
    many = 2 + int(area > 1.8e4) + int(area > 3.2e4) + int(ground.rng.random() < 0.3)
    many, apart = (many, 75.0) if style.walled else (9, 40.0)
    chosen: list[LineString] = []
    order = np.argsort([w.length + ground.rng.uniform(0, 60) for w in found], kind="stable")
    for i in order:
        middle = found[i].interpolate(0.5, normalized=True)
        if len(chosen) < many and all(middle.distance(c) > apart for c in chosen):
            chosen.append(found[i])
    for number, way in enumerate(chosen):
        if style.walled:
            _open_gate(ground, way, number == 0, style)
        else:
            ground.open_end(way)


def _ways_out(ground: Ground, rows: list[Row], area: Polygon) -> list[LineString | None]:
    """Find the ways straight out from the ends of all lanes."""
    ways = []
    for spine, _ in rows[0].spines:
        low = np.array([spine, rows[0].y - 1.2])
        if area.buffer(2.0).contains(Point(low)):
            ways.append(ground.gate_from(low, np.array([0.0, -1.0])))
    for _, spine in rows[-1].spines:
        ways.append(ground.gate_from(np.array([spine, rows[-1].lane_y]), np.array([0.0, 1.0])))
    for row in (r for r in rows if r.has_lane):
        ways.append(ground.gate_from(np.array([row.west + 2, row.lane_y]), np.array([-1.0, 0.0])))
        ways.append(ground.gate_from(np.array([row.east - 2, row.lane_y]), np.array([1.0, 0.0])))
    return ways


def _open_gate(ground: Ground, way: LineString, main: bool, style: Style) -> None:
    status = "open"
    if not main:
        odds = GATE_STATUS[style.lift]
        status = str(ground.rng.choice(["open", "residents", "closed"], p=odds))
    dx, dy = np.subtract(way.coords[2], way.coords[1])
    side = ("东" if dx > 1 else "西") if abs(dx) > abs(dy) else ("北" if dy > 0 else "南")
    ground.open_gate(way, status, f"{ground.parcel.name}{side}门", 7.0 if main else 4.0)
