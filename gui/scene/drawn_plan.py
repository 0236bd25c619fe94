"""The ground and what lies flat on it, in the renderer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkRenderer

from gui.scene.actors import MeshActor, Texture, texel
from gui.scene.mesh import Mesh
from gui.scene.meshes import PLAN_ROLES, Meshes
from gui.scene.style import LIGHT_LEVELS, Palette
from gui.scene.surface import Surface

_LINES = {"community": 1.4, "boundary": 1.9}
"""Width in pixels of what is drawn as lines."""
_UPRIGHT = frozenset({"barrier"})
_FINE = frozenset({"crossing", "steps", "gate", "closed"})
_FINE_PIXEL_M = 1.1
"""Stripes are left out where a pixel spans more: they would only flicker."""
_WHITE = np.full((1, 1), 255, np.uint8)
_STEP = 0.00035
"""Extra lift of each sheet over the one below, as a part of the viewing distance: depth buffers
are coarse far away, and there nobody sees half a metre."""


class DrawnPlan:
    """Ground, water, green, roads, streets, barriers, boundaries, sites."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._lights = [Texture(smooth=True) for _ in LIGHT_LEVELS]
        self._level = -1
        self._texel_m = 1.0
        self._ground = MeshActor(renderer).bind(light=self._lights[0])
        self._tint = {tone: Texture(smooth=False) for tone in _UPRIGHT}
        self._sheets = {tone: self._sheet(renderer, tone) for tone in PLAN_ROLES}
        self._roles_shown: dict[str, bool] = {}

    def _sheet(self, renderer: vtkRenderer, tone: str) -> MeshActor:
        actor = MeshActor(renderer, cull=False)
        if tone in _UPRIGHT:
            return actor.bind(tint=self._tint[tone])
        return actor if tone in _LINES else actor.bind(light=self._lights[0])

    @property
    def sheets(self) -> dict[str, MeshActor]:
        """The actors by tone."""
        return self._sheets

    def show(self, meshes: Meshes, visible: frozenset[str], palette: Palette, scale: float) -> None:
        """Draw the plan's visible roles; line widths are in pixels times `scale`."""
        surface = meshes.surface
        self._take_light(meshes, "terrain" in visible)
        if self._ground.mesh is not meshes.ground:
            self._ground.set_mesh(meshes.ground, light=_places(meshes.ground, surface))
        self._ground.set_colour(palette.ground)
        for tone, role in PLAN_ROLES.items():
            mesh, sheet = meshes.plan[tone], self._sheets[tone]
            self._take(sheet, tone, mesh, surface)
            colour = getattr(palette, tone)
            sheet.set_colour(colour)
            if tone in _LINES:
                sheet.set_width(_LINES[tone] * scale)
            self._roles_shown[tone] = role in visible
            sheet.set_visible(role in visible)
        for tone, texture in self._tint.items():
            texture.set_pixels(texel(getattr(palette, tone)))

    def _take_light(self, meshes: Meshes, lit: bool) -> None:
        west, _south, east, _north = meshes.surface.bounds
        self._texel_m = (east - west) / meshes.light[0].shape[1]
        for texture, picture in zip(self._lights, meshes.light, strict=True):
            texture.set_pixels(picture if lit else _WHITE)

    def set_distance(self, distance: float, pixel_m: float) -> None:
        """Take a viewing distance in metres, and how many of them a pixel spans there."""
        for order, (tone, sheet) in enumerate(self._sheets.items(), start=1):
            sheet.set_lift(0.0 if tone in _UPRIGHT else order * distance * _STEP)
            if tone in _FINE:
                sheet.set_visible(self._roles_shown[tone] and pixel_m < _FINE_PIXEL_M)
        wanted = pixel_m / self._texel_m
        level = int(np.searchsorted(LIGHT_LEVELS[1:], wanted))
        if level != self._level:
            self._level = level
            for sheet in (self._ground, *self._sheets.values()):
                sheet.exchange("light", self._lights[level])

    def _take(self, sheet: MeshActor, tone: str, mesh: Mesh, surface: Surface) -> None:
        if sheet.mesh is mesh:
            return
        if tone in _UPRIGHT:
            sheet.set_mesh(mesh, tint=np.full((len(mesh.points), 2), 0.5, np.float32))
        elif tone in _LINES:
            sheet.set_mesh(mesh)
        else:
            sheet.set_mesh(mesh, light=_places(mesh, surface))


def _places(mesh: Mesh, surface: Surface) -> NDArray[np.float32]:
    """Return where each point lies on the picture of light, from 0 to 1."""
    west, south, east, north = surface.bounds
    corner = np.array([west - surface.origin[0], south - surface.origin[1]])
    return np.asarray((mesh.points[:, :2] - corner) / (east - west, north - south), np.float32)
