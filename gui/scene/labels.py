"""What could be labelled, and where: Qt measures, chooses and draws."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from gui.scene.mesh import spans
from gui.scene.plan import places

if TYPE_CHECKING:
    from gui.scene.pins import Pins
    from gui.scene.surface import Surface
    from twin.model.tables import Table

LabelKind = Literal["community", "arterial", "road", "water", "green", "service", "building"]

_ROADS: tuple[tuple[str, LabelKind], ...] = (
    ("arterial", "arterial"),
    ("collector", "road"),
    ("local", "road"),
)
FARTHEST_M: dict[LabelKind, float] = {
    "community": 1e9,
    "arterial": 6000.0,
    "road": 2400.0,
    "water": 2600.0,
    "green": 1800.0,
    "service": 420.0,
    "building": 900.0,
}
"""Distance from the eye up to which each kind is worth reading."""
REPEATED: frozenset[LabelKind] = frozenset({"arterial", "road"})
"""Kinds whose names stand at several places each, of which one picture shows one or a few."""
_ANCHOR_M, _SHORT_M = 180.0, 60.0
"""How far apart a road's name may stand; pieces of road that are shorter have none."""


@dataclass(frozen=True, eq=False)
class Labels:
    """Texts that compete for room, the most important first.

    Parameters
    ----------
    texts
        What to write, as in the data.
    kinds
        How to write it.
    points
        Float64, shape (n, 3), CRS: what each text stands at (for a service above its glyph).
    """

    texts: tuple[str, ...] = ()
    kinds: tuple[LabelKind, ...] = ()
    points: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 3)))

    @cached_property
    def farthest(self) -> NDArray[np.float64]:
        """How far from the eye each is worth reading, in metres (n,)."""
        return np.array([FARTHEST_M[kind] for kind in self.kinds])


def make_labels(
    communities: Table, roads: Table, water: Table, green: Table, surface: Surface
) -> Labels:
    """Return the labels of places: communities by size, then roads by class, water, green.

    A road's name comes several times along it, the middle of its longest piece first.
    """
    groups: list[tuple[LabelKind, NDArray[np.object_], NDArray[np.float64]]] = []
    order = np.argsort(-shapely.area(communities.geometry), kind="stable")
    groups.append(("community", communities["name"][order], places(communities)[order]))
    for class_, kind in _ROADS:
        names, at = _named_roads(roads.take(roads["road_class"] == class_))
        groups.append((kind, names, at))
    groups.append(("water", *_largest_by_name(water)))
    groups.append(("green", *_largest_by_name(green)))
    return _joined(groups, surface)


def _named_roads(roads: Table) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Return each name at places along its pieces, that with the longest piece first."""
    lines, row = shapely.get_parts(roads.geometry, return_index=True)
    length, name = np.asarray(shapely.length(lines)), roads["name"][row].astype(str)
    order = np.argsort(-length, kind="stable")
    order = order[(name[order] != "") & (length[order] > 0.0)]
    names, first, of = np.unique(name[order], return_index=True, return_inverse=True)
    longest = np.zeros(len(order), bool)
    longest[first] = True
    kept = longest | (length[order] > _SHORT_M)
    order, of, longest = order[kept], of[kept], longest[kept]
    # An odd number on each piece, so that the first may be its middle.
    count = 2 * (length[order] / _ANCHOR_M / 2).astype(np.int64) + 1
    place = spans(count)
    out = np.abs(place - (count // 2).repeat(count))
    at = length[order].repeat(count) * (place + 0.5) / count.repeat(count)
    xy = shapely.get_coordinates(shapely.line_interpolate_point(lines[order].repeat(count), at))
    rank = np.lexsort((out, first[of].repeat(count)))  # names by their longest piece
    keys = (~longest).repeat(count)[rank], first[of].repeat(count)[rank]
    rank = rank[np.lexsort(keys)]
    return names[of].repeat(count)[rank].astype(object), xy[rank]


def _largest_by_name(table: Table) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    order = np.argsort(-shapely.area(table.geometry), kind="stable")
    order = order[table["name"][order] != ""]
    _names, first = np.unique(table["name"][order].astype(str), return_index=True)
    rows = order[np.sort(first)]
    return table["name"][rows], places(table)[rows]


def _joined(
    groups: list[tuple[LabelKind, NDArray[np.object_], NDArray[np.float64]]], surface: Surface
) -> Labels:
    texts = np.concatenate([names for _kind, names, _xy in groups])
    xy = np.concatenate([at.reshape(-1, 2) for _kind, _names, at in groups])
    kinds = [kind for kind, names, _xy in groups for _ in range(len(names))]
    known = np.isfinite(xy).all(axis=1) & (texts != "")
    z = surface.height(xy[known, 0], xy[known, 1])
    return Labels(
        tuple(str(text) for text in texts[known]),
        tuple(kind for kind, keep in zip(kinds, known, strict=True) if keep),
        np.column_stack([xy[known], z]),
    )


def building_labels(buildings: Table, top: NDArray[np.float64]) -> Labels:
    """Return the names of buildings on their roofs, `top` metres high, large ones first."""
    named = np.flatnonzero(buildings["name"] != "")
    named = named[~shapely.is_empty(buildings.geometry[named])]
    rows = named[np.argsort(-shapely.area(buildings.geometry[named]), kind="stable")]
    xy = shapely.get_coordinates(shapely.centroid(buildings.geometry[rows]))
    building: LabelKind = "building"
    texts = tuple(str(name) for name in buildings["name"][rows])
    return Labels(texts, (building,) * len(texts), np.column_stack([xy, top[rows]]))


def service_labels(services: Table, pins: Pins) -> Labels:
    """Return the names of the services whose pins are drawn, at the glyphs; dots have none."""
    rows = services.rows_of(pins.ids)
    named = (rows >= 0) & (pins.asked >= 0)
    named[named] = services["name"][rows[named]] != ""
    texts = tuple(str(name) for name in services["name"][rows[named]])
    service: LabelKind = "service"
    return Labels(texts, (service,) * len(texts), pins.head[named])
