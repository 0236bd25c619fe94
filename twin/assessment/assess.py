"""What a standard says of a district: coverage of every requirement, and full circle."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import shapely

from layers.problems import Problem
from twin.arrays import Floats
from twin.assessment.alternatives import (
    Asked,
    Either,
    about_alternatives,
    asked_of,
    eithers,
    possibly_asked,
)
from twin.assessment.full_circle import FullCircle, full_circle
from twin.assessment.notes import about_horizon, find_notes, stairs_unknown
from twin.assessment.scoring import Result as Result
from twin.assessment.scoring import Status as Status
from twin.assessment.scoring import WhyNot as WhyNot
from twin.assessment.scoring import partly_surveyed, score
from twin.model.district import District
from twin.model.horizon import NOW, TODAY, Horizon
from twin.standards import Standard
from twin.streets.costs import Measure
from twin.walking.access import REASONS
from twin.walking.demand import sums
from twin.walking.origins import Origins, find_origins
from twin.walking.storeys import HomeStoreys, home_storeys
from twin.walking.walks import nearest

if TYPE_CHECKING:
    import geopandas as gpd

Progress: TypeAlias = Callable[[float], None]
"""Is told the part that is done, 0 to 1; may raise to stop the work."""


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
    homes
        The storeys above each origin where stairs were counted ("door to door"), else None.
    horizon
        What was looked at: statuses, hour, year; `district` is as it is then.
    asked
        The district that was asked about; the same as `district` where the horizon changes nothing.
    """

    district: District
    standard: Standard
    origins: Origins
    results: tuple[Result, ...]
    full_circle: FullCircle
    not_assessed: tuple[str, ...]
    notes: tuple[Problem, ...]
    homes: HomeStoreys | None = None
    horizon: Horizon = NOW
    asked: District | None = None

    @property
    def door_to_door(self) -> bool:
        """Walks begin at the homes on each storey, not at the street door."""
        return self.homes is not None

    @property
    def statuses(self) -> frozenset[str]:
        """The statuses of services that count as there."""
        return self.horizon.statuses

    @property
    def counts_dwellings(self) -> bool:
        """Nobody counted residents: every figure of people counts dwellings."""
        return self.origins.demand.counts_dwellings

    @property
    def required(self) -> tuple[Result, ...]:
        """Results of what the standard says shall be provided, which full circle asks for."""
        return tuple(r for r in self.results if r.requirement.level == "shall")

    @property
    def asked_for(self) -> tuple[Asked, ...]:
        """What full circle asks for, of what was assessed; alternatives to one another are one."""
        known = [r for r in self.results if r.status == "assessed"]
        return asked_of(self.standard, [(r.requirement, r.covered_part) for r in known])

    @property
    def eithers(self) -> tuple[Either, ...]:
        """What came of requirements any one of which is enough."""
        return eithers(self.standard, self.origins, self.results)

    def either(self, alternatives_id: str) -> Either | None:
        """Return what came of alternatives, None where the standard has none such or none known."""
        found = (one for one in self.eithers if one.alternatives.id == alternatives_id)
        return next(found, None)

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
        walk = found.public
        if self.homes is not None:
            walk = found.costs.public(self.homes.farthest(found.cost, measure))
        farthest = np.full(len(self.district.buildings), -np.inf)
        np.maximum.at(farthest, self.origins.building_row, walk)
        return np.where(np.isneginf(farthest), np.nan, farthest)

    def by_building(self, result: Result) -> tuple[Floats, Floats]:
        """Return covered and total people of a requirement's group by row of the buildings."""
        people = self.origins.group(result.requirement.group)
        row, count = self.origins.building_row, len(self.district.buildings)
        return sums(row, people * result.covered_part, count), sums(row, people, count)

    def frame(self) -> gpd.GeoDataFrame:
        """Return a tidy row per origin, in the district's CRS.

        Returns
        -------
        ``building_id``, ``entrance_id``, ``residents``, ``full_circle`` (residents in full circle),
        ``reason`` (why unattached, "" where attached), and for each requirement its cost (metres or
        minutes, as ``<id>_m`` or ``<id>_min``) and whether it is met (``<id>``; door to door also
        by what part of the people, ``<id>_part``); geometry is the door.
        """
        import geopandas as gpd

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
            if self.door_to_door:
                columns[f"{wanted.id}_part"] = result.covered_part
        doors = shapely.points(origins.x, origins.y)
        return gpd.GeoDataFrame(columns, geometry=doors, crs=self.district.crs)


def assess(
    district: District,
    standard: Standard,
    progress: Progress | None = None,
    *,
    door_to_door: bool = False,
    statuses: Set[str] = TODAY,
    horizon: Horizon | None = None,
) -> Assessment:
    """Measure a district against a standard.

    What earlier calls found of unchanged parts is used again: after one service moved, only its
    own walks and the requirements that it serves are computed.

    Parameters
    ----------
    progress
        Is told the part done between requirements.
    door_to_door
        Count the stairs of homes without a lift; see :mod:`twin.walking.storeys`.
    statuses
        Services of these statuses count as there, where no horizon is given.
    horizon
        Statuses, hour and year to look at; see :class:`twin.model.horizon.Horizon`.
    """
    tell = progress or (lambda _done: None)
    tell(0.0)
    horizon = horizon or Horizon(frozenset(statuses))
    asked, district = district, horizon.of(district)
    origins = find_origins(district)
    homes = home_storeys(district, origins) if door_to_door else None
    results: list[Result] = []
    for number, requirement in enumerate(standard.requirements, start=1):
        results.append(score(district, origins, requirement, homes))
        tell(number / (len(standard.requirements) + 1))
    assessed = [r for r in results if r.status == "assessed"]
    asks = asked_of(standard, [(r.requirement, r.covered_part) for r in assessed])
    most = possibly_asked(standard, results)
    circle = full_circle(
        origins, [(one.group, one.part) for one in asks], [(one.group, one.part) for one in most]
    )
    missing = tuple(r.requirement.id for r in results if r.status == "not_assessed")
    notes = find_notes(district, origins, standard)
    notes += partly_surveyed(results) + stairs_unknown(origins, homes)
    notes += about_alternatives(standard, origins, results) + about_horizon(district, horizon)
    tell(1.0)
    return Assessment(
        district,
        standard,
        origins,
        tuple(results),
        circle,
        missing,
        notes,
        homes,
        horizon,
        asked,
    )
