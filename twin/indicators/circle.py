"""One requirement with the people, the services and the walks between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import shapely

from layers.schema import AGE_BANDS
from twin.arrays import Flags, Floats, Ints
from twin.assessment.assess import Assessment, Result
from twin.indicators.floating import Catchments, balanced, decay_weights
from twin.indicators.settings import Settings
from twin.indicators.transport import Plan, assign
from twin.model.catalogues import groups, service_types
from twin.model.district import District
from twin.streets.costs import INF, PER_UNIT
from twin.streets.paces import Unit
from twin.walking.facilities import find_facilities, serving
from twin.walking.walks import walks

Values = TypeVar("Values", Floats, Ints)

PER_THOUSANDTH = {"m": PER_UNIT["m"] // 1000, "min": PER_UNIT["min"] // 60_000}
"""Whole numbers of a cost in one millimetre or millisecond."""


@dataclass(frozen=True, eq=False)
class Scope:
    """Some people whose figures are summed up.

    Parameters
    ----------
    kind
        ``district``, ``community`` or ``group``.
    of
        Id of the community (-1 outside them all) or of the group, "" for the district.
    people
        How many of them start at each origin, shape (n,).
    """

    kind: str
    of: str
    people: Floats


@dataclass(frozen=True, eq=False)
class Homes:
    """The storeys behind every door, shape (storeys,) each.

    Parameters
    ----------
    origin
        Position of the door among the origins.
    stairs
        Whole numbers of :mod:`twin.streets.costs` from the storey to the door.
    part
        Part of the door's people who live there.
    unit
        What `stairs` are counted in.
    """

    origin: Ints
    stairs: Ints
    part: Floats
    unit: Unit

    def people(self, by_origin: Floats) -> Floats:
        """Return the people of each storey, given those behind each door."""
        return by_origin[self.origin] * self.part

    def walk(self, from_door: Floats) -> Floats:
        """Return the walk from each storey, given that from each door, in metres or minutes."""
        stairs = np.where(self.stairs >= INF, np.inf, self.stairs / PER_UNIT[self.unit])
        found: Floats = from_door[self.origin] + stairs
        return found

    def farthest(self, by_home: Floats) -> Floats:
        """Return the greatest value of any storey behind each door."""
        most = np.full(int(self.origin.max(initial=-1)) + 1, -np.inf)
        np.maximum.at(most, self.origin, by_home)
        return most


@dataclass(frozen=True, eq=False)
class Circle:
    """What the indicators of one requirement are computed from.

    Walks begin at the doors of buildings. Where the assessment counts the stairs behind them,
    `homes` has every storey with its own; indicators that say so count these (``counts_stairs``),
    all others stay at the door.
    A requirement for several different types (`at_least`) is met by a walk to the last of them;
    times and robustness are about that walk, all other figures about each service by itself.

    Parameters
    ----------
    assessment, result
        The requirement is ``result.requirement``.
    settings
        Parameters of the indicators.
    service_id
        Open services of the requirement's types, ascending, shape (s,).
    cost
        Whole numbers of :mod:`twin.streets.costs` from every origin to every service, shape (s, n),
        :data:`twin.streets.costs.INF` where unreached.
    """

    assessment: Assessment
    result: Result
    settings: Settings
    service_id: Ints
    cost: Ints

    @cached_property
    def service_row(self) -> Ints:
        """Rows of the services table."""
        return self.assessment.district.services.rows_of(self.service_id)

    @cached_property
    def kinds(self) -> Flags:
        """Which services are of each kind of which so many are asked for, shape (kinds, s).

        One kind that all services are of, unless the requirement asks for several different types.
        """
        wanted = self.result.requirement
        if wanted.at_least == 1:
            return np.ones((1, len(self.service_id)), bool)
        flags, nobody = serving(self.assessment.district.services), np.zeros(1, bool)
        rows = [
            flags[one][self.service_row] if one in flags else nobody.repeat(len(self.service_id))
            for one in wanted.service_types
        ]
        return np.vstack(rows)

    @cached_property
    def service_inside(self) -> Flags:
        """Services inside the boundary, shape (s,)."""
        return inside_boundary(self.assessment.district)[self.service_row]

    @cached_property
    def service_scopes(self) -> list[tuple[str, str, Flags]]:
        """The services inside the boundary, in the district and in each community, shape (s,).

        -1 are those outside all communities; of overlapping ones a service is in the first.
        """
        district, inside = self.assessment.district, self.service_inside
        of = [*(str(one) for one in district.communities.ids), "-1"]
        at = service_communities(district)[self.service_row]
        parts = [("community", name, inside & (at == row)) for row, name in enumerate(of)]
        return [("district", "", inside), *parts]

    @cached_property
    def people(self) -> Floats:
        """People of the requirement's group at each origin, shape (n,)."""
        return self.assessment.origins.group(self.result.requirement.group)

    @cached_property
    def demand(self) -> Floats:
        """The part of `people` who ask for the service on one day."""
        known = self.settings.share_by_type
        types = self.result.requirement.service_types
        shares = [known[one] for one in types if one in known]
        return self.people * (max(shares) if shares else self.settings.share_of_group)

    @cached_property
    def within(self) -> Flags:
        """Services within the limit of each origin, shape (s, n)."""
        wanted = self.result.requirement
        return self.cost <= round(wanted.limit * PER_UNIT[wanted.unit])

    @cached_property
    def walk(self) -> Floats:
        """The same as `cost` in metres or minutes, inf where unreached."""
        unit = PER_UNIT[self.result.requirement.unit]
        return np.where(self.cost >= INF, np.inf, self.cost / unit)

    def homes(self, unit: Unit) -> Homes:
        """Return the storeys from which people walk, one at each door unless stairs are counted."""
        storeys = self.assessment.homes
        if storeys is None:
            count = len(self.people)
            nothing = np.zeros(count, np.int64)
            return Homes(np.arange(count), nothing, np.ones(count), unit)
        measure = self.result.requirement.walker, unit
        return Homes(*storeys.above(measure), unit)

    @cached_property
    def capacity_known(self) -> Flags:
        """The service's own capacity is in the data, shape (s,)."""
        return self.assessment.district.services["capacity"][self.service_row] >= 0

    @cached_property
    def capacity_stated(self) -> bool:
        """The data has the capacity of enough services to speak of room and of crowding.

        What a new service would start with stands in for a few, never for most: bus stops whose
        capacity nobody counted are neither full nor empty. True where there are no services.
        """
        known, least = self.capacity_known, self.settings.capacity_known_at_least
        return not len(known) or float(known.mean()) >= least

    @cached_property
    def capacity(self) -> Floats:
        """People whom each service takes in a day, shape (s,).

        Where the data has none, what a new service of its type starts with. A facility of several
        types is counted with all its places for each of them.
        """
        services = self.assessment.district.services
        usual = np.zeros(len(self.service_id))
        flags = serving(services)
        for type_id in self.result.requirement.service_types:
            if type_id in flags and type_id in service_types():
                here = flags[type_id][self.service_row]
                usual[here] = np.maximum(usual[here], service_types()[type_id].capacity)
        return np.where(self.capacity_known, services["capacity"][self.service_row], usual)

    @cached_property
    def plan(self) -> Plan:
        """Who is served where if places are shared out as well as can be."""
        unit = PER_THOUSANDTH[self.result.requirement.unit]
        thousandths = (self.cost + unit // 2) // unit
        origins = self.assessment.origins
        order = np.lexsort((origins.entrance_id, origins.building_id))
        return assign(self.demand, self.capacity, thousandths, self.within, order)

    @cached_property
    def catchments(self) -> Catchments:
        """Floating catchments round services and homes."""
        limit = self.result.requirement.limit
        weights = decay_weights(self.walk, self.within, limit, self.settings)
        return balanced(self.demand, self.capacity, weights)

    @cached_property
    def own_scopes(self) -> tuple[Scope, ...]:
        """The requirement's group in the district and in each community."""
        origins, communities = self.assessment.origins, self.assessment.district.communities
        names = [*(str(one) for one in communities.ids), "-1"]
        parts = [
            Scope("community", name, np.where(origins.community_row == row, self.people, 0.0))
            for row, name in enumerate(names)
        ]
        return Scope("district", "", self.people), *parts

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        """The same, and every group of residents in the district."""
        origins = self.assessment.origins
        return *self.own_scopes, *(Scope("group", g, origins.group(g)) for g in groups())

    @cached_property
    def asking_scopes(self) -> tuple[Scope, ...]:
        """Those of `own_scopes`, and the groups all of whose people ask for the service."""
        origins = self.assessment.origins
        named = asking_groups(self.result.requirement.group)
        return *self.own_scopes, *(Scope("group", g, origins.group(g)) for g in named)


def asking_groups(group: str) -> tuple[str, ...]:
    """Return the groups all of whose people are of a group, itself among them."""
    asking = set(groups()[group].columns)
    return tuple(
        name
        for name, one in groups().items()
        if set(one.columns) <= asking or asking >= set(AGE_BANDS)
    )


def until(cost: Values, at_least: int) -> Values:
    """Return the `at_least`-th least of each column: the walk until so many kinds are reached."""
    least: Values = np.partition(cost, at_least - 1, axis=0)[at_least - 1]
    return least


def inside_boundary(district: District) -> Flags:
    """Return which services lie inside the boundary; all where there is none."""
    if not len(district.boundary):
        return np.ones(len(district.services), bool)
    place = shapely.point_on_surface(district.services.geometry)
    inside = np.zeros(len(place), bool)
    inside[district.boundary.tree.query(place, predicate="intersects")[0]] = True
    return inside


def service_communities(district: District) -> Ints:
    """Return the row of each service's community, as many as there are where it is in none."""
    place = shapely.point_on_surface(district.services.geometry)
    found = np.full(len(place), len(district.communities))
    where, which = district.communities.tree.query(place, predicate="intersects")
    np.minimum.at(found, where, which)  # the first of overlapping ones
    return found


def circle(assessment: Assessment, result: Result, settings: Settings) -> Circle:
    """Return what the indicators of one requirement are computed from."""
    district, wanted = assessment.district, result.requirement
    facilities, flags = find_facilities(district), serving(district.services)
    serves = np.zeros(len(district.services), bool)
    for type_id in wanted.service_types:
        serves |= flags.get(type_id, False)
    ids = facilities.ids[serves[facilities.row]]
    cost = np.full((len(ids), len(assessment.origins)), INF)
    unit = PER_UNIT[wanted.unit]
    for number, service_id in enumerate(ids.tolist()):
        walk = walks(district, service_id, wanted.measure)
        reached = np.isfinite(walk)
        cost[number, reached] = np.rint(walk[reached] * unit).astype(np.int64)
    return Circle(assessment, result, settings, ids, cost)
