"""Wrong and missing statements of where a layer lies; the truth is always the same district."""

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from shapely.geometry import Point

from layers.geodesy.crs import bounds_of
from layers.geodesy.readings import better_reading, reading_without_crs, shift_is_unknown
from layers.importing.from_files import import_layers
from layers.problems import LayerError
from layers.understanding.decisions import Decisions
from tests.layers.conftest import ZONE_114, X, Y, frame

ZONE_38 = pyproj.CRS.from_epsg(4526)
"""CGCS2000, 3-degree zone 38 (114 E): the same as ZONE_114 with 38 before the eastings."""

SHENZHEN = (114.04, 22.51, 114.06, 22.52)

pytestmark = pytest.mark.filterwarnings("ignore:'crs' was not provided")


def swapped(frame):
    flip = shapely.transform(frame.geometry.array, lambda places: places[:, ::-1])
    return frame.set_geometry(gpd.GeoSeries(flip, crs=frame.crs))


def shifted(frame, metres):
    return frame.set_geometry(frame.translate(metres, 0))


def told(project):
    return {problem.key for problem in project.problems}


def lies_right(project, buildings):
    here = project.layers["buildings"].set_index("id").geometry
    truth = buildings.to_crs(project.crs).set_index("id").geometry
    return bool((here.distance(truth) < 0.01).all())


def imported(tmp_path, frame, name="建筑.geojson", **options):
    if name.endswith(".shp"):
        frame.to_file(tmp_path / name, encoding="UTF-8")
    else:
        frame.to_file(tmp_path / name, layer="建筑")
    return import_layers([tmp_path / name], **options)


def test_latitude_before_longitude(tmp_path, buildings, keys):
    project = imported(tmp_path, swapped(buildings.to_crs(4326)))
    assert "axes_swapped" in keys(project.problems)
    assert lies_right(project, buildings)


def test_latitude_before_longitude_where_nothing_is_stated(tmp_path, buildings):
    bare = swapped(buildings.to_crs(4326)).set_crs(None, allow_override=True)
    project = imported(tmp_path, bare, "建筑.shp")
    assert "axes_swapped" in told(project)
    assert lies_right(project, buildings)


def test_latitude_before_longitude_where_both_could_be_is_told_by_the_other_layers():
    # Zug lies at 8.5 E, 47.2 N; 47.2 E, 8.5 N is Somalia.
    zug, somalia = (8.51, 47.17, 8.52, 47.18), (47.17, 8.51, 47.18, 8.52)
    degrees = pyproj.CRS.from_epsg(4326)
    reading, sensible = better_reading(somalia, degrees, [zug])
    assert sensible
    assert reading.why == "axes_swapped"
    # Alone it stands: nobody knows better.
    assert better_reading(somalia, degrees, [])[0].why == ""


def test_one_swapped_layer_does_not_turn_the_others_round(tmp_path, buildings, streets, services):
    buildings.to_file(tmp_path / "buildings.gpkg")
    streets.to_file(tmp_path / "streets.gpkg")
    swapped(services.to_crs(4326)).to_file(tmp_path / "services.geojson")
    project = import_layers([tmp_path])
    assert lies_right(project, buildings)
    [problem] = [p for p in project.problems if p.key == "axes_swapped"]
    assert problem.source == "services.geojson"
    assert project.layers["services"].geometry[0].distance(services.geometry[0]) < 0.01


def test_northing_before_easting(tmp_path, buildings):
    """As surveyors write in China: x is north."""
    project = imported(tmp_path, swapped(buildings), "建筑.gpkg")
    assert "axes_swapped" in told(project)
    assert lies_right(project, buildings)


def test_degrees_called_metres(tmp_path, buildings):
    lying = buildings.to_crs(4326).set_crs(ZONE_114, allow_override=True)
    project = imported(tmp_path, lying, "建筑.gpkg")
    assert "degrees_called_metres" in told(project)
    assert lies_right(project, buildings)


def test_the_number_of_the_zone_before_eastings_that_should_have_none(tmp_path, buildings):
    project = imported(tmp_path, shifted(buildings, 38e6), "建筑.gpkg")
    [problem] = [p for p in project.problems if p.key == "zone_taken_off"]
    assert problem.facts["zone"] == 38
    assert lies_right(project, buildings)


def test_eastings_without_the_number_of_the_zone_that_the_crs_has(tmp_path, buildings):
    bare = buildings.set_crs(ZONE_38, allow_override=True)
    project = imported(tmp_path, bare, "建筑.gpkg")
    [problem] = [p for p in project.problems if p.key == "zone_put_before"]
    assert problem.facts["zone"] == 38
    assert lies_right(project, buildings)


