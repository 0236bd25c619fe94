"""Grounds that are not rows of flats: schools, hospital, market, offices, works."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.affinity import translate

from sample_data.plan.compound import Ground, Side, rectangle

OPEN_GROUNDS = ("market", "office", "mall", "small")
"""Grounds without a wall."""

PREFERENCE = {"collector": 0, "arterial": 1, "local": 2, "canal": 3, "neighbour": 9}


@dataclass(frozen=True)
class Block:
    """One building to place: its shape at the origin, where in the ground, and what it is."""

    shape: Polygon
    at: tuple[float, float]
    """Position within the free ground, 0-1 from west and from south."""
    use: str
    storeys: int
    name: str = ""
    lift: bool = False
    floor_m: float = 3.6


def bar(width: float, depth: float) -> Polygon:
    """Return a plain block."""
    return rectangle(0, 0, width, depth)


def comb(width: float, depth: float, arms: int, thick: float) -> Polygon:
    """Return parallel blocks that face south, joined by a corridor on the west side."""
    gap = (depth - arms * thick) / max(arms - 1, 1)
    bars = [rectangle(0, k * (thick + gap), width, thick) for k in range(arms)]
    return shapely.union_all([*bars, rectangle(4, 0, 7, depth)])


def ell(width: float, depth: float, thick: float) -> Polygon:
    """Return an L-shaped block open to the south-west."""
    return shapely.union_all(
        [rectangle(0, depth - thick, width, thick), rectangle(width - thick, 0, thick, depth)]
    )


PROGRAMS: dict[str, tuple[Block, ...]] = {
    "primary_school": (
        Block(comb(46, 46, 2, 10), (0.0, 0.95), "education", 4, "教学楼"),
        Block(bar(30, 16), (0.05, 0.08), "education", 3, "综合楼"),
    ),
    "middle_school": (
        Block(comb(56, 62, 3, 10), (0.02, 0.97), "education", 5, "教学楼"),
        Block(bar(38, 24), (0.05, 0.05), "education", 2, "体育馆", floor_m=6.0),
        Block(bar(44, 13), (0.98, 0.99), "education", 5, "宿舍楼"),
    ),
    "kindergarten": (Block(ell(34, 26, 10), (0.5, 0.9), "education", 3, "教学楼"),),
    "hospital": (
        Block(bar(58, 26), (0.5, 0.02), "health", 5, "门诊楼", lift=True, floor_m=4.0),
        Block(bar(54, 18), (0.15, 0.6), "health", 16, "住院楼", lift=True, floor_m=3.8),
        Block(ell(40, 34, 13), (0.95, 0.65), "health", 6, "医技楼", lift=True, floor_m=4.0),
        Block(bar(40, 12), (0.1, 0.99), "health", 4, "行政楼"),
        Block(bar(24, 14), (0.95, 0.99), "health", 2, "后勤楼"),
    ),
    "health_centre": (
        Block(ell(38, 30, 13), (0.5, 0.8), "health", 4, "门诊楼", lift=True),
        Block(bar(20, 10), (0.1, 0.1), "health", 2),
    ),
    "market": (
        Block(bar(58, 34), (0.5, 0.6), "commercial", 1, "大厅", floor_m=8.5),
        Block(bar(40, 9), (0.5, 0.0), "commercial", 2),
    ),
    "office": (
        Block(bar(44, 24), (0.5, 0.9), "office", 14, "主楼", lift=True),
        Block(bar(56, 16), (0.5, 0.1), "office", 3, "裙楼", lift=True, floor_m=4.2),
    ),
    "mall": (
        Block(bar(74, 52), (0.3, 0.5), "commercial", 5, "商场", lift=True, floor_m=5.0),
        Block(bar(26, 26), (0.98, 0.9), "office", 21, "写字楼", lift=True),
    ),
    "warehouse": (
        Block(bar(72, 20), (0.1, 0.02), "industrial", 1, "一号粮仓", floor_m=8.0),
        Block(bar(72, 20), (0.1, 0.4), "industrial", 1, "二号粮仓", floor_m=8.0),
        Block(bar(72, 20), (0.1, 0.8), "industrial", 1, "三号粮仓", floor_m=8.0),
        Block(bar(26, 12), (0.98, 0.1), "office", 3, "粮站办公楼"),
    ),
    "factory": (
        Block(bar(118, 52), (0.04, 0.99), "industrial", 1, "细纱车间", floor_m=9.0),
        Block(bar(112, 46), (0.04, 0.72), "industrial", 1, "织布车间", floor_m=9.0),
        Block(bar(84, 30), (0.04, 0.48), "industrial", 2, "整理车间", floor_m=6.0),
        Block(bar(80, 24), (0.05, 0.28), "industrial", 2, "成品库", floor_m=5.0),
        Block(bar(64, 22), (0.98, 0.99), "industrial", 3, "原料库", floor_m=5.0),
        Block(bar(58, 20), (0.98, 0.86), "industrial", 1, "二号原料库", floor_m=7.0),
        Block(bar(56, 20), (0.98, 0.70), "industrial", 1, "机修车间", floor_m=8.0),
        Block(bar(24, 18), (0.97, 0.54), "industrial", 3, "锅炉房", floor_m=5.0),
        Block(Point(3, 3).buffer(2.6, quad_segs=3), (0.84, 0.53), "other", 12, "烟囱", floor_m=4.0),
        Block(bar(30, 14), (0.62, 0.56), "industrial", 1, "配电房", floor_m=6.0),
        Block(bar(62, 15), (0.97, 0.34), "office", 4, "厂部办公楼"),
        Block(bar(46, 24), (0.97, 0.10), "public", 2, "工人俱乐部", floor_m=5.5),
        Block(bar(36, 16), (0.55, 0.06), "public", 2, "职工食堂", floor_m=4.5),
        Block(bar(70, 12), (0.04, 0.02), "office", 3, "单身宿舍", floor_m=3.2),
        Block(bar(22, 40), (0.55, 0.34), "industrial", 1, "汽车库", floor_m=5.5),
        Block(bar(9, 9), (0.66, 0.80), "other", 5, "水塔", floor_m=4.4),
    ),
    "small": (),
    "danwei": (
        Block(bar(52, 15), (0.5, 0.0), "office", 6, "办公楼"),
        Block(bar(30, 20), (0.02, 0.02), "public", 1, "大礼堂", floor_m=9.0),
        Block(bar(24, 14), (0.98, 0.02), "public", 2, "职工食堂", floor_m=4.0),
    ),
}
"""What stands on each kind of ground; sizes in metres, measured on typical ones."""

PAVED = ("market", "mall", "warehouse", "factory")
"""Grounds without lawns."""

FIELDS = {"primary_school": (44.0, 84.0), "middle_school": (62.0, 118.0)}
"""Sports fields: breadth and length of the running track."""

SMALL = (
    ("派出所", "public", 4), ("街道办事处", "public", 5), ("招待所", "commercial", 6),
    ("电信营业厅", "commercial", 5), ("供电所", "public", 3), ("储蓄所", "commercial", 4),
    ("工商所", "office", 4), ("房管所", "office", 5), ("环卫所", "public", 3),
    ("书店", "commercial", 3), ("茶楼", "commercial", 2),
)  # fmt: skip
"""What stands on grounds too small for more."""

YEARS = {
    "small": (1980, 2006),
    "primary_school": (1986, 2006), "middle_school": (1984, 2004), "kindergarten": (1990, 2012),
    "hospital": (1988, 2012), "health_centre": (1996, 2010), "market": (1993, 2004),
    "office": (1998, 2014), "mall": (2002, 2012), "warehouse": (1958, 1974),
    "factory": (1954, 1978), "danwei": (1964, 1988),
}  # fmt: skip


def fill_campus(ground: Ground) -> None:
    """Build a ground that is one institution: its blocks, a lane round them, gates, a wall."""
    kind = ground.parcel.kind
    if kind in OPEN_GROUNDS:
        free = ground.inner.buffer(-5.5, join_style="mitre")
    else:
        free = ground.inner.buffer(-8.0, join_style="mitre")
    free = _largest(free)
    if free.is_empty:
        return
    ring = _largest(ground.inner.buffer(-4.2, join_style="mitre")).exterior
    ground.lane(ring, "street", "lane", 5.0)
    placed = [_field(ground, free, kind)] if kind in FIELDS else []
    placed += place_blocks(ground, _program(ground), free, [p for p in placed if p is not None])
    if kind == "factory":
        _yard_lanes(ground, ring, placed)
    _campus_gates(ground, ring)
    if kind not in OPEN_GROUNDS:
        ground.wall()
    ground.built += [p for p in placed if p is not None]
    ground.lawns(0.0 if kind in PAVED else 0.8)


def _program(ground: Ground) -> tuple[Block, ...]:
    if ground.parcel.kind != "small":
        return PROGRAMS[ground.parcel.kind]
    name, use, storeys = SMALL[ground.parcel.number % len(SMALL)]
    shapes = (ell(34, 26, 12), bar(36, 14), bar(26, 20), ell(28, 30, 11))
    shape = shapes[int(ground.rng.integers(len(shapes)))]
    return (Block(shape, (0.5, 0.6), use, storeys, name),)


def _largest(area: shapely.Geometry) -> Polygon:
    parts = [p for p in shapely.get_parts(area) if p.area > 0]
    return max(parts, key=lambda p: p.area) if parts else Polygon()


def _yard_lanes(ground: Ground, ring: LineString, placed: list[Polygon | None]) -> None:
    """Two lanes through a large yard, where they pass between the buildings."""
    yard = Polygon(ring)
    west, south, east, north = yard.bounds
    built = shapely.union_all([p for p in placed if p is not None]).buffer(1.5)
    for share in np.arange(0.3, 0.75, 0.02):
        x = west + (east - west) * share
        line = LineString([(x, south - 9), (x, north + 9)]).intersection(yard)
        if line.geom_type == "LineString" and not line.intersects(built):
            ground.lane(line, "street", "lane", 6.0)
            break
    for share in np.arange(0.35, 0.75, 0.02):
        y = south + (north - south) * share
        line = LineString([(west - 9, y), (east + 9, y)]).intersection(yard)
        if line.geom_type == "LineString" and not line.intersects(built):
            ground.lane(line, "street", "lane", 6.0)
            break


def _field(ground: Ground, free: Polygon, kind: str) -> Polygon | None:
    """Lay out a running track with a pitch, on the east side."""
    _, south, east, north = free.bounds
    for scale in (1.0, 0.9, 0.8, 0.7, 0.6):
        wide, long = FIELDS[kind][0] * scale, FIELDS[kind][1] * scale
        radius = wide / 2
        y0 = (south + north - long) / 2
        axis = LineString([(0, radius), (0, long - radius)])
        for back in (1.0, 4.0, 8.0, 12.0):
            track = translate(axis.buffer(radius, quad_segs=8), east - radius - back, y0)
            if free.contains(track):
                ground.green(track, "sports_field", ground.parcel.name + "操场")
                return track
    return None


def place_blocks(
    ground: Ground, blocks: tuple[Block, ...], free: Polygon, taken: list[Polygon]
) -> list[Polygon]:
    """Place each block as near to its place as the ground allows; leave out what has no room."""
    taken = list(taken)
    for block in blocks:
        shape = _fit(block, free, taken)
        if shape is None:
            continue
        taken.append(shape)
        years = YEARS[ground.parcel.kind]
        ground.build(
            shape,
            use=block.use,
            storeys=block.storeys,
            built_year=int(ground.rng.integers(*years)),
            has_lift=block.lift,
            floor_m=block.floor_m,
            name=ground.parcel.name + block.name if block.name else "",
        )
    return taken


def _fit(block: Block, free: Polygon, taken: list[Polygon]) -> Polygon | None:
    west, south, east, north = free.bounds
    for scale in (1.0, 0.88, 0.76, 0.64):
        shape = shapely.transform(block.shape, lambda xy, k=scale: xy * k)
        wide, deep = shape.bounds[2], shape.bounds[3]
        for pull in (0.0, 0.15, 0.3, 0.5, 0.75, 1.0):
            fx, fy = (a + (0.5 - a) * pull for a in block.at)
            for gx, gy in ((fx, fy), (block.at[0], fy), (fx, block.at[1])):
                x = west + gx * (east - west - wide)
                y = south + gy * (north - south - deep)
                moved = translate(shape, x, y)
                if free.contains(moved) and all(moved.distance(t) > 7.0 for t in taken):
                    return moved
    return None


def _campus_gates(ground: Ground, ring: LineString) -> None:
    sides = sorted(
        (s for s in ground.sides() if s.faces != "neighbour"),
        key=lambda s: (PREFERENCE[s.faces], -s.length),
    )
    opened = 0
    limit = 1 if ground.parcel.kind in FIELDS or ground.parcel.kind == "kindergarten" else 2
    if ground.parcel.kind in (*OPEN_GROUNDS, "hospital"):
        limit = 3
    for side in sides:
        for share in (0.5, 0.38, 0.62, 0.25, 0.75):
            way = _way_out(ground, ring, side, share)
            if way is not None and opened < limit:
                status = "open" if opened == 0 or limit == 3 else "closed"
                name = ground.parcel.name + ("正门" if opened == 0 else "侧门")
                if ground.parcel.kind in OPEN_GROUNDS:
                    ground.lane(way, "footway", "lane", 4.0)
                else:
                    ground.open_gate(way, status, name, 8.0 if opened == 0 else 5.0)
                opened += 1
                break


def _way_out(ground: Ground, ring: LineString, side: Side, share: float) -> LineString | None:
    along = (side.end - side.start) / side.length
    outward = np.array([along[1], -along[0]])
    on_side = side.start + along * side.length * share
    probe = LineString([on_side - outward * 0.1, on_side - outward * 25])
    hits = shapely.get_coordinates(probe.intersection(ring))
    if len(hits) == 0:
        return None
    start = hits[np.argmin(np.hypot(*(hits - on_side).T))]
    return ground.gate_from(start, outward)


def fill_danwei(ground: Ground) -> Polygon:
    """Set the offices, hall and canteen of a work unit; return the ground they take up."""
    free = _largest(ground.inner.buffer(-7.0, join_style="mitre"))
    placed = place_blocks(ground, PROGRAMS["danwei"], free, [])
    return shapely.union_all(placed).buffer(6.0, join_style="mitre") if placed else Polygon()
