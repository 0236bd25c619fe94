"""Capacitated assignment: who is served where if places are shared out, who is turned away."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from twin.arrays import Floats
from twin.indicators.circle import Circle, Scope
from twin.indicators.finding import NONE, Figure, Part, Row, safe_share


def assignment(circle: Circle) -> Part:
    """Return the best assignment of people to places (:func:`twin.indicators.transport.assign`).

    Within the requirement's limit as many people as can be are served; among such plans the walks
    are shortest in sum; among those the lowest ids go first. Figures in people: ``asked``,
    ``served``, ``turned_away`` (all services within the limit are full), ``out_of_reach`` (none is
    within the limit; the last three sum to the first); ``share_served`` of those who ask; and
    ``mean_walk`` of the served, in metres or minutes. By group they are those of every group
    whose people are all among the requirement's; behind one door nobody goes before another, so a
    group is served by its part of the door's people.

    People are those who ask on one day (``[demand]``), in hundred-thousandths of a person. Places
    are not kept for people from outside the boundary.

    ``max sum x_ij, then min sum d_ij x_ij`` under people and places: the transportation problem of
    Hitchcock 1941, J. Mathematics and Physics 20:224-230.
    """
    plan, unit = circle.plan, circle.result.requirement.unit
    reach = circle.within.any(axis=0)
    away = np.where(reach, plan.asked - plan.served, 0.0)
    out = np.where(reach, 0.0, plan.asked)
    walk = circle.walk[plan.service, plan.origin]
    length = np.bincount(plan.origin, plan.people * walk, len(plan.asked))

    def figures(scope: Scope) -> Iterator[Figure]:
        some = _part_of(scope.people, circle.people)
        asked, served = float(plan.asked @ some), float(plan.served @ some)
        yield Figure("asked", NONE, asked, "people")
        yield Figure("served", NONE, served, "people")
        yield Figure("turned_away", NONE, float(away @ some), "people")
        yield Figure("out_of_reach", NONE, float(out @ some), "people")
        yield Figure("share_served", NONE, safe_share(served, asked), "share")
        yield Figure("mean_walk", NONE, safe_share(float(length @ some), served), unit)

    rows = [
        Row(circle.result.requirement.id, scope.kind, scope.of, *figure)
        for scope in circle.asking_scopes
        for figure in figures(scope)
    ]
    return Part(rows, {"served": plan.served, "turned_away": away, "out_of_reach": out})


def _part_of(people: Floats, whole: Floats) -> Floats:
    """Return which part of the people of each origin are meant."""
    return np.divide(people, whole, out=np.zeros_like(people), where=whole > 0)
