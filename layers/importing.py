"""From a heap of files to a project: read, understand, reproject, tidy, estimate, check."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from layers import geopackage
from layers.account import Account
from layers.boundary import check_extent, propose_boundary
from layers.clipping import Clip, clip_from
from layers.columns import IGNORE, chosen_role
from layers.crs import WGS84, Bounds, bounds_of, overlap
from layers.datum_test import DATUM_TAKEN_OFF, settle_datums
from layers.decisions import Decisions, layer_names, with_encodings
from layers.elevation import Terrain
from layers.estimate import estimate_missing, forget_people
from layers.exchange import is_file_geodatabase
from layers.foreign import ForeignLayer, refusal
from layers.formats import files_in, format_of, passed_over, read_vector, tables_in
from layers.grids import Grids, ground_of, people_home, picture_of, rasters_of
from layers.guessing import Guess, guess_columns, guess_role
from layers.hours import week
from layers.keyed_tables import Joined, KeyedTable, concern_of, join_table
from layers.limits import limit
from layers.mapping import name_columns, unused_columns
from layers.matching import keep_ids, same_as_before
from layers.noding.streets import Noding
from layers.osm.merging import extracts_among, read_as_one
from layers.overlapping import settle_overlaps
from layers.people import PEOPLE_FIGURES
from layers.places import one_place
from layers.placing import PLACE_ORDER, Placed, crs_name, metric_crs, settle_all
from layers.postgis import Address, read_database
from layers.problems import Fact, LayerError, Problem, Severity
from layers.project import is_project
from layers.project_file import ProjectFile, Source
from layers.raster_files import Raster
from layers.references import settle_references
from layers.schema import ROLES
from layers.streets import connect_streets
from layers.terrain import stated_crs
from layers.tidy import tidy
from layers.underlay import Underlay

Progress = Callable[[float, str], None]
"""Takes the share done (0 to 1) and the key of a text; what it raises stops the import."""


_MOST_EXAMPLES = 5
_MOST_COLUMNS = 12


Read = Callable[[Path, Bounds | None, str | None], tuple[list[ForeignLayer], list[Problem]]]
"""How a vector file is read: as `layers.formats.read_vector`, which may be kept from before."""


@dataclass
class Draft:
    """What an import has gathered so far."""

    files: list[Path] = field(default_factory=list)
    """All that were looked at."""
    layers: list[tuple[str, ForeignLayer]] = field(default_factory=list)
    grids: Grids = field(default_factory=Grids)
    tables: dict[Path, tuple[list[KeyedTable], LayerError | None]] = field(default_factory=dict)
    """Tables without places by their files, and why a file that was named would be refused."""
    joined: list[Joined] = field(default_factory=list)
    """What became of those of them that name features of a layer."""
    extracts: list[Path] = field(default_factory=list)
    """Extracts of OpenStreetMap that are read as one, with the first of them."""
    sources: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unplaced: list[tuple[Guess, ForeignLayer]] = field(default_factory=list)
    """Layers that are left out: nothing tells their role, or the user said so."""
    roles: dict[str, Guess] = field(default_factory=dict)
    """How the role of each source was told."""


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
        The district's outline within larger data, as `layers.clipping.clip_from` takes it; it
        becomes the boundary, and what lies beyond its halo is left out.
    boundary
        The study boundary, said like `clip`; it goes before that of a file, and cuts nothing.
    noding
        Whether streets are cut where they cross: ``auto`` decides from the data.
    people
        An office's own figures for the estimate of people; see `layers.people.read_figures`. They
        are kept in the project's settings, for what is imported into it later.
    databases
        PostGIS databases whose tables are layers too.
    progress
        Called between steps; may raise to cancel.
    read
        How a vector file is read.
    into
        A project whose layers the new ones replace, role by role: features that are the same keep
        their ids (`layers.matching`), and its other layers stay as they are.

    Raises
    ------
    LayerError
        A named file is missing or unreadable, or nothing usable was found.
    """
    report = progress or _silent
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
    draft.sources += [_source("", layer, 0, {}, crs_name(own)) for _, layer, own in elsewhere]
    metric, problems = metric_crs(placed, crs) if into is None else (into.crs, ())
    draft.problems += problems
    layers = _tidy_all(placed, metric, columns, told, draft, report)
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
    terrain = _read_terrain(draft, metric, layers, placed)
    underlay = _read_underlay(draft, metric, layers)
    report(0.9, "import.checking")
    mapped = _said_mapped(placed, metric)
    if into is not None and "streets" in kept and into.mapped:
        mapped = shapely.from_wkt(into.mapped)
    layers = _complete(layers, frozenset(kept), draft, halo_m, noding, people, mapped)
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


