"""What could be labelled, and where: Qt measures, chooses and draws."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from gui.scene.plan import places

if TYPE_CHECKING:
    from gui.scene.pins import Pins
    from gui.scene.surface import Surface
    from twin.model.tables import Table

LabelKind = Literal["community", "arterial", "road", "water", "green", "service"]

_ROADS: tuple[tuple[str, LabelKind], ...] = (
    ("arterial", "arterial"),
    ("collector", "road"),
    ("local", "road"),
)
FARTHEST_M: dict[LabelKind, float] = {
    "community": 1e9,
    "arterial": 6000.0,
    "road": 1800.0,
    "water": 2600.0,
    "green": 1500.0,
    "service": 420.0,
}
"""Distance from the eye up to which each kind is worth reading."""


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


def make_labels(
    communities: Table, roads: Table, water: Table, green: Table, surface: Surface
) -> Labels:
    """Return the labels of places: communities by size, then roads by class, water, green."""
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
    """Return each name once, in the middle of its longest piece, long roads first."""
    length = np.asarray(shapely.length(roads.geometry))
    order = np.argsort(-length, kind="stable")
    order = order[roads["name"][order] != ""]
    _names, first = np.unique(roads["name"][order].astype(str), return_index=True)
    rows = order[np.sort(first)]
    middle = shapely.line_interpolate_point(roads.geometry[rows], 0.5, normalized=True)
    return roads["name"][rows], shapely.get_coordinates(middle).reshape(-1, 2)


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


def service_labels(services: Table, pins: Pins) -> Labels:
    """Return the names of the services whose pins are drawn, at the glyphs."""
    rows = services.rows_of(pins.ids)
    named = rows >= 0
    named[named] = services["name"][rows[named]] != ""
    texts = tuple(str(name) for name in services["name"][rows[named]])
    service: LabelKind = "service"
    return Labels(texts, (service,) * len(texts), pins.head[named])
