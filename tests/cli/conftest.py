"""A street with three homes and a canteen, as loose files; and the command to run on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from twin.cli import main

CRS = "EPSG:4547"
WEST, SOUTH = 500_000.0, 3_500_000.0


def point(x: float, y: float) -> shapely.Point:
    return shapely.Point(WEST + x, SOUTH + y)


def house(x: float, y: float) -> shapely.Polygon:
    """Return a house 10 m square whose south side is on the height `y`, its middle at `x`."""
    return shapely.box(WEST + x - 5, SOUTH + y, WEST + x + 5, SOUTH + y + 10)


def street(*places: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(WEST + x, SOUTH + y) for x, y in places])


@dataclass(frozen=True)
class Answer:
    """What the command said and how it ended."""

    status: int
    out: str
    err: str


Command = Callable[..., Answer]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the headless command in this process, in English."""

    def run(*words: object) -> Answer:
        capsys.readouterr()
        status = main([str(word) for word in words] + ["--language", "en"])
        said = capsys.readouterr()
        return Answer(int(status), said.out, said.err)

    return run


def write(
    path: Path, rows: dict[str, list[Any]], geometry: list[Any], crs: str | None = CRS
) -> Path:
    frame = gpd.GeoDataFrame(rows, geometry=geometry, crs=crs)
    frame.to_file(path, driver={".gpkg": "GPKG", ".geojson": "GeoJSON", ".shp": None}[path.suffix])
    return path


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with the layers of a place that a person can walk through in the head.

    The street runs along y = 0 from x = 0 to x = 400. Doors of homes are 10 m north of it at
    x = 50 (10 people), 150 (20 people) and 350 (30 people); all residents are adults. The canteen
    is 5 m south of it at x = 200.
    """
    folder = tmp_path / "place"
    folder.mkdir()
    homes = [house(x, 10) for x in (50, 150, 350)]
    people = [10.0, 20.0, 30.0]
    bands = {f"age_{band}": [0.0] * 3 for band in ("0_2", "3_5", "6_11", "12_17", "60_79", "80_up")}
    write(
        folder / "buildings.gpkg",
        {
            "id": [1, 2, 3],
            "name": ["=SUM(A1)", "东楼", "West"],
            "use": ["residential"] * 3,
            "storeys": [6.0] * 3,
            "residents": people,
            "age_18_59": people,
            "disabled": [0.0] * 3,
            **bands,
        },
        homes,
    )
    write(
        folder / "entrances.gpkg",
        {"id": [1, 2, 3], "building_id": [1, 2, 3], "residential": [True] * 3},
        [point(x, 10) for x in (50, 150, 350)],
    )
    write(
        folder / "streets.gpkg",
        {"id": [1, 2, 3, 4, 5], "kind": ["street"] * 5},
        [street((x, 0), (x + 100, 0)) for x in (0, 100, 200, 300)] + [street((400, 0), (400, 500))],
    )
    write(
        folder / "services.gpkg",
        {"id": [7], "name": ["食堂"], "types": ["canteen"], "status": ["open"]},
        [point(200, -5)],
    )
    write(
        folder / "boundary.gpkg",
        {"name": ["Place"]},
        [shapely.box(WEST - 50, SOUTH - 50, WEST + 450, SOUTH + 550)],
    )
    return folder


@pytest.fixture
def project(place: Path, tmp_path: Path, command: Command) -> Path:
    """Return the project imported from `place`."""
    path = tmp_path / "place.twin.gpkg"
    answer = command("import", path, place)
    assert path.exists(), answer.err
    return path
