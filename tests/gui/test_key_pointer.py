"""Everything that wants a place in the view can be done without a mouse."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.key_pointer import RIM_PX, STEP_PX
from tests.gui.conftest import click, point_at, wait_for_figures
from tests.gui.test_editing import service_in_view
from tests.gui.test_finding import open_palette
from tests.gui.test_tools import land, look_down

Shift = Qt.KeyboardModifier.ShiftModifier
Keys = Qt.Key


@pytest.fixture
def view(window):
    look_down(window)
    QTest.keyClick(window, Keys.Key_V)
    viewport = window.stage.viewport
    assert QApplication.focusWidget() is viewport
    return viewport


def press(key, *, times=1, with_=Qt.KeyboardModifier.NoModifier):
    for _ in range(times):
        QTest.keyClick(QApplication.focusWidget(), key, with_)


def ground_at(view, x, y):
    return np.array(view.scene.ground_point(x, y)[:2])


def test_a_service_is_found_taken_aimed_and_placed_by_keys(qtbot, window, view):
    before = len(window.document.session.district.services)
    chooser = open_palette(qtbot, window)
    QTest.keyClicks(chooser.field, "shequst")
    QTest.keyClick(chooser.field, Keys.Key_Return)
    assert window.state.seen.armed == "canteen"
    press(Keys.Key_V)
    middle, camera = view.rect().center(), view.camera
    press(Keys.Key_Right)
    assert view.keys.at.toPoint() == middle  # the first brings the cross
    press(Keys.Key_Right, times=3)
    press(Keys.Key_Down, times=2)
    press(Keys.Key_Left, with_=Shift)
    assert view.camera == camera
    at = view.keys.at
    assert (at.x() - middle.x(), at.y() - middle.y()) == (3 * STEP_PX - 3, 2 * STEP_PX)
    assert window.state.seen.ghost is not None
    place = ground_at(view, at.x(), at.y())
    press(Keys.Key_Space)
    wait_for_figures(qtbot, window)
    services = window.document.session.district.services
    assert len(services) == before + 1
    assert services["types"][-1] == "canteen"
    new = services.geometry[-1]
    assert np.hypot(new.x - place[0], new.y - place[1]) < 1.0


def test_a_path_is_drawn_by_keys(qtbot, window, view):
    before = window.document.session.district.streets
    press(Keys.Key_L)
    press(Keys.Key_Up)
    press(Keys.Key_Space)
    first = ground_at(view, view.keys.at.x(), view.keys.at.y())
    press(Keys.Key_Up, times=4)
    press(Keys.Key_Space)
    last = ground_at(view, view.keys.at.x(), view.keys.at.y())
    press(Keys.Key_Return)
    wait_for_figures(qtbot, window)
    streets = window.document.session.district.streets
    assert len(streets) == len(before) + 1
    catch = 2 * view.reach_m()  # streets and doors near by catch an end
    drawn = np.array(streets.geometry[-1].coords)[[0, -1], :2]
    assert np.hypot(*(drawn - [first, last]).T).max() < catch


def test_a_box_is_spanned_by_keys(window, view):
    press(Keys.Key_B)
    press(Keys.Key_Left)
    press(Keys.Key_Space)
    assert view.is_held is False
    press(Keys.Key_Right, times=6)
    press(Keys.Key_Down, times=6)
    assert view.is_carrying
    press(Keys.Key_Space)
    assert len(window.state.seen.chosen) > 1


def test_the_space_bar_selects_and_shift_takes_hold(qtbot, window, view):
    service, pixel = service_in_view(window)
    press(Keys.Key_Space)
    while abs((away := pixel - view.keys.at.toPoint()).x()) >= 3 or abs(away.y()) >= 3:
        fine = Shift if away.manhattanLength() < 3 * STEP_PX else Qt.KeyboardModifier.NoModifier
        across = abs(away.x()) > abs(away.y())
        ways = (Keys.Key_Left, Keys.Key_Right) if across else (Keys.Key_Up, Keys.Key_Down)
        press(ways[(away.x() if across else away.y()) > 0], with_=fine)
    press(Keys.Key_Space)
    assert window.state.seen.selected == ("services", service)
    services = window.document.session.district.services
    stood = services.geometry[services.row_of(service)]
    press(Keys.Key_Right)
    assert not view.is_held
    press(Keys.Key_Left)
    press(Keys.Key_Space, with_=Shift)
    press(Keys.Key_Right, times=4)
    press(Keys.Key_Space, with_=Shift)
    wait_for_figures(qtbot, window)
    services = window.document.session.district.services
    stands = services.geometry[services.row_of(service)]
    pixel_m = view.camera.metres_per_pixel(view.scene.size)
    assert stands.x - stood.x == pytest.approx(4 * STEP_PX * pixel_m, rel=0.1)
    press(Keys.Key_Escape)
    assert view.keys.at is None
    assert window.state.seen.selected == ("services", service)  # the cross goes first


def test_at_the_rim_the_district_moves_and_a_mouse_takes_the_cross_away(window, view):
    press(Keys.Key_M)
    camera = view.camera
    press(Keys.Key_Right, times=1 + view.width() // int(STEP_PX))
    land(window)
    assert view.camera.focus[0] > camera.focus[0]
    assert view.keys.at.x() <= view.width() - RIM_PX
    point_at(view, QPoint(200, 300))
    assert view.keys.at is None
    camera = view.camera
    press(Keys.Key_Escape)
    press(Keys.Key_Right)
    land(window)
    assert view.keys.at is None  # nothing in hand: the arrows move the district
    assert view.camera.focus[0] > camera.focus[0]


def test_the_menu_of_a_right_click_comes_by_keys(window, view):
    _service, pixel = service_in_view(window)
    click(view, pixel)
    press(Keys.Key_F10, with_=Shift)
    menu = window.offers.menu
    assert menu.isVisible()
    menu.close()


def test_all_menus_are_walked_through_by_keys(window):
    QTest.keyClick(window, Keys.Key_F10)
    menus = window.actions_.menu
    assert menus.isVisible()
    first = menus.activeAction()
    QTest.keyClick(menus, Keys.Key_Down)
    assert menus.activeAction() is not first
    menus.close()
