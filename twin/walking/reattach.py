"""Attaching again after a street was added or removed: only what lies near the change."""

from __future__ import annotations

import numpy as np
import shapely

from twin.arrays import Ints
from twin.model.catalogues import rules
from twin.streets.network import Network
from twin.walking.access import AccessPoints, Geometries, Surroundings, attach

_MOST_CHANGED = 0.1
"""Part of the edges above which everything is attached anew."""

_ALWAYS_PATCHED = 10
"""So few changed lines are patched in the smallest network."""


def reattach(
    around: Surroundings,
    before: Surroundings,
    points: AccessPoints,
    shapes: Geometries,
    own_building: Ints,
    street_id: Ints | None = None,
) -> AccessPoints | None:
    """Return what `twin.walking.access.attach` would, from what it returned in other surroundings.

    Parameters
    ----------
    around, before
        The surroundings now, and those that `points` are attached in.
    points
        Of `shapes`, in `before`.
    shapes, own_building, street_id
        As for :func:`twin.walking.access.attach`.

    Returns
    -------
    None where too much changed for a patch to pay.
    """
    same = (around.barriers is before.barriers, around.water is before.water)
    if not all(same) or around.buildings is not before.buildings:
        return None
    now_at = _same_edges(before.network, around.network)
    if now_at is None:
        return None
    changed = _changed_lines(before.network, around.network, now_at)
    if len(changed) > max(_MOST_CHANGED * len(around.network), _ALWAYS_PATCHED):
        return None
    reach = rules().leg_cap_m + 2 * rules().tie_m
    near = shapely.STRtree(changed).query(shapes, predicate="dwithin", distance=reach)[0]
    again = np.union1d(near, np.flatnonzero(points.edge < 0))
    wanted = None if street_id is None else street_id[again]
    fresh = attach(around, shapes[again], own_building[again], wanted)
    kept = {name: getattr(points, name).copy() for name in AccessPoints.__dataclass_fields__}
    kept["edge"] = np.where(points.edge >= 0, now_at[points.edge], -1)
    for name, values in kept.items():
        values[again] = getattr(fresh, name)
    return AccessPoints(**kept)


def _same_edges(before: Network, now: Network) -> Ints | None:
    """Return where each edge of `before` is now, -1 where it is gone, other or attracts otherwise.

    The parts of a street are told apart by their order. None where there are no edges.
    """
    if not len(now) or not len(before):
        return None
    both = np.concatenate([before.street_id, now.street_id])
    which = np.unique(both, return_inverse=True)[1]
    old, new = which[: len(before)], which[len(before) :]
    parts = 1 + max(int(_part(old).max()), int(_part(new).max()))
    old_key, new_key = old * parts + _part(old), new * parts + _part(new)
    order = np.argsort(new_key)
    place = np.minimum(np.searchsorted(new_key[order], old_key), len(order) - 1)
    row = order[place]
    same = new_key[row] == old_key
    same &= before.attracts == now.attracts[row]
    same &= shapely.equals_identical(before.line, now.line[row])
    return np.where(same, row, -1)


def _part(street: Ints) -> Ints:
    """Return for each edge how many edges of its street stand before it."""
    order = np.argsort(street, kind="stable")
    begins = np.flatnonzero(np.diff(street[order], prepend=-1))
    number = np.empty(len(street), np.int64)
    number[order] = np.arange(len(street)) - np.repeat(
        begins, np.diff(np.append(begins, len(street)))
    )
    return number


def _changed_lines(before: Network, now: Network, now_at: Ints) -> Geometries:
    """Return the lines that attract only before or only now."""
    gone = before.line[(now_at < 0) & before.attracts]
    new = now.attracts.copy()
    new[now_at[now_at >= 0]] = False
    return np.concatenate([gone, now.line[new]])
