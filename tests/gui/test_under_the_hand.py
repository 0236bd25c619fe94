"""What an edit and a step of a drag cost: one picture, one assessment, and a head start."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

import gui.document
from gui.window import Window
from tests.gui.conftest import wait_for_figures
from tests.gui.test_editing import service_in_view
from twin.language import text
from twin.model.edits import MoveService

Left, NoKeys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
PATIENCE_MS = 60_000


@pytest.fixture
def counted(window: Window, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list to which every picture and every assessment is added; no clock adds any."""
    seen: list[str] = []
    view = window.stage.viewport
    assert view is not None
    for timer in (window.drawing._soon, window.stage._figures_late, view._rest, view._refining):
        timer.setInterval(3 * PATIENCE_MS)
    draw, assess = view._compute, gui.document.assess

    def drawing() -> None:
        seen.append("picture")
        draw()

    def assessing(*arguments: object, **named: object) -> object:
        seen.append("assessment")
        return assess(*arguments, **named)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(view, "_compute", drawing)
    monkeypatch.setattr(gui.document, "assess", assessing)
    return seen


def shown(window: Window) -> bool:
    view = window.stage.viewport
    assert view is not None
    return window.document.current and not view._stale and not window.drawing.owes


def move(window: Window, metres: float) -> MoveService:
    services = window.document.session.district.services
    place = services.geometry[0]
    return MoveService(int(services.ids[0]), place.x + metres, place.y)


def test_an_edit_and_its_figures_are_one_picture(qtbot, window, counted):
    wait_for_figures(qtbot, window)
    window.document.do("history.move", move(window, 40.0))  # begins a scenario
    qtbot.waitUntil(lambda: shown(window), timeout=PATIENCE_MS)
    counted.clear()
    for metres in (30.0, -50.0):
        window.document.do("history.move", move(window, metres))
        assert window.score._updating.text() == ""
        qtbot.waitUntil(lambda: shown(window), timeout=PATIENCE_MS)
        assert window.stage.shown_district is window.document.session.district
    assert sorted(counted) == ["assessment", "assessment", "picture", "picture"]


def test_figures_that_take_long_are_said_to_be_awaited(qtbot, window, monkeypatch):
    wait_for_figures(qtbot, window)
    go, assess = threading.Event(), gui.document.assess

    def waits(*arguments, **named):
        assert go.wait(PATIENCE_MS / 1000)
        return assess(*arguments, **named)

    monkeypatch.setattr(gui.document, "assess", waits)
    window.document.do("history.move", move(window, 40.0))
    try:
        words = text("score.updating")
        qtbot.waitUntil(lambda: window.score._updating.text() == words, timeout=PATIENCE_MS)
        assert window.stage.shown_district is window.document.session.district
    finally:
        go.set()
    wait_for_figures(qtbot, window)
    assert window.score._updating.text() == ""


def test_a_step_of_a_drag_is_one_picture_and_one_assessment(qtbot, window, counted):
    _service, start = service_in_view(window)
    view, document = window.stage.viewport, window.document
    QTest.mousePress(view, Left, NoKeys, start)
    QTest.mouseMove(view, start + QPoint(12, 6))

    def stands_at(edit: object) -> bool:
        return document.preview is not None and document.preview.edit != edit and shown(window)

    def settled() -> bool:
        return stands_at(None) and not window.jobs.slots  # the colours on the ground are there too

    qtbot.waitUntil(settled, timeout=PATIENCE_MS)
    counted.clear()
    before = document.preview.edit
    QTest.mouseMove(view, start + QPoint(40, 30))
    qtbot.waitUntil(lambda: stands_at(before), timeout=PATIENCE_MS)
    assert sorted(counted) == ["assessment", "picture"]
    QTest.mouseRelease(view, Left, NoKeys, start + QPoint(40, 30))


def test_pressing_on_a_service_begins_what_its_first_step_needs(qtbot, window, monkeypatch):
    service, start = service_in_view(window)
    assessed, assess = [], gui.document.assess

    def assessing(district, *arguments, **named):
        assessed.append(district)
        return assess(district, *arguments, **named)

    monkeypatch.setattr(gui.document, "assess", assessing)
    QTest.mousePress(window.stage.viewport, Left, NoKeys, start)
    qtbot.waitUntil(lambda: bool(assessed), timeout=PATIENCE_MS)
    assert service not in assessed[0].services.ids
    assert window.document.preview is None  # nothing of it is shown
    QTest.mouseRelease(window.stage.viewport, Left, NoKeys, start)
    qtbot.waitUntil(lambda: "ready" not in window.jobs.slots, timeout=PATIENCE_MS)
    assert window.document.session.scenario == "base"
