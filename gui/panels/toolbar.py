"""The tools of the hand, one button each, standing over the view at its left edge."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QGridLayout, QMenu, QWidget

from gui.panels.header import ActionButton
from gui.panels.parts import IconButton

GAP = 16
_STEP_PX, _RIM_PX = 36, 4
"""From one button to the next, and round all of them."""
_FEWEST = 4
"""A single column has so many buttons at the least."""
TOOLS = (
    "tool_select",
    "tool_box",
    "tool_lasso",
    "tool_measure",
    "tool_path",
    "tool_crossing",
    "tool_gate",
    "tool_street",
    "tool_ramp",
    "tool_lift",
    "tool_door",
    "tool_community",
    "tool_boundary",
)


class ToolBar(QFrame):
    """Stands in the upper left corner of `stage`, above the legend.

    The tools stand in one column where there is room for it, and where the view is narrow, else in
    two; what finds no room there is in a menu behind the last button.
    """

    def __init__(self, actions: Mapping[str, QAction], stage: QWidget) -> None:
        super().__init__(stage)
        self.setObjectName("card")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(_RIM_PX, _RIM_PX, _RIM_PX, _RIM_PX)
        self._grid.setSpacing(_STEP_PX - 32)
        self._actions = [actions[name] for name in TOOLS]
        self._buttons = [ActionButton(action) for action in self._actions]
        self._more = IconButton("more", "tools.more", self._drop)
        for button in (*self._buttons, self._more):
            button.setParent(self)  # what has no place in the grid is ours too, and no window
        self._room = (0, 0)
        self.hide()

    @property
    def left_over(self) -> list[QAction]:
        """The tools that are in the menu."""
        return [a for a, b in zip(self._actions, self._buttons, strict=True) if b.isHidden()]

    def place(self, tall: int, narrow: bool = False) -> None:
        """Stand in the corner of a view that has so many pixels of height for tools."""
        rows = max(1, (tall - 2 * _RIM_PX + 4) // _STEP_PX)
        columns = 1 if rows >= len(TOOLS) or (narrow and rows >= _FEWEST) else 2
        if (rows, columns) != self._room:
            self._room = rows, columns
            self._arrange(rows, columns)
        self.adjustSize()
        self.move(GAP, GAP)
        self.raise_()

    def _arrange(self, rows: int, columns: int) -> None:
        places = rows * columns
        shown = len(TOOLS) if places >= len(TOOLS) else places - 1
        for number, button in enumerate([*self._buttons, self._more]):
            self._grid.removeWidget(button)
            button.setVisible(number < shown or (button is self._more and shown < len(TOOLS)))
        stand = [*self._buttons[:shown], *([self._more] if shown < len(TOOLS) else [])]
        for number, button in enumerate(stand):
            self._grid.addWidget(button, number // columns, number % columns)

    def _drop(self) -> None:
        menu = QMenu(self)
        menu.addActions(self.left_over)
        menu.exec(self._more.mapToGlobal(QPoint(self._more.width() + 4, 0)))
        menu.deleteLater()
