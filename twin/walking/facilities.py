"""Where walks end: the access points of every service, kept by what they look like.

A service that moves changes its own key and nobody else's, so only its own walks are found again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.arrays import Flags, Ints
from twin.memo import Memo
from twin.model.district import District
from twin.model.hours import SHUT
from twin.model.tables import Table
from twin.walking.access import AccessPoints, Geometries, Surroundings, attach, surroundings

_MOST_KEPT = 100_000

Key = tuple[bytes, int]
"""Shape of a facility's doors (joined WKB, with the streets that a person says they open on) and
the building that its legs may cross (or -1)."""


@dataclass(frozen=True, eq=False)
class Facilities:
    """The services of a district as goals of walks.

    Parameters
    ----------
    ids
        Service ids, ascending, shape (s,).
    row
        Rows of the services table.
    key
        What decides where each attaches.
    around
        What its legs are judged against.
    shapes, street_id
        Doors of each, and the street that a person says each opens on (or -1).
    """

    ids: Ints
    row: Ints
    key: tuple[Key, ...]
    around: Surroundings
    shapes: tuple[Geometries, ...]
    street_id: tuple[Ints, ...]

    @cached_property
    def access(self) -> tuple[AccessPoints, ...]:
        """Access points of each facility."""
        kept = _attached.get((self.around,), _Attached)
        return kept.get(self.key, self.shapes, self.street_id, self.around)

    def position(self, service_id: int) -> int:
        """Return the position of a service; KeyError where there is none."""
        place = int(np.searchsorted(self.ids, service_id))
        if place == len(self.ids) or self.ids[place] != service_id:
            raise KeyError(f"services {service_id}")
        return place


@dataclass
class _Attached:
    """The attachments found so far in one surroundings."""

    kept: OrderedDict[Key, AccessPoints] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(
        self,
        keys: tuple[Key, ...],
        shapes: tuple[Geometries, ...],
        street_id: tuple[Ints, ...],
        around: Surroundings,
    ) -> tuple[AccessPoints, ...]:
        """Return the access points of every key, attaching those that are new in one go."""
        with self.lock:
            new = [i for i, key in enumerate(keys) if key not in self.kept]
            if new:
                count = [len(shapes[i]) for i in new]
                own = np.repeat([keys[i][1] for i in new], count).astype(np.int64)
                wanted = np.concatenate([street_id[i] for i in new])
                points = attach(around, np.concatenate([shapes[i] for i in new]), own, wanted)
                ends = np.cumsum(count)
                for i, end, size in zip(new, ends, count, strict=True):
                    self.kept[keys[i]] = points.take(np.arange(end - size, end))
            found = tuple(self.kept[key] for key in keys)
            while len(self.kept) > _MOST_KEPT:
                self.kept.popitem(last=False)
            return found


_attached: Memo[_Attached] = Memo(8)
_facilities: Memo[Facilities] = Memo(8)
_of_type: Memo[dict[str, Flags]] = Memo(8)
_NOWHERE = np.zeros(1, bool)


def find_facilities(district: District) -> Facilities:
    """Return the services of a district with their doors, whatever their status."""
    services, entrances = district.services, district.entrances
    around = surroundings(district)
    inputs = (
        services.ids,
        services.geometry,
        services["building_id"],
        services["street_id"],
        entrances.geometry,
        entrances["service_id"],
        entrances["street_id"],
        around,
    )
    return _facilities.get(inputs, lambda: _find(district, around))


def serving(services: Table) -> dict[str, Flags]:
    """Return which rows of a services table are open and serve each type."""
    types, status = services["types"], services["status"]
    return _of_type.get((types, status), lambda: _split(types, status))


def why_none(services: Table, types: Iterable[str]) -> str:
    """Return why no service of some types is open: a key under ``reason.``.

    ``all_shut`` (at the hour that is looked at), ``all_planned`` or ``all_closed`` where some are
    there that would serve, the ones nearest to being open first; else ``no_service``. Types of
    which one is open do not count.
    """
    flags = serving(services)
    missing = {type_ for type_ in types if not flags.get(type_, _NOWHERE).any()}
    texts, of_row = np.unique(services["types"].astype(str), return_inverse=True)
    named = np.array([bool(missing & set(one.split(","))) for one in texts], bool)[of_row]
    found = set(services["status"][named].tolist())
    for status in (SHUT, "planned", "closed"):
        if status in found:
            return f"all_{status}"
    return "no_service"


def _split(types: NDArray[Any], status: NDArray[Any]) -> dict[str, Flags]:
    texts, of_row = np.unique(types.astype(str), return_inverse=True)
    open_ = status == "open"
    flags: dict[str, Flags] = {}
    for number, text in enumerate(texts):
        for name in filter(None, (part.strip() for part in text.split(","))):
            here = (of_row == number) & open_
            flags[name] = flags[name] | here if name in flags else here
    return flags


def _find(district: District, around: Surroundings) -> Facilities:
    services, entrances = district.services, district.entrances
    order = np.argsort(services.ids)
    shapes = services.geometry[order]
    areas = shapely.get_dimensions(shapes) == 2
    outlines = np.where(areas, shapely.boundary(shapes), shapes)
    door = np.flatnonzero(entrances["service_id"] >= 0)
    door = door[np.argsort(entrances["service_id"][door], kind="stable")]
    first = np.searchsorted(entrances["service_id"][door], services.ids[order], "left")
    last = np.searchsorted(entrances["service_id"][door], services.ids[order], "right")
    doors = entrances.geometry[door]
    own = district.buildings.rows_of(services["building_id"][order])
    wkb, door_wkb = shapely.to_wkb(outlines), shapely.to_wkb(doors)
    every = range(len(order))
    kept = tuple(
        doors[first[i] : last[i]] if last[i] > first[i] else outlines[i : i + 1] for i in every
    )
    named, door_named = services["street_id"][order], entrances["street_id"][door]
    street_id = tuple(
        door_named[first[i] : last[i]] if last[i] > first[i] else named[i : i + 1] for i in every
    )
    content = list(wkb)
    for i in np.flatnonzero(last > first):
        content[i] = b"".join(door_wkb[first[i] : last[i]])
    if (named >= 0).any() or (door_named >= 0).any():  # seldom: this is done at every drag step
        content = [one + _mark(said) for one, said in zip(content, street_id, strict=True)]
    key = tuple(zip(content, own.tolist(), strict=True))
    return Facilities(services.ids[order], order, key, around, kept, street_id)


def _mark(street_id: Ints) -> bytes:
    """Return what a person's word adds to a key: nothing where there is none."""
    return street_id.tobytes() if (street_id >= 0).any() else b""
