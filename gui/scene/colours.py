"""Data colours of buildings: from a value for each building to one texel for each building."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gui.scene.style import Palette, RampKind, band_colours, band_edges, rgb

Kind = Literal["minutes", "share", "none"]


@dataclass(frozen=True, eq=False)
class BuildingColours:
    """What the buildings' colour says.

    Parameters
    ----------
    kind
        ``minutes``: walking time, 0 to `maximum`, longer is a step of its own, inf is unreached.
        ``share``: share of residents from 0 to `maximum`. ``none``: plain white model.
    values
        Float64, one for each row of ``district.buildings``; NaN where nothing is to be said
        (nobody lives there). None with ``none``.
    maximum
        The value at the end of the ramp (15 minutes; 1 as a share).
    """

    kind: Kind = "none"
    values: NDArray[np.float64] | None = None
    maximum: float = 1.0


PLAIN = BuildingColours()


def building_colours(
    colours: BuildingColours, inside: NDArray[np.bool_], palette: Palette
) -> NDArray[np.uint8]:
    """Return the RGB of each building, shape (n, 3).

    `inside` says which buildings stand within the study boundary; those outside step back.
    """
    plain = np.where(inside[:, None], rgb(palette.building), rgb(palette.building_outside))
    result = plain
    if colours.kind != "none" and colours.values is not None and len(inside):
        result = _data_colours(colours.kind, colours.values, colours.maximum, plain, palette)
    return np.round(result * 255).astype(np.uint8)


def _data_colours(
    kind: RampKind,
    values: NDArray[np.float64],
    maximum: float,
    plain: NDArray[np.float64],
    palette: Palette,
) -> NDArray[np.float64]:
    edges = band_edges(kind, maximum)
    bands = len(edges) - 1
    # The value at an edge belongs to the nearer step: "within 15 minutes" includes 15.
    side: Literal["left", "right"] = "left" if kind == "minutes" else "right"
    step = np.clip(np.searchsorted(edges, np.nan_to_num(values), side=side) - 1, 0, bands - 1)
    result = np.array([rgb(colour) for colour in band_colours(kind)])[step]
    result = np.where(np.isnan(values)[:, None], plain, result)
    return np.where(np.isposinf(values)[:, None], rgb(palette.unreached), result)
