"""``compare`` on a street with three homes: a second canteen for the farthest."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import SOUTH, WEST


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


def test_the_same_as_json_both_ways_round(command, with_plan):
    there = json.loads(command("compare", with_plan, "base", "second", "--json", "-").out)
    back = json.loads(command("compare", with_plan, "second", "base", "--json", "-").out)
    assert there["kind"] == "comparison"
    assert there["differences"] == [{"kind": "placed", "count": 1, "service_type": "canteen"}]
    for one, other in zip(there["requirements"], back["requirements"], strict=True):
        assert (one["gained"], one["lost"]) == (other["lost"], other["gained"])


def test_an_unknown_scenario_is_refused(command, with_plan):
    answer = command("compare", with_plan, "base", "third")
    assert answer.status == 2
    assert "third" in answer.err
