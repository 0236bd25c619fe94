"""GCJ-02 and BD-09, the shifted coordinates of Chinese online maps, to WGS 84 and back.

Map services in China move every place by some hundred metres: GCJ-02 is the law's shift, BD-09 is
Baidu's further one on top of it. Both are functions of the place alone, so they can be undone
exactly; PROJ declines to. All functions take and return degrees, as float64 arrays of one shape.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Degrees = NDArray[np.float64]
Shift = Callable[[Degrees, Degrees], tuple[Degrees, Degrees]]
Datum = Literal["wgs84", "gcj02", "bd09"]
DATUMS: tuple[Datum, ...] = ("wgs84", "gcj02", "bd09")

# Constants and formulas of the shift as published in 2010 with the reverse-engineered
# "eviltransform" and described in "Restrictions on geographic data in China" (Wikipedia); GCJ-02
# stands on the ellipsoid of Krasovsky 1940 (EPSG:7024).
_AXIS_M = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_SHIFTED_BOX = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north: services leave coordinates outside it as they are."""

_BAIDU_ANGLE = np.pi * 3000.0 / 180.0
_BAIDU_EAST, _BAIDU_NORTH = 0.0065, 0.006
_STEPS = 5
"""Fixed-point steps: the shift changes by some metres per km, so each step leaves under 1 % of the
error of the last. Three suffice for micrometres in most of China and leave 1 mm at worst; five
leave nothing anywhere."""


def to_gcj02(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Shift WGS 84 to GCJ-02; places outside the box in which services shift stay."""
    x, y = longitude - 105.0, latitude - 35.0
    root = np.sqrt(np.abs(x))
    fast = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += 2.0 / 3.0 * (fast + _waves(y, 20.0, 40.0, 160.0, 320.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += 2.0 / 3.0 * (fast + _waves(x, 20.0, 40.0, 150.0, 300.0))
    # Metres to degrees by the radii of curvature in the meridian and across it.
    phi = np.radians(latitude)
    flat = 1.0 - _ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    meridian = _AXIS_M * (1.0 - _ECCENTRICITY_SQUARED) / (flat * np.sqrt(flat))
    across = _AXIS_M / np.sqrt(flat) * np.cos(phi)
    shifted = is_shifted(longitude, latitude)
    return (
        np.where(shifted, longitude + np.degrees(east / across), longitude),
        np.where(shifted, latitude + np.degrees(north / meridian), latitude),
    )


def _waves(t: Degrees, one: float, third: float, twelfth: float, thirtieth: float) -> Degrees:
    angle = np.pi * t
    return np.asarray(
        one * np.sin(angle)
        + third * np.sin(angle / 3.0)
        + twelfth * np.sin(angle / 12.0)
        + thirtieth * np.sin(angle / 30.0)
    )


def is_shifted(longitude: Degrees, latitude: Degrees) -> NDArray[np.bool_]:
    """Tell which places lie in the box in which Chinese services shift coordinates."""
    west, south, east, north = _SHIFTED_BOX
    inside = (longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)
    return np.asarray(inside)


def _baidu_from_gcj02(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    radius = np.hypot(longitude, latitude) + 0.00002 * np.sin(latitude * _BAIDU_ANGLE)
    angle = np.arctan2(latitude, longitude) + 0.000003 * np.cos(longitude * _BAIDU_ANGLE)
    shifted = is_shifted(longitude, latitude)
    return (
        np.where(shifted, radius * np.cos(angle) + _BAIDU_EAST, longitude),
        np.where(shifted, radius * np.sin(angle) + _BAIDU_NORTH, latitude),
    )


def to_bd09(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Shift WGS 84 to BD-09."""
    return _baidu_from_gcj02(*to_gcj02(longitude, latitude))


def from_gcj02(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Bring GCJ-02 back to WGS 84, to micrometres."""
    return _undone(to_gcj02, longitude, latitude)


def from_bd09(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Bring BD-09 back to WGS 84, to micrometres."""
    return from_gcj02(*_undone(_baidu_from_gcj02, longitude, latitude))


def _undone(shift: Shift, longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Find the place that `shift` brings to the given one, by fixed-point steps."""
    x, y = np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)
    for _ in range(_STEPS):
        there_x, there_y = shift(x, y)
        x, y = x + (longitude - there_x), y + (latitude - there_y)
    return x, y


def _as_it_is(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    return longitude, latitude


UNSHIFT: dict[Datum, Shift] = {"wgs84": _as_it_is, "gcj02": from_gcj02, "bd09": from_bd09}
"""What brings the coordinates of each datum to WGS 84."""

SHIFT: dict[Datum, Shift] = {"wgs84": _as_it_is, "gcj02": to_gcj02, "bd09": to_bd09}
"""What brings WGS 84 to each datum."""
