"""The report as PDF, set by Typst from the template beside this module."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from twin.fonts import FOLDER
from twin.report.blocks import Block, Figure, Panels
from twin.report.document import Document
from twin.report.glyphs import beyond_the_font

TEMPLATE = Path(__file__).with_name("report.typ")


def pdf(document: Document, date: datetime | None) -> bytes:
    """Return the PDF of a document; the same document and date give the same bytes.

    Parameters
    ----------
    document
        What to set.
    date
        Stands in the file as its date of creation; none where None.
    """
    files: dict[str, bytes] = {"main.typ": TEMPLATE.read_bytes()}
    data = _data(document, files)
    data["date"] = [date.year, date.month, date.day] if date else None
    text = json.dumps(data, ensure_ascii=False)
    files["data.json"] = text.encode()
    stamp = date or datetime(1970, 1, 1, tzinfo=UTC)
    made: bytes = typst.compile(
        files,  # type: ignore[call-overload]  # its stubs lack files in memory
        format="pdf",
        font_paths=[str(FOLDER)],
        # A name with rarer characters is better set in a font of this machine than as boxes.
        ignore_system_fonts=not beyond_the_font(text),
        timestamp=int(stamp.timestamp()),
    )
    return made


def png(svg: str, pixels_per_inch: float) -> bytes:
    """Return a picture of an SVG drawing, with the packaged font."""
    page = b'#set page(width: auto, height: auto, margin: 0mm)\n#image("drawing.svg")'
    made: bytes = typst.compile(
        {"main.typ": page, "drawing.svg": svg.encode()},  # type: ignore[call-overload]  # as above
        format="png",
        ppi=pixels_per_inch,
        font_paths=[str(FOLDER)],
        ignore_system_fonts=not beyond_the_font(svg),
    )
    return made


def _data(document: Document, files: dict[str, bytes]) -> dict[str, Any]:
    """Return the document as JSON values; its pictures go into `files`."""
    sections = [
        {
            "title": section.title,
            "new_page": section.new_page,
            "blocks": [_block(block, document, files) for block in section.blocks],
        }
        for section in document.sections
    ]
    return {"language": document.language, "front": asdict(document.front), "sections": sections}


def _block(block: Block, document: Document, files: dict[str, bytes]) -> dict[str, Any]:
    data = asdict(block)
    if isinstance(block, Figure):
        data["picture"] = _file(block.picture, files)
    if isinstance(block, Panels):
        for item, panel in zip(data["items"], block.items, strict=True):
            item["picture"] = _file(panel.picture, files)
    return {"kind": type(block).__name__, "number": document.numbers.get(id(block), ""), **data}


def _file(picture: str | bytes, files: dict[str, bytes]) -> str:
    name = f"picture-{len(files)}.svg"
    files[name] = (picture if isinstance(picture, str) else _framed(picture)).encode()
    return name


def _framed(png: bytes) -> str:
    """Return a PNG inside an SVG of its size, for Typst takes files in memory as text alone."""
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    data = b64encode(png).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{data}"/></svg>'
    )
