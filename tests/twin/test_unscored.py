"""What a standard asks that no walk scores: whether it is there, and how large."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from tests.grid.grid import Grid
from tests.twin.districts import district, requirement, standard
from twin.assessment.assess import assess
from twin.cli.unscored_table import brief_lines, unscored_lines
from twin.indicators import indicators
from twin.language import LANGUAGES, set_language
from twin.standards import load_standard
from twin.telling.scores import scores
from twin.telling.unscored import find_tiers, find_unscored
from twin.telling.unscored_words import band_words, tier_words

GB = load_standard("gb50180-2018")


def here():
    """100 people in 40 dwellings; a park of 50 m by 40 m, and one that is a point.

    Of the three judicial offices (80 m² are asked) one has 100 m², one 60 m², of one nobody knows.
    """
    grid = Grid()
    grid.building(1, (30, 10), people={"age_18_59": 100.0}, dwellings=40.0)
    grid.service(1, shapely.box(100, 10, 150, 50), "park")
    grid.service(2, (200, -10), "park")
    for number, area in enumerate((100.0, 60.0, np.nan), start=3):
        grid.service(number, (30, -10), "judicial_office", floor_area_m2=area)
    grid.surveyed |= {"bank_branch"}
    return assess(district(grid), GB)


@pytest.fixture(scope="module")
def now():
    return here()


def test_a_facility_is_there_not_there_not_surveyed_or_in_no_data(now):
    found = {one.facility.id: one for one in find_unscored(now)}
    assert set(found) == {one.id for one in GB.facilities}
    assert (found["judicial_office"].state, found["judicial_office"].count) == ("there", 3)
    sizes = found["judicial_office"].floor
    assert (sizes.adequate, sizes.too_small, sizes.unknown) == (1, 1, 1)
    assert (found["bank_branch"].state, found["bank_branch"].floor) == ("none", None)
    assert found["telecom_outlet"].state == "not_surveyed"
    assert found["switching_station"].state == "no_layer"


def test_services_outside_the_boundary_are_not_there():
    grid = Grid()
    grid.building(1, (30, 10))
    grid.service(1, (300, -10), "bank_branch")
    grid.add("boundary", shapely.box(0, -50, 200, 200))
    (bank,) = (one for one in find_unscored(assess(district(grid), GB))
               if one.facility.id == "bank_branch")  # fmt: skip
    assert (bank.state, bank.count) == ("none", 0)


def test_a_tier_stands_beside_people_homes_and_parks(now):
    tier = find_tiers(now)[0]
    assert (tier.residents, tier.dwellings, tier.parks) == (100, 40, 2)
    assert tier.park_m2_per_person == pytest.approx(20)  # 2,000 m² for 100
    assert tier.largest_park_ha == pytest.approx(0.2)
    assert tier.at_least  # of the other park nobody knows the area
    people, homes, green, park = tier_words(tier, "en")
    assert people == ("50,000–100,000", "100")
    assert homes == ("17,000–32,000", "40")
    assert green == ("from 2\u00a0m²", "≥\u200920.00\u00a0m²")
    assert park == ("from 5\u00a0ha", "≥\u20090.20\u00a0ha")


def test_a_band_reads_as_it_is_given():
    nan = float("nan")
    assert band_words(nan, nan) == "–"
    assert band_words(500.0, 500.0, "m") == "500\u00a0m"
    assert band_words(nan, 80.0, "m²", "en") == "up to 80\u00a0m²"


def test_json_and_command_list_it(now):
    said = scores(now, "Base")
    rows = {one["id"]: one for one in said["not_scored"]}
    assert rows["judicial_office"]["floor_area"] == {"adequate": 1, "too_small": 1, "unknown": 1}
    assert rows["judicial_office"]["area_standing"] == "secondary"
    assert (rows["telecom_outlet"]["state"], rows["telecom_outlet"]["count"]) == (
        "not_surveyed", None,
    )  # fmt: skip
    assert said["tiers"][0]["asked"]["min_population"] == 50000
    assert said["tiers"][0]["lower_bound"] is True
    for language in LANGUAGES:
        set_language(language)
        lines = unscored_lines(now)
        assert len(lines) == len(GB.facilities) + len(GB.tiers) + 5  # heads, rules, a gap
        (line,) = brief_lines(now)
        assert str(len(GB.facilities)) in line
    set_language("en")
    assert "(1 there, 1 not there," in brief_lines(now)[0]


def test_sites_are_judged_where_they_are_drawn():
    """150 m² are asked of grounds of 20 m by 10 m, of 10 m by 10 m, and of one drawn as a point."""
    asked = requirement("fitness", 300.0, min_site_area_m2=150.0, max_site_area_m2=180.0)
    grid = Grid()
    grid.building(1, (30, 10))
    grid.service(1, shapely.box(50, -15, 70, -5), "fitness")
    grid.service(2, shapely.box(80, -15, 90, -5), "fitness")
    grid.service(3, (30, -10), "fitness")
    found = indicators(assess(district(grid), standard(asked)), ["floor_area"])["floor_area"]
    rows = found.summary[found.summary.scope == "district"].set_index("figure")["value"]
    assert rows["site_adequate"] == 1
    assert (rows["site_too_small"], rows["site_unknown"], rows["site_above_most"]) == (1, 1, 1)
    assert "adequate" not in rows.index  # no floor area is asked
    assert found.services["site_area_m2"].tolist()[:2] == [200, 100]
    plain = replace(asked, min_site_area_m2=float("nan"), max_site_area_m2=float("nan"))
    found = indicators(assess(district(grid), standard(plain)), ["floor_area"])["floor_area"]
    assert "site_adequate" not in set(found.summary.figure)