def gather(
    paths: Sequence[Path],
    *,
    crs: pyproj.CRS | None,
    roles: Mapping[str, str] | None,
    datums: Mapping[str, str] | None,
    told: Decisions,
    report: Progress,
    around: Bounds | None = None,
    read: Read = read_vector,
    databases: Sequence[Address] = (),
    into: ProjectFile | None = None,
) -> tuple[Draft, list[Placed]]:
    """Read files and tell of each layer what it is and where it lies; nothing is changed yet.

    Parameters are those of `import_layers`; `around` is a hint in degrees that nothing else is
    wanted.

    Returns
    -------
    What was gathered, and the layers that have a role and a place.
    """
    draft = _read_all(paths, roles, told, report, around, read)
    _read_databases(databases, roles, told, draft, around)
    _join_tables(draft)
    draft.problems += _crs_of_none(draft, told)
    placed = _with_crs(draft, crs)
    if any(bounds_of(layer.frame) for _, layer, _ in placed):
        of_files = {
            layer.source: datum
            for _, layer in draft.layers
            if (datum := told.of_layer(layer).datum)
        }
        placed, found = settle_datums(placed, {**of_files, **(datums or {})}, _known(into))
        draft.problems += found
    return draft, placed


def _encodings_of_none(draft: Draft, encodings: Mapping[str, str]) -> list[Problem]:
    """Say for which names an encoding was given that no file has."""
    known = {name for file in draft.files for name in (file.name, file.name.split(".")[0])}
    return [
        Problem("encoding_of_no_file", Severity.WARNING, source=name)
        for name in encodings
        if name not in known
    ]


def _known(into: ProjectFile | None) -> list[Placed]:
    """Return the layers of a project by which newer ones are judged: they lie where they should."""
    if into is None:
        return []
    return [
        (role, ForeignLayer(Path(into.name), role, into.layers[role], 0), into.crs)
        for role in ("buildings", "streets")
        if role in into.layers and len(into.layers[role])
    ]


def _crs_of_none(draft: Draft, told: Decisions) -> list[Problem]:
    """Say for which names a CRS was given that no layer or file has."""
    read = [layer for _, layer in draft.layers] + [layer for _, layer in draft.unplaced]
    known = {name for layer in read for name in layer_names(layer)}
    return [
        Problem("crs_of_no_layer", Severity.WARNING, source=name)
        for name in told.crs_of
        if name.casefold() not in known
    ]


def _silent(_done: float, _key: str) -> None:
    """Take no notice of progress."""


def _name_from(paths: Sequence[Path]) -> str:
    return paths[0].resolve().name.split(".")[0] if paths else ""


def _read_all(
    paths: Sequence[Path],
    roles: Mapping[str, str] | None,
    told: Decisions,
    report: Progress,
    around: Bounds | None,
    read: Read,
) -> Draft:
    """Read every file and tell each layer's role."""
    draft = Draft()
    files: dict[Path, bool] = {}
    for path in paths:
        folder = path.is_dir() and not is_file_geodatabase(path)
        found = files_in(path) if folder else [path]
        draft.problems += passed_over(path, found) if folder else []
        files |= {file: not folder for file in found if file not in files}
    draft.files = list(files)
    draft.extracts = extracts_among(files)
    for number, (file, named) in enumerate(files.items()):
        report(0.4 * number / len(files), "import.reading")
        try:
            _read_file(file, roles, told, draft, around, read)
        except LayerError as error:
            if error.problem.key == "table_without_places":
                draft.tables[file] = (_plain_tables(file, told), error if named else None)
                draft.problems.append(error.problem)
                continue
            if named:
                raise
            draft.problems.append(_less_if_unrelated(error.problem))
        if any(_tells_of_table(problem, file) for problem in draft.problems):
            draft.tables[file] = (_plain_tables(file, told), None)
    return draft


