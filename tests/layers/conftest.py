"""A small district with known facts, as frames and as loose files."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
from shapely.geometry import LineString, Point, Polygon, box

from layers.problems import Problem
from twin.language import LANGUAGES, set_language
from twin.telling.findings import sentence

ZONE_114 = pyproj.CRS.from_epsg(4547)
"""CGCS2000, central meridian 114 E; Shenzhen lies in it."""

X, Y = 505_000.0, 2_490_000.0
"""South-west corner of the small district, m: 114.05 E, 22.51 N."""


def square(x: float, y: float, size: float = 20.0) -> Polygon:
    """A square with its south-west corner `x`, `y` metres from the district's corner."""
    return box(X + x, Y + y, X + x + size, Y + y + size)


def line(*places: tuple[float, float]) -> LineString:
    return LineString([(X + x, Y + y) for x, y in places])


def frame(geometry: Iterable[object], **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(geometry), crs=ZONE_114)


@pytest.fixture
def buildings() -> gpd.GeoDataFrame:
    """Twelve buildings in a row, 100 m apart, of six storeys with 40 residents each."""
    return frame(
        [square(100 * n, 50) for n in range(12)],
        id=np.arange(1, 13),
        name=[f"{n}号楼" for n in range(1, 13)],
        use=["residential"] * 12,
        storeys=[6] * 12,
        residents=[40] * 12,
    )


@pytest.fixture
def streets() -> gpd.GeoDataFrame:
    """One street in twelve pieces that meet at their ends, going on for 2 km either way."""
    ends = [(-2000.0, 0.0), *((100.0 * n, 0.0) for n in range(11)), (3100.0, 0.0)]
    return frame(
        [line(a, b) for a, b in itertools.pairwise(ends)],
        id=np.arange(1, 13),
        kind=["street"] * 12,
    )


@pytest.fixture
def services() -> gpd.GeoDataFrame:
    places = [Point(X + 500, Y + 30), Point(X - 300, Y + 30)]
    return frame(places, id=[1, 2], name=["社区食堂", "幸福药店"], types=["canteen", "pharmacy"])


@pytest.fixture
def district_files(
    tmp_path: Path,
    buildings: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    services: gpd.GeoDataFrame,
) -> Path:
    """The small district as a folder: a shapefile, a GeoPackage and a GeoJSON."""
    folder = tmp_path / "幸福里"
    folder.mkdir()
    buildings.to_file(folder / "建筑.shp", encoding="UTF-8")
    streets.to_file(folder / "streets.gpkg", layer="streets")
    services.to_crs(4326).to_file(folder / "services.geojson")
    return folder


@pytest.fixture
def keys() -> Callable[[Iterable[Problem]], set[str]]:
    """Return the keys of problems, after saying each of them in both languages."""

    def _keys(problems: Iterable[Problem]) -> set[str]:
        found = list(problems)
        for language in LANGUAGES:
            set_language(language)
            for problem in found:
                assert sentence(problem)
        return {problem.key for problem in found}

    return _keys
