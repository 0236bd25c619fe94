"""Reading of standards, and the checks that name file, row and field."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from math import nan
from pathlib import Path
from typing import Any, TypeVar

from twin.language import reason_of
from twin.model.catalogues import groups, service_types, walkers
from twin.model.rows import (
    Row,
    RowError,
    checked_names,
    count,
    flag,
    flag_or_text,
    listed,
    positive,
    refuse_repeats,
    table,
    text,
)
from twin.model.sources import Source, Words, cited, cited_marks
from twin.standards.provisions import Alternatives, AreaBand, ComplexRule, Facility, Tier
from twin.standards.requirements import Requirement
from twin.standards.standard import Standard

StandardError = RowError
"""A standard that cannot be used; `key` and `facts` name the text for the user."""

RESERVED = frozenset(
    {
        "building_id", "entrance_id", "full_circle", "geometry", "id", "name", "reason",
        "requirements_met", "residents",
    }
)  # fmt: skip
"""Columns of the tables of results (`twin.telling.tidy`): no requirement may have such an id."""

_LEVELS = ("shall", "as_needed")
_Made = TypeVar("_Made", Tier, Requirement, Facility, AreaBand, ComplexRule, Alternatives)


def read_standard(path: Path) -> Standard:
    """Return the standard of a file.

    Raises
    ------
    StandardError
        Where it cannot be read, is no TOML, or a value is missing, unknown, of the wrong type or
        outside its set.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = reason_of(error)
        raise StandardError("standard_unreadable", file=path.name, reason=reason) from error
    return _standard(path.name, values)


def _standard(file: str, values: Mapping[str, Any]) -> Standard:
    row = Row(file, "standard", values)
    if not values.get("requirements"):
        raise row.error("standard_missing", "requirements")
    sources = _sources(row)
    tiers = _all(row, "tiers", lambda one: _tier(one, sources))
    known = {tier.id for tier in tiers}
    requirements = _all(row, "requirements", lambda one: _requirement(one, known, sources))
    asked = [requirement.id for requirement in requirements]
    _refuse_columns_of_two(row, requirements)
    standard = Standard(
        id=row.take("id", text),
        name=row.words("name"),
        issued=row.take("issued", text),
        requirements=requirements,
        notes=tuple(checked_names(row, "notes", note) for note in row.take("notes", listed, [])),
        sources=sources,
        tiers=tiers,
        facilities=_all(row, "facilities", lambda one: _facility(one, known, sources)),
        areas=_all(row, "areas", lambda one: _area(one, known, sources)),
        complexes=_all(row, "complexes", lambda one: _complex(one, asked, sources)),
        alternatives=_alternatives(row, requirements),
    )
    row.done()
    return standard


def _all(row: Row, section: str, make: Callable[[Row], _Made]) -> tuple[_Made, ...]:
    """Return the values of a section's rows, no two of one id."""
    rows = row.rows(section)
    made = tuple(map(make, rows))
    refuse_repeats(rows, [one.id for one in made])
    for one in rows:
        one.done()
    return made


def _sources(row: Row) -> Mapping[str, Source]:
    """Return what the standard's ``[sources]`` say of each mark."""
    marks = Row(row.file, "sources", row.take("sources", table, {}))
    found = {mark: _source(marks, mark) for mark in marks.fields()}
    marks.done()
    return found


def _source(marks: Row, mark: str) -> Source:
    """Return a source: a text, or texts in both languages and whether it is the issuer's own."""
    own = marks.part(mark, "own_text", flag, False)
    return Source(mark, marks.words(mark), own)


def _cited(row: Row, known: Mapping[str, Source]) -> tuple[Words, tuple[Source, ...]]:
    """Return a row's `source` and those that it names; a mark that means nothing is refused."""
    words = row.words("source")
    for mark in (mark for short in words.values() for mark in cited_marks(short)):
        if mark not in known:
            raise row.error("standard_source", "source", value=mark, known=", ".join(known) or "–")
    return words, cited(words, known)


