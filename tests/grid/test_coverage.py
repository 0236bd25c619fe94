"""Coverage, communities, groups and the full circle on the grid, worked out by hand."""

from __future__ import annotations

import shapely

from tests.grid.answers import Need, near
from tests.grid.grid import along
from tests.grid.product import ProductAnswers

# The walk of every test here: (30, 10) to (250, 205) is 435 m, 362.5 s = 6.0416667 min.


def far(grid, building=1, **columns):
    """A building whose canteen is 435 m away."""
    grid.building(building, (30, 10), **columns)


def test_limits_are_inclusive(grid, ask):
    far(grid)
    grid.service(1, (250, 205))
    at, short = ask(grid).score(Need(435.0), Need(434.99))
    assert (at.status, at.covered, at.total) == ("assessed", near(10), near(10))
    assert (short.status, short.covered, short.total) == ("assessed", near(0), near(10))


def test_limits_in_minutes_are_inclusive(grid, ask):
    # 435 m - 3 m = 432 m = 360 s = 6 min exactly, with the service at (247, 205).
    far(grid)
    grid.service(1, (247, 205))
    at, short = ask(grid).score(Need(6.0, "min"), Need(5.9999, "min"))
    assert (at.covered, short.covered) == (near(10), near(0))


def test_the_unreached_count_in_the_denominator(grid, ask):
    far(grid)
    grid.building(2, (-150, 50), people={"age_18_59": 30})  # 150 m from the nearest street
    grid.service(1, (250, 205))
    (score,) = ask(grid).score(Need(500.0))
    assert (score.covered, score.total) == (near(10), near(40))


def test_nobody_to_serve_is_no_demand(grid, ask):
    far(grid, people={"age_18_59": 10})
    grid.service(1, (250, 205))
    (score,) = ask(grid).score(Need(500.0, group="older"))
    assert score.status == "no_demand"


def test_a_type_nobody_surveyed_is_not_assessed(grid, ask):
    far(grid)
    grid.service(1, (250, 205))
    (score,) = ask(grid).score(Need(500.0, service_types=("nursery",)))
    assert score.status == "not_assessed"


def test_a_type_surveyed_and_not_found_covers_nobody(grid, ask):
    far(grid)
    grid.surveyed.add("nursery")
    (score,) = ask(grid).score(Need(500.0, service_types=("nursery",)))
    assert (score.status, score.covered, score.total) == ("assessed", near(0), near(10))


def test_a_facility_of_several_types_serves_each(grid, ask):
    far(grid)
    grid.service(1, (250, 205), types="nursery,canteen")
    first, second = ask(grid).score(Need(435.0), Need(435.0, service_types=("nursery",)))
    assert (first.covered, second.covered) == (near(10), near(10))


def test_a_requirement_may_be_met_by_a_higher_tier(grid, ask):
    # A health centre 435 m away stands in for the health station 1 km away, where the standard
    # names both.
    far(grid)
    grid.service(1, (250, 205), types="health_centre")
    grid.service(2, (400, 395), types="health_station")
    alone, both = ask(grid).score(
        Need(435.0, service_types=("health_station",)),
        Need(435.0, service_types=("health_station", "health_centre")),
    )
    assert (alone.covered, both.covered) == (near(0), near(10))


def test_residents_split_evenly_between_stair_units(grid, ask):
    # The south door walks 45 m, the north door 205 m (see test_walks): 90 people, 45 each.
    grid.building(
        1, (30, 10), (30, 90), outline=shapely.box(25, 10, 35, 90), people={"age_18_59": 90}
    )
    grid.service(1, (60, -5))
    (score,) = ask(grid).score(Need(100.0))
    assert (score.covered, score.total) == (near(45), near(90))


def test_residents_split_as_given_between_stair_units(grid, ask):
    # 60 people at the south door, 30 at the north; ages alike: 20 of 30 older people.
    grid.building(
        1, (30, 10), (30, 90), outline=shapely.box(25, 10, 35, 90),
        people={"age_18_59": 60, "age_60_79": 30}, residents=(60, 30),
    )  # fmt: skip
    grid.service(1, (60, -5))
    everyone, older = ask(grid).score(Need(100.0), Need(100.0, group="older"))
    assert (everyone.covered, everyone.total) == (near(60), near(90))
    assert (older.covered, older.total) == (near(20), near(30))


