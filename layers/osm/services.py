"""Services: which nodes and areas are facilities of our types, each counted once."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.osm.frames import NODE, feature_ids, made_frame
from layers.osm.polygons import Polygons
from layers.osm.reading import Points
from layers.osm.tags import hits, named, names, rules
from layers.problems import Severity
from layers.vocabulary.values import numbers


def services_of(
    nodes: Points, polygons: Polygons, buildings: Polygons, account: Account
) -> gpd.GeoDataFrame:
    """Return services in the schema's columns.

    A node inside an area that has all its types is the same facility mapped twice; the area stays,
    with the node's opening hours where it has none.

    Parameters
    ----------
    nodes, polygons, buildings
        Of the file; `buildings` are those of `polygons` that are buildings.
    account
        Receives what was left out, and why.
    """
    ids = np.r_[feature_ids(nodes.ids, NODE), polygons.ids]
    shapes = np.r_[shapely.points(nodes.xy), polygons.shapes].astype(object)
    tags = pd.concat([nodes.tags, polygons.tags], ignore_index=True)
    types, mask = service_types(tags)
    private = (types != "") & hits(tags, rules("services")["private"])
    account.add("osm_services_private", Severity.INFO, ids[private])
    stage = hits(tags, rules("services")["unknown_stage"]["any"]) & (types == "")
    account.add("osm_school_stage_unknown", Severity.WARNING, ids[stage])
    open_ = (types != "") & ~private
    point, area = _inside_same(shapes, mask, open_, np.arange(len(ids)) < len(nodes.ids))
    twice = np.isin(np.arange(len(ids)), point)
    account.add("osm_services_twice", Severity.REPAIRED, ids[twice])
    hours = _hours(tags["opening_hours"].to_numpy(dtype=object), point, area)
    kept = open_ & ~twice
    absent = [t for t in service_kinds() if not mask[kept, service_kinds().index(t)].any()]
    if absent and kept.any():
        account.note("osm_types_not_found", Severity.WARNING, types=", ".join(absent))
    capacity = np.asarray(numbers(tags["capacity"])[0], dtype=np.float64)
    placed = np.logical_or.reduce(
        [pd.Series(types).str.contains(t) for t in rules("services")["with_places"]]
    )
    return made_frame(
        "services",
        shapes[kept],
        id=ids[kept],
        name=names(tags)[kept],
        types=types[kept],
        capacity=np.where(placed, capacity, np.nan)[kept],
        status=np.full(int(kept.sum()), "open", dtype=object),
        hours=hours[kept],
        building_id=np.where(np.isin(ids, buildings.ids), ids, -1)[kept],
    )


def service_kinds() -> list[str]:
    """Return the types of services that the mapping can find."""
    rule = rules("services")
    return list(dict.fromkeys(entry["type"] for entry in (*rule["types"], *rule["by_name"])))


def service_types(tags: pd.DataFrame) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return each feature's types joined by commas, and as a mask (features, types)."""
    rule = rules("services")
    listed = service_kinds()
    mask = np.zeros((len(tags), len(listed)), dtype=np.bool_)
    for entry in rule["types"]:
        mask[:, listed.index(entry["type"])] |= hits(tags, entry["any"])
    for entry in rule["by_name"]:
        hit = hits(tags, entry["among"])
        hit[hit] = named(tags[hit], entry["pattern"])
        for other in entry["instead"]:
            mask[hit, listed.index(other)] = False
        mask[:, listed.index(entry["type"])] |= hit
    types = np.full(len(tags), "", dtype=object)
    for column, name in enumerate(listed):
        types = np.where(
            mask[:, column], np.where(types == "", name, types + ("," + name)), types
        ).astype(object)
    return types, mask


def _inside_same(
    shapes: NDArray[np.object_],
    mask: NDArray[np.bool_],
    open_: NDArray[np.bool_],
    node: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which nodes lie in an area that has all the types they have, and the area."""
    none = np.zeros(0, dtype=np.int64)
    points, areas = np.flatnonzero(open_ & node), np.flatnonzero(open_ & ~node)
    if len(points) and len(areas):
        tree = shapely.STRtree(shapes[areas])
        point, area = tree.query(shapes[points], predicate="intersects")
        same = (~mask[points[point]] | mask[areas[area]]).all(axis=1)
        return points[point[same]], areas[area[same]]
    return none, none


def _hours(
    said: NDArray[np.object_], point: NDArray[np.int64], area: NDArray[np.int64]
) -> NDArray[np.object_]:
    """Return opening hours, of areas without any those of the first node that is the same."""
    hours = said.copy()
    lacks = (said[area] == "") & (said[point] != "")
    hours[area[lacks][::-1]] = said[point[lacks][::-1]]  # the first is written last
    return hours
