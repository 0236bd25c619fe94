"""All keys and what the mouse does, on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.actions import MENU
from gui.panels.form import group_title
from gui.panels.parts import HelpButton, Scrolled, TextButton, column, row, set_tone
from twin.language import text

if TYPE_CHECKING:
    from gui.window import Window

COLUMNS: tuple[tuple[str, ...], ...] = (("file", "scenario"), ("edit", "tools", "help"), ("view",))
_VIEW_KEYS = ("aim", "arrows", "zoom", "turn", "tilt", "home")


class CheatSheet(QDialog):
    """The actions that have keys, by menu, and the habits of the mouse."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("action.cheat_sheet"))
        self.resize(1040, min(776, self.screen().availableGeometry().height() - 24))
        layout = column(self, margin=16, gap=8)
        inside = Scrolled()
        across = QHBoxLayout()
        across.setSpacing(32)
        for parts in COLUMNS:
            stack = column(gap=4)
            for part in parts:
                self._add_part(stack, part)
            if "scenario" in parts:
                self._add_mouse(stack)
            stack.addStretch(1)
            across.addLayout(stack, 1)
        inside.column.addLayout(across)
        layout.addWidget(inside, 1)
        last = row(gap=8)
        last.addWidget(HelpButton("help.cheat_sheet"))
        last.addStretch(1)
        last.addWidget(TextButton("dialog.close", self.close))
        layout.addLayout(last)

    def _add_part(self, stack: QVBoxLayout, part: str) -> None:
        stack.addWidget(group_title(text(f"menu.{part}")))
        names = MENU[part]
        if part == "view":  # what stands in no menu is of the view
            actions = self._window.actions_
            names = (*names, *(name for name in actions.by_name if not actions.place_of(name)))
        for name in names:
            action = self._window.actions_.by_name.get(name)
            if action is not None and not action.shortcut().isEmpty():
                keys = QKeySequence.listToString(
                    action.shortcuts(), QKeySequence.SequenceFormat.NativeText
                )
                stack.addWidget(_line(text(f"action.{name}").rstrip("…"), keys.replace(";", "  ")))

    def _add_mouse(self, stack: QVBoxLayout) -> None:
        stack.addWidget(group_title(text("cheat.mouse")))
        habit = self._window.settings.navigation
        for move in ("orbit", "pan", "zoom"):
            stack.addWidget(_line(text(f"cheat.{move}"), text(f"cheat.{habit}_{move}")))
        for name in _VIEW_KEYS:
            stack.addWidget(_line(text(f"cheat.{name}"), text(f"cheat.{name}_keys")))


def _line(words: str, keys: str) -> QWidget:
    line = QWidget()
    layout = row(line, gap=16)
    left, right = QLabel(words), QLabel(keys)
    left.setWordWrap(True)
    set_tone(right, "soft")
    layout.addWidget(left, 1)
    layout.addWidget(right)
    return line


def show_cheat_sheet(window: Window) -> CheatSheet:
    """Show the page beside the window."""
    shown = CheatSheet(window)
    shown.show()
    return shown