def test_each_group_counts_its_own(grid, ask):
    people = {"age_0_2": 3, "age_3_5": 4, "age_6_11": 5, "age_12_17": 6, "age_18_59": 70,
              "age_60_79": 20, "age_80_up": 8}  # fmt: skip
    far(grid, people=people, disabled=7.0)
    grid.service(1, (250, 205))
    groups = {"all": 116, "infants": 3, "preschool": 4, "children": 5, "teens": 6, "adults": 70,
              "older": 28, "very_old": 8, "disabled": 7}  # fmt: skip
    scores = ask(grid).score(*(Need(435.0, group=group) for group in groups))
    assert [score.total for score in scores] == [near(n) for n in groups.values()]
    assert [score.covered for score in scores] == [near(n) for n in groups.values()]


def test_each_requirement_walks_with_its_own_walker(grid, ask):
    # 435 m take the adult 6.04 min, the older adult 8.06 min.
    far(grid, people={"age_60_79": 10})
    grid.service(1, (250, 205))
    adult, older = ask(grid).score(
        Need(7.0, "min", group="older"), Need(7.0, "min", group="older", walker="older")
    )
    assert (adult.covered, older.covered) == (near(10), near(0))


def test_people_outside_the_boundary_do_not_count(grid, ask):
    # The boundary is the west half; its services and streets go on to the east.
    grid.add("boundary", shapely.box(-50, -50, 200, 450))
    far(grid)
    grid.building(2, (250, 190), people={"age_18_59": 50})
    grid.service(1, (250, 205))
    (score,) = ask(grid).score(Need(435.0))
    assert (score.covered, score.total) == (near(10), near(10))


def test_communities_add_up_to_the_district(grid, ask):
    # South: 10 near (within 100 m) and 20 far; north: 40 near; in no community: 5 near.
    grid.add("communities", shapely.box(-50, -50, 450, 100), name="south")
    grid.add("communities", shapely.box(-50, 100, 450, 300), name="north")
    grid.service(1, (30, -5))
    grid.service(2, (30, 205))
    grid.service(3, (30, 405))
    grid.building(1, (30, 10))
    grid.building(2, (350, 10), people={"age_18_59": 20})
    grid.building(3, (30, 190), people={"age_18_59": 40})
    grid.building(4, (30, 390), people={"age_18_59": 5})
    (score,) = ask(grid).score(Need(100.0))
    assert score.cells == ((near(10), near(30)), (near(40), near(40)), (near(5), near(5)))
    assert (score.covered, score.total) == (near(55), near(75))


def test_full_circle_is_all_that_binds_ones_own_group(grid, ask):
    # Canteen (older people, 300 m): the building at (30, 10) has one at 20 m, the other at
    # (30, 390) none within 300 m. Nursery (infants): nowhere within 300 m. Food market (everyone):
    # both within 300 m.
    people = {"age_0_2": 1, "age_18_59": 20, "age_60_79": 5}
    grid.building(1, (30, 10), people=people)
    grid.building(2, (30, 390), people=people)
    grid.service(1, (40, -5))
    grid.service(2, (400, 5), types="nursery")
    grid.service(3, (50, -5), types="food_market")
    grid.service(4, (50, 405), types="food_market")
    circle = ask(grid).full_circle(
        Need(300.0, group="older"),
        Need(300.0, service_types=("nursery",), group="infants"),
        Need(300.0, service_types=("food_market",)),
    )
    # Adults: bound by the market alone: 40 of 40. Older: 5 of 10. Infants: 0 of 2.
    assert circle["adults"] == (near(40), near(40))
    assert circle["older"] == (near(5), near(10))
    assert circle["infants"] == (near(0), near(2))
    assert circle["all"] == (near(45), near(52))


def test_as_needed_and_not_assessed_do_not_break_the_circle(grid, ask):
    grid.building(1, (30, 10))
    grid.service(1, (40, -5))
    grid.service(2, (400, 5), types="nursery")
    needs = (
        Need(300.0),
        Need(300.0, service_types=("nursery",), level="as_needed"),
        Need(300.0, service_types=("pharmacy",)),
    )
    assert ask(grid).full_circle(*needs)["all"] == (near(10), near(10))


