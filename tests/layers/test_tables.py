"""Tables whose rows are places, GeoParquet, and features one a line."""

import json
import zipfile

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import Point, box

from layers.formats.recognising import read_vector
from layers.importing.from_files import import_layers
from layers.problems import LayerError, Severity
from layers.understanding.decisions import Decisions, LayerDecision

ROWS = [("社区食堂", "114.05", "22.51", "6"), ("幸福药店", "114.06", "22.52", "18")]
HOUSES = gpd.GeoDataFrame(
    {"名称": ["甲", "乙", "丙"], "层数": [6, 18, 33]},
    geometry=[box(114 + n / 100, 22, 114.001 + n / 100, 22.001) for n in range(3)],
    crs=4326,
)


def refused(path):
    with pytest.raises(LayerError) as caught:
        read_vector(path)
    return caught.value.problem.key


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("columns", [("经度", "纬度"), ("lng", "lat"), ("Longitude", "Latitude")])
def test_places_in_degrees(tmp_path, encoding, delimiter, columns):
    lines = [("名称", *columns, "层数"), *ROWS]
    text = "\r\n".join(delimiter.join(line) for line in lines) + "\r\n"
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    [layer], problems = read_vector(tmp_path / "a.csv")
    assert layer.frame["名称"].tolist() == ["社区食堂", "幸福药店"]
    assert layer.frame["层数"].tolist() == [6, 18]
    assert [(p.x, p.y) for p in layer.frame.geometry] == [(114.05, 22.51), (114.06, 22.52)]
    assert layer.crs.to_epsg() == 4326
    assert layer.declared == 2
    expected = (
        {"encoding_found", "table_places"}
        if encoding in ("gb18030", "utf-16")
        else {"table_places"}
    )
    assert {problem.key for problem in problems} == expected


def test_places_in_metres_and_as_wkt(tmp_path):
    (tmp_path / "a.csv").write_text("name,x,y\na,505000,2490000\nb,,\n", encoding="utf-8")
    [layer], problems = read_vector(tmp_path / "a.csv")
    assert layer.crs is None
    assert layer.frame.geometry[0] == Point(505000, 2490000)
    assert [dict(p.facts) for p in problems if p.key == "rows_without_place"] == [
        {"count": 1, "rows": "2"}
    ]
    (tmp_path / "b.csv").write_text(
        'name,WKT\na,"POLYGON ((0 0, 1 0, 1 1, 0 0))"\n', encoding="utf-8"
    )
    [layer], _ = read_vector(tmp_path / "b.csv")
    assert layer.frame.geometry[0].area == 0.5


@pytest.mark.parametrize(
    ("head", "first", "second"),
    [
        ("经度,纬度", "114°18′30″,30°36′0″", "114°30′E,30°30′N"),
        ("经度,纬度", "114度18分30秒,30度36分00秒", "114度30分,30度30分"),
        ("经度,纬度", "E114 18 30,N30 36 0", '114°30\'00""E,30°30\'00""N'),
        ("lon;lat", "114,3083333333;30,6", "114,5;30,5"),
        ("location", '"114.3083333333,30.6"', '"114.5, 30.5"'),
        ("坐标", '"30.6,114.3083333333"', '"30.5,114.5"'),
    ],
)
def test_places_as_people_write_them(tmp_path, head, first, second):
    """18 minutes and 30 seconds are 18.5 / 60 = 0.30833 degrees."""
    rows = [f'"{row}"' if '""' in row else row for row in (first, second)]
    if '""' in second:
        rows = [first, ",".join(f'"{cell}"' for cell in second.split(","))]
    lines = [head, *rows]
    mark = ";" if ";" in head else ","
    text = "\n".join(f"{name}{mark}{line}" for name, line in zip("nab", lines, strict=True))
    (tmp_path / "a.csv").write_text(text + "\n", encoding="utf-8")
    [layer], _ = read_vector(tmp_path / "a.csv")
    places = [(p.x, p.y) for p in layer.frame.geometry]
    assert places == [pytest.approx((114 + 18.5 / 60, 30.6)), pytest.approx((114.5, 30.5))]
    assert layer.crs.to_epsg() == 4326


def test_commas_between_thousands_are_none_of_the_point(tmp_path, keys):
    text = 'n,X,Y\na,"530,930.25","3,387,291.5"\nb,"531,000","3,387,300"\n'
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    [layer], problems = read_vector(tmp_path / "a.csv")
    assert [(p.x, p.y) for p in layer.frame.geometry] == [(530930.25, 3387291.5), (531000, 3387300)]
    assert layer.crs is None
    assert keys(problems) == {"table_places", "coordinates_written"}


