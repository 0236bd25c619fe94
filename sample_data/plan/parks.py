"""Parks and the hill: paths, steps, water, trees."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.affinity import translate

from sample_data.plan import frame
from sample_data.plan.compound import Ground, rectangle

HILL = (1030.0, 690.0)
"""The summit, plan metres."""


def fill_park(ground: Ground) -> None:
    """Lay out a flat park: a round path, paths across, a pond where there is room."""
    rng = ground.rng
    outline = ground.inner.buffer(-1.0)
    ground.green(outline, "park", ground.parcel.name)
    if outline.buffer(-19.0).is_empty:
        _grove(ground, outline.buffer(-2.0), Polygon(), 8.0, 0.6)
        return
    loop = _smooth(outline.buffer(-9.0))
    pond = Polygon()
    if outline.area > 2.5e4:
        pond = _pond(outline, rng)
        ground.sheet.water.append(
            {"geometry": ground.frame.out(pond), "name": f"{ground.parcel.name[:2]}塘"}
        )
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
    for part in shapely.get_parts(
        line.intersection(loop).difference(pond.buffer(5.0, quad_segs=4))
    ):
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
    """Lay out the wooded hill: paths round it and up it, steps, a pavilion on top."""
    outline = ground.outline.buffer(-0.5)
    summit = ground.frame.into(frame.place(HILL))
    top = np.array([summit.x, summit.y])
    ground.green(outline, "park", "翠屏山公园")
    foot, waist = _contour(top, 1.0), _contour(top, 0.55)
    walks = _smooth(outline.buffer(-13.0))
    paths = [walks.exterior, foot.exterior, waist.exterior, _winding(top)]
    for path in paths:
        ground.lane(path, "footway", "path", 2.2)
    for angle in (-1.75, 0.35, 2.9):
        steps = LineString([_on_contour(top, angle, 1.0), _on_contour(top, angle, 0.55), top])
        ground.lane(steps, "steps", "path", 2.0, name="翠屏山登山道")
        paths.append(steps)
    for angle in (-2.6, -1.75, -0.9, 0.35, 1.2, 2.0, 2.9):
        start = _on_contour(top, angle, 1.0)
        reach = LineString([start, start + 600 * (start - top) / np.hypot(*(start - top))])
        spoke = LineString([start, shapely.get_coordinates(reach.intersection(walks.exterior))[0]])
        ground.lane(spoke, "footway", "path", 2.2)
        paths.append(spoke)
    for share in np.arange(0.02, 1.0, 0.09):
        _park_gate(ground, walks, float(share))
    _pavilions(ground, top)
    clearing = summit.buffer(22.0, quad_segs=4)
    ground.green(_contour(top, 1.16).difference(clearing), "wood", "翠屏山")
    keep_off = shapely.union_all([shapely.union_all(paths).buffer(2.5), clearing, *ground.built])
    _grove(ground, _contour(top, 1.15), keep_off, 10.5, 0.8)
    around = outline.buffer(-2.0).difference(_contour(top, 1.2))
    _grove(ground, around, keep_off, 15.0, 0.5)


def _on_contour(top: np.ndarray, angle: float, factor: float) -> np.ndarray:
    """Return a point on a line of about equal height; factor 1 is the foot of the hill."""
    wave = 1 + 0.10 * np.sin(3 * angle + 0.8) + 0.05 * np.sin(5 * angle)
    return np.asarray(top + factor / wave * np.array([143 * np.cos(angle), 208 * np.sin(angle)]))


def _contour(top: np.ndarray, factor: float) -> Polygon:
    angles = np.linspace(0, 2 * np.pi, 56, endpoint=False)
    return Polygon([_on_contour(top, a, factor) for a in angles])


def _winding(top: np.ndarray) -> LineString:
    """Return a path from the foot to the summit in one turn and a half, easier than the steps."""
    share = np.linspace(0, 1, 60)
    points = [_on_contour(top, 4.2 + t * 2 * np.pi * 1.5, 1 - t) for t in share[:-1]]
    return LineString([*points, top])


def _pavilions(ground: Ground, top: np.ndarray) -> None:
    foot = _on_contour(top, -1.35, 1.0)
    for x, y, wide, deep, storeys, name in (
        (top[0] + 5, top[1] + 5, 9.0, 9.0, 3, "翠屏阁"),
        (foot[0] + 8, foot[1] - 30, 24.0, 12.0, 1, "翠屏茶社"),
        (foot[0] + 8, foot[1] - 52, 14.0, 12.0, 1, "翠屏茶社偏厅"),
    ):
        ground.build(
            rectangle(x, y, wide, deep), use="public", storeys=storeys, built_year=1986,
            floor_m=4.2, name=name,
        )  # fmt: skip
