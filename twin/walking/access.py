"""Where access points attach to the network: the straight leg from a door to the nearest edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.arrays import Flags, Floats, Ints
from twin.memo import Memo
from twin.model.catalogues import rules
from twin.model.district import District
from twin.streets.network import Network, build_network
from twin.walking.legs import first_along, shortest_legs

Geometries = NDArray[Any]

REASONS = ("", "no_edge_within_cap", "leg_blocked", "island")
"""Why an access point is unattached: nothing to walk on within the cap; every leg within it crosses
water or a barrier; what lies within it is a small piece cut off from the rest."""

_MICRO = 1e-6
_ROUNDS = (0.15, 0.4, 1.0)
"""Parts of the cap to look within, one after the other; few points need the second."""

_CLEAR, _THROUGH_BUILDING, _BLOCKED = range(3)


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What decides where an access point attaches; independent of walker, status and hour."""

    network: Network
    barriers: Geometries
    water: Geometries
    buildings: Geometries

    @cached_property
    def attracting(self) -> Ints:
        """Edges that access points may attach to."""
        return np.flatnonzero(self.network.attracts)

    @cached_property
    def attracting_tree(self) -> shapely.STRtree:
        """Spatial index over the attracting edges; positions are those of `attracting`."""
        return shapely.STRtree(self.network.line[self.attracting])

    @cached_property
    def island_tree(self) -> shapely.STRtree:
        """Spatial index over edges that would attract if they were not cut off."""
        walkable = np.isin(self.network.kind, rules().attracting_kinds)
        return shapely.STRtree(self.network.line[walkable & self.network.island])

    @cached_property
    def barrier_tree(self) -> shapely.STRtree:
        """Spatial index over walls, fences and railways."""
        return shapely.STRtree(self.barriers)

    @cached_property
    def water_tree(self) -> shapely.STRtree:
        """Spatial index over water."""
        return shapely.STRtree(self.water)

    @cached_property
    def building_tree(self) -> shapely.STRtree:
        """Spatial index over buildings; positions are rows of the buildings table."""
        return shapely.STRtree(self.buildings)


