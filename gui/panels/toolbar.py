"""The tools of the hand, one button each, standing over the view at its left edge."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QWidget

from gui.panels.header import ActionButton
from gui.panels.parts import Rule, column

GAP = 16
GROUPS = (
    ("tool_select", "tool_box", "tool_lasso"),
    ("tool_path", "tool_crossing", "tool_gate", "tool_street", "tool_ramp", "tool_lift"),
    ("tool_measure",),
)


class ToolBar(QFrame):
    """Stands over `stage` and stays in its upper left corner."""

    def __init__(self, actions: Mapping[str, QAction], stage: QWidget) -> None:
        super().__init__(stage)
        self.setObjectName("card")
        stack = column(self, margin=4, gap=4)
        for number, group in enumerate(GROUPS):
            if number:
                stack.addWidget(Rule())
            for name in group:
                stack.addWidget(ActionButton(actions[name]))
        stage.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self.place()
        return super().eventFilter(watched, event)

    def place(self) -> None:
        """Stand in the corner, over the view."""
        self.adjustSize()
        self.move(GAP, GAP)
        self.raise_()
