"""A drawn path joins the streets that it touches, between their ends too."""

import numpy as np
import pytest
import shapely

from tests.grid.grid import Grid, along, up
from tests.twin.districts import district
from twin.model.edits import AddPath, ChangeStreet, apply_edit
from twin.projects.session import Session
from twin.streets.network import build_network
from twin.walking.routes import route, route_between

METRES = ("adult", "m")


def home_and_shop():
    grid = Grid()
    grid.building(1, (30, 10))
    grid.service(1, (30, 90))
    return district(grid)


def test_a_path_between_the_middles_of_two_streets_is_walked():
    before = home_and_shop()
    after = apply_edit(before, AddPath(900, ((50.0, 0.0), (50.0, 100.0))))
    # before: leg 10, 30 to the corner, 100 up, 30 back, leg 10; after: 10, 20, 100 up, 20, 10
    assert route(before, 0, 1, METRES).metres == pytest.approx(180)
    found = route(after, 0, 1, METRES)
    assert found.metres == pytest.approx(160)
    assert found.street_id.tolist()[1:-1] == [900]
    assert len(build_network(after.streets)) == len(build_network(before.streets)) + 3


def test_a_street_that_was_cut_keeps_its_id_length_and_values():
    before = home_and_shop()
    after = apply_edit(before, AddPath(900, ((30.0, 0.0), (60.0, 50.0), (70.0, 0.0))))
    row = after.streets.row_of(along(0, 0))
    parts = shapely.get_parts(after.streets.geometry[row])
    assert [part.length for part in parts] == pytest.approx([30, 40, 30])
    assert after.streets["kind"][row] == before.streets["kind"][row]
    assert len(after.streets) == len(before.streets) + 1


def test_a_path_that_touches_a_street_on_its_way_is_joined_there():
    after = apply_edit(home_and_shop(), AddPath(900, ((50.0, 0.0), (50.0, 100.0), (50.0, 200.0))))
    network = build_network(after.streets)
    meets = np.isclose(network.node_xy, (50, 100)).all(axis=1)
    assert meets.sum() == 1
    node = int(np.flatnonzero(meets)[0])
    assert ((network.tail == node) | (network.head == node)).sum() == 4


def test_a_path_that_ends_at_a_corner_cuts_nothing():
    before = home_and_shop()
    after = apply_edit(before, AddPath(900, ((0.0, 0.0), (100.0, 100.0))))
    changed = [
        int(after.streets.ids[row])
        for row in range(len(before.streets))
        if after.streets.geometry[row] is not before.streets.geometry[row]
    ]
    assert changed == []
    found = route_between(after, (5.0, -10.0), (105.0, 110.0), METRES)
    assert found.metres == pytest.approx(10 + 5 + 100 * 2**0.5 + 5 + 10)


@pytest.mark.parametrize("kind", ["bridge", "gate", "crossing", "tunnel"])
def test_bridges_gates_and_crossings_are_met_at_their_ends_only(kind):
    grid = Grid()
    grid.change(along(0, 0), kind=kind)
    after = apply_edit(district(grid), AddPath(900, ((50.0, 0.0), (50.0, 100.0))))
    assert len(shapely.get_parts(after.streets.geometry[after.streets.row_of(along(0, 0))])) == 1


def test_a_ramp_lets_a_wheelchair_pass():
    grid = Grid()
    grid.building(1, (30, 10))
    grid.service(1, (30, 110))
    grid.change(up(0, 0), kind="steps")
    grid.change(up(1, 0), kind="steps")
    before = district(grid)
    after = apply_edit(before, ChangeStreet(up(0, 0), {"ramp": True}))
    wheels = ("wheelchair", "m")
    assert route(before, 0, 1, wheels).metres == pytest.approx(10 + 170 + 100 + 170 + 10)
    assert route(after, 0, 1, wheels).metres == pytest.approx(10 + 30 + 100 + 30 + 10)


def test_the_walk_between_two_places_has_a_leg_at_each_end():
    found = route_between(home_and_shop(), (30.0, 10.0), (230.0, 110.0), METRES)
    assert found.metres == pytest.approx(10 + 70 + 100 + 100 + 30 + 10)
    assert found.minutes > 0
    assert route_between(home_and_shop(), (30.0, 10.0), (2000.0, 0.0), METRES) is None


def test_history_goes_to_any_step_as_one_change():
    session = Session(home_and_shop())
    for number in range(3):
        session.do("history.path", AddPath(900 + number, ((0.0, 0.0), (100.0, 100.0 + number))))
    heard = []
    session.listen(heard.append)
    last = session.district
    session.go_to(1)
    assert len(session.history) == 1
    assert [step.edits[0].id for step in session.undone] == [901, 902]
    assert session.district.streets.ids[-1] == 900
    session.go_to(3)
    assert session.district is last
    assert len(heard) == 2
    with pytest.raises(IndexError):
        session.go_to(4)


def test_an_end_drawn_a_few_centimetres_off_a_street_is_put_on_it():
    before = home_and_shop()
    after = apply_edit(before, AddPath(900, ((50.0, 0.04), (50.0, 99.97))))
    assert route(after, 0, 1, METRES).metres == pytest.approx(160)
    path = shapely.get_coordinates(after.streets.geometry[after.streets.row_of(900)])
    assert path.tolist() == [[50.0, 0.0], [50.0, 100.0]]


def test_an_end_drawn_a_few_centimetres_off_a_corner_is_put_there_and_cuts_nothing():
    before = home_and_shop()
    after = apply_edit(before, AddPath(900, ((0.03, 0.02), (100.0, 99.98))))
    path = shapely.get_coordinates(after.streets.geometry[after.streets.row_of(900)])
    assert path.tolist() == [[0.0, 0.0], [100.0, 100.0]]
    assert len(build_network(after.streets)) == len(build_network(before.streets)) + 1


def test_an_end_drawn_farther_off_joins_nothing():
    before = home_and_shop()
    after = apply_edit(before, AddPath(900, ((50.0, 0.06), (50.0, 99.94))))
    assert route(after, 0, 1, METRES).metres == pytest.approx(180)
    assert len(build_network(after.streets)) == len(build_network(before.streets)) + 1
