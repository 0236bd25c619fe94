"""Sharing out places: by hand, against every plan there is, and against network simplex."""

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.indicators import transport
from twin.indicators.lowest_ids import raise_entries
from twin.indicators.transport import PER_PERSON, assign


def table(plan, services):
    """Return people by origin and service."""
    found = np.zeros((len(plan.asked), services))
    found[plan.origin, plan.service] = plan.people
    return found


def cost_of(plan, cost):
    return float((plan.people * cost[plan.service, plan.origin]).sum())


def problems(most_origins, most_services, most_people, most_cost=4):
    """Draw people, capacity, cost and within; few distinct costs, so that many plans tie."""

    def problem(seed):
        draw = np.random.default_rng(seed)
        n, s = draw.integers(1, most_origins + 1), draw.integers(1, most_services + 1)
        people = draw.integers(0, most_people + 1, n).astype(float)
        capacity = draw.integers(0, most_people + 2, s).astype(float)
        cost = draw.integers(1, most_cost + 1, (s, n)).astype(np.int64)
        return people, capacity, cost, draw.random((s, n)) < 0.75

    return st.integers(0, 10**9).map(problem)


def every_plan(people, capacity, within):
    """Yield every plan of whole people."""
    services, origins = within.shape
    ranges = [
        range(int(min(people[i], capacity[j])) + 1 if within[j, i] else 1)
        for i in range(origins)
        for j in range(services)
    ]
    for entries in itertools.product(*ranges):
        flow = np.array(entries).reshape(origins, services)
        if (flow.sum(axis=1) <= people).all() and (flow.sum(axis=0) <= capacity).all():
            yield flow


def test_serving_one_more_outweighs_any_walk():
    # home 1 may go to both, home 2 to service 1 only; one place each. Home 1 lives next to
    # service 1, and yields it all the same
    cost = np.array([[1, 1000], [1000, 1]])
    within = np.array([[True, True], [True, False]])
    plan = assign(np.ones(2), np.ones(2), cost, within)
    assert table(plan, 2).tolist() == [[0, 1], [1, 0]]
    assert plan.served.tolist() == [1, 1]


def test_the_nearer_are_served_where_places_are_short():
    plan = assign(
        np.array([5.0, 5.0]), np.array([6.0]), np.array([[20, 10]]), np.ones((1, 2), bool)
    )
    assert plan.served.tolist() == [1, 5]


def test_equally_near_homes_are_served_by_lowest_id():
    near = np.full((1, 3), 10)
    people, places = np.full(3, 4.0), np.array([6.0])
    assert assign(people, places, near, near > 0).served.tolist() == [4, 2, 0]
    order = np.array([2, 0, 1])  # the third row has the lowest id
    assert assign(people, places, near, near > 0, order).served.tolist() == [2, 0, 4]


def test_equally_near_services_are_filled_by_lowest_id():
    near = np.full((3, 1), 10)
    plan = assign(np.array([5.0]), np.array([2.0, 9.0, 9.0]), near, near > 0)
    assert table(plan, 3).tolist() == [[2, 3, 0]]


def test_a_chain_of_equal_detours_is_settled_for_the_first_home():
    # through one junction: d = to the junction + from there, so that every exchange costs nothing
    to_junction, from_there = np.array([1, 2, 3]), np.array([10, 20, 30])
    cost = from_there[:, None] + to_junction[None, :]
    plan = assign(np.full(3, 2.0), np.full(3, 2.0), cost, cost > 0)
    assert table(plan, 3).tolist() == [[2, 0, 0], [0, 2, 0], [0, 0, 2]]


def test_fractions_of_people_are_served_to_a_hundred_thousandth():
    thirds = np.full(3, 41 / 3)
    plan = assign(thirds, np.array([30.0]), np.array([[1, 2, 3]]), np.ones((1, 3), bool))
    assert plan.served == pytest.approx([13.66667, 13.66667, 2.66666], abs=1e-9)


def test_no_services_and_nobody_are_no_plan():
    for n, s in ((0, 0), (0, 2), (3, 0)):
        plan = assign(np.ones(n), np.ones(s), np.ones((s, n), np.int64), np.ones((s, n), bool))
        assert plan.served.tolist() == [0] * n
        assert len(plan.people) == 0


