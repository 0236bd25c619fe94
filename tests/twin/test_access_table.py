"""The table of walks: a row for each building, or for each door where residents start."""

import pytest

from tests.grid.grid import Grid
from tests.twin.districts import district
from twin.telling.access_table import access_table


@pytest.fixture
def grid() -> Grid:
    """A slab with stair units at x = 30 and 80 (20 of 30 people), 5 m off row 0; one without doors.

    The canteen stands on the street at x = 0: 5 + 30 and 5 + 80 m. The house without doors is a
    square of 4 m round (150, 12): its outline's nearest point to the street is 10 m off, the first
    along it at x = 148. A nursery is nowhere.
    """
    grid = Grid()
    grid.building(1, (30, 5), (80, 5), residents=(10.0, 20.0), people={"age_18_59": 30.0})
    grid.building(2, (150, 12))
    grid.rows["entrances"].pop()
    grid.service(9, (0, 0))
    grid.surveyed.add("nursery")
    return grid


def test_a_building_is_as_far_as_its_farthest_stair_unit(grid: Grid):
    table = access_table(district(grid), ["canteen"], ["adult"])
    assert table["building_id"].tolist() == [1, 2]
    assert table["metres"].tolist() == [85.0, 158.0]
    assert "entrance_id" not in table


def test_by_door_every_stair_unit_has_its_row_and_its_people(grid: Grid):
    table = access_table(district(grid), ["canteen", "nursery"], ["adult"], by_door=True)
    near = table[table["service_type"] == "canteen"]
    assert near["building_id"].tolist() == [1, 1, 2]
    assert near["entrance_id"].tolist() == [1, 2, -1]
    assert near["residents"].tolist() == pytest.approx([10.0, 20.0, 10.0])
    assert near["metres"].tolist() == [35.0, 85.0, 158.0]
    assert near["home_leg_m"].tolist() == [5.0, 5.0, 10.0]
    assert near["minutes"].tolist() == pytest.approx([35 / 72, 85 / 72, 158 / 72], abs=1e-5)
    none = table[table["service_type"] == "nursery"]
    assert none["reason"].tolist() == ["no_service"] * 3
