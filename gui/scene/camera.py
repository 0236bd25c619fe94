"""The camera as a value, and the mathematics of moving it. No VTK, no Qt.

Points are x, y, z in the district's CRS; pixels are x to the right and y down from the top left
corner of a picture of ``size`` (width, height).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Size = tuple[int, int]

FIELD_DEG = 30.0
"""Vertical field of view: long enough a lens that slabs do not splay."""
LOWEST_DEG, STEEPEST_DEG = 4.0, 90.0
NEAREST_M, FARTHEST_M = 12.0, 60_000.0
_FILL = 1.06
LONGEST_LENS = 0.02
"""Where the eye is fifty times as far away a tower leans by less than a pixel."""


@dataclass(frozen=True)
class Camera:
    """Where the viewer is.

    Parameters
    ----------
    focus
        The point in the middle of the picture.
    distance
        From the eye to the focus in metres.
    heading_deg
        Direction of view clockwise from north; 0 looks north.
    pitch_deg
        How far the view looks down: 90 is straight down.
    flat
        Plan: orthographic and straight down. The scale is that of the perspective at the focus.
    lens
        How strong the perspective is: 1 is that of `FIELD_DEG`; towards 0 the eye goes ever farther
        away behind an ever longer lens, the scale at the focus staying, until it is like a plan's.
    """

    focus: tuple[float, float, float] = (0.0, 0.0, 0.0)
    distance: float = 1000.0
    heading_deg: float = 0.0
    pitch_deg: float = 42.0
    flat: bool = False
    lens: float = 1.0

    @property
    def basis(self) -> Floats:
        """Unit vectors to the right, up and forward, as rows of a (3, 3) array."""
        h = np.radians(self.heading_deg)
        p = np.radians(90.0 if self.flat else self.pitch_deg)
        forward = (np.sin(h) * np.cos(p), np.cos(h) * np.cos(p), -np.sin(p))
        up = (np.sin(h) * np.sin(p), np.cos(h) * np.sin(p), np.cos(p))
        return np.array([(np.cos(h), -np.sin(h), 0.0), up, forward])

    @property
    def eye(self) -> Floats:
        """The viewer's place, shape (3,)."""
        return np.asarray(np.array(self.focus) - self.away * self.basis[2])

    @property
    def away(self) -> float:
        """How far the eye is from the focus in metres: `distance` through the usual lens."""
        return self.distance if self.flat else self.distance / self.lens

    @property
    def stand(self) -> Floats:
        """Where the eye is that sees the focus at this scale through the usual lens, shape (3,).

        What is drawn in which detail goes by it, so that a longer lens changes none of that.
        """
        return np.asarray(np.array(self.focus) - self.distance * self.basis[2])

    @property
    def field_deg(self) -> float:
        """The vertical field of view."""
        return float(np.degrees(2.0 * np.arctan(self.half_height_m / self.away)))

    @property
    def half_height_m(self) -> float:
        """Half of what the picture shows from bottom to top at the focus, in metres."""
        return float(self.distance * np.tan(np.radians(FIELD_DEG / 2)))

    def metres_per_pixel(self, size: Size) -> float:
        """Return the size of a pixel at the focus."""
        return 2.0 * self.half_height_m / max(size[1], 1)

    def project(self, points: Floats, size: Size) -> tuple[Floats, Floats]:
        """Return pixels (n, 2) and depth (n,) in metres along the view of points (n, 3).

        Points behind the eye have a depth <= 0 (never in plan) and meaningless pixels.
        """
        right, up, depth = ((np.asarray(points, float) - self.eye) @ self.basis.T).T
        scale = self.metres_per_pixel(size)
        if not self.flat:
            with np.errstate(divide="ignore", invalid="ignore"):
                shrink = self.away / depth
            right, up = right * shrink, up * shrink
        pixels = np.stack([size[0] / 2 + right / scale, size[1] / 2 - up / scale], axis=1)
        return pixels, depth

    def ray(self, x: float, y: float, size: Size) -> tuple[Floats, Floats]:
        """Return start and unit direction of the ray through a pixel."""
        right, up, forward = self.basis
        scale = self.metres_per_pixel(size)
        across, above = (x - size[0] / 2) * scale, (size[1] / 2 - y) * scale
        aside = right * across + up * above
        if self.flat:
            return self.eye + aside, forward
        direction = forward * self.away + aside
        return self.eye, direction / np.linalg.norm(direction)


def orbit(camera: Camera, pivot: Floats, turn_deg: float, tilt_deg: float) -> Camera:
    """Turn about a point that keeps its place on screen; positive `tilt_deg` looks further down."""
    pitch = float(np.clip(camera.pitch_deg + tilt_deg, LOWEST_DEG, STEEPEST_DEG))
    turned = replace(camera, heading_deg=(camera.heading_deg + turn_deg) % 360.0, pitch_deg=pitch)
    offset = camera.basis @ (np.array(camera.focus) - pivot)
    return replace(turned, focus=_triple(pivot + offset @ turned.basis))


