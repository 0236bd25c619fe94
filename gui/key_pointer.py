"""A pointer in the view that keys move, for whoever has no mouse: what a mouse does, keys do.

The arrows move a cross, by steps or, with Shift, finely; at the rim they push the district. The
space bar clicks, and so does Enter where the tool has no use of its own for it. Where a press takes
hold of something one click takes hold and the next lets go; while selecting that is Shift and the
space bar. The Menu key, or Shift+F10, clicks with the right button. A tool that draws or places has
the cross at the first arrow; to select, the space bar brings it. Esc, and the mouse, take it away.

The view is sent the very events of a mouse, so that there is one way for whatever can be done.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QApplication, QWidget

from gui.scene.style import Palette

STEP_PX, FINE_PX = 24.0, 3.0
RIM_PX = 48.0
"""So near to the rim the district moves instead of the cross."""
_ARM_PX, _GAP_PX = 13.0, 4.0
_ARROWS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SHIFT, _NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_LEFT, _RIGHT, _NO_BUTTON = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.NoButton,
)


class KeyPointer:
    """The cross of one view.

    Parameters
    ----------
    view
        It takes the mouse's events.
    holds
        Returns whether a press has taken hold of something in it.

    Attributes
    ----------
    at
        Pixel where the cross stands; None while there is none.
    sending
        Whether the mouse event that the view gets just now is this pointer's.
    """

    def __init__(self, view: QWidget, holds: Callable[[], bool]) -> None:
        self._view, self._holds = view, holds
        self.at: QPointF | None = None
        self.sending = False
        self._pressed = False

    def take(self, event: QKeyEvent, crossed: bool) -> bool:
        """Do what a key asks of the pointer; False where it asks nothing.

        Parameters
        ----------
        crossed
            Whether a tool in hand wants a place: then the arrows are the cross's.
        """
        key, held = Qt.Key(event.key()), event.modifiers() & ~_KEYPAD
        if held not in (_NONE, _SHIFT):
            return False
        if key in _ARROWS:
            return (crossed or self.at is not None) and self._step(key, held == _SHIFT)
        if key == Qt.Key.Key_Menu or (key == Qt.Key.Key_F10 and held == _SHIFT):
            self._click(_RIGHT)
            return True
        if key == Qt.Key.Key_Escape:
            alone = not crossed and not self._is_holding()
            return alone and self.leave()
        if key == Qt.Key.Key_Space or (key in _ENTER and self.at is not None):
            if self.at is None:
                self._stand(self._middle())
            elif not event.isAutoRepeat():
                self._click(_LEFT, keeps=crossed or held == _SHIFT)
            return True
        return False

    def leave(self) -> bool:
        """Take the cross away, and let go of what it holds; whether there was one."""
        if self.at is None:
            return False
        if self._is_holding():
            self._release(self.at, _LEFT)
        self.at = None
        self._view.update()
        return True

    def paint(self, painter: QPainter, tones: Palette) -> None:
        """Draw the cross."""
        if self.at is None:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((tones.halo, 5.0), (tones.accent, 2.0)):
            painter.setPen(QPen(QColor(colour), width))
            for way in _ARROWS.values():
                painter.drawLine(self.at + way * _GAP_PX, self.at + way * _ARM_PX)

    def _step(self, key: Qt.Key, fine: bool) -> bool:
        if self.at is None:
            self._stand(self._middle())
            return True
        moved = self.at + _ARROWS[key] * (FINE_PX if fine else STEP_PX)
        room = QRectF(self._view.rect()).adjusted(RIM_PX, RIM_PX, -RIM_PX, -RIM_PX)
        if not room.contains(moved):
            return False  # the view moves the district
        self._stand(moved)
        return True

    def _stand(self, at: QPointF) -> None:
        self.at = at
        held = _LEFT if self._is_holding() else _NO_BUTTON
        self._send(QEvent.Type.MouseMove, at, _NO_BUTTON, held)
        self._view.update()

    def _click(self, button: Qt.MouseButton, keeps: bool = False) -> None:
        """Press and release; where `keeps`, and the press took hold, the next click releases."""
        at = self.at if self.at is not None else self._middle()
        if not self._is_holding():
            self._send(QEvent.Type.MouseButtonPress, at, button, button)
            self._pressed = keeps and self._holds()
            if self._pressed:
                return
        self._release(at, button)

    def _release(self, at: QPointF, button: Qt.MouseButton) -> None:
        self._pressed = False
        self._send(QEvent.Type.MouseButtonRelease, at, button, _NO_BUTTON)

    def _is_holding(self) -> bool:
        self._pressed = self._pressed and self._holds()
        return self._pressed

    def _middle(self) -> QPointF:
        return QPointF(self._view.rect().center())

    def _send(
        self, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton
    ) -> None:
        event = QMouseEvent(kind, at, self._view.mapToGlobal(at), button, held, _NONE)
        self.sending = True
        try:
            QApplication.sendEvent(self._view, event)
        finally:
            self.sending = False
