"""The door tool: added to a wall, moved along it, joined to a street, taken away."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.gui.conftest import click, pixel_of, point_at, wait_for_figures
from tests.gui.test_tools import go_to, look_down
from twin.model.edits import ChangeEntrance

Left, NoKeys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def doors(window):
    return window.document.session.district.entrances


def a_door(window):
    """Return a door of a building near the middle and look at it from above."""
    look_down(window)
    district = window.document.session.district
    table = district.entrances
    rows = np.flatnonzero(district.buildings.rows_of(table["building_id"]) >= 0)
    middle = district.boundary.geometry[0].centroid
    best = rows[np.argmin(shapely.distance(table.geometry[rows], middle))]
    at = go_to(window, table.geometry[best], 40.0)
    QTest.keyClick(window, Qt.Key.Key_E)
    assert window.state.seen.mode == "door"
    return int(table.ids[best]), at


def drag(view, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(view, Left, NoKeys, start)
    for part in (0.3, 0.7, 1.0):
        QTest.mouseMove(view, start + (end - start) * part)
    QTest.mouseRelease(view, Left, NoKeys, end)


def test_a_door_is_moved_along_its_wall(qtbot, window):
    door, at = a_door(window)
    table = doors(window)
    before = table.geometry[table.row_of(door)]
    buildings = window.document.session.district.buildings
    building = int(table["building_id"][table.row_of(door)])
    wall = shapely.boundary(buildings.geometry[buildings.row_of(building)])
    along = (wall.project(before) + 3.0) % wall.length
    target = wall.interpolate(along)
    drag(window.stage.viewport, at, pixel_of(window, target.x, target.y))
    wait_for_figures(qtbot, window)
    after = doors(window).geometry[doors(window).row_of(door)]
    assert after.distance(before) > 1.0
    assert wall.distance(after) == pytest.approx(0.0, abs=1e-6)
    assert window.document.session.history[-1].label == "history.door"


def test_a_door_that_is_dragged_on_to_a_street_opens_there(qtbot, window):
    door, at = a_door(window)
    district = window.document.session.district
    streets, here = district.streets, doors(window).geometry[doors(window).row_of(door)]
    rows = np.flatnonzero(np.isin(streets["kind"], ("footway", "street")))
    rows = rows[np.argsort(shapely.distance(streets.geometry[rows], here))]
    view = window.stage.viewport
    for row in rows[:6]:
        foot = shapely.get_point(shapely.shortest_line(streets.geometry[row], here), 0)
        if foot.distance(here) > 8.0 and view.rect().contains(pixel_of(window, foot.x, foot.y)):
            break
    drag(view, at, pixel_of(window, foot.x, foot.y))
    wait_for_figures(qtbot, window)
    (edit,) = window.document.session.history[-1].edits
    assert isinstance(edit, ChangeEntrance)
    assert edit.values["street_id"] in streets.ids
    named = streets.geometry[streets.row_of(edit.values["street_id"])]
    assert named.distance(foot) < 1.0


def test_a_door_is_added_to_a_wall_and_taken_away_with_shift(qtbot, window):
    door, _ = a_door(window)
    table, count = doors(window), len(doors(window))
    buildings = window.document.session.district.buildings
    building = int(table["building_id"][table.row_of(door)])
    wall = shapely.boundary(buildings.geometry[buildings.row_of(building)])
    spots = [wall.interpolate(part, normalized=True) for part in np.linspace(0, 1, 40)]
    free = max(spots, key=lambda spot: shapely.distance(table.geometry, spot).min())
    at = pixel_of(window, free.x, free.y)
    point_at(window.stage.viewport, at)
    click(window.stage.viewport, at)
    wait_for_figures(qtbot, window)
    assert len(doors(window)) == count + 1
    assert doors(window)["building_id"][-1] == building
    assert wall.distance(doors(window).geometry[-1]) == pytest.approx(0.0, abs=1e-6)
    QTest.mouseClick(window.stage.viewport, Left, Qt.KeyboardModifier.ShiftModifier, at)
    wait_for_figures(qtbot, window)
    assert len(doors(window)) == count
