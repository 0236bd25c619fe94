"""Tables without places that say more of features which a layer has: joined by what both call them.

Offices keep who lives where apart from the map: a register by the number of the building. Where a
column of such a table names the features of one layer, each at most once, its other columns go to
these features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.files.foreign import ForeignLayer
from layers.limits import limit
from layers.problems import Fact, Problem, Severity
from layers.residents.older import older_column
from layers.schema import AGE_BANDS
from layers.understanding.guessing import Guess, guess_columns
from layers.vocabulary.columns import key_columns, may_be_key, plain
from layers.vocabulary.values import texts

_MOST_EXAMPLES = 5
_OF_CONCERN = {
    "services": {"types", "capacity"},
    "buildings": {"residents", "dwellings", "storeys", *AGE_BANDS},
}
"""Columns that figures rest on: a table that has them and is not used needs a person."""


@dataclass(frozen=True, eq=False)
class KeyedTable:
    """A table of which no column says where its rows are.

    Parameters
    ----------
    file, source
        Where it was read from, and how a person would name it.
    frame
        Its columns.
    encoding
        In which its text was read, "" where that is fixed or nothing but ASCII.
    """

    file: Path
    source: str
    frame: pd.DataFrame
    encoding: str = ""


@dataclass(frozen=True, eq=False)
class Joined:
    """What became of a table.

    Parameters
    ----------
    table, role
        The table, and the role of the layer that it went to.
    layer
        That layer with the table's columns.
    place
        The layer's position among those that were given.
    matched
        How many rows of the table name a feature.
    mapping
        Guess by schema column, of what the table adds.
    problems
        What to tell of it.
    """

    table: KeyedTable
    role: str
    layer: ForeignLayer
    place: int
    matched: int
    mapping: dict[str, Guess]
    problems: tuple[Problem, ...]


def join_table(table: KeyedTable, layers: Sequence[tuple[str, ForeignLayer]]) -> Joined | None:
    """Join a table to the layer whose features it names best; None where it names those of none.

    Parameters
    ----------
    table
        Not changed.
    layers
        Role and layer.
    """
    found = []
    for place, (role, layer) in enumerate(layers):
        added = _added(role, table.frame, layer)
        key = _best_key(table.frame, layer) if added else None
        if key is not None:
            found.append((int((key[2] >= 0).sum()), -place, added, key))
    if not found:
        return None
    matched, place, added, (theirs, own, row) = max(found, key=lambda one: one[:2])
    role, layer = layers[-place]
    made, columns = _with_columns(table.frame, layer, theirs, row)
    facts: dict[str, Fact] = {
        "layer": layer.source,
        "key": theirs,
        "own": own,
        "count": matched,
        "features": len(layer.frame),
        "columns": ", ".join(columns),
    }
    problems = [Problem("table_joined", Severity.INFO, role, table.source, facts=facts)]
    if matched < len(row):
        lost = texts(table.frame[theirs])[row < 0]
        facts = {"count": len(lost), "examples": ", ".join(map(str, lost[:_MOST_EXAMPLES]))}
        problems.append(
            Problem("table_rows_unmatched", Severity.WARNING, role, table.source, facts=facts)
        )
    return Joined(table, role, made, -place, matched, added, tuple(problems))


def concern_of(table: KeyedTable) -> Severity:
    """Return how much it matters that a table is not used: it may hold services, or people."""
    for role, columns in _OF_CONCERN.items():
        guesses, _ = guess_columns(role, table.frame)
        named = {c for c, guess in guesses.items() if guess.ground in ("name", "schema")}
        older = older_column(role, [str(name) for name in table.frame.columns], ())
        if named & columns or older is not None:
            return Severity.ERROR
    return Severity.INFO


def _added(role: str, frame: pd.DataFrame, layer: ForeignLayer) -> dict[str, Guess]:
    """Return what a table says of features that their layer does not say."""
    has, _ = guess_columns(role, layer.frame)
    says, _ = guess_columns(role, frame)
    made = {c: guess for c, guess in says.items() if c not in has and c != "id"}
    older = older_column(role, [str(name) for name in frame.columns], ())
    if older is not None:
        made.setdefault("age_60_79", Guess(older, 1.0, "name"))
    return made


def _best_key(
    frame: pd.DataFrame, layer: ForeignLayer
) -> tuple[str, str, NDArray[np.int64]] | None:
    """Return the columns by which a table names a layer's features, and the feature of each row."""
    best: tuple[str, str, NDArray[np.int64]] | None = None
    most = limit("tables", "least_matched") * len(frame)
    for theirs, candidates in _keys(frame, layer).items():
        names = _names(frame[theirs])
        if not names[names != ""].is_unique or not (names != "").any():
            continue
        for own in candidates:
            features = pd.Index(_names(layer.frame[own]))
            filled = features[features != ""]
            if not filled.is_unique:
                continue
            row = pd.Index(filled).get_indexer(names)
            row = np.where(row >= 0, np.flatnonzero(features != "")[row], -1)
            if (row >= 0).sum() >= max(most, 1):
                most = float((row >= 0).sum()) + 0.5
                best = theirs, own, row.astype(np.int64)
    return best


def _keys(frame: pd.DataFrame, layer: ForeignLayer) -> dict[str, list[str]]:
    """Return for columns of a table those of a layer that may hold the same names of features.

    These are columns known to name features, and those that both call alike, unless they hold
    fractions or are numbers that programs count up.
    """
    known = key_columns(list(map(str, layer.frame.columns)))
    keys = {name: list(known) for name in key_columns(list(map(str, frame.columns)))}
    alike = {plain(str(name)): str(name) for name in layer.frame.columns if may_be_key(str(name))}
    for name in map(str, frame.columns):
        own = alike.get(plain(name))
        if own is not None and not any(_has_fractions(c) for c in (frame[name], layer.frame[own])):
            keys.setdefault(name, [])
            keys[name] += [own] if own not in keys[name] else []
    return keys


def _has_fractions(column: pd.Series) -> bool:
    number = pd.to_numeric(column, errors="coerce")
    return bool((number % 1 > 0).any())


def _names(column: pd.Series) -> pd.Series:
    """Return what features are called, in the form that is compared: ``007`` is 7."""
    said = pd.Series(texts(column)).str.casefold()
    return said.str.replace(r"^0+(?=\d+$)", "", regex=True)


def _with_columns(
    frame: pd.DataFrame, layer: ForeignLayer, key: str, row: NDArray[np.int64]
) -> tuple[ForeignLayer, list[str]]:
    """Return the layer with the table's columns that it has not, and their names."""
    known = {plain(str(name)) for name in layer.frame.columns}
    columns = [name for name in map(str, frame.columns) if name != key and plain(name) not in known]
    made = layer.frame.copy()
    hit = row >= 0
    for name in columns:
        values = np.full(len(made), None, dtype=object)
        values[row[hit]] = frame[name].to_numpy(dtype=object)[hit]
        made[name] = pd.Series(values, index=made.index).infer_objects()
    return replace(layer, frame=made), columns
