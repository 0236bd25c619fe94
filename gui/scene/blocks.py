"""Buildings as merged blocks: flat roofs, walls with a place on the storey scale, parapets."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from gui.scene.mesh import Mesh, quads
from gui.scene.rings import Rings, rings_of, triangulate
from gui.scene.style import SUN_AZIMUTH_DEG
from gui.scene.surface import Surface

if TYPE_CHECKING:
    from twin.tables import Table

Floats = NDArray[np.float64]

TILE_M = 450.0
STOREY_M = 3.0
"""Height of a storey where the data gives none: the usual storey of Chinese housing, 2.8-3 m,
with the thickness of the roof spread over it. It shapes the picture only, no figure."""
PARAPET_M = 0.7

_WALL_LIGHT, _WALL_SPAN = 0.865, 0.105
_FOOT = 0.88
"""Walls: mean lightness, its swing with the sun, and the darkening where they meet the ground."""


@dataclass(frozen=True, eq=False)
class Blocks:
    """The buildings' meshes.

    Parameters
    ----------
    tiles, parapets
        One mesh a tile each; roof edges are apart because they only show when near.
    base, top
        Height in the CRS of each building's foot and roof, shape (buildings,), metres.
    """

    tiles: tuple[Mesh, ...]
    parapets: tuple[Mesh, ...]
    base: Floats
    top: Floats


def building_heights(buildings: Table) -> Floats:
    """Return the height of each building above its foot in metres; unknown is one storey."""
    storeys, height = buildings["storeys"], buildings["height_m"]
    known = np.isfinite(height) & (height > 0.0)
    by_storeys = np.where(np.isfinite(storeys) & (storeys > 0.0), storeys, 1.0) * STOREY_M
    return np.where(known, height, by_storeys)


def make_blocks(buildings: Table, surface: Surface) -> Blocks:
    """Extrude every building from the lowest ground under its outline."""
    geometry = buildings.geometry
    height = building_heights(buildings)
    order, tile = _tiles(geometry)
    rings = rings_of(geometry[order])
    base = np.full(len(geometry), float(surface.heights.min()))
    if len(rings.xy):
        ground = surface.height(rings.xy[:, 0], rings.xy[:, 1])
        lowest = np.full(len(geometry), np.inf)
        np.minimum.at(lowest, order[rings.corner_owner], ground)
        base = np.where(np.isfinite(lowest), lowest, base)
    top = base + height
    storeys = buildings["storeys"]
    levels = np.where(np.isfinite(storeys) & (storeys > 0.0), storeys, np.round(height / STOREY_M))
    corner_row = order[rings.corner_owner]
    walls = _walls(rings, corner_row, base, top, np.maximum(levels, 1.0), surface)
    roofs = _roofs(rings, corner_row, top, surface)
    starts = np.searchsorted(tile[rings.corner_owner], np.arange(tile.max(initial=-1) + 2))
    pieces = [(a, b) for a, b in pairwise(starts) if b > a]
    inner = inset(rings, PARAPET_M) - surface.origin[:2]
    following = rings.following
    return Blocks(
        tuple(_tile(walls, roofs, a, b) for a, b in pieces),
        tuple(_parapet(inner, following, roofs, a, b) for a, b in pieces),
        base,
        top,
    )


def _tiles(geometry: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows in order of their tiles, and the tile number of each in that order."""
    centre = shapely.get_coordinates(shapely.centroid(shapely.envelope(geometry)))
    if len(centre) != len(geometry) or not len(geometry):  # empty geometry has no place
        return np.arange(len(geometry)), np.zeros(len(geometry), np.int64)
    place = np.floor((centre - centre.min(axis=0)) / TILE_M).astype(np.int64)
    key = place[:, 1] * (place[:, 0].max() + 1) + place[:, 0]
    number = np.unique(key, return_inverse=True)[1]
    order = np.argsort(number, kind="stable")
    return order, number[order]


