"""Lines on the ground: ribbons with a width, dashes, low walls and thin drawn lines."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gui.scene.mesh import Mesh, empty_mesh, merged, quads, spans
from gui.scene.surface import Surface

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_BENT_M = 0.07
"""How far a straight piece may leave the ground; less than the sheets of the plan lie apart."""


def polylines(geometry: NDArray[np.object_], surface: Surface) -> tuple[Floats, Ints]:
    """Return corners (n, 2) of all (multi)lines and the row that each belongs to.

    On ground that is not level, lines are cut finely enough to follow it. Corners that repeat the
    one before are left out.
    """
    lines, row = shapely.get_parts(geometry, return_index=True)
    kept = shapely.get_type_id(lines) == 1
    lines, row = lines[kept], row[kept]
    xy, line = shapely.get_coordinates(lines, return_index=True)
    same = np.append(False, (line[1:] == line[:-1]) & (xy[1:] == xy[:-1]).all(axis=1))[: len(xy)]
    xy, line = xy[~same], line[~same]
    if not surface.is_flat:
        xy, line = _following(xy, line, surface)
    # Lines keep numbers of their own: parts of one feature must not be joined.
    return xy, line * (len(geometry) + 1) + row[line]


def _following(xy: Floats, line: Ints, surface: Surface) -> tuple[Floats, Ints]:
    """Cut pieces of lines that leave the ground by more than `_BENT_M` into short ones."""
    joined = line[1:] == line[:-1]
    step = xy[1:] - xy[:-1]
    length = np.where(joined, np.hypot(step[:, 0], step[:, 1]), 0.0)
    count = np.maximum(np.ceil(length / (min(surface.step_x, surface.step_y) / 2)), 1).astype(int)
    piece = np.repeat(np.arange(len(count)), count)
    share = spans(count) / count[piece]
    fine = xy[:-1][piece] + share[:, None] * step[piece]
    z = surface.height(xy[:, 0], xy[:, 1])
    straight = z[:-1][piece] + share * (z[1:] - z[:-1])[piece]
    off = np.abs(surface.height(fine[:, 0], fine[:, 1]) - straight)
    bent = np.zeros(len(count), bool)
    bent[piece[off > _BENT_M]] = True
    kept = bent[piece] | (share == 0.0)
    return np.concatenate([fine[kept], xy[-1:]]), np.append(line[:-1][piece[kept]], line[-1:])


def outline_lines(geometry: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the rings of polygons as lines, one element for each feature."""
    return np.asarray(shapely.boundary(geometry))


def ribbons(
    geometry: NDArray[np.object_], width: Floats, surface: Surface, lift: float, capped: bool
) -> Mesh:
    """Return a flat band along each line, `width` metres wide, `lift` above the ground.

    `capped` puts a disc on each end that another line shares, which closes the corners of roads.
    """
    xy, key = polylines(geometry, surface)
    if len(xy) < 2:
        return empty_mesh()
    half = width[key % (len(geometry) + 1)] / 2
    joined = key[1:] == key[:-1]
    left = _left_normals(xy, joined)
    sides = [xy + left * half[:, None], xy - left * half[:, None]]
    points = np.concatenate([surface.local(side[:, 0], side[:, 1], lift) for side in sides])
    a = np.flatnonzero(joined)
    n = len(xy)
    faces = np.concatenate(
        [np.stack([a, a + n, a + 1], axis=1), np.stack([a + n, a + n + 1, a + 1], axis=1)]
    )
    band = Mesh(points, faces.astype(np.int32))
    if not capped:
        return band
    ends = _shared_ends(xy, joined)
    return merged([band, discs(xy[ends], half[ends], surface, lift)])


def _shared_ends(xy: Floats, joined: NDArray[np.bool_]) -> Ints:
    """Return the corners that end a line at a corner of another (to a decimetre)."""
    places, place = np.unique(np.round(xy, 1), axis=0, return_inverse=True)
    visits = np.bincount(place.ravel(), minlength=len(places))[place.ravel()]
    end = np.append(True, ~joined) | np.append(~joined, True)
    return np.flatnonzero(end & (visits > 1))


def _left_normals(xy: Floats, joined: NDArray[np.bool_]) -> Floats:
    """Return the miter at each corner: the left normal, longer where the line turns."""
    along = xy[1:] - xy[:-1]
    along = along / np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1) * joined[:, None]
    total = np.zeros_like(xy)
    total[:-1] += normal
    total[1:] += normal
    length = np.hypot(total[:, 0], total[:, 1])
    unit = total / np.maximum(length, 1e-9)[:, None]
    both = np.append(joined, False) & np.append(False, joined)
    stretch = np.where(both, np.minimum(2.0 / np.maximum(length, 0.2), 2.0), 1.0)
    return unit * stretch[:, None]


