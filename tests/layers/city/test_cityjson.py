"""CityJSON becomes footprints, heights and storeys; each answer is worked out by hand."""

import json

import numpy as np
import pytest
import shapely

from layers.formats.recognising import format_of, read_vector
from layers.importing.from_files import import_layers
from layers.problems import LayerError
from tests.layers.city.models import (
    HEIGHT,
    HOUSE_AREA,
    ROOF_AREA,
    Model,
    X,
    Y,
    box,
)


def buildings(path):
    [layer] = [layer for layer in read_vector(path)[0] if layer.name == "buildings"]
    return layer.frame


def refused(path):
    with pytest.raises(LayerError) as caught:
        read_vector(path)
    return caught.value.problem.key


@pytest.mark.parametrize("version", ["1.0", "1.1", "2.0"])
def test_the_ground_of_a_house_is_its_footprint(tmp_path, version):
    path = (
        Model(version)
        .house(storeysAboveGround=2, yearOfConstruction=1987)
        .write(tmp_path / "a.city.json")
    )
    [row] = buildings(path).itertuples()
    assert row.geometry.area == pytest.approx(HOUSE_AREA)
    assert shapely.bounds(row.geometry) == pytest.approx([X, Y, X + 10, Y + 6])
    assert (row.height_m, row.storeys, row.built_year) == (HEIGHT, 2, 1987)
    assert buildings(path).crs.to_epsg() == 25833


def test_without_meanings_everything_but_walls_is_the_outline(tmp_path):
    [row] = buildings(Model().house(meanings=False).write(tmp_path / "a.json")).itertuples()
    assert row.geometry.area == pytest.approx(ROOF_AREA)


def test_a_stated_height_goes_before_the_shape_unless_it_cannot_be(tmp_path, keys):
    model = Model().house("a", measuredHeight=8.2)
    model.house("b", measuredHeight=-9999).house("c", measuredHeight=0)
    layers, problems = read_vector(model.write(tmp_path / "a.json"))
    assert layers[0].frame["height_m"].tolist() == [8.2, HEIGHT, HEIGHT]
    told = {p.key: p.facts["count"] for p in problems}
    assert told == {"values_absurd": 2, "city_height_from_shape": 2}
    keys(problems)


def test_parts_lend_the_highest_and_the_most_storeys(tmp_path):
    model = Model().add("house", "Building", [], {"name": "Tower"}, children=["a", "b"])
    for name, faces, storeys in (
        ("a", box(0, 0, 20, 5, 15), 3),
        ("b", box(15, 0, 10, 5, 95), 30),
    ):
        solid = {"type": "Solid", "lod": "1", "boundaries": [model.surfaces(faces)]}
        model.add(name, "BuildingPart", [solid], {"storeysAboveGround": storeys}, parents=["house"])
    layers, problems = read_vector(model.write(tmp_path / "a.json"))
    [row] = layers[0].frame.itertuples()
    # 20 x 20 and 10 x 10, of which 5 x 10 overlap.
    assert row.geometry.area == pytest.approx(400 + 100 - 50)
    assert (row.name, row.height_m, row.storeys) == ("Tower", 90, 30)
    assert [p.key for p in problems] == ["city_parts_joined", "city_height_from_shape"]


def test_a_plan_goes_before_a_body_and_has_no_height(tmp_path):
    model = Model()
    plan = {
        "type": "MultiSurface",
        "lod": "0",
        "boundaries": model.surfaces([box(0, 0, 4, 0, 1)[0]]),
    }
    model.add("a", "Building", [plan])
    solid = {"type": "Solid", "lod": "1", "boundaries": [model.surfaces(box(0, 0, 5, 0, 12))]}
    model.add("b", "Building", [plan, solid])
    frame = buildings(model.write(tmp_path / "a.json"))
    assert shapely.area(frame.geometry.array) == pytest.approx([16, 16])
    assert np.isnan(frame["height_m"][0])
    assert frame["height_m"][1] == 12


def test_a_courtyard_stays_open(tmp_path):
    model = Model()
    outer = model.ring([(0, 0, 0), (30, 0, 0), (30, 30, 0), (0, 30, 0)])
    inner = model.ring([(10, 10, 0), (10, 20, 0), (20, 20, 0), (20, 10, 0)])
    plan = {"type": "MultiSurface", "lod": "0.1", "boundaries": [[outer, inner]]}
    [row] = buildings(model.add("a", "Building", [plan]).write(tmp_path / "a.json")).itertuples()
    assert row.geometry.area == pytest.approx(800)


