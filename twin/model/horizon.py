"""A district as it will be, or is at one hour: what of it counts as there, and who lives there."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np

from layers.schema import SERVICE_STATUSES
from twin.memo import Memo
from twin.model.district import District
from twin.model.forecast import Forecast, with_forecast
from twin.model.growth import Growth, with_growth
from twin.model.hours import When, at_clock
from twin.model.tables import Table

TODAY: frozenset[str] = frozenset({"open"})
"""What counts unless somebody asks for another horizon."""

_services: Memo[Table] = Memo(16)


def at_horizon(district: District, statuses: Set[str] = TODAY) -> District:
    """Return the district with services of these statuses open and all others closed.

    Everything that reads a district then agrees on what is there, with no further switch.

    Parameters
    ----------
    statuses
        Of :data:`layers.schema.SERVICE_STATUSES`; ``{"open", "planned"}`` is a district after
        what is planned has been built.

    Raises
    ------
    ValueError
        Where a status is none of these.
    """
    if unknown := set(statuses) - set(SERVICE_STATUSES):
        raise ValueError(f"no status of a service: {', '.join(sorted(unknown))}")
    if statuses == TODAY:
        return district
    services, key = district.services, tuple(sorted(statuses))
    return district.with_table(_services.get((services,), lambda: _open(services, key), key))


class HorizonError(ValueError):
    """Years that contradict each other; `key` and `facts` name the text for the user."""

    def __init__(self, phase: int, people: int) -> None:
        super().__init__(f"phases until {phase}, people of {people}")
        self.key = "years_differ"
        self.facts: Mapping[str, str] = {"phase": str(phase), "people": str(people)}


@dataclass(frozen=True)
class Horizon:
    """What an assessment looks at.

    Parameters
    ----------
    statuses
        Services of these statuses count as there.
    when
        Day and hour; None: opening hours play no part.
    growth
        The people of another year, by factors or as the data states them; None: those of today.
    phase
        The year of the scenario's phases; None: the district with all of its edits. It only
        says so: whoever applies the edits leaves out the later ones (:mod:`twin.model.phases`).

    Raises
    ------
    HorizonError
        Where the people are of another year than the phases: a district that never is.
    """

    statuses: frozenset[str] = TODAY
    when: When | None = None
    growth: Growth | Forecast | None = None
    phase: int | None = None

    def __post_init__(self) -> None:
        if self.growth is not None and self.phase not in (None, self.growth.year):
            assert self.phase is not None
            raise HorizonError(self.phase, self.growth.year)

    def of(self, district: District) -> District:
        """Return the district as it is then; nothing else has to know of the horizon.

        Raises
        ------
        ValueError
            Where a status is none of :data:`layers.schema.SERVICE_STATUSES`.
        """
        there = at_horizon(district, self.statuses)
        if self.when is not None:
            there = at_clock(there, self.when)
        if isinstance(self.growth, Forecast):
            return with_forecast(there, self.growth)
        return there if self.growth is None else with_growth(there, self.growth)


NOW = Horizon()


def _open(services: Table, statuses: tuple[str, ...]) -> Table:
    there = np.isin(services["status"].astype(str), statuses)
    return services.with_columns({"status": np.where(there, "open", "closed").astype(object)})
