"""The worst-served homes: whose residents have the smallest part of what is asked for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.assessment.assess import Assessment


@dataclass(frozen=True)
class WorstServed:
    """A building, its residents, and how many of the requirements asked for them all of them meet.

    Only what shall be provided counts, and only what was assessed.
    """

    building_id: int
    residents: float
    met: int
    asked: int


def worst_served(assessment: Assessment, most: int = 20) -> tuple[WorstServed, ...]:
    """Return the buildings whose residents meet the smallest part of what is asked for them.

    Those that meet the smallest part first, of equals those with most residents, then lowest ids.
    A building that meets everything is not among them.

    Parameters
    ----------
    most
        How many to return at most.
    """
    origins = assessment.origins
    ids, place = np.unique(origins.building_id, return_inverse=True)
    residents = np.bincount(place, origins.residents, len(ids))
    asked, met = np.zeros(len(ids)), np.zeros(len(ids))
    for one in assessment.asked_for:
        people_here = np.bincount(place, origins.group(one.group), len(ids))
        missed = np.bincount(place, one.part < 1.0, len(ids)) > 0
        asked += people_here > 0
        met += (people_here > 0) & ~missed
    share = np.divide(met, asked, out=np.ones(len(ids)), where=asked > 0)
    order = np.lexsort((ids, -residents, share))
    order = order[(residents[order] > 0) & (share[order] < 1)][:most]
    return tuple(
        WorstServed(int(ids[i]), float(residents[i]), int(met[i]), int(asked[i])) for i in order
    )
