"""Counting an assessment by the communities of another district, to set both side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from twin.arrays import Floats
from twin.assessment.scoring import Result
from twin.model.whereabouts import where_they_are

if TYPE_CHECKING:
    from twin.assessment.assess import Assessment
    from twin.model.district import District
    from twin.walking.origins import Origins


def counted_in(assessment: Assessment, district: District) -> Assessment:
    """Return an assessment with its figures by community counted in those of `district`.

    Who lives where and who is covered stay as they are; only the areas are other ones, where a
    community was drawn, removed or reshaped between the two.

    Returns
    -------
    The same assessment where both have the same communities.
    """
    own = assessment.district
    if own.communities.geometry is district.communities.geometry:
        return assessment
    moved = own.with_table(district.communities)
    _, community = where_they_are(moved)
    origins = replace(
        assessment.origins,
        community_row=community[assessment.origins.building_row],
        community_count=len(district.communities),
    )
    circle = assessment.full_circle
    inside = _sums(origins, circle.by_origin, circle.of_origin)
    return replace(
        assessment,
        district=moved,
        origins=origins,
        results=tuple(_result(result, origins) for result in assessment.results),
        full_circle=replace(circle, by_community=inside),
    )


def _result(result: Result, origins: Origins) -> Result:
    people = origins.group(result.requirement.group)
    return replace(result, by_community=_sums(origins, people * result.covered_part, people))


def _sums(origins: Origins, covered: Floats, people: Floats) -> tuple[Floats, Floats]:
    return origins.by_community(covered), origins.by_community(people)
