"""Cutting faces into parcels with local streets, and giving each parcel its purpose."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from sample_data.plan import frame, layout
from sample_data.plan.frame import Frame
from sample_data.plan.roads import Face, Roads
from sample_data.plan.sheet import Sheet

LOCAL_HALF_M = 4.6
PARTY_HALF_M = 0.8
STREET_REACH_M = 16.0
"""How far beyond its piece of land a street may find the next street."""
FREE_TO_FACE_SOUTH = ("walkup_80s", "walkup_90s", "midrise")
"""Kinds whose rows may face due south where the streets do not."""
USUAL = ("walkup_80s", "walkup_90s", "midrise", "tower", "danwei", "park", "warehouse", "school")


@dataclass(frozen=True)
class Parcel:
    """One piece of land with one purpose, its outline in its own frame."""

    number: int
    kind: str
    name: str
    world: Polygon
    frame: Frame
    face: Face

    @property
    def local(self) -> Polygon:
        """The outline in the parcel's frame."""
        return self.frame.into(self.world)

    @property
    def inside(self) -> bool:
        """Whether the parcel belongs to the district."""
        return self.face.inside

    @property
    def detail(self) -> float:
        """How closely to draw, 0-1."""
        return self.face.detail


@dataclass
class Public:
    """Streets that anyone may walk: footways along roads, and local streets."""

    lines: list[LineString]
    road_class: list[str]

    def __post_init__(self) -> None:
        self.tree = shapely.STRtree(self.lines)


@dataclass
class _Cutter:
    face: Face
    angle: float
    rng: np.random.Generator
    places: list[tuple[Point, float]]
    pieces: list[Polygon] = field(default_factory=list)
    streets: list[tuple[LineString, LineString]] = field(default_factory=list)
    """Local streets: the line through and through, and its part within the piece it cuts."""

    def cut(self, piece: Polygon) -> None:
        """Halve a piece, across its longer side, until it is as small as it should be."""
        held = [area for at, area in self.places if piece.contains(at)]
        usual = self.rng.uniform(2.6, 4.6) if self.face.inside else self.rng.uniform(4.0, 7.5)
        target = min(held) if held else usual
        if len(held) < 2 and piece.area < target * 1.5e4:
            self.pieces.append(piece)
            return
        line = self._line_beside(piece, target) if len(held) == 1 else self._line(piece, 0.08)
        if line is None:
            self.pieces.append(piece)
            return
        street = self.rng.random() < (0.72 if piece.area > 5e4 else 0.5)
        half = LOCAL_HALF_M if street else PARTY_HALF_M
        parts = [p for p in shapely.get_parts(piece.difference(line.buffer(half))) if p.area > 900]
        if len(parts) < 2:
            self.pieces.append(piece)
            return
        if street:
            self._street(line, piece)
        for part in sorted(parts, key=lambda p: (p.centroid.x, p.centroid.y)):
            self.cut(part)

    def _line_beside(self, piece: Polygon, hectares: float) -> LineString | None:
        """Return a cut that leaves the place on this piece the room that it needs, or None."""
        for _ in range(8):
            line = self._line(piece, 0.4)
            for part in shapely.get_parts(piece.difference(line.buffer(LOCAL_HALF_M))):
                west, south, east, north = part.bounds
                long, short = max(east - west, north - south), min(east - west, north - south)
                held = any(part.contains(at) for at, _ in self.places)
                if held and part.area > hectares * 0.9e4 and long < 2.1 * short:
                    return line
        return None

    def _line(self, piece: Polygon, spread: float) -> LineString:
        west, south, east, north = piece.bounds
        tilt = self.rng.normal(0, 0.025)
        share = 0.5 + self.rng.uniform(-spread, spread) * 0.6
        if (east - west) * 1.05 > north - south:
            x = west + (east - west) * share
            lean = tilt * (north - south)
            return LineString([(x - lean, south - 60), (x + lean, north + 60)])
        y = south + (north - south) * share
        lean = tilt * (east - west)
        return LineString([(west - 60, y - lean), (east + 60, y + lean)])

    def _street(self, line: LineString, piece: Polygon) -> None:
        """Keep the part of the cut that crosses the piece, out to the next street or footway."""
        kept = max(shapely.get_parts(line.intersection(piece)), key=lambda p: p.length)
        self.streets.append((line, kept))


