"""Mending of geometry: each step takes a frame and leaves an entry in the account."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.limits import limit
from layers.problems import Severity
from layers.schema import GeometryKind, Role

_POINT, _LINE, _RING, _POLYGON = 0, 1, 2, 3
_MULTIPOINT, _MULTILINE, _MULTIPOLYGON, _COLLECTION = 4, 5, 6, 7
_DIMENSION: dict[GeometryKind, int] = {"point": 0, "line": 1, "polygon": 2}


def repair_geometry(
    role: Role, frame: gpd.GeoDataFrame, account: Account, *, keep_heights: bool = False
) -> gpd.GeoDataFrame:
    """Return the frame with plan geometries that are valid and of a kind the role allows.

    Order matters: what is dropped is counted under the first reason that applies. Polygons of
    several parts stay one feature (its residents belong to all parts); lines and points are split.

    Parameters
    ----------
    role
        Says which kinds are allowed.
    frame
        In a metric CRS, with ``id`` unique.
    account
        Receives the findings.
    keep_heights
        Leave heights in the coordinates.
    """
    frame = _drop(frame, _missing(frame), account, "geometry_missing")
    frame = frame if keep_heights else _flatten(frame, account)
    frame = _drop(frame, _not_finite(frame), account, "geometry_not_finite")
    frame = _make_valid(frame, account)
    frame = _keep_kinds(role, frame, account)
    frame = _drop(frame, _without_extent(frame), account, "geometry_without_extent")
    return _split_parts(frame, account)


def _geometries(frame: gpd.GeoDataFrame) -> NDArray[Any]:
    return np.asarray(frame.geometry.array, dtype=object)


def _drop(
    frame: gpd.GeoDataFrame, mask: NDArray[np.bool_], account: Account, key: str
) -> gpd.GeoDataFrame:
    account.add(key, Severity.WARNING, frame["id"].to_numpy()[mask])
    return frame.loc[~mask].reset_index(drop=True) if mask.any() else frame


def _missing(frame: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    geometries = _geometries(frame)
    return np.asarray(shapely.is_missing(geometries) | shapely.is_empty(geometries))


def _flatten(frame: gpd.GeoDataFrame, account: Account) -> gpd.GeoDataFrame:
    geometries = _geometries(frame)
    raised = np.asarray(shapely.has_z(geometries) | shapely.has_m(geometries))
    if not raised.any():
        return frame
    account.add("heights_dropped", Severity.INFO, frame["id"].to_numpy()[raised])
    return frame.set_geometry(gpd.GeoSeries(shapely.force_2d(geometries), crs=frame.crs))


def _not_finite(frame: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    coordinates, feature = shapely.get_coordinates(_geometries(frame), return_index=True)
    near = np.abs(coordinates) <= limit("space", "farthest_m")
    odd = ~near.all(axis=1)  # NaN is not near either
    mask = np.zeros(len(frame), dtype=np.bool_)
    mask[feature[odd]] = True
    return mask


def _make_valid(frame: gpd.GeoDataFrame, account: Account) -> gpd.GeoDataFrame:
    geometries = _geometries(frame)
    bad = ~np.asarray(shapely.is_valid(geometries))
    if not bad.any():
        return frame
    mended = geometries.copy()
    mended[bad] = shapely.make_valid(geometries[bad], method="structure", keep_collapsed=False)
    usable = bad & ~np.asarray(shapely.is_empty(mended))
    account.add("geometry_repaired", Severity.REPAIRED, frame["id"].to_numpy()[usable])
    frame = frame.set_geometry(gpd.GeoSeries(mended, crs=frame.crs))
    return _drop(frame, bad & ~usable, account, "geometry_beyond_repair")


def _keep_kinds(role: Role, frame: gpd.GeoDataFrame, account: Account) -> gpd.GeoDataFrame:
    """Take out of collections what the role can use; drop features of another kind."""
    wanted = sorted((_DIMENSION[kind] for kind in role.geometry), reverse=True)
    geometries = _geometries(frame).copy()
    collection = np.asarray(shapely.get_type_id(geometries) == _COLLECTION)
    if collection.any():
        geometries[collection] = _parts_of(geometries[collection], wanted)
        frame = frame.set_geometry(gpd.GeoSeries(geometries, crs=frame.crs))
        account.add("collection_opened", Severity.REPAIRED, frame["id"].to_numpy()[collection])
    dimension = np.asarray(shapely.get_dimensions(geometries))
    other = ~np.isin(dimension, wanted) | np.asarray(shapely.is_empty(geometries))
    return _drop(frame, other, account, "geometry_of_other_kind")


def _parts_of(collections: NDArray[Any], wanted: list[int]) -> NDArray[Any]:
    """Return for each collection its parts of the highest wanted dimension as one geometry."""
    parts, owner = shapely.get_parts(collections, return_index=True)
    while (shapely.get_type_id(parts) >= _MULTIPOINT).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    found = np.full(len(collections), shapely.Point(), dtype=object)
    makers = {0: shapely.multipoints, 1: shapely.multilinestrings, 2: shapely.multipolygons}
    for dimension in reversed(wanted):
        mask = shapely.get_dimensions(parts) == dimension
        if mask.any():
            owners = np.unique(owner[mask])
            made = makers[dimension](parts[mask], indices=np.searchsorted(owners, owner[mask]))
            found[owners] = made
    return found


def _without_extent(frame: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Find lines without length and polygons without area."""
    geometries = _geometries(frame)
    shortest = limit("streets", "shortest_m")
    dimension = np.asarray(shapely.get_dimensions(geometries))
    short = (dimension == _DIMENSION["line"]) & (shapely.length(geometries) < shortest)
    flat = (dimension == _DIMENSION["polygon"]) & (shapely.area(geometries) < shortest**2)
    return np.asarray(short | flat)


