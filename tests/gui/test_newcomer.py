"""What somebody who has read nothing has to be shown or told."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from gui.scene.style import palette
from gui.settings import Settings
from gui.window import Window
from tests.gui.conftest import click, point_at, wait_for_figures
from tests.gui.test_tools import go_to, look_down, nearest_street
from twin.language import text

Ctrl, Shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_the_foot_of_a_first_window_is_on_the_screen_with_its_frame(
    qtbot, home: Path, quick_sample: None
):
    window = Window(Settings())
    title = window.style().pixelMetric(window.style().PixelMetric.PM_TitleBarHeight)
    assert window.height() + title <= window.screen().availableGeometry().height()
    window.close()
    window.deleteLater()


def said(window: Window) -> str:
    """Everything that the messages over the view say."""
    return "\n".join(message.words for message in window.stage.messages.shown)


def accent_at(window: Window, at: QPoint) -> int:
    """How many of the pixels about a place of the view wear the colour of the hand."""
    view = window.stage.viewport
    picture = view.grab().toImage()
    accent, scale = QColor(palette("light").accent), picture.width() / view.width()
    return sum(
        picture.pixelColor(int(scale * (at.x() + x)), int(scale * (at.y() + y))) == accent
        for x in range(-8, 9)
        for y in range(-8, 9)
    )


def test_gates_are_marked_while_their_tool_is_in_hand_and_only_then(qtbot, window):
    look_down(window)
    _gate, place = nearest_street(window, "gate")
    at = go_to(window, place)
    assert accent_at(window, at) == 0
    QTest.keyClick(window, Qt.Key.Key_G, Shift)
    opened = accent_at(window, at)
    assert opened > 20
    click(window.stage.viewport, at)
    wait_for_figures(qtbot, window)
    window.state.set(selected=None, hovered=None)
    assert accent_at(window, at) > opened  # what is closed is a disc, what is open a ring
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert accent_at(window, at) == 0


def test_closing_a_street_says_so_with_what_it_costs_and_so_does_its_undoing(qtbot, window):
    look_down(window)
    _street, place = nearest_street(window, "footway", "street")
    at = go_to(window, place)
    QTest.keyClick(window, Qt.Key.Key_S, Shift)
    point_at(window.stage.viewport, at)
    click(window.stage.viewport, at)
    wait_for_figures(qtbot, window)
    assert said(window).startswith("Closed, in the new scenario")
    assert " · " in said(window)
    QTest.keyClick(window, Qt.Key.Key_Z, Ctrl)
    assert said(window).startswith("Undone: Open or close: ")
    (message,) = window.stage.messages.shown
    click(message.buttons[0])
    assert len(window.document.session.history) == 1
    assert said(window).startswith("Done again: Open or close: ")


def test_a_message_that_says_more_later_is_as_high_as_its_words(qtbot, window):
    window.resize(928, 600)
    messages = window.stage.messages
    QTest.keyClick(window, Qt.Key.Key_Escape)
    message = messages.say("Placed", "done", [("action.undo", lambda: None)])
    qtbot.waitUntil(message.isVisible)
    for words in ("Placed: Community canteen · " + 4 * "Nobody gains or loses. ", "Placed"):
        messages.change(message, words)
        label = message._label
        assert label.height() >= label.heightForWidth(label.width())
        assert messages.height() == message.height()


def test_a_save_that_fails_offers_another_place_and_is_forgotten_once_it_is_saved(
    qtbot, window, tmp_path, monkeypatch
):
    messages = window.stage.messages
    window.filing.save_to(tmp_path / "no such folder" / "mine.twin.gpkg")
    qtbot.waitUntil(lambda: [m.kind for m in messages.shown] == ["error"])
    elsewhere = tmp_path / "mine.twin.gpkg"
    monkeypatch.setattr("gui.filing.ask_where", lambda *_: (elsewhere, ""))
    (failed,) = messages.shown
    assert failed.buttons[0].text() == text("action.save_as")
    click(failed.buttons[0])
    qtbot.waitUntil(elsewhere.exists)
    qtbot.waitUntil(lambda: said(window) == "Saved mine.twin.gpkg")


def test_nothing_is_written_beneath_the_card_of_the_tour_while_it_stands(window):
    window.tour.begin()
    view, card = window.stage.viewport, window.tour.card
    beneath = QRectF(card.geometry())
    assert beneath in view._hidden()
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()
    assert beneath not in view._hidden()
