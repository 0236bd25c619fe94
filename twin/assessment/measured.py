"""How much of a figure was measured, and how much rests on estimates.

A building's ``estimated`` column names the columns that somebody or something estimated. A figure
of everybody rests on the residents alone; a figure of an age group on residents and bands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.schema import AGE_BANDS
from twin.arrays import Flags, Floats
from twin.memo import Memo
from twin.model.catalogues import groups
from twin.model.district import District
from twin.model.tables import Table
from twin.walking.demand import PARTITION, PEOPLE, group_columns
from twin.walking.origins import Origins


@dataclass(frozen=True)
class Basis:
    """The people of a group, and those of them whose number is estimated.

    Parameters
    ----------
    total, estimated
        People (dwellings where nobody counted residents).
    """

    total: float
    estimated: float

    @property
    def share(self) -> float:
        """Which part is estimated, 0 to 1; NaN where there is nobody."""
        return part_of(self.estimated, self.total)


def part_of(estimated: float, total: float) -> float:
    """Return which part of a number is estimated; exactly 1 where sums differ by rounding alone."""
    if not total > 0:
        return float("nan")
    return 1.0 if estimated >= total * (1 - 1e-9) else estimated / total


def marked(buildings: Table, column: str) -> Flags:
    """Return which buildings' ``estimated`` names a column, shape (buildings,)."""
    texts, row = np.unique(buildings["estimated"].astype(str), return_inverse=True)
    named = [column in text.replace(" ", "").split(",") for text in texts]
    return np.array(named, bool)[row.ravel()] if len(texts) else np.zeros(0, bool)


def estimated_people(district: District, origins: Origins, group: str) -> Floats:
    """Return how many people of a group at each origin are estimated, shape (n,).

    Raises
    ------
    KeyError
        Where there is no such group.
    """
    columns = list(group_columns(group))
    if set(range(PARTITION)) <= set(columns):
        flags = _whole(district.buildings, origins)[origins.building_row]
        return np.where(flags, origins.people[:, columns].sum(axis=1), 0.0)
    flags = _by_column(district.buildings, origins)[origins.building_row]
    return np.asarray(np.where(flags[:, columns], origins.people[:, columns], 0.0).sum(axis=1))


def ageless_people(district: District, origins: Origins) -> Floats:
    """Return how many people at each origin are counted while nobody counted their age, shape (n,).

    Their age is estimated or stays unknown, which weakens the figures of age groups alone.
    """
    whole, columns = estimated_columns(district, origins)
    ageless = columns[:, :PARTITION].copy()
    ageless[:, PEOPLE.index("age_unknown")] = True
    ageless[whole] = False
    people = origins.people[:, :PARTITION]
    return np.asarray(np.where(ageless[origins.building_row], people, 0.0).sum(axis=1))


def estimated_columns(district: District, origins: Origins) -> tuple[Flags, Flags]:
    """Return whose people are estimated as a whole, and which columns of them, by building.

    Returns
    -------
    Shape (buildings,) and (buildings, 9), the columns being those of
    :data:`twin.walking.demand.PEOPLE`.
    """
    return _whole(district.buildings, origins), _by_column(district.buildings, origins)


def basis(district: District, origins: Origins, group: str = "all") -> Basis:
    """Return how many people of a group are counted, and how many of these are estimated."""
    found = _bases.get((origins, district.buildings), lambda: _by_group(district, origins))
    return found[group]


def _by_group(district: District, origins: Origins) -> dict[str, Basis]:
    return {
        group: Basis(
            float(origins.group(group).sum()),
            float(estimated_people(district, origins, group).sum()),
        )
        for group in groups()
    }


_bases: Memo[dict[str, Basis]] = Memo(16)
_flags: Memo[NDArray[np.bool_]] = Memo(16)


def _whole(buildings: Table, origins: Origins) -> Flags:
    """Return which buildings' people are estimated as a whole."""
    column = "dwellings" if origins.demand.counts_dwellings else "residents"
    return _flags.get((buildings,), lambda: marked(buildings, column), column)


def _by_column(buildings: Table, origins: Origins) -> Flags:
    """Return which columns of each building's people are estimated, shape (buildings, 9)."""
    return _flags.get((buildings, origins.demand), lambda: _columns(buildings, origins))


def _columns(buildings: Table, origins: Origins) -> Flags:
    flags = np.zeros((len(buildings), len(PEOPLE)), bool)
    flags[:, :PARTITION] = _whole(buildings, origins)[:, None]
    flags[:, : len(AGE_BANDS)] |= origins.demand.estimated[:, None]
    for number, band in enumerate((*AGE_BANDS, "age_unknown", "disabled")):
        flags[:, number] |= marked(buildings, band)
    return flags
