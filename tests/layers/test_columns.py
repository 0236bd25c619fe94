"""Layers and columns are understood by what they are called."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from layers.files.foreign import ForeignLayer
from layers.understanding.guessing import guess_columns, guess_role
from layers.vocabulary.columns import candidates

POLYGON, LINE, POINT = box(0, 0, 1, 1), LineString([(0, 0), (1, 1)]), Point(0, 0)


def role_of(given, chosen=None):
    return guess_role(given, chosen).value


def columns_of(role, names, chosen=None):
    """Return what empty columns of these names are taken for."""
    guesses, _ = guess_columns(role, pd.DataFrame(columns=names), chosen)
    return {column: guess.value for column, guess in guesses.items()}


def layer(name, geometry, *columns, folder="data"):
    frame = gpd.GeoDataFrame({column: ["x"] for column in columns}, geometry=[geometry])
    return ForeignLayer(Path(folder) / f"{name}.shp", name, frame, 1)


@pytest.mark.parametrize(
    ("name", "geometry", "columns", "role"),
    [
        ("建筑", POLYGON, (), "buildings"),
        ("2023年居民楼", POLYGON, (), "buildings"),
        ("路", LINE, (), "streets"),
        ("公交线路", LINE, (), ""),
        ("管路", LINE, (), ""),
        ("jz", POLYGON, (), "buildings"),
        ("幸福社区建筑", POLYGON, (), "buildings"),
        ("幸福社区边界", POLYGON, (), "communities"),
        ("建筑周边绿地", POLYGON, (), "green"),
        ("community_buildings_2020", POLYGON, (), "buildings"),
        ("layer1", POLYGON, ("层数",), "buildings"),
        ("suzhou", POLYGON, ("Floor", "height"), "buildings"),
        ("道路中心线", LINE, (), "streets"),
        ("roads", LINE, ("highway", "name"), "streets"),
        ("线", LINE, ("道路等级",), "streets"),
        ("社区边界", POLYGON, (), "communities"),
        ("公服设施", POINT, ("名称",), "services"),
        ("poi", POINT, ("amenity",), "services"),
        ("单元门", POINT, (), "entrances"),
        ("围墙", LINE, (), "barriers"),
        ("水系", POLYGON, (), "water"),
        ("研究范围", POLYGON, (), "boundary"),
        ("行道树", POINT, (), "trees"),
        ("layer1", POLYGON, ("a", "b"), ""),
        ("boundaries", LINE, ("kind", "id"), ""),  # a line cannot be a district's boundary
    ],
)
def test_a_layers_role(name, geometry, columns, role):
    assert role_of(layer(name, geometry, *columns)) == role


def test_our_own_carriageways_stay_carriageways():
    own = ("id", "name", "road_class", "width_m")
    assert role_of(layer("roads", LINE, *own)) == "roads"


def test_the_users_word_overrides():
    given = layer("建筑", POLYGON, "层数")
    assert role_of(given, {"建筑": "green"}) == "green"
    assert role_of(given, {"建筑.shp": "ignore"}) == "ignore"


def test_columns_in_chinese_pinyin_and_english():
    assert columns_of("buildings", ["楼名", "层数", "建筑高度", "户数", "常住人口", "电梯"]) == {
        "name": "楼名",
        "storeys": "层数",
        "height_m": "建筑高度",
        "dwellings": "户数",
        "residents": "常住人口",
        "has_lift": "电梯",
    }
    assert columns_of("buildings", ["MC", "CS", "JZGD", "HS"]) == {
        "name": "MC",
        "storeys": "CS",
        "height_m": "JZGD",
        "dwellings": "HS",
    }
    osm = columns_of("buildings", ["building", "building:levels", "addr:housenumber", "height"])
    assert osm["storeys"] == "building:levels"
    assert osm["use"] == "building"


def test_names_cut_to_ten_letters_are_known():
    cut = columns_of("services", ["types", "floor_area", "building_i"])
    assert cut["floor_area_m2"] == "floor_area"
    assert cut["building_id"] == "building_i"


def test_schema_names_win_over_synonyms():
    assert columns_of("buildings", ["floors", "storeys"])["storeys"] == "storeys"


def test_a_chosen_column_overrides_and_an_empty_choice_leaves_out():
    names = ["层数", "总高", "name"]
    chosen = columns_of("buildings", names, {"height_m": "总高", "name": ""})
    assert chosen == {"storeys": "层数", "height_m": "总高"}


@pytest.mark.parametrize(
    ("whole", "column"),
    [
        ("地上建筑层数", "storeys"),
        ("常住人口总数", "residents"),
        ("建筑使用性质", "use"),
        ("建筑高度", "height_m"),
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_names_cut_at_ten_bytes_are_known(whole, column, codec):
    """Five Chinese letters in GBK, three in UTF-8, a letter cut in two left out."""
    cut = whole.encode(codec)[:10].decode(codec, "ignore")
    assert candidates("buildings", [cut])[column] == (cut,)


def test_what_is_left_of_two_different_names_fills_nothing():
    # 建筑总 is left of 建筑总层数 (storeys) and of 建筑总高 (height).
    assert "storeys" not in candidates("buildings", ["建筑总"])
    assert "height_m" not in candidates("buildings", ["建筑总"])
