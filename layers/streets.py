"""Whether street lines form a network: crossings at which the lines do not end."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.problems import Problem, Severity

_OVER_AND_UNDER = ("bridge", "tunnel")


def report_open_crossings(streets: gpd.GeoDataFrame) -> tuple[Problem, ...]:
    """Report streets that cross another's middle, or end on it, without a node there.

    Lines meet only where their ends coincide. Bridges and tunnels pass without meeting.

    Parameters
    ----------
    streets
        Tidy.
    """
    account = Account("streets")
    level = ~streets["kind"].isin(_OVER_AND_UNDER).to_numpy()
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
