"""What a standard says of a district: coverage of every requirement, and full circle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import geopandas as gpd
import numpy as np
import shapely

from layers.problems import Problem
from twin.access import REASONS
from twin.costs import INF, PER_UNIT, Measure
from twin.demand import sums
from twin.district import District
from twin.full_circle import FullCircle, full_circle
from twin.memo import Memo
from twin.network import Flags, Floats, Ints
from twin.notes import find_notes
from twin.origins import Origins, find_origins
from twin.standards import Requirement, Standard
from twin.straight import straight_distances
from twin.walks import Nearest, nearest

Status = Literal["assessed", "not_assessed", "no_demand"]
Progress: TypeAlias = Callable[[float], None]
"""Is told the part that is done, 0 to 1; may raise to stop the work."""


@dataclass(frozen=True, eq=False)
class Result:
    """What came of one requirement.

    Parameters
    ----------
    requirement
        What was asked.
    status
        ``not_assessed`` where nobody surveyed any of its service types, ``no_demand`` where nobody
        of its group lives inside the boundary.
    covered, total
        People of the group whose walk is within the limit, and all of them.
    share
        `covered` / `total`, NaN unless assessed. The unreached are in the total.
    unreached, unreached_by_reason
        People from whom no way leads to such a service; why: a key of
        :data:`twin.access.REASONS`, ``no_service`` or ``not_connected``.
    by_community
        Covered and total people by row of the communities table; the last is outside them all.
    covered_mask
        Origins within the limit.
    cost
        Metres or minutes from every origin, inf unreached, NaN where not assessed.
    service_id
        The nearest service of every origin, -1 for none.
    straight_share
        The literal reading of a limit in metres: share of people whose straight distance from door
        to service is within it. NaN for minutes, and unless assessed.
    """

    requirement: Requirement
    status: Status
    covered: float
    total: float
    share: float
    unreached: float
    unreached_by_reason: Mapping[str, float]
    by_community: tuple[Floats, Floats]
    covered_mask: Flags
    cost: Floats
    service_id: Ints
    straight_share: float


@dataclass(frozen=True, eq=False)
class Assessment:
    """Everything that a standard says of one district.

    Parameters
    ----------
    district, standard
        What was measured, and against what.
    origins
        Where the walks begin; arrays of results follow their order.
    results
        One for each requirement of the standard, in its order.
    full_circle
        Residents who meet every "shall" requirement that applies to them.
    not_assessed
        Ids of the requirements that could not be assessed.
    notes
        Findings that weaken the figures.
    """

    district: District
    standard: Standard
    origins: Origins
    results: tuple[Result, ...]
    full_circle: FullCircle
    not_assessed: tuple[str, ...]
    notes: tuple[Problem, ...]

    @property
    def counts_dwellings(self) -> bool:
        """Nobody counted residents: every figure of people counts dwellings."""
        return self.origins.demand.counts_dwellings

    def result(self, requirement_id: str) -> Result:
        """Return the result of one requirement; KeyError where the standard has none such."""
        for result in self.results:
            if result.requirement.id == requirement_id:
                return result
        raise KeyError(requirement_id)

    def building_cost(self, service_type: str, measure: Measure) -> Floats:
        """Return the walk from every building to the nearest service of a type.

        Returns
        -------
        Metres or minutes by row of the buildings table: the farthest of its stair units; inf where
        one of them is unreached, NaN where nobody lives or the building is outside the boundary.
        """
        found = nearest(self.district, service_type, measure)
        farthest = np.full(len(self.district.buildings), -np.inf)
        np.maximum.at(farthest, self.origins.building_row, found.public)
        return np.where(np.isneginf(farthest), np.nan, farthest)

    def by_building(self, result: Result) -> tuple[Floats, Floats]:
        """Return covered and total people of a requirement's group by row of the buildings."""
        people = self.origins.group(result.requirement.group)
        row, count = self.origins.building_row, len(self.district.buildings)
        return sums(row, people * result.covered_mask, count), sums(row, people, count)

    def frame(self) -> gpd.GeoDataFrame:
        """Return a tidy row per origin, in the district's CRS.

        Returns
        -------
        ``building_id``, ``entrance_id``, ``residents``, ``full_circle`` (residents in full circle),
        ``reason`` (why unattached, "" where attached), and for each requirement its cost (metres or
        minutes, as ``<id>_m`` or ``<id>_min``) and whether it is met (``<id>``); geometry is the
        door.
        """
        origins = self.origins
        columns: dict[str, Any] = {
            "building_id": origins.building_id,
            "entrance_id": origins.entrance_id,
            "residents": origins.residents,
            "full_circle": self.full_circle.by_origin,
            "reason": np.array(REASONS, dtype=object)[origins.reason],
        }
        for result in self.results:
            wanted = result.requirement
            columns[wanted.id] = result.covered_mask
            columns[f"{wanted.id}_{wanted.unit}"] = result.cost
        doors = shapely.points(origins.x, origins.y)
        return gpd.GeoDataFrame(columns, geometry=doors, crs=self.district.crs)


