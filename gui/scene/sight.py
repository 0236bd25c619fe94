"""From pixels to things: what a camera sees of a district at a place in the picture.

A ray meets buildings and ground by arithmetic on the district's own geometry, which takes a
fraction of a millisecond at any size; asking OpenGL takes hundreds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from gui.scene.camera import Camera, Size
from gui.scene.picking import first_building
from gui.scene.pins import Pins, pixel_sizes, sizes_px

if TYPE_CHECKING:
    from gui.scene.meshes import Meshes
    from twin.model.district import District

Floats = NDArray[np.float64]

_REACH_PX = 6.0
"""How near to a thin thing the pointer has to be to pick it, in pixels."""
_SITE_M = 9.0
_SKY_M = 1e5


@dataclass(frozen=True, eq=False)
class Sight:
    """A district, drawn as meshes and pins, seen by a camera in a picture of `size`.

    `chosen` says which pins are drawn larger; `visible` which roles are drawn; `glyph_scale` how
    much larger glyphs are than on a desk.
    """

    district: District
    meshes: Meshes
    pins: Pins
    chosen: NDArray[np.bool_]
    visible: frozenset[str]
    camera: Camera
    size: Size
    glyph_scale: float = 1.0

    def pick(self, x: float, y: float) -> tuple[str, int] | None:
        """Return role and id at a pixel: a glyph, else a building, else what lies flat."""
        pin = self.pin_at(x, y)
        if pin is not None:
            return "services", int(self.pins.ids[pin])
        start, direction = self.camera.ray(x, y, self.size)
        ground = self.meshes.surface.hit(start, direction)
        reach = _SKY_M if ground is None else float(np.linalg.norm(ground - start))
        met = self._building(start, direction, reach)
        if met is not None:
            roof = start + met[1] * direction
            site = self._nearest("sites", roof, _SITE_M) if self._is_roof(met[0], roof) else None
            return site or ("buildings", int(self.district.buildings.ids[met[0]]))
        return None if ground is None else self._on_ground(ground)

    def _building(self, start: Floats, direction: Floats, reach: float) -> tuple[int, float] | None:
        if "buildings" not in self.visible:
            return None
        return first_building(start, direction, reach, self.district.buildings, self.meshes.blocks)

    def _is_roof(self, row: int, point: Floats) -> bool:
        return bool(abs(point[2] - self.meshes.blocks.top[row]) < 0.01)

    def pin_at(self, x: float, y: float) -> int | None:
        """Return the row of the nearest pin whose glyph covers a pixel and is not hidden."""
        return next(self.pins_at(x, y), None)

    def pins_at(self, x: float, y: float) -> Iterator[int]:
        """Yield the rows of all such pins: what is chosen, then the nearest first."""
        pins = self.pins
        if not len(pins):
            return
        pixels, depth = self.camera.project(pins.head, self.size)
        spans = pixel_sizes(self.camera, self.size, depth)
        half = sizes_px(pins, self.chosen, depth, spans, self.glyph_scale) / 2
        away = np.hypot(pixels[:, 0] - x, pixels[:, 1] - y)
        under = np.flatnonzero((away <= half) & (depth > 0.0) & (pins.ids >= 0))
        for k in under[np.lexsort((depth[under], ~self.chosen[under]))]:
            if pins.asked[k] > 0 or self._sees(pins.head[k], pixels[k]):
                yield int(k)

    def _sees(self, point: Floats, pixel: Floats) -> bool:
        """Return whether no building stands between the eye and a point."""
        start, direction = self.camera.ray(pixel[0], pixel[1], self.size)
        return self._building(start, direction, float((point - start) @ direction)) is None

    def _on_ground(self, ground: Floats) -> tuple[str, int] | None:
        span = self.camera.metres_per_pixel(self.size)
        if not self.camera.flat:
            away = float(np.linalg.norm(ground - self.camera.eye))
            span *= away / self.camera.away
        site = self._nearest("sites", ground, max(_SITE_M, _REACH_PX * span))
        return site or self._nearest("streets", ground, _REACH_PX * span)

    def _nearest(self, role: str, point: Floats, reach: float) -> tuple[str, int] | None:
        table = self.district.table(role)
        if role not in self.visible or not len(table):
            return None
        rows = table.tree.query_nearest(shapely.points(point[0], point[1]), max_distance=reach)
        return (role, int(table.ids[rows[0]])) if len(rows) else None
