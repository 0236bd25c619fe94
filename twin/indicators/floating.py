"""Floating catchments: places per person where people and places each count once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.arrays import Flags, Floats
from twin.indicators.settings import Settings


@dataclass(frozen=True, eq=False)
class Catchments:
    """Balanced floating catchments.

    Parameters
    ----------
    access
        Places per person at each origin, shape (n,); 0 where no service is within the limit.
    sharing
        People who share each service, shape (s,); they sum to the people who reach any.
    places_each
        Places per person of those who share each service, shape (s,); 0 where nobody does.
    """

    access: Floats
    sharing: Floats
    places_each: Floats


def decay_weights(walk: Floats, within: Flags, limit: float, settings: Settings) -> Floats:
    """Return how much each service counts at each origin, shape (s, n); 0 beyond the limit.

    ``steps``: the limit's equal parts weigh 1, 0.68, 0.22 (Luo & Qi 2009), each part with its far
    border. ``gaussian``: ``(exp(-(t/T)^2 / 2) - exp(-1/2)) / (1 - exp(-1/2))`` (Dai 2010), which is
    0 at the limit itself.
    """
    near = np.where(within, np.minimum(walk / limit, 1.0), 1.0)
    if settings.decay == "gaussian":
        floor = np.exp(-0.5)
        weights = (np.exp(-0.5 * near**2) - floor) / (1 - floor)
    else:
        steps = np.asarray(settings.steps)
        part = np.ceil(np.round(near * len(steps), 9)).astype(np.int64) - 1
        weights = steps[np.maximum(part, 0)]
    return np.where(within, weights, 0.0)


def balanced(people: Floats, capacity: Floats, weights: Floats) -> Catchments:
    """Return balanced floating catchments (B2SFCA).

    With weights ``w_ij`` of service j at origin i, made to sum to 1 over the services of each
    origin, ``v_ij = w_ij / sum_j w_ij``:

    - ``D_j = sum_i P_i v_ij``, the people who share service j,
    - ``R_j = S_j / D_j``, its places per person,
    - ``A_i = sum_j R_j v_ij``, the access of origin i, in places per person.

    Nobody counts twice (``sum_j D_j`` is the people who reach any service), and the places are
    handed out once: ``sum_i P_i A_i`` is the capacity of the services that anybody shares. Plain
    two-step catchments (E2SFCA) count a person once for every service nearby, and so inflate the
    demand.

    The row standardisation is that of Paez, Higgins & Vivona 2019 (PLOS ONE 14(6): e0218773).
    Their second step standardises by column, which keeps the sum of ``R_j`` and depends on how
    finely homes are divided into origins; using the rows twice keeps the places instead, as the
    spatial availability of Soukhov et al. 2023 (PLOS ONE 18(1): e0278468) does, and two doors of
    one house have the access of one.

    Parameters
    ----------
    people, capacity, weights
        Shape (n,), (s,) and (s, n).
    """
    summed = weights.sum(axis=0)
    shares = np.divide(weights, summed, out=np.zeros_like(weights), where=summed > 0)
    sharing = shares @ people
    each = np.divide(capacity, sharing, out=np.zeros_like(capacity), where=sharing > 0)
    return Catchments(each @ shares, sharing, each)