def test_a_zoned_crs_with_zoned_eastings_is_right_as_it_is(tmp_path, buildings):
    project = imported(tmp_path, buildings.to_crs(ZONE_38), "建筑.gpkg")
    assert not {"zone_taken_off", "zone_put_before", "axes_swapped"} & told(project)
    assert lies_right(project, buildings)


@pytest.mark.parametrize("turned", [False, True])
def test_eastings_that_name_their_zone_need_no_statement(tmp_path, buildings, turned):
    zoned = buildings.to_crs(ZONE_38).set_crs(None, allow_override=True)
    project = imported(tmp_path, swapped(zoned) if turned else zoned, "建筑.shp")
    key = "crs_assumed_zone_swapped" if turned else "crs_assumed_zone"
    assert key in told(project)
    assert lies_right(project, buildings)


def test_six_digits_alone_tell_no_zone(tmp_path, buildings):
    with pytest.raises(LayerError) as refused:
        imported(tmp_path, buildings.set_crs(None, allow_override=True), "建筑.shp")
    assert refused.value.problem.key == "layer_without_crs"


@pytest.mark.parametrize("turned", [False, True])
def test_six_digits_are_told_by_layers_in_degrees(tmp_path, buildings, streets, turned):
    bare = buildings.set_crs(None, allow_override=True)
    (swapped(bare) if turned else bare).to_file(tmp_path / "建筑.shp", encoding="UTF-8")
    streets.to_crs(4326).to_file(tmp_path / "streets.geojson")
    project = import_layers([tmp_path])
    key = "crs_assumed_near_others_swapped" if turned else "crs_assumed_near_others"
    assert key in told(project)
    assert lies_right(project, buildings)


def test_six_degree_zones_are_known_too():
    # EPSG:4498 is the 6-degree zone 20, around 117 E.
    crs = pyproj.CRS.from_epsg(4498)
    place = (116.39, 39.90, 116.40, 39.91)
    box = pyproj.Transformer.from_crs(4326, crs, always_xy=True).transform_bounds(*place)
    assert 20e6 < box[0] < 21e6
    reading = reading_without_crs(box, [])
    assert reading.crs.equals(crs)


def test_a_zone_that_leads_away_from_the_other_layers_is_not_believed():
    box = (40_505_000.0, 2_490_000.0, 40_506_000.0, 2_491_000.0)  # 120 E
    assert reading_without_crs(box, [SHENZHEN]) is None


@pytest.mark.parametrize(
    ("true", "said"), [(4547, 4546), (4547, 4548), (3857, 4547), (32650, 4547), (3857, None)]
)
def test_numbers_of_another_zone_are_told_by_the_other_layers(
    tmp_path, buildings, streets, keys, true, said
):
    """114.05 E: zone 38 (114 E), not its neighbours'; UTM 50 is meant for 117 E, and reaches."""
    buildings.to_file(tmp_path / "建筑.gpkg", layer="建筑")
    streets.to_file(tmp_path / "streets.gpkg")
    places = [Point(X + 100, Y + 40), Point(X + 900, Y + 60)]
    services = frame(places, types=["canteen"] * 2)
    services.to_crs(true).set_crs(said, allow_override=True).to_file(tmp_path / "services.shp")
    project = import_layers([tmp_path])
    key = "crs_assumed_near_others" if said is None else "crs_read_as_another"
    [problem] = [p for p in project.problems if p.key == key]
    assert problem.source == "services.shp"
    assert problem.facts["crs" if said is None else "read"] == f"EPSG:{true}"
    assert project.layers["services"].geometry[0].distance(services.geometry[0]) < 0.01
    keys(project.problems)


def test_the_users_word_for_one_layer_goes_before_any_reading(tmp_path, buildings, streets):
    buildings.to_file(tmp_path / "建筑.gpkg", layer="建筑")
    streets.to_file(tmp_path / "streets.gpkg")
    wrong = Decisions(crs_of={"streets": "EPSG:4546", "道路": "EPSG:4547"})
    project = import_layers([tmp_path], decisions=wrong)
    assert "crs_read_as_another" not in told(project)
    assert "layers_elsewhere" in told(project)
    assert [p.source for p in project.problems if p.key == "crs_of_no_layer"] == ["道路"]
    streets.set_crs(4546, allow_override=True).to_file(tmp_path / "streets.gpkg")
    right = Decisions(crs_of={"streets.gpkg": "EPSG:4547"})
    assert lies_right(import_layers([tmp_path], decisions=right), buildings)


