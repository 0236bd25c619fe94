"""The same requirement for different walkers: whose circle is how large."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from twin.arrays import Floats
from twin.assessment.assess import Assessment
from twin.assessment.scoring import Result, score
from twin.model.catalogues import walkers
from twin.standards import Requirement
from twin.walking.origins import Origins


@dataclass(frozen=True, eq=False)
class WalkerComparison:
    """One requirement as each of several walkers meets it.

    Parameters
    ----------
    requirement
        What is asked, with the walker of the standard.
    origins
        Where the walks begin.
    results
        The result for each walker, in the order in which they were named. The people are the same
        in all of them: those of the requirement's group.
    """

    requirement: Requirement
    origins: Origins
    results: Mapping[str, Result]

    @property
    def people(self) -> Floats:
        """People of the requirement's group by origin."""
        return self.origins.group(self.requirement.group)

    @property
    def covered_for_all(self) -> float:
        """People who are within the limit whichever of the walkers they are."""
        return float((self.people * np.minimum.reduce(self._parts())).sum())

    @property
    def covered_for_any(self) -> float:
        """People who are within the limit as at least one of the walkers."""
        return float((self.people * np.maximum.reduce(self._parts())).sum())

    def lost(self, walker: str, beside: str) -> float:
        """Return the people who are within the limit as `beside` walks, but not as `walker` does.

        Raises
        ------
        KeyError
            Where one of them was not compared.
        """
        gap = self.results[beside].covered_part - self.results[walker].covered_part
        return float((self.people * np.maximum(gap, 0.0)).sum())

    def median_walk(self, walker: str) -> float:
        """Return the walk that half of the people do not exceed, in the requirement's unit.

        inf where more than half are unreached; NaN where nothing was assessed.
        """
        cost, people = self.results[walker].cost, self.people
        if self.results[walker].status != "assessed":
            return float("nan")
        order = np.argsort(cost, kind="stable")
        upto = np.cumsum(people[order])
        return float(cost[order][np.searchsorted(upto, upto[-1] / 2)])

    def _parts(self) -> list[Floats]:
        return [result.covered_part for result in self.results.values()]


def compare_walkers(
    assessment: Assessment,
    requirement: str | Requirement,
    walker_ids: Sequence[str] = (),
    minutes: float | None = None,
) -> WalkerComparison:
    """Return how each walker meets a requirement, in the district and with the stairs assessed.

    Parameters
    ----------
    requirement
        One of the standard's, by its id, or any other.
    walker_ids
        Whom to compare; every walker known where none is named.
    minutes
        Ask for this many minutes instead of the requirement's own limit. A limit in metres is the
        same for all who pass the same streets; only time tells their paces apart.

    Raises
    ------
    KeyError
        Where there is no such requirement or walker.
    """
    wanted = requirement
    if isinstance(wanted, str):
        wanted = assessment.result(wanted).requirement
    if minutes is not None:
        wanted = replace(wanted, limit=minutes, unit="min")
    known = walkers()
    asked = [known[one].id for one in walker_ids or known]
    results = {
        one: score(
            assessment.district, assessment.origins, replace(wanted, walker=one), assessment.homes
        )
        for one in asked
    }
    return WalkerComparison(wanted, assessment.origins, results)
