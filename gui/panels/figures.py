"""How figures read: people, shares, metres and minutes, the same on every panel."""

from __future__ import annotations

import math

from twin.figures import people
from twin.figures import percent as share
from twin.language import text

__all__ = ["area", "difference", "length", "limit", "minutes", "number", "people", "share", "walk"]

THIN_SPACE = "\u2009"


def length(metres: float) -> str:
    """Return a distance; in words where there is no way."""
    return _known(metres, "m", 0)


def minutes(value: float) -> str:
    """Return a walking time; in words where there is no way."""
    return _known(value, "min", 1)


def walk(value: float, unit: str) -> str:
    """Return a walk in the unit (``m`` or ``min``) of its measure."""
    return length(value) if unit == "m" else minutes(value)


def limit(value: float, unit: str) -> str:
    """Return a limit, which is whole."""
    return _known(value, unit, 0 if value == round(value) else 1)


def difference(count: float) -> str:
    """Return a gain or loss of people with its sign, "" where there is none.

    People are often estimated in tenths; sums of them in another order, a billionth apart, are
    rounded alike, so that no two places of the window contradict each other.
    """
    whole = round(round(count, 6))
    if whole == 0:
        return ""
    sign, mark = ("+", "▲") if whole > 0 else ("−", "▼")
    return f"{mark}{THIN_SPACE}{sign}{abs(whole):,}"


def area(square_metres: float) -> str:
    """Return a floor area; a dash where unknown."""
    return "–" if math.isnan(square_metres) else f"{square_metres:,.0f}{THIN_SPACE}m²"


def number(value: float) -> str:
    """Return a number without decimals; a dash where unknown."""
    return "–" if math.isnan(value) else f"{value:,.0f}"


def _known(value: float, unit: str, decimals: int) -> str:
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return text("figure.unreached")
    return f"{value:,.{decimals}f}{THIN_SPACE}{text(f'figure.{unit}')}"