def _split_parts(frame: gpd.GeoDataFrame, account: Account) -> gpd.GeoDataFrame:
    """Make single lines and points, and single polygons out of multipolygons of one part."""
    geometries = _geometries(frame).copy()
    kind = shapely.get_type_id(geometries)
    multi = np.isin(kind, (_MULTIPOINT, _MULTILINE, _MULTIPOLYGON))
    if not multi.any() and not (kind == _RING).any():
        return frame
    lines = (kind == _MULTILINE) | (kind == _RING)
    geometries[lines] = shapely.line_merge(geometries[lines])
    single = multi & np.asarray(shapely.get_num_geometries(geometries) == 1)
    geometries[single] = shapely.get_geometry(geometries[single], 0)
    frame = frame.set_geometry(gpd.GeoSeries(geometries, crs=frame.crs))
    several = np.isin(shapely.get_type_id(geometries), (_MULTIPOINT, _MULTILINE))
    if not several.any():
        return frame
    account.add("parts_split", Severity.REPAIRED, frame["id"].to_numpy()[several])
    return _numbered_parts(frame, several)


def _numbered_parts(frame: gpd.GeoDataFrame, several: NDArray[np.bool_]) -> gpd.GeoDataFrame:
    """Split features; the first part keeps the id, the others are numbered after the highest."""
    geometries = _geometries(frame)
    parts, row = geometries.copy(), np.arange(len(frame))
    split, owner = shapely.get_parts(geometries[several], return_index=True)
    parts = np.concatenate([parts[~several], split])
    row = np.concatenate([row[~several], row[several][owner]])
    order = np.argsort(row, kind="stable")
    parts, row = parts[order], row[order]
    made = frame.iloc[row].reset_index(drop=True)
    made = made.set_geometry(gpd.GeoSeries(parts, crs=frame.crs))
    further = pd.Series(row).duplicated().to_numpy()
    ids = made["id"].to_numpy().copy()
    ids[further] = ids.max() + 1 + np.arange(further.sum())
    made["id"] = ids
    return made
