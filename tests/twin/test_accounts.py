"""Accounts of figures on districts that anyone can count through."""

from __future__ import annotations

import pytest

from tests.grid.grid import Grid
from tests.twin.districts import NAMES, district, requirement, standard
from twin.accounts import Subject, account
from twin.accounts.left_out import left_out, missing_from_circle
from twin.assessment.assess import assess
from twin.assessment.shared_places import shared_places_words, shares_places
from twin.assessment.worst import worst_served
from twin.indicators import INDICATORS
from twin.language import set_language
from twin.model.edits import SetStreetStatus, apply_edit
from twin.model.growth import Growth
from twin.model.horizon import Horizon
from twin.model.hours import When


def town():
    """Three homes along the southern street, a canteen and a pharmacy.

    Canteen at (10, 10), pharmacy at (390, 10); homes at x = 40 (10 people), 200 (20) and 290 (30).
    To the canteen 10 + 30 + 10 = 50, 210 and 300 m; to the pharmacy 370, 210 and 120 m.
    """
    grid = Grid()
    grid.building(1, (40, 10), people={"age_18_59": 10.0})
    grid.building(2, (200, 10), people={"age_18_59": 20.0})
    grid.building(3, (290, 10), people={"age_18_59": 30.0})
    grid.service(1, (10, 10), name="West canteen", capacity=8.0)
    grid.service(2, (390, 10), types="pharmacy")
    return grid


def scored(grid, **values):
    asked = requirement("canteen", 200.0), requirement("pharmacy", 250.0)
    return assess(district(grid), standard(*asked), **values)


def words(made) -> str:
    return "\n".join(made.lines)


def test_who_is_left_out_is_told_by_how_much_too_far_and_where():
    assessment = scored(town())
    out = left_out(assessment, assessment.result("canteen"))
    assert (out.people, out.covered) == (60, 10)
    assert dict(out.too_far) == {1.25: 20, 1.5: 30}  # 210 m is 1.05, 300 m exactly 1.5 limits
    assert out.unreached == {}
    assert out.buildings == ((3, 30.0), (2, 20.0))


def test_those_without_a_way_are_told_by_reason():
    grid = town()
    grid.building(4, (50, -250), people={"age_18_59": 5.0})
    assessment = scored(grid)
    out = left_out(assessment, assessment.result("canteen"))
    assert out.unreached == {"no_edge_within_cap": 5.0}
    assert sum(out.too_far.values()) == 50


def test_full_circle_says_what_most_lack_and_what_alone_some_lack():
    found = {one.requirement_id: one for one in missing_from_circle(scored(town()))}
    # home 1 lacks the pharmacy only, home 2 and 3 the canteen only
    assert (found["canteen"].lack, found["canteen"].lack_only) == (50, 50)
    assert (found["pharmacy"].lack, found["pharmacy"].lack_only) == (10, 10)


def test_who_lacks_two_things_lacks_neither_alone():
    grid = town()
    grid.building(4, (10, 390), people={"age_18_59": 7.0})  # 390 m and more from both
    found = missing_from_circle(scored(grid))
    assert [(one.lack, one.lack_only) for one in found] == [(57, 50), (17, 10)]


def test_one_requirement_alone_is_all_that_is_lacked():
    assessment = assess(district(town()), standard(requirement("canteen", 200.0)))
    (only,) = missing_from_circle(assessment)
    assert (only.lack, only.lack_only) == (50, 50)


def test_a_home_tells_its_way_its_clause_its_data_and_what_would_help():
    made = account(scored(town()), Subject("home", "canteen", 3))
    assert made.figure == "300\u00a0m"
    assert "Too far by 100 m" in made.verdict
    assert made.route is not None
    assert made.route.metres == pytest.approx(300)
    said = words(made)
    for fact in ("West canteen", "Clause: 1", "30 people", " anywhere within 200\u00a0m"):
        assert fact in said, fact


def test_a_home_behind_a_closed_gate_is_told_so():
    grid = Grid()
    grid.street(98, (0, -300), (600, -300))
    grid.street(100, (0, -300), (0, 0), kind="gate", name="South gate")
    grid.building(1, (30, -310))
    grid.service(1, (30, 10))
    open_ = district(grid)
    shut = apply_edit(open_, SetStreetStatus(100, "closed"))
    asked = standard(requirement("canteen", 400.0))
    assert (
        "Within the limit" in account(assess(open_, asked), Subject("home", "canteen", 1)).verdict
    )
    made = account(assess(shut, asked), Subject("home", "canteen", 1))
    assert "gate or street that is closed" in made.verdict
    assert "Open South gate: the walk would be 380\u00a0m" in words(made)
    gate = next(line for part in made.parts for line in part.lines if "South gate" in line.words)
    assert gate.place == ("streets", 100)


def test_a_service_tells_whom_it_serves_and_how_full_it_is():
    made = account(scored(town()), Subject("service", id=1))
    said = words(made)
    assert "nearest within the limit for 10" in said
    assert "10 have no other within the limit" in said
    assert "10 would come if all went to the nearest, for 8 places: 1.2 per place" in said
    assert "People a day in the data: 8" in said


