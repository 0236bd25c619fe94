"""The data catalogue on the command line."""

import json

from layers.project import read_project


def test_the_catalogue_of_a_project_in_tables_json_and_csv(command, project, tmp_path):
    answer = command(
        "catalogue", project, "--json", tmp_path / "c.json", "--csv", tmp_path / "c.csv"
    )
    assert answer.status == 0
    assert "What the data is fit for" in answer.out
    values = json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))
    assert values["kind"] == "data_catalogue"
    assert {one["role"] for one in values["layers"]} >= {"buildings", "streets"}
    lines = (tmp_path / "c.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("role,file,layer,crs")


def test_owner_and_licence_are_kept_in_the_project(command, project):
    file = read_project(project).sources[0].file
    answer = command(
        "catalogue", project, "--owner", f"{file}=区规划局", "--licence", f"{file}=内部使用"
    )
    assert answer.status == 0
    source = read_project(project).sources[0]
    assert (source.owner, source.licence) == ("区规划局", "内部使用")


def test_a_layer_that_is_not_there_is_refused(command, project):
    answer = command("catalogue", project, "--owner", "nothing=me")
    assert answer.status == 2
    assert len(answer.err.strip().splitlines()) == 1
