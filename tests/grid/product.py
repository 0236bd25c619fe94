"""Answers of the product, asked through what its other parts call too."""

from __future__ import annotations

import numpy as np
import pyproj

from layers.rasters.elevation import Terrain
from tests.grid.answers import Need, Scored
from tests.grid.grid import CRS, Grid
from twin.assessment.assess import Assessment, assess
from twin.model.district import District
from twin.standards import Requirement, Standard
from twin.walking.origins import find_origins
from twin.walking.walks import nearest, walks

NAMES = {"en": "Test", "zh": "测试"}


def district_of(grid: Grid) -> District:
    """The district of a grid's rows."""
    dem = grid.terrain
    terrain = dem and Terrain(dem.values, dem.left, dem.top, dem.step, dem.step)
    surveyed = frozenset(grid.surveyed)
    return District.from_frames("grid", pyproj.CRS(CRS), grid.frames(), terrain, surveyed)


def standard_of(*needs: Need) -> Standard:
    """A standard of these requirements, whose ids are their numbers."""
    requirements = tuple(
        Requirement(
            id=str(number), service_types=need.service_types, group=need.group, walker=need.walker,
            limit=need.limit, unit=need.unit, level=need.level, wording="firm", clause=NAMES,
            verified=True, source=NAMES, note={}, name=NAMES,
        )
        for number, need in enumerate(needs)
    )  # fmt: skip
    return Standard(id="test", name=NAMES, issued="", requirements=requirements, notes=())


class ProductAnswers:
    """Answers of the product for one district."""

    def __init__(self, grid: Grid) -> None:
        self.district = district_of(grid)
        self.origins = find_origins(self.district)

    def _at(self, building: int) -> list[int]:
        rows = np.flatnonzero(self.origins.building_id == building)
        return [int(row) for row in rows[np.argsort(self.origins.entrance_id[rows])]]

    def walks(
        self, building: int, service: int, walker: str = "adult", unit: str = "m"
    ) -> list[float]:
        cost = walks(self.district, service, (walker, "m" if unit == "m" else "min"))
        return [float(cost[row]) * (1 if unit == "m" else 60) for row in self._at(building)]

    def nearest(
        self, building: int, service_type: str, walker: str = "adult", unit: str = "m"
    ) -> tuple[float, int]:
        found = nearest(self.district, service_type, (walker, "m" if unit == "m" else "min"))
        first = self._at(building)[0]
        cost = float(found.public[first]) * (1 if unit == "m" else 60)
        return cost, int(found.service_id[first])

    def reason(self, building: int) -> str:
        return self.origins.reason_key(self._at(building)[0])

    def marked(self, building: int) -> bool:
        access = self.origins.access
        return bool(access.points.through_building[access.start[self._at(building)[0]]])

    def assessment(self, *needs: Need) -> Assessment:
        return assess(self.district, standard_of(*needs))

    def score(self, *needs: Need) -> list[Scored]:
        out = []
        for result in self.assessment(*needs).results:
            cells = tuple((float(c), float(t)) for c, t in zip(*result.by_community, strict=True))
            out.append(Scored(result.status, float(result.covered), float(result.total), cells))
        return out

    def full_circle(self, *needs: Need) -> dict[str, tuple[float, float]]:
        circle = self.assessment(*needs).full_circle
        if np.isnan(circle.share):
            return {}
        groups = circle.by_group.items()
        return {group: (float(c), float(t)) for group, (c, t, _) in groups if t > 0}
