"""``compare`` on a street with three homes: a second canteen for the farthest."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import SOUTH, WEST

OWN = """
id = "own"
name = { en = "Own", zh = "自定" }
issued = "2024"
[[requirements]]
id = "meals"
name = { en = "Meals", zh = "助餐" }
service_types = ["canteen"]
group = "all"
walker = "adult"
limit = 100.0
unit = "m"
level = "shall"
wording = "firm"
clause = "1"
verified = false
source = "Made up"
"""


@pytest.fixture
def with_plan(command, project, tmp_path):
    edits = tmp_path / "edits.json"
    place = {"edit": "PlaceService", "id": 8, "types": ["canteen"], "x": WEST + 340, "y": SOUTH - 5}
    edits.write_text(json.dumps([place]))
    answer = command("edit", project, "--edits", edits, "--scenario", "second")
    assert answer.status in (0, 1), answer.err
    return project


def test_what_a_second_canteen_brings_is_said_in_a_sentence_and_a_table(command, with_plan):
    answer = command("compare", with_plan, "base", "second")
    assert answer.status in (0, 1), answer.err
    assert answer.out.startswith("One new community canteen: ")
    assert "nobody loses" in answer.out


def test_both_the_table_and_the_sentence_mark_what_nobody_checked(command, with_plan, tmp_path):
    standard = tmp_path / "own.toml"
    standard.write_text(OWN, encoding="utf-8")
    answer = command("compare", with_plan, "base", "second", "--standard", standard)
    assert answer.status in (0, 1), answer.err
    sentence, *lines = answer.out.splitlines()
    assert sentence.endswith("30 more residents within 100\u00a0m of: meals\u00a0*; nobody loses.")
    assert any(line.startswith("Meals\u00a0*") for line in lines)
    assert "* limit not yet checked against any source" in lines
    assert not any(line.startswith("**") for line in lines)
    (circle,) = (line for line in lines if line.startswith("Full circle rests on all 1"))
    assert "1 of the 1 limits has not been checked against any source (*)." in circle
    # The home that has no canteen stands by the edge of the map.
    assert "≥ a lower bound: 10 residents outside it may be inside" in circle
    assert any(line.startswith("≥ a lower bound: some types") for line in lines)
    (everyone,) = (line for line in lines if line.startswith("All residents"))
    assert everyone.count("≥") == 2


def test_json_tells_which_shares_are_lower_bounds(command, with_plan, tmp_path):
    standard = tmp_path / "own.toml"
    standard.write_text(OWN, encoding="utf-8")
    options = "--standard", standard, "--json", "-"
    found = json.loads(command("compare", with_plan, "base", "second", *options).out)
    both = {"before": True, "after": True}
    assert found["full_circle"]["all"]["lower_bound"] == both
    assert [one["lower_bound"] for one in found["requirements"]] == [both]


def test_the_same_as_json_both_ways_round(command, with_plan):
    there = json.loads(command("compare", with_plan, "base", "second", "--json", "-").out)
    back = json.loads(command("compare", with_plan, "second", "base", "--json", "-").out)
    assert there["kind"] == "comparison"
    (placed,) = there["differences"]
    assert (placed["kind"], placed["count"]) == ("placed", 1)
    assert (placed["service_type"], placed["service_types"]) == ("canteen", ["canteen"])
    for one, other in zip(there["requirements"], back["requirements"], strict=True):
        assert (one["gained"], one["lost"]) == (other["lost"], other["gained"])


def test_an_unknown_scenario_is_refused(command, with_plan):
    answer = command("compare", with_plan, "base", "third")
    assert answer.status == 2
    assert "third" in answer.err
