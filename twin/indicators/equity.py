"""Equity: how evenly access is spread, on floating catchments with the unreached at 0."""

from __future__ import annotations

from collections.abc import Iterator

from twin.arrays import Floats
from twin.indicators.circle import Circle
from twin.indicators.finding import NONE, Figure, Part, rows_of
from twin.indicators.weighted import gini, mean, ranked_ratio, shortfall, theil, theil_parts


def equity(circle: Circle) -> Part:
    """Return how unevenly access is spread over people.

    Access is places per person by balanced floating catchments; people out of reach have 0 and
    count. All figures are bare numbers:

    - ``gini`` (:func:`twin.indicators.weighted.gini`) and ``theil`` (Theil's T), 0 where all have
      alike; ``theil_between`` and ``theil_within`` communities sum to ``theil`` (homes outside
      any community are one more). NaN where nobody has any access.
    - ``ranked_ratio`` at p: what the best-served part p has over what the worst-served has; inf
      where the latter have nothing.
    - ``shortfall`` at a (0, 1, 2): Foster-Greer-Thorbecke below a line that is a part of the
      district's mean access of the requirement's group (``[equity] shortfall_line``);
      ``1/N sum n_i ((z - x_i) / z)^a`` (Foster, Greer & Thorbecke 1984,
      Econometrica 52(3):761-766).
    """
    access, settings = circle.catchments.access, circle.settings
    line = settings.shortfall_line * mean(access, circle.people)
    community = circle.assessment.origins.community_row

    def figures(people: Floats) -> Iterator[Figure]:
        between, within = theil_parts(access, people, community)
        yield Figure("gini", NONE, gini(access, people), "number")
        yield Figure("theil", NONE, theil(access, people), "number")
        yield Figure("theil_between", NONE, between, "number")
        yield Figure("theil_within", NONE, within, "number")
        for part in settings.ranked_parts:
            yield Figure("ranked_ratio", part, ranked_ratio(access, people, part), "number")
        for power in settings.shortfall_powers:
            yield Figure("shortfall", power, shortfall(access, people, line, power), "number")

    return Part(rows_of(circle, circle.scopes, figures))
