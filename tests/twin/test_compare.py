"""Two states of a small town side by side, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from tests.grid.grid import Grid, along, up
from tests.twin.districts import district, requirement, standard
from twin.assessment.assess import assess
from twin.assessment.by_building import change, covered_share, requirements_met
from twin.assessment.compare import compare
from twin.figures import points
from twin.language import set_language
from twin.model.differences import differences, listed
from twin.model.edits import (
    EDITS,
    AddEntrance,
    AddPath,
    ChangeBuilding,
    ChangeCommunity,
    ChangeEntrance,
    ChangeService,
    ChangeStreet,
    DrawBoundary,
    DrawCommunity,
    MoveEntrance,
    MoveService,
    PlaceService,
    RemoveCommunity,
    RemoveEntrance,
    RemoveService,
    ReshapeBuilding,
    SetStreetStatus,
    apply_edit,
    apply_edits,
)
from twin.model.tables import Table
from twin.telling.compare_words import comparison_values, sentence

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
    assert [part.tolist() for part in found.people_by_community] == [[0, 25, 0], [0, 0, 0]]
    # the east's adults are asked for a canteen alone, its older people for a park too
    assert found.full_circle["all"] == (12, 32)
    assert found.full_circle_by_community[1].tolist() == [12, 20, 0]


def test_a_sentence_says_what_was_done_and_who_gains():
    assert sentence(both(NEW)) == (
        "One new community canteen: 25 more residents within 100\u00a0m of: test; nobody loses."
    )
    set_language("zh_CN")
    assert sentence(both(NEW)) == "新增1处社区食堂：100\u00a0米内可达测试的居民增加25人；无人受损。"


def test_who_loses_is_said_too_for_each_type_that_was_taken_away():
    words = sentence(both(RemoveService(1), RemoveService(2)))
    assert "nobody gains" in words
    assert "12 fewer residents within 100\u00a0m of: test, 2 fewer older people" in words
    assert "more requirement" not in words


def test_how_many_requirements_lose_besides_is_said():
    # The street south of the first home is closed: nobody there reaches canteen or park.
    words = sentence(both(SetStreetStatus(along(0, 0), "closed")))
    assert "12 fewer residents" in words
    assert "1 more requirement loses" in words


def test_a_facility_of_several_types_is_named_with_them_and_the_gain_of_each_is_told():
    words = sentence(both(PlaceService(9, ("canteen", "park"), 350.0, 10.0)))
    assert words == (
        "One new facility with community canteen and park: 25 more residents within 100\u00a0m of:"
        " test, 5 more older people (60+) within 100\u00a0m of: test; nobody loses."
    )
    set_language("zh_CN")
    words = sentence(both(PlaceService(9, ("canteen", "park"), 350.0, 10.0)))
    assert words.startswith("新增1处综合设施（社区食堂、")


DONE = {
    "planned": PlaceService(9, ("canteen",), 350.0, 10.0, status="planned"),
    "moved": MoveService(1, 350.0, 10.0),
    "service_hours": ChangeService(1, {"hours": "08:00-20:00"}),
    "closed": ChangeService(1, {"status": "closed"}),
    "resized": ChangeService(1, {"name": "The Oak"}),
    "removed": RemoveService(1),
    "gate_opened": SetStreetStatus(100, "open"),
    "gate_opened_to_residents": SetStreetStatus(100, "residents"),
    "gate_opened_to_all": SetStreetStatus(101, "open"),
    "gate_closed_to_others": SetStreetStatus(102, "residents"),
    "gate_closed": SetStreetStatus(102, "closed"),
    "gate_hours": ChangeStreet(102, {"hours": "06:00-22:00"}),
    "street_closed": SetStreetStatus(up(0, 0), "closed"),
    "street_hours": ChangeStreet(up(0, 0), {"hours": "06:00-22:00"}),
    "street_changed": ChangeStreet(up(0, 0), {"name": "Elm Street"}),
    "ramp": ChangeStreet(up(0, 0), {"ramp": True}),
    "kerb_lowered": ChangeStreet(103, {"kerb": "lowered"}),
    "kerb_raised": ChangeStreet(102, {"kerb": "raised"}),
    "signal": ChangeStreet(up(0, 0), {"signalled": True}),
    "signal_removed": ChangeStreet(103, {"signalled": False}),
    "signal_timed": ChangeStreet(103, {"cycle_s": 60.0, "green_s": 40.0}),
    "path": AddPath(200, ((0.0, 0.0), (50.0, 50.0))),
    "crossing": AddPath(200, ((0.0, 0.0), (50.0, 50.0)), kind="crossing"),
    "entrance": AddEntrance(9, 35.0, 10.0, building_id=1),
    "entrance_moved": MoveEntrance(1, 36.0, 10.0),
    "entrance_changed": ChangeEntrance(1, {"residential": False}),
    "entrance_removed": RemoveEntrance(1),
    "lift": ChangeBuilding(1, {"has_lift": True}),
    "lift_removed": ChangeBuilding(2, {"has_lift": False}),
    "building_changed": ChangeBuilding(1, {"storeys": 7.0}),
    "building_reshaped": ReshapeBuilding(1, ((20.0, 10.0), (40.0, 10.0), (40.0, 40.0))),
    "boundary_drawn": DrawBoundary(1, ((-60.0, -60.0), (500.0, -60.0), (200.0, 500.0))),
    "community_drawn": DrawCommunity(9, ((460.0, 0.0), (480.0, 0.0), (480.0, 20.0))),
    "community_changed": ChangeCommunity(1, {"name": "Far West"}),
    "community_removed": RemoveCommunity(1),
}


@pytest.mark.parametrize("kind", DONE)
def test_every_edit_is_told_as_what_it_is_in_both_languages(kind):
    grid_town = town()
    ways = [shapely.LineString([(x, 0), (x, -50)]) for x in (0, 100, 200)]
    streets = Table(
        "streets",
        [101, 102, 103],
        ways,
        {
            "kind": ["gate", "gate", "crossing"],
            "status": ["residents", "open", "open"],
            "signalled": [False, False, True],
            "kerb": ["", "", "raised"],
        },
    )
    doors = Table(
        "entrances",
        [1, 2],
        shapely.points([[30, 10], [10, 10]]),
        {"building_id": [1, -1], "service_id": [-1, 1], "residential": [True, False]},
    )
    before = grid_town.with_table(grid_town.streets.with_rows(streets)).with_table(doors)
    before = apply_edit(before, ChangeBuilding(2, {"has_lift": True}))
    after = apply_edit(before, DONE[kind])
    [found] = differences(before, after)
    assert (found.kind, found.count) == (kind, 1)
    assert found.words("en")
    assert found.words("zh_CN")


def test_no_kind_of_edit_is_left_out_of_what_is_told():
    assert {type(edit) for edit in DONE.values()} | {PlaceService} == set(EDITS)


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


def test_who_comes_into_full_circle_does_not_make_up_for_who_leaves_it():
    """Of those of whom older people are asked for a park too, who have one in the west alone."""
    found = both(MoveService(1, 350.0, 10.0))  # 10 adults and 2 older lose, 20 adults gain
    assert found.full_circle["all"] == (12, 20)
    assert found.circle_moved["all"] == (20, 12)
    assert found.circle_moved["older"] == (0, 2)
    values = comparison_values(found, ("base", "plan"))["full_circle"]["all"]
    assert (values["gained"], values["lost"]) == (20, 12)
    nothing = both()
    assert nothing.circle_moved["all"] == (0, 0)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (0.0, "0"),
        (1e-16, "0"),
        (4.5e-4, "+<0.1"),
        (-4e-5, "−<0.1"),
        (6e-4, "+0.1"),
        (-0.1, "−10.0"),
    ],
)
def test_a_change_never_rounds_down_to_none(change, told):
    assert points(change) == told


def test_one_person_who_gains_two_requirements_is_one_person_who_gains():
    found = both(PlaceService(9, ("canteen", "park"), 350.0, 10.0))
    # The east's 25 gain a canteen; five of them, the older, gain the park besides.
    assert found.gained == 30
    assert [part.tolist() for part in found.people_by_community] == [[0, 25, 0], [0, 0, 0]]


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