def test_there_is_no_circle_where_nothing_is_assessed(grid, ask):
    grid.building(1, (30, 10))
    assert ask(grid).full_circle(Need(300.0)) == {}


def test_a_gate_that_opens_covers_those_behind_it(grid, ask):
    # Column 0 hangs on the rest by the five gates of row edges along(0, 0..4), all closed.
    for j in range(5):
        grid.change(along(0, j), kind="gate", status="closed")
    grid.building(1, (-10, 250))
    grid.service(1, (105, 250))
    (closed,) = ask(grid).score(Need(400.0))
    # Opened at row 2: 10 + 50 + 100 + 50 + 5 = 215.
    grid.change(along(0, 2), status="residents")
    (opened,) = ask(grid).score(Need(215.0))
    assert (closed.covered, opened.covered) == (near(0), near(10))


def test_missing_age_bands_follow_the_community(grid, ask):
    # 50 residents of unknown age; the community is 40 adults to 10 aged 60..79: 40 and 10.
    unknown = dict.fromkeys(
        ("age_0_2", "age_3_5", "age_6_11", "age_12_17", "age_18_59", "age_60_79", "age_80_up"),
        float("nan"),
    )
    shares = dict.fromkeys(unknown, 0.0) | {"age_18_59": 40.0, "age_60_79": 10.0}
    grid.add("communities", shapely.box(-50, -50, 450, 450), residents=50.0, **shares)
    far(grid, people=unknown)
    grid.rows["buildings"][0]["residents"] = 50.0
    grid.service(1, (250, 205))
    everyone, older = ask(grid).score(Need(435.0), Need(435.0, group="older"))
    assert (everyone.total, older.total) == (near(50), near(10))


def test_where_the_map_ends_sooner_than_a_walk_coverage_is_a_lower_bound(grid):
    # Streets end at x, y = 0 and 400. From (50, 10) the edge of the map is 10 m away, from
    # (200, 190) 190 m: with a limit of 150 m the first may have a service off the map.
    grid.building(1, (50, 10))
    grid.building(2, (200, 190), people={"age_18_59": 40})
    grid.service(1, (200, 205))
    assessment = ProductAnswers(grid).assessment(Need(150.0))
    notes = {note.key: note for note in assessment.notes}
    assert notes["map_edge"].ids == (1,)
    # The first walks 355 m, so it is left out; the second is covered with 35 m.
    (result,) = assessment.results
    assert (result.bound_by, result.at_least) == (("map_edge",), True)
    covered = ProductAnswers(grid).assessment(Need(400.0)).results[0]
    assert (covered.share, covered.at_least) == (1.0, False)
    assert notes["map_edge"].facts["people"] == 10
    # With 200 m both may.
    notes = {note.key: note for note in ProductAnswers(grid).assessment(Need(200.0)).notes}
    assert notes["map_edge"].ids == (1, 2)


def test_a_service_out_of_reach_of_any_street_is_a_problem(grid):
    grid.building(1, (50, 10))
    grid.service(1, (50, -5))
    grid.service(2, (50, -150))
    notes = {note.key: note for note in ProductAnswers(grid).assessment(Need(150.0)).notes}
    assert notes["services_unattached"].ids == (2,)


def test_an_island_is_a_problem_that_names_its_streets(grid):
    grid.street(41, (500, 50), (800, 50), kind="footway")
    grid.building(1, (50, 10))
    notes = {note.key: note for note in ProductAnswers(grid).assessment(Need(150.0)).notes}
    assert notes["islands"].ids == (41,)


def test_people_behind_a_leg_too_long_are_a_problem(grid):
    grid.building(1, (50, 10))
    grid.building(2, (-150, 50), people={"age_18_59": 30})
    grid.service(1, (50, -5))
    assessment = ProductAnswers(grid).assessment(Need(150.0))
    notes = {note.key: note for note in assessment.notes}
    assert notes["home_no_edge_within_cap"].ids == (2,)
    assert notes["home_no_edge_within_cap"].facts["people"] == 30
    assert assessment.results[0].unreached == 30