_Checked = tuple[bool, tuple[Source, ...]]


def _checked(row: Row, field: str, of: tuple[Source, ...], needed: bool = True) -> _Checked:
    """Return whether a figure was checked, and in which of the sources that its row cites.

    The field is true or false, or the marks of the sources in which the figure was read.
    """
    value = row.take(field, flag_or_text, None if needed else False)
    if isinstance(value, bool):
        return value, ()
    known = {one.mark: one for one in of}
    marks = re.findall(r"\w+", value) or [value]
    return True, tuple(known[row.chosen(field, mark, known)] for mark in marks)


def _requirement(row: Row, tiers: Collection[str], known: Mapping[str, Source]) -> Requirement:
    own = row.several("service_types", service_types())
    higher = row.several("satisfied_by", service_types(), needed=False)
    for type_id in higher:
        if type_id in own:
            raise row.error("standard_twice", "satisfied_by", value=type_id)
    at_least = row.take("at_least", count, 1)
    if at_least > len(own) + len(higher):
        raise row.error("standard_too_many", "at_least", most=str(len(own) + len(higher)))
    floor, site = row.band("floor_area_m2"), row.band("site_area_m2")
    source, sources = _cited(row, known)
    verified, read_in = _checked(row, "verified", sources)
    area_verified, area_read_in = _checked(row, "area_verified", sources, needed=False)
    return Requirement(
        id=_own_id(row),
        service_types=(*own, *higher),
        group=row.choice("group", groups()),
        walker=row.choice("walker", walkers()),
        limit=row.take("limit", positive),
        unit=row.choice("unit", ("m", "min")),  # type: ignore[arg-type]  # checked
        level=row.choice("level", _LEVELS),  # type: ignore[arg-type]  # checked
        wording=row.choice("wording", ("advisory", "firm")),  # type: ignore[arg-type]  # checked
        clause=row.words("clause"),
        verified=verified,
        source=source,
        note=row.words("note", needed=False),
        name=row.words("name"),
        min_floor_area_m2=floor[0],
        area_verified=area_verified,
        satisfied_by=higher,
        at_least=at_least,
        tier=row.choice("tier", tiers, ""),
        max_floor_area_m2=floor[1],
        min_site_area_m2=site[0],
        max_site_area_m2=site[1],
        sources=sources,
        read_in=read_in,
        area_read_in=area_read_in,
    )


def _refuse_columns_of_two(row: Row, requirements: Sequence[Requirement]) -> None:
    """Refuse an id that is the name of another requirement's column of walks or parts."""
    columns = {f"{one.id}_{what}": one.id for one in requirements for what in (one.unit, "part")}
    for one in requirements:
        if one.id in columns:
            taken = f"{columns[one.id]} → {one.id}"
            raise StandardError(
                "standard_reserved",
                file=row.file,
                row=one.id,
                field="id",
                value=one.id,
                taken=taken,
            )


def _own_id(row: Row) -> str:
    """Return a requirement's id, which names columns of tables beside others."""
    id_: str = row.take("id", text)
    if id_ in RESERVED:
        raise row.error("standard_reserved", "id", value=id_, taken=", ".join(sorted(RESERVED)))
    return id_


def _tier(row: Row, known: Mapping[str, Source]) -> Tier:
    walk, people, homes = row.band("walk_m"), row.band("population"), row.band("dwellings")
    return Tier(
        id=row.take("id", text),
        name=row.words("name"),
        min_walk_m=walk[0],
        max_walk_m=walk[1],
        min_population=people[0],
        max_population=people[1],
        min_dwellings=homes[0],
        max_dwellings=homes[1],
        green_m2_per_person=row.take("green_m2_per_person", positive, nan),
        min_park_ha=row.take("min_park_ha", positive, nan),
        min_park_width_m=row.take("min_park_width_m", positive, nan),
        clause=row.words("clause"),
        source=_cited(row, known)[0],
        verified=row.several("verified", tuple(Tier.__dataclass_fields__), needed=False),
        park_types=row.several("park_types", service_types(), needed=False),
    )


