"""What an assessment says beside the numbers: who counts, what weakens it, why a home fails."""

import numpy as np
import pytest
import shapely

from tests.grid.grid import Grid, along, centred
from tests.twin.districts import district, requirement, standard
from twin.assessment.assess import assess
from twin.assessment.circle_words import circle_words
from twin.assessment.compare import compare
from twin.assessment.explain import explain, farthest_origin, serves
from twin.language import LANGUAGES, set_language
from twin.model.edits import MoveService, PlaceService, RemoveService, SetStreetStatus, apply_edit
from twin.telling.findings import sentence
from twin.telling.scores import scores

CANTEEN = standard(requirement("canteen"))


def keys(assessment):
    return {note.key for note in assessment.notes}


def town(*homes, **canteen):
    grid = Grid()
    for number, place in enumerate(homes, start=1):
        grid.building(number, place)
    grid.service(1, (30, -10), **canteen)
    return grid


def test_share_is_covered_people_over_all_people_the_unreached_among_them():
    grid = town((60, 10), (360, 390), (50, 1000))
    result = assess(district(grid), CANTEEN).results[0]
    assert (result.covered, result.total) == (10, 30)
    assert result.share == pytest.approx(1 / 3)
    assert result.unreached_by_reason == {"no_edge_within_cap": 10}
    assert result.unreached == 10


def test_communities_add_up_to_the_district_and_the_last_is_outside_them():
    grid = town((60, 10), (360, 390), (160, 10))
    grid.add("communities", shapely.box(-10, -50, 100, 500))
    result = assess(district(grid), CANTEEN).results[0]
    covered, total = result.by_community
    assert (covered.tolist(), total.tolist()) == ([10, 10], [10, 20])


def test_the_straight_reading_stands_beside_the_network():
    grid = town((60, 10), (60, 290), (60, 350))
    result = assess(district(grid), CANTEEN).results[0]
    assert result.share == pytest.approx(1 / 3)
    assert result.straight_share == pytest.approx(1 / 3)  # 301.5 m to the second home
    nearer = assess(district(town((60, 10), (60, 280), (60, 350))), CANTEEN).results[0]
    assert nearer.straight_share == pytest.approx(2 / 3)
    assert nearer.share == pytest.approx(1 / 3)
    minutes = standard(requirement("canteen", 5.0, unit="min"))
    assert np.isnan(assess(district(grid), minutes).results[0].straight_share)


@pytest.mark.parametrize("status", ["planned", "closed"])
def test_a_planned_or_closed_service_does_not_count_and_why_is_a_reason(status):
    result = assess(district(town((60, 10), status=status)), CANTEEN).results[0]
    assert (result.status, result.share) == ("assessed", 0.0)
    assert result.unreached_by_reason == {f"all_{status}": 10}


def test_homes_without_ages_take_those_of_their_community_else_of_the_district():
    grid = town()
    unknown = dict.fromkeys(("age_0_2", "age_3_5", "age_6_11", "age_12_17"), np.nan)
    unknown |= dict.fromkeys(("age_18_59", "age_60_79", "age_80_up"), np.nan)
    grid.building(1, (60, 10), people={"age_18_59": 30, "age_60_79": 10})
    grid.building(
        2,
        (160, 10),
        **unknown,
        residents=(),
    )
    grid.rows["buildings"][-1]["residents"] = 20.0
    assessment = assess(district(grid), CANTEEN)
    second = assessment.origins.people[1]
    assert second[4:6].tolist() == [15, 5]
    assert "ages_estimated" in keys(assessment)


def test_residents_whose_age_nobody_knows_count_among_all_and_in_no_band():
    grid = town()
    bands = ("age_0_2", "age_3_5", "age_6_11", "age_12_17", "age_18_59", "age_60_79", "age_80_up")
    grid.building(1, (60, 10), **dict.fromkeys(bands, np.nan))
    grid.rows["buildings"][-1]["residents"] = 8.0
    circle = assess(district(grid), CANTEEN).full_circle
    assert circle.by_group["all"][:2] == (8, 8)
    assert circle.by_group["adults"][1] == 0


