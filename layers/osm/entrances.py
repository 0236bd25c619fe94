"""Doors: entrance nodes on the outlines of buildings, gates on the grounds of services."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.osm.frames import NODE, feature_ids, made_frame
from layers.osm.reading import Points
from layers.osm.tags import rules, says
from layers.problems import Severity

_HOMES = ("residential", "mixed", "")
_TOUCHING_DEGREES = 1e-7
"""The unit in which OSM keeps coordinates, about 1 cm."""


def entrances_of(
    nodes: Points,
    buildings: gpd.GeoDataFrame,
    services: gpd.GeoDataFrame,
    account: Account,
) -> gpd.GeoDataFrame:
    """Return doors in the schema's columns.

    An entrance belongs to the building on whose outline it lies. Residents start at stair units
    (``entrance=home|staircase``); in a residential building that has none of these, at its main or
    unnamed entrances. An entrance or gate on the outline of a service's grounds is the service's.

    Parameters
    ----------
    nodes
        Of the file.
    buildings, services
        Frames in degrees, as made from the file.
    account
        Receives entrances that lie on no building.
    """
    rule = rules("buildings")["entrances"]
    said = nodes.tags["entrance"]
    door = ((said != "") & ~said.isin(rule["not_used"])).to_numpy()
    gate = says(nodes.tags, "barrier", rules("walking")["gates"]["gates"]) & ~door
    points = np.asarray(shapely.points(nodes.xy), dtype=object)
    building = np.full(len(points), -1, dtype=np.int64)
    building[door] = _outline_row(points[door], np.asarray(buildings.geometry.array))
    grounds = np.asarray(services.geometry.array)
    service = np.full(len(points), -1, dtype=np.int64)
    open_ = (door & (building == -1)) | gate
    service[open_] = _outline_row(points[open_], grounds)
    kept = (building != -1) | (service != -1)
    account.add("osm_entrances_alone", Severity.INFO, feature_ids(nodes.ids[door & ~kept], NODE))
    return made_frame(
        "entrances",
        points[kept],
        id=feature_ids(nodes.ids[kept], NODE),
        building_id=_ids(buildings, building[kept]),
        service_id=_ids(services, service[kept]),
        residential=_residential(said[kept], buildings, building[kept]),
    )


def _ids(frame: gpd.GeoDataFrame, row: NDArray[np.int64]) -> NDArray[np.int64]:
    ids = np.append(frame["id"].to_numpy(dtype=np.int64), -1)
    return np.asarray(ids[row])


def _outline_row(points: NDArray[np.object_], shapes: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return the row of the area whose outline each point lies on, the first of several; or -1."""
    found = np.full(len(points), -1, dtype=np.int64)
    rows = np.flatnonzero(shapely.get_dimensions(shapes) == 2)
    if not len(points) or not len(rows):
        return found
    tree = shapely.STRtree(shapely.boundary(shapes[rows]))
    point, area = tree.query(points, predicate="dwithin", distance=_TOUCHING_DEGREES)
    order = np.argsort(-area, kind="stable")
    found[point[order]] = rows[area[order]]
    return found


def _residential(
    said: pd.Series, buildings: gpd.GeoDataFrame, row: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell which doors residents start from."""
    rule = rules("buildings")["entrances"]
    use = np.append(buildings["use"].to_numpy(dtype=object), "other")
    lived_in = np.isin(use[row], _HOMES) & (row != -1)
    stairs = said.isin(rule["homes"]).to_numpy() & (row != -1)
    with_stairs = np.isin(row, row[stairs])
    plain = said.isin(rule["homes_where_people_live"]).to_numpy()
    return np.asarray(lived_in & (stairs | (plain & ~with_stairs)))