def cut_parcels(roads: Roads, sheet: Sheet) -> tuple[list[Parcel], Public]:
    """Cut all faces; add local streets to the sheet; return parcels and the public streets."""
    walks = [w for w in sheet.walks if w["kind"] == "footway"]
    lines, classes = [w["geometry"] for w in walks], [w["road_class"] for w in walks]
    parcels: list[Parcel] = []
    for face in roads.faces:
        rng = frame.random(1, face.number)
        angle = frame.east_angle(face.whole.centroid) + rng.normal(0, 0.012)
        own = Frame(round(face.whole.centroid.x, 3), round(face.whole.centroid.y, 3), angle)
        whole = _whole_kind(face)
        if whole:
            parcels.append(Parcel(len(parcels), whole, "", face.land, own, face))
            continue
        cutter = _Cutter(face, angle, rng, _places(face, own))
        cutter.cut(own.into(face.land))
        for number, street in enumerate(_trimmed(cutter.streets, own.into(face.walk))):
            world = own.out(street)
            name = str(frame.random(2, face.number, number).choice(layout.NAMES["lanes"]))
            sheet.walk(world, "street", "local", 7.0, name=name)
            lines.append(world)
            classes.append("local")
        for piece in cutter.pieces:
            parcels.append(_parcel(len(parcels), piece, own, face, rng))
    return _named(parcels), Public(lines, classes)


def _trimmed(streets: list[tuple[LineString, LineString]], walk: Polygon) -> list[LineString]:
    """End each street on the older street or footway before it, or at the wall that it meets."""
    done: list[LineString] = [walk.exterior]
    for _, kept in streets:
        middle = kept.interpolate(0.5, normalized=True)
        sides = (kept.coords[0], kept.coords[-1])
        ends = [_end(np.array(middle.coords[0]), np.array(side), done) for side in sides]
        done.append(LineString(ends))
    return done[1:]


def _end(middle: np.ndarray, side: np.ndarray, done: list[LineString]) -> np.ndarray:
    along = (side - middle) / np.hypot(*(side - middle))
    ray = LineString([middle, side + along * STREET_REACH_M])
    points = shapely.get_coordinates(shapely.intersection(ray, done))
    if len(points) == 0:
        return np.asarray(side - along)
    return np.asarray(points[np.argmin(np.hypot(*(points - middle).T))])


def _whole_kind(face: Face) -> str:
    for row in layout.WHOLE:
        if face.whole.contains(frame.place(row["at"])):
            return str(row["kind"])
    return ""


def _places(face: Face, own: Frame) -> list[tuple[Point, float]]:
    found = []
    for row in layout.PLACES:
        at = frame.place(row["at"])
        if face.land.contains(at):
            found.append((own.into(at), float(row["hectares"])))
    return found


def _parcel(
    number: int, piece: Polygon, own: Frame, face: Face, rng: np.random.Generator
) -> Parcel:
    world = own.out(piece)
    kind, name = "", ""
    for row in layout.PLACES:
        if world.contains(frame.place(row["at"])):
            kind, name = row["kind"], row["name"]
    u, v = frame.to_plan([[world.centroid.x, world.centroid.y]])[0]
    kind = kind or str(rng.choice(USUAL, p=_chances(u, v, face.inside)))
    if not name:
        kind = _fitting(kind, piece.area, rng)
    middle = world.centroid
    lean = 0.2 if kind in FREE_TO_FACE_SOUTH and rng.random() < 0.3 else 1.0
    angle = own.angle * lean + rng.normal(0, 0.006)
    turned = Frame(round(middle.x, 3), round(middle.y, 3), angle)
    return Parcel(number, kind, name, world, turned, face)


def _fitting(kind: str, area: float, rng: np.random.Generator) -> str:
    """Return what really fits on a parcel of this area (square metres)."""
    if area < 6000:
        return str(rng.choice(["small", "small", "park", "walkup_80s"]))
    if kind in ("school", "park", "warehouse") and area > 5.5e4:
        return "walkup_90s"
    if kind == "school":
        return "primary_school" if area < 3e4 else "middle_school"
    if kind in ("tower", "danwei", "midrise") and area < 1.3e4:
        return "walkup_80s"
    return kind


def _chances(u: float, v: float, inside: bool) -> tuple[float, ...]:
    """Return the odds of `USUAL`: the newer the farther from the old town by the canal."""
    if not inside:
        return (0.27, 0.29, 0.14, 0.14, 0.05, 0.03, 0.04, 0.04)
    if abs(v + 300) < 330 and u < 500:
        return (0.62, 0.26, 0.04, 0.03, 0.05, 0.0, 0.0, 0.0)
    if u > 500:
        return (0.24, 0.48, 0.12, 0.14, 0.02, 0.0, 0.0, 0.0)
    return (0.44, 0.38, 0.06, 0.06, 0.06, 0.0, 0.0, 0.0)


def _named(parcels: list[Parcel]) -> list[Parcel]:
    """Give every residential compound within the district its own name."""
    names = iter(layout.COMPOUND_NAMES)
    result = []
    for p in parcels:
        name = p.name
        if p.inside and not name and p.kind not in ("hill", "factory"):
            name = next(names)
        result.append(Parcel(p.number, p.kind, name, p.world, p.frame, p.face))
    return result
