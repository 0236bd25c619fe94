"""Depth of choice: how many services people may choose from within the limit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from twin.indicators.circle import Circle
from twin.indicators.finding import NONE, Figure, Part, rows_of
from twin.indicators.weighted import mean
from twin.network import Floats


def choice(circle: Circle) -> Part:
    """Return the number of distinct services within the requirement's limit (inclusive).

    ``C_i = #{j: d_ij <= limit}``, services. Figures: ``mean`` over the people, and
    ``share_at_least`` c, the share of people with c or more (the cumulative opportunities of
    Wachs & Kumagai 1973, Socio-Economic Planning Sciences 7(5):437-456). At c = 1 it is the
    coverage.
    """
    count = circle.within.sum(axis=0).astype(np.float64)

    def figures(people: Floats) -> Iterator[Figure]:
        yield Figure("mean", NONE, mean(count, people), "services")
        for least in circle.settings.at_least:
            enough = (count >= least).astype(np.float64)
            yield Figure("share_at_least", least, mean(enough, people), "share")

    return Part(rows_of(circle, circle.scopes, figures), {"services_within": count})