def pan(camera: Camera, grabbed: Floats, x: float, y: float, size: Size) -> Camera:
    """Move level so that the point `grabbed` comes to lie under the pixel x, y."""
    start, direction = camera.ray(x, y, size)
    # Near the horizon a pixel is kilometres away: the hand may not throw the view that far.
    down = min(direction[2], -0.03)
    reach = max((grabbed[2] - start[2]) / down, 0.0)
    under = start + reach * np.array([direction[0], direction[1], down])
    step = np.clip(grabbed[:2] - under[:2], -4 * camera.distance, 4 * camera.distance)
    x0, y0, z0 = camera.focus
    return replace(camera, focus=(float(x0 + step[0]), float(y0 + step[1]), z0))


def zoom(camera: Camera, pivot: Floats, factor: float) -> Camera:
    """Come nearer (`factor` < 1) or step back so that `pivot` keeps its place on screen."""
    distance = float(np.clip(camera.distance * factor, NEAREST_M, FARTHEST_M))
    share = distance / camera.distance
    focus = pivot + (np.array(camera.focus) - pivot) * share
    return replace(camera, distance=distance, focus=_triple(focus))


def fit(
    camera: Camera,
    bounds: tuple[float, float, float, float],
    z: float,
    size: Size,
    room: tuple[float, float, float, float] | None = None,
) -> Camera:
    """Return the camera, same directions, that just shows west, south, east, north at height z.

    `room` is the part of the picture that they shall be in: left, top, right, bottom in pixels.
    """
    left, top, right, bottom = room or (0.0, 0.0, float(size[0]), float(size[1]))
    there, free = np.array([left + right, top + bottom]) / 2, (right - left, bottom - top)
    west, south, east, north = bounds
    corners = np.array([(x, y, z) for x in (west, east) for y in (south, north)])
    middle = ((west + east) / 2, (south + north) / 2, z)
    reach = float(np.hypot(east - west, north - south)) + 40.0
    camera = replace(camera, focus=middle, distance=max(reach * 4.0, NEAREST_M))
    for _ in range(4):  # perspective makes the size on screen a little more than proportional
        pixels, _depth = camera.project(corners, size)
        low, high = pixels.min(axis=0), pixels.max(axis=0)
        fill = float(max((high[0] - low[0]) / free[0], (high[1] - low[1]) / free[1])) * _FILL
        shift = (low + high) / 2 - np.array(size) / 2 - (there - np.array(size) / 2) * fill
        distance = float(np.clip(camera.distance * max(fill, 1e-3), NEAREST_M, FARTHEST_M))
        camera = replace(_shifted(camera, shift, size), distance=distance)
    return camera


def _shifted(camera: Camera, pixels: Floats, size: Size) -> Camera:
    """Move the focus on its level so that what is `pixels` off the middle comes near it."""
    right, up, _forward = camera.basis
    scale = camera.metres_per_pixel(size)
    ahead = np.array([up[0], up[1], 0.0])
    lean = max(float(np.linalg.norm(ahead)), 0.05)
    move = right * pixels[0] * scale - ahead / lean**2 * pixels[1] * scale
    return replace(camera, focus=_triple(np.array(camera.focus) + move))


def look_at(camera: Camera, point: tuple[float, float, float], distance: float) -> Camera:
    """Return the camera with `point` in the middle, from `distance` metres."""
    return replace(camera, focus=point, distance=float(np.clip(distance, NEAREST_M, FARTHEST_M)))


def between(first: Camera, last: Camera, t: float) -> Camera:
    """Return the camera on its flight from `first` (t = 0) to `last` (t = 1), eased at both ends.

    The heading takes the short way round; the distance changes by equal ratios. Towards a plan the
    lens grows longer while the view tilts, so that nothing jumps where it becomes orthographic.
    """
    if t >= 1.0:
        return last
    s = t * t * (3.0 - 2.0 * t)
    turn = (last.heading_deg - first.heading_deg + 180.0) % 360.0 - 180.0
    start, end = (90.0 if c.flat else c.pitch_deg for c in (first, last))
    lenses = [0.0 if c.flat else c.lens for c in (first, last)]
    flat = first.flat and last.flat
    return Camera(
        _triple(np.array(first.focus) + s * (np.array(last.focus) - np.array(first.focus))),
        first.distance * (last.distance / first.distance) ** s,
        (first.heading_deg + s * turn) % 360.0,
        start + s * (end - start),
        flat,
        1.0 if flat else max(lenses[0] + s * (lenses[1] - lenses[0]), LONGEST_LENS),
    )


def plan(camera: Camera) -> Camera:
    """Return the same place as an orthographic plan, north up."""
    return replace(camera, flat=True, heading_deg=0.0, lens=1.0)


def perspective(camera: Camera, pitch_deg: float = 42.0) -> Camera:
    """Return the same place seen in perspective."""
    return replace(camera, flat=False, pitch_deg=pitch_deg, lens=1.0)


def _triple(values: Floats) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])
