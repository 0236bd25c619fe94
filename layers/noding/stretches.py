"""Stretches over which a line runs within a tolerance of another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.limits import limit
from layers.noding.drawn import Drawn, Flags, Floats, Ints


@dataclass(frozen=True, eq=False)
class Stretches:
    """Parts of lines that lie beside another line.

    Parameters
    ----------
    line, beside
        The line, and the one that it runs beside, shape (s,).
    low, high
        Where the stretch begins and ends, m along `line`.
    """

    line: Ints
    beside: Ints
    low: Floats
    high: Floats

    def where(self, mask: Flags | Ints) -> Stretches:
        """Return some of them."""
        return Stretches(self.line[mask], self.beside[mask], self.low[mask], self.high[mask])


def find_stretches(lines: Drawn, kind: NDArray[Any]) -> Stretches:
    """Find where lines of one kind, level and height lie within ``heal_m`` of each other.

    Crossings are among them, as stretches about as long as twice the tolerance.

    Parameters
    ----------
    kind
        Of each line.
    """
    reach = limit("streets", "heal_m")
    segments = lines.segment
    shapes = shapely.linestrings(np.stack([lines.xy[segments], lines.xy[segments + 1]], axis=1))
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=reach)
    one, other = segments[one], segments[other]
    line, beside = lines.line[one], lines.line[other]
    alike = (line != beside) & (kind[line] == kind[beside])
    alike &= lines.level[line] == lines.level[beside]
    one, other = one[alike], other[alike]
    low, high = _within(lines, one, other, reach)
    good = (low < high) & _at_one_height(lines, one, other, (low + high) / 2)
    return _joined(lines, one[good], other[good], low[good], high[good])


def _within(lines: Drawn, one: Ints, other: Ints, reach: float) -> tuple[Floats, Floats]:
    """Return from and to which part of segment `one` it lies within `reach` of segment `other`.

    What is within reach of a segment is convex (a strip with a disc at either end), so that the
    part of another segment inside it is an interval: from the least beginning to the greatest end
    of those inside strip and discs. The beginning is above the end where none is.
    """
    begin, way = lines.xy[one], lines.xy[one + 1] - lines.xy[one]
    at, axis = lines.xy[other], lines.xy[other + 1] - lines.xy[other]
    length = np.hypot(*axis.T)
    unit = axis / length[:, None]
    normal = unit[:, ::-1] * [-1.0, 1.0]
    across = _slab((begin - at), way, normal, np.full(len(one), -reach), reach)
    beside = _slab((begin - at), way, unit, np.zeros(len(one)), length)
    low, high = np.maximum(across[0], beside[0]), np.minimum(across[1], beside[1])
    for centre in (at, lines.xy[other + 1]):
        first, last = _disc(begin - centre, way, reach)
        hit = np.maximum(first, 0.0) < np.minimum(last, 1.0)
        empty = np.maximum(low, 0.0) >= np.minimum(high, 1.0)
        low = np.where(hit, np.where(empty, first, np.minimum(low, first)), low)
        high = np.where(hit, np.where(empty, last, np.maximum(high, last)), high)
    return np.maximum(low, 0.0), np.minimum(high, 1.0)


def _slab(
    begin: Floats, way: Floats, axis: Floats, least: Floats, most: Floats | float
) -> tuple[Floats, Floats]:
    """Return which parts of a way have coordinates along `axis` between `least` and `most`."""
    place, step = (begin * axis).sum(axis=1), (way * axis).sum(axis=1)
    inside = (place >= least) & (place <= most)
    with np.errstate(divide="ignore", invalid="ignore"):
        bounds = np.stack([(least - place) / step, (most - place) / step])
    still = step == 0
    low = np.where(still, np.where(inside, -np.inf, np.inf), bounds.min(axis=0))
    high = np.where(still, np.where(inside, np.inf, -np.inf), bounds.max(axis=0))
    return low, high


def _disc(begin: Floats, way: Floats, radius: float) -> tuple[Floats, Floats]:
    """Return which parts of a way lie in a disc round the origin; NaN for none."""
    square, half = (way**2).sum(axis=1), (begin * way).sum(axis=1)
    rest = (begin**2).sum(axis=1) - radius**2
    with np.errstate(invalid="ignore"):
        root = np.sqrt(half**2 - square * rest)
    return (-half - root) / square, (-half + root) / square


def _at_one_height(lines: Drawn, one: Ints, other: Ints, part: Floats) -> Flags:
    """Tell where the two are not farther apart in height than people can pass between."""
    xy = lines.xy[one] + part[:, None] * (lines.xy[one + 1] - lines.xy[one])
    axis = lines.xy[other + 1] - lines.xy[other]
    foot = ((xy - lines.xy[other]) * axis).sum(axis=1) / (axis**2).sum(axis=1)
    mine = lines.z[one] + part * (lines.z[one + 1] - lines.z[one])
    its = lines.z[other] + np.clip(foot, 0, 1) * (lines.z[other + 1] - lines.z[other])
    return np.asarray(~(np.abs(mine - its) > limit("streets", "clearance_m")))


def _joined(lines: Drawn, one: Ints, other: Ints, low: Floats, high: Floats) -> Stretches:
    """Join what lies within reach of neighbouring segments of one line."""
    length = lines.along[one + 1] - lines.along[one]
    table = pd.DataFrame(
        {
            "line": lines.line[one],
            "beside": lines.line[other],
            "low": lines.along[one] + low * length,
            "high": lines.along[one] + high * length,
        }
    ).sort_values(["line", "beside", "low", "high"], ignore_index=True)
    pair = table.groupby(["line", "beside"], sort=False)
    reached = pair["high"].cummax().groupby([table["line"], table["beside"]], sort=False).shift()
    fresh = ~(table["low"] <= reached + limit("streets", "node_m"))
    of = fresh.cumsum().to_numpy()
    made = table.groupby(of).agg({"line": "first", "beside": "first", "low": "min", "high": "max"})
    return Stretches(*(made[name].to_numpy() for name in ("line", "beside", "low", "high")))
