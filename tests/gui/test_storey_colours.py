"""Which storeys lie within a limit once stairs count, worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from gui import colouring
from gui.view_state import ColourBy
from tests.gui.conftest import wait_for_figures
from twin.language import text
from twin.model.catalogues import walkers
from twin.streets.paces import PER_SECOND
from twin.walking.storeys import HomeStoreys

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
        patched.setattr("twin.walking.walks.nearest", lambda *_: found)
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


def test_in_the_window_a_storey_s_colour_is_the_walk_from_its_homes(qtbot, window):
    window.document.count_stairs(True)
    wait_for_figures(qtbot, window)
    shown = window.document.assessment
    window.state.set(colour_by=ColourBy("walk", "canteen", "min", "adult", 5.0, "min"))
    stairs = window.stage._colours_now().stairs
    assert stairs is not None
    words = window.stage.legend._stairs
    assert words.isVisible()
    assert np.isfinite(window.stage._colours_now().storeys_within).any()
    for said in ("stairs", "stairs_beyond", "stairs_shops"):
        assert text(f"legend.{said}") in words.text()
    assert text("legend.stairs_barred") not in words.text()  # an adult climbs
    from twin.streets.costs import PER_UNIT
    from twin.walking.walks import nearest

    measure = ("adult", "min")
    door = nearest(shown.district, "canteen", measure).public
    origin, cost, _part = shown.homes.above(measure)
    row = shown.origins.building_row[origin]
    flights = np.where(
        stairs.step[row] > 0, cost / PER_UNIT["min"] / np.maximum(stairs.step[row], 1e-9), 0
    )
    assert np.allclose(flights, np.round(flights))
    assert (stairs.step[shown.district.buildings["has_lift"]] == 0).all()
    worst = np.full(len(shown.district.buildings), -np.inf)
    np.maximum.at(worst, shown.origins.building_row, door)
    lived = ~np.isneginf(worst)
    assert np.array_equal(stairs.door[lived], worst[lived])
    shops = np.zeros(len(worst), int)
    shops[shown.origins.building_row] = shown.homes.below
    assert stairs.below is not None
    assert (stairs.below <= shops).all()
    assert (stairs.below[~lived] == 0).all()
    # The highest storey's walk is what the roof is coloured by.
    top = shown.homes.below + shown.homes.count - 1
    highest = np.full(len(worst), -np.inf)
    each = door + top * stairs.step[shown.origins.building_row]
    np.maximum.at(highest, shown.origins.building_row, each)
    roof = shown.building_cost("canteen", measure)
    assert highest[lived] == pytest.approx(roof[lived])
    window.document.count_stairs(False)
    wait_for_figures(qtbot, window)
    assert window.stage._colours_now().stairs is None


def test_the_legend_claims_no_more_of_storeys_than_is_drawn(qtbot, window):
    words = window.stage.legend._stairs
    assert words.isHidden()
    window.document.count_stairs(True)
    wait_for_figures(qtbot, window)
    assert words.text() == text("legend.stairs_in_minutes")  # the button has done something
    window.state.set(colour_by=ColourBy("walk", "canteen", "m", "adult", 300.0, "m"))
    drawn = window.stage._colours_now()
    assert not np.isfinite(drawn.storeys_within).any()  # nothing is hatched, and all are alike
    assert not drawn.stairs.step.any()
    assert words.text().startswith(text("legend.stairs_metres"))
    assert text("legend.stairs_beyond") not in words.text()
    window.state.set(colour_by=ColourBy("walk", "canteen", "min", "adult", 300.0, "m"))
    assert words.text().startswith(text("legend.stairs"))
    assert text("legend.stairs_beyond") not in words.text()  # the limit is in metres
    barred = next(id_ for id_, one in walkers().items() if not np.isfinite(one.stairs_down_s))
    window.state.set(colour_by=ColourBy("walk", "canteen", "min", barred))
    assert text("legend.stairs_barred") in words.text()
    window.state.set(colour_by=ColourBy("none"))
    assert words.isHidden()
