"""A canvas whose camera moves by itself: smoothly to a place, to all there is, to plan and back."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage
from PySide6.QtWidgets import QWidget

from gui.canvas import Canvas
from gui.scene import camera as moves
from gui.scene.camera import FIELD_DEG, Camera
from gui.scene.scene import Scene
from gui.scene.style import Theme
from gui.view_cube import Part, look_from

_ROOM_M, _ROOM_SHARE = 40.0, 0.15
"""Room left about a line that is brought into view."""
_FLIGHT_S = 0.55


class FlyingCanvas(Canvas):
    """A picture of a district that can be told where to look.

    Signals
    -------
    turned(plan)
        The view was turned to a side of the cube; whether that led to the plan.
    """

    turned = Signal(bool)

    def __init__(
        self, parent: QWidget | None = None, *, theme: Theme = "light", lender: Scene | None = None
    ) -> None:
        super().__init__(parent, theme=theme, lender=lender)
        self._perspective_pitch = 40.0
        self._flight: _Flight | None = None
        self._clock = QTimer(self, interval=15)
        self._clock.timeout.connect(self._fly_on)

    def set_camera(self, camera: Camera) -> None:
        """Jump there."""
        self._land()
        self.take_camera(camera)

    def fly_to(self, camera: Camera) -> None:
        """Move there smoothly; at once where nobody looks."""
        if not self.isVisible():
            self.set_camera(camera)
            return
        self._flight = _Flight(self.camera, camera, time.monotonic())
        self._clock.start()

    def home(self) -> None:
        """Show the whole study area."""
        here = self._aim
        covered = self.boxes_covered()
        if here.flat:
            self.fly_to(self.scene.fitted(here, covered))
        else:
            self.fly_to(self.scene.home(here.heading_deg, covered=covered))

    def zoom_to(self, x: float, y: float, radius_m: float) -> None:
        """Fly to a circle on the ground."""
        z = float(self.scene.height(np.array([[x, y]]))[0])
        narrow = max(min(self.width() / max(self.height(), 1), 1.0), 0.1)
        distance = radius_m / narrow / np.tan(np.radians(FIELD_DEG / 2))
        self.fly_to(moves.look_at(self._aim, (x, y, z), float(distance)))

    def go_to(self, role: str, id_: int, distance: float = 420.0) -> None:
        """Fly to a feature; nothing happens where the district has none of that id."""
        place = self.scene.place_of(role, id_)
        if place is not None:
            self.fly_to(moves.look_at(self._aim, place, min(self.camera.distance, distance)))

    def show_line(self, line: NDArray[np.float64]) -> None:
        """Fly to where all of a line (n, 2) is seen, with room about it for what lies over."""
        (west, south), (east, north) = line.min(axis=0), line.max(axis=0)
        room = _ROOM_M + _ROOM_SHARE * max(east - west, north - south)
        z = float(self.scene.height(line).mean())
        bounds = (west - room, south - room, east + room, north + room)
        self.fly_to(moves.fit(self._aim, bounds, z, (self.width(), self.height())))

    @property
    def is_plan(self) -> bool:
        """Whether the view is an orthographic plan (or on its way there)."""
        return self._aim.flat

    def set_plan(self, on: bool) -> None:
        """Switch between plan and perspective, smoothly."""
        here = self._aim
        if on == here.flat:
            return
        if on:
            self._perspective_pitch = here.pitch_deg
            self.fly_to(moves.plan(here))
        else:
            self.fly_to(moves.perspective(here, self._perspective_pitch))

    def look_from(self, part: Part) -> None:
        """Turn to look from a part of the view cube; the roof is the plan."""
        if not self._aim.flat:
            self._perspective_pitch = self._aim.pitch_deg
        last = look_from(self._aim, part)
        self.fly_to(last)
        self.turned.emit(last.flat)

    @property
    def _aim(self) -> Camera:
        """Where the camera is, or is flying to."""
        return self._flight.last if self._flight else self.camera

    @property
    def final_camera(self) -> Camera:
        """Where the view will be seen from when it has come to rest."""
        return self._aim

    @property
    def is_flying(self) -> bool:
        """Whether the view moves by itself."""
        return self._flight is not None

    def _fly_on(self) -> None:
        flight = self._flight
        if flight is None or self._scene is None:
            self._clock.stop()
            return
        t = (time.monotonic() - flight.since) / _FLIGHT_S
        if t >= 1.0:
            self._land()
        self.take_camera(moves.between(flight.first, flight.last, min(t, 1.0)))

    def _halt(self) -> None:
        """Stop the flight where it is; between plan and perspective there is no staying."""
        flight = self._flight
        self._land()
        if flight is not None and flight.first.flat != flight.last.flat:
            self.take_camera(flight.last)

    def _land(self) -> None:
        self._flight = None
        self._clock.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop moving while nobody looks."""
        if self._flight is not None and self._scene is not None:
            self.set_camera(self._flight.last)
        self._quiet()
        super().hideEvent(event)

    def picture(self) -> QImage:
        """Return what the widget shows, overlays included, at full quality."""
        if self._flight is not None:
            self.set_camera(self._flight.last)
        return super().picture()

    def close_scene(self) -> None:
        """Free the scene; the widget stays and shows its last picture."""
        self._land()
        super().close_scene()


@dataclass(frozen=True)
class _Flight:
    """The camera on its way."""

    first: Camera
    last: Camera
    since: float
