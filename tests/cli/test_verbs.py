"""What each verb does, on a street that a person can walk through in the head."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from tests.cli.conftest import SOUTH, WEST, house, write
from twin.cli import HEADLESS_VERBS
from twin.cli.access import tame
from twin.projects.project import open_project

STANDARD = """
id = "street"
name = { en = "The street's own", zh = "街道自定" }
issued = "2024"

[sources]
M = { en = "An atlas", zh = "一本图集" }

[[requirements]]
id = "near_canteen"
name = { en = "Canteen", zh = "食堂" }
service_types = ["canteen"]
group = "adults"
walker = "adult"
limit = 165.0
unit = "m"
level = "shall"
wording = "firm"
clause = "1.1"
verified = "M"
source = "M"

[[requirements]]
id = "near_nursery"
name = { en = "Nursery", zh = "托育" }
service_types = ["nursery"]
group = "infants"
walker = "carer"
limit = 300.0
unit = "m"
level = "shall"
wording = "firm"
clause = "1.2"
verified = false
source = "Made up"
"""


@pytest.fixture
def standard(tmp_path):
    path = tmp_path / "street.toml"
    path.write_text(STANDARD, encoding="utf-8")
    return path


def place_canteen(x: float) -> str:
    edit = {"edit": "PlaceService", "id": 20, "types": ["canteen"], "x": WEST + x, "y": SOUTH + 5}
    return json.dumps({"schema": 1, "scenario": "second canteen", "edits": [edit]})


def scores(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_import_tells_what_it_took_each_layer_for(command, place, tmp_path):
    answer = command("import", tmp_path / "p.twin.gpkg", place)
    for words in ("Buildings", "buildings.gpkg", "Walkable streets", "Services", "EPSG:4547"):
        assert words in answer.out
    assert str(tmp_path / "p.twin.gpkg") in answer.out


def test_import_without_streets_needs_a_person_and_still_writes(command, place, tmp_path):
    (place / "streets.gpkg").unlink()
    assert command("import", tmp_path / "p.twin.gpkg", place).status == 1
    assert (tmp_path / "p.twin.gpkg").exists()


def test_what_cannot_be_scored_for_want_of_streets_is_not_assessed(command, place, tmp_path):
    (place / "streets.gpkg").unlink()
    command("import", tmp_path / "p.twin.gpkg", place)
    answer = command("assess", tmp_path / "p.twin.gpkg", "--json", tmp_path / "scores.json")
    assert answer.status == 1
    scores = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))
    assert {row["status"] for row in scores["requirements"]} == {"not_assessed"}
    assert "0%" not in answer.out
    rows = scores["requirements"]
    assert {row["why_not_assessed"] for row in rows} == {"no_streets", "not_surveyed"}
    assert {row["covered"] for row in rows} == {None}
    circle = scores["full_circle"]
    assert (circle["covered"], circle["share"]) == (None, None)
    # what the standard requires was not surveyed; the canteen, which it does not, was
    assert (circle["surveyed"], circle["why_not_assessed"]) == (0, "not_surveyed")
    assert "not assessed: no streets" in answer.out
    assert "not assessed: not surveyed" in answer.out
    assert "Full circle is not assessed: none of the" in answer.out


def test_a_building_five_kilometres_away_is_told(command, place, tmp_path):
    frame = gpd.read_file(place / "buildings.gpkg")
    sheds = frame.iloc[[0] * 60].assign(id=range(100, 160), use="other", residents=0.0)
    sheds["geometry"] = [house(20 + 6 * n, 100) for n in range(60)]
    far = frame.iloc[[0]].assign(id=9, geometry=[house(5000, 0)])
    pd.concat([frame, sheds, far]).to_file(place / "buildings.gpkg", driver="GPKG")
    answer = command("import", tmp_path / "p.twin.gpkg", place)
    assert "[9]" in answer.out


def test_check_writes_nothing(command, place, project):
    before = sorted(place.iterdir()), sorted(project.parent.iterdir())
    assert command("check", place).status == 0
    assert command("check", project).status == 0
    assert (sorted(place.iterdir()), sorted(project.parent.iterdir())) == before


def test_assess_scores_the_street(command, project, standard, tmp_path):
    # Walks: 10 to the street, along it, 5 to the canteen. From x = 50: 10 + 150 + 5 = 165, and
    # the limit of 165 is inclusive; from 150: 10 + 50 + 5 = 65; from 350: 165.
    out = tmp_path / "scores.json"
    answer = command("assess", project, "--standard", standard, "--json", out)
    assert answer.status == 0
    found = scores(out)
    assert found["schema"] == 4
    canteen, nursery = found["requirements"]
    assert (canteen["covered"], canteen["total"], canteen["share"]) == (60.0, 60.0, 1.0)
    assert (nursery["status"], nursery["share"]) == ("not_assessed", None)
    assert found["not_assessed"] == ["near_nursery"]


def test_a_walk_one_metre_beyond_the_limit_is_not_covered(command, project, standard, tmp_path):
    standard.write_text(STANDARD.replace("165.0", "164.0"), encoding="utf-8")
    command("assess", project, "--standard", standard, "--json", tmp_path / "scores.json")
    canteen = scores(tmp_path / "scores.json")["requirements"][0]
    assert (canteen["covered"], canteen["total"]) == (20.0, 60.0)


def test_assess_marks_what_nobody_checked(command, project, standard):
    lines = command("assess", project, "--standard", standard).out.splitlines()
    assert any(line.endswith("  1.1 **") and "100%" in line for line in lines)
    assert any(line.endswith("  1.2 *") and "not assessed" in line for line in lines)
    assert any(line.startswith("* ") for line in lines)
    assert any(line.startswith("** ") for line in lines)
    # the canteen shall be and is there; nobody surveyed the nursery, which shall be too
    assert any(line.startswith("Full circle rests on 1 of the 2 services") for line in lines)
    assert any("1 of the 1 limits was read in a secondary source (**)." in line for line in lines)


def test_assess_compares_walkers(command, project, standard):
    # 10 + 50 + 5 m from the home at x = 150, 165 m from the two others; at 0.9 m/s these take
    # 72 and 183 s, at 1.2 m/s 54 and 137.5 s
    found = json.loads(
        command(
            "assess", project, "--standard", standard, "--walkers", "adult,older",
            "--minutes", 3, "--json", "-",
        ).out
    )["by_walker"]["near_canteen"]  # fmt: skip
    covered = {walker: values["covered"] for walker, values in found["walkers"].items()}
    assert (found["limit"], found["unit"], covered) == (3, "min", {"adult": 60, "older": 20})
    table = command("assess", project, "--standard", standard, "--walkers", "all").out
    assert "By walker" in table
    assert "Wheelchair user" in table
    assert "A limit in metres is the same for every pace" in table
    timed = "--walkers", "adult,older", "--minutes", 3
    assert "every pace" not in command("assess", project, "--standard", standard, *timed).out
    refused = command("assess", project, "--walkers", "runner")
    assert refused.status == 2
    assert "frail_older" in refused.err
    refused = command("assess", project, "--walkers", "all", "--minutes", "0")
    assert refused.status == 2
    assert "above 0" in refused.err


def test_assess_counts_stairs_and_plans_where_asked(command, project, standard):
    # six storeys and no lift: metres stay what they are for who can climb
    answer = command("assess", project, "--standard", standard, "--door-to-door", "--planned")
    assert "Door to door" in answer.out
    assert "Planned services count as open" in answer.out
    json_ = command(
        "assess", project, "--standard", standard, "--door-to-door", "--planned", "--json", "-"
    ).out
    found = json.loads(json_)
    assert (found["door_to_door"], found["statuses"]) == (True, ["open", "planned"])
    assert found["requirements"][0]["covered"] == 60


def test_assess_without_a_table(command, project, standard):
    answer = command("assess", project, "--standard", standard, "--json", "-")
    assert json.loads(answer.out)["kind"] == "assessment"


def test_the_same_project_gives_the_same_json(command, project, tmp_path):
    for name in ("a.json", "b.json"):
        command("assess", project, "--json", tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_edit_makes_the_scenario_and_leaves_the_base(command, project, tmp_path):
    edits = tmp_path / "edits.json"
    edits.write_text(place_canteen(350), encoding="utf-8")
    assert command("edit", project, "--edits", edits).status == 0
    session = open_project(project).session()
    assert session.scenarios == ("base", "second canteen")
    assert session.district.services.ids.tolist() == [7]
    session.switch("second canteen")
    assert session.district.services.ids.tolist() == [7, 20]


def test_boundary_and_communities_are_drawn_by_edits(command, project, tmp_path):
    ring = [[WEST - 50, SOUTH - 50], [WEST + 500, SOUTH - 50], [WEST + 500, SOUTH + 100]]
    ring.append([WEST - 50, SOUTH + 100])
    edits = [
        {"edit": "DrawBoundary", "outline": ring},
        {"edit": "DrawCommunity", "outline": ring, "name": "Along the street"},
    ]
    path = tmp_path / "edits.json"
    path.write_text(json.dumps(edits), encoding="utf-8")
    answer = command("edit", project, "--edits", path, "--scenario", "drawn")
    assert answer.status == 0, answer
    session = open_project(project).session()
    session.switch("drawn")
    assert session.district.boundary.geometry[0].area == 550 * 150
    assert list(session.district.communities["name"]) == ["Along the street"]
    answer = command("assess", project, "--scenario", "drawn")
    assert answer.status < 2
    assert "Along the street" in answer.out


def test_edits_of_a_second_file_follow_those_of_the_first(command, project, tmp_path):
    edits = tmp_path / "edits.json"
    edits.write_text(place_canteen(350), encoding="utf-8")
    command("edit", project, "--edits", edits)
    edits.write_text('[{"edit": "RemoveService", "id": 7}]', encoding="utf-8")
    assert command("edit", project, "--edits", edits, "--scenario", "second canteen").status == 0
    session = open_project(project).session()
    session.switch("second canteen")
    assert session.district.services.ids.tolist() == [20]


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_access_gives_a_row_per_building_type_and_walker(command, project, tmp_path):
    out = tmp_path / "access.csv"
    answer = command("access", project, "--out", out, "--walker", "adult", "--walker", "older")
    assert answer.status == 0
    rows = rows_of(out)
    assert len(rows) == 3 * 1 * 2
    near = next(r for r in rows if r["building_id"] == "2" and r["walker"] == "adult")
    assert float(near["home_leg_m"]) == 10.0
    assert float(near["service_leg_m"]) == 5.0
    assert float(near["metres"]) == 65.0
    # Flat ground: an adult walks 1.2 m/s.
    assert float(near["minutes"]) == pytest.approx(65 / 1.2 / 60, abs=1e-4)
    assert (near["service_id"], near["service"], near["reason"]) == ("7", "食堂", "")


def test_access_gives_a_row_per_door_where_asked(command, project, tmp_path):
    out = tmp_path / "access.csv"
    answer = command("access", project, "--out", out, "--walker", "adult", "--doors")
    assert answer.status == 0
    assert "each door" in answer.out or "出入口" in answer.out
    assert {"entrance_id", "residents"} <= set(rows_of(out)[0])


def test_access_says_why_where_there_is_no_walk(command, project, tmp_path):
    out = tmp_path / "access.csv"
    command("access", project, "--out", out, "--service-type", "nursery", "--walker", "carer")
    assert {(r["metres"], r["service_id"], r["reason"]) for r in rows_of(out)} == {
        ("", "-1", "not_surveyed")
    }


def test_access_as_parquet_holds_the_same(command, project, tmp_path):
    for name in ("a.csv", "a.parquet"):
        command("access", project, "--out", tmp_path / name, "--walker", "adult")
    table = pd.read_parquet(tmp_path / "a.parquet")
    assert table["metres"].tolist() == [float(r["metres"]) for r in rows_of(tmp_path / "a.csv")]


def test_text_never_becomes_a_formula_of_a_spreadsheet(command, project, tmp_path):
    out = tmp_path / "access.csv"
    command("access", project, "--out", out, "--walker", "adult")
    assert [r["building"] for r in rows_of(out)] == ["'=SUM(A1)", "东楼", "West"]
    tamed = tame(pd.DataFrame({"text": ["+1", "-1", "@a", "=1", "a=1", ""], "number": [-1.0] * 6}))
    assert tamed["text"].tolist() == ["'+1", "'-1", "'@a", "'=1", "a=1", ""]
    assert tamed["number"].tolist() == [-1.0] * 6


@pytest.mark.parametrize("name", ["all.gpkg", "folder"])
def test_an_export_can_be_imported_again(name, command, project, tmp_path):
    assert command("export", project, "--out", tmp_path / name).status == 0
    again = tmp_path / "again.twin.gpkg"
    assert command("import", again, tmp_path / name).status == 0
    first, second = open_project(project).district, open_project(again).district
    assert first.buildings.ids.tolist() == second.buildings.ids.tolist()
    assert first.buildings["residents"].tolist() == second.buildings["residents"].tolist()
    assert first.services["name"].tolist() == second.services["name"].tolist()


def test_an_export_holds_the_scenario(command, project, tmp_path):
    edits = tmp_path / "edits.json"
    edits.write_text(place_canteen(350), encoding="utf-8")
    command("edit", project, "--edits", edits)
    out = tmp_path / "all.gpkg"
    command("export", project, "--out", out, "--scenario", "second canteen")
    assert gpd.read_file(out, layer="services")["id"].tolist() == [7, 20]


@pytest.mark.parametrize(("suffix", "head"), [(".pdf", b"%PDF-"), (".html", b"<!")])
def test_a_report_is_written_whole(suffix, head, command, project, tmp_path):
    out = tmp_path / f"report{suffix}"
    assert command("report", project, "--out", out).status == 0
    assert out.read_bytes().startswith(head)


def test_the_help_lists_the_verbs_and_no_other(command):
    answer = command()
    listed = [line.split()[0] for line in answer.out.splitlines() if line.startswith("    ")]
    names = [verb.name for verb in HEADLESS_VERBS]
    assert [name for name in listed if name in names] == names
    assert "open" not in listed
    assert "render" not in listed


def test_python_minus_m_twin_is_the_headless_command(project):
    asked = [sys.executable, "-m", "twin", "--language", "zh_CN", "check", str(project)]
    answer = subprocess.run(asked, capture_output=True, encoding="utf-8", check=False)
    assert answer.returncode == 0
    assert answer.stderr == ""
    assert "建筑" in answer.stdout


def test_an_outline_layer_of_points_alone_is_no_place(command, tmp_path):
    write(tmp_path / "trees.geojson", {"id": [1]}, [house(0, 0).centroid])
    answer = command("import", tmp_path / "p.twin.gpkg", tmp_path / "trees.geojson")
    assert answer.status in (1, 2)


def test_assess_tells_how_sure_the_shares_are(command, project, standard):
    # In metres and with surveyed doors and people nothing is unsure; without doors the walks are.
    answer = command("assess", project, "--standard", standard, "--intervals", "--json", "-")
    found = json.loads(answer.out)
    near = found["confidence"]["requirements"]["near_canteen"]
    share = found["requirements"][0]["share"]
    assert near["low"] <= share <= near["high"]
    assert found["confidence"]["requirements"]["near_nursery"] is None
    assert {one["cause"] for one in found["confidence"]["surveys"]} <= {
        "doors",
        "residents",
        "ages",
    }
    told = command("assess", project, "--standard", standard, "--intervals").out
    assert "A survey of one thing" in told or "so they have no interval" in told


def test_assess_looks_at_an_hour_and_refuses_one_that_is_none(command, project, standard):
    answer = command(
        "assess", project, "--standard", standard, "--at", "Tu 10:30", "--json", "-"
    )  # fmt: skip
    assert json.loads(answer.out)["when"] == "Tu 10:30"
    refused = command("assess", project, "--standard", standard, "--at", "noon")
    assert refused.status == 2
    assert "noon" in refused.err


def test_assess_takes_the_people_of_another_year(command, project, standard, tmp_path):
    factors = tmp_path / "people.toml"
    factors.write_text('year = 2040\nsource = "Plan"\n[factors]\nage_18_59 = 0.5\n', "utf-8")
    answer = command(
        "assess", project, "--standard", standard, "--population", factors, "--json", "-"
    )
    values = json.loads(answer.out)
    assert (values["year"], values["phase"]) == (2040, 2040)  # one year: people and phases
    apart = "--population", factors, "--year", 2030
    refused = command("assess", project, "--standard", standard, *apart)
    assert refused.status == 2
    assert "2030" in refused.err
    assert "2040" in refused.err
    missing = tmp_path / "none.toml"
    assert command("assess", project, "--standard", standard, "--population", missing).status == 2


def test_a_year_counts_the_people_that_the_data_states_for_it(command, place, standard, tmp_path):
    # One community around the homes of 10, 20 and 30 people: 60 now, 90 in 2035, 120 in 2045. The
    # two homes within 150 m of the canteen hold half of them in any year.
    around = shapely.box(WEST - 50, SOUTH - 50, WEST + 450, SOUTH + 200)
    columns = {"社区名称": ["幸福"], "常住人口": [60], "规划人口2035": [90], "2045年人口": [120]}
    write(place / "社区.gpkg", columns, [around])
    path = tmp_path / "years.twin.gpkg"
    assert command("import", path, place).status == 0

    def people(*asked):
        words = "assess", path, "--standard", standard, *asked
        values = json.loads(command(*words, "--json", "-").out)
        return values["people"]["total"], values["people_from"], command(*words).out

    assert people()[:2] == (60, "now")
    total, source, said = people("--year", 2035)
    assert (total, source) == (90, "data")
    assert "people of 2035, as the data states them" in said
    total, source, said = people("--year", 2040)
    assert (total, source) == (105, "between")
    assert "estimated between years of the data" in said
    assert people("--year", 2050)[:2] == (60, "now")
    assert people("--year", 2035, "--population", "now")[:2] == (60, "now")
    report = tmp_path / "report.html"
    assert (
        command("report", path, "--standard", standard, "--year", 2040, "--out", report).status < 2
    )
    assert "estimated between years of the data" in report.read_text("utf-8")


def test_what_an_edits_file_adds_without_an_id_is_given_a_free_one(command, project, tmp_path):
    place = {"edit": "PlaceService", "types": ["nursery"], "x": 500050.0, "y": 3500000.0}
    path = tmp_path / "edits.json"
    path.write_text(json.dumps([place, {**place, "id": 9}, place, {**place, "id": 11}]), "utf-8")
    answer = command("edit", project, "--edits", path, "--scenario", "more")
    assert answer.status == 0
    given = [int(line.rsplit(" ", 1)[1]) for line in answer.out.splitlines() if "given" in line]
    assert len(given) == len(set(given)) == 2
    assert not {9, 11} & set(given)


def test_scores_are_written_to_their_meaning(command, project, standard):
    # 60 people in three homes; a third of them is 0.333333, not sixteen digits.
    short = standard.read_text(encoding="utf-8").replace("165.0", "164.0")
    standard.write_text(short, encoding="utf-8")
    found = json.loads(command("assess", project, "--standard", standard, "--json", "-").out)
    assert found["requirements"][0]["share"] == 0.333333
    assert found["requirements"][0]["covered"] == 20.0


def test_every_verb_that_scores_says_in_its_title_what_it_looks_at(command, project, standard):
    asked = "--standard", standard, "--at", "Su 21:00", "--planned"
    assert "Sunday 21:00 · planned services open" in command("assess", project, *asked).out
    assert "Sunday 21:00" in command("explain", project, *asked).out.splitlines()[0]
    assert "Sunday 21:00" in command("compare", project, "base", "base", *asked).out
    values = json.loads(command("explain", project, *asked, "--json", "-").out)
    assert values["looked_at"]["when"] == "Su 21:00"
    now = command("assess", project, "--standard", standard).out
    assert "Sunday" not in now


def test_a_phase_leaves_out_what_comes_later_and_says_so(command, project, standard, tmp_path):
    east = {"edit": "PlaceService", "types": ["nursery"], "x": 500_295.0, "y": 3_500_000.0}
    path = tmp_path / "edits.json"
    path.write_text(json.dumps([{**east, "id": 50, "year": 2030}]), "utf-8")
    assert command("edit", project, "--edits", path, "--scenario", "phased").status == 0
    found = {}
    for year in (2029, 2030):
        asked = "--standard", standard, "--scenario", "phased", "--year", year
        values = json.loads(command("assess", project, *asked, "--json", "-").out)
        assert values["phase"] == year
        found[year] = values["not_assessed"]
        assert f"phases until {year}" in command("assess", project, *asked).out.splitlines()[0]
    assert found == {2029: ["near_nursery"], 2030: []}
