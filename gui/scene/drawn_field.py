"""A coloured picture on the ground, in the renderer: a gain field, or a service's catchment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkRenderer

from gui.scene.actors import MeshActor, Texture
from gui.scene.field import Field
from gui.scene.mesh import Mesh
from gui.scene.meshes import Meshes
from gui.scene.style import Theme
from gui.scene.surface import Bounds

_LIFT_M = 0.95
_LIFT = 0.0003
"""Lift over the ground as a part of the viewing distance: above all sheets of the plan."""


class DrawnField:
    """Lies over the plan and under the buildings, and lets the plan show through."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._texture = Texture(smooth=True)
        self._actor = MeshActor(renderer, cull=False).bind(field=self._texture)
        self._actor.actor.ForceTranslucentOn()
        self._actor.set_colour("#ffffff")
        self._ground: Mesh | None = None
        self._bounds: Bounds | None = None

    def show(self, field: Field | None, meshes: Meshes, theme: Theme) -> None:
        """Draw a field, or nothing."""
        if field is not None:
            if self._ground is not meshes.ground or self._bounds != field.bounds:
                self._ground, self._bounds = meshes.ground, field.bounds
                own = Mesh(meshes.ground.points, meshes.ground.faces)
                self._actor.set_mesh(own, field=_places(own, meshes, field.bounds))
            self._texture.set_pixels(field.pixels[theme])
        self._actor.set_visible(field is not None)

    def set_distance(self, distance: float) -> None:
        """Lift the field for a viewing distance in metres."""
        self._actor.set_lift(_LIFT_M + distance * _LIFT)


def _places(mesh: Mesh, meshes: Meshes, bounds: Bounds) -> NDArray[np.float32]:
    """Return where each point lies on the picture, from 0 to 1."""
    west, south, east, north = bounds
    corner = np.array([west, south]) - np.array(meshes.surface.origin[:2])
    return np.asarray((mesh.points[:, :2] - corner) / (east - west, north - south), np.float32)
