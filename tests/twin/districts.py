"""Small districts for the tests of the assessment: a grid of streets and what stands on it."""

from __future__ import annotations

import pyproj

from layers.rasters.elevation import Terrain
from tests.grid.grid import CRS, Grid
from twin.model.district import District
from twin.standards import Requirement, Standard

NAMES = {"en": "Test", "zh": "测试"}


def district(grid: Grid) -> District:
    dem = grid.terrain
    terrain = dem and Terrain(dem.values, dem.left, dem.top, dem.step, dem.step)
    frames = grid.frames()
    return District.from_frames("grid", pyproj.CRS(CRS), frames, terrain, frozenset(grid.surveyed))


def standard(*requirements: Requirement) -> Standard:
    return Standard("test", NAMES, "2026", requirements)


def requirement(id_: str = "canteen", limit: float = 300.0, **values) -> Requirement:
    given = {
        "id": id_,
        "service_types": (id_,),
        "group": "all",
        "walker": "adult",
        "limit": limit,
        "unit": "m",
        "level": "shall",
        "wording": "advisory",
        "clause": {"en": "1", "zh": "1"},
        "verified": False,
        "source": {"en": "", "zh": ""},
        "note": {},
        "name": NAMES,
    }
    return Requirement(**(given | values))
