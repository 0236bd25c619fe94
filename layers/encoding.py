"""In which encoding a shapefile's attributes are, told from their bytes and not from a claim."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

import numpy as np

_FIELD_BYTES = 32
_HEADER_BYTES = 32
_NAME_BYTES = 11
_CHARACTERS = ord("C")
_BEYOND_ASCII = 0x80
_HAN = re.compile(rb"[\xb0-\xf7][\xa1-\xfe]|[\xa1-\xa3][\xa1-\xfe]")
"""GB 2312: Chinese characters, and the punctuation and full-width signs of its first rows."""

_MOST_BROKEN = 0.02
"""Share of characters that may be broken because a field was cut inside one."""

_LEAST_HAN = 0.95
"""Share of the high bytes that Chinese text spends on characters of GB 2312."""

_CODE_PAGES = {
    0x01: "cp437",
    0x02: "cp850",
    0x03: "cp1252",
    0x13: "cp932",
    0x4D: "GB18030",
    0x4E: "cp949",
    0x4F: "cp950",
    0x7A: "GB18030",
}
"""Language byte of the header (dBase) to encoding; others say too little."""


def encoding_of(table: Path) -> tuple[str | None, bool]:
    """Tell the encoding of a dBase table.

    The text itself decides between UTF-8 and GB 18030 (of which GBK and GB 2312 are parts), which
    hardly any other text resembles; what a ``.cpg`` file or the header claims counts where the
    text does not tell.

    Parameters
    ----------
    table
        The ``.dbf``.

    Returns
    -------
    The encoding, None where nothing tells it; and whether it is other than what is claimed (or
    nothing is claimed and the text is not plain ASCII), so that a person should know.
    """
    text, language = _text_bytes(table)
    claimed = _claimed(table, language)
    if text.isascii():
        return claimed, False
    found = _from_text(text)
    if found is None:
        return claimed, claimed is None
    return found, claimed is None or codecs.lookup(claimed) != codecs.lookup(found)


def _claimed(table: Path, language: int) -> str | None:
    """Return the encoding of the ``.cpg`` beside the table, or of its language byte."""
    for suffix in (".cpg", ".CPG"):
        beside = table.with_suffix(suffix)
        if beside.is_file():
            words = beside.read_bytes()[:64].decode("ascii", "replace").strip()
            name = f"cp{words}" if words.isdigit() else words
            if name.lower() in ("cp936", "gbk", "gb2312"):
                return "GB18030"
            try:
                return codecs.lookup(name).name
            except (LookupError, ValueError):
                return _CODE_PAGES.get(language)
    return _CODE_PAGES.get(language)


def _from_text(text: bytes) -> str | None:
    decoded = text.decode("utf-8", "replace")
    high = len(decoded) - len(decoded.encode("ascii", "ignore"))
    if decoded.count("\ufffd") <= _MOST_BROKEN * high:
        return "UTF-8"
    bytes_high = int((np.frombuffer(text, dtype=np.uint8) >= _BEYOND_ASCII).sum())
    bytes_han = 2 * len(_HAN.findall(text))
    return "GB18030" if bytes_han >= _LEAST_HAN * bytes_high else None


def _text_bytes(table: Path) -> tuple[bytes, int]:
    """Return the names of the fields and the values of the character fields, and the language."""
    content = table.read_bytes()
    header = int.from_bytes(content[8:10], "little")
    record = int.from_bytes(content[10:12], "little")
    if len(content) < _HEADER_BYTES or record == 0:
        return b"", 0
    pieces, offset = [], 1
    rows = content[header:]
    count = len(rows) // record
    cells = np.frombuffer(rows[: count * record], dtype=np.uint8).reshape(count, record)
    for start in range(_HEADER_BYTES, header - 1, _FIELD_BYTES):
        field = content[start : start + _FIELD_BYTES]
        if len(field) < _FIELD_BYTES or field[0] == ord("\r"):
            break
        pieces.append(field[:_NAME_BYTES].split(b"\0")[0])
        if field[11] == _CHARACTERS:
            values = cells[:, offset : offset + field[16]]
            # A line's end after each value keeps the bytes of neighbours apart.
            ends = np.full((count, 1), ord("\n"), dtype=np.uint8)
            pieces.append(np.hstack([values, ends]).tobytes())
        offset += field[16]
    return b"\n".join(pieces).replace(b"\0", b" "), content[29]
