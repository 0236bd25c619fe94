"""Tables whose rows are places: CSV and XLSX with x and y, longitude and latitude, or WKT."""

from __future__ import annotations

import csv
import io
import itertools
import tomllib
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyogrio.errors
import shapely
from numpy.typing import NDArray

from layers.files.encoding import Encoding, decoded, named, told_of
from layers.files.foreign import ForeignLayer, refusal
from layers.geodesy.coordinates import both_in_one, coordinates
from layers.geodesy.crs import WGS84
from layers.problems import Fact, Problem, Severity
from layers.vocabulary.columns import plain
from layers.vocabulary.datum_words import pairs_in

_DELIMITERS = (",", ";", "\t", "|")
_LEAST_TEXT = 2
_MOST_TITLES = 8
"""Rows in which the names of the columns are looked for."""

_MOST_LISTED = 8
_MOST_LONGITUDE, _MOST_LATITUDE = 180.0, 90.0

Floats = NDArray[np.float64]

_CURVED = "CIRCULARSTRING|CURVE|SURFACE|TIN|TRIANGLE"
"""WKT that GEOS does not know."""


@cache
def _words() -> dict[str, list[list[str]]]:
    text = files("layers.formats").joinpath("tables.toml").read_text(encoding="utf-8")
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
    # A line above all others may be a title.
    start = 1 if len(lines) > _LEAST_TEXT and not _delimiter(lines[0]) else 0
    delimiter = _delimiter(lines[start])
    told = bool(delimiter) and delimiter in lines[start + 1]
    return told or _is_wkt_alone(lines[0])


def _is_wkt_alone(header: str) -> bool:
    """Tell whether the only column of a table is one of outlines."""
    return _is_wkt(header.strip().strip('"'))


def _is_wkt(name: str) -> bool:
    return plain(name) in {plain(word) for [word] in _words()["wkt"]}


def _delimiter(header: str) -> str:
    counts = {delimiter: header.count(delimiter) for delimiter in _DELIMITERS}
    best = max(counts, key=lambda delimiter: counts[delimiter])
    return best if counts[best] else ""


def _delimiter_of(lines: Sequence[str]) -> str:
    return next(filter(None, map(_delimiter, lines[:_MOST_TITLES])), "")


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
    text, encoding = _text_of(path, told)
    header, body = _rows(path, text)
    problems = []
    if told is None and encoding.name not in ("", "UTF-8"):
        problems.append(told_of(encoding, path.name))
    layer, others = _placed(path, path.stem, _frame(header, body))
    return [replace(layer, encoding=encoding.name)], [*problems, *others]


def _text_of(path: Path, told: str | None) -> tuple[str, Encoding]:
    """Return the text of a file and what it is in: by the user's word, else as it seems."""
    content = path.read_bytes()
    found = decoded(content) if told is None else (content.decode(told, "replace"), named(told))
    if found is None:
        raise refusal("table_text_unknown", path)
    return found


def _rows(path: Path, text: str) -> tuple[list[str], list[list[str]]]:
    """Return the header and the filled rows below it."""
    lines = text.lstrip().splitlines()
    if not lines:
        raise refusal("layer_empty", path)
    csv.field_size_limit(2**31 - 1)  # an outline as WKT is long
    try:
        reader = csv.reader(
            io.StringIO(text.lstrip(), newline=""),
            delimiter=_delimiter_of(lines) or ",",
            strict=True,
            skipinitialspace=True,
        )
        rows = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise refusal("table_uneven", path, line=reader.line_num) from error
    header, first = header_of(rows)
    for number, row in enumerate(rows[first:], first + 1):
        if any(cell.strip() for cell in row[len(header) :]):
            raise refusal("table_uneven", path, line=number)
    if len(rows) <= first:
        raise refusal("layer_empty", path)
    return header, [row[: len(header)] for row in rows[first:]]


