"""The language that a run is asked for goes before the one that is kept, and leaves it as it is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gui import command, files
from gui.settings import Settings
from gui.window import Window
from twin.language import set_language


@pytest.fixture
def any_project(loaded_sample, monkeypatch, tmp_path):
    """A file that opens as the sample does."""
    monkeypatch.setattr(files, "load", lambda *_: lambda _progress: loaded_sample)
    monkeypatch.setattr(command, "has_display", lambda: True)
    monkeypatch.setattr(command.signal, "signal", lambda *_: None)
    path = tmp_path / "my.twin.gpkg"
    path.touch()
    yield path
    set_language("en")


def run_until_scored(words, then=lambda _window: None) -> list[str]:
    """Type a command that opens the window; return what its menus are called once it is scored."""
    said: list[str] = []

    def close_when_scored() -> None:
        window = next((w for w in QApplication.topLevelWidgets() if isinstance(w, Window)), None)
        if window is not None and window.document is not None and window.document.current:
            then(window)
            said.append(window.actions_.by_name["save"].text())
            window.close()
        else:
            QTimer.singleShot(50, close_when_scored)

    QTimer.singleShot(0, close_when_scored)
    assert command.run([str(word) for word in words]) == 0
    return said


@pytest.mark.parametrize("before", [True, False])
def test_the_window_speaks_what_the_command_asks_for(before, qtbot, home, any_project):
    flag, verb = ["--language", "zh_CN"], ["open"]
    words = flag + verb if before else verb + flag
    assert run_until_scored([*words, any_project]) == ["保存"]
    assert Settings().language == "en"
    assert run_until_scored(["open", any_project]) == ["Save"]


def test_a_start_without_a_verb_speaks_what_was_asked_for(qtbot, home, any_project):
    assert run_until_scored(["--language", "zh_CN"]) == ["保存"]


def test_what_the_person_chooses_in_such_a_run_is_kept(qtbot, home, any_project):
    kept = Settings()
    kept.language = "zh_CN"
    words = ["--language", "en", "open", any_project]
    assert run_until_scored(words, lambda window: window.appearance.set_language("en")) == ["Save"]
    assert Settings().language == "en"
