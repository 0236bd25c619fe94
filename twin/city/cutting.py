"""A city cut into parts that are scored alone and give the numbers of the whole.

A part holds some of the homes, and around them whatever can matter to them: everything within the
longest walk of the standard, two access legs, and the length that tells an island from the network.
No way within a limit leaves that. Islands of the whole are left out, since nothing attaches to
them; what remains of the network at a part's rim is too far away to be walked to.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import shapely

from layers.schema import AGE_BANDS
from twin.arrays import Floats, Ints
from twin.model.catalogues import rules, walkers
from twin.model.district import District
from twin.model.tables import Table
from twin.standards import Requirement, Standard
from twin.streets.network import build_network
from twin.walking.demand import Demand, demand

MOST_HOMES = 20_000
"""Buildings that one part scores, unless another number is asked for."""

_MARGIN_M = 50.0
_AROUND = ("streets", "services", "barriers", "water", "buildings", "sites")
"""Layers that walks of a part can meet; entrances go with what they belong to."""


@dataclass(frozen=True, eq=False)
class Part:
    """Some homes of a city with their surroundings.

    Parameters
    ----------
    number
        Position among the parts.
    district
        The surroundings; nobody lives in its buildings but in those of this part.
    """

    number: int
    district: District


def reach_m(requirement: Requirement, *, flat: bool = False) -> float:
    """Return how far from home a walk within the limit of a requirement can lead, metres.

    Minutes are turned into the metres of a walk down the slope that is walked fastest; on the
    level where all is `flat`, as it counts where no heights are known.
    """
    if requirement.unit == "m":
        return requirement.limit
    walker, rule = walkers()[requirement.walker], rules()
    downhill = math.exp(rule.tobler_exponent * abs(rule.tobler_offset))
    fastest = downhill if walker.slope == "tobler" and not flat else 1.0
    return requirement.limit * 60 * walker.speed_mps * fastest


def halo_m(standard: Standard, *, flat: bool = False) -> float:
    """Return how far around homes a part goes, metres; less where all is `flat`."""
    farthest = max((reach_m(one, flat=flat) for one in standard.requirements), default=0.0)
    return farthest + 2 * rules().leg_cap_m + rules().smallest_network_m + _MARGIN_M


@dataclass(frozen=True, eq=False)
class Cutting:
    """A city cut into parts, each made when it is asked for.

    Parameters
    ----------
    city
        The whole, without islands.
    homes
        Rows of the inhabited buildings of each part.
    halo_m
        How far around them a part goes.
    """

    city: District
    homes: tuple[Ints, ...]
    halo_m: float

    def __len__(self) -> int:
        return len(self.homes)

    def __iter__(self) -> Iterator[Part]:
        for number, rows in enumerate(self.homes):
            yield Part(number, _surroundings(self.city, rows, self.halo_m))


def cut(city: District, standard: Standard, most_homes: int = MOST_HOMES) -> Cutting:
    """Cut a city into parts, each with at most so many inhabited buildings."""
    people = demand(city)
    home = np.flatnonzero(people.inside & (people.people.sum(axis=1) > 0))
    points = shapely.get_coordinates(shapely.point_on_surface(city.buildings.geometry[home]))
    tiles = tuple(home[own] for own in _tiles(points, np.arange(len(home)), most_homes))
    around = halo_m(standard, flat=city.terrain is None)
    return Cutting(_resolved(_without_islands(city), people), tiles, around)


def _tiles(points: Floats, rows: Ints, most: int) -> Iterator[Ints]:
    """Cut rows across their longer side, again and again, until none has more than `most`.

    Into as few parts as that takes, all about as large: the larger, the less their surroundings
    overlap.
    """
    if not len(rows):
        return
    if len(rows) <= most:
        yield rows
        return
    here = points[rows]
    axis = int(np.argmax(np.ptp(here, axis=0)))
    order = rows[np.argsort(here[:, axis], kind="stable")]
    parts = math.ceil(len(order) / most)
    first = len(order) * (parts // 2) // parts
    yield from _tiles(points, np.sort(order[:first]), most)
    yield from _tiles(points, np.sort(order[first:]), most)


def _without_islands(city: District) -> District:
    """Return the city without streets all of whose pieces are cut off from its network."""
    network = build_network(city.streets)
    main = np.zeros(len(city.streets), bool)
    main[network.street_row[~network.island]] = True
    return city.with_table(city.streets.take(main))


def _resolved(city: District, people: Demand) -> District:
    """Return the city with ages given wherever shares of the whole tell them.

    Where nothing tells ages, nothing does in a part either. Dwellings stand for residents in all
    of the city or nowhere.
    """
    columns: dict[str, Floats] = {}
    if people.estimated.any() and not people.people[:, len(AGE_BANDS)].any():
        bands = {band: people.people[:, i] for i, band in enumerate(AGE_BANDS)}
        columns |= bands | {"residents": people.residents, "disabled": people.people[:, -1]}
    if not people.counts_dwellings:
        columns["dwellings"] = np.full(len(city.buildings), np.nan)
    buildings = city.buildings.with_columns(columns)
    return replace(city, buildings=buildings)


def _surroundings(city: District, home: Ints, halo: float) -> District:
    zone = shapely.box(*shapely.total_bounds(city.buildings.geometry[home]))
    zone = shapely.buffer(zone, halo, join_style="mitre")
    shapely.prepare(zone)
    taken = {role: _within(city.table(role), zone) for role in _AROUND}
    buildings = city.buildings.take(taken["buildings"])
    abroad = ~np.isin(taken["buildings"], home)
    empty = {name: np.where(abroad, 0.0, buildings[name]) for name in ("residents", *AGE_BANDS)}
    empty |= {name: np.where(abroad, 0.0, buildings[name]) for name in ("disabled", "dwellings")}
    made = {role: city.table(role).take(rows) for role, rows in taken.items()}
    made["buildings"] = buildings.with_columns(empty)
    entrances = city.entrances
    own = np.isin(entrances["building_id"], made["buildings"].ids)
    own |= np.isin(entrances["service_id"], made["services"].ids)
    # Whoever lives in this part lives inside the city's boundary, so the part has none.
    none = [Table.empty(role) for role in ("boundary", "roads", "green", "trees")]
    # Its rim is no edge of the map: no home's row tells of that, and finding it takes a tenth.
    unasked = Table.empty("streets")
    entrances = entrances.take(own)
    part = replace(city, entrances=entrances, underlay=None, surveyed_streets=unasked)
    for table in (*none, *made.values()):
        part = part.with_table(table)
    return part


def _within(table: Table, zone: shapely.Geometry) -> Ints:
    rows: Ints = np.sort(table.tree.query(zone, predicate="intersects")).astype(np.int64)
    return rows