def _tells_of_table(problem: Problem, file: Path) -> bool:
    """Tell whether a finding is that a file, or something in it, is a table without places."""
    of_file = problem.source == file.name or problem.source.startswith(f"{file.name} · ")
    return problem.key == "table_without_places" and of_file


def _plain_tables(file: Path, told: Decisions) -> list[KeyedTable]:
    found = tables_in(file, told.encoding_of(file) or None)
    return [KeyedTable(file, *one) for one in found]


def _join_tables(draft: Draft) -> None:
    """Join tables without places to the layers whose features they name; tell of the others.

    Raises
    ------
    LayerError
        ``table_without_places``: a file that was named holds nothing else, and fits no layer.
    """
    for file, (tables, refused) in draft.tables.items():
        joined = []
        for table in tables:
            found = join_table(table, draft.layers)
            if found is not None:
                joined.append(found)
                draft.layers[found.place] = (found.role, found.layer)
                draft.problems += found.problems
                draft.sources.append(_source_of_table(found))
        if refused is not None and not joined:
            raise refused
        draft.joined += joined
        used = {found.table.source for found in joined}
        unused = [table for table in tables if table.source not in used]
        if tables:
            draft.problems = [p for p in draft.problems if not _tells_of_table(p, file)]
        draft.problems += [
            Problem("table_without_places", concern_of(table), source=table.source)
            for table in unused
        ]


def _source_of_table(found: Joined) -> Source:
    file, rows = found.table.file, len(found.table.frame)
    return Source(
        role=found.role,
        file=file.name,
        layer=found.table.source.removeprefix(file.name).removeprefix(" · "),
        features_declared=rows,
        features_read=rows,
        features_kept=found.matched,
        mapping={column: guess.value for column, guess in found.mapping.items()},
        confidence={column: guess.confidence for column, guess in found.mapping.items()},
        read_at=_now(),
        sha256=_digest(file),
        encoding=found.table.encoding,
    )


def _less_if_unrelated(problem: Problem) -> Problem:
    """Make little of a file in a folder that only shares its suffix with what holds features."""
    if problem.key in (
        "json_other",
        "json_no_features",
        "city_without_objects",
    ):
        return replace(problem, severity=Severity.INFO)
    return problem


def _read_file(
    file: Path,
    roles: Mapping[str, str] | None,
    told: Decisions,
    draft: Draft,
    around: Bounds | None,
    read: Read,
) -> None:
    if file in draft.extracts[1:]:
        return
    format_ = format_of(file)
    rasters = rasters_of(file, format_)
    for raster in rasters:
        draft.problems += draft.grids.take(raster, _roles_of(raster, roles or {}, told))
    if format_.read is None:
        return
    if file in draft.extracts:
        layers, problems = read_as_one(draft.extracts, lambda whole: read(whole, around, None))
    else:
        layers, problems = read(file, around, told.encoding_of(file) or None)
    if is_project(file):
        problems.append(Problem("project_as_layers", Severity.WARNING, source=file.name))
    coverages = geopackage.coverages(file) if format_.read is geopackage.read else []
    draft.grids.terrains += [Raster(file, coverage) for coverage in coverages]
    if not layers and not coverages and not rasters:
        errors = [p for p in problems if p.severity is Severity.ERROR]
        raise LayerError(errors[0]) if errors else refusal("no_layers", file)
    draft.problems += problems
    _take_layers(layers, roles, told, draft)


def _roles_of(raster: Raster, roles: Mapping[str, str], told: Decisions) -> Mapping[str, str]:
    """Return what was said of a raster: the command's word goes before a mapping file's."""
    names = raster.source, raster.part or raster.path.name, raster.name
    if any(name in roles for name in names):
        return roles
    return {raster.source: told.of_names(*names).role}


