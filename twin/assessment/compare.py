"""What changes for whom between two assessments by the same standard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from twin.arrays import Floats, Ints
from twin.assessment.assess import Assessment, Result
from twin.assessment.communities import counted_in
from twin.assessment.full_circle import asked_columns, people_inside
from twin.model.catalogues import groups
from twin.walking.demand import PARTITION, group_columns, group_people
from twin.walking.origins import Origins


@dataclass(frozen=True, eq=False)
class RequirementChange:
    """One requirement before and after.

    Parameters
    ----------
    requirement_id
        Of both assessments.
    before, after
        Its results.
    gained, lost
        People of its group who are newly covered, and who no longer are.
    by_community
        Covered people before and after by row of the communities; the last is outside them all.
    gained_by_community, lost_by_community
        People of its group newly covered, and no longer, by row of the communities likewise.
    gained_by_group, lost_by_group
        The same of every group of residents, whether or not the requirement is about them.
    """

    requirement_id: str
    before: Result
    after: Result
    gained: float
    lost: float
    by_community: tuple[Floats, Floats]
    gained_by_community: Floats
    lost_by_community: Floats
    gained_by_group: Mapping[str, float]
    lost_by_group: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two assessments side by side.

    Parameters
    ----------
    before, after
        What is compared.
    changes
        One for each requirement that is assessed in both, in the standard's order.
    full_circle
        Covered residents in full circle before and after, by group.
    full_circle_by_community
        The same by row of the communities table of `after`; the last is outside them all.
    people_by_community
        People who are newly covered in at least one requirement that asks for them, and who no
        longer are, by row likewise. Each counts once, however many requirements it is.
    """

    before: Assessment
    after: Assessment
    changes: tuple[RequirementChange, ...]
    full_circle: Mapping[str, tuple[float, float]]
    full_circle_by_community: tuple[Floats, Floats]
    people_by_community: tuple[Floats, Floats]

    @property
    def gained(self) -> float:
        """Newly covered people, summed over the requirements: one may count several times."""
        return sum(change.gained for change in self.changes)

    @property
    def lost(self) -> float:
        """People no longer covered, summed likewise."""
        return sum(change.lost for change in self.changes)

    @cached_property
    def circle_moved(self) -> Mapping[str, tuple[float, float]]:
        """People who are newly in full circle, and who no longer are, by group.

        Gains and losses elsewhere do not make up for each other, as in a requirement's. Nobody
        where either side asks for nothing, for then nothing is known of it.
        """
        before, after = self.before, self.after
        if not (before.full_circle.asked and after.full_circle.asked):
            return dict.fromkeys(groups(), (0.0, 0.0))
        places = _matched(before.origins, after.origins)
        was, now = _circle_parts(before), _circle_parts(after)
        winners = after.origins.people * np.maximum(now - _there(was, places[1]), 0.0)
        losers = before.origins.people * np.maximum(was - _there(now, places[0]), 0.0)
        return {
            g: (float(group_people(winners, g).sum()), float(group_people(losers, g).sum()))
            for g in groups()
        }


def compare(before: Assessment, after: Assessment) -> Comparison:
    """Return who gains and who loses from `before` to `after`.

    Homes are the same where building and entrance are; people of a home that is only in one of
    them gain or lose what it has there. Requirements are matched by id, and what stands by
    community is counted in the communities of `after`.
    """
    before = counted_in(before, after.district)
    known = {result.requirement.id: result for result in before.results}
    places = _matched(before.origins, after.origins)
    changes = tuple(
        _change(before.origins, after.origins, known[result.requirement.id], result, places)
        for result in after.results
        if result.requirement.id in known
        and "not_assessed" not in (result.status, known[result.requirement.id].status)
    )
    circle = {
        group: (before.full_circle.by_group[group][0], after.full_circle.by_group[group][0])
        for group in groups()
    }
    communities = before.full_circle.by_community[0], after.full_circle.by_community[0]
    asked = [change.after.requirement.group for change in changes]
    was = [change.before.covered_part for change in changes]
    now = [change.after.covered_part for change in changes]
    people = (
        _newly(after.origins, asked, [_there(part, places[1]) for part in was], now),
        _newly(before.origins, asked, [_there(part, places[0]) for part in now], was),
    )
    return Comparison(before, after, changes, circle, communities, people)


def _matched(before: Origins, after: Origins) -> tuple[Ints, Ints]:
    """Return for each origin its position on the other side, -1 where it is not there."""
    if before is after:
        same = np.arange(len(before))
        return same, same
    keys = [
        list(zip(o.building_id.tolist(), o.entrance_id.tolist(), strict=True))
        for o in (before, after)
    ]
    of = [{key: place for place, key in enumerate(side)} for side in keys]
    forth = np.array([of[1].get(key, -1) for key in keys[0]], np.int64)
    back = np.array([of[0].get(key, -1) for key in keys[1]], np.int64)
    return forth, back


def _change(
    before: Origins, after: Origins, old: Result, new: Result, places: tuple[Ints, Ints]
) -> RequirementChange:
    lost = np.maximum(old.covered_part - _there(new.covered_part, places[0]), 0.0)
    gained = np.maximum(new.covered_part - _there(old.covered_part, places[1]), 0.0)
    losers, winners = before.people * lost[:, None], after.people * gained[:, None]
    group = new.requirement.group
    return RequirementChange(
        new.requirement.id,
        old,
        new,
        float(group_people(winners, group).sum()),
        float(group_people(losers, group).sum()),
        (old.by_community[0], new.by_community[0]),
        after.by_community(group_people(winners, group)),
        before.by_community(group_people(losers, group)),
        {g: float(group_people(winners, g).sum()) for g in groups()},
        {g: float(group_people(losers, g).sum()) for g in groups()},
    )


def _newly(
    origins: Origins, asked: Sequence[str], without: Sequence[Floats], within: Sequence[Floats]
) -> Floats:
    """Return the people covered by one more of some requirements, each once, by community.

    Parameters
    ----------
    asked
        The group of each requirement.
    without, within
        The part of each origin's people that was covered, and is, of each requirement. Those are
        the lowest storeys, so what lies between is newly covered.
    """
    people = np.zeros(len(origins))
    for column in range(PARTITION):
        which = [i for i, group in enumerate(asked) if column in group_columns(group)]
        if not which:
            continue
        low = np.stack([without[i] for i in which])
        high = np.maximum(np.stack([within[i] for i in which]), low)
        low = np.where(high > low, low, high)
        order = np.argsort(low, axis=0, kind="stable")
        low, high = (np.take_along_axis(part, order, axis=0) for part in (low, high))
        reached = np.maximum.accumulate(high, axis=0)
        already = np.vstack([np.zeros(len(origins)), reached[:-1]])
        united = np.maximum(high - np.maximum(low, already), 0.0).sum(axis=0)
        people += origins.people[:, column] * united
    return origins.by_community(people)


def _circle_parts(assessment: Assessment) -> Floats:
    """Return which part of the people of each origin and column is in full circle."""
    asks = [(one.group, one.part) for one in assessment.asked_for]
    inside = people_inside(np.ones_like(assessment.origins.people), asks)
    parts: Floats = inside * asked_columns([group for group, _ in asks])
    return parts


def _there(part: Floats, place: Ints) -> Floats:
    """Return the other side's covered parts at these places, 0 where there is none."""
    found = np.zeros((len(place), *part.shape[1:]))
    found[place >= 0] = part[place[place >= 0]]
    return found
