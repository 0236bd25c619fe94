"""The drawing tool: corner by corner a path or a crossing, caught by streets and doors."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPainter

from gui.panels import figures
from gui.tools.snapping import Catch, catch
from gui.tools.tool import BareTool
from gui.view_state import Pick
from twin.catalogues import default_walker, walkers
from twin.edits import AddPath
from twin.language import text

if TYPE_CHECKING:
    from gui.document import Document
    from gui.sketch import Sheet

PathKind = Literal["footway", "crossing"]
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SAME_M = 0.01


class DrawTool(BareTool):
    """Holds the corners of a path until it is done or given up.

    A click sets a corner, a double click or Enter ends the path, Backspace takes the last corner
    back. Typed digits are a length in metres: Enter then sets the corner that far towards the
    pointer.

    Parameters
    ----------
    reach
        Returns within how many metres something catches the pointer.
    done
        Called when the path was added, with the id of its street.
    changed
        Called when the drawing has to be painted anew.
    """

    cursor = "cross"

    def __init__(
        self,
        document: Document,
        kind: PathKind,
        reach: Callable[[], float],
        done: Callable[[int], object],
        changed: Callable[[], object],
    ) -> None:
        self._document, self._kind = document, kind
        self._reach, self._done, self._changed = reach, done, changed
        self.corners: list[tuple[float, float]] = []
        self._at: Catch | None = None
        self._pixel = QPointF()
        self.typed = ""

    def hover(self, pick: Pick | None) -> None:
        """Let the end of the line follow."""
        self._at = None if pick is None or pick.x != pick.x else self._catch(pick)
        if pick is not None:
            self._pixel = QPointF(*pick.pixel)
        self._changed()

    def click(self, pick: Pick) -> None:
        """Set a corner."""
        if pick.x == pick.x:
            at = self._catch(pick)
            self._add(at.x, at.y)

    def double_click(self, pick: Pick) -> bool:
        """Set the last corner and add the path."""
        self.click(pick)
        self._end()
        return True

    def key(self, event: QKeyEvent) -> bool:
        """Take digits, Enter and Backspace."""
        words = event.text()
        if words and (words.isdigit() or (words == "." and "." not in self.typed)) and self.corners:
            self.typed += words
        elif event.key() == Qt.Key.Key_Backspace:
            self._back()
        elif event.key() in _ENTER:
            if self.typed:
                self._step()
            else:
                self._end()
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
        """Draw the path so far, its next piece and how long it is."""
        at = self._at
        sheet.line(painter, self.corners)
        if at is not None:
            if self.corners:
                sheet.line(painter, [self.corners[-1], (at.x, at.y)], dashed=True)
            if at.what:
                sheet.ring(painter, (at.x, at.y))
        sheet.marks(painter, self.corners)
        if at is not None:
            sheet.note(painter, self._pixel, self._words(at))

    def _words(self, at: Catch) -> list[str]:
        lines = [text(f"snap.{at.what}")] if at.what else []
        if not self.corners:
            return lines or [text(f"draw.begin_{self._kind}")]
        x, y = self.corners[-1]
        piece = math.hypot(at.x - x, at.y - y)
        whole = piece + sum(
            math.dist(a, b) for a, b in zip(self.corners, self.corners[1:], strict=False)
        )
        minutes = whole / walkers()[default_walker()].speed_mps / 60.0
        length = text("draw.typed", metres=self.typed) if self.typed else figures.length(piece)
        return [
            text("draw.piece", length=length),
            text("draw.whole", length=figures.length(whole), time=figures.minutes(minutes)),
            *lines,
        ]

    def _catch(self, pick: Pick) -> Catch:
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

    def _end(self) -> None:
        corners, self.corners, self.typed = tuple(self.corners), [], ""
        self._changed()
        if len(corners) < 2:
            return
        new = self._document.session.district.streets.next_id()
        if self._document.do(f"history.{self._kind}", AddPath(new, corners, self._kind)):
            self._done(new)
