"""A drag through a city gives at every step what a fresh start gives."""

import numpy as np
import pytest

from benchmarks.city import make_city
from twin.compiled.ready import compiled
from twin.model.catalogues import service_types
from twin.model.edits import MoveService, PlaceService, RemoveService, SetStreetStatus, apply_edit
from twin.walking import moving, straight
from twin.walking import walks as walks_module
from twin.walking.origins import find_origins
from twin.walking.straight import straight_distances
from twin.walking.walks import costs_of, nearest

if compiled() is not None:
    from twin.walking.hierarchy.hierarchy import _hierarchies, hierarchy

KINDS = sorted(service_types())[:2]


@pytest.fixture(scope="module")
def city():
    made = make_city(600, 120, seed=8)
    return made.with_table(made.services.take(made.services.ids % 10 == 0))


def forget():
    moving.forget()
    walks_module._nearest.clear()
    straight._asked.clear()
    straight._distances.clear()


def answers(district, measure):
    one, two = KINDS
    found = [nearest(district, types, measure) for types in (one, two, (one, two))]
    direct = straight_distances(district, find_origins(district), (one, two))
    return [*(np.stack([f.cost, f.service_id]) for f in found), direct]


def steps(city):
    """One service dragged to and fro, then another; one placed, one removed, a street shut."""
    xy = np.array([[p.x, p.y] for p in city.services.geometry])
    low, high = xy.min(axis=0), xy.max(axis=0)
    of_kind = city.services.ids[city.services["types"] == KINDS[0]].tolist()
    place = [(low + part * (high - low)).tolist() for part in np.linspace(0, 1, 7)]
    yield from (MoveService(of_kind[0], *at) for at in place)
    yield MoveService(of_kind[0], *place[3])
    yield from (MoveService(of_kind[1], *at) for at in place[::2])
    yield PlaceService(9001, (KINDS[0],), *place[2])
    yield MoveService(9001, *place[5])
    yield RemoveService(of_kind[2])
    yield SetStreetStatus(int(city.streets.ids[200]), "closed")
    yield MoveService(9001, *place[1])


@pytest.mark.parametrize("in_hierarchy", [True, False])
@pytest.mark.parametrize("measure", [("adult", "m"), ("older", "min")])
def test_every_step_equals_a_fresh_start(city, measure, in_hierarchy):
    if in_hierarchy and compiled() is None:
        pytest.skip("Numba is not here")
    forget()
    if compiled() is not None:
        _hierarchies.clear()
    districts = [city]
    for edit in steps(city):
        districts.append(apply_edit(districts[-1], edit))
    if in_hierarchy:
        for district in districts:
            hierarchy(costs_of(district, measure))
    dragged = [answers(district, measure) for district in districts]
    assert len({values[0].tobytes() for values in dragged}) > 8  # the steps are felt
    for district, kept in zip(districts, dragged, strict=True):
        forget()
        *walked, direct = answers(district, measure)
        for known, fresh in zip(kept[:-1], walked, strict=True):
            np.testing.assert_array_equal(known, fresh)
        np.testing.assert_allclose(kept[-1], direct, rtol=0, atol=1e-9)  # metres in floats
