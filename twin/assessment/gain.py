"""The gain field: where one more service would help how many people."""

from __future__ import annotations

import numpy as np

from twin.arrays import Flags, Floats, Ints
from twin.compiled.ready import compiled
from twin.memo import Memo
from twin.model.district import District
from twin.standards import Requirement
from twin.streets.costs import PER_UNIT, DirectedCosts
from twin.streets.network import Network
from twin.walking.exits import matrix_of
from twin.walking.origins import find_origins
from twin.walking.walks import costs_of, nearest, nearest_of_each
from twin.walking.ways_out import Items, ways_out

_PER_PERSON = 1_000_000
"""Parts of a person that are counted in whole numbers, so that sums do not hang on their order."""

_AT_ONCE = 64
"""Homes that SciPy searches from together: its answers are a row over all nodes for each."""

_fields: Memo[Floats] = Memo(32)


def gain_field(
    district: District, requirement: Requirement, service_type: str | None = None
) -> Floats:
    """Return how many more people would be covered if a service stood at each node of the network.

    Parameters
    ----------
    requirement
        Whom a service is for and how near it must be.
    service_type
        The type that would stand there; the requirement's first where none is given. It matters
        only where several different types must be near.

    Returns
    -------
    People of the requirement's group, shape (n,), in the order of `node_xy` of
    ``find_facilities(district).around.network``. NaN at nodes where nothing can stand: those of
    bridges, crossings, steps and islands alone, which attract no access point.

    Notes
    -----
    Exact, by street door: the same as placing a service at the node and assessing anew. Who is
    covered already gains nothing; who lacks one of several types gains only by that type.
    """
    costs, origins = costs_of(district, requirement.measure), find_origins(district)
    lacking = _lacking(district, requirement, service_type or requirement.own_types[0])
    people = np.where(lacking, origins.group(requirement.group), 0.0)
    limit = round(requirement.limit * PER_UNIT[requirement.unit])

    def find() -> Floats:
        rows = np.flatnonzero(people > 0)
        homes = ways_out(costs, origins.access).take(rows)
        weight = np.rint(people[rows] * _PER_PERSON).astype(np.int64)
        field = _gathered(costs, homes, weight, limit) / _PER_PERSON
        field[~_attracting(costs.network)] = np.nan
        field.flags.writeable = False
        return field

    return _fields.get((costs, origins), find, people.tobytes(), limit)


def _lacking(district: District, requirement: Requirement, service_type: str) -> Flags:
    """Return the origins that one service of a type, if near enough, would cover."""
    types, measure = requirement.service_types, requirement.measure
    limit = round(requirement.limit * PER_UNIT[requirement.unit])
    if requirement.at_least == 1:
        return nearest(district, types, measure).cost > limit
    now = nearest_of_each(district, types, measure, requirement.at_least).cost > limit
    others = (one for one in types if one != service_type)
    near = sum((nearest(district, one, measure).cost <= limit).astype(int) for one in others)
    lacking: Flags = now & (near >= requirement.at_least - 1)
    return lacking


def _gathered(costs: DirectedCosts, homes: Items, weight: Ints, limit: int) -> Ints:
    """Return the weight of all homes within `limit` of each node."""
    if compiled() is not None:
        from twin.walking.hierarchy.searches import fits, gathered_within

        if fits(limit):
            return gathered_within(costs, homes, weight, limit)
    return _gathered_with_scipy(costs, homes, weight, limit)


def _gathered_with_scipy(costs: DirectedCosts, homes: Items, weight: Ints, limit: int) -> Ints:
    from scipy.sparse.csgraph import dijkstra

    graph = matrix_of(costs.arrows).T.tocsr()
    total = np.zeros(costs.network.node_count, np.int64)
    for first in range(0, len(homes), _AT_ONCE):
        some = np.arange(first, min(first + _AT_ONCE, len(homes)))
        part = homes.take(some)
        through = dijkstra(graph, indices=part.node, limit=float(limit)) + part.cost[:, None]
        home = np.repeat(some, np.diff(part.start))
        near = np.zeros((len(some), len(total)), bool)
        np.logical_or.at(near, home - first, through <= limit)
        total += weight[some] @ near
    return total


def _attracting(network: Network) -> Flags:
    """Return the nodes at which an access point may attach."""
    flags = np.zeros(network.node_count, bool)
    flags[network.tail[network.attracts]] = True
    flags[network.head[network.attracts]] = True
    return flags