def _read_databases(
    addresses: Sequence[Address],
    roles: Mapping[str, str] | None,
    told: Decisions,
    draft: Draft,
    around: Bounds | None,
) -> None:
    for address in addresses:
        layers, problems = read_database(address, around)
        draft.problems += problems
        _take_layers(layers, roles, told, draft)


def _take_layers(
    layers: Sequence[ForeignLayer],
    roles: Mapping[str, str] | None,
    told: Decisions,
    draft: Draft,
) -> None:
    """Tell each layer's role; those that have none are left out and told."""
    for found in layers:
        draft.problems += found.problems
        decided = told.of_layer(found)
        layer = _with_told_crs(found, decided.crs)
        named = chosen_role(layer, roles) or decided.role
        if layer.is_ground:
            draft.grids.take_ground(layer, named)
            continue
        guess = Guess(named) if named else guess_role(layer)
        draft.roles[layer.source] = guess
        role = guess.value
        if role not in ROLES:
            draft.unplaced.append((guess, layer))
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


def _with_told_crs(layer: ForeignLayer, crs: str) -> ForeignLayer:
    """Believe the user's word for the CRS of a layer, whatever its file says."""
    if not crs:
        return layer
    frame = layer.frame.set_crs(crs, allow_override=True)
    return replace(layer, frame=frame, crs_told=True)


