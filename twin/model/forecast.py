"""The people of another year as the district's own data states them.

Buildings and communities may have the residents of other years (``residents_2035``). Such a number
says how many there will be, not of what age: everybody's ages stay in today's proportions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.schema import AGE_BANDS
from layers.years import of_year
from twin.arrays import Flags, Floats
from twin.memo import Memo
from twin.model.district import District
from twin.model.tables import Table
from twin.model.whereabouts import where_they_are

_COUNTED = "residents"


@dataclass(frozen=True)
class Forecast:
    """The people of a year, taken from columns of the data.

    Parameters
    ----------
    year
        The year.
    estimated
        Somewhere it lies between two years that the data states, and what it would be on a
        straight line from one to the other stands for it.
    """

    year: int
    estimated: bool = False


@dataclass(frozen=True, eq=False)
class Stated:
    """What the data says of the people of a year.

    Parameters
    ----------
    buildings, communities
        Residents then of each, NaN where nothing is said.
    factor
        How many there will be in each building for one now, as its own or its community's numbers
        say; NaN where neither says anything.
    estimated
        Buildings whose people lie between two stated years.
    unplaced
        Communities with people then and nobody now: nothing tells in which of their buildings.
    """

    buildings: Floats
    communities: Floats
    factor: Floats
    estimated: Flags
    unplaced: Flags


_stated: Memo[Stated] = Memo(8)
_tables: Memo[tuple[Table, Table]] = Memo(8)


def years_stated(district: District) -> tuple[int, ...]:
    """Return the years for which the data says how many people live somewhere, in order."""
    tables = district.buildings, district.communities
    return tuple(sorted({year for table in tables for year in _years(table)}))


def forecast_of(district: District, year: int) -> Forecast | None:
    """Return the people of a year as the data states them, or between years that it states.

    None where it says nothing of that year, nor of one before and one after it.
    """
    known = [_then(table, year) for table in (district.buildings, district.communities)]
    if not any(np.isfinite(values).any() for values, _ in known):
        return None
    return Forecast(year, any(bool(between.any()) for _, between in known))


def with_forecast(district: District, forecast: Forecast) -> District:
    """Return the district with the residents of that year, in buildings and in communities.

    What a building states goes first. Others change as their community does: by its people then
    for those that it states now, or else for those of its buildings. Where nothing is said the
    people stay as they are. Estimated people are marked so.
    """
    tables = district.buildings, district.communities
    inputs = (*tables, district.boundary)
    homes, communities = _tables.get(inputs, lambda: _grown(district, forecast.year), forecast.year)
    return district.with_table(homes).with_table(communities)


def stated_of(district: District, year: int) -> Stated:
    """Return what the data of a district says of the people of a year."""
    inputs = (district.buildings, district.communities, district.boundary)
    return _stated.get(inputs, lambda: _find(district, year), year)


def people_now(table: Table) -> Floats:
    """Return everybody in each row: its age bands, or its residents where these are more."""
    bands = np.column_stack([table[name] for name in AGE_BANDS])
    known = np.nansum(bands, axis=1)
    whole = ~np.isnan(bands).any(axis=1)
    return np.asarray(np.where(whole, known, np.fmax(table[_COUNTED], known)))


def _years(table: Table) -> tuple[int, ...]:
    found = {name: named for name in table if (named := of_year(name)) and named[0] == _COUNTED}
    return tuple(
        sorted(year for name, (_, year) in found.items() if np.isfinite(table[name]).any())
    )


def _then(table: Table, year: int) -> tuple[Floats, Flags]:
    """Return the residents of each row in a year, and whose lie between two that are stated."""
    unknown = np.full(len(table), np.nan)
    before, since, after, until = (unknown.copy() for _ in range(4))
    for one in _years(table):
        values = table[f"{_COUNTED}_{one}"]
        if one <= year:
            before, since = _where_known(values, before), _where_known(values * 0 + one, since)
    for one in reversed(_years(table)):
        values = table[f"{_COUNTED}_{one}"]
        if one >= year:
            after, until = _where_known(values, after), _where_known(values * 0 + one, until)
    between = until > since
    part = np.where(between, (year - since) / np.where(between, until - since, 1.0), 0.0)
    return before + (after - before) * part, between


def _where_known(values: Floats, otherwise: Floats) -> Floats:
    return np.where(np.isnan(values), otherwise, values)


def _find(district: District, year: int) -> Stated:
    own, own_between = _then(district.buildings, year)
    theirs, their_between = _then(district.communities, year)
    _, community = where_they_are(district)
    now, base = people_now(district.buildings), people_now(district.communities)
    housed = np.bincount(community, now, len(base) + 1)[: len(base)]
    base = np.where(base > 0, base, housed)
    ratio = np.append(
        np.divide(theirs, base, out=np.full(len(base), np.nan), where=base > 0), np.nan
    )
    stated = np.isfinite(own)
    alone = np.divide(own, now, out=np.full(len(now), np.nan), where=now > 0)
    return Stated(
        own,
        theirs,
        np.where(stated, alone, ratio[community]),
        np.where(stated, own_between, np.append(their_between, False)[community]),
        (theirs > 0) & ~(housed > 0),
    )


def _grown(district: District, year: int) -> tuple[Table, Table]:
    found = stated_of(district, year)
    buildings, communities = district.buildings, district.communities
    now = people_now(communities)
    ratio = np.divide(found.communities, now, out=np.full(len(now), np.nan), where=now > 0)
    homes = _scaled(buildings, found.factor, found.buildings)
    marks = _marked(buildings["estimated"], found.estimated)
    return (
        homes.with_columns({"estimated": marks}),
        _scaled(communities, ratio, found.communities),
    )


def _scaled(table: Table, factor: Floats, stated: Floats) -> Table:
    """Return a table with the people of each row changed by a factor; stated totals hold.

    Of people where nobody lives now no age is known.
    """
    by = np.where(np.isfinite(factor), factor, 1.0)
    came = (stated > 0) & ~(people_now(table) > 0)
    columns = {name: np.where(came, np.nan, table[name] * by) for name in AGE_BANDS}
    total = np.where(np.isfinite(stated), stated, table[_COUNTED] * by)
    return table.with_columns({**columns, "disabled": table["disabled"] * by, _COUNTED: total})


def _marked(marks: NDArray[Any], estimated: Flags) -> NDArray[Any]:
    """Return the marks of estimated columns with the residents of some buildings among them."""
    said = marks.astype(str)
    known = np.array([_COUNTED in one.split(",") for one in said.tolist()], bool)
    more = np.where(said == "", _COUNTED, np.char.add(said, f",{_COUNTED}"))
    return np.where(estimated & ~known, more, said).astype(object)
