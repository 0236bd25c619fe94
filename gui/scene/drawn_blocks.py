"""Buildings and trees in the renderer: tiles, floor lines, one texel of colour a building."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkRenderer

from gui.scene.actors import MeshActor, Texture, texel
from gui.scene.blocks import Blocks, shade_under
from gui.scene.colours import BARRED, DOOR_STEPS, STOREY_STEPS
from gui.scene.detail import Sighting, boxes
from gui.scene.mesh import Mesh
from gui.scene.meshes import Daylight, Meshes
from gui.scene.shade import SHADE, told
from gui.scene.style import LIGHT_LEVELS, Theme, band_colours, band_edges, rgb
from gui.scene.sun import STUDIO, Sun
from gui.scene.surface import Surface

_TEXELS = 2048
"""Longest row of the colour texture; more buildings take more rows."""
NEAR_M = 900.0
"""Within this distance of a tile its roof edges and trees are drawn."""
_TREE_PIXEL_M = 4.0
"""Under the sun of an hour trees are drawn wherever a pixel spans less: so far their shadows are
seen, and shadows of nothing would be blotches."""
_DETAIL_PIXEL_M = (1.2, 5.0)
"""Outlines are simplified where a pixel spans more than the first; more than the second, and only
roofs and towers are drawn."""


def _step() -> str:
    """Return as GLSL the step of the ramp of walks for ``far``, in parts of the ramp's length."""
    edges = band_edges("minutes", 1.0)[1:-1]
    steps = [f"far <= {edge:.6f} ? {number} : " for number, edge in enumerate(edges)]
    return "".join(steps) + str(len(edges))


_DARK_FILL = 0.46
"""On colours darker than this (their luma) floors are light lines: dark ones would be lost."""
_STOREYS = f"""
    vec4 tcolor_0 = texture(colour, colour_coordVCVSOutput);
    fragOutput0 *= tcolor_0;
    float lid = floor(tcolor_0.a * 255.0 + 0.5);
    fragOutput0.a = 1.0;
    bool apart = lid < 254.5 && (storey > lid + 0.01 || storey < 0.0);
    ivec2 extent = textureSize(colour, 0);
    ivec2 own = ivec2(colour_coordVCVSOutput * vec2(extent));
    int rows = (extent.y - 1) / 3;
    vec4 walk = floor(texelFetch(colour, own + ivec2(0, rows), 0) * 255.0 + 0.5);
    float door = walk.r * 256.0 + walk.g;
    float rise = walk.b * 256.0 + walk.a;
    float flights = floor(storey);
    vec4 shops = door > 0.5 ? texelFetch(colour, own + ivec2(0, 2 * rows), 0) : vec4(0.0);
    bool no_home = storey >= 0.0 && flights < shops.a * 255.0 - 0.5;
    apart = apart && !no_home;
    bool barred = !no_home && door > 0.5 && flights > 0.5 && rise > {BARRED - 0.5};
    vec3 fill = tcolor_0.rgb;
    if (no_home) {{
        fill = shops.rgb;
    }} else if (barred || (apart && door < 0.5)) {{
        fill = vec3(0.70, 0.69, 0.68);
    }} else if (door > 0.5 && storey >= 0.0) {{
        if (rise > {BARRED - 0.5}) rise = 0.0;
        float far = (door - 1.0) / {DOOR_STEPS}.0 + flights * rise / {STOREY_STEPS}.0;
        fill = texelFetch(colour, ivec2({_step()}, extent.y - 1), 0).rgb;
    }}
    fragOutput0.rgb *= fill / max(tcolor_0.rgb, vec3(0.01));
    apart = apart || barred;
    if (storey < 0.0) storey = 0.2;  // a roof: as plain wall
    float width = max(fwidth(storey), 1e-4);
    vec2 ends = vec2(storey - 0.5 * width, storey + 0.5 * width);
    vec2 slab = floor(ends) * 0.06 + min(fract(ends), 0.06);
    vec2 band = floor(ends) * 0.50 + clamp(fract(ends) - 0.34, 0.0, 0.50);
    float drawn = (0.22 * (slab.y - slab.x) + 0.065 * (band.y - band.x)) / width;
    float tone = dot(fill, vec3(0.299, 0.587, 0.114));
    if (tone > {_DARK_FILL}) fragOutput0.rgb *= 1.0 - drawn / tone;
    else fragOutput0.rgb += drawn * (1.0 - fragOutput0.rgb);
    if ((apart || (!no_home && mod(floor(tcolor_0.b * 255.0 + 0.5), 2.0) == 1.0))
        && mod(gl_FragCoord.x + gl_FragCoord.y, 7.0) < 2.5) fragOutput0.rgb *= 0.72;
"""
"""Floor lines, and hatching where the colour says unreached (see ``colours``) and of the storeys
above the one that the colour's fourth part names: from there it is too far once stairs count. The
texture is four pictures on each other: colours, how far it is from each storey, which storeys are
no homes and what colour those have, and in its last row the ramp by which storeys are coloured.

Each storey has a slab's edge and a band of windows, averaged exactly over the pixel, so that they
fade to an even tone far away: darker than a light wall, the more the less light it is, and lighter
than a dark one. A texture with its smaller copies looked the same and took four times as long in
software.
"""


