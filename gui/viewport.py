"""The 3D view as an ordinary widget: the scene renders off screen, Qt paints its pixels.

What the window uses is :class:`gui.view_state.Viewport`, and beside it::

    viewport = Viewport(theme="light")                 # raises GraphicsUnavailable
    viewport.show_scene(district, view, colours, meshes)   # idempotent; meshes by build_meshes()
    viewport.set_tool(tool | None)                     # a gui.view_state.Tool
    viewport.picked       Signal(object)   # (role, id) | None: a click without a tool
    viewport.activated    Signal(object)   # (role, id): a double click (it also flies there)
    viewport.hovered      Signal(object)   # (role, id) | None: it changed
    viewport.ground_clicked   Signal(float, float)     # x, y in the CRS, at a click
    viewport.context_requested Signal(object, QPoint)  # (role, id) | None, global position
    viewport.camera_changed   Signal()
    viewport.camera, .set_camera(camera), .fly_to(camera), .fit(), .zoom_to(x, y, radius_m),
    .go_to(role, id), .set_plan(on), .is_plan, .north_up(), .picture(width, height) -> PNG bytes,
    .pick_at(x, y) -> Pick, .shut_down()

By hand: left drag orbits about the point under the pointer (in plan it pans), middle, right or
Shift + left drag pans, the wheel zooms to the pointer, arrows pan, + and - zoom, Page Up and Page
Down tilt, [ and ] turn, Home shows everything, a double click flies to what is under it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gui.overlay import ARROW_RADIUS_PX, LabelPainter, paint_north_arrow, paint_scale_bar
from gui.scene import camera as moves
from gui.scene.camera import FIELD_DEG, Camera
from gui.scene.colours import PLAIN, BuildingColours
from gui.scene.labels import Labels, make_labels, service_labels
from gui.scene.picture import still
from gui.scene.scene import Scene
from gui.scene.style import Theme, palette
from gui.scene.view import View
from gui.view_state import Feature, Pick, Tool

if TYPE_CHECKING:
    from gui.scene.meshes import Meshes
    from twin.district import District

_REST_MS = 160
_FLIGHT_S = 0.55
_SLOW_FRAME_S = 0.045
"""Frames that take longer are drawn at half resolution while the hand moves."""
_HOVER_S = 0.03
_CLICK_PX = 4
_ORBIT_DEG_PER_PX, _TILT_DEG_PER_PX = 0.28, 0.22
_WHEEL = 0.0016
_EDGE_PX = 16.0

Left, Middle, Right = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.RightButton,
)


class Viewport(QWidget):
    """The picture of a district, and the hand on it."""

    picked = Signal(object)
    activated = Signal(object)
    hovered = Signal(object)
    ground_clicked = Signal(float, float)
    context_requested = Signal(object, QPoint)
    camera_changed = Signal()

    def __init__(self, parent: QWidget | None = None, *, theme: Theme = "light") -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)
        self._scene: Scene | None = Scene(max(self.width(), 1), max(self.height(), 1), theme=theme)
        self._theme: Theme = theme
        self._pixels: NDArray[np.uint8] | None = None
        self._stale = True
        self._slow = self._scene.is_software
        self._placed = False
        self._tool: Tool | None = None
        self._drag: _Drag | None = None
        self._hover: Feature | None = None
        self._hover_at = 0.0
        self._labels, self._service_labels = Labels(), Labels()
        self._labels_key: tuple[object, ...] = ()
        self._label_painter = LabelPainter()
        self._drawn_labels: list[tuple[str, QRectF]] = []
        self._perspective_pitch = 40.0
        self._flight: _Flight | None = None
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._come_to_rest)
        self._clock = QTimer(self, interval=15)
        self._clock.timeout.connect(self._fly_on)

    # -- what is shown ----------------------------------------------------------------------

    @property
    def scene(self) -> Scene:
        """The scene; only until `shut_down`."""
        if self._scene is None:
            raise RuntimeError("the viewport is closed")
        return self._scene

    def show_scene(
        self,
        district: District,
        view: View,
        colours: BuildingColours = PLAIN,
        meshes: Meshes | None = None,
    ) -> None:
        """Show this; the first time, the camera is set so that everything is seen."""
        self.scene.show(district, view, colours, meshes)
        self._theme = view.theme
        self._take_labels(district, view)
        if not self._placed and self.width() > 1:
            self._placed = True
            self.scene.camera = self.scene.home()
        self._redraw()

    def _take_labels(self, district: District, view: View) -> None:
        meshes = self.scene.meshes
        if meshes is None:
            return
        tables = (district.communities, district.roads, district.water, district.green)
        key = (*tables, meshes.surface, district.services, view.visible, view.hidden_services)
        if len(key) == len(self._labels_key) and all(
            a is b or (isinstance(a, frozenset) and a == b)
            for a, b in zip(key, self._labels_key, strict=True)
        ):
            return
        self._labels_key = key
        self._labels = make_labels(*tables, meshes.surface)
        self._service_labels = service_labels(district.services, self.scene.pins)

    @property
    def labels_drawn(self) -> list[tuple[str, QRectF]]:
        """Texts and boxes of the labels in the last picture."""
        return list(self._drawn_labels)

    def picture(self, width: int, height: int) -> bytes:
        """Return the view as PNG of a size in pixels, smooth, without the overlays."""
        scene = self.scene
        size, ratio, factor = scene.size, scene.pixel_ratio, scene.resolution_factor
        try:
            scene.resize(width, height)
            return still(scene)
        finally:
            scene.set_resolution_factor(factor)
            scene.resize(*size, ratio)
            self._redraw()

    def shut_down(self) -> None:
        """Free the scene; the widget stays and shows its last picture."""
        self._rest.stop()
        self._clock.stop()
        if self._scene is not None:
            self._scene.close()
            self._scene = None

    # -- the camera -------------------------------------------------------------------------

    @property
    def camera(self) -> Camera:
        """Where the viewer is."""
        return self.scene.camera

    def set_camera(self, camera: Camera) -> None:
        """Jump there."""
        self._placed = True
        self._flight = None
        self._clock.stop()
        self._take_camera(camera)

    def fly_to(self, camera: Camera) -> None:
        """Move there smoothly."""
        self._placed = True
        self._flight = _Flight(self.camera, camera, time.monotonic())
        self._clock.start()

    def fit(self) -> None:
        """Show the whole study area."""
        here = self.camera
        target = self.scene.fitted(here) if here.flat else self.scene.home(here.heading_deg)
        self.fly_to(target)

    def zoom_to(self, x: float, y: float, radius_m: float) -> None:
        """Fly to a circle on the ground."""
        z = float(self.scene.height(np.array([[x, y]]))[0])
        aspect = min(self.width() / max(self.height(), 1), 1.0)
        distance = radius_m / max(aspect, 0.1) / np.tan(np.radians(FIELD_DEG / 2))
        self.fly_to(moves.look_at(self.camera, (x, y, z), float(distance)))

    def go_to(self, role: str, id_: int, distance: float = 420.0) -> None:
        """Fly to a feature; nothing happens where the district has none of that id."""
        place = self.scene.place_of(role, id_)
        if place is not None:
            self.fly_to(moves.look_at(self.camera, place, min(self.camera.distance, distance)))

    @property
    def is_plan(self) -> bool:
        """Whether the view is an orthographic plan (or on its way there)."""
        return (self._flight.last if self._flight else self.camera).flat

    def set_plan(self, on: bool) -> None:
        """Switch between plan and perspective, smoothly."""
        if on == self.is_plan:
            return
        if on:
            self._perspective_pitch = self.camera.pitch_deg
            self.fly_to(moves.plan(self.camera))
        else:
            self.fly_to(moves.perspective(self.camera, self._perspective_pitch))

    def north_up(self) -> None:
        """Turn so that north is up."""
        self.fly_to(replace(self.camera, heading_deg=0.0))

    def _take_camera(self, camera: Camera) -> None:
        self.scene.camera = camera
        self._redraw(moving=True)
        self.camera_changed.emit()

    def _fly_on(self) -> None:
        flight = self._flight
        if flight is None or self._scene is None:
            self._clock.stop()
            return
        t = (time.monotonic() - flight.since) / _FLIGHT_S
        if t >= 1.0:
            self._flight = None
            self._clock.stop()
        self._take_camera(moves.between(flight.first, flight.last, min(t, 1.0)))

    # -- the picture ------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Return a size for a window that has no other wish."""
        return QSize(960, 640)

    def _redraw(self, moving: bool = False) -> None:
        """Draw a new picture soon; while `moving` a slow machine draws fewer pixels."""
        self._stale = True
        if moving and self._slow:
            self.scene.set_resolution_factor(0.5)
            self._rest.start()
        self.update()

    def _come_to_rest(self) -> None:
        if self._scene is not None and not self._clock.isActive():
            self._scene.set_resolution_factor(1.0)
            self._redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the new size."""
        super().resizeEvent(event)
        if self._scene is None:
            return
        self._scene.resize(self.width(), self.height(), self.devicePixelRatioF())
        if not self._placed and self._scene.meshes is not None:
            self._placed = True
            self._scene.camera = self._scene.home()
        self._redraw()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture, computed anew where something changed, and the overlays."""
        if self._stale and self._scene is not None:
            self._compute()
        painter = QPainter(self)
        if self._pixels is not None:
            rows, columns, _ = self._pixels.shape
            image = QImage(
                self._pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBX8888
            )
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(self.rect()), image)
        if self._scene is not None:
            self._paint_overlays(painter)
        painter.end()

    def _compute(self) -> None:
        assert self._scene is not None
        if self._scene.pixel_ratio != self.devicePixelRatioF():
            self._scene.resize(self.width(), self.height(), self.devicePixelRatioF())
        began = time.perf_counter()
        self._pixels = self._scene.render()
        if self._scene.resolution_factor == 1.0:
            self._slow = time.perf_counter() - began > _SLOW_FRAME_S
        self._stale = False

    def _paint_overlays(self, painter: QPainter) -> None:
        scene, tones = self.scene, palette(self._theme)
        if scene.meshes is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._drawn_labels = self._label_painter.paint(
            painter,
            scene,
            (self._labels, self._service_labels),
            tones,
            self.font(),
            self.devicePixelRatioF(),
        )
        corner = QPointF(_EDGE_PX, self.height() - _EDGE_PX)
        paint_scale_bar(painter, scene, tones, self.font(), corner)
        paint_north_arrow(
            painter, scene.camera.heading_deg, tones, self.font(), self._arrow_middle()
        )

    def _arrow_middle(self) -> QPointF:
        away = _EDGE_PX + ARROW_RADIUS_PX + 10.0
        return QPointF(self.width() - away, away)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop moving while nobody looks."""
        if self._flight is not None:
            self.set_camera(self._flight.last)
        self._rest.stop()
        super().hideEvent(event)

    # -- the hand ---------------------------------------------------------------------------

    def set_tool(self, tool: Tool | None) -> None:
        """Hand the pointer to `tool` from now on; what it leaves navigates."""
        if self._drag is not None and self._drag.kind == "tool":
            self._drag = None
        self._tool = tool
        self._take_cursor()

    def _take_cursor(self) -> None:
        cross = self._tool is not None and self._tool.cursor == "cross"
        self.setCursor(Qt.CursorShape.CrossCursor if cross else Qt.CursorShape.ArrowCursor)

    def pick_at(self, x: float, y: float) -> Pick:
        """Return what lies under a pixel."""
        ground = self.scene.ground_point(x, y) or (np.nan, np.nan, np.nan)
        return Pick(ground[0], ground[1], self.scene.pick(x, y))

    def _pick(self, event: QMouseEvent) -> Pick:
        return self.pick_at(event.position().x(), event.position().y())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        if self._scene is None or self._drag is not None:
            return
        if self._flight is not None:
            self.set_camera(self.camera)  # a hand on the view stops its flight
        at = event.position()
        button = event.button()
        if button == Left and self._on_arrow(at):
            self.north_up()
            return
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        taken = False
        if button == Left and self._tool is not None and not shift:
            taken = self._tool.press(self._pick(event))
        pans = button in (Middle, Right) or shift or self.camera.flat
        kind = "tool" if taken else "pan" if pans else "orbit"
        self._drag = _Drag(kind, button, at, at, self.camera, self._grabbed(at))

    def _on_arrow(self, at: QPointF) -> bool:
        away = at - self._arrow_middle()
        return float(np.hypot(away.x(), away.y())) <= ARROW_RADIUS_PX

    def _grabbed(self, at: QPointF) -> NDArray[np.float64]:
        """Return the point in space that a drag from this pixel holds."""
        hit = self.scene.ground_point(at.x(), at.y())
        eye, focus = self.camera.eye, np.array(self.camera.focus)
        if hit is None or np.linalg.norm(np.array(hit) - eye) > 4.0 * self.camera.distance:
            return focus
        return np.array(hit)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the hand."""
        if self._scene is None:
            return
        drag, at = self._drag, event.position()
        if drag is None:
            self._hover_over(event)
            return
        if not drag.moved:
            if (at - drag.start).manhattanLength() < _CLICK_PX:
                return
            drag.moved = True
        step = at - drag.last
        drag.last = at
        if drag.kind == "tool" and self._tool is not None:
            self._tool.drag(self._pick(event))
        elif drag.kind == "pan":
            size = self.scene.size
            self._take_camera(moves.pan(self.camera, drag.grabbed, at.x(), at.y(), size))
        elif drag.kind == "orbit":
            turn, tilt = step.x() * _ORBIT_DEG_PER_PX, step.y() * _TILT_DEG_PER_PX
            self._take_camera(moves.orbit(self.camera, drag.grabbed, turn, tilt))

    def _hover_over(self, event: QMouseEvent) -> None:
        now = time.monotonic()
        if now - self._hover_at < _HOVER_S:
            return
        self._hover_at = now
        at = self._pick(event)
        if self._tool is not None:
            self._tool.hover(at)
            self._take_cursor()
        self._set_hover(at.feature)

    def _set_hover(self, feature: Feature | None) -> None:
        if feature != self._hover:
            self._hover = feature
            self.hovered.emit(feature)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a click or a drag."""
        drag = self._drag
        if self._scene is None or drag is None or event.button() != drag.button:
            return
        self._drag = None
        at = self._pick(event)
        if drag.kind == "tool":
            if self._tool is not None:
                self._tool.release(at)
        elif not drag.moved:
            self._click(at, event)

    def _click(self, at: Pick, event: QMouseEvent) -> None:
        if event.button() == Right:
            self.context_requested.emit(at.feature, event.globalPosition().toPoint())
        elif event.button() == Left:
            if not np.isnan(at.x):
                self.ground_clicked.emit(at.x, at.y)
            if self._tool is not None:
                self._tool.click(at)
            else:
                self.picked.emit(at.feature)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fly to what is under the pointer."""
        crossed = self._tool is not None and self._tool.cursor == "cross"
        if self._scene is None or event.button() != Left or crossed:
            self.mousePressEvent(event)
            return
        place = event.position()
        hit, feature = self.scene.ground_point(place.x(), place.y()), self._pick(event).feature
        if feature is not None:
            self.go_to(*feature)
            self.activated.emit(feature)
        elif hit is not None:
            self.fly_to(moves.look_at(self.camera, hit, self.camera.distance * 0.5))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the pointer."""
        delta = event.angleDelta().y() or event.angleDelta().x()
        if self._scene is None or not delta:
            return
        self._flight = None
        factor = float(np.exp(-delta * _WHEEL))
        pivot = self._grabbed(event.position())
        self._take_camera(moves.zoom(self.camera, pivot, factor))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        if self._tool is not None:
            self._tool.hover(None)
        self._set_hover(None)
        super().leaveEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Follow the pointer from now on."""
        self._hover_at = 0.0
        super().enterEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Navigate by keys; what means nothing here goes on to the window."""
        if self._scene is None:
            return
        moved = _by_key(Qt.Key(event.key()), self.camera, self.scene.size)
        if moved is not None:
            self._flight = None
            self._take_camera(moved)
        elif event.key() == Qt.Key.Key_Home:
            self.fit()
        else:
            super().keyPressEvent(event)


@dataclass
class _Drag:
    """A button that is held: what it does, where it began, what it holds."""

    kind: str
    button: Qt.MouseButton
    start: QPointF
    last: QPointF
    camera: Camera
    grabbed: NDArray[np.float64]
    moved: bool = False


@dataclass(frozen=True)
class _Flight:
    """The camera on its way."""

    first: Camera
    last: Camera
    since: float


def _by_key(key: Qt.Key, camera: Camera, size: tuple[int, int]) -> Camera | None:
    """Return where a key moves the camera, or None where it does not."""
    focus = np.array(camera.focus)
    step = 80.0
    across = {Qt.Key.Key_Left: (step, 0.0), Qt.Key.Key_Right: (-step, 0.0)}
    along = {Qt.Key.Key_Up: (0.0, step), Qt.Key.Key_Down: (0.0, -step)}
    turns = {Qt.Key.Key_BracketLeft: (-10.0, 0.0), Qt.Key.Key_BracketRight: (10.0, 0.0)}
    tilts = {Qt.Key.Key_PageUp: (0.0, -5.0), Qt.Key.Key_PageDown: (0.0, 5.0)}
    zooms = {Qt.Key.Key_Plus: 0.8, Qt.Key.Key_Equal: 0.8, Qt.Key.Key_Minus: 1.25}
    if key in across or key in along:
        x, y = (across | along)[key]
        return moves.pan(camera, focus, size[0] / 2 + x, size[1] / 2 + y, size)
    if key in turns or key in tilts:
        return moves.orbit(camera, focus, *(turns | tilts)[key])
    if key in zooms:
        return moves.zoom(camera, focus, zooms[key])
    return None
