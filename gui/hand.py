"""What the user's hand holds and does: place, move, remove, follow a walk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from gui.told_of_edits import ToldOfEdits
from twin.language import text

if TYPE_CHECKING:
    from gui.fields import Work
    from gui.tools.place import Make
    from gui.tools.tool import BareTool
    from gui.view_state import Pick
    from gui.window import Window
    from twin.walking.routes import Route


MODES = (
    "select",
    "box",
    "lasso",
    "path",
    "crossing",
    "gate",
    "street",
    "ramp",
    "lift",
    "door",
    "community",
    "boundary",
    "measure",
)
"""Names of the tools; action and hint have them too (``action.tool_<mode>``, ``hint.<mode>``)."""


class Hand(QObject):
    """Turns what the pointer, the keys and the inspector ask for into edits of the document."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._state = window.state
        self._tool: BareTool | None = None
        self.told = ToldOfEdits(window)
        """What is said of an edit."""

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        tools: dict[str, Callable[[], object]] = {
            f"tool_{mode}": partial(self.take, mode) for mode in MODES
        }
        return tools | {
            "copy_service": self.copy,
            "undo": self.undo,
            "redo": self.redo,
            "delete": self.delete,
            "toggle_gate": self.toggle_gate,
            "zoom": self.zoom,
        }

    def arm(self, service_type: str) -> None:
        """Take a service type in hand, or ("") put it back and select again."""
        if not service_type:
            self.take("select")
            return
        from gui.tools.place import of_type

        self._arm(service_type, of_type(service_type))

    def copy(self) -> None:
        """Take a copy of the selected service in hand, where it is one."""
        document, chosen = self._window.document, self._state.seen.selected
        if document is None or chosen is None or chosen[0] != "services":
            return
        if self._state.seen.also:  # the hand holds one at a time
            count = len(self._state.seen.chosen)
            self._window.stage.messages.say(text("hint.copy_one", count=count))
            return
        from gui.tools.place import copy_of

        district = document.session.district
        types = district.services["types"][district.services.row_of(chosen[1])]
        self._arm(types.split(",")[0], copy_of(district, chosen[1]))

    def _arm(self, service_type: str, make: Make) -> None:
        document = self._window.document
        if document is None:
            return
        from gui.tools.place import PlaceTool

        self._put_back()
        self._state.set(armed=service_type, ghost=None, hovered=None, mode="place")
        self.show_need_of([service_type])
        self._hold(PlaceTool(document, self._state, make, self._on_placed), "place")

    def place_at(self, service_type: str, pick: Pick) -> None:
        """Place a service where something was pointed at."""
        self.arm(service_type)
        if self._tool is not None:
            self._tool.click(pick)

    def take(self, mode: str) -> None:
        """Take a tool in hand, one of :data:`MODES`."""
        document = self._window.document
        if document is None:
            return
        from gui.tools.making import make_tool

        self._put_back()
        self._state.set(armed="", ghost=None, hovered=None, mode=mode)
        self._hold(make_tool(self._window, document, mode), mode)

    def _put_back(self) -> None:
        if self._tool is not None:
            self._tool.put_back()

    def _hold(self, tool: BareTool, mode: str) -> None:
        self._tool = tool
        self._window.stage.set_tool(tool)
        if self._window.stage.viewport is not None:
            self._window.stage.viewport.update()  # what the last tool had painted goes at once
        self._window.footer.hint(f"hint.{mode}")
        self._window.actions_.show_tool(mode)

    def show_need(self) -> None:
        """Open the requirement that the selected service answers to, and colour by it."""
        document, service = self._window.document, self._state.seen.one_service
        if document is None or service is None:
            return
        services = document.session.district.services
        row = services.rows_of([service])[0]
        if row >= 0:
            self.show_need_of(services["types"][row].split(","))

    def show_need_of(self, types: Sequence[str]) -> None:
        """Show where a service is lacking, before anything is placed or moved."""
        from gui.colouring import colour_for

        document = self._window.document
        if document is not None:
            opened = self._state.seen.requirement
            requirement, by = colour_for(types, document.standard, opened)
            self._state.set(requirement=requirement, colour_by=by)

    def let_go(self) -> None:
        """Hold nothing, for the document goes."""
        self._window.stage.set_tool(None)
        self._tool = None
        self.told.forget()

    def escape(self) -> None:
        """Give up the innermost thing: what is held, the route, the selection, a difference."""
        seen = self._state.seen
        if self._tool is not None and self._tool.put_back():
            return
        if seen.mode != "select":
            self.take("select")
        elif seen.route is not None:
            self._state.set(route=None)
        elif seen.selected is not None:
            self._state.set(selected=None)
        else:
            self._window.dashboard.end_difference()

    def undo(self) -> None:
        """Take the last step back, and say which: what it changed may be out of sight."""
        document = self._window.document
        if document is not None and document.session.can_undo:
            step = document.session.history[-1]
            document.session.undo()
            self.told.say_of_step("undone", step)

    def redo(self) -> None:
        """Do the step last undone again, and say which."""
        document = self._window.document
        if document is not None and document.session.can_redo:
            step = document.session.undone[0]
            document.session.redo()
            self.told.say_of_step("redone", step)

    def delete(self) -> None:
        """Remove the selected services, as one step."""
        document = self._window.document
        chosen = [id_ for role, id_ in self._state.seen.chosen if role == "services"]
        if document is None or not chosen:
            return
        from twin.model.edits import RemoveService

        services = document.session.district.services
        first = services["types"][services.row_of(chosen[0])].split(",")[0]
        if not document.do("history.remove", *(RemoveService(id_) for id_ in chosen)):
            return
        if len(chosen) == 1:
            self.told.say_of_type("done.removed", first)
        else:
            self.told.say(text("done.removed_many", count=len(chosen)))

    def zoom(self) -> None:
        """Fly to what is selected."""
        chosen, viewport = self._state.seen.chosen, self._window.stage.viewport
        if viewport is None or not chosen:
            return
        if len(chosen) == 1:
            viewport.go_to(*chosen[0])
            return
        scene = viewport.scene
        places = [place for f in chosen if (place := scene.place_of(*f)) is not None]
        if places:
            viewport.show_line(np.array(places)[:, :2])

    def on_asked(self, what: str, value: object) -> None:
        """Do what a page of the inspector asks for."""
        if what == "remove":
            self.delete()
        elif what == "copy":
            self.copy()
        elif what == "said":
            self.told.say(str(value))
        elif what == "zoom":
            self.zoom()
        elif what == "place_on_site" and isinstance(value, int):
            self._place_on_site(value)
        elif what == "route":
            self._show_route(value)
        elif what == "account":
            self._give_account()

    def _give_account(self) -> None:
        """Say what the figures of the selected home or service are made of."""
        from twin.subject import Subject

        chosen = self._state.seen.selected
        if chosen is not None:
            of_service = chosen[0] == "services"
            subject = Subject("service" if of_service else "building", id=chosen[1])
            self._window.explaining.ask(subject)

    def _on_placed(self, service_id: int) -> None:
        service_type = self._state.seen.armed
        self._window.tour.done("place")
        self._state.set(selected=("services", service_id), route=None)
        if not QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.arm("")
        self.told.say_of_type("done.placed", service_type)

    def on_moved(self, service_id: int) -> None:
        """Say that a service stands elsewhere now."""
        document = self._window.document
        if document is not None:
            services = document.session.district.services
            types = services["types"][services.row_of(service_id)]
            self.told.say_of_type("done.moved", types.split(",")[0])

    def _place_on_site(self, site_id: int) -> None:
        from gui.tools.place import place_on_site

        document, service_type = self._window.document, self._state.seen.armed
        if document is None:
            return
        if service_type:
            placed = place_on_site(document, service_type, site_id)
            if placed >= 0:
                self._on_placed(placed)
        else:
            self._window.beside.close()  # the types stand beside the one view
            self._window.stage.messages.say(text("hint.choose_type"))
            self._window.palette_.take_focus("")

    def _show_route(self, asked: object) -> None:
        document = self._window.document
        if document is None or not isinstance(asked, tuple):
            self._state.set(route=None)
            return
        work = document.route_work(*asked)
        self._window.jobs.start("route", work, self._take_route, self._window.say_error)

    def show_catchment(self) -> None:
        """Show from where the selected service is within its limit; nothing for anything else."""
        window, service = self._window, self._state.seen.one_service
        if window.document is None or service is None:
            window.jobs.cancel("catchment")
            self._state.set(catchment=())
            return
        work = window.document.catchment_work(service)
        window.jobs.start(
            "catchment", work, lambda lines: self._state.set(catchment=lines), window.say_error
        )

    def show_field(self) -> None:
        """Colour the ground: who would gain from what is placed or carried, or how far one reaches.

        Under a service that is carried it is what that would gain at each place, against not being
        there at all: true all the way, so that it is found once.
        """
        window, work = self._window, self._field_work()
        window.jobs.cancel("field")
        self._state.set(field=None)  # what was drawn is no longer true
        if work is not None:
            window.jobs.start(
                "field", work, lambda field: self._state.set(field=field), window.say_error
            )

    def _field_work(self) -> Work | None:
        from gui.colouring import colour_for
        from gui.fields import gain_work, reach_work

        window, seen = self._window, self._state.seen
        viewport, document = window.stage.viewport, window.document
        meshes = viewport.scene.meshes if viewport is not None else None
        if document is None or meshes is None:
            return None
        district, standard = document.session.district, document.standard
        bounds, horizon = meshes.surface.bounds, document.horizon
        if seen.armed:
            return gain_work(district, standard, seen.armed, bounds, horizon)
        if seen.held >= 0:
            types = district.services["types"][district.services.row_of(seen.held)].split(",")
            kind = colour_for(types, standard, seen.requirement)[1].service_type
            return gain_work(district, standard, kind, bounds, horizon, without=seen.held)
        if seen.one_service is not None:
            return reach_work(district, standard, seen.one_service, bounds, horizon)
        return None

    def toggle_gate(self) -> None:
        """Close the selected street or gate, or open it."""
        document, chosen = self._window.document, self._state.seen.selected
        if document is None or chosen is None or chosen[0] != "streets":
            return
        from twin.model.edits import SetStreetStatus

        streets = document.session.district.streets
        closed = streets["status"][streets.row_of(chosen[1])] == "closed"
        status = "open" if closed else "closed"
        if document.do("history.street", SetStreetStatus(chosen[1], status)):
            self.told.say(text("act.open_done" if closed else "act.close_done"))

    def _take_route(self, way: Route | None) -> None:
        stage = self._window.stage
        self._state.set(route=way)
        if way is None:
            stage.messages.say(text("inspector.no_route"), "warning")
        elif stage.viewport is not None:
            stage.viewport.show_line(way.line)