def header_of(rows: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """Return the names of the columns of a table, and the row at which its body begins.

    Above the names may stand a title; and they may fill two rows, the upper one naming groups
    (坐标 over 经度 and 纬度).

    Parameters
    ----------
    rows
        All rows, shorter ones not filled up.
    """
    tried: list[tuple[list[str], int]] = []
    for number in range(min(len(rows), _MOST_TITLES)):
        alone = list(rows[number])
        below = rows[number + 1] if number + 1 < len(rows) else ()
        pairs = itertools.zip_longest(alone, below, fillvalue="")
        joined = [lower if lower.strip() else upper for upper, lower in pairs]
        tried += [(alone, number + 1), (joined, number + 2)]
    for kinds in (("wkt", "pairs"), ("both",)):  # 坐标 may be one column, or the name of a group
        for names, first in tried:
            if _place_columns(names, kinds) is not None:
                return names, first
    wide = (n for n, row in enumerate(rows) if sum(bool(cell.strip()) for cell in row) > 1)
    number = next(wide, 0)
    return list(rows[number]), number + 1


def _frame(header: Sequence[str], body: Sequence[Sequence[str]]) -> pd.DataFrame:
    names = [name.strip() or f"column_{n}" for n, name in enumerate(header, 1)]
    cells = [list(row) + [""] * (len(names) - len(row)) for row in body]
    return pd.DataFrame(cells, columns=_distinct(names), dtype=object)


class PlainTable(NamedTuple):
    """A table of which no column says where its rows are: its source, its cells, its encoding."""

    source: str
    frame: pd.DataFrame
    encoding: str


def plain_tables(path: Path, told: str | None = None) -> list[PlainTable]:
    """Return the tables of a file of which no column says where its rows are.

    Parameters
    ----------
    path
        A workbook or a text that `layers.formats.recognising` has found to be one.
    told
        The user's word for the encoding.

    Raises
    ------
    LayerError
        ``unreadable``; as `read_csv`.
    """
    if is_workbook(path):
        found = [(sheet, rows) for sheet, rows in _sheets(path) if rows]
        tables = [(f"{path.name} · {sheet}", header_of(rows), rows) for sheet, rows in found]
        made = [
            PlainTable(name, _frame(head, rows[first:]), "") for name, (head, first), rows in tables
        ]
    else:
        text, encoding = _text_of(path, told)
        made = [PlainTable(path.name, _frame(*_rows(path, text)), encoding.name)]
    return [
        one._replace(frame=_with_numbers(one.frame))
        for one in made
        if _place_columns(list(one.frame.columns)) is None and len(one.frame)
    ]


def is_workbook(path: Path) -> bool:
    """Tell whether a file is a workbook of Excel's newer kind."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _distinct(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return made


def read_xlsx(path: Path) -> tuple[list[ForeignLayer], list[Problem]]:
    """Read every sheet of a workbook that has places; the others are named in the problems.

    The archive that a workbook is must have been checked (`layers.files.archive`).

    Raises
    ------
    LayerError
        ``unreadable``, ``table_without_places``.
    """
    layers: list[ForeignLayer] = []
    problems: list[Problem] = []
    for sheet, rows in _sheets(path):
        header, first = header_of(rows)
        if _place_columns(header) is None or len(rows) <= first:
            key = "table_without_places" if len(rows) > 1 else "layer_empty"
            problems.append(Problem(key, Severity.INFO, source=f"{path.name} · {sheet}"))
            continue
        layer, found = _placed(path, sheet, _frame(header, rows[first:]))
        layers.append(layer)
        problems += found
    if not layers:
        raise refusal("table_without_places", path)
    return layers, problems


def _sheets(path: Path) -> list[tuple[str, list[list[str]]]]:
    """Return the filled rows of each sheet of a workbook, as text."""
    try:
        made = []
        for sheet in (str(name) for name, _ in pyogrio.list_layers(path)):
            frame = pyogrio.read_dataframe(
                path, layer=sheet, read_geometry=False, HEADERS="DISABLE", FIELD_TYPES="STRING"
            )
            cells = frame.fillna("").astype(str).to_numpy().tolist()
            made.append((sheet, [row for row in cells if any(cell.strip() for cell in row)]))
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
    return made


def _place_columns(
    columns: Sequence[str], kinds: Sequence[str] = ("wkt", "pairs", "both")
) -> tuple[str, ...] | None:
    """Return the column with WKT or with both coordinates, or those of x and y; None for none."""
    by_plain = {plain(str(name)): str(name) for name in reversed(columns) if str(name).strip()}
    for kind in kinds:
        # Names that state a datum are surer than plain ones beside them.
        stated = pairs_in(columns) if kind == "pairs" else []
        if stated:
            return stated[0].x, stated[0].y
        for words in _words()[kind]:
            if all(plain(word) in by_plain for word in words):
                return tuple(by_plain[plain(word)] for word in words)
    return None


def _placed(path: Path, name: str, frame: pd.DataFrame) -> tuple[ForeignLayer, list[Problem]]:
    """Make a layer of a table by the columns that say where its rows are."""
    columns = _place_columns(list(frame.columns))
    if columns is None:
        named = ", ".join(str(column) for column in frame.columns[:8])
        raise refusal("table_without_places", path, columns=named)
    if _is_wkt(columns[0]):
        words = frame[columns[0]].astype(str)
        words = words.where(~words.str.contains(_CURVED, case=False), "")
        geometry = shapely.from_wkt(words.to_numpy(), on_invalid="ignore")
        in_degrees = False
        found: dict[str, dict[str, Fact]] = {}
    else:
        geometry, in_degrees, found = _points(frame, columns)
    where = shapely.is_missing(geometry)
    if where.all():
        raise refusal("table_places_unreadable", path, columns=", ".join(columns))
    rest = _with_numbers(frame.drop(columns=list(columns)))
    made = gpd.GeoDataFrame(rest, geometry=geometry, crs=WGS84 if in_degrees else None)
    by = next((pair[1:] for pair in pairs_in(columns) if pair[1:] == columns), ())
    layer = ForeignLayer(path, name, made, len(frame), datum_by=by)
    facts: dict[str, Fact] = {"columns": ", ".join(columns)}
    problems = [Problem("table_places", Severity.INFO, source=layer.source, facts=facts)]
    problems += [
        Problem(key, Severity.REPAIRED, source=layer.source, facts=said)
        for key, said in found.items()
    ]
    if where.any():
        lost: dict[str, Fact] = {"count": int(where.sum()), "rows": _listed(where)}
        problems.append(
            Problem("rows_without_place", Severity.WARNING, source=layer.source, facts=lost)
        )
    return layer, problems


def _with_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with columns of nothing but numbers as such."""
    made = frame.copy()
    for column in made.columns:
        numbers = pd.to_numeric(made[column].replace("", np.nan), errors="coerce")
        if (numbers.notna() == (made[column] != "")).all() and numbers.notna().any():
            made[column] = numbers
    return made


def _points(
    frame: pd.DataFrame, columns: Sequence[str]
) -> tuple[NDArray[np.object_], bool, dict[str, dict[str, Fact]]]:
    """Return the places of a table by one or two columns, None where a row has none.

    Returns
    -------
    Points; whether they are longitude and latitude by the word of the columns' names; and what was
    done to rows that are written otherwise (key and facts of each finding).
    """
    names = [plain(column) for column in columns]
    said = any("lon" in name or "lng" in name or "经" in name for name in names)
    found: dict[str, dict[str, Fact]] = {}
    if len(columns) == 1:
        x, y = both_in_one(frame[columns[0]])
        # Latitude first, as some maps have it: no latitude is above 90.
        if np.nanmax(np.abs(y), initial=0.0) > _MOST_LATITUDE >= np.nanmax(np.abs(x), initial=0.0):
            x, y = y, x
        said = said or bool(_as_degrees(x, y).all())
    else:
        x, y = (coordinates(frame[column], degrees=said) for column in columns)
        odd = np.isfinite(x) & pd.to_numeric(frame[columns[0]], errors="coerce").isna().to_numpy()
        if odd.any():
            row = int(np.flatnonzero(odd)[0])
            example, value = str(frame[columns[0]].iloc[row]), round(float(x[row]), 6)
            facts: dict[str, Fact] = {"count": int(odd.sum()), "example": example, "value": value}
            found["coordinates_written"] = facts
    known = np.isfinite(x) & np.isfinite(y)
    usual, turned = known & _as_degrees(x, y), known & ~_as_degrees(x, y) & _as_degrees(y, x)
    fits = usual.sum() > turned.sum() and 2 * (usual | turned).sum() > known.sum()
    in_degrees = said and bool(fits)
    if in_degrees:
        if turned.any():
            x, y = np.where(turned, y, x), np.where(turned, x, y)
            found["rows_exchanged"] = {"count": int(turned.sum()), "rows": _listed(turned)}
        known = usual | turned
    geometry = np.full(len(frame), None, dtype=object)
    geometry[known] = shapely.points(x[known], y[known])
    return geometry, in_degrees, found


def _as_degrees(x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Tell which pairs can be longitude and latitude."""
    return (np.abs(x) <= _MOST_LONGITUDE) & (np.abs(y) <= _MOST_LATITUDE)


def _listed(rows: NDArray[np.bool_]) -> str:
    """Return the numbers of some rows, the first below the header being 1."""
    numbers = np.flatnonzero(rows)[:_MOST_LISTED] + 1
    return ", ".join(map(str, numbers)) + ("…" if rows.sum() > _MOST_LISTED else "")