@pytest.mark.parametrize("kind", ["MultiSolid", "CompositeSolid", "CompositeSurface"])
def test_every_kind_of_boundary_is_understood(tmp_path, kind):
    model = Model()
    faces = model.surfaces(box(0, 0, 10, 0, 6))
    boundaries = (
        faces if kind == "CompositeSurface" else [[faces], [model.surfaces(box(10, 0, 10, 0, 3))]]
    )
    geometry = {"type": kind, "lod": "1", "boundaries": boundaries}
    [row] = buildings(
        model.add("a", "Building", [geometry]).write(tmp_path / "a.json")
    ).itertuples()
    assert row.geometry.area == pytest.approx(100 if kind == "CompositeSurface" else 200)
    assert row.height_m == 6


def test_templates_stand_where_and_as_large_as_they_are_set(tmp_path):
    model = Model()
    anchor = model.ring([(100, 50, 2)])
    # Twice as large, turned by a quarter: the block of 3 m from the corner goes to the left of it.
    matrix = [0, -2, 0, 0, 2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]
    instance = {
        "type": "GeometryInstance", "template": 0, "boundaries": anchor,
        "transformationMatrix": matrix,
    }  # fmt: skip
    model.add("hut", "Building", [instance]).add("oak", "SolitaryVegetationObject", [instance])
    template = Model()
    boundaries = [template.surfaces(box(0, 0, 3, 0, 4))]
    document = model.document()
    document["geometry-templates"] = {
        "templates": [{"type": "Solid", "lod": "2", "boundaries": boundaries}],
        "vertices-templates": [[x / 1000, y / 1000, z / 1000] for x, y, z in template.vertices],
    }
    (tmp_path / "a.json").write_text(json.dumps(document))
    layers = {layer.name: layer.frame for layer in read_vector(tmp_path / "a.json")[0]}
    [hut] = layers["buildings"].itertuples()
    assert shapely.bounds(hut.geometry) == pytest.approx([X + 94, Y + 50, X + 100, Y + 56])
    assert hut.height_m == 8
    [oak] = layers["trees"].geometry
    assert (oak.x, oak.y) == (X + 100, Y + 50)


def test_what_has_no_role_is_counted(tmp_path, keys):
    model = Model().house()
    lake = {
        "type": "MultiSurface",
        "lod": "1",
        "boundaries": model.surfaces([box(0, 20, 9, 0, 1)[0]]),
    }
    for name, kind in (("w", "WaterBody"), ("p", "PlantCover"), ("r", "Road"), ("s", "Road")):
        model.add(name, kind, [lake])
    layers, problems = read_vector(model.write(tmp_path / "a.json"))
    assert {layer.name: len(layer.frame) for layer in layers} == {
        "buildings": 1, "water": 1, "green": 1
    }  # fmt: skip
    [unused] = [p for p in problems if p.key == "city_objects_unused"]
    assert unused.facts == {"count": 2, "kinds": "Road 2"}
    keys(problems)


@pytest.mark.parametrize(
    ("srs", "epsg"),
    [
        ("https://www.opengis.net/def/crs/EPSG/0/7415", 28992),
        ("urn:ogc:def:crs:EPSG::7415", 28992),
        ("urn:ogc:def:crs,crs:EPSG:6.12:3068,crs:EPSG:6.12:5783", 3068),
        ("http://www.opengis.net/def/crs/EPSG/0/6697", 6668),
        ("urn:adv:crs:DE_DHDN_3GK4*DE_DHN92_NH", 31468),
        ("EPSG:4979", 4326),
    ],
)
def test_the_plan_part_of_a_system_of_space_is_taken(tmp_path, srs, epsg):
    assert buildings(Model(srs=srs).house().write(tmp_path / "a.json")).crs.to_epsg() == epsg


def test_an_unknown_system_is_told(tmp_path, keys):
    layers, problems = read_vector(Model(srs="EPSG:1234").house().write(tmp_path / "a.json"))
    assert layers[0].crs is None
    assert "city_crs_unknown" in keys(problems)