_results: Memo[Result] = Memo(128)


def assess(district: District, standard: Standard, progress: Progress | None = None) -> Assessment:
    """Measure a district against a standard.

    What earlier calls found of unchanged parts is used again: after one service moved, only its
    own walks and the requirements that it serves are computed.

    Parameters
    ----------
    progress
        Is told the part done between requirements.
    """
    tell = progress or (lambda _done: None)
    tell(0.0)
    origins = find_origins(district)
    results: list[Result] = []
    for number, requirement in enumerate(standard.requirements, start=1):
        results.append(_result(district, origins, requirement))
        tell(number / (len(standard.requirements) + 1))
    assessed = [r for r in results if r.status == "assessed"]
    shall = [r for r in assessed if r.requirement.level == "shall"]
    circle = full_circle(origins, [(r.requirement.group, r.covered_mask) for r in shall])
    missing = tuple(r.requirement.id for r in results if r.status == "not_assessed")
    notes = find_notes(district, origins, standard)
    tell(1.0)
    return Assessment(district, standard, origins, tuple(results), circle, missing, notes)


def _result(district: District, origins: Origins, requirement: Requirement) -> Result:
    if not district.surveyed & set(requirement.service_types):
        return _results.get((origins, requirement), lambda: _not_assessed(origins, requirement))
    found = nearest(district, requirement.service_types, requirement.measure)
    straight = None
    if requirement.unit == "m":
        straight = straight_distances(district, origins, requirement.service_types)
    return _results.get(
        (origins, found, straight, requirement),
        lambda: _score(origins, requirement, found, straight),
    )


def _not_assessed(origins: Origins, requirement: Requirement) -> Result:
    people, count = origins.group(requirement.group), len(origins)
    total = origins.by_community(people)
    nobody = np.zeros(count, bool)
    return Result(
        requirement,
        "not_assessed",
        0.0,
        float(total.sum()),
        np.nan,
        0.0,
        {},
        (np.zeros_like(total), total),
        nobody,
        np.full(count, np.nan),
        np.full(count, -1),
        np.nan,
    )


def _score(
    origins: Origins, requirement: Requirement, found: Nearest, straight: Floats | None
) -> Result:
    people = origins.group(requirement.group)
    met = found.cost <= round(requirement.limit * PER_UNIT[requirement.unit])
    total = origins.by_community(people)
    covered = origins.by_community(np.where(met, people, 0.0))
    everyone = float(total.sum())
    literal = np.nan
    if straight is not None and everyone > 0:
        near = np.round(straight, 6) <= requirement.limit
        literal = float(np.where(near, people, 0.0).sum() / people.sum())
    for array in (met, total, covered):
        array.flags.writeable = False
    reasons = _unreached(origins, found, people)
    return Result(
        requirement,
        "assessed" if everyone > 0 else "no_demand",
        float(covered.sum()),
        everyone,
        float(covered.sum()) / everyone if everyone > 0 else np.nan,
        float(sum(reasons.values())),
        reasons,
        (covered, total),
        met,
        found.public,
        found.service_id,
        literal,
    )


def _unreached(origins: Origins, found: Nearest, people: Floats) -> dict[str, float]:
    """Return the people of a group from whom no way leads to a service, by reason."""
    off = np.flatnonzero(found.cost >= INF)
    if not len(off):
        return {}
    count = np.bincount(origins.reason[off], people[off], len(REASONS))
    elsewhere = "not_connected" if found.served else "no_service"
    named = zip((elsewhere, *REASONS[1:]), count, strict=True)
    return {reason: float(people) for reason, people in named if people > 0}
