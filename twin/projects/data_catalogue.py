"""The data catalogue: every source and layer of a district, and what it is fit for.

One ledger for the window, the report and the command; all of it values, no words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from layers.problems import Problem, problem_to_json
from layers.project_file import Source
from layers.schema import AGE_BANDS
from twin.arrays import Flags
from twin.assessment.measured import marked
from twin.model.district import District
from twin.model.tables import Table

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION = 1
"""Raised when a program that reads today's JSON could misread tomorrow's."""

State = Literal["ready", "weaker", "impossible"]

_HOMES = ("residential", "mixed")
_OF_HOMES = ("residents", "dwellings", *AGE_BANDS)
"""Columns of buildings that only homes need."""


@dataclass(frozen=True)
class Completeness:
    """How far a column of a layer is filled.

    Parameters
    ----------
    column
        As in `layers.schema`.
    filled, estimated
        Part of the features with a value, and with an estimated one, 0 to 1. Of columns about
        people, the homes count alone.
    """

    column: str
    filled: float
    estimated: float


@dataclass(frozen=True)
class LayerEntry:
    """A layer of the district.

    Parameters
    ----------
    role, features
        What it is, and how many features it has.
    columns
        Completeness of the columns that can be unknown.
    """

    role: str
    features: int
    columns: tuple[Completeness, ...]


@dataclass(frozen=True)
class SourceEntry:
    """A file's layer that was read, and what was found in it."""

    source: Source
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Reason:
    """Why an analysis is weaker or impossible.

    Parameters
    ----------
    key
        ``no_role``, ``column_missing``, ``column_gaps``, ``column_estimated`` or ``problem``.
    subject
        The role, ``role.column``, or the problem's key.
    part
        Part of the features that lack or estimate the column; NaN for the others.
    """

    key: str
    subject: str
    part: float = float("nan")


@dataclass(frozen=True)
class Readiness:
    """Whether the data is fit for an analysis."""

    analysis: str
    state: State
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class DataCatalogue:
    """The ledger.

    Parameters
    ----------
    name, crs
        Of the district.
    sources, layers, readiness
        In the order of the import, of the schema, and of ``readiness.toml``.
    problems
        Those of no single source.
    surveyed, present
        Ids of the service types that were surveyed, and of those that occur.
    """

    name: str
    crs: str
    sources: tuple[SourceEntry, ...]
    layers: tuple[LayerEntry, ...]
    readiness: tuple[Readiness, ...]
    problems: tuple[Problem, ...]
    surveyed: tuple[str, ...]
    present: tuple[str, ...]


def data_catalogue(
    district: District, sources: Sequence[Source], problems: Sequence[Problem] = ()
) -> DataCatalogue:
    """Return the catalogue of a district.

    Parameters
    ----------
    sources, problems
        Of its project.
    """
    named = {_name(source) for source in sources}
    entries = tuple(
        SourceEntry(source, tuple(p for p in problems if p.source and p.source == _name(source)))
        for source in sources
    )
    layers = tuple(_layer(table) for table in district.tables().values() if len(table))
    return DataCatalogue(
        name=district.name,
        crs=":".join(district.crs.to_authority() or ()) or district.crs.name,
        sources=entries,
        layers=layers,
        readiness=_readiness(district, layers, problems),
        problems=tuple(p for p in problems if p.source not in named),
        surveyed=tuple(sorted(district.surveyed)),
        present=tuple(
            sorted(
                {one for joined in district.services["types"] for one in joined.split(",") if one}
            )
        ),
    )


def _name(source: Source) -> str:
    """Return how problems name a source (`layers.files.foreign.ForeignLayer.source`)."""
    stem = source.file.split(".")[0]
    plain = source.layer in ("", stem) or source.role == "terrain"
    return source.file if plain else f"{source.file} · {source.layer}"


def _layer(table: Table) -> LayerEntry:
    columns = [one for one in table.schema.columns if _can_be_unknown(one.kind, one.choices)]
    found = (_completeness(table, one.name) for one in columns if one.name != "estimated")
    return LayerEntry(table.role, len(table), tuple(found))


def _can_be_unknown(kind: str, choices: Sequence[str]) -> bool:
    return kind != "flag" and not choices


