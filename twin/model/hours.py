"""Opening hours: what is open on one day of the week at one time of day.

How hours are written stands in :mod:`layers.vocabulary.hours`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.vocabulary.hours import DAY, WEEKDAYS, Week, days_named, week
from twin.arrays import Flags
from twin.memo import Memo
from twin.model.district import District
from twin.model.tables import Table


class HoursError(ValueError):
    """A day and time that cannot be read; `key` and `facts` name the text for the user."""

    def __init__(self, given: str) -> None:
        super().__init__(f"no day and time: {given}")
        self.key = "no_clock_time"
        self.facts: Mapping[str, str] = {"given": given}


@dataclass(frozen=True)
class When:
    """A minute of the week: `day` 0 is Monday, `minute` counts from midnight."""

    day: int
    minute: int

    @classmethod
    def parse(cls, given: str) -> When:
        """Return what ``Tu 10:30`` or ``周二 10:30`` says.

        Raises
        ------
        HoursError
            Where it names no day, or no time of day.
        """
        found = re.fullmatch(r"\s*(\D+?)\s*(\d{1,2})[:：](\d{2})\s*", given)
        days = days_named(found[1]) if found else None
        if found is None or days is None or len(days) != 1:
            raise HoursError(given)
        minute = 60 * int(found[2]) + int(found[3])
        if minute >= DAY or int(found[3]) > 59:
            raise HoursError(given)
        return cls(days[0], minute)

    @property
    def clock(self) -> str:
        """The time of day, such as ``09:05``."""
        return f"{self.minute // 60:02d}:{self.minute % 60:02d}"

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.day]} {self.clock}"


SHUT = "shut"
"""Status of a service that is in use, but not open at the hour that is looked at."""

_at: Memo[Table] = Memo(16)


def at_clock(district: District, when: When) -> District:
    """Return the district with services shut, gates and streets closed that are not open then.

    What states no hours, or none that can be read, keeps its status.
    """
    for table in (district.services, district.streets):
        if (table["hours"] != "").any():
            inputs = (table,)
            closed = _at.get(inputs, lambda table=table: _close(table, when), when)  # type: ignore[misc]
            district = district.with_table(closed)
    return district


def unreadable(table: Table) -> NDArray[np.int64]:
    """Return the ids of features whose hours cannot be read."""
    texts, of_row = np.unique(table["hours"].astype(str), return_inverse=True)
    bad = np.array([text != "" and week(text) is None for text in texts.tolist()], bool)
    found: NDArray[np.int64] = table.ids[bad[of_row]]
    return found


def open_then(texts: NDArray[Any], when: When) -> Flags:
    """Return which of some hours hold then; unknown and unreadable ones do."""
    kinds, of_row = np.unique(texts.astype(str), return_inverse=True)
    known = [week(text) for text in kinds.tolist()]
    holds = np.array([one is None or _holds(one, when) for one in known], bool)
    return holds[of_row]


def _holds(known: Week, when: When) -> bool:
    return any(
        begin <= when.minute + late < end
        for late in (0, DAY)
        for begin, end in known[(when.day - late // DAY) % 7]
    )


def _close(table: Table, when: When) -> Table:
    holds, status = open_then(table["hours"], when), table["status"].astype(str)
    if table.role == "services":  # what is planned or given up is so at every hour
        status = np.where(~holds & (status == "open"), SHUT, status)
    else:
        status = np.where(holds, status, "closed")
    return table.with_columns({"status": status.astype(object)})
