"""Services that exist, unevenly as in life, and sites where more could go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from sample_data.plan import frame, layout
from sample_data.plan.hours import service_hours
from sample_data.plan.sheet import Row

GREEN_IN_M = 2.5
"""A service in the open lies at least this far within its lawn."""
STEP_IN_M = 1.5
"""A service in a building is drawn this far behind its front."""


@dataclass
class Town:
    """What services need to know of the plan."""

    buildings: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    walls: gpd.GeoDataFrame
    green: gpd.GeoDataFrame
    inside: shapely.Geometry

    def __post_init__(self) -> None:
        walkable = self.streets["kind"].isin(["footway", "street"]).to_numpy()
        self.lines = self.streets.geometry.to_numpy()[walkable]
        self.line_tree = shapely.STRtree(self.lines)
        self.open_ground = self.green.geometry.buffer(-GREEN_IN_M).to_numpy()
        self.open_tree = shapely.STRtree(self.open_ground)
        self.wall_tree = shapely.STRtree(self.walls.geometry.to_numpy())

    def gate(self, compound: str, of: shapely.Point) -> shapely.Point | None:
        """Return the street side of the main gate of a compound, if it has one."""
        main = (self.streets["kind"] == "gate") & (self.streets["name"] == compound + "正门")
        gates = self.streets[main]
        if gates.empty:
            return None
        ends = [shapely.Point(xy) for xy in gates.geometry.iloc[0].coords]
        return max(ends, key=of.distance)

    def on_green(self, at: shapely.Point) -> shapely.Point:
        """Return the nearest point that lies well within a lawn, a park or a sports field."""
        ground = self.open_ground[self.open_tree.query_nearest(at, all_matches=False)[0]]
        return shapely.get_point(shapely.shortest_line(ground, at), 0)

    def door(self, outline: shapely.Polygon) -> tuple[shapely.Point, shapely.Point]:
        """Return the door toward the nearest street that no wall hides, and a point inside."""
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
    listed = layout.table("services")
    rows = [_listed(town, facility) for facility in listed["facility"]]
    rows += [_hosted(town, facility) for facility in listed["hosted"]]
    for number, kind in enumerate(listed["spread"]):
        rows += _spread(town, kind, frame.random(9, number))
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
    """Return the nearest building of these uses that is not taken yet; None beyond 250 m."""
    free = town.buildings["use"].isin(uses) & ~town.buildings["id"].isin(taken)
    able = town.buildings[free & (town.buildings["storeys"] < 12)]
    index = shapely.STRtree(able.geometry.to_numpy()).query_nearest(at, all_matches=False)
    host = able.iloc[int(index[0])]
    return host if host.geometry.distance(at) < 250 else None


def _listed(town: Town, facility: dict[str, Any]) -> Row | None:
    """Place a facility in the nearest building that fits, or in the open."""
    at = frame.place(facility["at"])
    uses = facility.get("uses", FRONT)
    if not uses:
        return _row(facility, _whole(town.on_green(at)))
    host = _host(town, at, uses)
    if host is None:
        return None
    door, within = town.door(host.geometry)
    return _row(facility, within, int(host["id"]), door if facility.get("door") else None)


def _hosted(town: Town, facility: dict[str, Any]) -> Row | None:
    """Place a facility that fills a building of its own, found by the building's name."""
    found = town.buildings[town.buildings["name"] == facility["building"]]
    if found.empty:
        return None
    door, within = town.door(found.geometry.iloc[0])
    gate = town.gate(str(found["compound"].iloc[0]), within)
    return _row(facility, within, int(found["id"].iloc[0]), gate or door)


def _row(
    facility: dict[str, Any],
    at: shapely.Point,
    building: int = -1,
    door: shapely.Point | None = None,
) -> Row:
    return {
        "geometry": at,
        "name": facility["name"],
        "types": ",".join(facility["types"]),
        "floor_area_m2": float(facility.get("floor_area_m2", np.nan)),
        "capacity": float(facility.get("capacity", np.nan)),
        "status": facility.get("status", "open"),
        "hours": service_hours(facility),
        "building_id": building,
        "door": door,
    }


def _spread(town: Town, kind: dict[str, Any], rng: np.random.Generator) -> list[Row]:
    """Place small shops and the like: many, in shop fronts, each apart from its own kind."""
    shops = town.buildings[town.buildings["use"].isin(FRONT)]
    middles = shops.geometry.centroid.to_numpy()
    own = shapely.contains(town.inside, middles)
    rows: list[Row] = []
    for mask, count in ((own, kind["inside"]), (~own, kind["beyond"])):
        chosen = _apart(shops[mask], middles[mask], count, kind["apart_m"], rng)
        for host, outline in zip(chosen["id"], chosen.geometry, strict=True):
            shop = {
                "name": str(rng.choice(kind["names"])),
                "types": [kind["type"]],
                "floor_area_m2": round(rng.uniform(*kind["floor_area_m2"])),
            }
            rows.append(_row(shop, town.door(outline)[1], int(host)))
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
    """Place stops on both sides of arterials and of some collectors, on the footway."""
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
        rows.append(_row({"name": walk["name"] + "站", "types": ["bus_stop"]}, at))
    return rows


FRONT = ("commercial", "mixed")
LARGE = ("industrial", "public", "office", "health", "commercial")
ROOMS = ("residential", "mixed", "commercial")


def _sites(town: Town) -> gpd.GeoDataFrame:
    """Return idle rooms as points, under-used buildings and open ground as outlines."""
    rows: list[Row] = []
    for number, site in enumerate(layout.table("sites")["site"]):
        at, kind = frame.place(site["at"]), site["kind"]
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
            rows.append({**site, "geometry": shape, "building_id": host})
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry", crs=frame.EPSG)


def _free_ground(town: Town, at: shapely.Point, rng: np.random.Generator) -> shapely.Polygon | None:
    """Find a rectangle of open ground near a point."""
    angle = frame.east_angle(at)
    layers = (town.buildings, town.streets, town.walls)
    tree = shapely.STRtree(np.concatenate([table.geometry.to_numpy() for table in layers]))
    for reach in np.arange(0, 160, 5.0):
        for turn in np.arange(0, 2 * np.pi, 0.5):
            x, y = at.x + reach * np.cos(turn), at.y + reach * np.sin(turn)
            wide, deep = rng.uniform(18, 30), rng.uniform(13, 20)
            shape = shapely.box(-wide / 2, -deep / 2, wide / 2, deep / 2)
            ground = frame.Frame(x, y, angle).out(shape)
            if len(tree.query(ground, "intersects")) == 0:
                return ground
    return None
