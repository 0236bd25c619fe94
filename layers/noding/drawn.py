"""Lines as arrays of vertices, with the level and the height of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def levels_of(streets: gpd.GeoDataFrame) -> Floats:
    """Return each street's level: as stated, else 1 for a bridge, -1 for a tunnel, 0 for others."""
    stated = streets["level"].to_numpy(dtype=np.float64)
    return np.where(np.isnan(stated), level_of_kind(streets["kind"].to_numpy()), stated)


def level_of_kind(kind: NDArray[Any]) -> Floats:
    """Return 1 for bridges, -1 for tunnels and 0 for other kinds of street."""
    return np.where(kind == "bridge", 1.0, np.where(kind == "tunnel", -1.0, 0.0))


@dataclass(frozen=True, eq=False)
class Drawn:
    """Lines as they are drawn.

    Parameters
    ----------
    xy, z
        Vertices of all lines in order, shapes (v, 2) and (v,), m; `z` NaN where unknown.
    line
        The line of each vertex.
    along
        Distance of each vertex from the beginning of its line, m.
    end
        The vertex is the first or the last of its line.
    level
        Of each line.
    connects
        Lines whose ends meet lines of any level.
    """

    xy: Floats
    z: Floats
    line: Ints
    along: Floats
    end: Flags
    level: Floats
    connects: Flags

    @property
    def segment(self) -> Ints:
        """The vertices at which straight segments begin; each goes on to the next vertex."""
        return np.flatnonzero(self.line[1:] == self.line[:-1])


def drawn(lines: NDArray[Any], level: Floats, connects: Flags) -> Drawn:
    """Return lines as arrays; repeated vertices are left out.

    Parameters
    ----------
    lines
        LineStrings, in metres, with or without heights. A line whose heights are all 0 has none:
        drawing programs write 0 where nobody measured.
    level, connects
        Of each line.
    """
    points, line = shapely.get_coordinates(lines, include_z=True, return_index=True)
    repeated = np.zeros(len(points), dtype=np.bool_)
    repeated[1:] = (line[1:] == line[:-1]) & (points[1:, :2] == points[:-1, :2]).all(axis=1)
    points, line = points[~repeated], line[~repeated].astype(np.int64)
    same = line[1:] == line[:-1]
    step = np.where(same, np.hypot(*(points[1:, :2] - points[:-1, :2]).T), 0.0)
    total = np.concatenate([[0.0], np.cumsum(step)])[: len(points)]
    first = np.ones(len(points), dtype=np.bool_)
    first[1:] = ~same
    last = np.ones(len(points), dtype=np.bool_)
    last[:-1] = ~same
    begin = np.maximum.accumulate(np.where(first, np.arange(len(points)), 0))
    z = points[:, 2].copy()
    measured = np.zeros(len(lines), dtype=np.bool_)
    measured[line[np.nan_to_num(z) != 0]] = True
    z[~measured[line]] = np.nan
    return Drawn(points[:, :2].copy(), z, line, total - total[begin], first | last, level, connects)
