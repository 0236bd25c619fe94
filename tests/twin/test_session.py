import pytest
import shapely
from pyproj import CRS

from twin.model.district import District
from twin.model.edits import EditError, MoveService, PlaceService, RemoveService
from twin.model.tables import Table
from twin.projects.session import BASE, Change, ScenarioError, Session

PLACE = PlaceService(7, ("canteen",), 0.0, 0.0)


@pytest.fixture
def session() -> Session:
    services = Table("services", [3], [shapely.Point(5, 5)], {"types": ["nursery"]})
    return Session(District("Test", CRS(4547), services=services))


def test_the_first_edit_of_the_base_makes_a_scenario(session: Session):
    session.do("place", PLACE)
    assert session.scenario != BASE
    assert len(session.district.services) == 2
    assert session.district_of(BASE) is session.base
    assert len(session.base.services) == 1


def test_undo_and_redo_give_back_the_very_districts(session: Session):
    first = session.do("place", PLACE)
    second = session.do("move", MoveService(7, 1.0, 1.0))
    session.undo()
    assert session.district is first
    session.undo()
    assert session.district is session.base
    assert not session.can_undo
    session.undo()
    session.redo()
    session.redo()
    assert session.district is second
    assert not session.can_redo
    assert [step.label for step in session.history] == ["place", "move"]


def test_a_new_step_forgets_what_was_undone(session: Session):
    session.do("place", PLACE)
    session.undo()
    session.do("remove", RemoveService(3))
    assert not session.can_redo


def test_a_refused_edit_changes_nothing(session: Session):
    with pytest.raises(EditError):
        session.do("place twice", PLACE, PLACE)
    assert session.scenario == BASE
    assert session.district is session.base
    assert not session.dirty


def test_listeners_hear_what_was_touched(session: Session):
    heard: list[Change] = []
    session.listen(heard.append)
    session.do("place", PLACE)
    session.undo()
    session.unlisten(heard.append)
    session.redo()
    assert [change.touched for change in heard] == [{"services"}, {"services"}]
    assert heard[0].before is session.base


def test_scenarios_keep_their_own_history(session: Session):
    session.do("place", PLACE)
    session.copy_scenario("two")
    session.do("remove", RemoveService(3))
    session.switch("plan 1")
    assert len(session.district.services) == 2
    session.switch("two")
    session.undo()
    assert len(session.district.services) == 2
    session.rename_scenario("two", "drei")
    assert session.scenarios == (BASE, "plan 1", "drei")
    session.remove_scenario("drei")
    assert session.scenario == BASE


@pytest.mark.parametrize(
    ("act", "key"),
    [
        (lambda s: s.copy_scenario(BASE), "scenario_name_taken"),
        (lambda s: s.copy_scenario("Base"), "scenario_name_taken"),
        (lambda s: s.copy_scenario("现状"), "scenario_name_taken"),
        (lambda s: s.copy_scenario(" "), "scenario_without_name"),
        (lambda s: s.rename_scenario(BASE, "x"), "scenario_is_base"),
        (lambda s: s.remove_scenario(BASE), "scenario_is_base"),
    ],
)
def test_the_base_and_names_are_protected(session: Session, act, key: str):
    with pytest.raises(ScenarioError) as refused:
        act(session)
    assert refused.value.key == key


def test_dirty_follows_what_is_saved_and_undone(session: Session):
    assert not session.dirty
    session.do("place", PLACE)
    assert session.dirty
    session.mark_saved()
    session.undo()
    assert session.dirty
    session.redo()
    assert not session.dirty


def test_stored_scenarios_open_with_their_problems(session: Session):
    again = Session(session.base, [("kept", (PLACE, RemoveService(99)))])
    assert again.scenario == BASE
    again.switch("kept")
    assert list(again.district.services.ids) == [3, 7]
    assert [p.key for p in again.problems] == ["edit_target_missing"]
    assert again.edits_of("kept") == (PLACE, RemoveService(99))
