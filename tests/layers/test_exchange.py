"""FlatGeobuf, KML, GML, FileGDB, MapInfo and DXF: whole, in Chinese, or refused with the reason."""

import zipfile

import geopandas as gpd
import pytest
from shapely.geometry import LineString, Point, box

from layers.formats.recognising import files_in, format_of, read_vector
from layers.importing.from_files import import_layers
from layers.problems import LayerError

HOUSES = gpd.GeoDataFrame(
    {"name": [f"{n}号楼" for n in range(60)], "floors": range(60)},
    geometry=[box(114 + n / 1000, 22, 114.0005 + n / 1000, 22.0005) for n in range(60)],
    crs=4326,
)
DRIVERS = {"a.fgb": "FlatGeobuf", "a.kml": "KML", "a.gml": "GML", "a.mif": "MapInfo File"}


def written(path):
    options = {"encoding": "UTF-8"} if path.suffix in (".mif", ".tab") else {}
    HOUSES.to_file(path, driver=DRIVERS.get(path.name, "MapInfo File"), **options)
    for made in path.parent.glob("*.xsd"):
        made.unlink()
    return path


def refused(path):
    with pytest.raises(LayerError) as caught:
        read_vector(path)
    return caught.value.problem.key


@pytest.mark.parametrize("name", [*DRIVERS, "a.tab"])
def test_a_layer_is_read_whole_and_its_folder_left_alone(tmp_path, name):
    path = written(tmp_path / name)
    before = sorted(tmp_path.iterdir())
    [layer], problems = read_vector(path)
    assert problems == []
    assert (layer.declared, len(layer.frame)) == (60, 60)
    [column] = [name for name in layer.frame if name.lower() == "name"]
    assert sorted(layer.frame[column]) == sorted(HOUSES["name"])
    assert layer.crs.to_epsg() == 4326
    assert layer.file == path
    assert layer.frame.total_bounds == pytest.approx(HOUSES.total_bounds, abs=1e-5)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("share", [0.3, 0.6, 0.97])
@pytest.mark.parametrize("name", [*DRIVERS, "a.dxf"])
def test_a_truncated_file_is_never_read_as_a_shorter_one(tmp_path, name, share):
    path = drawing(tmp_path / name) if name == "a.dxf" else written(tmp_path / name)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert refused(path) in {"features_cut", "xml_broken", "drawing_cut", "unreadable"}


