"""The 3D twin, off screen: a function of a district, a view, colours and a camera.

Signatures that callers use::

    scene = Scene(1280, 800, theme="light")          # raises GraphicsUnavailable
    meshes = build_meshes(district)                  # in a worker thread; arrays only
    scene.show(district, view, colours, meshes)      # idempotent; uploads what changed
    scene.camera = scene.home()                      # the whole study area from the south
    pixels = scene.render()                          # uint8 (height, width, 4), top row first
    scene.pick(x, y)                                 # ("buildings", 17) | ("services", 3) | None
    scene.ground_point(x, y)                         # (x, y, z) in the CRS | None
    scene.project(points)                            # pixels (n, 2), visible (n,)
    scene.close()

    other = Scene(640, 800, lender=scene)            # another picture, drawn with the same graphics

Pixels are logical: ``resize(width, height, pixel_ratio)`` says how many device pixels one is.
All methods belong to the thread that made the scene.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from gui.scene.camera import Camera
from gui.scene.colours import (
    PLAIN,
    BuildingColours,
    building_colours,
    quieter,
    shop_storeys,
    storey_lids,
    storey_walks,
)
from gui.scene.detail import Sighting
from gui.scene.fitting import Box, fit_free
from gui.scene.graphics import driver, is_software, open_window
from gui.scene.meshes import Meshes, build_meshes
from gui.scene.picking import hidden
from gui.scene.pins import (
    NO_PINS,
    Pins,
    asked_for,
    gathered,
    ghost_pin,
    joined_pins,
    looks,
    make_pins,
    members,
    some_pins,
)
from gui.scene.sameness import same
from gui.scene.sight import Sight
from gui.scene.style import Palette, Theme, palette, rgb
from gui.scene.view import View

if TYPE_CHECKING:
    from twin.model.district import District

Floats = NDArray[np.float64]
_SKY_M = 1e5


class Scene:
    """An off-screen picture of a district.

    Parameters
    ----------
    width, height
        Size of the picture in logical pixels.
    theme
        Colours of the empty picture, until a view says otherwise.
    lender
        A scene whose window, meshes and textures this one draws with too, so that several pictures
        of nearly the same things cost the memory of one. It has to stay open as long as this one.

    Raises
    ------
    GraphicsUnavailable
        Where the machine has no OpenGL library.
    """

    def __init__(
        self, width: int, height: int, *, theme: Theme = "light", lender: Scene | None = None
    ) -> None:
        self._easel: _Easel = _Easel() if lender is None else lender._easel
        self._lent = lender is not None
        if lender is None:
            self._open(width, height)
        else:
            for name in _GRAPHICS:
                setattr(self, name, getattr(lender, name))
            self._easel.borrowers += 1
            self._keep_variants()
        self._size, self._ratio, self._factor = (width, height), 1.0, 1.0
        self._district: District | None = None
        self._meshes: Meshes | None = None
        self._view = View(theme=theme)
        self._colours_key: tuple[object, ...] = ()
        self._texels, self._lids = np.empty((0, 3), np.uint8), np.empty(0, np.uint8)
        self._walks = self._shops = np.empty((0, 4), np.uint8)
        self._pins_key: tuple[object, ...] = ()
        self._standing: Pins | None = None
        self._asked_pins: Pins | None = None
        self._asked_key: tuple[object, ...] = ()
        self.glyph_scale = 1.0
        """How much larger glyphs are than on a desk."""
        self._all_pins: Pins | None = None
        self._gathered: Pins | None = None
        self._gathered_key: tuple[object, ...] = ()
        self._heads: tuple[Floats, NDArray[np.bool_]] | None = None
        self._heads_key: tuple[object, ...] = ()
        self.camera = Camera()
        self._drawn_from: Camera | None = None
        if lender is None:
            self._easel.holder = self
            self._paint_background(palette(theme))

    def _open(self, width: int, height: int) -> None:
        """Open a window and put into it what draws."""
        self._window = open_window(width, height)
        from vtkmodules.vtkRenderingCore import vtkRenderer

        from gui.scene.backdrop import Backdrop
        from gui.scene.drawn_blocks import DrawnBlocks, DrawnTrees
        from gui.scene.drawn_field import DrawnField
        from gui.scene.drawn_marks import DrawnMarks
        from gui.scene.drawn_pins import DrawnPins
        from gui.scene.drawn_plan import DrawnPlan
        from gui.scene.drawn_underlay import DrawnUnderlay

        self._renderer, self._front = vtkRenderer(), vtkRenderer()
        self._backdrop = Backdrop(self._window, self._renderer)
        still = self._backdrop.renderer
        self._window.SetNumberOfLayers(3)
        self._front.SetLayer(2)
        self._front.SetActiveCamera(self._renderer.GetActiveCamera())
        for renderer in (still, self._renderer, self._front):
            renderer.SetAutomaticLightCreation(False)
            renderer.SetUseFXAA(False)
        for renderer in (self._renderer, self._front):
            self._window.AddRenderer(renderer)
        self._plan = DrawnPlan(still)
        self._underlay = DrawnUnderlay(still)
        self._field = DrawnField(still)
        self._blocks = DrawnBlocks(self._renderer)
        self._trees = DrawnTrees(still)
        self._marks = DrawnMarks(self._renderer, self._front)
        self._pins = DrawnPins(self._renderer)

    def _keep_variants(self) -> None:
        """Keep what is drawn of as many districts as there are pictures."""
        count = 1 + self._easel.borrowers
        self._blocks.keep(count)
        self._plan.keep(count)

    # -- what is shown ----------------------------------------------------------------------

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in logical pixels."""
        return self._size

    @property
    def pixel_ratio(self) -> float:
        """Device pixels in a logical one, as last told."""
        return self._ratio

    @property
    def resolution_factor(self) -> float:
        """How many times as many pixels are computed each way."""
        return self._factor

    @property
    def pins(self) -> Pins:
        """The services that are drawn."""
        return NO_PINS if self._all_pins is None else self._all_pins

    @property
    def pins_drawn(self) -> Pins:
        """The pins as they stand from where the camera is: near ones together, with a count."""
        pins, pixel_m = self.pins, self._glyph_pixel_m
        key = (pins, pixel_m, self._view.selection)
        if self._gathered is None or not same(key, self._gathered_key):
            apart = self._pin_rings(pins) > 0
            self._gathered = gathered(pins, pixel_m, apart) if len(pins) else pins
            self._gathered_key = key
        return self._gathered

    @property
    def _glyph_pixel_m(self) -> float:
        """How many metres a pixel spans by which glyphs gather: large ones may lie closer."""
        return self.camera.metres_per_pixel(self._size) * float(np.sqrt(self.glyph_scale))

    def heads_seen(self) -> tuple[Floats, NDArray[np.bool_]]:
        """Return pixels (n, 2) of the glyphs of :attr:`pins_drawn` and whether each is seen."""
        key = (self.pins_drawn, self.camera, self._size)
        if self._heads is None or not same(key, self._heads_key):
            self._heads, self._heads_key = self.project(self.pins_drawn.head), key
        return self._heads

    @property
    def meshes(self) -> Meshes | None:
        """The meshes that are drawn; None before the first `show`."""
        return self._meshes

    @property
    def is_software(self) -> bool:
        """Whether pictures are computed by the processor; such machines need half resolution."""
        return is_software(self._window)

    @property
    def driver(self) -> str:
        """What the graphics are drawn by, in the words of OpenGL; opens them."""
        self._window.Initialize()  # before it is open it does not know
        return driver(self._window)

    def show(
        self,
        district: District,
        view: View,
        colours: BuildingColours = PLAIN,
        meshes: Meshes | None = None,
    ) -> None:
        """Take what to draw; what did not change since the last call costs nothing.

        `meshes` are those of `district` by :func:`build_meshes`; without them they are made here,
        which takes a moment for what is new.
        """
        if meshes is None:
            known = self._meshes if district is self._district else None
            meshes = known or build_meshes(district)
        self._district, self._meshes, self._view = district, meshes, view
        self._stand_pins(district, view, meshes)
        self._hang(self._recolour(colours, meshes, palette(view.theme)))

    def _hang(self, recoloured: bool = True) -> None:
        """Put on the easel what this scene shows; what hangs there already costs nothing."""
        district, meshes, view = self._district, self._meshes, self._view
        tones = palette(view.theme)
        recoloured = recoloured or self._easel.holder is not self
        self._easel.holder = self
        self._set_window_size()
        self._paint_background(tones)
        if district is None or meshes is None:
            return
        self._plan.show(meshes, view, tones, self._line_scale)
        self._underlay.show(
            meshes.underlay,
            "underlay" in view.visible,
            "terrain" in view.visible,
            view.theme,
        )
        self._field.show(view.field, meshes, view.theme)
        self._blocks.show(meshes, "buildings" in view.visible, view.daylight)
        sunlit = view.daylight is not None
        self._trees.show(meshes, "trees" in view.visible, tones.tree, sunlit=sunlit)
        if recoloured:
            storeys = self._lids, self._walks, self._shops
            self._blocks.set_colours(self._texels, storeys, view.theme)
        self._pins.show(tones)
        self._marks.show(district, view, meshes, tones, self._line_scale)

    def _paint_background(self, tones: Palette) -> None:
        from gui.scene.style import OUTSIDE, under_sun

        tones = tones if self._view.daylight is None else under_sun(tones)
        outside = self._district is not None and len(self._district.boundary) > 0
        lit = "terrain" in self._view.visible
        self._backdrop.renderer.SetBackground(
            *(c * (OUTSIDE if outside and lit else 1.0) for c in rgb(tones.ground))
        )

    def _recolour(self, colours: BuildingColours, meshes: Meshes, tones: Palette) -> bool:
        """Work out each building's colour; return whether there was anything new."""
        quiet = self._view.field is not None and self._view.field.kind == "gain"
        within = colours.storeys_within
        what = (colours.kind, colours.values, colours.maximum, within, colours.stairs)
        key = (*what, meshes.inside, tones, quiet)
        if same(key, self._colours_key):
            return False
        self._colours_key = key
        texels = building_colours(colours, meshes.inside, tones)
        self._texels = quieter(texels, tones) if quiet else texels
        self._lids = storey_lids(colours, len(texels))
        by_storey = PLAIN if quiet else colours
        self._walks = storey_walks(by_storey, len(texels))
        self._shops = shop_storeys(by_storey, tones, len(texels))
        return True

    def _stand_pins(self, district: District, view: View, meshes: Meshes) -> None:
        key = (district.services, meshes.blocks, district.boundary, looks())
        if self._standing is None or not same(key, self._pins_key):
            self._pins_key = key
            self._standing = make_pins(
                district.services,
                district.buildings,
                meshes.blocks,
                meshes.surface,
                district.boundary,
            )
        question = (self._standing, view.asked)
        if self._asked_pins is None or not same(question, self._asked_key):
            self._asked_key = question
            self._asked_pins = asked_for(self._standing, district.services, view.asked)
        pins = self._asked_pins
        if "services" not in view.visible:
            pins = NO_PINS
        elif view.hidden_services:
            pins = some_pins(pins, ~np.isin(pins.ids, list(view.hidden_services)))
        if view.ghost is not None:
            held = ghost_pin(view.ghost, district.buildings, meshes.blocks, meshes.surface)
            held = asked_for(held, district.services, view.asked)
            pins = joined_pins(pins, held)
        self._all_pins = pins

    # -- the picture ------------------------------------------------------------------------

    def resize(self, width: int, height: int, pixel_ratio: float = 1.0) -> None:
        """Take a size in logical pixels and the number of device pixels in each."""
        self._size, self._ratio = (max(width, 1), max(height, 1)), pixel_ratio
        self._apply_size()

    def set_resolution_factor(self, factor: float) -> None:
        """Compute `factor` times as many pixels each way: 0.5 under the hand."""
        self._factor = factor
        self._apply_size()

    @property
    def _line_scale(self) -> float:
        return self._ratio * self._factor

    def _apply_size(self) -> None:
        if self._easel.holder is not self:
            return  # the picture takes its size when it is drawn
        scale = self._line_scale
        self._set_window_size()
        if self._district is not None and self._meshes is not None:
            tones = palette(self._view.theme)
            self._plan.show(self._meshes, self._view, tones, scale)
            self._marks.show(self._district, self._view, self._meshes, tones, scale)

    def _set_window_size(self) -> None:
        size = tuple(max(round(side * self._line_scale), 1) for side in self._size)
        if tuple(self._window.GetSize()) != size:
            self._window.SetSize(*size)

    def render(self, shift: tuple[float, float] = (0.0, 0.0)) -> NDArray[np.uint8]:
        """Return the picture, uint8 (rows, columns, 4) in device pixels, top row first.

        `shift` moves it by parts of a pixel; the mean of several has smooth edges.
        """
        from gui.scene.actors import read_pixels

        if self._easel.holder is not self:
            self._hang()
        self._aim()
        depths = self._renderer.GetActiveCamera().GetClippingRange()
        rests_on = (*self._standing_still(), self.camera, depths, shift, self._line_scale)
        self._backdrop.prepare(rests_on, keep=self.camera == self._drawn_from)
        self._drawn_from = self.camera
        columns, rows = self._window.GetSize()
        centre = 2.0 * shift[0] / columns, 2.0 * shift[1] / rows
        self._renderer.GetActiveCamera().SetWindowCenter(*centre)
        self._window.Render()
        if self._blocks.gives_up_shadows():
            return self.render(shift)
        return read_pixels(self._window)

    @property
    def backdrops_drawn(self) -> int:
        """How often ground, plan and trees were drawn and not brought back from before."""
        return self._backdrop.drawn

    def _standing_still(self) -> tuple[object, ...]:
        """Return what ground, plan and trees are drawn from, but for the camera."""
        meshes, view = self._meshes, self._view
        own = (view.visible, view.theme, view.field, view.daylight)
        if meshes is None:
            return own
        plan = meshes.plan.values()
        return (*own, meshes.ground, meshes.underlay, meshes.trees, *meshes.light, *plan)

    def _aim(self) -> None:
        """Hand the camera to VTK and turn to it whatever faces the viewer."""
        camera, meshes = self.camera, self._meshes
        origin = np.array(meshes.surface.origin if meshes else (0.0, 0.0, 0.0))
        eye = camera.eye - origin
        vtk_camera = self._renderer.GetActiveCamera()
        vtk_camera.SetPosition(*eye)
        vtk_camera.SetFocalPoint(*(np.array(camera.focus) - origin))
        vtk_camera.SetViewUp(*camera.basis[1])
        vtk_camera.SetViewAngle(camera.field_deg)
        vtk_camera.SetParallelProjection(camera.flat)
        vtk_camera.SetParallelScale(camera.half_height_m)
        vtk_camera.SetClippingRange(*self._depth_range(eye))
        if meshes is None:
            return
        stand = camera.stand - origin
        nearby = np.array([*eye[:2], camera.half_height_m * 3.0]) if camera.flat else stand
        pixel_m = camera.metres_per_pixel(self._size)
        sight = Sighting(nearby, pixel_m / self._factor, camera.distance, camera.flat)
        self._blocks.set_detail(sight)
        lying = replace(sight, pixel_m=pixel_m)  # as coarse as the picture rests
        self._trees.set_detail(lying)
        self._plan.set_detail(lying)
        self._underlay.set_distance(camera.distance)
        self._field.set_distance(camera.distance)
        self._marks.set_distance(camera.distance)
        if self._all_pins is not None:
            pins = self.pins_drawn
            rings = self._pin_rings(pins)
            corner, scale = meshes.surface.origin, self.glyph_scale
            self._pins.face(pins, rings, camera, self._size, corner, scale)

    def _depth_range(self, eye: Floats) -> tuple[float, float]:
        """Return near and far: near as far away as nothing can be cut off, for depth is coarse."""
        if self._meshes is None:
            return 1.0, 10_000.0
        surface, blocks = self._meshes.surface, self._meshes.blocks
        west, south, east, north = surface.bounds
        x0, y0, z0 = surface.origin
        highest = max(float(blocks.top.max(initial=-np.inf)), float(surface.heights.max())) + 40.0
        clear = (eye[2] + z0) - highest
        corners = np.array([(x - x0, y - y0, 0.0) for x in (west, east) for y in (south, north)])
        far = float(np.linalg.norm(corners - eye, axis=1).max()) + 500.0
        slope = np.sin(np.radians(90.0 if self.camera.flat else self.camera.pitch_deg))
        near = max(0.45 * clear * max(slope, 0.3), 0.6)
        if self.camera.lens < 1.0:  # from very far away depth would be too coarse for that
            forward = self.camera.basis[2]
            heights = (float(surface.heights.min()) - 10.0, highest)
            ends = [(*corner[:2], z - z0) for corner in corners for z in heights]
            near = max(near, float(((np.array(ends) - eye) @ forward).min()))
        return near, max(far, near * 2.0)

    def _pin_rings(self, pins: Pins) -> NDArray[np.int64]:
        rings = np.where(pins.ids == -1, 2, 0)
        chosen = self._view.selection
        if chosen is not None and chosen[0] == "services":
            rings[pins.ids == chosen[1]] = 2
        return rings

    def chosen_seen(self) -> Floats:
        """Return the pixels (n, 2) of the glyphs of the selected service and the one in hand."""
        pixels, visible = self.heads_seen()
        return np.asarray(pixels[visible & (self._pin_rings(self.pins_drawn) > 0)])

    # -- the camera -------------------------------------------------------------------------

    def home(
        self, heading_deg: float = 0.0, pitch_deg: float = 38.0, covered: Sequence[Box] = ()
    ) -> Camera:
        """Return the camera that shows the whole study area (or all there is) from the south."""
        camera = replace(self.camera, heading_deg=heading_deg, pitch_deg=pitch_deg, flat=False)
        return self.fitted(camera, covered)

    def fitted(self, camera: Camera, covered: Sequence[Box] = ()) -> Camera:
        """Return `camera` moved to show the whole study area, clear of what is `covered`."""
        outline = self._outline()
        return camera if outline is None else fit_free(camera, outline, self._size, covered)

    @property
    def shows_all(self) -> bool:
        """Whether the whole study area is in the picture."""
        outline = self._outline()
        return outline is not None and bool(self.project(outline)[1].all())

    def _outline(self) -> Floats | None:
        """Return the corners (n, 3) of what is round the study area, or round all there is."""
        if self._district is None or self._meshes is None:
            return None
        surface, boundary = self._meshes.surface, self._district.boundary.geometry
        whole = shapely.box(*surface.bounds)
        if len(boundary):
            whole = shapely.convex_hull(shapely.union_all(boundary))
        xy = shapely.get_coordinates(whole)
        middle = (xy.min(axis=0) + xy.max(axis=0)) / 2
        z = float(surface.height(middle[:1], middle[1:])[0])
        return np.column_stack([xy, np.full(len(xy), z)])

    def place_of(self, role: str, id_: int) -> tuple[float, float, float] | None:
        """Return the middle of a feature, at half a building's height, or None."""
        if self._district is None or self._meshes is None:
            return None
        table = self._district.table(role)
        row = int(table.rows_of([id_])[0])
        if row < 0 or table.geometry[row] is None or table.geometry[row].is_empty:
            return None
        point = shapely.get_coordinates(shapely.point_on_surface(table.geometry[row]))[0]
        z = float(self._meshes.surface.height(point[:1], point[1:])[0])
        if role == "buildings":
            z = float(self._meshes.blocks.base[row] + self._meshes.blocks.top[row]) / 2
        return float(point[0]), float(point[1]), z

    def outline(self, role: str, id_: int) -> list[Floats]:
        """Return the pieces of line (2, 3) that mark a feature, in the CRS.

        A building's are its roof edge, others lie on the ground; a service has but the middle of
        its glyph, (1, 3).
        """
        if self._district is None or self._meshes is None:
            return []
        if role == "services":
            return [self.pins.head[self.pins.ids == id_]]
        from gui.scene.drawn_marks import feature_lines

        mesh = feature_lines(self._district, self._meshes, (role, id_), whole=False)
        return [mesh.points[piece] + np.array(self._meshes.surface.origin) for piece in mesh.faces]

    # -- from pixels to things and back ---------------------------------------------------------

    def pick(self, x: float, y: float) -> tuple[str, int] | None:
        """Return role and id of what is seen at a pixel: a glyph, a building, a site, a street."""
        sight = self._sight()
        return None if sight is None else sight.pick(x, y)

    def together_at(self, x: float, y: float) -> tuple[int, ...]:
        """Return the ids of the services that one glyph at a pixel stands for, if it is several."""
        sight = self._sight()
        row = None if sight is None else sight.pin_at(x, y)
        if sight is None or row is None or sight.pins.count[row] == 1:
            return ()
        return self._members(int(sight.pins.ids[row]))

    def services_at(self, x: float, y: float) -> tuple[int, ...]:
        """Return the ids of all services whose glyphs lie at a pixel, the nearest glyph first."""
        sight = self._sight()
        rows = () if sight is None else sight.pins_at(x, y)
        heads = [] if sight is None else [int(sight.pins.ids[row]) for row in rows]
        return tuple(id_ for head in heads for id_ in self._members(head))

    def _members(self, id_: int) -> tuple[int, ...]:
        pins = self.pins
        apart = self._pin_rings(pins) > 0
        rows = members(pins, self._glyph_pixel_m, apart, id_)
        return tuple(int(i) for i in pins.ids[rows])

    @property
    def draws_buildings(self) -> bool:
        """Whether buildings are shown, which hide what stands behind them."""
        return "buildings" in self._view.visible

    def hides(self, points: Floats) -> NDArray[np.bool_]:
        """Return which of points (n, 3) in the CRS a building hides from the eye."""
        if self._district is None or self._meshes is None or not self.draws_buildings:
            return np.zeros(len(points), bool)
        if self.camera.flat:
            eyes = points - _SKY_M * self.camera.basis[2]
        else:
            eyes = np.broadcast_to(self.camera.eye, points.shape)
        return hidden(points, eyes, self._district.buildings, self._meshes.blocks)

    def _sight(self) -> Sight | None:
        if self._district is None or self._meshes is None:
            return None
        pins = self.pins_drawn
        chosen, visible = self._pin_rings(pins) > 0, self._view.visible
        of = self._district, self._meshes, pins, chosen, visible, self.camera, self._size
        return Sight(*of, self.glyph_scale)

    def ground_point(self, x: float, y: float) -> tuple[float, float, float] | None:
        """Return the place on the ground under a pixel, in the CRS; None above the horizon."""
        if self._meshes is None:
            return None
        hit = self._meshes.surface.hit(*self.camera.ray(x, y, self._size))
        return None if hit is None else (float(hit[0]), float(hit[1]), float(hit[2]))

    def height(self, xy: Floats) -> Floats:
        """Return the height of the ground at points (n, 2) in the CRS; 0 before the first show."""
        if self._meshes is None:
            return np.zeros(len(xy))
        return self._meshes.surface.height(xy[:, 0], xy[:, 1])

    def project(self, points: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """Return pixels (n, 2) of points (n, 3) and whether each lies within the picture."""
        pixels, depth = self.camera.project(points, self._size)
        width, height = self._size
        within = (pixels >= 0.0).all(axis=1) & (pixels[:, 0] < width) & (pixels[:, 1] < height)
        return pixels, within & (depth > 0.0)

    def close(self) -> None:
        """Free the window and all it holds; the scene cannot be used afterwards.

        A scene that draws with what another lent it gives that back and frees nothing of it.
        """
        if self._easel.holder is self:
            self._easel.holder = None
        if self._lent:
            self._easel.borrowers -= 1
            self._keep_variants()
        else:
            self._blocks.clear()
            self._trees.clear()
            self._backdrop.close()
            for renderer in (self._renderer, self._front):
                renderer.RemoveAllViewProps()
                self._window.RemoveRenderer(renderer)
            self._window.Finalize()
        for name in _GRAPHICS:
            delattr(self, name)
        self._meshes, self._district = None, None


_GRAPHICS = (
    "_backdrop",
    "_plan",
    "_underlay",
    "_field",
    "_blocks",
    "_trees",
    "_marks",
    "_pins",
    "_renderer",
    "_front",
    "_window",
)
"""What scenes that share their graphics have in common."""


@dataclass
class _Easel:
    """Who drew last with graphics that several scenes may share, and how many borrow them."""

    holder: Scene | None = None
    borrowers: int = 0
