"""Door to door: the stairs between a home and its street door.

The residents behind a door are spread evenly over the building's residential storeys. A storey
without a lift costs the walker's seconds for going down one, because walks lead from home to
service; a walker who cannot climb stairs is barred above the ground, whatever the unit. The lower
storeys are always the nearer ones, so who is covered is a part of a door's people, counted from
below.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.arrays import Flags, Floats, Ints
from twin.memo import Memo
from twin.model.catalogues import rules, walkers
from twin.model.district import District
from twin.streets.costs import INF, Measure
from twin.streets.paces import PER_SECOND
from twin.walking.origins import Origins


@dataclass(frozen=True, eq=False)
class HomeStoreys:
    """The residential storeys above every origin, shape (n,) each.

    Parameters
    ----------
    below
        Storeys under the lowest residential one.
    count
        Residential storeys, at least 1.
    lift
        The building has a lift.
    known
        Somebody stated the storeys; those unknown count as one at the street.
    """

    below: Ints
    count: Ints
    lift: Flags
    known: Flags

    def farthest(self, cost: Ints, measure: Measure) -> Ints:
        """Return the cost from the highest home behind each door, given that from the door."""
        top, step = self.below + self.count - 1, self.step(measure)
        barred = (step >= INF) & (top > 0)
        stairs = np.where(barred, INF, np.where(step >= INF, 0, step) * top)
        return np.minimum(cost + stairs, INF)

    def part_within(self, cost: Ints, measure: Measure, limit: int) -> Floats:
        """Return the part of each door's people whose whole walk is within a limit, 0 to 1.

        Parameters
        ----------
        cost
            From the door, in whole numbers of :mod:`twin.streets.costs`, as is `limit`.
        """
        step = self.step(measure)
        slack = limit - cost
        highest = np.where(step > 0, slack // np.maximum(step, 1), self.below + self.count)
        storeys = np.clip(highest + 1 - self.below, 0, self.count)
        return np.where(slack >= 0, storeys / self.count, 0.0)

    def above(self, measure: Measure) -> tuple[Ints, Ints, Floats]:
        """Return every storey above every door: its origin, its stairs, its part of the people.

        Returns
        -------
        Positions in the origins, the cost of walking down to the door
        (:data:`twin.streets.costs.INF` where the walker cannot), and the part of the origin's
        people who live there, shape (storeys,).
        """
        origin = np.repeat(np.arange(len(self.count)), self.count)
        first = np.repeat(np.cumsum(self.count) - self.count, self.count)
        storey = self.below[origin] + np.arange(len(origin)) - first
        step = self.step(measure)[origin]
        barred = step >= INF
        stairs = np.where(barred, np.where(storey > 0, INF, 0), np.where(barred, 0, step) * storey)
        return origin, stairs, 1.0 / self.count[origin]

    def barred_part(self, measure: Measure) -> Floats:
        """Return the part of each door's people whom stairs keep from the street at all."""
        at_street = np.where(self.below == 0, 1, 0) / self.count
        return np.where(self.step(measure) >= INF, 1.0 - at_street, 0.0)

    def step(self, measure: Measure) -> Ints:
        """Return the cost of one storey down at each origin, `INF` where the walker cannot."""
        seconds = walkers()[measure[0]].stairs_down_s
        if not np.isfinite(seconds):
            step = int(INF)
        else:
            step = round(seconds * PER_SECOND) if measure[1] == "min" else 0
        return np.where(self.lift, 0, step)


_homes: Memo[HomeStoreys] = Memo(16)


def home_storeys(district: District, origins: Origins) -> HomeStoreys:
    """Return the residential storeys above every origin of a district."""
    buildings = district.buildings
    storeys, lift, use = (buildings[name] for name in ("storeys", "has_lift", "use"))

    def find() -> HomeStoreys:
        row = origins.building_row
        known = np.isfinite(storeys) & (storeys >= 1)
        whole = np.where(known, storeys, 1).astype(np.int64)
        shops = np.minimum(np.where(use == "mixed", rules().shop_storeys, 0), whole - 1)
        return HomeStoreys(shops[row], (whole - shops)[row], lift[row], known[row])

    return _homes.get((origins, storeys, lift, use), find)
