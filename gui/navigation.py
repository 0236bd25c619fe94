"""How mouse and keys move the camera: our own way, and the habits of other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from PySide6.QtCore import Qt

from gui.scene import camera as moves
from gui.scene.camera import Camera

Move: TypeAlias = Literal["orbit", "pan", "zoom"]
Habit: TypeAlias = Literal["renewal", "sketchup", "rhino", "blender"]

_LEFT, _MIDDLE, _RIGHT = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.RightButton,
)
_SHIFT, _CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True)
class Navigation:
    """What each button does with Shift, with Ctrl and alone; in plan, turning is panning.

    `left_selects`: the left button on open ground draws a box that selects, as where another button
    turns the view.
    """

    alone: Mapping[Qt.MouseButton, Move]
    with_shift: Mapping[Qt.MouseButton, Move]
    with_control: Mapping[Qt.MouseButton, Move]
    left_selects: bool = False

    def move(self, button: Qt.MouseButton, keys: Qt.KeyboardModifier, flat: bool) -> Move:
        """Return what a drag with a button and keys does."""
        held = self.alone
        if keys & _SHIFT:
            held = self.with_shift
        elif keys & _CONTROL:
            held = self.with_control
        found = held.get(button, self.alone.get(button, "pan"))
        return "pan" if flat and found == "orbit" else found


NAVIGATIONS: Mapping[Habit, Navigation] = {
    "renewal": Navigation(
        {_LEFT: "orbit", _MIDDLE: "pan", _RIGHT: "pan"}, {_LEFT: "pan"}, {_MIDDLE: "zoom"}
    ),
    "sketchup": Navigation(
        {_LEFT: "orbit", _MIDDLE: "orbit", _RIGHT: "pan"},
        {_MIDDLE: "pan"},
        {_MIDDLE: "zoom"},
        left_selects=True,
    ),
    "rhino": Navigation(
        {_LEFT: "orbit", _MIDDLE: "pan", _RIGHT: "orbit"},
        {_RIGHT: "pan"},
        {_RIGHT: "zoom"},
        left_selects=True,
    ),
    "blender": Navigation(
        {_LEFT: "orbit", _MIDDLE: "orbit", _RIGHT: "pan"},
        {_MIDDLE: "pan"},
        {_MIDDLE: "zoom"},
        left_selects=True,
    ),
}
"""Navigations by the program whose habit they follow; ``renewal`` is our own."""

_PAN_PX = 80.0
_PANS = {
    Qt.Key.Key_Left: (_PAN_PX, 0.0),
    Qt.Key.Key_Right: (-_PAN_PX, 0.0),
    Qt.Key.Key_Up: (0.0, _PAN_PX),
    Qt.Key.Key_Down: (0.0, -_PAN_PX),
}
_TURNS = {
    Qt.Key.Key_BracketLeft: (-10.0, 0.0),
    Qt.Key.Key_BracketRight: (10.0, 0.0),
    Qt.Key.Key_PageUp: (0.0, -5.0),
    Qt.Key.Key_PageDown: (0.0, 5.0),
}
_ZOOMS = {Qt.Key.Key_Plus: 0.8, Qt.Key.Key_Equal: 0.8, Qt.Key.Key_Minus: 1.25}


def by_key(key: Qt.Key, camera: Camera, size: tuple[int, int]) -> Camera | None:
    """Return where a key moves the camera, or None where it does not."""
    focus = np.array(camera.focus)
    if key in _PANS:
        x, y = _PANS[key]
        return moves.pan(camera, focus, size[0] / 2 + x, size[1] / 2 + y, size)
    if key in _TURNS:
        return moves.orbit(camera, focus, *_TURNS[key])
    if key in _ZOOMS:
        return moves.zoom(camera, focus, _ZOOMS[key])
    return None
