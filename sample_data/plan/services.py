"""Services that exist, unevenly as in life, and sites where more could go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from sample_data.plan import frame
from sample_data.plan.known import HOSTED, KNOWN, SITES, SPREAD, Facility
from sample_data.plan.sheet import Row

STEP_IN_M = 1.5
"""A service in a building is drawn this far behind its front."""


@dataclass
class Town:
    """What services need to know of the plan."""

    buildings: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    walls: gpd.GeoDataFrame
    inside: shapely.Geometry

    def __post_init__(self) -> None:
        walkable = self.streets["kind"].isin(["footway", "street"]).to_numpy()
        self.lines = self.streets.geometry.to_numpy()[walkable]
        self.line_tree = shapely.STRtree(self.lines)
        self.wall_tree = shapely.STRtree(self.walls.geometry.to_numpy())

    def door(self, outline: shapely.Polygon) -> tuple[shapely.Point, shapely.Point]:
        """Door of a building toward the nearest street that no wall hides, and a point inside."""
        near = self.line_tree.query(outline, "dwithin", 60.0)
        ways = shapely.shortest_line(outline.exterior, self.lines[np.sort(near)])
        ways = ways[np.argsort(shapely.length(ways), kind="stable")]
        walled = np.zeros(len(ways), bool)
        walled[self.wall_tree.query(ways, "intersects")[0]] = True
        way = ways[~walled][0] if (~walled).any() else ways[0]
        (x0, y0), (x1, y1) = way.coords[0], way.coords[-1]
        step = STEP_IN_M / max(np.hypot(x1 - x0, y1 - y0), 1e-9)
        within = shapely.Point(x0 - (x1 - x0) * step, y0 - (y1 - y0) * step)
        if not outline.contains(within):
            within = outline.representative_point()
        return _whole(shapely.Point(x0, y0)), _whole(within)


def _whole(point: shapely.Point) -> shapely.Point:
    return shapely.Point(round(point.x, 3), round(point.y, 3))


def place_services(town: Town) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return services, sites, and the doors of services (as rows of entrances)."""
    rows = [_known(town, facility) for facility in KNOWN]
    rows += [_in_named(town, *hosted) for hosted in HOSTED]
    for kind in range(len(SPREAD)):
        rows += _spread(town, kind)
    rows += _bus_stops(town)
    table = pd.DataFrame([row for row in rows if row])
    services = gpd.GeoDataFrame(table, geometry="geometry", crs=frame.EPSG)
    services["id"] = np.arange(1, len(services) + 1)
    doors = services[services["door"].notna()]
    entrances = gpd.GeoDataFrame(
        {"service_id": doors["id"].to_numpy(), "residential": False},
        geometry=doors["door"].to_numpy(),
        crs=frame.EPSG,
    )
    return services.drop(columns="door"), _sites(town), entrances


def _host(
    town: Town, at: shapely.Point, uses: tuple[str, ...], taken: Collection[int] = ()
) -> pd.Series | None:
    """The nearest building of these uses that is not taken yet; None beyond 250 m."""
    free = town.buildings["use"].isin(uses) & ~town.buildings["id"].isin(taken)
    able = town.buildings[free & (town.buildings["storeys"] < 12)]
    index = shapely.STRtree(able.geometry.to_numpy()).query_nearest(at, all_matches=False)
    host = able.iloc[int(index[0])]
    return host if host.geometry.distance(at) < 250 else None


def _known(town: Town, facility: Facility) -> Row | None:
    at = shapely.Point(frame.to_world([[facility.u, facility.v]])[0])
    if not facility.uses:
        return _row(facility.name, facility.types, facility.area, facility.capacity,
                    facility.status, _whole(at), -1, None)  # fmt: skip
    host = _host(town, at, facility.uses)
    if host is None:
        return None
    door, within = town.door(host.geometry)
    return _row(facility.name, facility.types, facility.area, facility.capacity, facility.status,
                within, int(host["id"]), door if facility.door else None)  # fmt: skip


def _in_named(
    town: Town, building: str, name: str, types: str, area: float, capacity: float
) -> Row | None:
    """A service that fills a building of its own, found by the building's name."""
    found = town.buildings[town.buildings["name"] == building]
    if found.empty:
        return None
    host = found.iloc[0]
    door, within = town.door(host.geometry)
    return _row(name, types, area, capacity, "open", within, int(host["id"]), door)


def _row(
    name: str,
    types: str,
    area: float,
    capacity: float,
    status: str,
    at: shapely.Point,
    building: int,
    door: shapely.Point | None,
) -> Row:
    return {
        "geometry": at, "name": name, "types": types, "floor_area_m2": float(area),
        "capacity": float(capacity), "status": status, "building_id": building, "door": door,
    }  # fmt: skip


