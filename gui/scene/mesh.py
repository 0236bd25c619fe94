"""Meshes as plain arrays, which any thread can make; only the scene hands them to VTK."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]
Triangles = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Mesh:
    """Triangles, or lines where `width` is 2.

    Parameters
    ----------
    points
        Float32, shape (n, 3), metres relative to the origin of the meshes.
    faces
        Int32 rows of point numbers: shape (m, 3) for triangles seen counter-clockwise from the
        front, shape (m, 2) for line pieces.
    shade
        Uint8, shape (n,): how light each point is, multiplied with the colour; None is 255.
    building
        Int32, shape (n,): row of the building that each point belongs to; None elsewhere.
    storey
        Float32, shape (n,): storeys above the building's floor, which draws the floor lines; -1 on
        roofs. None elsewhere.
    """

    points: Points
    faces: Triangles
    shade: NDArray[np.uint8] | None = None
    building: NDArray[np.int32] | None = None
    storey: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.faces)

    @cached_property
    def box(self) -> NDArray[np.float64]:
        """The lowest and the highest corner, shape (2, 3); NaN where there is no point."""
        if not len(self.points):
            return np.full((2, 3), np.nan)
        corners = [self.points.min(axis=0), self.points.max(axis=0)]
        return np.array(corners, dtype=np.float64)


def empty_mesh(width: int = 3) -> Mesh:
    """Return a mesh of nothing: of triangles, or of lines where `width` is 2."""
    return Mesh(np.empty((0, 3), np.float32), np.empty((0, width), np.int32))


def merged(meshes: Sequence[Mesh]) -> Mesh:
    """Return one mesh of all the points and faces of `meshes` (without buildings and storeys)."""
    if not meshes:
        return empty_mesh()
    starts = np.cumsum([0, *(len(mesh.points) for mesh in meshes[:-1])])
    faces = [mesh.faces + start for mesh, start in zip(meshes, starts, strict=True)]
    shade = None
    if any(mesh.shade is not None for mesh in meshes):
        white = [np.full(len(mesh.points), 255, np.uint8) for mesh in meshes]
        shade = np.concatenate(
            [w if m.shade is None else m.shade for m, w in zip(meshes, white, strict=True)]
        )
    points = np.concatenate([mesh.points for mesh in meshes])
    return Mesh(points, np.concatenate(faces).astype(np.int32), shade)


QUAD = np.array([(0, 1, 2), (0, 2, 3)], np.int32)
"""The two triangles of four points in a row."""


def quads(count: int) -> Triangles:
    """Return the triangles of `count` quadrilaterals, four points each, counter-clockwise."""
    first = 4 * np.arange(count, dtype=np.int32)[:, None, None]
    return np.asarray((first + QUAD).reshape(-1, 3))


def spans(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return 0..count-1 for each of `counts`, one after another."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)


def cut(mesh: Mesh, most: int = 6, enough: int = 60_000) -> tuple[Mesh, ...]:
    """Return a mesh in tiles, at most `most` side by side; one of up to `enough` faces stays whole.

    What lies in a tile by the first point of each face is drawn or left out together. Meshes of
    buildings are not for this.
    """
    if len(mesh) <= enough:
        return (mesh,)
    first = mesh.points[mesh.faces[:, 0], :2].astype(np.float64)
    low, side = first.min(axis=0), float(np.ptp(first, axis=0).max()) / most + 1e-6
    column, row = ((first - low) // side).astype(np.int64).T
    number = row * most + column
    order = np.argsort(number, kind="stable")
    starts = np.flatnonzero(np.diff(number[order], prepend=-1))
    pieces = np.split(mesh.faces[order], starts[1:])
    return tuple(_part(mesh, faces) for faces in pieces)


def _part(mesh: Mesh, faces: Triangles) -> Mesh:
    used, place = np.unique(faces, return_inverse=True)
    shade = None if mesh.shade is None else mesh.shade[used]
    return Mesh(mesh.points[used], place.reshape(faces.shape).astype(np.int32), shade)
