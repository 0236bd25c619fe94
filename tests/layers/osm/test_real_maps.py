"""Real extracts from many makers: everything in them is used or told, and a district is scored."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely

from layers import osm
from layers.importing.from_files import import_layers
from layers.problems import LayerError, Problem
from layers.project import write_project
from tests.layers.osm.conftest import say_all
from twin.api import assess, load_standard, standard_ids
from twin.projects.project import open_project

LARGE = 900_000
"""Bytes; the larger half of the files is read in the long tier."""


def maps(folder: Path) -> list[Path]:
    found = [
        p for p in folder.rglob("*") if p.name.endswith((".osm", ".osm.gz", ".osm.bz2", ".pbf"))
    ]
    return sorted(p for p in found if p.is_file())


def declared(path: Path) -> tuple[int, set[int], int]:
    """Count by osmium's plainest means: ways with a class; buildings' ids; trees."""
    highways, buildings, trees = 0, set(), 0
    for element in osmium.FileProcessor(str(path)):
        if element.is_node():
            trees += element.tags.get("natural") == "tree"
        elif element.is_way():
            highways += "highway" in element.tags
            if "building" in element.tags:
                buildings.add(positive(element.id) * 10 + 2)
        elif "building" in element.tags and element.tags.get("type") == "multipolygon":
            buildings.add(positive(element.id) * 10 + 3)
    return highways, buildings, trees


def positive(number: int) -> int:
    """Ids that an editor invented lie beyond all others."""
    return number if number > 0 else 10**11 - number


def check_account(path: Path) -> None:
    layers, problems = osm.read(path)
    say_all(problems)
    frames = {layer.name: layer.frame for layer in layers}
    highways, buildings, trees = declared(path)
    walked = len(set(frames["streets"]["id"] // 10_000)) if "streets" in frames else 0
    told = sum(
        int(p.facts["count"])
        for p in problems
        if p.key.startswith("osm_ways_") and p.key not in ("osm_ways_one_way", "osm_ways_partly")
    )
    assert walked + told == highways, path
    assert len(frames.get("trees", ())) == trees, path
    lost = [p for p in problems if p.key in AREAS_TOLD]
    named = {number for p in lost for number in p.ids} | set(frames_ids(frames))
    if all(int(p.facts["count"]) == len(p.ids) for p in lost):
        assert buildings <= named, path
    check_topology(frames)


AREAS_TOLD = {
    "osm_areas_cut",
    "osm_buildings_open",
    "osm_not_buildings",
    "osm_relations_broken",
    "osm_relations_incomplete",
    "osm_rings_joined",
}


def frames_ids(frames) -> list[int]:
    return list(frames["buildings"]["id"]) if "buildings" in frames else []


def check_topology(frames) -> None:
    """No edge has a node inside that ends another: all ways are cut where they share nodes."""
    for frame in frames.values():
        assert frame["id"].is_unique
    if "streets" not in frames:
        return
    lines = np.asarray(frames["streets"].geometry.array)
    points, line = shapely.get_coordinates(lines, return_index=True)
    change = line[1:] != line[:-1]
    end = np.r_[True, change] | np.r_[change, True]
    places = points[:, 0] + 1j * points[:, 1]
    inside = np.isin(places[~end], places[end])
    # Two nodes at one place are two nodes; they are rare.
    assert inside.mean() < 0.003


def sized(real_data: Path, large: bool) -> list[Path]:
    return [p for p in maps(real_data) if (p.stat().st_size > LARGE) == large]


def read_all(paths: list[Path]) -> Counter[str]:
    refused: Counter[str] = Counter()
    for path in paths:
        try:
            check_account(path)
        except LayerError as error:
            say_all([error.problem])
            refused[f"{path.name}: {error.problem.key}"] += 1
    return refused


def test_small_maps_account_for_every_way_building_and_tree(real_data):
    assert read_all(sized(real_data, False)) == {
        "empty.osm: osm_empty": 1,
        "billionlaugh.osm: osm_not_inside": 1,  # the reader's own; formats refuse it before
        "test_json.osm: osm_nothing_used": 1,
        "sameCoordNodes.osm: osm_nothing_used": 1,
        "mp_broken.osm: osm_nothing_used": 1,
        "two_points.pbf: osm_nothing_used": 1,
        "poc_14532.osm.pbf: osm_nothing_used": 1,
    }


@pytest.mark.long
def test_large_maps_account_for_every_way_building_and_tree(real_data):
    assert not read_all(sized(real_data, True))


def keys(problems: tuple[Problem, ...]) -> set[str]:
    return {problem.key for problem in problems}


def test_monaco_becomes_a_scored_district(real_data, tmp_path):
    project = import_layers([real_data / "districts" / "monaco" / "monaco.osm.pbf"])
    assert project.crs.to_epsg() == 32632
    # Facts of the extract: 1,206 buildings, and six quarters that are whole in it.
    assert len(project.layers["buildings"]) == 1206
    assert {"Monte-Carlo", "La Condamine"} <= set(project.layers["communities"]["name"])
    assert len(project.layers["communities"]) == 6
    assert {"people_estimated", "dwellings_estimated"} <= keys(project.problems)
    path = tmp_path / "monaco.twin.gpkg"
    write_project(path, project)
    assessment = assess(open_project(path).district, load_standard(standard_ids()[0]))
    results = {r.requirement.service_types[0]: r for r in assessment.results}
    # A small country full of bus stops; no canteen is mapped, which says nothing of canteens.
    assert results["bus_stop"].share > 0.9
    assert results["canteen"].status == "not_assessed"
    assert not assessment.counts_dwellings


def test_chinese_names_and_homes_of_wudaokou(real_data):
    project = import_layers([real_data / "districts" / "beijing" / "wudaokou.osm"])
    assert project.crs.to_epsg() == 4548  # CGCS2000, 117 E
    names = set(project.layers["buildings"]["name"])
    assert any("清华" in name or "教学楼" in name for name in names)
    assert (project.layers["buildings"]["use"] == "education").sum() > 100
    assert "pharmacy" in project.surveyed or "bus_stop" in project.surveyed
