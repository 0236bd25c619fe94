"""Areas of OSM: closed ways and assembled relations in one list."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.osm.frames import RELATION, WAY, feature_ids
from layers.osm.reading import Extract, Ways
from layers.osm.tags import ANY, feature_keys, hits
from layers.problems import Severity

_LEAST_RING = 4
"""Nodes of a closed way, the first counted again as the last."""


@dataclass(frozen=True, eq=False)
class Polygons:
    """Areas.

    Parameters
    ----------
    ids
        As in `layers.osm.frames.feature_ids`.
    shapes
        Polygons and multipolygons in degrees.
    tags
        One row for each.
    way
        Row of the closed way, -1 for relations.
    """

    ids: NDArray[np.int64]
    shapes: NDArray[np.object_]
    tags: pd.DataFrame
    way: NDArray[np.int64]

    def part(self, mask: NDArray[np.bool_]) -> Polygons:
        """Return some of the areas."""
        tags = self.tags.loc[mask].reset_index(drop=True)
        return Polygons(self.ids[mask], self.shapes[mask], tags, self.way[mask])


def polygons_of(extract: Extract, account: Account) -> Polygons:
    """Return every area that a rule may ask for.

    A closed way that is a ring of an area relation with the same main tag is that relation's
    outline, not a second area.

    Parameters
    ----------
    extract
        As read.
    account
        Receives areas that cannot be closed.
    """
    ways, areas = extract.ways, extract.areas
    rules = [{key: [ANY]} for key in feature_keys("areas")]
    line = (ways.tags["area"] == "no") & (ways.tags["building"] == "")
    wanted = hits(ways.tags, rules) & ~line.to_numpy()
    rings, row, closed, gaps = _rings(ways, wanted)
    account.add("osm_areas_cut", Severity.WARNING, feature_ids(ways.ids[gaps], WAY))
    never = wanted & ~closed & (ways.tags["building"] != "").to_numpy()
    account.add("osm_buildings_open", Severity.WARNING, feature_ids(ways.ids[never], WAY))
    incomplete, broken = areas.incomplete, areas.broken
    account.add("osm_relations_incomplete", Severity.WARNING, feature_ids(incomplete, RELATION))
    account.add("osm_relations_broken", Severity.WARNING, feature_ids(broken, RELATION))
    again = _outlines(extract, row)
    account.add("osm_rings_joined", Severity.INFO, feature_ids(ways.ids[row[again]], WAY))
    row, rings = row[~again], rings[~again]
    return Polygons(
        np.r_[feature_ids(ways.ids[row], WAY), feature_ids(areas.ids, RELATION)],
        np.r_[shapely.polygons(rings), areas.shapes],
        pd.concat([ways.tags.iloc[row], areas.tags], ignore_index=True),
        np.r_[row, np.full(len(areas.ids), -1)],
    )


def _rings(
    ways: Ways, wanted: NDArray[np.bool_]
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the rings of closed ways, their rows; and for each way: is it closed, has it gaps."""
    count = np.bincount(ways.way, minlength=len(ways.ids))
    first = np.cumsum(count) - count
    closed = np.zeros(len(ways.ids), dtype=np.bool_)
    enough = count >= _LEAST_RING
    last = first + count - 1
    closed[enough] = ways.refs[first[enough]] == ways.refs[last[enough]]
    unknown = np.bincount(ways.way, weights=np.isnan(ways.xy[:, 0]), minlength=len(ways.ids)) > 0
    whole = wanted & closed & ~unknown
    node = whole[ways.way]
    row = np.flatnonzero(whole)
    rings = shapely.linearrings(ways.xy[node], indices=np.searchsorted(row, ways.way[node]))
    return np.asarray(rings, dtype=object), row, closed, wanted & closed & unknown


def _outlines(extract: Extract, row: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which closed ways only draw a ring of an area that says the same."""
    ways, areas = extract.ways, extract.areas
    ids = ways.ids[row]
    position = pd.Series(np.arange(len(ids)), index=ids)
    member = np.isin(areas.members, ids)
    way, owner = position[areas.members[member]].to_numpy(), areas.owner[member]
    again = np.zeros(len(row), dtype=np.bool_)
    for key in feature_keys("areas"):
        own = ways.tags[key].to_numpy(object)[row[way]]
        theirs = areas.tags[key].to_numpy(object)[owner]
        again[way[(own != "") & (own == theirs)]] = True
    return again
