import json
import math
from dataclasses import replace

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from twin.model.district import District
from twin.model.edits import (
    AddEntrance,
    AddPath,
    ChangeBuilding,
    ChangeCommunity,
    ChangeEntrance,
    ChangeService,
    DrawBoundary,
    DrawCommunity,
    Edit,
    EditError,
    MoveEntrance,
    MoveService,
    PlaceService,
    RemoveCommunity,
    RemoveEntrance,
    RemoveService,
    ReshapeBuilding,
    SetStreetStatus,
    apply_edit,
    apply_edits,
    edit_from_json,
    edit_to_json,
)
from twin.model.tables import Table

CANTEEN = PlaceService(7, ("canteen",), 10.0, 20.0, "Canteen", 300.0, 200.0)


@pytest.fixture
def district() -> District:
    square = shapely.box(0, 0, 10, 10)
    return District(
        "Test",
        CRS(4547),
        buildings=Table("buildings", [1], [square], {"storeys": [6.0]}),
        entrances=Table(
            "entrances",
            [1, 2],
            [shapely.Point(5, 0), shapely.Point(0, 5)],
            {"service_id": [3, -1], "building_id": [-1, 1]},
        ),
        streets=Table(
            "streets", [4], [shapely.LineString([(0, -5), (10, -5)])], {"kind": ["gate"]}
        ),
        services=Table("services", [3], [shapely.Point(5, 5)], {"types": ["nursery"]}),
        surveyed=frozenset({"nursery"}),
    )


def test_a_placed_service_stands_where_it_was_put(district: District):
    after = apply_edit(district, CANTEEN)
    placed = after.services.record(after.services.row_of(7))
    assert (placed["geometry"].x, placed["geometry"].y) == (10.0, 20.0)
    assert placed["types"] == "canteen"
    assert after.surveyed == {"nursery", "canteen"}
    assert len(district.services) == 1
    assert after.touched(district) == {"services"}


def test_a_moved_service_leaves_its_entrances_behind(district: District):
    after = apply_edit(district, MoveService(3, 50.0, 60.0))
    assert after.services.geometry[0].x == 50.0
    assert list(after.entrances.ids) == [2]


def test_a_removed_service_takes_its_entrances_along(district: District):
    after = apply_edit(district, RemoveService(3))
    assert len(after.services) == 0
    assert list(after.entrances.ids) == [2]


def test_a_gate_closes_and_nothing_else_of_the_street_changes(district: District):
    after = apply_edit(district, SetStreetStatus(4, "closed"))
    assert after.streets["status"][0] == "closed"
    assert after.streets.geometry is district.streets.geometry
    assert after.touched(district) == {"streets"}


def test_columns_are_corrected(district: District):
    after = apply_edit(district, ChangeBuilding(1, {"storeys": 7, "has_lift": True}))
    assert after.buildings["storeys"][0] == 7.0
    assert after.buildings["has_lift"][0]
    after = apply_edit(district, ChangeService(3, {"types": "nursery,canteen"}))
    assert after.services["types"][0] == "nursery,canteen"


def test_a_path_is_added(district: District):
    after = apply_edit(district, AddPath(9, ((0.0, 0.0), (3.0, 4.0))))
    assert after.streets.geometry[1].length == 5.0
    assert after.streets["kind"][1] == "footway"


@pytest.mark.parametrize(
    ("edit", "key"),
    [
        (PlaceService(8, ("casino",), 0, 0), "edit_value"),
        (PlaceService(3, ("canteen",), 0, 0), "edit_id_taken"),
        (SetStreetStatus(4, "ajar"), "edit_value"),
        (ChangeBuilding(1, {"colour": "red"}), "edit_unknown_field"),
        (ChangeBuilding(1, {"storeys": "six"}), "edit_field_type"),
        (ChangeBuilding(1, {"use": "castle"}), "edit_value"),
        (AddPath(4, ((0.0, 0.0), (1.0, 1.0))), "edit_id_taken"),
        (AddPath(9, ((0.0, 0.0),)), "edit_line"),
    ],
)
def test_an_edit_without_meaning_is_refused(district: District, edit: Edit, key: str):
    with pytest.raises(EditError) as refused:
        apply_edit(district, edit)
    assert refused.value.key == key


def test_an_edit_whose_target_vanished_is_a_problem_and_the_rest_stands(district: District):
    after, problems = apply_edits(district, [RemoveService(99), CANTEEN, CANTEEN])
    assert list(after.services.ids) == [3, 7]
    assert [(p.key, p.facts["number"], p.ids) for p in problems] == [
        ("edit_target_missing", 1, (99,)),
        ("edit_not_applied", 3, (7,)),
    ]


