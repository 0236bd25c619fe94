"""Every indicator on a street whose walks anyone can work out.

Doors 10 m north of the street y = 0 and canteens 10 m south of it; a walk is 20 m more than the
way along the street:

    x       20        70       120         220         270          380
         A (10)   canteen 1   B (20)      C (30)    canteen 2      D (40)   people
    walk to 1    A 70, B 70, C 170, D 330         20 places, 100 m2
    walk to 2    A 270, B 170, C 70, D 130        30 places, 300 m2

The limit is 200 m. A and B are in community 1, C and D in none. B and D are older people.
"""

import json
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.grid.grid import Grid
from tests.twin.districts import district, requirement, standard
from twin.assessment.assess import assess
from twin.indicators import INDICATORS, indicators
from twin.indicators.records import records
from twin.indicators.wording import figure_name, figure_value, headline
from twin.language import LANGUAGES, set_language, text
from twin.model.catalogues import service_types
from twin.standards import load_standard
from twin.telling.scores import scores

CANTEEN = requirement("canteen", 200.0, min_floor_area_m2=200.0)
HOMES = {
    1: (20, 10, "age_18_59", 5.0),
    2: (120, 20, "age_60_79", 5.0),
    3: (220, 30, "age_18_59", 10.0),
    4: (380, 40, "age_60_79", 20.0),
}


def street(first=20.0, second=30.0):
    grid = Grid()
    for number, (x, people, band, dwellings) in HOMES.items():
        grid.building(number, (x, 10), people={band: float(people)}, dwellings=dwellings)
    grid.service(1, (70, -10), capacity=first, floor_area_m2=100.0, name="One")
    grid.service(2, (270, -10), capacity=second, floor_area_m2=300.0, name="Two")
    grid.add("communities", shapely.box(-10, -50, 150, 90), name="West")
    return grid


def found_in(grid, *requirements, names=None):
    return indicators(assess(district(grid), standard(*(requirements or [CANTEEN]))), names)


@pytest.fixture(scope="module")
def found():
    return found_in(street())


def figure(finding, name, at=None, scope="district", of=""):
    table = finding.summary
    rows = table[(table.figure == name) & (table.scope == scope) & (table.of == of)]
    if at is not None:
        rows = rows[rows["at"] == at]
    assert len(rows) == 1
    return rows["value"].iloc[0]


def by_home(finding, column):
    return finding.origins.sort_values("building_id")[column].tolist()


def by_service(finding, column):
    return finding.services.sort_values("service_id")[column].tolist()


def test_every_indicator_has_texts_in_both_languages_and_answers(found):
    assert set(found) == {one.id for one in INDICATORS}
    for language in LANGUAGES:
        set_language(language)
        for one in INDICATORS:
            assert text(f"indicator.{one.id}.name")
            assert text(f"indicator.{one.id}.meaning")
        for finding in found.values():
            for name, at in finding.summary[["figure", "at"]].drop_duplicates().to_numpy():
                assert figure_name(name, None if np.isnan(at) else at)


def test_travel_time_is_the_whole_distribution(found):
    # 1.2 m/s is 72 m a minute: 70 m for 60 people, 130 m for D's 40
    time = found["travel_time"]
    assert by_home(time, "minutes") == pytest.approx([70 / 72, 70 / 72, 70 / 72, 130 / 72])
    assert figure(time, "quantile", 0.5) == pytest.approx(70 / 72)
    assert figure(time, "quantile", 0.75) == pytest.approx(130 / 72)
    assert figure(time, "share_within", 5.0) == 1
    assert figure(time, "mean_reached") == pytest.approx((60 * 70 + 40 * 130) / 100 / 72)
    assert figure(time, "share_unreached") == 0
    older = figure(time, "mean_reached", None, "group", "older")  # B 20, D 40
    assert older == pytest.approx((20 * 70 + 40 * 130) / 60 / 72)
    assert np.isnan(figure(time, "quantile", 0.5, "group", "infants"))


