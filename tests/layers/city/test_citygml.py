"""CityGML becomes footprints, heights and storeys, whole or not at all."""

import tracemalloc
import zipfile

import pytest
import shapely

from layers.formats.recognising import format_of, read_vector
from layers.importing.from_files import import_layers
from layers.problems import LayerError
from tests.layers.city.models import (
    HEIGHT,
    HOUSE_AREA,
    X,
    Y,
    box,
    gml,
    gml_house,
    multi_surface,
    polygon,
)

PLATEAU = "http://www.opengis.net/def/crs/EPSG/0/6697"


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def buildings(path):
    [layer] = [layer for layer in read_vector(path)[0] if layer.name == "buildings"]
    return layer.frame


def refused(path):
    with pytest.raises(LayerError) as caught:
        read_vector(path)
    return caught.value.problem.key


@pytest.mark.parametrize("version", ["1.0", "2.0", "3.0"])
def test_a_house_keeps_its_measures(tmp_path, version):
    said = (
        "<gml:name>Haus</gml:name><bldg:function>31001_1010</bldg:function>"
        "<bldg:yearOfConstruction>1985</bldg:yearOfConstruction>"
        "<bldg:storeysAboveGround>2</bldg:storeysAboveGround>"
    )
    path = written(tmp_path / "a.gml", gml(gml_house("house", said), version=version))
    assert format_of(path).name == "CityGML"
    [row] = buildings(path).itertuples()
    assert row.geometry.area == pytest.approx(HOUSE_AREA)
    assert shapely.bounds(row.geometry) == pytest.approx([X, Y, X + 10, Y + 6])
    assert (row.height_m, row.storeys, row.built_year) == (HEIGHT, 2, 1985)
    assert (row.name, row.use) == ("Haus", "residential")
    assert buildings(path).crs.to_epsg() == 25833


def test_latitude_first_comes_to_its_place(tmp_path):
    """As in PLATEAU: 139.74 E, 35.26 N, written the other way round."""
    degree = 1 / 111_000
    house = gml_house(x=139.74, y=35.26, swapped=True, scale=degree)
    frame = buildings(written(tmp_path / "a.gml", gml(house, srs=PLATEAU)))
    assert frame.crs.to_epsg() == 6668
    west, south, east, north = frame.total_bounds
    assert (west, south) == pytest.approx((139.74, 35.26))
    assert (east - west, north - south) == pytest.approx((10 * degree, 6 * degree), rel=1e-5)


def test_northing_first_is_seen_where_only_it_lies_in_the_country(tmp_path):
    """EPSG:31468 defines northing first; files have easting first, and now and then not."""
    srs = "urn:adv:crs:DE_DHDN_3GK4*DE_DHN92_NH"
    for swapped in (False, True):
        house = gml_house(x=4_424_700.0, y=5_482_700.0, swapped=swapped)
        frame = buildings(written(tmp_path / "a.gml", gml(house, srs=srs)))
        assert frame.total_bounds[:2] == pytest.approx((4_424_700, 5_482_700))


@pytest.mark.parametrize(
    ("srs", "swapped"),
    [
        ("urn:ogc:def:crs:EPSG::4326", True),
        ("http://www.opengis.net/def/crs/EPSG/0/4979", True),
        ("EPSG:4326", False),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", False),
    ],
)
def test_the_name_of_a_system_tells_the_order_where_both_are_possible(tmp_path, srs, swapped):
    """At 13 E, 52 N both readings lie on Earth; old names stand for longitude first."""
    house = gml_house(x=13.4, y=52.5, swapped=swapped, scale=1e-5)
    frame = buildings(written(tmp_path / "a.gml", gml(house, srs=srs)))
    assert frame.crs.to_epsg() == 4326
    assert frame.total_bounds[:2] == pytest.approx((13.4, 52.5))


def test_codes_of_use_are_understood_or_told(tmp_path, keys):
    houses = [
        gml_house(f"h{n}", f"<bldg:usage>{code}</bldg:usage>")
        for n, code in enumerate(["411", "413", "402", "461", "31001_2020", "777"])
    ]
    layers, problems = read_vector(written(tmp_path / "a.gml", gml(*houses)))
    assert layers[0].frame["use"].tolist() == [
        "residential", "mixed", "commercial", "", "office", ""
    ]  # fmt: skip
    [told] = [p for p in problems if p.key == "city_use_codes"]
    assert told.facts == {"count": 1, "examples": "777"}
    keys(problems)


