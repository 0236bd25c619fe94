"""The tools of the hand: paths, gates, streets, ramps, lifts, measuring, selecting several."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from gui.gain import gain_lines, gained, most_changed
from gui.tools.draw import DrawTool
from gui.tools.snapping import Catch
from tests.gui.conftest import click, open_place, pixel_of, point_at, wait_for_figures
from tests.gui.test_editing import place_canteen, service_in_view
from twin.assessment.assess import assess
from twin.language import text
from twin.model.edits import ChangeStreet, MoveService
from twin.walking.routes import route_between

Left, NoKeys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
Control, Shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def streets(window):
    return window.document.session.district.streets


def look_down(window) -> None:
    """Look straight down at the middle, near enough for streets to lie apart."""
    QTest.keyClick(window, Qt.Key.Key_T)
    assert window.stage.viewport.is_plan
    land(window)
    middle = window.document.session.district.boundary.geometry[0].centroid
    window.stage.viewport.zoom_to(middle.x, middle.y, 220.0)
    land(window)


def land(window) -> None:
    """Be at the end of a flight at once; what it looks like on the way is tested elsewhere."""
    view = window.stage.viewport
    view.set_camera(view.final_camera)
    assert not view.is_flying
    QTest.qWait(50)


def nearest_street(window, *kinds):
    """Return id and middle of the street of some kinds that is nearest to the middle."""
    table = streets(window)
    rows = np.flatnonzero(np.isin(table["kind"], kinds))
    middle = window.document.session.district.boundary.geometry[0].centroid
    best = rows[np.argmin(shapely.distance(table.geometry[rows], middle))]
    point = table.geometry[best].interpolate(0.5, normalized=True)
    return int(table.ids[best]), point


def go_to(window, point, radius=60.0) -> QPoint:
    window.stage.viewport.zoom_to(point.x, point.y, radius)
    land(window)
    return pixel_of(window, point.x, point.y)


def test_a_path_is_drawn_corner_by_corner_and_caught_by_the_streets(qtbot, window):
    look_down(window)
    view, before = window.stage.viewport, streets(window)
    QTest.keyClick(window, Qt.Key.Key_L)
    assert window.state.seen.mode == "path"
    assert window.actions_.by_name["tool_path"].isChecked()
    start, end = QPoint(view.width() // 3, view.height() // 3), QPoint(view.width() // 2, 320)
    click(view, start)
    point_at(view, end)
    click(view, end)
    QTest.keyClick(view, Qt.Key.Key_Return)
    wait_for_figures(qtbot, window)
    after = streets(window)
    assert len(after) == len(before) + 1
    assert after["kind"][-1] == "footway"
    assert window.state.seen.selected == ("streets", int(after.ids[-1]))
    assert window.document.session.history[-1].label == "history.footway"
    expected = assess(window.document.session.district, window.document.standard)
    assert window.document.assessment.full_circle.covered == expected.full_circle.covered
    QTest.keyClick(window, Qt.Key.Key_Z, Control)
    assert streets(window) is before


def test_a_path_through_buildings_says_so_and_one_to_a_door_does_not(window):
    buildings = window.document.session.district.buildings
    box = min(buildings.geometry, key=shapely.area).envelope
    west, _south, east, _north = box.bounds
    y = box.centroid.y
    tool = DrawTool(window.document, "footway", lambda: 0.01, lambda _id: None, lambda: None)
    doubt = text("draw.through", count=1)
    tool.corners = [(west - 2.0, y)]
    assert doubt in tool.words(Catch(east + 2.0, y, ""))
    assert doubt not in tool.words(Catch(west + 0.2, y, ""))
    water = window.document.session.district.water
    assert len(water)
    lake = next(one for one in water.geometry if one.geom_type.endswith("Polygon"))
    inside = lake.representative_point()
    tool.corners = [(inside.x - 2.0, inside.y)]
    assert text("draw.over_water") in tool.words(Catch(inside.x + 2.0, inside.y, ""))


def test_a_typed_length_sets_a_corner_exactly(qtbot, window):
    look_down(window)
    view = window.stage.viewport
    QTest.keyClick(window, Qt.Key.Key_X)
    click(view, QPoint(view.width() // 3, view.height() // 3))
    point_at(view, QPoint(view.width() // 2, view.height() // 3 + 40))
    QTest.keyClicks(view, "12.5")
    QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.keyClick(view, Qt.Key.Key_Return)
    wait_for_figures(qtbot, window)
    assert streets(window)["kind"][-1] == "crossing"
    assert streets(window).geometry[-1].length == pytest.approx(12.5)


def test_a_path_is_typed_by_coordinates_lengths_and_angles(qtbot, window):
    look_down(window)
    view, middle = window.stage.viewport, window.document.session.district.boundary.geometry[0]
    x, y = (round(value, 1) for value in middle.centroid.coords[0])
    QTest.keyClick(window, Qt.Key.Key_L)
    point_at(view, QPoint(view.width() // 2, view.height() // 2))
    QTest.keyClicks(view, "10,20")  # lies far off: it stays, to be mended
    QTest.keyClick(view, Qt.Key.Key_Return)
    for _ in "10,20":
        QTest.keyClick(view, Qt.Key.Key_Backspace)
    for typed in (f"{x},{y}", "30<90", "40<-180"):
        QTest.keyClicks(view, typed)
        QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.keyClick(view, Qt.Key.Key_Return)
    wait_for_figures(qtbot, window)
    drawn = shapely.get_coordinates(streets(window).geometry[-1])
    assert drawn == pytest.approx(np.array([(x, y), (x, y + 30.0), (x - 40.0, y + 30.0)]))


def test_escape_gives_the_drawing_up_and_then_the_tool(window):
    before = streets(window)
    QTest.keyClick(window, Qt.Key.Key_L)
    click(window.stage.viewport, open_place(window))
    QTest.keyClick(window.stage.viewport, Qt.Key.Key_Escape)
    assert window.state.seen.mode == "path"
    QTest.keyClick(window.stage.viewport, Qt.Key.Key_Escape)
    assert window.state.seen.mode == "select"
    assert streets(window) is before
    assert window.document.session.scenario == "base"


@pytest.mark.parametrize(
    ("mode", "key", "kinds"),
    [("gate", Qt.Key.Key_G, ("gate",)), ("street", Qt.Key.Key_S, ("footway", "street"))],
)
def test_a_click_closes_and_opens_a_gate_or_a_street(qtbot, window, mode, key, kinds):
    look_down(window)
    street, place = nearest_street(window, *kinds)
    at = go_to(window, place)
    QTest.keyClick(window, key, Shift)
    assert window.state.seen.mode == mode
    row = streets(window).row_of(street)
    before = streets(window)["status"][row]
    point_at(window.stage.viewport, at)
    qtbot.waitUntil(lambda: window.document.preview is not None, timeout=20_000)
    assert window.document.session.scenario == "base"  # what hovers is only tried out
    click(window.stage.viewport, at)
    wait_for_figures(qtbot, window)
    changed = window.state.seen.selected[1]
    assert (streets(window)["kind"][streets(window).row_of(changed)] == "gate") == (mode == "gate")
    assert streets(window)["status"][streets(window).row_of(changed)] != before
    click(window.stage.viewport, at)
    wait_for_figures(qtbot, window)
    assert len(window.document.session.history) == 2
    assert window.state.seen.mode == mode  # the tool stays in hand


def test_a_ramp_is_added_to_steps_by_tool_and_by_inspector(qtbot, window):
    look_down(window)
    steps, place = nearest_street(window, "footway")
    window.document.do("history.street", ChangeStreet(steps, {"kind": "steps"}))
    wait_for_figures(qtbot, window)
    was = False
    at = go_to(window, place, 30.0)
    QTest.keyClick(window, Qt.Key.Key_R)
    click(window.stage.viewport, at)
    wait_for_figures(qtbot, window)
    changed = window.state.seen.selected
    assert streets(window)["ramp"][streets(window).row_of(changed[1])] != was
    click(window.inspector.page.ramp)
    wait_for_figures(qtbot, window)
    assert streets(window)["ramp"][streets(window).row_of(changed[1])] == was


def test_a_raised_kerb_is_lowered_in_the_inspector(qtbot, window):
    crossing, _ = nearest_street(window, "footway")
    window.document.do("history.street", ChangeStreet(crossing, {"kerb": "raised"}))
    wait_for_figures(qtbot, window)
    window.state.set(selected=("streets", crossing))
    click(window.inspector.page.kerb)
    wait_for_figures(qtbot, window)
    assert streets(window)["kerb"][streets(window).row_of(crossing)] == "lowered"
    assert not window.inspector.page.kerb.isVisible()


def home_in_view(window):
    view, buildings = window.stage.viewport, window.document.session.district.buildings
    for y in range(view.height() // 3, view.height() - 200, 5):
        for x in range(320, view.width() - 80, 5):
            feature = view.pick_at(x, y).feature
            if feature is not None and feature[0] == "buildings":
                row = buildings.row_of(feature[1])
                if buildings["residents"][row] > 0 and not buildings["has_lift"][row]:
                    return feature[1], QPoint(x, y)
    raise AssertionError("no home without lift in the view")


def test_a_lift_is_added_to_a_building(qtbot, window):
    building, at = home_in_view(window)
    QTest.keyClick(window, Qt.Key.Key_L, Shift)
    click(window.stage.viewport, at)
    wait_for_figures(qtbot, window)
    after = window.document.session.district.buildings
    assert after["has_lift"][after.row_of(building)]
    assert window.document.session.history[-1].label == "history.lift"


def test_storeys_and_residents_are_corrected_in_the_inspector(qtbot, window):
    building, _ = home_in_view(window)
    window.state.set(selected=("buildings", building))
    page = window.inspector.page._correct
    for field, typed in ((page.storeys, "9"), (page.residents, "246")):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
        wait_for_figures(qtbot, window)
    before = window.document.session.base.buildings
    after = window.document.session.district.buildings
    row = after.row_of(building)
    assert (after["storeys"][row], after["residents"][row]) == (9.0, 246.0)
    bands = [name for name in after if name.startswith("age_")]
    was, now = (np.array([t[name][row] for name in bands]) for t in (before, after))
    np.testing.assert_allclose(now / now.sum(), was / was.sum())
    assert now.sum() == pytest.approx(246.0)


def test_measuring_gives_the_straight_line_and_the_walk(qtbot, window):
    look_down(window)
    view = window.stage.viewport
    QTest.keyClick(window, Qt.Key.Key_M)
    ends = [QPoint(view.width() // 3, view.height() // 3), QPoint(view.width() // 2, 400)]
    for end in ends:
        click(view, end)
    qtbot.waitUntil(lambda: window.state.seen.route is not None, timeout=20_000)
    places = [(view.pick_at(p.x(), p.y()).x, view.pick_at(p.x(), p.y()).y) for p in ends]
    district = window.document.session.district
    expected = route_between(district, *places, ("adult", "min"))
    assert window.state.seen.route.metres == pytest.approx(expected.metres, abs=0.5)
    tool = window.hand._tool
    said = " ".join(tool.words(tool.ends))
    assert f"{np.hypot(*np.subtract(*places)):,.0f}" in said
    assert f"{expected.metres:,.0f}" in said
    assert f"{expected.minutes:.1f}\u2009min" in said
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert window.state.seen.route is None


def test_a_box_selects_what_lies_in_it_and_ctrl_click_takes_away(qtbot, window):
    view, before = window.stage.viewport, window.state.seen
    QTest.keyClick(window, Qt.Key.Key_B)
    start, end = QPoint(view.width() // 3, view.height() // 3), QPoint(view.width() * 2 // 3, 500)
    QTest.mousePress(view, Left, NoKeys, start)
    for part in (0.3, 0.6, 1.0):
        QTest.mouseMove(view, start + (end - start) * part)
    QTest.mouseRelease(view, Left, NoKeys, end)
    chosen = window.state.seen.chosen
    assert {role for role, _ in chosen} >= {"buildings", "services"}
    seen = window.state.seen  # that one of many is a service is no question about its reach
    assert (seen.colour_by, seen.requirement) == (before.colour_by, before.requirement)
    assert not window.jobs.busy("field")
    assert not window.jobs.busy("catchment")
    pins = view.scene.pins
    pixels, visible = view.scene.project(pins.head)
    inside = visible & (pixels >= (start.x(), start.y())).all(axis=1)
    inside &= (pixels <= (end.x(), end.y())).all(axis=1)
    assert {i for role, i in chosen if role == "services"} == set(pins.ids[inside].tolist())
    first = next(f for f in chosen if f[0] == "services")
    QTest.keyClick(window, Qt.Key.Key_Q)
    at = QPoint(*(int(v) for v in pixels[pins.ids == first[1]][0]))
    hit = view.pick_at(at.x(), at.y()).feature
    QTest.mouseClick(view, Left, Control, at)
    assert (hit in window.state.seen.chosen) != (hit in chosen)


def test_a_lasso_selects_what_lies_in_the_line_drawn_round_it(qtbot, window):
    view = window.stage.viewport
    QTest.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    wide, tall = view.width(), view.height()
    line = [QPoint(wide // 2, tall // 4), QPoint(wide * 2 // 3, tall // 2), QPoint(wide // 2, 500)]
    QTest.mousePress(view, Left, NoKeys, line[0])
    for point in line[1:]:
        QTest.mouseMove(view, point)
    QTest.mouseRelease(view, Left, NoKeys, line[-1])
    pins = view.scene.pins
    pixels, visible = view.scene.project(pins.head)
    drawn = shapely.Polygon([(point.x(), point.y()) for point in line])
    inside = visible & shapely.contains_xy(drawn, pixels[:, 0], pixels[:, 1])
    chosen = {i for role, i in window.state.seen.chosen if role == "services"}
    assert chosen == set(pins.ids[inside].tolist())
    west, north, east, south = drawn.bounds
    box = visible & (pixels >= (west, north)).all(axis=1) & (pixels <= (east, south)).all(axis=1)
    assert 0 < len(chosen) < box.sum()  # a box round it would have taken more


def test_many_homes_get_a_lift_in_one_step_that_the_history_counts(qtbot, window):
    view = window.stage.viewport
    QTest.keyClick(window, Qt.Key.Key_B)
    QTest.mousePress(view, Left, NoKeys, QPoint(view.width() // 3, view.height() // 3))
    QTest.mouseMove(view, QPoint(view.width() // 2, view.height() // 2))
    QTest.mouseRelease(view, Left, NoKeys, QPoint(view.width() * 2 // 3, view.height() // 2))
    homes = [id_ for role, id_ in window.state.seen.chosen if role == "buildings"]
    only = text("many.only", role=text("role.buildings"), count=f"{len(homes):,}")
    buttons = window.inspector.page.findChildren(QPushButton)
    click(next(button for button in buttons if button.text() == only))
    QTest.keyClick(window, Qt.Key.Key_H, Control)
    click(window.inspector.page.lift)
    wait_for_figures(qtbot, window)
    buildings = window.document.session.district.buildings
    assert len(homes) > 2
    assert buildings["has_lift"][buildings.rows_of(homes)].all()
    panel = window.history.panel
    assert f"{len(homes):,}" in panel.list.item(0).text()
    assert panel.list.count() == 2
    said = window.stage.messages.shown[-1]
    place = QRect(said.mapTo(window.stage, QPoint(0, 0)), said.size())
    assert not place.intersects(panel.geometry())  # whose heading holds its buttons
    click(panel.list.viewport(), panel.list.visualItemRect(panel.list.item(1)).center())
    assert window.document.session.district is window.document.session.base


def test_several_services_are_removed_and_changed_as_one_step(qtbot, window):
    services = window.document.session.district.services
    service_in_view(window)
    view = window.stage.viewport
    pins = view.scene.pins_drawn
    pixels, visible = view.scene.project(pins.head)
    for id_, at in zip(pins.ids[visible].tolist(), pixels[visible], strict=True):
        here = QPoint(*(int(v) for v in np.round(at)))
        clear = view.rect().adjusted(20, 20, -20, -20).contains(here)
        if clear and view.pick_at(here.x(), here.y()).feature == ("services", id_):
            QTest.mouseClick(view, Left, Control, here)
        if len(window.state.seen.chosen) == 3:
            break
    three = window.state.seen.chosen
    assert len({id_ for role, id_ in three if role == "services"}) == 3
    box = window.inspector.page.status
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)  # opens the list
    for _ in range(box.findData("planned")):
        QTest.keyClick(box.view(), Qt.Key.Key_Down)
    QTest.keyClick(box.view(), Qt.Key.Key_Return)
    assert box.currentData() == "planned"
    wait_for_figures(qtbot, window)
    after = window.document.session.district.services
    assert set(after["status"][after.rows_of([i for _, i in three])]) == {"planned"}
    window.activateWindow()  # the list had the keyboard, and no window manager gives it back
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    QTest.keyClick(window, Qt.Key.Key_Delete)
    wait_for_figures(qtbot, window)
    assert len(window.document.session.district.services) == len(services) - 3
    assert len(window.document.session.history) == 2
    assert window.state.seen.chosen == ()


def test_a_copy_of_a_service_is_placed_with_all_it_has(qtbot, window):
    service, at = service_in_view(window)
    click(window.stage.viewport, at)
    QTest.keyClick(window, Qt.Key.Key_D, Control)
    place = open_place(window)
    point_at(window.stage.viewport, place)
    click(window.stage.viewport, place)
    wait_for_figures(qtbot, window)
    table = window.document.session.district.services
    old, new = table.record(table.row_of(service)), table.record(len(table) - 1)
    for name in ("types", "name", "floor_area_m2", "capacity", "status"):
        assert new[name] == old[name] or old[name] != old[name]
    assert new["geometry"].distance(old["geometry"]) > 1.0


def test_a_service_is_moved_by_typing_its_place(qtbot, window):
    service = int(window.document.session.district.services.ids[0])
    window.state.set(selected=("services", service))
    field = window.inspector.page._east
    before = float(field.text().replace(",", ""))
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, str(before + 10))
    QTest.keyClick(field, Qt.Key.Key_Return)
    wait_for_figures(qtbot, window)
    table = window.document.session.district.services
    assert table.geometry[table.row_of(service)].representative_point().x == pytest.approx(
        before + 10
    )


def test_the_ghost_says_what_the_place_would_gain(qtbot, window):
    click(window.palette_.row("canteen"))
    point_at(window.stage.viewport, open_place(window))
    qtbot.waitUntil(
        lambda: window.document.preview is not None and window.document.current,
        timeout=20_000,
    )
    said = gain_lines(window.document)
    before, after = window.document.standing, window.document.assessment
    change = round(after.result("canteen").covered - before.result("canteen").covered)
    assert (f"+{change:,}" in said[0]) if change else (said == [text("gain.none")])


def test_who_loses_is_told_beside_who_gains(window):
    """A path that brings some nearer may lead others away from what they had."""
    one, other, third = [r.requirement for r in window.document.assessment.results[:3]]

    def state(*people):
        return SimpleNamespace(
            results=[
                SimpleNamespace(status="assessed", covered=covered, requirement=wanted)
                for covered, wanted in zip(people, (one, other, third), strict=True)
            ]
        )

    said = gained(state(100.0, 700.0, 50.0), state(121.0, 680.0, 52.0))
    assert said == f"{one.marked_name()}: +21 covered; {other.marked_name()}: −20 covered"
    only_loss = gained(state(100.0, 700.0, 50.0), state(100.0, 699.0, 50.0))
    assert only_loss == f"{other.marked_name()}: −1 covered"
    assert gained(state(1.0, 2.0, 3.0), state(1.0, 2.0, 3.0)) == text("gain.none")


def test_the_history_names_every_step_and_goes_to_any(qtbot, window):
    base = window.document.session.base
    place_canteen(qtbot, window)
    service = int(base.services.ids[0])
    middle = base.boundary.geometry[0].centroid
    window.document.do("history.move", MoveService(service, middle.x, middle.y))
    last = window.document.session.district
    QTest.keyClick(window, Qt.Key.Key_H, Control)
    panel = window.history.panel
    names = [panel.list.item(row).text() for row in range(panel.list.count())]
    assert len(names) == 3
    assert text("history.move") in names[0]
    assert "Community canteen" in names[1]
    assert text("history_list.start") in names[2]
    click(panel.list.viewport(), panel.list.visualItemRect(panel.list.item(2)).center())
    wait_for_figures(qtbot, window)
    assert window.document.session.district is base
    click(panel.list.viewport(), panel.list.visualItemRect(panel.list.item(0)).center())
    assert window.document.session.district is last
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()


def test_a_drag_that_is_refused_leaves_everything_where_it_was(qtbot, window):
    """The service went away under the hand: one message, the old figures, nothing begun."""
    before = window.document.standing
    window.document.try_out(MoveService(987_654, 0.0, 0.0))
    qtbot.waitUntil(lambda: bool(window.stage.messages.shown), timeout=20_000)
    assert window.document.assessment is before
    window.document.try_out(MoveService(987_654, 0.0, 0.0))
    window.document.keep("history.move")
    assert window.document.session.scenario == "base"
    assert window.document.assessment is before


def test_a_scenario_comes_back_under_a_free_name(qtbot, window):
    session = window.document.session
    session.copy_scenario("North")
    window.scenarios.remove()
    session.copy_scenario("North")
    click(window.stage.messages.shown[-1].buttons[0])
    assert session.scenarios == ("base", "North", "North (2)")


def test_a_path_that_takes_homes_a_longer_way_says_why_fewer_are_covered(qtbot, window):
    """It ends a metre from a door, nearer than the street the door opened on, in a dead end."""
    view = window.stage.viewport
    door, street = (531196.77, 3387534.88), (531137.19, 3387541.99)
    look_down(window)
    view.zoom_to((door[0] + street[0]) / 2, door[1], 60.0)
    qtbot.waitUntil(lambda: not view.is_flying)
    QTest.keyClick(window, Qt.Key.Key_L)
    for place in (street, door):
        point_at(view, pixel_of(window, *place))
        click(view, pixel_of(window, *place))
    before = window.document.standing
    QTest.keyClick(view, Qt.Key.Key_Return)
    wait_for_figures(qtbot, window)
    now = window.document.standing
    assert most_changed(before, now)[0] < 0
    said = window.stage.messages.shown[-1]
    assert "−" in said.words
    assert text("done.less_by_path") in said.words
    QTest.keyClick(window, Qt.Key.Key_Z, Control)  # as many as before: nothing to explain
    wait_for_figures(qtbot, window)
    assert text("done.less_by_path") not in window.stage.messages.shown[-1].words
