"""How figures read wherever they are told: shares, people, changes."""

from __future__ import annotations

import math

from twin.language import Language, text

_NOTHING = 1e-12
"""A share that differs by less is the same: sums of floats in another order differ so much."""


def percent(share: float) -> str:
    """Return a share as a percentage that never rounds up to all or down to none."""
    if math.isnan(share):
        return "–"
    if share in (0.0, 1.0):
        return f"{share:.0%}"
    if 0 < share < 0.0005:
        return "<0.1%"
    if 0.9995 <= share < 1:
        return ">99.9%"
    return f"{100 * share:.1f}%"


def signs(*, at_least: bool, estimated: bool) -> str:
    """Return what stands before a share: it is a lower bound; people it counts are estimated."""
    said = "≥" * at_least + "≈" * estimated
    return f"{said}\u2009" if said else ""


def bounded(share: float, at_least: bool) -> str:
    """Return a share as a percentage, with the sign of a lower bound where it is one."""
    return signs(at_least=at_least, estimated=False) + percent(share)


def people(count: float) -> str:
    """Return a number of people."""
    return "–" if math.isnan(count) else f"{count:,.0f}"


def points(change: float) -> str:
    """Return a change of a share in percentage points, with its sign; "0" of none at all.

    Like a share, what changes never rounds down to nothing.
    """
    if abs(change) < _NOTHING:
        return "0"
    few = abs(change) < 0.0005
    return ("+" if change > 0 else "−") + ("<0.1" if few else f"{100 * abs(change):.1f}")


def walk(value: float, unit: str, in_language: Language | None = None) -> str:
    """Return a walk or limit in metres (``m``) or minutes (``min``) with its unit.

    "–" where nothing is known, "∞" where there is no way. Minutes have one decimal unless whole.
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞"
    decimals = 1 if unit == "min" and value != round(value) else 0
    return f"{value:,.{decimals}f}\u00a0{text(f'unit.{unit}', in_language)}"
