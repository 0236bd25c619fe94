"""Pictures of the view for paper: taken beside it, a frame at a time, while the window goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage, QResizeEvent

from gui.canvas import Canvas
from gui.scene.picture import FOUR_SHIFTS

if TYPE_CHECKING:
    from gui.scene.colours import BuildingColours
    from gui.scene.meshes import Meshes
    from gui.scene.view import View
    from gui.viewport import Viewport
    from twin.model.district import District


class Photograph(QObject):
    """One picture of what a viewport shows, in any theme; it hands itself over and is gone.

    It draws with the viewport's graphics. Where the viewport goes first, nothing is handed over.

    Parameters
    ----------
    of
        The viewport, whose camera and size it takes.
    shown
        District, view, colours and meshes, as ``Stage.what_is_shown`` returns them.
    done
        Takes the picture.
    ratio
        Its pixels to a logical one; the viewport's where None.
    names_only
        Of what lies over the scene leave all away but its names.
    """

    def __init__(
        self,
        of: Viewport,
        shown: tuple[District, View, BuildingColours, Meshes | None],
        done: Callable[[QImage], object],
        *,
        ratio: float | None = None,
        names_only: bool = False,
    ) -> None:
        super().__init__(of)
        self._of, self._done, self._names_only = of, done, names_only
        district, view, colours, meshes = shown
        self._print = _Print(theme=view.theme, lender=of.scene)
        self._print.resize(of.size())
        self._print.setFont(of.font())
        self._print.scene.resize(of.width(), of.height(), ratio or of.devicePixelRatioF())
        self._print.take_camera(of.final_camera)
        self._print.show_scene(district, view, colours, meshes)
        self._sum, self._taken = np.zeros((), np.uint16), 0
        self._next = QTimer(self, interval=0)
        self._next.timeout.connect(self._expose)
        self._next.start()

    def _expose(self) -> None:
        """Draw one more of the shifted frames; after the last hand over their mean."""
        if not self._of.is_open:
            self._put_away()
            return
        scene = self._print.scene
        if self._taken < len(FOUR_SHIFTS):
            self._sum = self._sum + scene.render(FOUR_SHIFTS[self._taken])
            self._taken += 1
            return
        rounded = (self._sum + len(FOUR_SHIFTS) // 2) // len(FOUR_SHIFTS)
        whole = rounded.astype(np.uint8)
        picture = self._print.named(whole) if self._names_only else self._print.framed(whole)
        self._put_away()
        self._done(picture)

    def _put_away(self) -> None:
        self._next.stop()
        self._print.close_scene()
        self._print.deleteLater()
        self.deleteLater()


class _Print(Canvas):
    """A canvas that nobody sees; it keeps the size it was made with."""

    def framed(self, pixels: NDArray[np.uint8]) -> QImage:
        """Return these pixels with the overlays."""
        self._pixels, self._stale = pixels, False
        return self.grab().toImage()

    def redraw(self, moving: bool = False) -> None:
        """Draw nothing by itself."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the size."""
