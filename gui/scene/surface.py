"""The ground: a grid of triangles on which everything stands, and rays that meet it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gui.scene.mesh import Mesh

if TYPE_CHECKING:
    from layers.rasters.elevation import Terrain

Floats = NDArray[np.float64]
Bounds = tuple[float, float, float, float]

MAX_CELLS = 100
"""Cells along the longer side: the drawn DEM costs a frame more than anything else, and its fine
relief shows in the baked light, not in the triangles."""
FINEST_CELL_M = 15.0
FLAT_M = 0.3
"""Ground that rises less than this is drawn as one plane."""
MARGIN = 0.08


@dataclass(frozen=True, eq=False)
class Surface:
    """Heights on a regular grid; between the corners the surface is two triangles a cell.

    Parameters
    ----------
    origin
        What the meshes are relative to: x, y, z in the CRS (float32 holds a district, no CRS).
    west, south
        The first corner in the CRS.
    step_x, step_y
        Size of a cell in metres.
    heights
        Float64, shape (rows, columns), rows going north; metres.
    """

    origin: tuple[float, float, float]
    west: float
    south: float
    step_x: float
    step_y: float
    heights: Floats

    @property
    def bounds(self) -> Bounds:
        """West, south, east and north of the grid."""
        rows, columns = self.heights.shape
        east = self.west + (columns - 1) * self.step_x
        return self.west, self.south, east, self.south + (rows - 1) * self.step_y

    @property
    def is_flat(self) -> bool:
        """Whether the ground is one level plane."""
        return bool(np.ptp(self.heights) == 0.0)

    def height(self, x: Floats, y: Floats) -> Floats:
        """Return the height of the drawn triangles at x, y; outside the grid that of its edge."""
        rows, columns = self.heights.shape
        across = np.clip((x - self.west) / self.step_x, 0.0, columns - 1.0)
        up = np.clip((y - self.south) / self.step_y, 0.0, rows - 1.0)
        column = np.minimum(across.astype(np.int64), columns - 2)
        row = np.minimum(up.astype(np.int64), rows - 2)
        u, v = across - column, up - row
        low, right = self.heights[row, column], self.heights[row, column + 1]
        left, high = self.heights[row + 1, column], self.heights[row + 1, column + 1]
        lower = low + u * (right - low) + v * (high - right)
        upper = low + v * (left - low) + u * (high - left)
        return np.asarray(np.where(u >= v, lower, upper))

    def hit(self, start: Floats, direction: Floats) -> Floats | None:
        """Return where a ray first meets the ground, shape (3,) in the CRS, or None.

        `start` lies above the ground; `direction` need not have unit length.
        """
        low, high = float(self.heights.min()), float(self.heights.max())
        if direction[2] >= 0.0:
            return None
        first = max(0.0, (high - start[2]) / direction[2])
        last = (low - start[2]) / direction[2]
        for _ in range(3):  # each round looks 200 times closer
            t = np.linspace(first, last, 200)
            points = start + t[:, None] * direction
            below = points[:, 2] <= self.height(points[:, 0], points[:, 1]) + 1e-9
            k = int(np.argmax(below)) if below.any() else len(t) - 1
            first, last = t[max(k - 1, 0)], t[k]
        return np.asarray(start + last * direction)

    def local(self, x: Floats, y: Floats, lift: float | Floats = 0.0) -> NDArray[np.float32]:
        """Return float32 points on the ground, raised by `lift`, relative to the origin."""
        z = self.height(x, y) + lift
        return np.stack(
            [x - self.origin[0], y - self.origin[1], z - self.origin[2]], axis=-1
        ).astype(np.float32)

    def mesh(self) -> Mesh:
        """Return the triangles of the grid."""
        rows, columns = self.heights.shape
        x = self.west + self.step_x * np.arange(columns)
        y = self.south + self.step_y * np.arange(rows)
        grid_x, grid_y = np.meshgrid(x, y)
        points = self.local(grid_x.ravel(), grid_y.ravel())
        corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
        lower = np.stack([corner, corner + 1, corner + columns + 1], axis=1)
        upper = np.stack([corner, corner + columns + 1, corner + columns], axis=1)
        return Mesh(points, np.concatenate([lower, upper]).astype(np.int32))


def make_surface(bounds: Bounds, terrain: Terrain | None) -> Surface:
    """Return the ground under `bounds` with a margin; level where there is no terrain.

    Holes in the terrain take the nearest height that is known.
    """
    west, south, east, north = bounds
    margin = MARGIN * max(east - west, north - south, 100.0)
    width, depth = east - west + 2 * margin, north - south + 2 * margin
    cell = max(max(width, depth) / MAX_CELLS, FINEST_CELL_M)
    columns, rows = int(np.ceil(width / cell)) + 1, int(np.ceil(depth / cell)) + 1
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    x = middle_x + cell * (np.arange(columns) - (columns - 1) / 2)
    y = middle_y + cell * (np.arange(rows) - (rows - 1) / 2)
    heights = _sampled(terrain, x, y)
    if np.ptp(heights) < FLAT_M:
        middle = float(heights.mean())
        heights = np.full((2, 2), middle)
        x, y = x[[0, -1]], y[[0, -1]]
    origin = (round(middle_x), round(middle_y), round(float(heights.min())))
    step_x, step_y = float(x[1] - x[0]), float(y[1] - y[0])
    return Surface(origin, float(x[0]), float(y[0]), step_x, step_y, heights)


def _sampled(terrain: Terrain | None, x: NDArray[Any], y: NDArray[Any]) -> Floats:
    if terrain is None:
        return np.zeros((len(y), len(x)))
    grid_x, grid_y = np.meshgrid(x, y)
    heights = np.asarray(terrain.sample(grid_x.ravel(), grid_y.ravel())).reshape(grid_x.shape)
    unknown = np.isnan(heights)
    if unknown.all():
        return np.zeros_like(heights)
    if unknown.any():
        from scipy.ndimage import distance_transform_edt  # slow to load, and seldom needed

        nearest = distance_transform_edt(unknown, return_distances=False, return_indices=True)
        heights = heights[tuple(nearest)]
    return heights
