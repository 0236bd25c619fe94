"""Which features of a new version of a layer are which of the old: by ids, else place and shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from layers.limits import limit
from layers.schema import ROLES

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class LayerChange:
    """What is other in a layer than it was.

    Parameters
    ----------
    role
        The layer's.
    before, after
        How many features there were and are.
    added, removed, moved
        Ids of features that are new, gone, or of another geometry.
    changed
        Column to the ids of features whose value is another.
    matched_by
        ``ids`` or ``shape``: how old and new features were told to be the same.
    """

    role: str
    before: int
    after: int
    added: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()
    moved: tuple[int, ...] = ()
    changed: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    matched_by: str = "ids"


def keep_ids(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, *, own_ids: bool, above: int = 0
) -> tuple[gpd.GeoDataFrame, str]:
    """Give features of a new version the ids that they have in the old one.

    Ids count where the file brought its own, both versions share many, and place and shape seldom
    contradict them (a running number shifts when a row is put in before it). Else a feature is the
    one that it covers, or lies nearest to, and that in turn is best covered by it; who finds none
    gets an id that was never used.

    Parameters
    ----------
    old, new
        Tidy frames in one metric CRS.
    own_ids
        Whether the new version's ids came from its file.
    above
        New ids are above this: edits may name features that only a scenario has.

    Returns
    -------
    The new version, and ``ids`` or ``shape``: by what it was matched.
    """
    if not len(old) or not len(new):
        return new, "ids"
    ids = old["id"].to_numpy()
    old_row, new_row = _pairs(old, new)
    if own_ids and _ids_hold(old, new, old_row, new_row):
        return new, "ids"
    kept = np.full(len(new), -1, dtype=np.int64)
    kept[new_row] = ids[old_row]
    fresh = kept < 0
    kept[fresh] = max(ids.max(), above) + 1 + np.arange(fresh.sum())
    return new.assign(id=kept), "shape"


def same_as_before(frame: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Tell which features an earlier row has already: the same id, and nowhere else.

    Tiles share what lies across their border, and an archive may hold one model in two formats.

    Parameters
    ----------
    frame
        Tidy layers of one role below each other.
    """
    again = np.array(frame["id"].duplicated(), dtype=np.bool_)
    if not again.any():
        return again
    first = frame.drop_duplicates("id").set_index("id").geometry
    shapes = np.asarray(frame.geometry.array, dtype=object)[again]
    before = np.asarray(first.loc[frame["id"].to_numpy()[again]].array, dtype=object)
    # Bounds move no farther than the shape does, and cost little.
    apart = np.abs(shapely.bounds(shapes) - shapely.bounds(before)).max(axis=1)
    again[again] = apart <= limit("space", "same_place_m")
    return np.asarray(again)


def _ids_hold(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, old_row: Ints, new_row: Ints) -> bool:
    """Tell whether equal ids name the same things: what lies in one place has one id."""
    common = np.intersect1d(old["id"], new["id"])
    if len(common) < limit("matching", "least_known_ids") * min(len(old), len(new)):
        return False
    agree = old["id"].to_numpy()[old_row] == new["id"].to_numpy()[new_row]
    return not len(agree) or bool(agree.mean() >= limit("matching", "least_agreeing"))


def _pairs(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> tuple[Ints, Ints]:
    """Return rows of old and new that are each other's best match."""
    there, here = np.asarray(old.geometry.array), np.asarray(new.geometry.array)
    within = limit("matching", "near_m")
    new_row, old_row = shapely.STRtree(there).query(here, predicate="dwithin", distance=within)
    unlike = _unlikeness(there[old_row], here[new_row])
    good = unlike <= 1.0
    new_row, old_row, unlike = new_row[good], old_row[good], unlike[good]
    best = np.lexsort((old_row, new_row, unlike))
    new_row, old_row = new_row[best], old_row[best]
    first_new = np.zeros(len(best), dtype=np.bool_)
    first_new[np.unique(new_row, return_index=True)[1]] = True
    first_old = np.zeros(len(best), dtype=np.bool_)
    first_old[np.unique(old_row, return_index=True)[1]] = True
    both = first_new & first_old
    return old_row[both], new_row[both]


def _unlikeness(one: NDArray[np.object_], other: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return how far geometries are from being the same: 0 equal, above 1 another thing.

    Areas by the share that they do not have in common, all else by the Hausdorff distance.
    """
    areas = (shapely.get_dimensions(one) == 2) & (shapely.get_dimensions(other) == 2)
    unlike = np.full(len(one), np.inf)
    flat = np.flatnonzero(~areas)
    distance = shapely.hausdorff_distance(one[flat], other[flat])
    unlike[flat] = distance / limit("matching", "near_m")
    solid = np.flatnonzero(areas)
    common = shapely.area(shapely.intersection(one[solid], other[solid]))
    whole = shapely.area(one[solid]) + shapely.area(other[solid]) - common
    with np.errstate(invalid="ignore", divide="ignore"):
        overlap = np.where(whole > 0, common / whole, 0.0)
    unlike[solid] = (1 - overlap) / (1 - limit("matching", "least_overlap"))
    return np.where(np.isfinite(unlike), unlike, np.inf)


def compare(
    role: str, old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, matched_by: str = "ids"
) -> LayerChange:
    """Return what is other in `new` than in `old`; features are told by their ids.

    Parameters
    ----------
    role
        Of the layer.
    old, new
        Tidy frames in one CRS.
    matched_by
        For the account: how the ids were given.
    """
    before, after = old["id"].to_numpy(), new["id"].to_numpy()
    ids, one, other = np.intersect1d(before, after, return_indices=True)
    shapes = np.asarray(old.geometry.array)[one], np.asarray(new.geometry.array)[other]
    same = shapely.equals_exact(
        shapely.normalize(shapes[0]), shapely.normalize(shapes[1]), limit("matching", "moved_m")
    )
    changed = {}
    for column in ROLES[role].columns:
        a, b = old[column.name].to_numpy()[one], new[column.name].to_numpy()[other]
        differs = a != b
        if column.kind == "number":
            differs &= ~(np.isnan(a) & np.isnan(b))
        if differs.any():
            changed[column.name] = _listed(ids[differs])
    return LayerChange(
        role,
        len(old),
        len(new),
        added=_listed(np.setdiff1d(after, before)),
        removed=_listed(np.setdiff1d(before, after)),
        moved=_listed(ids[~same]),
        changed=changed,
        matched_by=matched_by,
    )


def _listed(ids: Ints) -> tuple[int, ...]:
    return tuple(int(number) for number in ids)
