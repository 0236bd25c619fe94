"""Every part of the window is reached by Tab, shows that it has the keyboard, and obeys it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from gui import theme
from gui.panels.bars import BarRow
from gui.scene import style
from tests.gui.test_window import contrast

Tab = Qt.Key.Key_Tab
BY_TAB = Qt.FocusReason.TabFocusReason
MOST_STOPS = 200


def stops(window) -> list[QWidget]:
    """Return what has the keyboard as Tab is pressed, once round."""
    window.header._menu.setFocus(BY_TAB)
    found: list[QWidget] = []
    at = QApplication.focusWidget()
    while at is not None and at not in found and len(found) < MOST_STOPS:
        found.append(at)
        QTest.keyClick(at, Tab)
        at = QApplication.focusWidget()
    assert at is found[0], "Tab comes back to where it began"
    return found


@pytest.mark.parametrize("worn", ["light", "dark"])
def test_tab_goes_round_and_each_stop_shows_that_it_has_the_keyboard(window, worn):
    window.appearance.set_theme(worn)
    reached = stops(window)
    parts = (window.header, window.palette_, window.layers, window.score, window.footer)
    for part in (*parts, window.toolbar, window.stage.legend):
        assert any(part.isAncestorOf(one) for one in reached), part
    assert window.stage.viewport in reached
    unseen = []
    for stop in reached:
        other = window.header._menu if stop is not window.header._menu else reached[1]
        other.setFocus(BY_TAB)
        QApplication.processEvents()
        without = stop.grab().toImage()
        stop.setFocus(BY_TAB)
        QApplication.processEvents()
        assert stop.hasFocus()
        if stop.grab().toImage() == without:
            unseen.append(f"{type(stop).__name__} {stop.accessibleName()}")
    assert unseen == []


def test_a_mouse_gets_no_ring_round_the_view(window):
    view = window.stage.viewport
    window.header._menu.setFocus()
    QApplication.processEvents()
    edge = view.grab().toImage().pixelColor(0, view.height() // 2)
    view.setFocus(Qt.FocusReason.MouseFocusReason)
    QApplication.processEvents()
    assert view.grab().toImage().pixelColor(0, view.height() // 2) == edge
    QTest.keyClick(window, Qt.Key.Key_V)
    window.header._menu.setFocus()
    QTest.keyClick(window, Qt.Key.Key_V)
    QApplication.processEvents()
    ring = view.grab().toImage().pixelColor(0, view.height() // 2)
    assert ring != edge
    assert ring.name() == style.LIGHT.accent.lower()


def test_enter_presses_what_has_the_keyboard(window):
    row = window.score.findChild(BarRow)
    row.setFocus(BY_TAB)
    assert not window.state.seen.requirement
    QTest.keyClick(row, Qt.Key.Key_Return)
    assert window.state.seen.requirement
    plan = window.state.seen.plan
    button = next(b for b in stops(window) if b.accessibleName() == plan_button(window))
    button.setFocus(BY_TAB)
    QTest.keyClick(button, Qt.Key.Key_Enter)
    assert window.state.seen.plan != plan


def plan_button(window) -> str:
    return window.actions_.by_name["plan"].iconText()


@pytest.mark.parametrize("worn", ["light", "dark"])
def test_what_an_empty_field_asks_for_can_be_read_as_it_is_painted(window, worn):
    window.appearance.set_theme(worn)
    field = next(f for f in window.palette_.findChildren(QLineEdit) if f.placeholderText())
    window.stage.take_focus()
    QApplication.processEvents()
    picture = field.grab().toImage()
    ground = theme.tokens().raised
    colours = {
        picture.pixelColor(x, y).name()
        for x in range(6, picture.width() - 6)
        for y in range(6, picture.height() - 6)
    }
    assert max(contrast(colour, ground) for colour in colours) >= 4.5


def test_no_tool_covers_the_card_of_the_sun_in_a_low_view(qtbot, window):
    QTest.keyClick(window, Qt.Key.Key_U)
    QTest.keyClick(window, Qt.Key.Key_D)
    QTest.keyClick(window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    close = window.sun._close
    middle = close.mapTo(window, close.rect().center())
    assert window.childAt(middle) is close
