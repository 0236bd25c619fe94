"""Several services meet one requirement, each within its own limit: TOML alone says so."""

from pathlib import Path

import numpy as np
import pytest

from tests.grid.grid import Grid
from tests.twin.districts import district
from twin.accounts import account
from twin.accounts.left_out import missing_from_circle
from twin.assessment.assess import assess
from twin.assessment.by_building import requirements_met
from twin.assessment.circle_words import circle_basis
from twin.assessment.worst import worst_served
from twin.report.blocks import Table
from twin.report.material import Material
from twin.report.sections import coverage
from twin.standards import StandardError, load_standard
from twin.subject import Subject
from twin.telling.findings import sentence
from twin.telling.scores import scores

ROW = """
[[requirements]]
id = "{id}"
name = {{ en = "{id} name", zh = "{id}名" }}
service_types = ["{type}"]
group = "{group}"
walker = "adult"
limit = {limit}
unit = "m"
level = "{level}"
wording = "firm"
clause = "1"
verified = true
source = "Made up"
"""
HEAD = """
id = "lanes"
name = "Lanes"
issued = "2026"
"""
EITHER = """
[[alternatives]]
id = "care"
name = { en = "Care", zh = "照护" }
any_of = ["near", "far"]
clause = "2"
"""


def row(id_: str, type_: str, limit: float, group: str = "all", level: str = "shall") -> str:
    return ROW.format(id=id_, type=type_, limit=limit, group=group, level=level)


BOTH = row("near", "canteen", 100.0) + row("far", "pharmacy", 300.0)


def standard(tmp_path: Path, text: str):
    path = tmp_path / "lanes.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_standard(path)


def plain(lines) -> tuple[str, ...]:
    return tuple(line.replace("\u00a0", " ") for line in lines)


@pytest.fixture
def grid() -> Grid:
    """Four homes of ten people along row 0; a canteen at its west end, a pharmacy at its east end.

    Doors stand on the street, so walks are their distances along it. To the canteen at x = 0 and
    to the pharmacy at x = 400:

        x = 50    50 and 350    near (100 m), not far (300 m)
        x = 90    90 and 310    near
        x = 110  110 and 290    far
        x = 120  120 and 280    far
    """
    grid = Grid()
    for number, x in enumerate((50, 90, 110, 120), start=1):
        grid.building(number, (x, 0))
    grid.service(1, (0, 0), types="canteen")
    grid.service(2, (400, 0), types="pharmacy")
    return grid


def test_either_service_within_its_own_limit_is_enough(grid: Grid, tmp_path: Path):
    found = assess(district(grid), standard(tmp_path, BOTH + EITHER))
    assert [r.covered for r in found.results] == [20.0, 20.0]
    (care,) = found.eithers
    assert (care.covered, care.total, care.share, care.lower_bound) == (40.0, 40.0, 1.0, False)
    assert found.full_circle.covered == 40.0
    apart = assess(district(grid), standard(tmp_path, BOTH))
    assert apart.full_circle.covered == 0.0
    assert apart.eithers == ()
    np.testing.assert_array_equal(requirements_met(found), [1, 1, 1, 1])
    np.testing.assert_array_equal(requirements_met(apart), [0.5, 0.5, 0.5, 0.5])
    assert worst_served(found) == ()


def test_it_is_one_of_the_services_that_full_circle_rests_on(grid: Grid, tmp_path: Path):
    grid.change(3, status="closed")  # the last hundred metres to the pharmacy are gone round
    asked = standard(tmp_path, BOTH + row("baby", "nursery", 100.0) + EITHER)
    found = assess(district(grid), asked)
    basis = circle_basis(found)
    assert (basis.required, basis.surveyed) == (2, 1)
    assert found.eithers[0].covered == 20.0  # 110 and 120 have neither: 290 + 200 and 280 + 200
    (missing,) = missing_from_circle(found)
    assert missing.requirement_id == "care"
    assert (missing.lack, missing.lack_only) == (20.0, 20.0)


