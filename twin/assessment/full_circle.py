"""Full circle: residents who have every service around them that shall be there for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from twin.arrays import Flags, Floats
from twin.model.catalogues import groups
from twin.walking.demand import PARTITION, PEOPLE, group_columns, sums
from twin.walking.origins import Origins


@dataclass(frozen=True, eq=False)
class FullCircle:
    """Residents who meet every "shall" requirement that applies to their group.

    A resident is asked for the requirements of each group that the resident's age band belongs to.
    People with disabilities, who are counted across the bands, are asked for those of their own
    group and of everybody. Of those for whom nothing is asked full circle says nothing: they count
    neither among those inside nor among all.

    Parameters
    ----------
    asked
        How many requirements were asked for; where it is 0 every share is NaN.
    covered, total, share
        Residents in full circle, all residents for whom something is asked, and their quotient.
    by_group
        The same by group.
    by_community
        Covered and total residents by row of the communities table; the last is outside them all.
    by_origin
        Residents in full circle by origin.
    by_building
        Residents in full circle, and all for whom something is asked, by row of the buildings.
    unasked
        Residents for whom nothing is asked, by group; nobody where no requirement was asked at all.
    of_origin
        Residents for whom something is asked, by origin.
    more, more_by_group
        Residents outside it of whom it is not known that they are: all that they lack rests on
        figures that are lower bounds. By origin, and by group. Where there are any, a share is a
        lower bound itself.
    """

    asked: int
    covered: float
    total: float
    share: float
    by_group: Mapping[str, tuple[float, float, float]]
    by_community: tuple[Floats, Floats]
    by_origin: Floats
    by_building: tuple[Floats, Floats]
    unasked: Mapping[str, float]
    of_origin: Floats
    more: Floats
    more_by_group: Mapping[str, float]

    def at_least(self, group: str = "all") -> bool:
        """Whether the share of a group is known, and may be more: it reads "≥"."""
        return self.asked > 0 and self.more_by_group[group] > 0


def full_circle(
    origins: Origins,
    met: Sequence[tuple[str, Floats]],
    possible: Sequence[tuple[str, Floats]] | None = None,
) -> FullCircle:
    """Return who is in full circle.

    Parameters
    ----------
    met
        For each requirement that is asked: its group, and which part of each origin's people meets
        it, 0 to 1. Those are the people on the lowest storeys, so of several requirements the least
        part meets them all.
    possible
        The same with the part that may meet each for all that is known; `met` where None.
    """
    asked = asked_columns([group for group, _ in met])
    inside = people_inside(origins.people, met)
    besides = _besides(origins.people, inside, met, possible or met) * asked
    inside, people = inside * asked, origins.people * asked
    full, everyone = (counts[:, :PARTITION].sum(axis=1) for counts in (inside, people))
    community = origins.by_community(full), origins.by_community(everyone)
    rows, count = origins.building_row, len(origins.demand.people)
    building = sums(rows, full, count), sums(rows, everyone, count)
    columns = inside.sum(axis=0), people.sum(axis=0)
    by_group = {group: _figures(*columns, group, len(met)) for group in groups()}
    covered, total, share = by_group["all"]
    rest = (origins.people * ~asked).sum(axis=0)
    unasked = {group: float(rest[list(group_columns(group))].sum()) for group in groups()}
    more = besides.sum(axis=0)
    return FullCircle(
        len(met),
        covered,
        total,
        share,
        by_group,
        community,
        full,
        building,
        unasked,
        everyone,
        besides[:, :PARTITION].sum(axis=1),
        {group: float(more[list(group_columns(group))].sum()) for group in groups()},
    )


def _besides(
    people: Floats,
    inside: Floats,
    met: Sequence[tuple[str, Floats]],
    possible: Sequence[tuple[str, Floats]],
) -> Floats:
    """Return the people who are not inside and may be, by origin and column."""
    unsure = np.zeros(len(people), bool)
    for (_, part), (_, most) in zip(met, possible, strict=True):
        unsure |= most > part
    if 2 * np.count_nonzero(unsure) > len(people):
        return people_inside(people, possible) - inside
    found = np.zeros_like(people)
    rows = np.flatnonzero(unsure)  # few, as a rule: those by the edge of the map
    if len(rows):
        then = people_inside(people[rows], [(group, part[rows]) for group, part in possible])
        found[rows] = then - inside[rows]
    return found


def asked_columns(wanted: Iterable[str]) -> Flags:
    """Return for which columns of :data:`twin.walking.demand.PEOPLE` anything is asked.

    Parameters
    ----------
    wanted
        The groups of the requirements; where there are none, what is asked is not known.
    """
    asked = [column for group in wanted for column in who_is_asked(group)]
    found = np.full(len(PEOPLE), not asked)
    found[asked] = True
    return found


def people_inside(people: Floats, met: Sequence[tuple[str, Floats]]) -> Floats:
    """Return those of some people who are in full circle.

    Parameters
    ----------
    people
        By origin and column of :data:`twin.walking.demand.PEOPLE`; so is what is returned.
    met
        As for :func:`full_circle`; where nothing is asked nobody is inside. Who is asked for
        nothing, while others are, lacks nothing.
    """
    inside = np.zeros_like(people)
    asked = [(who_is_asked(group), part) for group, part in met]
    meets: dict[tuple[int, ...], Floats] = {}
    for column in range(len(PEOPLE)) if met else ():
        which = tuple(i for i, (columns, _) in enumerate(asked) if column in columns)
        if which not in meets:  # several age bands are asked for the same
            parts = [asked[i][1] for i in which]
            meets[which] = np.minimum.reduce(parts) if parts else np.ones(len(people))
        np.multiply(people[:, column], meets[which], out=inside[:, column])
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
