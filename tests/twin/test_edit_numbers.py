"""Numbers that no building or service can have are refused."""

import pytest
import shapely
from pyproj import CRS

from twin.model.district import District
from twin.model.edits import (
    ChangeBuilding,
    ChangeService,
    EditError,
    PlaceService,
    apply_edit,
    apply_edits,
)
from twin.model.tables import Table

CANTEEN = PlaceService(7, ("canteen",), 10.0, 20.0, "Canteen", 300.0, 200.0)


@pytest.fixture
def district() -> District:
    square = shapely.box(0, 0, 10, 10)
    return District("Test", CRS(4547), buildings=Table("buildings", [1], [square], {}))


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        (ChangeBuilding, {"residents": -1}, "residents"),
        (ChangeBuilding, {"age_80_up": -0.5}, "age_80_up"),
        (ChangeBuilding, {"storeys": 0}, "storeys"),
        (ChangeBuilding, {"storeys": float("inf")}, "storeys"),
        (ChangeService, {"capacity": -20}, "capacity"),
    ],
)
def test_a_number_that_cannot_be_is_refused(district: District, kind, values, field):
    target = {ChangeBuilding: 1, ChangeService: 7}[kind]
    placed = apply_edit(district, CANTEEN)
    with pytest.raises(EditError) as caught:
        apply_edit(placed, kind(target, values))
    assert (caught.value.key, caught.value.facts["field"]) == ("edit_number", field)
    unknown, _ = apply_edits(placed, [kind(target, {field: float("nan")})])
    assert unknown is not placed


def test_a_service_is_placed_with_a_status_and_a_size_that_can_be(district: District):
    with pytest.raises(EditError, match="edit_number"):
        apply_edit(district, PlaceService(9, ("canteen",), 1, 2, capacity=-3.0))
    with pytest.raises(EditError, match="edit_value"):
        apply_edit(district, PlaceService(9, ("canteen",), 1, 2, status="rumoured"))
