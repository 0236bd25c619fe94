"""What lies over the view stays apart and in reach, however small the window is."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetrics

from gui import theme
from gui.panels.parts import elided
from gui.panels.toolbar import TOOLS
from gui.view_cube import REACH_PX
from gui.window import SMALLEST
from tests.gui.conftest import click, opened
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
    window.set_language(language)
    window.score.requirement_chosen.emit("canteen")
    sized(qtbot, window, size)
    for card in cards(window):
        assert window.stage.rect().contains(card)
    for one, other in itertools.combinations(cards(window), 2):
        assert not one.intersects(other)
    set_language("en")


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
