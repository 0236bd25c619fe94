"""Who lives where: residents of every building by age band, with what was estimated marked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.schema import AGE_BANDS
from twin.arrays import Flags, Floats, Ints
from twin.memo import Memo
from twin.model.catalogues import groups
from twin.model.district import District
from twin.model.whereabouts import where_they_are

PEOPLE = (*AGE_BANDS, "age_unknown", "disabled")
"""Columns of a people array. The bands and ``age_unknown`` partition the residents."""

PARTITION = len(AGE_BANDS) + 1
"""How many columns of `PEOPLE` partition the residents."""


_ROUNDING = 1.0
"""Residents by which the bands of a building may differ from its total without a word."""


@dataclass(frozen=True, eq=False)
class Demand:
    """The residents of every building.

    Parameters
    ----------
    people
        Residents by the columns of :data:`PEOPLE`, shape (buildings, 9).
    estimated
        The age bands come from the shares of the community or district.
    unknown
        Homes whose residents nobody counted; they stand as zero.
    differs
        The age bands sum to other than the residents; the bands count.
    inside
        The representative point lies inside the boundary (everywhere without a boundary).
    community
        Row of the community, shape (buildings,); the count of communities where outside all.
    counts_dwellings
        No building has residents, so dwellings stand for them.
    """

    people: Floats
    estimated: Flags
    unknown: Flags
    differs: Flags
    inside: Flags
    community: Ints
    counts_dwellings: bool

    @property
    def residents(self) -> Floats:
        """All residents of each building."""
        everyone: Floats = self.people[:, :PARTITION].sum(axis=1)
        return everyone


_demands: Memo[Demand] = Memo(16)


def demand(district: District) -> Demand:
    """Return who lives in the district's buildings."""
    buildings, communities = district.buildings, district.communities
    columns = [
        buildings[name] for name in ("residents", *AGE_BANDS, "disabled", "dwellings", "use")
    ]
    shares = [communities[name] for name in AGE_BANDS]
    place = (buildings.geometry, district.boundary.geometry, communities.geometry)
    inside, community = where_they_are(district)
    return _demands.get((*columns, *shares, *place), lambda: _count(district, inside, community))


def group_people(people: Floats, group_id: str) -> Floats:
    """Return how many of `group_id` are in each row of a people array.

    A group that spans all bands counts people of unknown age too.

    Raises
    ------
    KeyError
        Where there is no such group.
    """
    columns = group_columns(group_id)
    total: Floats = people[:, list(columns)].sum(axis=1)
    return total


def sums(row: Ints, values: Floats, count: int) -> Floats:
    """Return the sum of `values` for each of `count` rows."""
    return np.bincount(row, values, count).astype(np.float64)


def group_columns(group_id: str) -> tuple[int, ...]:
    """Return the positions in :data:`PEOPLE` that a group sums."""
    names = groups()[group_id].columns
    columns = tuple(PEOPLE.index(name) for name in names)
    spans_all = set(AGE_BANDS) <= set(names)
    return (*columns, PEOPLE.index("age_unknown")) if spans_all else columns


def _count(district: District, inside: Flags, community: Ints) -> Demand:
    buildings = district.buildings
    given = np.column_stack([buildings[name] for name in AGE_BANDS])
    residents, disabled = buildings["residents"], np.nan_to_num(buildings["disabled"])
    missing = np.isnan(given)
    people = np.zeros((len(buildings), len(PEOPLE)))
    people[:, : len(AGE_BANDS)] = np.nan_to_num(given)
    people[:, -1] = disabled
    rest = np.maximum(residents - np.nansum(given, axis=1), 0)
    lacking = missing.any(axis=1) & (rest > 0)
    people[lacking] += _spread(district, rest[lacking], missing[lacking], community[lacking])
    differs = ~missing.any(axis=1) & (np.abs(residents - given.sum(axis=1)) > _ROUNDING)
    homes = np.isin(buildings["use"], ("residential", "mixed"))
    unknown = homes & np.isnan(residents) & missing.all(axis=1)
    counts_dwellings = not people.any() and bool(np.nansum(buildings["dwellings"]) > 0)
    if counts_dwellings:
        people[:, len(AGE_BANDS)] = np.nan_to_num(buildings["dwellings"])
    people.flags.writeable = False
    return Demand(people, lacking, unknown, differs, inside, community, counts_dwellings)


def _spread(district: District, rest: Floats, missing: Flags, community: Ints) -> Floats:
    """Return residents whose age nobody noted, by the shares of their community or district."""
    table = np.where(missing, _shares(district)[community], 0.0)
    total = table.sum(axis=1, keepdims=True)
    share = np.divide(table, total, out=np.zeros_like(table), where=total > 0)
    spread = np.zeros((len(rest), len(PEOPLE)))
    spread[:, : len(AGE_BANDS)] = rest[:, None] * share
    spread[:, len(AGE_BANDS)] = np.where(total[:, 0] > 0, 0.0, rest)
    return spread


def _shares(district: District) -> Floats:
    """Return people by band whose proportions stand for each community, and outside them all.

    A community's own row goes first, then its buildings whose bands are known; then the rows of
    all communities (where none is missing), then all buildings whose bands are known.
    """
    _, community = where_they_are(district)
    own = np.column_stack([district.communities[name] for name in AGE_BANDS])
    known = ~np.isnan(own).any(axis=1)
    bands = np.column_stack([district.buildings[name] for name in AGE_BANDS])
    complete = ~np.isnan(bands).any(axis=1)
    counted = np.zeros((len(own) + 1, len(AGE_BANDS)))
    np.add.at(counted, community[complete], bands[complete])
    own = np.where(known[:, None], own, 0.0)
    everybody = own.sum(axis=0) if known.all() and own.any() else counted.sum(axis=0)
    counted[-1] = 0.0  # outside them all, the whole district stands
    table = np.vstack([own, np.zeros(len(AGE_BANDS))])
    for instead in (counted, everybody):
        table = np.where(table.any(axis=1, keepdims=True), table, instead)
    return table
