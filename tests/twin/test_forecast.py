"""The people of a year that the data states, worked out by hand."""

import numpy as np
import pytest
import shapely

from tests.grid.grid import Grid
from tests.twin.districts import district, requirement, standard
from twin.assessment.assess import assess
from twin.language import LANGUAGES, set_language
from twin.model.edits import ChangeCommunity, DrawCommunity, apply_edit
from twin.model.forecast import Forecast, forecast_of, with_forecast, years_stated
from twin.model.growth import Growth
from twin.model.horizon import Horizon, HorizonError
from twin.telling.findings import sentence
from twin.telling.horizon_words import horizon_values, horizon_words
from twin.telling.scores import scores

OLDER = standard(requirement("canteen", 60.0, group="older"))
WEST, EAST = shapely.box(-50, -50, 150, 150), shapely.box(150, -50, 400, 150)


def town(**columns):
    """Two homes in the west (30 and 10 people), one in the east (20), one in no community (5)."""
    grid = Grid()
    grid.building(1, (10, 10), people={"age_60_79": 10.0, "age_18_59": 20.0}, disabled=3.0)
    grid.building(2, (90, 10), people={"age_80_up": 10.0})
    grid.building(3, (190, 10), people={"age_18_59": 20.0})
    grid.building(4, (10, 390), people={"age_18_59": 5.0})
    for row, own in zip(grid.rows["buildings"], columns.pop("buildings", ()), strict=False):
        row.update(own)
    grid.add("communities", WEST, name="West", **columns.pop("west", {}))
    grid.add("communities", EAST, name="East", **columns.pop("east", {}))
    grid.service(1, (40, -10))
    return district(grid)


def residents(grown):
    return grown.buildings["residents"].tolist()


def notes_of(assessment):
    for language in LANGUAGES:
        set_language(language)
        assert all(sentence(note) for note in assessment.notes)
    set_language("en")
    return {note.key: dict(note.facts) for note in assessment.notes}


def test_the_homes_of_a_community_change_as_its_own_numbers_do():
    # West says 44 now and 66 in 2035: half as many again, of everybody in its homes.
    stated = town(west={"residents": 44.0, "residents_2035": 66.0})
    assert years_stated(stated) == (2035,)
    assert forecast_of(stated, 2035) == Forecast(2035)
    grown = with_forecast(stated, Forecast(2035))
    assert residents(grown) == [45, 15, 20, 5]
    assert grown.buildings["age_60_79"].tolist() == [15, 0, 0, 0]
    assert grown.buildings["age_80_up"][1] == 15
    assert grown.buildings["disabled"][0] == 4.5
    assert grown.communities["residents"][0] == 66


def test_a_community_that_states_no_people_of_today_changes_from_those_of_its_homes():
    grown = with_forecast(town(west={"residents_2035": 80.0}), Forecast(2035))
    assert residents(grown) == [60, 20, 20, 5]


def test_what_a_building_states_itself_goes_before_its_community():
    stated = town(
        west={"residents": 40.0, "residents_2035": 80.0}, buildings=[{"residents_2035": 15}]
    )
    grown = with_forecast(stated, Forecast(2035))
    assert residents(grown) == [15, 20, 20, 5]
    assert (grown.buildings["age_60_79"][0], grown.buildings["age_18_59"][0]) == (5, 10)


def test_people_of_a_home_that_is_empty_today_have_the_ages_of_their_community():
    # Nobody lives in building 2 now, 16 will; of the others of its community 10 in 30 are older.
    empty = dict.fromkeys(["age_80_up", "residents"], 0.0) | {"residents_2035": 16.0}
    stated = town(buildings=[{}, empty, {}, {}])
    result = assess(stated, OLDER, horizon=Horizon(growth=Forecast(2035))).results[0]
    assert result.total == pytest.approx(10 + 16 * 10 / 30)


