"""What a district needs beside its layers: ground, estimates, a boundary, references, checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from layers.account import Account
from layers.extent.boundary import check_extent, propose_boundary
from layers.geodesy.crs import WGS84, bounds_of, overlap
from layers.importing.gathering import Draft
from layers.importing.grids import ground_of, people_home, picture_of
from layers.importing.ledger import source_of_layer, source_of_raster
from layers.limits import limit
from layers.mending.overlapping import settle_overlaps
from layers.mending.references import settle_references
from layers.mending.streets import connect_streets
from layers.noding.streets import Noding
from layers.placing.settling import PLACE_ORDER, Placed
from layers.problems import Problem, Severity
from layers.rasters.elevation import Terrain
from layers.rasters.underlay import Underlay
from layers.residents.estimate import estimate_missing
from layers.vocabulary.hours import week

_MOST_EXAMPLES = 5


def read_terrain(
    draft: Draft,
    metric: pyproj.CRS,
    layers: Mapping[str, gpd.GeoDataFrame],
    placed: Sequence[Placed],
) -> Terrain | None:
    """Make one terrain of what says how high the ground is, cut to the layers and their halo."""
    systems = {layer.file: crs for _, layer, crs in placed}
    terrain, used, problems = ground_of(draft.grids, metric, layers, systems)
    draft.problems += problems
    draft.sources += [source_of_raster("terrain", raster) for raster in used]
    if terrain is not None and not used:
        draft.sources += [
            source_of_layer("terrain", one, len(one.frame), {}) for one in draft.grids.grounds
        ]
    return terrain


def read_underlay(
    draft: Draft, metric: pyproj.CRS, layers: Mapping[str, gpd.GeoDataFrame]
) -> Underlay | None:
    """Read the pictures as one, cut to the layers and their halo."""
    underlay, used, problems = picture_of(draft.grids, metric, layers)
    draft.problems += problems
    draft.sources += [source_of_raster("underlay", raster) for raster in used]
    return underlay


def _bring_people_home(draft: Draft, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Bring the people of grids to the buildings, in place."""
    buildings, used, problems = people_home(draft.grids, layers)
    draft.problems += problems
    draft.sources += [source_of_raster("residents", raster) for raster in used]
    if buildings is not None:
        layers["buildings"] = buildings


def complete(
    layers: dict[str, gpd.GeoDataFrame],
    kept: frozenset[str],
    draft: Draft,
    halo_m: float | None,
    noding: Noding,
    people: Mapping[str, Any] | None,
    mapped: Any,
) -> dict[str, gpd.GeoDataFrame]:
    """Estimate, propose a boundary, settle references, and check what figures will need."""
    layers = dict(layers)
    problems = draft.problems
    problems += _report_elsewhere(layers)
    if "buildings" in layers and "buildings" not in kept:
        layers["buildings"], found = settle_overlaps(layers["buildings"])
        problems += found
    _bring_people_home(draft, layers)
    if "buildings" in layers and "buildings" not in kept:
        layers["buildings"], found = estimate_missing(
            layers["buildings"], layers.get("communities"), people
        )
        problems += found
    if "boundary" not in layers or not len(layers["boundary"]):
        boundary, found = propose_boundary(layers.get("buildings"), layers.get("communities"))
        problems += found
        if boundary is not None:
            layers["boundary"] = boundary
    layers, found = settle_references(layers)
    problems += found
    for role in ("buildings", "streets", "services"):
        if role not in layers or not len(layers[role]):
            severity = Severity.WARNING if role == "services" else Severity.ERROR
            problems.append(Problem(f"no_{role}", severity, role))
    if "streets" in layers and "streets" not in kept:
        streets = layers["streets"]
        meets = streets["meets"].to_numpy(dtype=np.bool_)
        layers["streets"], found = connect_streets(streets.drop(columns="meets"), noding, meets)
        problems += found
    problems += [] if "services" in kept else _report_unread_hours(layers)
    problems += check_extent(layers, halo_m, mapped)
    return layers


def said_mapped(placed: Sequence[Placed], metric: pyproj.CRS) -> Any:
    """Return the area that sources of streets say they cover, None where none does."""
    stated = {layer.covers for role, layer, _ in placed if role == "streets" and layer.covers}
    if not stated:
        return None
    boxes = shapely.segmentize(shapely.box(*np.array(sorted(stated)).T), 0.01)
    return gpd.GeoSeries(boxes, crs=WGS84).to_crs(metric).union_all()


def _report_unread_hours(layers: Mapping[str, gpd.GeoDataFrame]) -> tuple[Problem, ...]:
    """Say which services have opening hours that cannot be read."""
    if "services" not in layers:
        return ()
    services, account = layers["services"], Account("services")
    said = services["hours"].to_numpy(dtype=object).astype(str)
    unread = [hours for hours in np.unique(said).tolist() if hours and week(hours) is None]
    hit = np.isin(said, unread)
    examples = "; ".join(unread[:_MOST_EXAMPLES])
    account.add("service_hours_unread", Severity.WARNING, services["id"][hit], examples=examples)
    return account.problems


def _report_elsewhere(layers: Mapping[str, gpd.GeoDataFrame]) -> list[Problem]:
    """Report layers that lie nowhere near the most important one."""
    boxes = {role: in_box for role, frame in layers.items() if (in_box := bounds_of(frame))}
    first = next((role for role in PLACE_ORDER if role in boxes), None)
    if first is None:
        return []
    margin = 5 * limit("space", "far_gap_m")
    west, south, east, north = boxes[first]
    around = (west - margin, south - margin, east + margin, north + margin)
    return [
        Problem("layer_elsewhere", Severity.ERROR, role)
        for role, box in boxes.items()
        if not overlap(box, around)
    ]
