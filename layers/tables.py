"""Tables whose rows are places: CSV and XLSX with x and y, longitude and latitude, or WKT."""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyogrio.errors
import shapely

from layers.columns import plain
from layers.crs import WGS84
from layers.encoding import decoded, named, told_of
from layers.foreign import ForeignLayer, refusal
from layers.problems import Fact, Problem, Severity

_DELIMITERS = (",", ";", "\t", "|")
_LEAST_TEXT = 2
_CURVED = "CIRCULARSTRING|CURVE|SURFACE|TIN|TRIANGLE"
"""WKT that GEOS does not know."""


@cache
def _words() -> dict[str, list[list[str]]]:
    text = files("layers").joinpath("tables.toml").read_text(encoding="utf-8")
    table: dict[str, list[list[str]]] = tomllib.loads(text)
    return table


def looks_like(head: bytes) -> bool:
    """Tell whether a file that starts so is text in columns."""
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    found = decoded(head, cut=True)
    if found is None or found[0].lstrip()[:1] in ("<", "{", "["):
        return False
    text, _ = found
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < _LEAST_TEXT:
        return False
    delimiter = _delimiter(lines[0])
    return delimiter in lines[1] if delimiter else _is_wkt_alone(lines[0])


def _is_wkt_alone(header: str) -> bool:
    """Tell whether the only column of a table is one of outlines."""
    return plain(header.strip().strip('"')) in {plain(word) for word in _words()["wkt"][0]}


def _delimiter(header: str) -> str:
    counts = {delimiter: header.count(delimiter) for delimiter in _DELIMITERS}
    best = max(counts, key=lambda delimiter: counts[delimiter])
    return best if counts[best] else ""


def read_csv(path: Path, told: str | None = None) -> tuple[list[ForeignLayer], list[Problem]]:
    """Read a table of text; delimiter and encoding are found in it.

    Parameters
    ----------
    path
        The file.
    told
        The user's word for the encoding.

    Raises
    ------
    LayerError
        ``table_text_unknown``, ``table_uneven`` (rows with more cells than the header, an open
        quote), ``table_without_places``, ``table_places_unreadable``, ``layer_empty``.
    """
    content = path.read_bytes()
    found = decoded(content) if told is None else (content.decode(told, "replace"), named(told))
    if found is None:
        raise refusal("table_text_unknown", path)
    text, encoding = found
    rows = _rows(path, text)
    header, body = rows[0], rows[1:]
    problems = []
    if told is None and encoding.name not in ("", "UTF-8"):
        problems.append(told_of(encoding, path.name))
    names = [name.strip() or f"column_{n}" for n, name in enumerate(header, 1)]
    cells = [row + [""] * (len(names) - len(row)) for row in body]
    frame = pd.DataFrame(cells, columns=_distinct(names), dtype=object)
    layer, others = _placed(path, path.stem, frame)
    return [replace(layer, encoding=encoding.name)], [*problems, *others]


def _rows(path: Path, text: str) -> list[list[str]]:
    """Return the filled rows of a text, header first."""
    lines = text.lstrip().splitlines()
    if not lines:
        raise refusal("layer_empty", path)
    csv.field_size_limit(2**31 - 1)  # an outline as WKT is long
    try:
        reader = csv.reader(
            io.StringIO(text.lstrip(), newline=""),
            delimiter=_delimiter(lines[0]) or ",",
            strict=True,
            skipinitialspace=True,
        )
        rows = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise refusal("table_uneven", path, line=reader.line_num) from error
    for number, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row[len(rows[0]) :]):
            raise refusal("table_uneven", path, line=number)
    if len(rows) < _LEAST_TEXT:
        raise refusal("layer_empty", path)
    width = len(rows[0])
    return [row[:width] for row in rows]


def _distinct(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return made


def read_xlsx(path: Path) -> tuple[list[ForeignLayer], list[Problem]]:
    """Read every sheet of a workbook that has places; the others are named in the problems.

    The archive that a workbook is must have been checked (`layers.archive`).

    Raises
    ------
    LayerError
        ``unreadable``, ``table_without_places``.
    """
    layers: list[ForeignLayer] = []
    problems: list[Problem] = []
    try:
        sheets = [str(name) for name, _ in pyogrio.list_layers(path)]
        for sheet in sheets:
            rows = pyogrio.read_dataframe(
                path, layer=sheet, read_geometry=False, HEADERS="FORCE", FIELD_TYPES="STRING"
            )
            if _place_columns(rows) is None or not len(rows):
                source = f"{path.name} · {sheet}"
                key = "table_without_places" if len(rows) else "layer_empty"
                problems.append(Problem(key, Severity.INFO, source=source))
                continue
            layer, found = _placed(path, sheet, rows.fillna("").astype(object))
            layers.append(layer)
            problems += found
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        pyogrio.errors.FieldError,
        ValueError,
        RuntimeError,
    ) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise refusal("unreadable", path, reason=reason) from error
    if not layers:
        raise refusal("table_without_places", path)
    return layers, problems


def _place_columns(frame: pd.DataFrame) -> tuple[str, ...] | None:
    """Return the column with WKT, or those of x and y; None where there are none."""
    by_plain = {plain(str(name)): str(name) for name in reversed(frame.columns)}
    for words in (*([word] for word in _words()["wkt"][0]), *_words()["pairs"]):
        if all(plain(word) in by_plain for word in words):
            return tuple(by_plain[plain(word)] for word in words)
    return None


def _placed(path: Path, name: str, frame: pd.DataFrame) -> tuple[ForeignLayer, list[Problem]]:
    """Make a layer of a table by the columns that say where its rows are."""
    columns = _place_columns(frame)
    if columns is None:
        named = ", ".join(str(column) for column in frame.columns[:8])
        raise refusal("table_without_places", path, columns=named)
    if len(columns) == 1:
        words = frame[columns[0]].astype(str)
        words = words.where(~words.str.contains(_CURVED, case=False), "")
        geometry = shapely.from_wkt(words.to_numpy(), on_invalid="ignore")
    else:
        x, y = (pd.to_numeric(frame[c], errors="coerce").to_numpy(dtype=float) for c in columns)
        geometry = np.full(len(frame), None, dtype=object)
        known = np.isfinite(x) & np.isfinite(y)
        geometry[known] = shapely.points(x[known], y[known])
    where = shapely.is_missing(geometry)
    if where.all():
        raise refusal("table_places_unreadable", path, columns=", ".join(columns))
    coordinates = shapely.get_coordinates(geometry)
    degrees = bool((np.abs(coordinates) <= np.array([180.0, 90.0])).all())
    said = any("lon" in plain(c) or "lng" in plain(c) or "经" in c for c in columns)
    rest = frame.drop(columns=list(columns))
    for column in rest.columns:
        numbers = pd.to_numeric(rest[column].replace("", np.nan), errors="coerce")
        if (numbers.notna() == (rest[column] != "")).all() and numbers.notna().any():
            rest[column] = numbers
    made = gpd.GeoDataFrame(rest, geometry=geometry, crs=WGS84 if said and degrees else None)
    layer = ForeignLayer(path, name, made, len(frame))
    facts: dict[str, Fact] = {"columns": ", ".join(columns)}
    told = Problem("table_places", Severity.INFO, source=layer.source, facts=facts)
    if not where.any():
        return layer, [told]
    lost: dict[str, Fact] = {"count": int(where.sum())}
    return layer, [
        told,
        Problem("rows_without_place", Severity.WARNING, source=layer.source, facts=lost),
    ]
