"""The people of another year, worked out by hand."""

import numpy as np
import pytest

from tests.grid.grid import Grid
from tests.twin.districts import district, requirement, standard
from twin.assessment.assess import assess
from twin.language import text
from twin.model.growth import Growth, GrowthError, load_growth, with_growth
from twin.model.horizon import Horizon

SOURCE = {"en": "Made up", "zh": "虚构"}
OLDER = standard(requirement("canteen", 60.0, group="older"))


def town():
    grid = Grid()
    grid.building(1, (10, 10), people={"age_60_79": 10.0, "age_18_59": 30.0}, disabled=4.0)
    grid.building(2, (90, 10), people={"age_80_up": 20.0})
    grid.building(3, (190, 10), people={}, residents=(40.0,))
    grid.rows["buildings"][2] |= dict.fromkeys(
        (name for name in grid.rows["buildings"][0] if name.startswith("age_")), np.nan
    ) | {"residents": 30.0}
    grid.service(1, (40, -10))
    return district(grid)


def test_each_age_band_grows_by_its_own_factor():
    growth = Growth(2035, {"age_60_79": 1.5, "age_80_up": 2.0, "disabled": 1.25}, SOURCE)
    grown = with_growth(town(), growth).buildings
    assert grown["age_60_79"][0] == 15
    assert grown["age_80_up"][1] == 40
    assert grown["age_18_59"][0] == 30
    assert grown["disabled"][0] == 5
    # Bands known: 10 + 30 + 20 = 60 people become 15 + 30 + 40 = 85; who has no bands goes along.
    assert grown["residents"].tolist() == [45, 40, pytest.approx(30 * 85 / 60)]


def test_coverage_counts_the_people_of_that_year():
    # The canteen is 50 m from the first door and 70 m from the second; the limit is 60 m.
    growth = Growth(2035, {"age_60_79": 1.5, "age_80_up": 2.0}, SOURCE)
    here = district_of_known()
    now = assess(here, OLDER).results[0]
    then = assess(here, OLDER, horizon=Horizon(growth=growth))
    assert (now.covered, now.total) == (10, 30)
    assert (then.results[0].covered, then.results[0].total) == (15, 55)
    assert [n.facts for n in then.notes if n.key == "of_a_year"] == [{"year": 2035}]


def district_of_known():
    whole = town()
    return whole.with_table(whole.buildings.without([3]))


def test_communities_grow_too_because_their_shares_stand_for_missing_bands():
    grid = Grid()
    grid.building(1, (10, 10))
    shape = grid.rows["buildings"][0]["geometry"].buffer(500)
    grid.add("communities", shape, residents=20.0, age_18_59=10.0, age_60_79=10.0)
    grown = with_growth(district(grid), Growth(2035, {"age_60_79": 2.0}, SOURCE)).communities
    assert (grown["age_60_79"][0], grown["residents"][0]) == (20, 30)


def test_factors_are_read_from_a_file(tmp_path):
    path = tmp_path / "people.toml"
    path.write_text('year = 2035\nsource = "预测"\n[factors]\nage_80_up = 1.6\n', encoding="utf-8")
    growth = load_growth(path)
    assert (growth.year, growth.factors) == (2035, {"age_80_up": 1.6})
    assert growth.source == {"en": "预测", "zh": "预测"}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("year = ", "growth_unreadable"),
        ('source = "x"\n[factors]\n', "growth_field"),
        ('year = 2035\nsource = "x"\n[factors]\nage_200 = 2\n', "growth_column"),
        ('year = 2035\nsource = "x"\n[factors]\nage_80_up = -1\n', "growth_factor"),
        ('year = 2035\nsource = "x"\n[factors]\nage_80_up = "two"\n', "growth_factor"),
    ],
)
def test_a_file_that_says_something_else_is_refused(tmp_path, written, key):
    path = tmp_path / "people.toml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(GrowthError) as caught:
        load_growth(path)
    assert caught.value.key == key


def test_why_a_file_cannot_be_read_is_said_in_the_language_of_the_reader(tmp_path):
    with pytest.raises(GrowthError) as caught:
        load_growth(tmp_path / "people.toml")
    words = text(f"error.{caught.value.key}", "zh", **caught.value.facts)
    assert words == "无法将 people.toml 作为人口变化系数读取：没有这样的文件或文件夹"
