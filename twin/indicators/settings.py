"""The parameters of the indicators, read from ``twin/data/indicators.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

_FILE = Path(__file__).parent.parent / "data" / "indicators.toml"


@dataclass(frozen=True)
class AreaFigure:
    """Floor area that a standard asks for in a whole area.

    Parameters
    ----------
    standard
        Id of the standard.
    service_types
        Types whose floor area counts.
    per
        ``1000_residents`` or ``100_households``.
    least_m2, most_m2
        The band; `most_m2` is NaN where there is no upper end.
    verified
        Somebody read the figure in a public source.
    """

    id: str
    standard: str
    name: Mapping[str, str]
    service_types: tuple[str, ...]
    per: Literal["1000_residents", "100_households"]
    least_m2: float
    most_m2: float
    clause: str
    verified: bool
    source: str


@dataclass(frozen=True)
class Settings:
    """Every number that an indicator depends on; meaning and source stand in the file."""

    quantiles: tuple[float, ...]
    minutes: tuple[float, ...]
    k: tuple[int, ...]
    at_least: tuple[int, ...]
    share_of_group: float
    share_by_type: Mapping[str, float]
    decay: Literal["steps", "gaussian"]
    steps: tuple[float, ...]
    ranked_parts: tuple[float, ...]
    shortfall_line: float
    shortfall_powers: tuple[float, ...]
    under_used_below: float
    over_used_above: float
    floor_area: tuple[AreaFigure, ...]


@cache
def settings() -> Settings:
    """Return the parameters that ship with the product."""
    with _FILE.open("rb") as file:
        found = tomllib.load(file)
    return Settings(
        quantiles=tuple(found["travel_time"]["quantiles"]),
        minutes=tuple(found["travel_time"]["minutes"]),
        k=tuple(found["nearest_few"]["k"]),
        at_least=tuple(found["choice"]["at_least"]),
        share_of_group=found["demand"]["share_of_group"],
        share_by_type=found["demand"]["by_type"],
        decay=found["floating_catchment"]["decay"],
        steps=tuple(found["floating_catchment"]["steps"]),
        ranked_parts=tuple(found["equity"]["ranked_parts"]),
        shortfall_line=found["equity"]["shortfall_line"],
        shortfall_powers=tuple(found["equity"]["shortfall_powers"]),
        under_used_below=found["use"]["under_used_below"],
        over_used_above=found["use"]["over_used_above"],
        floor_area=tuple(_area_figure(entry) for entry in found["floor_area"]),
    )


def _area_figure(entry: dict[str, Any]) -> AreaFigure:
    return AreaFigure(**{**entry, "service_types": tuple(entry["service_types"])})
