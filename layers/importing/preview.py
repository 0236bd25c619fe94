"""What an import would make of files, layer by layer, for a person to look at and correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyproj

from layers.account import Account
from layers.files.foreign import ForeignLayer
from layers.files.raster_files import Raster
from layers.formats.recognising import read_vector, takes_encoding
from layers.importing.gathering import Draft, Progress, Read, gather
from layers.importing.preview_tables import TableView, first_rows, table_from_json, tables_of
from layers.placing.datum_test import DATUM_TAKEN_OFF
from layers.placing.places import one_place
from layers.placing.settling import crs_name
from layers.problems import Problem, Severity, problem_from_json, problem_to_json
from layers.schema import ROLES
from layers.understanding.decisions import Decisions
from layers.understanding.guessing import Guess, guess_columns, role_geometry
from layers.vocabulary.columns import geometry_kinds
from layers.vocabulary.values import meanings, service_types

_MOST_WORDS = 40
"""How many different words of a column are shown; a column of more is no closed set."""


@dataclass(frozen=True)
class Word:
    """One word of a column and what an import takes it for.

    Parameters
    ----------
    word, count
        As the file has it, and in how many features.
    meaning
        A value of the schema's closed set, or ids of service types joined by commas; "" where it is
        not understood.
    """

    word: str
    count: int
    meaning: str


@dataclass(frozen=True)
class RasterView:
    """A grid or picture as an import would take it: its source, the file's whole path, its role."""

    source: str
    file: str
    role: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class LayerView:
    """One layer as an import would take it.

    Parameters
    ----------
    source, file, layer
        As a person names it; the file's whole path; the layer's name in it.
    role
        What it is taken for; ``ignore`` or "" where it is left out.
    roles
        What its geometry allows it to be.
    geometry
        ``point``, ``line``, ``polygon``, or several joined by commas.
    count, declared
        Features that were read, and that the file promises.
    crs_found, crs_used
        What the file states ("" for nothing), and what its coordinates are taken for ("" where
        nothing decides it).
    encoding, encoding_open
        In which the text was read, and whether another can be chosen.
    datum
        ``gcj02`` or ``bd09`` where the layer was shifted back from it; "" else.
    names, rows
        The file's columns, and the first features' values of them as text.
    columns
        Guess by schema column.
    types
        Service types that occur in it.
    problems
        What was found of this layer.
    words
        For each schema column with a closed set of values, the words of the file's column, the
        most frequent first.
    """

    source: str
    file: str
    layer: str
    role: Guess
    roles: tuple[str, ...]
    geometry: str
    count: int
    declared: int
    crs_found: str
    crs_used: str
    encoding: str
    encoding_open: bool
    datum: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: Mapping[str, Guess]
    types: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    words: Mapping[str, tuple[Word, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Preview:
    """All layers, rasters and tables of an import, and what was found of none of them."""

    layers: tuple[LayerView, ...]
    rasters: tuple[RasterView, ...] = ()
    problems: tuple[Problem, ...] = ()
    tables: tuple[TableView, ...] = ()


def preview(
    paths: Sequence[Path],
    told: Decisions,
    *,
    crs: pyproj.CRS | None = None,
    progress: Progress | None = None,
    read: Read = read_vector,
) -> Preview:
    """Read files and tell what an import would make of them; nothing is changed or written.

    Parameters
    ----------
    paths
        Files and folders.
    told
        What the person decided so far.
    crs, progress, read
        As for `layers.importing.from_files.import_layers`.

    Raises
    ------
    LayerError
        A named file is missing or unreadable.
    """
    report = progress or (lambda _done, _key: None)
    draft, placed = gather(
        paths, crs=crs, roles=None, datums=None, told=told, report=report, read=read
    )
    here, elsewhere, told_elsewhere = one_place(placed)
    used = {layer.source: crs_name(one) for _, layer, one in here}
    for _, layer, _ in elsewhere:
        draft.problems += [
            replace(p, source=layer.source) for p in told_elsewhere if p.key == "layers_elsewhere"
        ]
    draft.problems += [p for p in told_elsewhere if p.key != "layers_elsewhere"]
    seen = [(draft.roles[layer.source], layer) for _, layer in draft.layers] + draft.unplaced
    views = [_view(guess, layer, used, draft, told) for guess, layer in seen]
    rasters = tuple(_raster(raster, role, draft) for raster, role in draft.grids.roles())
    tables = tables_of(draft)
    sources = {view.source for view in views} | {one.source for one in rasters}
    sources |= {one.source for one in tables}
    rest = tuple(p for p in draft.problems if p.source not in sources and p.key != "role_unknown")
    order = {source: number for number, source in enumerate(draft.roles)}
    views.sort(key=lambda view: order[view.source])
    return Preview(tuple(views), rasters, rest, tables)


def _raster(raster: Raster, role: str, draft: Draft) -> RasterView:
    told = tuple(p for p in draft.problems if p.source == raster.source)
    return RasterView(raster.source, str(raster.path), role, told)


def _view(
    guess: Guess, layer: ForeignLayer, used: Mapping[str, str], draft: Draft, told: Decisions
) -> LayerView:
    problems = tuple(p for p in draft.problems if p.source == layer.source)
    columns: dict[str, Guess] = {}
    if guess.value in ROLES:
        columns, _ = guess_columns(guess.value, layer.frame, told.of_layer(layer).columns)
        problems += _without_heights(guess.value, layer, columns)
    names, rows = first_rows(layer.frame.drop(columns=layer.frame.geometry.name))
    return LayerView(
        source=layer.source,
        file=str(layer.file),
        layer=layer.name,
        role=guess,
        roles=role_geometry(layer),
        geometry=",".join(geometry_kinds(layer)),
        count=len(layer.frame),
        declared=layer.declared,
        crs_found=crs_name(layer.crs),
        crs_used=used.get(layer.source, ""),
        encoding=layer.encoding,
        encoding_open=takes_encoding(layer),
        datum=_datum(problems),
        names=names,
        rows=rows,
        columns=columns,
        types=_types(guess, layer, columns, told),
        words=_words(guess, layer, columns, told),
        problems=tuple(p for p in problems if p.key != "role_unknown"),
    )


def _without_heights(
    role: str, layer: ForeignLayer, columns: Mapping[str, Guess]
) -> tuple[Problem, ...]:
    """Say that nothing tells how high buildings are: people and floor area rest on it."""
    named = [columns[name].value for name in ("storeys", "height_m") if name in columns]
    if role != "buildings" or any(layer.frame[name].notna().any() for name in named):
        return ()
    account = Account(role, layer.source)
    account.note("storeys_unknown", Severity.WARNING, count=len(layer.frame))
    return account.problems


def _datum(problems: Sequence[Problem]) -> str:
    for problem in problems:
        if problem.key in DATUM_TAKEN_OFF:
            return str(problem.facts["datum"]).replace("-", "").lower()
    return ""


def _types(
    guess: Guess, layer: ForeignLayer, columns: Mapping[str, Guess], told: Decisions
) -> tuple[str, ...]:
    if guess.value != "services" or "types" not in columns:
        return ()
    name = columns["types"].value
    words = told.of_layer(layer).values.get("types", {})
    meant = layer.frame[name].replace(dict(words)) if words else layer.frame[name]
    found, _ = service_types(meant, coded=name == "types")
    return tuple(sorted({one for listed in np.unique(found) for one in listed.split(",")} - {""}))


def _words(
    guess: Guess, layer: ForeignLayer, columns: Mapping[str, Guess], told: Decisions
) -> dict[str, tuple[Word, ...]]:
    """Return the words of columns that hold one of a closed set, and what each is taken for."""
    found: dict[str, tuple[Word, ...]] = {}
    decided = told.of_layer(layer).values
    for name, column in columns.items():
        if guess.value not in ROLES or name == "id":
            continue
        schema = ROLES[guess.value].column(name)
        if schema.choices or name == "types":
            words = meanings(schema, layer.frame[column.value], decided.get(name, {}))
            if 0 < len(words) <= _MOST_WORDS:
                found[name] = tuple(Word(*one) for one in words)
    return found


def suspicions(view: LayerView) -> tuple[Problem, ...]:
    """Return what a person should look at in a layer, the gravest first."""
    grave = [p for p in view.problems if p.severity in (Severity.ERROR, Severity.WARNING)]
    return tuple(sorted(grave, key=lambda p: p.severity is not Severity.ERROR))


def preview_to_json(found: Preview) -> dict[str, Any]:
    """Return a preview as a JSON object."""
    return {
        "layers": [
            {**asdict(view), "problems": [problem_to_json(p) for p in view.problems]}
            for view in found.layers
        ],
        "rasters": [
            {**asdict(one), "problems": [problem_to_json(p) for p in one.problems]}
            for one in found.rasters
        ],
        "tables": [
            {**asdict(one), "problems": [problem_to_json(p) for p in one.problems]}
            for one in found.tables
        ],
        "problems": [problem_to_json(p) for p in found.problems],
    }


def preview_from_json(record: Mapping[str, Any]) -> Preview:
    """Return the preview that `preview_to_json` wrote; KeyError or TypeError where it did not."""
    layers = []
    for one in record["layers"]:
        listed = {name: tuple(one[name]) for name in ("roles", "names", "types")}
        made = LayerView(
            **{
                **one,
                **listed,
                "role": Guess(**one["role"]),
                "rows": tuple(tuple(row) for row in one["rows"]),
                "columns": {column: Guess(**guess) for column, guess in one["columns"].items()},
                "problems": tuple(problem_from_json(p) for p in one["problems"]),
                "words": {c: tuple(Word(**w) for w in words) for c, words in one["words"].items()},
            }
        )
        layers.append(made)
    rasters = tuple(
        RasterView(**{**one, "problems": tuple(problem_from_json(p) for p in one["problems"])})
        for one in record["rasters"]
    )
    tables = tuple(table_from_json(one) for one in record["tables"])
    problems = tuple(problem_from_json(p) for p in record["problems"])
    return Preview(tuple(layers), rasters, problems, tables)
