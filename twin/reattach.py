"""Attaching again after a street was added or removed: only what lies near the change."""

from __future__ import annotations

import numpy as np
import shapely

from twin.access import AccessPoints, Geometries, Surroundings, attach
from twin.catalogues import rules
from twin.network import Ints, Network

_MOST_CHANGED = 0.1
"""Part of the edges above which everything is attached anew."""


def reattach(
    around: Surroundings,
    before: Surroundings,
    points: AccessPoints,
    shapes: Geometries,
    own_building: Ints,
    street_id: Ints | None = None,
) -> AccessPoints | None:
    """Return what :func:`twin.access.attach` returns, from what it returned in other surroundings.

    Parameters
    ----------
    around, before
        The surroundings now, and those that `points` are attached in.
    points
        Of `shapes`, in `before`.
    shapes, own_building, street_id
        As for :func:`twin.access.attach`.

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
    if len(changed) > _MOST_CHANGED * max(len(around.network), 10):
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

    None where streets have several parts, which have no numbers to tell them by.
    """
    order = np.argsort(now.street_id)
    ids = now.street_id[order]
    if not len(now) or not len(before):
        return None
    if (np.diff(ids) == 0).any() or len(np.unique(before.street_id)) < len(before):
        return None
    place = np.minimum(np.searchsorted(ids, before.street_id), len(ids) - 1)
    row = order[place]
    same = ids[place] == before.street_id
    same &= before.attracts == now.attracts[row]
    same &= shapely.equals_identical(before.line, now.line[row])
    return np.where(same, row, -1)


def _changed_lines(before: Network, now: Network, now_at: Ints) -> Geometries:
    """Return the lines that attract only before or only now."""
    gone = before.line[(now_at < 0) & before.attracts]
    new = now.attracts.copy()
    new[now_at[now_at >= 0]] = False
    return np.concatenate([gone, now.line[new]])
