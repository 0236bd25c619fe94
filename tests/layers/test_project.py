"""The project file keeps everything, is a GeoPackage, and is never half written."""

import json
import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
import rasterio
from shapely.geometry import MultiPolygon, Point, box

from layers import project as project_module
from layers.files.saving import replacing
from layers.formats import geopackage
from layers.mending.tidy import tidy
from layers.problems import LayerError, Problem, Severity
from layers.project import is_project, read_project, write_layers, write_project
from layers.project_file import ProjectFile, Scenario, Source
from layers.rasters.elevation import Terrain

CRS = pyproj.CRS.from_epsg(4547)


@pytest.fixture
def project(buildings, streets, services) -> ProjectFile:
    layers = {
        role: tidy(role, frame)[0]
        for role, frame in (("buildings", buildings), ("streets", streets), ("services", services))
    }
    heights = np.random.default_rng(3).normal(40, 9, (31, 47)).astype(np.float32)
    heights[2, 3:9] = np.nan
    return ProjectFile(
        name="幸福里",
        crs=CRS,
        layers=layers,
        terrain=Terrain(heights, 504_000.123456789, 2_492_000.7, 33.3, 27.1),
        surveyed=("canteen", "pharmacy"),
        settings={"population": "residents", "hidden": ["trees"], "snap_m": 100.0},
        scenarios=(
            Scenario("方案一", ({"edit": "place_service", "x": 1.5, "types": ["canteen"]},)),
            Scenario("B"),
        ),
        sources=(
            Source("buildings", "建筑.shp", "建筑", "EPSG:4547", 12, 12, 12, {"storeys": "层数"}),
        ),
        problems=(
            Problem("use_assumed", Severity.INFO, "buildings", "建筑.shp", (1, 2), {"count": 2}),
        ),
    )


def test_all_comes_back(tmp_path, project):
    path = tmp_path / "d.twin.gpkg"
    write_project(path, project)
    back = read_project(path)
    for name in ("name", "surveyed", "settings", "scenarios", "sources", "problems"):
        assert getattr(back, name) == getattr(project, name), name
    assert back.crs.equals(project.crs)
    assert list(back.layers) == list(project.layers)
    for role, frame in project.layers.items():
        pd.testing.assert_frame_equal(back.layers[role], frame)
        assert back.layers[role].crs.equals(CRS)
    np.testing.assert_array_equal(back.terrain.values, project.terrain.values)
    for name in ("origin_x", "origin_y", "step_x", "step_y"):
        assert getattr(back.terrain, name) == getattr(project.terrain, name)


def test_saving_what_was_read_changes_nothing(tmp_path, project):
    write_project(tmp_path / "a.twin.gpkg", project)
    write_project(tmp_path / "b.twin.gpkg", read_project(tmp_path / "a.twin.gpkg"))
    first, second = (read_project(tmp_path / f"{n}.twin.gpkg") for n in "ab")
    for role in first.layers:
        pd.testing.assert_frame_equal(first.layers[role], second.layers[role])
    assert first.problems == second.problems == project.problems


def test_a_project_without_anything_can_be_saved(tmp_path):
    empty = ProjectFile("", CRS, {})
    write_project(tmp_path / "e.twin.gpkg", empty)
    back = read_project(tmp_path / "e.twin.gpkg")
    assert (back.layers, back.terrain, back.scenarios) == ({}, None, ())


def test_empty_layers_and_layers_of_mixed_geometry_come_back(tmp_path):
    parts = MultiPolygon([box(0, 0, 5, 5), box(9, 0, 12, 5)])
    shapes = {
        "water": [box(0, 0, 3, 3), parts],
        "services": [Point(0, 0), box(0, 0, 3, 3)],
        "trees": [],
    }
    layers = {
        role: tidy(role, gpd.GeoDataFrame(geometry=geometry, crs=CRS))[0]
        for role, geometry in shapes.items()
    }
    write_project(tmp_path / "m.twin.gpkg", ProjectFile("m", CRS, layers))
    back = read_project(tmp_path / "m.twin.gpkg")
    for role, frame in layers.items():
        pd.testing.assert_frame_equal(back.layers[role], frame)


def test_other_programs_see_an_ordinary_geopackage(tmp_path, project):
    path = tmp_path / "d.twin.gpkg"
    write_project(path, project)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (0x47504B47,)  # "GPKG"
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kinds = dict(connection.execute("SELECT table_name, data_type FROM gpkg_contents"))
    connection.close()
    assert kinds == {
        "buildings": "features",
        "streets": "features",
        "services": "features",
        "terrain": "2d-gridded-coverage",
        "twin_meta": "attributes",
        "twin_scenarios": "attributes",
        "twin_sources": "attributes",
        "twin_problems": "attributes",
    }
    assert pyogrio.read_info(path, layer="buildings")["features"] == 12
    # The readers of other programs know which value of the coverage means "no data".
    with rasterio.open(f"GPKG:{path}:terrain") as file:
        masked = file.read(1, masked=True)
    np.testing.assert_array_equal(masked.filled(np.nan), project.terrain.values)


def test_a_building_drawn_in_another_program_joins_with_a_number_of_its_own(tmp_path, project):
    path = tmp_path / "d.twin.gpkg"
    write_project(path, project)
    drawn = gpd.GeoDataFrame({"name": ["新楼"]}, geometry=[box(0, 0, 9, 9)], crs=CRS)
    pyogrio.write_dataframe(drawn, path, layer="buildings", append=True)
    back = read_project(path)
    assert back.layers["buildings"]["id"].tolist() == list(range(1, 14))
    assert "ids_renumbered" in {problem.key for problem in back.problems}


