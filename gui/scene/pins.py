"""Services as pins: a thin stalk and a glyph that faces the viewer and stays readable."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gui.scene.camera import Camera, Size
from gui.scene.glyphs import Look
from gui.scene.plan import places, standing_height
from twin.model.catalogues import Catalogues, in_use, service_types
from twin.model.signs import SEVERAL, SEVERAL_TYPES

if TYPE_CHECKING:
    from gui.scene.blocks import Blocks
    from gui.scene.surface import Surface
    from gui.scene.view import Ghost
    from twin.model.tables import Table

Floats = NDArray[np.float64]

GLYPH_M = 20.0
SMALLEST_PX, LARGEST_PX = 12.0, 30.0
"""A glyph is as large as something of `GLYPH_M` would be there, within what the eye can read."""
ASKED_M, ASKED_PX = 28.0, (22.0, 36.0)
"""The same of services that a question is about: large enough for their drawing from anywhere."""
DOT_M, DOT_PX = 7.0, (4.5, 8.0)
"""The same of all others meanwhile."""
CHOSEN = 1.45
"""How much larger the selected or hovered glyph is."""
ROOM_PX, ASKED_ROOM_PX, TOGETHER_PX = 11.0, 22.0, 17.0
"""Glyphs nearer to each other than about the first (or second) stand together, in a larger one."""
MIXED_PX = 13.0
"""A glyph of several families says that there are some, and no more: it is small."""
NEAREST_GATHERING_M = 0.8
"""Where a pixel spans less there is room for all."""
OUTSIDE_PART = 0.72
SEVERAL_LOOK = Look(SEVERAL, "#8b867d")
"""Services of several families together, and what is of no known type."""
MEANT_PX = 14.0
"""Glyphs that are smaller are met by a hand that only means to turn the view."""
DRAWN_PX = 17.0
"""Glyphs that are smaller show their family's shape alone; a drawing would be a blot."""
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
        Shape (n,): which of :func:`looks`.
    hollow
        Planned services.
    count
        How many services each stands for.
    inside
        Whether it stands inside the study boundary; those outside are drawn smaller.
    asked
        1 where a question is about it, -1 where one is about others, else 0.
    """

    ids: NDArray[np.int64]
    foot: Floats
    head: Floats
    look: NDArray[np.int64]
    hollow: NDArray[np.bool_]
    count: NDArray[np.int64]
    inside: NDArray[np.bool_]
    asked: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.ids)


NO_PINS = Pins(
    np.empty(0, np.int64),
    np.empty((0, 3)),
    np.empty((0, 3)),
    np.empty(0, np.int64),
    np.empty(0, bool),
    np.empty(0, np.int64),
    np.empty(0, bool),
    np.empty(0, np.int8),
)


def looks() -> tuple[Look, ...]:
    """Return all looks: each type's, each family's (several types; none), and the unknown's.

    The same object as long as the same catalogues are in use.
    """
    return _looks(in_use())[0]


def plain_looks() -> NDArray[np.int64]:
    """Return for each look the one without its drawing: the family's."""
    return _looks(in_use())[1]


@lru_cache(maxsize=2)
def _looks(known: Catalogues) -> tuple[tuple[Look, ...], NDArray[np.int64]]:
    own = [Look(kind.family.shape, kind.colour, kind.sign) for kind in known.service_types.values()]
    of = [
        Look(family.shape, family.colour, drawing)
        for family in known.families.values()
        for drawing in (SEVERAL_TYPES, "")
    ]
    all_ = (*dict.fromkeys([*own, *of]), SEVERAL_LOOK)
    plain = np.array([all_.index(look._replace(drawing="")) for look in all_], np.int64)
    plain.flags.writeable = False
    return all_, plain


def look_of(types: str) -> int:
    """Return the look of a service: of its type, or of the first known of several."""
    ids = [id_.strip() for id_ in types.split(",")]
    known = [service_types()[id_] for id_ in ids if id_ in service_types()]
    if not known:
        return len(looks()) - 1
    drawing = known[0].sign if len(ids) == 1 else SEVERAL_TYPES
    return looks().index(Look(known[0].family.shape, known[0].colour, drawing))


def make_pins(
    services: Table, buildings: Table, blocks: Blocks, surface: Surface, boundary: Table
) -> Pins:
    """Return the pins of the services that are not closed; inside a building they stand on it."""
    xy = places(services)
    shown = np.isfinite(xy).all(axis=1) & np.isin(
        services["status"].astype(str), ("open", "planned")
    )
    xy = xy[shown]
    unique, which = np.unique(services["types"][shown].astype(str), return_inverse=True)
    look = np.array([look_of(types) for types in unique], np.int64)[which]
    hollow = services["status"][shown] == "planned"
    pins = _stand(services.ids[shown], xy, look, hollow, buildings, blocks, surface)
    if not len(boundary) or not len(pins):
        return pins
    whole = shapely.union_all(boundary.geometry)
    shapely.prepare(whole)
    return replace(pins, inside=np.asarray(shapely.intersects_xy(whole, xy[:, 0], xy[:, 1])))


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
    one, inside = np.ones(len(ids), np.int64), np.ones(len(ids), bool)
    return Pins(ids, foot, foot + _UP, look, hollow, one, inside, np.zeros(len(ids), np.int8))


