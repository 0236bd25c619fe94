"""Placing, moving, removing, undoing: what the hand does, and what the score says of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QStyle, QStyleOptionFrame

from gui.gain import gained
from gui.scene import camera as moves
from tests.gui.conftest import choose, click, open_place, pixel_of, point_at, wait_for_figures
from twin.assessment.assess import assess
from twin.language import text
from twin.model.catalogues import groups, service_types
from twin.model.edits import RemoveService
from twin.walking.walks import nearest

NEAR_M = 600.0
"""From how far away glyphs are so large that a hand can mean one of them."""
Left, NoKeys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def services(window):
    return window.document.session.district.services


def place_canteen(qtbot, window) -> int:
    """Place a canteen as a user does and return its id."""
    click(window.palette_.row("canteen"))
    click(window.stage.viewport, open_place(window))
    wait_for_figures(qtbot, window)
    return int(services(window).ids[-1])


def service_in_view(window) -> tuple[int, QPoint]:
    """Come near and return a service that can be picked there, and its pixel."""
    view = window.stage.viewport
    middle = window.document.session.district.boundary.geometry[0].centroid
    focus = (middle.x, middle.y, view.camera.focus[2])  # home looks beside it, clear of the cards
    view.set_camera(moves.look_at(view.camera, focus, NEAR_M))
    return service_picked(view)


def look_at(window, building: int) -> None:
    """Come near a building."""
    view, buildings = window.stage.viewport, window.document.session.district.buildings
    at = buildings.geometry[buildings.row_of(building)].centroid
    view.set_camera(moves.look_at(view.camera, (at.x, at.y, view.camera.focus[2]), NEAR_M))


def service_picked(view) -> tuple[int, QPoint]:
    """Return a service that can be picked in the view as it is, and its pixel."""
    for y in range(view.height() // 3, view.height() - 200, 4):
        for x in range(320, view.width() - 80, 4):
            feature = view.pick_at(x, y).feature
            if feature is not None and feature[0] == "services":
                return feature[1], QPoint(x, y)
    raise AssertionError("no service in the view")


def drag(view, start: QPoint, *through: QPoint) -> None:
    QTest.mousePress(view, Left, NoKeys, start)
    for point in through:
        QTest.mouseMove(view, point)


def test_the_sample_opens_with_its_score(window):
    assessment = window.document.assessment
    expected = assess(window.document.district, window.document.standard)
    assert assessment.full_circle.covered == expected.full_circle.covered
    assert window.stage.viewport is not None
    assert window.header._name.text() == text("stage.sample")


def test_placing_a_canteen_makes_a_scenario_and_changes_the_score(qtbot, window):
    result, origins = (
        window.document.assessment.result("canteen"),
        window.document.assessment.origins,
    )
    before, count = result.covered, len(services(window))
    lacking = origins.group(result.requirement.group) * (1.0 - result.covered_part)
    look_at(window, int(origins.building_id[lacking.argmax()]))
    placed = place_canteen(qtbot, window)
    assert len(services(window)) == count + 1
    assert services(window)["types"][-1] == "canteen"
    assert window.document.session.scenario != "base"
    assert window.state.seen.selected == ("services", placed)
    assert window.state.seen.armed == ""
    assert window.document.session.scenario in window.stage.messages.shown[-1].words
    after = window.document.assessment.result("canteen")
    assert (
        after.covered
        == assess(window.document.session.district, window.document.standard)
        .result("canteen")
        .covered
    )
    assert after.covered >= before
    # The row of the score panel has the change beside the figure, and the base on its bar.
    bar = window.score._rows._rows[window.score._rows._keys.index("canteen")].bar
    assert bar.share == pytest.approx(after.covered / after.total)
    assert bar.base_share == pytest.approx(before / after.total)
    assert round(after.covered - before) > 0
    assert bar.gains
    assert bar.change.endswith(f"+{after.covered - before:,.0f}")


def test_communities_and_groups_say_how_many_they_lost_and_gained(qtbot, window):
    """Without a bus stop nobody has everything: each row loses all that it had."""
    had = window.document.assessment.full_circle
    table = services(window)
    stops = [i for i, kinds in zip(table.ids, table["types"], strict=True) if "bus_stop" in kinds]
    window.document.do("history.remove", *[RemoveService(int(stop)) for stop in stops])
    wait_for_figures(qtbot, window)
    assert window.document.assessment.full_circle.covered == 0
    names = window.document.session.district.communities["name"]
    by_community = dict(zip([*names, text("score.outside")], had.by_community[0], strict=True))
    by_group = {groups()[id_].name: covered for id_, (covered, _, _) in had.by_group.items()}
    for page, before in (("communities", by_community), ("groups", by_group)):
        click(window.score._segments._buttons[page])
        bars = {row.bar.title: row.bar for row in window.score._rows._rows}
        told = {name: bars[name].change for name in bars}
        lost = {name: round(people) for name, people in before.items() if name in bars}
        assert sum(lost.values()) > 0
        assert told == {n: f"▼\u2009−{people:,}" if people else "" for n, people in lost.items()}
        assert not any(bar.gains for bar in bars.values())
    choose(window.header._scenario, "base")
    wait_for_figures(qtbot, window)
    assert {row.bar.change for row in window.score._rows._rows} == {""}


def test_undo_and_redo_bring_the_very_figures_back(qtbot, window):
    before = window.document.assessment.result("canteen").covered
    place_canteen(qtbot, window)
    after = window.document.assessment.result("canteen").covered
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_for_figures(qtbot, window)
    assert window.document.assessment.result("canteen").covered == before
    QTest.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    wait_for_figures(qtbot, window)
    assert window.document.assessment.result("canteen").covered == after


def test_the_score_answers_while_a_new_service_hovers(qtbot, window):
    click(window.palette_.row("canteen"))
    point_at(window.stage.viewport, open_place(window))
    qtbot.waitUntil(lambda: window.document.preview is not None, timeout=20_000)
    assert window.state.seen.ghost is not None
    assert len(window.document.assessment.district.services) == len(services(window)) + 1
    QTest.keyClick(window.stage.viewport, Qt.Key.Key_Escape)
    assert window.document.preview is None
    assert window.state.seen.ghost is None
    assert window.document.session.scenario == "base"


def test_dragging_a_service_is_one_edit_and_answers_under_the_hand(qtbot, window):
    service, start = service_in_view(window)
    view = window.stage.viewport
    drag(view, start, start + QPoint(8, 4), start + QPoint(40, 30), start + QPoint(60, 30))
    qtbot.waitUntil(lambda: window.document.preview is not None, timeout=20_000)
    assert window.document.session.scenario == "base"  # nothing is done yet
    assert window.state.seen.held == service
    QTest.mouseRelease(view, Left, NoKeys, start + QPoint(60, 30))
    wait_for_figures(qtbot, window)
    assert len(window.document.session.history) == 1
    moved = services(window).geometry[services(window).row_of(service)]
    base = window.document.session.base.services
    assert moved.distance(base.geometry[base.row_of(service)]) > 1.0
    expected = assess(window.document.session.district, window.document.standard)
    assert window.document.assessment.full_circle.covered == expected.full_circle.covered
    said = window.stage.messages.shown[-1].words  # that it moved, and who gains by it
    kind = services(window)["types"][services(window).row_of(service)].split(",")[0]
    assert text("done.moved", name=service_types()[kind].name) in said
    assert gained(window.document.base_assessment, window.document.assessment) in said


def test_from_far_away_a_drag_turns_the_view_and_moves_no_service_but_a_selected_one(qtbot, window):
    view = window.stage.viewport
    service, start = service_picked(view)
    heading = view.camera.heading_deg
    drag(view, start, start + QPoint(20, 0), start + QPoint(60, 0))
    QTest.mouseRelease(view, Left, NoKeys, start + QPoint(60, 0))
    assert view.camera.heading_deg != heading
    assert window.state.seen.selected is None
    assert window.document.session.scenario == "base"
    service, start = service_picked(view)
    click(view, start)
    assert window.state.seen.selected == ("services", service)
    drag(view, start, start + QPoint(20, 0), start + QPoint(60, 0))
    QTest.mouseRelease(view, Left, NoKeys, start + QPoint(60, 0))
    wait_for_figures(qtbot, window)
    assert len(window.document.session.history) == 1


def test_escape_puts_a_dragged_service_back(qtbot, window):
    _, start = service_in_view(window)
    view = window.stage.viewport
    drag(view, start, start + QPoint(8, 4), start + QPoint(40, 30))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(view, Left, NoKeys, start + QPoint(40, 30))
    wait_for_figures(qtbot, window)
    assert window.document.session.history == ()
    assert window.state.seen.held == -1
    assert window.state.seen.ghost is None


def test_delete_removes_the_selected_service(qtbot, window):
    service, at = service_in_view(window)
    click(window.stage.viewport, at)
    assert window.state.seen.selected == ("services", service)
    QTest.keyClick(window, Qt.Key.Key_Delete)
    wait_for_figures(qtbot, window)
    assert services(window).rows_of([service])[0] == -1
    assert window.state.seen.selected is None


def test_a_service_is_placed_on_a_site_from_the_inspector(qtbot, window):
    district = window.document.session.district
    site = int(district.sites.ids[0])
    click(window.palette_.row("elder_day_care"))
    window.state.set(selected=("sites", site))
    click(window.inspector.page._place)
    wait_for_figures(qtbot, window)
    assert services(window)["site_id"][-1] == site
    assert district.sites.geometry[0].intersects(services(window).geometry[-1])


def test_a_gate_is_closed_in_the_inspector(qtbot, window):
    streets = window.document.session.district.streets
    gate = int(streets.ids[(streets["kind"] == "gate") & (streets["status"] == "open")][0])
    window.state.set(selected=("streets", gate))
    click(window.inspector.page._buttons["closed"])
    wait_for_figures(qtbot, window)
    changed = window.document.session.district.streets
    assert changed["status"][changed.row_of(gate)] == "closed"
    qtbot.waitUntil(
        lambda: window.stage.shown_district is window.document.session.district, timeout=20_000
    )


def test_area_and_capacity_are_edited_in_the_inspector(qtbot, window):
    placed = place_canteen(qtbot, window)
    page = window.inspector.page
    for field, words in ((page._area, "300\u2009m²"), (page._capacity, "200")):
        assert field.text() == words
        qtbot.waitUntil(lambda f=field, w=words: room_in(f) > f.fontMetrics().horizontalAdvance(w))
    field = page._capacity
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "321")
    QTest.keyClick(field, Qt.Key.Key_Return)
    wait_for_figures(qtbot, window)
    assert services(window)["capacity"][services(window).row_of(placed)] == 321.0


def test_dragging_a_service_shows_what_it_is_about(qtbot, window):
    """Whatever was opened before, score row, colours and legend answer the hand."""
    standard = window.document.standard
    other = standard.requirements[0]
    window.score.requirement_chosen.emit(other.id)
    service, start = service_in_view(window)  # now: what is not asked about is drawn smaller
    types = services(window)["types"][services(window).row_of(service)].split(",")
    assert not set(types) & set(other.service_types)
    drag(window.stage.viewport, start, start + QPoint(8, 4), start + QPoint(40, 30))
    opened = window.state.seen.requirement
    wanted = next((r for r in standard.requirements if set(types) & set(r.service_types)), None)
    assert opened == (wanted.id if wanted else "")
    assert window.state.seen.colour_by.service_type in types
    assert window.stage.legend._what.currentData()[1] in types
    QTest.keyClick(window.stage.viewport, Qt.Key.Key_Escape)


@pytest.mark.parametrize("type_id", ["canteen", "parcel_point"])
def test_selecting_a_service_opens_the_requirement_of_its_type(window, type_id):
    table = services(window)
    service = int(table.ids[[type_id in types.split(",") for types in table["types"]]][0])
    window.state.set(selected=("services", service))
    row = "canteen" if type_id == "canteen" else ""  # GB 50180 has no row for parcels
    assert window.state.seen.requirement == row
    assert window.state.seen.colour_by.service_type == type_id


def test_a_type_without_a_limit_is_not_said_to_serve_nobody(window):
    table = services(window)
    service = int(table.ids[table["types"] == "parcel_point"][0])
    window.state.set(selected=("services", service))
    words = [label.text() for label in window.inspector.page.findChildren(QLabel)]
    assert text("service.serves_nobody") not in words
    assert any("sets no limit for this kind of service" in line for line in words)


def test_the_offer_to_undo_goes_when_the_history_goes_on(qtbot, window):
    _, at = service_in_view(window)
    click(window.stage.viewport, at)
    QTest.keyClick(window, Qt.Key.Key_Delete)
    assert [message.kind for message in window.stage.messages.shown] == ["done"]
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    (said,) = window.stage.messages.shown
    assert [button.text() for button in said.buttons] == [text("action.redo")]


def room_in(field: QLineEdit) -> int:
    """Return the pixels that a field's style leaves for what is typed."""
    option = QStyleOptionFrame()
    field.initStyleOption(option)
    edit = QStyle.SubElement.SE_LineEditContents
    return field.style().subElementRect(edit, option, field).width()


