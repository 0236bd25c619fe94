"""The place tool: a ghost follows the pointer and shows what it would change; a click keeps it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from gui.gain import gain_lines
from gui.tools.snapping import Spot, site_spot, spot
from gui.tools.tool import BareTool
from gui.view_state import Pick, ViewState
from twin.model.catalogues import service_types
from twin.model.edits import PlaceService

if TYPE_CHECKING:
    from gui.document import Document
    from gui.sketch import Sheet
    from twin.model.district import District

Make: TypeAlias = "Callable[[District, Spot], PlaceService]"
"""Returns the edit that puts a new service at a place of a district."""


def new_service(district: District, service_type: str, at: Spot) -> PlaceService:
    """Return the edit that puts a new service of a type at a place, with the type's own size."""
    kind = service_types()[service_type]
    return PlaceService(
        id=district.services.next_id(),
        types=(service_type,),
        x=at.x,
        y=at.y,
        floor_area_m2=kind.floor_area_m2,
        capacity=kind.capacity,
        site_id=at.site_id,
        building_id=at.building_id,
    )


def of_type(service_type: str) -> Make:
    """Return what puts a new service of a type at a place."""
    return lambda district, at: new_service(district, service_type, at)


def place(document: Document, service_type: str, at: Spot) -> int:
    """Place a service and return its id, -1 where nothing can be edited."""
    edit = new_service(document.session.district, service_type, at)
    return edit.id if document.do("history.place", edit) else -1


def place_on_site(document: Document, service_type: str, site_id: int) -> int:
    """Place a service on a site and return its id."""
    return place(document, service_type, site_spot(document.session.district, site_id))


def copy_of(district: District, service_id: int) -> Make:
    """Return what puts a copy of a service at a place: its types, name, size and status."""
    record = district.services.record(district.services.row_of(service_id))

    def make(now: District, at: Spot) -> PlaceService:
        return PlaceService(
            id=now.services.next_id(),
            types=tuple(record["types"].split(",")),
            x=at.x,
            y=at.y,
            name=record["name"],
            floor_area_m2=record["floor_area_m2"],
            capacity=record["capacity"],
            status=record["status"],
            site_id=at.site_id,
            building_id=at.building_id,
        )

    return make


class PlaceTool(BareTool):
    """Holds a new service until it is placed or put back.

    Parameters
    ----------
    make
        Returns the edit that places it.
    placed
        Called with the id of the service after a click has placed it.
    """

    cursor = "cross"

    def __init__(
        self,
        document: Document,
        state: ViewState,
        make: Make,
        placed: Callable[[int], object],
    ) -> None:
        self._document = document
        self._state = state
        self._make = make
        self._placed = placed
        self._pixel = QPointF()

    def hover(self, pick: Pick | None) -> None:
        """Let the ghost follow and the figures with it."""
        if pick is None or pick.x != pick.x:
            self.put_back()
            return
        self._pixel = QPointF(*pick.pixel)
        edit = self._edit(pick)
        self._state.set(ghost=(edit.x, edit.y, edit.types))
        self._document.try_out(edit)

    def click(self, pick: Pick) -> None:
        """Place the service."""
        if pick.x != pick.x:
            return
        edit = self._edit(pick)
        self._document.try_out(edit)
        self._state.set(ghost=None)
        if self._document.keep("history.place"):
            self._placed(edit.id)

    def put_back(self) -> bool:
        """Show no ghost and no preview; what is in hand goes with the tool."""
        self._state.set(ghost=None)
        self._document.try_out(None)
        return False

    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        """Say what it would gain where it hovers."""
        gained = gain_lines(self._document) if self._state.seen.ghost else []
        if gained:
            sheet.note(painter, self._pixel, gained)

    def _edit(self, pick: Pick) -> PlaceService:
        district = self._document.session.district
        return self._make(district, spot(district, pick.x, pick.y))
