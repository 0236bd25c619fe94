"""Where a service under the hand comes to stand: on a site that is near, else where the hand is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

if TYPE_CHECKING:
    from twin.district import District

SNAP_M = 20.0


@dataclass(frozen=True)
class Spot:
    """A place for a service; ids are -1 where it stands on no site, in no building."""

    x: float
    y: float
    site_id: int = -1
    building_id: int = -1


def spot(district: District, x: float, y: float) -> Spot:
    """Return the place for a service that the hand holds at (x, y), metres."""
    if not len(district.sites):
        return Spot(x, y)
    near = district.sites.tree.query_nearest(shapely.Point(x, y), max_distance=SNAP_M)
    return site_spot(district, int(district.sites.ids[near[0]])) if len(near) else Spot(x, y)


def site_spot(district: District, site_id: int) -> Spot:
    """Return the place for a service on a site; KeyError where there is no such site."""
    row = district.sites.row_of(site_id)
    point = shapely.point_on_surface(district.sites.geometry[row])
    return Spot(point.x, point.y, site_id, int(district.sites["building_id"][row]))
