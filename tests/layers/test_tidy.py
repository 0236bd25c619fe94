"""A tidy layer has the schema's columns, sound geometry and unique ids; what was done is said."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import wkt
from shapely.geometry import (
    GeometryCollection,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
    box,
)

from layers.mending.tidy import tidy
from layers.schema import DTYPES, ROLES

CRS = 4547


def made(geometry, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(geometry), crs=CRS)


def found(problems):
    return {problem.key: problem for problem in problems}


@pytest.mark.parametrize("role", ROLES)
def test_an_empty_layer_has_every_column_of_its_role(role):
    frame, _ = tidy(role, made([]))
    wanted = ["id", *(column.name for column in ROLES[role].columns), "geometry"]
    assert list(frame.columns) == wanted
    for column in ROLES[role].columns:
        assert frame[column.name].dtype == np.dtype(DTYPES[column.kind])
    assert frame["id"].dtype == np.int64


def test_missing_columns_are_unknown():
    frame, _ = tidy("buildings", made([box(0, 0, 9, 9)]))
    row = frame.iloc[0]
    assert np.isnan(row["storeys"])
    assert row["name"] == ""
    assert row["has_lift"] is np.False_
    assert row["use"] == "residential"


def test_a_use_that_nobody_stated_is_said():
    uses = made([box(n, 0, n + 0.5, 1) for n in range(3)], id=[7, 8, 9], use=["office", "", "yes"])
    _, problems = tidy("buildings", uses)
    assert found(problems)["use_assumed"].ids == (8, 9)


def test_ids_of_the_file_are_kept():
    frame, problems = tidy("trees", made([Point(0, 0), Point(1, 1)], id=[900, 17]))
    assert frame["id"].tolist() == [900, 17]
    assert problems == ()


def test_a_feature_without_an_id_gets_the_next_number():
    # As after drawing a building in QGIS: its id is empty.
    places = [Point(n, 0) for n in range(4)]
    frame, problems = tidy("trees", made(places, id=[5, np.nan, 9, 5]))
    assert frame["id"].tolist() == [5, 10, 9, 11]
    assert found(problems)["ids_renumbered"].ids == (10, 11)


@pytest.mark.parametrize("ids", [[0, 0, 0], ["a", "b", "c"], [-1, -2, 4], [None, None, None]])
def test_a_column_that_is_no_id_is_replaced_by_counting(ids):
    frame, problems = tidy("trees", made([Point(n, 0) for n in range(3)], id=ids))
    assert frame["id"].tolist() == [1, 2, 3]
    assert found(problems)["ids_numbered"].facts["count"] == 3


def test_features_without_geometry_are_left_out_and_named():
    places = [None, Point(1, 1), wkt.loads("POINT EMPTY"), Point(np.inf, 0)]
    frame, problems = tidy("trees", made(places, id=[1, 2, 3, 4]))
    assert frame["id"].tolist() == [2]
    assert found(problems)["geometry_missing"].ids == (1, 3)
    assert found(problems)["geometry_not_finite"].ids == (4,)


def test_a_bow_tie_becomes_its_two_triangles():
    bow = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    frame, problems = tidy("buildings", made([bow], id=[1]))
    shape = frame.geometry[0]
    assert shape.is_valid
    # Two triangles with a base of 10 and a height of 5.
    assert shape.area == pytest.approx(50)
    assert found(problems)["geometry_repaired"].ids == (1,)


def test_a_building_of_two_parts_stays_one_building_with_its_residents():
    parts = MultiPolygon([box(0, 0, 10, 10), box(20, 0, 30, 10)])
    frame, problems = tidy("buildings", made([parts], id=[1], use=["residential"], residents=[80]))
    assert len(frame) == 1
    assert frame["residents"].sum() == 80
    assert frame.geometry[0].area == 200
    assert problems == ()


def test_a_multipolygon_of_one_part_is_a_polygon():
    frame, _ = tidy("water", made([MultiPolygon([box(0, 0, 10, 10)])], id=[1]))
    assert frame.geometry[0].geom_type == "Polygon"


def test_streets_of_several_parts_are_joined_where_they_meet_and_split_where_not():
    joined = MultiLineString([[(0, 0), (10, 0)], [(10, 0), (20, 0)]])
    apart = MultiLineString([[(0, 50), (10, 50)], [(30, 50), (40, 50)]])
    frame, problems = tidy("streets", made([joined, apart], id=[4, 7], name=["一街", "二街"]))
    assert frame["id"].tolist() == [4, 7, 8]
    assert frame.geometry.length.tolist() == [20, 10, 10]
    assert frame["name"].tolist() == ["一街", "二街", "二街"]
    assert found(problems)["parts_split"].ids == (7,)


def test_points_of_several_parts_are_split():
    frame, _ = tidy("trees", made([MultiPoint([(0, 0), (1, 1)]), Point(5, 5)], id=[1, 2]))
    assert frame["id"].tolist() == [1, 3, 2]


def test_collections_give_what_the_role_can_use():
    mixed = GeometryCollection([Point(0, 0), box(0, 0, 10, 10), box(20, 0, 30, 10)])
    nested = GeometryCollection([GeometryCollection([LineString([(0, 0), (1, 1)])])])
    frame, problems = tidy("buildings", made([mixed, nested], id=[1, 2], use=["office"] * 2))
    assert frame["id"].tolist() == [1]
    assert frame.geometry[0].area == 200
    assert found(problems)["collection_opened"].ids == (1, 2)
    assert found(problems)["geometry_of_other_kind"].ids == (2,)


def test_heights_in_coordinates_are_dropped_and_said():
    frame, problems = tidy("trees", made([Point(1, 2, 3), Point(1, 5)], id=[1, 2]))
    assert not frame.geometry.has_z.any()
    assert found(problems)["heights_dropped"].ids == (1,)


def test_streets_without_length_and_polygons_without_area_are_left_out():
    dot = LineString([(5, 5), (5, 5)])
    frame, problems = tidy("streets", made([dot, LineString([(0, 0), (9, 0)])], id=[1, 2]))
    assert frame["id"].tolist() == [2]
    assert {"geometry_without_extent", "geometry_beyond_repair"} & set(found(problems))
    flat = Polygon([(0, 0), (10, 0), (20, 0), (0, 0)])
    frame, problems = tidy("green", made([flat], id=[1]))
    assert len(frame) == 0
    assert sum(p.facts["count"] for p in problems) == 1


def test_repeated_features_are_left_out_but_services_at_one_place_stay():
    street = LineString([(0, 0), (10, 0)])
    back = LineString([(10, 0), (0, 0)])
    frame, problems = tidy("streets", made([street, back, street], id=[1, 2, 3], name=["a"] * 3))
    assert frame["id"].tolist() == [1]
    assert found(problems)["duplicates_dropped"].ids == (2, 3)
    two = made([Point(0, 0), Point(0, 0)], id=[1, 2], types=["canteen", "nursery"])
    assert len(tidy("services", two)[0]) == 2


def test_absurd_values_are_unknown_and_named():
    houses = made(
        [box(n, 0, n + 0.5, 1) for n in range(4)],
        id=[1, 2, 3, 4],
        use=["residential"] * 4,
        storeys=[6, 900, -1, 0],
        height_m=[18, 0, 1e6, 12],
        residents=[40, -5, 12, 3],
    )
    frame, problems = tidy("buildings", houses)
    assert frame["storeys"].tolist()[0] == 6
    assert np.isnan(frame["storeys"].to_numpy()[1:]).all()
    assert np.isnan(frame["height_m"].to_numpy()[[1, 2]]).all()
    assert np.isnan(frame["residents"].to_numpy()[1])
    absurd = {p.facts["column"]: p.ids for p in problems if p.key == "values_absurd"}
    assert absurd == {"storeys": (2, 3, 4), "height_m": (2, 3), "residents": (2,)}


def test_what_was_not_understood_is_quoted():
    houses = made([box(0, 0, 9, 9)], id=[3], use=["堡垒"], storeys=["很多"])
    _, problems = tidy("buildings", houses)
    quoted = {p.facts["column"]: p.facts["examples"] for p in problems if "examples" in p.facts}
    assert quoted == {"use": "堡垒", "storeys": "很多"}


SHAPES = st.sampled_from(
    [
        None,
        box(0, 0, 10, 10),
        Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]),
        MultiPolygon([box(0, 0, 5, 5), box(6, 0, 9, 5)]),
        LineString([(0, 0), (3, 4)]),
        LineString([(1, 1), (1, 1)]),
        MultiLineString([[(0, 0), (1, 0)], [(5, 5), (6, 6)]]),
        MultiPoint([(0, 0), (1, 2)]),
        Point(1, 2, 3),
        Point(np.nan, 1),
        GeometryCollection([Point(0, 0), box(0, 0, 2, 2), LineString([(0, 0), (2, 2)])]),
        GeometryCollection(),
    ]
)
LOSSES = {
    "geometry_missing",
    "geometry_not_finite",
    "geometry_beyond_repair",
    "geometry_of_other_kind",
    "geometry_without_extent",
    "duplicates_dropped",
}


@given(
    st.sampled_from(sorted(ROLES)),
    st.lists(st.tuples(SHAPES, st.one_of(st.none(), st.integers(-3, 5)), st.text(max_size=3))),
)
def test_nothing_is_lost_in_silence_and_a_second_tidying_finds_nothing(role, rows):
    shapes, ids, words = zip(*rows, strict=True) if rows else ((), (), ())
    given_frame = made(shapes, id=pd.Series(ids, dtype=object), name=list(words))
    frame, problems = tidy(role, given_frame)
    lost = sum(int(p.facts["count"]) for p in problems if p.key in LOSSES)
    added = len(frame) + lost - len(rows)
    assert added == 0 or "parts_split" in found(problems)
    assert added >= 0
    assert frame["id"].is_unique
    assert frame.geometry.is_valid.all()
    again, nothing = tidy(role, frame)
    assert nothing == ()
    pd.testing.assert_frame_equal(again, frame)
