"""In which encoding text is, told from its bytes and not from a claim.

UTF-8 shows itself. The encodings of East Asia share most of their bytes, so the text is weighed
under each: how likely would it be, if it were written in that one? Each spends nearly all text on
one block of common characters (``encodings.toml``), and those blocks differ.
"""

from __future__ import annotations

import codecs
import math
import re
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.problems import Fact, Problem, Severity

_FIELD_BYTES = 32
_HEADER_BYTES = 32
_NAME_BYTES = 11
_CHARACTERS = ord("C")
_BEYOND_ASCII = 0x80
_TOKENS = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x80-\xff]")
_TOKENS_SHIFT_JIS = re.compile(rb"[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]|[\x80-\xff]")
_HIGH_RUNS = re.compile(rb"[\x80-\xff]+")
_CODES_OUTSIDE = 10_000
"""About as many rarer characters as such an encoding has, over which the rare share spreads."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")

_CODE_PAGES = {
    0x01: "cp437",
    0x02: "cp850",
    0x03: "cp1252",
    0x13: "cp932",
    0x4D: "GB18030",
    0x4E: "cp949",
    0x4F: "cp950",
    0x78: "cp950",
    0x79: "cp949",
    0x7A: "GB18030",
    0x7B: "cp932",
}
"""Language byte of the header (dBase) to encoding; others say too little."""


@dataclass(frozen=True)
class Encoding:
    """What a text is in.

    Parameters
    ----------
    name
        As people call it; "" where nothing tells it.
    codec
        As Python calls it; "" likewise.
    rivals
        Others that the text could be in as well, best first: it was a guess.
    """

    name: str = ""
    codec: str = ""
    rivals: tuple[str, ...] = ()


@cache
def _table() -> dict[str, Any]:
    text = files("layers.files").joinpath("encodings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def encoding_of(table: Path) -> tuple[Encoding, bool]:
    """Tell the encoding of a dBase table.

    The text itself decides; what a ``.cpg`` file or the header claims counts where the text does
    not tell, or not surely.

    Parameters
    ----------
    table
        The ``.dbf``.

    Returns
    -------
    The encoding; and whether it is other than what is claimed (or nothing is claimed and the text
    is not plain ASCII), so that a person should know.
    """
    text, language = _text_bytes(table)
    return judged(text, _claimed(table, language))


def text_of_table(table: Path, columns: Collection[int] | None = None) -> bytes:
    """Return the text of a dBase table or of MapInfo's, which is built alike, without numbers.

    Parameters
    ----------
    table
        The file.
    columns
        Which of them (from 0) to look at, without their names, which some programs spoil; by
        default all that call themselves text. MapInfo's numbers do so too.
    """
    return _text_bytes(table, columns)[0]


def text_beyond_ascii(content: bytes) -> bytes:
    """Return the lines of a text that tell its encoding."""
    return b"\n".join(line for line in content.splitlines() if not line.isascii())


def judged(text: bytes, claimed: Encoding) -> tuple[Encoding, bool]:
    """Tell what a text is in, where something claims to know it.

    Parameters
    ----------
    text
        Bytes, numbers and keywords among them or not.
    claimed
        What a header says; an encoding without name where it says nothing.

    Returns
    -------
    As `encoding_of`.
    """
    if text.isascii():
        return claimed, False
    found = encoding_in(text)
    if not found.name or _same(claimed, found.codec):
        return claimed, not claimed.name
    if any(_same(claimed, rival) for rival in found.rivals):
        return claimed, False
    return found, True


def _same(claimed: Encoding, codec: str) -> bool:
    return bool(claimed.codec) and codecs.lookup(claimed.codec) == codecs.lookup(codec)


def _claimed(table: Path, language: int) -> Encoding:
    """Return the encoding of the ``.cpg`` beside the table, or of its language byte."""
    for suffix in (".cpg", ".CPG"):
        beside = table.with_suffix(suffix)
        if beside.is_file():
            words = beside.read_bytes()[:64].decode("ascii", "replace").strip()
            found = named(words)
            if found.name:
                return found
    return named(_CODE_PAGES.get(language, ""))


def named(words: str) -> Encoding:
    """Return the encoding that a person or a file calls so (``936``, ``big5``, ``SJIS``)."""
    name = f"cp{words}" if words.isdigit() else words
    if name.lower() in ("cp936", "gbk", "gb2312"):
        name = "GB18030"
    try:
        codec = codecs.lookup(name).name if name else ""
    except (LookupError, ValueError):
        return Encoding()
    for row in _table()["encoding"]:
        if codec in {codecs.lookup(other).name for other in (row["codec"], row["name"])}:
            return Encoding(row["name"], row["codec"])
    return Encoding("UTF-8" if codec == "utf-8" else codec, codec)


def named_by_mapinfo(charset: str) -> Encoding:
    """Return the encoding that MapInfo calls so; one without name where it says nothing."""
    return named(_table()["mapinfo"].get(charset.lower(), ""))


def mapinfo_name(encoding: Encoding) -> str:
    """Return what MapInfo calls an encoding, "" where it has no word for it."""
    names: dict[str, str] = _table()["mapinfo"]
    known = (name for name, words in names.items() if _same(encoding, named(words).codec))
    return next(known, "")


def gdal_name(encoding: Encoding) -> str:
    """Return what GDAL calls an encoding, "" for none."""
    return encoding.codec.upper()


def encoding_in(text: bytes) -> Encoding:
    """Tell the encoding of text that is not plain ASCII.

    Parameters
    ----------
    text
        Bytes; the more, the surer.
    """
    if text.startswith(_UTF_16):
        return Encoding("UTF-16", "utf-16")
    if _fits(text, "utf-8"):
        return Encoding("UTF-8", "utf-8")
    judging = _table()["judging"]
    weighed = sorted(
        (
            (likelihood, -rank, row)
            for rank, row in enumerate(_table()["encoding"])
            if (likelihood := _likelihood(text, row)) is not None
        ),
        key=lambda entry: entry[:2],
        reverse=True,
    )
    if not weighed:
        return Encoding()
    best = weighed[0]
    rivals = [row["codec"] for value, _, row in weighed[1:] if best[0] - value < judging["sure"]]
    if proves_nothing(text):
        rivals = rivals or [row["codec"] for row in _table()["encoding"] if row != best[2]]
    return Encoding(best[2]["name"], best[2]["codec"], tuple(rivals))


def proves_nothing(text: bytes) -> bool:
    """Tell whether a text has too few letters beyond ASCII to tell its encoding by them."""
    few = 2 * _table()["judging"]["least_letters"]
    return bool(len(_HIGH_RUNS.sub(b"", text)) + few > len(text))


def decoded(content: bytes, *, cut: bool = False) -> tuple[str, Encoding] | None:
    """Return a text and what it is in, or None where it is in nothing that is known.

    Parameters
    ----------
    content
        Of a file, or its head.
    cut
        Whether it may end inside a character.
    """
    if content.isascii():
        return content.decode("ascii"), Encoding()
    found = encoding_in(content)
    if not found.codec:
        found = _fallback(content)
    if found.codec == "utf-16":
        return content.decode("utf-16", "ignore"), found
    codec = "utf-8-sig" if found.codec == "utf-8" else found.codec
    for tail in range(4 if cut else 1):
        try:
            return content[: len(content) - tail].decode(codec), found
        except UnicodeDecodeError:
            continue
    return None


def _fallback(content: bytes) -> Encoding:
    """Guess where nothing fits: letters with accents stand alone, Chinese characters do not."""
    runs = _HIGH_RUNS.findall(content)
    alone = sum(len(run) == 1 for run in runs)
    if alone * 2 >= len(runs):
        return Encoding("Windows-1252", "cp1252", ("latin-1",))
    return Encoding("GB18030", "gb18030", ("cp950", "cp932", "cp949"))


def told_of(found: Encoding, source: str) -> Problem:
    """Say in which encoding a text was read, or that nothing tells it."""
    if not found.name:
        return Problem("encoding_unknown", Severity.WARNING, source=source)
    facts: dict[str, Fact] = {"encoding": found.name}
    if not found.rivals:
        return Problem("encoding_found", Severity.REPAIRED, source=source, facts=facts)
    facts["others"] = ", ".join(named(rival).name or "?" for rival in found.rivals)
    return Problem("encoding_guessed", Severity.WARNING, source=source, facts=facts)


def _fits(text: bytes, codec: str) -> bool:
    """Tell whether hardly any of the characters beyond ASCII are broken in an encoding."""
    decoded = text.decode(codec, "replace")
    high = len(decoded) - len(decoded.encode("ascii", "ignore"))
    return bool(decoded.count("\ufffd") <= _table()["judging"]["most_broken"] * high)


def _likelihood(text: bytes, row: dict[str, Any]) -> float | None:
    """Return the log of how likely a text is in an encoding, None where it cannot be in it."""
    judging = _table()["judging"]
    pattern = _TOKENS_SHIFT_JIS if row["codec"] == "cp932" else _TOKENS
    # A word that stands in every row says no more than once: each character counts once.
    tokens = sorted(set(pattern.findall(text)))
    codes = np.array([int.from_bytes(token) for token in tokens], dtype=np.int64)
    common = _within(codes, row["common"])
    signs = _within(codes, row["signs"])
    letters = len(codes) - signs.sum()
    enough = bool(letters) and common.sum() >= judging["least_common"] * letters
    if not enough or not _fits(text, row["codec"]):
        return None
    each = math.log((1 - judging["rare"]) / row["letters"])
    other = math.log(judging["rare"] / _CODES_OUTSIDE)
    # A byte without a partner is no character of such a text at all.
    lone = int((codes < 0x100).sum())
    expected = judging["expected_odds"] if row["name"] == judging["expected"] else 0.0
    return float(expected + each * common.sum() + other * (len(codes) - common.sum() + lone))


def _within(codes: NDArray[np.int64], rows: Sequence[Sequence[int]]) -> NDArray[np.bool_]:
    found = np.zeros(len(codes), dtype=np.bool_)
    for first, last in rows:
        found |= (codes >= first) & (codes <= last)
    return found


def _text_bytes(table: Path, columns: Collection[int] | None = None) -> tuple[bytes, int]:
    """Return the names of the fields and the values of the character fields, and the language."""
    content = table.read_bytes()
    header = int.from_bytes(content[8:10], "little")
    record = int.from_bytes(content[10:12], "little")
    if len(content) < _HEADER_BYTES or record == 0:
        return b"", 0
    pieces, offset = [], 1
    rows = content[header:]
    count = len(rows) // record
    cells = np.frombuffer(rows[: count * record], dtype=np.uint8).reshape(count, record)
    for number, start in enumerate(range(_HEADER_BYTES, header - 1, _FIELD_BYTES)):
        field = content[start : start + _FIELD_BYTES]
        if len(field) < _FIELD_BYTES or field[0] == ord("\r"):
            break
        if columns is None:
            pieces.append(field[:_NAME_BYTES].split(b"\0")[0])
        if field[11] == _CHARACTERS and (columns is None or number in columns):
            values = cells[:, offset : offset + field[16]]
            # A line's end after each value keeps the bytes of neighbours apart.
            ends = np.full((count, 1), ord("\n"), dtype=np.uint8)
            pieces.append(np.hstack([values, ends]).tobytes())
        offset += field[16]
    return b"\n".join(pieces).replace(b"\0", b" "), content[29]
