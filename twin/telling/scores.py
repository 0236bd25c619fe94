"""An assessment as JSON values, for programs that read it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from twin.assessment.alternatives import Either
from twin.assessment.assess import Assessment, Result
from twin.assessment.circle_words import circle_basis
from twin.assessment.complexes import Complex, find_complexes
from twin.assessment.confidence import Confidence, confidence_values
from twin.assessment.measured import basis
from twin.indicators.finding import Finding
from twin.indicators.records import records
from twin.model.own_data import own_data_values
from twin.telling.horizon_words import horizon_values
from twin.telling.unscored import Sizes, TierFound, Unscored, find_tiers, find_unscored

SCHEMA_VERSION = 4
"""Raised when a program that reads today's JSON could misread tomorrow's.

4: full circle counts those alone for whom something is asked; ``nothing_asked`` says how many
others there are.

3: where nothing was assessed, nobody counts as covered or unreached: both are None, not 0, and
``why_not_assessed`` says why.

2: a clause is a text in each language, as names are, and its source stands beside it.
"""


def scores(
    assessment: Assessment,
    scenario: str,
    found: Mapping[str, Finding] | None = None,
    sure: Confidence | None = None,
) -> dict[str, Any]:
    """Return everything an assessment found, as JSON values.

    ``counts`` says whether figures count residents or, where nobody counted these, dwellings;
    ``people`` and each requirement how many of these are estimated.
    Shares run from 0 to 1, to the millionth, and are None where nothing was assessed; people are
    given to the thousandth. The values hold no date and no
    path: the same project gives the same JSON. What the indicators found is there where it is
    given; see :func:`twin.indicators.records.records`. How sure the shares are is there where it is
    given; see :func:`twin.assessment.confidence.confidence_values`. ``own_data`` names the files of
    the user's own that figures rest on; see :mod:`twin.model.own_data`.
    """
    standard = assessment.standard
    extra = {} if found is None else {"indicators": records(found)}
    if sure is not None:
        extra["confidence"] = confidence_values(sure)
    return {
        "schema": SCHEMA_VERSION,
        "kind": "assessment",
        "district": assessment.district.name,
        "counts": "dwellings" if assessment.counts_dwellings else "residents",
        "people": _people(assessment),
        "crs": assessment.district.crs.to_string(),
        "scenario": scenario,
        "door_to_door": assessment.door_to_door,
        **horizon_values(assessment.horizon),
        "standard": {"id": standard.id, "name": dict(standard.name), "issued": standard.issued},
        "own_data": own_data_values(),
        "requirements": [_requirement(result, assessment) for result in assessment.results],
        "alternatives": [_either(one) for one in assessment.eithers],
        "full_circle": _full_circle(assessment),
        "not_scored": [_unscored(one) for one in find_unscored(assessment)],
        "tiers": [_tier(one) for one in find_tiers(assessment)],
        "complexes": [_complex(one) for one in find_complexes(assessment.district, standard)],
        "not_assessed": list(assessment.not_assessed),
        "notes": [{"key": note.key, "facts": dict(note.facts)} for note in assessment.notes],
        **extra,
    }


def _requirement(result: Result, assessment: Assessment) -> dict[str, Any]:
    wanted, known = result.requirement, result.status != "not_assessed"
    return {
        "id": wanted.id,
        "name": dict(wanted.name),
        "service_types": list(wanted.service_types),
        "satisfied_by": list(wanted.satisfied_by),
        "at_least": wanted.at_least,
        "tier": wanted.tier,
        "group": wanted.group,
        "walker": wanted.walker,
        "limit": wanted.limit,
        "unit": wanted.unit,
        "level": wanted.level,
        "wording": wanted.wording,
        "clause": dict(wanted.clause),
        "source": dict(wanted.source_words),
        "verified": wanted.verified,
        "standing": wanted.standing,
        "status": result.status,
        "why_not_assessed": result.why_not or None,
        "covered": _count(result.covered) if known else None,
        "total": _count(result.total),
        "estimated": _count(result.estimated),
        "estimated_share": _known(result.estimated_share),
        "share": _known(result.share),
        "lower_bound": result.lower_bound,
        "lower_bound_by": list(result.bound_by),
        "straight_share": _known(result.straight_share),
        "unreached": _count(result.unreached) if known else None,
        "unreached_by_reason": {
            reason: _count(people) for reason, people in result.unreached_by_reason.items()
        },
        "communities": _communities(*result.by_community, assessment, known),
    }


def _either(found: Either) -> dict[str, Any]:
    one = found.alternatives
    return {
        "id": one.id,
        "name": dict(one.name),
        "any_of": list(one.any_of),
        "clause": dict(one.clause),
        "covered": _count(found.covered),
        "total": _count(found.total),
        "share": _known(found.share),
        "lower_bound": found.lower_bound,
    }


def _unscored(found: Unscored) -> dict[str, Any]:
    one = found.facility
    return {
        "id": one.id,
        "name": dict(one.name),
        "tier": one.tier,
        "level": one.level,
        "service_types": list(one.service_types),
        "clause": dict(one.clause),
        "source": dict(one.source),
        "note": dict(one.note),
        "not_scored": dict(one.not_scored),
        "state": found.state,
        "count": found.count if found.state in ("there", "none") else None,
        "min_floor_area_m2": _known(one.min_floor_area_m2),
        "max_floor_area_m2": _known(one.max_floor_area_m2),
        "min_site_area_m2": _known(one.min_site_area_m2),
        "max_site_area_m2": _known(one.max_site_area_m2),
        "area_standing": one.area_standing,
        "floor_area": _sizes(found.floor),
        "site_area": _sizes(found.site),
    }


def _sizes(found: Sizes | None) -> dict[str, int] | None:
    return None if found is None else asdict(found)


def _tier(found: TierFound) -> dict[str, Any]:
    one = found.tier
    asked = ("min_walk_m", "max_walk_m", "min_population", "max_population", "min_dwellings",
             "max_dwellings", "green_m2_per_person", "min_park_ha", "min_park_width_m")  # fmt: skip
    return {
        "id": one.id,
        "name": dict(one.name),
        "clause": dict(one.clause),
        "source": dict(one.source),
        "verified": list(one.verified),
        "asked": {name: _known(getattr(one, name)) for name in asked},
        "residents": _known(found.residents),
        "dwellings": _known(found.dwellings),
        "parks": found.parks if found.parks_surveyed else None,
        "park_m2_per_person": _known(found.park_m2_per_person),
        "largest_park_ha": _known(found.largest_park_ha),
        "lower_bound": found.at_least,
    }


def _people(assessment: Assessment) -> dict[str, Any]:
    """Return how many people count, and how many of these nobody counted."""
    found = basis(assessment.district, assessment.origins)
    return {
        "total": _count(found.total),
        "estimated": _count(found.estimated),
        "estimated_share": _known(found.share),
    }


def _complex(found: Complex) -> dict[str, Any]:
    return {**asdict(found), "site_id": found.site_id, "verdict": found.verdict}


def _full_circle(assessment: Assessment) -> dict[str, Any]:
    circle, found = assessment.full_circle, circle_basis(assessment)
    known = circle.asked > 0
    return {
        "required": found.required,
        "surveyed": found.surveyed,
        "unchecked": found.unchecked,
        "secondary": found.secondary,
        "why_not_assessed": found.why_not or None,
        "covered": _count(circle.covered) if known else None,
        "total": _count(circle.total),
        "share": _known(circle.share),
        "lower_bound": circle.at_least(),
        "nothing_asked": _count(circle.unasked["all"]),
        "groups": {
            group: {
                "covered": _count(covered) if known else None,
                "total": _count(total),
                "share": _known(share),
                "lower_bound": circle.at_least(group),
                "nothing_asked": _count(circle.unasked[group]),
            }
            for group, (covered, total, share) in circle.by_group.items()
        },
        "communities": _communities(*circle.by_community, assessment, known),
    }


def _communities(
    covered: Any, total: Any, assessment: Assessment, known: bool
) -> list[dict[str, Any]]:
    """Return one entry per community, and a last one (id None) for homes outside all of them.

    Where nothing is known of those covered they are None.
    """
    table = assessment.district.communities
    ids: list[int | None] = [*(int(one) for one in table.ids), None]
    names = [*table["name"], ""]
    return [
        {
            "id": id_,
            "name": name,
            "covered": _count(part) if known else None,
            "total": _count(whole),
        }
        for id_, name, part, whole in zip(ids, names, covered, total, strict=True)
    ]


def _known(share: float) -> float | None:
    """Return a share to the millionth; what lies beyond is the noise of sums."""
    return None if math.isnan(share) else round(float(share), 6)


def _count(people: float) -> float:
    """Return a number of people to the thousandth; shares of age bands make fractions of them."""
    return round(float(people), 3)
