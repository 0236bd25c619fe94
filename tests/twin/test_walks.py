"""Walks: the same numbers by every way of computing them, and nothing computed twice."""

import numpy as np
import pytest

from tests.grid.grid import Grid, along, up
from tests.twin.districts import district, requirement, standard
from twin.assessment.assess import assess
from twin.model.edits import (
    ChangeBuilding,
    MoveService,
    PlaceService,
    RemoveService,
    SetStreetStatus,
    apply_edit,
)
from twin.walking import moving
from twin.walking import walks as walks_module
from twin.walking.walks import nearest, walks

METRES = ("adult", "m")


@pytest.fixture
def town():
    """Nine homes, three canteens and two parks, one of which is a canteen too."""
    grid = Grid()
    for number, (i, j) in enumerate((i, j) for i in range(3) for j in range(3)):
        grid.building(number + 1, (100 * i + 37, 100 * j + 5))
    grid.service(1, (11, 390))
    grid.service(2, (390, 12))
    grid.service(3, (205, 195), "canteen,park")
    grid.service(4, (15, 10), "park")
    grid.door((12, 391), service_id=1)
    return district(grid)


def arrays(found):
    return found.cost.tolist(), found.service_id.tolist()


def test_the_nearest_is_the_least_of_every_services_own_walks(town):
    every = np.vstack([walks(town, service, METRES) for service in (1, 2, 3)])
    found = nearest(town, "canteen", METRES)
    np.testing.assert_array_equal(found.public, every.min(axis=0))
    np.testing.assert_array_equal(found.service_id, every.argmin(axis=0) + 1)


@pytest.mark.parametrize("measure", [METRES, ("older", "min"), ("wheelchair", "min")])
def test_without_numba_the_numbers_are_the_same(town, measure, monkeypatch):
    with_numba = arrays(nearest(town, ("canteen", "park"), measure))
    monkeypatch.setattr(walks_module, "compiled", lambda: None)
    monkeypatch.setattr(walks_module, "_nearest", type(walks_module._nearest)(8))
    assert arrays(nearest(town, ("canteen", "park"), measure)) == with_numba


def test_a_drag_gives_the_numbers_of_a_fresh_start(town, monkeypatch):
    steps = [(20.0 * step, 17.0 * step) for step in range(20)]
    dragged = [apply_edit(town, MoveService(3, *place)) for place in steps]
    dragged += [
        apply_edit(town, RemoveService(2)),
        apply_edit(town, PlaceService(9, ("park",), 5, 5)),
    ]
    for moved in dragged:
        kept = arrays(nearest(moved, "canteen", METRES)), arrays(nearest(moved, "park", METRES))
        with monkeypatch.context() as fresh:
            fresh.setattr(walks_module, "_nearest", type(walks_module._nearest)(8))
            fresh.setattr(moving, "_asked", type(moving._asked)())
            for memo in ("_reaches", "_least"):
                fresh.setattr(moving, memo, type(walks_module._nearest)(8))
            anew = arrays(nearest(moved, "canteen", METRES)), arrays(nearest(moved, "park", METRES))
        assert kept == anew


def test_moving_a_service_leaves_the_results_of_other_types_as_they_are(town):
    wanted = standard(requirement("canteen"), requirement("park"))
    before = assess(town, wanted)
    after = assess(apply_edit(town, MoveService(1, 100.0, 100.0)), wanted)
    assert after.result("park") is before.result("park")
    assert after.result("canteen") is not before.result("canteen")
    assert after.origins.access is before.origins.access  # though the service lost its entrance


def test_correcting_residents_keeps_every_walk(town):
    wanted = standard(requirement("canteen"))
    before = assess(town, wanted)
    after = assess(apply_edit(town, ChangeBuilding(1, {"age_18_59": 25.0})), wanted)
    assert after.result("canteen").cost is before.result("canteen").cost
    assert after.result("canteen").total == before.result("canteen").total + 15


def test_metres_are_shared_by_all_who_climb_steps(town):
    adult, older = (nearest(town, "park", (who, "m")) for who in ("adult", "older"))
    assert adult is older
    assert nearest(town, "park", ("wheelchair", "m")) is not adult


def test_a_service_moved_onto_the_same_place_changes_nothing(town):
    still = apply_edit(town, MoveService(2, 390.0, 12.0))
    assert nearest(still, "canteen", METRES) is nearest(town, "canteen", METRES)


def test_results_are_read_only(town):
    found = nearest(town, "canteen", METRES)
    for values in (found.cost, found.service_id, found.public):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 0


def test_closing_a_street_and_opening_it_again_gives_the_first_numbers(town):
    first = arrays(nearest(town, "canteen", METRES))
    for street in (along(1, 1), up(2, 1)):
        closed = apply_edit(town, SetStreetStatus(street, "closed"))
        assert (nearest(closed, "canteen", METRES).cost >= first[0]).all()
        opened = apply_edit(closed, SetStreetStatus(street, "open"))
        assert arrays(nearest(opened, "canteen", METRES)) == first