def test_a_row_with_longitude_and_latitude_exchanged_is_turned_round_and_told(tmp_path, keys):
    rows = ["a,114.1,22.5", "b,22.5,114.2", "c,114.3,22.5", "d,0,500", "e,不详,22.5"]
    (tmp_path / "a.csv").write_text("\n".join(["n,经度,纬度", *rows]) + "\n", encoding="utf-8")
    [layer], problems = read_vector(tmp_path / "a.csv")
    places = [None if p is None else (p.x, p.y) for p in layer.frame.geometry]
    assert places == [(114.1, 22.5), (114.2, 22.5), (114.3, 22.5), None, None]
    assert layer.crs.to_epsg() == 4326
    told = {p.key: p.facts.get("rows") for p in problems}
    assert told == {"table_places": None, "rows_exchanged": "2", "rows_without_place": "4, 5"}
    keys(problems)


def test_a_title_and_names_in_two_rows(tmp_path):
    """As offices lay out their registers: a title, groups of columns, and a sum at the end."""
    rows = [
        ["某街道设施一览表", "", "", ""],
        ["名称", "坐标", "", "层数"],
        ["", "经度", "纬度", ""],
        *ROWS,
        ["合计", "", "", "24"],
    ]
    pyogrio.write_dataframe(
        pd.DataFrame(rows, columns=list("abcd")), tmp_path / "a.xlsx", driver="XLSX"
    )
    (tmp_path / "b.csv").write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    for name in ("a.xlsx", "b.csv"):
        [layer], problems = read_vector(tmp_path / name)
        assert layer.frame["名称"].tolist() == ["社区食堂", "幸福药店", "合计"]
        assert layer.frame["层数"].tolist() == [6, 18, 24]
        assert [(p.x, p.y) for p in layer.frame.geometry[:2]] == [(114.05, 22.51), (114.06, 22.52)]
        assert [p.facts["count"] for p in problems if p.key == "rows_without_place"] == [1]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("a,b\n1,2\n", "table_without_places"),
        ("x,y\n1,2,3\n", "table_uneven"),
        ('x,y,n\n1,2,"a\n', "table_uneven"),
        ("x,y\nhere,there\n", "table_places_unreadable"),
    ],
)
def test_tables_that_are_refused(tmp_path, text, key):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert refused(tmp_path / "a.csv") == key


def test_a_workbook_with_places_on_one_sheet(tmp_path, keys):
    path = tmp_path / "设施.xlsx"
    places = pd.DataFrame(ROWS, columns=["名称", "经度", "纬度", "层数"])
    pyogrio.write_dataframe(places, path, layer="设施", driver="XLSX")
    notes = pd.DataFrame({"说明": ["无"], "日期": ["2024"]})
    pyogrio.write_dataframe(notes, path, layer="说明", driver="XLSX", append=True)
    [layer], problems = read_vector(path)
    assert layer.frame["名称"].tolist() == ["社区食堂", "幸福药店"]
    assert layer.frame["层数"].tolist() == [6, 18]
    assert (layer.source, layer.crs.to_epsg()) == ("设施.xlsx", 4326)
    assert {"table_without_places", "table_places"} == keys(problems)


def test_geoparquet_is_read_whole_or_refused(tmp_path):
    path = tmp_path / "建筑.parquet"
    HOUSES.to_parquet(path)
    [layer], problems = read_vector(path)
    assert problems == []
    assert layer.frame["名称"].tolist() == ["甲", "乙", "丙"]
    assert (layer.declared, layer.crs.to_epsg()) == (3, 4326)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert refused(path) == "table_cut"
    path.write_bytes(whole[:50] + b"\xff" * 40 + whole[90:])
    assert refused(path) == "unreadable"
    pd.DataFrame({"a": [1]}).to_parquet(path)
    assert refused(path) == "table_without_geometry"


@pytest.mark.parametrize("start", ["", "\x1e"])
def test_features_one_a_line(tmp_path, start):
    features = json.loads(HOUSES.to_json())["features"]
    lines = [start + json.dumps(feature, ensure_ascii=False) for feature in features]
    path = tmp_path / "建筑.geojsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    [layer], problems = read_vector(path)
    assert problems == []
    assert layer.frame["名称"].tolist() == ["甲", "乙", "丙"]
    assert layer.declared == 3
    path.write_text("\n".join(lines)[:-20], encoding="utf-8")
    assert refused(path) == "json_broken"


