"""The select tool: a click selects; a service that is dragged moves, the district answering."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication, QPainter

from gui.gain import gain_lines
from gui.tools.snapping import spot
from gui.tools.tool import BareTool
from gui.view_state import Feature, Pick, ViewState
from twin.model.edits import MoveService

if TYPE_CHECKING:
    from gui.document import Document
    from gui.sketch import Sheet
    from gui.tools.area import AreaTool

STILL_M = 2.0
"""A press that travels less than this is a click."""


class SelectTool(BareTool):
    """What the pointer does when nothing is armed.

    Parameters
    ----------
    moved
        Called with the id of a service that was dragged elsewhere.
    area
        Takes drags that begin on no service; None leaves them to the camera.
    """

    def __init__(
        self,
        document: Document,
        state: ViewState,
        moved: Callable[[int], object],
        area: AreaTool | None = None,
    ) -> None:
        self._document = document
        self._state, self._moved, self._area = state, moved, area
        self._boxing = False
        self._from: Pick | None = None
        self._moves = False
        self._pixel = QPointF()

    def hover(self, pick: Pick | None) -> None:
        """Mark what lies under the pointer."""
        if pick is not None:
            self._pixel = QPointF(*pick.pixel)
        self._state.set(hovered=pick.feature if pick else None)

    def press(self, pick: Pick) -> bool:
        """Take hold of a service; from far away of the selected one alone.

        There the glyphs are a few pixels wide: who only means to turn the view must not move one.
        """
        by_chance = pick.is_far and pick.feature != self._state.seen.selected
        if pick.feature is None or pick.feature[0] != "services" or by_chance:
            self._boxing = self._area is not None and self._area.press(pick)
            return self._boxing
        self._from, self._moves = pick, False
        self._document.make_ready(pick.feature[1])
        if not _adds():  # now, so that the first step of a drag has only to move it
            self._state.set(selected=pick.feature, route=None)
        return True

    def drag(self, pick: Pick) -> None:
        """Carry the service along and show what that would change."""
        if self._boxing and self._area is not None:
            self._area.drag(pick)
            return
        start = self._from
        if start is None or start.feature is None or pick.x != pick.x:
            return
        far = abs(pick.x - start.x) + abs(pick.y - start.y) > STILL_M
        if not far and not self._moves:
            return
        self._moves = True
        self._pixel = QPointF(*pick.pixel)
        district = self._document.session.district
        services = district.services
        types = tuple(services["types"][services.row_of(start.feature[1])].split(","))
        at = spot(district, pick.x, pick.y)
        self._state.set(
            selected=start.feature,
            route=None,
            held=start.feature[1],
            ghost=(at.x, at.y, types),
        )
        edit = MoveService(start.feature[1], at.x, at.y, at.site_id, at.building_id)
        self._document.try_out(edit)

    def release(self, pick: Pick) -> None:
        """Keep the move as one edit; a press without one selects."""
        if self._boxing and self._area is not None:
            self._boxing = False
            if self._area.put_back_if_still():
                self.click(pick)
            else:
                self._area.release(pick)
            return
        start, moved = self._from, self._moves
        self._from, self._moves = None, False
        if start is None:
            return
        if moved:
            self._state.set(ghost=None, held=-1)
            if self._document.keep("history.move") and start.feature is not None:
                self._moved(start.feature[1])
        else:
            self.click(start)

    def click(self, pick: Pick) -> None:
        """Select what lies there, or let go of what was selected; Ctrl adds and takes away."""
        if _adds():
            if pick.feature is not None:
                self._toggle(pick.feature)
        else:
            self._state.set(selected=pick.feature, route=None)

    def _toggle(self, feature: Feature) -> None:
        chosen = self._state.seen.chosen
        left = tuple(f for f in chosen if f != feature)
        now = left if feature in chosen else (*chosen, feature)
        self._state.set(selected=now[0] if now else None, also=now[1:], route=None)

    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        """Say what the place under the hand would gain."""
        if self._boxing and self._area is not None:
            self._area.paint(painter, sheet)
        gained = gain_lines(self._document) if self._moves else []
        if gained:
            sheet.note(painter, self._pixel, gained)

    def put_back(self) -> bool:
        """Let a held service go where it came from; whether there was one."""
        if self._boxing and self._area is not None:
            self._boxing = False
            return self._area.put_back()
        held, self._from, self._moves = self._from, None, False
        if held is None:
            return False
        self._state.set(ghost=None, held=-1)
        self._document.try_out(None)
        return True


def _adds() -> bool:
    """Return whether a click adds to what is selected, or takes away."""
    pressed = QGuiApplication.keyboardModifiers()
    return bool(pressed & Qt.KeyboardModifier.ControlModifier)
