"""Roles and columns are understood from names and values, each with a confidence."""

from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import LineString, Point, box

from layers.files.foreign import ForeignLayer
from layers.importing.from_files import import_layers
from layers.project import read_project, write_project
from layers.understanding.guessing import guess_columns, guess_role
from tests.layers.conftest import X, Y, frame, square

POLYGON, LINE, POINT = box(0, 0, 1, 1), LineString([(0, 0), (1, 1)]), Point(0, 0)


def layer(name, geometry, **columns):
    count = max([len(values) for values in columns.values()], default=1)
    made = gpd.GeoDataFrame(columns, geometry=[geometry] * count)
    return ForeignLayer(Path("data") / f"{name}.shp", name, made, count)


@pytest.mark.parametrize(
    ("name", "geometry", "columns", "role"),
    [
        ("图层1", POINT, {"f1": ["社区食堂", "幼儿园", "药店"]}, "services"),
        ("图层1", POINT, {"f1": ["灌木", "乔木", "灌木"]}, ""),
        ("export_3", LINE, {"a": ["主干路", "支路", "支路"]}, "streets"),
        ("export_3", LINE, {"a": ["甲", "乙", "丙"]}, ""),
        ("图层1", POLYGON, {"a": ["住宅", "商业"], "b": ["6层", "18层"]}, "buildings"),
        ("zrz", POLYGON, {"ZCS": [6]}, "buildings"),
        ("RESA", POLYGON, {}, "buildings"),
        ("LRDL", LINE, {}, "streets"),
        ("HYDA", POLYGON, {}, "water"),
        ("sqbj", POLYGON, {"SQMC": ["幸福社区"]}, "communities"),
    ],
)
def test_a_role_is_told_from_names_and_from_words_in_the_cells(name, geometry, columns, role):
    assert guess_role(layer(name, geometry, **columns)).value == role


def test_the_more_speaks_for_a_role_the_surer_it_is():
    bare = guess_role(layer("图层1", POLYGON, 层数=[6]))
    named = guess_role(layer("建筑", POLYGON, 层数=[6], 建筑高度=[18.0]))
    stated = guess_role(layer("x", POLYGON), {"x": "green"})
    assert 0 < bare.confidence < named.confidence < stated.confidence == 1
    assert stated.ground == "chosen"


def test_a_name_is_believed_as_far_as_its_values_fit():
    """DT may be 电梯 (lift) or 地铁 or a date; LC storeys or a river's length."""
    lifts, doubted = guess_columns("buildings", frame([square(0, 0)] * 2, DT=["有", "无"]))
    assert lifts["has_lift"].value == "DT"
    dates, doubted = guess_columns(
        "buildings", frame([square(0, 0)] * 2, DT=["2021-03-04", "2022-01-01"])
    )
    assert "has_lift" not in dates
    assert doubted == {"has_lift": "DT"}
    lengths, doubted = guess_columns("buildings", frame([square(0, 0)] * 2, LC=[1531.2, 2210.0]))
    assert "storeys" not in lengths
    half, _ = guess_columns("buildings", frame([square(0, 0)] * 2, 层数=[6, 900]))
    whole, _ = guess_columns("buildings", frame([square(0, 0)] * 2, 层数=[6, 9]))
    assert half["storeys"].confidence < whole["storeys"].confidence


def test_of_two_telling_columns_the_one_that_says_more_is_taken():
    places = frame([Point(X, Y)] * 3, 类型=["", "", "药店"], 设施类型=["食堂", "药店", "公厕"])
    guesses, _ = guess_columns("services", places)
    assert guesses["types"].value == "设施类型"


def test_a_column_without_a_telling_name_is_known_by_its_words():
    houses = frame([square(0, 0)] * 2, F1=["住宅", "商业"], F2=["6层", "11层"], F3=["甲", "乙"])
    guesses, _ = guess_columns("buildings", houses)
    assert {column: g.value for column, g in guesses.items()} == {"use": "F1", "storeys": "F2"}
    assert all(0 < guess.confidence < 0.8 for guess in guesses.values())


