"""Floating catchments, against numbers worked by hand and the literature's formulas in loops."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.indicators import settings
from twin.indicators.floating import balanced, decay_weights

STEPS = settings()
GAUSSIAN = replace(STEPS, decay="gaussian")


def plain(people, capacity, weights):
    """Two-step floating catchments as Luo & Qi (2009) write them, one place at a time."""
    services, homes = weights.shape
    ratio = []
    for j in range(services):
        demand = sum(people[i] * weights[j, i] for i in range(homes))
        ratio.append(capacity[j] / demand if demand > 0 else 0.0)
    return [sum(ratio[j] * weights[j, i] for j in range(services)) for i in range(homes)]


def standardised(people, capacity, weights):
    """The same with each home's weights made to sum to 1 in both steps (Paez et al. 2019)."""
    rows = weights.copy()
    for i in range(weights.shape[1]):
        summed = sum(weights[:, i])
        for j in range(weights.shape[0]):
            rows[j, i] = weights[j, i] / summed if summed > 0 else 0.0
    return plain(people, capacity, rows)


def towns():
    def town(seed):
        draw = np.random.default_rng(seed)
        services, homes = draw.integers(1, 6), draw.integers(1, 20)
        walk = draw.uniform(0, 500, (services, homes))
        people = draw.integers(0, 50, homes) / 3
        return people, draw.integers(0, 90, services).astype(float), walk, walk <= 300

    return st.integers(0, 10**6).map(town)


def test_weights_of_the_steps_are_1_068_022_with_far_borders_inside():
    walk = np.array([[0.0, 100, 100.001, 200, 200.001, 300, 301]])
    weights = decay_weights(walk, walk <= 300, 300, STEPS)
    assert weights.tolist() == [[1, 1, 0.68, 0.68, 0.22, 0.22, 0]]


def test_gaussian_weights_run_from_one_to_nothing_at_the_limit():
    walk = np.array([[0.0, 150, 300, 301]])
    weights = decay_weights(walk, walk <= 300, 300, GAUSSIAN)
    half = (np.exp(-0.125) - np.exp(-0.5)) / (1 - np.exp(-0.5))
    assert weights[0] == pytest.approx([1, half, 0, 0])


def test_two_homes_and_two_services_by_hand():
    # home 1 (10 people) has service 1 alone, home 2 (30) both alike: 10 + 15 share service 1 with
    # 50 places, 15 share service 2 with 30: 2 places each in both
    found = balanced(
        np.array([10.0, 30.0]), np.array([50.0, 30.0]), np.array([[1.0, 0.5], [0.0, 0.5]])
    )
    assert found.sharing.tolist() == [25, 15]
    assert found.places_each.tolist() == [2, 2]
    assert found.access.tolist() == [2, 2]


def test_plain_catchments_inflate_the_demand_and_balanced_ones_do_not():
    # home 1 (100 people) is near both services, home 2 (100) near the second only
    people, capacity = np.array([100.0, 100.0]), np.array([20.0, 30.0])
    near = np.array([[1.0, 0.0], [1.0, 1.0]])
    # plain: 100 and 200 people, three hundred of two: 20/100 + 30/200, and 30/200
    assert plain(people, capacity, near) == pytest.approx([0.35, 0.15])
    # balanced: 50 and 150 people: half of 20/50 and half of 30/150, and 30/150
    found = balanced(people, capacity, near)
    assert found.sharing.tolist() == [50, 150]
    assert found.access == pytest.approx([0.3, 0.2])


def test_nobody_near_a_service_wastes_its_places_only():
    found = balanced(np.array([5.0]), np.array([10.0, 99.0]), np.array([[1.0], [0.0]]))
    assert found.places_each.tolist() == [2, 0]
    assert found.access.tolist() == [2]


@given(towns(), st.sampled_from([STEPS, GAUSSIAN]))
def test_equals_the_formulas_written_as_loops(town, chosen):
    people, capacity, walk, within = town
    weights = decay_weights(walk, within, 300, chosen)
    expected = standardised(people, capacity, weights)
    assert balanced(people, capacity, weights).access == pytest.approx(expected)


@given(towns())
def test_people_and_places_each_count_once(town):
    people, capacity, walk, within = town
    found = balanced(people, capacity, decay_weights(walk, within, 300, STEPS))
    assert found.sharing.sum() == pytest.approx(people[within.any(axis=0)].sum())
    shared = (within @ people) > 0
    assert (found.access * people).sum() == pytest.approx(capacity[shared].sum())
    assert (found.access[~within.any(axis=0)] == 0).all()


@given(towns())
def test_a_house_with_two_doors_has_the_access_of_one(town):
    people, capacity, walk, within = town
    weights = decay_weights(walk, within, 300, STEPS)
    whole = balanced(people, capacity, weights).access
    split = balanced(np.tile(people / 2, 2), capacity, np.tile(weights, 2)).access
    assert split == pytest.approx(np.tile(whole, 2))
