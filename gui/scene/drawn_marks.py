"""Marks of the hand in the renderer: selection, ghost, route, catchment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkRenderer

from gui.scene.actors import MeshActor
from gui.scene.mesh import Mesh, empty_mesh, merged
from gui.scene.meshes import Meshes
from gui.scene.ribbons import drawn_lines
from gui.scene.sameness import same
from gui.scene.style import Palette
from gui.scene.view import View

if TYPE_CHECKING:
    from twin.model.district import District

_ROUTE_LIFT_M = 1.6
_MARK_LIFT_M = 0.8
_MARK_RADIUS_M = 12.0


class DrawnMarks:
    """Lines in the accent colour. A route shows faintly through what stands before it."""

    def __init__(self, renderer: vtkRenderer, front: vtkRenderer) -> None:
        self._selected = MeshActor(renderer)
        self._ghost = MeshActor(renderer)
        self._catchment = MeshActor(renderer)
        self._route_rim = MeshActor(renderer)
        self._route = MeshActor(renderer)
        self._route_through = MeshActor(front)
        self._keys: dict[str, tuple[object, ...]] = {}

    def show(
        self, district: District, view: View, meshes: Meshes, palette: Palette, scale: float
    ) -> None:
        """Draw the marks of a view; line widths are in pixels times `scale`."""
        chosen = view.selection
        key = (chosen, meshes.blocks, chosen and district.table(chosen[0]).geometry)
        if self._is_new("selected", key):
            self._selected.set_mesh(feature_lines(district, meshes, chosen) if chosen else None)
        _dress(self._selected, palette.accent, 3.0 * scale)
        if self._is_new("ghost", (view.ghost, meshes.surface)):
            self._ghost.set_mesh(_ghost_ring(view, meshes))
        _dress(self._ghost, palette.accent, 2.5 * scale)
        if self._is_new("catchment", (*view.catchment, meshes.surface)):
            self._catchment.set_mesh(_lines(view.catchment, meshes, _MARK_LIFT_M))
        _dress(self._catchment, palette.accent, 2.0 * scale, 0.55)
        if self._is_new("route", (view.route, meshes.surface)):
            route = () if view.route is None else (view.route,)
            mesh = _lines(route, meshes, _ROUTE_LIFT_M)
            self._route_rim.set_mesh(_lines(route, meshes, _ROUTE_LIFT_M - 0.5))
            self._route.set_mesh(mesh)
            self._route_through.set_mesh(Mesh(mesh.points, mesh.faces))
        _dress(self._route_rim, palette.halo, 8.0 * scale)
        _dress(self._route, palette.accent, 4.5 * scale)
        _dress(self._route_through, palette.accent, 3.0 * scale, 0.4)

    def set_distance(self, distance: float) -> None:
        """Lift the lines for a viewing distance in metres, as the plan's sheets are."""
        for actor in (self._selected, self._ghost, self._catchment):
            actor.set_lift(distance * 0.0006)
        self._route.set_lift(distance * 0.0008)
        self._route_rim.set_lift(distance * 0.0007)
        self._route_through.set_lift(distance * 0.0008)

    def _is_new(self, name: str, key: tuple[object, ...]) -> bool:
        """Return whether a mark rests on other things than at the frame before."""
        before = self._keys.get(name)
        self._keys[name] = key
        return before is None or not same(before, key)


def _dress(actor: MeshActor, colour: str, width: float, opacity: float = 1.0) -> None:
    actor.set_colour(colour, opacity)
    actor.set_width(width)
    actor.set_visible(True)


def _lines(lines: tuple[NDArray[np.float64], ...], meshes: Meshes, lift: float) -> Mesh:
    shapes = [shapely.linestrings(line) for line in lines if len(line) > 1]
    if not shapes:
        return empty_mesh(2)
    return drawn_lines(np.array(shapes, dtype=object), meshes.surface, lift)


def _ghost_ring(view: View, meshes: Meshes) -> Mesh:
    if view.ghost is None:
        return empty_mesh(2)
    return _circle(view.ghost.x, view.ghost.y, meshes)


def _circle(x: float, y: float, meshes: Meshes) -> Mesh:
    ring = shapely.boundary(shapely.buffer(shapely.points(x, y), _MARK_RADIUS_M))
    return drawn_lines(np.array([ring], dtype=object), meshes.surface, _MARK_LIFT_M)


def feature_lines(
    district: District, meshes: Meshes, chosen: tuple[str, int], whole: bool = True
) -> Mesh:
    """Return the lines that mark one feature: a building's edges, else its shape on the ground.

    Not `whole` leaves a building its roof edge.
    """
    role, id_ = chosen
    table = district.table(role)
    row = int(table.rows_of([id_])[0])
    if row < 0 or table.geometry[row] is None or table.geometry[row].is_empty:
        return empty_mesh(2)
    shape = table.geometry[row]
    if role == "buildings":
        return _building_edges(shape, row, meshes, whole)
    if shapely.get_dimensions(shape) == 0:
        point = shapely.get_coordinates(shape)[0]
        return _circle(point[0], point[1], meshes)
    if shapely.get_dimensions(shape) == 2:
        shape = shapely.boundary(shape)
    return drawn_lines(np.array([shape], dtype=object), meshes.surface, _MARK_LIFT_M)


def _building_edges(shape: shapely.Geometry, row: int, meshes: Meshes, whole: bool) -> Mesh:
    ring = np.array([shapely.boundary(shape)], dtype=object)
    origin, blocks = meshes.surface.origin, meshes.blocks
    roof = drawn_lines(ring, meshes.surface, 0.0)
    points = roof.points.copy()
    points[:, 2] = blocks.top[row] - origin[2] + 0.3
    if not whole:
        return Mesh(points, roof.faces)
    foot = drawn_lines(ring, meshes.surface, _MARK_LIFT_M)
    corners = shapely.get_coordinates(shape) - origin[:2]
    low = np.column_stack([corners, np.full(len(corners), blocks.base[row] - origin[2])])
    high = np.column_stack([corners, np.full(len(corners), blocks.top[row] - origin[2])])
    n = np.arange(len(corners))
    posts = Mesh(
        np.concatenate([low, high]).astype(np.float32),
        np.stack([n, n + len(n)], axis=1).astype(np.int32),
    )
    parts = merged([Mesh(points, roof.faces), foot, posts])
    return Mesh(parts.points, parts.faces)
