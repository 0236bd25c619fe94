"""The sun over the model: a card, a slider, shadows of that hour, and back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.window import Window
from tests.gui.conftest import PATIENCE_MS


def test_an_hour_of_the_sun_changes_the_light_and_closing_gives_it_back(
    qtbot: QtBot, window: Window
) -> None:
    viewport = window.stage.viewport
    assert viewport is not None
    before = viewport.scene.render()
    qtbot.keyClick(viewport, Qt.Key.Key_U)
    card = window.sun
    qtbot.waitUntil(lambda: window.state.seen.daylight is not None, timeout=PATIENCE_MS)
    assert card.isVisible()
    assert (card._date.date().month(), card._date.date().day()) == (1, 20)  # Great Cold
    # The sample lies at 30.6 N, 114.3 E: on that day at noon the sun stands 39 degrees high.
    assert 38.0 < card.sun.altitude_deg < 40.0
    assert "39" in card._words.text()
    card._hour.setFocus()
    for _ in range(3):
        qtbot.keyClick(card._hour, Qt.Key.Key_PageUp)  # an hour later each
    assert card._clock.text() == "15:00"
    assert card.sun.azimuth_deg > 215.0

    def drawn() -> bool:
        light = window.state.seen.daylight
        return light is not None and light.sun == card.sun and not window.jobs.busy("sun")

    qtbot.waitUntil(drawn, timeout=PATIENCE_MS)
    viewport.scene.set_resolution_factor(1.0)
    assert (viewport.scene.render() != before).any()
    card._date.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClicks(card._date, "0621")  # the month, then the day
    assert (card._date.date().month(), card._date.date().day()) == (6, 21)
    assert card.sun.altitude_deg > 50.0
    card._hour.setFocus()
    qtbot.keyClick(card._hour, Qt.Key.Key_Home)
    assert card._words.text() == "The sun is below the horizon"
    qtbot.mouseClick(card._close, Qt.MouseButton.LeftButton)
    assert not card.isVisible()
    assert window.state.seen.daylight is None


def test_the_card_leaves_the_legend_and_the_buttons_of_a_small_view_in_sight(
    qtbot: QtBot, window: Window
) -> None:
    window.resize(960, 600)
    window.open_requirement("canteen")
    viewport, stage = window.stage.viewport, window.stage
    assert viewport is not None
    qtbot.keyClick(viewport, Qt.Key.Key_U)
    qtbot.waitUntil(window.sun.isVisible, timeout=PATIENCE_MS)
    card = window.sun.geometry()
    assert stage.rect().contains(card)
    assert stage.legend.isVisible()
    assert not card.intersects(stage.legend.geometry())
    assert not card.intersects(stage._buttons.geometry())
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: window.sun.y() > card.y(), timeout=PATIENCE_MS)
    assert stage.rect().contains(window.sun.geometry())
    assert not window.sun.geometry().intersects(stage.legend.geometry())
