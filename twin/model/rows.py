"""Checked reading of one row of a TOML file: every error names file, row and field.

The texts of these errors begin with ``error.standard_``, for standards were read so first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from typing import Any

from twin.language import text as said
from twin.model.sources import Words, both


class RowError(ValueError):
    """A data file that cannot be used; `key` and `facts` name the text for the user.

    The facts hold the file's name, the row (its id or number) and the field.
    """

    def __init__(self, key: str, **facts: str | int | float | bool) -> None:
        super().__init__(f"{key} {facts}")
        self.key = key
        self.facts = facts


class Row:
    """The values of one table of the file; knows where it stands, to say so in errors."""

    def __init__(self, file: str, name: str, values: Any, section: str = "") -> None:
        self.file = file
        self.name = name
        if not isinstance(values, dict):
            raise self.error("standard_type", section or name, wanted=kind_words(table))
        self._left = dict(values)

    def error(self, key: str, field: str, **facts: str) -> RowError:
        """Return the error `key` about a field of this row."""
        return RowError(key, file=self.file, row=self.name, field=field, **facts)

    def rows(self, section: str) -> list[Row]:
        """Return the rows of ``[[section]]``, none where it is absent."""
        entries = self.take(section, listed, [])
        return [
            Row(
                self.file,
                str(entry.get("id", n)) if isinstance(entry, dict) else str(n),
                entry,
                section,
            )
            for n, entry in enumerate(entries, start=1)
        ]

    def take(self, field: str, wanted: Callable[[Any], Any], default: Any = None) -> Any:
        """Return a field's value, checked; its default (None: there is none) where it is absent."""
        if field not in self._left:
            if default is None:
                raise self.error("standard_missing", field)
            return default
        value = wanted(self._left.pop(field))
        if value is None:
            raise self.error("standard_type", field, wanted=kind_words(wanted))
        return value

    def choice(self, field: str, choices: Collection[str], default: str | None = None) -> str:
        """Return a text that is one of `choices`, or the default."""
        if default is not None and field not in self._left:
            return default
        return self.chosen(field, self.take(field, text), choices)

    def chosen(self, field: str, value: Any, choices: Collection[str]) -> str:
        """Return `value` if it is one of `choices`."""
        if not isinstance(value, str) or value not in choices:
            raise self.error("standard_value", field, value=str(value), choices=", ".join(choices))
        return value

    def several(self, field: str, choices: Collection[str], needed: bool = True) -> tuple[str, ...]:
        """Return a list of `choices`, each at most once."""
        values = self.take(field, listed, None if needed else [])
        if needed and not values:
            raise self.error("standard_missing", field)
        found = tuple(self.chosen(field, value, choices) for value in values)
        for value in found:
            if found.count(value) > 1:
                raise self.error("standard_twice", field, value=value)
        return found

    def words(self, field: str, needed: bool = True) -> Words:
        """Return a text in both languages; none where the field is absent and not needed.

        A plain text stands for both languages, as in a standard of one city's own.
        """
        if not needed and field not in self._left:
            return {}
        return checked_names(self, field, both(self.take(field, text_or_table)))

    def part(self, field: str, name: str, wanted: Callable[[Any], Any], default: Any) -> Any:
        """Take one value out of a field that is a table, and leave the rest of it."""
        whole = self._left[field]
        if not isinstance(whole, dict) or name not in whole:
            return default
        self._left[field] = {key: value for key, value in whole.items() if key != name}
        value = wanted(whole[name])
        if value is None:
            raise self.error("standard_type", f"{field}.{name}", wanted=kind_words(wanted))
        return value

    def fields(self) -> tuple[str, ...]:
        """Return the names of the fields that were not read yet."""
        return tuple(self._left)

    def band(self, field: str) -> tuple[float, float]:
        """Return ``min_<field>`` and ``max_<field>``, NaN where absent, in their order."""
        least = self.take(f"min_{field}", positive, math.nan)
        most = self.take(f"max_{field}", positive, math.nan)
        if most < least:
            raise self.error("standard_order", f"max_{field}", least=f"{least:g}", most=f"{most:g}")
        return least, most

    def done(self) -> None:
        """Refuse fields that mean nothing; they are typing errors more often than not."""
        if self._left:
            raise self.error("standard_unknown_field", min(self._left))


