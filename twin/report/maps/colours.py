"""Colours of the printed plan: quiet paper, and data as the only saturated colour.

The ramps of shares and minutes stand in :mod:`twin.telling.ramps`, for the 3D view shows them too.
"""

from __future__ import annotations

import numpy as np

LIMIT_STEPS = ("#19355e", "#2b7499", "#c3933c", "#d9b45f", "#f0d583")
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
    stops = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in ramp])
    along, at = np.linspace(0.0, 1.0, len(ramp)), np.linspace(0.0, 1.0, count)
    columns = [np.interp(at, along, stops[:, k]) for k in range(3)]
    return tuple(
        f"#{r:02x}{g:02x}{b:02x}" for r, g, b in np.rint(255 * np.array(columns).T).astype(int)
    )
