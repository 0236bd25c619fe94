"""Extracts that lie side by side become one district: what they share is there once."""

import pytest

from layers import osm
from layers.importing.from_files import import_layers
from layers.osm.merging import merged
from layers.problems import LayerError
from tests.layers.osm.conftest import osm_xml

WALK = {"highway": "residential"}
HOUSE = {"building": "apartments"}
# Two streets that cross at node 5, which both files have; the west has one, the east the other.
WEST = (
    {1: (0, 0), 5: (2, 0), 2: (4, 0), 11: (1, 1), 12: (2, 1), 13: (2, 2)},
    {100: ([1, 5, 2], WALK), 300: ([11, 12, 13, 11], HOUSE)},
)
EAST = (
    {5: (2, 0), 3: (2, 3), 4: (2, -3), 11: (1, 1), 12: (2, 1), 13: (2, 2)},
    {200: ([3, 5, 4], WALK), 300: ([11, 12, 13, 11], HOUSE)},
)


def written(folder, **parts):
    paths = []
    for name, elements in parts.items():
        paths.append(folder / f"{name}.osm")
        paths[-1].write_text(osm_xml(*elements), encoding="utf-8")
    return paths


def test_streets_of_two_files_meet_at_the_node_they_share(tmp_path):
    with merged(written(tmp_path, west=WEST, east=EAST)) as path:
        layers = {layer.name: layer.frame for layer in osm.read(path)[0]}
    # Each street is cut at the crossing: four pieces that meet in one place.
    assert len(layers["streets"]) == 4
    assert len(layers["buildings"]) == 1
    assert sorted(layers["streets"]["id"] // 10_000) == [100, 100, 200, 200]


def test_a_district_of_two_extracts_is_that_of_one(tmp_path, keys):
    both = ({**WEST[0], **EAST[0]}, {**WEST[1], **EAST[1]})
    [whole] = written(tmp_path, whole=both)
    one = import_layers([whole])
    two = import_layers(written(tmp_path, west=WEST, east=EAST))
    assert list(one.layers) == list(two.layers)
    for role, frame in one.layers.items():
        assert frame.equals(two.layers[role]), role
    told = [p for p in two.problems if p.key == "osm_merged"]
    assert [p.facts for p in told] == [{"count": 2, "names": "west.osm, east.osm"}]
    keys(two.problems)


def test_invented_ids_of_two_files_are_two_things(tmp_path):
    places = {-1: (0, 0), -2: (1, 0), -3: (1, 1)}
    other = {-1: (5, 5), -2: (6, 5), -3: (6, 6)}
    house = {-9: ([-1, -2, -3, -1], HOUSE)}
    with merged(written(tmp_path, a=(places, house), b=(other, house))) as path:
        [layer] = osm.read(path)[0]
    assert len(layer.frame) == 2


def test_extracts_beyond_memory_are_refused_with_a_way_out(tmp_path, monkeypatch, keys):
    monkeypatch.setattr("layers.osm.merging.limit", lambda *_: 100)
    with pytest.raises(LayerError) as caught:
        import_layers(written(tmp_path, west=WEST, east=EAST))
    assert keys([caught.value.problem]) == {"osm_too_much_to_merge"}


def test_a_cut_extract_among_others_is_refused_by_name(tmp_path):
    west, east = written(tmp_path, west=WEST, east=EAST)
    east.write_text(east.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    with pytest.raises(LayerError) as caught, merged([west, east]):
        pass
    assert caught.value.problem.source == "east.osm"
    assert caught.value.problem.key in ("osm_cut_short", "osm_unreadable")
