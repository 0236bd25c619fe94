"""What the inspector says while figures are on their way, and of a service under the hand."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

import gui.document
from gui.panels.service_page import served
from tests.gui.conftest import PATIENCE_MS, click, open_place, wait_for_figures
from tests.gui.test_editing import drag, service_in_view
from twin.language import text

Left, NoKeys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def gate(monkeypatch):
    """Every assessment waits until this is set; it is set at first."""
    go, assess = threading.Event(), gui.document.assess
    go.set()

    def waits(*arguments, **named):
        assert go.wait(PATIENCE_MS / 1000)
        return assess(*arguments, **named)

    monkeypatch.setattr(gui.document, "assess", waits)
    yield go
    go.set()


def said(window) -> list[str]:
    """Return what the inspector says, without what is hidden."""
    return [label.text() for label in window.inspector.findChildren(QLabel) if label.isVisible()]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_service_just_placed_is_not_said_to_serve_nobody_before_it_is_scored(
    language, qtbot, window, gate
):
    window.appearance.set_language(language)
    click(window.palette_.row("canteen"))
    place = open_place(window)
    gate.clear()
    click(window.stage.viewport, place)
    qtbot.waitUntil(
        lambda: window.score._updating.text() == text("score.updating"), timeout=PATIENCE_MS
    )
    awaited = text("score.updating")  # in the head, and in the place of whom it serves
    qtbot.waitUntil(lambda: said(window).count(awaited) == 2, timeout=PATIENCE_MS)
    assert text("service.serves_nobody") not in said(window)
    gate.set()
    wait_for_figures(qtbot, window)
    assert text("score.updating") not in said(window)
    found = served(window.document.assessment, window.state.seen.selected[1])
    expected = list(found.values()) or [text("service.serves_nobody")]
    qtbot.waitUntil(lambda: set(expected) <= set(said(window)), timeout=PATIENCE_MS)


def test_place_and_figures_follow_a_service_under_the_hand(qtbot, window, gate):
    service, start = service_in_view(window)
    view, document = window.stage.viewport, window.document
    drag(view, start, start + QPoint(8, 4), start + QPoint(60, 30))
    qtbot.waitUntil(lambda: document.preview is not None and document.current, timeout=PATIENCE_MS)
    page = window.inspector.page
    row = document.preview.district.services.row_of(service)
    there = document.preview.district.services.geometry[row]
    before = document.session.district.services.geometry[row]
    assert there.distance(before) > 1.0
    assert page._east._value == pytest.approx(there.x)
    assert page._north._value == pytest.approx(there.y)
    assert page._said[0] == served(document.preview.assessment, service)
    assert text("score.updating") not in said(window)
    gate.clear()
    QTest.mouseMove(view, start + QPoint(90, 45))  # farther than what was scored
    document.figured.emit()
    assert said(window).count(text("score.updating")) == 1
    gate.set()
    QTest.mouseRelease(view, Left, NoKeys, start + QPoint(90, 45))
    wait_for_figures(qtbot, window)
    assert text("score.updating") not in said(window)
    assert page._said[0] == served(document.assessment, service)


def test_escape_brings_the_place_back_in_the_inspector(qtbot, window):
    service, start = service_in_view(window)
    view, document = window.stage.viewport, window.document
    drag(view, start, start + QPoint(8, 4), start + QPoint(60, 30))
    qtbot.waitUntil(lambda: document.preview is not None and document.current, timeout=PATIENCE_MS)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(view, Left, NoKeys, start + QPoint(60, 30))
    wait_for_figures(qtbot, window)
    services = document.session.district.services
    there = services.geometry[services.row_of(service)]
    assert window.inspector.page._east._value == pytest.approx(there.x)
    assert window.inspector.page._said[0] == served(document.assessment, service)
