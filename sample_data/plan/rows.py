"""Compounds built in rows: walk-up slabs, mid-rise slabs, towers, old lanes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Polygon

from sample_data.plan.campus import fill_danwei
from sample_data.plan.compound import Ground, Side, rectangle, spans

Span = tuple[float, float]


@dataclass(frozen=True)
class Style:
    """How a compound in rows is built."""

    storeys: tuple[int, ...]
    years: tuple[int, int]
    depth: tuple[float, float]
    unit: tuple[float, float]
    units: tuple[int, float, int]
    """Stair units of one building: at least, usually, at most."""
    gap_m: tuple[float, float]
    sun: tuple[float, float]
    """Distance between rows as a share of the height."""
    per_floor: tuple[int, ...]
    shape: str = "slab"
    lift: bool = False
    floor_m: float = 2.9
    walled: bool = True
    shops: float = 0.6
    mixed: float = 0.4
    spine_each_m: float = 120.0
    least_gap_m: float = 12.0
    doors_each: int = 1
    lane_m: float = 4.6
    """Distance of the lane from the side where the doors are."""


STYLES = {
    "walkup_80s": Style(
        (5, 6, 6), (1981, 1992), (10.2, 11.6), (13.0, 15.6), (2, 3.3, 5),
        (4.5, 7.0), (0.98, 1.18), (2, 2, 2, 3), shops=0.62, mixed=0.35, lane_m=3.1,
    ),
    "walkup_90s": Style(
        (6, 6, 7), (1992, 2003), (11.4, 13.2), (15.0, 18.2), (2, 2.7, 4),
        (6.0, 9.0), (1.08, 1.25), (2,), shape="stepped", shops=0.6, mixed=0.45,
    ),
    "midrise": Style(
        (9, 11, 11), (2001, 2010), (13.0, 14.6), (18.0, 21.0), (1, 2.1, 3),
        (12.0, 16.0), (0.95, 1.1), (2,), shape="stepped", lift=True, shops=0.5, mixed=0.0,
        spine_each_m=150.0,
    ),
    "tower": Style(
        (18, 24, 26, 28, 30, 32, 33), (2004, 2019), (20.0, 24.0), (27.0, 33.0), (1, 1.0, 1),
        (22.0, 34.0), (0.42, 0.5), (4, 4, 6), shape="cross", lift=True, shops=0.7, mixed=0.0,
        spine_each_m=170.0, least_gap_m=34.0, lane_m=6.0,
    ),
    "lilong": Style(
        (2, 2, 3), (1928, 1952), (8.2, 9.6), (4.2, 5.0), (4, 8.0, 11),
        (1.8, 2.6), (0.1, 0.1), (1,), shape="terrace", floor_m=3.1, shops=0.85, mixed=0.0,
        spine_each_m=62.0, least_gap_m=4.4, doors_each=2, lane_m=2.0, walled=False,
    ),
    "pingfang": Style(
        (1, 1, 1, 2), (1950, 1978), (6.5, 8.0), (8.0, 11.5), (1, 1.4, 2),
        (1.2, 3.0), (0.1, 0.1), (2,), shape="house", floor_m=3.0, shops=0.4, mixed=0.0,
        spine_each_m=58.0, least_gap_m=4.2, lane_m=1.9, walled=False,
    ),
}  # fmt: skip


@dataclass
class Row:
    """One row: where its buildings and its lane are."""

    y: float
    depth: float
    lane_y: float
    bays: list[list[tuple[float, int, float]]]
    """Per bay between spines: west end, units and unit width of each building."""
    west: float
    east: float
    spines: list[tuple[float, float]]
    """Where each lane that runs north crosses the south side of this row, and its lane."""


def fill_rows(ground: Ground, style: Style) -> None:
    """Build a compound in rows: fronts, spines, rows, lanes, gates, wall, green."""
    rng = ground.rng
    _reserve(ground, style)
    area = ground.inner.buffer(-3.6, join_style="mitre")
    if ground.parcel.kind == "danwei":
        area = area.difference(fill_danwei(ground))
    if area.is_empty:
        return
    area = max(shapely.get_parts(area), key=lambda p: p.area)
    rows = _rows(area, _plan_spines(ground, area, style), style, rng, ground.parcel.detail)
    for row in rows:
        _build_row(ground, row, style)
    _lanes(ground, rows, area, style)
    _gates(ground, rows, area, style)
    if style.walled:
        ground.wall()
        ground.booth()
    ground.fill_fronts(style.years, style.mixed)
    if style.shape not in ("terrace", "house"):
        ground.lawns(0.62 if not style.lift else 0.95)


def _reserve(ground: Ground, style: Style) -> None:
    """Choose the sides that get shops; a bent side is one side."""
    chance = {"arterial": style.shops + 0.15, "collector": style.shops, "local": 0.18}
    thin = ground.parcel.detail
    before: Side | None = None
    depth = 0.0
    for side in ground.sides():
        if before is None or side.turn(before) > 0.35 or side.faces != before.faces:
            deep = side.faces == "arterial" or ground.rng.random() < 0.35
            depth = float(ground.rng.uniform(10.5, 12.5)) if deep else 7.5
            if side.length < 35 or ground.rng.random() > chance.get(side.faces, 0.0) * thin:
                depth = 0.0
        before = side
        if depth:
            ground.reserve_front(side, depth)


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
    sides = [s.end - s.start for s in ground.sides()]
    upright = [d for d in sides if abs(d[0]) < 0.5 * abs(d[1])]
    slant = float(np.average([d[0] / d[1] for d in upright], weights=[abs(d[1]) for d in upright])) if upright else 0.0
    middle = (south + north) / 2
    across = spans(area, [middle])
    west, east = (across[0][0], across[-1][1]) if across else (west, east)
    if east - west < 2 * style.units[0] * style.unit[1] + 14:
        return Spines((), slant, middle)
    count = max(1, round((east - west) / style.spine_each_m))
    shares = [(k + 0.5 + ground.rng.uniform(-0.05, 0.05)) / count for k in range(count)]
    return Spines(tuple(west + (east - west) * share for share in shares), slant, middle)


def _rows(
    area: Polygon, plan: Spines, style: Style, rng: np.random.Generator, detail: float
) -> list[Row]:
    _, south, _, north = area.bounds
    depth = float(rng.uniform(*style.depth))
    unit = float(rng.uniform(*style.unit))
    height = style.floor_m * float(np.mean(style.storeys))
    pitch = depth + max(style.least_gap_m, height * float(rng.uniform(*style.sun)))
    count = max(1, int((north - south + pitch - depth) // pitch))
    slack = max(0.0, (north - south) - (count - 1) * pitch - depth - style.lane_m - 1)
    lowest = south + min(slack * 0.5, 6.0)
    pitch *= 1.25 - 0.25 * detail
    pitch += min(max(0.0, slack - 8) / max(count - 1, 1), 5.0)
    usual = style.units[1] * float(rng.uniform(0.85, 1.2)) * (1.6 - 0.6 * detail)
    y = _best_start(area, lowest, pitch, depth, style)
    rows = []
    for _ in range(count + 2):
        lane_y = y + depth + style.lane_m
        bays, ends = [], []
        free = spans(area, [y, y + depth / 2, y + depth, min(lane_y, north)])
        spines = plan.xs(y + depth / 2, free)
        half = 4.2 + abs(plan.slant) * depth / 2
        for a, b in free:
            cuts = [a - half, *[s for s in spines if a < s < b], b + half]
            for k, (c, d) in enumerate(zip(cuts[:-1], cuts[1:], strict=True)):
                bay = _bay(c + half, d - half, usual, unit, style, rng)
                if bay:
                    bays.append(bay)
                    ends += [bay[0][0], bay[-1][0] + bay[-1][1] * bay[-1][2]]
        if bays and lane_y < north + 2.0:
            ways = [(plan.xs(y - 1.2, free)[k], plan.xs(lane_y, free)[k]) for k in range(len(spines))]
            rows.append(Row(y, depth, lane_y, bays, min(ends), max(ends), ways))
        y += pitch
    return rows


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
    west: float, east: float, usual: float, unit: float, style: Style, rng: np.random.Generator
) -> list[tuple[float, int, float]]:
    """Fill one bay between spines with buildings of about the usual size, gable to gable."""
    gap, room = float(np.mean(style.gap_m)), east - west
    least, most = style.units[0], max(style.units[2], round(usual))
    count = max(1, round((room + gap) / (usual * unit + gap)))
    total = int((room - (count - 1) * gap) / unit)
    while count > 1 and total < count * max(least, usual * 0.6):
        count -= 1
        total = int((room - (count - 1) * gap) / unit)
    total = min(total, count * most)
    if total < (1 if style.shape in ("slab", "stepped") else least):
        return []
    sizes = [total // count + (1 if k < total % count else 0) for k in range(count)]
    if style.shape == "house":
        rng.shuffle(sizes)
    unit = min(unit * 1.07, (room - (count - 1) * gap) / total)
    spare = room - total * unit - (count - 1) * gap
    gap += min(spare / max(count - 1, 1), style.gap_m[1] * 0.6) if count > 1 else 0.0
    spare = room - total * unit - (count - 1) * gap
    at, bay = west + spare * 0.5, []
    for units in sizes:
        if style.shape != "house" or rng.random() > 0.07:
            bay.append((at, units, unit))
        at += units * unit + gap
    return bay


def _build_row(ground: Ground, row: Row, style: Style) -> None:
    rng = ground.rng
    for bay in row.bays:
        storeys = int(rng.choice(style.storeys))
        kept = []
        for x, units, unit in bay:
            if style.shape != "house" and rng.random() < 0.24 - 0.22 * ground.parcel.detail:
                continue
            if style.shape in ("cross", "house"):
                storeys = int(rng.choice(style.storeys))
            kept.append((x, units, unit))
            _build_one(ground, row, style, x, units, unit, storeys)
        bay[:] = kept


def _build_one(
    ground: Ground, row: Row, style: Style, x: float, units: int, unit: float, storeys: int
) -> None:
    rng = ground.rng
    shape, doors = footprint(style, x, row.y, units, unit, row.depth, rng, not ground.parcel.inside)
    per_floor = int(rng.choice(style.per_floor))
    dwellings = units * per_floor * storeys
    if style.shape == "terrace":
        dwellings = round(units * storeys * 0.75)
    elif style.shape == "house":
        dwellings = units * int(rng.integers(1, 4))
    number = ground.build(
        shape,
        use="residential",
        storeys=storeys,
        built_year=int(rng.integers(*style.years)),
        has_lift=style.lift,
        dwellings=dwellings,
        floor_m=style.floor_m,
        style=style.shape,
    )
    for door in doors:
        ground.enter(number, door)
        if ground.parcel.inside and style.lane_m > 4.0:
            step = np.array([door + [0.0, 0.6], [door[0], row.lane_y]])
            ground.lane(LineString(step), "footway", "path", 1.8)


def footprint(
    style: Style,
    x: float,
    y: float,
    units: int,
    unit: float,
    depth: float,
    rng: np.random.Generator,
    plain: bool = False,
) -> tuple[Polygon, np.ndarray]:
    """Outline of one building and the places of its doors, on the north side."""
    length = units * unit
    if style.shape == "cross":
        return _cross(x, y, unit, depth)
    if style.shape == "house":
        wide, deep = length * rng.uniform(0.86, 1.0), depth * rng.uniform(0.78, 1.0)
        base = y + depth - deep
        return rectangle(x, base, wide, deep), np.array([[x + wide / 2, y + depth]])
    if style.shape == "terrace":
        count = max(1, units // style.doors_each)
        xs = x + length * (np.arange(count) + 0.5) / count
        return rectangle(x, y, length, depth), np.stack([xs, np.full(count, y + depth)], 1)
    if plain:
        return rectangle(x, y, length, depth), np.empty((0, 2))
    step = float(rng.choice([0.0, 1.2])) if style.shape == "stepped" else 0.0
    low = y + step * (np.arange(units) % 2)
    south = [p for k in range(units) for p in ((x + k * unit, low[k]), (x + (k + 1) * unit, low[k]))]
    north: list[tuple[float, float]] = [(x + length, y + depth)]
    middles = x + unit * (np.arange(units) + 0.5)
    out = 0.9 if style.shape == "slab" else -0.9
    for m in middles[::-1]:
        north += [(m + 1.35, y + depth), (m + 1.35, y + depth + out), (m - 1.35, y + depth + out), (m - 1.35, y + depth)]
    north.append((x, y + depth))
    shape = shapely.simplify(Polygon(south + north), 0.01)
    return shape, np.stack([middles, np.full(units, y + depth + out)], 1)


def _cross(x: float, y: float, width: float, depth: float) -> tuple[Polygon, np.ndarray]:
    """A point tower with recesses between its wings; the lobby is on the north side."""
    a, b, c, d = width * 0.3, width * 0.7, depth * 0.24, depth * 0.8
    shape = Polygon(
        [
            (x, y + c), (x + a * 0.62, y + c), (x + a * 0.62, y), (x + width / 2 - 2, y),
            (x + width / 2 - 2, y + 2.5), (x + width / 2 + 2, y + 2.5), (x + width / 2 + 2, y),
            (x + width - a * 0.62, y), (x + width - a * 0.62, y + c), (x + width, y + c),
            (x + width, y + d), (x + b, y + d), (x + b, y + depth), (x + a, y + depth),
            (x + a, y + d), (x, y + d),
        ]
    )  # fmt: skip
    return shape, np.array([[x + width / 2, y + depth]])


def _lanes(ground: Ground, rows: list[Row], area: Polygon, style: Style) -> None:
    room = area.buffer(2.2, join_style="mitre")
    narrow = style.lane_m < 2.5
    for number, row in enumerate(rows):
        if not ground.parcel.inside and number % 3 != 1:
            continue
        crossed = _reached([s for _, s in row.spines], row)
        west = min([row.west + 2.0, *crossed])
        east = max([row.east - 2.0, *crossed])
        line = LineString([(west, row.lane_y), (east, row.lane_y)]).intersection(room)
        for part in shapely.get_parts(line):
            ground.lane(part, "street", "lane", 2.5 if narrow else 3.5)
    for before, row in zip(rows[:-1], rows[1:], strict=True):
        _passages(ground, before, row, style)
    for number in range(max((len(row.spines) for row in rows), default=0)):
        points = []
        for row in (r for r in rows if number < len(r.spines)):
            low, high = row.spines[number]
            points += [(low, row.y - 1.2), (high, row.lane_y)]
        for part in shapely.get_parts(LineString(points).intersection(room)):
            ground.lane(part, "street", "lane", 3.0 if narrow else 5.0)


def _reached(spines: list[float], row: Row) -> list[float]:
    """The spines that a row's lane meets: those it passes, or else the nearest."""
    passed = [s for s in spines if row.west - 12 < s < row.east + 12]
    return passed or sorted(spines, key=lambda s: min(abs(s - row.west), abs(s - row.east)))[:1]


