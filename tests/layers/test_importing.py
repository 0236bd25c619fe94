"""From loose files to a project."""

import itertools
from collections import Counter

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
from shapely.geometry import Point, box

from layers.importing.from_files import import_layers
from layers.problems import LayerError, Severity
from layers.project import read_project, write_layers, write_project
from layers.rasters.elevation import Terrain
from layers.rasters.terrain import write_terrain
from layers.schema import DTYPES, ROLES
from tests.layers.conftest import ZONE_114, X, Y, frame, line, square


def refused(*paths, **how):
    with pytest.raises(LayerError) as caught:
        import_layers(paths, **how)
    return caught.value.problem.key


def test_a_folder_of_three_formats_becomes_a_district(district_files, keys):
    project = import_layers([district_files])
    assert project.name == "幸福里"
    assert {role: len(layer) for role, layer in project.layers.items()} == {
        "boundary": 1,
        "buildings": 12,
        "streets": 12,
        "services": 2,
    }
    assert project.crs.equals(ZONE_114)
    assert project.surveyed == ("canteen", "pharmacy")
    assert project.layers["buildings"]["name"].tolist()[0] == "1号楼"
    assert project.layers["buildings"]["residents"].sum() == 480
    # The services came in degrees and lie where they were put, to the millimetre.
    canteen = project.layers["services"].geometry[0]
    assert canteen.distance(Point(X + 500, Y + 30)) < 0.001
    assert keys(project.problems) >= {"crs_kept", "boundary_from_buildings", "bands_from_country"}
    assert not any(problem.severity is Severity.ERROR for problem in project.problems)


def test_every_layer_of_a_project_has_exactly_its_columns_and_kinds(district_files):
    project = import_layers([district_files])
    for role, layer in project.layers.items():
        names = [column.name for column in ROLES[role].columns]
        assert list(layer.columns) == ["id", *names, "geometry"]
        kinds = {column.name: np.dtype(DTYPES[column.kind]) for column in ROLES[role].columns}
        assert {name: layer[name].dtype for name in names} == kinds
        assert layer.crs.equals(project.crs)


def test_each_layer_knows_where_it_came_from(district_files):
    sources = {source.role: source for source in import_layers([district_files]).sources}
    assert sources["buildings"].file == "建筑.shp"
    assert sources["buildings"].crs == "EPSG:4547"
    assert sources["services"].crs == "EPSG:4326"
    assert sources["buildings"].mapping["residents"] == "residents"
    for source in sources.values():
        assert source.features_declared == source.features_read == source.features_kept > 0
        assert len(source.sha256) == 64
        assert source.read_at.endswith("+00:00")


def test_two_imports_of_the_same_files_are_the_same(district_files, tmp_path):
    first, second = import_layers([district_files]), import_layers([district_files])
    assert first.problems == second.problems
    for role in first.layers:
        assert first.layers[role].equals(second.layers[role])
    write_project(tmp_path / "p.twin.gpkg", first)
    back = read_project(tmp_path / "p.twin.gpkg")
    assert (back.problems, back.sources) == (first.problems, first.sources)


def test_names_of_columns_in_chinese_and_pinyin_are_understood(tmp_path):
    houses = frame(
        [square(0, 0), square(50, 0)], 层数=["6层", "18层"], HS=[24, 72], 用途=["住宅"] * 2
    )
    houses.to_file(tmp_path / "jz.shp", encoding="UTF-8")
    layer = import_layers([tmp_path / "jz.shp"]).layers["buildings"]
    assert layer["storeys"].tolist() == [6, 18]
    assert layer["dwellings"].tolist() == [24, 72]


def test_the_users_mapping_and_roles_override(tmp_path):
    houses = frame([square(0, 0)], 层数=[6], 实测=[9])
    houses.to_file(tmp_path / "abc.gpkg", layer="abc")
    given = import_layers(
        [tmp_path / "abc.gpkg"],
        name="试点",
        roles={"abc": "buildings"},
        columns={"buildings": {"storeys": "实测"}},
    )
    assert given.name == "试点"
    assert given.layers["buildings"]["storeys"].tolist() == [9]
    assert given.sources[0].mapping["storeys"] == "实测"


