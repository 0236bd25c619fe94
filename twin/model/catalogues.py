"""Service types, groups of residents, walkers and rules: the data files as values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from layers.schema import AGE_BANDS
from twin.language import name_of
from twin.model.own_data import PACKAGE_DATA, OwnFile, own_file, own_folders, own_paths, read_toml
from twin.model.parameters import FILES, Parameters, read_parameters
from twin.model.rows import Row, flag, not_negative, positive, seconds, table, text
from twin.model.rules import Rules, rules_of
from twin.model.signs import SEVERAL, SHAPES, Shape, drawings
from twin.model.sources import Standing, Words

Slope: TypeAlias = Literal["tobler", "wheelchair"]
Steps: TypeAlias = Literal["walk", "ramp"]
Kerbs: TypeAlias = Literal["pass", "lowered"]


@dataclass(frozen=True)
class Family:
    """Service types that belong together and share a colour and a shape."""

    id: str
    names: dict[str, str]
    colour: str
    shape: Shape

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
    sign: str = ""
    """The drawing on its glyph (:func:`twin.model.signs.drawings`), "" for none."""

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
        """One or two characters that stand for the type where it has no drawing."""
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
    slope: Slope
    steps: Steps
    stairs_up_s: float
    stairs_down_s: float
    source: Words
    verified: bool
    kerbs: Kerbs = "pass"
    """Whether raised kerbs are passed, or lowered ones alone."""
    rest_every_m: float = 0.0
    rest_s: float = 0.0
    """How many metres this walker goes before a rest, and how long that is; 0 for none."""

    @property
    def rest_s_per_m(self) -> float:
        """The rest that falls to one metre of any walk, seconds: times of streets then add up.

        A walk that ends between two rests bears its part of the next, so this is what rests take on
        the average of many walks.
        """
        return self.rest_s / self.rest_every_m if self.rest_every_m > 0 else 0.0

    @property
    def lasting_mps(self) -> float:
        """Metres a second on the flat, rests included."""
        return self.speed_mps / (1.0 + self.speed_mps * self.rest_s_per_m)

    @property
    def standing(self) -> Standing:
        """How its speed was checked."""
        return "secondary" if self.verified else "unchecked"

    @property
    def name(self) -> str:
        """The name in the language in use."""
        return name_of(self.names)


@dataclass(frozen=True, eq=False)
class Catalogues:
    """What the data files say, read together: the program's own and the user's over them."""

    families: dict[str, Family]
    service_types: dict[str, ServiceType]
    groups: dict[str, Group]
    walkers: dict[str, Walker]
    rules: Rules
    parameters: Mapping[str, Parameters]
    """Of rules, indicators and uncertainty, by the name of their file."""
    own: tuple[OwnFile, ...]
    """The user's files that are in it."""
    folders: tuple[Path, ...]
    """Where they were looked for, the later before the earlier."""


EVERYBODY = "all"
"""Id of the group of all residents: every age band once, whatever a file of one's own calls it."""
_ID = re.compile(r"[a-z][a-z0-9_]*")


def read_catalogues(folders: Sequence[Path]) -> Catalogues:
    """Return what the data files say, with those of the user's in these folders.

    Raises
    ------
    RowError
        Where a file of the user's cannot be used.
    """
    paths = own_paths(folders)
    families = {id_: _family(id_, row) for id_, row in _rows(paths, "service_types", "families")}
    rows = _rows(paths, "service_types", "types")
    types = {id_: _service_type(id_, row, families) for id_, row in rows}
    parameters = {
        name: read_parameters(name, [p for p in paths if p.stem == name], tuple(types))
        for name in FILES
    }
    return Catalogues(
        families,
        types,
        {id_: _group(id_, row) for id_, row in _rows(paths, "groups")},
        {id_: _walker(id_, row) for id_, row in _rows(paths, "walkers")},
        rules_of(parameters["rules"]),
        parameters,
        tuple(map(own_file, paths)),
        tuple(folders),
    )


_in_use: list[Catalogues] = []
_tried: ContextVar[Catalogues | None] = ContextVar("tried", default=None)


def in_use() -> Catalogues:
    """Return what everything rests on; read when it is first wanted.

    Raises
    ------
    RowError
        Where a file of the user's own cannot be used; so do those below.
    """
    tried = _tried.get()
    if tried is not None:
        return tried
    if not _in_use:
        _in_use.append(read_catalogues(own_folders()))
    return _in_use[0]