def asked_for(pins: Pins, services: Table, types: frozenset[str]) -> Pins:
    """Return pins of which those of `types` are what a question is about; without types, as are."""
    if not types or not len(pins):
        return pins
    rows = services.rows_of(pins.ids)
    known = rows >= 0
    unique, which = np.unique(services["types"][rows[known]].astype(str), return_inverse=True)
    serves = [not types.isdisjoint(id_.strip() for id_ in ids.split(",")) for ids in unique]
    asked = ~known  # the one in the hand
    asked[known] = np.array(serves, bool)[which]
    return replace(pins, asked=np.where(asked, 1, -1).astype(np.int8))


def some_pins(pins: Pins, chosen: NDArray[Any]) -> Pins:
    """Return the pins that a mask, or an array of rows, chooses."""
    return Pins(*(getattr(pins, field.name)[chosen] for field in fields(Pins)))


def joined_pins(first: Pins, second: Pins) -> Pins:
    """Return the pins of both."""
    names = [field.name for field in fields(Pins)]
    return Pins(*(np.concatenate([getattr(p, name) for p in (first, second)]) for name in names))


def gathered(pins: Pins, pixel_m: float, apart: NDArray[np.bool_]) -> Pins:
    """Return pins of which those that would lie on each other stand together as one, with a count.

    The places where they gather depend on the scale alone, so that nothing jumps while the view
    turns. Several of one type keep its look, several of one family have its shape without a
    drawing; mixed ones are a plain tag. What is asked for never stands together with others.

    Parameters
    ----------
    pixel_m
        How many metres a pixel of a glyph of the usual size spans.
    apart
        Shape (n,): pins that always stand by themselves.
    """
    if pixel_m < NEAREST_GATHERING_M:
        return pins
    cell = _meeting_places(pins, pixel_m, apart)
    _cells, group, count = np.unique(cell, axis=0, return_inverse=True, return_counts=True)
    group = group.reshape(-1)
    middle = np.column_stack([np.bincount(group, pins.foot[:, k]) for k in (0, 1)]) / count[:, None]
    away = np.hypot(*(pins.foot[:, :2] - middle[group]).T)
    first = np.lexsort((away, group))[np.cumsum(count) - count]  # the one nearest to the middle
    plain, chosen = plain_looks(), some_pins(pins, first)
    together = _common(plain[pins.look], group, len(count), len(plain) - 1)
    if (pins.asked > 0).any():
        together = np.where(chosen.asked > 0, _common(pins.look, group, len(count), -1), together)
        together = np.where(together < 0, plain[chosen.look], together)
    look = np.where(count == 1, chosen.look, together)
    hollow = chosen.hollow & (count == 1)
    return replace(chosen, look=look, hollow=hollow, count=count.astype(np.int64))


def _common(
    look: NDArray[np.int64], group: NDArray[np.int64], count: int, mixed: int
) -> NDArray[np.int64]:
    """Return the look that all of each of `count` groups have; `mixed` where they differ."""
    least, most = np.full(count, 2**31), np.full(count, -1)
    np.minimum.at(least, group, look)
    np.maximum.at(most, group, look)
    return np.where(least == most, least, mixed)


def members(pins: Pins, pixel_m: float, apart: NDArray[np.bool_], id_: int) -> NDArray[np.int64]:
    """Return the rows of the pins that stand together with the pin `id_`, itself among them.

    The arguments are those of :func:`gathered`.
    """
    own = np.flatnonzero(pins.ids == id_)
    if pixel_m < NEAREST_GATHERING_M or not len(own):
        return own
    cell = _meeting_places(pins, pixel_m, apart)
    return np.flatnonzero((cell == cell[own[0]]).all(axis=1))


def _meeting_places(pins: Pins, pixel_m: float, apart: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the cell (n, 3) that each pin gathers in; pins `apart` have one of their own."""
    room = np.where(pins.asked > 0, ASKED_ROOM_PX, ROOM_PX)
    side = 2.0 ** np.ceil(np.log2(room * pixel_m))
    places = np.floor(pins.foot[:, :2] / side[:, None]).astype(np.int64)
    cell = np.column_stack([places, pins.asked.astype(np.int64)])
    cell[apart, 0], cell[apart, 2] = np.flatnonzero(apart), -(2**40)
    return cell


def sizes_px(
    pins: Pins, chosen: NDArray[np.bool_], depth: Floats, pixel_m: Floats, scale: float = 1.0
) -> Floats:
    """Return the glyphs' sizes on screen in pixels (n,), given the size of a pixel at each.

    `scale` is how much larger they are than on a desk.
    """
    pixel_m = np.maximum(pixel_m, 1e-6) * scale
    size = np.clip(GLYPH_M / pixel_m, SMALLEST_PX, LARGEST_PX)
    mixed = pins.look == len(looks()) - 1
    together = np.where(mixed, MIXED_PX / scale**0.5, np.maximum(size, TOGETHER_PX))
    size = np.where(pins.count > 1, together, size)
    size = np.where(pins.asked > 0, np.clip(ASKED_M / pixel_m, *ASKED_PX), size)
    size = np.where((pins.asked < 0) & ~chosen, np.clip(DOT_M / pixel_m, *DOT_PX), size) * scale
    size = size * np.where(pins.inside | chosen, 1.0, OUTSIDE_PART)
    return np.where(depth > 0.0, size * np.where(chosen, CHOSEN, 1.0), 0.0)


def pixel_sizes(camera: Camera, size: Size, depth: Floats) -> Floats:
    """Return how many metres a pixel spans at each depth."""
    scale = camera.metres_per_pixel(size)
    return np.full(len(depth), scale) if camera.flat else scale * depth / camera.away
