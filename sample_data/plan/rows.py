"""Compounds built in rows: walk-up slabs, mid-rise slabs, towers, old lanes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from shapely import LineString, Polygon

from sample_data.plan.campus import fill_danwei
from sample_data.plan.compound import Ground, Side, spans
from sample_data.plan.lanes import Row, draw_lanes, open_gates
from sample_data.plan.style import Lot, Style, footprint

Span = tuple[float, float]
SPINE_HALF_M = 4.2
"""Free ground on either side of a lane that runs north."""
UPRIGHT = 0.5
"""A side counts for the slant where it moves less than this to the side for each metre north."""


def fill_rows(ground: Ground, style: Style) -> None:
    """Build a compound in rows: fronts, rows, lanes, gates, wall, green."""
    _reserve(ground, style)
    area = ground.inner.buffer(-3.6, join_style="mitre")
    if ground.parcel.kind == "danwei":
        area = area.difference(fill_danwei(ground))
    if area.is_empty:
        return
    area = max(shapely.get_parts(area), key=lambda p: p.area)
    rows = _rows(ground, area, style)
    for row in rows:
        _build_row(ground, row, style)
    draw_lanes(ground, rows, area, style)
    open_gates(ground, rows, area, style)
    if style.walled:
        ground.wall()
        ground.booth()
    ground.fill_fronts(style.years, style.mixed)
    if style.shape not in ("terrace", "house"):
        ground.lawns(0.95 if style.lift else 0.62)


def _reserve(ground: Ground, style: Style) -> None:
    """Choose the sides that get shops; a bent side is one side."""
    chance = {"arterial": style.shops + 0.15, "collector": style.shops, "local": 0.18}
    before: Side | None = None
    depth = 0.0
    for side in ground.sides():
        if before is None or side.turn(before) > 0.35 or side.faces != before.faces:
            deep = side.faces == "arterial" or ground.rng.random() < 0.35
            depth = float(ground.rng.uniform(10.5, 12.5)) if deep else 7.5
            wanted = chance.get(side.faces, 0.0) * ground.parcel.detail
            if side.length < 35 or ground.rng.random() > wanted:
                depth = 0.0
        before = side
        if depth:
            ground.reserve_front(side, depth)


# --- where rows and lanes lie ------------------------------------------------------------------


@dataclass(frozen=True)
class Spines:
    """The lanes that run north: parallel to the parcel's sides, so that they follow its slant."""

    at: tuple[float, ...]
    """Where they cross the middle; none: one lane along the west side."""
    slant: float
    middle_y: float

    def xs(self, y: float, free: list[Span]) -> list[float]:
        """Where they cross a given y."""
        if not self.at:
            return [free[0][0] + 1.2] if free else []
        return [x + self.slant * (y - self.middle_y) for x in self.at]


def _plan_spines(ground: Ground, area: Polygon, style: Style) -> Spines:
    west, south, east, north = area.bounds
    sides = np.array([s.end - s.start for s in ground.sides()]).reshape(-1, 2)
    upright = sides[np.abs(sides[:, 0]) < UPRIGHT * np.abs(sides[:, 1])]
    weights = np.abs(upright[:, 1])
    slant = float(np.average(upright[:, 0] / upright[:, 1], weights=weights)) if len(upright) else 0
    middle = (south + north) / 2
    across = spans(area, [middle])
    west, east = (across[0][0], across[-1][1]) if across else (west, east)
    if east - west < 2 * style.units[0] * style.unit[1] + 14:
        return Spines((), slant, middle)
    count = max(1, round((east - west) / style.spine_each_m))
    shares = [(k + 0.5 + ground.rng.uniform(-0.05, 0.05)) / count for k in range(count)]
    return Spines(tuple(west + (east - west) * share for share in shares), slant, middle)


