"""What every drawing tool does: it takes a line corner by corner, by clicks and typed lengths."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import shapely
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
_ROUND_M = 1000.0
"""How far beyond streets and buildings a typed corner may lie."""
_NUMBER = r"-?\d*\.?\d*"
_BEGUN = re.compile(rf"\d*\.?\d*(<{_NUMBER})?|{_NUMBER}(,{_NUMBER})?")
"""A length, a length and an angle, or coordinates, as far as they are typed."""
_WRITTEN_WIDE = {"，": ",", "《": "<", "。": "."}
"""What a Chinese keyboard writes in their place."""


class CornersTool(BareTool):
    """Holds the corners of what is drawn until it is done or given up.

    A click sets a corner, a double click or Enter ends the drawing, Backspace takes the last corner
    back. What is typed before Enter sets a corner exactly: ``25`` lies so many metres towards the
    pointer, ``25<30`` in the direction of 30 degrees from east, counter-clockwise, and
    ``531200,3387500`` at these coordinates, with which a drawing may begin, too.

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
        words = _WRITTEN_WIDE.get(event.text(), event.text())
        if words and _BEGUN.fullmatch(self.typed + words):
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
            sheet.note(painter, self._pixel, [*self._typed_words(), *self.words(at)])

    def piece_words(self, at: Catch) -> list[str]:
        """Return how long the piece under the hand is, as typed where it was typed."""
        x, y = self.corners[-1]
        piece = math.hypot(at.x - x, at.y - y)
        plain = self.typed and not self._typed_words()
        length = text("draw.typed", metres=self.typed) if plain else figures.length(piece)
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
        place = self._typed_place()
        if place is None or self._is_off(place):
            return  # what was typed stays, to be mended
        self.typed = ""
        self._add(*place)

    def _typed_place(self) -> tuple[float, float] | None:
        """Return where the corner lies that was typed; None while that is no place yet."""
        try:
            if "," in self.typed:
                x, y = map(float, self.typed.split(","))
                return x, y
            length, turned, angle = self.typed.partition("<")
            far = float(length)
            turn = math.radians(float(angle)) if turned else self._towards()
        except ValueError:
            return None
        if turn is None or not self.corners or not far:
            return None
        x, y = self.corners[-1]
        return x + far * math.cos(turn), y + far * math.sin(turn)

    def _towards(self) -> float | None:
        """Return the direction of the pointer from the last corner, radians; None where it is."""
        if self._at is None or not self.corners:
            return None
        x, y = self._at.x - self.corners[-1][0], self._at.y - self.corners[-1][1]
        return math.atan2(y, x) if math.hypot(x, y) else None

    def _is_off(self, place: tuple[float, float]) -> bool:
        """Return whether a place lies beyond all that the district has: a slip of the keys."""
        district = self._document.session.district
        shapes = np.concatenate([district.streets.geometry, district.buildings.geometry])
        if not len(shapes):
            return False
        known = shapely.box(*shapely.total_bounds(shapes)).buffer(_ROUND_M)
        return not known.covers(shapely.Point(place))

    def _typed_words(self) -> list[str]:
        """Return what was typed where that is more than the length of a piece."""
        plain = self.corners and not set(self.typed) & set("<,-")
        if not self.typed or plain:
            return []
        place = self._typed_place()
        off = place is not None and self._is_off(place)
        return [f"{self.typed}_", *([text("draw.off")] if off else [])]

    def _back(self) -> None:
        if self.typed:
            self.typed = self.typed[:-1]
        elif self.corners:
            self.corners.pop()
