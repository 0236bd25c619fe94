"""Opening hours as they are written: rules for days of the week and times of day.

They are written as in OpenStreetMap or simply: ``06:00-22:00``, ``24/7``,
``Mo-Fr 08:00-18:00; Sa 09:00-12:00``, ``06:00-22:00; closed Sun``,
``周一至周五 08:00-17:30``. A later rule replaces the earlier ones on the days that it names;
rules about public or school holidays alone play no part.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

DAY = 24 * 60
"""Minutes of a day."""

Week: TypeAlias = tuple[tuple[tuple[int, int], ...], ...]
"""Spans of minutes for each day from Monday; one past midnight ends after `DAY`."""

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
"""As OpenStreetMap writes them, Monday first."""

_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CHINESE = "一二三四五六日"
_CLOSED = r"(?:off|closed|关闭|休息|不开放|闭馆)"
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})\s*(?:-|–|—|~|～|至|到)\s*(\d{1,2})[:：](\d{2})")
_WITH_HOLIDAYS = re.compile(r",\s*(?:ph|sh)\b|\b(?:ph|sh)\s*,")
"""Holidays among weekdays, which say of the weekdays what they say of the holidays."""
_HOLIDAY = re.compile(r"\b(?:ph|sh)\b|节假日|寒暑假")
_ALWAYS: Week = (((0, DAY),),) * 7


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
        of_weekdays = _WITH_HOLIDAYS.sub("", rule)
        if _HOLIDAY.search(of_weekdays):
            continue
        read = _rule(of_weekdays)
        if read is None:
            return None
        for day in read[0]:
            days[day] = read[1]
        ruled = True
    return tuple(days) if ruled else None


def hours_beside(known: Week) -> str:
    """Return, as OpenStreetMap writes them, the hours at which `known` does not hold."""
    shut = np.zeros(7 * DAY, np.bool_)
    for day, spans in enumerate(known):
        for begin, end in spans:
            shut[np.arange(day * DAY + begin, day * DAY + end) % len(shut)] = True
    of_day = [_written(~shut[day * DAY : (day + 1) * DAY]) for day in range(7)]
    if len(set(of_day)) == 1:
        return of_day[0]
    names = {
        spans: ",".join(name for name, of in zip(WEEKDAYS, of_day, strict=True) if of == spans)
        for spans in of_day
    }
    return "; ".join(f"{days} {spans}" for spans, days in names.items())


def _written(open_: NDArray[np.bool_]) -> str:
    """Write out the spans of a day from its minutes."""
    turns = np.flatnonzero(np.diff(np.r_[False, open_, False]))
    clock = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in turns.tolist()]
    spans = zip(clock[::2], clock[1::2], strict=True)
    return ",".join(f"{begin}-{end}" for begin, end in spans) or "off"


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
    days = days_named(named) if named else tuple(range(7))
    if days is None:
        return None
    return days, tuple(span for span in spans if span is not None)


def _span(found: re.Match[str]) -> tuple[int, int] | None:
    hour, minute, last_hour, last_minute = map(int, found.groups())
    if max(minute, last_minute) > 59 or hour > 24 or last_hour > 48:
        return None
    begin, end = 60 * hour + minute, 60 * last_hour + last_minute
    return (begin, end if end > begin else end + DAY)


def days_named(words: str) -> tuple[int, ...] | None:
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
