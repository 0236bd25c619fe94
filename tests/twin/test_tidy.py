"""Tidy tables of an assessment, cell by cell against a town that anyone can count."""

import numpy as np
import pytest
import shapely

from tests.grid.grid import Grid
from tests.twin.districts import district, requirement, standard
from twin.assessment.assess import assess
from twin.telling.tidy import buildings_frame, communities_frame, requirements_frame


@pytest.fixture
def assessment():
    """Homes 40 m and 340 m from a canteen; nobody looked for parks."""
    grid = Grid()
    grid.building(1, (30, 10), people={"age_18_59": 10.0}, name="Near")
    grid.building(2, (330, 10), people={"age_18_59": 30.0}, name="Far")
    grid.building(3, (130, 10), people={"age_18_59": 0.0})
    grid.service(1, (10, 10))
    grid.add("communities", shapely.box(-50, -50, 200, 450), name="West")
    return assess(district(grid), standard(requirement("canteen", 100.0), requirement("park")))


def test_a_row_per_requirement(assessment):
    table = requirements_frame(assessment)
    assert table.index.tolist() == ["canteen", "park"]
    canteen = table.loc["canteen"]
    assert (canteen["covered"], canteen["total"], canteen["share"]) == (10, 40, 0.25)
    assert table.loc["park", "status"] == "not_assessed"
    assert np.isnan(table.loc["park", "share"])


def test_a_row_per_building_where_somebody_lives(assessment):
    table = buildings_frame(assessment)
    assert set(table["name"]) >= {"Near", "Far"}
    near, far = table.loc[1], table.loc[2]
    assert (near["canteen"], near["canteen_m"], near["requirements_met"]) == (
        1,
        pytest.approx(40),
        1,
    )
    assert (far["canteen"], far["canteen_m"], far["requirements_met"]) == (0, pytest.approx(340), 0)
    assert (near["residents"], near["full_circle"]) == (10, 10)
    assert table["park"].isna().all()
    assert table.crs == assessment.district.crs


def test_a_row_per_community(assessment):
    table = communities_frame(assessment)
    assert table.loc[1, "name"] == "West"
    assert (table.loc[1, "residents"], table.loc[1, "canteen"]) == (10, 1.0)
    assert np.isnan(table.loc[1, "park"])
