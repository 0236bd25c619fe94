"""A network that few streets were changed in equals the one built from nothing."""

from dataclasses import fields

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.city import make_city
from layers.rasters.elevation import Terrain
from twin.model.edits import AddPath, ChangeStreet, apply_edit
from twin.model.tables import Table
from twin.streets import network as networks
from twin.streets.network import Network, build_network, change_of


@pytest.fixture(scope="module")
def city():
    made = make_city(300, 1, seed=2)
    hills = np.random.default_rng(1).uniform(0, 30, (60, 60)).astype(np.float32)
    low = shapely.total_bounds(made.streets.geometry)
    return made, Terrain(hills, low[0] - 50, low[3] + 50, 20, 20)


def fresh(streets, terrain):
    networks._networks.clear()
    return build_network(streets, terrain)


def assert_equal(one, other):
    for field in fields(Network):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if field.name == "slope":  # its heights stand along all lines laid behind one another
            np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-9)
        elif field.name == "line":
            assert shapely.equals_identical(mine, theirs).all()
        else:
            np.testing.assert_array_equal(mine, theirs, err_msg=field.name)


def patched(before, after, terrain):
    """The network of `after` as a patch of that of `before`, and what became of the edges."""
    networks._networks.clear()
    old = build_network(before, terrain)
    new = build_network(after, terrain)
    change = change_of(new)
    assert change is not None
    assert change.before() is old
    return old, new, change


spots = st.tuples(st.floats(0.05, 0.95), st.floats(0.05, 0.95))
ends = st.one_of(st.integers(0, 10**6), spots)
paths = st.lists(st.tuples(ends, ends), min_size=1, max_size=4)


def place(streets, where):
    """A place in the city: on the middle or end of some street, or anywhere."""
    if isinstance(where, int):
        line = streets.geometry[where % len(streets)]
        point = shapely.line_interpolate_point(line, (where % 3) / 2, normalized=True)
        return shapely.get_coordinates(point)[0].tolist()
    low, high = np.reshape(shapely.total_bounds(streets.geometry), (2, 2))
    return (low + np.array(where) * (high - low)).tolist()


@settings(max_examples=40, deadline=None)
@given(paths)
def test_new_paths_patched_in_one_after_the_other_equal_a_network_built_anew(city, lines):
    district, terrain = city
    networks._networks.clear()
    build_network(district.streets, terrain)
    for number, (start, end) in enumerate(lines):
        line = tuple(map(tuple, (place(district.streets, start), place(district.streets, end))))
        if line[0] == line[1]:
            continue
        district = apply_edit(district, AddPath(90_000 + number, line))
        now = build_network(district.streets, terrain)
        assert change_of(now) is not None
    assert_equal(build_network(district.streets, terrain), fresh(district.streets, terrain))


def test_every_edge_that_stays_is_the_one_it_was(city):
    district, terrain = city
    line = (place(district.streets, 7), place(district.streets, 400))
    after = apply_edit(district, AddPath(90_000, tuple(map(tuple, line)))).streets
    old, new, change = patched(district.streets, after, terrain)
    stays = np.flatnonzero(change.edge_now >= 0)
    assert len(stays) >= len(old) - 2  # the streets at both ends may have been cut
    now = change.edge_now[stays]
    np.testing.assert_array_equal(new.street_id[now], old.street_id[stays])
    np.testing.assert_array_equal(new.tail[now], change.node_now[old.tail[stays]])
    np.testing.assert_array_equal(new.head[now], change.node_now[old.head[stays]])


def test_a_path_taken_back_and_another_kind_are_patched_too(city):
    district, terrain = city
    line = (place(district.streets, 30), place(district.streets, (0.4, 0.7)))
    with_path = apply_edit(district, AddPath(90_000, tuple(map(tuple, line)))).streets
    _, back, change = patched(with_path, district.streets, terrain)
    assert (change.node_now < 0).any()
    assert_equal(back, fresh(district.streets, terrain))
    bridge = apply_edit(district, ChangeStreet(5, {"kind": "bridge"})).streets
    _, changed, _ = patched(district.streets, bridge, terrain)
    assert_equal(changed, fresh(bridge, terrain))


def test_a_node_stands_where_the_first_line_begins_there_or_else_ends():
    def streets(*lines):
        shapes = [shapely.LineString(line) for line in lines]
        return Table("streets", range(1, len(lines) + 1), shapes, {})

    ends, begins = [(9, 9), (0.0002, 0)], [(0.0001, 0), (5, 0)]
    before = streets([(100, 0), (200, 0)], ends)
    after = before.with_rows(Table("streets", [3], [shapely.LineString(begins)], {}))
    _, new, _ = patched(before, after, None)
    assert [0.0001, 0] in new.node_xy.tolist()
    assert_equal(new, fresh(after, None))


def test_streets_that_are_mostly_others_are_built_anew(city):
    district, terrain = city
    networks._networks.clear()
    build_network(district.streets, terrain)
    moved = shapely.transform(district.streets.geometry, lambda xy: xy + 1)
    other = Table("streets", district.streets.ids, moved, {})
    assert change_of(build_network(other, terrain)) is None
