"""Whatever cannot be done is refused with status 2 and a clear line, and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path

import pyogrio
import pytest

from tests.cli.conftest import Answer, house, write
from twin.cli import main


def assert_refused(answer: Answer, *words: str) -> None:
    assert answer.status == 2
    assert answer.out == ""
    assert answer.err.count("\n") == 1
    assert "Traceback" not in answer.err
    for word in words:
        assert word in answer.err


def test_a_missing_project(command, tmp_path):
    assert_refused(command("assess", tmp_path / "none.twin.gpkg"), "none.twin.gpkg")


def test_a_file_that_is_no_project(command, tmp_path):
    path = tmp_path / "letter.twin.gpkg"
    path.write_text("Dear planner, ...", encoding="utf-8")
    assert_refused(command("assess", path), "letter.twin.gpkg")


@pytest.mark.parametrize("verb", ["import", "check"])
def test_layers_that_are_no_gis_data(verb, command, tmp_path):
    letter = tmp_path / "letter.gpkg"
    letter.write_text("Dear planner, ...", encoding="utf-8")
    out = [tmp_path / "out.twin.gpkg"] if verb == "import" else []
    assert_refused(command(verb, *out, letter), "letter.gpkg")
    assert list(tmp_path.iterdir()) == [letter]


@pytest.mark.parametrize("verb", ["import", "check"])
def test_a_missing_layer(verb, command, tmp_path):
    out = [tmp_path / "out.twin.gpkg"] if verb == "import" else []
    assert_refused(command(verb, *out, tmp_path / "houses.gpkg"), "houses.gpkg")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("verb", ["import", "check"])
def test_every_layer_that_is_none_is_named(verb, command, tmp_path):
    letters = [tmp_path / "letter.gpkg", tmp_path / "houses.geojson"]
    for letter in letters:
        letter.write_text("Dear planner, ...", encoding="utf-8")
    out = [tmp_path / "out.twin.gpkg"] if verb == "import" else []
    answer = command(verb, *out, *letters)
    assert answer.status == 2
    lines = answer.err.splitlines()
    assert len(lines) == len(letters)
    assert all(letter.name in line for letter, line in zip(letters, lines, strict=True))


def test_a_lone_layer_without_crs_says_which(command, tmp_path):
    layer = write(tmp_path / "buildings.gpkg", {"id": [1]}, [house(0, 0)], crs=None)
    out = tmp_path / "out.twin.gpkg"
    assert_refused(command("import", out, layer), "buildings")
    assert not out.exists()


def test_a_project_to_write_that_is_not_called_one(command, place, tmp_path):
    assert_refused(command("import", tmp_path / "out.gpkg", place), "out.gpkg", ".twin.gpkg")
    assert not (tmp_path / "out.gpkg").exists()


def test_a_crs_that_does_not_exist(command, place, tmp_path):
    answer = command("import", tmp_path / "o.twin.gpkg", place, "--crs", "EPSG:1")
    assert_refused(answer, "EPSG:1")


def test_a_role_that_does_not_exist(command, place, tmp_path):
    answer = command("import", tmp_path / "o.twin.gpkg", place, "--role", "houses=houses")
    assert_refused(answer, "houses=houses", "buildings")


def test_a_scenario_that_does_not_exist_names_those_that_do(command, project):
    assert_refused(command("assess", project, "--scenario", "Utopia"), "Utopia", "base")


def test_a_standard_that_does_not_exist_names_those_that_do(command, project):
    assert_refused(command("assess", project, "--standard", "iso-1"), "iso-1", "gb50180-2018")


@pytest.mark.parametrize(
    ("verb", "name"),
    [("access", "a.xlsx"), ("report", "r.odt"), ("export", "e.shp")],
)
def test_a_kind_of_file_that_nobody_writes(verb, name, command, project, tmp_path):
    assert_refused(command(verb, project, "--out", tmp_path / name), name)
    assert not (tmp_path / name).exists()


def test_a_folder_to_write_to_that_does_not_exist(command, project, tmp_path):
    answer = command("access", project, "--out", tmp_path / "nowhere" / "a.csv")
    assert_refused(answer, "nowhere")


EDITS = {
    "no JSON": "[{",
    "no list": "{}",
    "an empty list": "[]",
    "an unknown kind": '[{"edit": "Demolish", "id": 1}]',
    "a missing field": '[{"edit": "PlaceService", "id": 20, "types": ["canteen"]}]',
    "an unknown type": '[{"edit": "PlaceService", "id": 20, "types": ["casino"], "x": 0, "y": 0}]',
    "a vanished target": '[{"edit": "RemoveService", "id": 999}]',
    "an id that no table can hold": '[{"edit": "RemoveService", "id": 99999999999999999999}]',
    "a scenario without a name": '{"scenario": 5, "edits": [{"edit": "RemoveService", "id": 7}]}',
    "another schema": '{"schema": 99, "edits": [{"edit": "RemoveService", "id": 7}]}',
}


@pytest.mark.parametrize("content", EDITS.values(), ids=EDITS.keys())
def test_edits_that_mean_nothing(content, command, project, tmp_path):
    before = project.read_bytes()
    path = tmp_path / "edits.json"
    path.write_text(content, encoding="utf-8")
    assert_refused(command("edit", project, "--edits", path))
    assert project.read_bytes() == before


def test_all_edits_or_none(command, project, tmp_path):
    before = project.read_bytes()
    edits = [{"edit": "RemoveService", "id": 7}, {"edit": "RemoveService", "id": 7}]
    path = tmp_path / "edits.json"
    path.write_text(json.dumps(edits), encoding="utf-8")
    assert_refused(command("edit", project, "--edits", path), "Edit 2", "7")
    assert project.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ((), "VERB"),
        (("fly",), "fly"),
        (("assess",), "PROJECT"),
        (("assess", "p", "--quickly"), "--quickly"),
        (("assess", "p", "--scenario"), "--scenario"),
    ],
)
def test_wrong_usage(words, named, command):
    if not words:
        assert named in command().out  # nothing typed: the help, and nothing done
        return
    assert_refused(command(*words), named)


def test_a_refusal_speaks_the_language_that_was_asked_for(capsys, tmp_path):
    from twin.cli import main

    assert main(["assess", str(tmp_path / "none.twin.gpkg"), "--language", "zh_CN"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("无法执行：")
    assert "none.twin.gpkg" in said


def test_a_full_disk_leaves_the_old_project_whole(command, project, place, monkeypatch):
    before = project.read_bytes()

    def full(*_paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("layers.files.saving.os.replace", full)
    assert_refused(command("import", project, place, "--replace"), "the disk is full")
    assert project.read_bytes() == before
    assert not [path for path in Path(project.parent).iterdir() if path.name.startswith(".")]


def test_what_is_read_is_never_written_over(command, project, place, tmp_path):
    """Whichever verb, whichever option: the file keeps every byte."""
    layer = next(path for path in sorted(place.rglob("*")) if path.is_file())
    before = project.read_bytes(), layer.read_bytes()
    assert_refused(command("export", project, "--out", project), project.name)
    assert_refused(command("assess", project, "--json", project), project.name)
    assert_refused(command("explain", project, "--json", project), project.name)
    assert_refused(command("compare", project, "base", "base", "--json", project), project.name)
    assert_refused(command("catalogue", project, "--csv", project), project.name)
    assert_refused(command("check", layer, "--save-map", layer), layer.name)
    assert (project.read_bytes(), layer.read_bytes()) == before


def test_a_project_that_is_there_is_written_over_only_where_that_is_asked_for(
    command, project, place, tmp_path
):
    other = tmp_path / "other.twin.gpkg"
    other.write_bytes(project.read_bytes())
    before = other.read_bytes()
    assert_refused(command("import", other, place), other.name, "--replace", "update")
    assert_refused(command("export", project, "--out", other), other.name)
    assert other.read_bytes() == before
    assert command("import", other, place, "--replace").status in (0, 1)
    assert other.read_bytes() != before


def test_a_service_far_from_everything_needs_a_person(command, project, tmp_path):
    edits = tmp_path / "edits.json"
    far = {"edit": "PlaceService", "types": ["canteen"], "x": 0.0, "y": 0.0, "id": 77}
    edits.write_text(json.dumps([far]), encoding="utf-8")
    answer = command("edit", project, "--edits", edits)
    assert answer.status == 1
    assert "service 77 has nothing to walk on" in answer.err


def test_an_export_that_cannot_be_finished_leaves_the_folder_as_it_was(
    command, project, tmp_path, monkeypatch
):
    folder = tmp_path / "layers.v2"
    folder.mkdir()
    (folder / "streets.geojson").write_text("older", encoding="utf-8")
    write = pyogrio.write_dataframe

    def full(frame, path, **settings):
        if "streets" in str(path):
            raise pyogrio.errors.FeatureError("Could not add feature")
        write(frame, path, **settings)

    monkeypatch.setattr(pyogrio, "write_dataframe", full)
    assert_refused(command("export", project, "--out", folder / "new"), "Could not add feature")
    assert [path.name for path in folder.iterdir()] == ["streets.geojson"]
    assert (folder / "streets.geojson").read_text(encoding="utf-8") == "older"


def test_what_the_system_answers_is_said_in_the_users_language(capsys, tmp_path):
    assert main(["assess", "x.twin.gpkg", "--json", str(tmp_path), "--language", "zh_CN"]) == 2
    assert main(["report", "x.twin.gpkg", "--out", "/proc/no/r.pdf", "--language", "zh_CN"]) == 2
    assert "没有这样的文件或文件夹" in capsys.readouterr().err


def test_minutes_without_walkers_to_compare(command, project):
    assert_refused(command("assess", project, "--minutes", 5), "--walkers")
