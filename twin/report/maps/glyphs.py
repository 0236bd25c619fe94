"""Outlines of the services' signs, one for each family, of radius 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Outline = NDArray[np.float64]


def _regular(corners: int, turn_deg: float, radius: float) -> Outline:
    angle = np.radians(turn_deg + np.arange(corners) * 360.0 / corners)
    return radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _cross(arm: float, reach: float) -> Outline:
    quarter = np.array([[arm, arm], [arm, reach], [-arm, reach]])
    turns = [np.array([[0, -1], [1, 0]])] * 4
    corners = [quarter]
    for turn in turns[:3]:
        corners.append(corners[-1] @ turn.T)
    return np.concatenate(corners)


OUTLINES: dict[str, Outline] = {
    "circle": _regular(28, 0.0, 0.92),
    "triangle": _regular(3, -90.0, 1.2),
    "square": _regular(4, 45.0, 1.15),
    "cross": _cross(0.42, 1.02),
    "diamond": _regular(4, 0.0, 1.2),
    "hexagon": _regular(6, 0.0, 1.02),
}
"""Corners (k, 2) by a family's shape; sizes are balanced so that all look equally large."""
