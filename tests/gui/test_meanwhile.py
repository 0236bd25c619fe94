"""Progress and a way to stop, messages that pass and errors that stay, and nothing in the way."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QProgressBar

from gui import files, theme
from gui.actions import SPECS
from gui.panels import messages
from gui.settings import Settings
from tests.gui.conftest import PATIENCE_MS, click
from tests.gui.test_import_preview import drop
from twin.language import text


@pytest.fixture
def endless_report(monkeypatch):
    """A report that is never done: it tells how far it is, which is where it can be stopped."""

    def report(path, *_about):
        def work(progress):
            until = time.monotonic() + PATIENCE_MS / 1000
            while time.monotonic() < until:
                progress(0.25)
                time.sleep(0.01)
            path.write_text("done")
            return path

        return work

    monkeypatch.setattr(files, "report", report)


def test_long_work_shows_what_it_is_and_how_far_and_is_stopped_by_a_click(
    qtbot, window, endless_report, tmp_path
):
    foot, path = window.footer, tmp_path / "report.pdf"
    window.handing_over.write_report(path)
    bar = foot.findChild(QProgressBar)
    qtbot.waitUntil(bar.isVisible, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: bar.value() == 250, timeout=PATIENCE_MS)
    assert foot._work.text() == text("work.report")
    click(window.palette_.row("canteen"))  # meanwhile all else answers
    assert window.state.seen.armed == "canteen"
    assert foot._stop.focusPolicy() & Qt.FocusPolicy.TabFocus
    click(foot._stop)
    qtbot.waitUntil(lambda: "report" not in window.jobs.slots, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not bar.isVisible(), timeout=PATIENCE_MS)
    assert not foot._stop.isVisible()
    assert not path.exists()
    assert not any(path.name in message.words for message in window.stage.messages.shown)


def test_what_was_done_passes_and_an_error_stays_until_somebody_has_seen_it(
    qtbot, window, tmp_path, monkeypatch
):
    monkeypatch.setattr(messages, "PASSES_MS", 1)
    shown, said = window.stage.messages, []
    say = shown.say
    monkeypatch.setattr(shown, "say", lambda *words, **rest: said.append(say(*words, **rest)))
    window.filing.save_to(tmp_path / "good.twin.gpkg")
    saved = text("done.saved", name="good.twin.gpkg")
    qtbot.waitUntil(lambda: saved in [message.words for message in said], timeout=PATIENCE_MS)
    bad = tmp_path / "bad.twin.gpkg"
    bad.write_text("no project")
    window.filing.open_paths([bad])
    qtbot.waitUntil(lambda: "error" in [message.kind for message in said], timeout=PATIENCE_MS)
    (error,) = (message for message in said if message.kind == "error")
    done = [message for message in said if message.kind == "done"]
    qtbot.waitUntil(lambda: not set(done) & set(shown.shown), timeout=PATIENCE_MS)  # by themselves
    assert error.isVisible()
    QTest.qWait(100)
    assert error in shown.shown
    assert error.buttons[-1].focusPolicy() & Qt.FocusPolicy.TabFocus
    QTest.keyClick(error.buttons[-1], Qt.Key.Key_Space)
    assert error not in shown.shown


ASIDE = (
    "settings",
    "cheat_sheet",
    "about",
    "guide",
    "recent_projects",
    "problems",
    "catalogue",
    "tables",
    "story",
)
"""Actions that open a window of their own."""


def test_no_window_of_ours_keeps_another_from_being_used(qtbot, window, tmp_path):
    """Each is opened by its keys; meanwhile the view takes a click and keys."""
    for name in ASIDE:
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE_MS)
        before = {id(one) for one in QApplication.topLevelWidgets() if one.isVisible()}
        if SPECS[name].keys:
            keys = window.actions_.by_name[name].shortcut()[0]
            QTest.keyClick(window, keys.key(), keys.keyboardModifiers())
        else:
            window.actions_.by_name[name].trigger()
        opened = [
            one
            for one in QApplication.topLevelWidgets()
            if one.isVisible() and id(one) not in before
        ]
        assert len(opened) == 1, name
        assert QApplication.activeModalWidget() is None, name
        assert not opened[0].isModal(), name
        click(window.layers.row("trees"))
        assert window.state.seen.hidden == {"trees"}, name
        click(window.layers.row("trees"))
        opened[0].close()
    assert not [w for w in window.findChildren(QDialog) if w.isVisible()]
    path = tmp_path / "places.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    shown = drop(window, path)
    assert QApplication.activeModalWidget() is None
    click(window.layers.row("trees"))
    assert window.state.seen.hidden == {"trees"}
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.filing.preview is None, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not window.jobs.busy("survey"), timeout=PATIENCE_MS)


def test_the_theme_of_the_system_is_followed_while_the_window_is_open(window, monkeypatch):
    has = Qt.ColorScheme.Light
    system = SimpleNamespace(colorScheme=lambda: has)
    monkeypatch.setattr(theme, "QGuiApplication", SimpleNamespace(styleHints=lambda: system))
    QTest.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert theme.tokens() is theme.DARK
    window.actions_.by_name["theme_system"].trigger()
    for worn in (theme.LIGHT, theme.DARK, theme.LIGHT):
        has = Qt.ColorScheme.Dark if worn is theme.DARK else Qt.ColorScheme.Light
        QGuiApplication.styleHints().colorSchemeChanged.emit(has)
        assert theme.tokens() is worn
        assert window.stage.viewport._view.theme == worn.name
    assert Settings().theme == "system"
