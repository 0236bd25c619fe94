"""Where a city model lies: the plan part of the system it names, and the order of its axes."""

from __future__ import annotations

import math
import re

import numpy as np
import pyproj
from pyproj.exceptions import CRSError, ProjError

from layers.city.model import Floats, rules
from layers.geodesy.crs import WGS84, horizontal, parse_crs, transformer

EPSG = re.compile(r"EPSG(?:[:/]+(?:[\d.]*[:/]+)?|\.xml#)(\d{4,6})", re.I)
"""A system by its number, in the ways in which models have been naming it since 2005."""


def named_crs(srs: str) -> pyproj.CRS | None:
    """Return the plan part of the system that a model names, or None where nobody knows it.

    Parameters
    ----------
    srs
        As ``EPSG:7415``, ``urn:ogc:def:crs,crs:EPSG:6.12:3068,crs:EPSG:6.12:5783``,
        ``https://www.opengis.net/def/crs/EPSG/0/6697`` or ``urn:adv:crs:DE_DHDN_3GK4*DE_DHN92_NH``;
        never as a definition of its own.
    """
    code = EPSG.search(srs)
    known = [number for name, number in rules()["systems"].items() if name in srs]
    found = int(code[1]) if code else known[0] if known else None
    # PROJ would take other words for definitions, which may name files of grids.
    crs = None if found is None else parse_crs(found)
    if crs is None:
        return None
    try:
        return horizontal(crs).to_2d()
    except CRSError:
        return None


def stands_north_first(xy: Floats, crs: pyproj.CRS | None, by_definition: bool) -> bool:
    """Tell whether the first coordinate is the northing (or latitude).

    The region that the system is made for decides where it holds only one of the two readings;
    else what the system defines, where the format goes by that.

    Parameters
    ----------
    xy
        Coordinates as they stand, (n, 2).
    crs
        Plan only; None where unknown.
    by_definition
        Whether the format leaves the order to the system.
    """
    finite = xy[np.isfinite(xy).all(axis=1)]
    if crs is None or not len(finite):
        return False
    first, second = (float(value) for value in np.median(finite, axis=0))
    as_is, other = (_inside(crs, *place) for place in ((first, second), (second, first)))
    if as_is != other:
        return other
    north = crs.axis_info[0].direction == "north"
    return by_definition and north and crs.is_geographic


def _inside(crs: pyproj.CRS, x: float, y: float) -> bool:
    """Tell whether a place lies in the region that a CRS is made for."""
    area = crs.area_of_use
    try:
        longitude, latitude = transformer(crs, WGS84).transform(x, y)
    except ProjError:
        return False
    if area is None or not (math.isfinite(longitude) and math.isfinite(latitude)):
        return math.isfinite(longitude) and math.isfinite(latitude)
    beyond = area.west > area.east  # across the date line
    within = area.west <= longitude <= area.east
    across = longitude >= area.west or longitude <= area.east
    return bool((across if beyond else within) and area.south <= latitude <= area.north)
