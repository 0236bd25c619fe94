"""An open estimate of dwellings and residents where nobody counted them.

In this order: a community's residents are shared out over its homes; a home with dwellings and no
residents gets the district's own residents per dwelling; and where nobody is counted anywhere,
dwellings follow from floor area and residents from dwellings. Every value is marked.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.geodesy.crs import in_china, transformer
from layers.problems import LayerError, Problem, Severity
from layers.schema import AGE_BANDS

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Figures:
    """What an estimate of people rests on.

    Parameters
    ----------
    floor_area_m2_per_dwelling
        Gross floor area, walls and stairs included.
    persons_per_dwelling
        Residents of a usual household.
    age_shares
        Share of each age band; empty where nothing is known of ages.
    """

    floor_area_m2_per_dwelling: float
    persons_per_dwelling: float
    age_shares: Mapping[str, float]


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(
        files("layers.residents").joinpath("people.toml").read_text(encoding="utf-8")
    )


def figures_for(buildings: gpd.GeoDataFrame, own: Mapping[str, Any] | None = None) -> Figures:
    """Return the figures for the country in which buildings stand.

    Parameters
    ----------
    own
        An office's own figures, which go before the country's.
    """
    west, south, east, north = buildings.total_bounds
    middle = transformer(buildings.crs).transform((west + east) / 2, (south + north) / 2)
    country = "china" if in_china(*middle) else "elsewhere"
    return Figures(**{**_table()["figures"][country], **(own or {})})


def age_shares(country: str = "china") -> Mapping[str, float]:
    """Return which share of a country's people each age band has; empty where it is not known."""
    shares: Mapping[str, float] = _table()["figures"][country]["age_shares"]
    return shares


PEOPLE_FIGURES = "people_figures"
"""Setting of a project: an office's own figures, as :func:`read_figures` gives them."""


