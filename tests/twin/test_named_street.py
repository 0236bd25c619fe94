"""A wrong snap is corrected: a person says on which street a door opens."""

import numpy as np
import pytest
import shapely

from tests.grid.grid import Grid, along, up
from tests.twin.districts import district, requirement, standard
from twin.assessment.assess import assess
from twin.model.edits import AddPath, ChangeBuilding, ChangeEntrance, ChangeService, apply_edit
from twin.walking.access import attach, surroundings
from twin.walking.origins import find_origins
from twin.walking.reattach import reattach

CANTEEN = standard(requirement())


def walk(place) -> float:
    """Metres from the one home to the canteen."""
    return float(assess(place, CANTEEN).results[0].cost[0])


def notes(place) -> set[str]:
    return {problem.key for problem in assess(place, CANTEEN).notes}


@pytest.fixture
def grid() -> Grid:
    """A door 20 m north of edge 1 and 30 m east of edge 21; a canteen 10 m west of edge 21."""
    made = Grid()
    made.building(1, (30, 20))
    made.service(5, (-10, 50))
    return made


def test_a_door_opens_on_the_street_that_is_named(grid):
    base = district(grid)
    assert walk(base) == pytest.approx(20 + 30 + 50 + 10, abs=1e-3)
    corrected = apply_edit(base, ChangeEntrance(1, {"street_id": up(0, 0)}))
    assert walk(corrected) == pytest.approx(30 + 30 + 10, abs=1e-3)
    assert walk(base) == pytest.approx(110, abs=1e-3)  # the base is another value
    assert "named_street_missed" not in notes(corrected)


def test_an_outline_opens_on_the_street_that_is_named():
    """Without a door: 4 x 4 m with its corner 20 m from edge 1 and 30 m from edge 21."""
    grid = Grid()
    grid.building(1, (32, 22))
    grid.rows["entrances"].clear()
    grid.service(5, (-10, 50))
    base = district(grid)
    before = walk(base)
    # The leg goes from the west side straight to edge 21, at whatever height of the side.
    corrected = walk(apply_edit(base, ChangeBuilding(1, {"street_id": up(0, 0)})))
    assert before == pytest.approx(20 + 30 + 50 + 10, abs=4.1)
    assert corrected == pytest.approx(30 + 28 + 10, abs=4.1)


def test_a_service_opens_on_the_street_that_is_named():
    """A canteen 10 m from edge 21 that is entered from edge 1, 40 m off."""
    grid = Grid()
    grid.building(1, (90, 5))
    grid.service(5, (10, 40))
    base = district(grid)
    assert walk(base) == pytest.approx(5 + 90 + 40 + 10, abs=1e-3)
    corrected = apply_edit(base, ChangeService(5, {"street_id": along(0, 0)}))
    assert walk(corrected) == pytest.approx(5 + 80 + 40, abs=1e-3)


def test_a_street_beyond_the_cap_is_not_taken_and_said(grid):
    far = apply_edit(district(grid), ChangeEntrance(1, {"street_id": along(3, 4)}))
    assert walk(far) == pytest.approx(110, abs=1e-3)
    assert "named_street_missed" in notes(far)


def test_a_wall_is_not_walked_through_for_a_name(grid):
    grid.add("barriers", shapely.LineString([(15, -50), (15, 90)]))
    named = apply_edit(district(grid), ChangeEntrance(1, {"street_id": up(0, 0)}))
    origins = find_origins(named)
    assert origins.access.points.leg_m[0] == pytest.approx(20)


def test_a_patch_after_a_street_edit_keeps_the_word(grid):
    before = district(grid)
    after = apply_edit(before, AddPath(99, ((30, 10), (90, 10))))
    shapes, own = np.array([shapely.Point(30, 20)]), np.array([-1])
    for wanted in (np.array([-1]), np.array([up(0, 0)])):
        old = attach(surroundings(before), shapes, own, wanted)
        patched = reattach(surroundings(after), surroundings(before), old, shapes, own, wanted)
        fresh = attach(surroundings(after), shapes, own, wanted)
        assert patched is not None
        assert patched.edge[0] == fresh.edge[0]
    assert surroundings(after).network.street_id[fresh.edge[0]] == up(0, 0)
