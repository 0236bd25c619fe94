"""One part of a city, scored; and the sums over all of them."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from twin.assessment.assess import assess
from twin.assessment.scoring import Result
from twin.model.catalogues import groups
from twin.model.district import District
from twin.standards import Requirement, Standard
from twin.walking.origins import find_origins
from twin.walking.straight import straight_to_each

_SUBPARTS = 6
"""Decimals of metres at which straight distances are compared, as in `twin.assessment.scoring`."""


def score_homes(district: District, standard: Standard) -> gpd.GeoDataFrame:
    """Return a tidy row for each origin of a district.

    Returns
    -------
    ``building_id``, ``entrance_id``, ``community_id`` (-1 outside all), ``full_circle`` (people who
    have all that shall be there for them), ``full_circle_of`` (people of whom something is asked),
    the people of each group as ``people_<group>``; for each
    requirement whether it is met (``<id>``), and where it is the walk (``<id>_m`` or ``<id>_min``)
    and the service (``<id>_service``, else -1). A limit in metres has the straight reading beside
    it (``<id>_straight``). A walk beyond the limit is not told: a part of a city does not know it.
    Geometry is the door.
    """
    origins = find_origins(district)
    found = assess(district, standard)
    community = np.append(district.communities.ids, -1)[origins.community_row]
    columns: dict[str, Any] = {
        "building_id": origins.building_id,
        "entrance_id": origins.entrance_id,
        "community_id": community,
        "full_circle": found.full_circle.by_origin,
        "full_circle_of": found.full_circle.of_origin,
        **{f"people_{group}": origins.group(group) for group in groups()},
    }
    for result in found.results:
        columns |= _columns(result)
        wanted = result.requirement
        if wanted.unit == "m" and result.status == "assessed":
            types, count = wanted.service_types, wanted.at_least
            straight = straight_to_each(district, origins, types, count)
            columns[f"{wanted.id}_straight"] = np.round(straight, _SUBPARTS) <= wanted.limit
    doors = shapely.points(origins.x, origins.y)
    return gpd.GeoDataFrame(columns, geometry=doors, crs=district.crs)


def _columns(result: Result) -> dict[str, Any]:
    wanted, met = result.requirement, result.covered_mask
    return {
        wanted.id: met,
        f"{wanted.id}_{wanted.unit}": np.where(met, result.cost, np.nan),
        f"{wanted.id}_service": np.where(met, result.service_id, -1),
    }


def summarise(
    homes: pd.DataFrame, city: District, standard: Standard, name: str
) -> list[dict[str, Any]]:
    """Return the sums over the rows of :func:`score_homes`, for a district and its communities.

    Returns
    -------
    A row for each: ``district``, ``community`` ("" for all), ``homes``, ``people``,
    ``full_circle`` (share), how many services it requires and how many of these were surveyed
    (``full_circle_required``, ``full_circle_surveyed``), and by requirement the share that has it,
    ``<id>``, and the straight reading, ``<id>_straight``; None where it was not assessed or nobody
    of its group lives there.
    """
    rows = [_sums(homes, city, standard) | {"district": name, "community": ""}]
    ids, names = city.communities.ids.tolist(), city.communities["name"].tolist()
    for number, spoken in zip(ids, names, strict=True):
        there = homes[homes["community_id"] == number]
        own = {"district": name, "community": spoken or str(number)}
        rows.append(_sums(there, city, standard) | own)
    return [{key: row[key] for key in ("district", "community", *row)} for row in rows]


def _sums(homes: pd.DataFrame, city: District, standard: Standard) -> dict[str, Any]:
    people = float(homes["people_all"].sum())
    required, surveyed = _required(city, standard)
    circle = _part(homes["full_circle"].sum(), homes["full_circle_of"].sum())
    told: dict[str, Any] = {
        "homes": len(homes),
        "people": people,
        "full_circle": circle if surveyed else None,
        "full_circle_required": required,
        "full_circle_surveyed": surveyed,
    }
    for wanted in standard.requirements:
        group = homes[f"people_{wanted.group}"]
        for name in (wanted.id, f"{wanted.id}_straight"):
            if name in homes:
                covered = group[homes[name]].sum()
                known = _assessed(city, wanted)
                told[name] = _part(covered, group.sum()) if known else None
    return told


def _required(city: District, standard: Standard) -> tuple[int, int]:
    """Return how many services full circle asks for, and how many of them were surveyed."""
    asked: dict[tuple[str, ...], bool] = {}
    for one in standard.requirements:
        if one.level == "shall":
            ids = standard.together(one.id)
            asked[ids] = asked.get(ids, False) or _assessed(city, one)
    return len(asked), sum(asked.values())


def _part(some: float, total: float) -> float | None:
    return float(some) / float(total) if total > 0 else None


def _assessed(city: District, wanted: Requirement) -> bool:
    own = set(wanted.own_types)
    return len(city.surveyed & own) >= wanted.at_least and len(city.streets) > 0
