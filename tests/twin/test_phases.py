"""A scenario that is built in phases, looked at in the year of each."""

import pytest
import shapely
from pyproj import CRS

from twin.model.district import District
from twin.model.edits import ChangeService, EditError, MoveService, PlaceService, apply_edits
from twin.model.growth import Growth
from twin.model.horizon import NOW, Horizon, HorizonError
from twin.model.hours import When
from twin.model.phases import holding, phase_years
from twin.model.tables import Table
from twin.projects.session import BASE, Session
from twin.telling.horizon_words import horizon_values, horizon_words

NOW_BUILT = PlaceService(7, ("canteen",), 0.0, 0.0)
LATER = PlaceService(8, ("nursery",), 10.0, 0.0, year=2030)
MOVED = MoveService(8, 20.0, 0.0)
"""Said without a year, of what stands from 2030 on."""


@pytest.fixture
def session() -> Session:
    services = Table("services", [3], [shapely.Point(5, 5)], {"types": ["nursery"]})
    made = Session(District("Test", CRS(4547), services=services))
    made.do("place", NOW_BUILT)
    made.do("place", LATER)
    made.do("move", MOVED)
    return made


def ids(session: Session) -> list[int]:
    return session.district.services.ids.tolist()


def test_an_edit_waits_for_its_year_and_for_what_it_changes():
    edits = NOW_BUILT, LATER, MOVED, MoveService(7, 1.0, 1.0, year=2040)
    assert holding(edits, None) == (True, True, True, True)
    assert holding(edits, 2029) == (True, False, False, False)
    assert holding(edits, 2030) == (True, True, True, False)
    assert phase_years(edits) == (2030, 2040)


def test_what_changes_a_service_of_a_later_phase_is_no_lost_edit(session: Session):
    built, problems = apply_edits(session.base, (LATER, MOVED), until=2029)
    assert problems == ()
    assert built.services.ids.tolist() == [3]


def test_a_phase_shows_what_stands_then_and_leaving_it_all_again(session: Session):
    whole, told = session.district, []
    session.listen(told.append)
    session.look_at(2029)
    assert ids(session) == [3, 7]
    assert session.standing_edits == (NOW_BUILT,)
    assert session.edits_of(session.scenario) == (NOW_BUILT, LATER, MOVED)
    assert told[-1].touched == {"services"}
    session.look_at(2030)
    assert ids(session) == [3, 7, 8]
    session.look_at(None)
    assert session.district.services.frame().equals(whole.services.frame())
    assert not session.problems


def test_steps_are_undone_and_done_again_within_a_phase(session: Session):
    session.undo()  # the move
    session.undo()  # the later nursery
    session.look_at(2029)
    session.redo()
    assert ids(session) == [3, 7]
    session.look_at(None)
    assert ids(session) == [3, 7, 8]
    session.redo()
    assert session.district.services.geometry[-1].x == 20.0


def test_looking_at_a_phase_is_nothing_to_save_and_nothing_is_edited_there(session: Session):
    session.mark_saved()
    session.look_at(2029)
    assert not session.dirty
    with pytest.raises(EditError) as refused:
        session.do("change", ChangeService(7, {"capacity": 9.0}))
    assert (refused.value.key, refused.value.facts) == ("edit_in_phase", {"year": 2029})
    session.switch(BASE)
    assert ids(session) == [3]


def test_a_phase_that_leaves_nothing_out_takes_edits_but_none_of_a_later_year(session: Session):
    session.look_at(2030)
    with pytest.raises(EditError):
        session.do("change", ChangeService(7, {"capacity": 9.0}, year=2031))
    session.do("change", ChangeService(7, {"capacity": 9.0}))
    assert session.district.services["capacity"][session.district.services.row_of(7)] == 9.0


def test_people_of_one_year_and_phases_of_another_are_refused():
    people = Growth(2028, {"age_80_up": 1.8}, {"en": "Plan", "zh": "规划"})
    assert Horizon(growth=people, phase=2028).phase == 2028
    with pytest.raises(HorizonError) as refused:
        Horizon(growth=people, phase=2030)
    assert refused.value.facts == {"phase": "2030", "people": "2028"}


def test_scenarios_without_years_keep_their_very_districts(session: Session):
    session.switch(BASE)
    session.do("place", NOW_BUILT)
    district = session.district
    session.look_at(2029)
    assert session.district is district


def test_a_horizon_says_in_both_languages_what_is_not_as_it_is_today():
    assert horizon_words(NOW, "en") == horizon_words(NOW, "zh_CN") == ""
    evening = Horizon(frozenset({"open", "planned"}), When(6, 21 * 60 + 5), None, 2030)
    assert horizon_words(evening, "en") == (
        "Sunday 21:05 · planned services open · phases until 2030"
    )
    assert horizon_words(evening, "zh_CN") == "周日 21:05 · 规划设施按已开放计 · 分期至 2030 年"
    assert horizon_values(evening) == {
        "statuses": ["open", "planned"],
        "when": "Su 21:05",
        "year": None,
        "phase": 2030,
        "people_from": "now",
    }
    assert horizon_words(Horizon(frozenset({"planned"})), "en") == "services counted: planned"