def test_with_no_residents_at_all_dwellings_count_and_are_called_so():
    grid = town()
    grid.building(1, (60, 10), people={"age_18_59": 0}, dwellings=12.0)
    assessment = assess(district(grid), CANTEEN)
    assert assessment.counts_dwellings
    assert assessment.results[0].total == 12
    assert "counts_dwellings" in keys(assessment)


def test_full_circle_asks_of_each_age_what_is_meant_for_it():
    grid = town()
    grid.building(1, (60, 10), people={"age_18_59": 10, "age_60_79": 4, "age_3_5": 2})
    grid.service(2, (390, 390), "kindergarten")
    wanted = standard(
        requirement("canteen"),
        requirement("kindergarten", group="preschool", walker="carer"),
        requirement("park", level="as_needed"),
    )
    circle = assess(district(grid), wanted).full_circle
    assert circle.asked == 2
    assert (circle.covered, circle.total) == (14, 16)
    assert circle.by_group["preschool"] == (0, 2, 0)
    assert circle.by_group["older"] == (4, 4, 1)
    assert circle.by_origin.tolist() == [14]


def test_of_whom_nothing_is_asked_full_circle_says_nothing():
    # Ten adults and four older people; a canteen near them is asked for the older alone.
    grid = town()
    grid.building(1, (60, 10), people={"age_18_59": 10, "age_60_79": 4}, disabled=3.0)
    grid.building(2, (160, 10), people={"age_18_59": 5, "age_60_79": 2})
    found = assess(district(grid), standard(requirement("canteen", 100.0, group="older")))
    circle = found.full_circle
    assert (circle.covered, circle.total, circle.share) == (4, 6, pytest.approx(2 / 3))
    assert circle.unasked == {**circle.unasked, "all": 15, "adults": 15, "older": 0, "disabled": 3}
    assert circle.by_group["older"] == (4, 6, pytest.approx(2 / 3))
    for group in ("adults", "disabled"):
        assert circle.by_group[group][:2] == (0, 0)
        assert np.isnan(circle.by_group[group][2])
    assert circle.by_origin.tolist() == [4, 0]
    assert circle.of_origin.tolist() == [4, 2]
    assert "Nothing of it is asked for 15 residents" in circle_words(found)
    told = scores(found, "base")["full_circle"]
    assert (told["share"], told["nothing_asked"]) == (0.666667, 15)
    assert told["groups"]["adults"] == {
        "covered": 0,
        "total": 0,
        "share": None,
        "lower_bound": False,
        "nothing_asked": 15,
    }


def test_people_with_disabilities_are_asked_for_what_is_meant_for_all_and_for_them():
    grid = town()
    grid.building(1, (60, 10), disabled=3.0)
    far = requirement("park", 10.0, group="disabled", walker="wheelchair")
    grid.service(2, (390, 390), "park")
    circle = assess(district(grid), standard(requirement("canteen"), far)).full_circle
    assert circle.by_group["disabled"] == (0, 3, 0)
    assert circle.by_group["all"][2] == 1


def test_a_standard_that_asks_nothing_has_no_full_circle():
    circle = assess(district(town((60, 10))), standard(requirement("park"))).full_circle
    assert circle.asked == 0
    assert np.isnan(circle.share)


def test_what_weakens_the_figures_is_said_with_who_is_concerned():
    grid = town((60, 10), (50, 1000), (460, 620))
    grid.street(90, (400, 600), (500, 600))
    grid.building(9, (160, 10), people={"age_18_59": np.nan})
    grid.rows["buildings"][-1].update(residents=np.nan, **dict.fromkeys(("age_0_2",), np.nan))
    grid.service(7, (2000, 2000))
    assessment = assess(district(grid), CANTEEN)
    found = {note.key: dict(note.facts) for note in assessment.notes}
    assert found["islands"]["count"] == 1
    assert found["home_island"]["people"] == 10
    assert found["home_no_edge_within_cap"]["people"] == 10
    assert found["services_unattached"]["count"] == 1
    assert {"no_boundary", "no_terrain", "map_edge"} <= set(found)
    try:
        for language in LANGUAGES:
            set_language(language)
            assert all(sentence(note) for note in assessment.notes)
    finally:
        set_language("en")


