"""What a horizon looks at, in words: they stand wherever its figures do."""

from __future__ import annotations

from typing import Any

from twin.language import Language, text
from twin.model.forecast import Forecast
from twin.model.horizon import TODAY, Horizon
from twin.model.hours import When

BETWEEN = " · "
"""Between the parts of what is looked at."""


def moment_words(when: When, in_language: Language | None = None) -> str:
    """Return a day of the week and an hour as people write them."""
    day = text(f"horizon.day_{when.day}", in_language)
    return text("horizon.moment", in_language, day=day, time=when.clock)


def horizon_words(horizon: Horizon, in_language: Language | None = None) -> str:
    """Return what is looked at instead of the district as it is; "" where nothing is."""
    parts: list[str] = []
    if horizon.when is not None:
        parts.append(moment_words(horizon.when, in_language))
    if horizon.statuses == TODAY | {"planned"}:
        parts.append(text("horizon.planned", in_language))
    elif horizon.statuses != TODAY:
        names = [text(f"horizon.status_{one}", in_language) for one in sorted(horizon.statuses)]
        between = text("horizon.between", in_language)
        parts.append(text("horizon.statuses", in_language, statuses=between.join(names)))
    if horizon.phase is not None:
        parts.append(text("horizon.phase", in_language, year=horizon.phase))
    if horizon.growth is not None:
        key = f"horizon.people_{people_from(horizon)}"
        parts.append(text(key, in_language, year=horizon.growth.year))
    return BETWEEN.join(parts)


def people_from(horizon: Horizon) -> str:
    """Return where the people of a horizon come from.

    ``now`` (the data's today), ``factors``, ``data`` (its columns of that year) or ``between``
    (estimated between two of its years).
    """
    if isinstance(horizon.growth, Forecast):
        return "between" if horizon.growth.estimated else "data"
    return "now" if horizon.growth is None else "factors"


def horizon_values(horizon: Horizon) -> dict[str, Any]:
    """Return a horizon as JSON values."""
    return {
        "statuses": sorted(horizon.statuses),
        "when": str(horizon.when) if horizon.when else None,
        "year": horizon.growth.year if horizon.growth else None,
        "phase": horizon.phase,
        "people_from": people_from(horizon),
    }
