"""Parks and the hill: paths, steps, water, trees."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.affinity import scale, translate

from sample_data.plan import frame
from sample_data.plan.compound import Ground, rectangle

HILL = (1030.0, 690.0)
"""The summit, plan metres."""


def fill_park(ground: Ground) -> None:
    """A flat park: a round path, paths across, a pond where there is room."""
    rng = ground.rng
    outline = ground.inner.buffer(-1.0)
    ground.green(outline, "park", ground.parcel.name)
    loop = _smooth(outline.buffer(-9.0))
    pond = Polygon()
    if outline.area > 2.5e4:
        pond = _pond(outline, rng)
        ground.sheet.water.append({"geometry": ground.frame.out(pond), "name": "渡口塘"})
        ground.lane(pond.buffer(5.0, quad_segs=4).exterior, "footway", "path", 2.0)
    ground.lane(loop.exterior, "footway", "path", 2.5)
    for angle in (0.45, 1.2, 2.3) if outline.area > 2.5e4 else (0.7, 2.4):
        _across(ground, loop, pond, angle)
    for share in np.arange(0.06, 1.0, 0.125 if outline.area > 2.5e4 else 0.25):
        _park_gate(ground, loop, float(share))
    keep_off = shapely.union_all([pond.buffer(1.5), loop.exterior.buffer(1.5)])
    _grove(ground, outline.buffer(-2.0), keep_off, 9.0, 0.55)


def _pond(outline: Polygon, rng: np.random.Generator) -> Polygon:
    middle = outline.centroid
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    size = np.sqrt(outline.area) * 0.17
    radius = size * (1 + 0.22 * np.sin(2 * angles + 1.0) + 0.12 * np.sin(3 * angles))
    xy = np.stack([radius * np.cos(angles) * 1.25, radius * np.sin(angles) * 0.85], 1)
    return translate(Polygon(xy), middle.x + rng.uniform(-6, 6), middle.y + rng.uniform(-6, 6))


def _smooth(area: shapely.Geometry) -> Polygon:
    area = max(shapely.get_parts(area), key=lambda p: p.area)
    soft = area.buffer(-8).buffer(8, quad_segs=4)
    return shapely.simplify(max(shapely.get_parts(soft), key=lambda p: p.area), 0.3)


def _across(ground: Ground, loop: Polygon, pond: Polygon, angle: float) -> None:
    middle = loop.centroid
    reach = 500.0
    dx, dy = np.cos(angle) * reach, np.sin(angle) * reach
    line = LineString([(middle.x - dx, middle.y - dy), (middle.x + dx, middle.y + dy)])
    for part in shapely.get_parts(line.intersection(loop).difference(pond.buffer(5.0, quad_segs=4))):
        ground.lane(part, "footway", "path", 2.0)


def _park_gate(ground: Ground, loop: Polygon, share: float) -> None:
    at = np.array(loop.exterior.interpolate(share, normalized=True).coords[0])
    ring = ground.outline.exterior
    edge = ring.interpolate(ring.project(shapely.Point(at)))
    outward = np.array([edge.x, edge.y]) - at
    way = ground.gate_from(at, outward / np.hypot(*outward))
    if way is not None:
        ground.lane(way, "footway", "path", 3.0)


def _grove(
    ground: Ground, area: Polygon, keep_off: shapely.Geometry, spacing: float, share: float
) -> None:
    west, south, east, north = area.bounds
    xs, ys = np.meshgrid(np.arange(west, east, spacing), np.arange(south, north, spacing))
    points = np.stack([xs.ravel(), ys.ravel()], 1)
    points += ground.rng.uniform(-spacing * 0.4, spacing * 0.4, points.shape)
    shapes = shapely.points(points)
    ok = shapely.contains(area, shapes) & ~shapely.intersects(keep_off, shapes)
    ground.plant(points[ok & (ground.rng.random(len(points)) < share)])


def fill_hill(ground: Ground) -> None:
    """The wooded hill: a path round its foot, one that winds up, steps, a pavilion on top."""
    outline = ground.outline.buffer(-0.5)
    summit = ground.frame.into(shapely.Point(frame.to_world([HILL])[0]))
    ground.green(outline, "park", "翠屏山公园")
    foot = _smooth(outline.buffer(-24.0))
    paths = [foot.exterior, _shrunk(foot, summit, 0.56).exterior, _winding(foot, summit)]
    for path in paths:
        ground.lane(path, "footway", "path", 2.2)
    top = np.array([summit.x, summit.y])
    for angle in (-1.9, 0.25, 2.75):
        steps = _straight_up(foot, top, angle)
        ground.lane(steps, "steps", "path", 2.0, name="翠屏山登山道")
        paths.append(steps)
    for share in np.arange(0.02, 1.0, 0.1):
        _park_gate(ground, foot, float(share))
    ground.build(
        rectangle(summit.x + 5, summit.y + 5, 9, 9), use="public", storeys=2, built_year=1986,
        floor_m=4.5, name="翠屏阁",
    )  # fmt: skip
    wood = foot.buffer(-6.0)
    clearing = summit.buffer(24.0)
    ground.green(wood.difference(clearing).buffer(0), "wood", "翠屏山")
    keep_off = shapely.union_all([shapely.union_all(paths).buffer(2.5), clearing])
    _grove(ground, foot.buffer(-3.0), keep_off, 13.0, 0.8)
    _grove(ground, outline.buffer(-2.0).difference(foot.buffer(2)), foot.exterior.buffer(2), 12.0, 0.6)


def _shrunk(foot: Polygon, summit: shapely.Point, factor: float) -> Polygon:
    return scale(foot, factor, factor, origin=summit)


def _winding(foot: Polygon, summit: shapely.Point) -> LineString:
    """A path from the foot to the summit in one turn and a half, easier than the steps."""
    turns = np.linspace(0, 1, 46)
    angles = 4.2 + turns * 2 * np.pi * 1.5
    points = []
    for t, angle in zip(turns, angles, strict=True):
        ray = LineString(
            [summit, (summit.x + 900 * np.cos(angle), summit.y + 900 * np.sin(angle))]
        )
        full = shapely.get_coordinates(ray.intersection(foot.exterior))[0]
        center = np.array([summit.x, summit.y])
        points.append(center + (full - center) * (1 - t))
    return LineString(points)


def _straight_up(foot: Polygon, top: np.ndarray, angle: float) -> LineString:
    ray = LineString([top, top + 900 * np.array([np.cos(angle), np.sin(angle)])])
    base = shapely.get_coordinates(ray.intersection(foot.exterior))[0]
    return LineString([base, top])
