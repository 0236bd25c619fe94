"""What a person decided about layers, kept in a mapping file for the next district.

A mapping file is TOML, or JSON of the same shape::

    schema = 1
    surveyed = ["nursery"]    # none may exist, but somebody looked

    [[layers]]
    layer = "*建筑*"          # name of the layer, the file, or folder/file; * and ?
    role = "buildings"        # or "ignore"
    encoding = "GB18030"
    crs = "EPSG:4547"
    datum = "gcj02"

    [layers.columns]          # schema column = column of the file ("" for none)
    storeys = "CS"

    [layers.values.use]       # word in the file = value of the schema
    "商住楼" = "mixed"

The first entry that fits a layer counts. What is left out is guessed as ever.
"""

from __future__ import annotations

import codecs
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyproj
from pyproj.exceptions import CRSError

from layers.files.foreign import ForeignLayer
from layers.files.saving import replacing
from layers.geodesy.china_datum import DATUMS
from layers.problems import Fact, LayerError, Problem, Severity
from layers.schema import RASTER_ROLES, ROLES
from layers.vocabulary.columns import IGNORE

if TYPE_CHECKING:
    from layers.project_file import Source

SCHEMA = 1
"""Version of the mapping file; raised when an older program would misread a newer file."""

Value = str | float | bool


@dataclass(frozen=True)
class LayerDecision:
    """What was decided of the layers that a name pattern fits.

    Parameters
    ----------
    layer
        Pattern with ``*`` and ``?`` for the layer's name, the file's, or folder and file.
    role
        A role, of a grid or picture one of `layers.schema.RASTER_ROLES`,
        `layers.vocabulary.columns.IGNORE`, or "" where it is to be guessed.
    columns
        Schema column to foreign column, "" for none.
    values
        For a schema column, words of the file to values of the schema.
    crs, datum, encoding
        "" where the data decides.
    """

    layer: str
    role: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    crs: str = ""
    datum: str = ""
    encoding: str = ""

    def fits(self, file: Path) -> bool:
        """Tell whether the pattern fits a file, or one of the layers that it names by the file."""
        pattern = self.layer.casefold().partition(" · ")[0]
        return any(fnmatchcase(name.casefold(), pattern) for name in _names(file))


@dataclass(frozen=True)
class Decisions:
    """All that a person decided before an import.

    Parameters
    ----------
    layers
        The first that fits a layer counts.
    surveyed, not_surveyed
        Service types that were surveyed although none may occur, and that were not although some
        do; of all others those count as surveyed that occur.
    crs_of
        CRS by the name of a layer or file: the command's word, which goes before the layers'.
    """

    layers: tuple[LayerDecision, ...] = ()
    surveyed: tuple[str, ...] = ()
    not_surveyed: tuple[str, ...] = ()
    crs_of: Mapping[str, str] = field(default_factory=dict)

    def of_layer(self, layer: ForeignLayer) -> LayerDecision:
        """Return what was decided of a layer; a decision without content where nothing was."""
        return self.of_names(*layer_names(layer))

    def encoding_of(self, file: Path) -> str:
        """Return the encoding that was decided for a file, "" for none.

        What was decided for one of its layers counts: a file is in one encoding, and the names of
        its layers are other ones once it is read in that.
        """
        said = (one.encoding for one in self.layers if one.encoding and one.fits(file))
        return next(said, "")

    def of_names(self, *names: str) -> LayerDecision:
        """Return the first decision whose pattern fits one of the names, or an empty one."""
        known = [name.casefold() for name in names]
        said = {name.casefold(): crs for name, crs in self.crs_of.items()}
        crs = next((said[name] for name in known if name in said), "")
        for decision in self.layers:
            if any(fnmatchcase(name, decision.layer.casefold()) for name in known):
                return replace(decision, crs=crs) if crs else decision
        return LayerDecision("", crs=crs)


def layer_names(layer: ForeignLayer) -> tuple[str, ...]:
    """Return the names that a person may call a layer by, in lower case."""
    names = (layer.source, layer.name, *_names(layer.file))
    return tuple(name.casefold() for name in names)


def _names(file: Path) -> tuple[str, ...]:
    return file.name, file.name.split(".")[0], f"{file.parent.name}/{file.name}"


def pattern_of(name: str) -> str:
    """Return the pattern that fits exactly one name."""
    return re.sub(r"([*?[])", r"[\1]", name)


