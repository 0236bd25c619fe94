"""Soft light on the ground, computed once as a picture: shadows, contact darkness, relief."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.transform import Affine
from scipy.ndimage import gaussian_filter, zoom

from gui.scene.rays import LOWEST_DEG, Rays, cast
from gui.scene.rings import rings_of
from gui.scene.style import LIGHT_LEVELS, OUTSIDE
from gui.scene.sun import STUDIO, Sun
from gui.scene.surface import Surface
from gui.scene.trees import FOOT, standing

if TYPE_CHECKING:
    from gui.scene.blocks import Blocks
    from layers.rasters.elevation import Terrain
    from twin.model.tables import Table

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
Walls: TypeAlias = tuple[NDArray[np.object_], float, NDArray[np.float64]]
"""Lines, their height in metres, and the part of the sun that each keeps off."""

FINEST_M = 1.25
MAX_PIXELS = 2800
_SHADOW, _CONTACT, _OPEN_SKY, _RELIEF, _UNDER_TREES = 0.15, 0.16, 0.12, 0.55, 0.10
_HARD_SHADOW = 0.34
_CROWN, _CROWN_M, _MOST_LEVELS = 0.75, 2.2, 24
"""How much of the sun a crown keeps off; how wide its shadow is; how many levels throw one."""
_COARSE = 4
_RELIEF_DEG = 15.0
"""A hill keeps soft sides under a lower sun than this too."""
_BANDS = 32
"""Pixels are asked about in so many bands: all at once would take ten times their memory."""
_KERB_M = 0.5
"""Shadows that pass lower than this over the ground are left out there."""


def ground_light(
    surface: Surface,
    terrain: Terrain | None,
    buildings: Table,
    blocks: Blocks,
    trees: Table,
    boundary: Table,
    walls: Walls,
    sun: Sun = STUDIO,
    coarseness: float = 1.0,
) -> tuple[tuple[NDArray[np.uint8], ...], Rays]:
    """Return how light the ground is over `surface.bounds`, and how high the sun's rays pass there.

    Each picture of the light, one for each of `LIGHT_LEVELS`, has shape (rows, columns), rows going
    north; 255 is open level ground. `blocks` are the buildings as they stand; `walls` stand on the
    ground. A `coarseness` of 4 is a sixteenth of the work. The sun of an hour throws harder shadows
    than the light of the studio; below the horizon it leaves everything in the shade.
    """
    west, south, east, north = surface.bounds
    pixel = coarseness * max(FINEST_M, max(east - west, north - south) / MAX_PIXELS)
    columns = -(-int(np.ceil((east - west) / pixel)) // _COARSE) * _COARSE
    rows = -(-int(np.ceil((north - south) / pixel)) // _COARSE) * _COARSE
    size = east - west, north - south
    size_x, size_y = size[0] / columns, size[1] / rows
    to_map = Affine(size_x, 0.0, west, 0.0, size_y, south)  # rows go north
    shape = (rows, columns)
    heights = blocks.top - blocks.base
    built = _burnt(zip(buildings.geometry, heights, strict=True), shape, to_map)
    corner = west, south, float(surface.heights.min())
    rays = cast(rings_of(buildings.geometry), blocks.top, corner, size, sun, pixel)
    depth = _SHADOW if sun == STUDIO else _HARD_SHADOW
    shaded = _behind_buildings(rays, surface, shape)
    dark = np.maximum(shaded, _behind_walls(walls, shape, to_map, sun))
    shadow = np.asarray(gaussian_filter(dark, 0.7), np.float32)
    if sun != STUDIO:
        shadow = np.maximum(shadow, _behind_trees(trees, shape, to_map, size_x, sun))
    light = 1.0 - depth * shadow
    light *= _ambient(built, size_x)
    light *= _relief(surface, terrain, shape, sun)
    if sun == STUDIO:
        light *= _under_trees(trees, shape, to_map, size_x)
    inside = _burnt(((shape_, 1.0) for shape_ in boundary.geometry), shape, to_map)
    if inside.any():
        light *= np.where(inside > 0.0, 1.0, OUTSIDE).astype(np.float32)
    np.clip(light, 0.0, 1.0, out=light)
    return tuple(_reduced(light, level) for level in LIGHT_LEVELS), rays


def _reduced(light: Floats32, level: int) -> NDArray[np.uint8]:
    """Return the means of `level` x `level` pixels, as bytes."""
    rows, columns = light.shape[0] // level, light.shape[1] // level
    means = light.reshape(rows, level, columns, level).mean(axis=(1, 3)) if level > 1 else light
    return np.asarray(np.round(means * 255), np.uint8)


def _burnt(
    shapes: Iterable[tuple[shapely.Geometry, float]], shape: tuple[int, int], to_map: Affine
) -> Floats32:
    pairs = [(s, v) for s, v in shapes if s is not None and not s.is_empty]
    if not pairs:
        return np.zeros(shape, np.float32)
    # rasterio takes shapely's geometries too, but asks each in Python: ten times slower.
    plain = json.loads(f"[{','.join(shapely.to_geojson([s for s, _ in pairs]))}]")
    burning = zip(plain, (float(v) for _, v in pairs), strict=True)
    return np.asarray(rasterize(burning, out_shape=shape, transform=to_map, dtype="float32"))


def _behind_buildings(rays: Rays, surface: Surface, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Return which of the ground's pixels are in the shadow of a building."""
    x, y = _middles(surface, shape)
    low: Floats32 | float = _KERB_M
    if not surface.is_flat:
        coarse = _middles(surface, (shape[0] // _COARSE, shape[1] // _COARSE))
        west, south = surface.bounds[:2]
        above = surface.height(*np.broadcast_arrays(west + coarse[0], south + coarse[1]))
        above = (above - surface.heights.min() + _KERB_M).astype(np.float32)
        low = zoom(above, _COARSE, order=1, grid_mode=True, mode="nearest")
    cleared = np.concatenate([rays.behind(x, band) for band in np.array_split(y, _BANDS)])
    return np.asarray(cleared > low)


def _middles(surface: Surface, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Return the middles of pixels in metres from the corner: x (1, columns), y (rows, 1)."""
    west, south, east, north = surface.bounds
    x = np.arange(0.5, shape[1], dtype=np.float64) * ((east - west) / shape[1])
    y = np.arange(0.5, shape[0], dtype=np.float64) * ((north - south) / shape[0])
    return x[None, :], y[:, None]


def _behind_walls(walls: Walls, shape: tuple[int, int], to_map: Affine, sun: Sun) -> Floats32:
    """Return how much walls keep the sun from the ground, 0 to 1: a slanted strip beside each.

    Strips narrower than a pixel are drawn as wide as one and so much fainter.
    """
    lines, height, keeps_off = walls
    if not len(lines) or sun.altitude_deg < LOWEST_DEG:
        return np.zeros(shape, np.float32)
    parts, part_row = shapely.get_parts(lines, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    a = np.flatnonzero(part[1:] == part[:-1])
    tail, head, keeps_off = xy[a], xy[a + 1], keeps_off[part_row[part[a]]]
    azimuth = np.radians(sun.azimuth_deg)
    length = height / np.tan(np.radians(sun.altitude_deg))
    drawn = max(length, 1.2 * to_map.a)
    reach = -drawn * np.array([np.sin(azimuth), np.cos(azimuth)])
    strips = shapely.polygons(np.stack([tail, head, head + reach, tail + reach], axis=1))
    order = np.argsort(keeps_off, kind="stable")  # where two lie on each other the darker counts
    values = keeps_off[order] * (length / drawn)
    return _burnt(zip(strips[order], values, strict=True), shape, to_map)


def _ambient(blocks: Floats32, size: float) -> Floats32:
    """Return the darkening by nearby walls: sharp at their foot and wide between tall ones."""
    rows, columns = blocks.shape
    coarse = blocks.reshape(rows // _COARSE, _COARSE, columns // _COARSE, _COARSE).mean(axis=(1, 3))
    tall = gaussian_filter(np.minimum(coarse, 30.0) / 30.0, 16.0 / (size * _COARSE))
    foot = gaussian_filter((blocks > 0.0).astype(np.float32), 3.0 / size)
    wide = np.asarray(zoom(tall, _COARSE, order=1, grid_mode=True, mode="nearest"))
    sky = 1.0 - _OPEN_SKY * np.minimum(wide * 2.0, 1.0)
    return np.asarray((1.0 - _CONTACT * foot) * sky, np.float32)


def _relief(
    surface: Surface, terrain: Terrain | None, shape: tuple[int, int], light_from: Sun
) -> Floats32:
    """Return a soft hillshade: 1 on level ground."""
    if surface.is_flat:
        return np.ones(shape, np.float32)
    rows, columns = shape[0] // _COARSE, shape[1] // _COARSE
    west, south, east, north = surface.bounds
    x, y = np.meshgrid(np.linspace(west, east, columns), np.linspace(south, north, rows))
    z = surface.height(x, y)
    if terrain is not None:
        fine = np.asarray(terrain.sample(x.ravel(), y.ravel())).reshape(x.shape)
        z = np.where(np.isnan(fine), z, fine)
    z = gaussian_filter(z, 1.5)
    slope_y, slope_x = np.gradient(z, (north - south) / rows, (east - west) / columns)
    high = max(light_from.altitude_deg, _RELIEF_DEG)
    azimuth, altitude = np.radians(light_from.azimuth_deg), np.radians(high)
    sun = np.cos(altitude) * np.sin(azimuth), np.cos(altitude) * np.cos(azimuth), np.sin(altitude)
    facing = (sun[2] - slope_x * sun[0] - slope_y * sun[1]) / np.sqrt(1 + slope_x**2 + slope_y**2)
    light = np.clip(1.0 + _RELIEF * (facing / sun[2] - 1.0), 0.6, 1.06).astype(np.float32)
    return np.asarray(zoom(light, _COARSE, order=1, grid_mode=True, mode="nearest"))


def _under_trees(trees: Table, shape: tuple[int, int], to_map: Affine, size: float) -> Floats32:
    crowns = _round_shade(standing(trees)[0], shape, to_map, size)
    return np.asarray(1.0 - _UNDER_TREES * crowns, np.float32)


def _behind_trees(
    trees: Table, shape: tuple[int, int], to_map: Affine, size: float, sun: Sun
) -> Floats32:
    """Return how much crowns keep the sun from the ground, 0 to `_CROWN`.

    A crown throws a row of round shadows, one for each of its levels.
    """
    xy, height = standing(trees)
    if not len(xy) or sun.altitude_deg < LOWEST_DEG:
        return np.zeros(shape, np.float32)
    azimuth, altitude = np.radians([sun.azimuth_deg, sun.altitude_deg])
    away = -np.array([np.sin(azimuth), np.cos(azimuth)]) / np.tan(altitude)
    longest = (1.0 - FOOT) * float(height.max()) * float(np.hypot(*away))
    levels = np.linspace(FOOT, 1.0, int(np.clip(np.ceil(longest / _CROWN_M), 2, _MOST_LEVELS)))
    feet = xy[:, None] + (levels * height[:, None])[:, :, None] * away
    return _CROWN * _round_shade(feet.reshape(-1, 2), shape, to_map, size)


def _round_shade(
    xy: NDArray[np.float64], shape: tuple[int, int], to_map: Affine, size: float
) -> Floats32:
    """Return the shade of round things at places (n, 2), from 0 to 1."""
    column = np.floor((xy[:, 0] - to_map.c) / to_map.a).astype(np.int64)
    row = np.floor((xy[:, 1] - to_map.f) / to_map.e).astype(np.int64)
    there = (row >= 0) & (row < shape[0]) & (column >= 0) & (column < shape[1])
    dots = np.zeros(shape, np.float32)
    dots[row[there], column[there]] = 1.0
    sigma = _CROWN_M / size
    crowns = gaussian_filter(dots, sigma) * (2 * np.pi * sigma**2)
    return np.asarray(np.minimum(crowns, 1.0), np.float32)
