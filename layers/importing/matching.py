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

_TELLING = ("types", "name", "use", "kind", "address")
"""Columns that tell which of several things at one place is meant."""

_SAME_PLACE_DIGITS = 3
"""Of unlikeness (1 is the farthest that counts): closer than this is the same place."""


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
    one that it covers, or lies nearest to, and that in turn is best covered by it; of several at
    one place the one that is called alike. Services that share no type are never the same. Who
    finds none gets an id that was never used.

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
    good = (unlike <= 1.0) & _may_be_one(old, new, old_row, new_row)
    new_row, old_row, unlike = new_row[good], old_row[good], unlike[good]
    other_words = _differing_words(old, new, old_row, new_row)
    best = np.lexsort((old_row, new_row, other_words, np.round(unlike, _SAME_PLACE_DIGITS)))
    new_row, old_row = new_row[best], old_row[best]
    found: list[tuple[Ints, Ints]] = []
    while len(new_row):
        # Who is each other's best leaves; of the rest others are best.
        both = _first_of_each(new_row) & _first_of_each(old_row)
        found.append((old_row[both], new_row[both]))
        left = ~(np.isin(new_row, new_row[both]) | np.isin(old_row, old_row[both]))
        new_row, old_row = new_row[left], old_row[left]
    none = np.empty(0, dtype=np.int64)
    olds, news = zip(*found, strict=True) if found else ((none,), (none,))
    return np.concatenate(olds), np.concatenate(news)


def _first_of_each(rows: Ints) -> NDArray[np.bool_]:
    """Tell which entries are the first with their value."""
    first = np.zeros(len(rows), dtype=np.bool_)
    first[np.unique(rows, return_index=True)[1]] = True
    return first


def _may_be_one(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, old_row: Ints, new_row: Ints
) -> NDArray[np.bool_]:
    """Tell which pairs may be one thing: no services that state types and share none."""
    if "types" not in old.columns or "types" not in new.columns:
        return np.ones(len(old_row), dtype=np.bool_)
    listed = [frame["types"].astype(str).to_numpy() for frame in (old, new)]
    words, number = np.unique(np.concatenate(listed), return_inverse=True)
    sets = [frozenset(word.split(",")) - {""} for word in words.tolist()]
    one, other = number[old_row], number[len(old) + new_row]
    kinds, pair = np.unique(np.column_stack([one, other]), axis=0, return_inverse=True)
    may = [not (sets[a] and sets[b]) or bool(sets[a] & sets[b]) for a, b in kinds.tolist()]
    return np.array(may, dtype=np.bool_)[pair.ravel()]


def _differing_words(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, old_row: Ints, new_row: Ints
) -> Ints:
    """Return how many of the words that say what a thing is differ within each pair."""
    count = np.zeros(len(old_row), dtype=np.int64)
    for column in _TELLING:
        if column in old.columns and column in new.columns:
            count += old[column].to_numpy()[old_row] != new[column].to_numpy()[new_row]
    return count


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
    for column in ROLES[role].columns_among({*old.columns} & {*new.columns}):
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
