"""Open estimates of what a district's data lacks, each marked in the ``estimated`` column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from layers.account import Account
from layers.limits import limit
from layers.problems import Problem, Severity
from layers.residents.people import Figures, community_of, estimate_people, figures_for, mark
from layers.schema import AGE_BANDS

_HOMES = ("residential", "mixed")
_SUM_TOLERANCE = 0.5
"""People; bands and their total may differ by rounding."""


def estimate_missing(
    buildings: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame | None = None,
    own: Mapping[str, Any] | None = None,
) -> tuple[gpd.GeoDataFrame, tuple[Problem, ...]]:
    """Fill in storeys from heights, dwellings, residents, and age bands from shares.

    Age bands that are missing where residents are known come from the shares of the building's
    community (its own table, else its buildings that have bands), else from the district's, else
    from the country's; what is known of a building is kept. A community that states some bands
    alone (its older people) gives these, and the others share what is left. Counted dwellings stand
    for residents whom nobody counted; who lives where not even these are known is estimated, see
    `layers.residents.people`.

    Parameters
    ----------
    buildings, communities
        Tidy, in one CRS.
    own
        Figures of the estimate that go before the country's, as
        `layers.residents.people.read_figures` gives.
    """
    account = Account("buildings")
    frame = buildings.copy()
    marks = frame["estimated"].to_numpy(dtype=object, copy=True)
    _report_odd_storeys(frame, account)
    _storeys_from_height(frame, marks, account)
    _residents_from_bands(frame, account)
    if len(frame):
        figures = figures_for(frame, own)
        estimate_people(frame, marks, communities, figures, account)
        if frame["residents"].notna().any():
            _bands_from_shares(frame, marks, communities, figures, account)
    _report_missing(frame, account)
    # pandas would take plain strings for a dtype of its own, which the schema does not have.
    return frame.assign(estimated=marks).astype({"estimated": object}), account.problems


def forget_people(buildings: gpd.GeoDataFrame, *, keep_totals: bool) -> gpd.GeoDataFrame:
    """Return buildings without the people that were estimated, to be estimated anew.

    Parameters
    ----------
    buildings
        Tidy; what was counted stays.
    keep_totals
        Forget the ages alone: the totals came from a grid of people, which knows them better.
    """
    totals = () if keep_totals else ("residents", "dwellings")
    names = (*totals, *AGE_BANDS)
    frame = buildings.copy()
    marks = [[one for one in said.split(",") if one] for said in frame["estimated"].astype(str)]
    for name in names:
        guessed = np.array([name in listed for listed in marks], dtype=np.bool_)
        frame[name] = np.where(guessed, np.nan, frame[name].to_numpy(dtype=np.float64))
    left = [",".join(one for one in listed if one not in names) for listed in marks]
    return frame.assign(estimated=np.array(left, dtype=object)).astype({"estimated": object})


def _report_odd_storeys(frame: gpd.GeoDataFrame, account: Account) -> None:
    """Report buildings whose height and storeys cannot both be right."""
    per_storey = frame["height_m"].to_numpy() / frame["storeys"].to_numpy()
    low = limit("buildings", "least_storey_height_m")
    high = limit("buildings", "most_storey_height_m")
    # One storey alone may be a hall, however high.
    odd = (per_storey < low) | ((per_storey > high) & (frame["storeys"].to_numpy() > 1))
    account.add("storeys_against_height", Severity.WARNING, frame["id"].to_numpy()[odd])


def _storeys_from_height(
    frame: gpd.GeoDataFrame, marks: NDArray[np.object_], account: Account
) -> None:
    storeys, height = frame["storeys"].to_numpy(copy=True), frame["height_m"].to_numpy()
    missing = np.isnan(storeys) & ~np.isnan(height)
    per_storey = limit("buildings", "storey_height_m")
    storeys[missing] = np.maximum(np.round(height[missing] / per_storey), 1)
    frame["storeys"] = storeys
    mark(marks, missing, "storeys")
    ids = frame["id"].to_numpy()
    account.add("storeys_estimated", Severity.WARNING, ids[missing], storey_height_m=per_storey)
    account.add("storeys_unknown", Severity.WARNING, ids[np.isnan(storeys)])


def _residents_from_bands(frame: gpd.GeoDataFrame, account: Account) -> None:
    """Let the bands decide the total where all are known; they are what figures rest on."""
    bands = frame[list(AGE_BANDS)].to_numpy()
    total, residents = bands.sum(axis=1), frame["residents"].to_numpy(copy=True)
    known = ~np.isnan(total)
    differs = known & ~np.isnan(residents) & (np.abs(total - residents) > _SUM_TOLERANCE)
    account.add("bands_against_residents", Severity.WARNING, frame["id"].to_numpy()[differs])
    take = known & (np.isnan(residents) | differs)
    residents[take] = total[take]
    frame["residents"] = residents


def _bands_from_shares(
    frame: gpd.GeoDataFrame,
    marks: NDArray[np.object_],
    communities: gpd.GeoDataFrame | None,
    figures: Figures,
    account: Account,
) -> None:
    """Spread the residents that no known band accounts for over the unknown bands."""
    bands, residents = frame[list(AGE_BANDS)].to_numpy(copy=True), frame["residents"].to_numpy()
    unknown = np.isnan(bands)
    rows = unknown.any(axis=1) & ~np.isnan(residents)
    if not rows.any():
        return
    national = np.array([figures.age_shares.get(name, 0.0) for name in AGE_BANDS])
    shares, basis = _shares_per_building(frame, communities, national, account)
    weight = np.where(unknown, shares, 0.0)
    total = weight.sum(axis=1)
    rows &= total > 0
    rest = np.maximum(residents - np.nansum(bands, axis=1), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = weight / total[:, None] * rest[:, None]
    bands = np.where(unknown & rows[:, None], spread, bands)
    frame[list(AGE_BANDS)] = bands
    ids = frame["id"].to_numpy()
    for column, name in enumerate(AGE_BANDS):
        mark(marks, unknown[:, column] & rows, name)
    for number, name in enumerate(_BASES):
        account.add(f"bands_from_{name}", Severity.WARNING, ids[rows & (basis == number)])
    left = np.isnan(bands).any(axis=1) & ~np.isnan(residents) & (residents > 0)
    account.add("bands_unknown", Severity.WARNING, ids[left])


_BASES = ("communities", "district", "country")
"""What age shares may rest on, best first."""


def _shares_per_building(
    frame: gpd.GeoDataFrame,
    communities: gpd.GeoDataFrame | None,
    national: NDArray[np.float64],
    account: Account,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return each building's expected share of each band, and what the shares rest on.

    Parameters
    ----------
    national
        Shares in the country, float64 (bands,); zeros where they are not known.

    Returns
    -------
    float64 (buildings, bands), rows of NaN-free shares (0 where nothing is known), and positions
    in `_BASES`.
    """
    bands = frame[list(AGE_BANDS)].to_numpy()
    complete = ~np.isnan(bands).any(axis=1)
    district = _normalised(bands[complete].sum(axis=0))
    overall, source = (district, 1) if district.any() else (_normalised(national), 2)
    if communities is None or not len(communities):
        return np.tile(overall, (len(frame), 1)), np.full(len(frame), source)
    where = community_of(frame, communities)
    from_buildings = np.zeros((len(communities), len(AGE_BANDS)))
    counted = complete & (where >= 0)
    np.add.at(from_buildings, where[counted], bands[counted])
    from_buildings = _normalised(from_buildings)
    own = communities[list(AGE_BANDS)].to_numpy()
    known = ~np.isnan(own)
    everybody = own[np.flatnonzero(known.all(axis=1))].sum(axis=0)
    if not district.any() and everybody.any():
        overall, source = _normalised(everybody), 1
    elsewhere = np.where(from_buildings.any(axis=1, keepdims=True), from_buildings, overall)
    people = _people_of(communities, frame, where)
    table, stated = _stated_shares(own, people, elsewhere)
    contradicts = (np.nansum(own, axis=1) > 0) & ~stated
    ids = communities["id"].to_numpy()
    account.add("community_ages_not_used", Severity.WARNING, ids[contradicts])
    of_its_own = np.append(stated | from_buildings.any(axis=1), False)
    shares = np.vstack([table, overall])[where]  # row -1, outside them all, is the last
    return shares, np.where(of_its_own[where], 0, source)


