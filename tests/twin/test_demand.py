"""Who lives where: given, estimated from shares, or unknown."""

import numpy as np
import pytest
import shapely

from layers.schema import AGE_BANDS
from tests.grid.grid import Grid, centred
from tests.twin.districts import district
from twin.walking.demand import demand, group_people

UNKNOWN = dict.fromkeys(AGE_BANDS, np.nan)


def home(grid, number, x, residents, **bands):
    grid.building(number, (x, 10), outline=centred(x, 14, 4), **bands)
    grid.rows["buildings"][-1]["residents"] = residents


def community(grid, left, right, **columns):
    grid.add("communities", shapely.box(left, -50, right, 450), **columns)


def test_missing_bands_take_the_shares_of_the_community():
    grid = Grid()
    community(
        grid, 0, 200, **(dict.fromkeys(AGE_BANDS, 0.0) | {"age_0_2": 30.0, "age_80_up": 10.0})
    )
    home(grid, 1, 50, 8.0, **UNKNOWN)
    people = demand(district(grid))
    assert people.people[0].tolist() == [6, 0, 0, 0, 0, 0, 2, 0, 0]
    assert people.estimated.tolist() == [True]


def test_else_those_of_the_buildings_that_are_known_there_else_of_the_district():
    grid = Grid()
    community(grid, 0, 100)
    community(grid, 100, 200)
    home(grid, 1, 20, 10.0, people={"age_18_59": 10})
    home(grid, 2, 60, 4.0, **UNKNOWN)
    home(grid, 3, 150, 4.0, **UNKNOWN)
    home(grid, 4, 350, 30.0, people={"age_60_79": 30})
    people = demand(district(grid)).people
    assert people[1, 4] == 4
    assert people[2, [4, 5]].tolist() == [1, 3]


def test_what_known_bands_leave_goes_to_the_missing_ones():
    grid = Grid()
    home(grid, 1, 20, 20.0, people={"age_18_59": 10, "age_60_79": 5, "age_80_up": 5})
    home(grid, 2, 60, 10.0, **(UNKNOWN | {"age_18_59": 6.0}))
    people = demand(district(grid)).people
    assert people[1, [4, 5, 6]].tolist() == [6, 2, 2]


def test_a_home_that_nobody_counted_is_empty_and_said_to_be_unknown():
    grid = Grid()
    home(grid, 1, 20, np.nan, **UNKNOWN)
    found = demand(district(grid))
    assert found.unknown.tolist() == [True]
    assert found.residents.tolist() == [0]


def test_bands_count_where_they_differ_from_the_residents():
    grid = Grid()
    home(grid, 1, 20, 50.0, people={"age_18_59": 10})
    found = demand(district(grid))
    assert found.differs.tolist() == [True]
    assert found.residents.tolist() == [10]


def test_stair_units_share_residents_as_given_else_evenly():
    from twin.walking.origins import find_origins

    grid = Grid()
    doors = ((10, 10), (20, 10), (30, 10))
    grid.building(1, *doors, people={"age_18_59": 60}, residents=(10, 20, 30))
    grid.building(2, *doors, people={"age_18_59": 60}, residents=(10, np.nan, 30))
    assert find_origins(district(grid)).residents.tolist() == [10, 20, 30, 20, 20, 20]


def test_a_group_of_every_age_counts_people_of_unknown_age():
    people = np.zeros((1, 9))
    people[0, [4, 7, 8]] = 5, 3, 2
    assert group_people(people, "all").tolist() == [8]
    assert group_people(people, "adults").tolist() == [5]
    assert group_people(people, "disabled").tolist() == [2]
    with pytest.raises(KeyError):
        group_people(people, "everybody")


def test_where_communities_overlap_the_first_counts_and_outside_is_last():
    grid = Grid()
    community(grid, 0, 100)
    community(grid, 50, 100)
    home(grid, 1, 70, 5.0)
    home(grid, 2, 270, 5.0)
    assert demand(district(grid)).community.tolist() == [0, 2]
