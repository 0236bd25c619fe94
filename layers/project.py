"""The project file: one GeoPackage with layers, terrain, scenarios, settings and provenance.

Vector layers are feature tables called by their role, the terrain is a gridded coverage, and what
is no geography lies in attribute tables (``twin_...``), so that QGIS opens all of it. A file is
only ever replaced as a whole (see `layers.files.saving`).
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, replace
from errno import ENOSPC
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pyproj
import rasterio
import rasterio.errors
from pyproj.exceptions import CRSError
from rasterio._err import CPLE_BaseError

from layers.files.saving import cannot_write, filling, replacing
from layers.formats import geopackage
from layers.mending.tidy import tidy
from layers.problems import LayerError, Problem, Severity, problem_from_json, problem_to_json
from layers.project_file import ProjectFile, Scenario, Source, source_from_json
from layers.rasters.elevation import Terrain
from layers.rasters.pictures import read_tiles, write_underlay
from layers.rasters.terrain import read_terrain, write_terrain
from layers.rasters.underlay import Underlay
from layers.schema import ROLES

SCHEMA_VERSION = 1
"""Raised when an older program could no longer read the file rightly."""

SUFFIX = ".twin.gpkg"
TERRAIN_TABLE = "terrain"
UNDERLAY_TABLE = "underlay"

_FULL_BELOW_BYTES = 1_000_000
"""A disk with less room than any step of a driver takes is full."""

_TABLES = {
    "twin_meta": "key TEXT NOT NULL UNIQUE, value TEXT NOT NULL",
    "twin_scenarios": "name TEXT NOT NULL UNIQUE, edits TEXT NOT NULL",
    "twin_sources": "source TEXT NOT NULL",
    "twin_problems": "problem TEXT NOT NULL",
}


def write_project(path: Path, project: ProjectFile) -> None:
    """Save a project; on any failure the file that was there before is untouched.

    Raises
    ------
    LayerError
        ``cannot_write``, ``file_in_use``.
    """
    with replacing(path) as draft, _writing(path):
        _write_geography(draft, project)
        _write_records(draft, project)


def read_project(path: Path) -> ProjectFile:
    """Open a project file.

    The layers are tidied again, because a person may have edited them in QGIS: what that finds is
    added to the problems.

    Raises
    ------
    LayerError
        Missing, truncated, not a GeoPackage, not a project, of a newer version, or damaged.
    """
    geopackage.refuse_unless_whole(path)
    meta, scenarios, sources, problems = _read_records(path)
    crs: pyproj.CRS = meta["crs"]
    layers: dict[str, gpd.GeoDataFrame] = {}
    for role in meta["layers"]:
        foreign = geopackage.read_layer(path, role)
        frame, found = tidy(role, foreign.frame.set_crs(crs, allow_override=True), path.name)
        layers[role] = frame
        problems += [p for p in (*foreign.problems, *found) if p not in problems]
    problems += [p for p in geopackage.damage_in(path) if p not in problems]
    terrain = None
    if meta["terrain"]:
        terrain, _ = read_terrain(path, dataset=TERRAIN_TABLE, assumed_crs=crs)
        # Tables hold the cells; the exact place is kept beside them.
        terrain = replace(terrain, **meta["terrain"])
    return ProjectFile(
        name=meta["name"],
        crs=crs,
        layers=layers,
        terrain=terrain,
        surveyed=tuple(meta["surveyed"]),
        settings=meta["settings"],
        scenarios=tuple(scenarios),
        sources=tuple(sources),
        problems=tuple(problems),
        underlay=_underlay(path, meta.get("underlay")),
        mapped=str(meta.get("mapped", "")),
    )


def _underlay(path: Path, place: dict[str, float] | None) -> Underlay | None:
    if place is None:
        return None
    place = dict(place)
    shape = int(place.pop("rows")), int(place.pop("cols"))
    try:
        return Underlay(read_tiles(str(path), UNDERLAY_TABLE, shape), **place)
    except (rasterio.errors.RasterioError, CPLE_BaseError, ValueError) as error:
        raise _refusal("project_damaged", path, reason=UNDERLAY_TABLE) from error


def is_project(path: Path) -> bool:
    """Tell whether a file is a GeoPackage with a project in it (of whatever version)."""
    try:
        with closing(geopackage.connect(path, "ro")) as connection:
            query = "SELECT 1 FROM sqlite_master WHERE name = 'twin_meta'"
            return connection.execute(query).fetchone() is not None
    except sqlite3.Error:
        return False


def write_layers(path: Path, project: ProjectFile) -> None:
    """Export the layers: into one GeoPackage, or else as files into a folder.

    A folder gets GeoJSON in longitude and latitude (RFC 7946) for each role, and the terrain as a
    GeoTIFF in the district's CRS: all of them, or where one cannot be written none.

    Raises
    ------
    LayerError
        ``cannot_write``, ``file_in_use``.
    """
    if path.suffix.lower() == ".gpkg":
        with replacing(path) as draft, _writing(path):
            _write_geography(draft, project)
        return
    with filling(path) as folder, _writing(path):
        for role, frame in project.layers.items():
            pyogrio.write_dataframe(
                frame.to_crs("EPSG:4326"), folder / f"{role}.geojson", driver="GeoJSON",
                RFC7946="YES", COORDINATE_PRECISION="11", WRITE_NAME="NO",
            )  # fmt: skip
        if project.terrain is not None:
            write_terrain(folder / "terrain.tif", project.terrain, project.crs)


class _writing:  # noqa: N801 - reads as a word in a with statement
    """Turn what drivers raise when a disk is full or read-only into one clear refusal."""

    def __init__(self, target: Path) -> None:
        self._target = target

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        drivers = (
            pyogrio.errors.DataSourceError,
            pyogrio.errors.DataLayerError,
            pyogrio.errors.FeatureError,
            rasterio.errors.RasterioError,
            sqlite3.Error,
        )
        if isinstance(error, drivers):
            raise cannot_write(self._target, self._reason(str(error).strip())) from error

    def _reason(self, said: str) -> OSError:
        """Return what happened; of a full disk drivers say only which of their steps failed."""
        there = next(one for one in self._target.resolve().parents if one.exists())
        if shutil.disk_usage(there).free < _FULL_BELOW_BYTES:
            return OSError(ENOSPC, os.strerror(ENOSPC))
        return OSError(said)


def _write_geography(path: Path, project: ProjectFile) -> None:
    geopackage.write_features(path, project.layers)
    if project.terrain is not None:
        geopackage.write_coverage(path, TERRAIN_TABLE, project.terrain, project.crs)
    if project.underlay is not None:
        write_underlay(str(path), project.underlay, project.crs, UNDERLAY_TABLE)


def _write_records(path: Path, project: ProjectFile) -> None:
    meta = {
        "schema": SCHEMA_VERSION,
        "name": project.name,
        "crs": project.crs.to_wkt(),
        "layers": list(project.layers),
        "terrain": _place(project.terrain),
        "underlay": _place_of_picture(project.underlay),
        "surveyed": list(project.surveyed),
        "mapped": project.mapped,
        "settings": dict(project.settings),
    }
    rows: dict[str, Sequence[tuple[str, ...]]] = {
        "twin_meta": [(key, _to_json(value)) for key, value in meta.items()],
        "twin_scenarios": [(s.name, _to_json(s.edits)) for s in project.scenarios],
        "twin_sources": [(_to_json(asdict(s)),) for s in project.sources],
        "twin_problems": [(_to_json(problem_to_json(p)),) for p in project.problems],
    }
    with closing(geopackage.connect(path, "rw")) as connection, connection:
        for table, columns in _TABLES.items():
            connection.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, {columns})")
            connection.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
                "VALUES (?, 'attributes', ?, 0)",
                (table, table),
            )
            marks = ", ".join("?" * columns.count("NOT NULL"))
            names = ", ".join(c.split()[0] for c in columns.split(", "))
            statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - own names
            connection.executemany(statement, rows[table])


def _place(terrain: Terrain | None) -> dict[str, float] | None:
    if terrain is None:
        return None
    names = ("origin_x", "origin_y", "step_x", "step_y")
    return {name: float(getattr(terrain, name)) for name in names}


def _place_of_picture(underlay: Underlay | None) -> dict[str, float] | None:
    if underlay is None:
        return None
    rows, cols, _ = underlay.pixels.shape
    names = ("origin_x", "origin_y", "step_x", "step_y")
    place = {name: float(getattr(underlay, name)) for name in names}
    return {**place, "rows": rows, "cols": cols}


def _read_records(
    path: Path,
) -> tuple[dict[str, Any], list[Scenario], list[Source], list[Problem]]:
    """Read the attribute tables; a file without them is no project."""
    try:
        with closing(geopackage.connect(path, "ro")) as connection:
            meta = _read_meta(connection, path)
            scenarios = [
                Scenario(name, tuple(json.loads(edits)))
                for name, edits in connection.execute(
                    "SELECT name, edits FROM twin_scenarios ORDER BY id"
                )
            ]
            sources = [source_from_json(record) for record in _records(connection, "twin_sources")]
            problems = [
                problem_from_json(record) for record in _records(connection, "twin_problems")
            ]
    except (sqlite3.Error, CRSError, ValueError, TypeError, KeyError) as error:
        raise _refusal("project_damaged", path, reason=str(error)) from error
    return meta, scenarios, sources, problems


def _records(connection: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    column = table.removeprefix("twin_").removesuffix("s")
    query = f"SELECT {column} FROM {table} ORDER BY id"  # noqa: S608 - own names
    return [json.loads(value) for (value,) in connection.execute(query)]


def _read_meta(connection: sqlite3.Connection, path: Path) -> dict[str, Any]:
    query = "SELECT 1 FROM sqlite_master WHERE name = 'twin_meta'"
    if connection.execute(query).fetchone() is None:
        raise _refusal("not_a_project", path)
    rows = connection.execute("SELECT key, value FROM twin_meta")
    meta = {key: json.loads(value) for key, value in rows}
    if meta["schema"] > SCHEMA_VERSION:
        facts = {"found": meta["schema"], "known": SCHEMA_VERSION}
        raise _refusal("project_newer", path, **facts)
    missing = sorted({"name", "crs", "layers", "terrain", "surveyed", "settings"} - set(meta))
    unknown = sorted(set(meta["layers"]) - set(ROLES)) if not missing else []
    if missing or unknown:
        raise _refusal("project_damaged", path, reason=", ".join(missing + unknown))
    return {**meta, "crs": pyproj.CRS.from_wkt(meta["crs"])}


def _refusal(key: str, path: Path, **facts: str | int) -> LayerError:
    return LayerError(Problem(key, Severity.ERROR, source=path.name, facts=facts))


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=dict)
