"""A hierarchy that a few streets changed searches as one prepared from nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.city import make_city
from twin.compiled.ready import compiled
from twin.model.edits import AddPath, SetStreetStatus, apply_edit
from twin.streets import network as networks
from twin.walking.walks import costs_of

if compiled() is None:
    pytest.skip("Numba is not here", allow_module_level=True)

from benchmarks.ours import seeds_at
from twin.walking.hierarchy import hierarchy as hierarchies
from twin.walking.hierarchy import layout as layouts
from twin.walking.hierarchy.hierarchy import hierarchy
from twin.walking.hierarchy.layout import layout, patch_of
from twin.walking.hierarchy.searches import costs_together, sums_within

METRES, MINUTES = ("adult", "m"), ("older", "min")
LIMIT = 600_000_000


@pytest.fixture(scope="module")
def city():
    return make_city(250, 1, seed=6)


def forget():
    networks._networks.clear()
    layouts._layouts.clear()
    hierarchies._hierarchies.clear()


def answers(district, measure):
    """Walks from everywhere to some nodes, and how many nodes are within a limit of each."""
    costs = costs_of(district, measure)
    nodes = costs.network.node_count
    goals = [seeds_at(np.arange(first, nodes, 9)) for first in range(3)]
    walked = costs_together(costs, goals)
    return walked, sums_within(costs, np.ones(nodes, np.int64), LIMIT)


status = st.tuples(st.integers(0, 10**6), st.sampled_from(["open", "closed", "residents"]))
path = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6))


def edit_of(streets, number, what):
    """Open or close a street, or draw a path between the middles of two."""
    one, other = what
    if isinstance(other, str):
        return SetStreetStatus(int(streets.ids[one % len(streets)]), other)
    middles = [streets.geometry[i % len(streets)].centroid for i in what]
    return AddPath(90_000 + number, tuple((p.x, p.y) for p in middles))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.one_of(status, path), min_size=1, max_size=5), st.sampled_from([METRES, MINUTES])
)
def test_edits_one_after_the_other_equal_a_fresh_start(city, edits, measure):
    forget()
    hierarchy(costs_of(city, measure))
    district = city
    for number, what in enumerate(edits):
        if not isinstance(what[1], str) and (what[0] - what[1]) % len(district.streets) == 0:
            continue
        district = apply_edit(district, edit_of(district.streets, number, what))
        patched = answers(district, measure)
    if district is city:
        return
    forget()
    walked, near = answers(district, measure)
    np.testing.assert_array_equal(patched[0], walked)
    np.testing.assert_array_equal(patched[1], near)


def test_a_path_keeps_the_order_and_reprices_few_arcs(city):
    forget()
    before = hierarchy(costs_of(city, METRES))
    after = hierarchy(costs_of(apply_edit(city, edit_of(city.streets, 0, (3, 90))), METRES))
    patch = patch_of(after.layout)
    assert patch is not None
    assert patch.before() is before.layout
    assert after.patched
    old = patch.came >= 0
    np.testing.assert_array_equal(np.sort(patch.came[old]), np.arange(len(before.layout.up)))
    same = after.arcs.ahead[old] == before.arcs.ahead[patch.came[old]]
    assert same.mean() > 0.5


def test_patched_prices_are_those_found_from_nothing(city):
    forget()
    hierarchy(costs_of(city, METRES))
    shut = apply_edit(city, SetStreetStatus(int(city.streets.ids[40]), "closed"))
    patched = hierarchy(costs_of(shut, METRES))
    assert patched.patched
    hierarchies._hierarchies.clear()
    fresh = hierarchy(costs_of(shut, METRES))
    assert not fresh.patched
    np.testing.assert_array_equal(patched.arcs.ahead, fresh.arcs.ahead)
    np.testing.assert_array_equal(patched.arcs.back, fresh.arcs.back)


def test_every_way_out_of_what_hangs_below_goes_through_its_arcs_after_a_path_too(city):
    forget()
    layout(costs_of(city, METRES).network)
    network = costs_of(apply_edit(city, edit_of(city.streets, 0, (11, 170))), METRES).network
    laid = layout(network)
    assert patch_of(laid) is not None
    assert sorted(laid.position) == list(range(network.node_count))
    ends = np.sort([laid.position[network.tail], laid.position[network.head]], axis=0)
    for position in range(len(laid.size)):
        first = position - laid.size[position] + 1
        leaving = (first <= ends[0]) & (ends[0] <= position) & (ends[1] > position)
        above = laid.up[laid.start[position] : laid.start[position + 1]]
        assert (np.diff(above) > 0).all()
        assert set(ends[1][leaving]) <= set(above)


def test_another_walker_is_priced_anew(city):
    forget()
    hierarchy(costs_of(city, METRES))
    assert not hierarchy(costs_of(city, MINUTES)).patched


def test_an_order_that_grew_too_much_is_found_anew(city, monkeypatch):
    monkeypatch.setattr(layouts, "_MOST_GROWN", 0.0)
    monkeypatch.setattr(layouts, "_ALWAYS_GROWN", 0)
    forget()
    hierarchy(costs_of(city, METRES))
    after = apply_edit(city, edit_of(city.streets, 0, (3, 90)))
    assert patch_of(hierarchy(costs_of(after, METRES)).layout) is None
