"""Features that name other features: entrances their building, services their site."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.limits import limit
from layers.problems import Problem, Severity

_REFERENCES = (
    ("entrances", "building_id", "buildings"),
    ("entrances", "service_id", "services"),
    ("services", "building_id", "buildings"),
    ("services", "site_id", "sites"),
    ("sites", "building_id", "buildings"),
    ("buildings", "street_id", "streets"),
    ("entrances", "street_id", "streets"),
    ("services", "street_id", "streets"),
)


def settle_references(
    layers: dict[str, gpd.GeoDataFrame],
) -> tuple[dict[str, gpd.GeoDataFrame], tuple[Problem, ...]]:
    """Clear ids that name nothing, and give entrances without a building the one they stand at.

    Parameters
    ----------
    layers
        Tidy frames by role; not changed.
    """
    settled = dict(layers)
    problems: list[Problem] = []
    for role, column, target in _REFERENCES:
        if role not in settled:
            continue
        account = Account(role)
        known = settled[target]["id"].to_numpy() if target in settled else np.zeros(0)
        named = settled[role][column].to_numpy()
        lost = (named != -1) & ~np.isin(named, known)
        ids = settled[role]["id"].to_numpy()[lost]
        account.add("reference_lost", Severity.WARNING, ids, column=column, target=target)
        if lost.any():
            settled[role] = settled[role].assign(**{column: np.where(lost, -1, named)})
        problems += account.problems
    if "entrances" in settled and "buildings" in settled:
        settled["entrances"], found = _place_entrances(settled["entrances"], settled["buildings"])
        problems += found
    return settled, tuple(problems)


def _place_entrances(
    entrances: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, tuple[Problem, ...]]:
    """Give entrances that name neither building nor service the nearest building within reach."""
    account = Account("entrances")
    building = entrances["building_id"].to_numpy(copy=True)
    open_ = (building == -1) & (entrances["service_id"].to_numpy() == -1)
    if not open_.any():
        return entrances, ()
    nearest = _nearest(entrances.geometry.array[open_], buildings)
    building[open_] = nearest
    ids = entrances["id"].to_numpy()[open_]
    account.add("entrance_placed", Severity.REPAIRED, ids[nearest != -1])
    account.add("entrance_without_building", Severity.WARNING, ids[nearest == -1])
    return entrances.assign(building_id=building), account.problems


def _nearest(points: NDArray[np.object_], buildings: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Return the id of the nearest building of each point, the lowest in ties; -1 beyond reach."""
    order = np.argsort(buildings["id"].to_numpy())
    tree = shapely.STRtree(buildings.geometry.array[order])
    reach = limit("space", "entrance_reach_m")
    point, row = tree.query_nearest(np.asarray(points), max_distance=reach, all_matches=True)
    found = np.full(len(points), -1, dtype=np.int64)
    if len(point):
        lowest = np.full(len(points), len(order), dtype=np.int64)
        np.minimum.at(lowest, point, row)
        hit = lowest < len(order)
        found[hit] = buildings["id"].to_numpy()[order][lowest[hit]]
    return found
