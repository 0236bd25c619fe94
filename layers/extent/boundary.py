"""Where the district ends: proposing a boundary, features far away, data that ends too soon."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from layers.account import Account
from layers.extent.coverage import missing_streets
from layers.limits import limit
from layers.mending.tidy import tidy
from layers.problems import Fact, Problem, Severity


def far_away(frame: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Find features that lie apart from all the others, such as one 5 km away.

    Features are grouped by gaps of at least ``far_gap_m`` (cells of a quarter of it stand for the
    features in them, so that the work does not grow with their density); a group with few
    features beside the largest group is far away.

    Returns
    -------
    bool per feature
    """
    if len(frame) < 2:
        return np.zeros(len(frame), dtype=np.bool_)
    gap = limit("space", "far_gap_m")
    corners = shapely.bounds(np.asarray(frame.geometry.array, dtype=object))
    centres = (corners[:, :2] + corners[:, 2:]) / 2
    cells, cell_of = np.unique(np.floor(centres / (gap / 4)), axis=0, return_inverse=True)
    near = cKDTree(cells).query_pairs(4.0, output_type="ndarray")
    links = coo_array((np.ones(len(near)), (near[:, 0], near[:, 1])), shape=(len(cells),) * 2)
    _, group_of_cell = connected_components(links, directed=False)
    group = group_of_cell[cell_of.ravel()]
    size = np.bincount(group)
    few = size <= limit("space", "far_share") * size.max()
    return np.asarray(few[group])


def propose_boundary(
    buildings: gpd.GeoDataFrame | None, communities: gpd.GeoDataFrame | None
) -> tuple[gpd.GeoDataFrame | None, tuple[Problem, ...]]:
    """Propose a study boundary where the data has none.

    The union of the communities where there are any; else the convex hull of the buildings but
    those that lie far away, a little widened.
    """
    margin = limit("space", "boundary_margin_m")
    if communities is not None and len(communities):
        shape, basis, crs = communities.union_all(), "communities", communities.crs
    elif buildings is not None and len(buildings):
        near = buildings.loc[~far_away(buildings)]
        hull = _hull(near)
        shape, basis, crs = shapely.buffer(hull, margin, join_style="mitre"), "buildings", near.crs
    else:
        return None, ()
    account = Account("boundary")
    area_ha = round(float(shapely.area(shape)) / 1e4, 1)
    account.note(f"boundary_from_{basis}", Severity.WARNING, area_ha=area_ha)
    frame = gpd.GeoDataFrame({"id": [1]}, geometry=[shape], crs=crs)
    return tidy("boundary", frame)[0], account.problems


def _hull(frame: gpd.GeoDataFrame) -> Any:
    return shapely.convex_hull(shapely.geometrycollections(np.asarray(frame.geometry.array)))


def check_extent(
    layers: dict[str, gpd.GeoDataFrame], halo_m: float | None = None, mapped: Any = None
) -> tuple[Problem, ...]:
    """Report features far away, buildings outside, and data that ends before the halo does.

    Walks lead out of the boundary and back in: streets and services are needed for the largest
    walking limit beyond it.

    Parameters
    ----------
    layers
        Tidy frames by role.
    halo_m
        The largest walking limit, m; by default that of the default standard.
    mapped
        The area that the sources of the streets say they cover, None where none does.
    """
    halo = limit("space", "halo_m") if halo_m is None else halo_m
    problems = [p for role in ("buildings", "services") for p in _report_far(role, layers)]
    if not _filled(layers, "boundary"):
        return tuple(problems)
    boundary = layers["boundary"].union_all()
    if _filled(layers, "buildings"):
        problems += _report_outside(layers["buildings"], boundary)
    if _filled(layers, "streets") and halo > 0:
        problems += _report_short_streets(layers, boundary, halo, mapped)
    if _filled(layers, "services"):
        problems += _report_short_services(layers, boundary, halo)
    return tuple(problems)


def _filled(layers: dict[str, gpd.GeoDataFrame], role: str) -> bool:
    return role in layers and len(layers[role]) > 0


def _report_far(role: str, layers: dict[str, gpd.GeoDataFrame]) -> tuple[Problem, ...]:
    if not _filled(layers, role):
        return ()
    frame = layers[role]
    far = far_away(frame)
    account = Account(role)
    if far.any():
        others = shapely.multipoints(shapely.centroid(frame.geometry.array[~far]))
        distance = shapely.distance(shapely.centroid(frame.geometry.array[far]), others)
        ids = frame["id"].to_numpy()[far]
        named = ", ".join(str(number) for number in ids[:5])
        km = round(float(distance.max()) / 1000, 1)
        account.add("features_far_away", Severity.WARNING, ids, distance_km=km, named=named)
    return account.problems


def _report_outside(buildings: gpd.GeoDataFrame, boundary: Any) -> tuple[Problem, ...]:
    account = Account("buildings")
    shapely.prepare(boundary)
    inside = shapely.intersects(boundary, shapely.centroid(buildings.geometry.array))
    ids = buildings["id"].to_numpy()
    if not inside.any():
        account.note("no_buildings_inside", Severity.ERROR, count=len(ids))
    else:
        account.add("buildings_outside", Severity.INFO, ids[~inside])
    return account.problems


def _report_short_streets(
    layers: dict[str, gpd.GeoDataFrame], boundary: Any, halo: float, mapped: Any
) -> tuple[Problem, ...]:
    """Say where streets end within the halo, and name the buildings that could walk there."""
    account = Account("streets")
    if _filled(layers, "water"):
        water = shapely.union_all(np.asarray(layers["water"].geometry.array))
        mapped = water if mapped is None else shapely.union(water, mapped)
    ids, centres = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=object)
    if _filled(layers, "buildings"):
        centres = shapely.centroid(layers["buildings"].geometry.array)
        ids = layers["buildings"]["id"].to_numpy()
        inside = shapely.intersects(boundary, centres)
        ids, centres = ids[inside], centres[inside]
    gap = missing_streets(boundary, layers["streets"].geometry.array, halo, centres, mapped)
    if gap is not None:
        ids = ids[gap.near]
        account.note(
            "streets_end_early",
            Severity.WARNING,
            ids,
            needed_m=round(halo),
            reach_m=round(gap.reach_m),
            area_ha=round(gap.area_ha),
            sides=",".join(gap.sides),
            count=len(ids),
        )
    return account.problems


def _report_short_services(
    layers: dict[str, gpd.GeoDataFrame], boundary: Any, halo: float
) -> tuple[Problem, ...]:
    """Name the buildings for which a service beyond the boundary could be the nearest."""
    account = Account("services")
    distance = shapely.distance(layers["services"].geometry.array, boundary)
    if halo > 0 and not ((distance > 0) & (distance <= halo)).any():
        ids = np.zeros(0, dtype=np.int64)
        if _filled(layers, "buildings"):
            centres = shapely.centroid(layers["buildings"].geometry.array)
            inside = shapely.intersects(boundary, centres)
            near = shapely.distance(centres, shapely.boundary(boundary)) < halo
            ids = layers["buildings"]["id"].to_numpy()[inside & near]
        facts: dict[str, Fact] = {"needed_m": round(halo), "count": len(ids)}
        account.note("services_end_at_boundary", Severity.WARNING, ids, **facts)
    return account.problems
