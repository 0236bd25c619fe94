"""The way of a walk: as long as the walk says, along the streets it names."""

import numpy as np
import pytest
import shapely

from tests.grid.grid import Grid, along, dem, up
from tests.twin.districts import district
from twin.model.edits import SetStreetStatus, apply_edit
from twin.walking.origins import find_origins
from twin.walking.routes import reach_streets, route
from twin.walking.walks import walks

METRES = ("adult", "m")


def one_home(**columns):
    grid = Grid()
    grid.building(1, (30, 10))
    grid.service(1, (230, 110))
    for street, values in columns.items():
        grid.change(int(street[1:]), **values)
    return grid


def test_a_route_runs_from_door_to_door_along_the_grid():
    found = route(district(one_home()), 0, 1, METRES)
    assert found is not None
    # leg 10, edge 1 eastwards 70, up 100, along 100, edge along(2, 1) 30, leg 10
    assert found.metres == pytest.approx(10 + 70 + 100 + 100 + 30 + 10)
    assert (found.home_leg_m, found.service_leg_m) == (10, 10)
    assert found.street_id[[0, -1]].tolist() == [along(0, 0), along(2, 1)]
    np.testing.assert_allclose(found.line[[0, -1]], [[30, 10], [230, 110]])
    assert np.hypot(*np.diff(found.line, axis=0).T).sum() == pytest.approx(found.metres)
    assert dict(found.metres_by_kind) == pytest.approx({"leg": 20, "street": 300})


def test_of_equally_short_ways_the_lowest_street_ids_are_walked():
    found = route(district(one_home()), 0, 1, METRES)
    assert found is not None
    assert found.street_id.tolist() == [along(0, 0), along(1, 0), up(2, 0), along(2, 1)]


def test_both_ends_on_one_edge():
    grid = Grid()
    grid.building(1, (30, 10))
    grid.service(1, (80, -5))
    found = route(district(grid), 0, 1, METRES)
    assert found is not None
    assert found.metres == 10 + 50 + 5
    assert found.street_id.tolist() == [along(0, 0)]
    np.testing.assert_allclose(found.line, [[30, 10], [30, 0], [80, 0], [80, -5]])


def test_a_route_says_how_long_it_waits_and_how_far_it_goes_by_kind():
    grid = one_home(s2={"kind": "crossing", "signalled": True}, s21={"status": "closed"})
    grid.change(up(1, 0), status="closed")
    found = route(district(grid), 0, 1, METRES)
    assert found is not None
    assert found.waits_s == 30
    assert found.metres_by_kind["crossing"] == 100
    assert found.minutes == pytest.approx((found.metres / 1.2 + 30) / 60)


def test_where_no_way_leads_there_is_no_route():
    town = district(one_home())
    for street in (along(0, 0),):
        town = apply_edit(town, SetStreetStatus(street, "closed"))
    assert route(town, 0, 1, METRES) is None


@pytest.mark.parametrize("measure", [METRES, ("older", "min"), ("wheelchair", "min")])
def test_every_route_is_as_long_as_its_walk(measure):
    grid = Grid(terrain=dem(lambda x: 0.0001 * x**2))
    for number in range(16):
        grid.building(number + 1, (97 * (number % 4) + 13, 101 * (number // 4) + 7))
    grid.service(1, (180, 333))
    grid.door((185, 331), service_id=1)
    grid.door((215, 345), service_id=1)
    grid.change(up(1, 1), kind="crossing", signalled=True, cycle_s=80.0, green_s=20.0)
    town = district(grid)
    cost = walks(town, 1, measure)
    assert np.isfinite(cost).all()
    for origin in range(len(find_origins(town))):
        found = route(town, origin, 1, measure)
        assert found is not None
        length = found.metres if measure[1] == "m" else found.minutes
        assert length == pytest.approx(cost[origin], abs=1e-5)


def test_streets_within_reach_stop_at_the_limit():
    grid = Grid()
    grid.building(1, (30, 10))
    grid.service(1, (200, 200))
    reached = reach_streets(district(grid), 1, METRES, 150.0)
    assert shapely.length(reached.line).sum() == pytest.approx(4 * 100 + 4 * 3 * 50)
    assert max(reached.cost_start.max(), reached.cost_end.max()) == 150
    frame = reached.frame("EPSG:4547")
    assert frame.length.sum() == pytest.approx(4 * 100 + 4 * 3 * 50)
    assert frame["cost_end"].tolist() == reached.cost_end.tolist()
