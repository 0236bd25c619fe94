"""Where the sun stands over a place at a date and hour.

Source: J. Meeus, Astronomical Algorithms, 2nd ed. (Willmann-Bell 1998), chapters 12, 13, 22 and 25,
the solar coordinates of low accuracy: within 0.01 degrees from 1900 to 2100. The refraction of the
air, at most half a degree and that at the horizon, is left out: shadows do not show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import numpy as np

from gui.scene.style import SUN_ALTITUDE_DEG, SUN_AZIMUTH_DEG

if TYPE_CHECKING:
    from twin.model.district import District

_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_CHINA = (73.0, 18.0, 135.5, 54.0)
_CHINA_HOURS = 8


@dataclass(frozen=True)
class Sun:
    """Where light comes from: degrees clockwise from north, and above the horizon."""

    azimuth_deg: float
    altitude_deg: float

    @property
    def is_up(self) -> bool:
        """Whether it shines at all."""
        return self.altitude_deg > 0.0

    @property
    def on_walls(self) -> float:
        """How much of its light falls on a wall that faces it, of that on a sheet held square."""
        return float(np.cos(np.radians(self.altitude_deg))) if self.is_up else 0.0


STUDIO = Sun(SUN_AZIMUTH_DEG, SUN_ALTITUDE_DEG)
"""The soft light of the model where nobody asks for an hour."""


def sun_at(moment: datetime, longitude_deg: float, latitude_deg: float) -> Sun:
    """Return the sun's place in the sky.

    Parameters
    ----------
    moment
        With its time zone.
    longitude_deg, latitude_deg
        Of the place, east and north positive.

    Raises
    ------
    ValueError
        Where `moment` has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    days = (moment - _J2000) / timedelta(days=1)
    ascension, declination = _equatorial(days / 36525.0)
    sidereal = np.radians(280.46061837 + 360.98564736629 * days + longitude_deg)  # Meeus 12.4
    hour, latitude = sidereal - ascension, np.radians(latitude_deg)
    altitude = np.arcsin(
        np.sin(latitude) * np.sin(declination)
        + np.cos(latitude) * np.cos(declination) * np.cos(hour)
    )
    west_of_south = np.arctan2(
        np.sin(hour), np.cos(hour) * np.sin(latitude) - np.tan(declination) * np.cos(latitude)
    )
    return Sun(float(np.degrees(west_of_south) + 180.0) % 360.0, float(np.degrees(altitude)))


def _equatorial(centuries: float) -> tuple[float, float]:
    """Return right ascension and declination in radians, Meeus chapter 25."""
    t = centuries
    mean = 280.46646 + t * (36000.76983 + 0.0003032 * t)
    anomaly = np.radians(357.52911 + t * (35999.05029 - 0.0001537 * t))
    centre = (
        (1.914602 - t * (0.004817 + 0.000014 * t)) * np.sin(anomaly)
        + (0.019993 - 0.000101 * t) * np.sin(2 * anomaly)
        + 0.000289 * np.sin(3 * anomaly)
    )
    node = np.radians(125.04 - 1934.136 * t)
    longitude = np.radians(mean + centre - 0.00569 - 0.00478 * np.sin(node))
    oblique = np.radians(23.4392911 - 0.0130042 * t + 0.00256 * np.cos(node))
    ascension = np.arctan2(np.cos(oblique) * np.sin(longitude), np.cos(longitude))
    return float(ascension), float(np.arcsin(np.sin(oblique) * np.sin(longitude)))


def place_of(district: District, x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude in degrees of a place in the district's CRS."""
    from pyproj import Transformer

    to_degrees = Transformer.from_crs(district.crs, 4326, always_xy=True)
    longitude, latitude = to_degrees.transform(x, y)
    return float(longitude), float(latitude)


def clock_of(longitude_deg: float, latitude_deg: float) -> timezone:
    """Return the time that clocks show at a place: all of China's, elsewhere that of the meridian.

    Summer time and the borders of other countries' zones are not known here.
    """
    west, south, east, north = _CHINA
    in_china = west <= longitude_deg <= east and south <= latitude_deg <= north
    hours = _CHINA_HOURS if in_china else round(longitude_deg / 15.0)
    return timezone(timedelta(hours=hours))
