"""The report as one web page that needs nothing but itself."""

from __future__ import annotations

import base64
from pathlib import Path

import jinja2
from markupsafe import Markup

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


def _is_dark(colour: str) -> bool:
    """Return whether white words read better than black ones on a ``#rrggbb`` ground."""
    return sum(int(colour[i : i + 2], 16) for i in (1, 3, 5)) < 1.5 * 255
