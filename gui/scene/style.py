"""Every colour and size of the picture, in one place; the legend reads it too.

An architect's white model on quiet paper: data is the only saturated colour, and one accent
belongs to what the hand holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from twin.telling.ramps import (
    DIFFERENCE_RAMP,
    DIFFERENCE_RAMP_DARK,
    GAIN_RAMP,
    GAIN_RAMP_DARK,
    MINUTES_RAMP,
    MINUTES_RAMP_DARK,
    SHARE_RAMP,
    SHARE_RAMP_DARK,
)

Theme = Literal["light", "dark"]
RampKind = Literal["minutes", "share", "difference"]


def rgb(colour: str) -> tuple[float, float, float]:
    """Return ``#rrggbb`` as three numbers from 0 to 1."""
    return (int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255)


@dataclass(frozen=True)
class Palette:
    """Colours of one theme, as ``#rrggbb``."""

    theme: Theme
    ground: str
    building: str
    unchanged: str
    """A building between whose two states there is no difference."""
    building_outside: str
    unreached: str
    no_data: str
    water: str
    green: str
    green_outside: str
    road: str
    road_edge: str
    street: str
    steps: str
    bridge: str
    gate: str
    closed: str
    crossing: str
    barrier: str
    railway: str
    stream: str
    tree: str
    trunk: str
    parapet: str
    community: str
    boundary: str
    site: str
    accent: str
    hover: str
    pin: str
    pin_ink: str
    ink: str
    halo: str
    muted: str


OUTSIDE = 0.962
"""Lightness of the ground outside the study boundary; the background of the picture has it too."""
UNDERLAY_FADE = 0.5
"""How far a picture under the plan goes towards grey, and then towards the paper: data is the only
saturated colour."""
LIGHT_LEVELS = (1, 2, 4)
"""Reductions of the light's picture and of its rays; those that suit the viewing distance are used
everywhere. Letting OpenGL choose and blend pictures at each pixel took most of a frame's time in
software, and so does looking up what does not lie close together."""

LIGHT = Palette(
    theme="light",
    ground="#f1eee7",
    building="#fdfcfa",
    unchanged="#fdfcfa",
    building_outside="#f3f0ea",
    unreached="#a3a19d",
    no_data="#f1efea",
    water="#c6d8de",
    green="#d8e0c9",
    green_outside="#e0e4d5",
    road="#dedad2",
    road_edge="#cdc8be",
    street="#fbfaf6",
    steps="#cfc2ab",
    bridge="#faf8f3",
    gate="#8d877c",
    closed="#b5654a",
    crossing="#fdfcfa",
    barrier="#bdb6a9",
    railway="#b3aca0",
    stream="#c6d8de",
    tree="#b9c7a4",
    trunk="#a89c88",
    parapet="#ffffff",
    community="#8b8579",
    boundary="#5a554c",
    site="#7d5ba6",
    accent="#d10f58",
    hover="#3b3833",
    pin="#ffffff",
    pin_ink="#ffffff",
    ink="#2e2b27",
    halo="#f8f6f1",
    muted="#6b665d",
)

DARK = Palette(
    theme="dark",
    ground="#1e2023",
    building="#8f9296",
    unchanged="#54575c",
    building_outside="#5b5e62",
    unreached="#4d5054",
    no_data="#5c5f63",
    water="#1f3540",
    green="#2b3528",
    green_outside="#262c25",
    road="#2d3034",
    road_edge="#3a3e43",
    street="#4b4f55",
    steps="#5f574a",
    bridge="#565a60",
    gate="#a79f92",
    closed="#d0795c",
    crossing="#7c8086",
    barrier="#55585c",
    railway="#5a5e63",
    stream="#1f3540",
    tree="#46543f",
    trunk="#5a5348",
    parapet="#a3a6aa",
    community="#8d939b",
    boundary="#d9dce0",
    site="#b79be0",
    accent="#ff6a9c",
    hover="#f2f3f4",
    pin="#24262a",
    pin_ink="#ffffff",
    ink="#eceef0",
    halo="#17181b",
    muted="#a4a9af",
)


