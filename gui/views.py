"""Camera places that a person keeps: they belong to the project and are saved with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from twin.language import text

if TYPE_CHECKING:
    from gui.scene.camera import Camera
    from gui.window import Window

BY_KEY = 5
"""So many views have a key of their own."""
SIDES: Mapping[str, tuple[int, int, int]] = {
    "south": (0, -1, 0),
    "west": (-1, 0, 0),
    "north": (0, 1, 0),
    "east": (1, 0, 0),
    "above": (0, 0, 1),
}
"""Faces of the view cube that have a key: east, north and up of where one looks from."""


@dataclass(frozen=True)
class KeptView:
    """A name, where the camera stands, and what is to be told there."""

    name: str
    focus: tuple[float, float, float]
    distance: float
    heading_deg: float
    pitch_deg: float
    flat: bool
    words: str = ""

    def camera(self) -> Camera:
        """Return the camera that stands there."""
        from gui.scene.camera import Camera

        return Camera(self.focus, self.distance, self.heading_deg, self.pitch_deg, self.flat)


def kept_view(name: str, camera: Camera, words: str = "") -> KeptView:
    """Return the view of a camera."""
    x, y, z = camera.focus
    place = (float(x), float(y), float(z)), float(camera.distance)
    return KeptView(
        name, *place, float(camera.heading_deg), float(camera.pitch_deg), camera.flat, words
    )


def views_to_json(views: Sequence[KeptView]) -> list[dict[str, Any]]:
    """Return views as a project keeps them among its settings."""
    return [{**asdict(view), "focus": list(view.focus)} for view in views]


def views_from_json(values: object) -> tuple[KeptView, ...]:
    """Return the views that a project keeps; what is no view is passed over."""
    if not isinstance(values, list):
        return ()
    return tuple(view for value in values if (view := _view(value)) is not None)


def _view(value: object) -> KeptView | None:
    if not isinstance(value, Mapping):
        return None
    try:
        x, y, z = (float(v) for v in value["focus"])
        distance, heading, pitch = (
            float(value[key]) for key in ("distance", "heading_deg", "pitch_deg")
        )
        name, flat = str(value["name"]), bool(value["flat"])
    except (KeyError, TypeError, ValueError):
        return None
    if not all(map(isfinite, (x, y, z, distance, heading, pitch))) or distance <= 0:
        return None
    words = str(value.get("words", ""))
    return KeptView(name, (x, y, z), distance, heading, pitch, flat, words)


class Views(QObject):
    """Keeps the view that is seen, and goes to those that were kept."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        by_key: dict[str, Callable[[], object]] = {
            f"view_{number}": partial(self.go_to, number - 1) for number in range(1, BY_KEY + 1)
        }
        turns: dict[str, Callable[[], object]] = {
            f"from_{name}": partial(self.look_from, part) for name, part in SIDES.items()
        }
        return by_key | turns | {"keep_view": self.keep, "forget_views": self.forget}

    def look_from(self, part: tuple[int, int, int]) -> None:
        """Look at the same place from another side, as the view cube does."""
        if self._window.stage.looking is not None:
            self._window.stage.looking.look_from(part)

    def keep(self) -> None:
        """Keep what is seen now as the project's next view."""
        document, viewport = self._window.document, self._window.stage.viewport
        if document is None or viewport is None:
            return
        name = text("views.name", number=len(document.views) + 1)
        document.note(views=(*document.views, kept_view(name, viewport.camera)))
        self._window.stage.messages.say(text("views.kept", name=name))

    def forget(self) -> None:
        """Forget every view, and offer them back."""
        document = self._window.document
        if document is None or not document.views:
            return
        before = document.views

        def put_back() -> None:
            document.note(views=before)

        document.note(views=())
        words = text("views.forgotten", count=len(before))
        self._window.stage.messages.say(words, "done", [("message.put_back", put_back)])

    def go_to(self, number: int) -> None:
        """Fly to a kept view, counted from 0; nothing where there is none."""
        document, viewport = self._window.document, self._window.stage.viewport
        if document is None or viewport is None or not 0 <= number < len(document.views):
            return
        view = document.views[number]
        viewport.fly_to(view.camera())
        self._window.state.set(plan=view.flat)

    def refresh(self) -> None:
        """Enable the keys of the views that there are."""
        document = self._window.document
        count = len(document.views) if document is not None else 0
        states = {f"view_{n}": n <= count for n in range(1, BY_KEY + 1)}
        there = document is not None
        states |= {f"from_{name}": there for name in SIDES}
        self._window.actions_.enable(keep_view=there, forget_views=count > 0, **states)
        self._window.workshop.follow_views()
