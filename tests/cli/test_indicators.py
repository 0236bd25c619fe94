"""``assess --indicators`` on the street of the conftest: one canteen, 60 people.

They walk 165, 65 and 165 m (10, 20 and 30 people); the canteen has the 200 places of a new one.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

STANDARD = """
id = "own"
name = { en = "Own", zh = "自定" }
issued = "2026"
[sources]
M = "made up"
[[requirements]]
id = "meals"
name = { en = "Meals", zh = "助餐" }
service_types = ["canteen"]
group = "all"
walker = "adult"
limit = 200.0
unit = "m"
level = "shall"
wording = "firm"
clause = "1"
verified = "M"
source = "M"
"""


@pytest.fixture
def standard(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(STANDARD, encoding="utf-8")
    return path


@pytest.fixture
def roomy(project: Path, tmp_path: Path, command: Command) -> Path:
    """The same project, its canteen with 200 places."""
    edits = tmp_path / "places.json"
    edits.write_text('[{"edit": "ChangeService", "id": 7, "values": {"capacity": 200.0}}]')
    assert command("edit", project, "--edits", edits, "--scenario", "roomy").status in (0, 1)
    return project


def test_a_table_for_each_indicator(roomy: Path, standard: Path, command: Command) -> None:
    asked = "--standard", standard, "--indicators", "--scenario", "roomy"
    answer = command("assess", roomy, *asked)
    lines = [" ".join(line.split()) for line in answer.out.splitlines()]
    assert "Meals ** 60 60 0 0" in lines  # ask, served, turned away, none within the limit
    assert "Meals ** 100% 60 食堂" in lines  # all hang on the one canteen
    assert any(line.startswith("Depth of choice") for line in lines)


def test_nobody_is_turned_away_from_places_that_nobody_counted(
    project: Path, standard: Path, command: Command
) -> None:
    out = command("assess", project, "--standard", standard, "--indicators").out
    assert "Depth of choice" in out
    assert "Turned away" not in out
    assert "Too full" not in out


def test_json_has_them_where_they_are_asked_for(
    roomy: Path, standard: Path, tmp_path: Path, command: Command
) -> None:
    out = tmp_path / "scores.json"
    assert command(
        "assess", roomy, "--standard", standard, "--scenario", "roomy", "--indicators",
        "--json", out,
    ).status in (0, 1)  # fmt: skip
    (use,) = json.loads(out.read_text(encoding="utf-8"))["indicators"]["use"]["services"]
    assert (use["assigned"], use["capacity"], use["capacity_known"]) == (60, 200, True)
    command("assess", roomy, "--standard", standard, "--json", out)
    assert "indicators" not in json.loads(out.read_text(encoding="utf-8"))