def _rows(ground: Ground, area: Polygon, style: Style) -> list[Row]:
    rng, detail = ground.rng, ground.parcel.detail
    plan = _plan_spines(ground, area, style)
    _, south, _, north = area.bounds
    depth, unit = float(rng.uniform(*style.depth)), float(rng.uniform(*style.unit))
    height = style.floor_m * float(np.mean(style.storeys))
    pitch = depth + max(style.least_gap_m, height * float(rng.uniform(*style.sun)))
    count = max(1, int((north - south + pitch - depth) // pitch))
    slack = max(0.0, (north - south) - (count - 1) * pitch - depth - style.lane_m - 1)
    pitch *= 1.25 - 0.25 * detail
    pitch += min(max(0.0, slack - 8) / max(count - 1, 1), 5.0)
    usual = style.units[1] * float(rng.uniform(0.85, 1.2)) * (1.6 - 0.6 * detail)
    start = _best_start(area, south + min(slack * 0.5, 6.0), pitch, depth, style)
    rows = []
    for y in start + pitch * np.arange(count + 2):
        row = _row(area, plan, Lot(0.0, float(y), 1, unit, depth), usual, style, rng)
        if row is not None:
            rows.append(row)
    for number, row in enumerate(rows):
        row.has_lane = ground.parcel.inside or number % 3 == 1 or len(rows) == 1
    return rows


def _row(
    area: Polygon, plan: Spines, lot: Lot, usual: float, style: Style, rng: np.random.Generator
) -> Row | None:
    """Set one row out, from a building on `lot`; None where there is no room for it."""
    north = area.bounds[3]
    lane_y = lot.north + style.lane_m
    middle = lot.y + lot.depth / 2
    free = spans(area, [lot.y, middle, lot.north, min(lane_y, north)])
    spines = plan.xs(middle, free)
    half = SPINE_HALF_M + abs(plan.slant) * lot.depth / 2
    bays = []
    for a, b in free:
        cuts = [a - half, *[s for s in spines if a < s < b], b + half]
        found = [_bay(c + half, d - half, lot, usual, style, rng) for c, d in pairwise(cuts)]
        bays += [bay for bay in found if bay]
    if not bays or lane_y >= north + 2.0:
        return None
    ways = list(zip(plan.xs(lot.y - 1.2, free), plan.xs(lane_y, free), strict=True))
    west = min(bay[0].x for bay in bays)
    east = max(bay[-1].x + bay[-1].length for bay in bays)
    return Row(lot.y, lane_y, bays, west, east, ways)


def _best_start(area: Polygon, lowest: float, pitch: float, depth: float, style: Style) -> float:
    """Where the first row must lie so that the rows come out longest on slanted ground."""
    north = area.bounds[3]
    starts = lowest + np.arange(0.0, pitch * 0.8, 3.0)
    lengths = []
    for start in starts:
        bands = np.arange(start, north - depth * 0.8, pitch)
        found = [spans(area, [y, y + depth, min(y + depth + style.lane_m, north)]) for y in bands]
        lengths.append(sum(b - a for row in found for a, b in row if b - a > style.unit[0]))
    return float(starts[int(np.argmax(lengths))])


def _bay(
    west: float, east: float, lot: Lot, usual: float, style: Style, rng: np.random.Generator
) -> list[Lot]:
    """Fill one bay between spines with buildings of about the usual size, gable to gable."""
    gap, room = float(np.mean(style.gap_m)), east - west
    least, most = style.units[0], max(style.units[2], round(usual))
    count = max(1, round((room + gap) / (usual * lot.unit + gap)))
    while count > 1 and (room - (count - 1) * gap) // lot.unit < count * max(least, usual * 0.6):
        count -= 1
    total = min(int((room - (count - 1) * gap) / lot.unit), count * most)
    if total < (1 if style.shape in ("slab", "stepped") else least):
        return []
    sizes = np.array([total // count + (1 if k < total % count else 0) for k in range(count)])
    if style.shape == "house":
        rng.shuffle(sizes)
    unit = min(lot.unit * 1.07, (room - (count - 1) * gap) / total)
    spare = room - total * unit - (count - 1) * gap
    widen = min(spare / (count - 1), style.gap_m[1] * 0.6) if count > 1 else 0.0
    at = west + (spare - widen * (count - 1)) / 2
    bay = []
    for units in sizes.tolist():
        if style.shape != "house" or rng.random() > 0.07:
            bay.append(Lot(at, lot.y, units, unit, lot.depth))
        at += units * unit + gap + widen
    return bay


# --- buildings ---------------------------------------------------------------------------------


def _build_row(ground: Ground, row: Row, style: Style) -> None:
    """Build the row; leave a few lots free, which becomes a garden."""
    rng = ground.rng
    free = 0.24 - 0.22 * ground.parcel.detail
    for bay in row.bays:
        storeys = int(rng.choice(style.storeys))
        bay[:] = [lot for lot in bay if style.shape == "house" or rng.random() >= free]
        for lot in bay:
            if style.shape in ("cross", "house"):
                storeys = int(rng.choice(style.storeys))
            _build_one(ground, row, style, lot, storeys)


def _build_one(ground: Ground, row: Row, style: Style, lot: Lot, storeys: int) -> None:
    rng = ground.rng
    outline, doors = footprint(style, lot, rng, plain=not ground.parcel.inside)
    number = ground.build(
        outline,
        use="residential",
        storeys=storeys,
        built_year=int(rng.integers(*style.years)),
        has_lift=style.lift,
        dwellings=_dwellings(style, lot, storeys, rng),
        floor_m=style.floor_m,
    )
    for door in doors:
        ground.enter(number, door)
        if ground.parcel.inside and style.lane_m > 4.0:
            step = LineString([(door[0], door[1] + 0.6), (door[0], row.lane_y)])
            ground.lane(step, "footway", "path", 1.8)


def _dwellings(style: Style, lot: Lot, storeys: int, rng: np.random.Generator) -> int:
    if style.shape == "terrace":
        return round(lot.units * storeys * 0.75)
    if style.shape == "house":
        return lot.units * int(rng.integers(1, 4))
    return lot.units * int(rng.choice(style.per_floor)) * storeys
