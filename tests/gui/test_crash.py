"""What was said to be kept or recorded is there after a crash, and what a file lost is told."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from gui.dialogs.problems import ProblemsPanel
from gui.document import Document
from tests.conftest import ROOT
from tests.gui.conftest import PATIENCE_MS, click, wait_for_figures

RECURSIVE = Qt.MatchFlag.MatchRecursive
Control = Qt.KeyboardModifier.ControlModifier


def note_much(window) -> None:
    """Keep a view with a text, ask the room, and name a scenario that holds no edit yet."""
    window.actions_.by_name["keep_view"].trigger()
    window.actions_.by_name["story"].trigger()
    window.workshop.editor.list.item(0, 1).setText("Here the canteen would stand")
    window.workshop.editor.close()
    window.actions_.by_name["new_scenario"].trigger()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_A, Control)
    QTest.keyClicks(QApplication.focusWidget(), "North wing")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert window.document.session.scenario == "North wing"
    window.actions_.by_name["workshop"].trigger()
    shown = window.workshop.shown
    shown.question.setText("A canteen here?")
    for _ in range(2):
        click(shown.answers["yes"])
    click(shown.record)
    window.workshop.close()


def bring_back(qtbot, again) -> None:
    """Take the offer of a window and see that all of it has come."""
    wait_for_figures(qtbot, again)
    message = again.stage.messages.shown[0]
    assert "polls" in message.findChild(QLabel).text()
    assert not again.document.views
    click(message.buttons[0])
    qtbot.waitUntil(lambda: bool(again.document.polls), timeout=PATIENCE_MS)
    [poll], [view] = again.document.polls, again.document.views
    assert (poll.question, poll.votes["For"], poll.scenario) == ("A canteen here?", 2, "North wing")
    assert view.words == "Here the canteen would stand"
    assert again.document.session.scenario == "North wing"
    assert again.document.dirty
    assert again.actions_.by_name["view_1"].isEnabled()


def test_views_polls_and_empty_scenarios_reach_the_journal_and_come_back(
    qtbot, window, open_window, home
):
    note_much(window)
    journals = home / "state" / "journal"
    qtbot.waitUntil(
        lambda: any('"A canteen' in one.read_text("utf-8") for one in journals.glob("*.json")),
        timeout=10_000,
    )
    # A crash: the lock's owner is gone, the file stays.
    left = journals / "sitting-77.json"
    left.write_bytes(next(journals.glob("*.json")).read_bytes())
    bring_back(qtbot, open_window())
    assert not left.exists()


def test_a_view_that_is_forgotten_again_leaves_nothing_to_bring_back(qtbot, window, home):
    journals = home / "state" / "journal"
    window.actions_.by_name["keep_view"].trigger()
    qtbot.waitUntil(lambda: bool(list(journals.glob("*.json"))), timeout=10_000)
    window.actions_.by_name["forget_views"].trigger()
    qtbot.waitUntil(lambda: not list(journals.glob("*.json")), timeout=10_000)
    assert not window.document.dirty


def test_the_journal_of_the_version_before_is_brought_back(qtbot, window, home, open_window):
    window.actions_.by_name["keep_view"].trigger()
    journals = home / "state" / "journal"
    qtbot.waitUntil(lambda: bool(list(journals.glob("*.json"))), timeout=10_000)
    old = json.loads(next(journals.glob("*.json")).read_text("utf-8"))
    del old["views"], old["polls"]
    work = {**old, "scenarios": [{"name": "North", "edits": []}], "current": "North"}
    (journals / "sitting-77.json").write_text(json.dumps(work), encoding="utf-8")
    again = open_window()
    wait_for_figures(qtbot, again)
    click(again.stage.messages.shown[0].buttons[0])
    qtbot.waitUntil(
        lambda: again.document.session.scenarios == ("base", "North"), timeout=PATIENCE_MS
    )
    assert again.document.views == ()  # as in the project


_KILLED = """
import os, sys, time
from gui import app
from gui.settings import FOLDER_VARIABLE, Settings
from gui.window import Window
from tests.gui.test_crash import note_much  # its conftest keeps tests out of the user's folders
os.environ[FOLDER_VARIABLE] = sys.argv[1]
made, settings = app.application(), Settings()
settings.language, settings.toured = "en", True
app.dress(made, settings)
window = Window(settings)
window.show()
window.begin(None)

def wait(seconds, enough):
    until = time.monotonic() + seconds
    while time.monotonic() < until and not enough():
        made.processEvents()
        time.sleep(0.005)  # QTest's own waiting would keep the interpreter from the workers

wait(120, lambda: window.document and window.document.current and window.stage.viewport)
window.activateWindow()
note_much(window)
wait(5, lambda: False)  # as long as is promised
print("noted", flush=True)
time.sleep(120)
"""


@pytest.mark.long
def test_a_killed_window_has_lost_nothing_that_it_said_was_recorded(
    qtbot, quick_sample, open_window, home
):
    command = [sys.executable, "-c", _KILLED, str(home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            assert "noted\n" in iter(child.stdout.readline, "")
        finally:
            child.kill()
    bring_back(qtbot, open_window())


def test_what_of_a_project_cannot_be_read_is_told(window, loaded_sample):
    kept = [{"question": "x"}, 3]
    settings = {**loaded_sample.project.settings, "polls": kept, "views": "none"}
    project = replace(loaded_sample.project, settings=settings)
    document = Document(window.jobs, project, (), "gb50180")
    told = {one.key: one.facts["count"] for one in document.problems if "unread" in one.key}
    assert told == {"polls_unread": 2, "views_unread": 1}
    window.take_document(document)
    window.actions_.by_name["problems"].trigger()
    tree = window.findChild(ProblemsPanel).tree
    tree.expandAll()
    found = tree.findItems(
        "2 polls of the project cannot be read", Qt.MatchFlag.MatchContains | RECURSIVE
    )
    assert len(found) == 1
