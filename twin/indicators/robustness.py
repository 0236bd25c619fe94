"""Robustness: who loses what if one service closes."""

from __future__ import annotations

from typing import Any

import numpy as np

from twin.catalogues import groups
from twin.costs import INF, PER_UNIT
from twin.indicators.circle import Circle
from twin.indicators.finding import NONE, Part, Row, safe_share
from twin.network import Floats, Ints


def robustness(circle: Circle) -> Part:
    """Return what the closing of each service alone would take from whom (N-1).

    A closing touches those whose nearest service it is (ties to the lowest id): with d_1 and d_2
    the walks to the nearest and the second nearest, they are newly uncovered where
    ``d_1 <= limit < d_2`` and walk ``d_2 - d_1`` farther where ``d_2`` is finite.

    By service: ``uncovered`` people of the requirement's group, ``uncovered_<group>`` of every
    group of residents, ``cut_off`` (people of the requirement's group left with none at all),
    ``farther`` (people who must walk farther to another) and ``mean_extra`` (how much, metres or
    minutes). Figures: by community and district ``single_cover``, the share of covered people who
    hang on one service; for the district ``worst_uncovered``, the most people whom one closing
    uncovers, and ``worst_service``, its id (lowest of equals). A facility of several types loses
    all of them at once; each requirement has its own row.
    """
    wanted = circle.result.requirement
    first, second, nearest = _two_nearest(circle)
    limit = round(wanted.limit * PER_UNIT[wanted.unit])
    hang = (first <= limit) & (second > limit)
    lost = _by_service(circle, nearest, np.where(hang, circle.people, 0.0))
    some = _farther(circle, first, second, nearest)
    services: dict[str, Any] = {"uncovered": lost, **some}
    for group in groups():
        people = np.where(hang, circle.assessment.origins.group(group), 0.0)
        services[f"uncovered_{group}"] = _by_service(circle, nearest, people)
    covered = first <= limit
    rows = [
        Row(
            wanted.id,
            scope.kind,
            scope.of,
            "single_cover",
            NONE,
            safe_share(float(scope.people[hang].sum()), float(scope.people[covered].sum())),
            "share",
        )
        for scope in circle.scopes
    ]
    return Part([*rows, *_worst(circle, lost)], {"single_cover": hang.astype(np.float64)}, services)


def _worst(circle: Circle, lost: Floats) -> list[Row]:
    if not len(lost):
        return []
    name, worst = circle.result.requirement.id, int(np.argmax(lost))
    service = float(circle.service_id[worst])
    return [
        Row(name, "district", "", "worst_uncovered", NONE, float(lost[worst]), "people"),
        Row(name, "district", "", "worst_service", NONE, service, "id"),
    ]


def _two_nearest(circle: Circle) -> tuple[Ints, Ints, Ints]:
    """Return the two least costs of every origin, and the place of the nearest service."""
    cost = circle.cost
    count = cost.shape[1]
    padded = np.vstack([cost, np.full((2, count), INF)])
    two = np.partition(padded, 1, axis=0)[:2]
    return two[0], two[1], np.argmin(padded, axis=0)


def _farther(circle: Circle, first: Ints, second: Ints, nearest: Ints) -> dict[str, Floats]:
    reached, other = first < INF, second < INF
    extra = np.where(other, second - first, 0) / PER_UNIT[circle.result.requirement.unit]
    moved = np.where(other & (second > first), circle.people, 0.0)
    farther = _by_service(circle, nearest, moved)
    summed = _by_service(circle, nearest, moved * extra)
    cut_off = _by_service(circle, nearest, np.where(reached & ~other, circle.people, 0.0))
    mean = np.divide(summed, farther, out=np.full(len(farther), np.nan), where=farther > 0)
    return {"cut_off": cut_off, "farther": farther, "mean_extra": mean}


def _by_service(circle: Circle, nearest: Ints, people: Floats) -> Floats:
    count = len(circle.service_id)
    return np.asarray(np.bincount(nearest, people, count + 2)[:count], np.float64)