def test_a_folder_with_a_table_of_no_places_imports(tmp_path, keys):
    HOUSES.to_file(tmp_path / "建筑.gpkg", layer="建筑")
    (tmp_path / "人口.csv").write_text("年份,人口\n2024,10\n", encoding="utf-8")
    project = import_layers([tmp_path])
    assert "table_without_places" in keys(project.problems)
    assert len(project.layers["buildings"]) == 3


def test_a_table_of_outlines_alone_needs_no_separator(tmp_path):
    (tmp_path / "a.csv").write_text('WKT\n"POINT (1 2)"\n"POINT (3 4)"\n')
    [layer], _ = read_vector(tmp_path / "a.csv")
    assert [(p.x, p.y) for p in layer.frame.geometry] == [(1, 2), (3, 4)]


@pytest.mark.parametrize(
    ("content", "key"),
    [("-122,48,place", "table_without_header"), ("x y name\n-122, 48, a\n", "table_without_header"),
     (" \n\n", "file_empty"), ("wkt,name\nPOINT (a b),one\n", "table_places_unreadable")],
)  # fmt: skip
def test_a_table_that_is_none_says_what_it_lacks(tmp_path, content, key):
    (tmp_path / "a.csv").write_text(content)
    assert refused(tmp_path / "a.csv") == key


def test_geojson_in_gbk_is_read_as_what_it_is(tmp_path):
    HOUSES.assign(名称=["阳光花园小区", "幸福里社区", "人民医院宿舍"]).to_file(
        tmp_path / "a.geojson"
    )
    path = tmp_path / "a.geojson"
    path.write_bytes(path.read_text("utf-8").encode("gb18030"))
    [layer], problems = read_vector(path)
    assert layer.frame["名称"].tolist()[0] == "阳光花园小区"
    assert (layer.encoding, layer.declared) == ("GB18030", 3)
    assert [problem.key for problem in problems] == ["encoding_found"]
    [layer], problems = read_vector(path, encoding="GBK")
    assert (layer.frame["名称"].tolist()[1], problems) == ("幸福里社区", [])


def test_lists_of_yes_and_no_are_left_out_and_said(tmp_path):
    feature = {"type": "Feature", "properties": {"a": [True, False], "b": 1},
               "geometry": {"type": "Point", "coordinates": [1, 2]}}  # fmt: skip
    (tmp_path / "a.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]})
    )
    [layer], _ = read_vector(tmp_path / "a.geojson")
    assert [problem.key for problem in layer.problems] == ["columns_of_lists"]
    assert layer.frame["b"].tolist() == [1]


def register_of_people(folder, text):
    """Three numbered houses, and a register of people without places beside them."""
    HOUSES.assign(楼号=["7", "8", "9"]).to_file(folder / "建筑.gpkg", layer="建筑")
    (folder / "人口表.csv").write_text(text, encoding="utf-8")
    return import_layers([folder])


def test_a_register_by_the_number_of_the_house_is_joined_to_the_houses(tmp_path, keys):
    project = register_of_people(tmp_path, "建筑编号,常住人口,备注\n009,30,\n7,10,\n77,5,拆\n")
    houses = project.layers["buildings"].set_index("name")
    assert houses.loc[["甲", "丙"], "residents"].tolist() == [10, 30]
    assert "residents" not in houses.loc["甲", "estimated"].split(",")
    told = {p.key: p for p in project.problems}
    assert {k: told["table_joined"].facts[k] for k in ("layer", "key", "own", "count")} == {
        "layer": "建筑.gpkg", "key": "建筑编号", "own": "楼号", "count": 2
    }  # fmt: skip
    assert dict(told["table_rows_unmatched"].facts) == {"count": 1, "examples": "77"}
    assert "table_without_places" not in told
    [source] = [one for one in project.sources if one.file == "人口表.csv"]
    assert (source.role, source.features_read, source.features_kept) == ("buildings", 3, 2)
    keys(project.problems)


REGISTER = "楼栋号,常住人口\n甲-7,30\n乙-8,10\n丙-9,5\n"


