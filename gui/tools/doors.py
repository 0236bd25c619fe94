"""The door tool: doors are added, moved along their walls, joined to their street, taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication, QPainter

from gui.gain import gain_lines
from gui.tools.tool import BareTool
from gui.view_state import Pick
from twin.language import text
from twin.model.catalogues import rules
from twin.model.edits import AddEntrance, ChangeEntrance, Edit, MoveEntrance, RemoveEntrance

if TYPE_CHECKING:
    from gui.document import Document
    from gui.sketch import Sheet

SHOWN_M = 80.0
"""Doors so near to the pointer are marked."""
WALL_M = 4.0
"""A door that is dragged no farther than this from its wall stays on it."""


class DoorTool(BareTool):
    """A click on a wall adds a door, with Shift on a door takes it away; a drag moves it.

    A door that is dragged on to a street keeps its place and opens on that street from then on.

    Parameters
    ----------
    reach
        Returns within how many metres a door, a wall or a street is caught.
    changed
        Called when the marks have to be painted anew.
    """

    cursor = "cross"

    def __init__(
        self, document: Document, reach: Callable[[], float], changed: Callable[[], object]
    ) -> None:
        self._document, self._reach, self._changed = document, reach, changed
        self._at: Pick | None = None
        self._held = -1
        self._moved = False

    def hover(self, pick: Pick | None) -> None:
        """Mark the doors about the pointer."""
        self._at = None if pick is None or pick.x != pick.x else pick
        self._changed()

    def press(self, pick: Pick) -> bool:
        """Take hold of a door."""
        self._held, self._moved = self._door(pick), False
        return self._held >= 0

    def drag(self, pick: Pick) -> None:
        """Carry it along and try out what that would change."""
        if pick.x == pick.x:
            self._at, self._moved = pick, True
            self._document.try_out(self._dragged(pick))
            self._changed()

    def release(self, pick: Pick) -> None:
        """Leave it there; a press that went nowhere is a click."""
        held, moved, self._moved = self._held, self._moved, False
        if held >= 0 and moved:
            edit = self._dragged(self._at or pick)
            self._document.try_out(edit)
            self._document.keep("history.door")
        elif held >= 0:
            self.click(pick)
        self._held = -1
        self._changed()

    def click(self, pick: Pick) -> None:
        """Add a door to the wall that is clicked, or with Shift take a door away."""
        door = self._door(pick)
        if QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier:
            if door >= 0:
                self._document.do("history.door", RemoveEntrance(door))
        elif door < 0 and pick.x == pick.x:
            edit = self._added(pick)
            if edit is not None:
                self._document.do("history.door", edit)

    def put_back(self) -> bool:
        """Let a held door go where it came from; whether there was one."""
        held, self._held, self._moved = self._held >= 0, -1, False
        self._document.try_out(None)
        return held

    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        """Draw the doors about, the line that is being dragged, and what it would mean."""
        at = self._at
        if at is None:
            return
        doors = self._document.district.entrances
        here = shapely.Point(at.x, at.y)
        near = doors.tree.query(here, predicate="dwithin", distance=SHOWN_M) if len(doors) else []
        sheet.marks(painter, [(p.x, p.y) for p in doors.geometry[near]], radius=3.5)
        over = self._held if self._held >= 0 else self._door(at)
        if over >= 0:
            door = doors.geometry[doors.row_of(over)]
            sheet.ring(painter, (door.x, door.y))
            if self._moved:
                sheet.line(painter, [(door.x, door.y), (at.x, at.y)], dashed=True)
        lines = [text(f"door.{self._says(over, at)}")]
        gained = gain_lines(self._document) if self._moved else []
        sheet.note(painter, QPointF(*at.pixel), [*lines, *gained])

    def _says(self, over: int, at: Pick) -> str:
        if self._moved:
            return "join" if isinstance(self._dragged(at), ChangeEntrance) else "move"
        return "drag" if over >= 0 else "add"

    def _door(self, pick: Pick) -> int:
        doors = self._document.session.district.entrances
        if pick.x != pick.x or not len(doors):
            return -1
        here = shapely.Point(pick.x, pick.y)
        near = doors.tree.query_nearest(here, max_distance=self._reach())
        return int(doors.ids[near[0]]) if len(near) else -1

    def _dragged(self, pick: Pick) -> Edit:
        """Return what leaving the held door at a place means."""
        district, here = self._document.session.district, shapely.Point(pick.x, pick.y)
        doors = district.entrances
        building = int(doors["building_id"][doors.row_of(self._held)])
        row = int(district.buildings.rows_of([building])[0])
        if row >= 0:
            wall = shapely.boundary(district.buildings.geometry[row])
            if wall.distance(here) > max(WALL_M, self._reach()):
                street = self._street(here)
                if street >= 0:
                    return ChangeEntrance(self._held, {"street_id": street})
            here = _foot(wall, here)
        return MoveEntrance(self._held, here.x, here.y)

    def _street(self, here: shapely.Point) -> int:
        streets = self._document.session.district.streets
        rows: NDArray[np.int64] = streets.tree.query(here, "dwithin", self._reach())
        rows = rows[np.isin(streets["kind"][rows], rules().attracting_kinds)]
        if not len(rows):
            return -1
        return int(streets.ids[rows[np.argmin(shapely.distance(streets.geometry[rows], here))]])

    def _added(self, pick: Pick) -> AddEntrance | None:
        """Return the door that a click on a wall adds; residents use it where others do."""
        district, here = self._document.session.district, shapely.Point(pick.x, pick.y)
        near = district.buildings.tree.query_nearest(here, max_distance=self._reach())
        if not len(near):
            return None
        row, doors = int(near[0]), district.entrances
        foot = _foot(shapely.boundary(district.buildings.geometry[row]), here)
        building = int(district.buildings.ids[row])
        mine = doors["building_id"] == building
        lives = bool((doors["residential"] & mine).any())
        new = doors.next_id()
        return AddEntrance(new, foot.x, foot.y, building_id=building, residential=lives)


def _foot(wall: shapely.Geometry, here: shapely.Point) -> shapely.Point:
    """Return the place on a wall that is nearest to a point, on whichever ring."""
    return shapely.get_point(shapely.shortest_line(wall, here), 0)