def test_a_crs_used_beyond_its_zone_stands(real_data):
    """Zug in the southern form of UTM 32, as published: unusual, and right."""
    project = import_layers([real_data / "districts" / "zug"])
    assert project.crs.to_epsg() == 32732
    assert not {"axes_swapped", "layers_elsewhere"} & told(project)


@pytest.mark.parametrize(
    ("code", "x", "y", "unknown"),
    [
        (2383, 505_000.0, 2_490_000.0, True),  # Xian 1980, 114 E
        (2436, 448_000.0, 4_418_000.0, True),  # Beijing 1954, in Beijing
        (2435, 505_000.0, 2_490_000.0, False),  # Beijing 1954, published for the Pearl River
        (4547, 505_000.0, 2_490_000.0, False),  # CGCS2000
        (32649, 805_000.0, 2_490_000.0, False),  # WGS 84
        (31467, 3_500_000.0, 5_400_000.0, False),  # DHDN has published ones
    ],
)
def test_old_chinese_datums_have_no_public_shift(code, x, y, unknown):
    assert shift_is_unknown((x, y, x + 100, y + 100), pyproj.CRS.from_epsg(code)) is unknown


@pytest.mark.parametrize(("code", "doubted"), [(2383, True), (2435, False)])
def test_old_chinese_datums_are_read_and_their_doubt_told(tmp_path, buildings, code, doubted, keys):
    """Without a shift PROJ leaves longitude and latitude as they are, right to some 100 m."""
    old = buildings.set_crs(code, allow_override=True)
    project = imported(tmp_path, old, "建筑.gpkg")
    assert ("datum_shift_unknown" in keys(project.problems)) is doubted
    west, south, _, _ = bounds_of(project.layers["buildings"].to_crs(4326))
    truth = bounds_of(buildings.to_crs(4326))
    assert np.hypot((west - truth[0]) * 102_700, (south - truth[1]) * 111_000) < 200


def test_a_folder_that_mixes_cities_needs_a_person(tmp_path, buildings, streets, services, keys):
    """Shenzhen twice, and a layer of buildings in Beijing, 1,900 km away."""
    buildings.to_file(tmp_path / "深圳建筑.gpkg", layer="建筑")
    streets.to_file(tmp_path / "streets.gpkg")
    away = buildings.to_crs(4326)
    away = away.set_geometry(away.translate(2.35, 17.4))
    away.to_file(tmp_path / "北京建筑.geojson")
    project = import_layers([tmp_path])
    assert lies_right(project, buildings)
    assert len(project.layers["buildings"]) == len(buildings)
    [problem] = [p for p in project.problems if p.key == "layers_elsewhere"]
    assert problem.severity == "error"
    assert "深圳建筑.gpkg" in problem.facts["kept"]
    assert problem.facts["left"] == "北京建筑.geojson (116.40 E, 39.91 N)"
    [source] = [s for s in project.sources if s.file == "北京建筑.geojson"]
    assert (source.role, source.features_read, source.features_kept) == ("", 12, 0)
    keys(project.problems)


def test_features_of_another_city_in_one_layer_are_left_out_and_told(tmp_path, buildings, streets):
    far = buildings.iloc[8:].translate(0, 900_000)
    mixed = buildings.copy()
    mixed.loc[mixed.index[8:], "geometry"] = far
    mixed.to_file(tmp_path / "建筑.gpkg", layer="建筑")
    streets.to_file(tmp_path / "streets.gpkg")
    project = import_layers([tmp_path])
    assert project.layers["buildings"]["id"].tolist() == list(range(1, 9))
    [problem] = [p for p in project.problems if p.key == "features_in_other_places"]
    assert (problem.facts["count"], problem.facts["of"], problem.severity) == (4, 12, "error")
    west, south, east, north = project.layers["boundary"].total_bounds
    assert max(east - west, north - south) < 2000


def test_the_next_quarter_is_no_other_place(tmp_path, buildings, streets):
    shifted(buildings, 4000).to_file(tmp_path / "建筑.gpkg", layer="建筑")
    streets.to_file(tmp_path / "streets.gpkg")
    assert "layers_elsewhere" not in told(import_layers([tmp_path]))


def test_real_folders_that_mix_cities(real_data):
    project = import_layers([real_data / "districts" / "suzhou"])
    assert project.crs.to_epsg() == 4549  # 120 E
    assert len(project.layers["buildings"]) == 3076
    [problem] = [p for p in project.problems if p.key == "layers_elsewhere"]
    assert "kawasaki_buildings_height.geojson (139.71 E, 35.55 N)" in problem.facts["left"]
    assert project.layers["boundary"].area.sum() < 10e6
