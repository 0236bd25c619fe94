"""Levels that pass each other at one place are stated, so that no network joins them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from layers.account import Account
from layers.noding.drawn import Flags, levels_of
from layers.noding.floors import CONNECTING, where_levels_pass
from layers.problems import Problem, Severity

_PER_METRE = 1000
"""Ends are at one place where they agree to the millimetre, as in a network."""


def tell_levels_apart(
    streets: gpd.GeoDataFrame, meets: Flags
) -> tuple[gpd.GeoDataFrame, tuple[Problem, ...]]:
    """State the levels of streets that pass each other at a place where both were cut.

    A network joins streets of unknown level, so what passes must say on which level it is: as
    `layers.noding.drawn.levels_of` understands it.

    Parameters
    ----------
    streets
        Tidy, single lines.
    meets
        Streets whose source says itself where they meet (as nodes that ways share do): as far as
        they state no level, they join.
    """
    stated = streets["level"].to_numpy(dtype=np.float64)
    level = np.where(meets, stated, levels_of(streets))
    level[streets["kind"].to_numpy() == CONNECTING] = np.nan
    lines = np.asarray(streets.geometry.array)
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    whole = np.rint(shapely.get_coordinates(ends) * _PER_METRE).astype(np.int64)
    place = np.unique(whole, axis=0, return_inverse=True)[1].ravel()
    passing = where_levels_pass(place, np.tile(level, 2))
    if not len(passing):
        return streets, ()
    rows = np.unique(passing % len(streets))
    account = Account("streets")
    account.add(
        "streets_pass_at_node",
        Severity.INFO,
        streets["id"].to_numpy()[rows],
        places=len(np.unique(place[passing])),
    )
    said = stated.copy()
    said[rows] = level[rows]
    return streets.assign(level=said), account.problems
