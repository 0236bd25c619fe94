"""Arterials, collectors and the canal, and the faces between them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.ops import polygonize

from sample_data.plan import frame, layout

WALK_M = {"arterial": 17.5, "collector": 8.0, "canal": 17.0}
"""Distance of the footway from the centre line."""
PROPERTY_M = {"arterial": 21.0, "collector": 10.5, "canal": 20.0}
"""Distance of walls and fronts from the centre line."""
CARRIAGEWAY_M = {"arterial": 28.0, "collector": 12.0}
STUB_M = 30.0
"""Roads are drawn up to this much past a junction, so that they surely meet it."""


@dataclass(frozen=True)
class Arm:
    """One piece of road between two junctions."""

    line: LineString
    name: str
    road_class: str


@dataclass(frozen=True)
class Face:
    """The land between roads: out to their middle, to their footway, and the land to build on."""

    number: int
    whole: Polygon
    walk: Polygon
    land: Polygon
    u: float
    v: float

    @property
    def inside(self) -> bool:
        """Whether the face belongs to the district, or to the country around it."""
        return layout.inside(self.u, self.v)

    @property
    def detail(self) -> float:
        """How closely to draw: 1 in the district, less beside it, least far out."""
        if self.inside:
            return 1.0
        near = abs(self.u) < layout.HALF_U + 400 and abs(self.v) < layout.HALF_V + 400
        return 0.7 if near else 0.3


@dataclass
class Roads:
    """The road plan."""

    arms: list[Arm]
    faces: list[Face]
    tree: shapely.STRtree = field(init=False)

    def __post_init__(self) -> None:
        self.tree = shapely.STRtree([arm.line for arm in self.arms])

    def near(self, geometry: shapely.Geometry, distance_m: float) -> list[Arm]:
        """Arms within a distance of a geometry, in the plan's order."""
        return [self.arms[i] for i in np.sort(self.tree.query(geometry, "dwithin", distance_m))]


def draw_roads() -> Roads:
    """Lay out the roads and cut the land into faces."""
    sources = [(frame.line(row["points"]), row["name"], row["class"]) for row in layout.LINES]
    noded = shapely.unary_union([s[0] for s in sources], grid_size=frame.GRID_M)
    pieces = _without_stubs(list(noded.geoms))
    tree = shapely.STRtree([s[0] for s in sources])
    middles = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    owners = tree.nearest(middles)
    arms = [Arm(p, *sources[k][1:]) for p, k in zip(pieces, owners, strict=True)]
    roads = Roads(arms, [])
    wholes = sorted(polygonize(pieces), key=lambda p: (p.centroid.x, p.centroid.y))
    for number, whole in enumerate(wholes):
        roads.faces.append(_face(number, whole, roads))
    return roads


def _without_stubs(pieces: list[LineString]) -> list[LineString]:
    """Drop the short tails where a road was drawn a little past its junction."""
    ends = np.round([c for p in pieces for c in (p.coords[0], p.coords[-1])], 3)
    _, index, count = np.unique(ends, axis=0, return_inverse=True, return_counts=True)
    free = (count[index.ravel()] == 1).reshape(-1, 2).any(axis=1)
    return [p for p, f in zip(pieces, free, strict=True) if not (f and p.length < STUB_M)]


def _face(number: int, whole: Polygon, roads: Roads) -> Face:
    arms = roads.near(whole, 0.5)
    walk = _inset(whole, arms, WALK_M, 3.0)
    land = _inset(whole, arms, PROPERTY_M, 1.5)
    u, v = frame.to_plan([[whole.centroid.x, whole.centroid.y]])[0]
    return Face(number, whole, walk, land, float(u), float(v))


def _inset(whole: Polygon, arms: list[Arm], offsets: dict[str, float], rounding: float) -> Polygon:
    strips = [arm.line.buffer(offsets[arm.road_class], cap_style="square") for arm in arms]
    left = whole.difference(shapely.union_all(strips))
    left = left.buffer(-rounding, join_style="mitre").buffer(rounding, quad_segs=2)
    return shapely.simplify(max(shapely.get_parts(left), key=lambda p: p.area), 0.05)
