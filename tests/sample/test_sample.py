"""Facts about the sample district: its counts, its geometry and its network hold together."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import rasterio
import shapely
from geopandas.testing import assert_geodataframe_equal

from layers.schema import AGE_BANDS, DTYPES, ROLES
from sample_data import DISTRICT, TERRAIN
from sample_data.plan import layout

WALKABLE = ("footway", "street")


@cache
def layer(role: str) -> gpd.GeoDataFrame:
    return gpd.read_file(DISTRICT, layer=role)


@cache
def boundary() -> shapely.Polygon:
    shape = layer("boundary").geometry.iloc[0]
    return max(shapely.get_parts(shape), key=lambda p: p.area)


def inside(role: str) -> gpd.GeoDataFrame:
    table = layer(role)
    points = shapely.point_on_surface(table.geometry.to_numpy())
    return table[shapely.contains(boundary(), points)]


def crossing_pairs(first: np.ndarray, second: np.ndarray) -> int:
    return len(shapely.STRtree(second).query(first, "intersects")[0])


# --- what is there ---------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_every_layer_has_exactly_the_columns_of_the_schema(role: str) -> None:
    table = layer(role)
    names = {"id", "geometry", *(c.name for c in ROLES[role].columns)}
    assert set(table.columns) == names
    assert table["id"].is_unique
    assert table.crs.to_epsg() == 4547
    assert shapely.is_valid(table.geometry.to_numpy()).all()
    for column in ROLES[role].columns:
        if column.choices:
            assert set(table[column.name]) <= set(column.choices)
        if column.kind in ("number", "id", "flag"):
            assert np.issubdtype(table[column.name].dtype, DTYPES[column.kind])


def test_the_district_is_about_two_and_a_half_by_two_kilometres() -> None:
    west, south, east, north = boundary().bounds
    assert 2300 < east - west < 2900
    assert 1900 < north - south < 2400
    assert 4e6 < boundary().area < 5.5e6


def test_counts_lie_in_the_ranges_promised() -> None:
    assert 1500 <= len(inside("buildings")) <= 2500
    assert 5000 <= len(inside("streets")) <= 10000
    assert 60_000 <= inside("buildings")["residents"].sum() <= 90_000
    assert 4 <= len(layer("communities")) <= 6
    assert 25 <= len(layer("sites")) <= 40
    assert len(layer("trees")) <= 6000
    assert DISTRICT.stat().st_size < 5_000_000


def test_the_country_around_goes_on_for_a_kilometre() -> None:
    for role in ("streets", "services"):
        hull = shapely.convex_hull(shapely.union_all(layer(role).geometry.to_numpy()))
        assert shapely.distance(hull.exterior, boundary()) > 750
    streets = layer("streets")
    assert len(streets) - len(inside("streets")) > 2000


def test_at_least_twelve_service_types_stand_inside_the_boundary() -> None:
    open_now = inside("services").query("status == 'open'")
    types = {name for joined in open_now["types"] for name in joined.split(",")}
    assert len(types) >= 18
    assert open_now["types"].str.contains(",").any()
    assert (layer("services")["status"] == "planned").sum() >= 3
    assert (layer("entrances")["service_id"] > 0).sum() >= 5


def test_services_are_spread_unevenly() -> None:
    joined = inside("services").sjoin(layer("communities")[["name", "geometry"]], rsuffix="shequ")
    day_care = joined[joined["types"].str.contains("elder_day_care") & (joined["status"] == "open")]
    assert 1 <= day_care["name_shequ"].nunique() < len(layer("communities"))


def test_every_service_that_the_plan_lists_found_its_place() -> None:
    listed = layout.table("services")
    names = {row["name"] for row in listed["facility"] + listed["hosted"]}
    assert names <= set(layer("services")["name"])
    known = {row["name"] for row in layout.table("sites")["site"]}
    assert known == set(layer("sites")["name"])


# --- people ----------------------------------------------------------------------------------


def test_residents_are_whole_and_the_bands_add_up() -> None:
    homes = layer("buildings")
    counts = homes[["residents", *AGE_BANDS, "disabled"]].fillna(0)
    assert (counts == counts.round()).all(axis=None)
    assert (counts[list(AGE_BANDS)].sum(axis=1) == counts["residents"]).all()
    assert (counts["disabled"] <= counts["residents"]).all()
    lived = homes["use"].isin(["residential", "mixed"])
    assert (counts.loc[~lived, "residents"] == 0).all()


def test_old_compounds_are_older_than_towers() -> None:
    homes = inside("buildings").query("residents > 0")
    aged = homes["age_60_79"] + homes["age_80_up"]
    old = homes["built_year"].between(1980, 1992)
    new = homes["storeys"] >= 18
    assert 0.26 < aged[old].sum() / homes["residents"][old].sum() < 0.33
    assert aged[new].sum() / homes["residents"][new].sum() < 0.18
    assert 0.05 < homes["disabled"].sum() / homes["residents"].sum() < 0.07
    assert homes.loc[new, "has_lift"].all()
    assert not homes.loc[homes["storeys"] <= 7, "has_lift"].any()


def test_communities_carry_the_sum_of_their_homes() -> None:
    homes = inside("buildings")
    assert layer("communities")["residents"].sum() == homes["residents"].fillna(0).sum()


# --- geometry --------------------------------------------------------------------------------


def test_communities_partition_the_boundary() -> None:
    shapes = layer("communities").geometry.to_numpy()
    assert shapely.union_all(shapes).symmetric_difference(boundary()).area < 0.01
    assert abs(shapely.area(shapes).sum() - boundary().area) < 0.01


def test_buildings_overlap_nothing() -> None:
    shapes = layer("buildings").geometry.to_numpy()
    assert crossing_pairs(shapes, shapes) == len(shapes)
    roads = layer("roads")
    carriageways = shapely.buffer(roads.geometry.to_numpy(), roads["width_m"].to_numpy() / 2)
    for other in (layer("water").geometry.to_numpy(), layer("barriers").geometry.to_numpy(),
                  layer("streets").geometry.to_numpy(), carriageways):  # fmt: skip
        assert crossing_pairs(shapes, other) == 0


def test_streets_keep_off_walls_and_only_bridges_cross_water() -> None:
    streets = layer("streets")
    lines = streets.geometry.to_numpy()
    assert crossing_pairs(lines, layer("barriers").geometry.to_numpy()) == 0
    wet = shapely.STRtree(layer("water").geometry.to_numpy()).query(lines, "intersects")[0]
    assert set(streets.iloc[wet]["kind"]) == {"bridge"}


def test_exactly_two_bridges_cross_the_canal() -> None:
    bridges = layer("streets").query("kind == 'bridge'")
    assert bridges["name"].nunique() == 2
    assert shapely.contains(boundary(), bridges.geometry.to_numpy()).all()


def test_every_gate_stands_in_a_gap_of_a_wall() -> None:
    gates = layer("streets").query("kind == 'gate'")
    walls = shapely.STRtree(layer("barriers").geometry.to_numpy())
    assert len(gates) > 100
    assert set(gates["status"]) == {"open", "residents", "closed"}
    reach = gates["width_m"].to_numpy() / 2 + 0.3
    middles = shapely.line_interpolate_point(gates.geometry.to_numpy(), 0.5, normalized=True)
    both_sides = walls.query(middles, "dwithin", distance=reach)[0]
    assert np.isin(np.arange(len(gates)), both_sides).all()


def test_every_home_has_a_door_on_its_outline_and_a_lane_before_it() -> None:
    homes = inside("buildings").query("residents > 0").set_index("id")
    doors = layer("entrances").query("residential").set_index("building_id")
    assert set(homes.index) <= set(doors.index)
    outlines = shapely.boundary(layer("buildings").set_index("id").geometry.loc[doors.index])
    points = doors.geometry.to_numpy()
    assert shapely.distance(points, outlines.to_numpy()).max() < 0.001
    streets = layer("streets")
    lines = streets.geometry.to_numpy()[streets["kind"].isin(WALKABLE)]
    nearest = shapely.STRtree(lines).query_nearest(points, all_matches=False)[1]
    legs = shapely.shortest_line(points, lines[nearest])
    assert shapely.length(legs).max() <= 15.0
    assert crossing_pairs(legs, layer("barriers").geometry.to_numpy()) == 0
    starts = shapely.line_interpolate_point(legs, 0.01)
    ends = shapely.get_point(legs, -1)
    beyond = shapely.linestrings(np.stack([shapely.get_coordinates(g) for g in (starts, ends)], 1))
    assert crossing_pairs(beyond, layer("buildings").geometry.to_numpy()) == 0


# --- network ---------------------------------------------------------------------------------


def test_coordinates_are_whole_millimetres() -> None:
    for role in ("streets", "buildings", "entrances", "services"):
        xy = shapely.get_coordinates(layer(role).geometry.to_numpy())
        assert np.abs(xy - np.round(xy, 3)).max() < 1e-9


def test_all_walkable_edges_form_one_network() -> None:
    lines = layer("streets").geometry.to_numpy()
    starts = shapely.get_coordinates(shapely.get_point(lines, 0))
    ends = shapely.get_coordinates(shapely.get_point(lines, -1))
    graph = nx.Graph()
    graph.add_edges_from(zip(map(tuple, starts), map(tuple, ends), strict=True))
    assert nx.number_connected_components(graph) == 1


def test_edges_meet_only_at_their_ends() -> None:
    lines = layer("streets").geometry.to_numpy()
    first, _ = shapely.STRtree(lines).query(lines, "crosses")
    assert len(first) == 0
    assert shapely.length(lines).min() > 0.2


def test_signals_have_cycles_longer_than_their_green() -> None:
    signalled = layer("streets").query("signalled")
    assert set(signalled["kind"]) == {"crossing"}
    timed = signalled.dropna(subset=["cycle_s", "green_s"])
    assert 0 < len(timed) < len(signalled)
    assert (timed["green_s"] < timed["cycle_s"]).all()


# --- terrain and making ----------------------------------------------------------------------


def test_terrain_covers_every_street_and_has_a_hill_and_a_canal() -> None:
    with rasterio.open(TERRAIN) as raster:
        heights, area, crs = raster.read(1), shapely.box(*raster.bounds), raster.crs
    assert crs.to_epsg() == 4547
    assert np.isfinite(heights).all()
    assert shapely.contains(area, layer("streets").geometry.to_numpy()).all()
    assert 30 < heights.max() - np.median(heights) < 45
    water = layer("water").geometry.iloc[0].representative_point()
    with rasterio.open(TERRAIN) as raster:
        (low,), (quay,) = raster.sample([(water.x, water.y), (water.x, water.y + 60)])
    assert quay - low > 2.0


def test_making_it_again_gives_the_same_content(tmp_path: Path) -> None:
    from sample_data.make import make

    make(tmp_path / "district.gpkg", tmp_path / "terrain.tif")
    for role in ROLES:
        again = gpd.read_file(tmp_path / "district.gpkg", layer=role)
        assert_geodataframe_equal(again, layer(role))
    with rasterio.open(TERRAIN) as old, rasterio.open(tmp_path / "terrain.tif") as new:
        assert (old.read(1) == new.read(1)).all()