def test_the_unreached_stand_in_the_distribution_at_infinity():
    grid = street()
    grid.building(5, (50, 1000), people={"age_18_59": 25.0})  # no street within 100 m
    time = found_in(grid, names=["travel_time"])["travel_time"]
    assert figure(time, "quantile", 0.75) == pytest.approx(130 / 72)  # 100 of 125 are 80 %
    assert figure(time, "quantile", 0.9) == np.inf
    assert figure(time, "share_within", 30.0) == pytest.approx(0.8)
    assert figure(time, "share_unreached") == pytest.approx(0.2)


def test_proximity_is_the_mean_of_the_k_nearest(found):
    few = found["nearest_few"]
    assert by_home(few, "nearest_1_m") == pytest.approx([70, 70, 70, 130])
    assert by_home(few, "nearest_2_m") == pytest.approx([170, 120, 120, 230])
    assert figure(few, "median", 2.0) == pytest.approx(120)
    assert figure(few, "mean_reached", 2.0) == pytest.approx((1700 + 2400 + 3600 + 9200) / 100)
    assert figure(few, "median", 3.0) == np.inf
    assert figure(few, "share_without", 3.0) == 1


def test_choice_counts_services_within_the_limit(found):
    choice = found["choice"]
    assert by_home(choice, "services_within") == [1, 2, 2, 1]
    assert figure(choice, "mean") == pytest.approx(1.5)
    assert figure(choice, "share_at_least", 1.0) == 1
    assert figure(choice, "share_at_least", 2.0) == pytest.approx(0.5)
    assert figure(choice, "share_at_least", 2.0, "group", "older") == pytest.approx(1 / 3)
    assert figure(choice, "mean", None, "community", "1") == pytest.approx(5 / 3)


def test_catchments_share_places_by_nearness(found):
    # thirds of 200 m: 70 and 130 m weigh 0.68, 170 m weighs 0.22; B and C: 34/45 and 11/45
    near, far = 34 / 45, 11 / 45
    first, second = 10 + 20 * near + 30 * far, 20 * far + 30 * near + 40
    one, two = 20 / first, 30 / second
    catchment = found["catchment"]
    assert by_service(catchment, "sharing") == pytest.approx([first, second])
    assert by_service(catchment, "places_each") == pytest.approx([one, two])
    access = [one, near * one + far * two, far * one + near * two, two]
    assert by_home(catchment, "access") == pytest.approx(access)
    assert figure(catchment, "mean") == pytest.approx(0.5)  # 50 places, 100 people


def test_assignment_serves_as_many_as_there_are_places(found):
    # 20 of A and B, both 70 m from canteen 1: A goes first; 30 of C, 70 m from canteen 2
    shared = found["assignment"]
    assert by_home(shared, "served") == [10, 10, 30, 0]
    assert by_home(shared, "turned_away") == [0, 10, 0, 40]
    assert figure(shared, "asked") == 100
    assert figure(shared, "served") == 50
    assert figure(shared, "mean_walk") == pytest.approx(70)
    assert figure(shared, "turned_away", None, "community", "1") == 10
    assert figure(shared, "turned_away", None, "community", "-1") == 40
    assert figure(shared, "share_served", None, "community", "1") == pytest.approx(2 / 3)


def test_who_has_no_service_within_the_limit_is_not_turned_away():
    shared = found_in(street(), requirement("canteen", 100.0), names=["assignment"])["assignment"]
    assert figure(shared, "out_of_reach") == 40  # D: 130 m
    assert figure(shared, "turned_away") == 10  # 60 people for 50 places
    assert figure(shared, "served") == 50


def test_use_is_people_per_place(found):
    # to the nearest: A and B (30) to 20 places, C and D (70) to 30; both full after assignment
    use = found["use"]
    assert by_service(use, "drawn_use") == pytest.approx([1.5, 7 / 3])
    assert by_service(use, "assigned_use") == pytest.approx([1, 1])
    assert (figure(use, "over_used"), figure(use, "under_used")) == (2, 0)
    roomy = found_in(street(first=1000.0, second=70.0), names=["use"])["use"]
    # canteen 1 has 30 of 1000 people; canteen 2 exactly as many as places, which is not too full
    assert by_service(roomy, "assigned_use") == pytest.approx([0.03, 1])
    assert (figure(roomy, "over_used"), figure(roomy, "under_used")) == (0, 1)