def discs(
    centre: Floats, radius: Floats, surface: Surface, lift: float | Floats, corners: int = 12
) -> Mesh:
    """Return a flat disc at each of `centre` (n, 2), `lift` (one, or n) above the ground."""
    angle = 2 * np.pi * np.arange(corners) / corners
    rim = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    xy = (centre[:, None] + radius[:, None, None] * rim).reshape(-1, 2)
    lifts = np.repeat(np.broadcast_to(lift, len(centre)), corners)
    points = surface.local(xy[:, 0], xy[:, 1], lifts)
    fan = np.stack([np.zeros(corners - 2, int), np.arange(1, corners - 1), np.arange(2, corners)])
    faces = (corners * np.arange(len(centre))[:, None, None] + fan.T).reshape(-1, 3)
    return Mesh(points, faces.astype(np.int32))


def dashes(
    geometry: NDArray[np.object_],
    width: Floats,
    dash_m: float,
    gap_m: float,
    surface: Surface,
    lift: float,
) -> Mesh:
    """Return bars across each line: `dash_m` along it, `width` across, `gap_m` apart."""
    if not len(geometry):
        return empty_mesh()
    length = shapely.length(geometry)
    count = np.maximum((length / (dash_m + gap_m)).astype(np.int64), 1)
    line = np.repeat(np.arange(len(geometry)), count)
    start = (spans(count) + 0.5) * length[line] / count[line]
    half = np.minimum(dash_m, length[line]) / 2
    tail = shapely.get_coordinates(shapely.line_interpolate_point(geometry[line], start - half))
    head = shapely.get_coordinates(shapely.line_interpolate_point(geometry[line], start + half))
    along = head - tail
    along = along / np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    side = np.stack([-along[:, 1], along[:, 0]], axis=1) * width[line][:, None] / 2
    corners = np.stack([tail - side, head - side, head + side, tail + side], axis=1).reshape(-1, 2)
    return Mesh(surface.local(corners[:, 0], corners[:, 1], lift), quads(len(line)))


def low_walls(geometry: NDArray[np.object_], height_m: float, surface: Surface) -> Mesh:
    """Return an upright sheet along each line, seen from both sides, lighter at the top."""
    xy, key = polylines(geometry, surface)
    n = len(xy)
    a = np.flatnonzero(key[1:] == key[:-1])
    points = np.concatenate(
        [surface.local(xy[:, 0], xy[:, 1], 0.0), surface.local(xy[:, 0], xy[:, 1], height_m)]
    )
    faces = np.concatenate(
        [np.stack([a, a + 1, a + 1 + n], axis=1), np.stack([a, a + 1 + n, a + n], axis=1)]
    )
    shade = np.repeat(np.array([205, 255], np.uint8), n)
    return Mesh(points, faces.astype(np.int32).reshape(-1, 3), shade)


def drawn_lines(geometry: NDArray[np.object_], surface: Surface, lift: float) -> Mesh:
    """Return line pieces of constant width on screen along each (multi)line."""
    xy, key = polylines(geometry, surface)
    a = np.flatnonzero(key[1:] == key[:-1])
    faces = np.stack([a, a + 1], axis=1).astype(np.int32).reshape(-1, 2)
    return Mesh(surface.local(xy[:, 0], xy[:, 1], lift), faces)


def frames(xy: Floats, radius: float, width: float, surface: Surface, lift: Floats) -> Mesh:
    """Return a hollow square on its corner at each place (n, 2), `width` metres wide."""
    angle = np.radians([0.0, 90.0, 180.0, 270.0])
    corner = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    sides = np.concatenate([radius * corner, (radius - width * np.sqrt(2.0)) * corner])
    at = (xy[:, None] + sides).reshape(-1, 2)
    points = surface.local(at[:, 0], at[:, 1])
    middle = surface.height(xy[:, 0], xy[:, 1]) + lift  # level, however the ground slopes
    points[:, 2] = np.repeat(middle - surface.origin[2], len(sides))
    i = np.arange(4)
    after = (i + 1) % 4
    ring = np.concatenate(
        [np.stack([i, after, after + 4], axis=1), np.stack([i, after + 4, i + 4], axis=1)]
    )
    faces = (len(sides) * np.arange(len(xy))[:, None, None] + ring).reshape(-1, 3)
    return Mesh(points.astype(np.float32), faces.astype(np.int32))