def read_figures(path: Path) -> dict[str, Any]:
    """Return the figures in an office's own TOML file.

    Raises
    ------
    LayerError
        ``figures_unreadable``: no such file, no TOML; ``figures_unknown``: a name or value that is
        none; each names the file and the field.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        facts = {"reason": str(error).splitlines()[0].replace(f"{path.parent}/", "")}
        raise LayerError(
            Problem("figures_unreadable", Severity.ERROR, source=path.name, facts=facts)
        ) from error
    for name, value in given.items():
        shares = name == "age_shares" and isinstance(value, dict) and set(value) <= set(AGE_BANDS)
        numbers = list(value.values()) if shares else [value]
        known = shares or name in ("floor_area_m2_per_dwelling", "persons_per_dwelling")
        if not known or not all(_is_positive(number) for number in numbers):
            facts = {"field": name, "value": str(value)}
            raise LayerError(
                Problem("figures_unknown", Severity.ERROR, source=path.name, facts=facts)
            )
    return given


def _is_positive(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e6


def estimate_people(
    frame: gpd.GeoDataFrame,
    marks: NDArray[np.object_],
    communities: gpd.GeoDataFrame | None,
    figures: Figures,
    account: Account,
) -> None:
    """Fill in dwellings and residents of homes in place.

    Parameters
    ----------
    frame
        Tidy buildings.
    marks
        Names of the estimated columns by building, joined by commas; what is filled in is added.
    communities
        Tidy, with the building's community in ``community_row`` if there are any; or None.
    """
    homes = _Homes.of(frame)
    if communities is not None and len(communities):
        _from_communities(frame, marks, communities, homes, account)
    if not frame["residents"].notna().any():
        _from_floor_area(frame, marks, homes, figures, account)
    else:
        _from_dwellings(frame, marks, homes, figures, account)


@dataclass(frozen=True, eq=False)
class _Homes:
    """Which buildings are homes, and how much floor area people have there.

    Parameters
    ----------
    here
        People can live in the building.
    floor_area_m2
        Footprint x storeys x share of homes; where storeys are unknown the middle of the homes'
        stated ones, else a usual number.
    guessed
        Homes whose storeys were assumed so.
    usual_storeys
        The number that was assumed.
    """

    here: Flags
    floor_area_m2: Floats
    guessed: Flags
    usual_storeys: float

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame) -> _Homes:
        rule = _table()["homes"]
        share = frame["use"].map(rule["share"]).fillna(0.0).to_numpy(dtype=np.float64)
        footprint = np.asarray(shapely.area(np.asarray(frame.geometry.array)), dtype=np.float64)
        here = (share > 0) & (footprint >= rule["least_footprint_m2"])
        storeys = frame["storeys"].to_numpy(dtype=np.float64)
        stated = storeys[here & ~np.isnan(storeys)]
        enough = len(stated) >= rule["enough_stated"]
        usual = float(np.median(stated)) if enough else float(rule["usual_storeys"])
        area = footprint * np.where(np.isnan(storeys), usual, storeys) * share
        return cls(here, area, here & np.isnan(storeys), usual)


def home_floor_area(frame: gpd.GeoDataFrame) -> tuple[Flags, Floats]:
    """Return which buildings are homes, and the floor area of their homes, m2.

    Parameters
    ----------
    frame
        Tidy buildings.
    """
    homes = _Homes.of(frame)
    return homes.here, homes.floor_area_m2


def _from_communities(
    frame: gpd.GeoDataFrame,
    marks: NDArray[np.object_],
    communities: gpd.GeoDataFrame,
    homes: _Homes,
    account: Account,
) -> None:
    """Share the residents of each community, less those counted, out over its uncounted homes."""
    residents = frame["residents"].to_numpy(copy=True)
    row = community_of(frame, communities)
    bands = communities[list(AGE_BANDS)].to_numpy()
    total = communities["residents"].to_numpy(dtype=np.float64)
    total = np.where(np.isnan(total), bands.sum(axis=1), total)
    inside = row >= 0
    counted = np.bincount(row[inside], np.nan_to_num(residents[inside]), len(total))
    rest = total - counted
    open_ = homes.here & np.isnan(residents) & inside
    area = np.bincount(row[open_], homes.floor_area_m2[open_], len(total))
    with np.errstate(divide="ignore", invalid="ignore"):
        roomy = area / rest >= _table()["homes"]["least_floor_area_per_person_m2"]
        per_area = rest / area
    usable = (rest > 0) & (area > 0)
    crowded = usable & ~roomy
    account.add(
        "community_residents_not_spread", Severity.WARNING, communities["id"].to_numpy()[crowded]
    )
    fill = open_ & (usable & roomy)[row]
    residents[fill] = homes.floor_area_m2[fill] * per_area[row[fill]]
    frame["residents"] = residents
    mark(marks, fill, "residents")
    account.add("residents_from_communities", Severity.WARNING, frame["id"].to_numpy()[fill])


def _from_dwellings(
    frame: gpd.GeoDataFrame,
    marks: NDArray[np.object_],
    homes: _Homes,
    figures: Figures,
    account: Account,
) -> None:
    """Give homes with dwellings and no residents as many per dwelling as the others have."""
    residents, dwellings = frame["residents"].to_numpy(copy=True), frame["dwellings"].to_numpy()
    both = homes.here & (residents > 0) & (dwellings > 0)
    enough = both.sum() >= _table()["homes"]["enough_stated"]
    own = float(residents[both].sum() / dwellings[both].sum()) if enough else np.nan
    persons = own if enough else figures.persons_per_dwelling
    fill = homes.here & np.isnan(residents) & (dwellings > 0)
    residents[fill] = dwellings[fill] * persons
    frame["residents"] = residents
    mark(marks, fill, "residents")
    ids = frame["id"].to_numpy()[fill]
    account.add("residents_from_dwellings", Severity.WARNING, ids, persons=round(persons, 2))


def _from_floor_area(
    frame: gpd.GeoDataFrame,
    marks: NDArray[np.object_],
    homes: _Homes,
    figures: Figures,
    account: Account,
) -> None:
    """Estimate dwellings by floor area; and residents, unless dwellings were counted."""
    ids, dwellings = frame["id"].to_numpy(), frame["dwellings"].to_numpy(copy=True)
    fill = homes.here & np.isnan(dwellings)
    counted = homes.here & (dwellings > 0)
    if not homes.here.any():
        return
    each = figures.floor_area_m2_per_dwelling
    dwellings[fill] = np.maximum(np.round(homes.floor_area_m2[fill] / each), 1.0)
    frame["dwellings"] = dwellings
    mark(marks, fill, "dwellings")
    account.add("dwellings_estimated", Severity.WARNING, ids[fill], floor_area_m2=round(each))
    assumed = homes.guessed & fill
    storeys = round(homes.usual_storeys, 1)
    account.add("dwellings_storeys", Severity.WARNING, ids[assumed], storeys=storeys)
    if counted.sum() >= _table()["homes"]["counted_share"] * homes.here.sum():
        return
    residents = np.where(homes.here, dwellings * figures.persons_per_dwelling, np.nan)
    frame["residents"] = residents
    mark(marks, homes.here, "residents")
    account.note(
        "people_estimated",
        Severity.WARNING,
        ids[homes.here],
        count=int(homes.here.sum()),
        people=round(float(np.nansum(residents))),
        persons=figures.persons_per_dwelling,
    )


def mark(marks: NDArray[np.object_], mask: Flags, column: str) -> None:
    """Add a column's name to the marks of some buildings."""
    before = marks[mask].astype(str)
    marks[mask] = np.where(before == "", column, np.char.add(before, "," + column)).astype(object)


def community_of(frame: gpd.GeoDataFrame, communities: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Return the row of the community around each building's centre; -1 for none."""
    tree = shapely.STRtree(communities.geometry.array)
    centre, row = tree.query(shapely.centroid(frame.geometry.array), predicate="intersects")
    found = np.full(len(frame), -1, dtype=np.int64)
    # Written backwards, so that the first community wins where two overlap.
    found[centre[::-1]] = row[::-1]
    return found
