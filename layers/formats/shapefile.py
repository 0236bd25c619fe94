"""Shapefile: geometry (.shp), index (.shx), attributes (.dbf), CRS (.prj) and encoding (.cpg)."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pyogrio

from layers.files.encoding import encoding_of, named, told_of
from layers.files.foreign import ForeignLayer, read_with_gdal, refusal
from layers.problems import Problem, Severity

MAGIC = (9994).to_bytes(4, "big")
_HEADER_BYTES = 100
_MOST_BYTES = 1 << 32
"""Lengths are signed 32-bit counts of 16-bit words."""
_INDEX_RECORD_BYTES = 8
_SIDECARS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def looks_like(head: bytes) -> bool:
    """Tell whether a file that starts so is the .shp of a shapefile."""
    return head.startswith(MAGIC)


def read(path: Path, told: str | None = None) -> tuple[list[ForeignLayer], list[Problem]]:
    """Read a shapefile; a missing index is rebuilt in a copy, never beside the user's file.

    Parameters
    ----------
    path
        The .shp.
    told
        The user's word for the encoding, which overrides what the text seems to be in.

    Raises
    ------
    LayerError
        ``header_damaged``, ``file_truncated``, ``layer_empty``, ``unreadable``.
    """
    parts = _parts(path)
    _refuse_truncated(path)
    problems = [
        Problem(key, severity, source=path.name)
        for suffix, key, severity in (
            (".dbf", "shapefile_without_attributes", Severity.WARNING),
            (".shx", "shapefile_without_index", Severity.REPAIRED),
        )
        if suffix not in parts
    ]
    encoding = told
    if ".dbf" in parts and told is None:
        found, surprising = encoding_of(parts[".dbf"])
        encoding = found.codec or None
        if surprising:
            problems.append(told_of(found, path.name))
    if ".shx" in parts:
        layer = _read(path, path, _declared(parts), encoding)
    else:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / f"{path.stem}.shp"
            for suffix, part in parts.items():
                shutil.copyfile(part, copy.with_suffix(suffix))
            pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": True})
            try:
                layer = _read(copy, path, _declared(parts), encoding)
            finally:
                pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})
    if layer.declared == 0:
        raise refusal("layer_empty", path)
    return [layer], problems


def _read(path: Path, original: Path, declared: int, encoding: str | None) -> ForeignLayer:
    layer = read_with_gdal(path, path.stem, "ESRI Shapefile", declared=declared, encoding=encoding)
    return replace(layer, file=original, encoding=named(encoding or "").name)


def _parts(path: Path) -> dict[str, Path]:
    """Return the file's parts by lower-case suffix, whatever case the disk has."""
    beside = {
        other.suffix.lower(): other
        for other in sorted(path.parent.glob("*"))
        if other.stem == path.stem and other.suffix.lower() in _SIDECARS
    }
    return {**beside, ".shp": path}


def _refuse_truncated(path: Path) -> None:
    """Compare the length in the header (16-bit words, big-endian, at byte 24) with the file's."""
    with path.open("rb") as stream:
        head = stream.read(_HEADER_BYTES)
    declared = int.from_bytes(head[24:28], "big") * 2
    found = path.stat().st_size
    if declared > _MOST_BYTES:
        raise refusal("header_damaged", path)
    if len(head) < _HEADER_BYTES or found < declared:
        raise refusal("file_truncated", path, declared=declared, found=found)


def _declared(parts: dict[str, Path]) -> int:
    """Return the most features that index or attribute table promise."""
    counts = [0]
    if ".shx" in parts:
        size = parts[".shx"].stat().st_size
        counts.append(max(size - _HEADER_BYTES, 0) // _INDEX_RECORD_BYTES)
    if ".dbf" in parts:
        with parts[".dbf"].open("rb") as stream:
            counts.append(int.from_bytes(stream.read(8)[4:8], "little"))
    return max(counts)
