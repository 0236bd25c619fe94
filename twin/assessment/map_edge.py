"""How far homes are from where the mapped streets end; beyond, services may be unseen."""

from __future__ import annotations

import numpy as np
import shapely

from twin.arrays import Floats
from twin.memo import Memo
from twin.streets.network import Network
from twin.walking.origins import Origins

_distances: Memo[Floats] = Memo(8)


def to_map_edge(network: Network, origins: Origins) -> Floats:
    """Return the straight distance in metres from every origin to where the streets end.

    They end at their convex hull. 0 outside it; inf for all where there are too few streets to
    enclose anything.
    """
    return _distances.get((network, origins), lambda: _to_map_edge(network, origins))


def _to_map_edge(network: Network, origins: Origins) -> Floats:
    if network.node_count < 3 or not len(origins):
        return np.full(len(origins), np.inf)
    mapped = shapely.convex_hull(shapely.linestrings(network.node_xy))  # one object, not thousands
    points = shapely.points(origins.x, origins.y)
    to_outline: Floats = shapely.distance(points, shapely.boundary(mapped))
    found = np.where(shapely.intersects(mapped, points), to_outline, 0.0)
    found.flags.writeable = False
    return found
