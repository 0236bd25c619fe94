"""What the window and its viewport tell each other; none of it belongs to undo."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from twin.model.catalogues import default_walker

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPainter

    from gui.scene.field import Field
    from gui.scene.meshes import Daylight
    from gui.sketch import Sheet
    from twin.subject import Subject
    from twin.walking.routes import Route

Feature: TypeAlias = tuple[str, int]
"""One feature of the district: its layer's role and its persistent id."""


@dataclass(frozen=True)
class ColourBy:
    """Which figure the buildings are coloured by."""

    what: Literal["none", "walk", "full_circle", "requirements_met", "difference"] = (
        "requirements_met"
    )
    service_type: str = ""
    unit: Literal["m", "min"] = "min"
    walker: str = field(default_factory=default_walker)
    limit: float = 0.0
    """The limit that the legend marks on the scale, 0 for none."""
    limit_unit: str = ""
    """The unit of `limit`; it is marked where that is shown."""
    requirement: str = ""
    """What a difference is of; "" for all that shall be met."""


@dataclass(frozen=True, eq=False)
class Seen:
    """One state of the view: what is chosen, shown and held."""

    selected: Feature | None = None
    also: tuple[Feature, ...] = ()
    """The other features that are selected together with `selected`."""
    hovered: Feature | None = None
    hidden: frozenset[str] = frozenset()
    """Roles that are not drawn."""
    colour_by: ColourBy = ColourBy()
    requirement: str = ""
    """Id of the requirement that is opened in the score panel, or ""."""
    mode: str = "select"
    """Name of the tool in hand; placing a service is apart, see `armed`."""
    armed: str = ""
    """Id of the service type that the next click places, or ""."""
    ghost: tuple[float, float, tuple[str, ...]] | None = None
    held: int = -1
    """Id of the service that the hand moves, -1 for none."""
    route: Route | None = None
    """The walk that is drawn."""
    catchment: tuple[NDArray[np.float64], ...] = ()
    """Streets from which the selected service is within its limit."""
    daylight: Daylight | None = None
    """The light of an hour of the sun; None is the model's own."""
    field: Field | None = None
    """A colour on the ground: who would gain from what is being placed, or how far one reaches."""
    plan: bool = False
    subject: Subject | None = None
    """What the score panel gives an account of, None where it lists figures."""

    @property
    def chosen(self) -> tuple[Feature, ...]:
        """Every feature that is selected, the first being the one that the inspector shows."""
        return () if self.selected is None else (self.selected, *self.also)

    @property
    def one_service(self) -> int | None:
        """The service that is selected alone; None where it is something else, or several."""
        if self.selected is None or self.selected[0] != "services" or self.also:
            return None
        return self.selected[1]


class ViewState(QObject):
    """The view state in hand and a signal for those who show it.

    Signals
    -------
    changed(names)
        The names of the fields of :class:`Seen` that have another value now.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.seen = Seen()

    def set(self, **values: Any) -> None:
        """Give fields of :class:`Seen` new values and tell who listens, where they differ.

        What is selected without naming others is selected alone.
        """
        if "selected" in values:
            values.setdefault("also", ())
        names = frozenset(n for n, new in values.items() if _differs(getattr(self.seen, n), new))
        if names:
            self.seen = replace(self.seen, **values)
            self.changed.emit(names)


def _differs(old: object, new: object) -> bool:
    if isinstance(old, np.ndarray) or isinstance(new, np.ndarray):
        return old is not new
    if isinstance(old, tuple) and isinstance(new, tuple):
        pairs = zip(old, new, strict=False)
        return len(old) != len(new) or any(_differs(a, b) for a, b in pairs)
    return old != new


@dataclass(frozen=True)
class Pick:
    """What lies under the pointer.

    `x` and `y` are metres in the district's CRS where the line of sight meets the ground, NaN
    where it meets the sky. `feature` is what is drawn there, or None.
    """

    x: float
    y: float
    feature: Feature | None = None
    pixel: tuple[float, float] = (0.0, 0.0)
    """The pointer's place in the view."""
    together: tuple[int, ...] = ()
    """Ids of the services that the one glyph there stands for, where it is several; there is no
    `feature` then, for it is none of them."""
    is_far: bool = False
    """Whether glyphs are drawn so small that a hand meets one by chance."""


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

    def double_click(self, pick: Pick) -> bool:
        """Take a double click; False where the view may fly there."""

    def key(self, event: QKeyEvent) -> bool:
        """Take a key; False where it means nothing to the tool."""

    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        """Draw over the picture what is in hand."""
