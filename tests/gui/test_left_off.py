"""A project opens as it was left: its scenario in hand, its requirement opened."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.files import PROJECT_SUFFIX
from gui.settings import Left, Settings
from tests.gui.conftest import click, close, wait_for_figures
from tests.gui.test_menus import place_one
from twin.projects.project import open_project, save_project
from twin.projects.session import BASE

Control = Qt.KeyboardModifier.ControlModifier


def saved(qtbot, window, path) -> None:
    window.filing.save_to(path)
    qtbot.waitUntil(lambda: not window.document.dirty and not window.jobs.slots, timeout=30_000)


def left_on(qtbot, window, path) -> str:
    """Edit, open a requirement, save and leave; return the scenario that was in hand."""
    place_one(window)
    wait_for_figures(qtbot, window)
    click(window.score._rows._rows[1])
    assert window.state.seen.requirement
    saved(qtbot, window, path)
    scenario = str(window.document.session.scenario)
    assert scenario != BASE
    return scenario


def test_a_project_opens_on_the_scenario_and_requirement_that_were_in_hand(
    qtbot, window, open_window, tmp_path
):
    path = tmp_path / f"mine{PROJECT_SUFFIX}"
    scenario = left_on(qtbot, window, path)
    opened = window.state.seen.requirement
    close(window)
    again = open_window()
    wait_for_figures(qtbot, again)
    assert again.document.session.scenario == scenario
    assert again.header._scenario.currentData() == scenario
    assert not again.document.dirty
    assert again.state.seen.requirement == opened
    assert again.state.seen.colour_by.what == "walk"
    assert again.document.assessment.asked is again.document.session.district
    assert again.document.base_assessment.asked is again.document.session.base
    assert again.stage.shown_district is again.document.session.district
    QTest.keyClick(again, Qt.Key.Key_Tab, Control)  # the next one: round to the base
    assert again.document.session.scenario == BASE
    wait_for_figures(qtbot, again)
    close(again)
    third = open_window()
    wait_for_figures(qtbot, third)
    assert third.document.session.scenario == BASE  # which was in hand then


def test_a_scenario_that_is_gone_leads_to_the_base_without_a_word(
    qtbot, window, open_window, tmp_path
):
    path = tmp_path / f"mine{PROJECT_SUFFIX}"
    left_on(qtbot, window, path)
    close(window)
    project = open_project(path)
    save_project(path, replace(project, scenarios=()))
    again = open_window()
    wait_for_figures(qtbot, again)
    assert again.document.session.scenario == BASE
    assert not again.stage.messages.shown


def test_another_project_that_is_opened_comes_back_to_where_it_was(qtbot, window, tmp_path):
    path = tmp_path / f"mine{PROJECT_SUFFIX}"
    scenario = left_on(qtbot, window, path)
    window.actions_.by_name["sample"].trigger()
    qtbot.waitUntil(lambda: window.document.project.path is None, timeout=30_000)
    wait_for_figures(qtbot, window)
    assert window.document.session.scenario == BASE
    window.filing.open_paths([path])
    qtbot.waitUntil(lambda: window.document.project.path == path, timeout=60_000)
    assert window.document.session.scenario == scenario
    wait_for_figures(qtbot, window)


def test_only_the_last_projects_are_remembered_and_forgetting_them_forgets_all(home, tmp_path):
    settings = Settings()
    paths = [tmp_path / f"{number}{PROJECT_SUFFIX}" for number in range(12)]
    for path in paths:
        settings.leave(path, Left("Plan 1", "canteen"))
    assert Settings().left_in(paths[-1]) == Left("Plan 1", "canteen")
    assert Settings().left_in(paths[0]) == Left()
    settings.forget_recent()
    assert Settings().left_in(paths[-1]) == Left()
    settings._store.setValue("left", '{"a": 3')
    assert settings.left_in(paths[-1]) == Left()
