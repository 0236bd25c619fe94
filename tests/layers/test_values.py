"""What cells of foreign tables mean."""

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import twin
from layers.schema import ROLES
from layers.vocabulary.values import service_types, texts, understand


def column(role, name):
    return ROLES[role].column(name)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("6", 6.0),
        ("12层", 12.0),
        ("地上18层", 18.0),
        ("约 18.5 m", 18.5),
        ("１２", 12.0),  # full-width digits
        ("1,234", 1234.0),
        ("10,5", 10.5),
        (" -3 ", -3.0),
    ],
)
def test_the_first_number_in_text_counts(said, meant):
    values, odd = understand(column("buildings", "storeys"), pd.Series([said]))
    assert values.tolist() == [meant]
    assert not odd.any()


def test_words_for_nothing_are_unknown_and_other_words_are_reported():
    said = pd.Series(["", None, "无", "未知", "-", "六层"])
    values, odd = understand(column("buildings", "storeys"), said)
    assert np.isnan(values).all()
    assert odd.tolist() == [False, False, False, False, False, True]


def test_infinity_is_no_number():
    values, odd = understand(column("buildings", "height_m"), pd.Series([np.inf, 3.0]))
    assert np.isnan(values[0])
    assert odd.tolist() == [True, False]


def test_a_date_of_completion_is_its_year():
    dates = pd.Series(pd.to_datetime(["1987-05-01", None]))
    values, _ = understand(column("buildings", "built_year"), dates)
    assert values[0] == 1987
    assert np.isnan(values[1])


def test_yes_and_no_in_both_languages():
    said = pd.Series(["是", "有", "yes", "TRUE", "1", "否", "无", "no", "0", "", None, "也许"])
    values, odd = understand(column("buildings", "has_lift"), said)
    assert values.tolist() == [True] * 5 + [False] * 7
    assert odd.tolist() == [False] * 11 + [True]


def test_numbers_as_flags():
    values, _ = understand(column("buildings", "has_lift"), pd.Series([1, 0, 2, np.nan]))
    assert values.tolist() == [True, False, True, False]


def test_uses_are_understood_in_chinese_and_openstreetmap():
    said = pd.Series(["住宅", "商住楼", "apartments", "Office", "厂房", "yes", "", "堡垒"])
    values, odd = understand(column("buildings", "use"), said)
    meant = ["residential", "mixed", "residential", "office", "industrial"]
    assert values.tolist()[:5] == meant
    assert values.tolist()[5:] == ["residential"] * 3  # the default of what is not known
    assert odd.tolist() == [False] * 7 + [True]


def test_kerbs_are_understood_by_height_and_by_whether_there_is_a_kerb_ramp():
    said = pd.Series(["raised", "有", "无", "三面坡", "no", "yes", "", "齐平", "花岗岩"])
    values, odd = understand(column("streets", "kerb"), said)
    meant = ["raised", "lowered", "raised", "lowered", "flush", "", "", "flush", ""]
    assert values.tolist() == meant
    assert odd.tolist() == [False] * 8 + [True]


def test_service_types_are_listed_by_id():
    said = pd.Series(["社区食堂", "幼儿园、药店", "canteen,park", "a_new_type", "火箭发射场", None])
    values, odd = understand(column("services", "types"), said)
    assert values.tolist() == [
        "canteen",
        "kindergarten,pharmacy",
        "canteen,park",
        "a_new_type",
        "",
        "",
    ]
    assert odd.tolist() == [False, False, False, False, True, False]


def test_whole_numbers_become_text_without_a_point():
    assert texts(pd.Series([12.0, 3.5, np.nan])).tolist() == ["12", "3.5", ""]


def test_large_identifiers_keep_every_digit():
    big = 2**60 + 1
    values, _ = understand(column("entrances", "building_id"), pd.Series([big, 7]))
    assert values.tolist() == [big, 7]
    values, odd = understand(column("entrances", "building_id"), pd.Series(["12", "A-7", None]))
    assert values.tolist() == [12, -1, -1]
    assert odd.tolist() == [False, True, False]


def test_every_service_type_is_understood_by_its_own_names():
    catalogue = Path(twin.__file__).parent / "data" / "service_types.toml"
    for type_id, record in tomllib.loads(catalogue.read_text("utf-8"))["types"].items():
        for name in record["name"].values():
            said, _ = service_types(pd.Series([name]), coded=False)
            assert said.tolist() == [type_id]
