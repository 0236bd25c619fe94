"""Edits: values that turn one district into the next.

Each edit is a frozen dataclass with one rule. A scenario is a list of them over a base district,
stored as JSON. An edit whose target vanished (its layer was replaced) becomes a problem and
changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from math import isfinite, isinf
from typing import Any, TypeAlias

import shapely

from layers.problems import Fact, Problem, Severity
from layers.schema import (
    AGE_BANDS,
    DTYPES,
    ROLES,
    SERVICE_STATUSES,
    STREET_KINDS,
    STREET_STATUSES,
    Column,
)
from twin.model.allowed import least_of
from twin.model.catalogues import rules, service_types
from twin.model.district import District
from twin.model.joining import join_path
from twin.model.tables import Table


class EditError(ValueError):
    """An edit that has no meaning: an unknown kind, a missing field, a value outside its set.

    `key` and `facts` name the text for the user, as in a :class:`~layers.problems.Problem`.
    """

    def __init__(self, key: str, **facts: str | int | float | bool) -> None:
        super().__init__(f"{key} {facts}")
        self.key = key
        self.facts = facts


@dataclass(frozen=True, kw_only=True)
class Phased:
    """What is common to all edits: `year` is the year from when on it holds, 0 from the start."""

    year: int = 0


@dataclass(frozen=True)
class PlaceService(Phased):
    """Add a service at (x, y), metres in the district's CRS."""

    id: int
    types: tuple[str, ...]
    x: float
    y: float
    name: str = ""
    floor_area_m2: float = float("nan")
    capacity: float = float("nan")
    status: str = "open"
    site_id: int = -1
    building_id: int = -1


@dataclass(frozen=True)
class MoveService(Phased):
    """Put a service elsewhere; it leaves its entrances, site and building behind."""

    id: int
    x: float
    y: float
    site_id: int = -1
    building_id: int = -1


@dataclass(frozen=True)
class RemoveService(Phased):
    """Take a service away, with its entrances."""

    id: int


@dataclass(frozen=True)
class ChangeService(Phased):
    """Set columns of a service (name, types, floor_area_m2, capacity, status)."""

    id: int
    values: Mapping[str, str | float]


@dataclass(frozen=True)
class SetStreetStatus(Phased):
    """Open or close a gate or a street: ``open``, ``residents`` or ``closed``."""

    id: int
    status: str


@dataclass(frozen=True)
class ChangeStreet(Phased):
    """Correct columns of a street: a ramp beside steps, a signal at a crossing, its kind, ..."""

    id: int
    values: Mapping[str, str | float | bool]


@dataclass(frozen=True)
class AddPath(Phased):
    """Add a walkable edge; it meets the network where its points touch a node or a street.

    A street that is touched between its ends becomes one of several parts that meet there; it
    keeps its id. Crossings, gates, bridges, tunnels and steps are met at their ends only.
    """

    id: int
    line: tuple[tuple[float, float], ...]
    kind: str = "footway"
    name: str = ""


@dataclass(frozen=True)
class ChangeBuilding(Phased):
    """Correct columns of a building (storeys, has_lift, residents by age, ...)."""

    id: int
    values: Mapping[str, str | float | bool]


@dataclass(frozen=True)
class ReshapeBuilding(Phased):
    """Give a building another outline: its corners in order, (x, y) in metres."""

    id: int
    outline: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class AddEntrance(Phased):
    """Add a door at (x, y) of a building, or else of a service.

    With `residential` it is a stair unit that residents start from (`residents` of them, or an
    even share); else it is one more way in.
    """

    id: int
    x: float
    y: float
    building_id: int = -1
    service_id: int = -1
    residential: bool = False
    residents: float = float("nan")


@dataclass(frozen=True)
class MoveEntrance(Phased):
    """Put a door elsewhere; the street that a person said it opens on is forgotten."""

    id: int
    x: float
    y: float


@dataclass(frozen=True)
class ChangeEntrance(Phased):
    """Correct columns of a door: residential, residents, building_id, street_id (a wrong snap)."""

    id: int
    values: Mapping[str, str | float | bool]


@dataclass(frozen=True)
class RemoveEntrance(Phased):
    """Take a door away."""

    id: int


@dataclass(frozen=True)
class DrawBoundary(Phased):
    """Make an outline, corners in order, (x, y) in metres, the whole study boundary."""

    id: int
    outline: tuple[tuple[float, float], ...]
    name: str = ""


@dataclass(frozen=True)
class DrawCommunity(Phased):
    """Add a community: what its outline holds that no other community has already.

    So neighbours that are drawn a little over each other share one border.
    """

    id: int
    outline: tuple[tuple[float, float], ...]
    name: str = ""


@dataclass(frozen=True)
class ChangeCommunity(Phased):
    """Correct columns of a community (name, residents by age, ...)."""

    id: int
    values: Mapping[str, str | float]


