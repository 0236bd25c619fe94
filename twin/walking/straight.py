"""Straight distances from doors to services: the literal reading of a radius."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

import numpy as np
import shapely

from twin.arrays import Floats
from twin.memo import Memo
from twin.model.district import District
from twin.walking.access import Geometries
from twin.walking.facilities import serving
from twin.walking.origins import Origins

_distances: Memo[Floats] = Memo(128)

_asked: OrderedDict[Hashable, frozenset[bytes]] = OrderedDict()
"""The shapes last asked for: only a hint at what stays, results do not depend on it."""

_MOST_ASKED = 256

_FEW, _PAIRS = 4, 2**20
"""So few places, or so few pairs of doors and places, are looked at one by one, without an index:
what loads that takes longer than a million distances."""


def straight_distances(district: District, origins: Origins, types: tuple[str, ...]) -> Floats:
    """Return the straight distance from every origin to the nearest open service of some types.

    Metres, from the origin's door to the service's point or area (0 within it); inf where there is
    no such service. The door of a building without entrances is the end of its leg.
    """
    services = district.services
    flags = serving(services)
    rows = np.flatnonzero(
        np.logical_or.reduce(
            [np.zeros(len(services), bool), *(flags[t] for t in types if t in flags)]
        )
    )
    shapes = services.geometry[rows]
    keys = shapely.to_wkb(shapes)
    hint = (id(origins.access), types)
    before = _asked.get(hint, frozenset())
    _asked[hint] = frozenset(keys.tolist())
    if len(_asked) > _MOST_ASKED:
        _asked.popitem(last=False)
    stays = np.array([key in before for key in keys], bool)
    key, kept = b"".join(keys), b"".join(keys[stays])
    moved = ~stays
    if not moved.any() or moved.sum() >= stays.sum():
        return _distances.get((origins.access,), lambda: _nearest(origins, shapes), key)
    known = _distances.get((origins.access,), lambda: _nearest(origins, shapes[stays]), kept)
    return _distances.get((origins.access,), lambda: _lesser(origins, shapes[moved], known), key)


def _lesser(origins: Origins, moved: Geometries, known: Floats) -> Floats:
    least = np.minimum(known, _nearest(origins, moved))
    least.flags.writeable = False
    return least


def straight_to_each(
    district: District, origins: Origins, types: tuple[str, ...], at_least: int
) -> Floats:
    """Return the straight distance until services of `at_least` different types are near."""
    if at_least == 1:
        return straight_distances(district, origins, types)
    each = tuple(straight_distances(district, origins, (type_id,)) for type_id in types)
    return _distances.get(each, lambda: np.sort(np.vstack(each), axis=0)[at_least - 1], at_least)


def _nearest(origins: Origins, shapes: Geometries) -> Floats:
    least: Floats = np.full(len(origins), np.inf)
    points = shapely.get_type_id(shapes) == 0
    count = points.sum()
    if count > 0 and (count <= _FEW or count * len(origins) <= _PAIRS):
        for x, y in shapely.get_coordinates(shapes[points]):
            np.minimum(least, np.hypot(origins.x - x, origins.y - y), out=least)
    elif count:
        from scipy.spatial import cKDTree  # slow to load, which no window should wait for

        tree = cKDTree(shapely.get_coordinates(shapes[points]))
        least = np.asarray(tree.query(np.column_stack([origins.x, origins.y]))[0])
    if not points.all() and len(origins):
        doors = shapely.points(origins.x, origins.y)
        for area in shapes[~points]:
            np.minimum(least, shapely.distance(doors, area), out=least)
    least.flags.writeable = False
    return least
