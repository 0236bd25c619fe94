"""Searches from many places at once give what one Dijkstra after the other gives."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.city import make_city
from twin.compiled.ready import compiled
from twin.streets.arrows import Arrows
from twin.streets.costs import INF, directed_costs
from twin.streets.network import build_network
from twin.walking.reach import NOBODY, Seeds, reach_of
from twin.walking.ways_out import Items

if compiled() is None:
    pytest.skip("Numba is not here", allow_module_level=True)

from twin.walking.hierarchy.hierarchy import FAR, hierarchy
from twin.walking.hierarchy.layout import layout
from twin.walking.hierarchy.searches import (
    costs_together,
    fits,
    gathered_within,
    improved,
    matrix_within,
    reach_together,
    sums_within,
)


@dataclass(eq=False)
class Streets:
    """As much of a network as the searches ask for."""

    node_xy: np.ndarray
    tail: np.ndarray
    head: np.ndarray

    @property
    def node_count(self):
        return len(self.node_xy)

    def __len__(self):
        return len(self.tail)


def costs_between(xy, tail, head, ahead, back):
    """Costs of edges with a price in each direction, -1 where there is no way."""
    tail, head = np.array(tail, np.int64), np.array(head, np.int64)
    network = Streets(xy, tail, head)
    edge = np.tile(np.arange(len(tail)), 2)
    into, out_of = np.concatenate([head, tail]), np.concatenate([tail, head])
    cost = np.concatenate([ahead, back]).astype(np.int64)
    order = np.flatnonzero(cost >= 0)
    order = order[np.argsort(into[order], kind="stable")]
    degree = np.bincount(into[order], minlength=len(xy))
    start = np.concatenate([[0], np.cumsum(degree)])
    made = [start, out_of[order], edge[order], cost[order]]
    for values in made:
        values.flags.writeable = False
    return SimpleNamespace(network=network, arrows=Arrows(*made))


def walked(costs):
    """Cost of walking from every node to every other: an independent float64 computation."""
    arrows, nodes = costs.arrows, costs.network.node_count
    head = np.repeat(np.arange(nodes), np.diff(arrows.start))
    order = np.lexsort((arrows.cost, head, arrows.tail))
    pair = np.stack([arrows.tail[order], head[order]])
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(pair) != 0).any(axis=0)
    kept = order[first]
    graph = coo_array((arrows.cost[kept] + 0.5**20, pair[:, first]), shape=(nodes, nodes))
    return np.floor(dijkstra(graph.tocsr()))  # a way of no cost needs a trace of cost in SciPy


@st.composite
def networks(draw):
    """Random edges between up to 30 places: loops, parallels, islands, one-way and free ones."""
    nodes = draw(st.integers(1, 30))
    node, price = st.integers(0, nodes - 1), st.integers(-1, 40)
    edges = draw(st.lists(st.tuples(node, node, price, price), max_size=80))
    columns = [np.array(c, np.int64) for c in zip(*edges, strict=True)] or [np.zeros(0, int)] * 4
    xy = np.random.default_rng(draw(st.integers(0, 9))).uniform(0, 100, (nodes, 2))
    return costs_between(xy, *columns)


@pytest.fixture(scope="module")
def hilly():
    """A city whose streets cost other downhill than uphill, a tenth of them shut one way."""
    network = build_network(make_city(1200, 1, seed=5).streets)
    rng = np.random.default_rng(3)
    flat = network.length_m * 1e6
    ahead, back = (np.rint(flat * rng.uniform(0.7, 1.6, len(flat))) for _ in range(2))
    ahead[rng.random(len(flat)) < 0.1] = -1
    return costs_between(network.node_xy, network.tail, network.head, ahead, back)


@settings(max_examples=150, deadline=None)
@given(networks(), st.integers(0, 60), st.randoms(use_true_random=False))
def test_random_networks_equal_dijkstra(costs, limit, random):
    nodes = costs.network.node_count
    every = walked(costs)
    weight = np.array([random.randint(0, 9) for _ in range(nodes)])
    np.testing.assert_array_equal(sums_within(costs, weight, limit), (every <= limit) @ weight)
    nodes_as_items = Items(np.arange(nodes + 1), np.arange(nodes), np.zeros(nodes, np.int64))
    gathered = gathered_within(costs, nodes_as_items, weight, limit)
    np.testing.assert_array_equal(gathered, weight @ (every <= limit))
    rows = matrix_within(costs, nodes_as_items, nodes_as_items, limit)
    dense = np.full((nodes, nodes), np.inf)
    dense[np.repeat(np.arange(nodes), np.diff(rows.start)), rows.target] = rows.cost
    np.testing.assert_array_equal(dense, np.where(every <= limit, every, np.inf).T)


seed_lists = st.lists(st.tuples(st.integers(0, 29), st.integers(0, 30), st.integers(1, 5)))


@settings(max_examples=150, deadline=None)
@given(networks(), st.lists(seed_lists, min_size=1, max_size=4))
def test_reach_together_equals_one_reach_after_the_other(costs, lists):
    nodes, goals = costs.network.node_count, []
    for rows in lists:
        node, cost, owner = np.array(rows, np.int64).reshape(-1, 3).T
        goals.append(Seeds(node % nodes, cost.copy(), owner.copy()))
    for seeds, found in zip(goals, reach_together(costs, goals), strict=True):
        alone = reach_of(costs, seeds, None, compiled())
        np.testing.assert_array_equal(found.cost, alone.cost)
        np.testing.assert_array_equal(found.owner, alone.owner)
    only = costs_together(costs, goals)
    np.testing.assert_array_equal(only, [found.cost for found in reach_together(costs, goals)])


def test_a_city_in_micrometres_equals_dijkstra(hilly):
    nodes, limit = hilly.network.node_count, 700_000_000
    every = walked(hilly)
    weight = np.random.default_rng(1).integers(0, 10**9, nodes)
    within = every <= limit
    assert 0.05 < within.mean() < 0.5  # the limit is felt
    np.testing.assert_array_equal(sums_within(hilly, weight, limit), within @ weight)
    seeds = Seeds(np.arange(0, nodes, 50), np.arange(0, nodes, 50), np.arange(0, nodes, 50))
    (found,) = reach_together(hilly, [seeds])
    least = (every[:, seeds.node] + seeds.cost).min(axis=1)
    np.testing.assert_array_equal(np.where(found.cost < INF, found.cost, np.inf), least)
    assert ((found.owner == NOBODY) == ~np.isfinite(least)).all()


def test_a_limit_that_takes_in_the_whole_of_a_city_meets_everybody_who_is_connected():
    network = build_network(make_city(9000, 1, seed=2).streets)
    assert network.node_count > 8000  # more than a search has room for at first
    short = np.rint(network.length_m * 1e4).astype(np.int64)
    costs = costs_between(network.node_xy, network.tail, network.head, short, short)
    ends = np.concatenate([network.tail, network.head]), np.tile(network.component, 2)
    piece = np.zeros(network.node_count, np.int64)
    piece[ends[0]] = ends[1]
    weight = np.random.default_rng(4).integers(0, 9, network.node_count)
    everybody = np.bincount(piece, weight)[piece]
    np.testing.assert_array_equal(sums_within(costs, weight, 2 * 10**9), everybody)
    every = np.arange(network.node_count)
    places = Items(np.append(every, len(every)), every, 0 * every)
    np.testing.assert_array_equal(gathered_within(costs, places, weight, 2 * 10**9), everybody)
    some = Items(np.arange(65), every[::125][:64], np.zeros(64, np.int64))
    rows = matrix_within(costs, some, places, 2 * 10**9)
    np.testing.assert_array_equal(np.diff(rows.start), np.bincount(piece)[piece[some.node]])


def test_homes_with_several_doors_count_by_the_nearest(hilly):
    nodes, limit = hilly.network.node_count, 500_000_000
    rng, every = np.random.default_rng(2), walked(hilly)
    start = np.concatenate([[0], np.cumsum(rng.integers(0, 4, 90))])
    homes = Items(start, rng.integers(0, nodes, start[-1]), rng.integers(0, 10**8, start[-1]))
    goals = Items(np.arange(41), rng.integers(0, nodes, 40), rng.integers(0, 10**8, 40))
    way = np.full((40, 90), np.inf)
    for goal in range(40):
        there = every[:, goals.node[goal]] + goals.cost[goal]
        for home in range(90):
            doors = slice(start[home], start[home + 1])
            way[goal, home] = min(there[homes.node[doors]] + homes.cost[doors], default=np.inf)
    rows = matrix_within(hilly, goals, homes, limit)
    found = np.full(way.shape, np.inf)
    found[np.repeat(np.arange(40), np.diff(rows.start)), rows.target] = rows.cost
    np.testing.assert_array_equal(found, np.where(way <= limit, way, np.inf))
    people = rng.integers(0, 300, 90)
    doors = every[homes.node] + homes.cost[:, None] <= limit
    covered = np.array([doors[start[h] : start[h + 1]].any(axis=0) for h in range(90)])
    gathered = gathered_within(hilly, homes, people, limit)
    np.testing.assert_array_equal(gathered, people @ covered)


def test_every_way_out_of_what_hangs_below_goes_through_its_arcs(hilly):
    laid = layout(hilly.network)
    assert sorted(laid.position) == list(range(hilly.network.node_count))
    low, high = np.sort(
        [laid.position[hilly.network.tail], laid.position[hilly.network.head]], axis=0
    )
    assert ((high - laid.size[high] < low) | (low == high)).all()  # a street never leaves a branch
    for position in range(0, len(laid.size), 37):
        first = position - laid.size[position] + 1
        leaving = (first <= low) & (low <= position) & (high > position)
        above = laid.up[laid.start[position] : laid.start[position + 1]]
        assert set(high[leaving]) <= set(above)


def test_a_closed_street_prices_the_arcs_anew_and_keeps_the_order():
    city = make_city(300, 1, seed=4)
    network = build_network(city.streets)
    open_ = directed_costs(network, city.streets, ("adult", "m"))
    status = np.array(["closed" if i % 3 == 0 else "open" for i in city.streets.ids], object)
    shut = directed_costs(network, city.streets.with_columns({"status": status}), ("adult", "m"))
    assert hierarchy(open_).layout is hierarchy(shut).layout
    every = np.ones(network.node_count, np.int64)
    limit = 800_000_000
    np.testing.assert_array_equal(
        sums_within(shut, every, limit), (walked(shut) <= limit).sum(axis=1)
    )


def test_a_limit_that_32_bits_do_not_hold_is_refused(hilly):
    assert fits(FAR - 1)
    assert not fits(FAR)
    with pytest.raises(ValueError, match="32 bits"):
        sums_within(hilly, np.ones(hilly.network.node_count, np.int64), FAR)


@settings(max_examples=150, deadline=None)
@given(networks(), seed_lists, seed_lists)
def test_what_better_goals_change_is_what_a_search_for_all_changes(costs, known_rows, rows):
    nodes, ready = costs.network.node_count, hierarchy(costs)
    found = []
    for chosen in (known_rows, rows):
        node, cost, owner = np.array(chosen, np.int64).reshape(-1, 3).T
        found.append(Seeds(node % nodes, cost.copy(), owner.copy()))
    known = reach_of(costs, found[0], None, compiled())
    better = improved(ready, found[1], known)
    both = reach_of(costs, found[1], known, compiled())
    now_cost, now_owner = known.cost.copy(), known.owner.copy()
    now_cost[better.node], now_owner[better.node] = better.cost, better.owner
    np.testing.assert_array_equal(now_cost, both.cost)
    np.testing.assert_array_equal(now_owner, both.owner)
    changed = np.flatnonzero((both.cost != known.cost) | (both.owner != known.owner))
    np.testing.assert_array_equal(np.sort(better.node), changed)
