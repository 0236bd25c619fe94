"""Whether a file is OpenStreetMap data and whole to its end, before anything of it is used."""

from __future__ import annotations

import bz2
import gzip
import zlib
from pathlib import Path
from typing import Literal, Protocol

from layers.files.foreign import refusal
from layers.osm.tags import rules

Kind = Literal["pbf", "xml", "xml.gz", "xml.bz2"]
"""As osmium calls the formats."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


_GZIP, _BZIP2 = b"\x1f\x8b", b"BZh"
_CHUNK_BYTES = 1 << 20
_LENGTH_BYTES = 4
_MOST_HEADER_BYTES = 64 * 1024
"""Of a blob's header: the PBF format's own limit."""


def looks_like(head: bytes) -> bool:
    """Tell whether a file that starts so may be OpenStreetMap data.

    A bzip2 file shows nothing before its first block is whole; it is judged when read.
    """
    return kind_of(head) is not None


def kind_of(head: bytes) -> Kind | None:
    """Return how a file that starts so is written, or None where it is no OSM data."""
    if b"OSMHeader" in head[:64]:
        return "pbf"
    if _is_xml(head):
        return "xml"
    if head.startswith(_GZIP):
        return "xml.gz" if _is_xml(_first_unpacked(head)) else None
    return "xml.bz2" if head.startswith(_BZIP2) else None


def _is_xml(head: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith(b"<") and (b"<osm" in text) and b"<osmChange" not in text


def _first_unpacked(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(head)
    except zlib.error:
        return b""


def check_whole(path: Path, kind: Kind) -> None:
    """Make sure that a file is complete; osmium itself checks the end of plain XML.

    Raises
    ------
    LayerError
        ``osm_cut_short``, ``osm_not_inside``, ``packed_too_large``.
    """
    if kind == "pbf":
        _check_blobs(path)
    elif kind == "xml.gz":
        with gzip.open(path) as stream:
            _check_packed(path, stream)
    elif kind == "xml.bz2":
        with bz2.open(path) as stream:
            _check_packed(path, stream)


def _check_packed(path: Path, stream: _Readable) -> None:
    """Unpack to the end without keeping anything, and no further than a real file goes."""
    bounds = rules("keys")["packed"]
    most = path.stat().st_size * bounds["most_ratio"] + bounds["least_unpacked_bytes"]
    size = 0
    try:
        while chunk := stream.read(_CHUNK_BYTES):
            if size == 0 and not _is_xml(chunk):
                raise refusal("osm_not_inside", path)
            size += len(chunk)
            if size > most:
                raise refusal("packed_too_large", path, ratio=bounds["most_ratio"])
    except (EOFError, OSError, zlib.error) as error:
        raise refusal("osm_cut_short", path) from error


def _check_blobs(path: Path) -> None:
    """Walk over the blobs of a PBF file, which must end where the last one does."""
    size, place = path.stat().st_size, 0
    with path.open("rb") as stream:
        while place < size:
            length = int.from_bytes(stream.read(_LENGTH_BYTES), "big")
            header = stream.read(length) if length <= _MOST_HEADER_BYTES else b""
            data = _data_size(header)
            place += _LENGTH_BYTES + length + (data or 0)
            if data is None or len(header) < length or place > size:
                raise refusal("osm_cut_short", path)
            stream.seek(place)


def _data_size(header: bytes) -> int | None:
    """Return the field ``datasize`` (number 3, varint) of a blob's header, or None without one."""
    place = 0
    while place < len(header):
        tag, place = _varint(header, place)
        if tag & 7 == 2:
            length, place = _varint(header, place)
            place += length
        elif tag & 7 == 0:
            value, place = _varint(header, place)
            if tag >> 3 == 3:
                return value
        else:
            return None
    return None


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while place < len(data):
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            break
    return value, place
