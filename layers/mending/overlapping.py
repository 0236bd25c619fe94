"""Buildings over one another, slivers among them, and buildings whose parts lie far apart.

People live once: a copy of a building moved by a metre would count its residents twice. What is
plainly a copy is left out as an exact one is; other overlaps are told and left, for only a person
knows whether one building stands on the other.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.limits import limit
from layers.problems import Problem, Severity

_MOST_EXAMPLES = 5


def settle_overlaps(buildings: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, tuple[Problem, ...]]:
    """Leave out slivers, near-copies and far parts of buildings, and report other overlaps.

    A sliver is narrower than ``sliver_m``: digitising leaves it, nobody lives in it. A near-copy
    has the same outline as an earlier building to ``copy_share`` of their union, and the same
    residents, storeys and name: it is left out as a duplicate is. Other buildings of which at least
    ``overlap_share`` lies on another are reported and kept. Of a building in several parts those
    farther than ``far_part_m`` from the one nearest the district's middle are left out.

    Parameters
    ----------
    buildings
        Tidy, all files together; parts of buildings in OpenStreetMap's sense are in their outlines
        already.
    """
    account = Account("buildings")
    made = _without_far_parts(_without_slivers(buildings, account), account)
    return _without_copies(made, account), account.problems


def _shapes(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    return np.asarray(frame.geometry.array, dtype=object)


def _without_slivers(frame: gpd.GeoDataFrame, account: Account) -> gpd.GeoDataFrame:
    """Twice the area by half the outline is the width of a long rectangle."""
    shapes = _shapes(frame)
    length = np.maximum(shapely.length(shapes), 1e-9)
    sliver = 2 * shapely.area(shapes) / length < limit("buildings", "sliver_m")
    people = float(np.nansum(frame["residents"].to_numpy()[sliver]))
    ids = frame["id"].to_numpy()[sliver]
    facts = {"people": round(people), "width_cm": round(100 * limit("buildings", "sliver_m"))}
    account.add("slivers_dropped", Severity.WARNING, ids, **facts)
    return frame.loc[~sliver].reset_index(drop=True) if sliver.any() else frame


def _without_far_parts(frame: gpd.GeoDataFrame, account: Account) -> gpd.GeoDataFrame:
    shapes = _shapes(frame).copy()
    several = np.flatnonzero(shapely.get_num_geometries(shapes) > 1)
    if not len(several):
        return frame
    parts, owner = shapely.get_parts(shapes[several], return_index=True)
    places = shapely.get_coordinates(shapely.centroid(shapes))
    away = shapely.distance(parts, shapely.Point(*np.median(places, axis=0)))
    order = np.lexsort((away, owner))
    main = parts[order][np.flatnonzero(np.diff(owner[order], prepend=-1))]
    far = shapely.distance(parts, main[owner]) > limit("buildings", "far_part_m")
    if not far.any():
        return frame
    hit = np.unique(owner[far])
    kept = ~far & np.isin(owner, hit)
    index = np.searchsorted(hit, owner[kept])
    joined = shapely.multipolygons(parts[kept], indices=index)
    single = shapely.get_num_geometries(joined) == 1
    joined[single] = shapely.get_geometry(joined[single], 0)
    shapes[several[hit]] = joined
    account.add(
        "far_parts_dropped",
        Severity.WARNING,
        frame["id"].to_numpy()[several[hit]],
        parts=int(far.sum()),
        farther_m=round(limit("buildings", "far_part_m")),
    )
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))


def _without_copies(frame: gpd.GeoDataFrame, account: Account) -> gpd.GeoDataFrame:
    shapes, ids = _shapes(frame), frame["id"].to_numpy()
    one, other = _perhaps_overlapping(shapes)
    area = shapely.area(shapes)
    common = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    share = common / np.minimum(area[one], area[other])
    like = common / (area[one] + area[other] - common)
    people, name = frame["residents"].to_numpy(dtype=np.float64), frame["name"].to_numpy()
    storeys = np.nan_to_num(frame["storeys"].to_numpy(dtype=np.float64))
    # A copy says the same; two that differ, or of which nobody knows the people, may be floors or
    # buildings one over the other.
    same = (people[one] == people[other]) & (storeys[one] == storeys[other])
    same &= name[one] == name[other]
    copy = (like >= limit("buildings", "copy_share")) & same
    dropped = np.unique(other[copy])
    account.add(
        "building_copies_dropped",
        Severity.REPAIRED,
        ids[dropped],
        people=round(float(np.nansum(people[dropped]))),
    )
    stay = (share >= limit("buildings", "overlap_share")) & ~np.isin(one, dropped)
    stay &= ~np.isin(other, dropped)
    over = np.unique(np.concatenate([one[stay], other[stay]]))
    pairs = [f"{ids[a]}/{ids[b]}" for a, b in zip(one[stay], other[stay], strict=True)]
    account.add(
        "buildings_overlap",
        Severity.WARNING,
        ids[over],
        pairs=len(pairs),
        examples=", ".join(pairs[:_MOST_EXAMPLES]),
        share=round(100 * limit("buildings", "overlap_share")),
    )
    return frame.drop(index=dropped).reset_index(drop=True) if len(dropped) else frame


def _perhaps_overlapping(shapes: NDArray[np.object_]) -> tuple[NDArray[np.int64], ...]:
    """Return pairs, each once, whose boxes have enough in common for the outlines to have it."""
    one, other = shapely.STRtree(shapes).query(shapes)
    one, other = one[one < other], other[one < other]
    box = shapely.bounds(shapes)
    low = np.maximum(box[one, :2], box[other, :2])
    high = np.minimum(box[one, 2:], box[other, 2:])
    area = shapely.area(shapes)
    most = np.prod(np.maximum(high - low, 0.0), axis=1) / np.minimum(area[one], area[other])
    enough = most >= limit("buildings", "overlap_share")
    return one[enough], other[enough]
