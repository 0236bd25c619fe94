"""Proximity to the k nearest: how far a choice of services is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from twin.arrays import Floats
from twin.indicators.circle import Circle
from twin.indicators.finding import Figure, Part, rows_of
from twin.indicators.weighted import mean, quantiles

HALF = 0.5


def nearest_few(circle: Circle) -> Part:
    """Return the mean walk to the k nearest services of each origin.

    ``P_k = (d_1 + ... + d_k) / k`` with the walks d in ascending order, in the requirement's own
    metres or minutes; inf where fewer than k are connected. Figures at k: ``median`` over the
    people, ``mean_reached`` over those who have k, and ``share_without``, who have not (Apparicio
    et al. 2008, Int J Health Geographics 7:7). Door to door, every storey adds its stairs; by home,
    the mean is that of the highest.
    """
    unit = circle.result.requirement.unit
    homes = circle.homes(unit)
    means = {k: homes.walk(_mean_of_nearest(circle.walk, k)) for k in circle.settings.k}

    def figures(by_origin: Floats) -> Iterator[Figure]:
        people = homes.people(by_origin)
        for k, value in means.items():
            has = np.isfinite(value)
            yield Figure("median", k, float(quantiles(value, people, [HALF])[0]), unit)
            yield Figure("mean_reached", k, mean(value, np.where(has, people, 0.0)), unit)
            yield Figure("share_without", k, mean((~has).astype(np.float64), people), "share")

    origins = {f"nearest_{k}_{unit}": homes.farthest(value) for k, value in means.items()}
    return Part(rows_of(circle, circle.scopes, figures), origins)


def _mean_of_nearest(walk: Floats, k: int) -> Floats:
    services, count = walk.shape
    if services < k:
        return np.full(count, np.inf)
    nearest: Floats = np.sort(np.partition(walk, k - 1, axis=0)[:k], axis=0)  # sums in one order
    return np.asarray(nearest.mean(axis=0), np.float64)
