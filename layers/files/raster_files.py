"""Grids and pictures in files: what they are by content, whole or not, alone or in an archive."""

from __future__ import annotations

import glob
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import rasterio
import rasterio.errors

from layers.files import archive
from layers.files.endings import RASTERS
from layers.files.foreign import refusal

warnings.filterwarnings("ignore", category=rasterio.errors.NotGeoreferencedWarning)
# What lies nowhere is refused by those who need a place, in words a person understands.

_GEOPACKAGE = b"SQLite format 3\0"
_TIFF_MAGICS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_GRID_HEAD = re.compile(rb"\A\s*ncols\s+(\d+)\s+nrows\s+(\d+)\s", re.I)
_HGT_NAME = re.compile(r"[NS]\d{2}[EW]\d{3}", re.I)
_HGT_BYTES = (1201 * 1201 * 2, 3601 * 3601 * 2, 1801 * 3601 * 2)
"""SRTM at three seconds and at one, and at one by two in the far north (two bytes a height)."""

_HEAD_BYTES = 4096
_CHUNK_BYTES = 1 << 20
PICTURES = (".jpg", ".jpeg", ".png")
_WORLD_FILES = (".jgw", ".jpgw", ".jpegw", ".pgw", ".pngw", ".wld")


class Raster(NamedTuple):
    """One grid or picture.

    Parameters
    ----------
    path
        The file, or the archive or GeoPackage that it is in.
    part
        The file's name within the archive, the table's within the GeoPackage; None for neither.
    """

    path: Path
    part: str | None = None

    @property
    def source(self) -> str:
        """File and part, as a person would name them."""
        return self.path.name if self.part is None else f"{self.path.name} · {self.part}"

    @property
    def name(self) -> str:
        """What it is called, without its suffix."""
        return PurePosixPath(self.part).stem if self.part else self.path.stem


def driver_of(path: Path, head: bytes) -> str:
    """Return GDAL's name of the format of a grid or picture; "" for anything else."""
    if head.startswith(_TIFF_MAGICS):
        return "GTiff"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if _GRID_HEAD.match(head):
        return "AAIGrid"
    named = path.suffix.lower() == ".hgt" and _HGT_NAME.match(path.name)
    return "SRTMHGT" if named and path.stat().st_size else ""


def rasters_in(path: Path) -> list[Raster]:
    """Return the grids and pictures in a zip archive.

    Raises
    ------
    LayerError
        As `layers.files.archive.unpacked`.
    """
    found = []
    with archive.unpacked(path, _may_be_raster) as folder:
        for file in sorted(folder.rglob("*")):
            hidden = any(p.startswith((".", "__MACOSX")) for p in file.relative_to(folder).parts)
            if not file.is_file() or hidden or not driver_of(file, _head(file)):
                continue
            if file.suffix.lower() not in PICTURES or has_world_file(file):
                found.append(Raster(path, file.relative_to(folder).as_posix()))
    return found


def _may_be_raster(name: str) -> bool:
    return name.lower().endswith((*RASTERS, *_WORLD_FILES))


def has_world_file(path: Path) -> bool:
    """Tell whether a file beside a picture says where it lies; other pictures are photographs."""
    beside = {other.name.lower() for other in path.parent.glob(f"{glob.escape(path.stem)}.*")}
    return any(f"{path.stem}{suffix}".lower() in beside for suffix in _WORLD_FILES)


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_HEAD_BYTES)


@contextmanager
def opened(raster: Raster) -> Iterator[Any]:
    """Give a raster opened by rasterio, proven whole where GDAL would read it short.

    Raises
    ------
    LayerError
        ``file_truncated``, ``grid_cut``, ``not_a_raster``; as `layers.files.archive.unpacked`.
    """
    if raster.part and _head(raster.path).startswith(_GEOPACKAGE):
        with rasterio.open(f"GPKG:{raster.path}:{raster.part}", driver="GPKG") as file:
            yield file
    elif raster.part:
        beside = str(PurePosixPath(raster.part).with_suffix(""))
        with (
            archive.unpacked(raster.path, lambda name: name.startswith(beside)) as folder,
            _whole(folder / raster.part) as file,
        ):
            yield file
    else:
        with _whole(raster.path) as file:
            yield file


@contextmanager
def _whole(path: Path) -> Iterator[Any]:
    driver = driver_of(path, _head(path))
    if driver == "AAIGrid":
        _refuse_cut_grid(path)
    elif driver == "SRTMHGT" and path.stat().st_size not in _HGT_BYTES:
        declared = next((n for n in sorted(_HGT_BYTES) if n > path.stat().st_size), _HGT_BYTES[1])
        raise refusal("file_truncated", path, declared=declared, found=path.stat().st_size)
    elif not driver:
        raise refusal("not_a_raster", path)
    with rasterio.open(path, driver=driver) as file:
        yield file


def _refuse_cut_grid(path: Path) -> None:
    """Count the numbers of a grid in text: GDAL fills up what is missing."""
    head = _GRID_HEAD.match(_head(path))
    declared = int(head[1]) * int(head[2]) if head else 0
    found, rest = 0, b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            *lines, rest = (rest + chunk).split(b"\n")
            found += sum(_numbers(line) for line in lines)
    found += _numbers(rest)
    if found < declared:
        raise refusal("grid_cut", path, declared=declared, found=found)


def _numbers(line: bytes) -> int:
    words = line.split()
    # Lines of the head begin with a word.
    return 0 if words and words[0][:1].isalpha() and words[0].lower() != b"nan" else len(words)
