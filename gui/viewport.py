"""The 3D view as an ordinary widget that the hand can move.

What the window uses::

    viewport = Viewport(theme="light")                 # raises GraphicsUnavailable
    viewport.show_scene(district, view, colours, meshes)   # idempotent; meshes by build_meshes()
    viewport.set_tool(tool | None)                     # a gui.view_state.Tool
    viewport.picked       Signal(object)   # (role, id) | None: a click without a tool
    viewport.activated    Signal(object)   # (role, id): a double click (it also flies there)
    viewport.hovered      Signal(object)   # (role, id) | None: it changed
    viewport.ground_clicked   Signal(float, float)     # x, y in the CRS, at a click
    viewport.context_requested Signal(object, QPoint)  # (role, id) | None, global position
    viewport.several_requested Signal(object, QPoint)  # ids of services that lie on each other
    viewport.camera_changed   Signal()
    viewport.steered      Signal()         # the hand moved the view: it did not move by itself
    viewport.turned       Signal(bool)     # the cube was used; whether that led to the plan
    viewport.camera, .set_camera(camera), .fly_to(camera), .home(), .zoom_to(x, y, radius_m),
    .go_to(role, id), .set_plan(on), .is_plan, .look_from(part), .picture() -> QImage,
    .pick_at(x, y) -> Pick, .close_scene()

By hand, unless `navigation` says otherwise: left drag orbits about the point under the pointer (in
plan it pans), middle, right or Shift + left drag pans, the wheel zooms to the pointer, arrows pan,
+ and - zoom, Page Up and Page Down tilt, [ and ] turn, Home shows everything, a double click flies
to what is under it. A press on the cube in the corner looks from there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gui.flying import FlyingCanvas
from gui.key_pointer import KeyPointer
from gui.navigation import NAVIGATIONS, by_key
from gui.scene import camera as moves
from gui.scene.camera import FIELD_DEG, Camera
from gui.scene.pins import GLYPH_M, MEANT_PX, NEAREST_GATHERING_M
from gui.scene.scene import Scene
from gui.scene.style import Palette, Theme
from gui.sketch import Sheet
from gui.view_cube import Part, paint_cube, part_at, ring_heading
from gui.view_state import Feature, Pick, Tool
from twin.language import text

_HOVER_S = 0.03
_CLICK_PX = 4
_CATCH_PX = 12.0
_ORBIT_DEG_PER_PX, _TILT_DEG_PER_PX = 0.28, 0.22
_WHEEL = 0.0016
_DRAG_ZOOM = 0.006
_TOGETHER_ROOM, _CLOSER = 2.5, 0.9
"""Room about services that stood together, and how much nearer than needed for them to part."""
_NOTE_UP_PX = 64.0
_RING_PX = 2
_BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_BY_KEYS = (*_BY_TAB, Qt.FocusReason.ShortcutFocusReason)
_HOLD_REACH = 4.0
"""A drag holds the ground under the pointer unless it is this many viewing distances away."""

Left, Middle, Right = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.RightButton,
)


class Viewport(FlyingCanvas):
    """The picture of a district, and the hand on it."""

    picked = Signal(object)
    activated = Signal(object)
    hovered = Signal(object)
    ground_clicked = Signal(float, float)
    context_requested = Signal(object, QPoint)
    several_requested = Signal(object, QPoint)
    steered = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, theme: Theme = "light", lender: Scene | None = None
    ) -> None:
        super().__init__(parent, theme=theme, lender=lender)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._tool: Tool | None = None
        self._also: tuple[Feature, ...] = ()
        self.navigation = NAVIGATIONS["renewal"]
        self._drag: _Drag | None = None
        self._hover: Feature | None = None
        self._cube_part: Part | None = None
        self._together: Pick | None = None
        self._hover_at = 0.0
        self._mouse_at = QPointF()
        self._ringed = False
        self.keys = KeyPointer(self, self._tool_holds)

    @property
    def theme(self) -> Theme:
        """The colours that the view wears."""
        return self._view.theme

    def close_scene(self) -> None:
        """Free the scene; the widget stays and shows its last picture."""
        self._drag = None
        super().close_scene()

    # -- the hand ---------------------------------------------------------------------------

    @property
    def pointer(self) -> QPoint:
        """Where the pointer is, the mouse's or the one that keys move."""
        at = self.keys.at
        return self.mapFromGlobal(QCursor.pos()) if at is None else at.toPoint()

    def _tool_holds(self) -> bool:
        return self._drag is not None and self._drag.kind == "tool"

    @property
    def is_held(self) -> bool:
        """Whether the hand is dragging something."""
        return self._drag is not None and self._drag.moved

    @property
    def is_carrying(self) -> bool:
        """Whether that is what a tool holds, and not the view."""
        return self._drag is not None and self._drag.moved and self._drag.kind == "tool"

    def set_tool(self, tool: Tool | None) -> None:
        """Hand the pointer to `tool` from now on; what it leaves navigates."""
        if self._drag is not None and self._drag.kind == "tool":
            self._drag = None
        self._tool = tool
        self._take_cursor()

    def _take_cursor(self) -> None:
        cross = self._tool is not None and self._tool.cursor == "cross"
        shape = Qt.CursorShape.CrossCursor if cross else Qt.CursorShape.ArrowCursor
        if self.cursor().shape() != shape:
            self.setCursor(shape)

    @property
    def _points(self) -> bool:
        """Whether the pointer selects rather than draws or places."""
        return self._tool is None or self._tool.cursor == "arrow"

    def come_near(self, services: tuple[int, ...]) -> None:
        """Fly to where services that stand together as one glyph stand apart."""
        pins = self.scene.pins
        line = pins.foot[np.isin(pins.ids, services), :2]
        if not len(line):
            return
        here = self._aim
        (west, south), (east, north) = line.min(axis=0), line.max(axis=0)
        middle = (west + east) / 2, (south + north) / 2
        z = float(self.scene.height(np.array([middle]))[0])
        wide = _TOGETHER_ROOM * max(east - west, north - south, 1.0)
        nearer = here.distance * _CLOSER * NEAREST_GATHERING_M / self._pixel_m
        fitted = wide / 2 / np.tan(np.radians(FIELD_DEG / 2))
        distance = min(max(fitted, nearer), here.distance / 2)
        self.fly_to(moves.look_at(here, (*middle, z), float(distance)))

    @property
    def _pixel_m(self) -> float:
        return self.camera.metres_per_pixel(self.scene.size)

    def _say_together(self, at: Pick | None) -> None:
        """Say beside the pointer how many services a glyph stands for."""
        shown = at if at is not None and at.together and self._points else None
        if (shown is None) != (self._together is None) or (
            shown is not None and self._together is not None and shown.pixel != self._together.pixel
        ):
            self._together = shown
            self.update()

    def pick_at(self, x: float, y: float) -> Pick:
        """Return what lies under a pixel."""
        ground = self.scene.ground_point(x, y) or (np.nan, np.nan, np.nan)
        together = self.scene.together_at(x, y)
        feature = None if together else self.scene.pick(x, y)
        far = self._pixel_m > GLYPH_M / MEANT_PX
        return Pick(ground[0], ground[1], feature, (x, y), together, far)

    def paint_hand(self, painter: QPainter, sheet: Sheet) -> None:
        """Draw what else is selected, how many services a glyph stands for, what the tool holds."""
        sheet.outlines(painter, self._also)
        if self._together is not None and self._together.together:
            x, y = self._together.pixel
            if y > self.height() / 2:  # above the pointer, for the legend lies below
                y -= _NOTE_UP_PX
            count = len(self._together.together)
            sheet.note(painter, QPointF(x, y), [text("scene.together", count=count)])
        if self._tool is not None:
            self._tool.paint(painter, sheet)
        self.keys.paint(painter, sheet.tones)
        if self._ringed and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(sheet.tones.accent), 2 * _RING_PX))
            painter.drawRect(self.rect())

    def show_also(self, features: tuple[Feature, ...]) -> None:
        """Mark features that are selected together with the one that the scene marks."""
        self._also = features
        self.update()

    def reach_m(self, pixels: float = _CATCH_PX) -> float:
        """Return how many metres some pixels are where the pointer is, about."""
        return pixels * self.camera.metres_per_pixel(self.scene.size)

    def _pick(self, event: QMouseEvent) -> Pick:
        return self.pick_at(event.position().x(), event.position().y())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        if self._scene is None or self._drag is not None:
            return
        self._halt()  # a hand on the view stops its flight
        at, button = event.position(), event.button()
        if button == Left and self._turn_by_cube(at):
            return
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        taken = False
        if button == Left and self._tool is not None and not shift:
            pick = self._pick(event)
            taken = not (pick.together and self._points) and self._tool.press(pick)
        move = self.navigation.move(button, event.modifiers(), self.camera.flat)
        kind = "tool" if taken else move
        self._drag = _Drag(kind, button, at, at, self._grabbed(at))

    def _turn_by_cube(self, at: QPointF) -> bool:
        """Turn as a press on cube or compass asks; False where neither is."""
        part, heading = self._on_cube(at)
        if part is not None:
            self.look_from(part)
        elif heading is not None:
            self.fly_to(replace(self._aim, heading_deg=heading))
        turns = part is not None or heading is not None
        if turns:
            self.steered.emit()
        return turns

    def _on_cube(self, at: QPointF) -> tuple[Part | None, float | None]:
        """Return the part of the cube and the heading on its compass at a pixel, None for none."""
        if not self.has_cube:
            return None, None
        where = at, self.compass(), self.camera
        return part_at(*where), ring_heading(*where)

    def _is_on_cube(self, at: QPointF) -> bool:
        return self._on_cube(at) != (None, None)

    def paint_corner(self, painter: QPainter, tones: Palette) -> None:
        """Draw the view cube with what the pointer is over."""
        middle = self.compass()
        paint_cube(painter, self.camera, tones, self.font(), middle, self._cube_part)

    def _grabbed(self, at: QPointF) -> NDArray[np.float64]:
        """Return the point in space that a drag from this pixel holds."""
        hit = self.scene.ground_point(at.x(), at.y())
        if hit is not None:
            point = np.array(hit)
            if np.linalg.norm(point - self.camera.stand) <= _HOLD_REACH * self.camera.distance:
                return point
        return np.array(self.camera.focus)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the hand."""
        if self._scene is None:
            return
        drag, at = self._drag, event.position()
        if not self.keys.sending and at != self._mouse_at:  # windows that come tell of it, too
            self._mouse_at = at
            self.keys.leave()
        if drag is None:
            self._hover_over(event)
            return
        if not drag.moved and (at - drag.start).manhattanLength() < _CLICK_PX:
            return
        step, drag.last, drag.moved = at - drag.last, at, True
        if drag.kind == "tool":
            if self._tool is not None:
                self._tool.drag(self._pick(event))
        elif drag.kind == "pan":
            size = self.scene.size
            self._steer(moves.pan(self.camera, drag.grabbed, at.x(), at.y(), size))
        elif drag.kind == "zoom":
            factor = float(np.exp(step.y() * _DRAG_ZOOM))
            self._steer(moves.zoom(self.camera, drag.grabbed, factor))
        else:
            turn, tilt = step.x() * _ORBIT_DEG_PER_PX, step.y() * _TILT_DEG_PER_PX
            self._steer(moves.orbit(self.camera, drag.grabbed, turn, tilt))

    def _steer(self, camera: Camera) -> None:
        self.take_camera(camera)
        self.steered.emit()

    def _hover_over(self, event: QMouseEvent) -> None:
        now = time.monotonic()
        if now - self._hover_at < _HOVER_S and not self.keys.sending:
            return
        self._hover_at = now
        part, _heading = self._on_cube(event.position())
        if part != self._cube_part:
            self._cube_part = part
            self.update()
        at = self._pick(event)
        if part is not None:
            at = replace(at, feature=None, together=())
        self._say_together(at)
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
        self.update()  # what waited for the hand to let go
        at = self._pick(event)
        if drag.kind == "tool":
            if self._tool is not None:
                self._tool.release(at)
        elif not drag.moved:
            self._click(at, event)

    def _click(self, at: Pick, event: QMouseEvent) -> None:
        if event.button() == Left and at.together and self._points:
            self.come_near(at.together)
        elif event.button() == Right and len(several := self.scene.services_at(*at.pixel)) > 1:
            self.several_requested.emit(several, event.globalPosition().toPoint())
        elif event.button() == Right:
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
        mine = self._scene is not None and event.button() == Left and self._tool is not None
        if mine and self._tool is not None and self._tool.double_click(self._pick(event)):
            return
        crossed = self._tool is not None and self._tool.cursor == "cross"
        turns = self._is_on_cube(event.position())
        if self._scene is None or event.button() != Left or crossed or turns:
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
        self._halt()
        pivot = self._grabbed(event.position())
        self._steer(moves.zoom(self.camera, pivot, float(np.exp(-delta * _WHEEL))))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        if self._tool is not None:
            self._tool.hover(None)
        self._cube_part = None
        self._say_together(None)
        self._set_hover(None)
        super().leaveEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Follow the pointer from now on."""
        self._hover_at = 0.0
        super().enterEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keys are here, to whoever came by keys."""
        if event.reason() in _BY_KEYS:
            self._ringed = True
        elif event.reason() == Qt.FocusReason.MouseFocusReason:
            self._ringed = False
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keys go elsewhere: but for a menu or another window, the cross goes, too."""
        if event.reason() in _BY_TAB:
            self.keys.leave()
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Navigate by keys; what means nothing here goes on to the window."""
        if self._scene is None or (self._tool is not None and self._tool.key(event)):
            return
        if self.keys.take(event, crossed=not self._points):
            return
        self._halt()
        moved = by_key(Qt.Key(event.key()), self.camera, self.scene.size)
        if moved is not None:
            self._steer(moved)
        elif event.key() == Qt.Key.Key_Home:
            self.home()
        else:
            super().keyPressEvent(event)


@dataclass
class _Drag:
    """A button that is held: what it does, where it began and is, which point it holds."""

    kind: str
    button: Qt.MouseButton
    start: QPointF
    last: QPointF
    grabbed: NDArray[np.float64]
    moved: bool = False
