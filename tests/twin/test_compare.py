"""Two states of a small town side by side, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from tests.grid.grid import Grid, up
from tests.twin.districts import district, requirement, standard
from twin.assess import assess
from twin.by_building import change, covered_share, requirements_met
from twin.compare import compare
from twin.compare_words import sentence
from twin.differences import differences, listed
from twin.edits import (
    ChangeBuilding,
    ChangeService,
    DrawBoundary,
    DrawCommunity,
    MoveService,
    PlaceService,
    RemoveCommunity,
    RemoveService,
    SetStreetStatus,
    apply_edits,
)
from twin.language import set_language

ASKED = standard(requirement("canteen", 100.0), requirement("park", 100.0, group="older"))


def town():
    """Homes 30 and 330 m east of the corner with a canteen and a park; communities halve the map.

    To canteen and park at (10, 10): 20 + 20 = 40 m from home 1, 340 m from home 2.
    """
    grid = Grid()
    grid.building(1, (30, 10), people={"age_18_59": 10.0, "age_60_79": 2.0})
    grid.building(2, (330, 10), people={"age_18_59": 20.0, "age_60_79": 5.0})
    grid.service(1, (10, 10))
    grid.service(2, (10, 12), types="park")
    grid.add("communities", shapely.box(-50, -50, 200, 450), name="West")
    grid.add("communities", shapely.box(200, -50, 450, 450), name="East")
    grid.street(100, (400, 0), (400, 50), kind="gate", status="closed")
    return district(grid)


def both(*edits):
    before = town()
    after, problems = apply_edits(before, edits)
    assert problems == ()
    return compare(assess(before, ASKED), assess(after, ASKED))


NEW = PlaceService(9, ("canteen",), 350.0, 10.0)


def test_a_new_canteen_gains_the_east_and_loses_nobody():
    found = both(NEW)
    canteen, park = found.changes
    assert (canteen.gained, canteen.lost) == (25, 0)
    assert canteen.gained_by_community.tolist() == [0, 25, 0]
    assert canteen.lost_by_community.tolist() == [0, 0, 0]
    assert canteen.gained_by_group["older"] == 5
    assert (park.gained, park.lost) == (0, 0)
    assert (found.gained, found.lost) == (25, 0)
    # the east's adults are asked for a canteen alone, its older people for a park too
    assert found.full_circle["all"] == (12, 32)
    assert found.full_circle_by_community[1].tolist() == [12, 20, 0]


def test_a_sentence_says_what_was_done_and_who_gains():
    assert sentence(both(NEW)) == (
        "One new community canteen: 25 more residents within 100\u00a0m of: test; nobody loses."
    )
    set_language("zh_CN")
    assert sentence(both(NEW)) == "新增1处社区食堂：100\u00a0米内可达测试的居民增加25人；无人受损。"


def test_who_loses_is_said_too_and_how_many_requirements_besides():
    words = sentence(both(RemoveService(1), RemoveService(2)))
    assert "nobody gains" in words
    assert "12 fewer residents" in words
    assert "1 more requirement loses" in words


def test_nothing_done_changes_nobody():
    found = both()
    assert (found.gained, found.lost) == (0, 0)
    assert sentence(found) == "Nothing was changed: nobody gains; nobody loses."


def test_moving_a_service_gains_some_and_loses_others():
    found = both(MoveService(1, 350.0, 10.0))
    canteen = found.changes[0]
    assert (canteen.gained, canteen.lost) == (25, 12)
    assert canteen.gained_by_community.tolist() == [0, 25, 0]
    assert canteen.lost_by_community.tolist() == [12, 0, 0]


def test_everything_done_is_counted_by_kind():
    before = town()
    after, problems = apply_edits(
        before,
        [
            NEW,
            PlaceService(10, ("canteen",), 360.0, 10.0),
            MoveService(2, 350.0, 12.0),
            ChangeService(1, {"capacity": 40.0}),
            SetStreetStatus(100, "open"),
            SetStreetStatus(up(0, 0), "closed"),
            ChangeBuilding(1, {"has_lift": True}),
            ChangeBuilding(2, {"storeys": 7.0}),
        ],
    )
    assert problems == ()
    found = {(one.kind, one.service_type): one.count for one in differences(before, after)}
    assert found == {
        ("placed", "canteen"): 2,
        ("moved", "park"): 1,
        ("resized", "canteen"): 1,
        ("gate_opened", ""): 1,
        ("street_closed", ""): 1,
        ("lift", ""): 1,
        ("building_changed", ""): 1,
    }
    words = listed(differences(before, after))
    assert words.startswith("two new community canteens, one park moved")
    assert words.endswith("one building with a new lift and one building corrected")
    back = {one.kind: one.count for one in differences(after, before)}
    assert back["removed"] == 2
    assert back["gate_closed"] == 1


def test_colours_of_a_difference_are_those_of_each_building():
    before = town()
    after, _ = apply_edits(before, [NEW])
    was, now = assess(before, ASKED), assess(after, ASKED)
    np.testing.assert_allclose(requirements_met(was), [1.0, 0.0])
    np.testing.assert_allclose(requirements_met(now), [1.0, 0.5])
    np.testing.assert_allclose(change(was, now), [0.0, 0.5])
    np.testing.assert_allclose(change(was, now, "canteen"), [0.0, 1.0])
    np.testing.assert_allclose(covered_share(now, now.result("park")), [1.0, 0.0])


def test_a_building_that_is_new_has_no_change():
    grid = Grid()
    grid.building(1, (30, 10))
    grid.service(1, (10, 10))
    small = assess(district(grid), standard(requirement("canteen", 100.0)))
    grid.building(2, (60, 10))
    large = assess(district(grid), standard(requirement("canteen", 100.0)))
    assert change(small, large)[0] == pytest.approx(0.0)
    assert np.isnan(change(small, large)[1])


def test_both_sides_are_counted_in_the_communities_of_the_later_one():
    # West holds home 1, East home 2. Redrawn as one, it holds both; the second canteen, beside
    # home 2, then wins all 25 people there for the new community.
    before = town()
    redrawn = [
        RemoveCommunity(1),
        RemoveCommunity(2),
        DrawCommunity(9, ((-50.0, -50.0), (450.0, -50.0), (450.0, 450.0), (-50.0, 450.0)), "All"),
        PlaceService(50, ("canteen",), 320.0, 10.0),
    ]
    after, problems = apply_edits(before, redrawn)
    assert not problems
    found = compare(assess(before, ASKED), assess(after, ASKED))
    canteen = found.changes[0]
    assert [values.tolist() for values in canteen.by_community] == [[12.0, 0.0], [37.0, 0.0]]
    assert canteen.gained_by_community.tolist() == [25.0, 0.0]
    assert canteen.lost_by_community.tolist() == [0.0, 0.0]
    assert found.before.full_circle.covered == assess(before, ASKED).full_circle.covered
    told = listed(differences(before, after), "en")
    assert "one community drawn" in told
    assert "two communities removed" in told
    back = compare(assess(after, ASKED), assess(before, ASKED)).changes[0]
    assert back.lost_by_community.tolist() == [0.0, 25.0, 0.0]


def test_a_boundary_that_leaves_a_home_out_no_longer_counts_it():
    before = town()
    outline = ((-50.0, -50.0), (200.0, -50.0), (200.0, 450.0), (-50.0, 450.0))
    after, _ = apply_edits(before, [DrawBoundary(1, outline)])
    assert assess(after, ASKED).results[0].total == 12.0
    assert listed(differences(before, after), "en") == "a new study boundary"
