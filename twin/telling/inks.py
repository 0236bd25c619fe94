"""In which ink something is written or drawn upon a colour so that it can be read."""

from __future__ import annotations

_DARK, _LIGHT = "#1b1917", "#ffffff"
_ENOUGH = 3.2
"""Contrast from which a white drawing is seen on its ground; WCAG 2.1 (1.4.11) asks for 3."""


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb`` as WCAG 2.1 has it, from 0 to 1."""
    shares = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    parts = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in shares]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def ink_on(ground: str) -> str:
    """Return the colour of a drawing on a glyph: white where that is seen well enough."""
    return _LIGHT if 1.05 / (luminance(ground) + 0.05) >= _ENOUGH else _DARK
