"""What an OSM file says it covers, as far as that can be believed."""

from __future__ import annotations

import geopandas as gpd

from layers.geodesy.crs import Bounds, bounds_of
from layers.limits import limit


def covered(stated: Bounds | None, around: Bounds | None, frame: gpd.GeoDataFrame) -> Bounds | None:
    """Return the bounds in degrees of what was read, None where the file does not say.

    Programs that cut extracts sometimes leave the bounds of the whole in place: bounds many times
    as large as the features in them (``stated_bounds_most``) are not believed.

    Parameters
    ----------
    stated
        Of the file's header.
    around
        Degrees outside of which nothing was read.
    frame
        The streets that were read.
    """
    filled = bounds_of(frame)
    if stated is None or filled is None:
        return None
    west, south, east, north = stated
    if around is not None:
        west, south = max(west, around[0]), max(south, around[1])
        east, north = min(east, around[2]), min(north, around[3])
    size = (filled[2] - filled[0]) * (filled[3] - filled[1])
    if not 0 < (east - west) * (north - south) <= limit("space", "stated_bounds_most") * size:
        return None
    return west, south, east, north