def test_the_edge_of_the_map_concerns_homes_nearer_to_it_than_the_longest_limit():
    grid = town((60, 10), (210, 205))
    note = next(
        n
        for n in assess(district(grid), standard(requirement(limit=150))).notes
        if n.key == "map_edge"
    )
    assert (note.facts["people"], note.ids) == (10, (1,))
    inner = assess(district(town((210, 205))), standard(requirement(limit=150)))
    assert "map_edge" not in keys(inner)


def test_without_streets_nothing_is_assessed_and_one_note_says_why():
    grid = Grid(bare=True)
    grid.building(1, (60, 10))
    grid.service(1, (30, 0))
    assessment = assess(district(grid), CANTEEN)
    assert assessment.results[0].status == "not_assessed"
    assert np.isnan(assessment.results[0].share)
    assert np.isnan(assessment.full_circle.share)
    assert "no_network" in keys(assessment)
    assert assessment.not_assessed == ("canteen",)


def test_without_homes_there_is_no_demand():
    assessment = assess(district(town()), CANTEEN)
    assert assessment.results[0].status == "no_demand"
    assert "no_residents" in keys(assessment)


def test_a_building_is_as_far_as_its_farthest_stair_unit():
    grid = Grid()
    grid.building(1, (20, 5), (80, 5), outline=shapely.box(10, 5, 90, 15))
    grid.building(2, (50, 1000))
    grid.add("boundary", shapely.box(-50, -50, 450, 1100))
    grid.building(3, (600, 600))
    grid.service(1, (0, 0))
    cost = assess(district(grid), CANTEEN).building_cost("canteen", ("adult", "m"))
    assert cost[:2].tolist() == [85, np.inf]
    assert np.isnan(cost[2])


def test_an_explanation_says_by_how_much_or_why():
    grid = town((60, 10), (360, 390), (50, 1000))
    assessment = assess(district(grid), CANTEEN)
    near, far, off = (explain(assessment, origin, "canteen") for origin in range(3))
    assert (near.verdict, near.sentence) == ("covered", "")
    assert far.verdict == "too_far"
    # legs 10 + 10; from edge x = 30 to (360, 400) by the nearest corner: 330 + 400
    assert far.walk == pytest.approx(750)
    assert far.facts["over"] == "450"
    assert (off.verdict, off.reason) == ("unreached", "no_edge_within_cap")
    assert off.facts["nearest_m"] == "600"
    assert "600" in off.sentence


def test_a_home_behind_a_closed_gate_is_not_connected():
    grid = town((60, 10), (160, 10))
    closed = apply_edit(district(grid), SetStreetStatus(along(1, 0), "closed"))
    assessment = assess(closed, CANTEEN)
    origin = farthest_origin(assessment, 2, "canteen")
    assert explain(assessment, origin, "canteen").reason == "not_connected"


def test_a_service_says_whom_it_serves():
    grid = town((60, 10), (160, 10), (360, 390))
    grid.service(2, (190, -10))
    served = {s: serves(assess(district(grid), CANTEEN), s)[0].people for s in (1, 2)}
    assert served == {1: 10, 2: 10}


def test_a_comparison_names_who_gains_and_who_loses():
    grid = town((60, 10), (360, 390), (350, 390))
    before = district(grid)
    moved = apply_edit(before, MoveService(1, 370.0, 410.0))
    change = compare(assess(before, CANTEEN), assess(moved, CANTEEN)).changes[0]
    assert (change.gained, change.lost) == (20, 10)
    assert change.gained_by_group["adults"] == 20
    placed = apply_edit(before, PlaceService(5, ("canteen",), 370.0, 410.0))
    comparison = compare(assess(before, CANTEEN), assess(placed, CANTEEN))
    assert (comparison.changes[0].gained, comparison.changes[0].lost) == (20, 0)
    assert comparison.full_circle["all"] == (10, 30)


