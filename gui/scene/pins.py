"""Services as pins: a thin stalk and a glyph that faces the viewer and stays readable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gui.scene.camera import Camera, Size
from gui.scene.plan import places, standing_height
from twin.catalogues import service_types

if TYPE_CHECKING:
    from gui.scene.blocks import Blocks
    from gui.scene.surface import Surface
    from gui.scene.view import Ghost
    from twin.tables import Table

Floats = NDArray[np.float64]

GLYPH_M = 16.0
SMALLEST_PX, LARGEST_PX = 11.0, 26.0
"""A glyph is as large as something of `GLYPH_M` would be there, within what the eye can read."""
CHOSEN = 1.45
"""How much larger the selected or hovered glyph is."""
STALK_M = 9.0
_UP = np.array([0.0, 0.0, STALK_M + GLYPH_M / 2])


@dataclass(frozen=True, eq=False)
class Pins:
    """The services that are drawn, in no screen's terms.

    Parameters
    ----------
    ids
        Shape (n,); -1 is the ghost.
    foot, head
        Shape (n, 3), CRS: where the stalk stands, and the middle of the glyph.
    look
        Shape (n,): column of the atlas.
    hollow
        Planned services.
    """

    ids: NDArray[np.int64]
    foot: Floats
    head: Floats
    look: NDArray[np.int64]
    hollow: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids)


NO_PINS = Pins(
    np.empty(0, np.int64),
    np.empty((0, 3)),
    np.empty((0, 3)),
    np.empty(0, np.int64),
    np.empty(0, bool),
)


def looks() -> tuple[tuple[str, str], ...]:
    """Return the distinct (shape, colour) pairs of the service types, and one for unknown ones."""
    pairs = {(kind.family.shape, kind.colour): None for kind in service_types().values()}
    return (*pairs, ("circle", "#7f7f7f"))


def look_of(types: str) -> int:
    """Return the atlas column of a service by its first known type."""
    columns = {look: i for i, look in enumerate(looks())}
    for id_ in types.split(","):
        kind = service_types().get(id_.strip())
        if kind is not None:
            return columns[kind.family.shape, kind.colour]
    return len(columns) - 1


def make_pins(services: Table, buildings: Table, blocks: Blocks, surface: Surface) -> Pins:
    """Return the pins of the services that are not closed; inside a building they stand on it."""
    xy = places(services)
    shown = np.isfinite(xy).all(axis=1) & (services["status"] != "closed")
    xy = xy[shown]
    unique, which = np.unique(services["types"][shown].astype(str), return_inverse=True)
    look = np.array([look_of(types) for types in unique], np.int64)[which]
    return _stand(
        services.ids[shown],
        xy,
        look,
        services["status"][shown] == "planned",
        buildings,
        blocks,
        surface,
    )


def ghost_pin(ghost: Ghost, buildings: Table, blocks: Blocks, surface: Surface) -> Pins:
    """Return the pin of the service in the hand."""
    look = np.array([look_of(",".join(ghost.types))])
    xy = np.array([[ghost.x, ghost.y]])
    ids, hollow = np.array([-1]), np.array([False])
    return _stand(ids, xy, look, hollow, buildings, blocks, surface)


def _stand(
    ids: NDArray[np.int64],
    xy: Floats,
    look: NDArray[np.int64],
    hollow: NDArray[np.bool_],
    buildings: Table,
    blocks: Blocks,
    surface: Surface,
) -> Pins:
    foot = np.column_stack([xy, standing_height(xy, surface, buildings, blocks.top)])
    return Pins(ids, foot, foot + _UP, look, hollow)


def some_pins(pins: Pins, chosen: NDArray[np.bool_]) -> Pins:
    """Return the pins that a mask chooses."""
    return Pins(
        pins.ids[chosen],
        pins.foot[chosen],
        pins.head[chosen],
        pins.look[chosen],
        pins.hollow[chosen],
    )


def joined_pins(first: Pins, second: Pins) -> Pins:
    """Return the pins of both."""
    return Pins(
        *(
            np.concatenate([getattr(first, name), getattr(second, name)])
            for name in ("ids", "foot", "head", "look", "hollow")
        )
    )


def sizes_px(chosen: NDArray[np.bool_], depth: Floats, pixel_m: Floats) -> Floats:
    """Return the glyphs' sizes on screen in pixels (n,), given the size of a pixel at each."""
    size = np.clip(GLYPH_M / np.maximum(pixel_m, 1e-6), SMALLEST_PX, LARGEST_PX)
    return np.where(depth > 0.0, size * np.where(chosen, CHOSEN, 1.0), 0.0)


def pixel_sizes(camera: Camera, size: Size, depth: Floats) -> Floats:
    """Return how many metres a pixel spans at each depth."""
    scale = camera.metres_per_pixel(size)
    return np.full(len(depth), scale) if camera.flat else scale * depth / camera.distance
