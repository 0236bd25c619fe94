"""The ground as a value: heights on a grid, sampled between the centres of its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from rasterio.transform import Affine


@dataclass(frozen=True, eq=False)
class Terrain:
    """Heights on a north-up grid in the district's metric CRS.

    Parameters
    ----------
    values
        float32 (rows, cols), rows from north to south, metres above the datum; NaN is "no data".
        Read-only.
    origin_x, origin_y
        Upper left corner of the upper left cell, m.
    step_x, step_y
        Width and height of a cell, m, both positive.
    """

    values: NDArray[np.float32]
    origin_x: float
    origin_y: float
    step_x: float
    step_y: float

    def __post_init__(self) -> None:
        values = np.array(self.values, dtype=np.float32)
        values.setflags(write=False)
        object.__setattr__(self, "values", values)

    def sample(
        self, x: NDArray[np.float64] | float, y: NDArray[np.float64] | float
    ) -> NDArray[np.float64]:
        """Return heights at points, bilinear between the centres of cells.

        Points beyond the outermost centres take the height of the nearest place on the rectangle
        of centres. A point is NaN where any cell that takes part in it has no data.

        Parameters
        ----------
        x, y
            Coordinates, m, of one shape.

        Returns
        -------
        float64 of the shape of `x`
        """
        rows, cols = self.values.shape
        xs, ys = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
        column, right = _cell_and_share((xs - self.origin_x) / self.step_x - 0.5, cols)
        row, below = _cell_and_share((self.origin_y - ys) / self.step_y - 0.5, rows)
        next_column = np.minimum(column + 1, cols - 1)
        next_row = np.minimum(row + 1, rows - 1)
        height = np.zeros(xs.shape, dtype=np.float64)
        for r, c, weight in (
            (row, column, (1 - below) * (1 - right)),
            (row, next_column, (1 - below) * right),
            (next_row, column, below * (1 - right)),
            (next_row, next_column, below * right),
        ):
            # A weight of zero takes no part: its NaN must not spread.
            height += np.where(weight > 0, weight * self.values[r, c].astype(np.float64), 0.0)
        return np.asarray(np.where(np.isfinite(xs) & np.isfinite(ys), height, np.nan))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the grid, m."""
        rows, cols = self.values.shape
        east = self.origin_x + cols * self.step_x
        return self.origin_x, self.origin_y - rows * self.step_y, east, self.origin_y

    @property
    def transform(self) -> Affine:
        """The grid's place as GDAL has it."""
        from rasterio.transform import Affine  # here, for it loads GDAL

        return Affine(self.step_x, 0.0, self.origin_x, 0.0, -self.step_y, self.origin_y)


def _cell_and_share(
    position: NDArray[np.float64], count: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Split a position between cell centres into the lower cell and the next cell's share."""
    inside = np.clip(np.nan_to_num(position), 0.0, count - 1.0)
    cell = np.minimum(np.floor(inside).astype(np.intp), max(count - 2, 0))
    return cell, inside - cell