def _passages(ground: Ground, before: Row, row: Row, style: Style) -> None:
    """Footpaths between the gables of a row, from one lane to the next."""
    for bay in row.bays:
        for (x, units, unit), (east, _, _) in zip(bay[:-1], bay[1:], strict=True):
            middle = (x + units * unit + east) / 2
            if before.west < middle < before.east and ground.parcel.inside and ground.rng.random() < 0.55:
                line = LineString([(middle, before.lane_y), (middle, row.lane_y)])
                ground.lane(line, "footway", "path", 1.8)


def _gates(ground: Ground, rows: list[Row], area: Polygon, style: Style) -> None:
    if not rows:
        return
    ways = []
    for spine, _ in rows[0].spines:
        low = np.array([spine, rows[0].y - 1.2])
        if area.buffer(2.0).contains(shapely.Point(low)):
            ways.append(ground.gate_from(low, np.array([0.0, -1.0])))
    for _, spine in rows[-1].spines:
        ways.append(ground.gate_from(np.array([spine, rows[-1].lane_y]), np.array([0.0, 1.0])))
    for row in rows:
        ways.append(ground.gate_from(np.array([row.west + 2, row.lane_y]), np.array([-1.0, 0.0])))
        ways.append(ground.gate_from(np.array([row.east - 2, row.lane_y]), np.array([1.0, 0.0])))
    found = [w for w in ways if w is not None]
    many = 9 if not style.walled else 2 + int(ground.outline.area > 2.6e4) + int(ground.rng.random() < 0.3)
    apart = 40.0 if not style.walled else 75.0
    chosen: list[LineString] = []
    order = np.argsort([w.length + ground.rng.uniform(0, 60) for w in found], kind="stable")
    for i in order:
        middle = found[i].interpolate(0.5, normalized=True)
        if len(chosen) < many and all(middle.distance(c) > apart for c in chosen):
            chosen.append(found[i])
    for k, way in enumerate(chosen):
        _open(ground, way, k, style)


def _open(ground: Ground, way: LineString, k: int, style: Style) -> None:
    if not style.walled:
        start, *_, street = way.coords
        ground.approaches.append(LineString([way.coords[1], street]))
        ground.lane(LineString([start, street]), "street", "lane", 3.0)
        return
    start = np.asarray(way.coords)[0]
    toward = "".join(
        c for c, hit in zip("东西北南", _toward(np.asarray(way.coords)), strict=True) if hit
    )
    chances = {"walkup": (0.5, 0.32, 0.18), "tower": (0.25, 0.65, 0.1)}
    odds = chances["tower" if style.lift else "walkup"]
    status = "open" if k == 0 else str(ground.rng.choice(["open", "residents", "closed"], p=odds))
    del start
    ground.open_gate(way, status, f"{ground.parcel.name}{toward}门", 7.0 if k == 0 else 4.0)


def _toward(coords: np.ndarray) -> tuple[bool, bool, bool, bool]:
    dx, dy = coords[2] - coords[1]
    return dx > 1, dx < -1, dy > 1, dy < -1
