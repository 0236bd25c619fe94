"""Which storeys lie within a limit once stairs count, worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from gui import colouring
from gui.view_state import ColourBy
from twin.catalogues import walkers
from twin.costs import PER_SECOND
from twin.storeys import HomeStoreys

MINUTES = 5.0
BY = ColourBy("walk", "canteen", "min", "adult", MINUTES, "min")


def within(slack_storeys: list[float], row: list[int], **homes: object) -> list[float]:
    """Return the storeys within the limit of buildings whose doors leave time for so many."""
    step = walkers()["adult"].stairs_down_s
    spare = [round((MINUTES * 60 - storeys * step) * PER_SECOND) for storeys in slack_storeys]
    count = len(row)
    facts = {"below": np.zeros(count, np.int64), "lift": np.zeros(count, bool)} | homes
    stand = HomeStoreys(**facts, count=np.full(count, 6), known=np.ones(count, bool))  # type: ignore[arg-type]  # by name
    assessment = SimpleNamespace(
        homes=stand,
        district=SimpleNamespace(buildings=range(max(row) + 1)),
        origins=SimpleNamespace(building_row=np.array(row)),
    )
    with pytest.MonkeyPatch.context() as patched:
        found = SimpleNamespace(cost=np.array(spare))
        patched.setattr("twin.walks.nearest", lambda *_: found)
        result = colouring._storeys_within(assessment, BY)  # type: ignore[arg-type]  # what it reads
    assert result is not None
    return result.tolist()


def test_time_for_two_flights_and_a_half_reaches_three_storeys() -> None:
    assert within([2.5], [0]) == [3.0]


def test_buildings_whose_storeys_are_all_alike_are_not_drawn_apart() -> None:
    all_near, none_near = within([9.0, -1.0], [0, 1])
    assert np.isnan(all_near)
    assert np.isnan(none_near)
    assert np.isnan(within([2.5], [0], lift=np.array([True]))).all()


def test_shops_below_count_and_of_several_doors_the_worst() -> None:
    assert within([2.5], [0], below=np.array([2])) == [3.0]  # two of shops and one of homes
    assert within([4.5, 1.5], [0, 0]) == [2.0]


def test_nothing_is_drawn_apart_where_stairs_do_not_count_or_the_limit_is_in_metres() -> None:
    assessment = SimpleNamespace(homes=None)
    assert colouring._storeys_within(assessment, BY) is None  # type: ignore[arg-type]  # what it reads