def test_a_layer_whose_role_nothing_tells_is_left_out_and_said(district_files, keys):
    frame([square(0, 0)], a=["x"]).to_file(district_files / "layer7.gpkg", layer="layer7")
    project = import_layers([district_files])
    [unknown] = [p for p in project.problems if p.key == "role_unknown"]
    assert unknown.source == "layer7.gpkg"
    assert unknown.facts["count"] == 1
    [source] = [s for s in project.sources if s.file == "layer7.gpkg"]
    assert (source.role, source.features_read, source.features_kept) == ("", 1, 0)
    keys(project.problems)


def test_unreadable_files_refuse_the_import_if_named_and_are_reported_if_found(
    district_files, keys
):
    bad = district_files / "broken.geojson"
    bad.write_text("{")
    assert refused(bad, district_files) == "json_broken"
    project = import_layers([district_files])
    assert "json_broken" in keys(project.problems)
    assert len(project.layers["buildings"]) == 12


def test_a_missing_file_is_refused(tmp_path):
    assert refused(tmp_path / "none.shp") == "file_missing"


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_layer_without_crs_takes_that_of_its_neighbours_or_is_reported(
    district_files, buildings, keys
):
    bare = buildings.set_crs(None, allow_override=True)
    bare.iloc[:3].to_file(district_files / "楼栋.shp", encoding="UTF-8")
    far = bare.iloc[3:4].set_geometry(bare.iloc[3:4].translate(3e6, 0))
    far.to_file(district_files / "房屋.shp", encoding="UTF-8")
    project = import_layers([district_files])
    by_file = {p.source: p.key for p in project.problems if "crs" in p.key and p.source}
    assert by_file == {"楼栋.shp": "crs_assumed_other_layers", "房屋.shp": "layer_without_crs"}
    keys(project.problems)


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_lone_layer_without_crs_is_refused_unless_its_numbers_are_degrees(tmp_path, buildings):
    bare = buildings.set_crs(None, allow_override=True)
    bare.to_file(tmp_path / "建筑.shp", encoding="UTF-8")
    assert refused(tmp_path / "建筑.shp") == "layer_without_crs"
    told = import_layers([tmp_path / "建筑.shp"], crs=ZONE_114)
    assert told.crs.equals(ZONE_114)
    degrees = buildings.to_crs(4326).set_crs(None, allow_override=True)
    degrees.to_file(tmp_path / "建筑2.shp", encoding="UTF-8")
    project = import_layers([tmp_path / "建筑2.shp"])
    assert "crs_assumed_degrees" in {problem.key for problem in project.problems}
    # Shenzhen: the zone of 114 E, as the original was in.
    assert project.crs.equals(ZONE_114)
    assert project.layers["buildings"].geometry[0].distance(buildings.geometry[0]) < 0.01


def test_metres_that_claim_to_be_degrees_are_not_believed(tmp_path, buildings):
    lying = buildings.set_crs(4326, allow_override=True)
    lying.to_file(tmp_path / "建筑.shp", encoding="UTF-8")
    assert refused(tmp_path / "建筑.shp") == "layer_without_crs"
    told = import_layers([tmp_path / "建筑.shp"], crs=ZONE_114)
    assert "crs_contradicted" in {problem.key for problem in told.problems}


def test_a_crs_that_cannot_be_used_is_set_aside(tmp_path, buildings, keys):
    buildings.to_file(tmp_path / "建筑.shp", encoding="UTF-8")
    prj = tmp_path / "建筑.prj"
    prj.write_text(prj.read_text().replace("Gauss_Kruger", "Nonsense_Projection"))
    assert refused(tmp_path / "建筑.shp") in {"layer_without_crs", "crs_unusable"}
    told = import_layers([tmp_path / "建筑.shp"], crs=ZONE_114)
    assert told.crs.equals(ZONE_114)
    keys(told.problems)


def test_a_crs_that_measures_no_true_metres_is_refused_as_the_districts(district_files):
    assert refused(district_files, crs=pyproj.CRS.from_epsg(3857)) == "crs_not_metric_here"


def test_web_mercator_is_replaced_by_the_zone(tmp_path, buildings):
    buildings.to_crs(3857).to_file(tmp_path / "建筑.gpkg", layer="建筑")
    project = import_layers([tmp_path / "建筑.gpkg"])
    assert project.crs.equals(ZONE_114)
    assert project.layers["buildings"].geometry.area.to_numpy() == pytest.approx(400, rel=1e-5)


