"""What a walker pays after an edit equals what is found from nothing."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.city import make_city
from layers.rasters.elevation import Terrain
from tests.twin.test_hierarchy_patch import edit_of, path, status
from twin.memo import forget_everything
from twin.model.edits import ChangeStreet, apply_edit
from twin.streets import paces as paces_module
from twin.streets.arrows import Arrows, both_ways
from twin.streets.compounds import walls_of
from twin.streets.costs import DirectedCosts, directed_costs
from twin.streets.network import build_network
from twin.streets.statuses import Statuses, statuses

MEASURES = [("adult", "m"), ("older", "min"), ("wheelchair", "min"), ("wheelchair", "m")]
ROUNDED = "forward", "backward", "forward_before", "backward_before"
"""Slopes of patched edges round otherwise, by less than a billionth."""


@pytest.fixture(scope="module")
def city():
    made = make_city(200, 1, seed=8)
    kind, said = made.streets["kind"].copy(), made.streets["status"].copy()
    kind[::9], said[::18] = "gate", "residents"
    kind[1::40], kind[2::25] = "steps", "crossing"
    signalled = np.arange(len(kind)) % 50 == 2
    columns = {"kind": kind, "status": said, "signalled": signalled}
    return made.with_table(made.streets.with_columns(columns))


@pytest.fixture(scope="module")
def hills(city):
    heights = np.random.default_rng(1).uniform(0, 9, (60, 60)).astype(np.float32)
    xy = build_network(city.streets).node_xy
    return Terrain(heights, xy[:, 0].min() - 50, xy[:, 1].max() + 50, 20, 20)


def priced(district, terrain):
    network = build_network(district.streets, terrain)
    walls = walls_of(district.barriers)
    every = [directed_costs(network, district.streets, measure, walls) for measure in MEASURES]
    return statuses(network, district.streets["status"]), every, [one.arrows for one in every]


def assert_same(mine, theirs, kind, loose=()):
    for field in fields(kind):
        one, other = getattr(mine, field.name), getattr(theirs, field.name)
        if field.name in loose:
            np.testing.assert_allclose(one, other, rtol=1e-9, err_msg=field.name)
        elif isinstance(one, np.ndarray):
            np.testing.assert_array_equal(one, other, err_msg=field.name)


def compare(found, fresh, loose):
    assert_same(found[0], fresh[0], Statuses)
    for costs, arrows, other_costs, other_arrows in zip(*found[1:], *fresh[1:], strict=True):
        assert_same(costs, other_costs, DirectedCosts, loose)
        np.testing.assert_array_equal(costs.rights.part, other_costs.rights.part)
        np.testing.assert_array_equal(costs.rights.nobodys, other_costs.rights.nobodys)
        assert len(costs.rights.gates) == len(other_costs.rights.gates)
        for one, other in zip(costs.rights.gates, other_costs.rights.gates, strict=True):
            np.testing.assert_array_equal(one, other)
        for name in ("start", "tail", "edge"):
            np.testing.assert_array_equal(getattr(arrows, name), getattr(other_arrows, name))
        np.testing.assert_allclose(arrows.cost, other_arrows.cost, rtol=0, atol=1 if loose else 0)


def after(district, number, what):
    """Draw, open, close, remove or rebuild a street."""
    streets = district.streets
    street = int(streets.ids[what[0] % len(streets)])
    if what[1] == "gone":
        return district.with_table(streets.without([street]))
    if what[1] in ("steps", "footway"):
        return apply_edit(district, ChangeStreet(street, {"kind": what[1]}))
    return apply_edit(district, edit_of(streets, number, what))


other = st.tuples(st.integers(0, 10**6), st.sampled_from(["gone", "steps", "footway"]))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(path, status, other), min_size=1, max_size=4), st.booleans())
def test_prices_arrows_and_rights_after_edits_equal_those_found_from_nothing(
    city, hills, edits, sloped
):
    forget_everything()
    terrain, district = hills if sloped else None, city
    priced(district, terrain)
    for number, what in enumerate(edits):
        if not isinstance(what[1], str) and (what[0] - what[1]) % len(district.streets) == 0:
            continue
        district = after(district, number, what)
        found = priced(district, terrain)
    if district is city:
        return
    forget_everything()
    compare(found, priced(district, terrain), ROUNDED if sloped else ())


def test_only_what_came_is_priced_when_a_path_is_drawn(city, monkeypatch):
    forget_everything()
    priced(city, None)
    asked = []
    find = paces_module._find
    monkeypatch.setattr(paces_module, "_find", lambda *a: asked.append(len(a[0])) or find(*a))
    priced(apply_edit(city, edit_of(city.streets, 0, (3, 90))), None)
    assert asked
    assert max(asked) <= 5  # the path and the halves of the streets that it cuts


def test_compiled_and_plain_arrows_are_the_same(city, monkeypatch):
    network = build_network(city.streets)
    ahead, back = (np.random.default_rng(k).integers(1, 10**9, len(network)) for k in (1, 2))
    barred = np.random.default_rng(3).random(len(network)) < 0.1
    one = both_ways(network, ahead, back, barred)
    monkeypatch.setenv("RENEWAL_TWIN_NO_NUMBA", "1")
    assert_same(one, both_ways(network, ahead, back, barred), Arrows)
