"""What numbers a person may enter for a feature: no more than data is believed."""

from __future__ import annotations

from math import inf

import shapely

from layers.limits import plausible
from twin.model.catalogues import rules
from twin.model.district import District

Range = tuple[float, float]


def least_of(field: str) -> float:
    """Return the least number that a field of an edit can have."""
    return 1.0 if field == "storeys" else 0.0


def allowed(role: str, field: str) -> Range:
    """Return the least and the greatest number of a column."""
    low, high = plausible(role).get(field, (0.0, inf))
    return max(low, least_of(field)), high


def allowed_places(district: District) -> tuple[Range, Range]:
    """Return how far east and north a place may lie, in metres of the district's CRS.

    As far as the surroundings of what is mapped: farther away is no street that leads there.
    """
    tables = (district.boundary, district.buildings, district.as_surveyed)
    bounds = [shapely.total_bounds(table.geometry) for table in tables if len(table)]
    reach = rules().halo_m
    (west, south), (east, north) = (
        [min(b[i] for b in bounds) - reach for i in (0, 1)],
        [max(b[i] for b in bounds) + reach for i in (2, 3)],
    )
    return (float(west), float(east)), (float(south), float(north))
