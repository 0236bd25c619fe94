"""Joining all walkable lines into one network of edges that share their end points."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sample_data.plan import frame
from sample_data.plan.sheet import Row

NODE_GRID_M = 0.01
CRUMB_M = 0.25
"""Shorter edges come from lines that ended a little before or behind another."""

DEFAULTS: dict[str, Any] = {
    "name": "",
    "status": "open",
    "signalled": False,
    "cycle_s": np.nan,
    "green_s": np.nan,
    "ramp": False,
}
COLUMNS = ["kind", "road_class", "width_m", *DEFAULTS]


def join(walks: list[Row], solid: np.ndarray) -> tuple[gpd.GeoDataFrame, float]:
    """Node the lines, drop what runs through `solid` or hangs loose.

    Returns
    -------
    The edges of the one connected network, and the metres that were dropped because they were
    cut off from it.
    """
    table = pd.DataFrame(walks)
    table = table.reindex(columns=["geometry", *COLUMNS])
    for column, value in DEFAULTS.items():
        table[column] = table[column].where(table[column].notna(), value)
    lines = table["geometry"].to_numpy()
    pieces = _noded(lines)
    while (crumbs := shapely.length(pieces) < CRUMB_M).any():
        pieces = _noded(_without(crumbs, pieces))
    middles = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    owner = shapely.STRtree(lines).query_nearest(middles, all_matches=False)[1]
    edges = gpd.GeoDataFrame(
        table.iloc[owner][COLUMNS].reset_index(drop=True), geometry=pieces, crs=frame.EPSG
    )
    edges = _clear(edges, solid)
    return _largest_piece(edges)


def _clear(edges: gpd.GeoDataFrame, solid: np.ndarray) -> gpd.GeoDataFrame:
    """Drop edges that run through buildings or, unless they bridge it, water."""
    hit = shapely.STRtree(solid).query(edges.geometry.to_numpy(), "intersects")[0]
    keep = np.ones(len(edges), bool)
    keep[hit] = False
    return edges[keep | (edges["kind"] == "bridge").to_numpy()].reset_index(drop=True)


def _noded(lines: np.ndarray) -> np.ndarray:
    """Cut lines wherever they meet, on a grid coarse enough to catch ends that nearly meet."""
    pieces = shapely.get_parts(shapely.unary_union(lines, grid_size=NODE_GRID_M))
    return np.asarray(shapely.transform(pieces, lambda xy: np.round(xy, 3)))


def _without(crumbs: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """Drop the lines marked as crumbs; their two ends become one, for all lines that meet there."""
    (u, v), nodes = _nodes(lines)
    graph = coo_array((np.ones(crumbs.sum()), (u[crumbs], v[crumbs])), shape=(len(nodes),) * 2)
    group = connected_components(graph, directed=False)[1]
    first = np.zeros(group.max() + 1, int)
    first[group[::-1]] = np.arange(len(nodes))[::-1]
    place = nodes[first[group]]
    coords, owner = shapely.get_coordinates(lines, return_index=True)
    begins = np.flatnonzero(np.diff(owner, prepend=-1))
    coords[begins] = place[u]
    coords[np.append(begins[1:], len(owner)) - 1] = place[v]
    moved = np.asarray(shapely.linestrings(coords, indices=owner))
    return np.asarray(moved[~crumbs])


def _nodes(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Node number of both ends of every line, and the coordinates of the nodes."""
    both = [shapely.get_coordinates(shapely.get_point(lines, end)) for end in (0, -1)]
    nodes, number = np.unique(np.round(np.concatenate(both), 3), axis=0, return_inverse=True)
    return number.ravel().reshape(2, -1), nodes


def _largest_piece(edges: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, float]:
    (u, v), nodes = _nodes(edges.geometry.to_numpy())
    graph = coo_array((np.ones(len(u)), (u, v)), shape=(len(nodes), len(nodes)))
    piece = connected_components(graph, directed=False)[1][u]
    length = edges.length.to_numpy()
    biggest = np.bincount(piece, weights=length).argmax()
    kept = piece == biggest
    return edges[kept].reset_index(drop=True), float(length[~kept].sum())
