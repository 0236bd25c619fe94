"""The picture of the scene on a widget: rendered off screen, painted by Qt, with overlays.

Under the hand a slow machine renders a quarter of the pixels; at rest all of them, and then, while
nothing else is asked for, a few more pictures shifted by parts of a pixel, whose mean is smooth.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui import theme as looks
from gui.background import BREATH_MS
from gui.labelling import LabelPainter
from gui.overlay import CountPainter, longest_bar, paint_outline, paint_scale_bar
from gui.pace import HALF, Pace, is_remote
from gui.scene.camera import Camera
from gui.scene.colours import PLAIN, BuildingColours
from gui.scene.fitting import Box
from gui.scene.labels import Labels, service_labels
from gui.scene.picture import FOUR_SHIFTS, smooth_pixels
from gui.scene.sameness import same
from gui.scene.scene import Scene
from gui.scene.style import Palette, Theme, palette
from gui.scene.view import View
from gui.sketch import Sheet
from gui.view_cube import REACH_PX, paint_cube

if TYPE_CHECKING:
    from gui.scene.meshes import Meshes
    from twin.model.district import District

_REST_MS = 160
_REFINE_MS = 40
EDGE_PX = 16.0
_CUBE_PX = (280, 140)
"""A smaller picture has no view cube, which would hide much of it or be cut; keys turn it still."""


class Canvas(QWidget):
    """A widget that shows a scene.

    Parameters
    ----------
    theme
        Colours until a view says otherwise.
    lender
        A scene whose graphics this one draws with; see :class:`gui.scene.scene.Scene`.

    Signals
    -------
    camera_changed()
        The picture is seen from elsewhere.
    slowed(reason)
        For the first time the picture is coarser while it moves: a :data:`gui.pace.Reason`.
    """

    camera_changed = Signal()
    slowed = Signal(str)

    def __init__(
        self, parent: QWidget | None = None, *, theme: Theme = "light", lender: Scene | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)
        size = max(self.width(), 1), max(self.height(), 1)
        self._scene: Scene | None = Scene(*size, theme=theme, lender=lender)
        self.pace = Pace(self._scene.is_software, is_remote())
        self._type_scale = 1.0
        self._view = View(theme=theme)
        self._shown: tuple[object, ...] = ()
        self._owed: _Owed | None = None
        self._labels: tuple[Labels, ...] = ()
        self._labels_key: tuple[object, ...] = ()
        self._label_painter, self._count_painter = LabelPainter(), CountPainter()
        self._drawn_labels: list[tuple[str, QRectF]] = []
        self._covered: list[QRect] = []
        self._pixels: NDArray[np.uint8] | None = None
        self._stale = True
        self._placed, self._unseen = False, True
        self._sum: NDArray[np.uint16] | None = None
        self._summed = 0
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._come_to_rest)
        self._refining = QTimer(self, interval=_REFINE_MS, singleShot=True)
        self._breath = QTimer(self, interval=BREATH_MS, singleShot=True)
        self._refining.timeout.connect(self._breath.start)  # it falls due with what just painted
        self._breath.timeout.connect(self._refine)
        self._readying = QTimer(self, interval=_REST_MS, singleShot=True)
        self._readying.timeout.connect(self._get_ready)

    # -- what is shown ----------------------------------------------------------------------

    @property
    def scene(self) -> Scene:
        """The scene, as last told to be shown; only until `close_scene`."""
        if self._scene is None:
            raise RuntimeError("the canvas is closed")
        self.catch_up()
        return self._scene

    @property
    def is_open(self) -> bool:
        """Whether there is a scene still."""
        return self._scene is not None

    @property
    def camera(self) -> Camera:
        """Where the viewer is."""
        return self.scene.camera

    @property
    def type_scale(self) -> float:
        """How much larger names and glyphs on the picture are than on a desk."""
        return self._type_scale

    @type_scale.setter
    def type_scale(self, scale: float) -> None:
        self._type_scale = self.scene.glyph_scale = scale
        self.redraw()

    @property
    def is_held(self) -> bool:
        """Whether the hand is dragging something: then speed counts more than sharpness."""
        return False

    @property
    def is_carrying(self) -> bool:
        """Whether the hand carries something through a view that stands still.

        Then most of a frame is there already, and it need not be as coarse as where all moves.
        """
        return False

    def show_scene(
        self,
        district: District,
        view: View,
        colours: BuildingColours = PLAIN,
        meshes: Meshes | None = None,
    ) -> None:
        """Show this; the first time, the camera is set so that everything is seen.

        Only what changed costs time, and what is merely hovered is painted over the old picture.
        The scene takes it when it is next asked for anything: of what is told one after the other
        before that, the last alone.
        """
        shown = (district, meshes, colours, *_parts(view))
        hover, self._view = self._view.hover, view
        if same(shown, self._shown):
            if hover != view.hover:
                self.update()
            return
        self._shown = shown
        if meshes is None and self._owed is not None and self._owed.district is district:
            meshes = self._owed.meshes
        self._owed = _Owed(district, view, colours, meshes)
        self.redraw(moving=self.is_held)

    def catch_up(self) -> None:
        """Have the scene take what it was last told to show; whoever asks for it has that done."""
        scene, owed, self._owed = self._scene, self._owed, None
        if scene is not None and owed is not None:
            scene.show(*owed)
            self._take_labels(scene, owed.district, owed.view)
            self._place()

    def _place(self) -> None:
        """Set the camera once there are a size and something to see."""
        if not self._placed and self.testAttribute(Qt.WidgetAttribute.WA_Resized):
            self._placed = True
            self.scene.resize(self.width(), self.height(), self.devicePixelRatioF())
            self.scene.camera = self.scene.home(covered=self.boxes_covered())

    def _take_labels(self, scene: Scene, district: District, view: View) -> None:
        meshes = scene.meshes
        assert meshes is not None
        key = (meshes, district.services, *_named(view))
        if same(key, self._labels_key):
            return
        self._labels_key = key
        services = service_labels(district.services, scene.pins)
        roofs = (meshes.addresses,) if "buildings" in view.visible else ()
        self._labels = (meshes.names, services, *roofs) if view.names else ()

    def _type(self) -> QFont:
        """Return the font of what is written on the picture."""
        font = QFont(self.font())
        if self.type_scale != 1.0:
            font.setPixelSize(round(looks.BODY_PX * self.type_scale))
        return font

    def keep_clear(self, covered: Sequence[QRect]) -> None:
        """Write nothing where cards lie over the picture, and show all of the district beside them.

        A view that somebody saw already stays as it is.
        """
        if covered == self._covered:
            return
        self._covered = list(covered)
        if self._placed and self._unseen:
            self.look_over(self.scene.camera)
        self.update()

    def look_over(self, camera: Camera) -> None:
        """See all of the district in the directions of a camera, beside what lies over the picture.

        Where that changes before anybody saw the picture, so does the view.
        """
        self._placed = self._unseen = True
        self.scene.camera = self.scene.fitted(camera, self.boxes_covered())
        self.redraw()
        self.camera_changed.emit()

    def boxes_covered(self) -> list[Box]:
        """Return what lies over the picture, as left, top, right and bottom."""
        return [(box.left(), box.top(), box.right(), box.bottom()) for box in self._hidden()]

    def _hidden(self) -> list[QRectF]:
        """Return what lies over the picture: cards, the view cube and the scale bar."""
        reach = QPointF(REACH_PX, REACH_PX)
        cube = [QRectF(self.compass() - reach, self.compass() + reach)] * self.has_cube
        tall = 2.0 * QFontMetricsF(self._type()).height()
        long = longest_bar(self.width()) + 2.0 * tall
        bar = QRectF(EDGE_PX, self.height() - EDGE_PX - tall, long, tall + 6.0)
        return [*cube, bar, *(QRectF(card) for card in self._covered)]

    @property
    def labels_drawn(self) -> list[tuple[str, QRectF]]:
        """Texts and boxes of the labels in the last picture."""
        return list(self._drawn_labels)

    def picture(self) -> QImage:
        """Return what the widget shows, overlays included, at full quality."""
        if self._scene is not None:
            self._quiet()
            self.scene.set_resolution_factor(1.0)
            self._pixels = smooth_pixels(self.scene)
            self._stale = False
        return self.grab().toImage()

    def named(self, pixels: NDArray[np.uint8]) -> QImage:
        """Return pixels that the scene drew with its names over them and nothing else."""
        return labelled(pixels, self.scene, self._labels, palette(self._view.theme), self._type())

    def close_scene(self) -> None:
        """Free the scene; the widget stays and shows its last picture."""
        self._quiet()
        self._owed = None
        if self._scene is not None:
            self._scene.close()
            self._scene = None

    def take_camera(self, camera: Camera) -> None:
        """See from elsewhere."""
        self._placed, self._unseen = True, False
        self.scene.camera = camera
        self.redraw(moving=True)
        self.camera_changed.emit()

    def set_quality(self, quality: str) -> None:
        """Draw ``auto`` (as fast as the machine needs), ``fine`` or ``fast``."""
        self.pace.set_quality(quality)
        self.redraw()

    def last_picture(self) -> QImage:
        """Return the picture that is there, without overlays, drawing nothing anew."""
        if self._pixels is None:
            return QImage()
        rows, columns, _ = self._pixels.shape
        form = QImage.Format.Format_RGBX8888
        return QImage(self._pixels.data, columns, rows, 4 * columns, form).copy()

    # -- when it is drawn -------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Return a size for a window that has no other wish."""
        return QSize(960, 640)

    def redraw(self, moving: bool = False) -> None:
        """Draw a new picture soon; while `moving` a slow machine draws fewer pixels."""
        self._stale, self._sum = True, None
        self._refining.stop()
        self._readying.stop()
        if moving:
            self._rest.start()
        if moving and self.pace.spares and self._scene is not None:
            self._scene.set_resolution_factor(self.pace.factor(self.is_carrying))
            if self.is_held and (reason := self.pace.reason_to_say()):
                self.slowed.emit(reason)
        self.update()

    @property
    def _moves(self) -> bool:
        """Whether the picture moves, or did a moment ago."""
        return self.is_held or self._rest.isActive()

    def _come_to_rest(self) -> None:
        if self._scene is None:
            return
        if self._scene.resolution_factor != 1.0:
            self._scene.set_resolution_factor(1.0)
            self.redraw()
        self.update()  # names look anew what hides them

    def _quiet(self) -> None:
        self._rest.stop()
        self._refining.stop()
        self._readying.stop()

    def _refine(self) -> None:
        """Add one more shifted picture; after the last, show their mean."""
        if self._scene is None or self._stale or self._sum is None:
            return
        if not self.isVisible():
            return
        self._sum += self._scene.render(FOUR_SHIFTS[self._summed])
        self._summed += 1
        if self._summed < len(FOUR_SHIFTS):
            self._refining.start()
            return
        self._pixels = (self._sum // len(FOUR_SHIFTS)).astype(np.uint8)
        self._sum = None
        self.update()
        if self.pace.spares:
            self._readying.start()

    def _get_ready(self) -> None:
        """Draw once as the hand will want it, so that its first step finds what stands still.

        Nobody sees this picture: the one at full quality stays.
        """
        if self._scene is None or self._stale or self.is_held or not self.isVisible():
            return
        self._scene.set_resolution_factor(HALF)
        self._scene.render()
        self._scene.set_resolution_factor(1.0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the new size."""
        super().resizeEvent(event)
        if self._scene is None:
            return
        self._scene.resize(self.width(), self.height(), self.devicePixelRatioF())
        if self._scene.meshes is not None:
            self._place()
        self.redraw()

    # -- painting ---------------------------------------------------------------------------

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
        if self._scene is not None and self._scene.meshes is not None:
            self._unseen = False
            self._paint_overlays(painter)
        painter.end()

    def _compute(self) -> None:
        scene = self.scene
        if scene.pixel_ratio != self.devicePixelRatioF():
            scene.resize(self.width(), self.height(), self.devicePixelRatioF())
        whole = scene.resolution_factor == 1.0
        began, before = time.perf_counter(), scene.backdrops_drawn
        self._pixels = scene.render(FOUR_SHIFTS[0] if whole else (0.0, 0.0))
        self._stale = False
        took, all_of_it = time.perf_counter() - began, scene.backdrops_drawn > before
        if not whole and all_of_it and not self.is_carrying:
            self.pace.took_coarse(took)
        if whole:
            if all_of_it:
                self.pace.took_whole(took)
            if self.pace.refines:
                self._sum, self._summed = self._pixels.astype(np.uint16), 1
                self._refining.start()

    def _paint_overlays(self, painter: QPainter) -> None:
        scene, tones = self.scene, palette(self._view.theme)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._view.hover is not None and self._view.hover != self._view.selection:
            paint_outline(painter, scene, self._view.hover, tones)
        ratio = self.devicePixelRatioF()
        self._count_painter.paint(
            painter, scene, tones, self._type(), ratio, at_rest=not self._moves
        )
        self._drawn_labels = self._label_painter.paint(
            painter,
            scene,
            self._labels,
            tones,
            self._type(),
            self.devicePixelRatioF(),
            self._hidden(),
            at_rest=not self._moves,
        )
        self.paint_hand(painter, Sheet(scene, tones, self._type(), self._hidden()))
        corner = QPointF(EDGE_PX, self.height() - EDGE_PX)
        paint_scale_bar(painter, scene, tones, self._type(), corner)
        if self.has_cube:
            self.paint_corner(painter, tones)

    def paint_hand(self, painter: QPainter, sheet: Sheet) -> None:
        """Draw what the hand holds; a canvas has no hand."""

    def paint_corner(self, painter: QPainter, tones: Palette) -> None:
        """Draw the cube that shows how the view is turned."""
        paint_cube(painter, self.camera, tones, self.font(), self.compass())

    @property
    def has_cube(self) -> bool:
        """Whether there is room for the view cube."""
        return self.width() >= _CUBE_PX[0] and self.height() >= _CUBE_PX[1]

    def compass(self) -> QPointF:
        """Return the middle of the view cube."""
        away = EDGE_PX + REACH_PX - 4.0
        return QPointF(self.width() - away, away)


class _Owed(NamedTuple):
    """What a scene was told to show and did not show yet."""

    district: District
    view: View
    colours: BuildingColours
    meshes: Meshes | None


def labelled(
    pixels: NDArray[np.uint8],
    scene: Scene,
    layers: Iterable[Labels],
    tones: Palette,
    font: QFont,
) -> QImage:
    """Return pixels that a scene drew with its names over them."""
    ratio = scene.pixel_ratio
    rows, columns, _ = pixels.shape
    image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBX8888).copy()
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    CountPainter().paint(painter, scene, tones, font, ratio)
    LabelPainter().paint(painter, scene, layers, tones, font, ratio)
    painter.end()
    image.setDevicePixelRatio(1.0)
    return image


def _parts(view: View) -> tuple[object, ...]:
    """Return what of a view the scene itself draws."""
    ghost = view.ghost and (view.ghost.x, view.ghost.y, view.ghost.types)
    return (
        view.visible,
        view.theme,
        view.selection,
        ghost,
        view.route,
        *view.catchment,
        view.field,
        view.daylight,
        view.hidden_services,
        view.asked,
        view.names,
    )


def _named(view: View) -> tuple[object, ...]:
    """Return what of a view says which services have their names."""
    return view.visible, view.hidden_services, view.asked, view.names
