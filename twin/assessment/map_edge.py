"""How far homes are from where the mapped streets end; beyond, services may be unseen.

Where they end is told by :mod:`layers.extent.coverage`: land between streets is mapped, as is what
it encloses, water, and what a source says that it covers. What an edit draws is no survey: it makes
no land mapped, so the extent is found once for all scenarios of a district.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from layers.limits import limit
from twin.arrays import Floats
from twin.memo import Memo
from twin.model.district import District
from twin.walking.access import Geometries
from twin.walking.origins import Origins

if TYPE_CHECKING:
    from layers.extent.coverage import Unmapped
    from layers.geodesy.crs import Bounds

_distances: Memo[Floats] = Memo(8)
_extents: Memo[Unmapped] = Memo(4)


def to_map_edge(district: District, origins: Origins) -> Floats:
    """Return the straight distance in metres from every origin to the nearest unmapped land.

    0 on such land; inf for all where there are no streets, of which nothing is assessed. Right to
    within a cell or two (``coverage_cell_m``; larger for a large city). What lies farther than
    ``map_edge_reach_m`` from where people live is not looked at, and counts as not mapped.
    """
    inputs = (*_shapes(district), origins)
    return _distances.get(inputs, lambda: _to_map_edge(district, origins), district.mapped)


def _to_map_edge(district: District, origins: Origins) -> Floats:
    found = np.full(len(origins), np.inf)
    if len(origins) and len(district.as_surveyed):
        found = _extent(district).distance(np.column_stack([origins.x, origins.y]))
    found.flags.writeable = False
    return found


def _shapes(district: District) -> tuple[Geometries, Geometries, Geometries]:
    """Return what the extent is told from: the streets, the water and where people live."""
    homes = district.boundary if len(district.boundary) else district.buildings
    return district.as_surveyed.geometry, district.water.geometry, homes.geometry


def _extent(district: District) -> Unmapped:
    streets, water, homes = _shapes(district)
    around, stated = _around(homes), district.mapped

    def find() -> Unmapped:
        from layers.extent.coverage import unmapped_land  # which takes long to load

        areas = [*water, *([shapely.from_wkt(stated)] if stated else ())]
        return unmapped_land(around, streets, shapely.union_all(areas) if areas else None)

    return _extents.get((streets, water), find, around, stated)


def _around(homes: Geometries) -> Bounds:
    """Return the bounds of where people live, as far around as the edge of the map is looked for.

    In whole steps of that reach, so that they stay where a building's outline is corrected.
    """
    step = limit("space", "map_edge_reach_m")
    low, high = np.array(shapely.total_bounds(homes)).reshape(2, 2) / step
    west, south = (np.floor(low) - 1) * step
    east, north = (np.ceil(high) + 1) * step
    return float(west), float(south), float(east), float(north)