def read_decisions(path: Path) -> Decisions:
    """Read a mapping file.

    Raises
    ------
    LayerError
        ``file_missing``, ``cannot_read``; ``mapping_unreadable`` (no TOML or JSON),
        ``mapping_newer``, ``mapping_wrong`` (with the row and the field that is wrong).
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise _refusal("file_missing", path) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "UTF-8"
        raise _refusal("cannot_read", path, reason=str(reason)) from error
    try:
        record = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refusal("mapping_unreadable", path, reason=str(error)) from error
    return _from_record(record, path)


def write_decisions(path: Path, decisions: Decisions) -> None:
    """Write a mapping file, JSON where it is called so and else TOML; old or new, never half.

    Raises
    ------
    LayerError
        ``cannot_write``.
    """
    record = _to_record(decisions)
    as_json = path.suffix.lower() == ".json"
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n" if as_json else _toml(record)
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Words:
    """What the command said of single layers, beside a mapping file; it goes before that.

    Parameters
    ----------
    roles, datums
        By the name of a layer, a file, or a file without its suffix.
    encodings
        By the name of a file, or what it begins with.
    crs
        Of layers that state none, "" for no word.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    datums: Mapping[str, str] = field(default_factory=dict)
    encodings: Mapping[str, str] = field(default_factory=dict)
    crs: str = ""

    def added_to(self, said: LayerDecision, source: Source) -> LayerDecision:
        """Return what was decided of a layer, with the words that are about it."""
        names = (source.layer, source.file, source.file.split(".")[0])
        datum = next((self.datums[name] for name in names if name in self.datums), said.datum)
        crs = self.crs if self.crs and not source.crs else said.crs
        return replace(said, datum=datum, crs=crs)


def learned(sources: Iterable[Source], told: Decisions, words: Words | None = None) -> Decisions:
    """Return what an import took each layer for, to be confirmed, changed and used again.

    Parameters
    ----------
    sources
        Of the project that was made.
    told
        What was decided before it; patterns, words, CRS, datum and encoding are kept from it, for
        what is only guessed of these may be otherwise in the next district.
    words
        What the command said; kept for the same reason.
    """
    words = words or Words()
    layers: dict[str, LayerDecision] = {}
    for source in sources:
        if source.role in ROLES:
            name = source.layer or source.file.split(".")[0]
            whole = f"{source.file} · {source.layer}"
            said = told.of_names(whole, name, source.file, source.file.split(".")[0])
            said = words.added_to(said, source)
            columns = {**{c: "" for c, n in said.columns.items() if not n}, **source.mapping}
            pattern = said.layer or pattern_of(name)
            made = replace(said, layer=pattern, role=source.role, columns=columns)
            layers.setdefault(pattern, made)
    for name, role in words.roles.items():
        if role not in ROLES:  # a grid, or what is to be left out
            layers[pattern_of(name)] = LayerDecision(pattern_of(name), role)
    layers |= {one.layer: one for one in told.layers if one.layer not in layers}
    return with_encodings(replace(told, layers=tuple(layers.values())), words.encodings)


def with_encodings(decisions: Decisions, encodings: Mapping[str, str]) -> Decisions:
    """Return decisions that give files these encodings.

    Parameters
    ----------
    encodings
        By the name of a file, or what it begins with. An encoding goes by the file: where none of
        the patterns fits it, as where they name layers inside it, it gets an entry of its own.
    """
    for file, encoding in encodings.items():
        layers = tuple(
            replace(one, encoding=encoding) if one.fits(Path(file)) else one
            for one in decisions.layers
        )
        decisions = replace(decisions, layers=layers)
        if not decisions.encoding_of(Path(file)):
            own = LayerDecision(pattern_of(file), encoding=encoding)
            decisions = replace(decisions, layers=(*layers, own))
    return decisions


def decisions_to_json(decisions: Decisions) -> dict[str, Any]:
    """Return decisions as a JSON object, as a mapping file holds them."""
    return _to_record(decisions)


def decisions_from_json(record: object) -> Decisions:
    """Return the decisions that `decisions_to_json` wrote; LayerError where it did not."""
    return _from_record(record, Path())


_LAYER_FIELDS = ("layer", "role", "encoding", "crs", "datum", "columns", "values")
_FIELDS = ("schema", "surveyed", "not_surveyed", "layers")


