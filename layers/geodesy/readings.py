"""Coordinates that are not what their layer says: other readings of the same numbers.

Axes the wrong way round, degrees that are called metres, Gauss-Kruger eastings with the number of
their zone before them where the CRS has none, or without it where it has one, and numbers of
another zone, of UTM or of Web Mercator. Another reading counts only where the stated one leads
nowhere sensible, or away from the other layers, and the other does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.transformer import AreaOfInterest, TransformerGroup

from layers.geodesy.crs import (
    WGS84,
    Bounds,
    fits,
    in_china,
    in_degrees,
    leads_to_degrees,
    looks_like_degrees,
    overlap,
)
from layers.limits import limit

Place = Bounds
"""Where a layer lies, in degrees."""

_ZONE = 1_000_000.0
"""Metres that one zone's number adds to an easting (GB/T 13989: zone number before the easting)."""


@dataclass(frozen=True)
class Reading:
    """One way to read a layer's numbers.

    Parameters
    ----------
    crs
        What the numbers are in, once read so.
    why
        Key of the problem that tells of it; "" for the stated reading.
    swapped
        The axes change places.
    zone
        Number of the zone that is taken off the eastings (negative: put before them).
    """

    crs: pyproj.CRS
    why: str = ""
    swapped: bool = False
    zone: int = 0

    def bounds(self, given: Bounds) -> Bounds:
        """Return bounds as this reading has them."""
        west, south, east, north = given
        if self.swapped:
            west, south, east, north = south, west, north, east
        return west - self.zone * _ZONE, south, east - self.zone * _ZONE, north

    def place(self, given: Bounds) -> Place | None:
        """Return where bounds lie in degrees, or None where they lie nowhere on Earth."""
        read = self.bounds(given)
        if not fits(read, self.crs) or not leads_to_degrees(self.crs):
            return None
        found = in_degrees(read, self.crs)
        return found if found and fits(found, WGS84) else None

    def applied(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return a frame with its coordinates read so."""
        if self.swapped or self.zone:
            shapes = np.asarray(frame.geometry.array)
            z = bool(shapely.has_z(shapes).any())
            shapes = shapely.transform(shapes, self._moved, include_z=z)
            frame = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index))
        return frame.set_crs(self.crs, allow_override=True)

    def _moved(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        order = [1, 0, *range(2, places.shape[1])] if self.swapped else list(range(places.shape[1]))
        moved = places[:, order].copy()
        moved[:, 0] -= self.zone * _ZONE
        return moved


def better_reading(
    bounds: Bounds,
    crs: pyproj.CRS,
    others: Sequence[Place],
    used: Sequence[pyproj.CRS] = (),
) -> tuple[Reading, bool]:
    """Return the reading of a layer that states a CRS.

    Parameters
    ----------
    bounds
        Of the layer, in its own numbers.
    crs
        As stated; PROJ must be able to use it.
    others
        Where other layers lie.
    used
        The CRSs of other layers, of which this may be one too; none where the CRS stands for sure.

    Returns
    -------
    The reading, and whether it leads to a sensible place. The stated one stands unless it is
    impossible, or lies away from the other layers while another reading lies among them.
    """
    stated = Reading(crs)
    here = stated.place(bounds)
    possible = here is not None and not is_degrees_in_metres(bounds, crs)
    usual = possible and here is not None and is_usual(here, crs)
    if usual and here is not None and (not others or among(here, others)):
        return stated, True
    found = [(one, one.place(bounds)) for one in _others(bounds, crs)]
    fitting = [one for one, place in found if place and among(place, others)]
    if fitting:
        return fitting[0], True
    if used and (other := _in_another_crs(bounds, crs, others, used)):
        return other, True
    sensible = [one for one, place in found if place and is_usual(place, one.crs)]
    if usual or not sensible or others:
        return stated, possible
    return sensible[0], True


def reading_without_crs(bounds: Bounds, others: Sequence[Place]) -> Reading | None:
    """Return how to read a layer that states no CRS, where its numbers decide it; else None.

    Degrees the wrong way round; Gauss-Kruger eastings that name their zone; eastings and northings
    that fall among the other layers in the zone of these.
    """
    swapped = Reading(WGS84, "axes_swapped", swapped=True)
    place = swapped.place(bounds)
    if looks_like_degrees(swapped.bounds(bounds)) and not fits(bounds, WGS84) and place:
        return swapped if not others or among(place, others) else None
    candidates = [*_zoned(bounds), *_zones_of(others)]
    for one in candidates:
        place = one.place(bounds)
        if place and (among(place, others) if others else is_usual(place, one.crs)):
            return one
    return _in_another_crs(bounds, None, others, ())


def is_degrees_in_metres(bounds: Bounds, crs: pyproj.CRS) -> bool:
    """Tell whether numbers that a CRS takes for metres can only sensibly be degrees."""
    return crs.is_projected and looks_like_degrees(bounds)


def is_usual(place: Place, crs: pyproj.CRS) -> bool:
    """Tell whether a place lies where its CRS is made for, give or take a zone."""
    area = crs.area_of_use
    if area is None or crs.is_geographic:
        # Nobody lives nearer to a pole: such a latitude is a longitude.
        return max(abs(place[1]), abs(place[3])) <= limit("crs", "farthest_north_degrees")
    margin = limit("crs", "beside_area_of_use_degrees")
    around = (area.west - margin, area.south - margin, area.east + margin, area.north + margin)
    return overlap(place, around)


def among(place: Place, others: Sequence[Place]) -> bool:
    """Tell whether a place lies among others, give or take some kilometres."""
    near = limit("crs", "among_degrees")
    west, south, east, north = place
    around = (west - near, south - near, east + near, north + near)
    return any(overlap(around, other) for other in others)


def _others(bounds: Bounds, crs: pyproj.CRS) -> Iterator[Reading]:
    """Yield the other readings of a stated CRS, the most likely mistake first."""
    if is_degrees_in_metres(bounds, crs):
        yield Reading(WGS84, "degrees_called_metres")
        if looks_like_degrees((bounds[1], bounds[0], bounds[3], bounds[2])):
            yield Reading(WGS84, "degrees_called_metres", swapped=True)
    swapped = Reading(crs, "axes_swapped", swapped=True)
    yield swapped
    if crs.is_projected and not crs.is_geographic:
        for numbers, turned in ((bounds, False), (swapped.bounds(bounds), True)):
            zone = _zone_number(numbers)
            if zone:
                yield Reading(crs, "zone_taken_off", turned, zone)
            elif (own := _zone_of(crs)) is not None:
                yield Reading(crs, "zone_put_before", turned, -own)


def _in_another_crs(
    bounds: Bounds,
    stated: pyproj.CRS | None,
    others: Sequence[Place],
    used: Sequence[pyproj.CRS],
) -> Reading | None:
    """Return the reading in another CRS that lies over the other layers best, None where none does.

    The same numbers in two zones lie hundreds of kilometres apart; where UTM and Gauss-Kruger share
    a meridian they lie one kilometre apart, so that the most like outline decides.
    """
    why = "crs_read_as_another" if stated is not None else "crs_assumed_near_others"
    best, least = None, np.inf
    for crs in [*used, *_usual_crs(others)]:
        if crs.is_geographic or (stated is not None and crs.equals(stated)):
            continue
        place = Reading(crs).place(bounds)
        unlike = [_unlike(place, other) for other in others if place and _beside(place, other)]
        if unlike and min(unlike) < least:
            best, least = Reading(crs, why), min(unlike)
    return best


def _usual_crs(others: Sequence[Place]) -> Iterator[pyproj.CRS]:
    """Yield the CRSs that data of a place are often in, beside its own zone the neighbours'."""
    yield pyproj.CRS.from_epsg(3857)
    for west, south, east, north in others[:1]:
        longitude, latitude = (west + east) / 2, (south + north) / 2
        zone = int((longitude + 180) // 6) + 1
        codes = [(32600 if latitude >= 0 else 32700) + n for n in _around(zone, 1, 60)]
        if in_china(longitude, latitude):
            three = [4534 + n for n in _around(round((longitude - 75) / 3), 0, 20)]
            six = [4502 + n for n in _around(round((longitude - 75) / 6), 0, 10)]
            codes = [*three, *six, *codes]
        yield from (pyproj.CRS.from_epsg(code) for code in codes)


def _around(zone: int, first: int, last: int) -> list[int]:
    return [n for n in (zone, zone - 1, zone + 1) if first <= n <= last]


def _beside(one: Place, other: Place) -> bool:
    near = limit("crs", "beside_degrees")
    return overlap((one[0] - near, one[1] - near, one[2] + near, one[3] + near), other)


def _unlike(one: Place, other: Place) -> float:
    """Return how far apart the sides of two places are, squared, square degrees."""
    return float(np.square(np.subtract(one, other)).sum())


def _zone_number(bounds: Bounds) -> int:
    """Return the number of a Gauss-Kruger zone before eastings, 0 where there is none."""
    west, east = int(bounds[0] // _ZONE), int(bounds[2] // _ZONE)
    low, high = limit("crs", "first_zone"), limit("crs", "last_zone")
    return west if west == east and low <= west <= high else 0


def _zone_of(crs: pyproj.CRS) -> int | None:
    """Return the number of the zone that a CRS puts before its eastings, None where it does not."""
    operation = crs.coordinate_operation
    values = {} if operation is None else {p.name: p.value for p in operation.params}
    easting = float(values.get("False easting", 0.0))
    return int(easting // _ZONE) if easting % _ZONE == 500_000 and easting > _ZONE else None


def _zoned(bounds: Bounds) -> Iterator[Reading]:
    """Yield the CGCS2000 zone that eastings of eight digits name, axes either way."""
    for swapped in (False, True):
        read = Reading(WGS84, swapped=swapped).bounds(bounds)
        zone = _zone_number(read)
        if zone:
            # EPSG: 6-degree zones 13 to 23 are 4491 to 4501, 3-degree zones 25 to 45 4513 to 4533.
            code = 4478 + zone if zone <= 23 else 4488 + zone
            key = "crs_assumed_zone_swapped" if swapped else "crs_assumed_zone"
            yield Reading(pyproj.CRS.from_epsg(code), key, swapped)


def _zones_of(others: Sequence[Place]) -> Iterator[Reading]:
    """Yield the zones in which other layers lie: in China CGCS2000's, elsewhere UTM's."""
    for west, south, east, north in others[:1]:
        longitude, latitude = (west + east) / 2, (south + north) / 2
        if in_china(longitude, latitude):
            codes = [4534 + round((longitude - 75) / 3), 4502 + round((longitude - 75) / 6)]
        else:
            base = 32600 if latitude >= 0 else 32700
            codes = [base + min(int((longitude + 180) // 6) + 1, 60)]
        for code in codes:
            for swapped in (False, True):
                key = "crs_assumed_near_others_swapped" if swapped else "crs_assumed_near_others"
                yield Reading(pyproj.CRS.from_epsg(code), key, swapped)


def shift_is_unknown(bounds: Bounds, crs: pyproj.CRS) -> bool:
    """Tell whether PROJ brings a layer to WGS 84 without knowing the shift of its datum.

    So it is with Xian 1980 and, for most places, Beijing 1954: their parameters are not published.
    CGCS2000 needs no shift at this tool's precision.
    """
    geodetic = crs.geodetic_crs
    if geodetic is None or "China 2000" in (geodetic.datum.name if geodetic.datum else ""):
        return False
    place = in_degrees(bounds, crs)
    if place is None:
        return False
    known = TransformerGroup(
        crs, WGS84, always_xy=True, area_of_interest=AreaOfInterest(*place), allow_ballpark=False
    )
    return not known.transformers