def test_a_capacity_that_nobody_knows_is_that_of_a_new_service_and_says_so():
    use = found_in(street(first=np.nan), names=["use"])["use"]
    assert by_service(use, "capacity") == [service_types()["canteen"].capacity, 30]
    assert by_service(use, "capacity_known") == [False, True]
    assert figure(use, "capacity_assumed") == 1


def test_where_most_capacities_are_unknown_nothing_is_said_of_room():
    found = found_in(street(first=np.nan, second=np.nan))
    with_room = {"catchment", "assignment", "use", "equity"}
    assert {one.id for one in INDICATORS if one.needs_capacity} == with_room
    assert all(found[name].summary.empty for name in with_room)
    assert figure(found["choice"], "mean") > 0  # what needs no capacity is there all the same
    json.dumps(records(found), allow_nan=False)


def test_who_is_served_and_who_loses_what_is_told_of_groups_and_communities(found):
    """Without canteen 2 nobody but D's 40 older people is left out, without 1 A's 10 adults."""
    served, loss = found["assignment"], found["robustness"]
    asked = {g: figure(served, "asked", None, "group", g) for g in ("all", "adults", "older")}
    assert asked == {"all": 100, "adults": 40, "older": 60}
    parts = [figure(served, "served", None, "group", g) for g in ("adults", "older")]
    assert sum(parts) == pytest.approx(figure(served, "served"))
    for scope, of, count, service in (
        ("district", "", 40, 2),
        ("community", "1", 10, 1),
        ("community", "-1", 40, 2),
        ("group", "adults", 10, 1),
        ("group", "older", 40, 2),
    ):
        assert figure(loss, "worst_uncovered", None, scope, of) == count
        assert figure(loss, "worst_service", None, scope, of) == service
    assert np.isnan(figure(loss, "worst_service", None, "group", "infants"))
    assert by_service(loss, "uncovered_in_1") == [10, 0]
    assert by_service(loss, "uncovered_elsewhere") == [0, 40]


def test_a_group_beyond_those_asked_for_is_neither_served_nor_turned_away():
    older = replace(CANTEEN, group="older", walker="older")
    rows = found_in(street(), older, names=["assignment"])["assignment"].summary
    assert set(rows[rows.scope == "group"].of) == {"older", "very_old"}


def test_use_and_sizes_are_told_of_the_community_in_which_a_service_stands(found):
    assert figure(found["use"], "services", None, "community", "1") == 1
    assert figure(found["use"], "services", None, "community", "-1") == 1
    assert figure(found["floor_area"], "too_small", None, "community", "1") == 1
    assert figure(found["floor_area"], "too_small", None, "community", "-1") == 0
    assert set(found["use"].summary.scope) == {"district", "community"}  # of groups there are none


def test_the_command_tells_figures_of_communities_and_groups(found):
    now = assess(district(street()), standard(CANTEEN))
    (one,) = (one for one in INDICATORS if one.id == "robustness")
    rows = dict(headline(one, found["robustness"], now, "en", "group").rows)
    assert rows["Test\u00a0* · Older people (60+)"][1] == "40"
    rows = dict(headline(one, found["robustness"], now, "en", "community").rows)
    assert rows["Test\u00a0* · West"][1] == "10"


def test_services_outside_the_boundary_are_not_judged():
    grid = street()
    grid.add("boundary", shapely.box(-50, -50, 260, 50))  # canteen 2 and D are outside
    found = found_in(grid, names=["use", "floor_area"])
    assert figure(found["use"], "services") == 1
    assert by_service(found["use"], "over_used") == [True, False]
    assert figure(found["floor_area"], "too_small") == 1
    assert figure(found["floor_area"], "adequate") == 0  # canteen 2 is large enough, but outside
    # 100 m2 for A, B, C: 60 residents, 20 dwellings
    assert figure(found["floor_area"], "per_1000_residents") == pytest.approx(100 / 60 * 1000)
    assert figure(found["floor_area"], "per_100_households") == pytest.approx(500)


