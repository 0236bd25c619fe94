"""Which characters the packaged font has, and the cut of it that a web page brings along."""

from __future__ import annotations

from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from twin.fonts import BOLD, REGULAR


@cache
def _characters() -> frozenset[int]:
    with TTFont(REGULAR, lazy=True) as font:
        return frozenset(font.getBestCmap())


def beyond_the_font(text: str) -> str:
    """Return the characters of `text` that the packaged font lacks, sorted."""
    lacking = {sign for sign in set(text) if ord(sign) not in _characters() and sign.isprintable()}
    return "".join(sorted(lacking))


def cut_fonts(text: str) -> dict[int, bytes]:
    """Return both weights (400, 700) as WOFF files that hold the characters of `text` only."""
    used = "".join(sorted(set(text)))
    return {400: _cut(REGULAR, used), 700: _cut(BOLD, used)}


@lru_cache(maxsize=8)
def _cut(path: Path, used: str) -> bytes:
    options = subset.Options()
    options.flavor = "woff"
    options.hinting = False
    options.layout_features = ["*"]
    options.recalc_timestamp = False
    with TTFont(path, recalcTimestamp=False) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(text=used)
        cutter.subset(font)
        font.flavor = "woff"
        written = BytesIO()
        font.save(written)
    return written.getvalue()