def test_an_edit_of_a_type_that_no_table_in_use_has_is_told_so(district: District):
    placed = PlaceService(8, ("bathhouse",), 0.0, 0.0)
    changed = ChangeService(3, {"types": "bathhouse"})
    _, problems = apply_edits(district, [placed, changed])
    assert [(p.key, p.facts["type"], p.ids) for p in problems] == [
        ("edit_type_unknown", "bathhouse", (8,)),
        ("edit_type_unknown", "bathhouse", (3,)),
    ]


ids = st.integers(1, 2**40)
metres = st.floats(-1e7, 1e7)
edits = st.one_of(
    st.builds(PlaceService, ids, st.just(("canteen", "nursery")), metres, metres, st.text()),
    st.builds(MoveService, ids, metres, metres, ids, ids),
    st.builds(RemoveService, ids),
    st.builds(ChangeService, ids, st.just({"capacity": 40.0, "name": "食堂"})),
    st.builds(SetStreetStatus, ids, st.sampled_from(["open", "closed"])),
    st.builds(AddPath, ids, st.lists(st.tuples(metres, metres), min_size=2).map(tuple)),
    st.builds(ChangeBuilding, ids, st.just({"has_lift": True})),
)


@given(edits)
def test_every_edit_comes_back_from_json(edit: Edit):
    again = edit_from_json(json.loads(json.dumps(edit_to_json(edit), allow_nan=False)))
    assert edit_to_json(again) == edit_to_json(edit)
    assert type(again) is type(edit)


def test_a_number_set_to_unknown_is_null_and_is_read_from_files_that_have_nan():
    edit = ChangeService(1, {"floor_area_m2": float("nan"), "name": "食堂"})
    written = json.dumps(edit_to_json(edit), allow_nan=False)
    for said in (written, written.replace("null", "NaN")):
        again = edit_from_json(json.loads(said))
        assert math.isnan(again.values["floor_area_m2"])
        assert again.values["name"] == "食堂"


def test_only_a_number_is_unknown_by_null(district: District):
    null = edit_from_json({"edit": "ChangeService", "id": 1, "values": {"name": None}})
    with pytest.raises(EditError, match="edit_field_type"):
        apply_edit(district, replace(null, id=int(district.services.ids[0])))


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({}, "edit_unknown"),
        ({"edit": "Demolish", "id": 1}, "edit_unknown"),
        ({"edit": "RemoveService"}, "edit_without_id"),
        ({"edit": "RemoveService", "id": "3"}, "edit_without_id"),
        ({"edit": "RemoveService", "id": True}, "edit_without_id"),
        ({"edit": "RemoveService", "id": 3, "why": "old"}, "edit_unknown_field"),
        ({"edit": "MoveService", "id": 3, "x": 1.0}, "edit_incomplete"),
        ({"edit": "MoveService", "id": 3, "x": "far", "y": 1.0}, "edit_field_type"),
        ({"edit": "AddPath", "id": 3, "line": "here to there"}, "edit_field_type"),
        ({"edit": "AddPath", "id": 3, "line": [[0, "a"], [1, 1]]}, "edit_field_type"),
        ({"edit": "PlaceService", "id": 3, "types": [1], "x": 0, "y": 0}, "edit_field_type"),
    ],
)
def test_json_that_is_no_edit_is_refused_by_name(values: dict[str, object], key: str):
    with pytest.raises(EditError) as refused:
        edit_from_json(values)
    assert refused.value.key == key


def test_the_edits_of_later_phases_wait_for_their_year(district: District):
    now = PlaceService(101, ("canteen",), 1, 2)
    later = PlaceService(102, ("canteen",), 3, 4, year=2030)
    for until, expected in ((None, 2), (2029, 1), (2030, 2)):
        built, problems = apply_edits(district, [now, later], until=until)
        assert not problems
        assert len(built.services) - len(district.services) == expected
    assert "year" not in edit_to_json(now)
    assert edit_from_json(edit_to_json(later)) == later
    assert edit_to_json(later)["year"] == 2030


