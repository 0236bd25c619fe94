"""Opening hours: what is open on one day of the week at one time of day.

Hours are written as in OpenStreetMap or simply: ``06:00-22:00``, ``24/7``,
``Mo-Fr 08:00-18:00; Sa 09:00-12:00``, ``06:00-22:00; closed Sun``,
``周一至周五 08:00-17:30``. A later rule replaces the earlier ones on the days that it names;
rules about public or school holidays play no part.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.district import District
from twin.memo import Memo
from twin.network import Flags
from twin.tables import Table

DAY = 24 * 60
"""Minutes of a day."""

Week: TypeAlias = tuple[tuple[tuple[int, int], ...], ...]
"""Spans of minutes for each day from Monday; one past midnight ends after `DAY`."""

_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CHINESE = "一二三四五六日"
_CLOSED = r"(?:off|closed|关闭|休息|不开放|闭馆)"
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})\s*(?:-|–|—|~|～|至|到)\s*(\d{1,2})[:：](\d{2})")
_HOLIDAY = re.compile(r"\b(?:ph|sh)\b|节假日|寒暑假")
_ALWAYS: Week = (((0, DAY),),) * 7


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
        days = _days(found[1]) if found else None
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
        return f"{_NAMES[self.day][:2].title()} {self.clock}"


_at: Memo[Table] = Memo(16)


def at_clock(district: District, when: When) -> District:
    """Return the district with services, gates and streets closed that are not open then.

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


@cache
def week(hours: str) -> Week | None:
    """Return the spans of every day; None where the text says nothing that can be read."""
    lowered = hours.strip().lower()
    if not lowered:
        return None
    if lowered in ("24/7", "全天", "24小时"):
        return _ALWAYS
    days: list[tuple[tuple[int, int], ...]] = [()] * 7
    ruled = False
    for rule in filter(None, (part.strip() for part in re.split(r"[;；]", lowered))):
        if _HOLIDAY.search(rule):
            continue
        read = _rule(rule)
        if read is None:
            return None
        for day in read[0]:
            days[day] = read[1]
        ruled = True
    return tuple(days) if ruled else None


def _rule(rule: str) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]] | None:
    """Return the days that a rule is about, and their spans (none: closed)."""
    spans = tuple(_span(found) for found in _TIME.finditer(rule))
    if any(span is None for span in spans):
        return None
    named = _TIME.sub("", rule)
    closed = re.search(_CLOSED, named) is not None
    if closed == bool(spans):
        return None
    named = re.sub(_CLOSED, "", named).strip(" ,，、:：")
    days = _days(named) if named else tuple(range(7))
    if days is None:
        return None
    return days, tuple(span for span in spans if span is not None)


def _span(found: re.Match[str]) -> tuple[int, int] | None:
    hour, minute, last_hour, last_minute = map(int, found.groups())
    if max(minute, last_minute) > 59 or hour > 24 or last_hour > 48:
        return None
    begin, end = 60 * hour + minute, 60 * last_hour + last_minute
    return (begin, end if end > begin else end + DAY)


def _days(words: str) -> tuple[int, ...] | None:
    """Return the days that a list of days and spans of days names, None for other words."""
    days: list[int] = []
    for part in filter(None, re.split(r"[,，、\s]+", words.strip().lower())):
        ends = [_day(one) for one in re.split(r"[-–—~～至到]", part)]
        if not 1 <= len(ends) <= 2 or None in ends:
            return None
        first, last = ends[0], ends[-1]
        assert first is not None
        assert last is not None
        days += [day % 7 for day in range(first, last + (7 if last < first else 0) + 1)]
    return tuple(days) if days else None


def _day(word: str) -> int | None:
    """Return the number of a day: ``Mo``, ``Mon``, ``Monday``, ``周一``, ``星期天``."""
    chinese = re.fullmatch(r"(?:周|星期|礼拜)?([一二三四五六日天])", word)
    if chinese:
        return _CHINESE.index(chinese[1].replace("天", "日"))
    if len(word) < 2:
        return None
    return next((day for day, name in enumerate(_NAMES) if name.startswith(word)), None)


def _holds(known: Week, when: When) -> bool:
    return any(
        begin <= when.minute + late < end
        for late in (0, DAY)
        for begin, end in known[(when.day - late // DAY) % 7]
    )


def _close(table: Table, when: When) -> Table:
    holds = open_then(table["hours"], when)
    return table.with_columns(
        {"status": np.where(holds, table["status"].astype(str), "closed").astype(object)}
    )
