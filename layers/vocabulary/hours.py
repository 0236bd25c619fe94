"""Opening hours as they are written: rules for days of the week and times of day.

They are written as in OpenStreetMap or simply: ``06:00-22:00``, ``24/7``,
``Mo-Fr 08:00-18:00; Sa 09:00-12:00``, ``06:00-22:00; closed Sun``,
``周一至周五 08:00-17:30``, ``每天7：00—21：00``, ``工作日 上午8点半至12点``, ``周末 24小时``.
Letters and digits of full width are read as the plain ones. A later rule replaces the earlier
ones on the days that it names; one after a comma adds hours to those of a day that it does not
meet. Rules about public or school holidays alone play no part.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
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
_SEVERAL: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(("每天", "每日", "天天", "daily", "everyday"), tuple(range(7))),
    **dict.fromkeys(("工作日", "weekdays", "workdays"), tuple(range(5))),
    **dict.fromkeys(("周末", "双休日", "weekend", "weekends"), (5, 6)),
}
"""Words that name several days of the week."""

_TO = r"[-‐-―−─~〜至到]+"
"""Between two times or days; hyphens and dashes are often doubled."""
_CLOSED_AFTER = r"(?:关闭|休息|不开放|闭馆)"
_CLOSED = rf"(?:off|closed|{_CLOSED_AFTER})"
_ALL_DAY = r"(?:24/7|全天候?|24\s*小时)"
_NOON = r"(?:(上午|早上|早晨|早|凌晨|下午|晚上|晚)\s*)?"
_CLOCK = rf"{_NOON}(\d{{1,2}}):(\d{{2}})"
_TIME = re.compile(rf"{_CLOCK}\s*{_TO}\s*{_CLOCK}")
_OCLOCK = re.compile(r"(\d{1,2})[点时](?:(半)|(\d{1,2})分?)?")
_HERE = "\0"
_SAID_OF_COURSE = re.compile(r"(?:营业|开放|服务|工作|办公)时间|营业|开放|服务")
"""What hours are hours of."""

_DAY_WORD = rf"(?:{'|'.join(_SEVERAL)}|周|星期|礼拜|(?:mo|tu|we|th|fr|sa|su)[a-z]*\b)"
_HOURS_END = rf"(?:\d|小时|全天|off|{_CLOSED_AFTER})"
_NEXT_DAYS = re.compile(rf"({_HOURS_END})\s*,\s*(?={_DAY_WORD}|(?:法定)?节假日)")
_NEXT_DAYS_LOOSELY = re.compile(rf"({_HOURS_END})[,、\s]+(?={_DAY_WORD}|(?:法定)?节假日)")
"""Where hours end and other days begin: ``周一至周五8:00-18:00，周六9:00-12:00``."""
_WITH_HOLIDAYS = re.compile(
    r",\s*(?:ph|sh)\b|\b(?:ph|sh)\s*,|[,、及和与]\s*(?:法定)?节假日|(?:法定)?节假日\s*[,、及和与]"
)
"""Holidays among weekdays, which say of the weekdays what they say of the holidays."""
_HOLIDAY = re.compile(r"\b(?:ph|sh)\b|节假日|寒暑假")
_Spans: TypeAlias = tuple[tuple[int, int], ...]


@cache
def week(hours: str) -> Week | None:
    """Return the spans of every day; None where the text says nothing that can be read."""
    days: list[_Spans] = [()] * 7
    ruled = False
    for block in re.split(r"[;()\n]", _plain(hours)):
        for adds, rule in enumerate(_rules(block.strip())):
            of_weekdays = _WITH_HOLIDAYS.sub("", rule)
            if _HOLIDAY.search(of_weekdays):
                continue
            read = _rule(of_weekdays)
            if read is None:
                return None
            for day in read[0]:
                days[day] = _joined(days[day], read[1]) if adds else read[1]
            ruled = True
    return tuple(days) if ruled else None


def _rules(block: str) -> list[str]:
    """Return the rules of a text that runs on from the hours of some days to other days."""
    if not re.search(rf"{_HOURS_END}$", block):
        return [block] if block else []
    between = _NEXT_DAYS_LOOSELY if re.match(_DAY_WORD, block) else _NEXT_DAYS
    return between.sub(r"\1\n", block).split("\n")


def _plain(words: str) -> str:
    """Return words in small letters of plain width, times with a colon."""
    plain = unicodedata.normalize("NFKC", words).strip().lower().replace("∶", ":")
    return _OCLOCK.sub(lambda t: f"{t[1]}:{30 if t[2] else int(t[3] or 0):02d}", plain)


def _joined(known: _Spans, more: _Spans) -> _Spans:
    """Return both spans where they do not meet, else the later ones."""
    meet = any(begin < last and first < end for begin, end in known for first, last in more)
    return more if meet or not more else (*known, *more)


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


def _rule(rule: str) -> tuple[tuple[int, ...], _Spans] | None:
    """Return the days that a rule is about, and their spans (none: closed)."""
    spans = tuple(_span(found) for found in _TIME.finditer(rule))
    if any(span is None for span in spans):
        return None
    words = _SAID_OF_COURSE.sub("", re.sub(_CLOSED, _HERE, _TIME.sub(_HERE, rule)))
    words, always = re.subn(_ALL_DAY, _HERE, words)
    closed = re.search(_CLOSED, rule) is not None
    if closed + bool(spans) + bool(always) != 1:
        return None
    named = [part for part in (one.strip(" ,、:及和与") for one in words.split(_HERE)) if part]
    if len(named) > 1:  # hours of some days and then of others
        return None
    days = days_named(named[0]) if named else tuple(range(7))
    if days is None:
        return None
    return days, ((0, DAY),) if always else tuple(span for span in spans if span is not None)


def _span(found: re.Match[str]) -> tuple[int, int] | None:
    half, hour, minute, last_half, last_hour, last_minute = found.groups()
    begin = _minute(half, int(hour), int(minute))
    end = _minute(last_half or half, int(last_hour), int(last_minute))
    if max(int(minute), int(last_minute)) > 59 or begin > 24 * 60 + 59 or end > 48 * 60 + 59:
        return None
    return (begin, end if end > begin else end + DAY)


def _minute(half: str | None, hour: int, minute: int) -> int:
    """Return the minute of a time of which half of the day may be named: ``下午2:00`` is 14:00."""
    late = half in ("下午", "晚上", "晚")
    if late and hour == 12 and half != "下午":
        hour = 24
    return 60 * (hour + (12 if late and hour < 12 else 0)) + minute


def days_named(words: str) -> tuple[int, ...] | None:
    """Return the days that a list of days and spans of days names, None for other words."""
    days: list[int] = []
    for part in filter(None, re.split(r"[,、及和与\s]+", _plain(words))):
        ends = [_days(one) for one in re.split(_TO, part)]
        if len(ends) == 1:
            days += ends[0]
        if not ends[0] or len(ends) > 2 or (len(ends) == 2 and [len(e) for e in ends] != [1, 1]):
            return None
        if len(ends) == 2:
            first, last = ends[0][0], ends[1][0]
            days += [day % 7 for day in range(first, last + (7 if last < first else 0) + 1)]
    return tuple(days) if days else None


def _days(word: str) -> tuple[int, ...]:
    """Return the days of a word: ``Mo``, ``Monday``, ``星期天``, ``周末``, ``周六日``."""
    if word in _SEVERAL:
        return _SEVERAL[word]
    chinese = re.fullmatch(r"(?:周|星期|礼拜)?([一二三四五六日天]+)", word)
    if chinese:
        return tuple(_CHINESE.index(day) for day in chinese[1].replace("天", "日"))
    if len(word) < 2:
        return ()
    return tuple(day for day, name in enumerate(_NAMES) if name.startswith(word))
