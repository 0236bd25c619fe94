"""Stills: pictures of good quality as PNG, for the report and the command line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gui.scene import camera as moves
from gui.scene.camera import Camera
from gui.scene.colours import PLAIN, BuildingColours
from gui.scene.scene import Scene
from gui.scene.style import Theme
from gui.scene.view import View

if TYPE_CHECKING:
    from gui.scene.meshes import Meshes
    from twin.model.district import District

FOUR_SHIFTS = ((-0.125, -0.375), (0.375, -0.125), (0.125, 0.375), (-0.375, 0.125))
"""Parts of a pixel, on a turned grid, so that edges of any slope are smooth."""
_EIGHT_SHIFTS = tuple(
    (x / 16, y / 16)
    for x, y in ((1, -3), (-1, 3), (5, 1), (-3, -5), (-5, 5), (-7, -1), (3, 7), (7, -7))
)


def smooth_pixels(
    scene: Scene, shifts: tuple[tuple[float, float], ...] = FOUR_SHIFTS
) -> NDArray[np.uint8]:
    """Return the mean of pictures shifted by parts of a pixel: edges are smooth.

    Multisampling would cost several times as much where the processor draws.
    """
    total = np.sum([scene.render(shift) for shift in shifts], axis=0, dtype=np.uint16)
    return np.asarray((total + len(shifts) // 2) // len(shifts), np.uint8)


def still(scene: Scene) -> bytes:
    """Return what a scene shows as PNG of its size in device pixels, with smooth edges."""
    return png(smooth_pixels(scene, _EIGHT_SHIFTS)[..., :3])


def render_picture(
    district: District,
    colours: BuildingColours = PLAIN,
    size: tuple[int, int] = (1920, 1200),
    theme: Theme = "light",
    *,
    plan: bool = False,
    camera: Camera | None = None,
    view: View | None = None,
    meshes: Meshes | None = None,
) -> bytes:
    """Return a picture of a district as PNG, `size` in pixels (width, height).

    Parameters
    ----------
    plan
        Look straight down instead of from the south.
    camera
        From where; the default shows the whole study area.
    view
        What is visible; its theme is replaced by `theme`.

    Raises
    ------
    GraphicsUnavailable
        Where the machine has no OpenGL library.
    """
    scene = Scene(*size, theme=theme)
    try:
        scene.show(district, replace(view or View(), theme=theme), colours, meshes)
        overview = scene.fitted(moves.plan(scene.camera)) if plan else scene.home()
        scene.camera = camera or overview
        return still(scene)
    finally:
        scene.close()


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Return a picture (rows, columns, 3), top row first, as the bytes of a PNG file."""
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkIOImage import vtkPNGWriter

    from gui.scene.actors import to_numpy, to_vtk

    rows, columns, bands = pixels.shape
    image = vtkImageData()
    image.SetDimensions(columns, rows, 1)
    upward = np.ascontiguousarray(pixels[::-1]).reshape(-1, bands)
    image.GetPointData().SetScalars(to_vtk(upward, deep=True))
    writer = vtkPNGWriter()
    writer.WriteToMemoryOn()
    writer.SetInputData(image)
    writer.Write()
    return bytes(to_numpy(writer.GetResult()))