def test_parts_belong_to_their_building(tmp_path):
    parts = "".join(
        f'<bldg:consistsOfBuildingPart><bldg:BuildingPart gml:id="p{n}">'
        f"<bldg:measuredHeight>{height}</bldg:measuredHeight><bldg:lod1MultiSurface>"
        f"{multi_surface(box(x, 0, 10, 0, height))}</bldg:lod1MultiSurface></bldg:BuildingPart>"
        "</bldg:consistsOfBuildingPart>"
        for n, (x, height) in enumerate([(0, 12), (10, 30)])
    )
    path = written(tmp_path / "a.gml", gml(f'<bldg:Building gml:id="b">{parts}</bldg:Building>'))
    layers, problems = read_vector(path)
    [row] = layers[0].frame.itertuples()
    assert (row.geometry.area, row.height_m) == (pytest.approx(200), 30)
    assert [p.facts["count"] for p in problems if p.key == "city_parts_joined"] == [2]


def test_pieces_and_rooms_do_not_widen_a_building(tmp_path):
    balcony = (
        "<bldg:outerBuildingInstallation><bldg:BuildingInstallation><bldg:lod2Geometry>"
        f"{multi_surface([box(-5, 0, 5, 4, 5)[0]])}</bldg:lod2Geometry>"
        "</bldg:BuildingInstallation></bldg:outerBuildingInstallation>"
        "<bldg:interiorRoom><bldg:Room><bldg:lod4MultiSurface>"
        f"{multi_surface([box(50, 0, 5, 4, 99)[0]])}</bldg:lod4MultiSurface></bldg:Room>"
        "</bldg:interiorRoom>"
    )
    [row] = buildings(written(tmp_path / "a.gml", gml(gml_house("h", balcony)))).itertuples()
    assert (row.geometry.area, row.height_m) == (pytest.approx(HOUSE_AREA), HEIGHT)


def test_generic_attributes_and_heights_of_version_3(tmp_path):
    said = (
        '<gen:stringAttribute name="b3_bouwlagen"><gen:value>4</gen:value></gen:stringAttribute>'
        "<con:height><con:Height><con:value>8.5</con:value></con:Height></con:height>"
    )
    [row] = buildings(written(tmp_path / "a.gml", gml(gml_house("h", said)))).itertuples()
    assert (row.storeys, row.height_m) == (4, 8.5)


def test_trees_water_and_what_is_not_used(tmp_path, keys):
    tree = (
        '<veg:SolitaryVegetationObject gml:id="t"><veg:height>12.5</veg:height>'
        "<veg:lod2ImplicitRepresentation><core:ImplicitGeometry><core:relativeGMLGeometry>"
        f"{multi_surface(box(0, 0, 1, 0, 1), x=0, y=0)}</core:relativeGMLGeometry>"
        f"<core:referencePoint><gml:Point><gml:pos>{X + 7} {Y + 8} 1</gml:pos></gml:Point>"
        "</core:referencePoint></core:ImplicitGeometry></veg:lod2ImplicitRepresentation>"
        "</veg:SolitaryVegetationObject>"
    )
    lake = (
        f"<wtr:WaterBody><wtr:lod1MultiSurface>{multi_surface([box(50, 0, 9, 0, 1)[0]])}"
        "</wtr:lod1MultiSurface></wtr:WaterBody>"
    )
    area = f"<tran:lod1MultiSurface>{polygon(box(0, 0, 9, 0, 1)[0])}</tran:lod1MultiSurface>"
    road = f"<tran:Road>{area}</tran:Road>"
    layers, problems = read_vector(written(tmp_path / "a.gml", gml(tree, lake, road)))
    found = {layer.name: layer.frame for layer in layers}
    [oak] = found["trees"].itertuples()
    assert (oak.geometry.x, oak.geometry.y, oak.height_m) == (X + 7, Y + 8, 12.5)
    assert found["water"].geometry.area.tolist() == pytest.approx([81])
    [told] = [p for p in problems if p.key == "city_objects_unused"]
    assert told.facts["kinds"] == "Road 1"
    keys(problems)


