"""The gain field says what placing a service and assessing anew would say."""

import numpy as np
import pytest

import twin.assessment.gain
from benchmarks.city import make_city
from tests.grid.grid import Grid
from tests.twin.districts import district, requirement, standard
from twin.assessment.assess import assess
from twin.assessment.gain import gain_field
from twin.model.catalogues import service_types
from twin.model.edits import PlaceService, RemoveService, apply_edit
from twin.walking.facilities import find_facilities


def network_of(place):
    return find_facilities(place).around.network


def covered(place, wanted):
    return assess(place, standard(wanted)).result(wanted.id).covered


def placed_gain(place, wanted, service_type, node):
    x, y = network_of(place).node_xy[node]
    new = place.services.next_id()
    after = apply_edit(place, PlaceService(new, (service_type,), float(x), float(y)))
    return covered(after, wanted) - covered(place, wanted)


@pytest.fixture(scope="module")
def city():
    made = make_city(700, 150, seed=2)
    few = made.services.take(made.services.ids % 9 == 0)  # so that some are left uncovered
    return made.with_table(few)


@pytest.mark.parametrize(
    ("limit", "unit", "walker"),
    [(400, "m", "adult"), (8, "min", "wheelchair")],
)
def test_the_field_equals_placing_a_service(city, limit, unit, walker):
    kind = sorted(service_types())[0]
    wanted = requirement(kind, limit, unit=unit, walker=walker, group="older")
    field = gain_field(city, wanted)
    nodes = np.flatnonzero(~np.isnan(field))[::61]
    again = [placed_gain(city, wanted, kind, node) for node in nodes]
    assert np.ptp(again) > 0
    np.testing.assert_allclose(field[nodes], again, atol=1e-3)


def test_a_limit_beyond_32_bits(city):
    kind = sorted(service_types())[0]
    nobody = city.with_table(city.services.without(city.services.ids))
    field = gain_field(nobody, requirement(kind, 3000))
    nodes = np.flatnonzero(~np.isnan(field))[::150]
    again = [placed_gain(nobody, requirement(kind, 3000), kind, node) for node in nodes]
    assert max(again) > 0
    np.testing.assert_allclose(field[nodes], again, atol=1e-3)


def test_of_several_types_only_the_missing_one_helps(city):
    kinds = tuple(sorted(service_types())[:3])
    wanted = requirement("two", 450, service_types=kinds, at_least=2)
    for kind in kinds:
        field = gain_field(city, wanted, kind)
        nodes = np.flatnonzero(~np.isnan(field))[::97]
        again = [placed_gain(city, wanted, kind, node) for node in nodes]
        np.testing.assert_allclose(field[nodes], again, atol=1e-3)


def test_scipy_finds_the_same(city, monkeypatch):
    wanted = requirement(sorted(service_types())[0], 400)
    field = gain_field(city, wanted)
    monkeypatch.setattr(twin.assessment.gain, "compiled", lambda: None)
    twin.assessment.gain._fields.clear()
    np.testing.assert_array_equal(gain_field(city, wanted), field)
    twin.assessment.gain._fields.clear()


def test_a_house_worked_by_hand():
    grid = Grid()
    # Ten people whose door is 10 m from the street between (0, 0) and (100, 0): 40 m to its western
    # end, 80 m to its eastern end, 140 m to (0, 100), which the limit still holds.
    grid.building(1, (30, 10))
    grid.surveyed = {"canteen"}
    place = district(grid)
    xy = network_of(place).node_xy.round().astype(int).tolist()
    field = dict(
        zip(map(tuple, xy), gain_field(place, requirement(limit=140)).tolist(), strict=True)
    )
    assert field == {(x, y): 10.0 if (x, y) in NEAR else 0.0 for x, y in field}


NEAR = {(0, 0), (100, 0), (0, 100)}


def test_everybody_covered_leaves_nothing_to_gain(city):
    kind = sorted(service_types())[0]
    empty = city
    for number in city.services.ids[city.services["types"] == kind]:
        empty = apply_edit(empty, RemoveService(int(number)))
    wanted = requirement(kind, 2000)
    field = gain_field(empty, wanted)
    best = int(np.nanargmax(field))
    x, y = network_of(empty).node_xy[best]
    after = apply_edit(empty, PlaceService(9999, (kind,), float(x), float(y)))
    left = gain_field(after, wanted)
    assert np.nanmax(left) <= np.nanmax(field)
    assert left[best] == 0.0
