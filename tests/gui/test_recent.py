"""A project whose drive is away for a moment is kept in the list, and there is a way to it."""

from __future__ import annotations

import threading

import pytest

from gui import recent, whereabouts
from gui.dialogs.recent import RecentProjects
from gui.settings import Settings
from tests.gui.conftest import PATIENCE_MS, click
from twin.language import text


@pytest.fixture
def stick(qtbot, window, tmp_path):
    """Two projects were saved, the first on a stick that was pulled out since."""
    folder = tmp_path / "usb"
    folder.mkdir()
    save(qtbot, window, folder / "two.twin.gpkg")
    folder.rename(tmp_path / "away")
    save(qtbot, window, tmp_path / "one.twin.gpkg")
    return folder


def save(qtbot, window, path):
    window.filing.save_to(path)
    qtbot.waitUntil(lambda: Settings().last_project == path, timeout=PATIENCE_MS)


def show_list(window) -> RecentProjects:
    window.actions_.by_name["recent_projects"].trigger()
    return window.keeping.dialog


def names(shown) -> list[str]:
    return [shown.list.item(row).text() for row in range(shown.list.count())]


def entries(window) -> list[str]:
    return [action.text() for action in window.actions_.recent.actions()]


def test_a_project_that_is_away_stays_listed_and_is_there_again(qtbot, window, stick):
    shown = show_list(window)
    away = text("recent.away_line", name="two")
    qtbot.waitUntil(lambda: names(shown) == ["one", away], timeout=PATIENCE_MS)
    assert entries(window)[1] == text("recent.away_line", name="two.twin.gpkg")
    click(shown.list.viewport(), shown.list.visualItemRect(shown.list.item(1)).center())
    assert shown.isVisible()  # it stays for a way to be chosen
    assert shown.look_for.isEnabled()
    shown.close()
    # What was asked before the stick was put back is answered, too.
    qtbot.waitUntil(lambda: not window.filing.recent.places._asked, timeout=PATIENCE_MS)
    stick.with_name("away").rename(stick)
    shown = show_list(window)
    qtbot.waitUntil(lambda: names(shown) == ["one", "two"], timeout=PATIENCE_MS)
    shown.list.setCurrentRow(1)
    assert not shown.look_for.isEnabled()
    before = window.document
    click(shown.list.viewport(), shown.list.visualItemRect(shown.list.item(1)).center())
    qtbot.waitUntil(lambda: window.document is not before, timeout=PATIENCE_MS)
    assert window.document.project.path == stick / "two.twin.gpkg"


def test_only_a_person_removes_a_project_from_the_list(qtbot, window, stick):
    shown = show_list(window)
    shown.list.setCurrentRow(1)
    click(shown.remove)
    assert names(shown) == ["one"]
    assert len(entries(window)) == 1
    click(shown._forget_all)
    assert shown._none.isVisible()
    assert "saved yet" not in shown._none.text()
    shown.close()


@pytest.mark.parametrize("way", ["recent.look_for", "recent.remove"])
def test_a_menu_entry_that_is_away_leads_out(qtbot, window, stick, monkeypatch, way):
    window.actions_.recent.actions()[1].trigger()
    words = text("recent.away", name="two.twin.gpkg", folder=stick)

    def said():
        return next((m for m in window.stage.messages.shown if m.words == words), None)

    qtbot.waitUntil(lambda: said() is not None, timeout=PATIENCE_MS)
    found = stick.with_name("away") / "two.twin.gpkg"
    monkeypatch.setattr(recent, "ask_file", lambda *_: found)
    before = window.document
    click(next(one for one in said().buttons if one.text() == text(way)))
    assert stick / "two.twin.gpkg" not in window.settings.recent
    if way == "recent.look_for":
        qtbot.waitUntil(lambda: window.document is not before, timeout=PATIENCE_MS)
        assert window.document.project.path == window.settings.recent[0] == found
    assert len(entries(window)) == len(window.settings.recent)


def test_the_window_waits_for_no_dead_drive(qtbot, window, stick, monkeypatch):
    answers, here = threading.Event(), threading.get_ident()

    def is_file(path) -> bool:
        assert threading.get_ident() != here
        return answers.wait(60)

    monkeypatch.setattr(whereabouts.os.path, "isfile", is_file)
    shown = show_list(window)
    assert names(shown)[0] == "one"
    shown.close()
    answers.set()


def test_a_last_project_that_is_away_gives_way_to_the_sample_and_is_named(
    qtbot, window, open_window, stick
):
    window.close()
    Settings().last_project = stick / "two.twin.gpkg"
    again = open_window()
    words = text("recent.away", name="two.twin.gpkg", folder=stick)
    qtbot.waitUntil(
        lambda: words in [m.words for m in again.stage.messages.shown], timeout=PATIENCE_MS
    )
    qtbot.waitUntil(lambda: again.document is not None, timeout=PATIENCE_MS)
    assert again.document.project.path is None
    assert words in [m.words for m in again.stage.messages.shown]
