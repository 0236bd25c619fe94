"""Numbers typed into the inspector: what is taken, what is refused and how that is said."""

from __future__ import annotations

import json
import math

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gui.errors import in_words
from tests.gui.conftest import PATIENCE_MS, click, wait_for_figures
from tests.gui.test_undoing import type_into
from twin.language import text

Control = Qt.KeyboardModifier.ControlModifier


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


def first_building(window) -> int:
    buildings = window.document.session.district.buildings
    building = int(buildings.ids[~np.isnan(buildings["residents"])][0])
    window.state.set(selected=("buildings", building))
    return building


def told(field) -> str:
    """Return what stands below a field, which those hear as well who do not see it."""
    words = [w.text() for w in field.parent().parent().findChildren(QLabel) if w.isVisible()]
    assert not field.accessibleDescription() or field.accessibleDescription() in words
    return field.accessibleDescription()


def test_undo_belongs_to_the_plan_once_a_number_is_entered(qtbot, window):
    first_service(window)
    session, field = window.document.session, window.inspector.page._east
    before = field.text()
    for by in (10, 20):
        type_into(field, str(float(before.replace(",", "")) + by))
    assert len(session.history) == 2
    assert field.hasFocus()
    QTest.keyClick(field, Qt.Key.Key_Z, Control)
    QTest.keyClick(field, Qt.Key.Key_Z, Control)
    assert (len(session.history), field.text()) == (0, before)
    QTest.keyClick(field, Qt.Key.Key_Z, Control | Qt.KeyboardModifier.ShiftModifier)
    assert len(session.history) == 1
    QTest.keyClicks(field, "3")  # what is being typed is still the field's own to undo
    QTest.keyClick(field, Qt.Key.Key_Z, Control)
    assert len(session.history) == 1


def test_undo_belongs_to_the_plan_once_a_name_is_entered(qtbot, window):
    first_service(window)
    session, field = window.document.session, window.inspector.page._name
    before = field.text()
    type_into(field, "Canteen of the north")
    assert len(session.history) == 1
    QTest.keyClick(field, Qt.Key.Key_Z, Control)
    assert (len(session.history), field.text()) == (0, before)


def test_a_place_or_a_number_that_cannot_be_is_refused_beside_the_field(qtbot, window):
    first_service(window)
    page, session = window.inspector.page, window.document.session
    for field, typed, key in (
        (page._east, "0", "number.beyond"),
        (page._north, "9e99", "number.beyond"),
        (page._north, "", "number.needed"),
        (page._area, "1000000000", "number.beyond"),
        (page._area, "12,5", "number.comma"),
        (page._area, "1,2,3", "number.comma"),
        (page._capacity, "99,999,999", "number.beyond"),
        (page._capacity, "-5", "number.beyond"),
        (page._capacity, "abc", "number.none"),
    ):
        (type_into(field, typed) if typed else empty(field))
        low, high = (field._figure(edge) for edge in field._limits())
        assert told(field) == text(key, typed=typed, low=low, high=high)
        assert field.text() == typed  # stays, to be mended
    page.refresh()
    assert told(page._capacity)
    assert not session.history
    type_into(page._capacity, "1,250")
    assert told(page._capacity) == ""
    type_into(page._area, "12.5")
    type_into(page._area, "1,234.5 m²")
    services = session.district.services
    row = services.row_of(window.state.seen.selected[1])
    assert (services["capacity"][row], services["floor_area_m2"][row]) == (1250, 1234.5)


def test_storeys_that_no_building_has_are_refused_for_one_and_for_many(qtbot, window):
    first = first_building(window)
    buildings = window.document.session.district.buildings
    for also in ((), tuple(("buildings", int(i)) for i in buildings.ids[:5] if i != first)):
        window.state.set(selected=("buildings", first), also=also)
        page = window.inspector.page
        field = page.storeys if also else page._correct.storeys
        qtbot.waitUntil(field.isVisible)
        for typed in ("9999", "0"):
            type_into(field, typed)
            assert told(field) == text("number.beyond", typed=typed, low="1", high="130")
    assert not window.document.session.history
    type_into(field, "7")
    assert told(field) == ""
    assert len(window.document.session.history) == 1
