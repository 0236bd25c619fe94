"""The dashboard below the view, used with mouse and keyboard."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gui.dashboard.chart import ColumnChart, Curve, ShareColumn
from gui.dashboard.comparing import _lines, _row
from gui.dashboard.drawer import PAGES
from gui.dashboard.listing import Heading, shared_out, with_room
from gui.panels import figures
from gui.side_by_side.sides import _moved
from gui.view_state import ColourBy
from tests.gui.conftest import PATIENCE_MS, click, wait_for_figures
from tests.gui.test_editing import place_canteen
from tests.twin.test_compare import both
from twin.assessment.by_building import change
from twin.assessment.compare import compare
from twin.assessment.worst import worst_served
from twin.indicators import indicators
from twin.language import set_language
from twin.model.catalogues import groups
from twin.model.edits import MoveService, RemoveService
from twin.subject import Subject


def open_page(qtbot, window, name: str):
    """Open the dashboard by its key, turn to a page and wait until it is up to date."""
    if not window.dashboard.is_open:
        QTest.keyClick(window, Qt.Key.Key_D)
    drawer = window.dashboard.drawer
    click(drawer._segments._buttons[name])
    wait_for_page(qtbot, window)
    return drawer.page


def wait_for_page(qtbot, window) -> None:
    drawer = window.dashboard.drawer
    qtbot.waitUntil(lambda: bool(drawer._shown) and not drawer.updating, timeout=PATIENCE_MS)


def test_columns_of_figures_are_never_cut_and_the_widest_words_give_way():
    headings = (Heading("", 3.0), Heading("", 1.0, "right"), Heading("", 2.0))
    # All words have room: each column has its part of 600.
    assert shared_out(headings, (120, 60, 80), 600) == pytest.approx((300, 100, 200))
    # A figure that needs more than its part takes it from the others, by their parts.
    assert shared_out(headings, (120, 200, 80), 600) == pytest.approx((240, 200, 160))
    # Too little for all: the figure keeps its 60, the short words their 80, the long ones the rest.
    assert shared_out(headings, (300, 60, 80), 300) == pytest.approx((160, 60, 80))


def test_it_opens_and_closes_by_key_and_computes_nothing_while_closed(qtbot, window):
    assert window.dashboard.drawer is None  # nothing of it is made before it is asked for
    QTest.keyClick(window, Qt.Key.Key_D)
    assert window.dashboard.is_open
    wait_for_page(qtbot, window)
    QTest.keyClick(window.dashboard.drawer, Qt.Key.Key_Escape)
    assert not window.dashboard.is_open


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_something_to_say_in_both_languages(qtbot, window, name):
    page = open_page(qtbot, window, name)
    assert page.words
    if hasattr(page, "listing"):
        assert page.listing.rows or name == "beyond"
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    wait_for_page(qtbot, window)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in window.dashboard.drawer.page.words)


def test_a_new_canteen_is_compared_with_the_base_and_colours_the_view(qtbot, window):
    page = open_page(qtbot, window, "compare")
    assert "nobody gains; nobody loses" in page.words
    place_canteen(qtbot, window)
    wait_for_figures(qtbot, window)
    wait_for_page(qtbot, window)
    assert "one new community canteen".lower() in page.words.lower()
    document = window.document
    expected = compare(document.base_assessment, document.assessment)
    rows = {row[0]: row for row in page.listing.words}
    for one in expected.changes:
        said = rows[one.after.requirement.marked_name()]
        assert said[5] == (f"{one.gained:,.0f}" if round(one.gained) else "–")
        assert said[6] == (f"{one.lost:,.0f}" if round(one.lost) else "–")
    moved = {one.after.requirement.marked_name(): one.gained + one.lost for one in expected.changes}
    order = [moved[row[0]] for row in page.listing.words[1:]]
    assert order == sorted(order, reverse=True)  # what changed most stands first
    at = [row[0] for row in page.listing.words].index("Community canteen\u00a0*")
    QTest.mouseClick(page.listing.rows[at], Qt.MouseButton.LeftButton)
    assert window.state.seen.colour_by == ColourBy("difference", requirement="canteen")
    shown = window.stage._colours_now()
    assert shown.kind == "difference"
    wanted = change(document.base_assessment, document.assessment, "canteen")
    np.testing.assert_array_equal(shown.values, wanted)


def test_who_comes_into_full_circle_and_who_leaves_it_are_told_apart():
    found = both(MoveService(1, 350.0, 10.0))
    circle, *_ = _lines(found)
    assert [cell.words for cell in circle.cells][5:] == ["20", "12"]
    assert _moved(found, "") == (20, 12)


def test_a_share_that_changes_by_less_than_a_tenth_still_changes():
    told = [cell.words for cell in _row("a", (0.03348, 0.03352), (False, False), 1.0, (18, 0))]
    assert told[1:] == ["3.3%", "3.4%", "", "+<0.1", "18", "–"]


@pytest.mark.parametrize("name", PAGES)
def test_another_scenario_is_offered_where_it_counts_alone(qtbot, window, name):
    open_page(qtbot, window, name)
    counts = name in ("compare", "communities", "groups", "walks")
    assert window.dashboard.drawer._scenario.isVisible() == counts


def difference_shown(window) -> str:
    said = window.stage.legend._between
    return said.text() if said.isVisible() else ""


@pytest.mark.parametrize("way", ["drawer", "escape", "requirement"])
def test_a_difference_says_of_what_and_against_what_and_goes_as_it_came(qtbot, window, way):
    place_canteen(qtbot, window)
    wait_for_figures(qtbot, window)
    window.state.set(selected=None)
    before = window.state.seen.colour_by
    page = open_page(qtbot, window, "compare")
    at = [row[0] for row in page.listing.words].index("Community canteen\u00a0*")
    click(page.listing.rows[at])
    plan = window.document.session.scenario
    assert difference_shown(window) == f"Community canteen\u00a0*: {plan} against Base"
    assert window.stage.legend.rect().contains(window.stage.legend._between.geometry())
    if way == "drawer":
        QTest.keyClick(window.dashboard.drawer, Qt.Key.Key_Escape)
        assert not window.dashboard.is_open
    elif way == "escape":
        QTest.keyClick(window.stage.viewport, Qt.Key.Key_Escape)
    else:
        window.score.requirement_chosen.emit("")
    assert window.state.seen.colour_by == before
    assert difference_shown(window) == ""


def test_any_other_scenario_may_stand_beside(qtbot, window):
    place_canteen(qtbot, window)
    wait_for_figures(qtbot, window)
    plan = window.document.session.scenario
    page = open_page(qtbot, window, "compare")
    window.document.session.switch("base")
    wait_for_figures(qtbot, window)
    drawer = window.dashboard.drawer
    drawer._scenario.setCurrentIndex(drawer._scenario.findData(plan))
    drawer._scenario.activated.emit(drawer._scenario.currentIndex())
    wait_for_page(qtbot, window)
    assert f"Against {plan}" in page.words
    assert "canteen removed" in page.words  # seen from the plan, the base has one less


def test_columns_show_the_figures_and_open_their_accounts(qtbot, window):
    page = open_page(qtbot, window, "groups")
    circle = window.document.assessment.full_circle
    shown = {one.value.group: one for one in page.chart.columns}
    for group, one in shown.items():
        assert one.share == pytest.approx(circle.by_group[group][2])
    QTest.keyClick(page.chart, Qt.Key.Key_Right)
    QTest.keyClick(page.chart, Qt.Key.Key_Return)
    assert window.state.seen.subject == page.chart.columns[1].value
    place = page.chart.place_of(0).center()
    QTest.mouseClick(
        page.chart, Qt.MouseButton.LeftButton, pos=QPoint(int(place.x()), int(place.y()))
    )
    assert window.state.seen.subject == page.chart.columns[0].value


def test_a_group_of_whom_nothing_is_asked_is_there_and_says_so(qtbot, window):
    # what the standard asks for older people alone is left: nothing for anybody younger
    document = window.document
    own = document.standard.requirements
    for_some = tuple(one for one in own if one.group == "older" and one.level == "shall")
    document.set_standard(replace(document.standard, requirements=for_some, alternatives=()))
    wait_for_figures(qtbot, window)
    page = open_page(qtbot, window, "groups")
    shown = {one.value.group: one for one in page.chart.columns}
    circle = document.assessment.full_circle
    assert shown["older"].share == pytest.approx(circle.by_group["older"][2])
    assert math.isnan(shown["adults"].share)
    assert shown["adults"].figure == "nothing is asked"
    assert figures.people(circle.unasked["adults"]) in shown["adults"].detail


def test_the_opened_requirement_decides_what_charts_are_of(qtbot, window):
    page = open_page(qtbot, window, "communities")
    requirement = window.score._rows._keys[0]
    click(window.score._rows._rows[0])
    wait_for_page(qtbot, window)
    result = window.document.assessment.result(requirement)
    assert result.requirement.name["en"] in page.words
    covered, total = result.by_community
    shares = [c / t for c, t in zip(covered, total, strict=True) if t > 0]
    assert [one.share for one in page.chart.columns] == pytest.approx(shares)


def test_the_target_line_follows_the_field(qtbot, window):
    page = open_page(qtbot, window, "groups")
    drawer = window.dashboard.drawer
    drawer._target.setFocus()
    drawer._target.selectAll()
    before = page.chart.grab().toImage()
    QTest.keyClicks(drawer._target, "65")
    QTest.keyClick(drawer._target, Qt.Key.Key_Return)
    assert page.chart._target == pytest.approx(0.65)
    assert page.chart.grab().toImage() != before  # the line stands elsewhere
    open_page(qtbot, window, "worst")
    assert drawer._target.isHidden()


def test_the_worst_served_home_is_flown_to(qtbot, window):
    page = open_page(qtbot, window, "worst")
    first = worst_served(window.document.assessment)[0]
    assert page.listing.rows[0].line.value == ("buildings", first.building_id)
    view = window.stage.viewport
    far = view.camera.distance
    page.listing.rows[0].setFocus()
    QTest.keyClick(page.listing.rows[0], Qt.Key.Key_Space)
    assert window.state.seen.selected == ("buildings", first.building_id)
    qtbot.waitUntil(lambda: not view.is_flying, timeout=PATIENCE_MS)
    assert view.camera.distance < far
    (seen,), _ = view.scene.project(np.array([view.scene.place_of("buildings", first.building_id)]))
    assert view.rect().contains(QPoint(int(seen[0]), int(seen[1])))


def test_a_slow_page_says_updating_until_it_is_of_the_edit(qtbot, window):
    open_page(qtbot, window, "capacity")
    drawer = window.dashboard.drawer
    before = drawer._shown[1]
    services = window.document.session.district.services
    window.document.do("history.remove", RemoveService(int(services.ids[0])))
    qtbot.waitUntil(lambda: drawer.updating, timeout=PATIENCE_MS)  # old figures never look new
    wait_for_figures(qtbot, window)
    wait_for_page(qtbot, window)
    assert drawer._shown[1] is window.document.assessment
    assert drawer._shown[1] is not before
    # The services that most people come to for each of their places stand first.
    found = indicators(window.document.assessment, ["use"])["use"].services
    found = found[found["inside"]].sort_values(
        ["drawn_use", "service_id"], ascending=[False, True], kind="stable"
    )
    lines = drawer.page.listing.rows
    assert [row.line.value[1] for row in lines] == found["service_id"].tolist()[: len(lines)]
    assert lines[0].line.cells[3].words == f"{found['drawn_use'].iloc[0]:,.2f}"
    click(lines[0])
    assert window.state.seen.selected == lines[0].line.value


def test_an_indicator_is_chosen_and_explains_itself(qtbot, window):
    page = open_page(qtbot, window, "indicators")
    page.chooser.setCurrentIndex(page.chooser.findData("choice"))
    page.chooser.activated.emit(page.chooser.currentIndex())
    wait_for_page(qtbot, window)
    assert page.words.startswith("How many services")
    click(page.listing.rows[0])
    assert window.state.seen.subject.kind == "indicator"
    assert window.state.seen.subject == page.listing.rows[0].line.value


def test_a_curve_counts_the_people_within_each_distance():
    curve = Curve("", np.array([100.0, 300.0, math.inf]), np.array([10.0, 20.0, 10.0]))
    shares = curve.share_within(np.array([99.0, 100.0, 300.0, 1e9]))
    assert shares.tolist() == [0.0, 0.25, 0.75, 0.75]


def test_walkers_are_compared_for_the_same_people(qtbot, window):
    page = open_page(qtbot, window, "walkers")
    shares = {one.name: one.share for one in page.chart.columns}
    assert shares["Frail older adult"] <= shares["Older adult"] <= shares["Adult"]
    assert all(isinstance(one.value, Subject) for one in page.chart.columns)


@pytest.mark.parametrize("width", [520, 700, 840, 1400])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_names_of_groups_stand_whole_under_their_columns(qtbot, language, width):
    set_language(language)
    try:
        names = [group.name for group in groups().values()]
    finally:
        set_language("en")
    chart = ColumnChart(lambda _value: None)
    qtbot.addWidget(chart)
    chart.resize(width, 160)
    chart.show_columns([ShareColumn(name, 0.5) for name in names])
    if width >= (840 if language == "en" else 700):
        for number, name in enumerate(names):
            assert chart.label_height(name) <= chart.label_place(number).height()
            assert chart.label_place(number).bottom() <= chart.height()
    assert chart.place_of(0).height() > 50  # and leave the columns room


def test_charts_say_what_their_lines_are(qtbot, planned):
    for name in ("communities", "groups"):
        page = open_page(qtbot, planned, name)
        said = " ".join(label.text() for label in page.findChildren(QLabel))
        assert "Line across a column: Base" in said
        assert "dashed: the target" in said
    page = open_page(qtbot, planned, "walks")
    said = " ".join(label.text() for label in page.findChildren(QLabel))
    assert "Dotted: Base" in said
    assert "Dashed: the limit" in said


def test_names_of_a_comparison_keep_their_room_and_what_can_be_spared_gives_way():
    headings = [Heading("name"), Heading("before", spare=2), Heading("after"), Heading("", spare=3)]
    needs = (200.0, 60.0, 60.0, 80.0)
    assert with_room(headings, needs, 600) == [0, 1, 2, 3]
    assert with_room(headings, needs, 300) == [0, 1, 2]  # 96 for names beside two figures
    assert with_room(headings, needs, 200) == [0, 2]
    assert with_room(headings, needs, 60) == [0, 2]  # the rest is needed
    assert with_room(headings, (20.0, *needs[1:]), 270) == [0, 1, 2, 3]  # short names need less
