"""Tables for a terminal, set so that Chinese and Latin text line up."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_GAP = "  "


@dataclass(frozen=True)
class Column:
    """One column: its heading and which way its cells lean."""

    heading: str
    align: Literal["left", "right"] = "left"


def width_of(text: str) -> int:
    """Return how many terminal cells `text` takes: two for a wide character, none for a mark."""
    return sum(_cells(character) for character in text)


def set_table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table: headings, a rule, the rows.

    An empty row becomes a blank line that sets groups of rows apart.
    """
    filled = [row for row in rows if row]
    widths = [
        max(width_of(cell) for cell in (column.heading, *(row[index] for row in filled)))
        for index, column in enumerate(columns)
    ]
    headings = _line([column.heading for column in columns], columns, widths)
    rule = _GAP.join("─" * width for width in widths)
    return [headings, rule, *(_line(row, columns, widths) if row else "" for row in rows)]


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _line(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    padded = []
    for cell, column, width in zip(cells, columns, widths, strict=True):
        blank = " " * (width - width_of(cell))
        padded.append(cell + blank if column.align == "left" else blank + cell)
    return _GAP.join(padded).rstrip()