def drawing(path, layers=("建筑", "道路"), codepage="ANSI_936"):
    """A small drawing written by hand: a closed outline, an open line and a text."""

    def polyline(layer, closed, places):
        pairs = [(0, "LWPOLYLINE"), (8, layer), (90, len(places)), (70, int(closed))]
        return pairs + [pair for x, y in places for pair in ((10, x), (20, y))]

    pairs = [(0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, "AC1015")]
    pairs += [(9, "$DWGCODEPAGE"), (3, codepage), (0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES")]
    pairs += polyline(layers[0], True, [(0, 0), (10, 0), (10, 8), (0, 8)])
    pairs += polyline(layers[1], False, [(0, -5), (50, -5)])
    pairs += [(0, "TEXT"), (8, layers[0]), (10, 5), (20, 4), (40, 1), (1, "六层")]
    pairs += [(0, "ENDSEC"), (0, "EOF")]
    text = "".join(f"{code}\n{value}\n" for code, value in pairs)
    path.write_bytes(text.encode("gb18030"))
    return path


def test_a_drawing_is_split_by_its_layers(tmp_path):
    layers, problems = read_vector(drawing(tmp_path / "a.dxf"))
    assert problems == []
    found = {layer.name: layer for layer in layers}
    assert sorted(found) == ["建筑", "道路"]
    assert sorted(found["建筑"].frame.geom_type) == ["Point", "Polygon"]
    assert "六层" in found["建筑"].frame["Text"].tolist()
    assert found["道路"].frame.geom_type.tolist() == ["LineString"]
    assert found["道路"].crs is None


def test_a_geodatabase_opens_as_a_folder_and_zipped(tmp_path, keys):
    path = tmp_path / "in" / "城区.gdb"
    path.parent.mkdir()
    HOUSES.to_file(path, driver="OpenFileGDB", layer="建筑")
    streets = gpd.GeoDataFrame(geometry=[LineString([(114, 22), (114.1, 22)])], crs=4326)
    streets.to_file(path, driver="OpenFileGDB", layer="道路", mode="a")
    assert format_of(path).name == "FileGDB"
    assert files_in(tmp_path / "in") == [path]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for part in path.iterdir():
            archive.write(part, f"城区.gdb/{part.name}")
    for source in (path, tmp_path / "a.zip"):
        layers, _ = read_vector(source)
        assert [(layer.name, len(layer.frame)) for layer in layers] == [("建筑", 60), ("道路", 1)]
        project = import_layers([source])
        keys(project.problems)
        assert project.layers["buildings"]["storeys"].tolist()[:5] == [
            pytest.approx(float("nan"), nan_ok=True),
            1,
            2,
            3,
            4,
        ]


def test_a_kmz_is_a_zipped_kml(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as archive:
        archive.write(written(tmp_path / "a.kml"), "doc.kml")
    [layer], _ = read_vector(tmp_path / "a.kmz")
    assert len(layer.frame) == 60
    assert layer.file == tmp_path / "a.kmz"


def test_chinese_xml_in_gbk_is_understood(tmp_path):
    text = written(tmp_path / "a.kml").read_text(encoding="utf-8")
    text = text.replace('encoding="utf-8"', 'encoding="GBK"')
    assert "GBK" in text
    (tmp_path / "a.kml").write_bytes(text.encode("gb18030"))
    [layer], _ = read_vector(tmp_path / "a.kml")
    assert "59号楼" in layer.frame["Name"].tolist()


BOMB = """<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">
<!ENTITY c SYSTEM "secret.txt">]><{root}><Placemark><name>&b;&c;</name></Placemark></{root}>
"""


@pytest.mark.parametrize("root", ["kml", "FeatureCollection", "anything"])
def test_entities_are_refused_before_they_expand(tmp_path, root):
    (tmp_path / "a.kml").write_text(BOMB.replace("{root}", root), encoding="utf-8")
    assert refused(tmp_path / "a.kml") == "xml_entities"


def test_what_is_not_read_is_said(tmp_path):
    deep = "<kml>" + "<Folder>" * 2000 + "</Folder>" * 2000 + "</kml>"
    city = '<CityModel xmlns:gml="http://www.opengis.net/gml"></CityModel>'
    for content, key in (
        (b"AC1032\0\0\0", "dwg"),
        (b"7z\xbc\xaf\x27\x1c", "archive_other"),
        (b"Rar!\x1a\x07", "archive_other"),
        (deep.encode(), "xml_nested"),
        (city.encode(), "city_without_objects"),
        (b"<kml></kml>", "layer_empty"),
        (b"0\nSECTION\n2\nHEADER\n0\nENDSEC\n0\nEOF\n", "layer_empty"),
        (b"!table\n!version 300\nDefinition Table\n  Type NATIVE\n", "tab_without_parts"),
        (b'!table\n"\\IsSeamless" = "TRUE"\n', "tab_of_others"),
    ):
        (tmp_path / "a.x").write_bytes(content)
        assert refused(tmp_path / "a.x") == key


def test_a_schema_that_a_gml_names_is_not_followed(tmp_path):
    """The real schema would name the column otherwise; GDAL must take the file by itself."""
    path = written(tmp_path / "a.gml")
    HOUSES.to_file(tmp_path / "b.gml", driver="GML")
    [layer], _ = read_vector(tmp_path / "b.gml")
    assert len(layer.frame) == len(read_vector(path)[0][0].frame) == 60


def test_points_and_empty_layers(tmp_path):
    gpd.GeoDataFrame({"name": ["a"]}, geometry=[Point(1, 2)], crs=4326).to_file(
        tmp_path / "p.fgb", driver="FlatGeobuf"
    )
    [layer], _ = read_vector(tmp_path / "p.fgb")
    assert layer.frame.geom_type.tolist() == ["Point"]


@pytest.mark.parametrize(
    ("version", "codepage", "encoding"),
    [
        ("AC1015", "ANSI_1252", "gb18030"),  # saved by a program that never looked
        ("AC1021", "ANSI_936", "gb18030"),  # from this version on it should be UTF-8
        ("AC1015", "ANSI_936", "utf-8"),
    ],
)
def test_a_drawing_that_lies_about_its_encoding_is_not_garbled(
    tmp_path, keys, version, codepage, encoding
):
    path = drawing(tmp_path / "a.dxf", codepage=codepage)
    text = path.read_bytes().decode("gb18030").replace("AC1015", version)
    path.write_bytes(text.encode(encoding))
    layers, problems = read_vector(path)
    assert sorted(layer.name for layer in layers) == ["建筑", "道路"]
    assert keys(problems) <= {"encoding_found", "encoding_guessed"}
    assert keys(problems)


def test_a_degree_sign_in_a_western_drawing_stays_one(tmp_path):
    path = drawing(tmp_path / "a.dxf", layers=("walls", "roads"), codepage="ANSI_1252")
    text = path.read_bytes().decode("gb18030").replace("六层", "45°C")
    path.write_bytes(text.encode("cp1252"))
    layers, problems = read_vector(path)
    assert "45°C" in [word for layer in layers for word in layer.frame["Text"]]
    assert problems == []


def test_a_person_says_the_encoding_of_a_drawing(tmp_path):
    path = drawing(tmp_path / "a.dxf", codepage="ANSI_936")
    path.write_bytes(path.read_bytes().decode("gb18030").encode("cp950", "replace"))
    layers, problems = read_vector(path, encoding="Big5")
    assert "道路" in {layer.name for layer in layers}
    assert {layer.encoding for layer in layers} == {"Big5"}
    assert problems == []


def test_texts_of_a_base_map_say_the_storeys_of_the_house_around_them(tmp_path, keys):
    """Two houses in a court: 砖6, 混 12 by its corner; and a shed with two numbers that differ."""

    def outline(west, south, east, north):
        corners = [(west, south), (east, south), (east, north), (west, north)]
        places = "".join(f"10\n{x}\n20\n{y}\n" for x, y in corners)
        return f"0\nLWPOLYLINE\n8\n建筑\n90\n4\n70\n1\n{places}"

    def words(x, y, text):
        return f"0\nTEXT\n8\n注记\n10\n{x}\n20\n{y}\n40\n2\n1\n{text}\n"

    shapes = [(0, 0, 100, 100), (10, 10, 30, 20), (50, 10, 70, 20), (10, 50, 20, 60)]
    texts = [(15, 15, "砖6"), (51, 11, "混 12"), (12, 55, "砖1"), (15, 55, "砖2"), (80, 80, "6")]
    entities = "".join(outline(*one) for one in shapes) + "".join(words(*one) for one in texts)
    head = "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1021\n0\nENDSEC\n"
    body = f"{head}0\nSECTION\n2\nENTITIES\n{entities}0\nENDSEC\n0\nEOF\n"
    (tmp_path / "地形图.dxf").write_text(body, encoding="utf-8")
    layers, problems = read_vector(tmp_path / "地形图.dxf")
    [houses] = [layer.frame for layer in layers if layer.name == "建筑"]
    assert houses["层数"].fillna(-1).tolist() == [-1, 6, 12, -1]
    [told] = [p for p in problems if p.key == "storeys_from_texts"]
    assert told.facts["count"] == 2
    keys([told])


@pytest.mark.parametrize("name", ["a.mif", "a.tab"])
@pytest.mark.parametrize("charset", ["WindowsLatin1", "Neutral"])
def test_a_mapinfo_table_that_lies_about_its_encoding_is_not_garbled(tmp_path, keys, name, charset):
    path = written_in_gbk(tmp_path / name, charset)
    [layer], problems = read_vector(path)
    assert "社区食堂" in layer.frame["name"].tolist()
    assert keys(problems) == {"encoding_found"}
    [layer], problems = read_vector(path, encoding="GBK")
    assert "社区食堂" in layer.frame["name"].tolist()
    assert problems == []
    assert refused_as(path, "koi8-r") == "encoding_not_here"


def written_in_gbk(path, charset):
    names = ["社区食堂", "幸福药店", "阳光幼儿园", "老年活动中心", "菜市场", "卫生服务站"] * 10
    options = {"encoding": "CP936"}
    HOUSES.assign(name=names).to_file(path, driver="MapInfo File", **options)
    head = path.read_bytes()
    assert b"Neutral" in head
    path.write_bytes(head.replace(b"Neutral", charset.encode()))
    return path


@pytest.mark.parametrize("name", ["a.mif", "a.tab"])
@pytest.mark.parametrize("codec", ["UTF-8", "CP936"])
def test_names_of_columns_that_a_program_spoilt_cost_no_layer(tmp_path, keys, name, codec):
    """GDAL writes an underscore for all but the first byte of each Chinese letter in a name."""
    # 505,000 m east in a projection that is CGCS2000's zone 38 in all but its name.
    houses = HOUSES.set_crs(4547, allow_override=True)
    shapes = houses.translate(505_000, 2_490_000)
    houses = houses.set_geometry(shapes).rename(columns={"name": "楼盘名称"})
    houses = houses.assign(楼盘名称=["幸福里社区食堂", "阳光幼儿园"] * (len(houses) // 2))
    houses.to_file(tmp_path / name, driver="MapInfo File", encoding=codec)
    [layer], problems = read_vector(tmp_path / name)
    assert "幸福里社区食堂" in set(layer.frame.drop(columns="geometry").to_numpy().ravel())
    assert layer.crs.to_epsg() == 4547
    keys([*problems, *layer.problems])


def refused_as(path, encoding):
    with pytest.raises(LayerError) as caught:
        read_vector(path, encoding=encoding)
    return caught.value.problem.key


def test_a_collection_counts_as_one_object(tmp_path):
    lines = [
        "Version 300", 'Charset "Neutral"', "Columns 1", "  NAME Char(10)", "Data", "Point 0 1",
        "COLLECTION 2", "  Region 1", "  3", "0 0", "1 0", "1 1", "  Pline 2", "0 0", "1 1",
    ]  # fmt: skip
    (tmp_path / "a.mif").write_text("\n".join(lines) + "\n")
    [layer], problems = read_vector(tmp_path / "a.mif")
    assert (layer.declared, len(layer.frame)) == (2, 2)
    assert [p.key for p in (*problems, *layer.problems)] == []


@pytest.mark.parametrize(
    ("content", "key"),
    [("<NetworkLink><name>a</name></NetworkLink>", "kml_links"),
     ("<GroundOverlay><name>a</name></GroundOverlay>", "kml_pictures"),
     ("<name>a</name>", "layer_empty")],
)  # fmt: skip
def test_a_kml_without_places_says_what_it_holds_instead(tmp_path, keys, content, key):
    words = f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{content}</Document></kml>'
    (tmp_path / "a.kml").write_text(words)
    assert refused(tmp_path / "a.kml") == key