def test_a_year_between_two_that_are_stated_is_an_estimate_and_marked_so():
    # West: 60 in 2030, 100 in 2040, so 72 in 2033; East says 2040 alone, and nothing for 2033.
    stated = town(
        west={"residents": 40.0, "residents_2030": 60.0, "residents_2040": 100.0},
        east={"residents": 20.0, "residents_2040": 40.0},
    )
    assert years_stated(stated) == (2030, 2040)
    forecast = forecast_of(stated, 2033)
    assert forecast == Forecast(2033, estimated=True)
    grown = with_forecast(stated, forecast)
    assert residents(grown) == pytest.approx([54, 18, 20, 5])
    assert grown.buildings["estimated"].tolist() == ["residents", "residents", "", ""]
    found = assess(stated, OLDER, horizon=Horizon(growth=forecast, phase=2033))
    assert found.results[0].estimated_share == 1.0
    notes = notes_of(found)
    assert notes["of_a_year_between"] == {"year": 2033, "people": 72}
    assert notes["of_a_year_unstated"] == {"count": 2, "people": 25, "year": 2033}
    assert (forecast_of(stated, 2029), forecast_of(stated, 2041)) == (None, None)
    assert residents(with_forecast(stated, Forecast(2040))) == [75, 25, 40, 5]


def test_coverage_counts_the_people_of_that_year_and_says_whence():
    # The canteen is 50 m from the first door and 70 m from the second; the limit is 60 m.
    stated = town(buildings=[{"residents_2035": 60.0}, {"residents_2035": 30.0}])
    now = assess(stated, OLDER).results[0]
    then = assess(stated, OLDER, horizon=Horizon(growth=Forecast(2035), phase=2035))
    assert (now.covered, now.total) == (10, 20)
    assert (then.results[0].covered, then.results[0].total) == (20, 50)
    assert notes_of(then)["of_a_year_stated"] == {"year": 2035, "people": 90}
    values = scores(then, "base")
    assert (values["year"], values["phase"], values["people_from"]) == (2035, 2035, "data")


def test_people_of_whom_nothing_tells_where_they_will_live_are_told():
    field = shapely.box(150, 150, 400, 400)
    stated = apply_edit(town(), DrawCommunity(9, tuple(map(tuple, field.exterior.coords))))
    stated = apply_edit(stated, ChangeCommunity(9, {"residents_2035": 700.0}))
    assert years_stated(stated) == (2035,)
    found = assess(stated, OLDER, horizon=Horizon(growth=Forecast(2035)))
    assert notes_of(found)["of_a_year_unplaced"] == {"count": 1, "people": 700, "year": 2035}
    assert found.results[0].total == 20


def test_a_phase_of_which_the_data_says_nothing_counts_todays_people_and_says_so():
    stated = town(west={"residents_2035": 80.0})
    notes = notes_of(assess(stated, OLDER, horizon=Horizon(phase=2050)))
    assert notes["people_of_today"] == {"year": 2050, "years": "2035"}
    assert "people_of_today_chosen" in notes_of(assess(stated, OLDER, horizon=Horizon(phase=2035)))
    silent = notes_of(assess(town(), OLDER, horizon=Horizon(phase=2035)))
    assert not {"people_of_today", "people_of_today_chosen"} & set(silent)


def test_whence_the_people_come_stands_in_every_title():
    data, between = (Horizon(growth=Forecast(2033, one), phase=2033) for one in (False, True))
    factors = Horizon(growth=Growth(2033, {}, {"en": "x", "zh": "x"}), phase=2033)
    assert horizon_words(data, "en") == (
        "phases until 2033 · people of 2033, as the data states them"
    )
    assert "2033 年人口（取自数据）" in horizon_words(data, "zh_CN")
    assert "estimated between years of the data" in horizon_words(between, "en")
    assert "内插估算" in horizon_words(between, "zh_CN")
    assert horizon_words(factors, "en").endswith("people of 2033")
    froms = [horizon_values(one)["people_from"] for one in (Horizon(), data, between, factors)]
    assert froms == ["now", "data", "between", "factors"]
    with pytest.raises(HorizonError):
        Horizon(growth=Forecast(2035), phase=2030)


def test_numbers_of_another_year_change_nothing_today():
    stated, plain = town(west={"residents_2035": 80.0}), town()
    assert scores(assess(stated, OLDER), "a") == scores(assess(plain, OLDER), "a")
    assert np.isnan(stated.communities["residents_2035"][1])