@dataclass(frozen=True)
class RemoveCommunity(Phased):
    """Take a community away; its homes then belong to none."""

    id: int


Edit: TypeAlias = (
    PlaceService
    | MoveService
    | RemoveService
    | ChangeService
    | SetStreetStatus
    | ChangeStreet
    | AddPath
    | ChangeBuilding
    | ReshapeBuilding
    | AddEntrance
    | MoveEntrance
    | ChangeEntrance
    | RemoveEntrance
    | DrawBoundary
    | DrawCommunity
    | ChangeCommunity
    | RemoveCommunity
)
EDITS: tuple[type[Edit], ...] = (
    PlaceService,
    MoveService,
    RemoveService,
    ChangeService,
    SetStreetStatus,
    ChangeStreet,
    AddPath,
    ChangeBuilding,
    ReshapeBuilding,
    AddEntrance,
    MoveEntrance,
    ChangeEntrance,
    RemoveEntrance,
    DrawBoundary,
    DrawCommunity,
    ChangeCommunity,
    RemoveCommunity,
)
_BY_NAME = {kind.__name__: kind for kind in EDITS}

NEW_FEATURES: Mapping[str, str] = {
    "PlaceService": "services",
    "AddPath": "streets",
    "AddEntrance": "entrances",
    "DrawBoundary": "boundary",
    "DrawCommunity": "communities",
}
"""Kinds of edit that add a feature, whose id is new, and the role of its table."""

_SIGNED = frozenset({"storey", "level"})
"""Numbers that may be below 0: what lies under the ground."""


def apply_edit(district: District, edit: Edit) -> District:
    """Return the district after one edit.

    Raises
    ------
    KeyError
        Where the edit's target is not in the district.
    EditError
        Where a value is outside its set.
    """
    match edit:
        case PlaceService():
            return _place(district, edit)
        case MoveService():
            return _move(district, edit)
        case RemoveService():
            district.services.row_of(edit.id)
            services = district.with_table(district.services.without([edit.id]))
            return _without_entrances(services, edit.id)
        case ChangeService():
            return _change(district, district.services, edit.id, edit.values)
        case SetStreetStatus():
            _choice("status", edit.status, STREET_STATUSES)
            return _change(district, district.streets, edit.id, {"status": edit.status})
        case ChangeStreet():
            return _change(district, district.streets, edit.id, edit.values)
        case AddPath():
            return _add_path(district, edit)
        case ChangeBuilding():
            return _change(district, district.buildings, edit.id, _corrected(district, edit))
        case ReshapeBuilding():
            return _reshape(district, edit)
        case AddEntrance():
            return _add_entrance(district, edit)
        case MoveEntrance():
            doors, place = district.entrances, shapely.Point(edit.x, edit.y)
            moved = doors.with_values([doors.row_of(edit.id)], {"street_id": -1}, place)
            return district.with_table(moved)
        case ChangeEntrance():
            return _change(district, district.entrances, edit.id, edit.values)
        case RemoveEntrance():
            district.entrances.row_of(edit.id)
            return district.with_table(district.entrances.without([edit.id]))
        case DrawBoundary():
            return _draw_boundary(district, edit)
        case DrawCommunity():
            return _draw_community(district, edit)
        case ChangeCommunity():
            return _change(district, district.communities, edit.id, edit.values)
        case RemoveCommunity():
            district.communities.row_of(edit.id)
            return district.with_table(district.communities.without([edit.id]))


def apply_edits(
    district: District, edits: Iterable[Edit], until: int | None = None
) -> tuple[District, tuple[Problem, ...]]:
    """Return the district after all edits, and a problem for each that could not be applied.

    Parameters
    ----------
    until
        Leave out the edits of later years; see :func:`twin.model.phases.holding`.
    """
    from twin.model.phases import holding  # which knows the kinds of edit

    edits = tuple(edits)
    problems: list[Problem] = []
    for number, (edit, holds) in enumerate(zip(edits, holding(edits, until), strict=True)):
        if not holds:
            continue
        try:
            district = apply_edit(district, edit)
        except (KeyError, EditError) as error:
            problems.append(_left_out(edit, number + 1, error))
    return district, tuple(problems)


def _left_out(edit: Edit, number: int, error: KeyError | EditError) -> Problem:
    """Return the finding that an edit was left out, with the reason."""
    facts: dict[str, Fact] = {"edit": type(edit).__name__, "number": number, "id": edit.id}
    key = "edit_target_missing"
    if isinstance(error, EditError):
        key = "edit_not_applied"
        unknown = error.key == "edit_value" and error.facts["field"] == "types"
        if unknown:  # a table of one's own had it that is not in use
            key, facts["type"] = "edit_type_unknown", error.facts["value"]
    return Problem(key, Severity.WARNING, ids=(edit.id,), facts=facts)


