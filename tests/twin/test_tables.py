import pickle

import numpy as np
import pytest
import shapely

from twin.model.tables import Table


def points(*ids: int) -> Table:
    shapes = [shapely.Point(i, 0) for i in ids]
    return Table("services", ids, shapes, {"name": [f"s{i}" for i in ids]})


def test_missing_columns_hold_their_unknown_value():
    table = points(1)
    assert np.isnan(table["capacity"][0])
    assert table["building_id"][0] == -1
    assert table["types"][0] == ""
    assert table["status"][0] == "open"  # first of a closed set of choices


def test_nobody_can_write_into_a_table():
    names = np.array(["a", "b"], dtype=object)
    table = Table("services", [1, 2], [shapely.Point(0, 0)] * 2, {"name": names[:]})
    with pytest.raises(ValueError, match="read-only"):
        table["name"][0] = "x"
    frame = table.frame()
    frame.loc[0, "name"] = "x"
    assert table["name"][0] == "a"


def test_a_changed_table_shares_what_did_not_change():
    table = points(1, 2)
    renamed = table.with_values([1], {"name": "new"})
    assert list(renamed["name"]) == ["s1", "new"]
    assert list(table["name"]) == ["s1", "s2"]
    assert renamed["capacity"] is table["capacity"]
    assert renamed.geometry is table.geometry


def test_rows_are_found_by_id_whatever_their_order():
    table = points(30, 10, 20)
    assert list(table.rows_of([10, 20, 30, 99])) == [1, 2, 0, -1]
    assert table.row_of(20) == 2
    with pytest.raises(KeyError):
        table.row_of(99)
    assert list(Table.empty("services").rows_of([1])) == [-1]


def test_rows_are_added_and_taken_away():
    table = points(1, 2).with_rows(points(7))
    assert list(table.ids) == [1, 2, 7]
    assert table.next_id() == 8
    assert list(table.without([1, 7]).ids) == [2]
    assert Table.empty("services").next_id() == 1


def test_what_is_no_table_is_refused():
    with pytest.raises(ValueError, match="repeat"):
        points(1, 1)
    with pytest.raises(ValueError, match="no column colour"):
        Table("services", [1], [shapely.Point(0, 0)], {"colour": ["red"]})
    with pytest.raises(ValueError, match="2 ids"):
        Table("services", [1, 2], [shapely.Point(0, 0)], {})


def test_a_record_is_plain_python():
    record = points(5).record(0)
    assert record["id"] == 5
    assert type(record["building_id"]) is int
    assert record["geometry"].x == 5.0


def test_a_frame_comes_back_as_the_same_table():
    table = points(1, 2)
    again = Table.from_frame("services", table.frame())
    assert list(again.ids) == [1, 2]
    assert all(
        np.array_equal(again[c], table[c], equal_nan=c == "capacity") for c in ("name", "types")
    )


def test_a_table_in_another_process_is_what_it_was():
    shapes = [
        shapely.LineString([(0, 0, 1), (1, 1 / 3, 2)]),
        shapely.LinearRing([(0, 0), (1, 0), (1, 1)]),
        shapely.LinearRing([(0, 0, 5), (1, 0, 5), (1, 1, 6)]),
        shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]),
        shapely.LineString(),
        None,
    ]
    table = Table("streets", range(1, 7), shapes, {"kind": [*4 * ["steps"], "gate", "footway"]})
    _ = table.tree
    there = pickle.loads(pickle.dumps(table, protocol=5))
    assert [type(shape) for shape in there.geometry] == [type(shape) for shape in shapes]
    assert shapely.equals_identical(there.geometry[:-1], table.geometry[:-1]).all()
    np.testing.assert_array_equal(there.ids, table.ids)
    for name in table:
        assert there[name].dtype == table[name].dtype
        np.testing.assert_array_equal(there[name], table[name])
    for values in (there.ids, there.geometry, there["kind"]):
        assert not values.flags.writeable


def test_an_empty_table_goes_to_another_process_too():
    there = pickle.loads(pickle.dumps(Table.empty("buildings")))
    assert len(there) == 0
    assert there.geometry.dtype == object
