"""Service types, groups of residents, walkers and rules: the data files as values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from twin.language import name_of
from twin.model.sources import Standing, Words, both

_DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class Family:
    """Service types that belong together and share a colour and a shape."""

    id: str
    names: dict[str, str]
    colour: str
    shape: Literal["circle", "triangle", "square", "cross", "diamond", "hexagon"]

    @property
    def name(self) -> str:
        """The name in the language in use."""
        return name_of(self.names)


@dataclass(frozen=True)
class ServiceType:
    """What a service is."""

    id: str
    names: dict[str, str]
    family: Family
    marks: dict[str, str]
    floor_area_m2: float
    capacity: float
    """People served in a day by a newly placed service of this type."""
    plural: str = ""
    """Several of them in English, where that is not the name with an s."""

    def counted(self, count: int) -> str:
        """Return the English name as it follows a number within a sentence."""
        name = self.names["en"] if count == 1 else self.plural or self.names["en"] + "s"
        return name[:1].lower() + name[1:]

    @property
    def name(self) -> str:
        """The name in the language in use."""
        return name_of(self.names)

    @property
    def mark(self) -> str:
        """One or two characters that stand for the type on its glyph."""
        return name_of(self.marks)

    @property
    def colour(self) -> str:
        """The family's colour, ``#rrggbb``."""
        return self.family.colour


@dataclass(frozen=True)
class Group:
    """A group of residents: columns of the buildings layer that are summed."""

    id: str
    names: dict[str, str]
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name in the language in use."""
        return name_of(self.names)


@dataclass(frozen=True)
class Walker:
    """Who walks, how fast, and what slows or bars the way."""

    id: str
    names: dict[str, str]
    speed_mps: float
    slope: Literal["tobler", "wheelchair"]
    steps: Literal["walk", "ramp"]
    stairs_up_s: float
    stairs_down_s: float
    source: Words
    verified: bool

    @property
    def standing(self) -> Standing:
        """How its speed was checked."""
        return "secondary" if self.verified else "unchecked"

    @property
    def name(self) -> str:
        """The name in the language in use."""
        return name_of(self.names)


@dataclass(frozen=True)
class Rules:
    """How walks are measured; see ``data/rules.toml`` for meaning and source of each."""

    leg_cap_m: float
    tie_m: float
    smallest_network_m: float
    attracting_kinds: tuple[str, ...]
    join_m: float
    not_enclosing: tuple[str, ...]
    sample_m: float
    tobler_exponent: float
    tobler_offset: float
    bar_slope: float
    bar_over_m: float
    slow_slope: float
    slow_factor: float
    signal_delay_s: float
    shop_storeys: int
    halo_m: float
    smallest_cell: int
    sliver_m: float
    target_share: float


def _read(name: str) -> dict[str, Any]:
    with (_DATA / name).open("rb") as file:
        return tomllib.load(file)


@cache
def families() -> dict[str, Family]:
    """Return the families of service types by id."""
    return {
        id_: Family(id_, entry["name"], entry["colour"], entry["shape"])
        for id_, entry in _read("service_types.toml")["families"].items()
    }


@cache
def service_types() -> dict[str, ServiceType]:
    """Return the service types by id, in the order in which people see them."""
    return {
        id_: ServiceType(
            id_,
            entry["name"],
            families()[entry["family"]],
            entry["mark"],
            entry["floor_area_m2"],
            entry["capacity"],
            entry.get("plural", ""),
        )
        for id_, entry in _read("service_types.toml")["types"].items()
    }


@cache
def groups() -> dict[str, Group]:
    """Return the groups of residents by id."""
    return {
        id_: Group(id_, entry["name"], tuple(entry["columns"]))
        for id_, entry in _read("groups.toml").items()
    }


@cache
def walkers() -> dict[str, Walker]:
    """Return the walkers by id."""
    return {
        id_: Walker(
            id_,
            entry["name"],
            entry["speed_mps"],
            entry["slope"],
            entry["steps"],
            entry["stairs_up_s"],
            entry["stairs_down_s"],
            both(entry["source"]),
            entry["verified"],
        )
        for id_, entry in _read("walkers.toml").items()
    }


def default_walker() -> str:
    """Return the id of the walker who walks where nobody is named: the first of the file."""
    return next(iter(walkers()))


@cache
def rules() -> Rules:
    """Return the rules of measurement."""
    sections = _read("rules.toml").values()
    values = {key: value for section in sections for key, value in section.items()}
    for name in ("attracting_kinds", "not_enclosing"):
        values[name] = tuple(values[name])
    return Rules(**values)