def test_a_door_is_added_moved_corrected_and_taken_away(district: District):
    added = apply_edit(district, AddEntrance(9, 3.0, 0.0, building_id=1, residential=True))
    row = added.entrances.row_of(9)
    assert added.entrances["residential"][row]
    assert added.entrances["building_id"][row] == 1
    named = apply_edit(added, ChangeEntrance(9, {"street_id": 4, "residents": 12.0}))
    assert named.entrances["street_id"][row] == 4
    moved = apply_edit(named, MoveEntrance(9, 7.0, 0.0))
    assert moved.entrances.geometry[row].x == 7.0
    assert moved.entrances["street_id"][row] == -1  # said of the old place
    assert 9 not in apply_edit(moved, RemoveEntrance(9)).entrances.ids
    assert moved.touched(district) == {"entrances"}
    for edit in (AddEntrance(9, 0.0, 0.0, building_id=77), MoveEntrance(88, 0.0, 0.0)):
        with pytest.raises(KeyError):
            apply_edit(district, edit)
    with pytest.raises(EditError, match="edit_id_taken"):
        apply_edit(district, AddEntrance(1, 0.0, 0.0, building_id=1))


def test_a_building_gets_another_outline(district: District):
    after = apply_edit(district, ReshapeBuilding(1, ((0.0, 0.0), (20.0, 0.0), (20.0, 10.0))))
    assert after.buildings.geometry[0].area == 100.0
    assert after.buildings["storeys"][0] == 6.0
    for outline in (((0.0, 0.0), (1.0, 1.0)), ((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0))):
        with pytest.raises(EditError, match="edit_outline"):
            apply_edit(district, ReshapeBuilding(1, outline))


def test_corrections_of_doors_survive_json():
    edits: list[Edit] = [
        AddEntrance(9, 3.5, 0.0, building_id=1, residential=True, residents=4.0),
        MoveEntrance(9, 1.0, 2.0),
        ChangeEntrance(9, {"street_id": 4, "residential": False}),
        RemoveEntrance(9),
        ReshapeBuilding(1, ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))),
    ]
    for edit in edits:
        assert edit_from_json(json.loads(json.dumps(edit_to_json(edit)))) == edit
    with pytest.raises(EditError, match="edit_field_type"):
        edit_from_json({"edit": "AddEntrance", "id": 1, "x": 0.0, "y": 0.0, "residential": "yes"})


WEST = ((0.0, 0.0), (60.0, 0.0), (60.0, 100.0), (0.0, 100.0))
EAST = ((50.0, 0.0), (100.0, 0.0), (100.0, 100.0), (50.0, 100.0))


def test_a_drawn_boundary_is_the_whole_boundary(district: District):
    once = apply_edit(district, DrawBoundary(1, WEST))
    again = apply_edit(once, DrawBoundary(2, EAST, "East"))
    assert list(again.boundary.ids) == [2]
    assert again.boundary.geometry[0].area == 5_000.0
    assert again.boundary["name"][0] == "East"


def test_communities_drawn_over_each_other_share_one_border(district: District):
    west = apply_edit(district, DrawCommunity(1, WEST, "West"))
    both = apply_edit(west, DrawCommunity(2, EAST, "East"))
    assert list(both.communities["name"]) == ["West", "East"]
    assert [shape.area for shape in both.communities.geometry] == [6_000.0, 4_000.0]
    with pytest.raises(EditError, match="edit_area_taken"):
        apply_edit(both, DrawCommunity(3, ((10.0, 10.0), (20.0, 10.0), (20.0, 20.0))))
    # A border half a metre off another leaves no sliver behind.
    beside = ((59.5, 0.0), (120.0, 0.0), (120.0, 100.0), (59.5, 100.0))
    third = apply_edit(both, DrawCommunity(3, beside)).communities.geometry[2]
    assert (third.geom_type, third.area) == ("Polygon", 2_000.0)


def test_a_community_is_named_and_removed(district: District):
    drawn = apply_edit(district, DrawCommunity(1, WEST))
    named = apply_edit(drawn, ChangeCommunity(1, {"name": "Sunshine", "residents": 900.0}))
    assert (named.communities["name"][0], named.communities["residents"][0]) == ("Sunshine", 900.0)
    assert len(apply_edit(named, RemoveCommunity(1)).communities) == 0
    with pytest.raises(KeyError):
        apply_edit(named, RemoveCommunity(2))


@pytest.mark.parametrize("kind", [DrawBoundary, DrawCommunity])
@pytest.mark.parametrize("outline", [WEST[:2], (WEST[0], WEST[2], WEST[1], WEST[3])])
def test_an_outline_that_is_no_area_is_refused(district: District, kind, outline):
    with pytest.raises(EditError, match="edit_area"):
        apply_edit(district, kind(1, outline))


def test_drawn_areas_survive_json():
    edits: list[Edit] = [
        DrawBoundary(1, WEST, "here"),
        DrawCommunity(2, EAST, "East", year=2030),
        ChangeCommunity(2, {"name": "Ost"}),
        RemoveCommunity(2),
    ]
    for edit in edits:
        assert edit_from_json(json.loads(json.dumps(edit_to_json(edit)))) == edit