def palette(theme: Theme) -> Palette:
    """Return the colours of a theme."""
    return LIGHT if theme == "light" else DARK


_LYING = ("ground", "water", "stream", "green", "road", "road_edge", "street", "steps", "bridge")
_SUNLIT = 0.26
"""How far what lies on a dark ground goes towards white under the sun of an hour."""


@cache
def under_sun(palette: Palette) -> Palette:
    """Return a palette for an hour of the sun: on a dark ground nobody would see a shadow."""
    if palette.theme == "light":
        return palette
    lighter: dict[str, Any] = {tone: _lighter(getattr(palette, tone)) for tone in _LYING}
    return replace(palette, **lighter)


def _lighter(colour: str) -> str:
    parts = (round(255 * (part + _SUNLIT * (1.0 - part))) for part in rgb(colour))
    return "#" + "".join(f"{part:02x}" for part in parts)


RAMPS: dict[tuple[RampKind, Theme], tuple[str, ...]] = {
    ("minutes", "light"): MINUTES_RAMP,
    ("minutes", "dark"): MINUTES_RAMP_DARK,
    ("share", "light"): SHARE_RAMP,
    ("share", "dark"): SHARE_RAMP_DARK,
    ("difference", "light"): DIFFERENCE_RAMP,
    ("difference", "dark"): DIFFERENCE_RAMP_DARK,
}

_STEPS: dict[RampKind, int] = {"minutes": 5, "share": 5, "difference": 7}
"""Steps up to the maximum: a step can be named in the legend, a smooth gradient cannot."""


def ramp_colours(
    kind: RampKind, positions: NDArray[np.float64], theme: Theme = "light"
) -> NDArray[np.float64]:
    """Return RGB from 0 to 1, shape (n, 3), of `positions` from 0 to 1 along a ramp."""
    stops = np.array([rgb(colour) for colour in RAMPS[kind, theme]])
    at = np.linspace(0.0, 1.0, len(stops))
    return np.stack([np.interp(positions, at, stops[:, c]) for c in range(3)], axis=1)


def band_edges(kind: RampKind, maximum: float) -> NDArray[np.float64]:
    """Return the values that part the steps: n + 1 for n colours, from 0.

    Walking time has one step beyond `maximum`, which ends at inf. Differences have three steps on
    either side of 0, to −`maximum` and `maximum`; no change at all is a step of its own.
    """
    if kind == "difference":
        half = np.linspace(0.0, maximum, _STEPS[kind] // 2 + 1)
        return np.concatenate([-half[::-1], half])
    edges = np.linspace(0.0, maximum, _STEPS[kind] + 1)
    return np.append(edges, np.inf) if kind == "minutes" else edges


def band_colours(kind: RampKind, theme: Theme = "light") -> Sequence[str]:
    """Return the colour of each step as ``#rrggbb``, as data and legend have them."""
    count = len(band_edges(kind, 1.0)) - 1
    colours = ramp_colours(kind, np.linspace(0.0, 1.0, count), theme)
    return [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in np.round(colours * 255).astype(int)]


FieldKind = Literal["gain", "reach"]
"""What a field on the ground says: people who would gain, or how long it takes from there."""


def field_colours(kind: FieldKind, theme: Theme) -> Sequence[str]:
    """Return the colours of a field's steps, the least first.

    What would be gained wears shades of the accent, as everything does that the hand holds: no
    building is ever coloured so. Reach has the ramp of walking time up to its end, as homes have.
    """
    if kind == "reach":
        return band_colours("minutes", theme)[:-1]
    return GAIN_RAMP if theme == "light" else GAIN_RAMP_DARK


SUN_AZIMUTH_DEG = 238.0
"""Where the soft light comes from, clockwise from north: the south-west, so that the long south
fronts of Chinese slabs are lit and shadows fall away from a viewer who looks north."""
SUN_ALTITUDE_DEG = 47.0