def use(read: Catalogues) -> None:
    """Let everything rest on other catalogues from now on.

    What was worked out from those before is the caller's to forget
    (:func:`twin.memo.forget_everything`).
    """
    _in_use[:] = [read]


def forget() -> None:
    """Read the data files anew when they are next wanted."""
    _in_use.clear()


@contextmanager
def trying(read: Catalogues) -> Iterator[None]:
    """Let this thread alone read by other catalogues, inside the ``with`` block."""
    before = _tried.set(read)
    try:
        yield
    finally:
        _tried.reset(before)


def families() -> dict[str, Family]:
    """Return the families of service types by id."""
    return in_use().families


def service_types() -> dict[str, ServiceType]:
    """Return the service types by id, in the order in which people see them."""
    return in_use().service_types


def type_name(id_: str) -> str:
    """Return a service type's name; its id where the office's table that has it is not in use."""
    known = service_types().get(id_)
    return known.name if known is not None else id_


def groups() -> dict[str, Group]:
    """Return the groups of residents by id."""
    return in_use().groups


def walkers() -> dict[str, Walker]:
    """Return the walkers by id."""
    return in_use().walkers


def default_walker() -> str:
    """Return the id of the walker who walks where nobody is named: the first of the file."""
    return next(iter(walkers()))


def rules() -> Rules:
    """Return the rules of measurement."""
    return in_use().rules


def _rows(own: Sequence[Path], name: str, section: str = "") -> list[tuple[str, Row]]:
    """Return the rows of a data file by id: those that come along, then the user's own over them.

    An own row stands where the one stood that it replaces; new ones follow.
    """
    found: dict[str, Row] = {}
    for path in (PACKAGE_DATA / f"{name}.toml", *(one for one in own if one.stem == name)):
        whole = Row(str(path), path.stem, read_toml(path))
        values = {id_: whole.take(id_, table) for id_ in whole.fields()}
        if section:
            for other in values.keys() - {"families", "types"}:
                raise whole.error("standard_unknown_field", other)
            values = values.get(section, {})
        for id_, entry in values.items():
            if not _ID.fullmatch(id_):
                raise whole.error("own_data_id", id_)
            found[id_] = Row(str(path), f"{section}.{id_}" if section else id_, entry)
    return list(found.items())


def _family(id_: str, row: Row) -> Family:
    shape: Any = row.choice("shape", [shape for shape in SHAPES if shape != SEVERAL])
    colour = row.take("colour", text)
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        raise row.error("standard_value", "colour", value=colour, choices="#000000 … #ffffff")
    family = Family(id_, dict(row.words("name")), colour, shape)
    row.done()
    return family


def _service_type(id_: str, row: Row, kinds: dict[str, Family]) -> ServiceType:
    kind = ServiceType(
        id_,
        dict(row.words("name")),
        kinds[row.choice("family", kinds)],
        dict(row.words("mark")),
        row.take("floor_area_m2", positive),
        row.take("capacity", positive),
        row.take("plural", text, ""),
        row.choice("sign", ("", *drawings()), ""),
    )
    row.done()
    return kind


def _group(id_: str, row: Row) -> Group:
    columns = row.several("columns", (*AGE_BANDS, "disabled"))
    if id_ == EVERYBODY and set(columns) != set(AGE_BANDS):
        raise row.error("group_of_all", "columns", bands=", ".join(AGE_BANDS))
    group = Group(id_, dict(row.words("name")), columns)
    row.done()
    return group


def _walker(id_: str, row: Row) -> Walker:
    slope: Any = row.choice("slope", get_args(Slope))
    steps: Any = row.choice("steps", get_args(Steps))
    kerbs: Any = row.choice("kerbs", get_args(Kerbs), "pass")
    rest_every_m, rest_s = (
        row.take(name, not_negative, 0.0) for name in ("rest_every_m", "rest_s")
    )
    if (rest_every_m > 0) != (rest_s > 0):
        raise row.error("standard_missing", "rest_every_m" if rest_s > 0 else "rest_s")
    walker = Walker(
        id_,
        dict(row.words("name")),
        row.take("speed_mps", positive),
        slope,
        steps,
        row.take("stairs_up_s", seconds),
        row.take("stairs_down_s", seconds),
        row.words("source"),
        row.take("verified", flag),
        kerbs,
        rest_every_m,
        rest_s,
    )
    for name in ("stairs_source", "kerbs_source", "rest_source"):  # for whoever reads the file
        row.words(name, needed=False)
    row.done()
    return walker
