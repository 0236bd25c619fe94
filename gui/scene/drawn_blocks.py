"""Buildings and trees in the renderer: tiles, floor lines, one texel of colour a building."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkRenderer

from gui.scene.actors import MeshActor, Texture, texel
from gui.scene.mesh import Mesh
from gui.scene.meshes import Meshes

_TEXELS = 2048
"""Longest row of the colour texture; more buildings take more rows."""
NEAR_M = 900.0
"""Within this distance of a tile its roof edges and trees are drawn."""


_STOREYS = """
    if (storey < 0.0) storey = 0.2;  // a roof: as plain wall
    float width = max(fwidth(storey), 1e-4);
    vec2 ends = vec2(storey - 0.5 * width, storey + 0.5 * width);
    vec2 slab = floor(ends) * 0.06 + min(fract(ends), 0.06);
    vec2 band = floor(ends) * 0.50 + clamp(fract(ends) - 0.34, 0.0, 0.50);
    fragOutput0.rgb *= 1.0 - (0.22 * (slab.y - slab.x) + 0.065 * (band.y - band.x)) / width;
    if (mod(floor(tcolor_0.b * 255.0 + 0.5), 2.0) == 1.0
        && mod(gl_FragCoord.x + gl_FragCoord.y, 7.0) < 2.5) fragOutput0.rgb *= 0.72;
"""
"""Floor lines, and hatching where the colour says unreached (see ``colours``).

Each storey has a slab's dark edge and a band of windows, averaged exactly over the pixel, so that
they fade to an even tone far away. A texture with its smaller copies looked the same and took four
times as long in software.
"""


class DrawnBlocks:
    """All buildings."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._renderer = renderer
        self._colour = Texture(smooth=False)
        self._tiles: list[MeshActor] = []
        self._edges: list[MeshActor] = []
        self._meshes: tuple[Mesh, ...] = ()
        self._boxes = boxes(())
        self._visible = True
        self._texels = _texels(0)

    @property
    def tiles(self) -> list[MeshActor]:
        """The tiles' actors."""
        return self._tiles

    def show(self, meshes: Meshes, visible: bool) -> None:
        """Draw these meshes; the same ones again cost nothing."""
        blocks = meshes.blocks
        if blocks.tiles is not self._meshes:
            self.clear()
            self._meshes = blocks.tiles
            self._texels = _texels(len(blocks.base))
            self._tiles = [self._actor(mesh) for mesh in blocks.tiles]
            self._edges = [self._actor(mesh) for mesh in blocks.parapets]
            self._boxes = boxes(blocks.tiles)
        elif visible == self._visible:
            return
        self._visible = visible
        for actor in self._tiles:
            actor.set_visible(visible)

    def set_colours(self, colours: NDArray[np.uint8]) -> None:
        """Take the RGB of each building, shape (n, 3); nothing else is uploaded."""
        columns, rows = _texture_shape(len(colours))
        texels = np.zeros((rows * columns, 3), np.uint8)
        texels[: len(colours)] = colours
        self._colour.set_pixels(texels.reshape(rows, columns, 3))

    def set_detail(self, eye: NDArray[np.float64]) -> None:
        """Draw roof edges of tiles within `NEAR_M` of the eye (relative to the origin)."""
        near = (distances(self._boxes, eye) < NEAR_M) & self._visible
        for edge, show in zip(self._edges, near, strict=True):
            edge.set_visible(bool(show))

    def clear(self) -> None:
        """Take everything out."""
        for actor in (*self._tiles, *self._edges):
            actor.remove()
        self._tiles, self._edges, self._meshes = [], [], ()

    def _actor(self, mesh: Mesh) -> MeshActor:
        actor = MeshActor(self._renderer).bind(colour=self._colour).paint_by("storey", _STOREYS)
        assert mesh.building is not None
        assert mesh.storey is not None
        actor.set_mesh(mesh, colour=self._texels[mesh.building], storey=mesh.storey)
        return actor


class DrawnTrees:
    """All trees, near tiles only."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._renderer = renderer
        self._tiles: list[MeshActor] = []
        self._tint = Texture(smooth=False)
        self._meshes: tuple[Mesh, ...] = ()
        self._boxes = boxes(())
        self._visible = True

    def show(self, meshes: Meshes, visible: bool, colour: str) -> None:
        """Draw these crowns in a colour."""
        if meshes.trees is not self._meshes:
            self.clear()
            self._meshes = meshes.trees
            self._boxes = boxes(meshes.trees)
            for mesh in meshes.trees:
                actor = MeshActor(self._renderer).bind(tint=self._tint)
                actor.set_mesh(mesh, tint=np.full((len(mesh.points), 2), 0.5, np.float32))
                self._tiles.append(actor)
        self._tint.set_pixels(texel(colour))
        self._visible = visible

    def set_detail(self, eye: NDArray[np.float64]) -> None:
        """Draw the tiles within `NEAR_M` of the eye; others are dots of shade on the ground."""
        near = (distances(self._boxes, eye) < NEAR_M) & self._visible
        for tile, show in zip(self._tiles, near, strict=True):
            tile.set_visible(bool(show))

    def clear(self) -> None:
        """Take everything out."""
        for actor in self._tiles:
            actor.remove()
        self._tiles, self._meshes = [], ()


def boxes(meshes: tuple[Mesh, ...]) -> NDArray[np.float64]:
    """Return the lowest and highest corner of each mesh, shape (n, 2, 3)."""
    return np.array([mesh.box for mesh in meshes], np.float64).reshape(-1, 2, 3)


def distances(corners: NDArray[np.float64], eye: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far the eye is from each box in metres, 0 inside."""
    nearest = np.clip(eye, corners[:, 0], corners[:, 1])
    return np.asarray(np.linalg.norm(eye - nearest, axis=1))


def _texels(count: int) -> NDArray[np.float32]:
    """Return the place in the colour texture of each building's texel, shape (count, 2)."""
    columns, rows = _texture_shape(count)
    row, column = np.divmod(np.arange(count), columns)
    places = np.stack([(column + 0.5) / columns, (row + 0.5) / rows], axis=1)
    return places.astype(np.float32)


def _texture_shape(count: int) -> tuple[int, int]:
    columns = min(max(count, 1), _TEXELS)
    return columns, max(-(-count // columns), 1)
