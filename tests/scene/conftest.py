"""A small district whose pictures, picks and meshes can be worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import shapely
from pyproj import CRS

import gui
from gui.scene.scene import Scene
from layers.rasters.elevation import Terrain
from twin.language import add_catalogue
from twin.model.district import District
from twin.model.tables import Table

WEST, SOUTH = 500_000.0, 3_400_000.0

SLAB, COURT, PAIR, TOWER = 11, 12, 13, 14
"""Ids of the buildings: a plain box, one round a yard, one of two parts, one of 30 storeys."""
CANTEEN, PLANNED, SHUT = 21, 22, 23
SITE = 31


def box(x: float, y: float, width: float, depth: float) -> shapely.Polygon:
    """Return a rectangle by its lower left corner, relative to the district's."""
    return shapely.box(WEST + x, SOUTH + y, WEST + x + width, SOUTH + y + depth)


def point(x: float, y: float) -> shapely.Point:
    return shapely.Point(WEST + x, SOUTH + y)


def line(*places: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(WEST + x, SOUTH + y) for x, y in places])


def make_district(terrain: object = None) -> District:
    yard = shapely.difference(box(100, 40, 60, 50), box(115, 55, 30, 20))
    pair = shapely.MultiPolygon([box(40, 120, 30, 15), box(80, 120, 30, 15)])
    buildings = Table(
        "buildings",
        [SLAB, COURT, PAIR, TOWER],
        np.array([box(20, 40, 60, 12), yard, pair, box(150, 140, 25, 25)], dtype=object),
        {"storeys": [6.0, 4.0, 3.0, 30.0], "name": np.array(["", "Court", "", ""], dtype=object)},
    )
    services = Table(
        "services",
        [CANTEEN, PLANNED, SHUT],
        np.array([point(95, 20), point(20, 160), point(180, 20)], dtype=object),
        {
            "types": np.array(["canteen", "pharmacy", "nursery"], dtype=object),
            "status": np.array(["open", "planned", "closed"], dtype=object),
            "name": np.array(["East Canteen", "", ""], dtype=object),
        },
    )
    streets = Table(
        "streets",
        [1, 2, 3, 4, 5],
        np.array(
            [
                line((0, 30), (200, 30)),
                line((90, 30), (90, 110)),
                line((90, 5), (90, 30)),
                line((90, 110), (90, 118)),
                line((10, 100), (80, 100)),
            ],
            dtype=object,
        ),
        {
            "kind": np.array(["footway", "street", "crossing", "steps", "gate"], dtype=object),
            "status": np.array(["open", "open", "open", "open", "closed"], dtype=object),
        },
    )
    return District(
        "small",
        CRS.from_epsg(4547),
        boundary=Table("boundary", [1], [box(0, 0, 200, 190)], {}),
        communities=Table(
            "communities",
            [1, 2],
            np.array([box(0, 0, 88, 190), box(88, 0, 112, 190)], dtype=object),
            {"name": np.array(["West End", "East End"], dtype=object)},
        ),
        buildings=buildings,
        streets=streets,
        services=services,
        sites=Table("sites", [SITE], [point(30, 80)], {}),
        roads=Table(
            "roads",
            [1],
            [line((-40, 10), (240, 10))],
            {"width_m": [14.0], "name": np.array(["South Road"], dtype=object)},
        ),
        barriers=Table("barriers", [1], [line((95, 35), (170, 35), (170, 100))], {}),
        water=Table("water", [1], [box(-40, 172, 280, 12)], {}),
        green=Table("green", [1], [box(15, 60, 60, 35)], {}),
        trees=Table(
            "trees", [1, 2, 3], np.array([point(60, 75), point(68, 85), point(150, 110)]), {}
        ),
        terrain=cast("Terrain | None", terrain),  # anything that samples will do
    )


@pytest.fixture(scope="session")
def district() -> District:
    return make_district()


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene(320, 240)
    yield made
    made.close()


@pytest.fixture
def kept_ground(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands still is kept by whatever draws, as it is where software does."""
    monkeypatch.setattr("gui.scene.backdrop.is_software", lambda _window: True)


@pytest.fixture(scope="session", autouse=True)
def _texts() -> None:
    add_catalogue(Path(gui.__file__).parent / "texts")
