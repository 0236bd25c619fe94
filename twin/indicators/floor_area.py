"""Floor area: how much there is for how many, by clause, and which services are too small."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from twin.arrays import Flags, Floats, Ints
from twin.assessment.assess import Assessment
from twin.indicators.circle import Circle, inside_boundary, service_communities
from twin.indicators.finding import NONE, Part, Row, safe_share
from twin.model.district import District
from twin.model.tables import Table
from twin.standards import AreaBand
from twin.walking.facilities import serving

RESIDENTS, HOUSEHOLDS = 1000, 100


class _Supply(NamedTuple):
    """Open services inside the boundary."""

    area_m2: Floats
    community: Ints
    flags: dict[str, Flags]


def floor_area(circle: Circle) -> Part:
    """Return the floor area of the requirement's services, and whether each is large enough.

    ``per_1000_residents`` is 1000 F / P and ``per_100_households`` 100 F / H, in m², with F the
    floor area of the open services inside the boundary (a facility counts once, with all its
    area, for each requirement that it serves), P all residents and H the dwellings of lived-in
    buildings, for the district and each community; NaN in households where no dwellings are
    known. ``area_unknown`` counts services without an area in the data; they add nothing, and
    where no service has one the figures are NaN.

    Groups have none: floor belongs to nobody in particular.

    By service, where the standard gives a least area: ``area_m2``, ``least_m2`` and ``adequate``
    (1, 0, NaN unknown); ``adequate``, ``too_small`` and ``unknown`` count those inside the
    boundary, and ``above_most`` those larger than the upper end that the standard gives, which is
    no fault. The same of sites (``site_area_m2``, ``least_site_m2``, ``site_adequate``,
    ``site_too_small``, ``site_unknown``, ``site_above_most``): a service drawn as an outline has
    its area, of one drawn as a point nobody knows it. Area per 1,000 residents is how GB 50180-2018
    sizes facilities, area per 100 households how the embedded-services guide of 2024 does.
    """
    wanted, district = circle.result.requirement, circle.assessment.district
    supply, serves = _supply(district), np.zeros(len(district.services), bool)
    for type_id in wanted.service_types:
        serves |= supply.flags.get(type_id, False)
    rows = _per_people(circle.assessment, wanted.id, supply, serves)
    floor = district.services["floor_area_m2"][circle.service_row]
    site = site_areas_m2(district.services)[circle.service_row]
    services: dict[str, Floats] = {}
    for prefix, area, least, most in (
        ("", floor, wanted.min_floor_area_m2, wanted.max_floor_area_m2),
        ("site_", site, wanted.min_site_area_m2, wanted.max_site_area_m2),
    ):
        if np.isnan(least):
            continue
        large = np.where(np.isnan(area), np.nan, area >= least)
        services |= {f"{prefix}area_m2": area, f"least_{prefix}m2": np.full(len(area), least)}
        services[f"{prefix}adequate"] = large
        rows += _adequacy(circle, prefix, large, area > most, least)
    return Part(rows, {}, services)


def site_areas_m2(services: Table) -> Floats:
    """Return the area of each service's outline, NaN where it is drawn as a point."""
    drawn = shapely.get_dimensions(services.geometry) == 2
    return np.where(drawn, shapely.area(services.geometry), np.nan)


def _adequacy(circle: Circle, prefix: str, large: Floats, above: Flags, least: float) -> list[Row]:
    """Return how many services are large enough, in the district and in each community."""
    wanted, rows = circle.result.requirement.id, list[Row]()
    for scope, which, here in circle.service_scopes:
        judged = large[here]
        for name, count in (
            ("adequate", (judged == 1).sum()),
            ("too_small", (judged == 0).sum()),
            ("unknown", np.isnan(judged).sum()),
            ("above_most", above[here].sum()),
        ):
            rows.append(
                Row(wanted, scope, which, f"{prefix}{name}", least, float(count), "services")
            )
    return rows


