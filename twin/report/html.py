"""The report as one web page that needs nothing but itself."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from twin.report.document import Document
from twin.report.glyphs import cut_fonts

_HERE = Path(__file__).parent


def html(document: Document) -> bytes:
    """Return the page: styles, maps, picture and the used characters of the font are inside it."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["base64"] = lambda data: base64.b64encode(data).decode()
    environment.tests["svg"] = lambda picture: isinstance(picture, str)
    environment.filters["drawing"] = Markup
    environment.filters["formula"] = _formula
    template = environment.get_template("report.html")

    def page(fonts: dict[int, bytes]) -> str:
        return template.render(
            document=document,
            style=Markup((_HERE / "report.css").read_text(encoding="utf-8")),  # noqa: S704 ours
            fonts=fonts,
            kind=lambda block: type(block).__name__,
            number=lambda block: document.numbers[id(block)],
            dark=_is_dark,
        )

    return page(cut_fonts(page({}))).encode()


def _formula(words: str) -> Markup:
    """Return a formula with its indices (``x_ij``) below the line and its powers above it."""
    set_low = re.sub(r"_([a-z0-9]{1,2}(?:−1)?)", r"<sub>\1</sub>", str(escape(words)))
    return Markup(re.sub(r"\^([a-z0-9])", r"<sup>\1</sup>", set_low))  # noqa: S704 escaped above


def _is_dark(colour: str) -> bool:
    """Return whether white words read better than ink on a ``#rrggbb`` ground (WCAG 2.1)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.2
