"""Who has the keyboard, on a screen without a window manager, as a bare Xvfb is.

There X gives the keyboard to no window that comes up, and to none when another goes. A person's
desk does, so the tests' own does, too.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

_TAKE_IT = (Qt.WindowType.Window, Qt.WindowType.Dialog)


class Desk(QObject):
    """Gives the keyboard to the window that came up last of those that are there."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._windows: list[QWidget] = []
        app.installEventFilter(self)

    def eventFilter(self, thing: QObject, event: QEvent) -> bool:
        """Follow windows that come and go."""
        if (
            event.type() in (QEvent.Type.Show, QEvent.Type.Hide)
            and isinstance(thing, QWidget)
            and thing.isWindow()
            and thing.windowType() in _TAKE_IT
        ):
            self._windows = [known for known in self._windows if known is not thing]
            if event.type() == QEvent.Type.Show:
                self._windows.append(thing)
                gone = id(thing)
                thing.destroyed.connect(lambda: self._forget(gone))
            QTimer.singleShot(0, self, self._give)
        return False

    def _forget(self, gone: int) -> None:
        self._windows = [known for known in self._windows if id(known) != gone]

    def _give(self) -> None:
        if self._windows:
            self._windows[-1].activateWindow()
