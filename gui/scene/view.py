"""What is shown: view state that is neither part of the district nor of its undo history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gui.scene.style import Theme

if TYPE_CHECKING:
    from gui.scene.field import Field
    from gui.scene.meshes import Daylight

ROLES_SHOWN = frozenset(
    {
        "boundary",
        "communities",
        "buildings",
        "streets",
        "services",
        "sites",
        "roads",
        "barriers",
        "water",
        "green",
        "trees",
        "terrain",
        "underlay",
    }
)
"""Roles that the scene can draw. ``terrain`` is the baked light on the ground; the ground's shape
itself always shows, for everything stands on it."""


@dataclass(frozen=True)
class Ghost:
    """A service in the hand, not yet in the district: place (x, y in the CRS) and types."""

    x: float
    y: float
    types: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class View:
    """One state of the view.

    Parameters
    ----------
    visible
        Roles that are drawn.
    theme
        ``light`` or ``dark``.
    selection, hover
        (role, id) of the feature that is selected, or under the pointer.
    ghost
        A service that is being placed or dragged.
    route
        Coordinates of a walk, shape (n, 2) in the CRS; drawn lifted above the ground.
    catchment
        Coordinates of street pieces within reach, one array (n, 2) a piece; drawn on the ground.
    hidden_services
        Ids of services that are left out (the one under the hand, which the ghost stands for).
    field
        A coloured picture on the ground: who would gain from a service there, or how far it is.
    daylight
        The light of an hour (``meshes.daylight``); None is the model's own.
    asked
        Types of services that a question is about: these stand out, all others are dots.
    names
        Whether what is named is; the scene leaves writing to whoever shows its picture.
    """

    visible: frozenset[str] = ROLES_SHOWN
    theme: Theme = "light"
    selection: tuple[str, int] | None = None
    hover: tuple[str, int] | None = None
    ghost: Ghost | None = None
    route: NDArray[np.float64] | None = None
    catchment: tuple[NDArray[np.float64], ...] = ()
    hidden_services: frozenset[int] = frozenset()
    field: Field | None = None
    daylight: Daylight | None = None
    asked: frozenset[str] = frozenset()
    names: bool = True
