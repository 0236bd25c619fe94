"""Entries of the data ledger: which layer or table came from where, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from layers.files.foreign import ForeignLayer
from layers.files.raster_files import Raster
from layers.placing.settling import crs_name
from layers.project_file import Source
from layers.rasters.terrain import stated_crs
from layers.understanding.guessing import Guess
from layers.understanding.keyed_tables import Joined


def source_of_table(found: Joined) -> Source:
    """Return the entry of a table whose rows were joined to the features that they name."""
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


def source_of_layer(
    role: str,
    layer: ForeignLayer,
    kept: int,
    mapping: Mapping[str, Guess],
    crs: str = "",
    role_confidence: float = 1.0,
) -> Source:
    """Return the entry of a layer: where from, its CRS, what was kept."""
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


def source_of_raster(role: str, raster: Raster) -> Source:
    """Return the entry of a grid or picture."""
    return Source(
        role=role,
        file=raster.path.name,
        layer=raster.part or "",
        crs=crs_name(stated_crs(*raster)),
        crs_used=crs_name(stated_crs(*raster)),
        read_at=_now(),
        sha256=_digest(raster.path),
    )
