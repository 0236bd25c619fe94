"""One tab stop for a list: the arrow keys move between its rows, Tab leaves it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_TAB, _CLICK = Qt.FocusPolicy.TabFocus, Qt.FocusPolicy.ClickFocus


class Roving(QObject):
    """Moves the keyboard between the rows of a list; rows that are hidden are passed over."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: list[QWidget] = []

    def follow(self, rows: Sequence[QWidget]) -> None:
        """Take other rows; the first is the tab stop until another has had the keyboard."""
        for old in self._rows:
            old.removeEventFilter(self)
        self._rows = list(rows)
        for line in self._rows:
            line.installEventFilter(self)
        self._stop_at(self._rows[0] if self._rows else None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move on Up, Down, Home and End; make the row that has the keyboard the tab stop."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self._stop_at(watched)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._move(watched, Qt.Key(event.key()))
        return False

    def _move(self, watched: QObject, key: Qt.Key) -> bool:
        shown = [line for line in self._rows if not line.isHidden()]
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(shown) - 1}
        if watched not in shown or (key not in _STEPS and key not in ends):
            return False
        at = ends[key] if key in ends else shown.index(watched) + _STEPS[key]
        if 0 <= at < len(shown):
            shown[at].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _stop_at(self, stop: QWidget | None) -> None:
        for line in self._rows:
            line.setFocusPolicy(_TAB if line is stop else _CLICK)