@pytest.mark.parametrize("in_archive", ["houses and register", "register"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_register_in_an_archive_is_joined_as_outside(tmp_path, keys, kind, in_archive):
    """By a column that no list knows as a key, but that both call alike: 甲-7, 乙-8, 丙-9."""
    loose = tmp_path / "in"
    loose.mkdir()
    HOUSES.assign(幢座代码=["甲-7", "乙-8", "丙-9"]).to_file(loose / "建筑.gpkg", layer="建筑")
    text = REGISTER.replace("楼栋号", "幢座代码")
    rows = [line.split(",") for line in text.split()]
    if kind == "csv":
        (loose / "人口.csv").write_text(text, encoding="gb18030")
    else:
        frame = pd.DataFrame(rows[1:], columns=rows[0])
        pyogrio.write_dataframe(frame, loose / "人口.xlsx", layer="住户", driver="XLSX")
    with zipfile.ZipFile(tmp_path / "资料.zip", "w") as archive:
        archive.write(loose / f"人口.{kind}", f"表/人口.{kind}")
        if "houses" in in_archive:
            archive.write(loose / "建筑.gpkg", "图/建筑.gpkg")
    paths = [tmp_path / "资料.zip"]
    project = import_layers(paths if "houses" in in_archive else [*paths, loose / "建筑.gpkg"])
    assert project.layers["buildings"]["residents"].tolist() == [30, 10, 5]
    sheet = " · 住户" if kind == "xlsx" else ""
    [source] = [one for one in project.sources if one.layer == f"表/人口.{kind}{sheet}"]
    assert (source.file, source.features_kept) == ("资料.zip", 3)
    assert source.encoding == ("GB18030" if kind == "csv" else "")
    assert {"table_joined"} == keys(project.problems) & {"table_joined", "table_without_places"}


def test_archives_in_archives_stay_closed_unless_they_are_workbooks(tmp_path):
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr("a.csv", "x,y\n1,2\n")
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    with zipfile.ZipFile(tmp_path / "out.zip", "w") as archive:
        for name in ("in.zip", "bomb.xlsx"):
            archive.write(tmp_path / name, name)
    layers, problems = read_vector(tmp_path / "out.zip")
    assert layers == []
    assert sorted(p.key for p in problems) == ["archive_member_alone", "archive_too_large"]


def test_what_a_person_says_of_the_encoding_goes_for_a_register_too(tmp_path, keys):
    """Told right it is joined; told wrong its letters are no house's: the word is followed."""
    HOUSES.assign(bh=["幸", "福", "里"]).to_file(tmp_path / "建筑.gpkg", layer="建筑")
    (tmp_path / "人口.csv").write_bytes("bh,residents\n幸,30\n福,10\n里,5\n".encode("big5"))
    project = import_layers([tmp_path], encodings={"人口.csv": "big5", "人囗.csv": "big5"})
    assert project.layers["buildings"]["residents"].tolist() == [30, 10, 5]
    assert [p.source for p in project.problems if p.key == "encoding_of_no_file"] == ["人囗.csv"]
    [source] = [one for one in project.sources if one.file == "人口.csv"]
    assert source.encoding == "Big5"
    wrong = import_layers([tmp_path], encodings={"人口": "gb18030"})
    assert "table_without_places" in keys(wrong.problems)
    decided = Decisions((LayerDecision("人口*", encoding="gb18030"),))
    assert "table_without_places" in keys(import_layers([tmp_path], decisions=decided).problems)


@pytest.mark.parametrize(
    "text",
    [
        "建筑编号,常住人口\n7,10\n7,20\n",  # two rows for one house
        "建筑编号,常住人口\n70,10\n80,20\n",  # of other houses
        "序号,常住人口\n7,10\n8,20\n",  # numbers of rows
    ],
)
def test_people_that_nothing_joins_need_a_person(tmp_path, text):
    project = register_of_people(tmp_path, text)
    [told] = [p for p in project.problems if p.key == "table_without_places"]
    assert (told.source, told.severity) == ("人口表.csv", Severity.ERROR)
    assert not project.layers["buildings"]["residents"].isin([10, 20]).any()


def test_a_table_that_says_nothing_of_the_district_is_only_named(tmp_path):
    project = register_of_people(tmp_path, "填表人,电话\n张三,123\n李四,456\n")
    [told] = [p for p in project.problems if p.key == "table_without_places"]
    assert told.severity is Severity.INFO


def test_a_table_alone_is_refused_as_before(tmp_path):
    (tmp_path / "人口表.csv").write_text("楼号,常住人口\n7,10\n8,9\n", encoding="utf-8")
    with pytest.raises(LayerError) as caught:
        import_layers([tmp_path / "人口表.csv"])
    assert caught.value.problem.key == "table_without_places"
