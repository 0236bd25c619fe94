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
    from twin.district import District

_SHARP = 2
"""Pixels computed for each pixel of a still, each way; their mean makes smooth edges, which
multisampling would make at several times the cost in software."""


def still(scene: Scene) -> bytes:
    """Return what a scene shows as PNG of its size in device pixels, with smooth edges.

    The scene keeps the resolution factor of the still.
    """
    scene.set_resolution_factor(float(_SHARP))
    return png(halved(scene.render()))


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


def halved(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the mean of each 2 x 2 pixels, without alpha: shape (rows / 2, columns / 2, 3)."""
    rows, columns = pixels.shape[0] // _SHARP, pixels.shape[1] // _SHARP
    even = pixels[: rows * _SHARP, : columns * _SHARP, :3].astype(np.uint16)
    total = even[0::2, 0::2] + even[1::2, 0::2] + even[0::2, 1::2] + even[1::2, 1::2]
    return ((total + 2) // 4).astype(np.uint8)


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
