"""Composing the plan: from roads to buildings with doors on a connected network."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from sample_data.plan import frame, network, people
from sample_data.plan.campus import PROGRAMS, fill_campus
from sample_data.plan.compound import Ground
from sample_data.plan.footways import draw_footways, plant_streets
from sample_data.plan.parcels import Parcel, cut_parcels
from sample_data.plan.parks import fill_hill, fill_park
from sample_data.plan.roads import Roads, draw_roads
from sample_data.plan.rows import fill_rows
from sample_data.plan.sheet import Row, Sheet
from sample_data.plan.style import STYLES

DOOR_REACH_M = 15.0


@dataclass
class Plan:
    """The district as frames, before services and sites."""

    roads: Roads
    parcels: list[Parcel]
    sheet: Sheet
    buildings: gpd.GeoDataFrame
    entrances: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    walls: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    green: gpd.GeoDataFrame
    cut_off_m: float


def draw_plan() -> Plan:
    """Draw everything that stands or lies on the ground."""
    sheet = Sheet()
    roads = draw_roads()
    draw_footways(roads, sheet)
    parcels, public = cut_parcels(roads, sheet)
    others = shapely.STRtree([p.world for p in parcels])
    for parcel in parcels:
        _fill(Ground(parcel, sheet, public, others))
    plant_streets(roads, sheet)
    frames = {k: _frame(getattr(sheet, k)) for k in ("walls", "water", "green")}
    buildings = _stand_clear(_frame(sheet.buildings), frames["walls"], frames["water"])
    solid = np.concatenate([buildings.geometry.to_numpy(), frames["water"].geometry.to_numpy()])
    streets, cut_off = network.join(sheet.walks, solid)
    entrances = _frame(sheet.entrances)
    entrances = _reachable(entrances, buildings, streets, frames["walls"])
    buildings, entrances = _with_doors(buildings, entrances)
    buildings = people.settle(_measured(buildings))
    return Plan(
        roads, parcels, sheet, buildings, entrances, streets, frames["walls"], frames["water"],
        frames["green"], cut_off,
    )  # fmt: skip


def _fill(ground: Ground) -> None:
    kind = ground.parcel.kind
    if kind == "hill":
        fill_hill(ground)
    elif kind == "park":
        fill_park(ground)
    elif kind in PROGRAMS and kind != "danwei":
        fill_campus(ground)
    else:
        fill_rows(ground, STYLES.get(kind, STYLES["walkup_80s"]))


def _frame(rows: list[Row]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry", crs=frame.EPSG)


def _stand_clear(
    buildings: gpd.GeoDataFrame, walls: gpd.GeoDataFrame, water: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Drop buildings that touch an earlier one, a wall or water; keep their numbers."""
    shapes = buildings.geometry.to_numpy()
    tree = shapely.STRtree(shapes)
    first, second = tree.query(shapes, "intersects")
    bad = np.zeros(len(shapes), bool)
    bad[first[second < first]] = True
    for other in (walls, water):
        bad[shapely.STRtree(other.geometry.to_numpy()).query(shapes, "intersects")[0]] = True
    bad |= ~shapely.is_valid(shapes)
    return buildings[~bad]


def _reachable(
    entrances: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    walls: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """Keep the doors that have an edge close in front, with nothing in between."""
    entrances = entrances[entrances["building"].isin(buildings.index)]
    lines = streets.geometry.to_numpy()[streets["kind"].isin(["footway", "street"])]
    doors = entrances.geometry.to_numpy()
    nearest = shapely.STRtree(lines).query_nearest(doors, all_matches=False)[1]
    legs = shapely.shortest_line(doors, lines[nearest])
    good = shapely.length(legs) <= DOOR_REACH_M
    hit = shapely.STRtree(walls.geometry.to_numpy()).query(legs, "intersects")[0]
    good[hit] = False
    beyond = shapely.line_interpolate_point(legs, 0.02)
    clear = shapely.linestrings(
        np.stack(
            [shapely.get_coordinates(beyond), shapely.get_coordinates(shapely.get_point(legs, -1))],
            1,
        )
    )
    hit = shapely.STRtree(buildings.geometry.to_numpy()).query(clear, "intersects")[0]
    good[hit] = False
    return entrances[good]


def _with_doors(
    buildings: gpd.GeoDataFrame, entrances: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Drop homes of the district without a door; number buildings and doors from 1."""
    home = buildings["use"].isin(["residential", "mixed"]) & buildings["inside"]
    kept = buildings[~home | buildings.index.isin(entrances["building"])]
    kept = kept.assign(first=~kept["inside"]).sort_values(["first", "parcel"], kind="stable")
    number = pd.Series(np.arange(1, len(kept) + 1), index=kept.index)
    doors = entrances.assign(building_id=number.reindex(entrances["building"]).to_numpy())
    doors = doors.sort_values("building_id", kind="stable").reset_index(drop=True)
    return kept.assign(id=number).reset_index(drop=True), doors


def _measured(buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Fill in height, lift and names."""
    floor = buildings["floor_m"].fillna(3.0)
    ground = buildings["ground_m"].fillna(floor)
    height = ground + (buildings["storeys"] - 1) * floor + 0.6
    lift = buildings["has_lift"].fillna(False).astype(bool)
    return buildings.assign(height_m=height.round(1), has_lift=lift)