def refused(path):
    with pytest.raises(LayerError) as caught:
        read_project(path)
    return caught.value.problem.key


def test_what_is_no_project_is_refused_with_its_reason(tmp_path, project, buildings):
    assert refused(tmp_path / "none.twin.gpkg") == "file_missing"
    (tmp_path / "text.twin.gpkg").write_text("district")
    assert refused(tmp_path / "text.twin.gpkg") == "not_a_geopackage"
    with sqlite3.connect(tmp_path / "db.twin.gpkg") as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    assert refused(tmp_path / "db.twin.gpkg") == "not_a_geopackage"
    buildings.to_file(tmp_path / "plain.gpkg", layer="buildings")
    assert refused(tmp_path / "plain.gpkg") == "not_a_project"
    assert not is_project(tmp_path / "plain.gpkg")


@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_a_truncated_project_is_refused(tmp_path, project, share):
    path = tmp_path / "d.twin.gpkg"
    write_project(path, project)
    assert is_project(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert refused(path) == "file_truncated"


def change(path: Path, statement: str, *values: object) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(statement, values)
    connection.close()


def test_a_project_of_a_newer_version_is_refused(tmp_path, project):
    path = tmp_path / "d.twin.gpkg"
    write_project(path, project)
    change(path, "UPDATE twin_meta SET value = '99' WHERE key = 'schema'")
    assert refused(path) == "project_newer"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM twin_meta WHERE key = 'crs'",
        "UPDATE twin_meta SET value = '\"nowhere\"' WHERE key = 'crs'",
        "UPDATE twin_meta SET value = '{' WHERE key = 'layers'",
        "UPDATE twin_meta SET value = '[\"moon\"]' WHERE key = 'layers'",
        "DROP TABLE twin_scenarios",
        "UPDATE twin_problems SET problem = '{}'",
        "UPDATE twin_scenarios SET edits = '5'",
        "DROP TABLE buildings",
    ],
)
def test_a_damaged_project_is_refused_without_a_traceback(tmp_path, project, statement):
    path = tmp_path / "d.twin.gpkg"
    write_project(path, project)
    change(path, statement)
    assert refused(path) in {"project_damaged", "unreadable"}


def failing(*args: object, **kwargs: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (geopackage, "write_features"),
        (geopackage, "write_coverage"),
        (project_module, "_write_records"),
    ],
)
def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path, project, monkeypatch, module, step
):
    path = tmp_path / "d.twin.gpkg"
    write_project(path, project)
    before = path.read_bytes()
    monkeypatch.setattr(module, step, failing)
    with pytest.raises(LayerError) as caught:
        write_project(path, replace(project, name="other"))
    assert caught.value.problem.key == "cannot_write"
    assert "No space left" in str(caught.value.problem.facts["reason"])
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["d.twin.gpkg"]


def test_an_interrupted_save_leaves_the_old_file_and_nothing_else(tmp_path, project):
    path = tmp_path / "d.twin.gpkg"
    write_project(path, project)
    before = path.read_bytes()

    def save_until_interrupted() -> None:
        with replacing(path) as draft:
            draft.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save_until_interrupted()
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["d.twin.gpkg"]


def test_saving_into_no_folder_is_refused(tmp_path, project):
    with pytest.raises(LayerError) as caught:
        write_project(tmp_path / "none" / "d.twin.gpkg", project)
    assert caught.value.problem.key == "cannot_write"


def test_a_project_that_another_program_writes_to_is_not_replaced(tmp_path, project):
    path = tmp_path / "d.twin.gpkg"
    write_project(path, project)
    other = sqlite3.connect(path)
    try:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE note (a)")
        other.commit()
        with pytest.raises(LayerError) as caught:
            write_project(path, project)
        assert caught.value.problem.key == "file_in_use"
    finally:
        other.close()


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_saving_through_a_link_keeps_the_link(tmp_path, project):
    (tmp_path / "shelf").mkdir()
    link = tmp_path / "d.twin.gpkg"
    link.symlink_to(tmp_path / "shelf" / "real.twin.gpkg")
    write_project(link, project)
    assert link.is_symlink()
    assert read_project(tmp_path / "shelf" / "real.twin.gpkg").name == "幸福里"


def test_layers_are_exported_to_a_geopackage(tmp_path, project):
    write_layers(tmp_path / "out.gpkg", project)
    assert not is_project(tmp_path / "out.gpkg")
    names = {name for name, _ in pyogrio.list_layers(tmp_path / "out.gpkg")}
    assert names == {"buildings", "streets", "services"}


def test_layers_are_exported_to_a_folder(tmp_path, project):
    write_layers(tmp_path / "out", project)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "buildings.geojson",
        "services.geojson",
        "streets.geojson",
        "terrain.tif",
    ]
    content = json.loads((tmp_path / "out" / "services.geojson").read_text(encoding="utf-8"))
    assert "crs" not in content  # RFC 7946
    first = content["features"][0]
    assert first["properties"]["name"] == "社区食堂"
    longitude, latitude = first["geometry"]["coordinates"]
    assert 114.0 < longitude < 114.1
    assert 22.4 < latitude < 22.6
    back = gpd.read_file(tmp_path / "out" / "services.geojson").to_crs(CRS)
    moved = back.geometry.distance(project.layers["services"].geometry.reset_index(drop=True))
    assert moved.max() < 0.001
