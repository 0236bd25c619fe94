"""Reading of standards, and the checks that name file, row and field."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from twin.catalogues import groups, service_types, walkers
from twin.standards.requirements import Requirement, Standard

DEFAULT_STANDARD = "gb50180-2018"

_FOLDER = Path(__file__).parent


class StandardError(ValueError):
    """A standard that cannot be used; `key` and `facts` name the text for the user.

    The facts hold the file's name, the row (a requirement's id or number) and the field.
    """

    def __init__(self, key: str, **facts: str | int | float | bool) -> None:
        super().__init__(f"{key} {facts}")
        self.key = key
        self.facts = facts


def standard_ids() -> tuple[str, ...]:
    """Return the ids of the standards that come along, the default first."""
    found = sorted(path.stem for path in _FOLDER.glob("*.toml"))
    return tuple(sorted(found, key=lambda name: name != DEFAULT_STANDARD))


def load_standard(id_or_path: str | Path) -> Standard:
    """Return a standard by its id, or read from a file of the user's.

    Raises
    ------
    StandardError
        Where there is no such standard or file, it is no TOML, or a value is missing, unknown, of
        the wrong type or outside its set.
    """
    if str(id_or_path) in standard_ids():
        return _read_own(str(id_or_path))
    return _read(Path(id_or_path))


@cache
def _read_own(standard_id: str) -> Standard:
    return _read(_FOLDER / f"{standard_id}.toml")


def _read(path: Path) -> Standard:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        known = ", ".join(standard_ids())
        raise StandardError("standard_unknown", name=str(path), known=known) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        detail = str(error).splitlines()[0]
        raise StandardError("standard_unreadable", file=path.name, detail=detail) from error
    return _standard(path.name, values)


def _standard(file: str, values: Mapping[str, Any]) -> Standard:
    row = _Row(file, "standard", values)
    rows = [
        _Row(file, str(entry.get("id", number)) if isinstance(entry, dict) else str(number), entry)
        for number, entry in enumerate(row.take("requirements", _list), start=1)
    ]
    requirements = tuple(map(_requirement, rows))
    seen: set[str] = set()
    for requirement in requirements:
        if requirement.id in seen:
            raise StandardError("standard_repeats", file=file, row=requirement.id, field="id")
        seen.add(requirement.id)
    notes = tuple(_names(row, "notes", note) for note in row.take("notes", _list, []))
    standard = Standard(
        row.take("id", _text),
        _names(row, "name", row.take("name", _table)),
        row.take("issued", _text),
        requirements,
        notes,
        row.take("sources", _table, {}),
    )
    row.done()
    return standard


def _requirement(row: _Row) -> Requirement:
    requirement = Requirement(
        id=row.take("id", _text),
        service_types=tuple(
            row.chosen("service_types", type_id, service_types())
            for type_id in row.take("service_types", _list)
        ),
        group=row.chosen("group", row.take("group", _text), groups()),
        walker=row.chosen("walker", row.take("walker", _text), walkers()),
        limit=row.take("limit", _positive),
        unit=row.chosen("unit", row.take("unit", _text), ("m", "min")),  # type: ignore[arg-type]  # checked
        level=row.chosen("level", row.take("level", _text), ("shall", "as_needed")),  # type: ignore[arg-type]  # checked
        wording=row.chosen("wording", row.take("wording", _text), ("advisory", "firm")),  # type: ignore[arg-type]  # checked
        clause=row.take("clause", _text),
        verified=row.take("verified", _flag),
        source=row.take("source", _text),
        note=_names(row, "note", row.take("note", _table, {}), needed=False),
        name=_names(row, "name", row.take("name", _table)),
        min_floor_area_m2=row.take("min_floor_area_m2", _positive, math.nan),
        area_verified=row.take("area_verified", _flag, False),
    )
    if not requirement.service_types:
        raise StandardError("standard_missing", file=row.file, row=row.name, field="service_types")
    row.done()
    return requirement


class _Row:
    """The values of one table of the file; knows where it stands, to say so in errors."""

    def __init__(self, file: str, name: str, values: Any) -> None:
        self.file = file
        self.name = name
        if not isinstance(values, dict):
            raise self.error("standard_type", "requirements", wanted="table")
        self._left = dict(values)

    def error(self, key: str, field: str, **facts: str) -> StandardError:
        return StandardError(key, file=self.file, row=self.name, field=field, **facts)

    def take(self, field: str, wanted: Callable[[Any], Any], default: Any = None) -> Any:
        """Return a field's value, checked; its default (None: there is none) where it is absent."""
        if field not in self._left:
            if default is None:
                raise self.error("standard_missing", field)
            return default
        value = wanted(self._left.pop(field))
        if value is None:
            raise self.error("standard_type", field, wanted=wanted.__name__.strip("_"))
        return value

    def chosen(self, field: str, value: Any, choices: Any) -> str:
        """Return `value` if it is one of `choices`."""
        if not isinstance(value, str) or value not in choices:
            raise self.error("standard_value", field, value=str(value), choices=", ".join(choices))
        return value

    def done(self) -> None:
        """Refuse fields that mean nothing; they are typing errors more often than not."""
        if self._left:
            raise self.error("standard_unknown_field", min(self._left))


def _names(row: _Row, field: str, names: Any, needed: bool = True) -> Mapping[str, str]:
    """Return texts in both languages."""
    if not names and not needed:
        return {}
    if not isinstance(names, dict) or set(names) != {"en", "zh"}:
        raise row.error("standard_names", field)
    if not all(isinstance(name, str) and name for name in names.values()):
        raise row.error("standard_names", field)
    return names


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _list(value: Any) -> list[Any] | None:
    return value if isinstance(value, list) else None


def _table(value: Any) -> dict[str, Any] | None:
    return value if isinstance(value, dict) else None


def _positive(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and value > 0 else None