def test_floor_area_per_residents_and_households(found):
    # 400 m2 for 100 residents in 40 dwellings; in the community 100 m2 for 30 in 10
    area = found["floor_area"]
    assert figure(area, "floor_area") == 400
    assert figure(area, "per_1000_residents") == pytest.approx(4000)
    assert figure(area, "per_100_households") == pytest.approx(1000)
    assert figure(area, "per_100_households", None, "community", "1") == pytest.approx(1000)
    assert figure(area, "per_1000_residents", None, "community", "1") == pytest.approx(1e5 / 30)


def test_what_nobody_surveyed_is_not_held_against_a_clause():
    areas = load_standard("gb50180-2018").areas
    asked = replace(standard(CANTEEN), areas=areas)
    found = indicators(assess(district(street()), asked), ["area_by_clause"])["area_by_clause"]
    rows = found.summary[found.summary.scope == "district"]
    values = rows.set_index(["requirement", "figure"])["value"]
    assert values["circle_5_community", "there_is"] == pytest.approx(4000)  # canteens belong to it
    assert np.isnan(values["circle_10_public", "there_is"])  # schools were not surveyed
    assert ("circle_10_transport", "there_is") not in values.index  # asks for land alone


def test_floor_area_by_clause_is_a_lower_bound_until_every_type_was_surveyed():
    areas = load_standard("gb50180-2018").areas
    (band,) = (one for one in areas if one.id == "circle_5_community")
    asked = replace(
        standard(CANTEEN), areas=(band, replace(band, id="A", service_types=("canteen",)))
    )
    now = assess(district(street()), asked)
    (known,) = (one for one in INDICATORS if one.id == "area_by_clause")
    found = indicators(now, [known.id])[known.id]
    rows = found.summary[found.summary.scope == "district"]
    values = rows.set_index(["requirement", "figure"])["value"]
    assert (values[band.id, "types_surveyed"], values[band.id, "types_listed"]) == (1, 12)
    assert (values[band.id, "lower_bound"], values["A", "lower_bound"]) == (1, 0)
    said = [cells[0] for _, cells in headline(known, found, now).rows]
    assert said == ["≥\u20094,000.0\u00a0m²", "4,000.0\u00a0m²"]  # 400 m² for 100 residents
    grid = street()
    grid.rows["services"][0]["floor_area_m2"] = np.nan  # 300 m² are known
    now = assess(district(grid), asked)
    assert headline(known, indicators(now, [known.id])[known.id], now).rows[1][1][0] == (
        "≥\u20093,000.0\u00a0m²"
    )


def test_shops_of_both_tiers_count_in_the_figures_of_both():
    """100 residents; 40 m² of a mall, 20 m² of a bank, 10 m² of a post office.

    GB 50180-2018 lists mall and bank at 15 and at 10 minutes, the post office at 15 alone.
    """
    grid = street()
    for number, (type_id, area) in enumerate(
        {"shopping_mall": 40.0, "bank_branch": 20.0, "post_office": 10.0}.items(), start=3
    ):
        grid.service(number, (70, -10), types=type_id, floor_area_m2=area)
    areas = load_standard("gb50180-2018").areas
    asked = replace(standard(CANTEEN), areas=areas)
    found = indicators(assess(district(grid), asked), ["area_by_clause"])["area_by_clause"]
    rows = found.summary[(found.summary.scope == "district") & (found.summary.figure == "there_is")]
    there = dict(zip(rows.requirement, rows.value, strict=True))
    assert there["circle_15_commerce"] == pytest.approx(700)
    assert there["circle_15_total"] == pytest.approx(700)
    assert there["circle_10_commerce"] == pytest.approx(600)


