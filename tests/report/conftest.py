"""A small place whose report can be checked by hand, and readers of what was printed."""

from __future__ import annotations

import re
import zlib
from html.parser import HTMLParser
from pathlib import Path

import pytest
import shapely

from tests.grid.grid import Grid
from tests.grid.product import district_of
from twin.assessment.assess import Assessment, assess
from twin.standards import Requirement, Standard, load_standard


def place(*, communities: bool = True, residents: bool = True) -> Grid:
    """Three homes on the grid's lowest street, 10 m off it, and a canteen at its western end.

    A door at x walks x + 20 m to the canteen: 50 m from building 1, 170 m from 2, 370 m from 3.
    Buildings 1 and 2 stand in West, 3 in East. Older people: 20, 4 and 30.
    """
    grid = Grid()
    people = {1: 20.0, 2: 4.0, 3: 30.0}
    for building, x in ((1, 30.0), (2, 150.0), (3, 350.0)):
        bands = {"age_60_79": people[building], "age_18_59": 50.0}
        if residents:
            grid.building(building, (x, 10.0), people=bands)
        else:
            nobody = dict.fromkeys(bands, float("nan"))
            grid.building(building, (x, 10.0), people=nobody, residents=(), dwellings=12.0)
            grid.rows["buildings"][-1]["residents"] = float("nan")
    grid.service(1, (0.0, 10.0), "canteen", name="食堂", capacity=200.0)
    grid.add("boundary", shapely.box(-50, -50, 450, 450), name="地块")
    if communities:
        grid.add("communities", shapely.box(-50, -50, 200, 450), name="West")
        grid.add("communities", shapely.box(200, -50, 450, 450), name="East")
    return grid


def requirement(
    id_: str, service_type: str, group: str, limit: float, wording: str = "advisory"
) -> Requirement:
    """Return a requirement in metres for older walkers."""
    return Requirement(
        id=id_, service_types=(service_type,), group=group, walker="older", limit=limit, unit="m",
        level="shall", wording=wording, verified=False,
        clause={"en": f"Table {id_}.1", "zh": f"表{id_}.1"}, source={"en": "M", "zh": "M"},
        note={}, name={"en": f"Asked {id_}", "zh": f"要求{id_}"},
    )  # fmt: skip


STANDARD = Standard(
    id="test",
    name={"en": "Test standard", "zh": "测试标准"},
    issued="2020",
    requirements=(
        requirement("A", "canteen", "older", 200.0),
        requirement("B", "canteen", "all", 60.0, "firm"),
        requirement("C", "pharmacy", "all", 300.0),
        requirement("D", "canteen", "infants", 300.0),
    ),
)
"""A: 24 of 54 older people are within 200 m. B: 70 of 204 residents within 60 m. C was not
surveyed. D has nobody to serve."""


@pytest.fixture
def assessment() -> Assessment:
    return assess(district_of(place()), STANDARD)


@pytest.fixture(params=["gb50180-2018", "quarter-hour-2021", "embedded-2024"])
def shipped(request: pytest.FixtureRequest) -> Assessment:
    """The small place by each standard that comes with the program."""
    return assess(district_of(place()), load_standard(request.param))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.words: list[str] = []
        self._hidden = False
        self._open = False

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self._hidden = tag == "style"
        if tag == "tr":
            self.rows.append([])
            self._open = True
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._hidden or not data.strip():
            return
        self.words.append(data.strip())
        if self._open and self.rows[-1]:
            self.rows[-1][-1] = f"{self.rows[-1][-1]} {data.strip()}".strip()


def words_of(page: Path) -> str:
    """Return what a reader reads on a web page."""
    reader = _Words()
    reader.feed(page.read_text(encoding="utf-8"))
    return " ".join(reader.words)


def rows_of(page: Path) -> list[list[str]]:
    """Return the rows of all tables of a web page, cell by cell."""
    reader = _Words()
    reader.feed(page.read_text(encoding="utf-8"))
    return reader.rows


def text_characters(pdf: bytes) -> set[str]:
    """Return the characters that a PDF's fonts say they show, so that they can be searched for."""
    found: set[str] = set()
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            words = zlib.decompressobj().decompress(stream)
        except zlib.error:
            continue
        if b"beginbfchar" in words or b"beginbfrange" in words:
            for code in re.findall(rb"<([0-9A-Fa-f]{4,})>", words):
                found |= set(bytes.fromhex(code.decode()).decode("utf-16-be", errors="ignore"))
    return found
