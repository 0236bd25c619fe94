"""What a standard asks that no walk scores: facilities without a distance, and sizes of areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from twin.arrays import Flags, Floats
from twin.assessment.assess import Assessment
from twin.indicators.circle import inside_boundary
from twin.indicators.floor_area import site_areas_m2
from twin.standards import Facility, Tier
from twin.walking.facilities import serving

State = Literal["there", "none", "not_surveyed", "no_layer"]
"""Whether a facility is there: some are, nobody found one, nobody looked, or no type of service
stands for it."""


@dataclass(frozen=True)
class Sizes:
    """How many services are as large as is asked, smaller, or of a size that nobody stated."""

    adequate: int
    too_small: int
    unknown: int


@dataclass(frozen=True, eq=False)
class Unscored:
    """A facility that no walk is scored to, and whether it is there.

    Parameters
    ----------
    facility
        What the standard lists, with the reason why it is not scored.
    state
        Whether it is there.
    count
        Open services inside the boundary that count as such.
    floor, site
        Their floor and site areas against the least ones; None where the standard gives none.
    """

    facility: Facility
    state: State
    count: int
    floor: Sizes | None
    site: Sizes | None


@dataclass(frozen=True, eq=False)
class TierFound:
    """A size of residential area beside what the district holds.

    Parameters
    ----------
    tier
        What the standard gives.
    residents, dwellings
        Of the whole district; NaN where nobody counted them.
    parks
        Open services inside the boundary that count as the tier's parks, 0 where none was surveyed.
    parks_surveyed
        Somebody looked for parks.
    park_m2_per_person, largest_park_ha
        Of parks whose outline is known, NaN where there is none.
    at_least
        Some parks are points, whose area nobody knows: the two figures are lower bounds.
    """

    tier: Tier
    residents: float
    dwellings: float
    parks: int
    parks_surveyed: bool
    park_m2_per_person: float
    largest_park_ha: float
    at_least: bool


def find_unscored(assessment: Assessment) -> tuple[Unscored, ...]:
    """Return every facility of the standard that no walk is scored to, in its order.

    Areas and places are those of open services inside the boundary.
    """
    return tuple(_facility(assessment, one) for one in assessment.standard.facilities)


def find_tiers(assessment: Assessment) -> tuple[TierFound, ...]:
    """Return every size of residential area of the standard, beside what the district holds."""
    return tuple(_tier(assessment, one) for one in assessment.standard.tiers)


def _facility(assessment: Assessment, one: Facility) -> Unscored:
    services = assessment.district.services
    here = _here(assessment, one.service_types)
    count = int(here.sum())
    state: State = "there" if count else "none"
    if not one.service_types:
        state = "no_layer"
    elif not count and not assessment.district.surveyed >= set(one.service_types):
        state = "not_surveyed"
    return Unscored(
        one,
        state,
        count,
        _sizes(services["floor_area_m2"][here], one.min_floor_area_m2),
        _sizes(site_areas_m2(services)[here], one.min_site_area_m2),
    )


def _sizes(area_m2: Floats, least_m2: float) -> Sizes | None:
    if np.isnan(least_m2):
        return None
    known = area_m2[~np.isnan(area_m2)]
    large = int((known >= least_m2).sum())
    return Sizes(large, len(known) - large, len(area_m2) - len(known))


def _here(assessment: Assessment, types: tuple[str, ...]) -> Flags:
    """Return which services are open, of these types and inside the boundary."""
    district = assessment.district
    flags = serving(district.services)
    nobody = np.zeros(len(district.services), bool)
    serves: Flags = np.logical_or.reduce([nobody, *(flags.get(t, nobody) for t in types)])
    return serves & inside_boundary(district)


def _tier(assessment: Assessment, one: Tier) -> TierFound:
    district, origins = assessment.district, assessment.origins
    people = np.nan if assessment.counts_dwellings else float(origins.residents.sum())
    homes = district.buildings["dwellings"][np.unique(origins.building_row)]
    here = _here(assessment, one.park_types)
    area = site_areas_m2(district.services)[here]
    known = area[~np.isnan(area)]
    return TierFound(
        one,
        people,
        float(np.nansum(homes)) if np.isfinite(homes).any() else np.nan,
        int(here.sum()),
        bool(set(one.park_types) & district.surveyed),
        float(known.sum()) / people if len(known) and people > 0 else np.nan,
        float(known.max()) / 10_000 if len(known) else np.nan,
        len(known) < len(area),
    )
