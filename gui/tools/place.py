"""The place tool: a ghost follows the pointer and shows what it would change; a click keeps it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from gui.tools.snapping import Spot, site_spot, spot
from gui.view_state import Pick, ViewState
from twin.catalogues import service_types
from twin.edits import PlaceService

if TYPE_CHECKING:
    from gui.document import Document
    from twin.district import District


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


def place(document: Document, service_type: str, at: Spot) -> int:
    """Place a service and return its id."""
    edit = new_service(document.session.district, service_type, at)
    document.do("history.place", edit)
    return edit.id


def place_on_site(document: Document, service_type: str, site_id: int) -> int:
    """Place a service on a site and return its id."""
    return place(document, service_type, site_spot(document.session.district, site_id))


class PlaceTool:
    """Holds one service type until it is placed or put back.

    Parameters
    ----------
    placed
        Called with the id of the service after a click has placed it.
    """

    cursor: Literal["arrow", "cross"] = "cross"

    def __init__(
        self,
        document: Document,
        state: ViewState,
        service_type: str,
        placed: Callable[[int], object],
    ) -> None:
        self._document = document
        self._state = state
        self._type = service_type
        self._placed = placed

    def hover(self, pick: Pick | None) -> None:
        """Let the ghost follow and the figures with it."""
        if pick is None or pick.x != pick.x:
            self.put_back()
            return
        at = spot(self._document.session.district, pick.x, pick.y)
        self._state.set(ghost=(at.x, at.y, (self._type,)))
        self._document.try_out(new_service(self._document.session.district, self._type, at))

    def press(self, _pick: Pick) -> bool:
        """Leave drags to the camera."""
        return False

    def drag(self, pick: Pick) -> None:
        """Leave drags to the camera."""

    def release(self, pick: Pick) -> None:
        """Leave drags to the camera."""

    def click(self, pick: Pick) -> None:
        """Place the service."""
        if pick.x != pick.x:
            return
        at = spot(self._document.session.district, pick.x, pick.y)
        edit = new_service(self._document.session.district, self._type, at)
        self._document.try_out(edit)
        self._state.set(ghost=None)
        self._document.keep("history.place")
        self._placed(edit.id)

    def put_back(self) -> None:
        """Show no ghost and no preview."""
        self._state.set(ghost=None)
        self._document.try_out(None)
