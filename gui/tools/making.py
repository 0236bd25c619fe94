"""Which tool a mode of the hand stands for, made for a window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from gui.navigation import NAVIGATIONS
from gui.tools.act import ACTS, ActTool
from gui.tools.area import AreaTool
from gui.tools.doors import DoorTool
from gui.tools.draw import DrawTool
from gui.tools.measure import MeasureTool, Place
from gui.tools.outline import Area, OutlineTool
from gui.tools.select import SelectTool
from gui.tools.tool import BareTool
from twin.language import text
from twin.model.catalogues import default_walker

if TYPE_CHECKING:
    from gui.document import Document
    from gui.scene.scene import Scene
    from gui.window import Window


def make_tool(window: Window, document: Document, mode: str) -> BareTool:
    """Return the tool of a mode; see :data:`gui.hand.MODES`."""
    state, paint = window.state, partial(_paint, window)
    reach: Callable[[], float] = partial(_reach, window)
    if mode == "path":
        return DrawTool(document, "footway", reach, partial(_drawn, window, mode), paint)
    if mode == "crossing":
        return DrawTool(document, "crossing", reach, partial(_drawn, window, mode), paint)
    if mode in ("boundary", "community"):
        kind: Area = "boundary" if mode == "boundary" else "community"
        outline = OutlineTool(
            document,
            kind,
            reach,
            partial(_outlined, window, kind),
            window.say_error,
            lambda community: _asked(window, document, outline, community),
            paint,
        )
        return outline
    if mode == "box":
        return AreaTool(state, "box", partial(_scene, window), lambda: document.district, paint)
    if mode == "lasso":
        return AreaTool(state, "lasso", partial(_scene, window), lambda: document.district, paint)
    if mode == "measure":
        tool = MeasureTool(state, lambda a, b: _walk(window, document, tool, a, b), paint)
        return tool
    if mode == "select":
        area = AreaTool(state, "box", partial(_scene, window), lambda: document.district, paint)
        boxes = NAVIGATIONS[window.settings.navigation].left_selects
        return SelectTool(document, state, window.hand.on_moved, area if boxes else None)
    if mode == "door":
        return DoorTool(document, reach, paint)
    return ActTool(document, state, ACTS[mode], reach, window.hand.told.say, paint)


def _paint(window: Window) -> None:
    if window.stage.viewport is not None:
        window.stage.viewport.update()


def _reach(window: Window) -> float:
    viewport = window.stage.viewport
    return viewport.reach_m() if viewport is not None else 0.0


def _scene(window: Window) -> Scene:
    assert window.stage.viewport is not None
    return window.stage.viewport.scene


def _drawn(window: Window, mode: str, street: int) -> None:
    window.state.set(selected=("streets", street), route=None)
    window.hand.told.say(text(f"done.{mode}_added"))


def _outlined(window: Window, kind: Area) -> None:
    window.hand.told.say(text(f"done.{kind}_drawn"))


def _asked(window: Window, document: Document, tool: OutlineTool, community: int) -> None:
    """Propose a boundary where nothing is drawn yet, or ask for the name of a community."""
    from twin.model.boundary import proposed_boundary

    if community >= 0:
        from gui.dialogs.community import CommunityCard

        CommunityCard(window, document, community).open()
        return
    district = document.session.district
    window.jobs.start(
        "outline", lambda _progress: proposed_boundary(district), tool.take, window.say_error
    )


def _walk(window: Window, document: Document, tool: MeasureTool, start: Place, end: Place) -> None:
    from twin.walking.routes import route_between

    district = document.district
    window.jobs.start(
        "measure",
        lambda _progress: route_between(district, start, end, (default_walker(), "min")),
        tool.take,
        window.say_error,
    )
