"""From a heap of files to a project: read, understand, reproject, tidy, estimate, check."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from layers import geopackage
from layers.account import Account
from layers.boundary import check_extent, propose_boundary
from layers.clipping import Clip, clip_from
from layers.columns import IGNORE, columns_of, role_of
from layers.crs import Bounds, bounds_of, overlap
from layers.datum_test import settle_datums
from layers.estimate import estimate_missing
from layers.exchange import is_file_geodatabase
from layers.foreign import ForeignLayer, refusal
from layers.formats import files_in, format_of, read_vector
from layers.limits import limit
from layers.mapping import name_columns
from layers.placing import PLACE_ORDER, Placed, crs_name, metric_crs, settle_crs, stated_places
from layers.noding.streets import Noding
from layers.problems import Fact, LayerError, Problem, Severity
from layers.project import ProjectFile, Source, is_project
from layers.references import settle_references
from layers.schema import ROLES
from layers.streets import connect_streets
from layers.terrain import Terrain, read_terrain, stated_crs
from layers.tidy import tidy

Progress = Callable[[float, str], None]
"""Takes the share done (0 to 1) and the key of a text; what it raises stops the import."""


@dataclass
class _Draft:
    """What an import has gathered so far."""

    layers: list[tuple[str, ForeignLayer]] = field(default_factory=list)
    terrains: list[tuple[Path, str | None]] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def import_layers(
    paths: Sequence[Path],
    *,
    name: str | None = None,
    crs: pyproj.CRS | None = None,
    roles: Mapping[str, str] | None = None,
    columns: Mapping[str, Mapping[str, str]] | None = None,
    datums: Mapping[str, str] | None = None,
    halo_m: float | None = None,
    clip: str | None = None,
    noding: Noding = "auto",
    progress: Progress | None = None,
) -> ProjectFile:
    """Make a project from files and folders; nothing is written.

    Parameters
    ----------
    paths
        Files, and folders that are searched through for files of known formats. A named file that
        cannot be read refuses the import; one found in a folder becomes a problem.
    name
        Of the district; by default the first path's name.
    crs
        The user's word: the CRS of layers that state none, and the district's own where it is a
        local metric one.
    roles
        The user's word: role (or ``ignore``) by layer name or file name.
    columns
        The user's word: for a role, schema column to the file's column.
    datums
        The user's word: datum (``gcj02``, ``bd09`` or ``wgs84``) by layer name or file name.
    halo_m
        How far streets and services should reach beyond the boundary, m.
    clip
        The district's outline within larger data, as `layers.clipping.clip_from` takes it; it
        becomes the boundary, and what lies beyond its halo is left out.
    noding
        Whether streets are cut where they cross: ``auto`` decides from the data.
    progress
        Called between steps; may raise to cancel.

    Raises
    ------
    LayerError
        A named file is missing or unreadable, or nothing usable was found.
    """
    report = progress or _silent
    district = None if clip is None else clip_from(clip, halo_m or limit("space", "halo_m"))
    draft = _read_all(paths, roles, report, district.around if district else None)
    placed = _with_crs(draft, crs)
    if not any(bounds_of(layer.frame) for _, layer, _ in placed):
        raise _nothing_usable(paths, draft)
    placed, found = settle_datums(placed, datums or {})
    draft.problems += found
    placed = _clipped(placed, district, draft)
    metric, problems = metric_crs(placed, crs)
    draft.problems += problems
    layers = _tidy_all(placed, metric, columns, draft, report)
    if district and "boundary" not in layers:
        layers["boundary"] = district.boundary(metric)
    report(0.8, "import.terrain")
    terrain = _read_terrain(draft, metric, layers)
    report(0.9, "import.checking")
    layers = _complete(layers, draft, halo_m, noding)
    return ProjectFile(
        name=name or _name_from(paths),
        crs=metric,
        layers={role: layers[role] for role in ROLES if role in layers},
        terrain=terrain,
        surveyed=_types_present(layers),
        sources=tuple(draft.sources),
        problems=tuple(draft.problems),
    )


def _silent(_done: float, _key: str) -> None:
    """Take no notice of progress."""


def _name_from(paths: Sequence[Path]) -> str:
    return paths[0].resolve().name.split(".")[0] if paths else ""


def _read_all(
    paths: Sequence[Path],
    roles: Mapping[str, str] | None,
    report: Progress,
    around: Bounds | None,
) -> _Draft:
    """Read every file and tell each layer's role."""
    draft = _Draft()
    files: dict[Path, bool] = {}
    for path in paths:
        folder = path.is_dir() and not is_file_geodatabase(path)
        found = files_in(path) if folder else [path]
        files |= {file: not folder for file in found if file not in files}
    for number, (file, named) in enumerate(files.items()):
        report(0.4 * number / len(files), "import.reading")
        try:
            _read_file(file, roles, draft, around)
        except LayerError as error:
            if named:
                raise
            draft.problems.append(_less_if_unrelated(error.problem))
    return draft


