"""Buttons and keys of each program's habit: what is under the pointer stays under it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gui.navigation import NAVIGATIONS, Habit, Move
from gui.scene import camera as moves
from gui.scene.view import View
from gui.viewport import Viewport
from tests.scene.conftest import SOUTH, WEST
from twin.model.district import District

LEFT, MIDDLE, RIGHT = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.RightButton,
)
NONE, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
HELD = (WEST + 120.0, SOUTH + 30.0, 0.0)
"""A place on level open ground."""

HABITS: list[tuple[Habit, Qt.MouseButton, Qt.KeyboardModifier, Move]] = [
    # SketchUp: the wheel's button orbits, with Shift it pans.
    ("sketchup", MIDDLE, NONE, "orbit"),
    ("sketchup", MIDDLE, SHIFT, "pan"),
    # Rhino: the right button turns, with Shift it pans, with Ctrl it zooms; QGIS: the wheel pans.
    ("rhino", RIGHT, NONE, "orbit"),
    ("rhino", RIGHT, SHIFT, "pan"),
    ("rhino", RIGHT, CONTROL, "zoom"),
    ("rhino", MIDDLE, NONE, "pan"),
    # Blender: the wheel's button orbits, with Shift it pans, with Ctrl it zooms.
    ("blender", MIDDLE, NONE, "orbit"),
    ("blender", MIDDLE, SHIFT, "pan"),
    ("blender", MIDDLE, CONTROL, "zoom"),
    ("renewal", LEFT, NONE, "orbit"),
    ("renewal", LEFT, SHIFT, "pan"),
    ("renewal", RIGHT, NONE, "pan"),
]


@pytest.fixture
def viewport(qtbot: QtBot, district: District) -> Viewport:
    made = Viewport(theme="light")
    qtbot.addWidget(made, before_close_func=lambda view: view.close_scene())
    made.resize(480, 360)
    with qtbot.waitExposed(made):
        made.show()
    made.show_scene(district, View())
    return made


def pixel_of(viewport: Viewport, place: tuple[float, float, float]) -> QPoint:
    (x, y) = viewport.scene.project(np.array([place]))[0][0]
    return QPoint(round(x), round(y))


@pytest.mark.parametrize(("habit", "button", "keys", "move"), HABITS)
def test_a_drag_does_what_the_program_s_habit_says_about_what_it_holds(
    qtbot: QtBot,
    viewport: Viewport,
    habit: Habit,
    button: Qt.MouseButton,
    keys: Qt.KeyboardModifier,
    move: Move,
) -> None:
    viewport.navigation = NAVIGATIONS[habit]
    oblique = viewport.camera
    for before in (oblique, moves.plan(oblique)):
        viewport.set_camera(before)
        expected = "pan" if before.flat and move == "orbit" else move
        start, by = pixel_of(viewport, HELD), QPoint(40, 24)
        qtbot.mousePress(viewport, button, keys, start)
        for part in (0.5, 1.0):
            qtbot.mouseMove(viewport, start + by * part)
        qtbot.mouseRelease(viewport, button, keys, start + by)
        after = viewport.camera
        turned = after.heading_deg != before.heading_deg
        scaled = after.distance != pytest.approx(before.distance, rel=1e-6)
        assert (turned, scaled) == (expected == "orbit", expected == "zoom")
        carried = pixel_of(viewport, HELD) - start
        wanted = by if expected == "pan" else QPoint()
        assert (carried - wanted).manhattanLength() <= 2
        assert (after.pitch_deg > before.pitch_deg) == (expected == "orbit")