def test_registers_and_pinyin_cut_to_ten_bytes_are_understood():
    """Columns of a real-estate register and of a census table, as shapefiles carry them."""
    register = frame(
        [square(0, 0)], ZRZH=["F01"], ZCS=[6], JZWGD=[18.1], ZTS=[24], JGRQ=["1998"], YT=["住宅"]
    )
    guesses, _ = guess_columns("buildings", register.assign(CZRK=[60], SFYDT=["否"]))
    assert {column: guess.value for column, guess in guesses.items()} == {
        "id": "ZRZH",
        "use": "YT",
        "storeys": "ZCS",
        "height_m": "JZWGD",
        "has_lift": "SFYDT",
        "built_year": "JGRQ",
        "dwellings": "ZTS",
        "residents": "CZRK",
    }


def test_what_was_not_believed_is_told_and_confidence_goes_into_the_ledger(tmp_path, keys):
    houses = frame([square(0, 0), square(50, 0)], 层数=[6, 7], DT=["2021-03-04", "2022-01-01"])
    houses.to_file(tmp_path / "建筑.gpkg", layer="建筑")
    project = import_layers([tmp_path / "建筑.gpkg"])
    [doubt] = [p for p in project.problems if p.key == "column_not_believed"]
    assert doubt.facts["found"] == "DT"
    assert keys([doubt])
    [source] = project.sources
    assert 0.5 < source.role_confidence < 1
    assert 0.5 < source.confidence["storeys"] < 1
    assert not project.layers["buildings"]["has_lift"].any()


def test_the_number_of_a_doors_building_is_not_the_doors_own():
    doors = frame([Point(X, Y)] * 2, 楼栋编号=[7, 7])
    guesses, _ = guess_columns("entrances", doors)
    assert {column: guess.value for column, guess in guesses.items()} == {"building_id": "楼栋编号"}


def test_houses_with_people_are_no_communities():
    """常住人口 stands in both; a community is larger than a house."""
    small = ForeignLayer(Path("a.shp"), "图层1", frame([square(0, 0)], 常住人口=[30]), 1)
    large = ForeignLayer(Path("a.shp"), "图层1", frame([square(0, 0, 400)], 社区名称=["幸福"]), 1)
    degrees = ForeignLayer(Path("a.shp"), "图层1", small.frame.to_crs(4326), 1)
    assert [guess_role(one).value for one in (small, degrees, large)] == [
        "buildings",
        "buildings",
        "communities",
    ]


def test_older_people_counted_as_one_are_parted(tmp_path, keys):
    """100 of 60 and more: exact where those of 80 and more are counted, else as in the census."""
    houses = frame([square(0, 0), square(50, 0)], 层数=[6, 6], 常住人口=[300, 300])
    both = houses.assign(**{"老年人口": [100, 50], "80岁以上": [20, 60]})
    both.to_file(tmp_path / "建筑.gpkg", layer="建筑")
    exact = import_layers([tmp_path / "建筑.gpkg"])
    made = exact.layers["buildings"]
    assert made["age_60_79"][0] == 80
    assert made["age_80_up"].tolist() == [20, 60]
    assert "older_parted" in keys(exact.problems)
    houses.assign(老年人口=[100, 0]).to_file(tmp_path / "楼栋.gpkg", layer="楼栋")
    guessed = import_layers([tmp_path / "楼栋.gpkg"])
    made = guessed.layers["buildings"]
    # China 2020: 35.80 of the 264.02 million of 60 and more were 80 and more.
    assert made["age_80_up"][0] == pytest.approx(100 * 35.80 / 264.02, abs=0.1)
    assert made["age_60_79"][0] + made["age_80_up"][0] == pytest.approx(100)
    assert "age_60_79" in made["estimated"][0]
    assert "older_estimated" in keys(guessed.problems)


def test_columns_of_which_nothing_is_used_are_named(tmp_path, keys):
    shapes = [box(100 * n, 0, 100 * n + 20, 10) for n in range(3)]
    houses = gpd.GeoDataFrame(
        {
            "层数": [6, 7, 8],
            "外墙颜色": ["红", "白", "灰"],
            "空": [""] * 3,
            "Shape_Area": [1.0] * 3,
        },
        geometry=shapes,
        crs=4547,
    ).assign(老年人口=[3, 4, 5])
    houses.to_file(tmp_path / "建筑.gpkg")
    project = import_layers([tmp_path / "建筑.gpkg"])
    [told] = [p for p in project.problems if p.key == "columns_not_used"]
    assert (told.facts["columns"], told.facts["count"]) == ("外墙颜色", 1)
    assert project.sources[0].unused == ("外墙颜色",)
    keys([told])
    write_project(tmp_path / "p.twin.gpkg", project)
    assert read_project(tmp_path / "p.twin.gpkg").sources == project.sources