def test_floor_area_that_nobody_measured_is_no_zero():
    grid = street()
    grid.rows["services"][0]["floor_area_m2"] = np.nan
    area = found_in(grid, names=["floor_area"])["floor_area"]
    assert figure(area, "per_1000_residents") == pytest.approx(3000)  # canteen 2 alone
    assert figure(area, "area_unknown") == 1
    assert np.isnan(figure(area, "per_1000_residents", None, "community", "1"))
    assert figure(area, "per_1000_residents", None, "community", "-1") == pytest.approx(3e5 / 70)
    assert figure(area, "unknown") == 1


def test_floor_area_is_adequate_from_the_least_that_the_standard_gives(found):
    area = found["floor_area"]
    assert by_service(area, "adequate") == [0, 1]  # 100 and 300 of 200 m2
    assert (figure(area, "adequate"), figure(area, "too_small"), figure(area, "unknown")) == (
        1,
        1,
        0,
    )
    exactly = found_in(street(), replace(CANTEEN, min_floor_area_m2=300.0), names=["floor_area"])
    assert by_service(exactly["floor_area"], "adequate") == [0, 1]


def test_floor_area_stands_beside_the_clause():
    # 400 m2 of canteens for 40 households are 1000 m2 per 100; the guideline asks for 30, better 80
    areas = load_standard("embedded-2024").areas
    asked = replace(standard(CANTEEN), areas=areas)
    found = indicators(assess(district(street()), asked), ["area_by_clause"])["area_by_clause"]
    rows = found.summary[(found.summary.scope == "district")]
    values = rows.set_index(["requirement", "figure"])["value"]
    assert values["community_services", "there_is"] == pytest.approx(1000)
    assert values["community_services", "asked_least"] == 30
    assert values["community_services_stretch", "asked_least"] == 80
    assert found_in(street(), names=["area_by_clause"])["area_by_clause"].summary.empty


def test_equity_is_about_access_with_the_unreached_at_none():
    # 100 m: A and B have canteen 1 (20 places, 30 people), C canteen 2 (30, 30), D none
    equity = found_in(street(), requirement("canteen", 100.0), names=["equity"])["equity"]
    people, access = np.array([40, 30, 30]), np.array([0, 2 / 3, 1])
    apart = np.abs(access[:, None] - access) * people[:, None] * people
    assert figure(equity, "gini") == pytest.approx(apart.sum() / (2 * 100**2 * 0.5))
    ratio = access[1:] / 0.5
    assert figure(equity, "theil") == pytest.approx((0.3 * ratio * np.log(ratio)).sum())
    # communities: A and B have 2/3; C and D 3/7 on average: 20 and 30 of the 50 places
    between = 0.4 * np.log((2 / 3) / 0.5) + 0.6 * np.log((3 / 7) / 0.5)
    assert figure(equity, "theil_between") == pytest.approx(between)
    assert figure(equity, "ranked_ratio", 0.2) == np.inf
    assert figure(equity, "shortfall", 0.0) == pytest.approx(0.4)  # line 0.25: D alone
    assert figure(equity, "shortfall", 2.0) == pytest.approx(0.4)


def test_closing_one_takes_cover_from_those_who_hang_on_it(found):
    # without 1: A walks 270 m and is uncovered, B 170 m; without 2: D 330 m, C 170 m
    lost = found["robustness"]
    assert by_service(lost, "uncovered") == [10, 40]
    assert by_service(lost, "uncovered_older") == [0, 40]
    assert by_service(lost, "cut_off") == [0, 0]
    assert by_service(lost, "farther") == [30, 70]
    assert by_service(lost, "mean_extra") == pytest.approx(
        [(10 * 200 + 20 * 100) / 30, (30 * 100 + 40 * 200) / 70]
    )
    assert figure(lost, "single_cover") == pytest.approx(0.5)
    assert (figure(lost, "worst_uncovered"), figure(lost, "worst_service")) == (40, 2)


def test_who_finds_another_exactly_at_the_limit_loses_no_cover():
    # without 1, A walks 270 m: at a limit of 270 m it is covered still, at one of 269 m no more
    at, short = (
        found_in(street(), requirement("canteen", limit=limit), names=["robustness"])
        for limit in (270.0, 269.0)
    )
    assert by_service(at["robustness"], "uncovered")[0] == 0
    assert by_service(short["robustness"], "uncovered")[0] == 10