def _less_if_unrelated(problem: Problem) -> Problem:
    """Make little of a file in a folder that only shares its suffix with what holds features."""
    if problem.key in (
        "json_other",
        "json_no_features",
        "table_without_places",
        "city_without_objects",
    ):
        return replace(problem, severity=Severity.INFO)
    return problem


def _read_file(
    file: Path, roles: Mapping[str, str] | None, draft: _Draft, around: Bounds | None
) -> None:
    format_ = format_of(file)
    if format_.read is None:
        draft.terrains.append((file, None))
        return
    layers, problems = read_vector(file, around)
    if is_project(file):
        problems.append(Problem("project_as_layers", Severity.WARNING, source=file.name))
    coverages = geopackage.coverages(file) if format_.read is geopackage.read else []
    draft.terrains += [(file, coverage) for coverage in coverages]
    if not layers and not coverages:
        errors = [p for p in problems if p.severity is Severity.ERROR]
        raise LayerError(errors[0]) if errors else refusal("no_layers", file)
    draft.problems += problems
    for layer in layers:
        draft.problems += layer.problems
        role = role_of(layer, roles)
        if role == IGNORE:
            continue
        if role not in ROLES:
            facts: dict[str, Fact] = {"count": len(layer.frame), "named": role}
            key = "role_unknown" if role == "" else "role_not_known"
            draft.problems.append(Problem(key, Severity.WARNING, "", layer.source, facts=facts))
            draft.sources.append(_source("", layer, 0, {}))
            continue
        if not len(layer.frame):
            draft.problems.append(Problem("layer_empty", Severity.WARNING, role, layer.source))
        draft.layers.append((role, layer))


def _source(
    role: str, layer: ForeignLayer, kept: int, mapping: Mapping[str, str], crs: str = ""
) -> Source:
    return Source(
        role=role,
        file=layer.file.name,
        layer=layer.name,
        crs=crs or crs_name(layer.crs),
        features_declared=layer.declared,
        features_read=len(layer.frame),
        features_kept=kept,
        mapping=dict(mapping),
        read_at=_now(),
        sha256=_digest(layer.file),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _digest(file: Path) -> str:
    if file.is_dir():
        # A geodatabase is a folder: the digest of its files' digests, in the order of their names.
        parts = "".join(_digest(part) for part in sorted(file.iterdir()) if part.is_file())
        return hashlib.sha256(parts.encode()).hexdigest()
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _with_crs(
    draft: _Draft, given: pyproj.CRS | None
) -> list[tuple[str, ForeignLayer, pyproj.CRS]]:
    """Settle the CRS of every layer; those that cannot be placed become problems."""
    stated = stated_places(layer for _, layer in draft.layers)
    placed = []
    for role, layer in draft.layers:
        crs, problems = settle_crs(role, layer, stated, given)
        draft.problems += problems
        if crs is None:
            draft.sources.append(_source("", layer, 0, {}))
        else:
            placed.append((role, layer, crs))
    return placed


def _clipped(placed: list[Placed], district: Clip | None, draft: _Draft) -> list[Placed]:
    """Leave out what lies beyond the district and its halo."""
    if district is None:
        return placed
    cut = []
    for entry in placed:
        inside, problems = district.cut(entry)
        draft.problems += problems
        cut.append(inside)
    if not any(bounds_of(layer.frame) for _, layer, _ in cut):
        raise refusal("clip_misses", placed[0][1].file)
    return cut


def _nothing_usable(paths: Sequence[Path], draft: _Draft) -> LayerError:
    """Say the most telling reason why there is no layer to work with."""
    telling = [p for p in draft.problems if p.severity is Severity.ERROR]
    telling += [p for p in draft.problems if p.key in ("role_unknown", "role_not_known")]
    if telling:
        return LayerError(telling[0])
    if draft.layers:
        _, layer = draft.layers[0]
        key = "no_geometry" if len(layer.frame) else "layer_empty"
        return refusal(key, layer.file, count=len(layer.frame))
    path = paths[0] if paths else Path()
    return refusal("terrain_alone" if draft.terrains else "no_layers", path)


def _tidy_all(
    placed: Sequence[tuple[str, ForeignLayer, pyproj.CRS]],
    metric: pyproj.CRS,
    columns: Mapping[str, Mapping[str, str]] | None,
    draft: _Draft,
    report: Progress,
) -> dict[str, gpd.GeoDataFrame]:
    """Rename, reproject and tidy each layer, and put those of one role together."""
    gathered: dict[str, list[gpd.GeoDataFrame]] = {}
    numbered: dict[str, bool] = {}
    for number, (role, layer, crs) in enumerate(placed):
        report(0.4 + 0.4 * number / len(placed), "import.repairing")
        names = [str(name) for name in layer.frame.columns if name != layer.frame.geometry.name]
        mapping = columns_of(role, names, (columns or {}).get(role))
        named, problems = name_columns(role, layer.frame, mapping, layer.source)
        draft.problems += problems
        local = named.set_crs(crs, allow_override=True).to_crs(metric)
        raised = role == "streets"
        frame, problems = tidy(role, local, layer.source, keep_heights=raised)
        draft.problems += problems
        draft.sources.append(_source(role, layer, len(frame), mapping, crs_name(crs)))
        gathered.setdefault(role, []).append(frame)
        numbered[role] = numbered.get(role, True) and any(p.key == "ids_numbered" for p in problems)
    return {
        role: _together(role, frames, draft, numbered[role]) for role, frames in gathered.items()
    }


def _together(
    role: str, frames: list[gpd.GeoDataFrame], draft: _Draft, numbered: bool
) -> gpd.GeoDataFrame:
    """Join layers of one role; ids that an earlier layer has already are numbered anew.

    That is a finding unless all were numbered here and have no ids to lose.
    """
    if len(frames) == 1:
        return frames[0]
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    joined = pd.concat(filled, ignore_index=True)
    again = joined["id"].duplicated().to_numpy()
    if again.any():
        account = Account(role)
        ids = joined["id"].to_numpy().copy()
        ids[again] = ids.max() + 1 + np.arange(again.sum())
        joined["id"] = ids
        if not numbered:
            account.add("ids_renumbered", Severity.REPAIRED, ids[again])
        draft.problems += account.problems
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=frames[0].crs)


