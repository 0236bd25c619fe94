"""How a layer fits another once one of the two is taken for shifted, as Chinese maps shift.

Points of services lie in or beside buildings; streets, walls and the outlines of communities, parks
and ponds run between them, and beside streets. Some hundred metres away they fall anywhere.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geodesy.china_datum import DATUMS, SHIFT, UNSHIFT, Datum
from layers.geodesy.crs import middle_of_features, transformer
from layers.limits import limit
from layers.placing.settling import Placed

METRES_PER_DEGREE = 111_320.0
POINTS = ("services", "entrances", "sites")
LINES = ("streets", "roads")
BETWEEN = ("communities", "boundary", "barriers", "water", "green")
"""Roles whose outlines run between buildings."""

_SHIFTED: tuple[Datum, ...] = tuple(d for d in DATUMS if d != "wgs84")
_ON_LINES_M = 10.0
_MOST_FEW = 0.1
"""Share of samples beside buildings that is too small to stand for all."""

Places = NDArray[np.float64]
"""(n, 2): longitude and latitude, degrees."""


class Fit(NamedTuple):
    """How a layer fits another once one of them is taken for a datum.

    ``misfit`` is 0 where everything lies as it should and 1 where nothing does; ``as_it_is`` is
    that of the layer unmoved, ``by_chance`` the least of the layer moved as far into wrong
    directions. ``of_other`` says that not the layer but the other one is in the datum.
    """

    datum: Datum
    misfit: float
    as_it_is: float
    by_chance: float
    samples: int
    offset_m: float
    of_other: bool = False

    @property
    def gain(self) -> float:
        """Misfit as a share of what it is without the shift, and by chance: the greater."""
        return self.misfit / max(min(self.as_it_is, self.by_chance), 1e-9)

    def passes(self, degree: str) -> bool:
        """Tell whether the fit is at least ``suspected`` or ``proven``, by the limits."""
        return (
            self.gain <= limit("datum", f"{degree}_gain")
            and self.misfit <= limit("datum", f"{degree}_misfit")
            and self.samples >= limit("datum", f"{degree}_samples")
        )

    @property
    def stands(self) -> bool:
        """Whether the layer fits clearly better as it is than shifted."""
        enough = self.samples >= limit("datum", "suspected_samples")
        return bool(enough and self.as_it_is * limit("datum", "stands_gain") <= self.misfit)


def says_anything(role: str, other: str) -> bool:
    """Tell whether layers of two roles tell of each other where they lie."""
    if other == "buildings":
        return role in (*POINTS, *LINES, *BETWEEN)
    return role in ("buildings", *POINTS, *LINES, *BETWEEN)


def best_fit(place: Placed, anchor: Placed) -> Fit | None:
    """Lay a layer over another, either as each shifted datum; return what fits best.

    Returns
    -------
    None where the two kinds of layer say nothing of each other, or lie apart.
    """
    reference, to_plane = _in_plane(anchor)
    tree = shapely.STRtree(reference)
    flip = place[0] == "buildings"
    if flip:
        # Streets lie still as samples; the buildings move over them.
        tree = shapely.STRtree(_in_plane(place, to_plane)[0])
    samples = _samples(anchor if flip else place)
    if not len(samples) or not len(tree.geometries):
        return None
    box = shapely.buffer(
        shapely.box(*shapely.total_bounds(tree.geometries)), limit("datum", "near_m")
    )
    areas = place[0] == "buildings" or anchor[0] == "buildings"
    along = flip or place[0] in (*LINES, *BETWEEN)

    def _misfit(moved: Places) -> float:
        points = shapely.points(to_plane(moved))
        if areas and along:
            return _share_within(tree, points)
        return _mean_distance(tree, points)

    hypotheses = {
        (datum, of_other): _moved(samples, datum, back=flip == of_other)
        for datum in _SHIFTED
        for of_other in (False, True)
    }
    inside = shapely.intersects(box, shapely.points(to_plane(samples)))
    for moved in hypotheses.values():
        inside |= shapely.intersects(box, shapely.points(to_plane(moved)))
    if not inside.any():
        return None
    stay = samples[inside]
    as_it_is = _misfit(stay)
    if place[0] in BETWEEN and areas and as_it_is == 1.0:
        return None  # an outline drawn wide around the buildings says nothing of where it belongs
    fits = []
    for (datum, of_other), moved in hypotheses.items():
        there = moved[inside]
        misfit, chance = _misfit(there), as_it_is
        if misfit <= limit("datum", "suspected_gain") * as_it_is:  # else chance decides nothing
            chance = min(_misfit(wrong) for wrong in _wrong_ways(stay, there))
        offset = offset_m(stay, there)
        fits.append(Fit(datum, misfit, as_it_is, chance, len(stay), offset, of_other))
    return min(fits, key=lambda fit: fit.misfit)


def _moved(samples: Places, datum: Datum, *, back: bool) -> Places:
    """Return the samples unshifted (`back`), or shifted to where a shifted layer has them."""
    shift = UNSHIFT[datum] if back else SHIFT[datum]
    return np.column_stack(shift(samples[:, 0], samples[:, 1]))


def _wrong_ways(stay: Places, there: Places) -> list[Places]:
    """Return the samples moved as far as from `stay` to `there`, into seven other directions."""
    narrow = np.cos(np.radians(stay[:, 1]))
    east, north = (there[:, 0] - stay[:, 0]) * narrow, there[:, 1] - stay[:, 1]
    ways = []
    for angle in np.arange(1, 8) * np.pi / 4:
        x = east * np.cos(angle) - north * np.sin(angle)
        y = east * np.sin(angle) + north * np.cos(angle)
        ways.append(np.column_stack([stay[:, 0] + x / narrow, stay[:, 1] + y]))
    return ways


def offset_m(one: Places, other: Places) -> float:
    """Return the median distance between paired places, m; 0 where there are none."""
    if not len(one):
        return 0.0
    east = (other[:, 0] - one[:, 0]) * np.cos(np.radians(one[:, 1]))
    metres = METRES_PER_DEGREE * np.hypot(east, other[:, 1] - one[:, 1])
    return float(np.nanmedian(metres))


class _Plane(NamedTuple):
    """Metres around a place, true enough for distances within a district."""

    longitude: float
    latitude: float

    def __call__(self, places: Places) -> NDArray[np.float64]:
        narrow = np.cos(np.radians(self.latitude))
        scale = np.array([METRES_PER_DEGREE * narrow, METRES_PER_DEGREE])
        return np.asarray((places - np.array([self.longitude, self.latitude])) * scale)


def _in_plane(place: Placed, plane: _Plane | None = None) -> tuple[NDArray[np.object_], _Plane]:
    """Return a layer's geometries in metres around its middle, or on a given plane."""
    _, layer, crs = place
    there = transformer(crs)
    middle = there.transform(*(middle_of_features(layer.frame) or (0.0, 0.0)))
    made = plane or _Plane(*middle)

    def _move(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        return made(np.column_stack(there.transform(coordinates[:, 0], coordinates[:, 1])))

    geometries = np.asarray(layer.frame.geometry.array, dtype=object)
    usable = geometries[~(shapely.is_missing(geometries) | shapely.is_empty(geometries))]
    moved = shapely.transform(usable, _move)
    whole = np.isfinite(shapely.bounds(moved)).all(axis=1)
    return moved[whole], made


def _samples(place: Placed) -> Places:
    """Return places that stand for a layer: its points, or places along lines and outlines."""
    geometries, plane = _in_plane(place)
    if place[0] in (*LINES, *BETWEEN):
        flat = shapely.get_dimensions(geometries) == 2
        lines = np.where(flat, shapely.boundary(geometries), geometries)
        lines = shapely.get_parts(lines)
        # A line without length stands for nothing, and cannot be cut in pieces.
        lines = lines[(shapely.get_dimensions(lines) == 1) & (shapely.length(lines) > 0)]
        points = shapely.get_coordinates(shapely.segmentize(lines, _ON_LINES_M))
    else:
        points = shapely.get_coordinates(shapely.centroid(geometries))
    points = np.unique(points, axis=0)
    few = max(1, len(points) // int(limit("datum", "most_samples")))
    chosen = points[::few]
    narrow = np.cos(np.radians(plane.latitude))
    degrees = chosen / np.array([METRES_PER_DEGREE * narrow, METRES_PER_DEGREE])
    return np.asarray(degrees + np.array([plane.longitude, plane.latitude]))


def _share_within(tree: shapely.STRtree, points: NDArray[np.object_]) -> float:
    """Return which share of the points beside buildings lie in them; 1 where few are beside any."""
    distance = _distances(tree, points)
    beside = distance < limit("datum", "near_m")
    if beside.sum() < max(limit("datum", "proven_samples"), _MOST_FEW * len(points)):
        return 1.0
    return float((distance[beside] == 0).mean())


def _mean_distance(tree: shapely.STRtree, points: NDArray[np.object_]) -> float:
    """Return the mean distance to the nearest feature, as a share of where nearness ends."""
    return float(_distances(tree, points).mean() / limit("datum", "near_m"))


def _distances(tree: shapely.STRtree, points: NDArray[np.object_]) -> NDArray[np.float64]:
    near = limit("datum", "near_m")
    (index, _), distance = tree.query_nearest(
        points, max_distance=near, return_distance=True, all_matches=False
    )
    least = np.full(len(points), near)
    least[index] = distance
    return least
