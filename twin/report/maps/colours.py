"""Colours of the printed plan: quiet paper, and data as the only saturated colour.

The ramps are those of the 3D view, so that a map and the picture beside it say the same.
"""

from __future__ import annotations

import numpy as np

MINUTES_RAMP = ("#16325c", "#22568c", "#2f7fa8", "#55a6ad", "#93c9a8", "#d2e5a9", "#fbf3c4")
"""Walking time: near is dark, far is light; CIE lightness rises evenly, hue only from blue to
yellow, which every common kind of colour blindness keeps."""
SHARE_RAMP = ("#f7efdb", "#e7d29a", "#c9b46b", "#8fa36a", "#4f8a78", "#23697c", "#1b3f6b")
"""Share of residents: none is light, all is dark."""
LIMIT_STEPS = ("#16325c", "#2f7fa8", "#d8bf62", "#ecdb9b", "#faf3d3")
"""Walk against a limit: two blues within it, three ochres beyond it, lighter as it gets longer."""
DIFFERENCE_STEPS = ("#b2560d", "#eab676", "#f1eee7", "#8fbfd6", "#1f6391")
"""Change of a share, loss to gain: orange against blue, the middle is the paper."""

PAPER = "#f4f1ea"
WATER = "#c9dae0"
GREEN = "#dbe3cd"
ROAD = "#ffffff"
ROAD_EDGE = "#d3cdc1"
STREET = "#ffffff"
BUILDING = "#dedad1"
BUILDING_OUTSIDE = "#e9e5dd"
BUILDING_EDGE = "#6b655a"
HATCH = "#77736b"
COMMUNITY = "#6f685b"
BOUNDARY = "#2e2b27"
INK = "#2e2b27"
MUTED = "#6b665d"


def steps(ramp: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Return `count` colours evenly spaced along a ramp of ``#rrggbb`` stops."""
    stops = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in ramp], dtype=float)
    at = np.linspace(0, len(ramp) - 1, count)
    columns = [np.interp(at, np.arange(len(ramp)), stops[:, k]) for k in range(3)]
    return tuple(f"#{r:02x}{g:02x}{b:02x}" for r, g, b in np.rint(columns).astype(int).T)
