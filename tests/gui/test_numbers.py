"""Numbers typed into the inspector: what is taken, what is refused and how that is said."""

from __future__ import annotations

import json
import math

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.errors import in_words
from tests.gui.conftest import PATIENCE_MS, click, wait_for_figures
from tests.gui.test_undoing import type_into
from twin.language import text


def first_service(window) -> int:
    services = window.document.session.district.services
    service = int(services.ids[~np.isnan(services["floor_area_m2"])][0])
    window.state.set(selected=("services", service))
    return service


def empty(field) -> None:
    """Clear a field by hand: its number becomes unknown."""
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClick(field, Qt.Key.Key_Return)


def area_of(window, service: int) -> float:
    services = window.document.session.district.services
    return float(services["floor_area_m2"][services.row_of(service)])


def test_a_number_that_was_emptied_reaches_the_journal_and_comes_back(
    qtbot, window, open_window, home
):
    service = first_service(window)
    empty(window.inspector.page._area)
    assert math.isnan(area_of(window, service))
    type_into(window.inspector.page._capacity, "77")
    journals = home / "state" / "journal"

    def kept() -> bool:
        files = [json.loads(f.read_text("utf-8")) for f in journals.glob("*.json")]
        return any(len(scenario["edits"]) == 2 for f in files for scenario in f["scenarios"])

    qtbot.waitUntil(kept, timeout=10_000)
    assert not [m for m in window.stage.messages.shown if m.kind == "error"]
    # A crash: the lock's owner is gone, the file stays.
    (journals / "sitting-77.json").write_bytes(next(journals.glob("*.json")).read_bytes())
    again = open_window()
    wait_for_figures(qtbot, again)
    click(again.stage.messages.shown[0].buttons[0])
    qtbot.waitUntil(lambda: bool(again.document.session.history), timeout=PATIENCE_MS)
    assert math.isnan(area_of(again, service))


def test_a_journal_that_cannot_be_written_is_told_and_nothing_promised(qtbot, window, monkeypatch):
    def full(_work) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(window.filing.recovery._journal, "write", full)
    first_service(window)
    type_into(window.inspector.page._capacity, "77")
    messages = window.stage.messages
    wanted = text("journal.not_written", reason="No space left on device")
    qtbot.waitUntil(lambda: wanted in [m.words for m in messages.shown], timeout=10_000)
    window.say_error(RuntimeError("odd"))
    assert messages.shown[-1].words == in_words(RuntimeError("odd"))[0]
    monkeypatch.undo()
    type_into(window.inspector.page._capacity, "78")
    qtbot.waitUntil(lambda: window.filing.recovery.keeps, timeout=10_000)
    window.say_error(RuntimeError("odd"))
    assert text("error.and_kept", words="") in messages.shown[-1].words
