"""Tables without places in the preview of an import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from layers.formats.recognising import is_table
from layers.importing.gathering import Draft
from layers.problems import Problem, problem_from_json
from layers.vocabulary.values import texts

ROWS = 8
"""How many rows of a layer are shown."""

_CELL = 60
"""Longer text in a cell is cut; it is there to be recognised."""


@dataclass(frozen=True)
class TableView:
    """A table without places as an import would take it.

    Parameters
    ----------
    source, file
        As a person names it; the file's whole path.
    layer, key, matched
        Source of the layer that it is joined to ("" for none), the column that names its features,
        and how many rows do.
    count
        Rows.
    encoding, encoding_open
        In which the text was read, and whether another can be chosen.
    names, rows
        Its columns, and the first rows as text.
    problems
        What was found of it.
    """

    source: str
    file: str
    layer: str
    key: str
    matched: int
    count: int
    encoding: str
    encoding_open: bool
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    problems: tuple[Problem, ...] = ()


def tables_of(draft: Draft) -> tuple[TableView, ...]:
    """Return the tables without places, joined or not."""
    joined = {found.table.source: found for found in draft.joined}
    views = []
    for table in (one for found, _ in draft.tables.values() for one in found):
        to = joined.get(table.source)
        said = next((p for p in to.problems if p.key == "table_joined"), None) if to else None
        names, rows = first_rows(table.frame)
        views.append(
            TableView(
                source=table.source,
                file=str(table.file),
                layer=to.layer.source if to else "",
                key=str(said.facts["key"]) if said else "",
                matched=to.matched if to else 0,
                count=len(table.frame),
                encoding=table.encoding,
                encoding_open=bool(table.encoding) or is_table(table.file),
                names=names,
                rows=rows,
                problems=tuple(p for p in draft.problems if p.source == table.source),
            )
        )
    return tuple(views)


def first_rows(frame: pd.DataFrame) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the names of columns, and the first rows as text, cut where it is long."""
    names = tuple(map(str, frame.columns))
    cells = [texts(frame[name].head(ROWS)) for name in frame.columns]
    return names, tuple(
        tuple(str(cell)[:_CELL] for cell in row) for row in zip(*cells, strict=True)
    )


def table_from_json(record: Mapping[str, Any]) -> TableView:
    """Return the table of which ``asdict`` made a JSON object; KeyError or TypeError if none."""
    lists = {
        "names": tuple(record["names"]),
        "rows": tuple(tuple(row) for row in record["rows"]),
        "problems": tuple(problem_from_json(p) for p in record["problems"]),
    }
    return TableView(**{**record, **lists})