def _people_of(
    communities: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, where: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return how many people each community has: as it says, else as live in its buildings."""
    inside = where >= 0
    lives = np.nan_to_num(frame["residents"].to_numpy(dtype=np.float64))
    here = np.bincount(where[inside], lives[inside], len(communities))
    stated = communities["residents"].to_numpy(dtype=np.float64)
    return np.asarray(np.where(np.isnan(stated), here, stated), dtype=np.float64)


def _stated_shares(
    own: NDArray[np.float64], people: NDArray[np.float64], elsewhere: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the shares that communities state, those of the bands left open spread by others.

    A community that counts its older people alone knows how many all the others are together;
    their shares among each other come from elsewhere.

    Parameters
    ----------
    own
        People by band as each community states them, NaN where it does not; (communities, bands).
    people
        All people of each community.
    elsewhere
        Shares to go by where a community states nothing; (communities, bands).

    Returns
    -------
    Shares, and which communities' own figures were used. They are not where the bands stated hold
    more people than there are, or nothing tells who the others are.
    """
    known = ~np.isnan(own)
    whole, sums = known.all(axis=1), np.nansum(own, axis=1)
    weight = np.where(known, 0.0, elsewhere)
    rest = people - sums
    fits = (rest >= 0) & (weight.any(axis=1) | (rest == 0))
    stated = (sums > 0) & (whole | fits)
    spread = np.nan_to_num(own) + _normalised(weight) * np.where(whole, 0.0, rest)[:, None]
    return np.where(stated[:, None], _normalised(spread), elsewhere), stated


def _normalised(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    total = counts.sum(axis=-1, keepdims=True)
    shares = np.zeros_like(counts)
    np.divide(counts, total, out=shares, where=total > 0)
    return shares


def _report_missing(frame: gpd.GeoDataFrame, account: Account) -> None:
    """Say where nobody is known to live, though people could."""
    residents, dwellings = frame["residents"].to_numpy(), frame["dwellings"].to_numpy()
    homes = frame["use"].isin(_HOMES).to_numpy()
    if not np.nansum(residents) > 0:
        has_dwellings = bool(np.nansum(dwellings) > 0)
        key = "people_from_dwellings" if has_dwellings else "people_unknown"
        account.note(key, Severity.ERROR if not has_dwellings else Severity.WARNING)
        return
    missing = homes & np.isnan(residents)
    account.add("residents_missing", Severity.WARNING, frame["id"].to_numpy()[missing])
    odd = ~homes & (np.nan_to_num(residents) > 0)
    account.add("residents_outside_homes", Severity.WARNING, frame["id"].to_numpy()[odd])