def _source(
    role: str,
    layer: ForeignLayer,
    kept: int,
    mapping: Mapping[str, Guess],
    crs: str = "",
    role_confidence: float = 1.0,
) -> Source:
    return Source(
        role=role,
        file=layer.file.name,
        layer=layer.name,
        crs=crs_name(layer.crs) if layer.stated_crs is None else layer.stated_crs,
        crs_used=crs or crs_name(layer.crs),
        owner=layer.owner,
        licence=layer.licence,
        features_declared=layer.declared,
        features_read=len(layer.frame),
        features_kept=kept,
        mapping={column: guess.value for column, guess in mapping.items()},
        read_at=_now(),
        sha256=layer.digest or _digest(layer.file),
        encoding=layer.encoding,
        role_confidence=role_confidence,
        confidence={column: guess.confidence for column, guess in mapping.items()},
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


def _with_crs(draft: Draft, given: pyproj.CRS | None) -> list[tuple[str, ForeignLayer, pyproj.CRS]]:
    """Settle the CRS of every layer; those that cannot be placed become problems."""
    placed, unplaced, problems = settle_all(draft.layers, given)
    draft.problems += problems
    draft.sources += [_source("", layer, 0, {}) for layer in unplaced]
    return placed


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


def _crs_read(draft: Draft, layer: ForeignLayer, crs: pyproj.CRS) -> str:
    """Return in which CRS coordinates were read, and which shifted datum was taken off them."""
    shifted = [
        str(problem.facts["datum"])
        for problem in draft.problems
        if problem.key in DATUM_TAKEN_OFF and problem.source == layer.source
    ]
    return ", ".join([crs_name(crs), *shifted[:1]])


def _tidy_all(
    placed: Sequence[tuple[str, ForeignLayer, pyproj.CRS]],
    metric: pyproj.CRS,
    columns: Mapping[str, Mapping[str, str]] | None,
    told: Decisions,
    draft: Draft,
    report: Progress,
) -> dict[str, gpd.GeoDataFrame]:
    """Rename, reproject and tidy each layer, and put those of one role together."""
    gathered: dict[str, list[gpd.GeoDataFrame]] = {}
    numbered: dict[str, bool] = {}
    for number, (role, layer, crs) in enumerate(placed):
        report(0.4 + 0.4 * number / len(placed), "import.repairing")
        decided = told.of_layer(layer)
        word = {**decided.columns, **(columns or {}).get(role, {})}
        mapping, doubted = guess_columns(role, layer.frame, word)
        draft.problems += _doubts(role, layer, doubted)
        named, problems = name_columns(role, layer.frame, mapping, layer.source, decided.values)
        unused = unused_columns(role, layer.frame, mapping)
        draft.problems += [*problems, *_not_used(role, layer, unused)]
        local = named.set_crs(crs, allow_override=True).to_crs(metric)
        raised = role == "streets"
        frame, problems = tidy(role, local, layer.source, keep_heights=raised)
        if raised:
            frame["meets"] = layer.meets or is_project(layer.file)
        draft.problems += problems
        sure = draft.roles[layer.source].confidence
        made = _source(role, layer, len(frame), mapping, _crs_read(draft, layer, crs), sure)
        draft.sources.append(replace(made, unused=unused))
        gathered.setdefault(role, []).append(frame)
        numbered[role] = numbered.get(role, True) and any(p.key == "ids_numbered" for p in problems)
    return {
        role: _together(role, frames, draft, numbered[role]) for role, frames in gathered.items()
    }


def _doubts(role: str, layer: ForeignLayer, doubted: Mapping[str, str]) -> tuple[Problem, ...]:
    """Say which columns are called like one of ours and hold something else."""
    account = Account(role, layer.source)
    for column, name in doubted.items():
        said = layer.frame[name].dropna().astype(str).unique()[:_MOST_EXAMPLES]
        account.note(
            "column_not_believed",
            Severity.INFO,
            column=column,
            found=name,
            examples=", ".join(said),
        )
    return account.problems


def _not_used(role: str, layer: ForeignLayer, unused: Sequence[str]) -> tuple[Problem, ...]:
    """Say which columns of a file nothing was made of."""
    account = Account(role, layer.source)
    if unused:
        named = ", ".join(unused[:_MOST_COLUMNS]) + ("…" if len(unused) > _MOST_COLUMNS else "")
        account.note("columns_not_used", Severity.INFO, columns=named, count=len(unused))
    return account.problems


def _together(
    role: str, frames: list[gpd.GeoDataFrame], draft: Draft, numbered: bool
) -> gpd.GeoDataFrame:
    """Join layers of one role; what an earlier layer has already is left out.

    Other features with ids that are taken are numbered anew, which is a finding unless all were
    numbered here and have no ids to lose.
    """
    if len(frames) == 1:
        return frames[0]
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    joined = pd.concat(filled, ignore_index=True)
    twice = same_as_before(joined)
    if twice.any():
        account = Account(role)
        account.add("features_twice", Severity.REPAIRED, joined["id"].to_numpy()[twice])
        draft.problems += account.problems
        joined = joined.loc[~twice].reset_index(drop=True)
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
    draft: Draft,
    metric: pyproj.CRS,
    layers: Mapping[str, gpd.GeoDataFrame],
    placed: Sequence[Placed],
) -> Terrain | None:
    """Make one terrain of what says how high the ground is, cut to the layers and their halo."""
    systems = {layer.file: crs for _, layer, crs in placed}
    terrain, used, problems = ground_of(draft.grids, metric, layers, systems)
    draft.problems += problems
    draft.sources += [_source_of_raster("terrain", raster) for raster in used]
    if terrain is not None and not used:
        draft.sources += [
            _source("terrain", one, len(one.frame), {}) for one in draft.grids.grounds
        ]
    return terrain


def _read_underlay(
    draft: Draft, metric: pyproj.CRS, layers: Mapping[str, gpd.GeoDataFrame]
) -> Underlay | None:
    """Read the pictures as one, cut to the layers and their halo."""
    underlay, used, problems = picture_of(draft.grids, metric, layers)
    draft.problems += problems
    draft.sources += [_source_of_raster("underlay", raster) for raster in used]
    return underlay


def _bring_people_home(draft: Draft, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Bring the people of grids to the buildings, in place."""
    buildings, used, problems = people_home(draft.grids, layers)
    draft.problems += problems
    draft.sources += [_source_of_raster("residents", raster) for raster in used]
    if buildings is not None:
        layers["buildings"] = buildings


def _source_of_raster(role: str, raster: Raster) -> Source:
    return Source(
        role=role,
        file=raster.path.name,
        layer=raster.part or "",
        crs=crs_name(stated_crs(*raster)),
        crs_used=crs_name(stated_crs(*raster)),
        read_at=_now(),
        sha256=_digest(raster.path),
    )


def _complete(
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


def _said_mapped(placed: Sequence[Placed], metric: pyproj.CRS) -> Any:
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