@dataclass(frozen=True, eq=False)
class AccessPoints:
    """Access points and their legs, each array of shape (k,).

    Parameters
    ----------
    edge
        Edge of the network, -1 where unattached.
    offset_m
        Place on the edge, metres from its tail; 0 where unattached. Within a micrometre of an end
        it is that end: where a foot falls on a joint, rounding must not say whether it stands on
        the node or on a street that may be closed.
    leg_m
        Length of the leg, inf where unattached.
    x, y
        The point itself; for an outline the end of the leg on it, NaN where unattached.
    foot_x, foot_y
        The end of the leg on the edge, NaN where unattached.
    through_building
        The leg crosses another building because no leg within the cap avoids one.
    reason
        Number of a reason in :data:`REASONS`, 0 where attached.
    nearest_m
        Distance to the nearest attracting edge, however far; inf where there is none.
    """

    edge: Ints
    offset_m: Floats
    leg_m: Floats
    x: Floats
    y: Floats
    foot_x: Floats
    foot_y: Floats
    through_building: Flags
    reason: Ints
    nearest_m: Floats

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            getattr(self, name).flags.writeable = False

    def __len__(self) -> int:
        return len(self.edge)

    @cached_property
    def attached(self) -> bool:
        """At least one of the points is attached."""
        return bool((self.edge >= 0).any())

    def take(self, rows: Ints) -> AccessPoints:
        """Return the access points of these positions."""
        return AccessPoints(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    @classmethod
    def concatenate(cls, parts: Sequence[AccessPoints]) -> AccessPoints:
        """Return the access points of all parts, one after the other; at least one part."""
        names = cls.__dataclass_fields__
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


_surroundings: Memo[Surroundings] = Memo(8)


def surroundings(district: District) -> Surroundings:
    """Return what legs are judged against in `district`."""
    network = build_network(district.streets, district.terrain)
    shapes = (district.barriers.geometry, district.water.geometry, district.buildings.geometry)
    return _surroundings.get((network, *shapes), lambda: Surroundings(network, *shapes))


def attach(
    around: Surroundings, shapes: Geometries, own_building: Ints, street_id: Ints | None = None
) -> AccessPoints:
    """Attach points, or outlines by the point of them that is nearest to the edge.

    Parameters
    ----------
    around
        Network and obstacles.
    shapes
        Points, or outlines as lines, shape (k,).
    own_building
        Row of the building that each belongs to, which its leg may cross; -1 for none.
    street_id
        The street that a person says each opens on, -1 where nobody does; shape (k,).

    Notes
    -----
    Each attaches to the attracting edge of least distance within the cap whose leg crosses neither
    water nor a barrier, nor the joint of two of them; one that crosses no other building goes
    first. Of those within 1 mm of the least distance the lowest street id is taken, of the parts of
    one street (as where a path cuts it) the earliest. A street that a person named goes before all
    others, where it is one of those that qualify.
    """
    wanted = np.full(len(shapes), -1) if street_id is None else street_id
    edge, through = np.full(len(shapes), -1), np.zeros(len(shapes), bool)
    tempted = np.zeros(len(shapes), bool)
    pending = np.arange(len(shapes))
    for part in _ROUNDS:
        radius = part * rules().leg_cap_m + _MICRO
        point, near, distance = _candidates(around, shapes[pending], radius)
        point = pending[point]
        state = _leg_states(around, shapes[point], near, own_building[point])
        named = (wanted[point] >= 0) & (around.network.street_id[near] == wanted[point])
        chosen = _choose(around.network, point, near, distance, state, named)
        tempted[point] = True
        edge[point[chosen]] = near[chosen]
        through[point[chosen]] = state[chosen] == _THROUGH_BUILDING
        certain = (state[chosen] == _CLEAR) & (distance[chosen] <= radius - rules().tie_m)
        certain &= named[chosen] | (wanted[point[chosen]] < 0)
        pending = np.setdiff1d(pending, point[chosen[certain]])
        if not len(pending):
            break
    return _points(around, shapes, edge, through, tempted)


def _candidates(
    around: Surroundings, shapes: Geometries, radius: float
) -> tuple[Ints, Ints, Floats]:
    """Return pairs of shape and attracting edge within a radius, and their distances."""
    point, near = around.attracting_tree.query(shapes, predicate="dwithin", distance=radius)
    edge = around.attracting[near]
    return point, edge, shapely.distance(shapes[point], around.network.line[edge])


def _leg_states(around: Surroundings, shapes: Geometries, edge: Ints, own_building: Ints) -> Ints:
    """Return whether legs are clear, cross another building, or water or a barrier."""
    legs = shortest_legs(shapes, around.network.line[edge])
    state = np.full(len(legs), _CLEAR)
    long = np.flatnonzero(shapely.length(legs) > _MICRO)
    leg, building = _crossed(around.building_tree, legs[long])
    start = shapely.get_point(legs[long[leg]], 0)
    own = shapely.dwithin(start, around.buildings[building], rules().tie_m)
    own |= building == own_building[long[leg]]
    state[long[leg[~own]]] = _THROUGH_BUILDING
    inside, of_leg = _without_ends(legs[long])
    met = np.zeros(len(long), np.int64)
    for tree in (around.water_tree, around.barrier_tree):
        state[long[_crossed(tree, legs[long])[0]]] = _BLOCKED
        touched = of_leg[tree.query(inside, predicate="intersects")[0]]
        met += np.bincount(touched, minlength=len(long))
    state[long[met > 1]] = _BLOCKED
    return state


def _without_ends(legs: Geometries) -> tuple[Geometries, Ints]:
    """Return the legs without the first and last millimetre, and the row of each that is left.

    These pass the free end of a wall, but where they meet two walls or ponds at once, these join
    there, although the leg crosses neither; doors may stand in a wall, so the ends do not count.
    """
    length, tie = shapely.length(legs), rules().tie_m
    left = np.flatnonzero(length > 2 * tie)
    ends = shapely.get_coordinates(legs[left]).reshape(-1, 2, 2)
    step = (ends[:, 1] - ends[:, 0]) * (tie / length[left])[:, np.newaxis]
    ends[:, 0] += step
    ends[:, 1] -= step
    inner: Geometries = shapely.linestrings(ends)
    return inner, left


def _crossed(tree: shapely.STRtree, legs: Geometries) -> tuple[Ints, Ints]:
    """Return pairs of leg and indexed feature that the leg crosses or lies within."""
    pairs = [tree.query(legs, predicate=predicate) for predicate in ("crosses", "within")]
    both = np.concatenate(pairs, axis=1)
    return both[0], both[1]


def _choose(
    network: Network, point: Ints, edge: Ints, distance: Floats, state: Ints, named: Flags
) -> Ints:
    """Return the pair that each attached point takes, ascending by point."""
    usable = np.flatnonzero(state != _BLOCKED)
    rank = np.where(named, 0, 1 + state)
    by_rank = usable[np.lexsort((distance[usable], rank[usable], point[usable]))]
    best = by_rank[np.flatnonzero(np.diff(point[by_rank], prepend=-1))]
    of_point = np.full(int(point.max(initial=-1)) + 1, -1)
    of_point[point[best]] = best
    rival = of_point[point[by_rank]]
    tied = (rank[by_rank] == rank[rival]) & (distance[by_rank] <= distance[rival] + rules().tie_m)
    tied_pairs = by_rank[tied]
    by_id = (edge[tied_pairs], network.street_id[edge[tied_pairs]], point[tied_pairs])
    lowest = tied_pairs[np.lexsort(by_id)]
    chosen: Ints = lowest[np.flatnonzero(np.diff(point[lowest], prepend=-1))]
    return chosen


def _points(
    around: Surroundings, shapes: Geometries, edge: Ints, through: Flags, tempted: Flags
) -> AccessPoints:
    count, at = len(shapes), np.flatnonzero(edge >= 0)
    line = around.network.line[edge[at]]
    legs = shortest_legs(shapes[at], line)
    start, foot = np.moveaxis(shapely.get_coordinates(legs).reshape(-1, 2, 2), 1, 0)
    length = around.network.length_m[edge[at]]
    offset = first_along(line, shapely.points(foot))
    offset = np.where(offset <= _MICRO, 0.0, np.where(offset >= length - _MICRO, length, offset))

    def spread(values: Any, unknown: float) -> Floats:
        whole = np.full(count, unknown)
        whole[at] = values
        return whole

    single = shapely.get_type_id(shapes) == 0
    x = np.where(single, shapely.get_x(shapes), spread(start[:, 0], np.nan))
    y = np.where(single, shapely.get_y(shapes), spread(start[:, 1], np.nan))
    leg_m = shapely.length(legs)
    reason, nearest = _reasons(around, shapes, edge >= 0, tempted)
    nearest[at] = leg_m
    return AccessPoints(
        edge,
        spread(offset, 0.0),
        spread(leg_m, np.inf),
        x,
        y,
        spread(foot[:, 0], np.nan),
        spread(foot[:, 1], np.nan),
        through,
        reason,
        nearest,
    )


def _reasons(
    around: Surroundings, shapes: Geometries, attached: Flags, tempted: Flags
) -> tuple[Ints, Floats]:
    """Return why points are unattached, and how far the nearest attracting edge is from them."""
    off = np.flatnonzero(~attached)
    cap = rules().leg_cap_m + _MICRO
    reason, nearest = np.zeros(len(shapes), np.int64), np.full(len(shapes), np.inf)
    reason[off] = REASONS.index("no_edge_within_cap")
    near = around.island_tree.query(shapes[off], predicate="dwithin", distance=cap)[0]
    reason[off[near]] = REASONS.index("island")
    reason[off[tempted[off]]] = REASONS.index("leg_blocked")
    (found, _), distance = around.attracting_tree.query_nearest(
        shapes[off], return_distance=True, all_matches=False
    )
    nearest[off[found]] = distance
    return reason, nearest
