"""The parameters of the indicators, read from ``twin/data/indicators.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

_FILE = Path(__file__).parent.parent / "data" / "indicators.toml"


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
    capacity_known_at_least: float


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
        capacity_known_at_least=found["capacity"]["known_at_least"],
    )