def _spread(town: Town, kind: int) -> list[Row]:
    """Small shops and the like: many, in shop fronts, denser along busy streets."""
    types, names, within, beyond, apart, area, capacity = SPREAD[kind]
    rng = frame.random(9, kind)
    shops = town.buildings[town.buildings["use"].isin(["commercial", "mixed"])]
    middles = shops.geometry.centroid
    own = shapely.contains(town.inside, middles.to_numpy())
    rows: list[Row] = []
    for mask, count in ((own, within), (~own, beyond)):
        chosen = _apart(shops[mask], middles[mask].to_numpy(), count, apart, rng)
        for _, shop in chosen.iterrows():
            _, at = town.door(shop.geometry)
            name = str(rng.choice(names))
            size = float(np.round(rng.uniform(*area)))
            rows.append(_row(name, types, size, capacity, "open", at, int(shop["id"]), None))
    return rows


def _apart(
    shops: gpd.GeoDataFrame, middles: np.ndarray, count: int, apart: float, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Choose shops at random, none closer than `apart` to another."""
    taken: list[int] = []
    xy = shapely.get_coordinates(middles)
    for i in rng.permutation(len(shops)):
        if len(taken) == count:
            break
        if all(np.hypot(*(xy[i] - xy[j])) > apart for j in taken):
            taken.append(int(i))
    return shops.iloc[sorted(taken)]


def _bus_stops(town: Town) -> list[Row]:
    """Stops on both sides of arterials and of some collectors, on the footway."""
    rng = frame.random(10)
    walks = town.streets[(town.streets["kind"] == "footway") & (town.streets["name"] != "")]
    wide = walks["road_class"].to_numpy()
    share = np.where(wide == "arterial", 0.6, np.where(wide == "collector", 0.14, 0.0))
    chosen = walks[rng.random(len(walks)) < share]
    chosen = chosen[chosen.length > 45]
    rows, placed = [], np.empty((0, 2))
    for _, walk in chosen.iterrows():
        at = _whole(walk.geometry.interpolate(0.5, normalized=True))
        here = np.array([at.x, at.y])
        if len(placed) and np.hypot(*(placed - here).T).min() < 210:
            continue
        placed = np.vstack([placed, here])
        rows.append(_row(walk["name"] + "站", "bus_stop", np.nan, np.nan, "open", at, -1, None))
    return rows


LARGE = ("industrial", "public", "office", "health", "commercial")
ROOMS = ("residential", "mixed", "commercial")


def _sites(town: Town) -> gpd.GeoDataFrame:
    """Idle rooms as points, under-used buildings as their outlines, parcels as open ground."""
    rows: list[Row] = []
    for number, (name, kind, u, v, area, storey, tenure, cost) in enumerate(SITES):
        at = shapely.Point(frame.to_world([[u, v]])[0])
        host, shape = -1, None
        if kind == "parcel":
            shape = _free_ground(town, at, frame.random(11, number))
        else:
            taken = [row["building_id"] for row in rows]
            building = _host(town, at, LARGE if kind == "under_used_building" else ROOMS, taken)
            if building is not None:
                host, outline = int(building["id"]), building.geometry
                shape = outline if kind == "under_used_building" else town.door(outline)[1]
        if shape is not None:
            rows.append(
                {
                    "geometry": shape, "name": name, "kind": kind, "floor_area_m2": area,
                    "storey": storey, "tenure": tenure, "cost_yuan": cost, "building_id": host,
                }  # fmt: skip
            )
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry", crs=frame.EPSG)


def _free_ground(
    town: Town, at: shapely.Point, rng: np.random.Generator
) -> shapely.Polygon | None:
    """A rectangle of open ground near a point."""
    angle = frame.east_angle(at)
    tree = shapely.STRtree(
        np.concatenate(
            [town.buildings.geometry.to_numpy(), town.streets.geometry.to_numpy(), town.walls.geometry.to_numpy()]
        )
    )
    for reach in np.arange(0, 160, 5.0):
        for turn in np.arange(0, 2 * np.pi, 0.5):
            x, y = at.x + reach * np.cos(turn), at.y + reach * np.sin(turn)
            wide, deep = rng.uniform(18, 30), rng.uniform(13, 20)
            ground = frame.Frame(x, y, angle).out(shapely.box(-wide / 2, -deep / 2, wide / 2, deep / 2))
            if len(tree.query(ground, "intersects")) == 0:
                return ground
    return None
