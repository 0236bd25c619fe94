"""Robustness: who loses what if one service closes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from twin.arrays import Flags, Floats, Ints
from twin.indicators.circle import Circle, Scope, until
from twin.indicators.finding import NONE, Part, Row, safe_share
from twin.model.catalogues import groups
from twin.streets.costs import INF, PER_UNIT


def robustness(circle: Circle) -> Part:
    """Return what the closing of each service alone would take from whom (N-1).

    With d the walk of an origin (to the nearest, or to the last of the types that are asked for)
    and d_j the same without service j, people are newly uncovered by its closing where
    ``d <= limit < d_j``, walk ``d_j - d`` farther where that is above 0 and finite, and are cut
    off where ``d`` is finite and ``d_j`` is not. Exact: d_j is the second nearest of those whose
    nearest is j, and d of all others.

    By service: ``uncovered`` people of the requirement's group, ``uncovered_<group>`` of every
    group of residents, ``cut_off``, ``farther`` and ``mean_extra`` (how much farther, metres or
    minutes), and ``uncovered_in_<id>`` of every community (``uncovered_elsewhere`` outside them
    all). Figures, by community, group and district: ``single_cover``, the share of covered people
    whom the closing of some one service uncovers; ``worst_uncovered``, the most of these people
    whom one closing uncovers, and ``worst_service``, its id (lowest of equals). A
    facility of several types loses all of them at once; each requirement has its own row.

    Planning for the loss of one facility: Snyder & Daskin 2005, "Reliability models for facility
    location", Transportation Science 39(3):400-416; counting who is newly uncovered is ours.
    """
    wanted, loss = circle.result.requirement, _Loss(circle)
    names, closings = list(groups()), [loss.closing(j) for j in range(len(circle.service_id))]
    services: dict[str, Any] = {
        name: np.array([one[name] for one in closings], np.float64)
        for name in ("uncovered", "cut_off", "farther", "mean_extra")
    }
    by_group = np.array([one["by_group"] for one in closings]).reshape(-1, len(names))
    services |= {f"uncovered_{name}": by_group[:, place] for place, name in enumerate(names)}
    communities = [str(one) for one in circle.assessment.district.communities.ids]
    by_community = np.array([one["by_community"] for one in closings])
    by_community = by_community.reshape(-1, len(communities) + 1)
    places = [*(f"in_{one}" for one in communities), "elsewhere"]
    services |= {f"uncovered_{name}": by_community[:, at] for at, name in enumerate(places)}
    hang = np.zeros(len(circle.people), bool)
    for one in closings:
        hang |= one["lost"]
    covered = loss.walk <= loss.limit
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
    for scope in circle.scopes:
        rows += _worst(circle, scope, [one["lost"] for one in closings])
    return Part(rows, {"single_cover": hang.astype(np.float64)}, services)


def _worst(circle: Circle, scope: Scope, lost: list[Flags]) -> list[Row]:
    """Return the closing that uncovers most of some people, none where there is no service."""
    if not lost:
        return []
    count = np.array([scope.people[who].sum() for who in lost])
    name, worst = circle.result.requirement.id, int(np.argmax(count))
    # where nobody would be uncovered, no service is the worst
    service = float(circle.service_id[worst]) if count[worst] > 0 or not scope.of else NONE
    return [
        Row(name, scope.kind, scope.of, "worst_uncovered", NONE, float(count[worst]), "people"),
        Row(name, scope.kind, scope.of, "worst_service", NONE, service, "id"),
    ]


@dataclass(frozen=True, eq=False)
class _Loss:
    """The walks of a circle with every service, and without one."""

    circle: Circle

    @cached_property
    def limit(self) -> int:
        wanted = self.circle.result.requirement
        return round(wanted.limit * PER_UNIT[wanted.unit])

    @cached_property
    def two_nearest(self) -> tuple[Ints, Ints, Ints]:
        """The two least costs of every kind from every origin, and the nearest's place."""
        cost, kinds = self.circle.cost, self.circle.kinds
        nothing = np.full((2, cost.shape[1]), INF)
        found = []
        for kind in kinds:
            padded = np.vstack([np.where(kind[:, None], cost, INF), nothing])
            two = np.partition(padded, 1, axis=0)[:2]
            found.append((two[0], two[1], np.argmin(padded, axis=0)))
        first, second, place = (np.stack(part) for part in zip(*found, strict=True))
        return first, second, place

    @cached_property
    def walk(self) -> Ints:
        return until(self.two_nearest[0], self.circle.result.requirement.at_least)

    @cached_property
    def groups(self) -> Floats:
        """People of every group, shape (groups, n)."""
        return np.stack([self.circle.assessment.origins.group(name) for name in groups()])

    def closing(self, place: int) -> dict[str, Any]:
        """Return who loses what without the service at a place."""
        circle, people = self.circle, self.circle.people
        first, second, nearest = self.two_nearest
        rest = np.where(nearest == place, second, first)
        after = until(rest, circle.result.requirement.at_least)
        lost: Flags = (self.walk <= self.limit) & (after > self.limit)
        farther: Flags = (after > self.walk) & (after < INF)
        extra = (after - self.walk)[farther] / PER_UNIT[circle.result.requirement.unit]
        moved = float(people[farther].sum())
        return {
            "lost": lost,
            "uncovered": people[lost].sum(),
            "by_group": self.groups[:, lost].sum(axis=1),
            "by_community": circle.assessment.origins.by_community(np.where(lost, people, 0.0)),
            "cut_off": people[(self.walk < INF) & (after >= INF)].sum(),
            "farther": moved,
            "mean_extra": safe_share(float((people[farther] * extra).sum()), moved),
        }