def test_removing_the_only_service_takes_coverage_from_everybody_who_had_it():
    before = district(town((60, 10), (360, 390)))
    after = apply_edit(before, RemoveService(1))
    change = compare(assess(before, CANTEEN), assess(after, CANTEEN)).changes[0]
    assert (change.gained, change.lost) == (0, 10)


def test_the_frame_has_a_row_for_every_door():
    frame = assess(district(town((60, 10), (360, 390))), CANTEEN).frame()
    assert frame["canteen"].tolist() == [True, False]
    assert frame["canteen_m"].tolist() == [50, 750]
    assert frame.crs.to_epsg() == 4547


def test_progress_runs_from_nothing_to_all_and_may_stop_the_work():
    told: list[float] = []
    assess(district(town((60, 10))), CANTEEN, told.append)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)

    def stop(_done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        assess(district(town((60, 10))), CANTEEN, stop)


def test_a_home_whose_only_way_crosses_a_building_is_marked():
    grid = town((60, 10))
    grid.rows["buildings"].append({"id": 50, "geometry": centred(60, 4, 3), "use": "commercial"})
    for street in range(1, 41):
        if street != along(0, 0):
            grid.change(street, kind="gate")
    assert "home_through_building" in keys(assess(district(grid), CANTEEN))


def station(*surveyed, at=(30, -10), types="health_centre"):
    grid = town((60, 10), (360, 390))
    grid.service(2, at, types)
    grid.surveyed = {"canteen", *surveyed}
    wanted = requirement(
        "station",
        service_types=("health_station", "health_centre"),
        satisfied_by=("health_centre",),
    )
    return assess(district(grid), standard(wanted))


def test_a_higher_tier_stands_in_for_a_lower_one():
    result = station("health_station", "health_centre").results[0]
    assert (result.status, result.covered) == ("assessed", 10)
    assert "not_surveyed" not in result.bound_by


def test_where_only_the_higher_tier_was_surveyed_nothing_is_said_of_the_lower():
    assessment = station("health_centre", at=(200, 1000))
    assert assessment.results[0].status == "not_assessed"
    assert assessment.not_assessed == ("station",)
    assert np.isnan(assessment.full_circle.share)


def test_where_a_type_that_would_do_was_not_surveyed_the_share_is_a_lower_bound():
    assessment = station("health_station", types="health_station")
    assert assessment.results[0].status == "assessed"
    assert "not_surveyed" in assessment.results[0].bound_by
    assert assessment.results[0].lower_bound
    note = next(note for note in assessment.notes if note.key == "partly_surveyed")
    assert note.facts["count"] == 1
    assert sentence(note)


def test_several_different_uses_are_near_when_the_last_of_them_is():
    # canteen 50 m, park 130 m, pharmacy 750 m from the first home; two canteens are one use
    grid = town((60, 10), (360, 390))
    grid.service(2, (40, -10))
    grid.service(3, (150, -10), "park")
    grid.service(4, (360, 410), "pharmacy")
    types = ("canteen", "park", "pharmacy")
    costs = {}
    for n in (1, 2, 3):
        result = assess(
            district(grid), standard(requirement("uses", service_types=types, at_least=n))
        ).results[0]
        costs[n] = (result.cost[0], int(result.service_id[0]), result.covered)
    assert costs[1][:2] == (40, 2)  # legs 10 + 10, 20 along
    assert costs[2][:2] == (110, 3)  # 90 along
    assert costs[3][1] == 4
    assert (costs[2][2], costs[3][2]) == (10, 0)


def test_uses_of_which_too_few_were_surveyed_are_not_assessed():
    grid = town((60, 10))
    wanted = requirement("uses", service_types=("canteen", "park"), at_least=2)
    assert assess(district(grid), standard(wanted)).results[0].status == "not_assessed"
    grid.surveyed.add("park")
    result = assess(district(grid), standard(wanted)).results[0]
    assert (result.share, result.unreached_by_reason) == (0, {"no_service": 10})
