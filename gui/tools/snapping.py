"""What catches the hand: a site for a service; doors, street corners and streets for a path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.model.catalogues import rules

if TYPE_CHECKING:
    from twin.model.district import District

SNAP_M = 20.0


@dataclass(frozen=True)
class Spot:
    """A place for a service; ids are -1 where it stands on no site, in no building."""

    x: float
    y: float
    site_id: int = -1
    building_id: int = -1


@dataclass(frozen=True)
class Catch:
    """A place for the corner of a path, and what caught it ("" for nothing)."""

    x: float
    y: float
    what: Literal["", "entrance", "corner", "street", "first", "area_corner", "border"] = ""


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


def catch(district: District, x: float, y: float, reach: float) -> Catch:
    """Return the corner of a path that the hand holds at (x, y), metres.

    An end of a street within `reach` catches first, then a door, then the nearest place on a street
    that a path may meet between its ends.
    """
    here, streets = shapely.Point(x, y), district.streets
    rows = streets.tree.query(here, predicate="dwithin", distance=reach)
    parts = shapely.get_parts(streets.geometry[rows])
    if len(parts):
        ends = np.concatenate([shapely.get_point(parts, at) for at in (0, -1)])
        found = _nearest(here, ends, reach)
        if found is not None:
            return Catch(found.x, found.y, "corner")
    doors = district.entrances
    if len(doors):
        near = doors.tree.query_nearest(here, max_distance=reach)
        if len(near):
            door = doors.geometry[near[0]]
            return Catch(door.x, door.y, "entrance")
    lines = streets.geometry[rows[np.isin(streets["kind"][rows], rules().attracting_kinds)]]
    if not len(lines):
        return Catch(x, y)
    line = lines[int(np.argmin(shapely.distance(lines, here)))]
    foot = shapely.line_interpolate_point(line, shapely.line_locate_point(line, here))
    return Catch(foot.x, foot.y, "street")


def catch_outline(
    district: District, x: float, y: float, reach: float, first: tuple[float, float] | None
) -> Catch:
    """Return the corner of an area that the hand holds at (x, y), metres.

    The area's own first corner catches first, then corners and borders of the boundary and of the
    communities, then what catches a path.
    """
    here = shapely.Point(x, y)
    if first is not None and here.distance(shapely.Point(first)) <= reach:
        return Catch(*first, "first")
    areas = np.concatenate([district.boundary.geometry, district.communities.geometry])
    rings = shapely.boundary(areas[shapely.dwithin(shapely.boundary(areas), here, reach)])
    if not len(rings):
        return catch(district, x, y, reach)
    corners = _nearest(here, shapely.points(shapely.get_coordinates(rings)), reach)
    if corners is not None:
        return Catch(corners.x, corners.y, "area_corner")
    ring = rings[int(np.argmin(shapely.distance(rings, here)))]
    foot = shapely.line_interpolate_point(ring, shapely.line_locate_point(ring, here))
    return Catch(foot.x, foot.y, "border")


def _nearest(
    here: shapely.Point, points: NDArray[np.object_], reach: float
) -> shapely.Point | None:
    away = shapely.distance(points, here)
    best = int(np.argmin(away))
    return points[best] if away[best] <= reach else None
