"""Door to door: indicators that count the stairs, and those that say they do not.

One building of four storeys without a lift, 40 adults, 10 on each storey; its door is 60 m from the
only canteen: 50 s for an adult at 1.2 m/s.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.grid.grid import Grid
from tests.twin.districts import district, requirement, standard
from twin.accounts import Subject, account
from twin.assessment.assess import assess
from twin.indicators import INDICATORS, indicators
from twin.model.catalogues import walkers

STEP_S = walkers()["adult"].stairs_down_s


def found(limit_s: float, *, lift: bool = False, door_to_door: bool = True):
    grid = Grid()
    grid.building(1, (30, 10), people={"age_18_59": 40.0}, storeys=4.0, has_lift=lift)
    grid.service(1, (70, 10))
    asked = standard(requirement("canteen", limit_s / 60, unit="min"))
    assessment = assess(district(grid), asked, door_to_door=door_to_door)
    return indicators(assessment, ["travel_time", "nearest_few", "choice"])


def value(finding, figure: str, at: float | None = None) -> float:
    rows = finding.summary
    rows = rows[(rows["scope"] == "district") & (rows["figure"] == figure)]
    return float((rows if at is None else rows[rows["at"] == at])["value"].iloc[0])


def test_each_storey_walks_its_own_stairs():
    walks = found(600)
    seconds = [50 + storey * STEP_S for storey in range(4)]
    assert value(walks["travel_time"], "mean_reached") * 60 == pytest.approx(np.mean(seconds))
    assert value(walks["travel_time"], "quantile", 0.25) * 60 == pytest.approx(seconds[0])
    assert value(walks["travel_time"], "quantile", 0.5) * 60 == pytest.approx(seconds[1])
    assert value(walks["nearest_few"], "mean_reached", 1.0) * 60 == pytest.approx(np.mean(seconds))
    assert walks["travel_time"].origins["minutes"].iloc[0] * 60 == pytest.approx(seconds[-1])


def test_choice_is_that_of_the_storeys_within_the_limit():
    half = found(50 + 1.5 * STEP_S)  # the two lower storeys
    assert value(half["choice"], "mean") == pytest.approx(0.5)
    assert half["choice"].origins["services_within"].tolist() == [0.0]


@pytest.mark.parametrize(("lift", "door_to_door"), [(True, True), (False, False)])
def test_with_a_lift_or_from_the_door_there_are_no_stairs(lift, door_to_door):
    walks = found(600, lift=lift, door_to_door=door_to_door)
    assert value(walks["travel_time"], "mean_reached") * 60 == pytest.approx(50)
    assert value(walks["choice"], "mean") == 1


def test_every_indicator_says_whether_it_counts_the_stairs():
    assert [one.id for one in INDICATORS if one.counts_stairs] == [
        "travel_time",
        "nearest_few",
        "choice",
    ]
    grid = Grid()
    grid.building(1, (30, 10), storeys=4.0)
    grid.service(1, (70, 10))
    asked = standard(requirement("canteen", 300.0))
    assessment = assess(district(grid), asked, door_to_door=True)
    for one in INDICATORS:
        made = account(assessment, Subject("indicator", "canteen", indicator=one.id))
        said = "\n".join(made.lines)
        words = "the stairs are counted" if one.counts_stairs else "the stairs are not counted"
        assert words in said, one.id
