"""Where walks begin: one origin for each stair unit, or for each building without entrances.

Buildings where people live; where nobody is known to live anywhere, every building.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.arrays import Flags, Floats, Ints, ranges
from twin.keeping.kept import digest_of_code, keeps, kept, key_of
from twin.memo import Memo
from twin.model.district import District
from twin.model.tables import Table
from twin.walking.access import (
    REASONS,
    AccessPoints,
    Geometries,
    Surroundings,
    attach,
    surroundings,
)
from twin.walking.demand import Demand, demand, group_people, sums
from twin.walking.reattach import reattach


@dataclass(frozen=True, eq=False)
class Layout:
    """Which doors each origin may use.

    Parameters
    ----------
    building_row, entrance_id
        Building, and residential entrance (-1 where the building has none), shape (n,).
    share
        Part of the building's residents who start here, shape (n,).
    shapes, own_building
        Doors, or outlines of buildings without entrances, and the building of each, shape (k,).
    street_id
        The street that a person says each opens on, -1 where nobody does, shape (k,).
    start, door
        Doors of origin ``i`` are ``door[start[i]:start[i + 1]]``, the origin's own door first.
    """

    building_row: Ints
    entrance_id: Ints
    share: Floats
    shapes: Geometries
    own_building: Ints
    street_id: Ints
    start: Ints
    door: Ints


@dataclass(frozen=True, eq=False)
class OriginAccess:
    """The access points of all origins.

    Parameters
    ----------
    points
        One row for each pair of origin and door.
    start
        Rows of origin ``i`` are ``start[i]:start[i + 1]``.
    """

    points: AccessPoints
    start: Ints


@dataclass(frozen=True, eq=False)
class Origins:
    """All places inside the boundary where residents start to walk, shape (n,) each.

    Parameters
    ----------
    building_row, building_id, entrance_id
        Building and residential entrance; -1 where the building has no such entrance.
    people
        Residents by the columns of :data:`twin.walking.demand.PEOPLE`, shape (n, 9); fractions
        occur.
    community_row
        Row of the community, the count of communities where outside all.
    community_count
        How many communities there are.
    x, y
        The door, or the end of the leg on the outline; the building's inner point if unattached.
    access
        The access points.
    reason
        Number in :data:`twin.walking.access.REASONS` why no door is attached; 0 where one is.
    demand
        The residents of every building, inside or not.
    """

    building_row: Ints
    building_id: Ints
    entrance_id: Ints
    people: Floats
    community_row: Ints
    community_count: int
    x: Floats
    y: Floats
    access: OriginAccess
    reason: Ints
    demand: Demand

    def __len__(self) -> int:
        return len(self.building_row)

    @property
    def inside(self) -> Flags:
        """Origins are inside the boundary, all of them."""
        return np.ones(len(self), bool)

    @property
    def residents(self) -> Floats:
        """All residents of each origin (dwellings where nobody counted residents)."""
        return group_people(self.people, "all")

    def group(self, group_id: str) -> Floats:
        """Return how many of a group start at each origin; KeyError for an unknown group."""
        return group_people(self.people, group_id)

    def reason_key(self, origin: int) -> str:
        """Return why an origin is not attached ("" where it is)."""
        return REASONS[int(self.reason[origin])]

    def by_community(self, values: Floats) -> Floats:
        """Return sums by community; the last is outside any community."""
        return sums(self.community_row, values, self.community_count + 1)


_WORTH_KEEPING = 1000
"""Doors from which on it takes less time to read where they were attached than to find it."""

_layouts: Memo[Layout] = Memo(16)
_accesses: Memo[OriginAccess] = Memo(16)
_origins: Memo[Origins] = Memo(16)
_found: Memo[Origins] = Memo(16)
_latest: WeakKeyDictionary[Layout, tuple[Surroundings, AccessPoints]] = WeakKeyDictionary()
"""Where doors were last attached: a patch of it equals attaching anew."""


def find_origins(district: District) -> Origins:
    """Return the origins of a district.

    Doors and legs are found again only if buildings, their entrances, the network or an obstacle
    changed; a service that moves and drops its entrances changes none of these.
    """
    tables = district.buildings, district.entrances, district.boundary, district.communities
    around = surroundings(district)
    return _found.get((*tables, around), lambda: _find(district, around))


def _find(district: District, around: Surroundings) -> Origins:
    people, doors, buildings = demand(district), _doors(district.entrances), district.buildings
    lived_in = people.inside & (people.people.sum(axis=1) > 0)
    if not lived_in.any():
        lived_in = people.inside  # nobody to count, but the walk from every building is known
    layout = _layouts.get(
        (buildings.ids, buildings.geometry, buildings["street_id"]),
        lambda: _lay_out(buildings, doors, lived_in),
        doors.digest(),
        lived_in.tobytes(),
    )
    access = _accesses.get((around, layout), lambda: _attach(around, layout))
    return _origins.get(
        (people, access, buildings),
        lambda: _assemble(buildings, len(district.communities), people, layout, access),
    )


@dataclass(frozen=True, eq=False)
class _Doors:
    """The entrances that belong to buildings."""

    ids: Ints
    building_id: Ints
    residential: Flags
    residents: Floats
    street_id: Ints
    geometry: Geometries

    def digest(self) -> bytes:
        """Return what tells these doors from others, whichever table holds them."""
        found = hashlib.blake2b(shapely.get_coordinates(self.geometry).tobytes())
        for name in ("ids", "building_id", "residential", "residents", "street_id"):
            found.update(getattr(self, name).tobytes())
        return found.digest()


def _doors(entrances: Table) -> _Doors:
    own = entrances["building_id"] >= 0
    return _Doors(
        ids=entrances.ids[own],
        building_id=entrances["building_id"][own],
        residential=entrances["residential"][own],
        residents=entrances["residents"][own],
        street_id=entrances["street_id"][own],
        geometry=entrances.geometry[own],
    )


def _lay_out(buildings: Table, doors: _Doors, lived_in: Flags) -> Layout:
    row = buildings.rows_of(doors.building_id)
    used = np.flatnonzero((row >= 0) & lived_in[row])
    used = used[np.lexsort((doors.ids[used], row[used]))]
    row, residential = row[used], doors.residential[used]
    bare = lived_in.copy()
    bare[row] = False
    outlines = np.flatnonzero(bare)
    unlit = lived_in.copy()
    unlit[row[residential]] = False
    whole = np.flatnonzero(unlit)  # one origin for the building, through whatever doors it has
    building = np.concatenate([row[residential], whole])
    own_door = np.concatenate([np.flatnonzero(residential), np.full(len(whole), -1)])
    own_door[len(own_door) - len(whole) :][bare[whole]] = len(used) + np.arange(len(outlines))
    entrance = np.concatenate([doors.ids[used][residential], np.full(len(whole), -1)])
    share = np.concatenate([_shares(row, doors.residents[used], residential), np.ones(len(whole))])
    order = np.lexsort((entrance, building))
    building, own_door, entrance = building[order], own_door[order], entrance[order]
    start, door = _doors_of_origins(building, own_door, row, residential)
    shapes = np.concatenate([doors.geometry[used], shapely.boundary(buildings.geometry[outlines])])
    named = np.concatenate([doors.street_id[used], buildings["street_id"][outlines]])
    own = np.concatenate([row, outlines])
    return Layout(building, entrance, share[order], shapes, own, named, start, door)


def _shares(row: Ints, residents: Floats, residential: Flags) -> Floats:
    """Return each residential door's part of its building: as given for all of them, else even."""
    row, residents = row[residential], residents[residential]
    if not len(row):
        return np.empty(0)
    count = np.bincount(row)
    total = np.bincount(row, residents)  # NaN where one is unknown
    even = ~(total > 0)
    return np.where(even[row], 1 / count[row], residents / np.where(even, 1, total)[row])


