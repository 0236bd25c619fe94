"""A glyph that stands for several services: a click comes nearer, a right click lists them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.gui.conftest import click, point_at

Left, Right = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NoKeys = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def several(qtbot, window):
    """The pixel of a glyph in the middle of the view that stands for several, and their ids."""
    view = window.stage.viewport
    view.set_camera(view.scene.home())
    pins = view.scene.pins_drawn
    pixels, visible = view.scene.project(pins.head)
    for row in np.flatnonzero(visible & (pins.count > 1)):
        at = QPoint(*(int(v) for v in np.round(pixels[row])))
        together = view.scene.together_at(at.x(), at.y())
        if len(together) == pins.count[row] and view.rect().adjusted(120, 60, -120, -260).contains(
            at
        ):
            return at, together
    raise AssertionError("no services stand together")


def test_a_click_comes_so_near_that_they_stand_apart(qtbot, window, several):
    at, together = several
    view = window.stage.viewport
    far = view.camera.distance
    services = window.document.session.district.services
    click(view, at)
    qtbot.waitUntil(lambda: not view.is_flying)
    assert window.state.seen.selected is None  # none of them was meant more than the others
    assert view.camera.distance <= far / 2
    pins = view.scene.pins_drawn
    alone = set(pins.ids[pins.count == 1].tolist())
    spots = {(g.x, g.y) for g in services.geometry[services.rows_of(list(together))]}
    if len(spots) == len(together):
        while not set(together) <= alone:  # close neighbours may take another click
            pixels, visible = view.scene.project(pins.head)
            row = np.flatnonzero(visible & (pins.count > 1) & np.isin(pins.ids, together))[0]
            click(view, QPoint(*(int(v) for v in np.round(pixels[row]))))
            qtbot.waitUntil(lambda: not view.is_flying)
            assert view.camera.distance < far
            far = view.camera.distance
            pins = view.scene.pins_drawn
            alone = set(pins.ids[pins.count == 1].tolist())


def test_a_drag_that_begins_on_it_moves_the_camera_and_no_service(qtbot, window, several):
    at, _together = several
    view, district = window.stage.viewport, window.document.session.district
    before = view.camera
    QTest.mousePress(view, Left, NoKeys, at)
    for step in (10, 30):
        QTest.mouseMove(view, at + QPoint(step, 0))
    QTest.mouseRelease(view, Left, NoKeys, at + QPoint(30, 0))
    assert window.document.session.district is district
    assert view.camera != before


def test_a_right_click_lists_them_and_the_keyboard_chooses(qtbot, window, several):
    at, together = several
    QTest.mouseClick(window.stage.viewport, Right, NoKeys, at)
    menu = window.offers.menu
    names = [action.text() for action in menu.actions() if action.text()]
    assert names[0] == "Come nearer"
    assert len(names) == len(together) + 1
    for _ in range(len(together) + 1):
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert window.state.seen.selected == ("services", together[-1])
    menu.close()


def test_the_pointer_is_told_how_many_there_are(qtbot, window, several):
    at, together = several
    view = window.stage.viewport
    point_at(view, at)
    assert view._together.together == together
    assert window.state.seen.hovered is None
    point_at(view, QPoint(4, 4))
    assert view._together is None
