"""From a heap of files to a project: read, understand, reproject, tidy, estimate, check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyproj
import shapely

from layers.extent.clipping import Clip, clip_from
from layers.files.foreign import refusal
from layers.formats.postgis import Address
from layers.formats.recognising import read_vector
from layers.geodesy.crs import bounds_of
from layers.importing.completing import complete, read_terrain, read_underlay, said_mapped
from layers.importing.gathering import Draft, Progress, Read, _encodings_of_none, gather, silent
from layers.importing.ledger import source_of_layer
from layers.importing.matching import keep_ids
from layers.importing.tidying import tidy_all
from layers.limits import limit
from layers.noding.streets import Noding
from layers.placing.places import one_place
from layers.placing.settling import Placed, crs_name, metric_crs
from layers.problems import LayerError, Severity
from layers.project_file import ProjectFile
from layers.residents.estimate import forget_people
from layers.residents.people import PEOPLE_FIGURES
from layers.schema import ROLES
from layers.understanding.decisions import Decisions, with_encodings


def import_layers(
    paths: Sequence[Path],
    *,
    name: str | None = None,
    crs: pyproj.CRS | None = None,
    roles: Mapping[str, str] | None = None,
    columns: Mapping[str, Mapping[str, str]] | None = None,
    datums: Mapping[str, str] | None = None,
    encodings: Mapping[str, str] | None = None,
    decisions: Decisions | None = None,
    halo_m: float | None = None,
    clip: str | None = None,
    boundary: str | None = None,
    noding: Noding = "auto",
    people: Mapping[str, Any] | None = None,
    databases: Sequence[Address] = (),
    progress: Progress | None = None,
    read: Read = read_vector,
    into: ProjectFile | None = None,
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
    encodings
        The user's word: encoding of the text by file name, where a format leaves it open.
    decisions
        What a mapping file says of layers; `roles`, `columns`, `datums` and `encodings` go before
        it.
    halo_m
        How far streets and services should reach beyond the boundary, m.
    clip
        The district's outline within larger data, as `layers.extent.clipping.clip_from` takes it;
        it becomes the boundary, and what lies beyond its halo is left out.
    boundary
        The study boundary, said like `clip`; it goes before that of a file, and cuts nothing.
    noding
        Whether streets are cut where they cross: ``auto`` decides from the data.
    people
        An office's own figures for the estimate of people; see
        `layers.residents.people.read_figures`. They are kept in the project's settings, for what is
        imported into it later.
    databases
        PostGIS databases whose tables are layers too.
    progress
        Called between steps; may raise to cancel.
    read
        How a vector file is read.
    into
        A project whose layers the new ones replace, role by role: features that are the same keep
        their ids (`layers.importing.matching`), and its other layers stay as they are.

    Raises
    ------
    LayerError
        A named file is missing or unreadable, or nothing usable was found.
    """
    report = progress or silent
    if people is None and into is not None:
        people = into.settings.get(PEOPLE_FIGURES)
    told = with_encodings(decisions or Decisions(), encodings or {})
    district = None if clip is None else clip_from(clip, halo_m or limit("space", "halo_m"))
    around = district.around if district else None
    draft, placed = gather(
        paths,
        crs=crs,
        roles=roles,
        datums=datums,
        told=told,
        report=report,
        around=around,
        read=read,
        databases=databases,
        into=into,
    )
    draft.problems += _encodings_of_none(draft, encodings or {})
    terrain_alone = into is not None and draft.grids.has_ground and not draft.layers
    if not terrain_alone and not any(bounds_of(layer.frame) for _, layer, _ in placed):
        raise _nothing_usable(paths, draft)
    placed = _clipped(placed, district, draft)
    placed, elsewhere, found = one_place(placed)
    draft.problems += found
    draft.sources += [
        source_of_layer("", layer, 0, {}, crs_name(own)) for _, layer, own in elsewhere
    ]
    metric, problems = metric_crs(placed, crs) if into is None else (into.crs, ())
    draft.problems += problems
    layers = tidy_all(placed, metric, columns, told, draft, report)
    if boundary is not None:
        layers["boundary"] = clip_from(boundary, 0.0).boundary(metric)
    elif district and "boundary" not in layers:
        layers["boundary"] = district.boundary(metric)
    kept: Mapping[str, gpd.GeoDataFrame] = {}
    if into is not None:
        kept = {role: frame for role, frame in into.layers.items() if role not in layers}
        layers = {**kept, **_as_before(into, layers, draft)}
        if "communities" in layers and "communities" not in kept and "buildings" in kept:
            # Who lives where was estimated by the communities that these replace.
            gridded = any(source.role == "residents" for source in into.sources)
            layers["buildings"] = forget_people(layers["buildings"], keep_totals=gridded)
            kept = {role: frame for role, frame in kept.items() if role != "buildings"}
    report(0.8, "import.terrain")
    terrain = read_terrain(draft, metric, layers, placed)
    underlay = read_underlay(draft, metric, layers)
    report(0.9, "import.checking")
    mapped = said_mapped(placed, metric)
    if into is not None and "streets" in kept and into.mapped:
        mapped = shapely.from_wkt(into.mapped)
    layers = complete(layers, frozenset(kept), draft, halo_m, noding, people, mapped)
    if into is not None and "streets" in layers and "streets" not in kept:
        layers |= _as_before(into, {"streets": layers["streets"]}, draft)
    return ProjectFile(
        name=name or _name_from(paths) or "".join(one.database for one in databases[:1]),
        crs=metric,
        layers={role: layers[role] for role in ROLES if role in layers},
        terrain=into.terrain if into is not None and terrain is None else terrain,
        surveyed=_surveyed(layers, told, into),
        sources=tuple(draft.sources),
        problems=tuple(draft.problems),
        underlay=underlay if underlay is not None or into is None else into.underlay,
        settings={} if people is None else {PEOPLE_FIGURES: dict(people)},
        mapped="" if mapped is None else shapely.to_wkt(mapped, rounding_precision=1),
    )


