"""GeoPackage: one SQLite file with any number of layers, tables and gridded coverages."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pyproj
import rasterio
from numpy.typing import NDArray

from layers.files.foreign import ForeignLayer, layer_names, read_with_gdal, refusal
from layers.problems import Fact, LayerError, Problem, Severity
from layers.rasters.elevation import Terrain
from layers.rasters.terrain import NO_DATA
from layers.schema import ROLES

MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100
_MOST_BYTES = 1 << 40
"""No district comes near; a header that promises more was written over."""
_OF_RULES = re.compile(
    r"^(NULL value in|CHECK constraint failed|non-unique|row \d+ missing|\S+ value in)"
)
"""How SQLite begins what it says of rows that break a rule, in a file whose pages are whole."""


def looks_like(head: bytes) -> bool:
    """Tell whether a file that starts so is an SQLite database (a GeoPackage, if any)."""
    return head.startswith(MAGIC)


def refuse_unless_whole(path: Path) -> None:
    """Refuse a file that is missing, no GeoPackage, or shorter than its header promises.

    SQLite opens a truncated file and fails, or not, at the page that is read; the header counts
    the pages, so the length can be checked first.

    Raises
    ------
    LayerError
        ``file_missing``, ``not_a_geopackage``, ``header_damaged``, ``file_truncated``,
        ``cannot_read``.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEADER_BYTES)
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise refusal("file_missing", path) from error
    except OSError as error:
        raise refusal("cannot_read", path, reason=error.strerror or str(error)) from error
    if not looks_like(head):
        raise refusal("not_a_geopackage", path)
    promised = _promised_bytes(head)
    if promised > _MOST_BYTES:
        raise refusal("header_damaged", path)
    if size < max(promised, _HEADER_BYTES):
        raise refusal("file_truncated", path, declared=promised, found=size)
    try:
        with closing(connect(path)) as connection:
            connection.execute("SELECT count(*) FROM gpkg_contents").fetchone()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        # A damaged table can end up, undecoded, in SQLite's own message.
        raise refusal("not_a_geopackage", path) from error


def damage_in(path: Path) -> list[Problem]:
    """Return what is to be told of a GeoPackage with broken pages, which GDAL may read past.

    Broken rules of a table (empty cells, values of another type) are no damage of the file.
    """
    try:
        with closing(connect(path)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check")]
    except sqlite3.Error as error:
        found = [str(error)]
    broken = [one for one in found if one != "ok" and not _OF_RULES.search(one)]
    if not broken:
        return []
    facts: dict[str, Fact] = {"reason": broken[0].splitlines()[-1], "count": len(broken)}
    return [Problem("geopackage_damaged", Severity.ERROR, source=path.name, facts=facts)]


def _promised_bytes(head: bytes) -> int:
    """Return pages times page size; 0 where the page count is not to be trusted.

    Source: SQLite file format, section 1.3: the count at byte 28 holds only where the change
    counter at byte 24 equals the version-valid-for number at byte 92.
    """
    if len(head) < _HEADER_BYTES:
        return _HEADER_BYTES
    page = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big") if head[24:28] == head[92:96] else 0
    return (65536 if page == 1 else page) * pages


def connect(path: Path, mode: str = "ro") -> sqlite3.Connection:
    """Open the database behind a GeoPackage: ``ro`` to read, ``rw`` to write."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True)


def read_layer(path: Path, layer: str) -> ForeignLayer:
    """Read one feature table."""
    return read_with_gdal(path, layer, "GPKG")


def read(path: Path) -> tuple[list[ForeignLayer], list[Problem]]:
    """Read every feature table; other tables are named in the problems.

    Raises
    ------
    LayerError
        The file cannot be used at all.
    """
    refuse_unless_whole(path)
    layers: list[ForeignLayer] = []
    problems = damage_in(path)
    for name, has_geometry in layer_names(path):
        if not has_geometry:
            if not name.startswith("twin_"):
                problems.append(
                    Problem("table_without_geometry", Severity.INFO, source=f"{path.name} · {name}")
                )
            continue
        try:
            layers.append(read_layer(path, name))
        except LayerError as error:
            problems.append(error.problem)
    return layers, problems


def coverages(path: Path) -> list[str]:
    """Return the names of the gridded coverages (terrain) of a GeoPackage."""
    query = "SELECT table_name FROM gpkg_contents WHERE data_type = '2d-gridded-coverage'"
    with closing(connect(path)) as connection:
        return [str(name) for (name,) in connection.execute(query)]


def write_features(path: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    """Write frames as the feature tables of a new GeoPackage, called by their role."""
    for role, frame in layers.items():
        pyogrio.write_dataframe(
            frame, path, layer=role, driver="GPKG", geometry_type=_declared_geometry(frame, role)
        )
    if not layers:
        _write_empty(path)


def _write_empty(path: Path) -> None:
    frame = gpd.GeoDataFrame({"name": []}, geometry=[], crs="EPSG:4326")
    pyogrio.write_dataframe(frame, path, layer="nothing", driver="GPKG", geometry_type="Point")
    with closing(connect(path, "rw")) as connection, connection:
        connection.execute("DELETE FROM gpkg_contents")


def _declared_geometry(frame: gpd.GeoDataFrame, role: str) -> str:
    """Name the geometry type that covers all features, so that QGIS shows one layer."""
    names = set(frame.geometry.geom_type)
    if len(names) == 1:
        return str(names.pop())
    if names:
        return "Unknown"
    return {"point": "Point", "line": "LineString", "polygon": "Polygon"}[ROLES[role].geometry[0]]


def write_coverage(path: Path, table: str, terrain: Terrain, crs: pyproj.CRS) -> None:
    """Add the heights as float32 tiles without loss, and say which value means "no data"."""
    rows, cols = terrain.values.shape
    heights: NDArray[np.float32] = np.where(
        np.isnan(terrain.values), np.float32(NO_DATA), terrain.values
    )
    profile = {
        "driver": "GPKG",
        "width": cols,
        "height": rows,
        "count": 1,
        "dtype": "float32",
        "crs": crs.to_wkt(),
        "transform": terrain.transform,
        "nodata": NO_DATA,
        "APPEND_SUBDATASET": "YES",
        "RASTER_TABLE": table,
        "TILE_FORMAT": "TIFF",
    }
    with rasterio.open(path, "w", **profile) as file:
        file.write(heights, 1)
    with closing(connect(path, "rw")) as connection, connection:
        # The driver leaves this empty when a coverage is appended.
        connection.execute(
            "UPDATE gpkg_2d_gridded_coverage_ancillary SET data_null = ?", (NO_DATA,)
        )