def edit_to_json(edit: Edit) -> dict[str, Any]:
    """Return the edit as JSON values, with its kind under ``edit``."""
    values = {k: _known(v) for k, v in asdict(edit).items() if v == v}  # NaN has no JSON
    if not edit.year:
        del values["year"]
    return {"edit": type(edit).__name__, **values}


def edit_from_json(values: Mapping[str, Any]) -> Edit:
    """Return the edit that `values` describe.

    Raises
    ------
    EditError
        Where the kind is unknown, a field is missing or unknown, or a value has the wrong type.
    """
    kind = _BY_NAME.get(str(values.get("edit")))
    if kind is None:
        raise EditError("edit_unknown", edit=str(values.get("edit")))
    given = {key: _given(value) for key, value in values.items() if key != "edit"}
    names = {field.name for field in fields(kind)}
    if unknown := sorted(set(given) - names):
        raise EditError("edit_unknown_field", edit=kind.__name__, field=unknown[0])
    if not _is_id(given.get("id")):
        raise EditError("edit_without_id", edit=kind.__name__)
    _check_types(kind, given)
    try:
        return kind(**given)
    except TypeError as error:
        raise EditError("edit_incomplete", edit=kind.__name__) from error


def _place(district: District, edit: PlaceService) -> District:
    _known_types(edit.types)
    _choice("status", edit.status, SERVICE_STATUSES)
    for name in ("floor_area_m2", "capacity"):
        _check_number(name, getattr(edit, name))
    if district.services.rows_of([edit.id])[0] >= 0:
        raise EditError("edit_id_taken", id=edit.id)
    columns = {
        "name": [edit.name],
        "types": [",".join(edit.types)],
        "floor_area_m2": [edit.floor_area_m2],
        "capacity": [edit.capacity],
        "status": [edit.status],
        "site_id": [edit.site_id],
        "building_id": [edit.building_id],
    }
    added = Table("services", [edit.id], [shapely.Point(edit.x, edit.y)], columns)
    surveyed = district.surveyed | set(edit.types)
    moved = district.with_table(district.services.with_rows(added))
    return moved if surveyed == district.surveyed else replace(moved, surveyed=surveyed)


def _move(district: District, edit: MoveService) -> District:
    row = district.services.row_of(edit.id)
    values = {"site_id": edit.site_id, "building_id": edit.building_id, "street_id": -1}
    services = district.services.with_values([row], values, shapely.Point(edit.x, edit.y))
    return _without_entrances(district.with_table(services), edit.id)


def _without_entrances(district: District, service_id: int) -> District:
    own = district.entrances["service_id"] == service_id
    return district.with_table(district.entrances.take(~own)) if own.any() else district


def _outline(edit: DrawBoundary | DrawCommunity) -> shapely.Polygon:
    if len(set(edit.outline)) < 3 or not (outline := shapely.Polygon(edit.outline)).is_valid:
        raise EditError("edit_area", id=edit.id)
    return outline


def _draw_boundary(district: District, edit: DrawBoundary) -> District:
    table = Table("boundary", [edit.id], [_outline(edit)], {"name": [edit.name]})
    return district.with_table(table)


def _draw_community(district: District, edit: DrawCommunity) -> District:
    communities = district.communities
    if communities.rows_of([edit.id])[0] >= 0:
        raise EditError("edit_id_taken", id=edit.id)
    outline: Any = _outline(edit)
    near = communities.geometry[communities.tree.query(outline)] if len(communities) else []
    if len(near):
        parts = shapely.get_parts(shapely.difference(outline, shapely.union_all(near)))
        # A border drawn along another leaves slivers, which are nobody's ground.
        parts = parts[~shapely.is_empty(shapely.buffer(parts, -rules().sliver_m / 2))]
        if not len(parts):
            raise EditError("edit_area_taken", id=edit.id)
        outline = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    added = Table("communities", [edit.id], [outline], {"name": [edit.name]})
    return district.with_table(communities.with_rows(added))


def _reshape(district: District, edit: ReshapeBuilding) -> District:
    buildings = district.buildings
    row = buildings.row_of(edit.id)
    if len(set(edit.outline)) < 3 or not (outline := shapely.Polygon(edit.outline)).is_valid:
        raise EditError("edit_outline", id=edit.id)
    return district.with_table(buildings.with_values([row], {}, outline))


def _add_entrance(district: District, edit: AddEntrance) -> District:
    if district.entrances.rows_of([edit.id])[0] >= 0:
        raise EditError("edit_id_taken", id=edit.id)
    if edit.building_id < 0 <= edit.service_id:
        district.services.row_of(edit.service_id)
    else:
        district.buildings.row_of(edit.building_id)
    columns = {
        "building_id": [edit.building_id],
        "service_id": [edit.service_id],
        "residential": [edit.residential],
        "residents": [edit.residents],
    }
    added = Table("entrances", [edit.id], [shapely.Point(edit.x, edit.y)], columns)
    return district.with_table(district.entrances.with_rows(added))


