"""Open estimates of what a district's data lacks, each marked in the ``estimated`` column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from layers.account import Account
from layers.limits import limit
from layers.people import Figures, community_of, estimate_people, figures_for, mark
from layers.problems import Problem, Severity
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
    community (its own table, else its buildings that have bands), else from the district's; what
    is known of a building is kept. Counted dwellings stand for residents whom nobody counted; who
    lives where not even these are known is estimated, see `layers.people`. Estimated residents may
    take their ages from the country's.

    Parameters
    ----------
    buildings, communities
        Tidy, in one CRS.
    own
        Figures of the estimate that go before the country's, as `layers.people.read_figures` gives.
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
    shares, basis = _shares_per_building(frame, communities)
    guessed = np.array(["residents" in one.split(",") for one in marks.astype(str)])
    if not shares.any() and guessed[rows].all() and figures.age_shares:
        national = np.array([figures.age_shares.get(name, 0.0) for name in AGE_BANDS])
        shares, basis = np.tile(_normalised(national), (len(frame), 1)), "country"
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
    account.add(f"bands_from_{basis}", Severity.WARNING, ids[rows])
    left = np.isnan(bands).any(axis=1) & ~np.isnan(residents) & (residents > 0)
    account.add("bands_unknown", Severity.WARNING, ids[left])


def _shares_per_building(
    frame: gpd.GeoDataFrame, communities: gpd.GeoDataFrame | None
) -> tuple[NDArray[np.float64], str]:
    """Return each building's expected share of each band, and what the shares rest on.

    Returns
    -------
    float64 (buildings, bands), rows of NaN-free shares (0 where nothing is known), and
    ``communities`` or ``district``.
    """
    bands = frame[list(AGE_BANDS)].to_numpy()
    complete = ~np.isnan(bands).any(axis=1)
    district = bands[complete].sum(axis=0)
    if communities is None or not len(communities):
        return np.tile(_normalised(district), (len(frame), 1)), "district"
    own = communities[list(AGE_BANDS)].to_numpy()
    where = community_of(frame, communities)
    from_buildings = np.zeros((len(communities), len(AGE_BANDS)))
    counted = complete & (where >= 0)
    np.add.at(from_buildings, where[counted], bands[counted])
    stated = ~np.isnan(own).any(axis=1) & (np.nansum(own, axis=1) > 0)
    table = np.where(stated[:, None], np.nan_to_num(own), from_buildings)
    overall = district if district.sum() > 0 else table.sum(axis=0)
    table = np.where(table.sum(axis=1)[:, None] > 0, table, overall)
    shares = np.where((where >= 0)[:, None], table[np.maximum(where, 0)], overall)
    return _normalised(shares), "communities"


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
