"""The picture under the plan, in the renderer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vtkmodules.vtkRenderingCore import vtkRenderer

from gui.scene.actors import MeshActor, Texture
from gui.scene.style import Theme

if TYPE_CHECKING:
    from gui.scene.underlay import Draped

_LIFT = 0.00001
"""Lift over the ground as a part of the viewing distance: half of the lowest sheet's."""


class DrawnUnderlay:
    """An orthophoto or a scanned plan on the ground, faded so that what is drawn stands out."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._picture = Texture(smooth=True)
        self._actor = MeshActor(renderer, cull=False).bind(picture=self._picture)
        self._actor.set_colour("#ffffff")

    def show(self, draped: Draped | None, visible: bool, lit: bool, theme: Theme) -> None:
        """Draw the picture, or nothing where there is none or it is hidden."""
        if draped is None:
            self._actor.set_mesh(None)
        else:
            self._actor.set_mesh(draped.mesh, picture=draped.places)
            self._picture.set_pixels((draped.lit if lit else draped.unlit)[theme])
        self._actor.set_visible(visible)

    def set_distance(self, distance: float) -> None:
        """Lift the picture off the ground, by more from farther away."""
        self._actor.set_lift(distance * _LIFT)