def _walls(
    rings: Rings,
    row: NDArray[np.int64],
    base: Floats,
    top: Floats,
    levels: Floats,
    surface: Surface,
) -> Mesh:
    """Return four points and two triangles for each corner: the wall from it to the next."""
    here, there = rings.xy, rings.xy[rings.following]
    along = there - here
    length = np.hypot(along[:, 0], along[:, 1])
    sun = np.radians(SUN_AZIMUTH_DEG)
    outward = np.stack([along[:, 1], -along[:, 0]], axis=1) / np.maximum(length, 1e-9)[:, None]
    facing = outward @ np.array([np.sin(sun), np.cos(sun)])
    light = _WALL_LIGHT + _WALL_SPAN * facing
    points = np.empty((len(here), 4, 3), np.float32)
    points[:, 0, :2] = points[:, 3, :2] = here - surface.origin[:2]
    points[:, 1, :2] = points[:, 2, :2] = there - surface.origin[:2]
    points[:, :2, 2] = (base[row] - surface.origin[2])[:, None]
    points[:, 2:, 2] = (top[row] - surface.origin[2])[:, None]
    shade = np.repeat(light[:, None], 4, axis=1) * np.array([_FOOT, _FOOT, 1.0, 1.0])
    storey = levels[row][:, None] * np.array([0.0, 0.0, 1.0, 1.0])
    return Mesh(
        points.reshape(-1, 3),
        quads(len(here)),
        np.round(shade.ravel() * 255).astype(np.uint8),
        np.repeat(row, 4).astype(np.int32),
        storey.ravel().astype(np.float32),
    )


def _roofs(rings: Rings, row: NDArray[np.int64], top: Floats, surface: Surface) -> Mesh:
    """Return one point for each corner and the roofs' triangles, in the order of corners."""
    z = top[row]
    points = np.column_stack([rings.xy, z]) - surface.origin
    faces = triangulate(rings)
    faces = faces[np.argsort(faces[:, 0], kind="stable")]
    return Mesh(
        points.astype(np.float32),
        faces,
        np.full(len(points), 250, np.uint8),
        row.astype(np.int32),
        np.full(len(points), -1.0, np.float32),
    )


def _tile(walls: Mesh, roofs: Mesh, a: int, b: int) -> Mesh:
    """Return walls and roofs of the corners from `a` to `b` as one mesh."""
    k0, k1 = np.searchsorted(roofs.faces[:, 0], [a, b])
    assert walls.shade is not None
    assert walls.building is not None
    assert walls.storey is not None
    assert roofs.shade is not None
    assert roofs.building is not None
    assert roofs.storey is not None
    return Mesh(
        np.concatenate([walls.points[4 * a : 4 * b], roofs.points[a:b]]),
        np.concatenate(
            [walls.faces[2 * a : 2 * b] - 4 * a, roofs.faces[k0:k1] - a + 4 * (b - a)]
        ).astype(np.int32),
        np.concatenate([walls.shade[4 * a : 4 * b], roofs.shade[a:b]]),
        np.concatenate([walls.building[4 * a : 4 * b], roofs.building[a:b]]),
        np.concatenate([walls.storey[4 * a : 4 * b], roofs.storey[a:b]]),
    )


def _parapet(inner: Floats, following: NDArray[np.int64], roofs: Mesh, a: int, b: int) -> Mesh:
    """Return a light band from the roof edge to `inner` along the corners from `a` to `b`."""
    outer = roofs.points[a:b].copy()
    outer[:, 2] += 0.12
    inside = outer.copy()
    inside[:, :2] = inner[a:b]
    n = b - a
    here = np.arange(n)
    there = following[a:b] - a
    faces = np.concatenate(
        [np.stack([here, there, there + n], axis=1), np.stack([here, there + n, here + n], axis=1)]
    )
    assert roofs.building is not None
    building = roofs.building[a:b]
    return Mesh(
        np.concatenate([outer, inside]),
        faces.astype(np.int32),
        np.full(2 * n, 255, np.uint8),
        np.concatenate([building, building]),
        np.full(2 * n, -1.0, np.float32),
    )


def inset(rings: Rings, width: float) -> Floats:
    """Return every corner moved inwards so that both its edges move by `width` metres.

    Sharp corners move by at most twice the width; holes grow, for their inside is outside.
    """
    before = np.empty(len(rings.xy), np.int64)
    before[rings.following] = np.arange(len(rings.xy))
    ahead = rings.xy[rings.following] - rings.xy
    back = rings.xy - rings.xy[before]
    ahead /= np.maximum(np.hypot(ahead[:, 0], ahead[:, 1]), 1e-9)[:, None]
    back /= np.maximum(np.hypot(back[:, 0], back[:, 1]), 1e-9)[:, None]
    normal = np.stack([-(ahead[:, 1] + back[:, 1]), ahead[:, 0] + back[:, 0]], axis=1) / 2
    squared = np.maximum((normal**2).sum(axis=1), 0.25)
    return np.asarray(rings.xy + width * normal / squared[:, None])