def _add_path(district: District, edit: AddPath) -> District:
    _choice("kind", edit.kind, STREET_KINDS)
    if district.streets.rows_of([edit.id])[0] >= 0:
        raise EditError("edit_id_taken", id=edit.id)
    if len(set(edit.line)) < 2:
        raise EditError("edit_line", id=edit.id)
    streets, line = join_path(district.streets, edit.line)
    columns = {"kind": [edit.kind], "name": [edit.name], "status": ["open"]}
    added = Table("streets", [edit.id], [line], columns)
    drawn = district.with_table(streets.with_rows(added))
    return replace(drawn, surveyed_streets=district.as_surveyed)


def _corrected(district: District, edit: ChangeBuilding) -> dict[str, Any]:
    """Return the values of a correction: what it states is no estimate any more.

    Age bands that were estimated from other residents fall away with these.
    """
    buildings, values = district.buildings, dict(edit.values)
    row = buildings.row_of(edit.id)
    marks = [name for name in str(buildings["estimated"][row]).split(",") if name]
    stale = [name for name in marks if name in AGE_BANDS and "residents" in values]
    values |= {name: float("nan") for name in stale if name not in values}
    left = [name for name in marks if name not in values]
    return values if left == marks else {**values, "estimated": ",".join(left)}


def _change(
    district: District, table: Table, feature_id: int, values: Mapping[str, Any]
) -> District:
    row = table.row_of(feature_id)
    written: dict[str, Any] = {}
    for name, value in values.items():
        try:
            column = ROLES[table.role].column(name)
        except KeyError as error:
            raise EditError("edit_unknown_field", edit=table.role, field=name) from error
        if column.choices:
            _choice(name, str(value), column.choices)
        if name == "types":
            value = ",".join(value) if isinstance(value, tuple) else value
            _known_types(tuple(value.split(",")))
        written[name] = _value_of(table.role, column, value)
    return district.with_table(table.with_values([row], written))


def _value_of(role: str, column: Column, value: Any) -> Any:
    if value != value and column.kind != "number":  # other kinds have their own "unknown"
        raise EditError("edit_field_type", edit=role, field=column.name)
    if column.kind == "text":
        return str(value)
    try:
        found = DTYPES[column.kind](value)
    except (TypeError, ValueError) as error:
        raise EditError("edit_field_type", edit=role, field=column.name) from error
    if column.kind == "number":
        _check_number(column.name, float(found))
    return found


def _check_number(field: str, value: float) -> None:
    """Refuse what no number of this field can be; NaN says that it is unknown."""
    least = least_of(field)
    if isinf(value) or (value < least and field not in _SIGNED):
        raise EditError("edit_number", field=field, value=f"{value:g}", least=f"{least:g}")


def _known_types(types: tuple[str, ...]) -> None:
    for type_id in types:
        _choice("types", type_id, tuple(service_types()))


def _choice(field: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise EditError("edit_value", field=field, value=value, choices=", ".join(choices))


def _check_types(kind: type[Edit], given: Mapping[str, Any]) -> None:
    for field in fields(kind):
        if field.name in given and not _FIELD_CHECKS[str(field.type)](given[field.name]):
            raise EditError("edit_field_type", edit=kind.__name__, field=field.name)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _is_line(value: object) -> bool:
    return isinstance(value, tuple) and all(
        isinstance(point, tuple) and len(point) == 2 and all(map(_is_number, point))
        for point in value
    )


_FIELD_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "float": _is_number,
    "bool": lambda value: isinstance(value, bool),
    "str": lambda value: isinstance(value, str),
    "tuple[str, ...]": lambda value: (
        isinstance(value, tuple) and all(isinstance(item, str) for item in value)
    ),
    "tuple[tuple[float, float], ...]": _is_line,
    "Mapping[str, str | float]": lambda value: isinstance(value, Mapping),
    "Mapping[str, str | float | bool]": lambda value: isinstance(value, Mapping),
}
"""What JSON must hold for a field of each annotated type."""


def _is_id(value: Any) -> bool:
    """Return whether a value is a whole number that a table's ids can hold."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63


def _known(value: Any) -> Any:
    """Return a field's value for JSON; a column that was set to unknown is null there."""
    if isinstance(value, Mapping):
        return {name: None if v != v else v for name, v in value.items()}
    return value


def _given(value: Any) -> Any:
    """Return a field's value as an edit holds it; files of older versions have NaN for null."""
    if isinstance(value, Mapping):
        return {n: float("nan") if v is None else _given(v) for n, v in value.items()}
    return tuple(_given(item) for item in value) if isinstance(value, list) else value
