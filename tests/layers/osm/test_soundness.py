"""Damaged, hostile and odd files: read whole or refused, never as a smaller city."""

import bz2
import gzip

import numpy as np
import osmium
import pytest

from layers import osm
from layers.formats.recognising import files_in, format_of
from layers.importing.from_files import import_layers
from layers.problems import LayerError
from tests.layers.osm.conftest import osm_xml, say_all

NODES = {
    n: (n % 20, n // 20, {"amenity": "pharmacy", "name": f"药店{n}"} if n % 3 else {})
    for n in range(1, 200)
}
WAYS = {
    500 + n: ([n, n + 1, n + 21], {"highway": "footway", "name": f"路{n}"}) for n in range(1, 150)
}
TEXT = osm_xml(NODES, WAYS).encode()


def refusal_of(path):
    with pytest.raises(LayerError) as caught:
        osm.read(path)
    say_all([caught.value.problem])
    return caught.value.problem.key


def as_pbf(path, folder):
    """The same elements as PBF, in several blobs."""
    out = folder / "map.osm.pbf"
    with osmium.SimpleWriter(str(out)) as writer:
        for element in osmium.FileProcessor(str(path)):
            writer.add(element)
    return out


@pytest.fixture
def xml(tmp_path):
    path = tmp_path / "map.osm"
    path.write_bytes(TEXT)
    return path


def counts(path):
    layers, problems = osm.read(path)
    say_all(problems)
    return {layer.name: len(layer.frame) for layer in layers}


def test_every_packing_gives_the_same(xml, tmp_path):
    expected = counts(xml)
    assert expected["services"] == sum(1 for n in range(1, 200) if n % 3)
    for name, content in [("a.osm.gz", gzip.compress(TEXT)), ("a.osm.bz2", bz2.compress(TEXT))]:
        (tmp_path / name).write_bytes(content)
        assert counts(tmp_path / name) == expected
    assert counts(as_pbf(xml, tmp_path)) == expected
    named = {path.name for path in files_in(tmp_path)}
    assert named == {"map.osm", "a.osm.gz", "a.osm.bz2", "map.osm.pbf"}
    assert {format_of(path).name for path in files_in(tmp_path)} == {"OpenStreetMap"}


@pytest.mark.parametrize("kind", ["osm", "osm.gz", "osm.bz2", "osm.pbf"])
def test_a_file_cut_anywhere_is_refused(xml, tmp_path, kind):
    whole = {
        "osm": lambda: TEXT.rstrip(),
        "osm.gz": lambda: gzip.compress(TEXT),
        "osm.bz2": lambda: bz2.compress(TEXT),
        "osm.pbf": lambda: as_pbf(xml, tmp_path).read_bytes(),
    }[kind]()
    blobs = blob_ends(whole) if kind == "osm.pbf" else []
    path = tmp_path / f"cut.{kind}"
    for share in range(1, 40):
        place = len(whole) * share // 40
        if place not in blobs:
            path.write_bytes(whole[:place])
            assert refusal_of(path) in ("osm_cut_short", "osm_unreadable", "osm_not_inside")
    path.write_bytes(whole[:-1])
    assert refusal_of(path) in ("osm_cut_short", "osm_unreadable")


def test_a_pbf_cut_between_two_blocks_is_told_where_it_can_be_told(xml, tmp_path):
    whole = as_pbf(xml, tmp_path).read_bytes()
    path = tmp_path / "cut.osm.pbf"
    for place in blob_ends(whole)[1:-1]:
        path.write_bytes(whole[:place])
        try:
            told = {problem.key for problem in osm.read(path)[1]}
        except LayerError as error:
            told = {error.problem.key}
        assert told & {"osm_end_unproven", "osm_nothing_used"}


def blob_ends(content):
    """Where a PBF file would still be well formed if it ended there."""
    ends, place = [], 0
    while place < len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        header = content[place + 4 : place + 4 + length]
        data = header[header.rindex(b"\x18") + 1 :]
        place += 4 + length + sum((byte & 0x7F) << 7 * n for n, byte in enumerate(data))
        ends.append(place)
    assert place == len(content)
    return ends


def test_bytes_that_changed_give_no_traceback(xml, tmp_path):
    whole = as_pbf(xml, tmp_path).read_bytes()
    path = tmp_path / "changed.osm.pbf"
    for place in range(0, len(whole), 97):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            say_all(osm.read(path)[1])
        except LayerError as error:
            say_all([error.problem])


def mutated(rng, content):
    """One to four bytes changed, or a stretch taken out or doubled."""
    made = bytearray(content)
    for _ in range(rng.integers(1, 5)):
        place, length = rng.integers(0, len(made)), rng.integers(1, 60)
        kind = rng.integers(0, 3)
        if kind == 0:
            made[place] = rng.integers(0, 256)
        elif kind == 1:
            del made[place : place + length]
        else:
            made[place:place] = made[place : place + length]
    return bytes(made)


@pytest.mark.parametrize("kind", ["osm", "osm.gz", "osm.bz2", "osm.pbf"])
@pytest.mark.parametrize("count", [25, pytest.param(2000, marks=pytest.mark.long)])
def test_damage_at_random_is_read_whole_or_refused_with_words(xml, tmp_path, kind, count):
    pack = {"osm": bytes, "osm.gz": gzip.compress, "osm.bz2": bz2.compress}
    whole = as_pbf(xml, tmp_path).read_bytes() if kind == "osm.pbf" else pack[kind](TEXT)
    rng = np.random.default_rng(20_261_122)
    path = tmp_path / f"damaged.{kind}"
    for _ in range(count):
        path.write_bytes(mutated(rng, whole))
        try:
            found = osm.read(path)[1]
        except LayerError as error:
            found = [error.problem]
        say_all(found)


def test_entities_are_not_expanded(tmp_path):
    path = tmp_path / "bomb.osm"
    bomb = '<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    secret = tmp_path / "secret.txt"
    secret.write_text("canary")
    path.write_text(f'{bomb}<osm version="0.6"><node id="1" lat="&b;" lon="1"/></osm>')
    assert refusal_of(path) == "osm_unreadable"
    outside = f'<!DOCTYPE osm [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    path.write_text(f'{outside}<osm version="0.6"><node id="1" lat="&x;" lon="1"/></osm>')
    assert refusal_of(path) == "osm_unreadable"


def test_a_packed_file_that_grows_without_end_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.osm.gz"
    path.write_bytes(gzip.compress(b'<osm version="0.6">' + b" " * 40_000_000 + b"</osm>"))
    assert refusal_of(path) == "packed_too_large"


def test_empty_foreign_and_unnamed_files(tmp_path):
    path = tmp_path / "map.osm"
    path.write_text('<osm version="0.6"/>\n')
    assert refusal_of(path) == "osm_empty"
    path.write_bytes(bz2.compress(b"BZip2 of something else"))
    assert format_of(path).name == "OpenStreetMap"  # nothing tells before it is unpacked
    assert refusal_of(path) == "osm_not_inside"
    path.write_text('<osmChange version="0.6"/>')
    with pytest.raises(LayerError) as caught:
        format_of(path)
    assert caught.value.problem.key == "not_gis"


def test_ids_that_an_editor_invented_are_ids(tmp_path):
    path = tmp_path / "josm.osm"
    square = {-1: (0, 0), -2: (1, 0), -3: (1, 1), -4: (0, 1)}
    ways = {
        -10: ([-1, -2, -3, -4, -1], {"building": "house"}),
        -11: ([-1, -3], {"highway": "path"}),
    }
    path.write_text(osm_xml(square, ways))
    assert counts(path) == {"buildings": 1, "streets": 1}


def test_ways_before_their_nodes_are_read_all_the_same(tmp_path):
    lines = osm_xml({1: (0, 0), 2: (1, 0)}, {10: ([1, 2], {"highway": "path"})}).splitlines()
    nodes = [line for line in lines if line.startswith("<node")]
    others = [line for line in lines[2:-1] if not line.startswith("<node")]
    path = tmp_path / "unsorted.osm"
    path.write_text("\n".join([*lines[:2], *others, *nodes, lines[-1]]))
    assert counts(path) == {"streets": 1}


def test_nodes_without_a_place_are_told_and_deleted_ones_are_gone(tmp_path, keys):
    shop = '<tag k="shop" v="convenience"/>'
    path = tmp_path / "map.osm"
    path.write_text(
        f"""<osm version="0.6"><node id="1" lat="1" lon="1">{shop}</node>
        <node id="2" lon="1">{shop}</node><node id="3" lat="95" lon="1">{shop}</node>
        <node id="4" lat="1" lon="1" visible="false">{shop}</node></osm>"""
    )
    project = import_layers([path])
    assert list(project.layers["services"]["id"]) == [11]
    [told] = [p for p in project.problems if p.key == "geometry_not_finite"]
    assert told.ids == (21, 31)
    keys(project.problems)


def test_a_map_alone_becomes_a_project_with_an_account(xml, keys):
    project = import_layers([xml])
    found = keys(project.problems)
    assert {"osm_types_not_found", "no_buildings"} <= found
    assert project.surveyed == ("pharmacy",)
    assert {source.layer for source in project.sources} == {"streets", "services"}
