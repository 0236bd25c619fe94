"""Tools that change what is clicked (gates, streets, ramps, lifts) and say what it would gain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from gui.gain import gain_lines
from gui.tools.tool import BareTool
from gui.view_state import Pick, ViewState
from twin.language import text
from twin.model.edits import ChangeBuilding, ChangeStreet, Edit, SetStreetStatus

if TYPE_CHECKING:
    from gui.document import Document
    from gui.sketch import Sheet
    from twin.model.tables import Table


@dataclass(frozen=True)
class Act:
    """What a click does: to which features, by which edit, under which name.

    `fits` says which rows of the layer's table can be clicked; `edit` makes the edit of a record.
    `key` gives the words for what the click would do now, and with ``_done`` for what it did.
    `has` says of which rows it is done already: these are few and small, so that they are marked
    where they stand; None where anything of the layer can be clicked.
    """

    role: str
    fits: Callable[[Table], NDArray[np.bool_]]
    edit: Callable[[Mapping[str, Any]], Edit]
    key: Callable[[Mapping[str, Any]], str]
    label: str
    has: Callable[[Table], NDArray[np.bool_]] | None = None


def _gates(streets: Table) -> NDArray[np.bool_]:
    return np.asarray(streets["kind"] == "gate")


def _toggled(record: Mapping[str, Any]) -> Edit:
    status = "open" if record["status"] != "open" else "closed"
    return SetStreetStatus(record["id"], status)


def _toggle_key(record: Mapping[str, Any]) -> str:
    return "act.close" if record["status"] == "open" else "act.open"


ACTS: Mapping[str, Act] = {
    "gate": Act(
        "streets",
        _gates,
        _toggled,
        _toggle_key,
        "history.street",
        lambda streets: np.asarray(streets["status"] != "open"),
    ),
    "street": Act("streets", lambda t: ~_gates(t), _toggled, _toggle_key, "history.street"),
    "ramp": Act(
        "streets",
        lambda streets: np.asarray(streets["kind"] == "steps"),
        lambda record: ChangeStreet(record["id"], {"ramp": not record["ramp"]}),
        lambda record: "act.no_ramp" if record["ramp"] else "act.ramp",
        "history.ramp",
        lambda streets: np.asarray(streets["ramp"], dtype=bool),
    ),
    "lift": Act(
        "buildings",
        lambda buildings: np.ones(len(buildings), bool),
        lambda record: ChangeBuilding(record["id"], {"has_lift": not record["has_lift"]}),
        lambda record: "act.no_lift" if record["has_lift"] else "act.lift",
        "history.lift",
    ),
}
"""What can be done by clicking, by the name of its tool."""


class ActTool(BareTool):
    """Does one act to whatever fitting feature is clicked; the tool stays in hand.

    Parameters
    ----------
    reach
        Returns within how many metres a street is caught.
    done
        Called with the words for what was done.
    changed
        Called when the note has to be painted anew.
    """

    cursor = "cross"

    def __init__(
        self,
        document: Document,
        state: ViewState,
        act: Act,
        reach: Callable[[], float],
        done: Callable[[str], object],
        changed: Callable[[], object],
    ) -> None:
        self._document, self._state, self._act = document, state, act
        self._reach, self._done, self._changed = reach, done, changed
        self._marked: tuple[Table, NDArray[np.float64], NDArray[np.bool_]] | None = None
        self._over = -1
        self._pixel = QPointF()

    def hover(self, pick: Pick | None) -> None:
        """Mark what a click would change, and try it out."""
        over = -1 if pick is None else self._target(pick)
        if pick is not None:
            self._pixel = QPointF(*pick.pixel)
        if over != self._over:
            self._over = over
            self._state.set(hovered=(self._act.role, over) if over >= 0 else None)
            self._document.try_out(self._edit(over) if over >= 0 else None)
        self._changed()

    def click(self, pick: Pick) -> None:
        """Do it, as one step."""
        target = self._target(pick)
        if target < 0:
            return
        key = self._act.key(self._record(target))
        self._document.try_out(self._edit(target))
        kept = self._document.keep(self._act.label)
        self._over = -1
        self._state.set(selected=(self._act.role, target), hovered=None)
        if kept:
            self._done(text(f"{key}_done"))

    def put_back(self) -> bool:
        """Try nothing out any more."""
        self._over = -1
        self._state.set(hovered=None)
        self._document.try_out(None)
        return False

    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        """Mark what can be clicked; say what a click would do, and what it would gain."""
        self._mark(painter, sheet)
        if self._over < 0:
            return
        lines = [text(self._act.key(self._record(self._over)))]
        sheet.note(painter, self._pixel, [*lines, *gain_lines(self._document)])

    def _mark(self, painter: QPainter, sheet: Sheet) -> None:
        table = self._document.session.district.table(self._act.role)
        if self._act.has is None:
            return
        if self._marked is None or self._marked[0] is not table:
            fits = self._act.fits(table)
            lines = table.geometry[fits]
            middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
            self._marked = table, shapely.get_coordinates(middle), self._act.has(table)[fits]
        _, places, has = self._marked
        sheet.spots(painter, places, has)

    def _target(self, pick: Pick) -> int:
        table = self._document.session.district.table(self._act.role)
        if pick.feature is not None and pick.feature[0] == self._act.role:
            row = int(table.rows_of([pick.feature[1]])[0])
            if row >= 0 and self._act.fits(table)[row]:
                return pick.feature[1]
        if self._act.role != "streets" or pick.x != pick.x:
            return -1
        here = shapely.Point(pick.x, pick.y)
        rows = table.tree.query(here, predicate="dwithin", distance=self._reach())
        rows = rows[self._act.fits(table)[rows]]
        if not len(rows):
            return -1
        return int(table.ids[rows[np.argmin(shapely.distance(table.geometry[rows], here))]])

    def _record(self, feature: int) -> dict[str, Any]:
        table = self._document.session.district.table(self._act.role)
        return table.record(table.row_of(feature))

    def _edit(self, feature: int) -> Edit:
        return self._act.edit(self._record(feature))