def _facility(row: Row, tiers: Collection[str], known: Mapping[str, Source]) -> Facility:
    floor, site = row.band("floor_area_m2"), row.band("site_area_m2")
    source, sources = _cited(row, known)
    area_verified, area_read_in = _checked(row, "area_verified", sources, needed=False)
    return Facility(
        id=row.take("id", text),
        name=row.words("name"),
        tier=row.choice("tier", tiers, ""),
        level=row.choice("level", _LEVELS),  # type: ignore[arg-type]  # checked
        service_types=row.several("service_types", service_types(), needed=False),
        not_scored=row.words("not_scored"),
        min_floor_area_m2=floor[0],
        max_floor_area_m2=floor[1],
        min_site_area_m2=site[0],
        max_site_area_m2=site[1],
        area_verified=area_verified,
        clause=row.words("clause"),
        source=source,
        note=row.words("note", needed=False),
        sources=sources,
        area_read_in=area_read_in,
    )


def _area(row: Row, tiers: Collection[str], known: Mapping[str, Source]) -> AreaBand:
    land, floor = row.band("land_m2"), row.band("floor_m2")
    source, sources = _cited(row, known)
    verified, read_in = _checked(row, "verified", sources)
    return AreaBand(
        id=row.take("id", text),
        name=row.words("name"),
        tier=row.choice("tier", tiers, ""),
        service_types=row.several("service_types", service_types(), needed=False),
        per=row.choice("per", ("1000_residents", "100_households")),  # type: ignore[arg-type]  # checked
        min_land_m2=land[0],
        max_land_m2=land[1],
        min_floor_m2=floor[0],
        max_floor_m2=floor[1],
        clause=row.words("clause"),
        verified=verified,
        source=source,
        sources=sources,
        read_in=read_in,
    )


def _alternatives(row: Row, requirements: Sequence[Requirement]) -> tuple[Alternatives, ...]:
    """Return which requirements stand in for one another, each for those of one row only."""
    left = {one.id: one for one in requirements if one.level == "shall"}

    def make(one: Row) -> Alternatives:
        any_of = one.several("any_of", left)
        if len(any_of) < 2:
            raise one.error("standard_too_few", "any_of", least="2")
        alike = [other for other in left if left[other].group == left[any_of[0]].group]
        for id_ in any_of:
            one.chosen("any_of", id_, alike)
        for id_ in any_of:
            del left[id_]
        id_ = one.take("id", text)
        if id_ in {known.id for known in requirements}:
            raise one.error("standard_repeats", "id")
        return Alternatives(id_, one.words("name"), any_of, one.words("clause"))

    return _all(row, "alternatives", make)


def _complex(row: Row, requirements: Collection[str], known: Mapping[str, Source]) -> ComplexRule:
    functions = row.several("functions", requirements)
    priority = row.several("priority_functions", functions, needed=False)
    least = row.take("min_floor_area_m2", positive)
    source, sources = _cited(row, known)
    verified, read_in = _checked(row, "verified", sources)
    rule = ComplexRule(
        id=row.take("id", text),
        name=row.words("name"),
        functions=functions,
        priority_functions=priority,
        min_functions=row.take("min_functions", count),
        min_priority_functions=row.take("min_priority_functions", count),
        min_floor_area_m2=least,
        preferred_floor_area_m2=row.take("preferred_floor_area_m2", positive, least),
        clause=row.words("clause"),
        verified=verified,
        source=source,
        note=row.words("note", needed=False),
        sources=sources,
        read_in=read_in,
    )
    for name, most in (("min_functions", functions), ("min_priority_functions", priority)):
        if getattr(rule, name) > len(most):
            raise row.error("standard_too_many", name, most=str(len(most)))
    return rule
