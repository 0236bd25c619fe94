"""What stands around: barriers, water, green, trees, carriageways, communities."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.osm.frames import NODE, WAY, feature_ids, made_frame
from layers.osm.polygons import Polygons
from layers.osm.reading import Extract, Ways
from layers.osm.tags import feature_keys, hits, names, rules
from layers.problems import Severity
from layers.vocabulary.values import numbers


def barriers_of(ways: Ways) -> gpd.GeoDataFrame:
    """Return walls, fences, railways and rivers on the ground."""
    rule = rules("surroundings")["barriers"]
    kind = np.full(len(ways.ids), "", dtype=object)
    for entry in rule["kinds"]:
        kind[(kind == "") & hits(ways.tags, entry["any"])] = entry["kind"]
    kind[hits(ways.tags, rule["off_the_ground"])] = ""
    lines, row = lines_of(ways, kind != "")
    return made_frame("barriers", lines, id=feature_ids(ways.ids[row], WAY), kind=kind[row])


def roads_of(ways: Ways) -> gpd.GeoDataFrame:
    """Return carriageways, walked or not: they are drawn."""
    rule = rules("surroundings")["roads"]
    road = ways.tags["highway"].map(rule["classes"]).fillna("").to_numpy(object)
    lines, row = lines_of(ways, (road != "") & ~hits(ways.tags, rule["underground"]))
    return made_frame(
        "roads",
        lines,
        id=feature_ids(ways.ids[row], WAY),
        name=names(ways.tags)[row],
        road_class=road[row],
        width_m=numbers(ways.tags["width"].iloc[row])[0],
    )


def lines_of(
    ways: Ways, chosen: NDArray[np.bool_]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return the lines of some ways and their rows; nodes that the file lacks are passed over."""
    known = chosen[ways.way] & np.isfinite(ways.xy[:, 0])
    count = np.bincount(ways.way[known], minlength=len(ways.ids))
    drawn = count >= 2
    row = np.flatnonzero(drawn)
    node = known & drawn[ways.way]
    lines = shapely.linestrings(ways.xy[node], indices=np.searchsorted(row, ways.way[node]))
    return np.asarray(lines, dtype=object), row


def water_of(polygons: Polygons) -> gpd.GeoDataFrame:
    """Return standing and flowing water that has an area."""
    chosen = polygons.part(hits(polygons.tags, rules("surroundings")["water"]["any"]))
    return made_frame("water", chosen.shapes, id=chosen.ids, name=names(chosen.tags))


def green_of(polygons: Polygons) -> gpd.GeoDataFrame:
    """Return parks, woods, lawns; the kind is OSM's own word."""
    chosen = polygons.part(hits(polygons.tags, rules("surroundings")["green"]["any"]))
    kind = np.full(len(chosen.ids), "", dtype=object)
    for key in ("leisure", "landuse", "natural"):
        kind = np.where(kind == "", chosen.tags[key].to_numpy(object), kind).astype(object)
    return made_frame("green", chosen.shapes, id=chosen.ids, name=names(chosen.tags), kind=kind)


def trees_of(extract: Extract) -> gpd.GeoDataFrame:
    """Return single trees."""
    nodes = extract.nodes
    tree = (nodes.tags["natural"] == "tree").to_numpy()
    height = np.asarray(numbers(nodes.tags["height"])[0], dtype=np.float64)
    points = np.asarray(shapely.points(nodes.xy[tree]), dtype=object)
    return made_frame("trees", points, id=feature_ids(nodes.ids[tree], NODE), height_m=height[tree])


def communities_of(polygons: Polygons, buildings: Polygons, account: Account) -> gpd.GeoDataFrame:
    """Return the administrative areas of the finest level that the data covers.

    Parameters
    ----------
    polygons
        All areas.
    buildings
        Say where the data is: an area counts if it holds some, and lies within their hull for the
        most part.
    account
        Receives areas that the data covers in part.
    """
    tags = polygons.tags
    administrative = (tags["boundary"] == "administrative").to_numpy()
    chosen = np.zeros(len(tags), dtype=np.bool_)
    hull = shapely.convex_hull(shapely.multipoints(shapely.centroid(buildings.shapes)))
    for level in feature_keys("admin_levels"):
        found = administrative & (tags["admin_level"] == level).to_numpy()
        inside = found & _mostly_inside(polygons.shapes, found, hull, buildings.shapes)
        account.add("osm_communities_partial", Severity.INFO, polygons.ids[found & ~inside])
        if inside.any():
            held = _share_held(polygons.shapes[inside], buildings.shapes)
            least = rules("surroundings")["communities"]["least_buildings"]
            if held >= least:
                chosen = inside
                break
            share = round(100 * held)
            account.add("osm_communities_few", Severity.INFO, polygons.ids[inside], percent=share)
    part = polygons.part(chosen)
    return made_frame("communities", part.shapes, id=part.ids, name=names(part.tags))


def _share_held(areas: NDArray[np.object_], buildings: NDArray[np.object_]) -> float:
    """Return the share of the buildings that lie in one of the areas."""
    centres = shapely.centroid(buildings)
    found = shapely.STRtree(shapely.make_valid(areas)).query(centres, predicate="intersects")[0]
    return len(np.unique(found)) / len(buildings)


def _mostly_inside(
    shapes: NDArray[np.object_],
    found: NDArray[np.bool_],
    hull: shapely.Geometry,
    buildings: NDArray[np.object_],
) -> NDArray[np.bool_]:
    mask = np.zeros(len(shapes), dtype=np.bool_)
    rows = np.flatnonzero(found)
    if not len(rows) or not len(buildings):
        return mask
    areas = shapely.make_valid(shapes[rows])
    share = shapely.area(shapely.intersection(areas, hull)) / shapely.area(areas)
    holds = np.zeros(len(rows), dtype=np.bool_)
    holds[shapely.STRtree(areas).query(buildings, predicate="intersects")[1]] = True
    mask[rows] = holds & (share >= rules("surroundings")["communities"]["least_share"])
    return mask
