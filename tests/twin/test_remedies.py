"""What would bring a home within a limit, each answer walked by hand on the grid."""

from __future__ import annotations

import pytest

from tests.grid.grid import Grid, along, up
from tests.twin.districts import district, requirement, standard
from twin.accounts import account
from twin.assessment.assess import assess
from twin.assessment.remedies import remedies, shut_on_the_way, what_bars
from twin.language import set_language
from twin.model.horizon import Horizon
from twin.model.hours import When
from twin.subject import Subject


def cul_de_sac() -> Grid:
    """A home on a street of its own, which joins the grid by a gate and by steps alone.

    The street leads from (0, -300) to (600, -300); the gate (id 100) joins its west end to node
    (0, 0), the steps (id 101) its point (400, -300) to node (4, 0). The home's door is at
    (30, -310), the canteen at (30, 10): by the gate 10 + 30 + 300 + 30 + 10 = 380 m.
    """
    grid = Grid()
    grid.street(98, (0, -300), (400, -300))
    grid.street(99, (400, -300), (600, -300))
    grid.street(100, (0, -300), (0, 0), kind="gate")
    grid.street(101, (400, -300), (400, 0), kind="steps")
    grid.building(1, (30, -310))
    grid.service(1, (30, 10))
    return grid


def assessed(grid: Grid, limit: float = 400.0, walker: str = "adult"):
    return assess(district(grid), standard(requirement("canteen", limit, walker=walker)))


def test_whoever_is_within_the_limit_needs_nothing():
    assert remedies(assessed(cul_de_sac()), 0, "canteen") == ()


def test_a_closed_gate_is_named_with_the_walk_that_it_would_give():
    grid = cul_de_sac()
    grid.change(100, status="closed")
    assessment = assessed(grid)
    # by the steps: 10 + 370 + 300 + 400 - 30 + 10
    assert assessment.results[0].cost[0] == pytest.approx(10 + 370 + 300 + 370 + 10)
    (gate,) = remedies(assessment, 0, "canteen")
    assert (gate.kind, gate.role, gate.ids) == ("gate", "streets", (100,))
    assert gate.walk == pytest.approx(380)


def at_night(grid, limit=400.0, walker="adult"):
    asked = standard(requirement("canteen", limit, walker=walker))
    return assess(district(grid), asked, horizon=Horizon(when=When.parse("Tu 23:00")))


@pytest.mark.parametrize(
    ("language", "closed", "open_"),
    [
        ("en", "(closed at this hour, open 06:00-22:00)", "at others one does through"),
        ("zh_CN", "（此时段关闭，开放时间 06:00-22:00）", "其他时段可经"),
    ],
)
def test_a_gate_that_only_its_hours_close_is_told_with_them(language, closed, open_):
    # The wheelchair cannot take the steps; the walk of 380 m through the gate is open by day.
    grid = cul_de_sac()
    grid.change(100, hours="06:00-22:00")
    night, day = at_night(grid, 400.0, "wheelchair"), assessed(grid, 400.0, "wheelchair")
    assert day.results[0].covered_mask[0]
    assert what_bars(night, 0, night.results[0]) == "gate_shut"
    assert shut_on_the_way(night, 0, night.results[0]) == (100,)
    set_language(language)
    try:
        said = account(night, Subject("home", "canteen", 1))
        lines = [line.words for part in said.parts for line in part.lines]
    finally:
        set_language("en")
    assert closed in said.verdict
    assert open_ in said.verdict
    assert any(closed in line for line in lines)


def test_a_gate_that_is_closed_at_every_hour_is_just_closed():
    grid = cul_de_sac()
    grid.change(100, hours="06:00-22:00", status="closed")
    night = at_night(grid, 400.0, "wheelchair")
    assert what_bars(night, 0, night.results[0]) == "gate_closed"
    assert shut_on_the_way(night, 0, night.results[0]) == ()
    said = account(night, Subject("home", "canteen", 1))
    assert "at this hour" not in said.verdict


def test_a_ramp_is_named_where_steps_bar_a_wheelchair():
    grid = cul_de_sac()
    grid.change(100, status="closed")
    assessment = assessed(grid, 1100.0, "wheelchair")
    assert what_bars(assessment, 0, assessment.results[0]) == "gate_closed"
    found = {one.kind: one for one in remedies(assessment, 0, "canteen")}
    assert found["gate"].ids == (100,)
    assert found["ramp"].ids == (101,)
    assert found["ramp"].walk == pytest.approx(1060)


def test_where_only_steps_lead_there_steps_are_what_bars():
    grid = cul_de_sac()
    grid.change(100, kind="steps")
    wheelchair = assessed(grid, 400.0, "wheelchair")
    assert what_bars(wheelchair, 0, wheelchair.results[0]) == "steps"
    (ramp,) = remedies(wheelchair, 0, "canteen")
    assert (ramp.kind, ramp.ids, ramp.walk) == ("ramp", (100,), pytest.approx(380))


