"""Colour ramps of what was assessed: the one home for the window, the 3D view and the report.

Both keep their order for every common kind of colour blindness and on a pale projector: lightness
(CIE L*) changes evenly along them and hue only between blue and yellow.
"""

from __future__ import annotations

MINUTES_RAMP = ("#19355e", "#205185", "#2b7499", "#4d979d", "#85b799", "#c1d39b", "#f6efc0")
"""Walking time: near is dark, far is light; lightness rises from 22 to 94."""

SHARE_RAMP = ("#f7efdb", "#e7d29a", "#c9b46b", "#8fa36a", "#4f8a78", "#23697c", "#1b3f6b")
"""Share of residents: none is light, all is dark."""
