"""Where the district lies: plan coordinates, their gentle warp, and local frames of blocks.

Roads are laid out in plan coordinates ``(u, v)``, metres east and north of the district's middle.
A rotation and a slow warp turn them into projected coordinates, so that no two streets are quite
parallel. Buildings are drawn in local frames, so that their corners stay square.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

SEED = 19870615
EPSG = 4547
ORIGIN = np.array([531_400.0, 3_387_600.0])
"""Projected coordinates of the plan's middle, metres (CGCS2000, central meridian 114 E)."""
ROTATION = np.radians(-3.5)
GRID_M = 0.001
"""All coordinates are whole millimetres."""

Floats = NDArray[np.float64]


def random(*key: int) -> np.random.Generator:
    """Return a generator for one part of the plan, so that parts do not disturb each other."""
    return np.random.default_rng([SEED, *key])


def _displacement(plan: Floats) -> Floats:
    u, v = plan[..., 0], plan[..., 1]
    turn = 2 * np.pi
    east = 30 * np.sin(turn * (v / 2700 + 0.10)) + 15 * np.sin(turn * (u / 1900 + v / 3100))
    north = 30 * np.sin(turn * (u / 2900 + 0.30)) + 13 * np.sin(turn * (v / 1700 - u / 4200))
    return np.stack([east, north], axis=-1)


def _turn(angle: float) -> Floats:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def to_world(plan: ArrayLike) -> Floats:
    """Projected coordinates (n, 2) of plan coordinates (n, 2)."""
    plan = np.asarray(plan, float)
    return np.asarray((plan + _displacement(plan)) @ _turn(ROTATION).T + ORIGIN)


def to_plan(world: ArrayLike) -> Floats:
    """Plan coordinates of projected coordinates, by fixed-point iteration (micrometres)."""
    straight = (np.asarray(world, float) - ORIGIN) @ _turn(ROTATION)
    plan = straight
    for _ in range(30):
        plan = straight - _displacement(plan)
    return np.asarray(plan)


def line(points: ArrayLike, step_m: float = 25.0) -> shapely.LineString:
    """Return a plan polyline as a projected line, its bends following the warp within 0.15 m."""
    dense = shapely.segmentize(shapely.LineString(points), step_m)
    return shapely.simplify(shapely.transform(dense, to_world), 0.15)


def place(plan: ArrayLike) -> shapely.Point:
    """Return the projected point of plan coordinates (u, v)."""
    return shapely.Point(to_world(np.array([plan]))[0])


def east_angle(point: shapely.Point) -> float:
    """Return the direction of plan east at a projected point, radians from the x axis."""
    plan = to_plan([[point.x, point.y]])
    ends = to_world(np.vstack([plan, np.add(plan, (1.0, 0.0))]))
    delta = ends[1] - ends[0]
    return float(np.arctan2(delta[1], delta[0]))


@dataclass(frozen=True)
class Frame:
    """A local frame: metres along `angle` from `origin`, y to the left of x."""

    x: float
    y: float
    angle: float

    def out(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """Local to projected, rounded to whole millimetres."""
        turn = _turn(self.angle).T
        moved = shapely.transform(geometry, lambda xy: xy @ turn + (self.x, self.y))
        return shapely.transform(moved, lambda xy: np.round(xy, 3))

    def into(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """Projected to local."""
        turn = _turn(self.angle)
        return shapely.transform(geometry, lambda xy: (xy - (self.x, self.y)) @ turn)
