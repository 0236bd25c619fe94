"""A patch after a street edit equals attaching anew."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.grid.grid import Grid
from tests.twin.districts import district
from twin.model.edits import AddPath, apply_edit
from twin.walking.access import AccessPoints, attach, surroundings
from twin.walking.reattach import reattach

places = st.tuples(st.integers(-60, 460), st.integers(-60, 460))


def doors(*points):
    return np.array([shapely.Point(p) for p in points]), np.full(len(points), -1)


def fields(points):
    return {name: getattr(points, name) for name in AccessPoints.__dataclass_fields__}


@settings(max_examples=40, deadline=None)
@given(st.lists(places, min_size=1, max_size=12), places, places)
def test_after_a_new_path_the_patch_equals_attaching_anew(points, start, end):
    grid = Grid()
    grid.street(90, (1000, 0), (1100, 0))  # an island that the path may join
    before = district(grid)
    if start == end:
        end = (end[0] + 1, end[1])
    after = apply_edit(before, AddPath(99, (start, end)))
    shapes, own = doors(*points, (1050, 20))
    old, new = surroundings(before), surroundings(after)
    patched = reattach(new, old, attach(old, shapes, own), shapes, own)
    assert patched is not None
    fresh = fields(attach(new, shapes, own))
    for name, values in fields(patched).items():
        np.testing.assert_array_equal(values, fresh[name], err_msg=name)


def test_a_path_that_joins_an_island_lets_its_doors_attach():
    grid = Grid()
    grid.street(90, (400, 500), (500, 500))
    before = district(grid)
    shapes, own = doors((450, 510))
    old = attach(surroundings(before), shapes, own)
    assert old.edge[0] < 0
    after = apply_edit(before, AddPath(99, ((400, 400), (400, 500))))
    around = surroundings(after)
    new = reattach(around, surroundings(before), old, shapes, own)
    assert new is not None
    assert around.network.street_id[new.edge[0]] == 90


def test_other_obstacles_are_no_case_for_a_patch():
    grid = Grid()
    before = district(grid)
    grid.add("barriers", shapely.LineString([(0, 50), (400, 50)]))
    shapes, own = doors((50, 20))
    old = attach(surroundings(before), shapes, own)
    assert reattach(surroundings(district(grid)), surroundings(before), old, shapes, own) is None


def test_a_street_that_a_path_cuts_is_patched_too():
    grid = Grid()
    before = district(grid)
    shapes, own = doors((45, 10), (55, 10), (50, 40), (250, 10))
    old = attach(surroundings(before), shapes, own)
    after = apply_edit(before, AddPath(99, ((50, 0), (50, 100))))
    around = surroundings(after)
    new = reattach(around, surroundings(before), old, shapes, own)
    assert new is not None
    assert around.network.street_id[new.edge].tolist() == [99, 99, 99, 3]
    assert new.leg_m.tolist() == [5, 5, 0, 10]
