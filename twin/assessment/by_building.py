"""Shares of an assessment by building, and how they change: what maps and the view colour."""

from __future__ import annotations

import numpy as np

from twin.arrays import Floats
from twin.assessment.assess import Assessment
from twin.assessment.scoring import Result


def requirements_met(assessment: Assessment) -> Floats:
    """Return how much of what "shall" be near is near each building's doors, whoever lives there.

    The mean over a building's origins of the part of the assessed "shall" requirements whose walk
    is within the limit, 0 to 1; NaN where nobody lives or nothing was assessed. It tells of places
    and not of people, so nothing in it is private.
    """
    shall = assessment.asked_for
    row, count = assessment.origins.building_row, len(assessment.district.buildings)
    doors = np.bincount(row, minlength=count)
    met = np.zeros(len(row)) + sum((one.part == 1.0).astype(float) for one in shall)
    lived_in = (doors > 0) & (len(shall) > 0)
    part = np.bincount(row, met, minlength=count) / np.maximum(doors * len(shall), 1)
    # A part of exactly two fifths must not fall below it in the last digit of a sum.
    return np.where(lived_in, np.round(part, 9), np.nan)


def covered_share(assessment: Assessment, result: Result) -> Floats:
    """Return the mean over each building's doors of the part of the people within the limit.

    0 to 1, whoever lives there; NaN where nobody does or the requirement was not assessed.
    """
    row, count = assessment.origins.building_row, len(assessment.district.buildings)
    doors = np.bincount(row, minlength=count)
    part = np.bincount(row, result.covered_part, count) / np.maximum(doors, 1)
    known = (doors > 0) & (result.status != "not_assessed")
    return np.where(known, np.round(part, 9), np.nan)


def change(before: Assessment, after: Assessment, requirement_id: str = "") -> Floats:
    """Return what changes for each building of `after`, −1 to 1; NaN where nobody lives in both.

    Parameters
    ----------
    requirement_id
        A requirement of both: the change of :func:`covered_share`. "" for the change of
        :func:`requirements_met`.

    Raises
    ------
    KeyError
        Where one of them has no such requirement.
    """
    was, now = (
        covered_share(one, one.result(requirement_id)) if requirement_id else requirements_met(one)
        for one in (before, after)
    )
    row = before.district.buildings.rows_of(after.district.buildings.ids)
    old = np.where(row >= 0, was[row], np.nan) if len(was) else np.full(len(now), np.nan)
    difference: Floats = now - old
    return difference