class DrawnBlocks:
    """All buildings: each tile in the detail that its distance asks for."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._renderer = renderer
        self._colour = Texture(smooth=False)
        self._rays = [Texture(smooth=False) for _ in LIGHT_LEVELS]
        self._level = 0
        self._actors: dict[Mesh, MeshActor] = {}
        self._blocks: Blocks | None = None
        self._variants: list[Blocks] = []
        self._most = 1
        self._boxes = boxes(())
        self._visible = True
        self._surface: Surface | None = None
        self._hour: Daylight | None = None
        self._failed = self._without_shadows = False
        self._texels = _texels(0)

    @property
    def tiles(self) -> list[MeshActor]:
        """The actors made so far."""
        return list(self._actors.values())

    def show(self, meshes: Meshes, visible: bool, hour: Daylight | None) -> None:
        """Draw these meshes, in the light of an hour if any; the same ones again cost nothing."""
        self._visible = visible
        before, self._hour = self._hour, hour
        moved, self._surface = meshes.surface is not self._surface, meshes.surface
        if hour is not before or (hour is not None and moved):
            if hour is not None:
                for texture, rays in zip(self._rays, hour.rays, strict=True):
                    texture.set_pixels(rays.texels)
            for mesh, actor in self._actors.items():
                if _sun(hour) != _sun(before):
                    self._shade(mesh, actor)
                self._overshadow(actor)
        if meshes.blocks is self._blocks:
            return
        self._blocks = meshes.blocks
        self._variants = [*(b for b in self._variants if b is not self._blocks), self._blocks]
        self._forget()
        self._texels = _texels(len(meshes.blocks.base))
        self._boxes = boxes(meshes.blocks.tiles)

    def keep(self, most: int) -> None:
        """Keep the actors of the last `most` blocks, between which one may then go to and fro."""
        self._most = most
        self._forget()

    def _forget(self) -> None:
        self._variants = self._variants[-self._most :]
        kept = {mesh for blocks in self._variants for mesh in _meshes_of(blocks)}
        for mesh in self._actors.keys() - kept:
            self._actors.pop(mesh).remove()

    def set_colours(
        self,
        colours: NDArray[np.uint8],
        storeys: tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]],
        theme: Theme,
    ) -> None:
        """Take the RGB of each building, shape (n, 3). Nothing else is uploaded.

        `storeys` are the lids (n,), walks (n, 4) and shops (n, 4) of :mod:`gui.scene.colours`.
        """
        lids, walks, shops = storeys
        count = len(colours)
        columns, rows = _texture_shape(count)
        texels = np.zeros((3 * rows + 1, columns, 4), np.uint8)
        pages = texels[:-1].reshape(3, rows * columns, 4)  # a view: what is written lands in texels
        pages[0, :count, :3], pages[0, :count, 3] = colours, lids
        pages[1, :count], pages[2, :count] = walks, shops
        ramp = np.array([rgb(colour) for colour in band_colours("minutes", theme)])
        texels[-1, : len(ramp), :3] = np.round(ramp * 255)
        self._colour.set_pixels(texels)

    def set_detail(self, sight: Sighting) -> None:
        """Draw each tile in the detail that suits where it is seen from."""
        blocks = self._blocks
        if blocks is None:
            return
        away = sight.distances(self._boxes)
        level = np.searchsorted(_DETAIL_PIXEL_M, sight.pixels_m(away), side="right")
        near = away < NEAR_M
        wanted: set[Mesh] = set()
        if self._visible:
            levels = (blocks.tiles, blocks.far, blocks.farthest)
            wanted = {levels[choice][tile] for tile, choice in enumerate(level.tolist())}
            wanted |= {edge for edge, show in zip(blocks.parapets, near, strict=True) if show}
        if self._hour is not None:
            self._take_rays(sight.pixel_m / self._hour.rays[0].step)
        for mesh in wanted - self._actors.keys():
            self._actors[mesh] = self._actor(mesh)
        for mesh, actor in self._actors.items():
            actor.set_visible(mesh in wanted)

    def clear(self) -> None:
        """Take everything out."""
        for actor in self._actors.values():
            actor.remove()
        self._actors, self._blocks, self._variants = {}, None, []

    def _actor(self, mesh: Mesh) -> MeshActor:
        actor = MeshActor(self._renderer).bind(colour=self._colour).paint_by("storey", _STOREYS)
        actor.when_it_fails(self._fail)
        assert mesh.building is not None
        assert mesh.storey is not None
        actor.set_mesh(mesh, colour=self._texels[mesh.building], storey=mesh.storey)
        if self._hour is not None:
            self._shade(mesh, actor)
            self._overshadow(actor)
        return actor

    def _shade(self, mesh: Mesh, actor: MeshActor) -> None:
        """Light the walls of a tile; a roof's edge has none."""
        assert mesh.shade is not None
        actor.set_shade(mesh.shade if self._hour is None else shade_under(mesh, self._hour.sun))

    def _overshadow(self, actor: MeshActor) -> None:
        """Let the shadows of buildings fall on a tile under the sun of an hour."""
        if self._hour is None or self._without_shadows:
            actor.paint_by("storey", _STOREYS).lend("rays", None)
            return
        assert self._surface is not None
        actor.paint_by("storey", _STOREYS + SHADE).lend("rays", self._rays[self._level])
        actor.tell(**told(self._hour.rays[self._level], self._surface.origin))

    def _take_rays(self, pixel: float) -> None:
        """Take the rays that suit pixels of the picture, which span so many of the finest."""
        level = int(np.searchsorted(LIGHT_LEVELS[1:], pixel, side="right"))
        if level != self._level:
            self._level = level
            for actor in self._actors.values():
                self._overshadow(actor)

    def _fail(self) -> None:
        self._failed = True

    def gives_up_shadows(self) -> bool:
        """Return whether the picture failed and is to be drawn again, now without these shadows.

        A driver that cannot compile them leaves all buildings out.
        """
        failed, self._failed = self._failed, False
        if not failed or self._hour is None or self._without_shadows:
            return False
        self._without_shadows = True
        for actor in self._actors.values():
            self._overshadow(actor)
        return True


