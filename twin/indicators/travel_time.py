"""x-minute time: within how many minutes which part of the people have the service."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from twin.arrays import Floats
from twin.indicators.circle import Circle, until
from twin.indicators.finding import NONE, Figure, Part, rows_of
from twin.indicators.weighted import mean, quantiles, shares_within
from twin.streets.costs import Measure
from twin.walking.walks import nearest


def travel_time(circle: Circle) -> Part:
    """Return the distribution of minutes to the nearest service, for the requirement's walker.

    - ``quantile`` at q, minutes: the least t such that the part q of the people walk at most t
      (the "x" of an x-minute city at q = 0.9); inf where fewer reach any.
    - ``share_within`` at t minutes: people who walk at most t / all people, the unreached among
      them.
    - ``mean_reached``, minutes: mean over the people who reach one.
    - ``share_unreached``: people from whom no way leads to one / all people.

    The whole distribution instead of one threshold: Logan et al. 2022, "The x-minute city",
    Cities 131: 103924. Minutes are a search of their own, whatever the requirement's unit. Door to
    door, every storey adds its stairs; by home, the minutes are those of the highest.
    """
    homes = circle.homes("min")
    minutes = homes.walk(_minutes(circle))
    levels, limits = circle.settings.quantiles, circle.settings.minutes
    reached = np.isfinite(minutes)

    def figures(by_origin: Floats) -> Iterator[Figure]:
        people = homes.people(by_origin)
        for level, value in zip(levels, quantiles(minutes, people, levels), strict=True):
            yield Figure("quantile", level, float(value), "min")
        for limit, share in zip(limits, shares_within(minutes, people, limits), strict=True):
            yield Figure("share_within", limit, float(share), "share")
        over_reached = mean(minutes, np.where(reached, people, 0.0))
        yield Figure("mean_reached", NONE, over_reached, "min")
        yield Figure("share_unreached", NONE, mean((~reached).astype(np.float64), people), "share")

    return Part(rows_of(circle, circle.scopes, figures), {"minutes": homes.farthest(minutes)})


def _minutes(circle: Circle) -> Floats:
    district, wanted = circle.assessment.district, circle.result.requirement
    measure: Measure = (wanted.walker, "min")
    if wanted.at_least == 1:
        return nearest(district, wanted.service_types, measure).public
    each = [nearest(district, one, measure).public for one in wanted.service_types]
    return until(np.vstack(each), wanted.at_least)
