"""Centre lines drawn a second time a little beside the first become one; parallel ways stay.

Surveys of several years laid together have them. Left alone, every street that crosses has a node
on both, and people walk on two streets where there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from layers.limits import limit
from layers.noding.drawn import Drawn, Flags, Floats, Ints


@dataclass(frozen=True, eq=False)
class Doubles:
    """Lines that follow another one within ``heal_m`` from end to end.

    Parameters
    ----------
    dropped, kept
        Rows of streets, shape (d,): each of `dropped` follows the one of `kept` at its position,
        which says more in its columns or, of two that say as much, has the lower id.
    """

    dropped: Ints
    kept: Ints


def find_doubles(streets: gpd.GeoDataFrame, lines: Drawn) -> Doubles:
    """Find lines that are drawn twice, not quite in one place, in whichever direction.

    Both are of one kind, level and height and about as long, and do not fork from one end. What
    is the same vertex by vertex is left to `layers.noding.cutting`. What is no longer than
    ``double_least_m`` stays: between ends so close together there is no direction to compare.

    Parameters
    ----------
    streets, lines
        The same lines in the same order.
    """
    shapes = shapely.force_2d(np.asarray(streets.geometry.array))
    reach = limit("streets", "heal_m")
    # Lines within a distance of each other have boxes whose sides are.
    one, other = cKDTree(shapely.bounds(shapes)).query_pairs(reach, np.inf, output_type="ndarray").T
    alike = _alike(streets["kind"].to_numpy(), lines, shapely.length(shapes), one, other)
    one, other = one[alike], other[alike]
    follows = _covered(shapes[one], shapes[other], reach)
    follows &= _covered(shapes[other], shapes[one], reach)
    follows &= ~_fork(shapes[one], shapes[other])
    follows &= shapely.normalize(shapes[one]) != shapely.normalize(shapes[other])
    return _sorted_out(streets, one[follows], other[follows])


def _alike(kind: NDArray[Any], lines: Drawn, length: Floats, one: Ints, other: Ints) -> Flags:
    height = np.bincount(lines.line, lines.z) / np.bincount(lines.line)
    short, long = np.minimum(length[one], length[other]), np.maximum(length[one], length[other])
    return np.asarray(
        (kind[one] == kind[other])
        & (lines.level[one] == lines.level[other])
        & ~(np.abs(height[one] - height[other]) > limit("streets", "clearance_m"))
        & (short > limit("streets", "double_least_m"))
        & (short >= limit("streets", "double_share") * long)
    )


def _covered(around: NDArray[Any], shapes: NDArray[Any], reach: float) -> Flags:
    return np.asarray(shapely.covers(shapely.buffer(around, reach), shapes), dtype=np.bool_)


def _fork(one: NDArray[Any], other: NDArray[Any]) -> Flags:
    """Tell which pairs have exactly one end in common."""
    begin, end = shapely.get_point(other, 0), shapely.get_point(other, -1)
    near = limit("streets", "node_m")
    shared = [
        shapely.dwithin(place, begin, near) | shapely.dwithin(place, end, near)
        for place in (shapely.get_point(one, 0), shapely.get_point(one, -1))
    ]
    return np.asarray(shared[0] ^ shared[1], dtype=np.bool_)


def rank_of(streets: gpd.GeoDataFrame) -> Ints:
    """Return each street's rank, from 0: first what says most in its columns, then lower ids."""
    words = streets.drop(columns=["id", "geometry"])
    said = (words.notna() & (words != "")).sum(axis=1)
    order = np.lexsort((streets["id"].to_numpy(), -said.to_numpy()))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank


def words_lost(streets: gpd.GeoDataFrame, doubles: Doubles) -> tuple[Ints, tuple[str, ...]]:
    """Return the doubles that say what the line that stays does not, and in which columns."""
    own = [name for name in streets.columns if name not in ("id", "meets", "geometry")]
    gone, kept = streets.iloc[doubles.dropped], streets.iloc[doubles.kept]
    lost = np.zeros((len(doubles.dropped), len(own)), dtype=np.bool_)
    for number, name in enumerate(own):
        mine, its = gone[name].to_numpy(dtype=object), kept[name].to_numpy(dtype=object)
        lost[:, number] = ~pd.isna(mine) & (mine != "") & (mine != its)
        if streets[name].dtype == np.bool_:
            lost[:, number] &= mine.astype(np.bool_)  # False says nothing
    named = tuple(np.array(own)[lost.any(axis=0)].tolist())
    return doubles.dropped[lost.any(axis=1)], named


def _sorted_out(streets: gpd.GeoDataFrame, one: Ints, other: Ints) -> Doubles:
    """Choose whom each double follows: never one that is dropped itself."""
    rank = rank_of(streets)
    swap = rank[one] > rank[other]
    first, second = np.where(swap, other, one), np.where(swap, one, other)
    stays = ~np.isin(first, second)
    first, second = first[stays], second[stays]
    best = np.lexsort((rank[first], second))
    chosen = best[np.unique(second[best], return_index=True)[1]]
    return Doubles(second[chosen], first[chosen])


def without_doubles(
    streets: gpd.GeoDataFrame, lines: Drawn, doubles: Doubles
) -> tuple[gpd.GeoDataFrame, Ints]:
    """Return the streets without doubles; what met one of these is led to the line that stays.

    Returns
    -------
    The streets, and the ids of all that are gone: doubles, and links between a double and its line.
    """
    shapes = np.asarray(streets.geometry.array)
    xyz, of = shapely.get_coordinates(shapes, include_z=True, return_index=True)
    first = np.r_[True, of[1:] != of[:-1]]
    end = first | np.r_[first[1:], True]
    vertex, double = shapely.STRtree(shapes[doubles.dropped]).query(
        shapely.points(xyz[:, :2]), predicate="dwithin", distance=limit("streets", "node_m")
    )
    gone, stays = doubles.dropped[double], doubles.kept[double]
    met = (of[vertex] != stays) & (end[vertex] | (lines.level[of[vertex]] == lines.level[gone]))
    vertex, once = np.unique(vertex[met], return_index=True)
    line = shapely.force_2d(shapes[stays[met][once]])
    along = shapely.line_locate_point(line, shapely.points(xyz[vertex, :2]))
    xyz[vertex, :2] = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    moved = np.unique(of[vertex])
    led = shapes.copy()
    led[moved] = shapely.set_coordinates(
        shapes[moved], xyz[np.isin(of, moved), : 2 + shapely.has_z(shapes[moved]).any()]
    )
    left = shapely.length(led) > 0
    left[doubles.dropped] = False
    made = streets.set_geometry(gpd.GeoSeries(led, index=streets.index, crs=streets.crs))
    ids = streets["id"].to_numpy()[~left]
    return made[left].reset_index(drop=True), np.asarray(ids, dtype=np.int64)
