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
    stairs
        What the storeys above a street door have to walk, by which each storey has a colour of its
        own; None where a building has one.
    maximum
        The value at the end of the ramp (15 minutes; 1 as a share).
    """

    kind: Kind = "none"
    values: NDArray[np.float64] | None = None
    maximum: float = 1.0
    storeys_within: NDArray[np.float64] | None = None
    stairs: Stairs | None = None


@dataclass(frozen=True, eq=False)
class Stairs:
    """Walks of every storey: that from the street door and what each storey up adds.

    Parameters
    ----------
    door
        Shape (n,), in the unit of the values; NaN or inf where the building has one colour.
    step
        Shape (n,), likewise for each storey; inf where nobody comes down from above the ground.
    below
        Shape (n,), how many storeys from the ground are no homes (shops under flats); None where
        there are none. They have the colour of what nobody lives in.
    """

    door: NDArray[np.float64]
    step: NDArray[np.float64]
    below: NDArray[np.int64] | None = None


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
    same = palette.unchanged if colours.kind == "difference" else palette.building
    names = (same, palette.building_outside, palette.unreached, palette.no_data)
    if colours.kind == "none" or colours.values is None:
        return _bytes(names)[np.where(inside, 0, 1)]
    steps = band_colours(colours.kind, palette.theme)
    choice = _step(colours.kind, colours.values, colours.maximum) + len(names)
    if colours.kind == "difference":  # what stays the same is as quiet as the model
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


def shop_storeys(colours: BuildingColours, palette: Palette, count: int) -> NDArray[np.uint8]:
    """Return the colour of what is no home and how many storeys from the ground have it, (n, 4)."""
    texels = np.zeros((count, 4), np.uint8)
    if colours.stairs is not None and colours.stairs.below is not None:
        texels[:, :3] = _bytes((palette.no_data,) * 4)[_NO_DATA]
        texels[:, 3] = np.clip(colours.stairs.below, 0, ALL_STOREYS)
    return texels


DOOR_STEPS, STOREY_STEPS = 8192, 65536
"""How finely the two are written into a texture, in parts of the ramp's whole length: less than a
second of a quarter of an hour, however many storeys add up."""
_HIGHEST, BARRED = 65_534, 65_535


def storey_walks(colours: BuildingColours, count: int) -> NDArray[np.uint8]:
    """Return each building's walk from the door and from storey to storey as a texel, (n, 4).

    Two bytes each, high one first: 1 + door in `DOOR_STEPS`, 0 where all storeys have the
    building's colour; then the step in `STOREY_STEPS`, `BARRED` where nobody comes down.
    """
    texels = np.zeros((count, 4), np.uint8)
    stairs = colours.stairs
    if stairs is None:
        return texels
    known = np.isfinite(stairs.door)
    # Rounded down: a walk that just keeps a step of the ramp must not fall into the next.
    part = np.where(known, stairs.door, 0.0) / colours.maximum
    door = np.where(known, np.minimum(np.floor(part * DOOR_STEPS) + 1.0, _HIGHEST), 0.0)
    climbs = np.isfinite(stairs.step)
    rise = np.where(climbs, stairs.step, 0.0) / colours.maximum * STOREY_STEPS
    step = np.where(climbs, np.minimum(np.floor(rise), _HIGHEST), BARRED)
    for column, value in ((0, door), (2, step)):
        high, low = np.divmod(value.astype(np.int64), 256)
        texels[:, column], texels[:, column + 1] = high, low
    return texels
