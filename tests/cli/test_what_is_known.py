"""What a person knows better than the files: the boundary, and what was surveyed."""

import json

import geopandas as gpd
import pytest
import shapely

from layers.project import read_project
from tests.cli.conftest import CRS, SOUTH, WEST
from twin.model.catalogues import service_types


@pytest.fixture
def imported(command, place, tmp_path):
    """Import the place with some more words; the answer and the project."""

    def _imported(*words):
        path = tmp_path / "known.twin.gpkg"
        answer = command("import", path, place, "--replace", *words)
        return answer, path

    return _imported


def status_of(command, path, requirement, tmp_path):
    scores = tmp_path / "scores.json"
    command("assess", path, "--json", scores)
    told = json.loads(scores.read_text(encoding="utf-8"))
    [one] = [one for one in told["requirements"] if requirement in one["service_types"]]
    return one["status"], one["share"]


def test_a_type_that_somebody_looked_for_in_vain_is_missing_not_unknown(
    command, imported, tmp_path
):
    _, path = imported()
    assert status_of(command, path, "pharmacy", tmp_path) == ("not_assessed", None)
    answer, path = imported("--surveyed", "pharmacy,park")
    assert answer.status < 2
    assert set(read_project(path).surveyed) == {"canteen", "park", "pharmacy"}
    assert status_of(command, path, "pharmacy", tmp_path) == ("assessed", 0.0)
    told = command("catalogue", path).out
    names = {one: service_types()[one].name for one in ("canteen", "park", "pharmacy")}
    assert f"Surveyed, and there are some: {names['canteen']}\n" in told
    assert f"Surveyed, and none exists: {names['park']}, {names['pharmacy']}\n" in told


def test_a_type_that_occurs_by_chance_was_not_surveyed(command, imported, tmp_path):
    _, path = imported("--not-surveyed", "canteen")
    assert read_project(path).surveyed == ()


def test_all_types_at_once(imported):
    _, path = imported("--surveyed", "all")
    assert set(read_project(path).surveyed) == set(service_types())


def test_a_type_that_is_none_is_refused(imported):
    answer, path = imported("--surveyed", "canteen,casino")
    assert answer.status == 2
    assert "casino" in answer.err
    assert not path.exists()


def test_a_boundary_from_a_file_goes_first_and_cuts_nothing(imported, tmp_path):
    shape = shapely.box(WEST, SOUTH, WEST + 200, SOUTH + 100)
    file = tmp_path / "范围.geojson"
    gpd.GeoDataFrame(geometry=[shape], crs=CRS).to_crs(4326).to_file(file)
    _, path = imported("--boundary", file)
    project = read_project(path)
    assert project.layers["boundary"].area.sum() == pytest.approx(20_000, rel=1e-4)
    assert len(project.layers["buildings"]) == 3
    assert "buildings_outside" in {problem.key for problem in project.problems}


def test_a_boundary_that_holds_no_polygon_is_refused(imported, place):
    answer, path = imported("--boundary", place / "streets.gpkg")
    assert answer.status == 2
    assert len(answer.err.strip().splitlines()) == 1
    assert not path.exists()


def test_the_halo_is_what_the_person_says(imported):
    def needed(path):
        return {
            problem.key: problem.facts["needed_m"]
            for problem in read_project(path).problems
            if "needed_m" in problem.facts
        }

    # Streets end with the boundary, or 50 m before it.
    assert needed(imported("--halo", "1500")[1])["streets_end_early"] == 1500
    assert needed(imported("--halo", "0")[1]) == {}


def test_a_halo_beyond_any_walk_is_refused(imported):
    assert imported("--halo", "50000")[0].status == 2


def test_an_encoding_that_a_file_lies_about_is_said(command, place, tmp_path):
    signs = "時計台公園中央広場喫茶店電気屋"
    names = [f"{sign}{other}" for sign in signs for other in signs]
    squares = [shapely.box(WEST + n, SOUTH, WEST + n + 1, SOUTH + 1) for n in range(len(names))]
    parks = gpd.GeoDataFrame({"name": names}, geometry=squares, crs=CRS)
    (tmp_path / "in").mkdir()
    parks.to_file(tmp_path / "in" / "green.shp", encoding="cp932")
    (tmp_path / "in" / "green.cpg").write_text("UTF-8")
    words = ("--role", "green=green", "--encoding")
    path = tmp_path / "known.twin.gpkg"
    answer = command("import", path, place, tmp_path / "in" / "green.shp", *words, "green.shp=932")
    assert answer.status < 2, answer
    assert set(read_project(path).layers["green"]["name"]) == set(names)
    answer = command(
        "import",
        path,
        "--replace",
        place,
        tmp_path / "in" / "green.shp",
        *words,
        "green.shp=elvish",
    )
    assert answer.status == 2
    assert "elvish" in answer.err


def test_one_command_goes_from_layers_to_scores(imported, command, tmp_path):
    answer, path = imported("--assess", "--surveyed", "canteen")
    assert answer.status in (0, 1)
    assert path.exists()
    table = command("assess", path).out
    assert table.strip() in answer.out
