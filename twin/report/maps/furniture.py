"""What stands on and below a map so that it can be read: texts, scale bar, north arrow, key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from math import floor, log10

import numpy as np

from twin.language import Language, name_of, text
from twin.model.catalogues import families, service_types
from twin.model.signs import Shape
from twin.report.maps import colours
from twin.report.maps.glyphs import drawing_path, sign_path
from twin.report.maps.keys import HATCH, Key
from twin.report.maps.paths import Frame
from twin.telling.inks import ink_on

FONT = 'font-family="Noto Sans SC, Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"'
POINT = 35.28
"""Drawing units in a typographic point."""
_SMALL = 7.2 * POINT
_LINE = 520.0
_SWATCH = (560.0, 300.0)

Draw = Callable[[float, float], str]
"""Draws a symbol with its left end at x and its middle at y."""


def label(
    words: str,
    x: float,
    y: float,
    size_pt: float = 7.2,
    *,
    bold: bool = False,
    anchor: str = "start",
    colour: str = colours.INK,
    halo: str = "",
) -> str:
    """Return a text element whose baseline starts (or is centred, or ends) at x, y."""
    weight = ' font-weight="700"' if bold else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    around = (
        f' stroke="{halo}" stroke-width="{size_pt * 7:.0f}" stroke-linejoin="round" '
        f'paint-order="stroke"'
        if halo
        else ""
    )
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size_pt * POINT:.0f}" fill="{colour}"'
        f"{weight}{place}{around}>{escape(words)}</text>"
    )


def wide(words: str, size: float) -> float:
    """Return about how wide a text of a font size is: Chinese square, Latin a bit over half."""
    return sum(1.0 if ord(sign) > 0x2E7F else 0.56 for sign in words) * size


def glyph(look: tuple[Shape, str, str], x: float, y: float, radius: float) -> str:
    """Return a sign (shape, colour, drawing) with a white edge, its middle at x, y."""
    shape, colour, drawing = look
    at = np.array([[round(x), round(y)]])
    body, drawn = sign_path(shape, radius, at), drawing_path(shape, drawing, radius, at)
    sign = f'<path d="{body}" fill="{colour}" stroke="#fff" stroke-width="22"/>'
    return sign + (f'<path d="{drawn}" fill="{ink_on(colour)}"/>' if drawn else "")


def scale_and_north(frame: Frame, language: Language) -> str:
    """Return a scale bar and a north arrow for the right end of the first line below a map."""
    metres = _round_length(3000 / frame.scale)
    long = metres * frame.scale
    half = long / 2
    x, y = frame.width - long - 900, 560.0
    words = f"{metres:,.0f} m" if metres < 1000 else f"{metres / 1000:g} km"
    bar = (
        f'<path d="M{x:.0f} {y:.0f}h{long:.0f}v-90h{-long:.0f}z" fill="#fff" '
        f'stroke="{colours.INK}" stroke-width="12"/>'
        f'<path d="M{x:.0f} {y:.0f}h{half:.0f}v-90h{-half:.0f}z" fill="{colours.INK}"/>'
    )
    ends = label("0", x, y - 170, 6.5) + label(words, x + long, y - 170, 6.5, anchor="end")
    north, top = frame.width - 250, 120.0
    arrow = (
        f'<path d="M{north:.0f} {top:.0f}l150 440l-150 -100z" fill="{colours.INK}"/>'
        f'<path d="M{north:.0f} {top:.0f}l-150 440l150 -100z" fill="#fff" '
        f'stroke="{colours.INK}" stroke-width="12"/>'
    )
    name = text("report.map.north", language)
    return bar + ends + arrow + label(name, north - 220, 560, 7.2, bold=True, anchor="end")


@dataclass(frozen=True)
class Strip:
    """The key below a map: drawing and height, with its upper left corner at 0, 0."""

    drawn: str
    height: float

    def at(self, frame: Frame, beside: str) -> str:
        """Return the strip as it stands below a frame, with `beside` drawn at its right end."""
        down = frame.top + frame.height
        return f'<g transform="translate(0 {down:.0f})">{self.drawn}{beside}</g>'


def strip(key: Key, width: float, language: Language, name: str, *, communities: bool) -> Strip:
    """Return the key of a map: its classes, then the signs of places and limits."""
    title = label(key.title, 0, 560, 8.0, bold=True)
    rows = [*_flow(_class_items(key, name, language), width, 1060)]
    y = rows[-1][1] + _LINE + 60 if rows else 1060
    rows += [*_flow(_sign_items(key, language, communities), width, y)]
    drawn = "".join(piece for piece, _ in rows)
    return Strip(title + drawn, rows[-1][1] + 300)


def _class_items(key: Key, name: str, language: Language) -> Iterator[tuple[Draw, float, str]]:
    for one in key.classes:
        fill = f"url(#hatch-{name})" if one.colour == HATCH else one.colour
        yield _swatch(fill), _SWATCH[0], one.label
    yield _swatch(colours.BUILDING), _SWATCH[0], text("report.key.no_home", language)


def _sign_items(
    key: Key, language: Language, communities: bool
) -> Iterator[tuple[Draw, float, str]]:
    if key.service_types:
        for id_ in sorted(key.service_types):
            kind = service_types()[id_]
            look = kind.family.shape, kind.colour, kind.sign
            yield _sign(look), 300, name_of(kind.names, language)
    else:
        for family in families().values():
            look = family.shape, family.colour, ""
            yield _sign(look), 300, name_of(family.names, language)
    yield _rule(colours.BOUNDARY, 50, ""), 560, text("report.key.boundary", language)
    if communities:
        yield _rule(colours.COMMUNITY, 26, "150 90"), 560, text("report.key.community", language)


def _swatch(fill: str) -> Draw:
    wide_, high = _SWATCH
    return lambda x, y: (
        f'<rect x="{x:.0f}" y="{y - high / 2:.0f}" width="{wide_:.0f}" height="{high:.0f}" '
        f'fill="{fill}" stroke="{colours.BUILDING_EDGE}" stroke-width="10"/>'
    )


def _sign(look: tuple[Shape, str, str]) -> Draw:
    return lambda x, y: glyph(look, x + 150, y, 135)


def _rule(colour: str, width: float, dashes: str) -> Draw:
    return lambda x, y: (
        f'<path d="M{x:.0f} {y:.0f}h560" stroke="{colour}" stroke-width="{width:g}" '
        f'stroke-dasharray="{dashes or "none"}" fill="none"/>'
    )


def _flow(
    items: Iterable[tuple[Draw, float, str]], width: float, y: float
) -> Iterator[tuple[str, float]]:
    """Set symbols with labels one after another, in as many lines as they need."""
    x = 0.0
    for draw, symbol, words in items:
        needed = symbol + 130 + wide(words, _SMALL)
        if x > 0 and x + needed > width:
            x, y = 0.0, y + _LINE
        yield draw(x, y) + label(words, x + symbol + 130, y + 0.36 * _SMALL), y
        x += needed + 420


def _round_length(metres: float) -> float:
    """Return the longest of 1, 2 and 5 times a power of ten that is not longer than `metres`."""
    power = 10.0 ** floor(log10(metres))
    return max(step * power for step in (1, 2, 5) if step * power <= metres)
