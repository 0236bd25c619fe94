"""Cards under the pointer, menus at a right click, kept views, habits of the mouse."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shapely import Point

from gui.actions import MENU
from gui.navigation import NAVIGATIONS
from gui.panels.correct_building import CorrectBuilding
from gui.views import views_from_json, views_to_json
from tests.gui.conftest import open_place, point_at, wait_for_figures
from tests.gui.test_editing import service_in_view
from twin.language import text
from twin.model.catalogues import type_name
from twin.projects.project import open_project

Left, Middle, Right = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.RightButton,
)
NoKeys, Shift = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
Control = Qt.KeyboardModifier.ControlModifier


def test_a_card_tells_of_what_the_pointer_rests_on(qtbot, window):
    service, at = service_in_view(window)
    point_at(window.stage.viewport, at)
    card = window.pointing.card
    qtbot.waitUntil(card.isVisible, timeout=5000)
    table = window.document.session.district.services
    assert str(table["name"][table.row_of(service)]) in card.lines[0]
    assert window.stage.viewport.rect().contains(card.geometry())
    point_at(window.stage.viewport, open_place(window))
    assert not card.isVisible()


def all_within(menu):
    """Yield the actions of a menu and of every menu in it."""
    for action in menu.actions():
        yield action
        if action.menu():
            yield from all_within(action.menu())


def test_a_right_click_offers_what_the_menus_do(qtbot, window):
    service, at = service_in_view(window)
    QTest.mouseClick(window.stage.viewport, Right, NoKeys, at)
    menu = window.offers.menu
    assert window.state.seen.selected == ("services", service)
    offered = [action.objectName() for action in menu.actions()]
    assert offered[:3] == ["zoom", "copy_service", "delete"]
    within = {action.objectName() for action in all_within(menu)}
    assert within >= {name for part in ("edit", "tools", "view") for name in MENU[part] if name}
    menu.actions()[2].trigger()
    menu.close()
    wait_for_figures(qtbot, window)
    assert window.document.session.district.services.rows_of([service])[0] < 0


def test_a_right_click_offers_it_all_again_after_the_menu_was_put_away(qtbot, window):
    _, at = service_in_view(window)
    for _ in range(3):
        QTest.mouseClick(window.stage.viewport, Right, NoKeys, at)
        menu = window.offers.menu
        within = {action.objectName() for action in all_within(menu)}
        assert within >= {"zoom", "undo", "tool_path", "dashboard"}
        with qtbot.waitSignal(menu.destroyed):
            QTest.keyClick(menu, Qt.Key.Key_Escape)
    QTest.keyClick(window, Qt.Key.Key_L, Control)  # the other language: names them all anew
    assert "undo" in {action.objectName() for action in all_within(window.actions_.menu)}


def test_a_view_is_kept_flown_to_and_saved(qtbot, window, tmp_path):
    view = window.stage.viewport
    view.zoom_to(*window.document.session.district.boundary.geometry[0].centroid.coords[0], 120.0)
    qtbot.waitUntil(lambda: view._flight is None)
    kept = view.camera
    QTest.keyClick(window, Qt.Key.Key_B, Control)
    assert window.document.dirty
    view.home()
    qtbot.waitUntil(lambda: view._flight is None)
    assert view.camera.distance > 2 * kept.distance
    QTest.keyClick(window, Qt.Key.Key_1, Control)
    qtbot.waitUntil(lambda: view._flight is None)
    assert view.camera == kept
    path = tmp_path / "views.twin.gpkg"
    window.filing.save_to(path)
    qtbot.waitUntil(lambda: not window.document.dirty, timeout=20_000)
    (read,) = views_from_json(open_project(path).settings["views"])
    assert read.camera() == kept


@pytest.mark.parametrize("values", [None, [1], [{"name": "x"}], [{"focus": [1, 2]}]])
def test_what_is_no_view_is_passed_over(values):
    assert views_from_json(values) == ()
    assert views_to_json(()) == []


def drag(view, button, keys=NoKeys) -> None:
    start = QPoint(view.width() // 2, view.height() // 2)
    QTest.mousePress(view, button, keys, start)
    for step in (10, 40, 60):
        QTest.mouseMove(view, start + QPoint(step, step // 2))
    QTest.mouseRelease(view, button, keys, start + QPoint(60, 30))


@pytest.mark.parametrize(
    ("habit", "button", "keys", "move"),
    [
        ("renewal", Left, NoKeys, "orbit"),
        ("renewal", Left, Shift, "pan"),
        ("renewal", Right, NoKeys, "pan"),
        ("sketchup", Middle, NoKeys, "orbit"),
        ("sketchup", Middle, Shift, "pan"),
        ("rhino", Right, NoKeys, "orbit"),
        ("rhino", Right, Shift, "pan"),
        ("rhino", Middle, NoKeys, "pan"),
        ("blender", Middle, NoKeys, "orbit"),
        ("blender", Middle, Control, "zoom"),
    ],
)
def test_the_mouse_follows_the_habit_of_another_program(window, habit, button, keys, move):
    window.settings.navigation = habit
    window.drawing.follow_navigation()
    view = window.stage.viewport
    before = view.camera
    drag(view, button, keys)
    after = view.camera
    turned = after.heading_deg != before.heading_deg
    nearer = after.distance != before.distance
    assert (turned, nearer) == {
        "orbit": (True, False),
        "pan": (False, False),
        "zoom": (False, True),
    }[move]
    assert after != before


def test_where_another_button_turns_the_view_the_left_draws_a_box(window):
    assert [habit for habit, n in NAVIGATIONS.items() if not n.left_selects] == ["renewal"]
    window.settings.navigation = "sketchup"
    window.drawing.follow_navigation()
    view = window.stage.viewport
    before = view.camera
    start = open_place(window)
    QTest.mousePress(view, Left, NoKeys, start)
    for step in (20, 90, 180):
        QTest.mouseMove(view, start + QPoint(step, step))
    QTest.mouseRelease(view, Left, NoKeys, start + QPoint(180, 180))
    assert view.camera == before
    assert len(window.state.seen.chosen) > 1
    QTest.keyClick(window, Qt.Key.Key_F)
    assert view._flight is not None or view.camera != before


@pytest.mark.parametrize(
    ("name", "heading"), [("south", 0.0), ("west", 90.0), ("north", 180.0), ("east", 270.0)]
)
def test_the_sides_of_the_cube_have_keys_of_their_own(qtbot, window, name, heading):
    view = window.stage.viewport
    key = window.actions_.by_name[f"from_{name}"].shortcut()[0].key()
    QTest.keyClick(view, key, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: not view.is_flying)
    assert view.camera.heading_deg == pytest.approx(heading)
    assert view.camera.pitch_deg < 20.0
    if name == "east":
        QTest.keyClick(view, Qt.Key.Key_PageUp, Qt.KeyboardModifier.AltModifier)
        assert window.state.seen.plan
        qtbot.waitUntil(lambda: not view.is_flying)
        assert view.camera.flat


def offered_on(window, role, id_, at=None) -> dict[str, QAction]:
    """Open the menu of a feature as a right click on it does; return what it offers, by name."""
    view = window.stage.viewport
    where = at or open_place(window)
    window.pointing.open_menu((role, id_), view.mapToGlobal(where))
    menu = window.offers.menu
    menu.hide()
    return {action.objectName() or action.text(): action for action in menu.actions()}


def test_a_home_is_corrected_explained_and_given_a_lift_by_a_right_click(qtbot, window):
    document = window.document
    home = int(document.assessment.origins.building_id[0])
    row = document.session.district.buildings.row_of(home)
    had = bool(document.session.district.buildings["has_lift"][row])
    offered = offered_on(window, "buildings", home)
    own = ["zoom", "correct", "toggle_lift", "explain", "show_in_table"]
    assert list(offered)[:5] == own
    assert "toggle_ramp" not in offered
    offered["toggle_lift"].trigger()
    buildings = document.session.district.buildings
    assert bool(buildings["has_lift"][buildings.row_of(home)]) is not had
    assert window.stage.messages.shown  # said, with the way back
    offered["explain"].trigger()
    assert window.state.seen.subject.id == home
    offered["correct"].trigger()
    fields = window.inspector.findChild(CorrectBuilding)
    assert fields.storeys.isAncestorOf(QApplication.focusWidget()) or fields.storeys.hasFocus()
    offered["show_in_table"].trigger()
    assert window.tabling.panel.role == "buildings"
    offered["show_in_table"].trigger()
    assert window.tabling.panel.isVisible()  # it shows, and never puts away
    wait_for_figures(qtbot, window)


def test_only_steps_take_a_ramp(window):
    streets = window.document.session.district.streets
    for kind, fits in (("steps", True), ("street", False), ("gate", False)):
        rows = np.flatnonzero(streets["kind"] == kind)
        if len(rows):
            offered = offered_on(window, "streets", int(streets.ids[rows[0]]))
            assert ("toggle_ramp" in offered) is fits
            assert {"toggle_gate", "show_in_table"} <= set(offered)


@pytest.mark.parametrize("kind", ["gate", "street"])
@pytest.mark.parametrize("spoken", ["en", "zh_CN"])
def test_a_street_and_a_gate_are_called_what_they_are(window, kind, spoken):
    if spoken == "zh_CN":
        QTest.keyClick(window, Qt.Key.Key_L, Control)
    streets = window.document.session.district.streets
    wanted = (streets["kind"] == "gate") == (kind == "gate")
    id_ = int(streets.ids[np.flatnonzero(wanted & (streets["status"] == "open"))[0]])
    for does in ("close", "open"):
        offered = offered_on(window, "streets", id_)
        assert offered["toggle_gate"].text() == text(f"chosen.{does}_{kind}", spoken)
        offered["toggle_gate"].trigger()
    window.state.set(selected=None)
    words = window.actions_.by_name["toggle_gate"].text()
    assert words == text("action.toggle_gate", spoken)


def test_the_type_that_was_in_hand_last_is_placed_where_one_clicks(qtbot, window):
    site = int(window.document.session.district.sites.ids[0])
    assert text("chooser.place_some") in offered_on(window, "sites", site)
    window.hand.arm("canteen")
    window.hand.escape()
    at = open_place(window)
    pick = window.stage.viewport.pick_at(at.x(), at.y())
    before = len(window.document.session.district.services)
    offered = offered_on(window, "sites", site, at)
    offered[text("chooser.place_here", name=type_name("canteen"))].trigger()
    services = window.document.session.district.services
    assert len(services) == before + 1
    assert services["types"][-1] == "canteen"
    assert services.geometry[-1].distance(Point(pick.x, pick.y)) < 30  # a door near by catches it
    assert window.state.seen.mode == "select"
    wait_for_figures(qtbot, window)


def test_what_a_right_click_offers_stands_in_the_menus_too():
    from gui.offers import OFFERED

    within = {name for names in MENU.values() for name in names}
    assert {name for names in OFFERED.values() for name in names} <= within
