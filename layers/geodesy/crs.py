"""Coordinate systems: choosing the district's metric one, and what numbers without one can be."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from pyproj.exceptions import CRSError, ProjError

from layers.limits import limit

WGS84 = pyproj.CRS.from_epsg(4326)

Bounds = tuple[float, float, float, float]
"""West, south, east, north."""


def parse_crs(words: str | int | pyproj.CRS) -> pyproj.CRS | None:
    """Return the CRS that a user named (``EPSG:4547``), or None where PROJ knows no such."""
    try:
        return pyproj.CRS.from_user_input(words)
    except CRSError:
        return None


def horizontal(crs: pyproj.CRS) -> pyproj.CRS:
    """Return the plan part of a CRS that also states heights or a shift to another datum."""
    if crs.is_bound and crs.source_crs is not None:
        return horizontal(crs.source_crs)
    if crs.is_compound:
        return horizontal(crs.sub_crs_list[0])
    return crs


@lru_cache(maxsize=64)
def transformer(source: pyproj.CRS, target: pyproj.CRS = WGS84) -> pyproj.Transformer:
    """Return the way from one CRS to another, x before y.

    PROJ searches its database for tens of milliseconds each time, so the ways found are kept.

    Raises
    ------
    CRSError, ProjError
        Where PROJ knows no way.
    """
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def leads_to_degrees(crs: pyproj.CRS) -> bool:
    """Tell whether PROJ can bring coordinates of a CRS (perhaps a damaged one) anywhere."""
    try:
        transformer(crs)
    except (CRSError, ProjError):
        return False
    return True


def bounds_of(frame: gpd.GeoDataFrame) -> Bounds | None:
    """Return the bounds of the finite coordinates of a frame, or None where there are none."""
    corners = shapely.bounds(np.asarray(frame.geometry.array, dtype=object))
    corners = corners[np.isfinite(corners).all(axis=1)]
    if not len(corners):
        return None
    west, south = corners[:, :2].min(axis=0)
    east, north = corners[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def in_degrees(bounds: Bounds, crs: pyproj.CRS) -> Bounds | None:
    """Return bounds in longitude and latitude, or None where the CRS does not reach there."""
    try:
        made = transformer(crs).transform_bounds(*bounds)
    except ProjError:
        return None
    return made if all(map(math.isfinite, made)) else None


def middle_of_features(frame: gpd.GeoDataFrame) -> tuple[float, float] | None:
    """Return the median place of the features, which no stray feature moves."""
    corners = shapely.bounds(np.asarray(frame.geometry.array, dtype=object))
    corners = corners[np.isfinite(corners).all(axis=1)]
    if not len(corners):
        return None
    centres = (corners[:, :2] + corners[:, 2:]) / 2
    x, y = np.median(centres, axis=0)
    return float(x), float(y)


def fits(bounds: Bounds, crs: pyproj.CRS) -> bool:
    """Tell whether such numbers can be coordinates of a CRS at all (degrees within the globe)."""
    if not crs.is_geographic:
        return True
    west, south, east, north = bounds
    return west >= -180 and east <= 360 and south >= -90 and north <= 90


def looks_like_degrees(bounds: Bounds) -> bool:
    """Tell whether numbers without a CRS can only sensibly be longitude and latitude."""
    west, south, east, north = bounds
    narrow = max(east - west, north - south) <= limit("crs", "widest_degrees")
    away_from_zero = max(abs(west), abs(east), abs(south), abs(north)) > 1
    return narrow and away_from_zero and fits(bounds, WGS84) and east <= 180


def is_metric(crs: pyproj.CRS) -> bool:
    """Tell whether a CRS counts in metres that somewhere are metres on the ground.

    Web Mercator's nowhere are but at the equator.
    """
    if not crs.is_projected or any(axis.unit_name != "metre" for axis in crs.axis_info[:2]):
        return False
    return crs.to_epsg() != 3857 and "Pseudo" not in (crs.coordinate_operation or crs).name


def is_local_metric(crs: pyproj.CRS, longitude: float, latitude: float) -> bool:
    """Tell whether plan distances in a CRS are true metres around a place.

    The test is the projection's own scale there (Snyder 1987, Tissot's indicatrix), so that it
    needs no list of bad projections: Web Mercator fails away from the equator, and a national grid
    fails far outside its country.
    """
    if not is_metric(crs):
        return False
    try:
        geographic = crs.geodetic_crs or WGS84
        moved = transformer(WGS84, geographic)
        factors = pyproj.Proj(crs).get_factors(*moved.transform(longitude, latitude))
    except (CRSError, ProjError):
        return False
    scales = (factors.meridional_scale, factors.parallel_scale, factors.tissot_semimajor)
    return all(abs(scale - 1) <= limit("crs", "most_scale_error") for scale in scales)


def choose_metric_crs(
    longitude: float, latitude: float, candidates: Iterable[pyproj.CRS] = ()
) -> pyproj.CRS:
    """Choose the CRS of a district.

    The first candidate (CRSs of the data, most important layer first) that is a true local metric
    one; else in China the CGCS2000 3-degree zone; else the UTM zone.

    Parameters
    ----------
    longitude, latitude
        Middle of the district, degrees.
    candidates
        CRSs to prefer.
    """
    for crs in candidates:
        if is_local_metric(crs, longitude, latitude):
            return crs
    if in_china(longitude, latitude):
        return pyproj.CRS.from_epsg(4534 + round((longitude - 75) / 3))
    zone = min(int((longitude + 180) // 6) + 1, 60)
    return pyproj.CRS.from_epsg((32600 if latitude >= 0 else 32700) + zone)


@cache
def _china() -> Any:
    table = tomllib.loads(
        files("layers.geodesy").joinpath("china.toml").read_text(encoding="utf-8")
    )
    outline = shapely.polygons(np.asarray(table["outline"], dtype=np.float64))
    shapely.prepare(outline)
    return outline


def in_china(longitude: float, latitude: float) -> bool:
    """Tell whether a place is in China, to some ten kilometres (it decides a projection only)."""
    return bool(shapely.contains_xy(_china(), longitude, latitude))


def named_in_china(crs: pyproj.CRS, bounds: Bounds) -> pyproj.CRS:
    """Return the CGCS2000 3-degree zone that a CRS without a name is; else the CRS itself.

    MapInfo has no word for these zones, so that its files spell out the projection, and give WGS 84
    for a datum, from which CGCS2000 differs by centimetres.

    Parameters
    ----------
    crs
        As the file states it.
    bounds
        Of the data, in that CRS.
    """
    if not is_metric(crs) or crs.to_authority() or crs.coordinate_operation is None:
        return crs
    if crs.coordinate_operation.method_name != "Transverse Mercator":
        return crs
    datum = crs.geodetic_crs.to_epsg() if crs.geodetic_crs is not None else None
    values = {one.name: float(one.value) for one in crs.coordinate_operation.params}
    meridian = values.get("Longitude of natural origin", math.nan)
    easting = values.get("False easting", math.nan)
    plain = (
        datum in (4326, 4490)
        and values.get("Scale factor at natural origin") == 1
        and values.get("Latitude of natural origin") == values.get("False northing") == 0
        and meridian in range(75, 136, 3)
        and easting % 1_000_000 == 500_000
    )
    middle = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    if not plain or not in_china(*transformer(crs).transform(*middle)):
        return crs
    zone = round((meridian - 75) / 3)
    if easting == 500_000:
        return pyproj.CRS.from_epsg(4534 + zone)
    numbered = easting == 500_000 + 1_000_000 * (25 + zone)
    return pyproj.CRS.from_epsg(4513 + zone) if numbered else crs


def overlap(one: Bounds, other: Bounds) -> bool:
    """Tell whether two rectangles share a place."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def decide_missing_crs(
    bounds: Bounds,
    others: Sequence[tuple[pyproj.CRS, Bounds]],
    given: pyproj.CRS | None = None,
) -> tuple[pyproj.CRS, str] | None:
    """Decide the CRS of a layer that states none, only where the numbers decide it.

    Parameters
    ----------
    bounds
        Of the layer, in its own unknown numbers.
    others
        CRS and bounds of the layers that state theirs.
    given
        The user's word for such layers.

    Returns
    -------
    The CRS and the reason (``given``, ``other_layers``, ``degrees``), or None: not to be decided.
    """
    degrees = looks_like_degrees(bounds)
    if given is not None and given.is_geographic == degrees and fits(bounds, given):
        return given, "given"
    for crs, other in others:
        if crs.is_geographic == degrees and overlap(bounds, other):
            return crs, "other_layers"
    if not degrees:
        return None
    known = [in_degrees(other, crs) for crs, other in others]
    if known and not any(other and overlap(bounds, other) for other in known):
        return None
    return WGS84, "degrees"
