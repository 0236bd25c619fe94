"""What makes a site that hosts several services the complex that a standard means."""

import pytest
import shapely

from tests.grid.grid import Grid
from tests.twin.districts import district
from twin.assessment.assess import assess
from twin.assessment.complexes import find_complexes
from twin.cli.complex_table import complex_lines
from twin.language import set_language
from twin.model.horizon import at_horizon
from twin.standards import load_standard

EMBEDDED = load_standard("embedded-2024")


def site(*services, planned=()):
    """A place whose site 5 hosts services of these types and areas."""
    grid = Grid()
    for number, (types, area) in enumerate((*services, *planned), start=1):
        status = "open" if number <= len(services) else "planned"
        grid.service(number, (30 + number, -10), types, status, floor_area_m2=area, site_id=5)
    return district(grid)


def judged(*services, **more):
    (found,) = find_complexes(site(*services, **more), EMBEDDED)
    return found


def test_the_rule_is_that_of_the_guideline():
    (rule,) = EMBEDDED.complexes
    assert (rule.min_floor_area_m2, rule.preferred_floor_area_m2) == (600, 800)
    assert (rule.min_functions, rule.min_priority_functions) == (3, 2)
    assert rule.verified


def test_three_functions_two_of_them_priority_on_600_square_metres():
    found = judged(("canteen", 300.0), ("nursery", 200.0), ("fitness", 100.0))
    assert (found.verdict, found.lacking, found.preferred) == ("met", (), False)
    assert found.functions == ("childcare_0_3", "meal_aid", "fitness")
    assert found.priority_functions == ("childcare_0_3", "meal_aid")
    assert found.service_ids == (1, 2, 3)


def test_800_square_metres_are_preferred():
    assert judged(("canteen,nursery,fitness", 800.0)).preferred


@pytest.mark.parametrize(
    ("services", "lacking"),
    [
        ([("canteen", 300.0), ("nursery", 199.0), ("fitness", 100.0)], ("floor_area",)),
        ([("canteen", 400.0), ("nursery", 400.0)], ("functions",)),
        ([("canteen", 400.0), ("culture_station,fitness", 400.0)], ("priority_functions",)),
        # two kinds of elderly care are one function
        (
            [("elder_day_care", 400.0), ("elderly_service_station,fitness", 400.0)],
            ("functions", "priority_functions"),
        ),
    ],
)
def test_what_is_lacking_is_named(services, lacking):
    found = judged(*services)
    assert (found.verdict, found.lacking) == ("not_met", lacking)


def test_a_floor_area_that_nobody_stated_leaves_the_verdict_open():
    found = judged(("canteen", 300.0), ("nursery", float("nan")), ("fitness", 100.0))
    assert (found.verdict, found.area_known, found.floor_area_m2) == ("area_unknown", False, 400)
    enough = judged(("canteen", 700.0), ("nursery", float("nan")), ("fitness", 100.0))
    assert enough.verdict == "met"


def test_one_function_alone_is_no_complex():
    assert find_complexes(site(("canteen", 900.0), ("public_toilet", 30.0)), EMBEDDED) == ()


def test_a_facility_of_three_types_is_a_complex_of_its_own():
    grid = Grid()
    grid.service(7, (30, -10), "canteen,nursery,fitness", floor_area_m2=900.0)
    grid.service(8, (30, -10), "elder_day_care", floor_area_m2=100.0)  # beside it, not part of it
    (found,) = find_complexes(district(grid), EMBEDDED)
    assert (found.place, found.place_id, found.site_id) == ("services", 7, -1)
    assert (found.verdict, found.preferred, found.service_ids) == ("met", True, (7,))


def test_services_of_one_building_belong_together_and_to_its_site():
    grid = Grid()
    grid.building(3, (30, -20))
    grid.building(4, (80, -20))
    for number, (types, building) in enumerate(
        [("canteen", 3), ("nursery", 3), ("fitness", 3), ("canteen", 4)], start=1
    ):
        grid.service(number, (30, -10), types, floor_area_m2=200.0, building_id=building)
    (found,) = find_complexes(district(grid), EMBEDDED)
    assert (found.place, found.place_id, found.service_ids) == ("buildings", 3, (1, 2, 3))
    assert found.verdict == "met"
    grid.add("sites", shapely.Point(30, -20), kind="idle_room", building_id=3)
    grid.service(5, (30, -10), "after_school_care", floor_area_m2=200.0, site_id=1)
    (found,) = find_complexes(district(grid), EMBEDDED)
    assert (found.place, found.place_id, found.service_ids) == ("sites", 1, (1, 2, 3, 5))


def test_where_there_is_none_what_it_takes_is_said():
    set_language("en")
    now = assess(site(("canteen", 900.0)), EMBEDDED)
    absent, takes = complex_lines(now)
    assert "None found" in absent
    assert takes == (
        "A complex takes at least 3 functions, at least 2 of them of Elderly care, Infant and "
        "toddler care, Child after-school care, Community meals, on at least 600 m², where "
        "possible 800 m²."
    )


def test_what_is_planned_counts_at_its_horizon():
    here = site(("canteen", 300.0), ("nursery", 200.0), planned=[("fitness", 100.0)])
    assert find_complexes(here, EMBEDDED)[0].lacking == ("functions", "floor_area")
    later = at_horizon(here, {"open", "planned"})
    assert find_complexes(later, EMBEDDED)[0].verdict == "met"
