"""Buildings as merged blocks: flat roofs, walls with a place on the storey scale, parapets."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gui.scene.mesh import Mesh, quads
from gui.scene.rings import Rings, rings_of, triangulate
from gui.scene.sun import STUDIO, Sun
from gui.scene.surface import Surface

if TYPE_CHECKING:
    from twin.model.tables import Table

Floats = NDArray[np.float64]

TILE_M = 450.0
MOST_TILES = 6
"""Tiles are no smaller than `TILE_M`, and no more than so many lie side by side: each one costs a
frame time of its own, however little of it is seen."""
STOREY_M = 3.0
"""Height of a storey where the data gives none: the usual storey of Chinese housing, 2.8-3 m,
with the thickness of the roof spread over it. It shapes the picture only, no figure."""
PARAPET_M = 0.7

ROUGH_M, FILLED = 2.5, 0.8
"""How far corners stand out that are left out far away, and which part of its smallest rectangle
an outline fills that is drawn as that."""
TOWER_M = 25.0
"""Buildings lower than this are roofs alone where a pixel spans many metres."""

_OVER_M, _SAME_ROOF_M = 0.15, 0.1
"""How much higher a roof is drawn that lies in a larger one of the same height, to a tolerance."""

_WALL_LIGHT, _WALL_SPAN = 0.865, 0.105
SKY_LIGHT, SUN_SPAN = 0.74, 0.26
_FOOT = 0.88
"""Walls: mean lightness and its swing with the studio's light; lightness out of the sun of an hour,
and what that sun adds; and the darkening where they meet the ground."""


@dataclass(frozen=True, eq=False)
class Blocks:
    """The buildings' meshes.

    Parameters
    ----------
    tiles, parapets
        One mesh a tile each; roof edges are apart because they only show when near.
    far, farthest
        The same tiles for greater distances: simplified outlines; and of those roofs alone, but
        for towers. A tile that cannot be made simpler is the same object as the one nearer.
    base, top
        Height in the CRS of each building's foot and roof, shape (buildings,), metres.
    """

    tiles: tuple[Mesh, ...]
    parapets: tuple[Mesh, ...]
    far: tuple[Mesh, ...]
    farthest: tuple[Mesh, ...]
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
    height = building_heights(buildings)
    order, tile = _tiles(buildings.geometry)
    geometry = buildings.geometry[order]
    rings = rings_of(geometry)
    base = _feet(rings, order[rings.corner_owner], len(order), surface)
    storeys = buildings["storeys"]
    levels = np.where(np.isfinite(storeys) & (storeys > 0.0), storeys, np.round(height / STOREY_M))
    top = base + height
    top += _OVER_M * stacked(buildings, top)
    stand = _Stand(order, tile, base, top, np.maximum(levels, 1.0), surface)
    tiles, roofs = _extruded(rings, stand, -np.inf)
    plain = simplified(geometry, rings)
    simple = rings if plain is geometry else rings_of(plain)
    far = tiles if plain is geometry else _extruded(simple, stand, -np.inf)[0]
    farthest, _roofs_alone = _extruded(simple, stand, TOWER_M)
    inner, following = inset(rings, PARAPET_M) - surface.origin[:2], rings.following
    spans_of = stand.spans(rings)
    parapets = tuple(_parapet(inner, following, roofs, a, b) for a, b in spans_of)
    return Blocks(tiles, parapets, far, farthest, stand.base, stand.top)


def stacked(buildings: Table, top: Floats) -> NDArray[np.int64]:
    """Return on how many larger buildings with a roof of the same height each one lies.

    Files that hold buildings twice have such; roofs at one height would flicker through each other.
    """
    count = np.zeros(len(buildings), np.int64)
    one, other = buildings.tree.query(buildings.geometry)
    pair = (one < other) & (np.abs(top[one] - top[other]) < _SAME_ROOF_M)
    one, other = one[pair], other[pair]
    boxes = shapely.bounds(buildings.geometry)
    sides = np.minimum(boxes[one, 2:], boxes[other, 2:]) - np.maximum(
        boxes[one, :2], boxes[other, :2]
    )
    pair = (sides > _SAME_ROOF_M).all(axis=1)
    one, other = one[pair], other[pair]
    shapes = buildings.geometry
    pair = shapely.relate_pattern(shapes[one], shapes[other], "T********")  # more than edges meet
    one, other = one[pair], other[pair]
    area = shapely.area(shapes)
    np.add.at(count, np.where(area[one] < area[other], one, other), 1)
    return count


@dataclass(frozen=True, eq=False)
class _Stand:
    """How buildings stand: rows in the order of their tiles, the tile of each, heights by row."""

    order: NDArray[np.int64]
    tile: NDArray[np.int64]
    base: Floats
    top: Floats
    levels: Floats
    surface: Surface

    def spans(self, rings: Rings) -> list[tuple[int, int]]:
        """Return the first corner of each tile and of the next."""
        edges = np.arange(self.tile.max(initial=-1) + 2)
        starts = np.searchsorted(self.tile[rings.corner_owner], edges)
        return [(a, b) for a, b in pairwise(starts.tolist()) if b > a]


def _feet(rings: Rings, row: NDArray[np.int64], count: int, surface: Surface) -> Floats:
    """Return the lowest ground under each outline; under none, the lowest of all."""
    lowest = np.full(count, np.inf)
    np.minimum.at(lowest, row, surface.height(rings.xy[:, 0], rings.xy[:, 1]))
    return np.where(np.isfinite(lowest), lowest, float(surface.heights.min()))


def _extruded(rings: Rings, stand: _Stand, above: float) -> tuple[tuple[Mesh, ...], Mesh]:
    """Return the tiles, and all roofs; walls only of buildings higher than `above` metres."""
    row = stand.order[rings.corner_owner]
    walled = np.flatnonzero((stand.top - stand.base)[row] > above)
    walls = _walls(rings, walled, row, stand)
    roofs = _roofs(rings, row, stand.top, stand.surface)
    tiles = []
    for a, b in stand.spans(rings):
        w0, w1 = np.searchsorted(walled, [a, b])
        tiles.append(_tile(walls, (int(w0), int(w1)), roofs, (a, b)))
    return tuple(tiles), roofs


def simplified(geometry: NDArray[np.object_], rings: Rings) -> NDArray[np.object_]:
    """Return outlines with fewer corners for great distances; the same array where there are none.

    What nearly fills its smallest rectangle becomes that; of others corners go that stand out by
    less than `ROUGH_M`.
    """
    corners = np.bincount(rings.corner_owner, minlength=len(geometry))
    many = np.flatnonzero(corners > 4)
    if not len(many):
        return geometry
    shapes = geometry[many]
    boxes = shapely.oriented_envelope(shapes)
    full = shapely.area(shapes) > FILLED * shapely.area(boxes)
    rough = shapely.simplify(shapes, ROUGH_M)
    plain = np.where(full & (shapely.get_type_id(boxes) == 3), boxes, rough)
    result = geometry.copy()
    result[many] = np.where(shapely.area(plain) > 0.0, plain, shapes)
    return np.asarray(result)


def _tiles(geometry: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows in order of their tiles, and the tile number of each in that order."""
    centre = shapely.get_coordinates(shapely.centroid(shapely.envelope(geometry)))
    if len(centre) != len(geometry) or not len(geometry):  # empty geometry has no place
        return np.arange(len(geometry)), np.zeros(len(geometry), np.int64)
    side = max(TILE_M, float(np.ptp(centre, axis=0).max()) / MOST_TILES)
    place = np.floor((centre - centre.min(axis=0)) / side).astype(np.int64)
    key = place[:, 1] * (place[:, 0].max() + 1) + place[:, 0]
    number = np.unique(key, return_inverse=True)[1]
    order = np.argsort(number, kind="stable")
    return order, number[order]


