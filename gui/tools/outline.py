"""The outline tool: corner by corner the study boundary or a community."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from PySide6.QtCore import QPointF
from PySide6.QtGui import QKeyEvent, QPainter

from gui.panels import figures
from gui.tools.corners import ENTER, CornersTool
from gui.tools.snapping import Catch, catch_outline
from twin.language import text
from twin.model.edits import DrawBoundary, DrawCommunity, EditError

if TYPE_CHECKING:
    from gui.document import Document
    from gui.sketch import Sheet
    from gui.view_state import Pick

Area = Literal["boundary", "community"]
_ROLES = {"boundary": "boundary", "community": "communities"}


class OutlineTool(CornersTool):
    """Draws an area; a click on its first corner closes it, as Enter and a double click do.

    Parameters
    ----------
    kind
        What is drawn.
    done
        Called when it was drawn.
    refused
        Called with the reason why it cannot be; the corners stay, to be mended.
    asked
        Called with the id of the community under the pointer (-1 for none) where Enter is pressed
        before anything is drawn.
    """

    def __init__(
        self,
        document: Document,
        kind: Area,
        reach: Callable[[], float],
        done: Callable[[], object],
        refused: Callable[[BaseException], object],
        asked: Callable[[int], object],
        changed: Callable[[], object],
    ) -> None:
        super().__init__(document, reach, changed)
        self._kind, self._done, self._refused, self._asked = kind, done, refused, asked

    def take(self, corners: tuple[tuple[float, float], ...]) -> None:
        """Take a proposed outline in hand, as if it had been drawn so."""
        self.corners = list(corners)
        self._changed()

    def catch(self, pick: Pick) -> Catch:
        """Return the place that the hand holds: corners and borders go before streets."""
        first = self.corners[0] if len(self.corners) > 2 else None
        return catch_outline(self._document.session.district, pick.x, pick.y, self._reach(), first)

    def click(self, pick: Pick) -> None:
        """Set a corner, or close the area on its first one."""
        if pick.x == pick.x and self.catch(pick).what == "first":
            self.end()
        else:
            super().click(pick)

    def key(self, event: QKeyEvent) -> bool:
        """Take what a drawing takes, and Enter before it begins."""
        if event.key() in ENTER and not self.corners and not self.typed:
            self._asked(self._under())
            return True
        return super().key(event)

    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        """Draw the area so far."""
        at = [] if self._at is None else [(self._at.x, self._at.y)]
        area = [*self.corners, *at]
        if len(area) > 2:
            sheet.area(painter, [QPointF(pixel) for pixel in sheet.pixels(area)])
            sheet.line(painter, [area[-1], area[0]], dashed=True)
        super().paint(painter, sheet)

    def words(self, at: Catch) -> list[str]:
        """Return how large the area is and how many live in it, and what catches it."""
        lines = [text(f"snap.{at.what}")] if at.what else []
        if not self.corners:
            under = self._under()
            key = "begin_community_over" if under >= 0 else f"begin_{self._kind}"
            return [text(f"draw.{key}", name=self._name_of(under)), *lines]
        said = [*self.piece_words(at)]
        ring = self.corners if at.what == "first" else [*self.corners, (at.x, at.y)]
        if len(ring) > 2:
            said.append(self._size(shapely.Polygon(ring)))
        return [*said, *lines]

    def end(self) -> None:
        """Draw the area; what cannot be one stays in hand."""
        corners = tuple(dict.fromkeys(self.corners))
        if len(corners) < 3:
            self.corners, self.typed = [], ""
            self._changed()
            return
        district = self._document.session.district
        new = district.table(_ROLES[self._kind]).next_id()
        edit: DrawBoundary | DrawCommunity
        if self._kind == "boundary":
            edit = DrawBoundary(new, corners)
        else:
            edit = DrawCommunity(new, corners, self._next_name())
        try:
            kept = self._document.do(f"history.{self._kind}", edit)
        except EditError as error:
            self._refused(error)
            return
        self.corners, self.typed = [], ""
        self._changed()
        if kept:
            self._done()

    def _size(self, area: shapely.Polygon) -> str:
        buildings = self._document.session.district.buildings
        rows = buildings.tree.query(area, predicate="intersects") if area.is_valid else []
        people = float(np.nansum(buildings["residents"][rows])) if len(rows) else 0.0
        return text("draw.area", area=f"{area.area / 1e4:,.1f}", people=figures.people(people))

    def _under(self) -> int:
        """Return the community under the pointer, -1 for none."""
        at, communities = self._at, self._document.session.district.communities
        if self._kind != "community" or at is None or math.isnan(at.x) or not len(communities):
            return -1
        rows = communities.tree.query(shapely.Point(at.x, at.y), predicate="intersects")
        return int(communities.ids[rows.min()]) if len(rows) else -1

    def _name_of(self, community: int) -> str:
        communities = self._document.session.district.communities
        row = int(communities.rows_of([community])[0])
        return str(communities["name"][row]) if row >= 0 else ""

    def _next_name(self) -> str:
        taken = set(self._document.session.district.communities["name"])
        names = (text("draw.community_name", number=number) for number in range(1, 10_000))
        return next((name for name in names if name not in taken), "")