def test_ids_are_the_names_numbers_or_stay_the_same_for_a_name(tmp_path):
    numbered = Model().house("NL.IMBAG.Pand.0503100000012869").house("DEBY_LOD2_22124377")
    found = buildings(numbered.write(tmp_path / "a.json"))["id"].tolist()
    assert found == [503100000012869, 22124377]
    first = buildings(Model().house("x-1").house("y").write(tmp_path / "a.json"))["id"].tolist()
    again = buildings(Model().house("y").house("x-1").write(tmp_path / "a.json"))["id"].tolist()
    assert first == again[::-1]
    assert len(set(first)) == 2


def sequence(tmp_path, count):
    head = Model().document()
    lines = [json.dumps({**head, "CityObjects": {}, "vertices": []})]
    for number in range(count):
        part = Model().house(f"house-{number}").document()
        feature = {"type": "CityJSONFeature", "id": f"house-{number}"}
        feature |= {key: part[key] for key in ("CityObjects", "vertices")}
        lines.append(json.dumps(feature))
    path = tmp_path / "a.city.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_sequence_is_read_to_its_last_feature(tmp_path):
    path = sequence(tmp_path, 5)
    assert format_of(path).name == "CityJSON"
    frame = buildings(path)
    assert shapely.area(frame.geometry.array) == pytest.approx([HOUSE_AREA] * 5)
    content = path.read_bytes()
    path.write_bytes(content[:-40])
    assert refused(path) == "json_broken"


def test_a_model_that_says_late_what_it_is_is_one_still(tmp_path):
    document = Model().house().document()
    late = {"vertices": document.pop("vertices") * 400, **document}
    late = {key: late[key] for key in ("vertices", "CityObjects", "transform", "type", "version")}
    (tmp_path / "a.json").write_text(json.dumps(late))
    assert format_of(tmp_path / "a.json").name == "GeoJSON"
    assert len(buildings(tmp_path / "a.json")) == 1


@pytest.mark.parametrize("index", [-1, 10**6, 2**40])
def test_points_that_are_not_there_are_told(tmp_path, keys, index):
    model = Model().house("good").house("bad")
    model.objects["bad"]["geometry"][0]["boundaries"][0][0][0][0] = index
    layers, problems = read_vector(model.write(tmp_path / "a.json"))
    assert len(layers[0].frame) == 2
    [told] = [p for p in problems if p.key == "city_vertices_missing"]
    assert told.facts == {"count": 1, "named": "bad"}
    keys(problems)


@pytest.mark.parametrize(
    "harm",
    [
        lambda d: d.update(vertices=[[1, 2]]),
        lambda d: d.update(vertices="none"),
        lambda d: d.update(vertices=[[1, 2, "x"]]),
        lambda d: d.update(transform={"scale": [1, 1], "translate": [0, 0, 0]}),
        lambda d: d.update(transform=[]),
        lambda d: d.update(CityObjects=[1]),
        lambda d: d["CityObjects"]["house"].pop("type"),
        lambda d: d["CityObjects"]["house"]["geometry"][0].update(boundaries=[1]),
        lambda d: d["CityObjects"]["house"]["geometry"][0].update(boundaries=[[[[0, 1.5, 2]]]]),
        lambda d: d["CityObjects"]["house"]["geometry"][0].update(boundaries=[[[[0, 2**70, 2]]]]),
        lambda d: d["CityObjects"]["house"].update(geometry=[{"type": "GeometryInstance"}]),
    ],
)
def test_what_is_not_built_as_specified_is_refused(tmp_path, harm):
    document = Model().house().document()
    harm(document)
    (tmp_path / "a.json").write_text(json.dumps(document))
    assert refused(tmp_path / "a.json") == "cityjson_broken"


def test_nesting_without_end_is_refused(tmp_path):
    deep = "[" * 200_000 + "]" * 200_000
    (tmp_path / "a.json").write_text('{"type":"CityJSON","vertices":[],"CityObjects":' + deep + "}")
    assert refused(tmp_path / "a.json") == "json_broken"


def test_parents_that_go_round_do_not_hang(tmp_path):
    model = Model().house("a").house("b")
    for name, other in (("a", "b"), ("b", "a")):
        model.objects[name]["type"] = "BuildingPart"
        model.objects[name]["parents"] = [other]
    assert len(buildings(model.write(tmp_path / "a.json"))) == 2


def test_a_model_becomes_a_district(tmp_path, keys):
    project = import_layers([Model().house(function="1010").write(tmp_path / "a.city.json")])
    [row] = project.layers["buildings"].itertuples()
    assert (row.use, row.storeys) == ("residential", 3)
    assert "storeys" in row.estimated.split(",")
    keys(project.problems)
