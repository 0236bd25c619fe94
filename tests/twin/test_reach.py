"""The compiled search and SciPy's give the same whole numbers."""

import os
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.compiled.ready import compiled
from twin.streets.arrows import Arrows
from twin.streets.costs import INF
from twin.walking.reach import NOBODY, Reach, Seeds, improvement, reach_without, search_with_scipy

arrow = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 50))


def arrows(rows):
    into, tail, cost = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    order = np.argsort(into, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(into, minlength=10))]).astype(np.int64)
    made = Arrows(start, tail[order], order, cost[order])
    for values in vars(made).values():
        values.flags.writeable = False
    return made


def seeds(rows):
    return Seeds(*(np.array(column, np.int64) for column in zip(*rows, strict=True)))


def spread(graph, start):
    search = compiled()
    if search is None:
        pytest.skip("Numba is not here")
    cost, owner = np.full(10, INF), np.full(10, NOBODY)
    search(graph.start, graph.tail, graph.cost, start.node, start.cost, start.owner, cost, owner)
    return cost, owner


@settings(max_examples=200, deadline=None)
@given(
    st.lists(arrow, min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30), st.integers(1, 5)), min_size=1),
)
def test_both_searches_agree_and_equal_costs_go_to_the_lowest_id(rows, starts):
    graph, goals = arrows(rows), seeds(starts)
    cost, owner = spread(graph, goals)
    alone = {
        goal: search_with_scipy(graph, seeds([s for s in starts if s[2] == goal]))
        for goal in sorted(set(goals.owner.tolist()))
    }
    stack = np.vstack(list(alone.values()))
    np.testing.assert_array_equal(cost, stack.min(axis=0))
    lowest = np.array(list(alone))[stack.argmin(axis=0)]
    np.testing.assert_array_equal(owner, np.where(cost < INF, lowest, NOBODY))


def test_a_star_of_many_arms_outgrows_the_first_heap():
    count = 5000
    start = np.concatenate([[0], np.full(count, count - 1)])  # node 0 is entered from all others
    arms = np.arange(1, count)
    for values in (start, arms):
        values.flags.writeable = False
    search = compiled()
    if search is None:
        pytest.skip("Numba is not here")
    reached, owner = np.full(count, INF), np.full(count, NOBODY)
    search(start, arms, arms, np.array([0]), np.array([7]), np.array([1]), reached, owner)
    np.testing.assert_array_equal(reached, 7 + np.arange(count))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(arrow, min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30), st.integers(1, 5)), min_size=1),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30), st.integers(1, 5)), min_size=1),
)
def test_an_improvement_is_what_a_new_goal_changes(rows, stays, moved):
    graph = arrows(rows)
    before, owner = spread(graph, seeds(stays))
    after, new_owner = spread(graph, seeds([*stays, *moved]))
    costs = SimpleNamespace(arrows=graph, network=SimpleNamespace(node_count=10))
    found = improvement(costs, seeds(moved), Reach(before, owner))
    before[found.node], owner[found.node] = found.cost, found.owner
    np.testing.assert_array_equal(before, after)
    np.testing.assert_array_equal(owner, new_owner)
    assert len(set(found.node.tolist())) == len(found.node)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(arrow, min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30), st.integers(1, 5)), min_size=1),
    st.sets(st.integers(1, 5), min_size=1, max_size=2),
)
def test_the_reach_without_some_goals_is_that_of_the_others(rows, starts, gone):
    graph = arrows(rows)
    stays = [start for start in starts if start[2] not in gone] or [(0, 1, 9)]
    starts = [*stays, *(start for start in starts if start[2] in gone)]
    known = Reach(*spread(graph, seeds(starts)))
    costs = SimpleNamespace(arrows=graph)
    found = reach_without(costs, known, np.array(sorted(gone)), seeds(stays), compiled())
    cost, owner = spread(graph, seeds(stays))
    np.testing.assert_array_equal(found.cost, cost)
    np.testing.assert_array_equal(found.owner, owner)


def test_the_compiled_search_is_left_out_only_where_somebody_asked_for_that():
    """Else every test that is skipped without it would hide that it cannot be loaded."""
    assert (compiled() is None) == bool(os.environ.get("RENEWAL_TWIN_NO_NUMBA"))
