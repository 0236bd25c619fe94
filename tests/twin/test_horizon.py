"""What counts as there: today, after what is planned, or another choice."""

import pytest

from tests.grid.grid import Grid
from tests.twin.districts import district, requirement, standard
from twin.assessment.assess import assess
from twin.model.horizon import at_horizon

CANTEEN = standard(requirement("canteen"))
PLANNED = {"open", "planned"}


def town():
    grid = Grid()
    grid.building(1, (60, 10))
    grid.building(2, (360, 390))
    grid.service(1, (30, -10))
    grid.service(2, (330, 410), status="planned")
    grid.service(3, (370, 410), status="closed")
    return district(grid)


def test_planned_services_count_where_asked_for_and_closed_ones_never_do():
    here = town()
    today, later = (assess(here, CANTEEN, statuses=s) for s in ({"open"}, PLANNED))
    assert (today.results[0].covered, later.results[0].covered) == (10, 20)
    assert later.results[0].service_id.tolist() == [1, 2]
    assert later.statuses == PLANNED
    assert later.building_cost("canteen", ("adult", "m")).tolist() == [50, 50]
    assert later.results[0].straight_share == 1


def test_only_what_is_planned():
    assert assess(town(), CANTEEN, statuses={"planned"}).results[0].service_id.tolist() == [2, 2]


def test_the_district_of_today_is_the_district_itself():
    here = town()
    assert at_horizon(here) is here
    assert at_horizon(here, PLANNED).services is at_horizon(here, PLANNED).services
    assert here.services["status"].tolist() == ["open", "planned", "closed"]


def test_a_status_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="rumoured"):
        at_horizon(town(), {"rumoured"})
