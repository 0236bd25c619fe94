"""The plan on the ground: water, green, carriageways, walking streets, boundaries, sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from gui.scene.mesh import Mesh, empty_mesh
from gui.scene.ribbons import dashes, drawn_lines, frames, low_walls, outline_lines, ribbons
from gui.scene.rings import rings_of, triangulate
from gui.scene.surface import Surface

if TYPE_CHECKING:
    from twin.model.tables import Table

LIFT_M = {
    "green": 0.10,
    "water": 0.16,
    "stream": 0.18,
    "road_edge": 0.22,
    "road": 0.28,
    "railway": 0.32,
    "street": 0.36,
    "steps": 0.42,
    "bridge": 0.50,
    "crossing": 0.46,
    "gate": 0.54,
    "closed": 0.58,
    "community": 0.70,
    "boundary": 0.80,
    "site": 0.90,
}
"""Layers of the plan lie on each other like sheets of paper."""

_ROAD_WIDTH_M = {"arterial": 30.0, "collector": 18.0, "local": 9.0, "lane": 5.0, "path": 3.0}
_STREET_WIDTH_M = {
    "footway": 2.2,
    "street": 3.2,
    "steps": 3.0,
    "crossing": 5.0,
    "bridge": 4.0,
    "tunnel": 2.2,
    "gate": 5.0,
}
"""Drawn widths where the data gives none."""
_BARRIER_M = 2.0
_THROWS = {"wall": 1.0, "": 1.0, "fence": 0.4, "railway": 0.0, "river": 0.0}
"""How much of the sun each kind of barrier keeps off; what keeps off none lies on the ground."""
_TRACK_M, _SLEEPER_M, _SLEEPERS_APART_M, _STREAM_M = 3.4, 0.5, 2.0, 5.0
_KERB_M = 1.2
_SITE_RADIUS_M, _SITE_WIDTH_M = 10.0, 2.6


def area(table: Table, surface: Surface, lift: float) -> Mesh:
    """Return the triangles of a table's polygons, laid on the ground."""
    geometry = table.geometry
    if not surface.is_flat:
        geometry = _cut_to_cells(geometry, surface)
    rings = rings_of(geometry)
    if not len(rings.xy):
        return empty_mesh()
    return Mesh(surface.local(rings.xy[:, 0], rings.xy[:, 1], lift), triangulate(rings))


def _cut_to_cells(geometry: NDArray[np.object_], surface: Surface) -> NDArray[np.object_]:
    """Cut polygons along the ground's grid, so that each piece can follow the ground."""
    west, south, _, _ = surface.bounds
    rows, columns = surface.heights.shape
    bounds = shapely.bounds(geometry)
    bounds = bounds[~np.isnan(bounds).any(axis=1)]
    if not len(bounds):
        return geometry
    x = west + surface.step_x * np.arange(columns)
    y = south + surface.step_y * np.arange(rows)
    i = np.arange((rows - 1) * (columns - 1))
    row, column = i // (columns - 1), i % (columns - 1)
    lower = np.stack(
        [
            np.stack([x[column], y[row]], axis=1),
            np.stack([x[column + 1], y[row]], axis=1),
            np.stack([x[column + 1], y[row + 1]], axis=1),
        ],
        axis=1,
    )
    upper = np.stack([lower[:, 0], lower[:, 2], np.stack([x[column], y[row + 1]], axis=1)], axis=1)
    near = shapely.STRtree(geometry)
    halves = shapely.polygons(np.concatenate([lower, upper]))
    half, feature = near.query(halves, predicate="intersects")
    shapely.prepare(geometry)
    whole = shapely.contains(geometry[feature], halves[half])
    pieces = halves[half]
    pieces[~whole] = shapely.intersection(geometry[feature[~whole]], halves[half[~whole]])
    parts = shapely.get_parts(pieces)
    return np.asarray(parts[shapely.get_dimensions(parts) == 2])


def road_widths(roads: Table) -> NDArray[np.float64]:
    """Return the carriageways' widths in metres, by class where the data gives none."""
    usual = np.array([_ROAD_WIDTH_M.get(c, 9.0) for c in roads["road_class"]])
    width = roads["width_m"]
    return np.where(np.isfinite(width) & (width > 0.0), width, usual)