@pytest.mark.parametrize("name", ["建筑.shp", "建筑.gpkg", "建筑.geojson"])
def test_an_empty_layer_is_refused(tmp_path, name):
    empty = gpd.GeoDataFrame({"层数": []}, geometry=gpd.GeoSeries([], crs=4326))
    pyogrio.write_dataframe(empty, tmp_path / name, geometry_type="Polygon")
    assert refused(tmp_path / name) == "layer_empty"


def test_a_district_without_streets_says_that_walks_cannot_be_computed(district_files):
    (district_files / "streets.gpkg").unlink()
    project = import_layers([district_files])
    [problem] = [p for p in project.problems if p.key == "no_streets"]
    assert problem.severity is Severity.ERROR


def test_a_building_five_kilometres_away_is_kept_and_named(district_files, buildings):
    stray = buildings.iloc[:1].assign(id=99, name="远楼")
    stray = stray.set_geometry(stray.translate(0, 5000))
    stray.to_file(district_files / "房屋.gpkg", layer="房屋")
    project = import_layers([district_files])
    assert 99 in project.layers["buildings"]["id"].to_numpy()
    [problem] = [p for p in project.problems if p.key == "features_far_away"]
    assert problem.ids == (99,)
    boundary = project.layers["boundary"].geometry[0]
    assert boundary.bounds[3] - boundary.bounds[1] < 100


def test_layers_of_one_role_are_put_together_with_unique_ids(district_files, buildings):
    more = buildings.iloc[:2].set_geometry(buildings.iloc[:2].translate(0, 300))
    more.to_file(district_files / "楼栋.gpkg", layer="楼栋")
    project = import_layers([district_files])
    layer = project.layers["buildings"]
    assert len(layer) == 14
    assert layer["id"].is_unique
    kept = [source.features_kept for source in project.sources if source.role == "buildings"]
    assert sorted(kept) == [2, 12]


def test_the_terrain_is_cut_to_the_district_and_in_its_crs(district_files):
    heights = np.full((400, 400), 30, np.float32)
    terrain = Terrain(heights, X - 10_000, Y + 10_000, 50.0, 50.0)
    write_terrain(district_files / "dem.tif", terrain, ZONE_114)
    project = import_layers([district_files])
    west, south, east, north = project.terrain.bounds
    assert west < X - 3000 < X - 1000
    assert east - west < 9000
    assert south < Y < north
    assert project.terrain.sample(np.array([X]), np.array([Y])) == 30
    [source] = [source for source in project.sources if source.role == "terrain"]
    assert (source.file, source.crs) == ("dem.tif", "EPSG:4547")


def test_an_elevation_model_alone_is_no_district(tmp_path):
    terrain = Terrain(np.zeros((4, 4), np.float32), X, Y, 10.0, 10.0)
    write_terrain(tmp_path / "dem.tif", terrain, ZONE_114)
    assert refused(tmp_path / "dem.tif") == "terrain_alone"


def test_ways_nobody_walks_on_are_left_out_and_tags_tell_the_kind(tmp_path):
    ways = [line((0, 10 * n), (50, 10 * n)) for n in range(6)]
    streets = frame(
        ways,
        highway=["residential", "motorway", "steps", "footway", "footway", "primary"],
        bridge=[None, None, None, "yes", None, None],
        footway=[None, None, None, None, "crossing", None],
        foot=[None, None, None, None, None, "no"],
    )
    streets.to_file(tmp_path / "ways.geojson")
    project = import_layers([tmp_path / "ways.geojson"])
    layer = project.layers["streets"]
    assert layer["kind"].tolist() == ["street", "steps", "bridge", "crossing"]
    [left] = [p for p in project.problems if p.key == "not_walkable"]
    assert left.facts["count"] == 2


def test_a_project_can_be_imported_again_from_its_own_export(district_files, tmp_path):
    project = import_layers([district_files])
    write_layers(tmp_path / "out.gpkg", project)
    again = import_layers([tmp_path / "out.gpkg"])
    for role, layer in project.layers.items():
        assert again.layers[role].equals(layer), role


