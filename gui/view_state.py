"""What the window and its viewport tell each other; none of it belongs to undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from gui.scene.colours import BuildingColours
    from gui.scene.view import View
    from twin.district import District

Feature: TypeAlias = tuple[str, int]
"""One feature of the district: its layer's role and its persistent id."""


@dataclass(frozen=True)
class ColourBy:
    """Which figure the buildings are coloured by."""

    what: Literal["none", "walk", "full_circle"] = "full_circle"
    service_type: str = ""
    unit: Literal["m", "min"] = "min"


@dataclass(frozen=True)
class Pick:
    """What lies under the pointer.

    `x` and `y` are metres in the district's CRS where the line of sight meets the ground, NaN
    where it meets the sky. `feature` is what is drawn there, or None.
    """

    x: float
    y: float
    feature: Feature | None = None


class Tool(Protocol):
    """What the left button and the pointer do in the viewport, which calls these.

    The camera belongs to the viewport: it orbits, pans and zooms with whatever the tool leaves.
    """

    @property
    def cursor(self) -> Literal["arrow", "cross"]:
        """The shape of the pointer."""

    def hover(self, pick: Pick | None) -> None:
        """Follow the pointer without a button; None when it leaves the viewport."""

    def press(self, pick: Pick) -> bool:
        """Take the left button going down; True where the tool keeps the drag for itself."""

    def drag(self, pick: Pick) -> None:
        """Follow the pointer of a drag that was kept."""

    def release(self, pick: Pick) -> None:
        """End a drag that was kept."""

    def click(self, pick: Pick) -> None:
        """Take a click: down and up on one spot, whose press was not kept."""


class Viewport(Protocol):
    """The widget in the centre, as the window sees it."""

    def show_scene(self, district: District, view: View, colours: BuildingColours) -> None:
        """Draw what is given; cheap where nothing changed."""

    def set_tool(self, tool: Tool | None) -> None:
        """Hand pointer events to `tool` from now on."""

    def set_plan(self, plan: bool) -> None:
        """Look straight down, or in perspective."""

    def fit(self) -> None:
        """Show the whole district."""

    def zoom_to(self, x: float, y: float, radius_m: float) -> None:
        """Show a circle on the ground."""

    def picture(self, width: int, height: int) -> bytes:
        """Return the view as PNG."""

    def shut_down(self) -> None:
        """Let go of the graphics context; called once, before the widget goes."""
