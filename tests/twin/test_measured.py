"""How much of a score was measured: shares of estimated people, worked out by hand."""

from pathlib import Path

import numpy as np
import pytest

from gui.panels import score_rows
from tests.grid.grid import Grid
from tests.twin.districts import district, requirement, standard
from twin.accounts.basis import basis_of_people
from twin.assessment.assess import assess
from twin.assessment.measured import basis
from twin.indicators import INDICATORS, indicators
from twin.language import LANGUAGES, add_catalogue
from twin.model.edits import ChangeBuilding, apply_edit
from twin.report.material import Material
from twin.report.sections.ledger import section
from twin.telling.scores import scores

ADULTS_AND_OLD = standard(
    requirement("canteen", group="older"),
    requirement("pharmacy"),
    requirement("park", group="disabled"),
)


def two_houses(**marks):
    """Thirty people, six of them old, were counted; ten, four of them old, were estimated."""
    grid = Grid()
    grid.building(1, (60, 10), people={"age_18_59": 24, "age_60_79": 6}, disabled=2.0)
    grid.building(2, (160, 10), people={"age_18_59": 6, "age_60_79": 4})
    grid.rows["buildings"][0]["estimated"] = marks.get("first", "")
    grid.rows["buildings"][1]["estimated"] = marks.get("second", "")
    for number, kind in enumerate(("canteen", "pharmacy", "park"), start=1):
        grid.service(number, (100, 10), kind)
    return assess(district(grid), ADULTS_AND_OLD)


def test_where_residents_are_estimated_so_is_every_group_of_them():
    found = two_houses(second="dwellings,residents,age_60_79")
    older, everybody, disabled = found.results
    assert (older.total, older.estimated) == (10, 4)
    assert (everybody.total, everybody.estimated) == (40, 10)
    assert everybody.estimated_share == pytest.approx(0.25)
    assert (disabled.total, disabled.estimated) == (2, 0)
    [note] = [note for note in found.notes if note.key == "rests_on_estimates"]
    assert (note.facts["people"], note.facts["percent"]) == (10, 25)


def test_ages_alone_weaken_the_groups_and_not_the_whole():
    older, everybody, _ = two_houses(first="age_18_59,age_60_79").results
    assert older.estimated == 6
    assert everybody.estimated == 0


def test_storeys_say_nothing_of_people():
    found = two_houses(first="storeys", second="storeys")
    assert [result.estimated for result in found.results] == [0, 0, 0]
    assert "rests_on_estimates" not in {note.key for note in found.notes}


def test_the_scores_say_it_for_the_whole_and_for_each_requirement():
    told = scores(two_houses(second="residents"), "base")
    assert told["people"] == {"total": 40, "estimated": 10, "estimated_share": 0.25}
    assert [one["estimated_share"] for one in told["requirements"]] == [0.4, 0.25, 0.0]


def test_estimated_dwellings_count_as_estimated():
    grid = Grid()
    for number, x in enumerate((60, 160), start=1):
        grid.building(number, (x, 10), people={"age_18_59": 0}, dwellings=12.0)
    grid.rows["buildings"][1]["estimated"] = "dwellings"
    grid.service(1, (100, 10), "pharmacy")
    found = assess(district(grid), standard(requirement("pharmacy")))
    assert (found.results[0].total, found.results[0].estimated) == (24, 12)
    assert "dwellings_rest_on_estimates" in {note.key for note in found.notes}


def test_what_a_person_corrects_is_no_estimate_any_more():
    found = two_houses(second="residents,age_18_59,age_60_79")
    edit = ChangeBuilding(2, {"residents": 20.0})
    changed = apply_edit(found.district, edit)
    assert changed.buildings["estimated"].tolist() == ["", ""]
    again = assess(changed, ADULTS_AND_OLD)
    # The estimated ages fell away with the residents, and follow the counted house: 6 of 30 old.
    older, everybody, _ = again.results
    assert (everybody.total, everybody.estimated) == (50, 0)
    assert older.total == pytest.approx(6 + 20 * 6 / 30)
    assert older.estimated == pytest.approx(4)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_has_a_row_for_each_group(language):
    found = two_houses(second="residents")
    table = section(Material(found, language)).blocks[-3]
    rows = [[cell.words for cell in row.cells][1:4] for row in table.rows]
    assert rows == [["10", "4", "40.0%"], ["40", "10", "25.0%"], ["2", "0", "0%"]]


