"""GeoPackage: one SQLite file with any number of layers, tables and gridded coverages."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from layers.foreign import ForeignLayer, layer_names, read_with_gdal, refusal
from layers.problems import LayerError, Problem, Severity

MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100


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
        ``file_missing``, ``not_a_geopackage``, ``file_truncated``, ``cannot_read``.
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
    if size < max(promised, _HEADER_BYTES):
        raise refusal("file_truncated", path, declared=promised, found=size)
    try:
        with closing(_connect(path)) as connection:
            connection.execute("SELECT count(*) FROM gpkg_contents").fetchone()
    except sqlite3.Error as error:
        raise refusal("not_a_geopackage", path) from error


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


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


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
    problems: list[Problem] = []
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
    with closing(_connect(path)) as connection:
        return [str(name) for (name,) in connection.execute(query)]