def _walls(rings: Rings, walled: NDArray[np.int64], row: NDArray[np.int64], stand: _Stand) -> Mesh:
    """Return four points and two triangles for each of the corners `walled`: the wall to the next.

    `row` is the building of every corner.
    """
    here, there, row = rings.xy[walled], rings.xy[rings.following[walled]], row[walled]
    surface = stand.surface
    shade = _wall_shade(there - here, STUDIO)
    points = np.empty((len(here), 4, 3), np.float32)
    points[:, 0, :2] = points[:, 3, :2] = here - surface.origin[:2]
    points[:, 1, :2] = points[:, 2, :2] = there - surface.origin[:2]
    points[:, :2, 2] = (stand.base[row] - surface.origin[2])[:, None]
    points[:, 2:, 2] = (stand.top[row] - surface.origin[2])[:, None]
    storey = stand.levels[row][:, None] * np.array([0.0, 0.0, 1.0, 1.0])
    return Mesh(
        points.reshape(-1, 3),
        quads(len(here)),
        shade,
        np.repeat(row, 4).astype(np.int32),
        storey.ravel().astype(np.float32),
    )


def _wall_shade(along: Floats, sun: Sun) -> NDArray[np.uint8]:
    """Return how light the four points of each wall are; `along` is its way at the foot, (n, 2)."""
    length = np.hypot(along[:, 0], along[:, 1])
    azimuth = np.radians(sun.azimuth_deg)
    outward = np.stack([along[:, 1], -along[:, 0]], axis=1) / np.maximum(length, 1e-9)[:, None]
    facing = outward @ np.array([np.sin(azimuth), np.cos(azimuth)])
    if sun == STUDIO:
        light = _WALL_LIGHT + _WALL_SPAN * facing
    else:  # walls that the sun does not reach have the light of the sky alone
        light = SKY_LIGHT + SUN_SPAN * np.maximum(facing, 0.0) * sun.on_walls
    shade = np.repeat(light[:, None], 4, axis=1) * np.array([_FOOT, _FOOT, 1.0, 1.0])
    return np.asarray(np.round(shade.ravel() * 255), np.uint8)


def shade_under(tile: Mesh, sun: Sun) -> NDArray[np.uint8]:
    """Return the shade of each point of a tile of buildings under another sun."""
    assert tile.shade is not None
    assert tile.storey is not None
    wall = tile.storey >= 0.0  # a tile has its walls first, four points each
    foot = tile.points[wall].reshape(-1, 4, 3)[:, :2, :2].astype(np.float64)
    return np.concatenate([_wall_shade(foot[:, 1] - foot[:, 0], sun), tile.shade[~wall]])


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


def _tile(walls: Mesh, wall: tuple[int, int], roofs: Mesh, corner: tuple[int, int]) -> Mesh:
    """Return as one mesh the walls and the roofs of spans of walls and of corners."""
    (w0, w1), (a, b) = wall, corner
    k0, k1 = np.searchsorted(roofs.faces[:, 0], [a, b])
    count = 4 * (w1 - w0)

    def both(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(walls, name)[4 * w0 : 4 * w1], getattr(roofs, name)[a:b]])

    faces = [walls.faces[2 * w0 : 2 * w1] - 4 * w0, roofs.faces[k0:k1] - a + count]
    return Mesh(
        both("points"),
        np.concatenate(faces).astype(np.int32),
        both("shade"),
        both("building"),
        both("storey"),
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
