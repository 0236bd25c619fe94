"""Roles of layers and the columns each may have: the one place that names them.

A column holds one of four kinds of value, and each kind has one way to say "unknown", so that no
reader of a table needs to ask twice:

========  ==================  =========
kind      NumPy dtype         unknown
========  ==================  =========
number    float64             NaN
id        int64               -1
flag      bool                False
text      object (str)        ""
========  ==================  =========

Every role also has ``id`` (int64, unique within the role, persistent) and ``geometry``, which are
not listed as columns. Buildings and communities may have the residents of other years beside those
of today, as numbers: ``residents_2035``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from layers.years import of_year

Kind = Literal["number", "id", "flag", "text"]
GeometryKind = Literal["point", "line", "polygon"]

DTYPES: Mapping[Kind, Any] = {
    "number": np.float64,
    "id": np.int64,
    "flag": np.bool_,
    "text": object,
}
UNKNOWN: Mapping[Kind, Any] = {"number": np.nan, "id": -1, "flag": False, "text": ""}

AGE_BANDS: tuple[str, ...] = (
    "age_0_2",
    "age_3_5",
    "age_6_11",
    "age_12_17",
    "age_18_59",
    "age_60_79",
    "age_80_up",
)
"""Columns that partition a building's residents by completed years of age."""

BUILDING_USES = (
    "residential",
    "mixed",
    "commercial",
    "office",
    "education",
    "health",
    "public",
    "industrial",
    "other",
)
"""Values of ``buildings.use``; people live in ``residential`` and ``mixed``."""

STREET_KINDS = ("footway", "street", "steps", "crossing", "bridge", "tunnel", "gate")
"""Values of ``streets.kind``. Only ``footway`` and ``street`` attract access points."""

ROAD_CLASSES = ("arterial", "collector", "local", "lane", "path")
"""Values of ``road_class``, widest first."""

STREET_STATUSES = ("open", "residents", "closed")
"""Values of ``streets.status``. ``residents``: a gate that opens for the residents of its own
compound only. ``closed``: nobody passes."""

KERBS = ("", "flush", "lowered", "raised")
"""Values of ``streets.kerb``, the highest kerb that whoever walks the street has to pass: none or
level with the carriageway, lowered for wheels, or raised; "" where nobody says."""

SERVICE_STATUSES = ("open", "planned", "closed")
SITE_KINDS = ("idle_room", "under_used_building", "parcel")


@dataclass(frozen=True)
class Column:
    """One column of a role."""

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()
    """Allowed values of a text column with a closed set, the first being the default."""
    of: str = ""
    """The column of which this is another year's, as ``residents_2035`` is of ``residents``."""


@dataclass(frozen=True)
class Role:
    """What a layer is, which geometry it has and which columns it may carry."""

    name: str
    geometry: tuple[GeometryKind, ...]
    columns: tuple[Column, ...] = ()
    of_years: tuple[str, ...] = ()
    """Columns that a layer may have of other years as well, each as ``<column>_<year>``."""

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError where the role has none."""
        for column in self.columns:
            if column.name == name:
                return column
        found = of_year(name)
        if found and found[0] in self.of_years:
            return Column(name, self.column(found[0]).kind, of=found[0])
        raise KeyError(f"{self.name} has no column {name!r}")

    def columns_among(self, names: Iterable[str]) -> tuple[Column, ...]:
        """Return all columns that every layer has, then those of other years among `names`."""
        years = sorted(
            name for name in set(names) if (f := of_year(name)) and f[0] in self.of_years
        )
        return (*self.columns, *map(self.column, years))


def _number(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "number") for name in names)


def _text(name: str, choices: tuple[str, ...] = ()) -> Column:
    return Column(name, "text", choices)


_NAME = _text("name")
_ESTIMATED = _text("estimated")
"""Names of this row's columns whose values were estimated, joined by commas."""

_STREET = Column("street_id", "id")
"""The street that it opens on by a person's word, where the nearest is the wrong one."""

RASTER_ROLES = ("terrain", "residents", "underlay")
"""What a source may be that has cells or pixels and no features."""

ROLES: Mapping[str, Role] = {
    role.name: role
    for role in (
        Role("boundary", ("polygon",), (_NAME,)),
        Role(
            "communities",
            ("polygon",),
            (_NAME, *_number("residents", *AGE_BANDS, "disabled")),
            of_years=("residents",),
        ),
        Role(
            "buildings",
            ("polygon",),
            (
                _NAME,
                _text("address"),
                _text("use", BUILDING_USES),
                *_number("storeys", "height_m"),
                Column("has_lift", "flag"),
                *_number("built_year", "dwellings", "residents", *AGE_BANDS, "disabled"),
                _STREET,
                _ESTIMATED,
            ),
            of_years=("residents",),
        ),
        Role(
            "entrances",
            ("point",),
            (
                Column("building_id", "id"),
                Column("service_id", "id"),
                Column("residential", "flag"),
                *_number("residents"),
                _STREET,
            ),
        ),
        Role(
            "streets",
            ("line",),
            (
                _NAME,
                _text("kind", ("street", *(k for k in STREET_KINDS if k != "street"))),
                _text("road_class", ("local", *(c for c in ROAD_CLASSES if c != "local"))),
                *_number("width_m"),
                _text("status", STREET_STATUSES),
                Column("signalled", "flag"),
                *_number("cycle_s", "green_s"),
                Column("ramp", "flag"),
                _text("kerb", KERBS),
                *_number("level"),
                _text("hours"),
            ),
        ),
        Role(
            "services",
            ("point", "polygon"),
            (
                _NAME,
                _text("types"),
                *_number("floor_area_m2", "capacity"),
                _text("status", SERVICE_STATUSES),
                _text("hours"),
                Column("building_id", "id"),
                Column("site_id", "id"),
                _STREET,
            ),
        ),
        Role(
            "sites",
            ("point", "polygon"),
            (
                _NAME,
                _text("kind", SITE_KINDS),
                *_number("floor_area_m2", "storey"),
                _text("tenure"),
                *_number("cost_yuan"),
                Column("building_id", "id"),
            ),
        ),
        Role("roads", ("line",), (_NAME, _text("road_class", ROAD_CLASSES), *_number("width_m"))),
        Role("barriers", ("line",), (_text("kind"),)),
        Role("water", ("polygon",), (_NAME,)),
        Role("green", ("polygon",), (_NAME, _text("kind"))),
        Role("trees", ("point",), _number("height_m")),
    )
}
"""All vector roles. ``roads`` are carriageways that are drawn and not walked; ``streets`` are the
walkable edges; ``barriers`` are walls, fences and railways that no access leg crosses.
``services.types`` joins the ids of the service types that one facility serves by commas.
``streets.level`` is 0 on the ground, more above and less below it, unknown where nobody says.
``hours`` are opening hours as :mod:`layers.vocabulary.hours` reads them; "" always open.
``entrances`` with ``residential`` carry residents (stair units); the others are alternatives."""


def unknown_column(column: Column, count: int) -> NDArray[Any]:
    """Return `count` values that say "unknown", or the default of a closed set of choices."""
    value = column.choices[0] if column.choices else UNKNOWN[column.kind]
    return np.full(count, value, dtype=DTYPES[column.kind])
