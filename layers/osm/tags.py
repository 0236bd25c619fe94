"""Tags as columns, and rules over them that are kept in TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

ANY = "*"
"""As a value in a rule: whatever is said but "no"."""

Rule = Mapping[str, Sequence[str]]
"""Key to values; a feature hits where each key has one of its values."""


@cache
def rules(name: str) -> dict[str, Any]:
    """Return the rules in one of this package's TOML files."""
    text = files("layers.osm").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def feature_keys(kind: str) -> tuple[str, ...]:
    """Return the keys that make an element worth keeping, by kind (``nodes``, ``ways``, ...)."""
    return tuple(rules("keys")[kind])


@cache
def details() -> frozenset[str]:
    """Return every key whose value a rule or a column asks for."""
    table = rules("keys")
    return frozenset(table["details"]).union(table["nodes"], table["ways"], table["areas"])


def tag_table(tags: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """Return a column of str for each key in `details`, "" where a feature says nothing."""
    columns = {
        key: np.array([said.get(key, "") for said in tags], dtype=object)
        for key in sorted(details())
    }
    return pd.DataFrame(columns)


def hits(table: pd.DataFrame, any_of: Sequence[Rule]) -> NDArray[np.bool_]:
    """Tell which features at least one of the rules hits."""
    found = np.zeros(len(table), dtype=np.bool_)
    for rule in any_of:
        all_keys = np.ones(len(table), dtype=np.bool_)
        for key, values in rule.items():
            all_keys &= says(table, key, values)
        found |= all_keys
    return found


def says(table: pd.DataFrame, key: str, values: Sequence[str]) -> NDArray[np.bool_]:
    """Tell which features give one of `values` for a key; a list joined by ";" says each."""
    said = table[key]
    if ANY in values:
        return ~said.isin(["", "no"]).to_numpy()
    hit = said.isin(values).to_numpy(copy=True)
    lists = said.str.contains(";", regex=False).to_numpy(dtype=np.bool_)
    if lists.any():
        words = said[lists].str.split(r"\s*;\s*").explode()
        hit[lists] = words.isin(values).groupby(level=0, sort=False).any().to_numpy()
    return np.asarray(hit, dtype=np.bool_)


def named(table: pd.DataFrame, pattern: str) -> NDArray[np.bool_]:
    """Tell which features have a name, in any of the languages kept, that holds a pattern."""
    found = np.zeros(len(table), dtype=np.bool_)
    for key in rules("keys")["names"]:
        found |= table[key].str.contains(pattern, case=False, regex=True).to_numpy(dtype=np.bool_)
    return found


def names(table: pd.DataFrame) -> NDArray[np.object_]:
    """Return the name that people on the spot use, else one of the others."""
    name = table["name"].to_numpy(dtype=object)
    for key in rules("keys")["names"]:
        name = np.where(name == "", table[key].to_numpy(dtype=object), name)
    return np.asarray(name, dtype=object)
