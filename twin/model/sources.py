"""Where figures of a standard were read, and how sure that makes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from twin.language import Language, text

Words: TypeAlias = Mapping[str, str]
"""A text by short language name, ``{"en": ..., "zh": ...}``."""

Standing = Literal["own_text", "owner", "secondary", "unchecked"]
"""How a figure was checked: in what the standard's issuer published, by whoever owns the file, who
does not say where, in another public source, or not at all."""


MARKS: Mapping[Standing, str] = {"unchecked": "*", "secondary": "**", "owner": "", "own_text": ""}
"""Stands beside whatever rests on a figure that was not read in its issuer's own text."""


@dataclass(frozen=True)
class Source:
    """One entry of a standard's sources.

    Parameters
    ----------
    mark
        What rows call it, such as ``S6``.
    meaning
        What it is.
    own_text
        It is the standard itself or a publication of its issuer.
    """

    mark: str
    meaning: Words
    own_text: bool = False


def both(words: str | Words) -> Words:
    """Return a text in both languages; a plain text stands for both."""
    return {"en": words, "zh": words} if isinstance(words, str) else words


def cited(source: Words, known: Mapping[str, Source]) -> tuple[Source, ...]:
    """Return the sources whose marks a row's `source` names, in the order of `known`."""
    said = set(re.findall(r"\w+", source["en"]))
    return tuple(one for mark, one in known.items() if mark in said)


def cited_marks(words: str) -> list[str]:
    """Return what a row's `source` names as marks: a capital and a number, or a capital alone.

    Parts are set apart by commas and semicolons; remarks in brackets name nothing.
    """
    parts = re.split(r"[,;，；、]", re.sub(r"\([^)]*\)|（[^）]*）", "", words))
    found = (re.match(r"[A-Z]\d+[a-z]?\b|[A-Z]$", part.strip()) for part in parts)
    return [one[0] for one in found if one]


def standing(
    verified: bool, sources: tuple[Source, ...], read_in: tuple[Source, ...] = ()
) -> Standing:
    """Return how a figure was checked.

    Parameters
    ----------
    verified
        Somebody checked this very figure.
    sources
        What its row cites, for this figure or for any other.
    read_in
        Those of them in which this very figure was read; none where nobody says so. A figure that
        was checked nobody knows where is its issuer's if everything that is cited is, else it
        rests on the word of whoever owns the file.
    """
    if not verified:
        return "unchecked"
    if read_in:
        return "own_text" if any(one.own_text for one in read_in) else "secondary"
    return "own_text" if sources and all(one.own_text for one in sources) else "owner"


def standing_words(found: Standing, in_language: Language | None = None) -> str:
    """Return how a figure was checked, in words."""
    return text(f"standing.{found}", in_language)


def legend(found: Iterable[Standing], in_language: Language | None = None) -> tuple[str, ...]:
    """Return what those of :data:`MARKS` mean that occur among figures, a sentence each."""
    there = set(found)
    return tuple(
        text(f"standing.legend.{one}", in_language)
        for one, mark in MARKS.items()
        if mark and one in there
    )


def spelt_out(source: Words, sources: tuple[Source, ...]) -> Words:
    """Return a row's `source` with every mark replaced by what it means."""
    meanings = {one.mark: one.meaning for one in sources}

    def spelt(short: str) -> str:
        parts = re.split(r"([A-Za-z]+\d*)", source[short])
        return "".join(meanings[part][short] if part in meanings else part for part in parts)

    return {short: spelt(short) for short in source}