def _completeness(table: Table, column: str) -> Completeness:
    values = table[column]
    if values.dtype == object:
        known = values.astype(str) != ""
    else:
        known = values >= 0 if values.dtype == np.int64 else ~np.isnan(values)
    asked = np.ones(len(table), bool)
    guessed: Flags = np.zeros(len(table), bool)
    if table.role == "buildings":
        guessed = marked(table, column)
        if column in _OF_HOMES:
            asked = np.isin(table["use"], _HOMES)
    if not asked.any():
        return Completeness(column, 0.0, 0.0)
    return Completeness(column, float(known[asked].mean()), float((known & guessed)[asked].mean()))


@cache
def _rules() -> dict[str, Any]:
    text = files("twin").joinpath("data", "readiness.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _readiness(
    district: District, layers: Sequence[LayerEntry], problems: Sequence[Problem]
) -> tuple[Readiness, ...]:
    filled = {f"{one.role}.{c.column}": c for one in layers for c in one.columns}
    present = {one.role for one in layers} | (
        {"terrain"} if district.terrain is not None else set()
    )
    found = {problem.key for problem in problems}
    return tuple(_ready(rule, present, filled, found) for rule in _rules()["analyses"])


def _ready(
    rule: Mapping[str, Any],
    present: set[str],
    filled: Mapping[str, Completeness],
    problems: set[str],
) -> Readiness:
    lacking = [Reason("no_role", role) for role in rule.get("roles", ()) if role not in present]
    weaker = [Reason("no_role", role) for role in rule.get("wanted", ()) if role not in present]
    for alternatives in rule.get("columns", ()) if not lacking else ():
        missing, weak = _of_column(alternatives.split("|"), filled)
        lacking += missing
        weaker += weak
    weaker += [Reason("problem", key) for key in rule.get("weakened_by", ()) if key in problems]
    state: State = "impossible" if lacking else "weaker" if weaker else "ready"
    return Readiness(rule["id"], state, tuple(lacking or weaker))


def _of_column(
    names: Sequence[str], filled: Mapping[str, Completeness]
) -> tuple[list[Reason], list[Reason]]:
    """Return what makes the best of some columns useless, and what makes it weaker."""
    nothing = Completeness("", 0.0, 0.0)
    name = max(names, key=lambda one: filled.get(one, nothing).filled)
    found, enough = filled.get(name, nothing), float(_rules()["enough"])
    if found.filled == 0:
        return [Reason("column_missing", name, 1.0)], []
    weaker = []
    if found.filled < enough:
        weaker.append(Reason("column_gaps", name, 1 - found.filled))
    if found.estimated > 1 - enough:
        weaker.append(Reason("column_estimated", name, found.estimated))
    return [], weaker


def catalogue_values(catalogue: DataCatalogue) -> dict[str, Any]:
    """Return the catalogue as JSON values."""
    return {
        "schema": SCHEMA_VERSION,
        "kind": "data_catalogue",
        "district": catalogue.name,
        "crs": catalogue.crs,
        "sources": [
            {**asdict(one.source), "problems": [problem_to_json(p) for p in one.problems]}
            for one in catalogue.sources
        ],
        "layers": [asdict(one) for one in catalogue.layers],
        "readiness": [
            {
                "analysis": one.analysis,
                "state": one.state,
                "reasons": [
                    {
                        "key": r.key,
                        "subject": r.subject,
                        "part": None if np.isnan(r.part) else r.part,
                    }
                    for r in one.reasons
                ],
            }
            for one in catalogue.readiness
        ],
        "problems": [problem_to_json(problem) for problem in catalogue.problems],
        "surveyed": list(catalogue.surveyed),
        "present": list(catalogue.present),
    }


def catalogue_table(catalogue: DataCatalogue) -> pd.DataFrame:
    """Return a row for each source and column: the catalogue for spreadsheets.

    Returns
    -------
    The source's fields, ``problems`` (how many), and of the layer that it went into ``column``,
    ``filled`` and ``estimated``; one row with an empty column where the role has none.
    """
    import pandas as pd

    columns = {one.role: one.columns for one in catalogue.layers}
    rows = []
    for entry in catalogue.sources:
        own = {k: v for k, v in asdict(entry.source).items() if not isinstance(v, Mapping)}
        own |= {"problems": len(entry.problems), "unused": ", ".join(entry.source.unused)}
        for one in columns.get(entry.source.role, ()) or (None,):
            found = {} if one is None else asdict(one)
            mapped = entry.source.mapping.get(found.get("column", ""), "")
            rows.append({**own, "column": "", **found, "filled_from": mapped})
    return pd.DataFrame(rows)
