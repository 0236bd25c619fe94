"""Giving a foreign layer the schema's column names, with what several columns say together."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.account import Account
from layers.problems import Problem, Severity
from layers.residents.older import older_column, split_older
from layers.understanding.decisions import Value
from layers.understanding.guessing import Guess
from layers.vocabulary.columns import is_of_programs, type_columns
from layers.vocabulary.values import service_types, texts

_MOST_EXAMPLES = 5


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(
        files("layers.understanding").joinpath("street_tags.toml").read_text(encoding="utf-8")
    )


def name_columns(
    role: str,
    frame: gpd.GeoDataFrame,
    mapping: Mapping[str, Guess],
    source: str = "",
    values: Mapping[str, Mapping[str, Value]] | None = None,
) -> tuple[gpd.GeoDataFrame, tuple[Problem, ...]]:
    """Return the layer under the schema's names, streets and services judged by all they say.

    Parameters
    ----------
    role
        What the layer is.
    frame
        As the file has it.
    mapping
        Schema column to the file's column.
    source
        For the problems.
    values
        The user's word: for a schema column, words of the file to values of the schema.
    """
    words = values or {}
    columns = {
        column: _meant(frame[guess.value], words.get(column, {}))
        for column, guess in mapping.items()
    }
    named = gpd.GeoDataFrame(columns, geometry=frame.geometry.array, crs=frame.crs)
    account = Account(role, source)
    if role == "streets":
        named = _judge_streets(frame, named, account)
    if role == "services" and "types" in mapping and mapping["types"].value != "types":
        named = _judge_services(frame, named, mapping["types"].value, account)
    used = {guess.value for guess in mapping.values()}
    return split_older(role, frame, named, used, account), account.problems


def unused_columns(
    role: str, frame: gpd.GeoDataFrame, mapping: Mapping[str, Guess]
) -> tuple[str, ...]:
    """Return the columns of a file that say something, of which nothing is used.

    Parameters
    ----------
    role, frame, mapping
        As in `name_columns`. Columns that programs add for themselves are left out.
    """
    names = [str(name) for name in frame.columns if str(name) != "geometry"]
    used = {guess.value for guess in mapping.values()}
    if role == "streets":
        rules = _rules()
        used |= {rule["column"] for rule in rules["kind"]} | set(rules["level"]["columns"])
        used |= {*rules["not_walkable"], *rules["walkable_after_all"]}
    if role == "services" and "types" in mapping:
        used |= set(type_columns(names))
    used |= {older_column(role, names, used) or ""}
    return tuple(
        name
        for name in names
        if name not in used and not is_of_programs(name) and (texts(frame[name]) != "").any()
    )


def _meant(foreign: pd.Series, words: Mapping[str, Value]) -> pd.Series:
    """Put what the user says a word means in its place; other values stay."""
    if not words:
        return foreign
    known = {word.strip().casefold(): value for word, value in words.items()}
    meant = pd.Series(texts(foreign), index=foreign.index).str.casefold().map(known)
    return foreign.astype(object).where(meant.isna(), meant)


def _judge_streets(
    frame: gpd.GeoDataFrame, named: gpd.GeoDataFrame, account: Account
) -> gpd.GeoDataFrame:
    kind = _kind_from_tags(frame)
    if (kind != "").any():
        stated = named["kind"] if "kind" in named.columns else pd.Series("", index=frame.index)
        named["kind"] = np.where(kind == "", stated, kind)
    if "level" not in named.columns:
        named["level"] = _level_from_tags(frame)
    shut = _not_walkable(frame)
    if shut.any():
        account.note("not_walkable", Severity.INFO, count=int(shut.sum()))
    return named.loc[~shut].reset_index(drop=True)


def _judge_services(
    frame: gpd.GeoDataFrame, named: gpd.GeoDataFrame, first: str, account: Account
) -> gpd.GeoDataFrame:
    """Tell the types from all columns that may hold them; leave out what is no service at all."""
    others = [name for name in type_columns(list(map(str, frame.columns))) if name != first]
    types, _ = service_types(named["types"], coded=False)
    for name in others:
        further, _ = service_types(frame[name], coded=False)
        types = np.where(types == "", further, types)
    none = types == ""
    if none.any():
        said = pd.Series(texts(frame[first]))[none]
        examples = ", ".join(said[said != ""].unique()[:_MOST_EXAMPLES])
        account.note("no_service", Severity.WARNING, count=int(none.sum()), examples=examples)
    return named.assign(types=types).loc[~none].reset_index(drop=True)


def _kind_from_tags(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return the kind that a tag beside the way's class gives it (a bridge), or ""."""
    kind: NDArray[np.object_] = np.full(len(frame), "", dtype=object)
    for rule in _rules()["kind"]:
        if rule["column"] in frame.columns:
            said = pd.Series(texts(frame[rule["column"]])).str.lower()
            unset = said.isin(["", "no", "nan", "none", "false", "0"])
            hit = said.isin(rule["values"]) if "values" in rule else ~unset
            kind[hit.to_numpy() & (kind == "")] = rule["kind"]
    return kind


def _level_from_tags(frame: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return how far above the ground a way lies by its tags, NaN where they do not say."""
    rule = _rules()["level"]
    column = next((name for name in rule["columns"] if name in frame.columns), None)
    if column is None:
        return np.full(len(frame), np.nan)
    said = pd.to_numeric(pd.Series(texts(frame[column])), errors="coerce").to_numpy(np.float64)
    low, high = rule["between"]
    usable = (said == np.round(said)) & (said >= low) & (said <= high)
    return np.where(usable, said, np.nan)


def _not_walkable(frame: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Tell which ways nobody walks on: motorways, ways under construction, barred to walkers."""
    shut = np.zeros(len(frame), dtype=np.bool_)
    for column, values in _rules()["not_walkable"].items():
        if column in frame.columns:
            shut |= pd.Series(texts(frame[column])).str.lower().isin(values).to_numpy()
    for column, values in _rules()["walkable_after_all"].items():
        if column in frame.columns:
            shut &= ~pd.Series(texts(frame[column])).str.lower().isin(values).to_numpy()
    return shut
