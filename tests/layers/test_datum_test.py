"""Shifted layers are found by laying them over others, brought back and named."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

import sample_data
from layers.files.foreign import ForeignLayer
from layers.formats.recognising import read_vector
from layers.geodesy.china_datum import to_bd09, to_gcj02
from layers.importing.from_files import import_layers
from layers.placing.datum_test import settle_datums

SHIFTS = {"gcj02": to_gcj02, "bd09": to_bd09}
NAMES = {"gcj02": "GCJ-02", "bd09": "BD-09"}


@pytest.fixture(scope="module")
def sample():
    layers, _ = read_vector(sample_data.DISTRICT)
    return {layer.name: layer.frame for layer in layers}


def shifted(frame, datum):
    """The frame as an online map would give it: degrees, some hundred metres off."""

    def move(coordinates):
        return np.column_stack(SHIFTS[datum](coordinates[:, 0], coordinates[:, 1]))

    degrees = frame.to_crs(4326)
    return degrees.set_geometry(shapely.transform(degrees.geometry.array, move), crs=4326)


def laid_out(sample, **shifts):
    """The three layers as an import has them once their CRS is settled."""
    placed = []
    for role in ("buildings", "streets", "services"):
        frame = shifted(sample[role], shifts[role]) if role in shifts else sample[role]
        layer = ForeignLayer(Path(f"{role}.gpkg"), role, frame, len(frame))
        placed.append((role, layer, frame.crs))
    return placed


@pytest.fixture(scope="module")
def quarter(sample):
    """One square kilometre of it, and its outline along streets as the study boundary."""
    x, y = shapely.get_coordinates(sample["buildings"].union_all().centroid)[0]
    around = shapely.box(x - 500, y - 500, x + 500, y + 500)
    names = ("buildings", "streets", "services", "communities")
    return {name: sample[name][sample[name].intersects(around)] for name in names}


def beside(quarter, **more):
    """The quarter's buildings, streets and services, and further layers; each its frame's role."""
    frames = {**{name: quarter[name] for name in ("buildings", "streets", "services")}, **more}
    return [
        (
            name.rstrip("2"),
            ForeignLayer(Path(f"{name}.shp"), name, frame, len(frame)),
            frame.crs,
        )
        for name, frame in frames.items()
    ]


def found(problems):
    return {p.role: p for p in problems if p.key in ("datum_found", "datum_suspected")}


def places(placed, role):
    [frame] = [layer.frame for other, layer, _ in placed if other == role]
    return shapely.get_coordinates(shapely.centroid(frame.to_crs(4547).geometry.array))


def test_layers_in_the_right_place_are_left_alone(sample):
    placed = laid_out(sample)
    settled, problems = settle_datums(placed, {})
    assert problems == ()
    assert settled == placed


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@pytest.mark.parametrize("role", ["services", "streets", "buildings"])
def test_a_shifted_layer_is_found_named_and_brought_back(sample, keys, role, datum):
    settled, problems = settle_datums(laid_out(sample, **{role: datum}), {})
    [problem] = problems
    assert (problem.role, problem.key) == (role, "datum_found")
    assert problem.facts["datum"] == NAMES[datum]
    # The law's shift there is 587 m, Baidu's 1,218 m (by the published formulas).
    assert problem.facts["offset_m"] == pytest.approx(587 if datum == "gcj02" else 1218, abs=3)
    keys(problems)
    assert np.abs(places(settled, role) - places(laid_out(sample), role)).max() < 1e-4


def test_an_outline_wide_around_the_buildings_is_left_where_it_is(sample):
    """It is beside no building, so that any side of it that a shift brings among them fits."""
    part = shapely.box(530_800, 3_387_200, 531_800, 3_388_000)
    inside = {role: rows[rows.intersects(part)] for role, rows in sample.items()}
    around = shapely.box(530_700, 3_387_100, 531_900, 3_388_100)
    frame = gpd.GeoDataFrame({"name": ["甲"]}, geometry=[around], crs=4547)
    layer = ForeignLayer(Path("社区.gpkg"), "社区", frame, 1)
    placed = [*laid_out(inside), ("communities", layer, frame.crs)]
    settled, problems = settle_datums(placed, {})
    assert not found(problems)
    assert settled[3][1].frame.geometry[0].equals(around)


def test_a_street_without_length_stands_for_nothing(sample):
    placed = laid_out(sample, services="gcj02")
    role, layer, crs = placed[1]
    point = shapely.get_point(layer.frame.geometry.array[0], 0)
    lines = layer.frame.geometry.to_numpy(copy=True)
    lines[0] = shapely.linestrings([shapely.get_coordinates(point)[0]] * 2)
    placed[1] = role, replace(layer, frame=layer.frame.set_geometry(lines, crs=crs)), crs
    _, problems = settle_datums(placed, {})
    assert [p.role for p in problems] == ["services"]


@pytest.mark.parametrize("role", ["buildings", "streets", "services"])
def test_a_layer_without_features_says_nothing_of_the_others(quarter, role):
    _, problems = settle_datums(beside(quarter, **{f"{role}2": quarter[role].iloc[:0]}), {})
    assert problems == ()
    settle_datums(beside(quarter, **{role: quarter[role].iloc[:0]}), {})


def test_two_shifted_layers_are_told_by_the_third(sample):
    settled, problems = settle_datums(laid_out(sample, buildings="gcj02", services="bd09"), {})
    assert {role: p.facts["datum"] for role, p in found(problems).items()} == {
        "buildings": "GCJ-02",
        "services": "BD-09",
    }
    for role in ("buildings", "services"):
        assert np.abs(places(settled, role) - places(laid_out(sample), role)).max() < 1e-4


def test_the_users_word_counts(sample, keys):
    placed = laid_out(sample, services="gcj02")
    left, problems = settle_datums(placed, {"services": "wgs84", "shops": "bd09"})
    assert keys(problems) == {"datum_of_no_layer"}
    told, problems = settle_datums(placed, {"services.gpkg": "gcj02"})
    assert keys(problems) == {"datum_given"}
    moved = np.hypot(*(places(told, "services") - places(left, "services")).T)
    assert np.median(moved) == pytest.approx(587, abs=3)


def test_few_points_only_raise_a_suspicion(sample, keys):
    few = {**sample, "services": sample["services"].iloc[:12]}
    placed = laid_out(few, services="bd09")
    settled, problems = settle_datums(placed, {})
    suspected = found(problems)["services"]
    assert suspected.key == "datum_suspected"
    assert suspected.facts["option"] == "--datum services=bd09"
    assert "datum_suspected" in keys(problems)
    assert settled == placed


def test_where_buildings_and_streets_are_both_shifted_a_person_is_asked(quarter, keys):
    both = {role: shifted(quarter[role], "gcj02") for role in ("buildings", "streets")}
    placed = beside(quarter, **both)
    settled, problems = settle_datums(placed, {})
    [asked] = problems
    assert (asked.key, asked.severity) == ("datum_groups_apart", "error")
    assert (asked.facts["datum"], asked.facts["against"]) == ("GCJ-02", "services.shp")
    assert asked.facts["offset_m"] == pytest.approx(587, abs=3)
    assert asked.facts["option"] == "--datum buildings=gcj02 --datum streets=gcj02"
    keys(problems)
    assert settled == placed
    told, problems = settle_datums(placed, {"buildings": "gcj02", "streets": "gcj02"})
    assert keys(problems) == {"datum_given"}
    assert np.abs(places(told, "services") - places(placed, "services")).max() == 0


@pytest.mark.parametrize("role", ["buildings", "communities"])
def test_a_second_layer_of_buildings_and_outlines_are_brought_back(quarter, role):
    frame = quarter[role]
    east = frame if role == "communities" else frame[np.arange(len(frame)) % 3 == 0]
    rest = {} if role == "communities" else {"buildings": frame.drop(east.index)}
    moved = beside(quarter, **rest, **{f"{role}2": shifted(east, "gcj02")})
    settled, problems = settle_datums(moved, {})
    assert [(p.key, p.source) for p in problems] == [("datum_found", f"{role}2.shp")]
    back = settled[-1][1].frame.to_crs(4547).geometry.array
    assert shapely.hausdorff_distance(back, east.geometry.array).max() < 1e-3
    right = beside(quarter, **rest, **{f"{role}2": east.to_crs(4326)})
    assert settle_datums(right, {})[1] == ()


def test_what_is_suspected_or_cannot_be_tested_is_told(quarter, keys):
    few = quarter["services"].iloc[:5]
    _, problems = settle_datums(beside(quarter, services=shifted(few, "gcj02")), {})
    [untold] = problems
    assert (untold.key, untold.facts["count"]) == ("datum_untested", 5)
    keys(problems)
    _, problems = settle_datums(beside(quarter, services=few), {})
    assert problems == ()  # a plan in metres beside plans in metres
    some = quarter["services"].iloc[:15]
    _, problems = settle_datums(beside(quarter, services=shifted(some, "gcj02")), {})
    assert [(p.key, p.severity) for p in problems] == [("datum_suspected", "error")]


def test_a_folder_of_mixed_layers_imports_to_the_right_place(tmp_path, sample):
    middle = sample["buildings"].union_all().centroid.buffer(400)
    near = {role: sample[role][sample[role].intersects(middle)] for role in sample}
    shops = shifted(near["services"], "gcj02")
    for name, services in (("clean", near["services"]), ("mixed", shops)):
        (tmp_path / name).mkdir()
        near["buildings"].to_file(tmp_path / name / "buildings.shp", encoding="GB18030")
        near["streets"].to_file(tmp_path / name / "streets.gpkg", layer="streets")
        services.to_file(tmp_path / name / "services.geojson")
    clean, mixed = import_layers([tmp_path / "clean"]), import_layers([tmp_path / "mixed"])
    assert [p.source for p in mixed.problems if p.key == "datum_found"] == ["services.geojson"]
    one, other = clean.layers["services"], mixed.layers["services"]
    assert shapely.distance(one.geometry.array, other.geometry.array).max() < 1e-3
    assert one["building_id"].tolist() == other["building_id"].tolist()


def test_nothing_is_suspected_outside_china():
    boxes = [shapely.box(30.0 * n, 0, 30.0 * n + 20, 20) for n in range(40)]
    crs = pyproj.CRS.from_epsg(32632)
    east, north = 465_000, 5_247_000  # Zurich
    moved = shapely.transform(boxes, lambda c: c + np.array([east, north]))
    houses = gpd.GeoDataFrame({"storeys": [5] * 40}, geometry=moved, crs=crs)
    away = shapely.transform(shapely.centroid(moved), lambda c: c + np.array([500, 200]))
    shops = gpd.GeoDataFrame({"types": ["canteen"] * 40}, geometry=away, crs=crs)
    frames = {"buildings": houses, "streets": shops, "services": shops}
    assert settle_datums(laid_out(frames), {})[1] == ()