def test_who_walks_exactly_the_limit_is_covered_and_hangs_on_it():
    # at a limit of 130 m D (130 m) is covered; without 1 A and B walk 270 and 170 m, without 2 C
    # and D 170 and 330 m: everybody hangs on one
    lost = found_in(street(), requirement("canteen", limit=130.0), names=["robustness"])
    assert by_service(lost["robustness"], "uncovered") == [30, 70]
    assert figure(lost["robustness"], "single_cover") == 1


def test_closing_the_only_service_cuts_everybody_off():
    grid = street()
    grid.rows["services"].pop()
    grid.building(9, (5000, 5000))  # nobody gets there anyway
    lost = found_in(grid, names=["robustness"])["robustness"]
    assert by_service(lost, "uncovered") == [60]  # D was never covered
    assert by_service(lost, "cut_off") == [100]
    assert by_service(lost, "farther") == [0]


def test_of_several_types_the_last_one_counts():
    # a pharmacy at x = 170 beside canteens at 70 and 270: both types within 200 m for
    # A (canteen 70, pharmacy 170), B (70, 70) and C (70, 70); D walks 130 and 230 m
    grid = street()
    grid.service(3, (170, -10), "pharmacy")
    both = requirement("both", 200.0, service_types=("canteen", "pharmacy"), at_least=2)
    found = found_in(grid, both, names=["robustness", "travel_time"])
    assert by_home(found["travel_time"], "minutes") == pytest.approx(
        [170 / 72, 70 / 72, 70 / 72, 230 / 72]
    )
    lost = found["robustness"]
    # without canteen 1 A has none within 200 m, B the other at 170 m; without canteen 2 C has the
    # other at 170 m; without the pharmacy nobody has both
    assert by_service(lost, "uncovered") == [10, 0, 60]
    assert by_service(lost, "farther") == [30, 70, 0]
    assert by_service(lost, "cut_off") == [0, 0, 100]
    assert figure(lost, "single_cover") == 1


def test_losses_are_those_of_scoring_anew_without_each_service():
    grid = street()
    lost = found_in(grid, names=["robustness"])["robustness"]
    whole = assess(district(grid), standard(CANTEEN)).results[0].covered
    for place, uncovered in enumerate(by_service(lost, "uncovered")):
        fewer = street()
        fewer.rows["services"].pop(place)
        assert whole - assess(district(fewer), standard(CANTEEN)).results[0].covered == uncovered


def test_a_type_with_no_open_service_leaves_everybody_without():
    grid = street()
    for row in grid.rows["services"]:
        row["status"] = "planned"
    found = found_in(grid)
    assert figure(found["choice"], "mean") == 0
    assert figure(found["travel_time"], "quantile", 0.5) == np.inf
    assert figure(found["assignment"], "out_of_reach") == 100
    assert figure(found["catchment"], "mean") == 0
    assert np.isnan(figure(found["equity"], "gini"))
    assert found["robustness"].services.empty


def test_what_was_not_assessed_has_no_figures():
    found = found_in(street(), requirement("nursery"))
    assert all(one.summary.empty for one in found.values())
    json.dumps(records(found), allow_nan=False)


def test_buildings_are_the_mean_of_their_stair_units():
    grid = Grid()
    grid.building(1, (20, 10), (50, 10), residents=(30.0, 10.0), people={"age_18_59": 40.0})
    grid.service(1, (70, -10), capacity=9.0)
    choice = found_in(grid, requirement("canteen", 50.0), names=["choice", "nearest_few"])
    # 70 m from the first door (30 people), 40 m from the second (10)
    assert choice["choice"].buildings()["services_within"].tolist() == [0.25]
    table = choice["nearest_few"].buildings()
    assert table["nearest_1_m"].tolist() == pytest.approx([62.5])
    assert table["people"].tolist() == [40]
    assert table["nearest_2_m"].tolist() == [np.inf]


