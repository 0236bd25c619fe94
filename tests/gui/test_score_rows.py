"""The rows of the score panel where there is nothing to score."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from gui import app
from gui.panels import figures
from gui.panels.explanation import why_not
from gui.panels.score_rows import _by_community, share_bar
from tests.grid.product import district_of
from tests.report.conftest import STANDARD, place
from twin.assessment.assess import assess
from twin.language import add_catalogue, set_language


@pytest.fixture(autouse=True)
def english():
    add_catalogue(Path(app.__file__).parent / "texts")
    set_language("en")


def test_what_was_not_assessed_is_no_share_and_what_was_not_known_before_no_gain():
    assert share_bar("West", math.nan, 104.0, 50.0, "score.count").figure == "not assessed"
    assert math.isnan(share_bar("West", math.nan, 104.0, 50.0, "score.count").share)
    known = share_bar("West", 26.0, 104.0, math.nan, "score.count")
    assert (known.figure, known.change) == ("25.0%", "")
    assert math.isnan(known.base_share)


@pytest.mark.parametrize("opened", ["", "A"])
def test_without_streets_nobody_in_a_community_counts_as_covered(opened):
    """Three homes and a canteen, no street: nobody knows who could walk there."""
    grid = place()
    grid.rows["streets"].clear()
    streetless = assess(district_of(grid), STANDARD)
    (covered, total), _ = _by_community(streetless, opened)
    assert np.isnan(covered).all()
    assert total.sum() > 0
    assert why_not(streetless.result("A"), False) == "there are no streets to walk on"
    assert why_not(streetless.result("C"), False) == "nobody surveyed this service"
    assert not np.isnan(_by_community(assess(district_of(place()), STANDARD), opened)[0][0]).any()


def test_a_gain_of_half_a_person_is_rounded_the_same_however_it_was_summed():
    halves = (3944.5, 3944.5 - 1e-9, 3944.5 + 1e-9, sum([0.1] * 39_445))
    assert {figures.difference(count)[-6:] for count in halves} == {"+3,944"}
    assert figures.people(3944.5) == "3,944"  # as the sentences and tables round it
    assert figures.difference(0.4) == figures.difference(-0.4) == ""
