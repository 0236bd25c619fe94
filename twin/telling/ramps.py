"""Colour ramps of what was assessed: the one home for the window, the 3D view and the report.

They keep their order for every common kind of colour blindness and on a pale projector: lightness
(CIE L*) changes evenly along them and hue only between blue and yellow. On a dark ground they have
brighter brothers: there the darkest step of the light ones would sink into the ground.

The end that says who is served worst is never as pale as paper: what it stands for has to be seen,
and homes where nobody lives are white.
"""

from __future__ import annotations

MINUTES_RAMP = ("#18355e", "#1e4e80", "#236c91", "#3e8b91", "#77a588", "#b2bd7e", "#ecd37c")
"""Walking time: near is dark, far is light; lightness rises from 22 to 85."""

MINUTES_RAMP_DARK = ("#526da2", "#5283c5", "#4d9fcc", "#62bac1", "#95d0ad", "#cfe1a8", "#f9f2c3")
"""The same on a dark ground: from 46, which is three times as bright as that ground, to 95."""

DIFFERENCE_RAMP = ("#7d3f0a", "#c07f3c", "#e8cda8", "#f5f2ec", "#b3d9d6", "#4f9fa1", "#0a5b62")
"""Change: losses are brown, gains teal, no change pale; lightness falls evenly to both ends."""

DIFFERENCE_RAMP_DARK = (
    "#ffc48f",
    "#eaa05c",
    "#c98a55",
    "#54575c",
    "#5aa3a6",
    "#62c4c6",
    "#8cebe7",
)
"""Change on a dark ground: no change steps back, lightness rises evenly to both ends. The first
step on either side is two and a half times as bright as no change."""

SHARE_RAMP = ("#f7c473", "#d5b260", "#ada053", "#73925c", "#257d78", "#0a617f", "#0b4475")
"""Share of residents: none is light, all is dark; lightness falls from 82 to 28."""

SHARE_RAMP_DARK = ("#fbf3df", "#f0daa2", "#d9c47a", "#a1b57b", "#5ea58f", "#3c8ca3", "#4a6ea5")
"""The same on a dark ground."""

GAIN_RAMP = ("#fbe0e0", "#f3b5bf", "#e4819d", "#c4487f", "#86205f")
GAIN_RAMP_DARK = ("#3d2531", "#6e2f4d", "#a83f6e", "#dd6b95", "#ffb3c8")
"""People who would gain, on paper and on a dark ground: the more, the stronger it stands out."""
