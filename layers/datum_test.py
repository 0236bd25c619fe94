"""Layers in the shifted coordinates of Chinese maps: found by trying them on other layers.

Nothing in a file says that its coordinates are GCJ-02 or BD-09. But points of services lie in or
beside buildings, and streets run between buildings, once they are where they belong; some hundred
metres away they fall anywhere. So a layer is laid over another as it is and unshifted, and, to know
what pure chance gives, moved as far into wrong directions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.account import Account
from layers.china_datum import DATUMS, SHIFT, UNSHIFT, Datum
from layers.crs import in_china, middle_of_features, transformer
from layers.foreign import ForeignLayer
from layers.limits import limit
from layers.placing import Placed
from layers.problems import Problem, Severity

_METRES_PER_DEGREE = 111_320.0
_SHIFTED: tuple[Datum, ...] = tuple(d for d in DATUMS if d != "wgs84")
_POINTS = ("services", "entrances", "sites")
_LINES = ("streets", "roads")
_ON_LINES_M = 10.0
_MOST_FEW = 0.1
"""Share of samples beside buildings that is too small to stand for all."""

Places = NDArray[np.float64]
"""(n, 2): longitude and latitude, degrees."""


class Fit(NamedTuple):
    """How a layer fits another once it is taken for a datum.

    ``misfit`` is 0 where everything lies as it should and 1 where nothing does; ``as_it_is`` is
    that of the layer unmoved, ``by_chance`` the least of the layer moved as far into wrong
    directions.
    """

    datum: Datum
    misfit: float
    as_it_is: float
    by_chance: float
    samples: int
    offset_m: float

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


def settle_datums(
    placed: Sequence[Placed], given: Mapping[str, str]
) -> tuple[list[Placed], tuple[Problem, ...]]:
    """Bring layers in GCJ-02 or BD-09 to WGS 84: those the user names, and those that prove it.

    Buildings and streets are tried on each other, then all other points and lines on these. What
    is proven is unshifted and said; what is only suspected stays, with the option that settles it.

    Parameters
    ----------
    placed
        Layers with the CRS that their coordinates are said to have.
    given
        The user's word: datum by layer name or file name.
    """
    layers = list(placed)
    problems: list[Problem] = []
    named = [_given(layer, given) for _, layer, _ in layers]
    known = {name for _, layer, _ in layers for name in _names(layer)}
    problems += [
        Problem("datum_of_no_layer", Severity.WARNING, source=name)
        for name in given
        if name not in known
    ]
    for number, datum in enumerate(named):
        if datum is not None and datum != "wgs84":
            layers[number], offset = _unshifted(layers[number], datum)
            problems.append(_said("datum_given", layers[number], datum, offset, Severity.INFO))
    for number, (fit, against) in _found(layers, named).items():
        key, severity = "datum_suspected", Severity.WARNING
        if fit.passes("proven"):
            key, severity = "datum_found", Severity.REPAIRED
            layers[number], _ = _unshifted(layers[number], fit.datum)
        problems.append(_said(key, layers[number], fit.datum, fit.offset_m, severity, against))
    return layers, tuple(problems)


def _names(layer: ForeignLayer) -> tuple[str, ...]:
    return layer.source, layer.name, layer.file.name, layer.file.stem


def _given(layer: ForeignLayer, given: Mapping[str, str]) -> Datum | None:
    for name in _names(layer):
        for datum in DATUMS:
            if given.get(name) == datum:
                return datum
    return None


def _said(
    key: str, place: Placed, datum: Datum, offset: float, severity: Severity, against: str = ""
) -> Problem:
    role, layer, _ = place
    account = Account(role, layer.source)
    names = {"gcj02": "GCJ-02", "bd09": "BD-09"}
    account.note(
        key,
        severity,
        datum=names[datum],
        offset_m=round(offset),
        against=against,
        option=f"--datum {layer.name or layer.file.name}={datum}",
    )
    return account.problems[0]


def _found(layers: Sequence[Placed], named: Sequence[Datum | None]) -> dict[int, tuple[Fit, str]]:
    """Find the layers that fit another better unshifted; by their place in `layers`."""
    first = [_first(layers, "buildings"), _first(layers, "streets")]
    anchors = [number for number in first if number is not None]
    if not anchors or not _lies_in_china(layers[anchors[0]]):
        return {}
    found: dict[int, tuple[Fit, str]] = {}
    now = list(layers)

    def _try(number: int, anchor: int) -> None:
        if number == anchor or named[number] is not None:
            return
        if number in found and found[number][0].passes("proven"):
            return
        fit = best_fit(now[number], now[anchor])
        if fit is None or not fit.passes("suspected"):
            return
        if number in found and not fit.passes("proven"):
            return
        found[number] = fit, layers[anchor][1].source
        if fit.passes("proven"):
            now[number], _ = _unshifted(now[number], fit.datum)

    if len(anchors) == 2:
        one, other = anchors
        _try(one, other)
        if one not in found:
            _try(other, one)
    for number, (role, _, _) in enumerate(layers):
        if role in (*_POINTS, *_LINES) and number not in anchors:
            for anchor in anchors:
                _try(number, anchor)
    return found


def _first(layers: Sequence[Placed], role: str) -> int | None:
    """Return the place of the role's layer with most features."""
    of_role = [
        n for n, (other, layer, _) in enumerate(layers) if other == role and len(layer.frame)
    ]
    return max(of_role, key=lambda n: len(layers[n][1].frame), default=None)