def test_a_requirement_of_a_community_counts_that_community():
    import shapely

    grid = town()
    grid.add("communities", shapely.box(-50, -50, 100, 500), name="West")
    made = account(scored(grid), Subject("requirement", "canteen", community=0))
    assert made.title.startswith("West · ")
    assert made.figure == "100%"
    rest = account(scored(grid), Subject("requirement", "canteen", community=1))
    assert rest.figure == "≥\u20090%"  # the streets end within 400 m of every home
    # Home 2 is 190 m from the canteen as the crow flies: 20 of the 50 outside, 30 of all 60.
    assert "As the crow flies it would read 40.0%" in words(rest)
    whole = account(scored(grid), Subject("requirement", "canteen"))
    assert "As the crow flies it would read 50.0%" in words(whole)
    assert "A lower bound" not in made.verdict
    assert "A lower bound" in rest.verdict
    circle = account(scored(grid), Subject("full_circle", community=0))
    assert circle.figure == "≥\u20090%"
    assert "≥ a lower bound: 10 residents outside it may be inside" in words(circle)


def test_a_building_whose_people_may_be_inside_for_all_that_is_known_bears_the_sign():
    home = account(scored(town()), Subject("building", id=3))
    assert home.figure == "≥\u20090%"
    assert "≥ a lower bound: 30 residents outside it may be inside" in home.verdict


def test_a_service_that_is_shut_says_so_and_when_it_is_open():
    grid = town()
    grid.service(3, (200, 10), hours="Mo-Fr 10:00-14:00")
    saturday, monday = (Horizon(when=When.parse(f"{day} 11:00")) for day in ("Sa", "Mo"))
    shut = account(scored(grid, horizon=saturday), Subject("service", id=3))
    assert "It is closed at this hour; it is open Mo-Fr 10:00-14:00." in words(shut)
    assert "For nobody" not in words(shut)
    there = account(scored(grid, horizon=monday), Subject("service", id=3))
    assert "It is closed" not in words(there)


def test_the_people_of_another_year_are_not_said_to_be_counted_with_their_age():
    growth = Growth(2035, {"age_18_59": 2.0}, {"en": "Made up", "zh": "虚构"})
    made = account(
        scored(town(), horizon=Horizon(growth=growth)), Subject("requirement", "canteen")
    )
    assert "All 120 people are counted in the data." in words(made)
    assert "today's people as the growth factors lead to 2035" in words(made)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("indicator", [one.id for one in INDICATORS])
def test_every_indicator_explains_itself_in_both_languages(indicator, language):
    set_language(language)
    assessment = scored(town())
    made = account(assessment, Subject("indicator", "canteen", indicator=indicator))
    assert made.verdict
    assert len(made.parts[0].lines[0].words) > 10  # the formula


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(
    "subject",
    [
        Subject("full_circle"),
        Subject("full_circle", group="older"),
        Subject("requirement", "canteen"),
        Subject("building", id=1),
        Subject("home", "pharmacy", 1),
        Subject("service", id=2),
    ],
    ids=lambda one: f"{one.kind}-{one.group}",
)
def test_every_kind_of_account_is_told_in_both_languages(subject, language):
    set_language(language)
    for door_to_door in (False, True):
        made = account(scored(town(), door_to_door=door_to_door), subject)
        assert made.title
        assert all(part.lines for part in made.parts)


def test_what_nobody_surveyed_is_told_as_such():
    assessment = assess(district(town()), standard(requirement("park", 500.0, name=NAMES)))
    made = account(assessment, Subject("requirement", "park"))
    assert made.figure == "–"
    assert "Not assessed" in made.verdict
    assert account(assessment, Subject("full_circle")).figure == "–"


def test_the_worst_served_come_first():
    grid = town()
    grid.building(4, (10, 390), people={"age_18_59": 7.0})
    found = worst_served(scored(grid))
    # building 4 meets neither; 1, 2 and 3 meet one of two, most residents first
    assert [one.building_id for one in found] == [4, 3, 2, 1]
    assert [(one.met, one.asked) for one in found] == [(0, 2), (1, 2), (1, 2), (1, 2)]
    assert [one.building_id for one in worst_served(scored(grid), most=1)] == [4]


def test_places_that_several_types_share_are_said_to_count_for_each():
    # Eight places for meals and medicine alike: both requirements count all eight.
    grid = town()
    grid.rows["services"][0]["types"] = "canteen,pharmacy"
    found = scored(grid)
    services = found.district.services
    lines = words(account(found, Subject("service", id=1)))
    assert "one number of places for all of its types: they count in full for each" in lines
    assert shares_places(services).tolist() == [True, False]
    assert shared_places_words(services, "en").startswith("1 facility serves several types")
    assert shared_places_words(services, "zh_CN").startswith("1 处设施兼有多种类型")
    alone = scored(town())
    assert shared_places_words(alone.district.services) == ""
    assert "places for all of its types" not in words(account(alone, Subject("service", id=1)))
