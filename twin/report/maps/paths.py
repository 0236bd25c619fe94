"""From geometry in metres to the path data of an SVG, whole layers at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

UNITS_PER_MM = 100
"""Drawing units are hundredths of a millimetre on paper, so that whole numbers are fine enough."""
SIMPLIFY_M = 0.3
"""No corner moves farther than this on the ground, or than half a drawing unit if that is more."""


@dataclass(frozen=True)
class Frame:
    """The rectangle of the ground that a map shows, and the paper that it fills.

    `west`, `south`, `east`, `north` in metres; `left`, `top`, `width`, `height` in drawing units.
    """

    west: float
    south: float
    east: float
    north: float
    left: float
    top: float
    width: float
    height: float

    @property
    def scale(self) -> float:
        """Drawing units for each metre on the ground."""
        return self.width / (self.east - self.west)

    def place(self, xy: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the drawing units (n, 2) of points in metres (n, 2); y goes down on paper."""
        x = self.left + (xy[..., 0] - self.west) * self.scale
        y = self.top + (self.north - xy[..., 1]) * self.scale
        return np.rint(np.stack([x, y], axis=-1)).astype(np.int64)

    def seen(self, geometry: NDArray[Any]) -> NDArray[Any]:
        """Return what lies within the frame, simplified to what the paper can show."""
        if not len(geometry):
            return geometry
        tolerance = max(SIMPLIFY_M, 0.5 / self.scale)
        inside = shapely.intersects(geometry, shapely.box(*self._bounds))
        cut = shapely.clip_by_rect(geometry[inside], *self._bounds)
        return np.asarray(shapely.simplify(cut, tolerance), dtype=object)

    @property
    def _bounds(self) -> tuple[float, float, float, float]:
        return self.west, self.south, self.east, self.north


def polygons(geometry: NDArray[Any], frame: Frame) -> str:
    """Return one path for all polygons (holes stay open, overlaps stay filled)."""
    parts = shapely.get_parts(frame.seen(geometry))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    rings = shapely.get_rings(shapely.orient_polygons(parts)) if len(parts) else parts
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    last = np.append(ring[1:] != ring[:-1], True)[: len(ring)]
    return _path(frame.place(xy[~last]), ring[~last], smallest=3, end="z")


def lines(geometry: NDArray[Any], frame: Frame) -> str:
    """Return one path for all lines."""
    parts = shapely.get_parts(shapely.get_parts(frame.seen(geometry)))
    xy, line = shapely.get_coordinates(parts, return_index=True)
    return _path(frame.place(xy), line, smallest=2, end="")


def shapes(outline: NDArray[np.float64], centres: NDArray[np.int64]) -> str:
    """Return one path that repeats a closed `outline` (k, 2) at each of `centres` (n, 2)."""
    xy = np.rint(centres[:, None, :] + outline[None, :, :]).astype(np.int64).reshape(-1, 2)
    return _path(xy, np.repeat(np.arange(len(centres)), len(outline)), smallest=3, end="z")


def _path(xy: NDArray[np.int64], part: NDArray[np.int64], smallest: int, end: str) -> str:
    """Return path data of parts numbered along `part`; parts that shrank away are left out."""
    same = np.append(False, (part[1:] == part[:-1]) & (xy[1:] == xy[:-1]).all(axis=1))[: len(part)]
    xy, part = xy[~same], part[~same]
    _, place, count = np.unique(part, return_inverse=True, return_counts=True)
    kept = count[place] >= smallest if len(part) else np.empty(0, dtype=bool)
    xy, place = xy[kept], place[kept]
    if not len(xy):
        return ""
    first = np.append(True, place[1:] != place[:-1])
    step = np.where(first[:, None], xy, xy - np.roll(xy, 1, axis=0))
    count = count[count >= smallest]
    forms = {n: f"M%d %dl%d %d{' %d %d' * (n - 2)}{end}" for n in np.unique(count).tolist()}
    form = "".join(map(forms.__getitem__, count.tolist()))
    return form % tuple(step.ravel().tolist())