def _as_before(
    into: ProjectFile, layers: Mapping[str, gpd.GeoDataFrame], draft: Draft
) -> dict[str, gpd.GeoDataFrame]:
    """Give features the ids that they have in the project that they go into.

    Streets get theirs once they are cut where they meet, for their pieces are what has ids.
    """
    numbered = {p.role for p in draft.problems if p.key == "ids_numbered"}
    named = (edit.get("id", 0) for scenario in into.scenarios for edit in scenario.edits)
    above = max((number for number in named if isinstance(number, int)), default=0)
    made = dict(layers)
    for role, frame in layers.items():
        if role in into.layers:
            old, own = into.layers[role], role not in numbered
            made[role], _ = keep_ids(old, frame, own_ids=own, above=above)
    return made


def _name_from(paths: Sequence[Path]) -> str:
    return paths[0].resolve().name.split(".")[0] if paths else ""


def _clipped(placed: list[Placed], district: Clip | None, draft: Draft) -> list[Placed]:
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


def _nothing_usable(paths: Sequence[Path], draft: Draft) -> LayerError:
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
    return refusal("terrain_alone" if draft.grids.has_ground else "no_layers", path)


def _surveyed(
    layers: Mapping[str, gpd.GeoDataFrame], told: Decisions, into: ProjectFile | None
) -> tuple[str, ...]:
    """Return the service types that were surveyed: those that occur, unless the user knows more.

    That a type was looked for and none exists is known by a person's word alone. So one of which a
    newer layer has no facility left is not surveyed, unless somebody says so.
    """
    occur = set() if into is None else set(into.surveyed)
    if "services" in layers:
        if into is not None and "services" in into.layers:
            # What was there is no sign that somebody looked for it, once it is not there any more.
            occur -= _types_in(into.layers["services"])
        occur |= _types_in(layers["services"])
    return tuple(sorted((occur | set(told.surveyed)) - set(told.not_surveyed)))


def _types_in(services: gpd.GeoDataFrame) -> set[str]:
    return set(services["types"].str.split(",").explode()) - {""}