def test_an_answer_that_is_not_the_best_is_not_proven():
    people, places = np.array([1, 1]) * PER_PERSON, np.array([1, 1]) * PER_PERSON
    problem = transport._Problem(
        np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([1, 5, 5, 1]), people, places
    )
    flow, origin_price, service_price = transport._solve(problem, "highs-ds")
    assert transport._is_proven(problem, flow, origin_price, service_price)
    worse = np.array([0, 1, 1, 0]) * PER_PERSON
    assert not transport._is_proven(problem, worse, origin_price, service_price)
    too_many = flow + PER_PERSON
    assert not transport._is_proven(problem, too_many, origin_price, service_price)


@pytest.mark.parametrize("settle", [raise_entries, transport.settle])
def test_the_smallest_part_of_a_person_moves_to_the_lowest_id_too(settle):
    held = np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0]])
    settle(held, np.ones((3, 3), bool))
    assert held.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    barred = np.array([[0, 1], [1, 0]])
    settle(barred, np.array([[True, True], [True, False]]))
    assert barred.tolist() == [[0, 1], [1, 0]]


@given(problems(3, 2, 3))
def test_is_the_best_of_all_plans_there_are(problem):
    people, capacity, cost, within = problem
    best = max(
        every_plan(people, capacity, within),
        key=lambda flow: (flow.sum(), -(flow * cost.T).sum(), flow.ravel().tolist()),
    )
    found = table(assign(people, capacity, cost, within), len(capacity))
    assert found.tolist() == best.tolist()


@given(problems(8, 5, 9, most_cost=1000))
def test_serves_as_many_at_the_cost_that_network_simplex_finds(problem):
    people, capacity, cost, within = problem
    graph, prize = nx.DiGraph(), 10**6
    graph.add_node("in", demand=-int(people.sum()))
    graph.add_node("out", demand=int(people.sum()))
    graph.add_edge("in", "out", weight=prize)
    for i, number in enumerate(people.astype(int).tolist()):
        graph.add_edge("in", ("home", i), capacity=number, weight=0)
    for j, number in enumerate(capacity.astype(int).tolist()):
        graph.add_edge(("service", j), "out", capacity=number, weight=0)
    for j, i in np.argwhere(within).tolist():
        graph.add_edge(("home", i), ("service", j), weight=int(cost[j, i]))
    total, _ = nx.network_simplex(graph)
    plan = assign(people, capacity, cost, within)
    away = people.sum() - plan.served.sum()
    assert away * prize + cost_of(plan, cost) == pytest.approx(total, abs=1e-6)


@given(problems(10, 5, 9))
def test_nobody_goes_beyond_people_places_and_reach(problem):
    people, capacity, cost, within = problem
    plan = assign(people, capacity, cost, within)
    flow = table(plan, len(capacity))
    assert (flow.sum(axis=0) <= capacity).all()
    assert (flow.sum(axis=1) <= people).all()
    assert flow.sum(axis=1).tolist() == plan.served.tolist()
    assert not flow[~within.T].any()


@given(problems(10, 5, 9), st.integers(0, 4))
def test_more_places_never_serve_fewer(problem, which):
    people, capacity, cost, within = problem
    before = assign(people, capacity, cost, within).served.sum()
    capacity[which % len(capacity)] += 3
    assert assign(people, capacity, cost, within).served.sum() >= before


@given(problems(8, 4, 6), st.integers(0, 99))
def test_the_order_of_rows_changes_nothing_for_the_same_ids(problem, seed):
    people, capacity, cost, within = problem
    plan = table(assign(people, capacity, cost, within), len(capacity))
    mix = np.random.default_rng(seed).permutation(len(people))
    mixed = assign(people[mix], capacity, cost[:, mix], within[:, mix], np.argsort(mix))
    assert table(mixed, len(capacity)).tolist() == plan[mix].tolist()


@given(problems(8, 4, 6))
def test_plain_python_settles_as_the_compiled_does(problem):
    people, capacity, cost, within = problem
    compiled = table(assign(people, capacity, cost, within), len(capacity))
    settle = transport.settle
    try:
        transport.settle = raise_entries
        plain = table(assign(people, capacity, cost, within), len(capacity))
    finally:
        transport.settle = settle
    assert plain.tolist() == compiled.tolist()
