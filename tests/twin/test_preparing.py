"""What is prepared in advance is what the hand asks for, and changes no figure."""

import numpy as np
import pytest

from benchmarks.city import make_city
from twin.ahead.preparing import prepare
from twin.assessment.assess import assess
from twin.compiled.ready import compiled
from twin.memo import forget_everything
from twin.model.edits import MoveService, apply_edit
from twin.standards import DEFAULT_STANDARD, load_standard
from twin.walking.walks import costs_of

pytestmark = pytest.mark.skipif(compiled() is None, reason="Numba is not here")
STANDARD = load_standard(DEFAULT_STANDARD)


@pytest.fixture(scope="module")
def city():
    return make_city(400, 60, seed=9)


def is_prepared(costs):
    from twin.walking.hierarchy.hierarchy import prepared

    return prepared(costs) is not None


def figures(district):
    found = assess(district, STANDARD)
    return np.stack([result.cost for result in found.results]), found.full_circle.by_origin


def test_every_measure_of_the_standard_is_prepared_once(city):
    forget_everything()
    measures = {requirement.measure for requirement in STANDARD.requirements}
    assert not any(is_prepared(costs_of(city, measure)) for measure in measures)
    told = []
    assert prepare(city, STANDARD, told.append)
    assert all(is_prepared(costs_of(city, measure)) for measure in measures)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_drag_gives_the_same_figures_prepared_or_not(city):
    moves = [MoveService(7, x, 90.0) for x in (40.0, 200.0, 420.0)]
    both = []
    for ready in (True, False):
        forget_everything()
        figures(city)
        if ready:
            prepare(city, STANDARD)
        both.append([figures(apply_edit(city, move)) for move in moves])
    for mine, theirs in zip(*both, strict=True):
        for one, other in zip(mine, theirs, strict=True):
            np.testing.assert_array_equal(one, other)


def test_work_that_is_stopped_stops(city):
    forget_everything()

    def stop(_done):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        prepare(city, STANDARD, stop)
    assert not any(is_prepared(costs_of(city, r.measure)) for r in STANDARD.requirements)


def test_a_district_without_streets_has_nothing_to_prepare(city):
    assert not prepare(city.with_table(city.streets.take(city.streets.ids < 0)), STANDARD)
