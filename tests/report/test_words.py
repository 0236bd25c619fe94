"""Figures in words, and which of them a public report keeps to itself."""

from __future__ import annotations

import numpy as np
import pytest

from twin.figures import people, percent, points
from twin.report.privacy import hidden


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0%"),
        (1.0, "100%"),
        (0.99999, ">99.9%"),
        (0.00001, "<0.1%"),
        (0.4444, "44.4%"),
        (float("nan"), "–"),
    ],
)
def test_no_share_is_rounded_up_to_all_or_down_to_none(share: float, words: str) -> None:
    assert percent(share) == words


def test_counts_and_points() -> None:
    assert people(12345.4) == "12,345"
    assert people(float("nan")) == "–"
    assert points(-0.123) == "−12.3"
    assert points(0.05) == "+5.0"


def test_nothing_is_hidden_from_the_office() -> None:
    assert not hidden(np.array([1.0, 5.0]), np.array([2.0, 9.0]), public=False).any()


def test_few_covered_or_few_left_out_are_hidden_as_well_as_few_in_all() -> None:
    covered = np.array([50.0, 4.0, 95.0, 5.0, 0.0])
    total = np.array([100.0, 100.0, 100.0, 5.0, 0.0])
    assert hidden(covered, total, public=True).tolist() == [False, True, True, True, False]


def test_a_single_hidden_cell_takes_the_next_smallest_with_it() -> None:
    covered, total = np.array([60.0, 4.0, 30.0]), np.array([100.0, 80.0, 60.0])
    assert hidden(covered, total, public=True).tolist() == [False, True, True]
