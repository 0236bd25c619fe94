"""An office's own data files (``--data``): used, told, and refused by file, row and field."""

import json
import shutil

import pytest

from tests.cli.conftest import point, write
from tests.cli.test_verbs import STANDARD
from tests.twin.test_extension import TYPE, WALKER, own_folder

BATH = (
    STANDARD.replace('"canteen"', '"bathhouse"').replace('"adult"', '"pilgrim"')
    .replace("limit = 165.0", "limit = 4.0").replace('unit = "m"', 'unit = "min"')
    .replace("near_canteen", "bath")
)  # fmt: skip
TOLD = "Own data files used: service_types.toml with bathhouse (SHA-256 "


@pytest.fixture
def office(tmp_path):
    folder = own_folder(tmp_path / "office", service_types=TYPE, walkers=WALKER)
    (folder / "bath.toml").write_text(BATH, encoding="utf-8")
    return folder


@pytest.fixture
def bathed(place, tmp_path, command, office):
    """A project whose only service is a bathhouse, of a type that the office's file knows."""
    rows = {"id": [7], "name": ["浴室"], "types": ["bathhouse"], "status": ["open"]}
    write(place / "services.gpkg", rows, [point(200, -5)])
    path = tmp_path / "bath.twin.gpkg"
    answer = command("import", path, place, "--surveyed", "bathhouse", "--data", office)
    assert answer.status in (0, 1), answer.err
    return path


def test_a_standard_that_names_an_own_type_and_walker_scores(bathed, office, tmp_path, command):
    # from x = 50: 10 + 150 + 5 m at 0.5 m/s = 5.5 min; from 150: 65 m, 2.2 min; from 350: 5.5 min
    asked = (bathed, "--standard", office / "bath.toml")
    refused = command("assess", *asked)
    assert refused.status == 2
    assert "bathhouse" in refused.err
    file = tmp_path / "scores.json"
    answer = command("assess", *asked, "--data", office, "--json", file)
    assert TOLD in answer.out
    found = json.loads(file.read_text(encoding="utf-8"))
    assert (found["requirements"][0]["covered"], found["requirements"][0]["total"]) == (20, 60)
    assert [one["entries"] for one in found["own_data"]] == [["bathhouse"], ["pilgrim"]]
    for verb, *more in (("explain", "--requirement", "bath"), ("compare", "base", "base")):
        words = [verb, bathed, *more, *asked[1:], "--data", office]
        assert TOLD in command(*words).out
        told = json.loads(command(*words, "--json", "-").out)["own_data"]
        assert told == found["own_data"]
    page = tmp_path / "report.html"
    command("report", *asked, "--data", office, "--out", page)
    assert TOLD in page.read_text(encoding="utf-8")
    table = tmp_path / "walks.csv"
    command("access", bathed, "--out", table, "--walker", "pilgrim", "--data", office)
    assert "pilgrim" in table.read_text(encoding="utf-8-sig")


def test_a_project_with_types_of_an_office_is_told_of_without_its_table(bathed, tmp_path, command):
    assert "bathhouse" in command("catalogue", bathed).out
    for verb, *more in (("check",), ("assess",), ("report", "--out", tmp_path / "report.html")):
        answer = command(verb, bathed, *more)
        assert answer.status in (0, 1), answer.err


def test_without_own_files_nothing_is_said_of_them(project, command):
    answer = command("assess", project)
    assert "Own data" not in answer.out
    assert json.loads(command("assess", project, "--json", "-").out)["own_data"] == []


def test_what_is_wrong_with_the_folder_is_said_before_anything_is_done(project, office, command):
    shutil.copy(office / "walkers.toml", office / "readiness.toml")
    answer = command("--data", office, "assess", project)
    assert (answer.status, answer.out) == (2, "")
    assert f"{office / 'readiness.toml'} cannot be replaced" in answer.err
    (office / "readiness.toml").unlink()
    own_folder(office, walkers=WALKER.replace("0.5", '"slow"'))
    answer = command("assess", project, "--data", office)
    assert (answer.status, answer.out) == (2, "")
    named = (
        f"{office / 'walkers.toml'}, row “pilgrim”: the field “speed_mps” must be a number above 0"
    )
    assert named in answer.err
    answer = command("assess", project, f"--data={office / 'nowhere'}")
    assert (answer.status, answer.out) == (2, "")
    assert "nowhere is no folder with data files" in answer.err


def test_a_standard_in_the_folder_scores_by_its_id(bathed, office, command):
    own_folder(office / "standards", bath=BATH)
    wanted = next(line.split('"')[1] for line in BATH.splitlines() if line.startswith("id ="))
    answer = command("assess", bathed, "--standard", wanted, "--data", office, "--json", "-")
    assert json.loads(answer.out)["standard"]["id"] == wanted
    own_folder(office / "standards", bath=BATH.replace("limit = 4.0", "limit = 0"))
    refused = command("assess", bathed, "--standard", "bath", "--data", office)
    assert refused.status == 2
    assert "bath.toml, row “bath”: the field “limit”" in refused.err
