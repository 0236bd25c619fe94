"""Scenarios side by side: one camera for all, their figures, their colours, and the way back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton

from gui.dashboard.comparing import ComparePage
from gui.panels.parts import IconButton
from gui.side_by_side.board import columns_for
from gui.side_by_side.sides import most_changed
from tests.gui.conftest import click, opened, wait_for_figures, wait_for_sides
from twin.assessment.by_building import change
from twin.assessment.compare import compare
from twin.language import set_language, text

Left, Right = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
PLAIN = Qt.KeyboardModifier.NoModifier


def chooser(board, name):
    return next(c for c in board.findChildren(QComboBox) if c.accessibleName() == name)


def test_each_view_says_the_figure_of_its_scenario_and_who_gains_and_loses(qtbot, planned):
    board = opened(qtbot, planned)
    assert [side.scenario for side in board.sides] == ["base", "Plan 1"]
    before, after = planned.document.base_assessment, planned.document.assessment
    wanted = planned.state.seen.requirement
    moved = next(c for c in compare(before, after).changes if c.requirement_id == wanted)
    base, plan = board.sides
    assert base.share == before.result(wanted).share
    assert plan.share == after.result(wanted).share < base.share
    assert (plan.gained, plan.lost) == (moved.gained, moved.lost)
    assert f"−{round(moved.lost):,}" in board.panes[1].words
    assert "others are compared with it" in board.panes[0].words
    services = base.district.services
    kinds = {*before.result(wanted).requirement.service_types}
    kinds |= set(before.result(wanted).requirement.satisfied_by)
    serving = [bool(kinds & set(types.split(","))) for types in services["types"]]
    assert set(board.first.scene.pins.ids.tolist()) <= set(services.ids[serving].tolist())
    QTest.keyClick(board, Qt.Key.Key_Escape)


def test_what_changes_most_is_shown_where_nobody_has_chosen(qtbot, planned):
    planned.state.set(requirement="")
    board = opened(qtbot, planned)
    before, after = planned.document.base_assessment, planned.document.assessment
    moved = {c.requirement_id: c.gained + c.lost for c in compare(before, after).changes}
    assert moved[board.requirement] == max(moved.values()) > 0
    assert chooser(board, text("beside.requirement")).currentData() == board.requirement
    assert text("beside.same") not in board.panes[1].words
    before_choice = board.requirement
    box = chooser(board, text("beside.requirement"))
    box.setCurrentIndex(0)
    box.activated.emit(0)  # full circle, as one may still ask
    wait_for_sides(qtbot, planned)
    assert board.requirement == "" != before_choice
    button = next(
        b for b in board.findChildren(IconButton) if text("beside.figures") in b.toolTip()
    )
    click(button)
    drawer = planned.dashboard.drawer
    assert planned.dashboard.is_open
    assert isinstance(drawer.page, ComparePage)
    assert planned.beside.board is board  # beside the table, not in its place
    qtbot.waitUntil(lambda: not drawer.updating, timeout=30_000)
    planned.dashboard.toggle()
    planned.beside.close()


def test_who_comes_into_full_circle_and_who_leaves_it_are_told_apart(qtbot, planned):
    board = opened(qtbot, planned)
    box = chooser(board, text("beside.requirement"))
    box.setCurrentIndex(0)
    box.activated.emit(0)
    wait_for_sides(qtbot, planned)
    found = compare(planned.document.base_assessment, planned.document.assessment)
    assert (board.sides[1].gained, board.sides[1].lost) == found.circle_moved["all"]
    planned.beside.close()


def test_nobody_moved_is_full_circle(planned):
    base = planned.document.base_assessment
    assert most_changed(base, [base]) == ""


def test_the_sign_of_a_lower_bound_is_explained_where_it_stands(qtbot, planned):
    board = opened(qtbot, planned)
    sides, view = board.sides, planned.stage.view_now()
    says = text("dashboard.lower_bound")
    board.show_sides([replace(side, at_least=False) for side in sides], view)
    assert says not in board._meaning.text()
    assert board.panes[1]._share.toolTip() == ""
    board.show_sides([sides[0], replace(sides[1], at_least=True)], view)
    assert says in board._meaning.text()
    share = board.panes[1]._share
    assert share.text().startswith("≥")
    for said in (share.toolTip(), share.accessibleName()):
        assert says.split(":")[0] in said
    planned.beside.close()


def test_each_view_shows_as_much_from_side_to_side_as_the_one_did(qtbot, planned):
    one = planned.stage.viewport
    before, wide = one.camera.distance, one.width() / one.height()
    board = opened(qtbot, planned)
    view = board.first
    narrower = wide / (view.width() / view.height())
    assert abs(one.camera.distance / before - max(narrower, 1.0)) < 0.02


def test_turning_one_view_turns_them_all_and_the_one_they_cover(qtbot, planned):
    board = opened(qtbot, planned)
    one, other = (pane.view for pane in board.panes)
    before = one.camera
    QTest.mousePress(other, Left, PLAIN, QPoint(60, 200))
    for x in (80, 110, 140):
        QTest.mouseMove(other, QPoint(x, 190))
    QTest.mouseRelease(other, Left, PLAIN, QPoint(140, 190))
    assert other.camera.heading_deg != before.heading_deg
    assert one.camera == other.camera == planned.stage.viewport.camera
    one.setFocus()
    QTest.keyClick(one, Qt.Key.Key_BracketLeft)
    assert one.camera == other.camera
    seen = one.camera.heading_deg
    planned.actions_.by_name["side_by_side"].trigger()
    assert planned.beside.board is None
    assert planned.stage.viewport.camera.heading_deg == seen


def test_the_views_share_graphics_and_the_covered_view_draws_nothing(qtbot, planned):
    board = opened(qtbot, planned)
    main = planned.stage.viewport
    assert all(pane.view.scene._window is main.scene._window for pane in board.panes)
    drawn: list[int] = []
    main._compute = lambda: drawn.append(1)
    board.first.set_camera(board.first.camera)
    qtbot.wait(300)
    assert not drawn
    del main._compute
    planned.beside.close()


def test_differences_are_those_against_the_first_view(qtbot, planned):
    board = opened(qtbot, planned)
    click(board._looks._buttons["difference"])
    wait_for_sides(qtbot, planned)
    before, after = planned.document.base_assessment, planned.document.assessment
    wanted = planned.state.seen.requirement
    first, second = (side.colours for side in board.sides)
    assert first.kind == "difference"
    assert not np.nan_to_num(first.values).any()  # it differs from itself nowhere
    assert second.kind == "difference"
    assert np.array_equal(second.values, change(before, after, wanted), equal_nan=True)
    assert np.nanmin(second.values) < 0.0
    planned.beside.close()


def test_another_requirement_and_another_scenario_are_chosen(qtbot, planned):
    board = opened(qtbot, planned)
    what = chooser(board, "What the views show")
    what.setCurrentIndex(0)
    what.activated.emit(0)
    wait_for_sides(qtbot, planned)
    assert board.sides[1].share == planned.document.assessment.full_circle.share
    assert not board.sides[1].hidden
    results = planned.document.assessment.results
    unknown = next(r.requirement.id for r in results if r.status == "not_assessed")
    what.setCurrentIndex(what.findData(unknown))
    what.activated.emit(what.currentIndex())
    wait_for_sides(qtbot, planned)
    assert "others are compared" in board.panes[0].words
    assert "not assessed" in board.panes[1].words  # and it is not what others are compared with
    names = [c for c in board.findChildren(QComboBox) if c is not what]
    names[1].setCurrentIndex(0)
    names[1].activated.emit(0)
    wait_for_sides(qtbot, planned)
    assert [side.scenario for side in board.sides] == ["base", "base"]
    planned.beside.close()


def test_views_are_added_up_to_four_and_removed_down_to_two(qtbot, planned):
    session = planned.document.session
    for name in ("Two", "Three", "Four"):
        session.copy_scenario(name)
    wait_for_figures(qtbot, planned)
    board = opened(qtbot, planned)
    for count in (3, 4):
        assert board._more.isEnabled()
        click(board._more)
        wait_for_sides(qtbot, planned)
        assert len(board.panes) == len(board.sides) == count
    assert not board._more.isEnabled()
    assert len({pane.size().toTuple() for pane in board.panes}) <= 4
    assert len({pane.view.camera for pane in board.panes}) == 1
    for count in (3, 2):
        click(board.panes[-1].close_)
        wait_for_sides(qtbot, planned)
        assert len(board.panes) == count
    assert not board.panes[0].close_.isEnabled()
    planned.beside.close()


@pytest.mark.parametrize("size", [(1280, 800), (960, 600)])
def test_four_views_over_the_dashboard_are_whole_with_their_scale_bars(qtbot, planned, size):
    for name in ("Two", "Three"):
        planned.document.session.copy_scenario(name)
    wait_for_figures(qtbot, planned)
    planned.resize(*size)
    board = opened(qtbot, planned)
    for _ in range(2):
        click(board._more)
        wait_for_sides(qtbot, planned)
    planned.dashboard.toggle()
    qtbot.wait(50)
    assert len(board.panes) == 4
    for pane in board.panes:
        view = pane.view
        for part in (view, pane._share, pane._change, pane._lost, pane.close_):
            if part.isVisible():
                assert part.visibleRegion().boundingRect() == part.rect()
        for card in view.boxes_covered():  # cube and bar with its words
            assert view.rect().contains(QRectF(QPointF(*card[:2]), QPointF(*card[2:])).toRect())
    assert len({pane.view.height() for pane in board.panes}) == 1
    assert max(pane.view.width() for pane in board.panes) <= board.width() / 4 + 1
    planned.dashboard.toggle()
    planned.beside.close()


@pytest.mark.parametrize(
    ("count", "width", "height", "columns"),
    [
        (2, 930, 530, 2),
        (3, 930, 530, 3),
        (4, 930, 530, 2),
        (4, 930, 280, 4),  # the dashboard is open
        (2, 500, 900, 1),
        (3, 648, 400, 3),
    ],
)
def test_views_stand_as_they_show_most(count, width, height, columns):
    assert columns_for(count, width, height) == columns


def test_an_edit_is_followed_and_a_scenario_that_goes_leaves_the_base(qtbot, planned):
    board = opened(qtbot, planned)
    lost = board.sides[1].lost
    planned.actions_.by_name["undo"].trigger()
    wait_for_figures(qtbot, planned)
    wait_for_sides(qtbot, planned)
    assert lost > 0
    assert board.sides[1].lost == 0
    assert "no change" in board.panes[1].words
    planned.actions_.by_name["remove_scenario"].trigger()
    wait_for_figures(qtbot, planned)
    wait_for_sides(qtbot, planned)
    assert [side.scenario for side in board.sides] == ["base", "base"]
    planned.beside.close()


def test_a_click_selects_in_all_views_and_a_tool_returns_to_the_one(qtbot, planned):
    board = opened(qtbot, planned)
    view = board.panes[1].view
    district = board.sides[1].district
    building = int(district.buildings.ids[len(district.buildings) // 2])
    planned.state.set(selected=("buildings", building))
    assert all(pane.view._view.selection == ("buildings", building) for pane in board.panes)
    assert not planned.left.isVisible()
    click(view, QPoint(3, 3))
    assert planned.state.seen.selected is None
    planned.actions_.by_name["tool_measure"].trigger()
    assert planned.beside.board is None
    assert planned.left.isVisible()
    assert planned.toolbar.isVisible()


def test_placing_on_a_site_returns_to_where_the_types_are_chosen(qtbot, planned):
    opened(qtbot, planned)
    site = int(planned.document.session.district.sites.ids[0])
    planned.state.set(selected=("sites", site))
    place = text("site.place")
    click(next(b for b in planned.inspector.findChildren(QPushButton) if b.text() == place))
    assert planned.beside.board is None
    assert planned.palette_.isVisible()
    assert planned.palette_.isAncestorOf(QApplication.focusWidget())


def test_the_pencil_takes_a_scenario_in_hand(qtbot, planned):
    board = opened(qtbot, planned)
    click(board.panes[0]._take)
    assert planned.document.session.scenario == "base"
    assert planned.beside.board is None


def test_with_the_base_alone_a_copy_is_offered(qtbot, window):
    QTest.keyClick(window.stage, Qt.Key.Key_C)
    assert window.beside.board is None
    assert any("only the base" in m.words for m in window.stage.messages._shown)


def test_it_speaks_chinese_too(qtbot, planned):
    board = opened(qtbot, planned)
    planned.appearance.set_language("zh_CN")
    assert "作为对比基准" in board.panes[0].words
    assert chooser(board, "各视图显示的内容").count() > 3
    set_language("en")
    planned.beside.close()
