"""The walk from every building to every type of service, for every walker, as one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.arrays import Flags, Floats, Ints
from twin.model.district import District
from twin.streets.costs import INF, Measure
from twin.walking.access import REASONS
from twin.walking.departures import walk_costs
from twin.walking.facilities import Facilities, find_facilities, serving, why_none
from twin.walking.origins import Origins, find_origins
from twin.walking.reach import reach
from twin.walking.walks import Nearest, costs_of, nearest

NOT_SURVEYED = "not_surveyed"
NOT_CONNECTED = "not_connected"


def access_table(
    district: District,
    types: Sequence[str],
    walkers: Sequence[str],
    progress: Callable[[float], None] | None = None,
    *,
    by_door: bool = False,
) -> pd.DataFrame:
    """Return a row per building with residents, service type and walker.

    A building with several stair units is as far from a service as its farthest unit.

    Parameters
    ----------
    types, walkers
        Ids of service types and walkers.
    progress
        Called with the share that is done.
    by_door
        A row for each door where residents start, the stair units of a building each for itself.

    Returns
    -------
    ``building_id``, ``entrance_id`` and ``residents`` (by door only; the id is -1 for a building
    without doors for residents), ``building``, ``service_type``, ``walker``; ``metres`` and
    ``minutes`` of the shortest and of the quickest walk (empty where unreached), the services they
    lead to (``service_id``, ``service``, ``quickest_service_id``; -1 for none), ``home_leg_m`` and
    ``service_leg_m`` (parts of ``metres``), and ``reason`` where unreached: one of
    :data:`twin.walking.access.REASONS`, ``not_surveyed``, ``not_connected``, or
    why no such service is open (:func:`twin.walking.facilities.why_none`).
    """
    parts = []
    pairs = [(type_id, walker) for type_id in types for walker in walkers]
    for number, (type_id, walker) in enumerate(pairs):
        parts.append(_rows(district, type_id, walker, by_door))
        if progress is not None:
            progress((number + 1) / len(pairs))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _rows(district: District, type_id: str, walker: str, by_door: bool) -> pd.DataFrame:
    origins = find_origins(district)
    shortest = nearest(district, type_id, (walker, "m"))
    quickest = nearest(district, type_id, (walker, "min"))
    every = np.arange(len(origins))
    far = every if by_door else _worst(origins, shortest.cost)
    late = every if by_door else _worst(origins, quickest.cost)
    door = {"entrance_id": origins.entrance_id, "residents": origins.residents}
    home_leg, service_leg = _legs(district, origins, shortest, (walker, "m"))
    names = _names(district, shortest.service_id[far])
    building = district.buildings["name"][origins.building_row[far]]
    return pd.DataFrame(
        {
            "building_id": origins.building_id[far],
            **(door if by_door else {}),
            "building": building,
            "service_type": type_id,
            "walker": walker,
            "metres": _finite(shortest.public[far], 3),
            "minutes": _finite(quickest.public[late], 5),
            "service_id": shortest.service_id[far],
            "service": names,
            "quickest_service_id": quickest.service_id[late],
            "home_leg_m": _finite(home_leg[far], 3),
            "service_leg_m": _finite(service_leg[far], 3),
            "reason": _reasons(district, type_id, origins, far, shortest.cost[far] < INF),
        }
    )


def _worst(origins: Origins, cost: Ints) -> Ints:
    """Return each building's farthest origin, the first of equals."""
    order = np.lexsort((-cost, origins.building_row))
    first = np.flatnonzero(np.diff(origins.building_row[order], prepend=-1))
    return order[first]


def _legs(
    district: District, origins: Origins, found: Nearest, measure: Measure
) -> tuple[Floats, Floats]:
    """Return the legs at home and at the service of every origin's nearest walk, inf if none."""
    home, service = np.full(len(origins), np.inf), np.full(len(origins), np.inf)
    facilities = find_facilities(district)
    for service_id in np.unique(found.service_id[found.service_id >= 0]):
        at = facilities.position(int(service_id))
        rows = np.flatnonzero(found.service_id == service_id)
        best = np.full(len(rows), INF)
        for door in range(len(facilities.shapes[at])):
            cost, leg = _through(district, origins, facilities, (at, door), measure)
            better = cost[rows] < best
            best = np.where(better, cost[rows], best)
            home[rows] = np.where(better, leg[rows], home[rows])
            service[rows] = np.where(better, facilities.access[at].leg_m[door], service[rows])
    return home, service


def _through(
    district: District,
    origins: Origins,
    facilities: Facilities,
    goal: tuple[int, int],
    measure: Measure,
) -> tuple[Ints, Floats]:
    """Return cost and home leg of every origin's walk to one door (facility's place, door)."""
    costs, points = costs_of(district, measure), origins.access.points
    door = facilities.access[goal[0]].take(np.array([goal[1]]))
    every = walk_costs(costs, points, reach(costs, door), door)
    origin = np.repeat(np.arange(len(origins)), np.diff(origins.access.start))
    order = np.lexsort((every, origin))
    best = order[np.flatnonzero(np.diff(origin[order], prepend=-1))]
    return every[best], points.leg_m[best]


def _reasons(
    district: District, type_id: str, origins: Origins, rows: Ints, reached: Flags
) -> NDArray[Any]:
    own = np.array(REASONS, dtype=object)[origins.reason[rows]]
    exists = serving(district.services).get(type_id, np.zeros(1, bool)).any()
    if not exists:
        surveyed = type_id in district.surveyed
        why = why_none(district.services, [type_id]) if surveyed else NOT_SURVEYED
        return np.full(len(rows), why, dtype=object)
    return np.where(reached, "", np.where(own == "", NOT_CONNECTED, own))


def _names(district: District, service_id: Ints) -> NDArray[Any]:
    row = district.services.rows_of(service_id)
    if not len(district.services):
        return np.full(len(row), "", dtype=object)
    return np.where(row >= 0, district.services["name"][row], "")


def _finite(values: Floats, decimals: int) -> Floats:
    """Return values to a millimetre or millisecond, NaN (an empty cell) where unreached."""
    return np.where(np.isfinite(values), np.round(values, decimals), np.nan)