def test_where_only_a_raised_kerb_bars_lowering_it_is_named():
    grid = cul_de_sac()
    grid.change(100, kind="crossing", kerb="raised")
    grid.change(101, status="closed")
    wheelchair = assessed(grid, 400.0, "wheelchair")
    assert what_bars(wheelchair, 0, wheelchair.results[0]) == "kerb"
    (kerb,) = remedies(wheelchair, 0, "canteen")
    assert (kerb.kind, kerb.ids, kerb.walk) == ("kerb", (100,), pytest.approx(380))


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"kind": "steps", "kerb": "raised"}, "steps_and_kerb"),
        ({"kind": "gate", "status": "closed", "kerb": "raised"}, "gate_and_kerb"),
    ],
)
def test_where_a_raised_kerb_bars_with_something_else_both_are_said(columns, reason):
    grid = cul_de_sac()
    grid.change(100, **columns)
    grid.change(101, kerb="raised", ramp=True, status=columns.get("status", "open"))
    if reason == "steps_and_kerb":
        grid.change(101, ramp=False)
    wheelchair = assessed(grid, 400.0, "wheelchair")
    assert what_bars(wheelchair, 0, wheelchair.results[0]) == reason


def test_where_a_gate_and_steps_bar_together_both_are_said():
    grid = cul_de_sac()
    grid.change(100, status="closed", kind="steps")
    grid.change(101, status="closed")
    wheelchair = assessed(grid, 400.0, "wheelchair")
    assert what_bars(wheelchair, 0, wheelchair.results[0]) == "gate_and_steps"


def test_sites_are_named_nearest_first_and_only_within_the_limit():
    grid = Grid()
    grid.building(1, (30, 10))
    grid.service(1, (370, 410))
    for x in (90, 60, 390):
        grid.add("sites", grid_point(x, -10))
    assessment = assessed(grid, 100.0)
    found = remedies(assessment, 0, "canteen")
    # sites at 60 and 90 along the same edge: 10 + 30 + 10 and 10 + 60 + 10
    assert [(one.kind, one.ids, round(one.walk, 6)) for one in found] == [
        ("site", (2,), 50.0),
        ("site", (1,), 80.0),
    ]
    assert [one.ids for one in remedies(assessment, 0, "canteen", most=1)] == [(2,)]


def grid_point(x: float, y: float):
    import shapely

    return shapely.Point(x, y)


def test_a_planned_service_is_named_and_a_new_one_where_nothing_else_would_do():
    grid = Grid()
    grid.building(1, (30, 10))
    grid.service(1, (370, 410))
    assert [one.kind for one in remedies(assessed(grid, 100.0), 0, "canteen")] == ["service"]
    grid.service(2, (80, 10), status="planned")
    (planned,) = remedies(assessed(grid, 100.0), 0, "canteen")
    assert (planned.kind, planned.ids, planned.walk) == ("planned", (2,), pytest.approx(70))


def test_a_home_off_the_network_needs_a_path():
    grid = Grid()
    grid.building(1, (30, -250))
    grid.service(1, (80, 10))
    (path,) = remedies(assessed(grid), 0, "canteen")
    assert (path.kind, path.metres) == ("path", pytest.approx(250))


def test_a_lift_is_named_door_to_door():
    grid = Grid()
    grid.building(1, (30, 10), storeys=6.0)
    grid.service(1, (80, 10))
    one_minute = requirement("canteen", 1.0, unit="min")
    assessment = assess(district(grid), standard(one_minute), door_to_door=True)
    # 70 m take an adult 58.3 s: within a minute on the ground floor alone
    assert 0 < assessment.results[0].covered_part[0] < 1
    lift = remedies(assessment, 0, "canteen")[0]
    assert (lift.kind, lift.ids) == ("lift", (1,))


def test_closing_more_than_gates_is_told_apart_from_nothing_at_all():
    grid = Grid()
    grid.building(1, (30, 10))
    grid.service(1, (230, 10))
    for street in (along(0, 0), up(0, 0), along(1, 0), up(1, 0)):
        grid.change(street, status="closed")
    assessment = assessed(grid)
    assert what_bars(assessment, 0, assessment.results[0]) == "gate_closed"


def test_a_gate_for_the_residents_of_others_is_named_and_ones_own_is_not():
    # Two compounds on the grid's south side, 600 and 200 m of lane; the grid is the longest piece.
    grid = Grid()
    grid.street(98, (0, -300), (600, -300))
    grid.street(97, (100, -900), (300, -900))
    grid.street(100, (0, -300), (0, 0), kind="gate", status="residents")
    grid.street(101, (100, -900), (100, 0), kind="gate", status="residents")
    grid.building(1, (30, -310))
    grid.service(1, (130, -890))
    assessment = assessed(grid, 2000.0)
    assert what_bars(assessment, 0, assessment.results[0]) == "gate_closed"
    (gate,) = remedies(assessment, 0, "canteen")
    assert gate.ids == (101,)
    # 10 + 30 + 300 by one's own gate, 100 along the grid, 900 by the other, 30 + 10
    assert gate.walk == pytest.approx(10 + 30 + 300 + 100 + 900 + 30 + 10)
