"""Selecting by area: a box or a lasso drawn over the picture takes what lies in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from gui.tools.tool import BareTool
from gui.view_state import Feature, Pick, ViewState

if TYPE_CHECKING:
    from gui.scene.scene import Scene
    from gui.sketch import Sheet
    from twin.model.district import District

ROLES = ("services", "sites", "buildings")
"""What an area takes; streets are too many to be meant."""
_STEP_PX = 3.0


class AreaTool(BareTool):
    """Keeps the drag of the left button as an area.

    Parameters
    ----------
    shape
        A box between the ends of the drag, or a lasso along it.
    scene
        Returns the scene that is seen.
    district
        Returns the district that is seen.
    changed
        Called when the area has to be painted anew.
    """

    cursor = "cross"

    def __init__(
        self,
        state: ViewState,
        shape: Literal["box", "lasso"],
        scene: Callable[[], Scene],
        district: Callable[[], District],
        changed: Callable[[], object],
    ) -> None:
        self._state, self._shape = state, shape
        self._scene, self._district, self._changed = scene, district, changed
        self._trail: list[tuple[float, float]] = []

    def press(self, pick: Pick) -> bool:
        """Begin an area."""
        self._trail = [pick.pixel]
        return True

    def drag(self, pick: Pick) -> None:
        """Let it grow."""
        last = self._trail[-1] if self._trail else pick.pixel
        if np.hypot(pick.pixel[0] - last[0], pick.pixel[1] - last[1]) >= _STEP_PX:
            self._trail.append(pick.pixel)
        self._changed()

    def release(self, pick: Pick) -> None:
        """Select what lies in it; what a plain click hits where nothing was drawn."""
        corners = self._corners()
        self._trail = []
        if len(corners) < 3:
            self._state.set(selected=pick.feature, route=None)
        else:
            hidden = self._state.seen.hidden
            found = features_in(self._district(), self._scene(), corners, hidden)
            self._state.set(selected=found[0] if found else None, also=tuple(found[1:]), route=None)
        self._changed()

    def put_back_if_still(self) -> bool:
        """Give up an area that never grew; whether it did not."""
        still = len(self._trail) < 2
        if still:
            self._trail = []
        return still

    def put_back(self) -> bool:
        """Give the area up; whether there was one."""
        held, self._trail = bool(self._trail), []
        self._changed()
        return held

    def paint(self, painter: QPainter, sheet: Sheet) -> None:
        """Draw the area."""
        if self._trail:
            sheet.area(painter, [QPointF(x, y) for x, y in self._corners()])

    def _corners(self) -> list[tuple[float, float]]:
        if self._shape == "lasso" or len(self._trail) < 2:
            return self._trail
        (x0, y0), (x1, y1) = self._trail[0], self._trail[-1]
        return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def features_in(
    district: District,
    scene: Scene,
    corners: list[tuple[float, float]],
    hidden: frozenset[str] = frozenset(),
) -> list[Feature]:
    """Return the features whose mark, roof or middle is seen within an area of the picture.

    Parameters
    ----------
    corners
        Pixels.
    hidden
        Roles that are not drawn and therefore not taken.
    """
    area = shapely.make_valid(shapely.Polygon(corners))
    found: list[Feature] = []
    for role in ROLES:
        if role in hidden or not len(district.table(role)):
            continue
        ids, points = _marks(district, scene, role)
        pixels, visible = scene.project(points)
        inside = visible & shapely.contains_xy(area, pixels[:, 0], pixels[:, 1])
        found += [(role, int(i)) for i in ids[inside]]
    return found


def _marks(
    district: District, scene: Scene, role: str
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return ids and the points in space that stand for features."""
    if role == "services":
        real = scene.pins.ids >= 0
        return scene.pins.ids[real], scene.pins.head[real]
    table, meshes = district.table(role), scene.meshes
    xy = shapely.get_coordinates(shapely.centroid(table.geometry))
    height = scene.height(xy)
    if role == "buildings" and meshes is not None and len(meshes.blocks.top) == len(table):
        height = meshes.blocks.top
    return table.ids, np.column_stack([xy, height])
