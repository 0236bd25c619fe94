"""Newer layers go into a project: what is the same keeps its id, what is lost is told."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.importing.matching import compare, keep_ids
from layers.mending.tidy import tidy
from tests.cli.conftest import CRS, SOUTH, WEST, house, point, write
from twin.model.edits import ChangeBuilding, MoveService, PlaceService
from twin.projects.project import open_project, save_project


def tidied(geometry, **columns):
    role = "buildings" if geometry[0].geom_type == "Polygon" else "services"
    return tidy(role, gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS))[0]


def test_running_numbers_that_shifted_are_matched_by_place_and_shape():
    """A row was put in before the others: every number is one higher, and each house is itself."""
    old = tidied([house(50, 10), house(150, 10), house(350, 10)], id=[1, 2, 3])
    new = tidied([house(250, 10), house(50, 10), house(151, 10), house(350, 10)], id=[1, 2, 3, 4])
    kept, how = keep_ids(old, new, own_ids=True)
    assert how == "shape"
    assert kept["id"].tolist() == [4, 1, 2, 3]
    change = compare("buildings", old, kept)
    assert (change.added, change.removed, change.moved) == ((4,), (), (2,))


def test_ids_of_a_register_count_even_where_a_thing_has_moved():
    old = tidied([house(50, 10), house(150, 10), house(350, 10)], id=[11, 12, 13])
    new = tidied([house(50, 10), house(152, 60), house(350, 10)], id=[11, 12, 13])
    kept, how = keep_ids(old, new, own_ids=True)
    assert how == "ids"
    assert compare("buildings", old, kept).moved == (12,)


def test_a_new_feature_never_takes_an_id_that_an_edit_may_mean():
    old = tidied([house(50, 10)], id=[5])
    kept, _ = keep_ids(old, tidied([house(50, 10), house(90, 10)]), own_ids=False, above=900)
    assert kept["id"].tolist() == [5, 901]


CANTEEN = {"id": 8, "name": "食堂", "types": "canteen"}
STATION = {"id": 146, "name": "服务站", "types": "elderly_service_station"}


def behind_one_door(*facilities):
    columns = {key: [one[key] for one in facilities] for key in facilities[0]}
    return tidied([point(50, 10)] * len(facilities), **columns)


def test_what_is_gone_is_gone_though_another_facility_is_at_its_place():
    old, new = behind_one_door(CANTEEN, STATION), behind_one_door({**STATION, "id": 5146})
    kept, how = keep_ids(old, new, own_ids=True)
    assert (kept["id"].tolist(), how) == ([146], "shape")
    change = compare("services", old, kept)
    assert (change.removed, change.added, change.changed) == ((8,), (), {})


def test_of_several_at_one_place_the_one_that_is_called_alike_is_meant():
    one, other = {**CANTEEN, "types": "pharmacy"}, {**STATION, "types": "pharmacy"}
    kept, _ = keep_ids(behind_one_door(one, other), behind_one_door(other, one), own_ids=False)
    assert dict(zip(kept["name"], kept["id"], strict=True)) == {"食堂": 8, "服务站": 146}
    # Who is called otherwise than all gets what is left.
    third = {**CANTEEN, "name": "餐厅", "types": "pharmacy"}
    kept, _ = keep_ids(behind_one_door(one, other), behind_one_door(third, other), own_ids=False)
    assert kept["id"].tolist() == [8, 146]


def test_another_type_at_the_same_place_is_a_new_facility():
    kept, _ = keep_ids(behind_one_door(CANTEEN), behind_one_door(STATION), own_ids=False, above=20)
    assert kept["id"].tolist() == [21]
    several = {**STATION, "types": "elderly_service_station,canteen"}
    kept, _ = keep_ids(behind_one_door(CANTEEN), behind_one_door(several), own_ids=False)
    assert kept["id"].tolist() == [8]


def test_two_houses_in_the_place_of_one_are_one_new_and_one_old():
    old = tidied([shapely.box(WEST, SOUTH, WEST + 40, SOUTH + 10)], id=[1])
    halves = [
        shapely.box(WEST, SOUTH, WEST + 25, SOUTH + 10),
        shapely.box(WEST + 25, SOUTH, WEST + 40, SOUTH + 10),
    ]
    kept, _ = keep_ids(old, tidied(halves), own_ids=False)
    assert kept["id"].tolist() == [1, 2]


@pytest.fixture
def lived_in(project):
    """The project with a scenario: the west house corrected, the canteen moved, one placed."""
    opened = open_project(project)
    session = opened.session()
    session.copy_scenario("plan")
    session.do("a", ChangeBuilding(1, {"storeys": 9.0}))
    session.do("b", ChangeBuilding(2, {"storeys": 8.0}))
    session.do("c", MoveService(7, WEST + 120, SOUTH - 5))
    session.do("d", PlaceService(8, ("nursery",), WEST + 60, SOUTH - 5))
    save_project(project, opened, session)
    return project


def newer(folder):
    """A new survey: the middle house is gone, one is new, the west one has more people."""
    bands = {f"age_{band}": [0.0] * 3 for band in ("0_2", "3_5", "6_11", "12_17", "60_79", "80_up")}
    people = [15.0, 40.0, 30.0]
    return write(
        folder / "楼栋2026.gpkg",
        {"层数": [6.0, 3.0, 6.0], "residents": people, "age_18_59": people, **bands},
        [house(50, 10), house(250, 10), house(350, 10)],
    )


def test_an_update_keeps_ids_and_tells_what_changed(command, lived_in, tmp_path):
    answer = command("update", lived_in, newer(tmp_path))
    assert answer.status == 1, answer.err  # an edit lost its target: a person must look
    after = open_project(lived_in)
    buildings = after.district.buildings
    assert sorted(buildings.ids) == [1, 3, 9]  # 8 is the nursery's, in a scenario
    assert buildings["residents"][buildings.row_of(1)] == 15
    # What did not come is as it was: doors, streets, the canteen, the scenario.
    assert len(after.district.streets) == 5
    assert after.district.services.ids.tolist() == [7]
    assert [name for name, _ in after.scenarios] == ["plan"]
    assert len(after.scenarios[0][1]) == 4
    said = answer.out
    assert "1 [9]" in said
    assert "1 [2]" in said
    assert "Scenario “plan”: 1 edit lost its target" in said
    session = after.session()
    session.switch("plan")
    assert [p.ids for p in session.problems] == [(2,)]
    assert session.district.buildings["storeys"][session.district.buildings.row_of(1)] == 9
    # The door of the house that is gone is told.
    assert any(p.key == "reference_lost" for p in after.problems)
    assert {s.file for s in after.sources if s.role == "buildings"} == {"楼栋2026.gpkg"}
    assert {s.role for s in after.sources} >= {"streets", "services", "entrances", "boundary"}


def test_a_dry_run_tells_and_writes_nothing(command, lived_in, tmp_path):
    before = lived_in.read_bytes()
    answer = command("update", lived_in, newer(tmp_path), "--dry-run")
    assert "1 [2]" in answer.out
    assert lived_in.read_bytes() == before


def test_the_same_layer_again_changes_nothing(command, lived_in, place):
    scores = open_project(lived_in).district
    answer = command("update", lived_in, place / "streets.gpkg")
    assert answer.status in (0, 1)
    after = open_project(lived_in).district
    np.testing.assert_array_equal(np.sort(after.streets.ids), np.sort(scores.streets.ids))
    line = next(
        row
        for row in answer.out.splitlines()
        if row.startswith("Walkable streets") and "[" not in row and row.rstrip().endswith("0")
    )
    assert line.split()[-4:] == ["0", "0", "0", "0"]


def test_services_alone_can_be_renewed(command, lived_in, tmp_path):
    moved = write(
        tmp_path / "services.gpkg",
        {"id": [7, 9], "name": ["食堂", "药店"], "types": ["canteen", "pharmacy"]},
        [point(230, -5), point(300, -5)],
    )
    assert command("update", lived_in, moved).status in (0, 1)
    after = open_project(lived_in)
    assert after.district.services.ids.tolist() == [7, 9]
    assert after.district.surveyed >= {"canteen", "pharmacy"}
    assert len(after.district.buildings) == 3


def test_that_the_last_of_a_type_is_gone_does_not_say_that_none_exists(command, lived_in, tmp_path):
    """Who surveyed the newer layer may not have asked for canteens; only a person's word tells."""
    pharmacy = {"id": [9], "name": ["药店"], "types": ["pharmacy"]}
    newer = write(tmp_path / "services.gpkg", pharmacy, [point(300, -5)])
    command("update", lived_in, newer)
    assert open_project(lived_in).district.surveyed == {"pharmacy"}
    command("update", lived_in, newer, "--surveyed", "canteen")
    assert open_project(lived_in).district.surveyed == {"canteen", "pharmacy"}
    command("update", lived_in, newer)  # what was said stays said
    assert open_project(lived_in).district.surveyed == {"canteen", "pharmacy"}
