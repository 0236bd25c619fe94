"""The people of another year: how many there will be of each age for one there is now."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from layers.schema import AGE_BANDS
from twin.language import reason_of
from twin.memo import Memo
from twin.model.district import District
from twin.model.sources import Words, both
from twin.model.tables import Table


class GrowthError(ValueError):
    """Factors that cannot be used; `key` and `facts` name the text for the user."""

    def __init__(self, key: str, **facts: str) -> None:
        super().__init__(f"{key} {facts}")
        self.key = key
        self.facts = facts


@dataclass(frozen=True, eq=False)
class Growth:
    """How the residents change until a year.

    Parameters
    ----------
    year
        The year that the factors lead to.
    factors
        By column of the buildings (an age band, or ``disabled``), how many there will be for one
        now. A column that is not named stays as it is.
    source
        Where the factors come from, by short language name.
    """

    year: int
    factors: Mapping[str, float]
    source: Words

    def __post_init__(self) -> None:
        for name, factor in self.factors.items():
            if name not in (*AGE_BANDS, "disabled"):
                raise GrowthError("growth_column", column=name, columns=", ".join(AGE_BANDS))
            if not (math.isfinite(factor) and factor >= 0):
                raise GrowthError("growth_factor", column=name, value=str(factor))


def load_growth(path: Path) -> Growth:
    """Return the factors of a TOML file with ``year``, ``source`` and ``[factors]``.

    Raises
    ------
    GrowthError
        Where the file cannot be read, a field is missing, or a factor is none.
    """
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GrowthError("growth_unreadable", file=path.name, reason=reason_of(error)) from error
    for name, kind in (("year", int), ("source", str | dict), ("factors", dict)):
        if not isinstance(values.get(name), kind):
            raise GrowthError("growth_field", file=path.name, field=name)
    for name, factor in values["factors"].items():
        if isinstance(factor, bool) or not isinstance(factor, int | float):
            raise GrowthError("growth_factor", column=name, value=str(factor))
    return Growth(values["year"], values["factors"], both(values["source"]))


_grown: Memo[tuple[Table, Table]] = Memo(8)


def with_growth(district: District, growth: Growth) -> District:
    """Return the district with the residents of that year, in buildings and in communities.

    Residents of a building change by what its age bands change by; where it has none, by what the
    district's bands change by altogether, because nobody knows which of them live there.
    """
    tables = district.buildings, district.communities
    for table in _grown.get((*tables, growth), lambda: _grow(*tables, growth)):
        district = district.with_table(table)
    return district


def _grow(buildings: Table, communities: Table, growth: Growth) -> tuple[Table, Table]:
    bands = np.column_stack([buildings[name] for name in AGE_BANDS])
    now = np.nansum(bands, axis=0)
    then = now * [growth.factors.get(name, 1.0) for name in AGE_BANDS]
    altogether = float(then.sum() / now.sum()) if now.sum() > 0 else 1.0
    return _by_bands(buildings, growth, altogether), _by_bands(communities, growth, altogether)


def _by_bands(table: Table, growth: Growth, altogether: float) -> Table:
    columns = {name: table[name] * growth.factors.get(name, 1.0) for name in AGE_BANDS}
    columns["disabled"] = table["disabled"] * growth.factors.get("disabled", 1.0)
    before = np.nansum(np.column_stack([table[name] for name in AGE_BANDS]), axis=1)
    after = np.nansum(np.column_stack([columns[name] for name in AGE_BANDS]), axis=1)
    rest = np.maximum(table["residents"] - before, 0.0)
    columns["residents"] = np.where(before > 0, after, 0.0) + rest * altogether
    return table.with_columns(columns)
