"""Which datum the names of columns, layers, files and coordinate systems say coordinates are in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from layers.files.foreign import ForeignLayer
from layers.geodesy.china_datum import DATUMS, Datum
from layers.vocabulary.columns import plain

_SAME_DEGREES = 1e-4
"""Ten metres: columns tell of a geometry that lies this near; the shift is forty times as much."""

_MOST_ROWS = 500
_BRACKETS = re.compile(r"[()（）\[\]【】]")


class Pair(NamedTuple):
    """Two columns of one datum, x before y."""

    datum: Datum
    x: str
    y: str


class Statement(NamedTuple):
    """A datum, and the name that says it."""

    datum: Datum
    by: str


@cache
def _words() -> Mapping[str, Any]:
    text = files("layers.vocabulary").joinpath("datum_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _column_names() -> Mapping[str, tuple[Datum, str]]:
    """Return datum and axis by each name that a column of coordinates may have."""
    made: dict[str, tuple[Datum, str]] = {}
    for datum in DATUMS:
        for word in _words()["datums"][datum]:
            for axis, ways in _words()["axes"].items():
                for way in ways:
                    made[plain(f"{word}{way}")] = made[plain(f"{way}{word}")] = (datum, axis)
    return made


def pairs_in(columns: Sequence[str]) -> list[Pair]:
    """Return the pairs of columns that name their datum, WGS 84 first."""
    found: dict[tuple[Datum, str], str] = {}
    for column in columns:
        said = _column_names().get(plain(_BRACKETS.sub("", str(column))))
        if said:
            found.setdefault(said, str(column))
    return [
        Pair(datum, found[datum, "x"], found[datum, "y"])
        for datum in DATUMS
        if (datum, "x") in found and (datum, "y") in found
    ]


def statement_of(layer: ForeignLayer) -> Statement | None:
    """Return what names say of a layer's datum; None where they say nothing, or two things.

    Columns count before the coordinate system and the names of layer and file. Those of a table are
    what its places were read from; others count where the geometry lies at what they hold.
    """
    if layer.datum_by:
        [stated] = [pair for pair in pairs_in(layer.datum_by) if layer.datum_by == pair[1:]]
        return Statement(stated.datum, ", ".join(stated[1:]))
    holding = [pair for pair in pairs_in(list(layer.frame.columns)) if _holds(layer, pair)]
    if holding:
        # A large outline may hold the places of several datums.
        datum, x, y = holding[0]
        return Statement(datum, f"{x}, {y}") if len(holding) == 1 else None
    crs = [layer.stated_crs or "", layer.crs.name if layer.crs is not None else ""]
    of_crs = {datum: name for name in crs for datum in _datums_in(name) if datum != "wgs84"}
    # Web maps call their coordinates WGS 84 as well, so that this word of a system says nothing.
    of_names = {datum: name for name in (layer.file.stem, layer.name) for datum in _datums_in(name)}
    for found in (of_crs, of_names):
        if len(found) == 1:
            return Statement(*next(iter(found.items())))
    return None


def _datums_in(name: str) -> list[Datum]:
    said = plain(name)
    return [datum for datum in DATUMS if any(word in said for word in _words()["named"][datum])]


def _holds(layer: ForeignLayer, pair: Pair) -> bool:
    """Tell whether the geometries lie where two columns say."""
    head = layer.frame.iloc[:: max(len(layer.frame) // _MOST_ROWS, 1)]
    x, y = (pd.to_numeric(head[name], errors="coerce").to_numpy(np.float64) for name in pair[1:])
    shapes = np.asarray(head.geometry.array, dtype=object)
    known = np.isfinite(x) & np.isfinite(y) & ~shapely.is_missing(shapes)
    if not known.any():
        return False
    apart = shapely.distance(shapely.points(x[known], y[known]), shapes[known])
    return bool(np.nanmedian(apart) <= _SAME_DEGREES)


def online_map_in(layer: ForeignLayer) -> str:
    """Return what gives away that a layer comes from an online map of China, "" for nothing."""
    words = _words()["online_maps"]
    columns = [str(column) for column in layer.frame.columns]
    for name in (layer.file.name, layer.name, *columns):
        if any(word in plain(name) for word in words["in_names"]):
            return name
    fields = [column for column in columns if plain(column) in words["columns"]]
    return ", ".join(fields) if len(fields) >= words["least_columns"] else ""
