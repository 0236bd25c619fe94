"""When services and gates are open: told apart from the drawing, which it leaves as it is."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np

from sample_data.plan import frame, layout

MAIN_GATE_M = 7.0
"""Main gates are at least so wide, for cars to pass in and out; side gates are narrower."""


def service_hours(facility: dict[str, Any]) -> str:
    """Return a facility's own hours, else those of the first listed type that it has, else ""."""
    usual: dict[str, str] = layout.table("hours")["services"]
    of_types = (hours for kind, hours in usual.items() if kind in facility["types"])
    return str(facility.get("hours", next(of_types, "")))


def gate_hours(streets: gpd.GeoDataFrame) -> np.ndarray:
    """Return the hours of each street: some side gates are locked at night, all else has none.

    A main gate is never locked, so that nobody is shut in.
    """
    rule = layout.table("hours")["side_gates"]
    side = (streets["kind"] == "gate") & (streets["width_m"] < MAIN_GATE_M)
    passable = (side & (streets["status"] != "closed")).to_numpy()
    locked = passable & (frame.random(12).random(len(streets)) < rule["share"])
    return np.where(locked, str(rule["hours"]), "").astype(object)
