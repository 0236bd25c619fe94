"""Door to door: stairs count for those who have no lift."""

import numpy as np
import pytest

from tests.grid.grid import Grid
from tests.twin.districts import district, requirement, standard
from twin.assessment.assess import assess
from twin.assessment.compare import compare
from twin.assessment.explain import explain, serves
from twin.streets.costs import INF
from twin.streets.paces import PER_SECOND
from twin.telling.findings import sentence
from twin.walking.storeys import HomeStoreys

# legs 10 + 10, along the street 40: 60 m, 50 s at 1.2 m/s; a storey down takes an adult 10 s
WITHIN_90_S = requirement("canteen", 1.5, unit="min")


def tower(**columns):
    grid = Grid()
    grid.building(1, (70, 10), **({"storeys": 6.0} | columns))
    grid.service(1, (30, -10))
    return district(grid)


def covered(here, wanted=WITHIN_90_S):
    return assess(here, standard(wanted), door_to_door=True).results[0].covered


def test_stairs_do_not_count_unless_asked_for():
    result = assess(tower(), standard(WITHIN_90_S)).results[0]
    assert (result.covered, result.covered_mask.tolist()) == (10, [True])


def test_the_storeys_within_the_limit_count_with_their_part_of_the_people():
    # 50 s and 0, 10, ... 50 s of stairs: the sixth storey arrives after 100 s, the fifth after 90
    result = assess(tower(), standard(WITHIN_90_S), door_to_door=True).results[0]
    assert result.covered == pytest.approx(10 * 5 / 6)
    assert result.covered_part.tolist() == [pytest.approx(5 / 6)]
    assert result.covered_mask.tolist() == [False]
    assert result.cost[0] == pytest.approx(100 / 60)
    assert result.share == pytest.approx(5 / 6)
    assert result.by_community[0].sum() == pytest.approx(10 * 5 / 6)


def test_a_lift_takes_no_time():
    assert covered(tower(has_lift=True)) == 10


def test_nobody_lives_over_the_shops_at_the_street():
    # mixed use: homes on the second to the sixth of six storeys, of which 10 to 40 s are in time
    assert covered(tower(use="mixed")) == pytest.approx(10 * 4 / 5)
    assert covered(tower(use="mixed", storeys=1.0)) == 10


def test_a_home_beyond_the_limit_at_the_door_stays_beyond_it():
    assert covered(tower(), requirement("canteen", 0.8, unit="min")) == 0


def test_stairs_add_no_metres():
    assert covered(tower(), requirement("canteen", 60.0)) == 10


@pytest.mark.parametrize(("limit", "unit"), [(100.0, "m"), (10.0, "min")])
def test_who_cannot_climb_is_barred_above_the_ground(limit, unit):
    wanted = requirement("canteen", limit, unit=unit, walker="wheelchair")
    assessment = assess(tower(), standard(wanted), door_to_door=True)
    result = assessment.results[0]
    assert result.covered == pytest.approx(10 / 6)
    assert result.unreached_by_reason == {"stairs": pytest.approx(10 * 5 / 6)}
    assert explain(assessment, 0, "canteen").reason == "stairs"
    assert explain(assessment, 0, "canteen").sentence
    assert covered(tower(use="mixed"), wanted) == 0
    assert covered(tower(has_lift=True), wanted) == 10


def test_full_circle_is_who_meets_everything_from_the_same_storey():
    # a canteen within 90 s from five storeys, a shop within 75 s from three: three have both
    grid = Grid()
    grid.building(1, (70, 10), storeys=6.0)
    grid.service(1, (30, -10), "canteen,pharmacy")
    wanted = standard(WITHIN_90_S, requirement("pharmacy", 1.25, unit="min"))
    assessment = assess(district(grid), wanted, door_to_door=True)
    assert assessment.full_circle.covered == pytest.approx(5)
    assert assessment.by_building(assessment.results[1])[0].tolist() == [pytest.approx(5)]
    assert [s.people for s in serves(assessment, 1)] == [pytest.approx(25 / 3), pytest.approx(5)]
    assert assessment.frame()["pharmacy_part"].tolist() == [pytest.approx(0.5)]
    assert assessment.building_cost("canteen", ("adult", "min"))[0] == pytest.approx(100 / 60)


def test_a_comparison_counts_the_storeys_that_a_lift_gains():
    before, after = (
        assess(here, standard(WITHIN_90_S), door_to_door=True)
        for here in (tower(), tower(has_lift=True))
    )
    change = compare(before, after).changes[0]
    assert (change.gained, change.lost) == (pytest.approx(10 / 6), 0)
    assert change.gained_by_group["adults"] == pytest.approx(10 / 6)


def test_storeys_that_nobody_knows_are_told():
    assessment = assess(tower(storeys=np.nan), standard(WITHIN_90_S), door_to_door=True)
    note = next(note for note in assessment.notes if note.key == "stairs_unknown")
    assert note.facts["people"] == 10
    assert sentence(note)
    assert assessment.results[0].covered == 10


def test_parts_are_those_of_counting_every_storey():
    rng = np.random.default_rng(7)
    below, count = rng.integers(0, 2, 300), rng.integers(1, 12, 300)
    homes = HomeStoreys(below, count, rng.random(300) < 0.3, np.ones(300, bool))
    cost = rng.integers(0, 300, 300) * PER_SECOND
    cost[:9] = INF
    limit = 200 * PER_SECOND
    found = homes.part_within(cost, ("older", "min"), limit)
    for i in range(300):
        step = 0 if homes.lift[i] else 18  # seconds
        walks = [cost[i] + step * PER_SECOND * (below[i] + storey) for storey in range(count[i])]
        assert found[i] == pytest.approx(np.mean([walk <= limit for walk in walks]))
