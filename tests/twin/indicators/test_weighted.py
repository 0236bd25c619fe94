"""Statistics of people, against numbers worked by hand and formulas written another way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from twin.indicators.weighted import (
    gini,
    mean,
    quantiles,
    ranked_ratio,
    shares_within,
    shortfall,
    theil,
    theil_parts,
)

VALUES = np.array([0.0, 1.0, 2.0, 5.0])
PEOPLE = np.array([1.0, 2.0, 1.0, 1.0])  # the five people 0 1 1 2 5


def one_by_one(values, people):
    """Return every person's value, for whole numbers of people."""
    return np.repeat(values, people.astype(int))


def crowds(least=0):
    """Draw values from 0 to 1000 in eighths, and whole numbers of people."""
    size = st.shared(st.integers(1, 12), key="size")
    values = size.flatmap(lambda n: arrays(np.int64, n, elements=st.integers(least, 8000)))
    people = size.flatmap(lambda n: arrays(np.int64, n, elements=st.integers(0, 9)))
    return st.tuples(values, people).map(lambda both: (both[0] / 8.0, both[1].astype(float)))


def test_the_median_is_a_value_that_somebody_has():
    # 0 1 1 2 5: a fifth have at most 0, three fifths at most 1, four fifths at most 2
    found = quantiles(VALUES, PEOPLE, [0.2, 0.21, 0.6, 0.61, 0.8, 1.0])
    assert found.tolist() == [0, 1, 1, 2, 2, 5]


def test_a_quantile_is_infinite_where_too_few_have_it():
    assert quantiles(np.array([3.0, np.inf]), np.array([6.0, 4.0]), [0.6, 0.7]).tolist() == [
        3,
        np.inf,
    ]


def test_people_at_the_limit_are_within_it():
    assert shares_within(VALUES, PEOPLE, [0.5, 1, 4, 5]) == pytest.approx([0.2, 0.6, 0.8, 1.0])


def test_nobody_at_all_gives_no_number():
    nobody = np.zeros(4)
    assert np.isnan(mean(VALUES, nobody))
    assert np.isnan(gini(VALUES, nobody))
    assert np.isnan(theil(VALUES, nobody))
    assert np.isnan(quantiles(VALUES, nobody, [0.5])).all()
    assert np.isnan(shares_within(VALUES, nobody, [1])).all()
    assert np.isnan(shortfall(VALUES, nobody, 1, 0))
    assert np.isnan(ranked_ratio(VALUES, nobody, 0.2))


def test_nothing_to_share_has_no_inequality():
    assert np.isnan(gini(np.zeros(3), np.ones(3)))
    assert np.isnan(theil_parts(np.zeros(3), np.ones(3), np.array([0, 0, 1]))).all()


def test_gini_by_hand():
    # 0 1 1 2 5, sum 9: sum of (2 k - 6) x_k = -4*0 - 2*1 + 0*1 + 2*2 + 4*5 = 22; 22 / (5 * 9)
    assert gini(VALUES, PEOPLE) == pytest.approx(22 / 45)


def test_theil_by_hand():
    # one of two people has everything: (1/2) 2 ln 2
    assert theil(np.array([0.0, 7.0]), np.ones(2)) == pytest.approx(np.log(2))


def test_theil_between_and_within_by_hand():
    # communities {1, 3} and {4}: means 2 and 4, all 8/3; they hold 4 and 4 of 8
    between, within = theil_parts(np.array([1.0, 3, 4]), np.ones(3), np.array([0, 0, 1]))
    assert between == pytest.approx(0.5 * np.log(0.75) + 0.5 * np.log(1.5))
    assert within == pytest.approx(0.5 * (0.25 * np.log(0.5) + 0.75 * np.log(1.5)))


def test_ranked_ratio_by_hand():
    # ten people 1 to 10: the best fifth has 19, the worst fifth 3; the best tenth 10, the worst 1
    ten = np.arange(1.0, 11)
    assert ranked_ratio(ten, np.ones(10), 0.2) == pytest.approx(19 / 3)
    assert ranked_ratio(ten, np.ones(10), 0.1) == pytest.approx(10)
    assert ranked_ratio(VALUES, PEOPLE, 0.2) == np.inf  # the worst fifth has nothing


def test_people_on_the_border_of_a_part_are_split():
    # 3 people with 1 and 1 with 4: the best half is that one and one more, the worst half two
    assert ranked_ratio(np.array([1.0, 4.0]), np.array([3.0, 1.0]), 0.5) == pytest.approx(5 / 2)


def test_shortfall_by_hand():
    # line 2 over 0 1 1 2 5: gaps 1, 1/2, 1/2 of the line; 2 itself does not fall short
    assert shortfall(VALUES, PEOPLE, 2, 0) == pytest.approx(3 / 5)
    assert shortfall(VALUES, PEOPLE, 2, 1) == pytest.approx(2 / 5)
    assert shortfall(VALUES, PEOPLE, 2, 2) == pytest.approx(1.5 / 5)


@given(crowds())
def test_gini_is_half_the_mean_difference_of_two_people(crowd):
    values, people = crowd
    everyone = one_by_one(values, people)
    if not everyone.sum() > 0:
        return
    apart = np.abs(everyone[:, None] - everyone[None, :]).mean() / (2 * everyone.mean())
    assert gini(values, people) == pytest.approx(apart, abs=1e-9)
    assert 0 <= gini(values, people) <= 1


@given(crowds(), st.integers(0, 2))
def test_theil_splits_into_between_and_within(crowd, seed):
    values, people = crowd
    if not (values * people).sum() > 0:
        return
    part = np.random.default_rng(seed).integers(0, 3, len(values))
    between, within = theil_parts(values, people, part)
    assert between + within == pytest.approx(theil(values, people), abs=1e-9)
    assert min(between, within) > -1e-12
    person = one_by_one(values, people) / mean(values, people)
    alone = np.mean([x * np.log(x) if x > 0 else 0.0 for x in person])
    assert theil(values, people) == pytest.approx(alone, abs=1e-9)


@given(crowds(), st.randoms(use_true_random=False))
def test_the_order_of_homes_changes_nothing(crowd, random):
    values, people = crowd
    order = list(range(len(values)))
    random.shuffle(order)
    for measure in (gini, theil, mean):
        here, there = measure(values, people), measure(values[order], people[order])
        assert here == pytest.approx(there, nan_ok=True)


@given(crowds(), st.sampled_from([0.1, 0.25, 0.5, 0.9]))
def test_quantile_is_the_least_value_that_enough_people_have(crowd, level):
    values, people = crowd
    everyone = np.sort(one_by_one(values, people))
    if not len(everyone):
        return
    place = int(np.ceil(level * len(everyone) - 1e-9)) - 1
    assert quantiles(values, people, [level])[0] == everyone[max(place, 0)]


@given(crowds(least=1), st.sampled_from([0.1, 0.2, 0.5]))
def test_the_best_served_never_have_less_than_the_worst(crowd, part):
    values, people = crowd
    if people.sum() > 0:
        assert ranked_ratio(values, people, part) >= 1 - 1e-9
