"""The parameters of the indicators, as ``indicators.toml`` and a user's own over it have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


_LEVELS = {
    "quantile": "quantiles",
    "share_within": "minutes",
    "median": "k",
    "share_at_least": "at_least",
    "ranked_ratio": "ranked_parts",
    "shortfall": "shortfall_powers",
}
"""Figures that are found at several levels, and which of the settings lists these."""


def levels_in_use(
    shown: Iterable[tuple[str, float | None]],
) -> tuple[tuple[str, float | None], ...]:
    """Return figures for a short table, each at the nearest level that the settings have.

    A user's own settings may lack the level that a table shows otherwise; none is shown twice.
    """
    known = settings()

    def nearest(figure: str, at: float | None) -> float | None:
        if at is None or figure not in _LEVELS:
            return at
        levels = getattr(known, _LEVELS[figure])
        return float(min(levels, key=lambda level: (abs(level - at), level)))

    return tuple(dict.fromkeys((figure, nearest(figure, at)) for figure, at in shown))


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
