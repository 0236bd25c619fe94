"""Where buildings stand: inside the boundary or not, and in which community."""

from __future__ import annotations

import numpy as np
import shapely

from twin.arrays import Flags, Ints
from twin.memo import Memo
from twin.model.district import District

_places: Memo[tuple[Flags, Ints]] = Memo(16)


def where_they_are(district: District) -> tuple[Flags, Ints]:
    """Return which buildings are inside the boundary, and the row of each one's community.

    A building outside all communities has their count for a row.
    """
    shapes = (district.buildings, district.boundary, district.communities)
    return _places.get(tuple(t.geometry for t in shapes), lambda: _where(district))


def _where(district: District) -> tuple[Flags, Ints]:
    """Return which buildings are inside the boundary, and each one's community."""
    points = shapely.point_on_surface(district.buildings.geometry)
    inside = np.ones(len(points), bool)
    if len(district.boundary):
        inside[:] = False
        inside[district.boundary.tree.query(points, predicate="intersects")[0]] = True
    community = np.full(len(points), len(district.communities))
    if len(district.communities):
        point, row = district.communities.tree.query(points, predicate="intersects")
        np.minimum.at(community, point, row)
    return inside, community.astype(np.int64)
