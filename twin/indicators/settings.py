"""The parameters of the indicators, as ``indicators.toml`` and a user's own over it have them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from twin.model.catalogues import in_use


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


def settings() -> Settings:
    """Return the parameters that are in use."""
    found = in_use().parameters["indicators"].values
    return Settings(
        **found["travel_time"],
        **found["nearest_few"],
        **found["choice"],
        share_of_group=found["demand"]["share_of_group"],
        share_by_type=found["demand"]["by_type"],
        **found["floating_catchment"],
        **found["equity"],
        **found["use"],
        capacity_known_at_least=found["capacity"]["known_at_least"],
    )
