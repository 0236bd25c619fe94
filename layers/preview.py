"""What an import would make of files, layer by layer, for a person to look at and correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj

from layers.columns import geometry_kinds
from layers.decisions import Decisions
from layers.foreign import ForeignLayer
from layers.formats import read_vector, takes_encoding
from layers.guessing import Guess, guess_columns, role_geometry
from layers.importing import Draft, Progress, Read, gather
from layers.placing import crs_name
from layers.problems import Problem, Severity, problem_from_json, problem_to_json
from layers.schema import ROLES
from layers.values import service_types, texts

ROWS = 8
"""How many rows of a layer are shown."""

_CELL = 60
"""Longer text in a cell is cut; it is there to be recognised."""


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


@dataclass(frozen=True)
class Preview:
    """All layers of an import, terrain files, and what was found of none of them in particular."""

    layers: tuple[LayerView, ...]
    terrains: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


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
        As for `layers.importing.import_layers`.

    Raises
    ------
    LayerError
        A named file is missing or unreadable.
    """
    report = progress or (lambda _done, _key: None)
    draft, placed = gather(
        paths, crs=crs, roles=None, datums=None, told=told, report=report, read=read
    )
    used = {layer.source: crs_name(one) for _, layer, one in placed}
    seen = [(draft.roles[layer.source], layer) for _, layer in draft.layers] + draft.unplaced
    views = [_view(guess, layer, used, draft, told) for guess, layer in seen]
    sources = {view.source for view in views}
    rest = tuple(p for p in draft.problems if p.source not in sources and p.key != "role_unknown")
    order = {source: number for number, source in enumerate(draft.roles)}
    views.sort(key=lambda view: order[view.source])
    return Preview(tuple(views), tuple(path.name for path, _ in draft.terrains), rest)


def _view(
    guess: Guess, layer: ForeignLayer, used: Mapping[str, str], draft: Draft, told: Decisions
) -> LayerView:
    problems = tuple(p for p in draft.problems if p.source == layer.source)
    columns: dict[str, Guess] = {}
    if guess.value in ROLES:
        columns, _ = guess_columns(guess.value, layer.frame, told.of_layer(layer).columns)
    names = tuple(str(n) for n in layer.frame.columns if n != layer.frame.geometry.name)
    head = layer.frame.head(ROWS)
    cells = [texts(head[name]) for name in names]
    rows = tuple(tuple(str(cell)[:_CELL] for cell in row) for row in zip(*cells, strict=True))
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
        problems=tuple(p for p in problems if p.key != "role_unknown"),
    )


def _datum(problems: Sequence[Problem]) -> str:
    for problem in problems:
        if problem.key in ("datum_found", "datum_given"):
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
        "terrains": list(found.terrains),
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
            }
        )
        layers.append(made)
    problems = tuple(problem_from_json(p) for p in record["problems"])
    return Preview(tuple(layers), tuple(record["terrains"]), problems)
