"""What a section of a report is made of, whatever it is printed as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: ``lead`` is large and comes first, ``note`` is small."""

    words: str
    style: Literal["lead", "body", "note"] = "body"


@dataclass(frozen=True)
class Subheading:
    """A heading within a section."""

    words: str


@dataclass(frozen=True)
class Fact:
    """One figure that is to be seen first: the figure, what it is, and what it rests on."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Facts:
    """A row of facts."""

    items: tuple[Fact, ...]


@dataclass(frozen=True)
class Figure:
    """A numbered picture: SVG text or the bytes of a PNG.

    `height_mm` crops it on paper to that height; None shows all of it.
    """

    caption: str
    picture: str | bytes
    height_mm: float | None = None


@dataclass(frozen=True)
class Panel:
    """One of several small maps that share a key."""

    title: str
    note: str
    picture: str


@dataclass(frozen=True)
class Panels:
    """A numbered figure of small maps; `key` pairs labels with ``#rrggbb`` or ``hatch``."""

    caption: str
    items: tuple[Panel, ...]
    key: tuple[tuple[str, str], ...]
    columns: int = 3


@dataclass(frozen=True)
class Column:
    """A column of a table; `width` is its part of the whole."""

    title: str
    width: float
    align: Literal["left", "right", "center"] = "left"


@dataclass(frozen=True)
class Cell:
    """A cell: words, smaller words below, and a drawing of a share.

    Parameters
    ----------
    share
        0 to 1, drawn as a bar below the words.
    change
        -1 to 1, drawn as a bar to the left or right of a middle line.
    fill
        Ground of the cell, ``#rrggbb``.
    """

    words: str = ""
    below: str = ""
    share: float | None = None
    change: float | None = None
    fill: str = ""
    muted: bool = False
    strong: bool = False


@dataclass(frozen=True)
class Row:
    """A row of a table: ``total`` closes it, ``part`` heads the rows below with its first cell."""

    cells: tuple[Cell, ...]
    style: Literal["plain", "total", "part"] = "plain"


@dataclass(frozen=True)
class Table:
    """A numbered table; `notes` stand below it."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Definition:
    """A term, what it means in plain words, and its formula."""

    term: str
    meaning: str
    formula: str = ""


@dataclass(frozen=True)
class Definitions:
    """A list of definitions."""

    items: tuple[Definition, ...]


Block: TypeAlias = Paragraph | Subheading | Facts | Figure | Panels | Table | Definitions


@dataclass(frozen=True)
class Section:
    """A numbered section; `new_page` starts it on a page of its own."""

    title: str
    blocks: tuple[Block, ...]
    new_page: bool = False