def roads(table: Table, surface: Surface, kerb: bool) -> Mesh:
    """Return the carriageways, or with `kerb` the slightly wider band under them."""
    width = road_widths(table) + (_KERB_M if kerb else 0.0)
    lift = LIFT_M["road_edge" if kerb else "road"]
    return ribbons(table.geometry, width, surface, lift, capped=True)


def streets(table: Table, surface: Surface) -> dict[str, Mesh]:
    """Return the walking network by tone: each kind is drawn in its own way."""
    kind, closed = table["kind"], table["status"] == "closed"
    usual = np.array([_STREET_WIDTH_M.get(k, 2.2) for k in kind])
    lanes = {"footway", "street", "tunnel"}
    open_ = np.isin(kind, list(lanes)) & ~closed
    bridge, gate = kind == "bridge", kind == "gate"
    crossing, steps = (kind == "crossing") & ~closed, (kind == "steps") & ~closed
    shapes = table.geometry
    return {
        "street": ribbons(shapes[open_], usual[open_], surface, LIFT_M["street"], capped=False),
        "bridge": ribbons(shapes[bridge], usual[bridge], surface, LIFT_M["bridge"], capped=False),
        "crossing": dashes(
            shapes[crossing], usual[crossing], 0.6, 0.7, surface, LIFT_M["crossing"]
        ),
        "steps": dashes(shapes[steps], usual[steps], 0.5, 0.5, surface, LIFT_M["steps"]),
        "gate": dashes(
            shapes[gate & ~closed], usual[gate & ~closed], 0.9, 9.0, surface, LIFT_M["gate"]
        ),
        "closed": dashes(shapes[closed], usual[closed], 1.6, 1.2, surface, LIFT_M["closed"]),
    }


def barriers(table: Table, surface: Surface) -> dict[str, Mesh]:
    """Return by tone what keeps walkers off: walls and fences upright, tracks and streams flat."""
    kind, shapes = table["kind"], table.geometry
    upright = standing_walls(table)[0]
    tracks, streams = (shapely.get_parts(shapes[kind == k]) for k in ("railway", "river"))
    wide = np.full(len(tracks), _TRACK_M)
    apart = _SLEEPER_M, _SLEEPERS_APART_M - _SLEEPER_M
    stream = np.full(len(streams), _STREAM_M)
    return {
        "barrier": low_walls(upright, _BARRIER_M, surface),
        "railway": dashes(tracks, wide, *apart, surface, LIFT_M["railway"]),
        "stream": ribbons(streams, stream, surface, LIFT_M["stream"], capped=True),
    }


def standing_walls(table: Table) -> tuple[NDArray[np.object_], float, NDArray[np.float64]]:
    """Return the barriers that stand, their height in metres and how much sun each keeps off."""
    throws = np.array([_THROWS.get(kind, 1.0) for kind in table["kind"]], np.float64)
    stands = throws > 0.0
    return table.geometry[stands], _BARRIER_M, throws[stands]


def outlines(table: Table, surface: Surface, tone: str) -> Mesh:
    """Return the outlines of a table's polygons as drawn lines."""
    return drawn_lines(outline_lines(table.geometry), surface, LIFT_M[tone])


def sites(table: Table, surface: Surface, buildings: Table, top: NDArray[np.float64]) -> Mesh:
    """Return a hollow diamond at each site, on the roof where it lies inside a building."""
    xy = places(table)
    xy = xy[np.isfinite(xy).all(axis=1)]
    if not len(xy):
        return empty_mesh()
    lift = standing_height(xy, surface, buildings, top) - surface.height(xy[:, 0], xy[:, 1])
    return frames(xy, _SITE_RADIUS_M, _SITE_WIDTH_M, surface, lift + LIFT_M["site"])


def standing_height(
    xy: NDArray[np.float64], surface: Surface, buildings: Table, top: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the height of the ground at points (n, 2), or of the roof above it."""
    z = surface.height(xy[:, 0], xy[:, 1])
    if len(buildings) and len(xy):
        point, row = buildings.tree.query(shapely.points(xy), predicate="intersects")
        np.maximum.at(z, point, top[row])
    return z


def places(table: Table) -> NDArray[np.float64]:
    """Return one point (n, 2) for each feature of a table: itself, or a point inside it.

    A feature without any geometry gets NaN.
    """
    xy = np.full((len(table), 2), np.nan)
    there = ~(shapely.is_missing(table.geometry) | shapely.is_empty(table.geometry))
    xy[there] = shapely.get_coordinates(shapely.point_on_surface(table.geometry[there]))
    return xy