def _lies_in_china(place: Placed) -> bool:
    middle = middle_of_features(place[1].frame)
    if middle is None:
        return False
    longitude, latitude = transformer(place[2]).transform(*middle)
    return bool(np.isfinite(longitude) and in_china(longitude, latitude))


def _unshifted(place: Placed, datum: Datum) -> tuple[Placed, float]:
    """Return a layer brought to WGS 84, in its own CRS, and by how many metres in the middle."""
    role, layer, crs = place
    there = transformer(crs)
    offsets: list[float] = []

    def _move(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        degrees = np.column_stack(there.transform(coordinates[:, 0], coordinates[:, 1]))
        moved = np.column_stack(UNSHIFT[datum](degrees[:, 0], degrees[:, 1]))
        offsets.append(_offset_m(degrees, moved))
        back = there.transform(moved[:, 0], moved[:, 1], direction="INVERSE")
        return np.column_stack(back)

    geometry = shapely.transform(np.asarray(layer.frame.geometry.array, dtype=object), _move)
    frame = layer.frame.set_geometry(geometry, crs=layer.frame.crs)
    return (role, replace(layer, frame=frame), crs), offsets[0] if offsets else 0.0


def _offset_m(one: Places, other: Places) -> float:
    if not len(one):
        return 0.0
    east = (other[:, 0] - one[:, 0]) * np.cos(np.radians(one[:, 1]))
    metres = _METRES_PER_DEGREE * np.hypot(east, other[:, 1] - one[:, 1])
    return float(np.nanmedian(metres))


def best_fit(place: Placed, anchor: Placed) -> Fit | None:
    """Lay a layer over another as each shifted datum, and return the one that fits best.

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
    box = shapely.buffer(
        shapely.box(*shapely.total_bounds(tree.geometries)), limit("datum", "near_m")
    )
    areas = place[0] == "buildings" or anchor[0] == "buildings"
    along = flip or place[0] in _LINES
    if not len(samples):
        return None

    def _misfit(moved: Places) -> float:
        points = shapely.points(to_plane(moved))
        if areas and along:
            return _share_within(tree, points)
        return _mean_distance(tree, points)

    hypotheses = {datum: _moved(samples, datum, flip) for datum in _SHIFTED}
    inside = shapely.intersects(box, shapely.points(to_plane(samples)))
    for moved in hypotheses.values():
        inside |= shapely.intersects(box, shapely.points(to_plane(moved)))
    if not inside.any():
        return None
    stay = samples[inside]
    as_it_is = _misfit(stay)
    fits = []
    for datum, moved in hypotheses.items():
        there = moved[inside]
        misfit, chance = _misfit(there), as_it_is
        if misfit <= limit("datum", "suspected_gain") * as_it_is:  # else chance decides nothing
            chance = min(_misfit(wrong) for wrong in _wrong_ways(stay, there))
        fits.append(Fit(datum, misfit, as_it_is, chance, len(stay), _offset_m(stay, there)))
    return min(fits, key=lambda fit: fit.misfit)


def _moved(samples: Places, datum: Datum, flip: bool) -> Places:
    """Return the samples unshifted or, where the other layer is the one to move, shifted to it."""
    shift = SHIFT[datum] if flip else UNSHIFT[datum]
    return np.column_stack(shift(samples[:, 0], samples[:, 1]))


def _wrong_ways(stay: Places, there: Places) -> list[Places]:
    """Return the samples moved as far as from `stay` to `there`, but to the other three sides."""
    narrow = np.cos(np.radians(stay[:, 1]))
    east, north = (there[:, 0] - stay[:, 0]) * narrow, there[:, 1] - stay[:, 1]
    turned = ((-east, -north), (-north, east), (north, -east))
    return [np.column_stack([stay[:, 0] + x / narrow, stay[:, 1] + y]) for x, y in turned]


class _Plane(NamedTuple):
    """Metres around a place, true enough for distances within a district."""

    longitude: float
    latitude: float

    def __call__(self, places: Places) -> NDArray[np.float64]:
        narrow = np.cos(np.radians(self.latitude))
        scale = np.array([_METRES_PER_DEGREE * narrow, _METRES_PER_DEGREE])
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
    """Return places that stand for a layer: its points, or places along its lines."""
    geometries, plane = _in_plane(place)
    if place[0] in _LINES:
        lines = shapely.get_parts(geometries)
        # A line without length stands for nothing, and cannot be cut in pieces.
        lines = lines[(shapely.get_dimensions(lines) == 1) & (shapely.length(lines) > 0)]
        points = shapely.get_coordinates(shapely.segmentize(lines, _ON_LINES_M))
    else:
        points = shapely.get_coordinates(shapely.centroid(geometries))
    points = np.unique(points, axis=0)
    few = max(1, len(points) // int(limit("datum", "most_samples")))
    flat = points[::few]
    narrow = np.cos(np.radians(plane.latitude))
    degrees = flat / np.array([_METRES_PER_DEGREE * narrow, _METRES_PER_DEGREE])
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
