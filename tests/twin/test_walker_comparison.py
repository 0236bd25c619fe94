"""The same requirement for different walkers."""

import numpy as np
import pytest

from tests.grid.grid import Grid, along
from tests.twin.districts import district, requirement, standard
from twin.assessment.assess import assess
from twin.assessment.walker_comparison import compare_walkers

# 60 m: 50 s for an adult (1.2 m/s), 66.7 s for an older one (0.9), 78.9 s for a frail one (0.76);
# the second home, 90 m away, takes them 75, 100 and 118.4 s
WITHIN_70_S = requirement("canteen", 7 / 6, unit="min")


def town(*street_changes):
    grid = Grid()
    grid.building(1, (70, 10), people={"age_18_59": 10.0, "age_60_79": 4.0})
    grid.building(2, (100, 10), people={"age_18_59": 20.0})
    grid.service(1, (30, -10))
    for street, columns in street_changes:
        grid.change(street, **columns)
    return assess(district(grid), standard(WITHIN_70_S))


def test_slower_walkers_have_smaller_circles():
    found = compare_walkers(town(), "canteen", ("adult", "older", "frail_older"))
    covered = {walker: result.covered for walker, result in found.results.items()}
    assert covered == {"adult": 14, "older": 14, "frail_older": 0}
    assert all(result.total == 34 for result in found.results.values())
    assert found.lost("frail_older", beside="adult") == 14
    assert found.lost("adult", beside="frail_older") == 0
    assert (found.covered_for_all, found.covered_for_any) == (0, 14)
    assert found.median_walk("adult") == pytest.approx(75 / 60)


def test_other_minutes_may_be_asked_for():
    found = compare_walkers(town(), "canteen", ("adult", "older"), minutes=1.5)
    assert [result.covered for result in found.results.values()] == [34, 14]
    assert found.requirement.limit == 1.5


def test_metres_differ_where_something_bars_the_way():
    assessment = town((along(0, 0), {"kind": "steps"}))
    metres = requirement("canteen", 120.0)
    found = compare_walkers(assessment, metres, ("adult", "wheelchair"))
    # nothing attaches to steps, so all go round by other streets or not at all; the wheelchair
    # never walks less than the adult
    adult, wheelchair = (found.results[walker].cost for walker in ("adult", "wheelchair"))
    assert (wheelchair >= adult).all()


def test_every_walker_is_compared_where_none_is_named_and_none_is_made_up():
    assert len(compare_walkers(town(), "canteen").results) >= 6
    with pytest.raises(KeyError):
        compare_walkers(town(), "canteen", ("runner",))


def test_what_nobody_surveyed_is_compared_for_nobody():
    found = compare_walkers(town(), requirement("park"), ("adult",))
    assert found.results["adult"].status == "not_assessed"
    assert np.isnan(found.median_walk("adult"))
