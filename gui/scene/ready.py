"""What the first picture needs besides its meshes, made where no window waits for it."""

from __future__ import annotations

from gui.scene.detail import boxes
from gui.scene.glyphs import atlas
from gui.scene.graphics import load_graphics
from gui.scene.meshes import Meshes
from gui.scene.pins import looks
from gui.scene.style import Theme, palette


def make_ready(meshes: Meshes, theme: Theme) -> None:
    """Do in a worker thread what would hold up the thread that draws, the first time it draws.

    Raises
    ------
    GraphicsUnavailable
        Where OpenGL is missing.
    """
    load_graphics()
    atlas(looks(), palette(theme))
    boxes((*meshes.blocks.tiles, *meshes.trees))
    for tiles in meshes.plan.values():
        boxes(tiles)
