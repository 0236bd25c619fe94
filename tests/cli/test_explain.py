"""``explain`` on a street that anyone can walk through in the head."""

from __future__ import annotations

import json


def test_full_circle_is_explained_where_nothing_is_named(command, project):
    answer = command("explain", project)
    assert answer.status in (0, 1), answer.err
    assert "Full circle" in answer.out


def test_a_home_tells_its_walk_and_what_would_help(command, project):
    # from x = 350 to x = 200 along the street, legs of 10 and 5 m: 165 m
    answer = command("explain", project, "--building", 3, "--requirement", "canteen", "--json", "-")
    told = json.loads(answer.out)
    assert (told["kind"], told["figure"]) == ("account", "165\u00a0m")
    assert len(told["route"]) >= 4
    assert "食堂" in answer.out


def test_what_is_not_there_is_refused_in_one_line(command, project):
    for words, said in (
        (("--building", 99), "nobody lives in building 99"),
        (("--service", 99), "there is no service 99"),
        (("--requirement", "spaceport"), "spaceport"),
        (("--indicator", "luck"), "luck"),
        (("--community", "Atlantis"), "Atlantis"),
        (("--service", 7, "--building", 1), "--service goes with neither"),
    ):
        answer = command("explain", project, *words)
        assert answer.status == 2
        assert said in answer.err
        assert "Traceback" not in answer.err


def test_an_account_is_written_to_a_file_too(command, project, tmp_path):
    out = tmp_path / "why.json"
    answer = command("explain", project, "--service", 7, "--json", out)
    assert answer.status in (0, 1), answer.err
    assert json.loads(out.read_text())["subject"] == "service"
