"""How the mouse moves the camera: our own way, and the habits of other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from PySide6.QtCore import Qt

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
