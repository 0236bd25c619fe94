"""What makes a site that hosts several services the complex that a standard means."""

import pytest

from tests.grid.grid import Grid
from tests.twin.districts import district
from twin.complexes import find_complexes
from twin.horizon import at_horizon
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


def test_one_function_alone_and_services_of_no_site_are_no_complex():
    assert find_complexes(site(("canteen", 900.0), ("public_toilet", 30.0)), EMBEDDED) == ()
    grid = Grid()
    grid.service(1, (30, -10), "canteen,nursery,fitness", floor_area_m2=900.0)
    assert find_complexes(district(grid), EMBEDDED) == ()


def test_what_is_planned_counts_at_its_horizon():
    here = site(("canteen", 300.0), ("nursery", 200.0), planned=[("fitness", 100.0)])
    assert find_complexes(here, EMBEDDED)[0].lacking == ("functions", "floor_area")
    later = at_horizon(here, {"open", "planned"})
    assert find_complexes(later, EMBEDDED)[0].verdict == "met"