def area_by_clause(assessment: Assessment) -> Part:
    """Return floor area beside the figures that the standard gives for a whole area.

    Figures, in m² per 1,000 residents or 100 households: ``there_is``, ``asked_least``,
    ``asked_most`` (NaN without an upper end) and the bare ``part_of_least`` there_is / asked_least.
    Rows carry the id of the standard's figure as ``requirement``. Services that belong to several
    figures count for each; ``there_is`` is NaN where nobody surveyed any type that belongs to one.
    It is a lower bound (``lower_bound`` is 1, else 0) where some of the types were not surveyed, or
    some of the services have no area in the data; ``types_surveyed`` of ``types_listed`` were.

    ``1000 F / residents`` or ``100 F / dwellings``; the figures and their clauses are the
    standard's own, such as GB 50180-2018, appendix B.
    """
    supply = _supply(assessment.district)
    return Part(
        [
            row
            for band in assessment.standard.areas
            if not np.isnan(band.min_floor_m2)
            for row in _beside_the_band(assessment, band, supply)
        ]
    )


def _beside_the_band(assessment: Assessment, band: AreaBand, supply: _Supply) -> list[Row]:
    surveyed = assessment.district.surveyed & set(band.service_types)
    serves = np.zeros(len(supply.area_m2), bool)
    for type_id in surveyed:
        serves |= supply.flags.get(type_id, False)
    unit = f"m2_per_{band.per}"
    found = []
    counted = _per_people(assessment, band.id, supply, serves)
    blank = {(row.scope, row.of): row.value for row in counted if row.figure == "area_unknown"}
    for row in counted:
        if row.figure != f"per_{band.per}":
            continue
        value = row.value if surveyed else NONE
        partly = bool(surveyed) and len(surveyed) < len(band.service_types)
        bound = not np.isnan(value) and (partly or blank[row.scope, row.of] > 0)
        for name, count in (
            ("lower_bound", bound),
            ("types_surveyed", len(surveyed)),
            ("types_listed", len(band.service_types)),
        ):
            found.append(row._replace(figure=name, value=float(count), unit="number"))
        for name, number in (
            ("there_is", value),
            ("asked_least", band.min_floor_m2),
            ("asked_most", band.max_floor_m2),
        ):
            found.append(row._replace(figure=name, value=number, unit=unit))
        part = value / band.min_floor_m2
        found.append(row._replace(figure="part_of_least", value=part, unit="number"))
    return found


def _per_people(assessment: Assessment, name: str, supply: _Supply, serves: Flags) -> list[Row]:
    communities = assessment.district.communities
    of = [*(str(one) for one in communities.ids), "-1"]
    known = serves & ~np.isnan(supply.area_m2)
    here = supply.community >= 0
    area = np.bincount(supply.community[known & here], supply.area_m2[known & here], len(of))
    measured = np.bincount(supply.community[known & here], minlength=len(of))
    blank = np.bincount(supply.community[serves & ~known & here], minlength=len(of))
    residents, households = _residents(assessment), _households(assessment)
    rows = []
    for scope, which, at in (("district", "", slice(None)), *_each("community", of)):
        people, homes = residents[at].sum(), households[at].sum()
        nothing_known = blank[at].any() and not measured[at].any()
        floor = np.nan if nothing_known else area[at].sum()
        for figure, value, unit in (
            ("floor_area", floor, "m2"),
            ("per_1000_residents", RESIDENTS * safe_share(floor, people), "m2_per_1000_residents"),
            ("per_100_households", HOUSEHOLDS * safe_share(floor, homes), "m2_per_100_households"),
            ("area_unknown", blank[at].sum(), "services"),
        ):
            rows.append(Row(name, scope, which, figure, NONE, float(value), unit))
    return rows


def _each(kind: str, names: list[str]) -> list[tuple[str, str, slice]]:
    return [(kind, name, slice(place, place + 1)) for place, name in enumerate(names)]


def _residents(assessment: Assessment) -> Floats:
    """Return residents by community, none where dwellings stand for them."""
    origins = assessment.origins
    residents = origins.by_community(origins.residents)
    return np.zeros_like(residents) if assessment.counts_dwellings else residents


def _households(assessment: Assessment) -> Floats:
    """Return the dwellings of lived-in buildings inside the boundary by community."""
    origins, buildings = assessment.origins, assessment.district.buildings
    row, first = np.unique(origins.building_row, return_index=True)
    dwellings = np.nan_to_num(buildings["dwellings"][row])
    count = origins.community_count + 1
    found = np.bincount(origins.community_row[first], dwellings, count)
    return np.asarray(found, np.float64)


def _supply(district: District) -> _Supply:
    """Return areas of all services, and the community of each: -1 where it is outside."""
    services, community = district.services, service_communities(district)
    community[~inside_boundary(district)] = -1
    return _Supply(services["floor_area_m2"], community, serving(services))
