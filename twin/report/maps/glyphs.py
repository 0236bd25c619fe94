"""The services' signs on paper: shapes and drawings of :mod:`twin.model.signs` as paths."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.model.signs import OUTLINES, ROOM, Shape, drawn_areas
from twin.report.maps.paths import shapes

_DOWN = np.array([1.0, -1.0])


def sign_path(shape: Shape, radius: float, centres: NDArray[np.int64]) -> str:
    """Return path data of a family's shape at each of `centres` (n, 2)."""
    return shapes(OUTLINES[shape] * _DOWN * radius, centres)


def drawing_path(shape: Shape, drawing: str, radius: float, centres: NDArray[np.int64]) -> str:
    """Return path data of a type's drawing within those shapes; "" where it has none."""
    if not drawing:
        return ""
    middle, half = ROOM[shape]
    rings = shapely.get_rings(np.array(drawn_areas(drawing), dtype=object))
    corners = (shapely.get_coordinates(ring)[:-1] * half + (0.0, middle) for ring in rings)
    return "".join(shapes(ring * _DOWN * radius, centres) for ring in corners)
