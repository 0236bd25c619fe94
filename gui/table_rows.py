"""Rows of an attribute table: which of them fit what was typed, and in which order they stand."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from layers.years import of_year
from twin.language import LANGUAGES, catalogue, name_of, text
from twin.model.catalogues import service_types

if TYPE_CHECKING:
    from twin.model.tables import Table

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Progress = Callable[[float], None]

ID = "id"
_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "≥": operator.ge,
    "≤": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_CONDITION = re.compile(r"\s*(?P<name>[^<>=≥≤]+?)\s*(?P<sign>>=|<=|[<>=≥≤])\s*(?P<value>.*?)\s*")
_AND = re.compile(r"\s*[,，;；]\s*")
_YES, _NO = ("1", "yes", "true", "是", "有"), ("0", "no", "false", "否", "无")


def column_name(name: str) -> str:
    """Return what a column is called in the language in use; its own name where it has no text."""
    key = f"column.{name}"
    if key in catalogue():
        return text(key)
    found = of_year(name)
    return text("column.of_year", column=column_name(found[0]), year=found[1]) if found else name


def column_names(table: Table) -> tuple[str, ...]:
    """Return the columns of a table, the id first."""
    return (ID, *table)


def find_rows(table: Table, typed: str, sort_by: str, descending: bool, progress: Progress) -> Ints:
    """Return the rows that fit what was typed, in order.

    Parameters
    ----------
    typed
        Conditions joined by commas: ``storeys > 6``, ``层数>6``, ``use = mixed``; anything else
        is a part of a text in any column, or an id. Nothing fits an unknown column.
    sort_by
        Column; what is unknown goes last either way.
    """
    progress(0.0)
    fits = np.ones(len(table), bool)
    for part in _parts(typed):
        fits &= _fits(table, part)
        progress(0.4)
    rows = np.flatnonzero(fits)
    return rows[_order(values_of(table, sort_by)[rows], descending)]


def why_not(table: Table, typed: str) -> str:
    """Return what is not understood of what was typed, in words; "" where all is."""
    return next(filter(None, (_why_not(table, part) for part in _parts(typed))), "")


def values_of(table: Table, name: str) -> NDArray[Any]:
    """Return a column, or the ids."""
    return table.ids if name == ID else table[name]


_VALUES = {
    ("services", "status"): "service.status",
    ("streets", "status"): "street.status",
    ("streets", "kind"): "street.kind",
    ("streets", "kerb"): "street.kerbs",
    ("streets", "road_class"): "street.road_class",
    ("roads", "road_class"): "street.road_class",
    ("barriers", "kind"): "barrier.kind",
    ("green", "kind"): "green.kind",
    ("buildings", "use"): "building.use",
    ("sites", "kind"): "site.kind",
}
"""Where the words for a column's values stand, by layer and column."""


_YEARS = frozenset({"built_year"})
"""Numbers whose digits nobody groups."""


def shown_in(table: Table, name: str, row: int) -> str:
    """Return one cell in words: kinds and states by their names, service types too."""
    value = values_of(table, name)[row]
    if name == ID:
        return str(value)
    if isinstance(value, np.integer):  # the id of another feature, which nobody groups
        return str(value) if value >= 0 else "–"
    if name == "estimated":
        return ", ".join(column_name(one) for one in str(value).split(",") if one)
    if name == "types":
        known = service_types()
        return ", ".join(known[t].name if t in known else t for t in str(value).split(","))
    if name in _YEARS and value == value:
        return f"{value:.0f}"
    key = f"{_VALUES.get((table.role, name), '')}.{value}"
    return text(key) if key in catalogue() else shown(value)


def shown(value: Any) -> str:
    """Return a value as the table shows it."""
    if isinstance(value, np.bool_ | bool):
        return "✓" if value else ""
    if isinstance(value, float | np.floating):
        if value != value:
            return "–"
        return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"
    return str(value)


def _parts(typed: str) -> list[str]:
    return [part for part in _AND.split(typed.strip()) if part]


def _why_not(table: Table, part: str) -> str:
    """Return why a part of what was typed fits nothing, whatever the rows hold."""
    condition = _CONDITION.fullmatch(part)
    if condition is None:
        wordless = not any(letter.isalnum() for letter in part)
        found = not wordless or _holds(table, part).any()
        return "" if found else text("table.no_word", typed=part)
    asked, sign, wanted = condition["name"], condition["sign"], condition["value"]
    name = _named(table, asked)
    if name is None:
        return text("table.no_column", name=asked)
    if values_of(table, name).dtype == object:
        return "" if sign == "=" else text("table.no_order", name=column_name(name))
    if _number(wanted) is None:
        key = "table.no_number" if wanted else "table.no_value"
        return text(key, name=column_name(name), value=wanted)
    return ""


def _fits(table: Table, part: str) -> Flags:
    condition = _CONDITION.fullmatch(part)
    if condition is None:
        return _holds(table, part)
    name = _named(table, condition["name"])
    if name is None or _why_not(table, part):
        return np.zeros(len(table), bool)
    compare, wanted = _SIGNS[condition["sign"]], condition["value"]
    values = values_of(table, name)
    if values.dtype == object:
        unique, of_row = np.unique(values.astype(str), return_inverse=True)
        first = np.zeros(len(unique), np.int64)
        first[of_row] = np.arange(len(of_row))
        pairs = [
            (own.casefold(), shown_in(table, name, at).casefold())
            for own, at in zip(unique.tolist(), first.tolist(), strict=True)
        ]
        known = [_each(own, said) if name == "types" else {own, said} for own, said in pairs]
        return np.array([wanted.casefold() in one for one in known], bool)[of_row]
    number = _number(wanted)
    with np.errstate(invalid="ignore"):
        return np.asarray(compare(values.astype(float), number))


def _each(own: str, said: str) -> set[str]:
    """Return what names a service of several types: all of them together, and each."""
    return {own, said, *own.split(","), *said.split(", ")}


def _holds(table: Table, part: str) -> Flags:
    """Return the rows with a text that holds `part`, or whose id it is."""
    fits = np.char.find(table.ids.astype(str), part) == 0 if part.isdigit() else None
    found = np.zeros(len(table), bool) if fits is None else np.asarray(fits)
    wanted = part.casefold()
    for name in table:
        if table[name].dtype == object:
            unique, of_row = np.unique(table[name].astype(str), return_inverse=True)
            found |= (np.char.find(np.char.lower(unique), wanted) >= 0)[of_row]
    return found


def _named(table: Table, typed: str) -> str | None:
    """Return the column that is meant by a name in either language, or by its own."""
    wanted = typed.strip().casefold()
    for name in column_names(table):
        texts = catalogue().get(f"column.{name}")
        known = [name_of(texts, other) for other in LANGUAGES] if texts else []
        if wanted in (name, column_name(name).casefold(), *(k.casefold() for k in known)):
            return name
    return None


def _number(typed: str) -> float | None:
    if typed.casefold() in _YES[1:]:
        return 1.0
    if typed.casefold() in _NO[1:]:
        return 0.0
    try:
        return float(typed.replace(",", ""))
    except ValueError:
        return None


def _order(values: NDArray[Any], descending: bool) -> Ints:
    """Return the order of values, equal ones as they were; what is unknown goes last."""
    if values.dtype == object:
        unknown = values == ""
        _, key = np.unique(values.astype(str), return_inverse=True)
        key = key.astype(float)
    else:
        key = values.astype(float)
        unknown = values < 0 if values.dtype == np.int64 else np.isnan(key)
    return np.lexsort((-key if descending else key, np.asarray(unknown, bool)))
