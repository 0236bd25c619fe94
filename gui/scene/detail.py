"""How much detail a place deserves: how far it is from the eye, and how large a pixel is there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gui.scene.mesh import Mesh

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sighting:
    """From where a picture is taken, and how finely.

    Parameters
    ----------
    eye
        Shape (3,), relative to the origin of the meshes. In plan it is where a viewer with
        perspective would see the same scale.
    pixel_m
        How many metres a computed pixel spans at `distance`.
    distance
        Metres from the eye to what is looked at.
    flat
        Whether pixels span as much everywhere.
    """

    eye: Floats
    pixel_m: float
    distance: float
    flat: bool

    def distances(self, corners: Floats) -> Floats:
        """Return how far the eye is from each box (n, 2, 3) in metres, 0 inside."""
        nearest = np.clip(self.eye, corners[:, 0], corners[:, 1])
        return np.asarray(np.linalg.norm(self.eye - nearest, axis=1))

    def pixels_m(self, away: Floats) -> Floats:
        """Return how many metres a pixel spans at distances from the eye."""
        if self.flat:
            return np.full(len(away), self.pixel_m)
        return away * (self.pixel_m / self.distance)


def boxes(meshes: tuple[Mesh, ...]) -> Floats:
    """Return the lowest and highest corner of each mesh, shape (n, 2, 3)."""
    return np.array([mesh.box for mesh in meshes], np.float64).reshape(-1, 2, 3)
