"""The signs of services wherever they are drawn: a shape for each family, a drawing for each type.

The scene, the panels, sheets and the report's maps all draw from here. Shapes have a radius of
about 1 and are chosen so that any two differ in more than a seventh of the box that holds both, at
the size of a pin too (a test measures it): the family can be told without its colour. A drawing
(``twin/data/signs.toml``) tells the types of a family apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias, cast, get_args

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.model.own_data import PACKAGE_DATA, read_toml

Floats = NDArray[np.float64]
Shape: TypeAlias = Literal["circle", "triangle", "square", "cross", "diamond", "shield", "tag"]
Kind: TypeAlias = Literal["line", "fill", "disc", "ring"]

SHAPES: tuple[Shape, ...] = get_args(Shape)
SEVERAL: Shape = "tag"
"""What stands for services of several families, and for those of no known type."""
SEVERAL_TYPES = "several"
"""The drawing of one facility that serves several types."""
_GRID = 24.0


def _circle(radius: float) -> Floats:
    angle = np.linspace(0.0, 2.0 * np.pi, 48, endpoint=False)
    return radius * np.column_stack([np.cos(angle), np.sin(angle)])


def _cross(arm: float, reach: float) -> Floats:
    quarter = np.array([[arm, arm], [arm, reach], [-arm, reach]])
    turn = np.array([[0.0, 1.0], [-1.0, 0.0]])
    return np.concatenate([quarter @ np.linalg.matrix_power(turn, k) for k in range(4)])


OUTLINES: dict[Shape, Floats] = {
    "circle": _circle(1.0),
    "triangle": np.array([(0.0, 1.14), (-1.16, -0.84), (1.16, -0.84)]),
    "square": 0.775 * np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]),
    "cross": _cross(0.45, 1.08),
    "diamond": 1.05 * np.array([(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)]),
    "shield": np.array([(-0.72, 0.8), (-0.72, 0.14), (0.0, -1.02), (0.72, 0.14), (0.72, 0.8)]),
    "tag": np.array([(-1.1, -0.62), (1.1, -0.62), (1.1, 0.62), (-1.1, 0.62)]),
}
"""Corners (k, 2) of each shape, y up, counter-clockwise or not; sizes are balanced to the eye."""
ROOM: dict[Shape, tuple[float, float]] = {
    "circle": (0.0, 0.72),
    "triangle": (-0.26, 0.55),
    "square": (0.0, 0.66),
    "cross": (0.0, 0.61),
    "diamond": (0.0, 0.60),
    "shield": (0.2, 0.55),
    "tag": (0.0, 0.54),
}
"""Where a drawing has room in a shape: the height of its middle, and half its side."""


@dataclass(frozen=True, eq=False)
class Stroke:
    """One thing that a drawing lays down, or takes away.

    Parameters
    ----------
    kind
        A line with round ends, a polygon, a disc or a circle's line.
    cut
        Whether it takes away what lies there.
    points
        Shape (k, 2): corners or the middle, from -1 to 1, y up.
    radius
        Of a disc or circle.
    width
        Of a line.
    """

    kind: Kind
    cut: bool
    points: Floats
    radius: float = 0.0
    width: float = 0.0

    def distance(self, x: Floats, y: Floats) -> Floats:
        """Return the signed distance to what it covers, negative inside."""
        if self.kind == "fill":
            return distance_to_polygon(self.points, x, y)
        if self.kind == "line":
            return _to_edges(self.points[:-1], self.points[1:], x, y) - self.width / 2
        away = np.hypot(x - self.points[0, 0], y - self.points[0, 1]) - self.radius
        return np.asarray(away if self.kind == "disc" else np.abs(away) - self.width / 2)

    def area(self) -> Any:
        """Return what it covers as a geometry."""
        if self.kind == "fill":
            return shapely.Polygon(self.points)
        if self.kind == "line":
            return shapely.LineString(self.points).buffer(self.width / 2, quad_segs=4)
        middle = shapely.Point(self.points[0])
        if self.kind == "disc":
            return middle.buffer(self.radius, quad_segs=6)
        return middle.buffer(self.radius, quad_segs=6).exterior.buffer(self.width / 2, quad_segs=4)


def distance_to_polygon(corners: Floats, x: Floats, y: Floats) -> Floats:
    """Return the signed distance to a polygon, negative inside (even and odd)."""
    ends = np.roll(corners, -1, axis=0)
    away = _to_edges(corners, ends, x, y)
    inside = np.zeros(x.shape, bool)
    for (ax, ay), (bx, by) in zip(corners, ends, strict=True):
        if ay != by:
            inside ^= ((ay > y) != (by > y)) & (x < ax + (y - ay) * (bx - ax) / (by - ay))
    return np.where(inside, -away, away)


def _to_edges(first: Floats, last: Floats, x: Floats, y: Floats) -> Floats:
    nearest = np.full(x.shape, np.inf)
    for (ax, ay), (bx, by) in zip(first, last, strict=True):
        along = (bx - ax) ** 2 + (by - ay) ** 2
        part = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / max(along, 1e-12)
        part = np.clip(part, 0.0, 1.0)
        away = (x - ax - part * (bx - ax)) ** 2 + (y - ay - part * (by - ay)) ** 2
        nearest = np.minimum(nearest, away)
    return np.asarray(np.sqrt(nearest))


@cache
def drawings() -> dict[str, tuple[Stroke, ...]]:
    """Return all drawings by name, in the order of their file."""
    rows = read_toml(PACKAGE_DATA / "signs.toml")
    return {name: tuple(map(_stroke, strokes)) for name, strokes in rows.items()}


def _stroke(words: str) -> Stroke:
    first, *rest = words.split()
    cut = first == "cut"
    kind = cast(Kind, rest.pop(0) if cut else first)
    numbers = [float(word) for word in rest]
    scale = 2.0 / _GRID
    width = numbers.pop(0) * scale if kind in ("line", "ring") else 0.0
    radius = numbers.pop() * scale if kind in ("disc", "ring") else 0.0
    points = np.array(numbers).reshape(-1, 2) * scale - 1.0
    return Stroke(kind, cut, points * (1.0, -1.0), radius, width)


@cache
def drawn_areas(name: str) -> tuple[shapely.Polygon, ...]:
    """Return the polygons, holes left open, that a drawing covers; from -1 to 1, y up."""
    whole: Any = shapely.Polygon()
    for stroke in drawings()[name]:
        whole = whole.difference(stroke.area()) if stroke.cut else whole.union(stroke.area())
    parts = shapely.get_parts(shapely.simplify(whole, 0.01))
    return tuple(shapely.orient_polygons(parts))