def test_progress_only_grows_and_what_it_raises_stops_the_import(district_files):
    seen = []
    import_layers([district_files], progress=lambda done, key: seen.append((done, key)))
    shares = [done for done, _ in seen]
    assert shares == sorted(shares)
    assert all(0 <= done <= 1 for done in shares)
    assert [key for key, _ in itertools.groupby(key for _, key in seen)] == [
        "import.reading",
        "import.repairing",
        "import.terrain",
        "import.checking",
    ]

    class Stopped(Exception):  # noqa: N818
        pass

    def stop(done: float, key: str) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        import_layers([district_files], progress=stop)


def test_importing_writes_nothing(district_files):
    before = {path: path.stat().st_mtime_ns for path in district_files.rglob("*")}
    import_layers([district_files])
    assert {path: path.stat().st_mtime_ns for path in district_files.rglob("*")} == before


def test_a_file_named_twice_is_read_once(district_files):
    file = district_files / "建筑.shp"
    counts = Counter(source.file for source in import_layers([file, district_files]).sources)
    assert counts["建筑.shp"] == 1


def test_polygons_as_boundary(district_files):
    boundary = frame([box(X - 100, Y - 100, X + 600, Y + 300)], name=["范围"])
    boundary.to_file(district_files / "研究范围.gpkg", layer="研究范围")
    project = import_layers([district_files])
    assert project.layers["boundary"].geometry.area[0] == pytest.approx(280_000)
    [outside] = [p for p in project.problems if p.key == "buildings_outside"]
    # Houses stand at 0, 100, ... 1100; the boundary ends at 600, in the first metres of the 7th.
    assert outside.ids == (7, 8, 9, 10, 11, 12)


def test_places_are_services_by_any_column_that_says_so_and_others_are_counted(tmp_path, keys):
    places = frame(
        [Point(X + 10 * n, Y) for n in range(5)],
        amenity=["kindergarten", "bench", None, None, "toilets"],
        shop=[None, None, "convenience", None, None],
        leisure=[None, None, None, "park", None],
    )
    places.to_file(tmp_path / "poi.geojson")
    project = import_layers([tmp_path / "poi.geojson"])
    types = project.layers["services"]["types"].tolist()
    assert types == ["kindergarten", "convenience_store", "park", "public_toilet"]
    [left] = [p for p in project.problems if p.key == "no_service"]
    assert (left.facts["count"], left.facts["examples"]) == (1, "bench")
    keys(project.problems)


def test_a_project_given_as_layers_is_named(district_files, tmp_path, keys):
    write_project(tmp_path / "p.twin.gpkg", import_layers([district_files]))
    again = import_layers([tmp_path / "p.twin.gpkg"])
    assert "project_as_layers" in keys(again.problems)
    assert len(again.layers["buildings"]) == 12


def test_an_exported_folder_gives_the_same_district_back(district_files, tmp_path):
    project = import_layers([district_files])
    write_layers(tmp_path / "out", project)
    again = import_layers([tmp_path / "out"])
    assert again.crs.equals(project.crs)
    for role, layer in project.layers.items():
        attributes = pd.DataFrame(layer.drop(columns="geometry"))
        # GeoJSON writes fifteen digits: what people's ages are estimated at has more.
        back = pd.DataFrame(again.layers[role].drop(columns="geometry"))
        pd.testing.assert_frame_equal(back, attributes, rtol=1e-14, obj=role)
        apart = again.layers[role].geometry.hausdorff_distance(layer.geometry)
        assert apart.max() < 1e-5, role


def test_opening_hours_that_cannot_be_read_are_told_at_import(tmp_path):
    frame([square(0, 0)], storeys=[6]).to_file(tmp_path / "buildings.gpkg", layer="buildings")
    places = [Point(X, Y), Point(X + 9, Y), Point(X + 19, Y)]
    hours = ["Mo-Fr 08:00-18:00", "by arrangement", ""]
    services = frame(places, id=[1, 2, 3], types=["canteen"] * 3, hours=hours)
    services.to_file(tmp_path / "services.gpkg", layer="services")
    problems = import_layers([tmp_path]).problems
    [told] = [p for p in problems if p.key == "service_hours_unread"]
    assert (told.ids, told.facts["examples"]) == ((2,), "by arrangement")