def nobody():
    grid = Grid()
    grid.building(1, (60, 10), people={"age_18_59": 0})
    grid.building(2, (160, 10), people={"age_18_59": 0})
    grid.service(1, (100, 0), "canteen")
    grid.service(2, (100, 0), "pharmacy")
    return assess(district(grid), standard(requirement("canteen"), requirement("pharmacy")))


def test_where_nobody_is_known_to_live_walks_are_known_all_the_same():
    """From (60, 10) the leg is 10 m to the street, then 40 m to the service on it."""
    found = nobody()
    assert [result.status for result in found.results] == ["no_demand"] * 2
    assert found.building_cost("canteen", ("adult", "m")).tolist() == pytest.approx([50, 70])
    assert "no_residents" in {note.key for note in found.notes}
    assert np.isnan(found.full_circle.share)
    assert basis(found.district, found.origins).total == 0


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda one: one.id)
def test_no_indicator_trips_over_nobody(indicator):
    found = nobody()
    with np.errstate(all="raise"):
        [values] = indicators(found, [indicator.id]).values()
    assert not np.isinf(values.summary["value"].to_numpy(float)).any()


def test_ages_that_nobody_knows_are_not_called_estimated():
    grid = Grid()
    grid.building(1, (60, 10), people={"age_18_59": 0})
    bands = ("age_0_2", "age_3_5", "age_6_11", "age_12_17", "age_18_59", "age_60_79", "age_80_up")
    grid.rows["buildings"][0] |= {**dict.fromkeys(bands, np.nan), "residents": 8.0}
    grid.service(1, (100, 10), "canteen")
    found = assess(district(grid), standard(requirement("canteen", group="older")))
    assert found.results[0].status == "no_demand"
    keys = {note.key: note for note in found.notes}
    assert keys["ages_unknown"].facts["people"] == 8
    assert "ages_estimated" not in keys


def test_an_account_says_whose_age_is_in_the_data_and_whose_is_not():
    # Building 1: eight people of no known age; building 2: four adults whose ages are counted.
    grid = Grid()
    grid.building(1, (60, 10), people={"age_18_59": 0})
    bands = ("age_0_2", "age_3_5", "age_6_11", "age_12_17", "age_18_59", "age_60_79", "age_80_up")
    grid.rows["buildings"][0] |= {**dict.fromkeys(bands, np.nan), "residents": 8.0}
    grid.building(2, (160, 10), people={"age_18_59": 4}, disabled=1.0)
    grid.service(1, (100, 10), "canteen")
    found = assess(district(grid), standard(requirement()))

    def said(group, *buildings):
        here = np.isin(found.origins.building_id, buildings)
        return [line.words for line in basis_of_people(found, group, here)][:2]

    assert said("all", 2)[0] == "All 4 people are counted in the data with their age."
    assert said("disabled", 2)[0] == "All 1 people are counted in the data."
    # The ages of the eight are spread as the district's are, which makes them no counted ages.
    assert said("all", 1, 2) == [
        "All 12 people are counted in the data.",
        "The age of 8 of those counted is not in the data: it is estimated or stays unknown.",
    ]


def test_a_share_of_estimated_people_bears_its_sign_wherever_it_stands():
    found = two_houses(second="age_60_79")
    older, everybody, _ = found.results
    assert (older.estimated, everybody.estimated) == (4, 0)
    material = Material(found, LANGUAGES[0])
    assert material.share(older).startswith("≈")
    assert not material.share(everybody).startswith("≈")
    add_catalogue(Path(score_rows.__file__).parents[1] / "texts")
    shown = [score_rows.requirement_bar(one, None, "score.count") for one in (older, everybody)]
    assert ["≈" in bar.figure for bar in shown] == [True, False]
    assert "≈" in shown[0].note
