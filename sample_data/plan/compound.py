"""The ground of a compound: its fronts on the street, its wall, its gates."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from shapely import LineString, Point, Polygon, box

from sample_data.plan.frame import Frame, random
from sample_data.plan.parcels import Parcel, Public
from sample_data.plan.sheet import Sheet

PUBLIC_REACH_M = 32.0


@dataclass(frozen=True)
class Side:
    """One straight side of a parcel: its ends (parcel on the left), and what lies before it."""

    start: np.ndarray
    end: np.ndarray
    faces: str

    @property
    def length(self) -> float:
        """Length in metres."""
        return float(np.hypot(*(self.end - self.start)))

    def turn(self, before: Side) -> float:
        """Angle between this side and the one before, radians."""
        a, b = before.end - before.start, self.end - self.start
        return float(abs(np.arctan2(a[0] * b[1] - a[1] * b[0], a @ b)))


@dataclass
class Ground:
    """A parcel while it is being built on, in its local frame."""

    parcel: Parcel
    sheet: Sheet
    public: Public
    others: shapely.STRtree
    rng: np.random.Generator = field(init=False)
    outline: Polygon = field(init=False)
    inner: Polygon = field(init=False)
    frame: Frame = field(init=False)
    gates: list[np.ndarray] = field(default_factory=list)
    gaps: list[tuple[Point, float]] = field(default_factory=list)
    approaches: list[LineString] = field(default_factory=list)
    fronts: list[Polygon] = field(default_factory=list)
    strips: list[tuple[Side, float]] = field(default_factory=list)
    built: list[Polygon] = field(default_factory=list)
    lanes: list[Polygon] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random(3, self.parcel.number)
        self.frame = self.parcel.frame
        self.outline = self.parcel.local
        self.inner = self.outline.buffer(-0.4, join_style="mitre")

    # --- sides and fronts -------------------------------------------------------------------

    def sides(self) -> list[Side]:
        """Return straight sides longer than 25 m, and the class of road before each."""
        ring = shapely.orient_polygons(shapely.simplify(self.outline, 2.5)).exterior
        coords = np.asarray(ring.coords)
        return [
            Side(a, b, self._faces(a, b)) for a, b in pairwise(coords) if np.hypot(*(b - a)) > 25
        ]

    def _faces(self, a: np.ndarray, b: np.ndarray) -> str:
        middle = self.frame.out(Point((a + b) / 2))
        face = self.parcel.face.land.exterior
        if face.distance(middle) < 2.0:
            return self._road(middle)
        normal = np.array([b[1] - a[1], a[0] - b[0]]) / np.hypot(*(b - a))
        ahead = self.frame.out(Point((a + b) / 2 + normal * 7))
        return "local" if len(self.public.tree.query(ahead, "dwithin", 3.5)) else "neighbour"

    def _road(self, middle: Point) -> str:
        found = self.public.road_class[int(self.public.tree.query_nearest(middle)[0])]
        return "canal" if found == "path" else found

    def reserve_front(self, side: Side, depth: float) -> None:
        """Keep the land along a side for buildings on the street; the wall runs behind them."""
        strip = LineString([side.start, side.end]).buffer(depth + 2.2, cap_style="square")
        left = self.inner.difference(strip)
        parts = shapely.get_parts(left)
        self.inner = max(parts, key=lambda p: p.area).buffer(-1.0).buffer(1.0, join_style="mitre")
        self.strips.append((side, depth))

    # --- gates ------------------------------------------------------------------------------

    def gate_from(self, start: np.ndarray, toward: np.ndarray) -> LineString | None:
        """Return a way straight out from `start` to the street, or None where there is none.

        The line's vertices: start, 2 m before the wall, 2 m behind it, the street.
        """
        ray = LineString([start, start + toward * 400])
        wall = shapely.get_coordinates(ray.intersection(self.inner.exterior))
        if len(wall) == 0:
            return None
        at = wall[np.argmin(np.hypot(*(wall - start).T))]
        before, behind = at - toward * 2.0, at + toward * 2.0
        if np.dot(before - start, toward) < 0.5:
            return None
        street = self._street_from(behind, toward)
        if street is None:
            return None
        way = LineString([start, before, behind, street])
        outside = self.frame.out(LineString([behind, street]))
        crossed = [i for i in self.others.query(outside, "intersects") if i != self.parcel.number]
        return None if crossed else way

    def _street_from(self, behind: np.ndarray, toward: np.ndarray) -> np.ndarray | None:
        world = self.frame.out(LineString([behind, behind + toward * PUBLIC_REACH_M]))
        near = np.sort(self.public.tree.query(world, "intersects"))
        points = shapely.get_coordinates(world.intersection(self.public.tree.geometries[near]))
        if len(points) == 0:
            return None
        start = np.array(world.coords[0])
        best = points[np.argmin(np.hypot(*(points - start).T))]
        return np.asarray(shapely.get_coordinates(self.frame.into(Point(best)))[0])

    def open_gate(self, way: LineString, status: str, name: str, width: float = 6.0) -> None:
        """Build a gate on a way found by `gate_from`."""
        start, before, behind, street = np.asarray(way.coords)
        middle = Point((before + behind) / 2)
        self.gates.append((before + behind) / 2)
        self.gaps.append((middle, width / 2))
        self.approaches.append(LineString([before, street]))
        self.lane(LineString([start, before]), "street", "lane", 4.0)
        self.lane(LineString([before, behind]), "gate", "lane", width, name=name, status=status)
        self.lane(LineString([behind, street]), "footway", "lane", 4.0)

    def open_end(self, way: LineString) -> None:
        """Lead a lane out to the street where there is no wall."""
        start, before, _, street = way.coords
        self.approaches.append(LineString([before, street]))
        self.lane(LineString([start, street]), "street", "lane", 3.0)

    def booth(self) -> None:
        """Build a guard's booth inside the first gate, where there is room beside the lane."""
        if not (self.approaches and self.gaps and self.parcel.inside):
            return
        before, street = np.asarray(self.approaches[0].coords)
        toward = (street - before) / np.hypot(*(street - before))
        across = np.array([-toward[1], toward[0]])
        taken = shapely.union_all([*self.lanes, *self.built])
        for side in (1.0, -1.0):
            middle = before - toward * 1.2 + across * side * (self.gaps[0][1] + 2.6)
            corners = [(-1.7, -1.3), (1.7, -1.3), (1.7, 1.3), (-1.7, 1.3)]
            shape = Polygon([middle + across * a + toward * b for a, b in corners])
            if self.inner.buffer(-0.3).contains(shape) and shape.distance(taken) > 0.2:
                self.build(shape, use="other", storeys=1, built_year=2005, floor_m=2.8)
                return

    # --- drawing ----------------------------------------------------------------------------

    def lane(
        self,
        line: LineString,
        kind: str = "street",
        road_class: str = "lane",
        width: float = 4.0,
        **more: object,
    ) -> None:
        """Add a walkable line given in local coordinates."""
        self.lanes.append(line.buffer(max(width / 2, 1.2) + 0.5, cap_style="square"))
        self.sheet.walk(self.frame.out(line), kind, road_class, width, **more)

    def build(self, outline: Polygon, **attributes: object) -> int:
        """Add a building given in local coordinates."""
        attributes.setdefault("inside", self.parcel.inside)
        attributes.setdefault("compound", self.parcel.name)
        attributes.setdefault("parcel", self.parcel.number)
        self.built.append(outline)
        return self.sheet.building(self.frame.out(outline), **attributes)

    def enter(self, building: int, at: np.ndarray, residential: bool = True) -> None:
        """Add an entrance; only the district's own buildings have them."""
        if self.parcel.inside:
            self.sheet.entrance(building, self.frame.out(Point(at)), residential)

    def plant(self, points: np.ndarray) -> None:
        """Add trees at local coordinates (n, 2)."""
        if self.parcel.inside and len(points):
            self.sheet.trees.append(
                shapely.get_coordinates(self.frame.out(shapely.MultiPoint(points)))
            )

    def green(self, outline: Polygon, kind: str, name: str = "") -> None:
        """Add a green polygon."""
        if (self.parcel.inside or kind != "courtyard") and outline.area > 25:
            world = self.frame.out(shapely.simplify(outline, 0.1))
            self.sheet.green.append({"geometry": world, "kind": kind, "name": name})

    def lawns(self, share: float) -> None:
        """Turn what is left between buildings and lanes into lawns with trees."""
        if not self.parcel.inside:
            return
        taken = [b.buffer(1.6, join_style="mitre") for b in self.built] + self.lanes
        left = self.inner.buffer(-1.2, join_style="mitre").difference(shapely.union_all(taken))
        left = left.buffer(-1.6, join_style="mitre").buffer(1.6, join_style="mitre")
        for part in shapely.get_parts(left):
            if part.area > 60 and self.rng.random() < share:
                self.green(shapely.simplify(part, 0.6), "courtyard")
                self._plant_lawn(part)

    def _plant_lawn(self, lawn: Polygon) -> None:
        count = max(1, int(lawn.area / 330))
        west, south, east, north = lawn.bounds
        xy = self.rng.uniform((west, south), (east, north), (count * 3, 2))
        ok = shapely.contains(lawn.buffer(-1.0), shapely.points(xy))
        self.plant(_spaced(xy[ok], 7.0)[:count])

    def wall(self, kind: str = "wall") -> None:
        """Close the compound with a wall that has a gap at each gate."""
        line = self.inner.exterior
        for middle, half in self.gaps:
            line = line.difference(middle.buffer(half, quad_segs=16))
        for part in shapely.get_parts(shapely.line_merge(line)):
            self.sheet.walls.append({"geometry": self.frame.out(part), "kind": kind})

    def fill_fronts(self, year: tuple[int, int], chance_mixed: float) -> None:
        """Set shops, or flats over shops, along the reserved sides."""
        for side, depth in self.strips:
            self._fill_front(side, depth, year, chance_mixed)

    def _fill_front(
        self, side: Side, depth: float, year: tuple[int, int], chance_mixed: float
    ) -> None:
        along = (side.end - side.start) / side.length
        inward = np.array([-along[1], along[0]])
        at, tall = 2.5, self.rng.random() < chance_mixed and depth > 9.5
        while at < side.length - 10:
            length = float(self.rng.uniform(28, 52) if tall else self.rng.uniform(13, 44))
            length = min(length, side.length - at - 2)
            if length < 9:
                break
            a = side.start + along * at + inward * 0.9
            b = a + along * length
            deep = depth if tall else depth - self.rng.choice([0.0, 0.0, 1.0, 1.8])
            shape = Polygon([a, b, b + inward * deep, a + inward * deep])
            at += length + float(self.rng.choice([0.3, 0.3, 1.2, 3.5]) + (2.5 if tall else 0))
            if not self._free_front(shape):
                at -= length - 3.0
                continue
            self.fronts.append(shape)
            self._front_building(shape, a, along, length, tall, year)

    def _free_front(self, shape: Polygon) -> bool:
        return (
            self.outline.buffer(0.05).contains(shape)
            and all(shape.distance(other) > 0.1 for other in self.fronts)
            and all(shape.distance(way) > 2.6 for way in self.approaches)
            and shape.distance(self.inner) > 0.3
        )

    def _front_building(
        self,
        shape: Polygon,
        a: np.ndarray,
        along: np.ndarray,
        length: float,
        tall: bool,
        year: tuple[int, int],
    ) -> None:
        built = int(self.rng.integers(*year))
        if not tall:
            storeys = int(self.rng.choice([1, 1, 2, 2, 3]))
            self.build(shape, use="commercial", storeys=storeys, built_year=built, floor_m=3.6)
            return
        storeys = int(self.rng.integers(5, 8))
        units = max(2, round(length / 15))
        number = self.build(
            shape,
            use="mixed",
            storeys=storeys,
            built_year=built,
            dwellings=units * 2 * (storeys - 1),
            ground_m=3.9,
        )
        for k in range(units):
            self.enter(number, a + along * length * (k + 0.5) / units)


def _spaced(xy: np.ndarray, apart: float) -> np.ndarray:
    """Drop points that come too close to an earlier one."""
    away = np.hypot(*(xy[:, None, :] - xy[None, :, :]).transpose(2, 0, 1))
    near = np.tril(away < apart, -1).any(axis=1)
    return np.asarray(xy[~near])


def spans(area: Polygon, ys: list[float]) -> list[tuple[float, float]]:
    """Stretches of x that lie within `area` at every one of the given y."""
    west, _, east, _ = area.bounds
    result = [(west, east)]
    for y in ys:
        cut = area.intersection(LineString([(west - 1, y), (east + 1, y)]))
        here = [(p.bounds[0], p.bounds[2]) for p in shapely.get_parts(cut) if p.length > 1]
        result = [
            (max(a, c), min(b, d)) for a, b in result for c, d in here if min(b, d) > max(a, c)
        ]
    return result


def rectangle(x: float, y: float, width: float, height: float) -> Polygon:
    """Axis-parallel rectangle from its lower left corner."""
    return box(x, y, x + width, y + height)