def _read_terrain(
    draft: _Draft, metric: pyproj.CRS, layers: Mapping[str, gpd.GeoDataFrame]
) -> Terrain | None:
    """Read the first elevation model, cut to the layers and their halo."""
    if not draft.terrains:
        return None
    (path, dataset), *others = draft.terrains
    for other, _ in others:
        facts: dict[str, Fact] = {"used": path.name}
        draft.problems.append(
            Problem("terrain_not_used", Severity.WARNING, "terrain", other.name, facts=facts)
        )
    boxes = [b for b in (bounds_of(frame) for frame in layers.values()) if b is not None]
    west, south = np.min([box[:2] for box in boxes], axis=0) - limit("space", "halo_m")
    east, north = np.max([box[2:] for box in boxes], axis=0) + limit("space", "halo_m")
    try:
        terrain, problems = read_terrain(
            path,
            metric,
            assumed_crs=metric,
            bounds=(float(west), float(south), float(east), float(north)),
            dataset=dataset,
        )
    except LayerError as error:
        draft.problems.append(error.problem)
        return None
    draft.problems += problems
    draft.sources.append(
        Source(
            role="terrain",
            file=path.name,
            layer=dataset or "",
            crs=crs_name(stated_crs(path, dataset)),
            read_at=_now(),
            sha256=_digest(path),
        )
    )
    return terrain


def _complete(
    layers: dict[str, gpd.GeoDataFrame], draft: _Draft, halo_m: float | None, noding: Noding
) -> dict[str, gpd.GeoDataFrame]:
    """Estimate, propose a boundary, settle references, and check what figures will need."""
    layers = dict(layers)
    problems = draft.problems
    problems += _report_elsewhere(layers)
    if "buildings" in layers:
        layers["buildings"], found = estimate_missing(
            layers["buildings"], layers.get("communities")
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
    if "streets" in layers:
        layers["streets"], found = connect_streets(layers["streets"], noding)
        problems += found
    problems += check_extent(layers, halo_m)
    return layers


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


def _types_present(layers: Mapping[str, gpd.GeoDataFrame]) -> tuple[str, ...]:
    """Return the service types that occur: only of these it is known that they were surveyed."""
    if "services" not in layers:
        return ()
    types = layers["services"]["types"].str.split(",").explode()
    return tuple(sorted(set(types) - {""}))
