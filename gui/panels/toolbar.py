"""The tools of the hand, one button each, standing over the view at its left edge."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from gui.panels.header import ActionButton

GAP = 16
TALL_PX = 800
"""In a view that is lower than this the tools stand in two columns, clear of the legend."""
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
)


class ToolBar(QFrame):
    """Stands over `stage` and stays in its upper left corner."""

    def __init__(self, actions: Mapping[str, QAction], stage: QWidget) -> None:
        super().__init__(stage)
        self._stage = stage
        self.setObjectName("card")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(4, 4, 4, 4)
        self._grid.setSpacing(4)
        self._buttons = [ActionButton(actions[name]) for name in TOOLS]
        self._columns = 0
        stage.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self.place()
        return super().eventFilter(watched, event)

    def place(self) -> None:
        """Stand in the corner, over the view."""
        columns = 1 if self._stage.height() >= TALL_PX else 2
        if columns != self._columns:
            self._columns = columns
            for number, button in enumerate(self._buttons):
                self._grid.addWidget(button, number // columns, number % columns)
        self.adjustSize()
        self.move(GAP, GAP)
        self.raise_()
