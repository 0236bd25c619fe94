"""A picture that lies under the plan: an orthophoto or a scanned drawing, as a value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Underlay:
    """A picture on a north-up grid in the district's metric CRS.

    Parameters
    ----------
    pixels
        uint8 (rows, cols, 4), rows from north to south: red, green, blue and opacity. Read-only.
    origin_x, origin_y
        Upper left corner of the upper left pixel, m.
    step_x, step_y
        Width and height of a pixel, m, both positive.
    """

    pixels: NDArray[np.uint8]
    origin_x: float
    origin_y: float
    step_x: float
    step_y: float

    def __post_init__(self) -> None:
        pixels = np.array(self.pixels, dtype=np.uint8)
        pixels.setflags(write=False)
        object.__setattr__(self, "pixels", pixels)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the picture, m."""
        rows, cols, _ = self.pixels.shape
        east = self.origin_x + cols * self.step_x
        return self.origin_x, self.origin_y - rows * self.step_y, east, self.origin_y
