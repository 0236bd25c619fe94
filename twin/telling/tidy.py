"""An assessment as tidy tables: a row per requirement, per building, per community.

A row per door is :meth:`twin.assessment.assess.Assessment.frame`.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from twin.assessment.assess import Assessment
from twin.assessment.by_building import requirements_met
from twin.language import name_of
from twin.walking.demand import sums


def requirements_frame(assessment: Assessment) -> pd.DataFrame:
    """Return a row per requirement of the standard, in its order.

    Returns
    -------
    ``name`` (in the language in use), ``service_types``, ``group``, ``walker``, ``limit``,
    ``unit``, ``level``, ``wording``, ``verified``, ``status``, ``covered``, ``total``, ``share``
    (NaN unless assessed), ``unreached``, ``straight_share``; the index is the requirement's id.
    """
    rows: list[dict[str, Any]] = []
    for result in assessment.results:
        wanted = result.requirement
        rows.append(
            {
                "id": wanted.id,
                "name": name_of(wanted.name),
                "service_types": ",".join(wanted.service_types),
                "group": wanted.group,
                "walker": wanted.walker,
                "limit": wanted.limit,
                "unit": wanted.unit,
                "level": wanted.level,
                "wording": wanted.wording,
                "verified": wanted.verified,
                "status": result.status,
                "covered": result.covered,
                "total": result.total,
                "share": result.share,
                "unreached": result.unreached,
                "straight_share": result.straight_share,
            }
        )
    return pd.DataFrame(rows).set_index("id")


def buildings_frame(assessment: Assessment) -> gpd.GeoDataFrame:
    """Return a row per building inside the boundary where somebody lives, in the district's CRS.

    Returns
    -------
    ``name``, ``residents``, ``full_circle`` (residents in full circle), ``requirements_met`` (part
    of what shall be near that is near, 0 to 1), and for each requirement the walk of the farthest
    door (``<id>_m`` or ``<id>_min``, inf unreached) and the part of all residents behind doors
    within the limit (``<id>``); geometry is the outline, the index the building's id.
    """
    origins, table = assessment.origins, assessment.district.buildings
    row, count = origins.building_row, len(table)
    residents, full = sums(row, origins.residents, count), assessment.full_circle.by_building[0]
    lived_in = np.bincount(row, minlength=count) > 0
    columns: dict[str, Any] = {
        "name": table["name"],
        "residents": residents,
        "full_circle": full,
        "requirements_met": requirements_met(assessment),
    }
    for result in assessment.results:
        wanted = result.requirement
        if result.status == "not_assessed":
            columns[f"{wanted.id}_{wanted.unit}"] = columns[wanted.id] = np.nan
            continue
        farthest = np.full(count, -np.inf)
        np.maximum.at(farthest, row, result.cost)
        columns[f"{wanted.id}_{wanted.unit}"] = farthest
        part = sums(row, origins.residents * result.covered_part, count)
        columns[wanted.id] = _shares(part, residents)
    frame = gpd.GeoDataFrame(
        columns, geometry=table.geometry.copy(), index=table.ids, crs=assessment.district.crs
    )
    frame.index.name = "id"
    return frame[lived_in]


def communities_frame(assessment: Assessment) -> gpd.GeoDataFrame:
    """Return a row per community, in the district's CRS.

    Returns
    -------
    ``name``, ``residents``, ``full_circle`` (share of the residents of whom something is asked, NaN
    where there are none), and for
    each requirement the share of its group within the limit (``<id>``, NaN unless assessed);
    geometry is the community, the index its id.
    """
    table = assessment.district.communities
    covered, total = (values[: len(table)] for values in assessment.full_circle.by_community)
    residents = assessment.origins.by_community(assessment.origins.residents)
    columns: dict[str, Any] = {"name": table["name"], "residents": residents[: len(table)]}
    columns["full_circle"] = _shares(covered, total)
    for result in assessment.results:
        own = (values[: len(table)] for values in result.by_community)
        known = result.status == "assessed"
        columns[result.requirement.id] = _shares(*own) if known else np.nan
    frame = gpd.GeoDataFrame(
        columns, geometry=table.geometry.copy(), index=table.ids, crs=assessment.district.crs
    )
    frame.index.name = "id"
    return frame


def _shares(covered: Any, total: Any) -> Any:
    return np.divide(covered, total, out=np.full(len(total), np.nan), where=np.asarray(total) > 0)
