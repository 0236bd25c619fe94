"""From street lines to a network: lines meet only where their ends coincide."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.noding.drawn import Flags, levels_of
from layers.noding.passing import tell_levels_apart
from layers.noding.streets import Noding, node_streets, without_heights
from layers.problems import Problem, Severity

_OVER_AND_UNDER = ("bridge", "tunnel")


def connect_streets(
    streets: gpd.GeoDataFrame, noding: Noding = "auto", meets: Flags | None = None
) -> tuple[gpd.GeoDataFrame, tuple[Problem, ...]]:
    """Make a network of streets, as far as they are none yet, and report what is left open.

    Parameters
    ----------
    streets
        Tidy, perhaps with heights in their coordinates; the result has none.
    noding
        See `layers.noding.streets.node_streets`.
    meets
        See `layers.noding.passing.tell_levels_apart`; by default no street.
    """
    if not len(streets):
        return streets, ()
    streets = streets.assign(meets=False if meets is None else meets)
    noded, found, was_noded = node_streets(streets, noding)
    flat, dropped = without_heights(noded)
    split, cut = split_at_shared_points(flat)
    left = () if was_noded else report_open_crossings(split)
    plain, meets = split.drop(columns="meets"), split["meets"].to_numpy(dtype=np.bool_)
    apart, passing = tell_levels_apart(plain, meets)
    return apart, (*found, *dropped, *cut, *left, *passing)


def split_at_shared_points(
    streets: gpd.GeoDataFrame,
) -> tuple[gpd.GeoDataFrame, tuple[Problem, ...]]:
    """Split lines at those of their vertices that another line has too.

    Ways of OpenStreetMap, and lines drawn with snapping, share a vertex where they meet. A bridge
    or tunnel meets what is below or above it only at an end of either.

    Parameters
    ----------
    streets
        Tidy. The first piece of a line keeps its id, the others are numbered after the highest.
    """
    account = Account("streets")
    lines = shapely.remove_repeated_points(np.asarray(streets.geometry.array))
    points, line = shapely.get_coordinates(lines, return_index=True)
    cut = _shared_inside(points, line, streets["kind"].isin(_OVER_AND_UNDER).to_numpy())
    if not cut.any():
        return streets, ()
    ids = streets["id"].to_numpy()
    account.add("streets_split", Severity.REPAIRED, ids[np.unique(line[cut])])
    # A vertex that is cut ends one piece and begins the next.
    copies = np.repeat(np.arange(len(points)), 1 + cut)
    begins = np.ones(len(copies), dtype=np.bool_)
    begins[1:] = (line[copies][1:] != line[copies][:-1]) | (copies[1:] == copies[:-1])
    pieces = shapely.linestrings(points[copies], indices=np.cumsum(begins) - 1)
    row = line[copies][begins]
    made = streets.iloc[row].reset_index(drop=True)
    further = np.r_[False, row[1:] == row[:-1]]
    numbered = ids[row].copy()
    numbered[further] = ids.max() + 1 + np.arange(further.sum())
    made = made.assign(id=numbered).set_geometry(gpd.GeoSeries(pieces, crs=streets.crs))
    return made, account.problems


def _shared_inside(
    points: NDArray[np.float64], line: NDArray[np.int64], raised: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Find the vertices inside lines at which another line meets them.

    Parameters
    ----------
    points, line
        Vertices of all lines in order, and the line of each.
    raised
        Of each line: a bridge or tunnel.
    """
    _, place = np.unique(points[:, 0] + 1j * points[:, 1], return_inverse=True)
    changes = line[1:] != line[:-1]
    end = np.r_[True, changes] | np.r_[changes, True]
    count = place.max(initial=-1) + 1
    ends = np.bincount(place[end], minlength=count)
    same_level = np.where(
        raised[line],
        np.bincount(place[raised[line]], minlength=count)[place],
        np.bincount(place[~raised[line]], minlength=count)[place],
    )
    return np.asarray(~end & ((same_level > 1) | (ends[place] > 0)))


def report_open_crossings(streets: gpd.GeoDataFrame) -> tuple[Problem, ...]:
    """Report streets that cross another's middle, or end on it, without a node there.

    Lines meet only where their ends coincide. Bridges and tunnels pass without meeting.

    Parameters
    ----------
    streets
        Tidy.
    """
    account = Account("streets")
    level = levels_of(streets) == 0
    lines, ids = np.asarray(streets.geometry.array)[level], streets["id"].to_numpy()[level]
    if not len(lines):
        return ()
    tree = shapely.STRtree(lines)
    one, other = tree.query(lines, predicate="crosses")
    once = one < other
    account.add("streets_cross_without_node", Severity.WARNING, np.unique(ids[one[once]]))
    account.add("streets_end_on_middle", Severity.WARNING, np.unique(ids[_ends_on_middle(lines)]))
    return account.problems


def _ends_on_middle(lines: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return rows of lines with an end that lies on another line but on none of its ends."""
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    rows = np.tile(np.arange(len(lines)), 2)
    end, touched = shapely.STRtree(lines).query(ends, predicate="intersects")
    elsewhere = rows[end] != touched
    end, touched = end[elsewhere], touched[elsewhere]
    x, y = shapely.get_x(ends), shapely.get_y(ends)
    at_end = np.zeros(len(end), dtype=np.bool_)
    for half in (0, len(lines)):
        at_end |= (x[end] == x[touched + half]) & (y[end] == y[touched + half])
    return np.asarray(rows[end[~at_end]], dtype=np.int64)
