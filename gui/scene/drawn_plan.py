"""The ground and what lies flat on it, in the renderer."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkRenderer

from gui.scene.actors import MeshActor, Texture, texel
from gui.scene.detail import Sighting, boxes
from gui.scene.mesh import Mesh
from gui.scene.meshes import PLAN_ROLES, Light, Meshes
from gui.scene.style import LIGHT_LEVELS, Palette, under_sun
from gui.scene.surface import Surface
from gui.scene.view import View

_LINES = {"community": 1.4, "boundary": 1.9}
"""Width in pixels of what is drawn as lines."""
_UPRIGHT = frozenset({"barrier"})
_FINEST_PIXEL_M = {
    "crossing": 1.4,
    "steps": 1.4,
    "gate": 1.4,
    "closed": 1.4,
    "railway": 2.5,
    "street": 5.0,
}
"""Stripes and paths are left out where a pixel spans more: they would only flicker, or cost a city
most of its frame."""
_WHITE = np.full((1, 1), 255, np.uint8)
_STEP = 0.00002
"""Extra lift of each sheet over the one below, as a part of the viewing distance: depth buffers
are coarser far away, and there nobody sees a few centimetres."""


class DrawnPlan:
    """Ground, water, green, roads, streets, barriers, boundaries, sites."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._renderer = renderer
        self._lights = [Texture(smooth=True) for _ in LIGHT_LEVELS]
        self._level = 0
        self._texel_m = 1.0
        self._ground = MeshActor(renderer).bind(light=self._lights[0])
        self._tint = {tone: Texture(smooth=False) for tone in _UPRIGHT}
        self._sheets = {tone: _Sheet(tone) for tone in PLAN_ROLES}
        self._most = 1

    @property
    def sheets(self) -> dict[str, list[MeshActor]]:
        """The actors by tone."""
        return {tone: sheet.actors for tone, sheet in self._sheets.items()}

    def show(self, meshes: Meshes, view: View, palette: Palette, scale: float) -> None:
        """Draw the plan's visible roles; line widths are in pixels times `scale`."""
        surface, visible = meshes.surface, view.visible
        palette = palette if view.daylight is None else under_sun(palette)
        light = meshes.light if view.daylight is None else view.daylight.ground
        self._take_light(light, surface, "terrain" in visible)
        if self._ground.mesh is not meshes.ground:
            self._ground.set_mesh(meshes.ground, light=_places(meshes.ground, surface))
        self._ground.set_colour(palette.ground)
        for tone, role in PLAN_ROLES.items():
            sheet = self._sheets[tone]
            if sheet.tiles is not meshes.plan[tone]:
                self._lay(sheet, meshes.plan[tone], surface)
            sheet.shown = role in visible
            for actor in sheet.actors:
                actor.set_colour(getattr(palette, tone))
                if tone in _LINES:
                    actor.set_width(_LINES[tone] * scale)
        for tone, texture in self._tint.items():
            texture.set_pixels(texel(getattr(palette, tone)))

    def _take_light(self, light: Light, surface: Surface, lit: bool) -> None:
        west, _south, east, _north = surface.bounds
        self._texel_m = (east - west) / light[0].shape[1]
        for texture, picture in zip(self._lights, light, strict=True):
            texture.set_pixels(picture if lit else _WHITE)

    def _lay(self, sheet: _Sheet, tiles: tuple[Mesh, ...], surface: Surface) -> None:
        for actor in sheet.actors:
            actor.set_visible(False)
        sheet.tiles, sheet.boxes = tiles, boxes(tiles)
        known = sheet.variants.pop((tiles, surface), None)
        sheet.actors = known or [self._actor(sheet.tone, mesh, surface) for mesh in tiles]
        sheet.variants[tiles, surface] = sheet.actors
        sheet.forget(self._most)

    def keep(self, most: int) -> None:
        """Keep the actors of each sheet's last `most` variants, to go to and fro between them."""
        self._most = most
        for sheet in self._sheets.values():
            sheet.forget(most)

    def _actor(self, tone: str, mesh: Mesh, surface: Surface) -> MeshActor:
        actor = MeshActor(self._renderer, cull=False)
        if tone in _LINES:
            actor.set_mesh(mesh)
        elif tone in _UPRIGHT:
            middle = np.full((len(mesh.points), 2), 0.5, np.float32)
            actor.bind(tint=self._tint[tone]).set_mesh(mesh, tint=middle)
        else:
            actor.bind(light=self._lights[self._level])
            actor.set_mesh(mesh, light=_places(mesh, surface))
        return actor

    def set_detail(self, sight: Sighting) -> None:
        """Lift the sheets off each other and leave out what is too fine to see from there."""
        for order, sheet in enumerate(self._sheets.values(), start=1):
            finest = _FINEST_PIXEL_M.get(sheet.tone, np.inf)
            near = sight.pixels_m(sight.distances(sheet.boxes)) < finest
            lift = 0.0 if sheet.tone in _UPRIGHT else order * sight.distance * _STEP
            for actor, clear in zip(sheet.actors, near.tolist(), strict=True):
                actor.set_lift(lift)
                actor.set_visible(sheet.shown and clear)
        level = int(np.searchsorted(LIGHT_LEVELS[1:], sight.pixel_m / self._texel_m))
        if level != self._level:
            self._level = level
            variants = [v for sheet in self._sheets.values() for v in sheet.variants.values()]
            sheets = [actor for actors in variants for actor in actors]
            for actor in (self._ground, *sheets):
                actor.exchange("light", self._lights[level])


@dataclass
class _Sheet:
    """What lies on the ground in one tone, in tiles."""

    tone: str
    tiles: tuple[Mesh, ...] = ()
    boxes: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2, 3)))
    actors: list[MeshActor] = field(default_factory=list)
    shown: bool = False
    variants: dict[tuple[tuple[Mesh, ...], Surface], list[MeshActor]] = field(default_factory=dict)
    """Actors by what they draw, the last shown last."""

    def forget(self, most: int) -> None:
        """Take out all but the last `most` variants."""
        while len(self.variants) > most:
            for actor in self.variants.pop(next(iter(self.variants))):
                actor.remove()


def _places(mesh: Mesh, surface: Surface) -> NDArray[np.float32]:
    """Return where each point lies on the picture of light, from 0 to 1."""
    west, south, east, north = surface.bounds
    corner = np.array([west - surface.origin[0], south - surface.origin[1]])
    return np.asarray((mesh.points[:, :2] - corner) / (east - west, north - south), np.float32)
