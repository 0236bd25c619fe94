"""An open estimate of dwellings, which OSM does not count: floor area of homes by a usual home."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.limits import limit
from layers.osm.tags import rules
from layers.problems import Severity

_METRES_PER_DEGREE = 111_195.0
"""Of latitude on a sphere of 6,371 km; footprints come out within half a percent."""


def with_dwellings(buildings: gpd.GeoDataFrame, account: Account) -> gpd.GeoDataFrame:
    """Return buildings in degrees with dwellings where people can live, each estimate marked.

    dwellings = footprint x storeys x share of homes / floor area of a usual dwelling, at least one.
    Storeys are the stated ones, else the height's, else the middle of the stated ones of the file's
    homes, else a usual number; these are used for the estimate and not written down.

    Parameters
    ----------
    buildings
        Columns of the schema; use "" counts as residential, as everywhere in an import.
    account
        Receives what was estimated, and on what it rests.
    """
    rule = rules("buildings")["dwellings"]
    share = buildings["use"].map(rule["share"]).fillna(0.0).to_numpy(dtype=np.float64)
    footprint = _square_metres(np.asarray(buildings.geometry.array))
    homes = (share > 0) & (footprint >= rule["least_footprint_m2"])
    homes &= buildings["dwellings"].isna().to_numpy()
    storeys = buildings["storeys"].to_numpy(dtype=np.float64)
    by_height = np.round(buildings["height_m"] / limit("buildings", "storey_height_m")).clip(
        lower=1
    )
    storeys = np.where(np.isnan(storeys), by_height, storeys)
    stated = storeys[homes & ~np.isnan(storeys)]
    enough = len(stated) >= rule["enough_stated"]
    usual = float(np.median(stated)) if enough else float(rule["usual_storeys"])
    guessed = homes & np.isnan(storeys)
    floor_area = footprint * np.where(np.isnan(storeys), usual, storeys) * share
    dwellings = np.maximum(np.round(floor_area / rule["floor_area_m2"]), 1.0)
    per_home = round(rule["floor_area_m2"])
    ids = buildings["id"].to_numpy()
    account.add("osm_dwellings_estimated", Severity.WARNING, ids[homes], floor_area_m2=per_home)
    account.add("osm_dwellings_storeys", Severity.WARNING, ids[guessed], storeys=round(usual, 1))
    return buildings.assign(
        dwellings=np.where(homes, dwellings, buildings["dwellings"]),
        estimated=np.where(homes, "dwellings", "").astype(object),
    )


def _square_metres(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    latitude = shapely.get_y(shapely.centroid(shapes))
    scale = _METRES_PER_DEGREE**2 * np.cos(np.radians(latitude))
    return np.asarray(shapely.area(shapes) * scale, dtype=np.float64)