class _Row:
    """Where in the file a value stands, to name it where it is wrong."""

    def __init__(self, path: Path, row: int) -> None:
        self._path, self._row = path, row

    def wrong(self, field_: str, value: object, wanted: str) -> LayerError:
        facts: dict[str, Fact] = {"row": self._row, "field": field_, "wanted": wanted}
        return _refusal("mapping_wrong", self._path, **facts, value=str(value)[:80])

    def text(self, record: Mapping[str, Any], name: str) -> str:
        value = record.get(name, "")
        if not isinstance(value, str):
            raise self.wrong(name, value, "text")
        return value

    def texts(self, value: object, name: str) -> dict[str, str]:
        table = self.table(value, name)
        for key, one in table.items():
            if not isinstance(one, str):
                raise self.wrong(f"{name}.{key}", one, "text")
        return table

    def table(self, value: object, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.wrong(name, value, "table")
        return value

    def known(self, names: Iterable[str], allowed: Iterable[str], inside: str = "") -> None:
        choices = tuple(allowed)
        for name in names:
            if name not in choices:
                raise self.wrong(f"{inside}{name}", name, ", ".join(choices))


def _from_record(record: object, path: Path) -> Decisions:
    top = _Row(path, 0)
    table = top.table(record, "")
    if table.get("schema") != SCHEMA:
        found = table.get("schema")
        if isinstance(found, int) and found > SCHEMA:
            raise _refusal("mapping_newer", path, found=found, known=SCHEMA)
        raise top.wrong("schema", found, str(SCHEMA))
    top.known(table, _FIELDS)
    lists = {}
    for name in ("surveyed", "not_surveyed"):
        listed = table.get(name, [])
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            raise top.wrong(name, listed, "list")
        lists[name] = tuple(listed)
    layers = table.get("layers", [])
    if not isinstance(layers, list):
        raise top.wrong("layers", layers, "list")
    made = tuple(_layer(one, _Row(path, row)) for row, one in enumerate(layers, 1))
    return Decisions(made, lists["surveyed"], lists["not_surveyed"])


def _layer(record: object, row: _Row) -> LayerDecision:
    table = row.table(record, "layers")
    row.known(table, _LAYER_FIELDS)
    texts = {name: row.text(table, name) for name in ("layer", "role", "encoding", "crs", "datum")}
    if not texts["layer"]:
        raise row.wrong("layer", "", "text")
    if texts["role"]:
        row.known([texts["role"]], (*ROLES, *RASTER_ROLES, IGNORE), "role = ")
    if texts["datum"]:
        row.known([texts["datum"]], DATUMS, "datum = ")
    if texts["encoding"] and not is_encoding(texts["encoding"]):
        raise row.wrong("encoding", texts["encoding"], "UTF-8, GB18030, Big5, ...")
    if texts["crs"] and not is_crs(texts["crs"]):
        raise row.wrong("crs", texts["crs"], "EPSG:4547, ...")
    columns = row.texts(table.get("columns", {}), "columns")
    values = row.table(table.get("values", {}), "values")
    if texts["role"] in ROLES:
        named = ROLES[texts["role"]].columns_among([*columns, *values])
        known = ("id", *(column.name for column in named))
        row.known(columns, known, "columns.")
        row.known(values, known, "values.")
    for column, words in values.items():
        _check_words(texts["role"], column, row.table(words, f"values.{column}"), row)
    return LayerDecision(**texts, columns=columns, values=values)


def _check_words(role: str, column: str, words: Mapping[str, object], row: _Row) -> None:
    """Let words mean only what the schema's column can hold."""
    choices: tuple[str, ...] = ()
    if role in ROLES and column != "id":
        choices = ROLES[role].column(column).choices
    for word, value in words.items():
        where = f"values.{column}.{word}"
        if not isinstance(value, str | int | float):
            raise row.wrong(where, value, "text")
        if choices and value not in choices:
            raise row.wrong(where, value, ", ".join(choices))


def is_encoding(name: str) -> bool:
    """Tell whether text can be read in the encoding of this name."""
    try:
        return codecs.lookup(name).name not in ("rot13", "hex", "base64", "zlib", "bz2", "uu")
    except (LookupError, ValueError):
        return False


def is_crs(name: str) -> bool:
    """Tell whether a CRS is known by this name."""
    try:
        pyproj.CRS.from_user_input(name)
    except CRSError:
        return False
    return True


def _refusal(key: str, path: Path, **facts: Fact) -> LayerError:
    return LayerError(Problem(key, Severity.ERROR, source=path.name, facts=facts))


def _to_record(decisions: Decisions) -> dict[str, Any]:
    record: dict[str, Any] = {"schema": SCHEMA}
    for name in ("surveyed", "not_surveyed"):
        if getattr(decisions, name):
            record[name] = list(getattr(decisions, name))
    record["layers"] = [
        {name: value for name in _LAYER_FIELDS if (value := getattr(layer, name))}
        for layer in decisions.layers
    ]
    return record


def _toml(record: Mapping[str, Any]) -> str:
    """Set a record as TOML; a JSON string is a TOML string too."""
    lines = [f"schema = {record['schema']}"]
    lines += [f"{name} = {_quoted(record[name])}" for name in _FIELDS[1:3] if name in record]
    for layer in record["layers"]:
        lines += ["", "[[layers]]"]
        lines += [f"{n} = {_quoted(layer[n])}" for n in _LAYER_FIELDS[:5] if n in layer]
        for title, table in _tables(layer):
            lines += ["", f"[layers.{title}]"]
            lines += [f"{_quoted(word)} = {_quoted(value)}" for word, value in table.items()]
    return "\n".join(lines) + "\n"


def _tables(layer: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    if "columns" in layer:
        yield "columns", layer["columns"]
    for column, words in layer.get("values", {}).items():
        yield f"values.{_quoted(column)}", words


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