def test_roads_alone_are_refused_by_name(tmp_path):
    with pytest.raises(LayerError) as caught:
        read_vector(written(tmp_path / "a.gml", gml("<tran:Road/>", "<tran:Road/>")))
    assert caught.value.problem.key == "city_without_objects"
    assert caught.value.problem.facts["kinds"] == "Road 2"


def test_a_cut_file_is_never_a_shorter_one(tmp_path):
    content = gml(*(gml_house(f"h{n}") for n in range(4))).encode()
    for share in range(1, 40):
        (tmp_path / "a.gml").write_bytes(content[: len(content) * share // 40])
        assert refused(tmp_path / "a.gml") in ("xml_broken", "not_gis"), share


@pytest.mark.parametrize("words", ["1 2 x", "1 2 3 4", "1e400000 x"])
def test_coordinates_that_are_none_are_refused(tmp_path, words):
    text = gml(gml_house())
    begin = text.index("<gml:posList>") + len("<gml:posList>")
    end = text.index("</gml:posList>")
    assert refused(written(tmp_path / "a.gml", text[:begin] + words + text[end:])) == (
        "citygml_broken"
    )


def test_two_systems_in_one_file_are_refused(tmp_path):
    text = gml(gml_house("a"), gml_house("b"))
    text = text.replace("<gml:Solid>", '<gml:Solid srsName="EPSG:4326">', 1)
    assert refused(written(tmp_path / "a.gml", text)) == "city_of_systems"


def test_traps_are_refused_or_passed_by(tmp_path):
    entity = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    text = gml(gml_house()).replace("<core:CityModel", f"{entity}<core:CityModel")
    assert refused(written(tmp_path / "a.gml", text)) == "xml_entities"
    loop = '<gml:surfaceMember xlink:href="#a"/><gml:surfaceMember xlink:href="#house"/>'
    text = gml(gml_house(said=f'<bldg:lod2Solid gml:id="a">{loop}</bldg:lod2Solid>'))
    assert len(buildings(written(tmp_path / "a.gml", text))) == 1
    deep = "<bldg:Building>" * 3000 + "</bldg:Building>" * 3000
    assert refused(written(tmp_path / "a.gml", gml(deep))) == "xml_nested"


def test_zipped_and_called_xml_it_opens_too(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("udx/bldg/1.gml", gml(gml_house()))
        archive.writestr("lod2/city.xml", gml(gml_house()))
        archive.writestr("lod2/readme.xml", "<metadata/>")
    layers, problems = read_vector(tmp_path / "a.zip")
    assert [len(layer.frame) for layer in layers] == [1, 1]
    assert {p.key for p in problems} == {"city_height_from_shape"}


def test_what_two_tiles_share_is_one_building(tmp_path, keys):
    """The second tile has one house of the first, moved by a rounding, and one of its own."""
    written(tmp_path / "a.gml", gml(gml_house("h1"), gml_house("h2", x=X + 50)))
    written(tmp_path / "b.gml", gml(gml_house("h2", x=X + 50.001), gml_house("h3", x=X + 90)))
    project = import_layers([tmp_path])
    assert len(project.layers["buildings"]) == 3
    [told] = [p for p in project.problems if p.key == "features_twice"]
    assert told.facts["count"] == 1
    assert "ids_renumbered" not in keys(project.problems)


def test_a_long_file_does_not_grow_in_memory_with_what_it_need_not_keep(tmp_path):
    """Images and their places on walls make up most of a model of level 2."""
    image = "<core:appearance>" + "<a>0.123 0.456</a>" * 20_000 + "</core:appearance>"
    most = []
    for count in (4, 20):
        images = [f"<bldg:x>{image}</bldg:x>"] * count
        path = written(tmp_path / "a.gml", gml(gml_house("h", "".join(images))))
        tracemalloc.start()
        assert len(buildings(path)) == 1
        most.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert path.stat().st_size > 6_000_000
    assert most[1] < 1.2 * most[0]