def _doors_of_origins(
    building: Ints, own_door: Ints, row: Ints, residential: Flags
) -> tuple[Ints, Ints]:
    """Return each origin's own door followed by the building's doors that are nobody's own."""
    other = np.flatnonzero(~residential)
    first = np.searchsorted(row[other], building, "left")
    others = np.searchsorted(row[other], building, "right") - first
    has_own = (own_door >= 0).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(has_own + others)])
    door = np.empty(int(start[-1]), np.int64)
    door[start[:-1][has_own > 0]] = own_door[has_own > 0]
    door[ranges(start[:-1] + has_own, others)] = other[ranges(first, others)]
    return start, door


def _attach(around: Surroundings, layout: Layout) -> OriginAccess:
    """Attach the doors of a layout, by a patch where they were attached in like surroundings."""
    doors, points = (layout.shapes, layout.own_building, layout.street_id), None
    if layout in _latest:
        points = reattach(around, *_latest[layout], *doors)
    if points is None:
        points = _attached(around, layout)
    _latest[layout] = (around, points)
    return OriginAccess(points.take(layout.door), layout.start)


def _attached(around: Surroundings, layout: Layout) -> AccessPoints:
    """Attach the doors of a layout; where they are many, as they were when they last did."""
    doors = layout.shapes, layout.own_building, layout.street_id
    if len(layout.shapes) < _WORTH_KEEPING or not keeps():
        return attach(around, *doors)
    network = around.network
    streets = network.line, network.street_id, network.attracts, network.island, network.kind
    obstacles = around.barriers, around.water, around.buildings
    key = key_of(*doors, *streets, *obstacles, _code())
    return kept("attached", key, lambda: attach(around, *doors), (AccessPoints,))


@cache
def _code() -> str:
    return digest_of_code(Path(__file__).parents[1])


def _by_column(people: Floats) -> Floats:
    """Return the same people with each column in one piece of memory: they are read by column."""
    return np.asfortranarray(people)


def _assemble(
    buildings: Table, communities: int, people: Demand, layout: Layout, access: OriginAccess
) -> Origins:
    own, points = access.start[:-1], access.points
    if not len(layout.building_row):
        own = np.empty(0, np.int64)
    inner = shapely.point_on_surface(buildings.geometry[layout.building_row])
    attached = np.logical_or.reduceat(points.edge >= 0, own) if len(own) else np.empty(0, bool)
    arrays: dict[str, NDArray[Any]] = {
        "building_row": layout.building_row,
        "building_id": buildings.ids[layout.building_row],
        "entrance_id": layout.entrance_id,
        "people": _by_column(people.people[layout.building_row] * layout.share[:, None]),
        "community_row": people.community[layout.building_row],
        "x": np.where(np.isnan(points.x[own]), shapely.get_x(inner), points.x[own]),
        "y": np.where(np.isnan(points.y[own]), shapely.get_y(inner), points.y[own]),
        "reason": np.where(attached, 0, points.reason[own]),
    }
    for array in arrays.values():
        array.flags.writeable = False
    return Origins(**arrays, community_count=communities, access=access, demand=people)