def test_their_account_says_who_has_which_and_where_nobody_has_any(grid: Grid, tmp_path: Path):
    grid.building(6, (210, 0), people={"age_18_59": 7.0})
    # 60 m round the corner: 410, 370, 350 and 340 to the pharmacy, and from x = 210 it is 250
    grid.rows["services"].pop()
    grid.service(2, (400, 60), types="pharmacy")
    found = assess(district(grid), standard(tmp_path, BOTH + EITHER))
    (care,) = found.eithers
    assert care.covered == 27.0
    whole = account(found, Subject("requirement", "care"))
    assert (whole.title, whole.figure) == ("Care", "57.4%")  # 27 of 47
    lines = plain(whole.lines)
    assert "near name within 100 m: 20" in lines
    assert "far name within 300 m: 7" in lines
    assert "More than one of them: 0" in lines
    assert "None of them: 20" in lines
    assert "Building 3: 10 people" in lines
    assert "Clause: 2" in lines
    home = account(found, Subject("home", "care", 6))
    assert home.figure == "100%"
    assert home.verdict == "One of them is within its limit, which is enough."
    assert plain(home.lines)[4:6] == (
        "near name: 210 m (limit 100 m)",
        "far name: 250 m (limit 300 m)",
    )
    lacks = account(found, Subject("home", "care", 3))
    assert lacks.verdict == "None of them is within its limit."
    building = account(found, Subject("building", id=6))
    (has,) = building.parts
    assert [line.subject for line in has.lines] == [Subject("home", "care", 6)]
    assert "Care, one of: near name: 210 m" in plain([has.lines[0].words])[0]
    circle = account(found, Subject("full_circle", group="all"))
    assert "Care: 20 lack it, 20 of them nothing else" in plain(circle.lines)


def test_where_one_was_not_surveyed_the_share_is_a_lower_bound(grid: Grid, tmp_path: Path):
    grid.surveyed = {"canteen"}
    found = assess(district(grid), standard(tmp_path, BOTH + EITHER))
    (care,) = found.eithers
    assert (care.covered, care.total, care.lower_bound) == (20.0, 40.0, True)
    said = next(note for note in found.notes if note.key == "either_way_at_least")
    english = sentence(said, "en")
    assert english.startswith("Care: at least 20 of 40 people (50.0 %)")
    assert "near name; far name" in english
    assert "near名；far名" in sentence(said, "zh_CN")
    assert scores(found, "base")["alternatives"][0]["covered"] == 20.0
    grid.surveyed = set()
    assert assess(district(grid), standard(tmp_path, BOTH + EITHER)).eithers == ()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (BOTH + EITHER.replace('"near", "far"', '"near"'), "standard_too_few"),
        (BOTH + EITHER.replace('"far"', '"away"'), "standard_value"),
        (BOTH + EITHER + EITHER.replace("care", "again"), "standard_value"),
        (BOTH + EITHER.replace('"care"', '"near"'), "standard_repeats"),
        (
            row("near", "canteen", 9) + row("far", "pharmacy", 9, level="as_needed") + EITHER,
            "standard_value",
        ),
        (
            row("near", "canteen", 9) + row("far", "pharmacy", 9, group="older") + EITHER,
            "standard_value",
        ),
    ],
)
def test_what_cannot_stand_in_for_one_another_is_refused(tmp_path: Path, text: str, key: str):
    with pytest.raises(StandardError) as refused:
        standard(tmp_path, text)
    assert refused.value.key == key
    assert refused.value.facts["file"] == "lanes.toml"


def test_the_transport_goal_is_met_by_either_capacity():
    (transport,) = load_standard("sdg-11").alternatives
    rows = {one.id: one for one in load_standard("sdg-11").requirements}
    pairs = [(rows[id_].service_types, rows[id_].limit) for id_ in transport.any_of]
    assert pairs == [(("bus_stop",), 500.0), (("rail_station",), 1000.0)]


def test_the_report_and_the_score_panel_give_them_a_row(grid: Grid, tmp_path: Path):
    grid.surveyed = {"canteen"}
    asked = standard(tmp_path, BOTH.replace("verified = true", "verified = false") + EITHER)
    found = assess(district(grid), asked)
    page = coverage.section(Material(found, "en"))
    (table,) = (block for block in page.blocks if isinstance(block, Table))
    near, care = table.rows  # the pharmacy was not surveyed: it has no row
    assert [cell.words for cell in care.cells[:5]] == [
        "▲ Care\u00a0*", "one of these", "2", "≥\u200950.0%", "20"
    ]  # fmt: skip
    assert care.cells[0].below == "All residents · near name or far name"
    assert near.cells[0].words == "▲ near name\u00a0*"
