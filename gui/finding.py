"""Finding by what a person types: part of a name, its pinyin, its initials, in any mix.

An index keeps each entry's words and how they sound; one pattern made of what was typed is laid
over all of them. ``sq``, ``sheq`` and ``shequ`` find 社区, as ``sp`` finds "Save picture".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twin.aside import Aside

Progress = Callable[[float], None]

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_STEP = 2000
"""Entries between two looks at whether the index is still wanted."""


@dataclass(frozen=True)
class Entry:
    """One thing that can be found.

    Parameters
    ----------
    title, detail
        Its name, and the softer line beside it.
    value
        What choosing it hands on.
    keys
        The shortcut that stands at its right end, "" for none.
    aliases
        Other names that find it.
    enabled
        Whether it can be chosen now.
    """

    title: str
    detail: str = ""
    value: object = None
    keys: str = ""
    aliases: tuple[str, ...] = ()
    enabled: bool = True


@dataclass(frozen=True)
class Index:
    """Entries with their words and sounds; `sounds` are empty until they were listened to."""

    entries: Sequence[Entry] = ()
    words: Sequence[str] = ()
    sounds: Sequence[str] = field(default=())


def make_index(
    entries: Sequence[Entry], progress: Progress | None = None, aside: Aside | None = None
) -> Index:
    """Return the index of entries, with sounds; loading the pinyin takes a moment the first time.

    Parameters
    ----------
    progress
        Is told the part done, 0 to 1; may raise to stop.
    aside
        Where to listen, for the pinyin's dictionary holds the interpreter while it loads; here
        where there is none. Where it is lost, things are found by their words alone.
    """
    names = [(entry.title, *entry.aliases) for entry in entries]
    told = progress or _silent
    if aside is None:
        return Index(entries, _words(entries), sounds_of(names, told))
    from twin.aside import AsideError

    try:
        return Index(entries, _words(entries), aside.do(partial(sounds_of, names), told))
    except AsideError:
        return index_of_words(entries)


def sounds_of(names: Sequence[tuple[str, ...]], progress: Progress) -> list[str]:
    """Return how each thing's names sound, a line each."""
    sounds: list[str] = []
    for number, own in enumerate(names):
        if number % _STEP == 0:
            progress(number / len(names))
        sounds.append("\n".join(map(sound, own)))
    return sounds


def _silent(_part: float) -> None:
    """Take no notice of progress."""


def index_of_words(entries: Sequence[Entry]) -> Index:
    """Return the index of entries by their words alone, which takes no time."""
    return Index(entries, _words(entries))


def _words(entries: Sequence[Entry]) -> list[str]:
    return ["\n".join((e.title, *e.aliases, e.detail)).casefold() for e in entries]


def search(index: Index, typed: str, most: int = 60) -> list[Entry]:
    """Return the entries that fit what was typed, the best first; all of them for nothing typed.

    A name that begins so goes before one that holds it, and that before one that sounds so.
    """
    wanted = typed.strip().casefold()
    if not wanted:
        return list(index.entries[:most])
    pattern = sound_pattern(wanted)
    ranked: list[tuple[int, int]] = []
    sounds = index.sounds or [""] * len(index.entries)
    for number, (words, heard) in enumerate(zip(index.words, sounds, strict=True)):
        rank = _rank(wanted, pattern, words, heard)
        if rank is not None:
            ranked.append((rank, number))
    return [index.entries[number] for _, number in sorted(ranked)[:most]]


def _rank(wanted: str, pattern: re.Pattern[str] | None, words: str, heard: str) -> int | None:
    if words.startswith(wanted):
        return 0
    if wanted in words:
        return 1
    found = pattern.search(heard) if pattern is not None else None
    if found is None:
        return None
    return 2 if found.start() == 0 else 3


@lru_cache(maxsize=100_000)
def sound(words: str) -> str:
    """Return how words sound: syllables and Latin words in small letters, an apostrophe after each.

    社区 is ``she'qu'``; "Save picture" is ``save'picture'``.
    """
    parts: list[str] = []
    for part in _WORD.findall(words.casefold()):
        if _CHINESE.match(part):
            from pypinyin import lazy_pinyin  # it loads a dictionary

            parts += lazy_pinyin(part)
        else:
            parts.append(part)
    return "".join(f"{part}'" for part in parts)


def sound_pattern(typed: str) -> re.Pattern[str] | None:
    """Return what finds typed letters in a sound; None where other than letters were typed.

    Each letter is the next of the syllable in hand or the first of the following one; spaces and
    apostrophes may stand between syllables.
    """
    letters = re.sub(r"[\s']", "", typed)
    if not re.fullmatch(r"[a-z0-9]+", letters):
        return None
    return re.compile(r"(?:^|(?<=['\n]))" + r"(?:[a-z0-9]*')?".join(letters))
