"""Drawing the study boundary and communities by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.dialogs.community import CommunityCard
from tests.gui.conftest import click, pixel_of, point_at, wait_for_figures
from tests.gui.test_tools import land
from twin.assessment.assess import assess
from twin.language import text

PATIENCE_MS = 60_000
Control, Shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def see_all(window) -> None:
    """Look straight down at the whole district."""
    QTest.keyClick(window, Qt.Key.Key_T)
    land(window)
    middle = window.document.session.district.boundary.geometry[0].centroid
    window.stage.viewport.zoom_to(middle.x, middle.y, 1600.0)
    land(window)


def draw(window, *places: tuple[float, float]) -> None:
    """Click the corners, in metres."""
    for x, y in places:
        at = pixel_of(window, x, y)
        point_at(window.stage.viewport, at)
        click(window.stage.viewport, at)


def press(window, key) -> None:
    QTest.keyClick(window.stage.viewport, key)


def square(window, half: float) -> list[tuple[float, float]]:
    middle = window.document.session.district.boundary.geometry[0].centroid
    x, y = middle.x, middle.y
    return [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]


def test_a_boundary_is_drawn_closed_on_its_first_corner_scored_and_undone(qtbot, window):
    see_all(window)
    before, viewport = window.document.session.district, window.stage.viewport
    QTest.keyClick(window, Qt.Key.Key_A, Shift)
    assert window.state.seen.mode == "boundary"
    corners = square(window, 250.0)
    draw(window, *corners, corners[0])
    wait_for_figures(qtbot, window)
    after = window.document.session.district
    assert len(after.boundary) == 1
    # Streets catch corners from as far as the hand reaches.
    drawn, reach = shapely.get_coordinates(after.boundary.geometry[0])[:4], viewport.reach_m()
    assert np.hypot(*(drawn - np.array(corners)).T).max() < 1.5 * reach
    assert window.document.session.history[-1].label == "history.boundary"
    expected = assess(after, window.document.standard)
    assert window.document.assessment.full_circle.total == expected.full_circle.total
    assert expected.full_circle.total < assess(before, window.document.standard).full_circle.total
    QTest.keyClick(window, Qt.Key.Key_Z, Control)
    assert window.document.session.district.boundary is before.boundary


def test_enter_proposes_a_boundary_which_enter_keeps_and_escape_gives_up(qtbot, window):
    see_all(window)
    base = window.document.session.district
    QTest.keyClick(window, Qt.Key.Key_A, Shift)
    press(window, Qt.Key.Key_Return)
    tool = window.hand._tool
    qtbot.waitUntil(lambda: len(tool.corners) > 3, timeout=PATIENCE_MS)
    assert window.document.session.district is base  # it is in hand, not done
    press(window, Qt.Key.Key_Escape)
    assert (tool.corners, window.state.seen.mode) == ([], "boundary")
    press(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(tool.corners) > 3, timeout=PATIENCE_MS)
    press(window, Qt.Key.Key_Return)
    wait_for_figures(qtbot, window)
    whole = shapely.union_all(base.communities.geometry)
    found = window.document.session.district.boundary.geometry[0]
    assert found.intersection(whole).area == pytest.approx(whole.area, rel=1e-6)


def test_a_community_is_drawn_named_and_removed(qtbot, window):
    see_all(window)
    session = window.document.session
    for id_ in session.district.communities.ids.tolist():  # room to draw in
        from twin.model.edits import RemoveCommunity

        window.document.do("history.community_removed", RemoveCommunity(id_))
    wait_for_figures(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_A)
    assert window.actions_.by_name["tool_community"].isChecked()
    corners = square(window, 300.0)
    draw(window, *corners)
    press(window, Qt.Key.Key_Return)
    wait_for_figures(qtbot, window)
    assert list(session.district.communities["name"]) == [text("draw.community_name", number=1)]
    middle = session.district.communities.geometry[0].centroid
    point_at(window.stage.viewport, pixel_of(window, middle.x, middle.y))
    press(window, Qt.Key.Key_Return)
    card = card_of(qtbot, window)
    QTest.keyClicks(card.name, "Sunshine Court")
    QTest.keyClick(card.name, Qt.Key.Key_Return)
    wait_for_figures(qtbot, window)
    assert list(session.district.communities["name"]) == ["Sunshine Court"]
    point_at(window.stage.viewport, pixel_of(window, middle.x + 20.0, middle.y))
    press(window, Qt.Key.Key_Return)
    card = card_of(qtbot, window)
    QTest.mouseClick(card.remove, Qt.MouseButton.LeftButton)
    wait_for_figures(qtbot, window)
    assert len(session.district.communities) == 0
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_Z, Control)
    assert list(session.district.communities["name"]) == ["Sunshine Court"]


def card_of(qtbot, window) -> CommunityCard:
    def shown() -> list[CommunityCard]:
        return [one for one in window.findChildren(CommunityCard) if one.isVisible()]

    qtbot.waitUntil(lambda: len(shown()) == 1)
    return shown()[0]


def test_an_area_that_crosses_itself_stays_in_hand_to_be_mended(qtbot, window):
    see_all(window)
    QTest.keyClick(window, Qt.Key.Key_A, Shift)
    a, b, c, d = square(window, 350.0)
    draw(window, a, c, b, d)
    press(window, Qt.Key.Key_Return)
    tool = window.hand._tool
    assert len(tool.corners) == 4
    assert text("error.edit_area") in [m.words for m in window.stage.messages._shown]
    press(window, Qt.Key.Key_Backspace)
    assert len(tool.corners) == 3
    assert window.document.session.scenario == "base"


def test_borders_and_corners_catch(qtbot, window):
    see_all(window)
    communities = window.document.session.district.communities
    x, y = shapely.get_coordinates(communities.geometry[0])[0]
    QTest.keyClick(window, Qt.Key.Key_A)
    at = pixel_of(window, float(x), float(y)) + QPoint(3, 2)
    point_at(window.stage.viewport, at)
    click(window.stage.viewport, at)
    corner = window.hand._tool.corners[0]
    every = shapely.get_coordinates(communities.geometry)
    assert min(abs(every - corner).sum(axis=1)) < 1e-6
