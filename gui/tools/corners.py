"""What every drawing tool does: it takes a line corner by corner, by clicks and typed lengths."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPainter

from gui.panels import figures
from gui.tools.snapping import Catch, catch
from gui.tools.tool import BareTool
from gui.view_state import Pick
from twin.language import text

if TYPE_CHECKING:
    from gui.document import Document
    from gui.sketch import Sheet

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SAME_M = 0.01


class CornersTool(BareTool):
    """Holds the corners of what is drawn until it is done or given up.

    A click sets a corner, a double click or Enter ends the drawing, Backspace takes the last corner
    back. Typed digits are a length in metres: Enter then sets the corner that far towards the
    pointer.

    Parameters
    ----------
    document
        What is drawn into.
    reach
        Returns within how many metres something catches the pointer.
    changed
        Called when the drawing has to be painted anew.
    """

    cursor = "cross"

    def __init__(
        self, document: Document, reach: Callable[[], float], changed: Callable[[], object]
    ) -> None:
        self._document, self._reach, self._changed = document, reach, changed
        self.corners: list[tuple[float, float]] = []
        self._at: Catch | None = None
        self._pixel = QPointF()
        self.typed = ""

    def end(self) -> None:
        """Make of the corners what they are drawn for."""
        raise NotImplementedError

    def words(self, at: Catch) -> list[str]:
        """Return what stands beside the pointer."""
        raise NotImplementedError

    def hover(self, pick: Pick | None) -> None:
        """Let the end of the line follow."""
        self._at = None if pick is None or pick.x != pick.x else self.catch(pick)
        if pick is not None:
            self._pixel = QPointF(*pick.pixel)
        self._changed()

    def click(self, pick: Pick) -> None:
        """Set a corner."""
        if pick.x == pick.x:
            at = self.catch(pick)
            self._add(at.x, at.y)

    def double_click(self, pick: Pick) -> bool:
        """Set the last corner and end the drawing."""
        self.click(pick)
        self.end()
        return True

    def key(self, event: QKeyEvent) -> bool:
        """Take digits, Enter and Backspace."""
        words = event.text()
        if words and (words.isdigit() or (words == "." and "." not in self.typed)) and self.corners:
            self.typed += words
        elif event.key() == Qt.Key.Key_Backspace:
            self._back()
        elif event.key() in ENTER:
            if self.typed:
                self._step()
            else:
                self.end()
        else:
            return False
        self._changed()
        return True

    def put_back(self) -> bool:
        """Give the drawing up; whether there was one."""
        held, self.corners, self.typed = bool(self.corners), [], ""
        self._changed()
        return held

    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        """Draw the line so far, its next piece and what is said of it."""
        at = self._at
        sheet.line(painter, self.corners)
        if at is not None:
            if self.corners:
                sheet.line(painter, [self.corners[-1], (at.x, at.y)], dashed=True)
            if at.what:
                sheet.ring(painter, (at.x, at.y))
        sheet.marks(painter, self.corners)
        if at is not None:
            sheet.note(painter, self._pixel, self.words(at))

    def piece_words(self, at: Catch) -> list[str]:
        """Return how long the piece under the hand is, as typed where it was typed."""
        x, y = self.corners[-1]
        piece = math.hypot(at.x - x, at.y - y)
        length = text("draw.typed", metres=self.typed) if self.typed else figures.length(piece)
        return [text("draw.piece", length=length)]

    def catch(self, pick: Pick) -> Catch:
        """Return the place that the hand holds."""
        return catch(self._document.session.district, pick.x, pick.y, self._reach())

    def _add(self, x: float, y: float) -> None:
        if not self.corners or math.dist(self.corners[-1], (x, y)) > _SAME_M:
            self.corners.append((x, y))
        self.typed = ""
        self._changed()

    def _step(self) -> None:
        at, length = self._at, float(self.typed or 0)
        self.typed = ""
        if at is None or not self.corners or not length:
            return
        x, y = self.corners[-1]
        far = math.hypot(at.x - x, at.y - y)
        if far:
            self._add(x + (at.x - x) * length / far, y + (at.y - y) * length / far)

    def _back(self) -> None:
        if self.typed:
            self.typed = self.typed[:-1]
        elif self.corners:
            self.corners.pop()