@pytest.mark.parametrize("at", [(0.5, 0.5)])
def test_a_building_shows_its_residents_and_walks_and_the_way(qtbot, window, at):
    assessment = window.document.assessment
    result = assessment.result("canteen")
    origin = int((result.cost < float("inf")).nonzero()[0][0])
    building = int(assessment.origins.building_id[origin])
    window.state.set(selected=("buildings", building))
    rows = window.inspector.page._rows
    assert set(rows) == {r.requirement.id for r in assessment.results if r.status != "not_assessed"}
    click(rows["canteen"])
    qtbot.waitUntil(lambda: window.state.seen.route is not None, timeout=20_000)
    way = window.state.seen.route
    line = way.line
    lived = assessment.district.buildings.record(assessment.origins.building_row[origin])
    page = window.inspector.page
    assert page._subtitle.text().startswith(f"{lived['residents']:.0f}\u00a0residents, ")
    # By hand: the time to the nearest canteen is that of the drawn way, or of a quicker one.
    by_time = nearest(assessment.district, "canteen", ("older", "min")).public[origin]
    assert by_time <= way.minutes + 1e-6
    qtbot.waitUntil(lambda: "min" in rows["canteen"].bar.figure, timeout=20_000)
    mine = assessment.origins.building_id == building
    slowest = nearest(assessment.district, "canteen", ("older", "min")).public[mine].max()
    assert rows["canteen"].bar.figure.endswith(f"{slowest:.1f}\u2009min")
    assert f"{way.metres:.0f}\u2009m, {way.minutes:.1f}\u2009min" in page._way.text()
    assert f"{way.home_leg_m:.0f}\u2009m" in page._way.text()
    qtbot.waitUntil(lambda: window.stage.viewport._flight is None, timeout=20_000)
    seen = window.stage.viewport.rect()
    assert all(seen.contains(pixel_of(window, *point)) for point in line)
    service = int(result.service_id[origin])
    district = window.document.session.district
    at_service = district.services.geometry[district.services.row_of(service)]
    assert at_service.distance(_point(line[-1])) < 100.0
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.state.seen.route is None
    assert page._way.isHidden()
    assert not rows["canteen"].isChecked()


def _point(coordinates):
    import shapely

    return shapely.Point(coordinates)


def test_a_click_on_a_building_selects_it(qtbot, window):
    view = window.stage.viewport
    district = window.document.session.district
    for row in range(0, len(district.buildings), 97):
        middle = district.buildings.geometry[row].centroid
        at = pixel_of(window, middle.x, middle.y)
        if view.rect().adjusted(40, 40, -120, -200).contains(at):
            feature = view.pick_at(at.x(), at.y()).feature
            if feature is not None and feature[0] == "buildings":
                click(view, at)
                assert window.state.seen.selected == feature
                return
    raise AssertionError("no building could be picked")
