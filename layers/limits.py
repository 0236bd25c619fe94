"""Thresholds of plausibility, read once from ``limits.toml``, where each has its source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("layers").joinpath("limits.toml").read_text(encoding="utf-8"))


def limit(topic: str, name: str) -> float:
    """Return one threshold, as ``limit("buildings", "most_storeys")``."""
    return float(_table()[topic][name])


def plausible(role: str) -> Mapping[str, tuple[float, float]]:
    """Return the least and the greatest value that a role's columns can have."""
    return {name: (low, high) for name, (low, high) in _table()["plausible"].get(role, {}).items()}
