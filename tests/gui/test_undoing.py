"""Whatever a hand does to the plan is one step, which Ctrl+Z takes back and Ctrl+Y does again."""

from __future__ import annotations

import numpy as np
import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.gui.conftest import click, open_place, pixel_of, point_at, wait_for_figures
from tests.gui.test_editing import drag, service_in_view
from tests.gui.test_tools import go_to, home_in_view, look_down, nearest_street
from twin.model.edits import ChangeStreet

Left, NoKeys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
Control, Shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def type_into(field, words: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, words)
    QTest.keyClick(field, Qt.Key.Key_Return)


def steps_in_the_model(window):
    """Yield after each thing done in perspective: buildings and services."""
    view = window.stage.viewport
    _building, at = home_in_view(window)
    QTest.keyClick(window, Qt.Key.Key_L, Shift)
    click(view, at)
    yield "lift"
    QTest.keyClick(view, Qt.Key.Key_Escape)
    click(view, at)
    type_into(window.inspector.page._correct.storeys, "9")
    yield "storeys"
    type_into(window.inspector.page._correct.residents, "123")
    yield "residents"
    service, at = service_in_view(window)
    click(view, at)
    type_into(window.inspector.page._capacity, "77")
    yield "capacity"
    drag(view, at, at + QPoint(8, 4), at + QPoint(40, 30))
    QTest.mouseRelease(view, Left, NoKeys, at + QPoint(40, 30))
    yield "move"
    assert window.state.seen.selected == ("services", service)
    QTest.keyClick(window, Qt.Key.Key_D, Control)
    place = open_place(window)
    point_at(view, place)
    click(view, place)
    yield "copy"
    QTest.keyClick(window, Qt.Key.Key_Delete)
    yield "remove"


def steps_in_the_plan(window):
    """Yield after each thing done in plan: streets and gates."""
    view = window.stage.viewport
    look_down(window)
    for key, kinds in ((Qt.Key.Key_S, ("footway", "street")), (Qt.Key.Key_G, ("gate",))):
        _street, place = nearest_street(window, *kinds)
        at = go_to(window, place)
        QTest.keyClick(window, key, Shift)
        click(view, at)
        yield kinds[-1]
        QTest.keyClick(view, Qt.Key.Key_Escape)
    click(view, at)
    assert window.state.seen.selected[0] == "streets"
    QTest.keyClick(window, Qt.Key.Key_G)  # the gate that is selected, without its tool
    yield "gate by key"
    QTest.keyClick(window, Qt.Key.Key_X)
    for metres in (0.0, 14.0):
        point_at(view, pixel_of(window, place.x + metres, place.y + metres))
        click(view, pixel_of(window, place.x + metres, place.y + metres))
    QTest.keyClick(view, Qt.Key.Key_Return)
    yield "crossing"


def steps_at_a_flight_of_stairs(window):
    """Yield after each thing done, in plan, to stairs with a kerb before them, and to a door."""
    view = window.stage.viewport
    stairs, place = nearest_street(window, "footway")
    window.document.do("history.street", ChangeStreet(stairs, {"kind": "steps", "kerb": "raised"}))
    yield "survey"
    at = go_to(window, place, 30.0)
    QTest.keyClick(window, Qt.Key.Key_R)
    click(view, at)
    yield "ramp"
    assert window.state.seen.selected == ("streets", stairs)
    click(window.inspector.page.kerb)
    yield "kerb"
    district = window.document.session.district
    doors, buildings = district.entrances, district.buildings
    of = buildings.rows_of(doors["building_id"])
    owned = np.flatnonzero(of >= 0)
    near = owned[np.argmin(shapely.distance(doors.geometry[owned], place))]
    wall = shapely.boundary(buildings.geometry[of[near]])
    there = wall.interpolate((wall.project(doors.geometry[near]) + 3.0) % wall.length)
    at = go_to(window, doors.geometry[near], 40.0)
    QTest.keyClick(window, Qt.Key.Key_E)
    drag(view, at, at, pixel_of(window, there.x, there.y))
    QTest.mouseRelease(view, Left, NoKeys, pixel_of(window, there.x, there.y))
    yield "door"


def test_each_step_is_taken_back_and_done_again_by_itself(qtbot, window):
    session = window.document.session
    wholes, names = [session.district], []
    for steps in (steps_in_the_model, steps_in_the_plan, steps_at_a_flight_of_stairs):
        for name in steps(window):
            wait_for_figures(qtbot, window)
            names.append(name)
            assert session.district is not wholes[-1], name
            assert len(session.history) == len(names), name
            wholes.append(session.district)
    assert len({step.label for step in session.history}) >= 11
    for name, before in zip(reversed(names), reversed(wholes[:-1]), strict=True):
        QTest.keyClick(window, Qt.Key.Key_Z, Control)
        assert session.district is before, name
    assert not window.actions_.by_name["undo"].isEnabled()
    for name, after in zip(names, wholes[1:], strict=True):
        QTest.keyClick(window, Qt.Key.Key_Y, Control)
        assert session.district is after, name
    wait_for_figures(qtbot, window)