def _sun(hour: Daylight | None) -> Sun:
    return STUDIO if hour is None else hour.sun


def _meshes_of(blocks: Blocks) -> tuple[Mesh, ...]:
    return (*blocks.tiles, *blocks.far, *blocks.farthest, *blocks.parapets)


class DrawnTrees:
    """All trees: near tiles only, but under the sun of an hour those whose shadows are seen."""

    def __init__(self, renderer: vtkRenderer) -> None:
        self._renderer = renderer
        self._tiles: list[MeshActor] = []
        self._tint = Texture(smooth=False)
        self._meshes: tuple[Mesh, ...] = ()
        self._boxes = boxes(())
        self._visible, self._sunlit = True, False

    @property
    def tiles(self) -> list[MeshActor]:
        """The actors, a tile each."""
        return list(self._tiles)

    def show(self, meshes: Meshes, visible: bool, colour: str, *, sunlit: bool) -> None:
        """Draw these crowns in a colour; `sunlit` where they throw the shadows of an hour."""
        if meshes.trees is not self._meshes:
            self.clear()
            self._meshes = meshes.trees
            self._boxes = boxes(meshes.trees)
            for mesh in meshes.trees:
                actor = MeshActor(self._renderer).bind(tint=self._tint)
                actor.set_mesh(mesh, tint=np.full((len(mesh.points), 2), 0.5, np.float32))
                self._tiles.append(actor)
        self._tint.set_pixels(texel(colour))
        self._visible, self._sunlit = visible, sunlit

    def set_detail(self, sight: Sighting) -> None:
        """Draw the tiles within `NEAR_M` of the eye; others are dots of shade on the ground.

        The sun of an hour draws no dots but slanting shadows, which need what throws them.
        """
        away = sight.distances(self._boxes)
        near = away < NEAR_M
        if self._sunlit:
            near |= sight.pixels_m(away) < _TREE_PIXEL_M
        for tile, show in zip(self._tiles, near & self._visible, strict=True):
            tile.set_visible(bool(show))

    def clear(self) -> None:
        """Take everything out."""
        for actor in self._tiles:
            actor.remove()
        self._tiles, self._meshes = [], ()


def _texels(count: int) -> NDArray[np.float32]:
    """Return the place in the texture's first page of each building's texel, shape (count, 2)."""
    columns, rows = _texture_shape(count)
    row, column = np.divmod(np.arange(count), columns)
    places = np.stack([(column + 0.5) / columns, (row + 0.5) / (3 * rows + 1)], axis=1)
    return places.astype(np.float32)


def _texture_shape(count: int) -> tuple[int, int]:
    columns = min(max(count, len(band_colours("minutes"))), _TEXELS)
    return columns, max(-(-count // columns), 1)
