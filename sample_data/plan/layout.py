"""The district as a planner would sketch it: named lines, and what stands where.

The tables are in the TOML files beside this module, in plan metres from the middle of the
district (see :mod:`sample_data.plan.frame`).
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

HALF_U, HALF_V = 1250.0, 1000.0
CANAL = "白沙渠"
BRIDGES = {"云栖路": "云栖桥", "青溪路": "永济桥"}
"""The two roads that bridge the canal within the district, and the bridges' names."""
UNDERPASS = ("青溪路", 470.0, 180.0)
"""The road with a pedestrian underpass between two junctions, and about where."""


def table(name: str) -> dict[str, Any]:
    """Read one of the TOML files beside this module."""
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))


LINES: list[dict[str, Any]] = table("roads")["line"]
WHOLE: list[dict[str, Any]] = table("places")["whole"]
"""Faces that are one thing."""
PLACES: list[dict[str, Any]] = table("places")["place"]
"""Parcels with a purpose."""
NAMES = table("names")
COMPOUND_NAMES = [first + last for last in NAMES["last"] for first in NAMES["first"]]
"""More compound names than there are compounds, the common kinds of endings first."""

COMMUNITIES = ("梧桐里社区", "文昌社区", "翠屏社区", "渡口社区", "纱厂社区", "玉兰社区")


def community_of(u: float, v: float) -> int:
    """Which community a face belongs to, by its middle; borders follow main streets."""
    if v > 320:
        return 1 if u < 0 else 2
    canal = -265 - 0.1 * max(u, 0) - (70 if -1100 < u < -500 else 0)
    if v > canal:
        return 0 if u < -70 else 3
    return 4 if u < 25 else 5


def inside(u: float, v: float) -> bool:
    """Whether a face with its middle at (u, v) belongs to the district."""
    return within(u, v) and not (u > 860 and v < -650) and not (u < -900 and v > 690)


def within(u: float, v: float) -> bool:
    """Whether a plan point lies in the outer rectangle of the district."""
    return abs(u) < HALF_U and abs(v) < HALF_V
