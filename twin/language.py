"""Texts in Chinese and English, by key.

Catalogues are the TOML files in the ``texts`` folders of `twin` and `gui`: a table for each key
with ``en`` and ``zh``. Placeholders are names in braces, filled from keyword facts. English words
that depend on a number stand beside it, for one and for any other:
``{count} {count:street was|streets were} cut``. Whole numbers of what is counted have their digits
in groups of three.
"""

from __future__ import annotations

import locale
import os
import sys
import tomllib
from collections.abc import Mapping
from errno import errorcode
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal

Language = Literal["zh_CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh_CN", "en")

_FOLDERS: list[Path] = [Path(__file__).parent / "texts"]
_current: Language = "en"


def add_catalogue(folder: Path) -> None:
    """Read the catalogues of one more folder (a package above brings its own)."""
    if folder not in _FOLDERS:
        _FOLDERS.append(folder)
        catalogue.cache_clear()


def set_language(language: Language) -> None:
    """Choose the language of every text from now on."""
    global _current  # one process speaks one language at a time
    _current = language


def language() -> Language:
    """Return the language in use."""
    return _current


def system_language(
    environment: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> Language:
    """Return Chinese where the user's system speaks Chinese, else English.

    Outside Windows the environment says what it speaks, in the order of GNU gettext: a desktop may
    be Chinese though the C library has no such locale (WSL, containers).
    """
    named = () if platform == "win32" else _named_languages(environment)
    for name in named or (locale.getlocale()[0] or "",):
        if name.lower().startswith(("zh", "chinese")):
            return "zh_CN"
        if name.lower().startswith("en"):
            break
    return "en"


def _named_languages(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the languages that an environment asks for, the dearest first."""
    of_messages = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    spoken = next(filter(None, of_messages), "")
    wished = environment.get("LANGUAGE", "")
    if spoken in ("C", "POSIX") or not wished:  # in C, gettext leaves wishes alone
        return (spoken,) if spoken else ()
    return tuple(filter(None, wished.split(":")))


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return every key's texts by short language name (``zh``, ``en``)."""
    texts: dict[str, dict[str, str]] = {}
    for folder in _FOLDERS:
        for path in sorted(folder.glob("*.toml")):
            with path.open("rb") as file:
                _flatten("", tomllib.load(file), texts)
    return texts


def text(key: str, in_language: Language | None = None, /, **facts: object) -> str:
    """Return the text of `key` with its placeholders filled.

    Raises
    ------
    KeyError
        Where no catalogue has the key, or a fact that the text names is not given.
    """
    template = name_of(catalogue()[key], in_language)
    if "reason" in facts:
        facts["reason"] = _system_words(str(facts["reason"]).strip(), in_language)
    if not facts:
        return template
    facts = {key: _grouped(key, value) for key, value in facts.items()}
    # A panel has hundreds of texts: the built-in format does what chooses between no words.
    return _WORDING.vformat(template, (), facts) if "|" in template else template.format_map(facts)


def reason_of(error: Exception) -> str:
    """Return in one line why something could not be read, for a fact called ``reason``."""
    return getattr(error, "strerror", None) or str(error).splitlines()[0]


def _system_words(reason: str, in_language: Language | None) -> str:
    """Return an answer of the operating system in words of our own; other reasons as they are."""
    name = _system_errors().get(reason)
    return name_of(catalogue()[f"system.{name}"], in_language) if name else reason


@cache
def _system_errors() -> dict[str, str]:
    """Return the names of the errors that the catalogue has words for, by what the system says."""
    named = {key.removeprefix("system.") for key in catalogue() if key.startswith("system.")}
    return {os.strerror(number): name for number, name in errorcode.items() if name in named}


_COUNTS = frozenset(
    {
        *(
            "count",
            "people",
            "total",
            "covered",
            "declared",
            "found",
            "read",
            "kept",
            "metres",
            "places",
        ),
        *("known", "nodes", "ways", "areas", "features", "homes", "left", "others"),
    }
)
"""Facts that are read as numbers; others (ids, years, lines of a file) only look like them."""


class _Count(int):
    """A whole number whose digits stand in groups of three, as in tables."""

    def __format__(self, format_spec: str) -> str:
        return int.__format__(self, format_spec or ",")


def _grouped(key: str, value: object) -> object:
    return _Count(value) if key in _COUNTS and type(value) is int else value


class _Wording(Formatter):
    """Fills placeholders; ``{count:one|many}`` chooses between words by the number."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, between, many = format_spec.partition("|")
        if between:
            return one if str(value) == "1" else many
        return str(super().format_field(value, format_spec))


_WORDING = _Wording()


def name_of(names: Mapping[str, str], in_language: Language | None = None) -> str:
    """Return the one of ``{"zh": ..., "en": ...}`` that the language asks for."""
    return names[(in_language or _current)[:2]]


def _flatten(prefix: str, node: dict[str, Any], texts: dict[str, dict[str, str]]) -> None:
    if isinstance(node.get("en"), str):
        texts[prefix] = {"en": node["en"], "zh": node["zh"]}
        return
    for name, child in node.items():
        _flatten(f"{prefix}.{name}" if prefix else name, child, texts)
