"""What lies over the view stays apart and in reach, however small the window is."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.panels.parts import elided
from gui.panels.toolbar import TOOLS
from gui.scene import style
from gui.sketch import Sheet
from gui.view_cube import REACH_PX
from gui.window import SMALLEST
from tests.gui.conftest import PATIENCE_MS, click, opened
from twin.language import set_language

SIZES = [SMALLEST, (960, 600), (1280, 800), (1600, 1000)]


def cards(window) -> list[QRect]:
    stage = window.stage
    shown = (stage.tools, stage.legend, stage._buttons)
    return [card.geometry() for card in shown]


def sized(qtbot, window, size):
    window.resize(*size)
    qtbot.waitUntil(lambda: (window.width(), window.height()) == size)
    window.state.set(colour_by=window.state.seen.colour_by)
    qtbot.wait(20)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", SIZES)
def test_tools_legend_and_buttons_lie_apart_inside_the_view(qtbot, window, size, language):
    window.appearance.set_language(language)
    window.score.requirement_chosen.emit("canteen")
    sized(qtbot, window, size)
    for card in cards(window):
        assert window.stage.rect().contains(card)
    for one, other in itertools.combinations(cards(window), 2):
        assert not one.intersects(other)
    set_language("en")


@pytest.mark.parametrize("size", SIZES)
def test_over_an_open_table_all_is_whole_and_lies_apart(qtbot, window, size):
    window.score.requirement_chosen.emit("canteen")
    sized(qtbot, window, size)
    window.tabling.toggle()
    panel = window.tabling.panel
    panel.show_role("buildings")
    qtbot.waitUntil(lambda: bool(panel._said.text()), timeout=PATIENCE_MS)
    panel.field.setText("storeys > 6, use = residential")
    qtbot.wait(200)
    stage, head = window.stage, panel.role_box.parentWidget()
    in_head = [part.geometry() for part in head.findChildren(QWidget) if part.parent() is head]
    for inside, whole in ((cards(window), stage.rect()), (in_head, head.rect())):
        for card in inside:
            assert whole.contains(card)
        for one, other in itertools.combinations(inside, 2):
            assert not one.intersects(other)
    limits = stage.legend._limits
    assert limits.isVisible() or limits.text() in stage.legend._scale.toolTip()


def test_between_two_open_drawers_no_card_lies_over_another(qtbot, window):
    sized(qtbot, window, (960, 600))
    window.tabling.toggle()
    window.dashboard.toggle()
    qtbot.wait(200)
    shown = [card.geometry() for card in (window.stage.tools, window.stage._buttons)]
    shown += [window.stage.legend.geometry()] * window.stage.legend.isVisible()
    for one, other in itertools.combinations(shown, 2):
        assert not one.intersects(other)
    window.dashboard.toggle()
    window.tabling.toggle()
    qtbot.waitUntil(window.stage.legend.isVisible)


def test_a_low_view_folds_the_legend_and_keeps_its_colours_and_limit(qtbot, window):
    window.score.requirement_chosen.emit("canteen")
    sized(qtbot, window, (1600, 1000))
    legend = window.stage.legend
    whole = legend.height()
    assert not legend.is_folded
    sized(qtbot, window, (960, 600))
    assert legend.is_folded
    assert legend.height() < 0.7 * whole
    assert legend._scale.isVisible()
    assert legend._limits.isVisible()
    click(legend._fold)  # who wants all of it has it, and it stays
    assert legend.height() == whole
    sized(qtbot, window, (1600, 1000))
    sized(qtbot, window, (960, 600))
    assert not legend.is_folded


@pytest.mark.parametrize("size", [(960, 540), (960, 600)])
def test_while_a_service_is_placed_in_a_low_view_the_legend_says_little(qtbot, window, size):
    window.score.requirement_chosen.emit("canteen")
    sized(qtbot, window, size)
    window.hand.arm("canteen")
    legend, stage = window.stage.legend, window.stage
    qtbot.waitUntil(lambda: window.state.seen.field is not None, timeout=PATIENCE_MS)
    folded = legend.geometry()
    assert folded.height() < 0.3 * stage.height()
    steps = legend._field._steps
    assert steps.isVisible()  # the colours under the hand are told
    assert not legend._field._words.isVisible()
    assert steps.toolTip() == legend._field._words.text() != ""
    assert legend._scale.isVisible() == (size[1] == 600)
    QTest.keyClick(stage.viewport, Qt.Key.Key_K)  # who wants all of it has it by a key
    assert legend.height() > 1.5 * folded.height()
    for part in (legend._field._words, legend._scale, legend._limits, legend._units):
        assert part.isVisible()
    click(legend._fold)
    assert legend.geometry() == folded
    window.hand.arm("")
    qtbot.waitUntil(legend._limits.isVisible)
    assert legend._scale.isVisible()


def test_tools_without_room_are_behind_one_button_and_work_from_there(qtbot, window):
    tools = window.stage.tools
    sized(qtbot, window, (1600, 1000))
    assert tools.left_over == []
    sized(qtbot, window, SMALLEST)
    left = tools.left_over
    assert left
    assert tools._more.isVisible()
    assert len(left) + sum(not b.isHidden() for b in tools._buttons) == len(TOOLS)
    assert all(action.isEnabled() for action in left)
    left[-1].trigger()
    assert window.state.seen.mode == TOOLS[-1].removeprefix("tool_")


def test_in_a_narrow_view_tools_and_legend_leave_most_of_it_free(qtbot, window):
    window.score.requirement_chosen.emit("canteen")
    sized(qtbot, window, (960, 600))
    stage = window.stage
    covered = sum(card.width() * card.height() for card in cards(window))
    assert covered < 0.25 * stage.width() * stage.height()
    assert stage.tools.width() < 48  # one column, the rest in its menu
    assert not stage.tools._more.isHidden()
    sized(qtbot, window, (1600, 1000))
    assert stage.legend.width() > 300


def test_names_step_aside_from_what_lies_over_the_view_or_are_left_out(qtbot, window):
    for size in SIZES:
        sized(qtbot, window, size)
        stage = window.stage
        stage.viewport.grab()
        drawn = stage.viewport.labels_drawn
        assert drawn
        for _name, box in drawn:
            assert stage.viewport.rect().contains(box.toAlignedRect())
            for card in cards(window):
                assert not box.intersects(QRectF(card))


def test_a_note_beside_the_pointer_goes_where_nothing_covers_it(qapp):
    painter, image = QPainter(), QImage(400, 300, QImage.Format.Format_RGB32)
    scene = SimpleNamespace(size=(400, 300))
    card = QRectF(300.0, 0.0, 100.0, 300.0)
    for at, covered in ((QPointF(40.0, 40.0), ()), (QPointF(260.0, 100.0), (card,))):
        sheet = Sheet(scene, style.LIGHT, theme.body_font(), covered)
        image.fill(QColor("#123456"))
        painter.begin(image)
        sheet.note(painter, at, ["Community canteen: +615 covered"])
        painter.end()
        row = [image.pixelColor(x, round(at.y()) + 30).name() != "#123456" for x in range(400)]
        assert any(row)
        assert not any(row[300:]) or not covered


def test_a_note_that_is_covered_everywhere_stands_where_most_of_it_is_seen():
    scene = SimpleNamespace(size=(400, 300))
    cards = (QRectF(300.0, 0.0, 100.0, 300.0), QRectF(0.0, 0.0, 90.0, 300.0))
    sheet = Sheet(scene, style.LIGHT, theme.body_font(), cards)
    note = sheet._beside(QPointF(200.0, 100.0), 226.0, 28.0)
    assert note.left() > 80.0  # centred over or under the pointer, not half under a card
    assert note.right() < 320.0


def test_messages_cover_neither_tools_nor_the_cube(qtbot, window):
    for size in SIZES:
        sized(qtbot, window, size)
        stage = window.stage
        said = stage.messages.say("Saved: a name that is rather long for a message.gpkg")
        at = stage.messages.geometry()
        assert not at.intersects(stage.tools.geometry())
        cube = stage.viewport.compass()
        reach = round(REACH_PX)
        middle = QPoint(round(cube.x()), round(cube.y()))
        assert not at.intersects(QRect(middle, middle).adjusted(-reach, -reach, reach, reach))
        stage.messages.drop(said)


def test_messages_cover_no_bar_beside_scenarios(qtbot, planned):
    board = opened(qtbot, planned)
    said = planned.stage.messages.say("Placed: Community canteen")
    at = planned.stage.messages.geometry()
    assert planned.stage.rect().contains(at)
    for pane in board.panes:
        head = QRect(pane.mapTo(planned.stage, QPoint()), pane.size())
        head.setHeight(pane.view.y())
        assert not at.intersects(head)
        assert at.top() > head.bottom()
    foot = board.scale.mapTo(planned.stage, QPoint()).y()
    assert at.bottom() < foot
    planned.stage.messages.drop(said)


def test_a_name_that_is_cut_keeps_the_mark_of_its_limit(qapp):
    metrics = QFontMetrics(theme.body_font())
    for mark in ("*", "**"):
        name = f"Community shops (small supermarket)\u00a0{mark}"
        cut = elided(name, metrics, 120)
        assert cut.endswith(f"…\u00a0{mark}")
        assert metrics.horizontalAdvance(cut) <= 120
        assert elided(name, metrics, 1000) == name
    assert elided("Community shops (small supermarket)", metrics, 120).endswith("…")


@pytest.mark.parametrize("plan", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_home_shows_the_whole_boundary_beside_what_lies_over_the_view(qtbot, window, size, plan):
    sized(qtbot, window, size)
    window.state.set(plan=plan)
    view, boundary = window.stage.viewport, window.document.session.district.boundary.geometry[0]
    view.home()
    view.set_camera(view.final_camera)
    ring = shapely.get_coordinates(shapely.segmentize(boundary, 20.0))
    pixels, visible = view.scene.project(np.column_stack([ring, view.scene.height(ring)]))
    assert visible.all()
    for card in cards(window):
        left, top, right, bottom = card.getCoords()
        x, y = pixels.T
        assert not ((x > left) & (x < right) & (y > top) & (y < bottom)).any()
