"""Files of planning offices and test suites: each opens whole or is refused with a true reason."""

import json
from collections import Counter
from pathlib import Path

import pytest

from layers.formats.recognising import FORMATS, format_of, read_vector
from layers.importing.from_files import import_layers
from layers.mending.tidy import tidy
from layers.problems import LayerError
from layers.rasters.terrain import read_terrain
from layers.schema import ROLES

LOSSES = {
    "geometry_missing",
    "geometry_not_finite",
    "geometry_beyond_repair",
    "geometry_of_other_kind",
    "geometry_without_extent",
    "duplicates_dropped",
}


def files(folder: Path, *formats: str) -> list[Path]:
    # Those of OpenStreetMap have tests of their own (osm/test_real_maps.py).
    wanted = formats or [f.name for f in FORMATS if f.name != "OpenStreetMap"]
    suffixes = {s for f in FORMATS if f.name in wanted for s in f.suffixes}
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in suffixes and p.is_file())


def test_every_file_opens_or_is_refused_with_words(real_data, keys):
    refusals: Counter[str] = Counter()
    opened = 0
    for path in files(real_data):
        try:
            if format_of(path).read is None:
                read_terrain(path)
                opened += 1
                continue
            layers, problems = read_vector(path)
        except LayerError as error:
            keys([error.problem])
            refusals[error.problem.key] += 1
            continue
        opened += 1
        keys(problems)
        for layer in layers:
            keys(layer.problems)
            lost = [p for p in layer.problems if p.key == "features_lost"]
            assert layer.declared == len(layer.frame) or lost, path
    assert opened > 120
    # Reasons only a broken reader would give must not be among them.
    # Four are true: solids (IndoorGML, JSON-FG) and columns of mixed lists are not read.
    assert refusals["unreadable"] <= 4, refusals


def test_geojson_is_read_to_its_last_feature(real_data):
    for path in files(real_data, "GeoJSON"):
        try:
            layers, _ = read_vector(path)
        except LayerError:
            continue
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        if "CityObjects" in content:
            continue
        [layer] = layers
        features = content.get("features", [content])
        assert len(layer.frame) == len(features), path


def test_nothing_is_lost_in_silence_whatever_a_layer_is_taken_for(real_data, keys):
    for path in files(real_data, "GeoPackage", "Shapefile", "GeoJSON"):
        try:
            layers, _ = read_vector(path)
        except LayerError:
            continue
        for layer in layers:
            for role in ("buildings", "streets", "services"):
                named = layer.frame[["geometry"]]
                frame, problems = tidy(role, named, layer.source)
                keys(problems)
                lost = sum(int(p.facts["count"]) for p in problems if p.key in LOSSES)
                split = any(p.key == "parts_split" for p in problems)
                assert len(frame) + lost == len(layer.frame) or split, (path, role)
                assert frame.geometry.is_valid.all(), (path, role)
                assert frame["id"].is_unique


def test_every_file_imports_or_is_refused(real_data, keys):
    for path in files(real_data):
        try:
            names = [layer.name for layer in read_vector(path)[0]]
        except LayerError:
            names = []
        try:
            project = import_layers([path], roles=dict.fromkeys(names, "buildings"))
        except LayerError as error:
            keys([error.problem])
            continue
        keys(project.problems)
        assert set(project.layers) <= set(ROLES)
        assert project.crs.is_projected
        for source in project.sources:
            assert source.features_declared >= source.features_read >= 0


def test_a_folder_of_shapefiles_and_a_terrain_is_a_district(real_data, keys):
    project = import_layers([real_data / "districts" / "zug"])
    # Facts of the data: 184 + 15 buildings with storeys; 1,001 street edges, 480 of which only
    # repeat another in the opposite direction; UTM zone 32 (its southern form, as published).
    assert len(project.layers["buildings"]) == 199
    assert project.layers["buildings"]["storeys"].notna().all()
    [streets] = [source for source in project.sources if source.role == "streets"]
    assert (streets.features_read, streets.features_kept) == (1001, 521)
    assert project.crs.to_epsg() == 32732
    assert project.terrain is not None
    assert project.terrain.values.shape == (31, 27)
    assert {"duplicates_dropped", "boundary_from_buildings", "people_estimated"} <= keys(
        project.problems
    )


def test_buildings_with_floors_from_suzhou(real_data):
    path = real_data / "districts" / "suzhou" / "suzhou_buildings_floor.geojson"
    project = import_layers([path])
    layer = project.layers["buildings"]
    assert len(layer) == 3076
    assert (layer["storeys"].min(), layer["storeys"].max()) == (1, 28)
    # In this data the height is three metres a storey, exactly.
    assert (layer["height_m"] == 3 * layer["storeys"]).all()
    assert project.crs.to_epsg() == 4549  # 120 E


def test_degrees_without_words_and_metres_that_claim_to_be_degrees(real_data):
    china = real_data / "corpus" / "china"
    with pytest.raises(LayerError) as caught:
        import_layers([china / "land" / "land.shp"], roles={"land": "green"})
    assert caught.value.problem.key == "layer_without_crs"
    shenzhen = import_layers([china / "sz" / "sz.shp"], roles={"sz": "communities"})
    assert "crs_assumed_degrees" in {problem.key for problem in shenzhen.problems}
    assert shenzhen.crs.to_epsg() == 4547
