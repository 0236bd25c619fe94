"""Buildings, with what their parts and the land around them say."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.osm.frames import made_frame
from layers.osm.polygons import Polygons
from layers.osm.tags import hits, names, rules
from layers.problems import Severity
from layers.vocabulary.values import numbers

_FOOT_M = 0.3048

_Read = Callable[[pd.DataFrame], NDArray[np.float64]]


def buildings_of(polygons: Polygons, account: Account) -> tuple[gpd.GeoDataFrame, Polygons]:
    """Return the buildings in the schema's columns, and as areas with the same rows.

    A building's footprint is its outline; its parts (``building:part``) only lend it their storeys
    and height where it states none. Parts on no building are buildings themselves.

    Parameters
    ----------
    polygons
        All areas of the file.
    account
        Receives what was chosen.
    """
    rule = rules("buildings")
    said = polygons.tags["building"]
    outline = ((said != "") & ~said.isin(rule["not_buildings"])).to_numpy()
    part = (~said.isin(rule["not_buildings"]) & ~outline).to_numpy() & hits(
        polygons.tags, [{"building:part": ["*"]}]
    )
    account.add("osm_not_buildings", Severity.INFO, polygons.ids[said.isin(rule["not_buildings"])])
    parts = polygons.part(part)
    owner = _containing(parts.shapes, polygons.shapes[outline])
    chosen = outline.copy()
    chosen[np.flatnonzero(part)[owner == -1]] = True
    account.add("osm_parts_alone", Severity.REPAIRED, parts.ids[owner == -1])
    account.add("osm_parts_joined", Severity.INFO, parts.ids[owner != -1])
    buildings = polygons.part(chosen)
    # Rows of the outlines among the chosen, for the parts that lie on them.
    row = (np.cumsum(chosen) - 1)[np.flatnonzero(outline)]
    lent = parts.part(owner != -1)
    target = row[owner[owner != -1]]
    storeys = _with_parts(buildings, lent, target, _storeys)
    height = _with_parts(buildings, lent, target, _height)
    tags = buildings.tags
    frame = made_frame(
        "buildings",
        buildings.shapes,
        id=buildings.ids,
        name=names(tags),
        address=_address(tags),
        use=_use(buildings, polygons, account),
        storeys=storeys,
        height_m=height,
        has_lift=(tags["elevator"] == "yes").to_numpy(),
        built_year=numbers(tags["start_date"].str.extract(r"(\d{4})", expand=False))[0],
        dwellings=numbers(tags["building:flats"])[0],
    )
    return frame, buildings


def _containing(shapes: NDArray[np.object_], areas: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return for each shape the row of the smallest area that holds a point inside it; -1: none."""
    found = np.full(len(shapes), -1, dtype=np.int64)
    if not len(shapes) or not len(areas):
        return found
    inner = shapely.point_on_surface(shapes)
    shape, area = shapely.STRtree(areas).query(inner, predicate="intersects")
    # Written from the largest to the smallest, so that the smallest stays.
    order = np.argsort(-shapely.area(areas[area]), kind="stable")
    found[shape[order]] = area[order]
    return found


def _storeys(tags: pd.DataFrame) -> NDArray[np.float64]:
    return np.asarray(numbers(tags["building:levels"])[0], dtype=np.float64)


def _height(tags: pd.DataFrame) -> NDArray[np.float64]:
    """Return heights in metres; feet are told by their mark."""
    said = tags["height"].where(tags["height"] != "", tags["building:height"])
    values = np.asarray(numbers(said)[0], dtype=np.float64)
    feet = said.str.contains(r"['′]|ft|feet", regex=True).to_numpy(dtype=np.bool_)
    return np.where(feet, values * _FOOT_M, values)


def _with_parts(
    buildings: Polygons, parts: Polygons, target: NDArray[np.int64], read: _Read
) -> NDArray[np.float64]:
    """Return a number of each building, the greatest of its parts where it states none."""
    own = read(buildings.tags)
    lent = np.full(len(own), np.nan)
    np.fmax.at(lent, target, read(parts.tags))
    return np.where(np.isnan(own), lent, own)


def _use(buildings: Polygons, polygons: Polygons, account: Account) -> NDArray[np.object_]:
    """Return the use of each building; "" where neither it nor its land says anything."""
    rule = rules("buildings")
    words = {word: use for use, listed in rule["use"].items() for word in listed}
    said = buildings.tags["building"].where(
        buildings.tags["building"] != "", buildings.tags["building:part"]
    )
    silent = said.isin(["yes", ""]).to_numpy()
    use = np.where(silent, "", said.map(words).fillna("other").to_numpy(object)).astype(object)
    for entry in rule["use_by_tags"]:
        use[(use == "") & hits(buildings.tags, entry["any"])] = entry["use"]
    open_ = use == ""
    inner = shapely.point_on_surface(buildings.shapes)
    for entry in rule["use_by_land"]:
        land = polygons.shapes[hits(polygons.tags, entry["any"])]
        rows = np.flatnonzero(use == "")
        if len(land) and len(rows):
            inside = np.unique(shapely.STRtree(land).query(inner[rows], predicate="intersects")[0])
            use[rows[inside]] = entry["use"]
    account.add("osm_use_from_land", Severity.INFO, buildings.ids[open_ & (use != "")])
    return use


def _address(tags: pd.DataFrame) -> NDArray[np.object_]:
    street = tags["addr:street"].where(tags["addr:street"] != "", tags["addr:place"])
    joined = (street + " " + tags["addr:housenumber"]).str.strip()
    return joined.where(joined != "", tags["addr:housename"]).to_numpy(object)
