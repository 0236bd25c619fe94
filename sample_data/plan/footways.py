"""Footways round the faces, crossings, bridges; carriageways, water and the trees along them."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import LineString, Point

from sample_data.plan import frame, layout
from sample_data.plan.roads import CARRIAGEWAY_M, PROPERTY_M, WALK_M, Arm, Roads
from sample_data.plan.sheet import Sheet

CROWD_M = {"arterial": 90.0, "collector": 30.0}
"""Closer to each other than this there is one crossing, not two."""
TREES_M = {"arterial": (15.6, 23.0), "collector": (6.9, 21.0), "canal": (14.4, 17.0)}
"""Offset from the centre line and spacing of the trees along a road."""
LINED = ("文昌", "柳荫", "槐树", "丁香", "青石", "石榴", "水杉", "银杏", "玉兰", "纱厂", "荷塘")
"""Collectors that have trees, by the first two characters of their names."""
WATER_HALF_M = 12.0


def draw_footways(roads: Roads, sheet: Sheet) -> None:
    """Draw footways round every face, crossings, bridges, carriageways and water."""
    rings = [face.walk.exterior for face in roads.faces]
    for ring, face in zip(rings, roads.faces, strict=True):
        for piece in _by_road(ring, roads):
            quay = piece[1].road_class == "canal"
            name = piece[1].name + ("步道" if quay else "")
            cls = "path" if quay else piece[1].road_class
            sheet.walk(piece[0], "footway", cls, 3.0, name=name, face=face.number)
    edges = _Edges(rings)
    for arms in _junctions(roads).values():
        _cross_junction(arms, edges, sheet)
    for number, arm in enumerate(roads.arms):
        _cross_between(arm, edges, sheet, number)
    _carriageways(roads, sheet)


def _by_road(ring: LineString, roads: Roads) -> list[tuple[LineString, Arm]]:
    """Cut a ring at its corners; name each side after the road it follows."""
    coords = shapely.get_coordinates(ring)
    sides = shapely.linestrings(np.stack([coords[:-1], coords[1:]], axis=1))
    owners = roads.tree.nearest(shapely.line_interpolate_point(sides, 0.5, normalized=True))
    names = [roads.arms[k].name for k in owners]
    breaks = [i for i in range(len(names)) if names[i] != names[i - 1]] or [0]
    pieces = []
    for begin, end in zip(breaks, [*breaks[1:], breaks[0] + len(names)], strict=True):
        take = np.arange(begin, end + 1) % len(names)
        pieces.append((LineString(coords[:-1][take]), roads.arms[owners[begin]]))
    return pieces


class _Edges:
    def __init__(self, rings: list[LineString]) -> None:
        self.rings = rings
        self.tree = shapely.STRtree(rings)

    def hit(self, start: np.ndarray, direction: np.ndarray, reach: float) -> np.ndarray | None:
        """First point where a ray meets a footway."""
        ray = LineString([start, start + direction * reach])
        found = shapely.intersection(ray, [self.rings[i] for i in np.sort(self.tree.query(ray))])
        points = shapely.get_coordinates(found)
        if len(points) == 0:
            return None
        away = np.hypot(*(points - start).T)
        return np.asarray(points[np.argmin(away)])


def _junctions(roads: Roads) -> dict[tuple[float, float], list[tuple[Arm, bool]]]:
    found: dict[tuple[float, float], list[tuple[Arm, bool]]] = {}
    for arm in roads.arms:
        for end, reverse in ((arm.line.coords[0], False), (arm.line.coords[-1], True)):
            found.setdefault(end, []).append((arm, reverse))
    return {xy: arms for xy, arms in found.items() if len(arms) >= 3}


def _cross_junction(arms: list[tuple[Arm, bool]], edges: _Edges, sheet: Sheet) -> None:
    classes = [arm.road_class for arm, _ in arms]
    for arm, reverse in arms:
        others = [a for a, _ in arms if a.name != arm.name] or [a for a, _ in arms]
        if arm.road_class == "canal":
            if "arterial" in classes:
                _cross_canal(arm, reverse, others, edges, sheet)
            continue
        if arm.road_class == "arterial" and "canal" in classes:
            continue
        away = max(PROPERTY_M[a.road_class] for a in others) + 4.5
        signalled = classes.count("arterial") >= 3
        _cross(arm, reverse, away, edges, sheet, signalled, crowd=not signalled)


def _cross_canal(canal: Arm, reverse: bool, others: list[Arm], edges: _Edges, sheet: Sheet) -> None:
    road = next(a for a in others if a.road_class == "arterial")
    ends = _ends(canal, reverse, WALK_M["arterial"] + 1.5, edges, along=road.line)
    if ends is None:
        return
    bridge = layout.BRIDGES.get(road.name)
    if bridge and layout.inside(*frame.to_plan([ends[0]])[0]):
        sheet.walk(LineString(ends), "bridge", "arterial", 3.0, name=bridge)
    else:
        sheet.walk(LineString(ends), "footway", "arterial", 3.0, name=road.name)


def _cross(
    arm: Arm,
    reverse: bool,
    away: float,
    edges: _Edges,
    sheet: Sheet,
    signalled: bool,
    crowd: bool = True,
) -> None:
    """Draw one crossing; with `crowd`, only where there is none of the same road near by."""
    if arm.line.length < away + 15:
        return
    ends = _ends(arm, reverse, away, edges)
    if ends is None:
        return
    here = LineString(ends)
    same = [w for w in sheet.walks if w["kind"] == "crossing" and w["name"] == arm.name]
    if crowd and any(w["geometry"].distance(here) < CROWD_M[arm.road_class] for w in same):
        return
    wide = arm.road_class == "arterial"
    signalled = signalled or wide
    rng = frame.random(7, round(ends[0][0]), round(ends[0][1]))
    cycle = float(rng.choice([90, 100, 120, 130])) if wide else float(rng.choice([70, 80, 90]))
    green = float(round(cycle * rng.uniform(0.22, 0.38)))
    timed = signalled and rng.random() < 0.7
    sheet.walk(
        here,
        "crossing",
        arm.road_class,
        5.0,
        name=arm.name,
        signalled=signalled,
        cycle_s=cycle if timed else np.nan,
        green_s=green if timed else np.nan,
    )


def _ends(
    arm: Arm, reverse: bool, away: float, edges: _Edges, along: LineString | None = None
) -> list[np.ndarray] | None:
    """Where a line across an arm, `away` from its junction, meets the footways at its sides.

    The line is square to the arm, or else runs with the road `along`.
    """
    line = shapely.reverse(arm.line) if reverse else arm.line
    middle = np.array(line.interpolate(away).coords[0])
    ahead = np.array(line.interpolate(away + 2.0).coords[0]) - middle
    across = np.array([-ahead[1], ahead[0]]) / np.hypot(*ahead)
    if along is not None:
        where = along.project(Point(middle))
        ahead = np.array(along.interpolate(where + 20).coords[0])
        ahead -= along.interpolate(where - 20 if where > 20 else 0.0).coords[0]
        across = ahead / np.hypot(*ahead)
    reach = WALK_M[arm.road_class] + 9.0
    sides = [edges.hit(middle, across * s, reach) for s in (1, -1)]
    if sides[0] is None or sides[1] is None:
        return None
    return [sides[0], sides[1]]


def _cross_between(arm: Arm, edges: _Edges, sheet: Sheet, number: int) -> None:
    """Crossings in the middle of long stretches: few, which is what makes arterials barriers."""
    if arm.road_class == "canal" or arm.line.length < {"arterial": 260, "collector": 160}.get(
        arm.road_class, np.inf
    ):
        return
    share = frame.random(8, number).uniform(0.42, 0.58)
    u, v = frame.to_plan([arm.line.interpolate(share, normalized=True).coords[0]])[0]
    if (
        arm.name == layout.UNDERPASS[0]
        and np.hypot(u - layout.UNDERPASS[1], v - layout.UNDERPASS[2]) < 200
    ):
        ends = _ends(arm, False, arm.line.length * share, edges)
        if ends is not None:
            sheet.walk(
                LineString(ends), "tunnel", "path", 4.0, name=arm.name + "地下通道", ramp=True
            )
        return
    _cross(arm, False, arm.line.length * share, edges, sheet, False)


def plant_streets(roads: Roads, sheet: Sheet) -> None:
    """Rows of trees between carriageway and footway, and along the quays."""
    keep_off = shapely.union_all(
        [w["geometry"].buffer(5.0) for w in sheet.walks if w["kind"] in ("crossing", "bridge")]
        + [a.line.buffer(CARRIAGEWAY_M.get(a.road_class, 24.0) / 2 + 0.8) for a in roads.arms]
    )
    shapely.prepare(keep_off)
    for arm in roads.arms:
        offset, each = TREES_M[arm.road_class]
        lined = arm.road_class != "collector" or arm.name[:2] in LINED
        middle = frame.to_plan([arm.line.interpolate(0.5, normalized=True).coords[0]])[0]
        if not lined or not layout.within(*(middle * 0.995)):
            continue
        for side in (offset, -offset):
            row = arm.line.offset_curve(side)
            points = row.interpolate(np.arange(each / 2, row.length, each))
            free = points[~shapely.intersects(keep_off, points)]
            sheet.trees.append(shapely.get_coordinates(free).round(3))


def _carriageways(roads: Roads, sheet: Sheet) -> None:
    canal = shapely.union_all([a.line for a in roads.arms if a.road_class == "canal"])
    quay = canal.buffer(WATER_HALF_M + 3, cap_style="flat")
    culverts = []
    for arm in roads.arms:
        if arm.road_class == "canal":
            continue
        line = arm.line
        if arm.road_class == "collector":
            line = max(shapely.get_parts(line.difference(quay)), key=lambda p: p.length)
        width = CARRIAGEWAY_M[arm.road_class]
        sheet.road(line, arm.name, arm.road_class, width)
        near = Point(line.interpolate(0.5, normalized=True).coords[0])
        u, v = frame.to_plan([[near.x, near.y]])[0]
        if arm.road_class == "arterial" and not (
            arm.name in layout.BRIDGES and layout.within(u, v)
        ):
            culverts.append(line.buffer(WALK_M["arterial"] + 5, cap_style="flat"))
    water = canal.buffer(WATER_HALF_M, cap_style="flat", quad_segs=3)
    for part in shapely.get_parts(water.difference(shapely.union_all(culverts))):
        if part.area > 500:
            sheet.water.append({"geometry": shapely.simplify(part, 0.2), "name": layout.CANAL})
