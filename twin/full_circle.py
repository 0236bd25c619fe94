"""Full circle: residents who have every service around them that shall be there for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from twin.catalogues import groups
from twin.demand import PARTITION, PEOPLE, group_columns, sums
from twin.network import Floats
from twin.origins import Origins


@dataclass(frozen=True, eq=False)
class FullCircle:
    """Residents who meet every "shall" requirement that applies to their group.

    A resident is asked for the requirements of each group that the resident's age band belongs to.
    People with disabilities, who are counted across the bands, are asked for those of their own
    group and of everybody.

    Parameters
    ----------
    asked
        How many requirements were asked for; where it is 0 every share is NaN.
    covered, total, share
        Residents in full circle, all residents, and their quotient.
    by_group
        The same by group.
    by_community
        Covered and total residents by row of the communities table; the last is outside them all.
    by_origin
        Residents in full circle by origin.
    by_building
        Residents in full circle, and all, by row of the buildings table.
    """

    asked: int
    covered: float
    total: float
    share: float
    by_group: Mapping[str, tuple[float, float, float]]
    by_community: tuple[Floats, Floats]
    by_origin: Floats
    by_building: tuple[Floats, Floats]


def full_circle(origins: Origins, met: Sequence[tuple[str, Floats]]) -> FullCircle:
    """Return who is in full circle.

    Parameters
    ----------
    met
        For each requirement that is asked: its group, and which part of each origin's people meets
        it, 0 to 1. Those are the people on the lowest storeys, so of several requirements the least
        part meets them all.
    """
    inside = people_inside(origins, met)
    full = inside[:, :PARTITION].sum(axis=1)
    everyone = origins.people[:, :PARTITION].sum(axis=1)
    community = origins.by_community(full), origins.by_community(everyone)
    rows, count = origins.building_row, len(origins.demand.people)
    building = sums(rows, full, count), sums(rows, everyone, count)
    columns = inside.sum(axis=0), origins.people.sum(axis=0)
    by_group = {group: _figures(*columns, group, len(met)) for group in groups()}
    covered, total, share = by_group["all"]
    return FullCircle(len(met), covered, total, share, by_group, community, full, building)


def people_inside(origins: Origins, met: Sequence[tuple[str, Floats]]) -> Floats:
    """Return the people in full circle by origin and column of :data:`twin.demand.PEOPLE`.

    Parameters
    ----------
    met
        As for :func:`full_circle`; where nothing is asked nobody is inside.
    """
    inside = np.zeros_like(origins.people)
    asked = [(who_is_asked(group), part) for group, part in met]
    meets: dict[tuple[int, ...], Floats] = {}
    for column in range(len(PEOPLE)) if met else ():
        which = tuple(i for i, (columns, _) in enumerate(asked) if column in columns)
        if which not in meets:  # several age bands are asked for the same
            parts = [asked[i][1] for i in which]
            meets[which] = np.minimum.reduce(parts) if parts else np.ones(len(origins))
        np.multiply(origins.people[:, column], meets[which], out=inside[:, column])
    return inside


def who_is_asked(group: str) -> tuple[int, ...]:
    """Return the people's columns to whom a requirement of `group` applies."""
    columns = group_columns(group)
    disabled = PEOPLE.index("disabled")
    return (*columns, disabled) if set(range(PARTITION)) <= set(columns) else columns


def _figures(inside: Floats, people: Floats, group: str, asked: int) -> tuple[float, float, float]:
    """Return covered, all and their quotient of a group, from sums by column."""
    columns = list(group_columns(group))
    covered, total = float(inside[columns].sum()), float(people[columns].sum())
    return covered, total, covered / total if asked and total > 0 else float("nan")
