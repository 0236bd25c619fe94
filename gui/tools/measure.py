"""The measuring tool: between two places the straight line, the walk, and how long it takes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from gui.panels import figures
from gui.tools.tool import BareTool
from gui.view_state import Pick, ViewState
from twin.language import text

if TYPE_CHECKING:
    from gui.sketch import Sheet
    from twin.walking.routes import Route

Place = tuple[float, float]


class MeasureTool(BareTool):
    """A click begins, the next ends; a third begins anew.

    Parameters
    ----------
    ask
        Called with both places; the walk between them comes back by :meth:`take`.
    changed
        Called when the line has to be painted anew.
    """

    cursor = "cross"

    def __init__(
        self,
        state: ViewState,
        ask: Callable[[Place, Place], object],
        changed: Callable[[], object],
    ) -> None:
        self._state, self._ask, self._changed = state, ask, changed
        self.ends: list[Place] = []
        self.walk: Route | None = None
        self._answered = False
        self._at: Place | None = None
        self._pixel = QPointF()

    def hover(self, pick: Pick | None) -> None:
        """Let the line follow."""
        self._at = None if pick is None or pick.x != pick.x else (pick.x, pick.y)
        if pick is not None:
            self._pixel = QPointF(*pick.pixel)
        self._changed()

    def click(self, pick: Pick) -> None:
        """Set an end."""
        if pick.x != pick.x:
            return
        if len(self.ends) == 2:
            self.put_back()
        self.ends.append((pick.x, pick.y))
        if len(self.ends) == 2:
            self._ask(self.ends[0], self.ends[1])
        self._changed()

    def take(self, walk: Route | None) -> None:
        """Show the walk that was asked for; None where there is no way."""
        self.walk, self._answered = walk, True
        self._state.set(route=walk)
        self._changed()

    def put_back(self) -> bool:
        """Forget the ends; whether there were any."""
        held, self.ends, self.walk, self._answered = bool(self.ends), [], None, False
        self._state.set(route=None)
        self._changed()
        return held

    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        """Draw the straight line and say both lengths."""
        ends = self.ends if len(self.ends) == 2 or self._at is None else [*self.ends, self._at]
        if not self.ends:
            return
        sheet.line(painter, ends, dashed=True)
        sheet.marks(painter, self.ends)
        at = sheet.pixels([ends[1]])[0] if len(self.ends) == 2 else self._pixel
        sheet.note(painter, at, self.words(ends))

    def words(self, ends: list[Place]) -> list[str]:
        """Return what is known of the distance between two ends."""
        if len(ends) < 2:
            return [text("measure.begin")]
        lines = [text("measure.straight", length=figures.length(math.dist(*ends)))]
        if len(self.ends) == 2 and not self._answered:
            lines.append(text("measure.finding"))
        elif self._answered and self.walk is None:
            lines.append(text("measure.no_way"))
        elif self.walk is not None:
            metres, minutes = figures.length(self.walk.metres), figures.minutes(self.walk.minutes)
            lines.append(text("measure.walk", length=metres, time=minutes))
        return lines
