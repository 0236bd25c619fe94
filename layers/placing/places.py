"""One district has one place: layers and features of other places are left out, and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from layers.geodesy.crs import transformer
from layers.limits import limit
from layers.placing.settling import PLACE_ORDER, Placed
from layers.problems import Fact, Problem, Severity

Ints = NDArray[np.int64]


def one_place(
    placed: Sequence[Placed],
) -> tuple[list[Placed], list[Placed], list[Problem]]:
    """Keep the layers of one place: the one with the most roles, then the most features.

    Features belong to one place where a chain of them has no gap of more than some kilometres.
    Where others lie far away, a person has to say which district is meant: computing on would put
    a boundary around several cities and measure in a zone of none of them.

    Parameters
    ----------
    placed
        Layers with their CRS.

    Returns
    -------
    The layers of the place, those of others, and an error for each of the two findings: layers in
    other places, and features of the kept layers in other places.
    """
    cells = [_cells(entry) for entry in placed]
    group_of = _grouped(cells)
    if group_of.max(initial=0) < 1:
        return list(placed), [], []
    groups = _by_layer(cells, group_of)
    chosen = _most_telling(placed, groups)
    here = [not len(found) or bool((found == chosen).any()) for found in groups]
    kept = [entry for entry, inside in zip(placed, here, strict=True) if inside]
    left = [entry for entry, inside in zip(placed, here, strict=True) if not inside]
    problems = _tell_layers(kept, left)
    near = _near(np.concatenate([c.degrees for c in cells]), group_of, chosen)
    inside = _by_layer(cells, near.astype(np.int64))
    trimmed = []
    for entry, found, stays in zip(placed, inside, here, strict=True):
        if stays:
            whole, told = _without(entry, found == 0)
            trimmed.append(whole)
            problems += told
    return trimmed, left, problems


@dataclass(frozen=True, eq=False)
class _Cells:
    """The places of a layer's features, by cells of ``among_degrees``.

    Parameters
    ----------
    cell
        Column and row, shape (n, 2).
    row
        The feature of each; features without a place have none.
    degrees
        Longitude and latitude, shape (n, 2).
    """

    cell: Ints
    row: Ints
    degrees: NDArray[np.float64]


def _cells(entry: Placed) -> _Cells:
    _, layer, crs = entry
    box = shapely.bounds(np.asarray(layer.frame.geometry.array, dtype=object))
    x, y = (box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2
    there = np.isfinite(x) & np.isfinite(y)
    degrees = np.stack(transformer(crs).transform(x[there], y[there]), axis=1)
    good = np.isfinite(degrees).all(axis=1)
    degrees, row = degrees[good], np.flatnonzero(there)[good]
    return _Cells(np.floor(degrees / limit("crs", "among_degrees")).astype(np.int64), row, degrees)


def _grouped(layers: Sequence[_Cells]) -> Ints:
    """Return the group of every feature of every layer, in order."""
    every = np.concatenate([found.cell for found in layers]) if layers else np.zeros((0, 2))
    if not len(every):
        return np.zeros(0, dtype=np.int64)
    cells, cell_of = np.unique(every, axis=0, return_inverse=True)
    # Cells that touch, at a corner too.
    near = cKDTree(cells).query_pairs(1.5, output_type="ndarray")
    links = coo_array((np.ones(len(near)), (near[:, 0], near[:, 1])), shape=(len(cells),) * 2)
    _, group = connected_components(links, directed=False)
    return np.asarray(group[cell_of.ravel()], dtype=np.int64)


def _by_layer(layers: Sequence[_Cells], values: Ints) -> list[Ints]:
    ends = np.cumsum([len(found.row) for found in layers])
    return np.split(values, ends[:-1])


def _most_telling(placed: Sequence[Placed], groups: Sequence[Ints]) -> int:
    """Return the group where the most roles are, then the most features."""
    count = 1 + max(int(found.max(initial=0)) for found in groups)
    features, roles = np.zeros(count), np.zeros(count)
    for role in PLACE_ORDER:
        here = np.zeros(count, dtype=np.int64)
        for (own, _, _), found in zip(placed, groups, strict=True):
            if own == role:
                here += np.bincount(found, minlength=count)
        roles += here > 0
        features += here
    return int(np.lexsort((-np.arange(count), features, roles))[-1])


def _near(degrees: NDArray[np.float64], group: Ints, chosen: int) -> NDArray[np.bool_]:
    """Tell which places lie within ``place_apart_degrees`` of the chosen group's rectangle."""
    reach = limit("crs", "place_apart_degrees")
    own = degrees[group == chosen]
    low, high = own.min(axis=0) - reach, own.max(axis=0) + reach
    return np.asarray(((degrees >= low) & (degrees <= high)).all(axis=1))


def _tell_layers(kept: Sequence[Placed], left: Sequence[Placed]) -> list[Problem]:
    if not left:
        return []
    facts: dict[str, Fact] = {
        "kept": "; ".join(_named(entry) for entry in kept),
        "left": "; ".join(_named(entry) for entry in left),
        "count": len(left),
    }
    return [Problem("layers_elsewhere", Severity.ERROR, facts=facts)]


def _named(entry: Placed) -> str:
    """Name a layer and where it lies."""
    found = _cells(entry).degrees
    if not len(found):
        return entry[1].source
    longitude, latitude = np.median(found, axis=0)
    west_east, north_south = "E" if longitude >= 0 else "W", "N" if latitude >= 0 else "S"
    place = f"{abs(longitude):.2f} {west_east}, {abs(latitude):.2f} {north_south}"
    return f"{entry[1].source} ({place})"


def _without(entry: Placed, far: NDArray[np.bool_]) -> tuple[Placed, list[Problem]]:
    """Leave out features that lie in another place than the district."""
    role, layer, crs = entry
    if not far.any():
        return entry, []
    found = _cells(entry)
    drop = np.zeros(len(layer.frame), dtype=np.bool_)
    drop[found.row[far]] = True
    longitude, latitude = np.median(found.degrees[far], axis=0)
    facts: dict[str, Fact] = {
        "count": int(drop.sum()),
        "of": len(layer.frame),
        "longitude": round(float(longitude), 2),
        "latitude": round(float(latitude), 2),
    }
    severity = Severity.ERROR if role in PLACE_ORDER[:4] else Severity.WARNING
    problem = Problem("features_in_other_places", severity, role, layer.source, facts=facts)
    return (role, replace(layer, frame=layer.frame.loc[~drop].reset_index(drop=True)), crs), [
        problem
    ]
