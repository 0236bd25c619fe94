"""A figure that is known along streets, as a coloured picture that lies on the ground.

It is a drawing: every figure that is told is computed on buildings and people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from gui.scene.style import FieldKind, Theme, band_colours, field_colours, rgb
from gui.scene.surface import Bounds

Floats = NDArray[np.float64]

_STEP_M = 8.0
"""Streets are sampled this often along their length."""
_SPREAD_M = 17.0
"""How far a street's figure spreads: it fades out at twice this from the last street."""
_FINEST_M, _MOST_CELLS = 6.0, 800
_OPACITY = 0.74
_EDGE = 0.054 / _SPREAD_M
"""Density of samples, per metre of street, at twice the spread beside a straight street."""


@dataclass(frozen=True, eq=False)
class Field:
    """A picture to lay on the ground.

    Parameters
    ----------
    pixels
        By theme, uint8 (rows, columns, 4), rows going north; what is not covered is transparent.
    bounds
        West, south, east and north in the CRS.
    kind, maximum
        Which ramp it is coloured by, and the value at its end.
    unit
        What that is counted in, "" for people.
    limit
        How far the picture goes, in that unit; 0 where nothing ends it.
    """

    pixels: dict[Theme, NDArray[np.uint8]]
    bounds: Bounds
    kind: FieldKind
    maximum: float
    unit: Literal["m", "min", ""] = ""
    limit: float = 0.0


def make_field(
    lines: NDArray[np.object_],
    start: Floats,
    end: Floats,
    bounds: Bounds,
    kind: FieldKind,
    maximum: float,
    unit: Literal["m", "min", ""] = "",
) -> Field:
    """Return the picture of values that run evenly along lines from `start` to `end`.

    Pure, for a worker thread. Lines with an end that is NaN are left out; between streets the
    values of those near are averaged, by distance.

    Parameters
    ----------
    lines
        Shapely lines in the CRS, shape (n,).
    start, end
        Values at the first and last point of each, shape (n,).
    bounds
        Of the ground: ``meshes.surface.bounds``.
    """
    known = np.isfinite(start) & np.isfinite(end)
    xy, value = _sampled(lines[known], start[known], end[known])
    mean, opacity = _spread(xy, value, bounds)
    pictures = {theme: _painted(mean, opacity, kind, maximum, theme) for theme in _THEMES}
    return Field(pictures, bounds, kind, maximum, unit)


_THEMES: Sequence[Theme] = ("light", "dark")


def _sampled(lines: NDArray[np.object_], start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Return places (m, 2) every few metres along the lines, and the value at each."""
    count = np.maximum(np.ceil(shapely.length(lines) / _STEP_M).astype(np.int64), 1)
    row = np.repeat(np.arange(len(lines)), count)
    within = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    share = (within + 0.5) / count[row]
    points = shapely.line_interpolate_point(lines[row], share, normalized=True)
    return shapely.get_coordinates(points), start[row] + share * (end - start)[row]


def _spread(xy: Floats, value: Floats, bounds: Bounds) -> tuple[Floats, Floats]:
    """Return the mean of the values near each cell of a grid, and how much it is covered, 0-1."""
    west, south, east, north = bounds
    cell = max(_FINEST_M, max(east - west, north - south) / _MOST_CELLS)
    columns, rows = (max(int(np.ceil(side / cell)), 1) for side in (east - west, north - south))
    column = ((xy[:, 0] - west) / (east - west) * columns).astype(np.int64)
    row = ((xy[:, 1] - south) / (north - south) * rows).astype(np.int64)
    there = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    place = (row * columns + column)[there]
    size = rows * columns
    count = np.bincount(place, minlength=size).reshape(rows, columns).astype(float)
    total = np.bincount(place, value[there], minlength=size).reshape(rows, columns)
    from scipy.ndimage import gaussian_filter  # slow to load; no first picture waits for it

    sigma = _SPREAD_M / cell
    near, weighted = gaussian_filter(count, sigma), gaussian_filter(total, sigma)
    mean = np.divide(weighted, near, out=np.zeros_like(near), where=near > 1e-9)
    opacity = np.clip(near * _STEP_M / cell**2 / _EDGE - 0.5, 0.0, 1.0)
    return mean, opacity


def _painted(
    mean: Floats, opacity: Floats, kind: FieldKind, maximum: float, theme: Theme
) -> NDArray[np.uint8]:
    """Return the picture in a theme's colours, in steps as the legend has them."""
    steps = field_colours(kind, theme)
    beyond = band_colours("minutes", theme)[-1:] if kind == "reach" else ()
    colours = np.array([rgb(colour) for colour in (*steps, *beyond)])
    share = mean / max(maximum, 1e-9)
    step = np.clip(np.floor(share * len(steps)), 0, len(colours) - 1).astype(np.int64)
    if kind == "gain":  # where nobody gains the ground stays as it is
        opacity = opacity * np.clip(share * len(steps) * 2.0, 0.0, 1.0)
    picture = np.empty((*mean.shape, 4), np.uint8)
    picture[..., :3] = np.round(colours * 255).astype(np.uint8)[step]
    picture[..., 3] = np.round(opacity * _OPACITY * 255)
    return picture
