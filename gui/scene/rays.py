"""How high the sun's rays pass over each place: what lies lower is in the shadow of a building.

The heights are kept on a grid that is turned to the sun, whose columns are rays seen from above. So
the sides of a shadow are straight, and where a ray leaves a building is known to the centimetre,
however coarse the grid is; only between two columns is it a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gui.scene.mesh import spans
from gui.scene.rings import Rings
from gui.scene.sun import Sun

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
Places = TypeVar("Places", float, Floats, Floats32)

LOWEST_DEG = 1.0
"""Lower suns throw shadows farther than any district reaches."""
STEPS_A_METRE = 64
"""Steps of the heights where they are two bytes each; these reach 1,024 m."""
_NIGHT_M = 1000.0
"""What rays pass over where there are none: more than anything is high."""


@dataclass(frozen=True, eq=False)
class Rays:
    """What the sun's rays clear.

    Parameters
    ----------
    sun
        Where they come from.
    texels
        The highest ray over each place that a building stops between there and the sun: uint8,
        shape (rows, columns, 2), of each height the lower and the higher byte, in steps of
        `STEPS_A_METRE`. Rows go away from the sun.
    corner
        What all places and heights count from: x, y, z in the CRS.
    across, along
        Where the left edge of the first column and the middle of the first row lie, in metres as of
        :func:`turned`.
    step
        Metres from one row or column to the next.
    """

    sun: Sun
    texels: NDArray[np.uint8]
    corner: tuple[float, float, float]
    across: float
    along: float
    step: float

    def behind(self, x: Floats, y: Floats) -> Floats32:
        """Return the height cleared at places that broadcast, or just behind where that is more.

        All in metres from the corner. Where a building stands it may be what that clears itself.
        """
        across, along = turned(self.sun, x.astype(np.float32), y.astype(np.float32))
        steps = self.texels.view("<u2")[..., 0]
        last_row, last_column = np.array(steps.shape) - 1
        down = (along - self.along) / self.step
        row = np.clip(np.floor(down), 0, last_row).astype(np.int32)
        column = np.clip((across - self.across) / self.step, 0, last_column).astype(np.int32)
        sunk = np.float32(slope(self.sun) * self.step) * (down - row)
        here = steps[row, column] / np.float32(STEPS_A_METRE) - sunk
        next_ = steps[np.minimum(row + 1, last_row), column] / np.float32(STEPS_A_METRE)
        return np.asarray(np.maximum(here, next_), np.float32)

    def coarser(self, by: int) -> Rays:
        """Return one of `by` rays and rows: where pixels are large there is less to look up."""
        first = min(by // 2, self.texels.shape[1] - 1)
        kept = np.ascontiguousarray(self.texels[::by, first::by])
        left = self.across + (first + 0.5 - by / 2) * self.step
        return replace(self, texels=kept, across=left, step=self.step * by)


def slope(sun: Sun) -> float:
    """Return how many metres a ray sinks on a metre along the ground."""
    return float(np.tan(np.radians(max(sun.altitude_deg, LOWEST_DEG))))


def turned(sun: Sun, x: Places, y: Places) -> tuple[Places, Places]:
    """Return how far places lie across the sun's rays, to the right of who looks along them.

    The second is how far they lie along the rays, away from the sun.
    """
    azimuth = np.radians(sun.azimuth_deg)
    east, north = float(np.sin(azimuth)), float(np.cos(azimuth))
    return east * y - north * x, -east * x - north * y


def cast(
    rings: Rings,
    tops: Floats,
    corner: tuple[float, float, float],
    size: tuple[float, float],
    sun: Sun,
    step: float,
) -> Rays:
    """Return what a sun's rays clear over a rectangle of ground.

    Parameters
    ----------
    rings
        Outlines of the buildings.
    tops
        Height of each building's roof in the CRS, shape (buildings,).
    corner
        The rectangle's in the south-west, at the height of the lowest ground.
    size
        Its width and depth in metres.
    step
        How far rays lie apart, in metres.
    """
    if sun.altitude_deg < LOWEST_DEG:
        return Rays(sun, _texels(np.full((1, 1), _NIGHT_M, np.float32)), corner, 0.0, 0.0, step)
    x, y = np.array([(x, y) for x in (0.0, size[0]) for y in (0.0, size[1])]).T
    across, along = turned(sun, x, y)
    left, first = float(across.min()), float(along.min())
    rows, columns = (int(np.ceil(np.ptp(side) / step)) + 1 for side in (along, across))
    heights = np.zeros((rows, columns), np.float32)
    column, leaves, building = _ways_out(rings, corner, sun, left, step)
    row = np.ceil((leaves - first) / step).astype(np.int64)
    cleared = tops[building] - corner[2] - slope(sun) * (first + row * step - leaves)
    there = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    np.maximum.at(heights, (row[there], column[there]), cleared[there].astype(np.float32))
    drop = np.float32(step * slope(sun))
    for before, here in pairwise(heights):
        np.maximum(here, before - drop, out=here)
    return Rays(sun, _texels(heights), corner, left, first, step)


def _texels(heights: Floats32) -> NDArray[np.uint8]:
    """Return heights as bytes, rounded down: no roof is to be in the shade of itself."""
    steps = np.minimum(heights * STEPS_A_METRE, np.iinfo(np.uint16).max).astype("<u2")
    return steps.view(np.uint8).reshape(*steps.shape, 2)


def _ways_out(
    rings: Rings, corner: tuple[float, float, float], sun: Sun, left: float, step: float
) -> tuple[NDArray[np.int64], Floats, NDArray[np.int64]]:
    """Return where rays leave buildings: their column, how far along, and which building."""
    across, along = turned(sun, *(rings.xy - corner[:2]).T)
    after = rings.following
    out = np.flatnonzero(across[after] < across)  # outlines go round to the left
    near, far = across[after[out]], across[out]
    first = np.ceil((near - left) / step - 0.5).astype(np.int64)
    count = np.ceil((far - left) / step - 0.5).astype(np.int64) - first
    edge = np.repeat(np.arange(len(out)), count)
    column = first[edge] + spans(count)
    share = (left + (column + 0.5) * step - near[edge]) / (far - near)[edge]
    start, end = along[after[out]][edge], along[out][edge]
    return column, start + share * (end - start), rings.corner_owner[out][edge]
