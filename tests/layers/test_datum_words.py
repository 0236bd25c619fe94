"""What names say of the datum decides; where nothing bears witness, that is told."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import Point

import sample_data
from layers.files.foreign import ForeignLayer
from layers.formats.recognising import read_vector
from layers.geodesy.china_datum import to_bd09, to_gcj02
from layers.importing.from_files import import_layers
from layers.placing.datum_test import settle_datums
from layers.problems import Severity
from layers.vocabulary.datum_words import pairs_in, statement_of
from tests.layers.test_datum_test import places, shifted

AT = np.array([114.06, 114.07]), np.array([22.54, 22.55])
"""Two places in Shenzhen, in WGS 84."""


@pytest.mark.parametrize(
    ("columns", "datum"),
    [
        ("gcj_lng,gcj_lat", "gcj02"),
        ("lng_gcj02,lat_gcj02", "gcj02"),
        ("高德经度,高德纬度", "gcj02"),
        ("纬度（GCJ02）,经度（GCJ02）", "gcj02"),
        ("火星坐标经度,火星坐标纬度", "gcj02"),
        ("amap_lat,amap_lon", "gcj02"),
        ("bd_lng,bd_lat", "bd09"),
        ("百度经度,百度纬度", "bd09"),
        ("lon_wgs84,lat_wgs84", "wgs84"),
        ("bd_lng,gcj_lat", None),
        ("lng,lat", None),
        ("x,y", None),
    ],
)
def test_columns_name_their_datum(columns, datum):
    found = pairs_in(columns.split(","))
    assert [pair.datum for pair in found] == ([datum] if datum else [])
    for pair in found:
        assert any(axis in pair.x for axis in ("lng", "lon", "经"))
        assert any(axis in pair.y for axis in ("lat", "纬"))


def table(tmp_path, header, *columns):
    rows = [",".join(map(str, row)) for row in zip(["食堂", "药店"], *columns, strict=True)]
    path = tmp_path / "设施.csv"
    path.write_text("\n".join([f"名称,{header}", *rows]), encoding="utf-8")
    return path


def settled(path, keys):
    [layer] = read_vector(path)[0]
    [(_, found, _)], problems = settle_datums([("services", layer, layer.crs)], {})
    keys(problems)
    return shapely.get_coordinates(found.frame.geometry.array), problems


@pytest.mark.parametrize(
    ("header", "shift"),
    [
        ("gcj_lng,gcj_lat", to_gcj02),
        ("百度经度,百度纬度", to_bd09),
        ("高德经度,高德纬度", to_gcj02),
    ],
)
def test_a_table_is_brought_back_by_the_names_of_its_columns_alone(tmp_path, keys, header, shift):
    found, problems = settled(table(tmp_path, header, *shift(*AT)), keys)
    np.testing.assert_allclose(found, np.column_stack(AT), atol=1e-9)
    [told] = problems
    assert (told.key, told.facts["against"]) == ("datum_stated", header.replace(",", ", "))


def test_true_columns_go_before_shifted_and_shifted_before_nameless_ones(tmp_path, keys):
    both = table(tmp_path, "gcj_lng,gcj_lat,wgs84_lng,wgs84_lat", *to_gcj02(*AT), *AT)
    found, problems = settled(both, keys)
    np.testing.assert_allclose(found, np.column_stack(AT), atol=1e-12)
    assert problems == ()
    other = table(tmp_path, "lng,lat,gcj_lng,gcj_lat", *(a + 0.003 for a in AT), *to_gcj02(*AT))
    np.testing.assert_allclose(settled(other, keys)[0], np.column_stack(AT), atol=1e-9)


def as_layer(x, y, name="a.shp", **columns):
    points = gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(x, y), crs=4326)
    return ForeignLayer(Path(name), Path(name).stem, points, len(points))


def test_columns_beside_a_geometry_count_where_it_lies_at_what_they_hold():
    x, y = to_gcj02(*AT)
    both = {"gcj_lng": x, "gcj_lat": y, "wgs84_lng": AT[0], "wgs84_lat": AT[1]}
    assert statement_of(as_layer(x, y, **both)) == ("gcj02", "gcj_lng, gcj_lat")
    assert statement_of(as_layer(*AT, **both)) == ("wgs84", "wgs84_lng, wgs84_lat")
    assert statement_of(as_layer(AT[0] + 1, AT[1], **both)) is None


def test_names_of_files_and_systems_state_a_datum_unless_they_name_two():
    assert statement_of(as_layer(*AT, name="POI_GCJ-02.shp")) == ("gcj02", "POI_GCJ-02")
    assert statement_of(as_layer(*AT, name="gcj02转wgs84.shp")) is None
    assert statement_of(as_layer(*AT, name="工程局gcj.shp")) is None
    told = as_layer(*AT)
    named = told.frame.crs.to_wkt("WKT1_GDAL").replace('"WGS 84"', '"GCS_GCJ_02"')
    told = replace(told, frame=told.frame.set_crs(named, allow_override=True))
    assert statement_of(told).datum == "gcj02"


@pytest.fixture(scope="module")
def sample():
    """The middle of the sample, 800 m across."""
    frames = {layer.name: layer.frame for layer in read_vector(sample_data.DISTRICT)[0]}
    middle = frames["buildings"].union_all().centroid.buffer(400)
    return {role: frame[frame.intersects(middle)] for role, frame in frames.items()}


def laid(frames, **more):
    """Layers by role, ready to be settled; each from a file of its own."""
    return [
        (role, replace(ForeignLayer(Path(f"{role}.shp"), role, f, len(f)), **more), f.crs)
        for role, f in frames.items()
    ]


def scraped(sample):
    return {role: shifted(sample[role], "gcj02") for role in ("buildings", "streets", "services")}


def test_one_layer_whose_columns_state_it_gives_away_the_others(sample, keys):
    """Everything was scraped; only the table of services says so."""
    layers = laid(scraped(sample))
    frame = layers[2][1].frame.assign(
        gcj_lng=lambda f: f.geometry.x, gcj_lat=lambda f: f.geometry.y
    )
    layers[2] = ("services", replace(layers[2][1], frame=frame), layers[2][2])
    found, problems = settle_datums(layers, {})
    assert {"datum_stated", "datum_groups_apart"} == keys(problems)
    [asked] = [p for p in problems if p.key == "datum_groups_apart"]
    assert asked.facts["option"] == "--datum buildings=gcj02 --datum streets=gcj02"
    right = places(laid({"services": sample["services"]}), "services")
    assert np.abs(places(found, "services") - right).max() < 1e-3


def test_layers_that_are_all_shifted_alike_are_not_passed_off_as_true(sample, keys):
    layers = laid(scraped(sample))
    found, [told] = settle_datums(layers, {})
    assert (told.key, told.severity) == ("datum_without_witness", Severity.INFO)
    assert found == layers
    signs = layers[2][1].frame.assign(adname="福田区", typecode="050000")
    layers[2] = ("services", replace(layers[2][1], frame=signs), layers[2][2])
    _, [told] = settle_datums(layers, {})
    assert (told.key, told.severity) == ("datum_all_online", Severity.WARNING)
    assert told.facts["signs"] == "services.shp (adname, typecode)"
    keys([told])


def test_any_surveyed_layer_bears_witness(sample):
    frames = {role: sample[role].to_crs(4326) for role in ("buildings", "streets")}
    [told] = settle_datums(laid(frames), {})[1]
    assert told.key == "datum_without_witness"
    for more in (
        {"buildings": sample["buildings"].to_crs(4490)},  # CGCS2000 in degrees
        {"buildings": sample["buildings"]},  # in metres
    ):
        assert settle_datums(laid({**frames, **more}), {})[1] == ()
    assert settle_datums(laid(frames, meets=True), {})[1] == ()  # OpenStreetMap is in WGS 84


def test_a_layer_that_goes_into_a_project_is_tried_on_what_is_there(tmp_path, sample):
    for role in ("buildings", "streets"):
        sample[role].to_file(tmp_path / "base.gpkg", layer=role)
    project = import_layers([tmp_path / "base.gpkg"])
    shifted(sample["services"], "gcj02").to_file(tmp_path / "services.geojson")
    newer = import_layers([tmp_path / "services.geojson"], into=project)
    assert "datum_found" in {p.key for p in newer.problems}
    apart = shapely.distance(
        newer.layers["services"].geometry.array, sample["services"].geometry.to_crs(newer.crs).array
    )
    assert apart.max() < 1e-3


def test_nothing_is_said_outside_china():
    away = gpd.GeoDataFrame(
        {"gcj_lng": [13.4], "gcj_lat": [52.5]}, geometry=[Point(13.4, 52.5)], crs=4326
    )
    layers = [("services", ForeignLayer(Path("a.shp"), "a", away, 1), away.crs)]
    assert settle_datums(layers, {}) == (layers, ())