def checked_names(row: Row, field: str, names: Any) -> Words:
    """Return `names` if they are a text in each language."""
    if not isinstance(names, dict) or set(names) != {"en", "zh"}:
        raise row.error("standard_names", field)
    if not all(isinstance(name, str) and name for name in names.values()):
        raise row.error("standard_names", field)
    return names


def refuse_repeats(rows: list[Row], ids: list[str]) -> None:
    """Refuse an id that occurs twice."""
    for row, id_ in zip(rows, ids, strict=True):
        if ids.count(id_) > 1:
            raise RowError("standard_repeats", file=row.file, row=id_, field="id")


def text(value: Any) -> str | None:
    """Return a text, None for anything else."""
    return value if isinstance(value, str) else None


def text_or_table(value: Any) -> str | dict[str, Any] | None:
    """Return a text or a table, None for anything else."""
    return value if isinstance(value, str | dict) else None


def flag(value: Any) -> bool | None:
    """Return true or false, None for anything else."""
    return value if isinstance(value, bool) else None


def flag_or_text(value: Any) -> bool | str | None:
    """Return true, false or a text, None for anything else."""
    return value if isinstance(value, bool | str) else None


def listed(value: Any) -> list[Any] | None:
    """Return a list, None for anything else."""
    return value if isinstance(value, list) else None


def table(value: Any) -> dict[str, Any] | None:
    """Return a table, None for anything else."""
    return value if isinstance(value, dict) else None


def positive(value: Any) -> float | None:
    """Return a finite number above 0, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and value > 0 else None


def not_negative(value: Any) -> float | None:
    """Return a finite number of 0 or more, None for anything else."""
    return 0.0 if value == 0 and not isinstance(value, bool) else positive(value)


def seconds(value: Any) -> float | None:
    """Return a number above 0, which may be infinite, None for anything else."""
    return math.inf if value == math.inf else positive(value)


def count(value: Any) -> int | None:
    """Return a whole number above 0, None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def whole_number(value: Any) -> int | None:
    """Return a whole number of 0 or more, None for anything else."""
    return 0 if value == 0 and isinstance(value, int) and value is not False else count(value)


def share(value: Any) -> float | None:
    """Return a number of 0 to 1, None for anything else."""
    found = not_negative(value)
    return found if found is not None and found <= 1 else None


def part(value: Any) -> float | None:
    """Return a number above 0 and at most 1, None for anything else."""
    return share(value) or None


def _list_of(kind: Callable[[Any], Any]) -> Callable[[Any], list[Any] | None]:
    """Return what makes a list of values of a kind; an empty one is none."""

    def several(value: Any) -> list[Any] | None:
        found = [kind(one) for one in value] if isinstance(value, list) else []
        return found if found and None not in found else None

    return several


positives, not_negatives, counts = _list_of(positive), _list_of(not_negative), _list_of(count)
parts, shares = _list_of(part), _list_of(share)


def texts(value: Any) -> list[str] | None:
    """Return a list of texts, None for anything else."""
    return value if isinstance(value, list) and all(isinstance(v, str) for v in value) else None


_KINDS: Mapping[Callable[[Any], Any], str] = {
    text: "text",
    text_or_table: "text",
    flag: "flag",
    flag_or_text: "flag_or_mark",
    listed: "list",
    table: "table",
    positive: "positive",
    not_negative: "not_negative",
    seconds: "seconds",
    count: "count",
    whole_number: "whole_number",
    share: "share",
    part: "part",
    positives: "positives",
    not_negatives: "not_negatives",
    counts: "counts",
    parts: "parts",
    shares: "shares",
    texts: "texts",
}
"""What each reader wants, as ``value_kind.<name>`` of the texts says it."""


def kind_words(wanted: Callable[[Any], Any]) -> str:
    """Return what sort of value a reader wants, in the language in use."""
    return said(f"value_kind.{_KINDS[wanted]}")
