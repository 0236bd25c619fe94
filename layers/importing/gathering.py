"""Reading files and databases, and telling of each layer what it is and where it lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyproj

from layers.files.foreign import ForeignLayer, refusal
from layers.files.raster_files import Raster
from layers.formats import geopackage
from layers.formats.exchange import is_file_geodatabase
from layers.formats.postgis import Address, read_database
from layers.formats.recognising import files_in, format_of, passed_over, read_vector, tables_in
from layers.geodesy.crs import Bounds, bounds_of
from layers.importing.grids import Grids, rasters_of
from layers.importing.ledger import source_of_layer, source_of_table
from layers.osm.merging import extracts_among, read_as_one
from layers.placing.datum_test import settle_datums
from layers.placing.settling import Placed, settle_all
from layers.problems import Fact, LayerError, Problem, Severity
from layers.project import is_project
from layers.project_file import ProjectFile, Source
from layers.schema import ROLES
from layers.understanding.decisions import Decisions, layer_names
from layers.understanding.guessing import Guess, guess_role
from layers.understanding.keyed_tables import Joined, KeyedTable, concern_of, join_table
from layers.vocabulary.columns import IGNORE, chosen_role

Progress = Callable[[float, str], None]
"""Takes the share done (0 to 1) and the key of a text; what it raises stops the import."""


Read = Callable[[Path, Bounds | None, str | None], tuple[list[ForeignLayer], list[Problem]]]
"""How a vector file is read: as `recognising.read_vector`, or as it was kept from before."""


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


def silent(_done: float, _key: str) -> None:
    """Take no notice of progress."""


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
    refused: list[Problem] = []
    for path in paths:
        folder = path.is_dir() and not is_file_geodatabase(path)
        try:
            found = files_in(path) if folder else [path]
        except LayerError as error:
            refused.append(error.problem)
            continue
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
                refused.append(error.problem)
                continue
            draft.problems.append(_less_if_unrelated(error.problem))
        if any(_tells_of_table(problem, file) for problem in draft.problems):
            draft.tables[file] = (_plain_tables(file, told), None)
    if refused:  # all are told at once: who mended the first would only meet the next
        raise LayerError(refused[0], tuple(refused[1:]))
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
                draft.sources.append(source_of_table(found))
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
            draft.sources.append(source_of_layer("", layer, 0, {}))
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


def _with_crs(draft: Draft, given: pyproj.CRS | None) -> list[tuple[str, ForeignLayer, pyproj.CRS]]:
    """Settle the CRS of every layer; those that cannot be placed become problems."""
    placed, unplaced, problems = settle_all(draft.layers, given)
    draft.problems += problems
    draft.sources += [source_of_layer("", layer, 0, {}) for layer in unplaced]
    return placed