def test_json_holds_every_figure_and_no_nan(found):
    assessment = assess(district(street()), standard(CANTEEN))
    plain = json.loads(json.dumps(scores(assessment, "base", found), allow_nan=False))
    rows = plain["indicators"]["nearest_few"]["summary"]
    assert {"figure": "median", "at": 3.0, "value": "inf"}.items() <= next(
        row for row in rows if row["figure"] == "median" and row["at"] == 3
    ).items()
    assert plain["indicators"]["use"]["services"][0]["over_used"] is True
    assert "indicators" not in scores(assessment, "base")


def test_headlines_are_in_words(found):
    assessment = assess(district(street()), standard(CANTEEN))
    one = next(one for one in INDICATORS if one.id == "robustness")
    table = headline(one, found["robustness"], assessment)
    assert table.rows == (("Test\u00a0*", ("50.0%", "40", "Two")),)  # nobody checked its limit
    assert table.columns[0] == "Hang on one service"


def test_shares_are_never_rounded_up_to_all():
    assert figure_value(0.9999, "share") == ">99.9%"
    assert figure_value(0.0001, "share") == "<0.1%"
    assert figure_value(1.0, "share") == "100%"
    assert figure_value(np.nan, "share") == "–"
    assert figure_value(np.inf, "min") == "∞"


def test_an_unknown_indicator_is_an_error():
    with pytest.raises(KeyError):
        found_in(street(), names=["beauty"])


@st.composite
def towns(draw):
    """Draw homes and canteens along the streets of the grid, with two communities."""
    grid = Grid()
    place = st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(5, 95), st.booleans())
    for number, (i, j, x, north) in enumerate(draw(st.lists(place, min_size=1, max_size=8)), 1):
        people = {"age_18_59": float(draw(st.integers(0, 9))), "age_60_79": 1.0}
        y = 100 * j + (10 if north else -10)
        grid.building(number, (100 * i + x, y), people=people, dwellings=4.0)
    for number, (i, j, x, north) in enumerate(draw(st.lists(place, max_size=4)), 1):
        unknown = [np.nan] if number % 2 == 0 else []  # of at most half of them
        capacity = draw(st.sampled_from([0.0, 3.0, 12.0, *unknown]))
        y = 100 * j + (12 if north else -12)
        grid.service(number, (100 * i + x, y), capacity=capacity, floor_area_m2=100.0)
    grid.surveyed.add("canteen")
    grid.add("communities", shapely.box(-50, -50, 150, 450))
    grid.add("communities", shapely.box(150, -50, 250, 450))
    return grid


@given(towns(), st.sampled_from([80.0, 250.0, 600.0]))
def test_communities_sum_to_the_district(grid, limit):
    found = found_in(grid, requirement("canteen", limit), names=["assignment", "catchment"])
    sums = found["assignment"].summary
    for name in ("asked", "served", "turned_away", "out_of_reach"):
        of_it = sums[sums.figure == name].groupby("scope")["value"].sum()
        assert of_it["community"] == pytest.approx(of_it["district"])
    values = sums[sums.scope == "district"].set_index("figure")["value"]
    parts = values["served"] + values["turned_away"] + values["out_of_reach"]
    assert parts == pytest.approx(values["asked"])
    if not found["catchment"].services.empty:
        services, homes = found["catchment"].services, found["catchment"].origins
        shared = services.loc[services["sharing"] > 0, "capacity"].sum()
        assert (homes["access"] * homes["people"]).sum() == pytest.approx(shared)


@given(towns(), st.sampled_from([80.0, 250.0, 600.0]))
def test_n_minus_one_equals_scoring_anew(grid, limit):
    asked = requirement("canteen", limit)
    lost = found_in(grid, asked, names=["robustness"])["robustness"].services
    whole = assess(district(grid), standard(asked)).results[0].covered
    for row in list(grid.rows["services"]):
        grid.rows["services"].remove(row)
        rest = assess(district(grid), standard(asked)).results[0].covered
        grid.rows["services"].append(row)
        told = lost.loc[lost["service_id"] == row["id"], "uncovered"].iloc[0]
        assert whole - rest == pytest.approx(told)
