"""One way to ask a district questions, for whoever computes the answers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pytest

from tests.grid.grid import Grid
from tests.oracle.reference import (
    ADULT,
    BANDS,
    GROUPS,
    OLDER,
    WHEELCHAIR,
    Raster,
    Reference,
    Scores,
)

WALKERS = {"adult": ADULT, "older": OLDER, "wheelchair": WHEELCHAIR}


@dataclass(frozen=True)
class Need:
    """One requirement of a standard."""

    limit: float
    unit: str = "m"
    service_types: tuple[str, ...] = ("canteen",)
    group: str = "all"
    walker: str = "adult"
    level: str = "shall"


@dataclass(frozen=True)
class Scored:
    """What came of a requirement; `cells` are (covered, total) per community, outside last."""

    status: str
    covered: float
    total: float
    cells: tuple[tuple[float, float], ...]


class Answers(Protocol):
    """What a test asks. Costs are metres for unit "m" and seconds for "s", inf unreached."""

    def walks(
        self, building: int, service: int, walker: str = "adult", unit: str = "m"
    ) -> list[float]:
        """Cost from each home door of a building, in the entrances' order."""

    def nearest(
        self, building: int, service_type: str, walker: str = "adult", unit: str = "m"
    ) -> tuple[float, int]:
        """Cost and id of the nearest service from a building's first home door; id -1 for none."""

    def reason(self, building: int) -> str:
        """Why a building's first home door meets no street, "" where it does."""

    def marked(self, building: int) -> bool:
        """Whether the first home door's leg is marked as crossing another building."""

    def score(self, *needs: Need) -> list[Scored]:
        """Score requirements together."""

    def full_circle(self, *needs: Need) -> dict[str, tuple[float, float]]:
        """(covered, total) per group with people in it; empty where nothing is assessed."""


def raster_of(grid: Grid) -> Raster | None:
    """A grid's DEM as the reference reads it."""
    dem = grid.terrain
    return dem and Raster(dem.values.astype(float), dem.left, dem.top, dem.step, dem.step)


class ReferenceAnswers:
    """Answers of the plain reference."""

    def __init__(self, grid: Grid) -> None:
        self.reference = Reference(grid.frames(), raster_of(grid))
        self.surveyed = frozenset(grid.surveyed)

    def _at(self, building: int) -> list[int]:
        origins = self.reference.origins
        return [i for i, origin in enumerate(origins) if origin.building_id == building]

    def walks(
        self, building: int, service: int, walker: str = "adult", unit: str = "m"
    ) -> list[float]:
        graph = self.reference.graph(WALKERS[walker], unit)
        cost = self.reference.walks_to(graph, [service])
        return [float(cost[i]) for i in self._at(building)]

    def nearest(
        self, building: int, service_type: str, walker: str = "adult", unit: str = "m"
    ) -> tuple[float, int]:
        graph = self.reference.graph(WALKERS[walker], unit)
        cost, who = self.reference.nearest(graph, [service_type])
        first = self._at(building)[0]
        return float(cost[first]), int(who[first])

    def reason(self, building: int) -> str:
        return self.reference.reason(self.reference.origins[self._at(building)[0]])

    def marked(self, building: int) -> bool:
        origin = self.reference.origins[self._at(building)[0]]
        return self.reference.doors[origin.doors[0]].through_building

    def _assess(self, needs: Sequence[Need]) -> Scores:
        named = {str(number): need for number, need in enumerate(needs)}
        return self.reference.assess(named, self.surveyed, WALKERS)

    def score(self, *needs: Need) -> list[Scored]:
        community = np.array([origin.community for origin in self.reference.origins])
        out = []
        for result in self._assess(needs).results.values():
            cells = []
            for cell in (*self.reference.communities, -1):
                here = community == cell
                covered = float(result.people[here & result.met].sum())
                cells.append((covered, float(result.people[here].sum())))
            out.append(Scored(result.status, result.covered, result.total, tuple(cells)))
        return out

    def full_circle(self, *needs: Need) -> dict[str, tuple[float, float]]:
        scores = self._assess(needs)
        if not scores.has_circle:
            return {}
        out = {}
        for group, bands in GROUPS.items():
            columns = [BANDS.index(band) for band in bands]
            total = float(scores.people[:, columns].sum())
            if total > 0:
                out[group] = (float(scores.circle_people[:, columns].sum()), total)
        return out


def near(value: float, within: float = 1e-3) -> Any:
    """Equal within the design's millimetre or millisecond."""
    return pytest.approx(value, abs=within)


def unreached(cost: float) -> bool:
    """Whether a cost says that nothing leads there."""
    return math.isinf(cost)
