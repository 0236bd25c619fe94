"""The rows of the score panel where there is nothing to score."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gui import app
from gui.panels import figures
from gui.panels.bars import Bar, BarRow
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


@pytest.mark.parametrize("width", [150, 200, 260])
def test_a_narrow_row_with_a_change_still_warns_of_a_limit_that_nobody_checked(qtbot, width):
    """Where the word has no room the mark has its colour, whatever else is cut."""
    words = "3,189 of 20,919  ≤ 300\u00a0m\u00a0*"
    asked = Bar("Canteen", "15.2%", 0.15, 0.1, words, "unverified", "▲+700", note="* not checked")
    row = BarRow(asked)
    row.resize(width, row.sizeHint().height())
    qtbot.addWidget(row)
    assert has_warning_ink(row)
    assert "unverified" in row.accessibleName()
    assert "* not checked" in row.toolTip()
    row.set_bar(replace(asked, remark=""))
    assert not has_warning_ink(row)


def has_warning_ink(row):
    picture = row.grab().toImage()
    every = itertools.product(range(picture.width()), range(picture.height()))
    colours = [picture.pixelColor(x, y) for x, y in every]
    return any(colour.red() - colour.blue() > 60 for colour in colours)
