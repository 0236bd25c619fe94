"""Data colours of buildings: from a value for each building to one texel for each building."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gui.scene.style import Palette, RampKind, band_colours, band_edges, rgb

Kind = Literal["minutes", "share", "difference", "none"]


@dataclass(frozen=True, eq=False)
class BuildingColours:
    """What the buildings' colour says.

    Parameters
    ----------
    kind
        ``minutes``: walking time, 0 to `maximum`, longer is a step of its own, inf is unreached.
        ``share``: share of residents from 0 to `maximum`. ``difference``: a change from -`maximum`
        to `maximum`, and beyond. ``none``: plain white model.
    values
        Float64, one for each row of ``district.buildings``; NaN where nothing is to be said
        (nobody lives there). None with ``none``.
    storeys_within
        How many storeys of each building, from the ground, lie within the limit once stairs count;
        those above are drawn apart. NaN where all storeys are alike; None where all buildings are.
    maximum
        The value at the end of the ramp (15 minutes; 1 as a share).
    """

    kind: Kind = "none"
    values: NDArray[np.float64] | None = None
    maximum: float = 1.0
    storeys_within: NDArray[np.float64] | None = None


PLAIN = BuildingColours()
_QUIET = 0.62
"""How far colours go towards the plain model where a field on the ground is what counts."""
_ROUNDING = 1e-9
"""A change of exactly one step must not fall beyond it in the last digit of a difference."""
_UNREACHED, _NO_DATA = 2, 3
"""Places of colours, after those of buildings inside and outside the boundary."""


def building_colours(
    colours: BuildingColours, inside: NDArray[np.bool_], palette: Palette
) -> NDArray[np.uint8]:
    """Return the RGB of each building, shape (n, 3).

    `inside` says which buildings stand within the study boundary; those outside step back.
    """
    names = (palette.building, palette.building_outside, palette.unreached, palette.no_data)
    if colours.kind == "none" or colours.values is None:
        return _bytes(names)[np.where(inside, 0, 1)]
    steps = band_colours(colours.kind)
    choice = _step(colours.kind, colours.values, colours.maximum) + len(names)
    if colours.kind == "difference":  # what stays the same stays the model's own colour
        choice = np.where(colours.values == 0, np.where(inside, 0, 1), choice)
    choice = np.where(np.isnan(colours.values), np.where(inside, _NO_DATA, 1), choice)
    choice = np.where(np.isposinf(colours.values), _UNREACHED, choice)
    return _bytes((*names, *steps))[choice]


def _bytes(colours: tuple[str, ...]) -> NDArray[np.uint8]:
    """Return RGB bytes; blue is odd for the unreached alone, by which the shader hatches them."""
    rows = np.round(np.array([rgb(colour) for colour in colours]) * 255).astype(np.uint8)
    rows[:, 2] &= 0xFE
    rows[_UNREACHED, 2] |= 1
    return rows


def _step(kind: RampKind, values: NDArray[np.float64], maximum: float) -> NDArray[np.int64]:
    """Return the step of the ramp that each value falls into; any for NaN and inf."""
    if kind == "difference":
        half = len(band_colours(kind)) // 2
        beyond = np.ceil(np.abs(np.nan_to_num(values)) / maximum * half - _ROUNDING)
        steps: NDArray[np.float64] = np.sign(np.nan_to_num(values)) * np.clip(beyond, 0, half)
        return (steps + half).astype(np.int64)
    edges = band_edges(kind, maximum)
    # The value at an edge belongs to the nearer step: "within 15 minutes" includes 15.
    side: Literal["left", "right"] = "left" if kind == "minutes" else "right"
    return np.clip(np.searchsorted(edges, values, side=side) - 1, 0, len(edges) - 2)


def quieter(texels: NDArray[np.uint8], palette: Palette) -> NDArray[np.uint8]:
    """Return buildings' colours nearer to the plain model, so that the ground is read first.

    What is hatched stays hatched.
    """
    plain = np.array(rgb(palette.building)) * 255
    mixed = np.round(texels + _QUIET * (plain - texels)).astype(np.uint8)
    mixed[:, 2] = (mixed[:, 2] & 0xFE) | (texels[:, 2] & 1)
    return mixed


ALL_STOREYS = 255


def storey_lids(colours: BuildingColours, count: int) -> NDArray[np.uint8]:
    """Return the storey above which each of `count` buildings is drawn apart, shape (count,)."""
    if colours.storeys_within is None:
        return np.full(count, ALL_STOREYS, np.uint8)
    within = np.where(np.isnan(colours.storeys_within), ALL_STOREYS, colours.storeys_within)
    return np.clip(np.round(within), 0, ALL_STOREYS).astype(np.uint8)
