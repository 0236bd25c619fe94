"""Seconds on the grid: slope, crossings, wheelchairs. Worked out by hand in each comment."""

from __future__ import annotations

import math

import pytest

from tests.grid.answers import near, unreached
from tests.grid.grid import along, dem, up

EIGHTH_UP = 1.5488303  # exp(3.5 (|0.125 + 0.05| - 0.05)) = exp(0.4375)
EIGHTH_DOWN = 1.0914423  # exp(3.5 (|-0.125 + 0.05| - 0.05)) = exp(0.0875)


def rising(start, stop, slope):
    """Heights that rise eastwards at `slope` from x = start to x = stop and are level elsewhere."""
    return lambda x: slope * (x.clip(start, stop) - start)


def test_the_slope_factors_are_toblers():
    def speed(slope):
        return 6 * math.exp(-3.5 * abs(slope + 0.05))

    assert speed(0) / speed(0.125) == near(EIGHTH_UP, 1e-6)
    assert speed(0) / speed(-0.125) == near(EIGHTH_DOWN, 1e-6)


def test_uphill_is_slower_than_downhill(grid, ask):
    # Everything rises 1:8 eastwards. Building 1 at (10, 10), service at (90, -5): legs 15 m flat
    # at 1.2 m/s = 12.5 s; 80 m up = 66.6667 x 1.5488303 = 103.2554 s. Building 2 walks 80 m down
    # to service 2: 66.6667 x 1.0914423 = 72.7628 s.
    grid.terrain = dem(rising(-600, 600, 0.125))
    grid.building(1, (10, 10))
    grid.building(2, (90, 10))
    grid.service(1, (90, -5))
    grid.service(2, (10, -5))
    answers = ask(grid)
    assert answers.walks(1, 1, "adult", "s") == [near(115.7554)]
    assert answers.walks(2, 2, "adult", "s") == [near(85.2628)]
    # Metres are plan metres: 10 + 80 + 5, both ways.
    assert answers.walks(1, 1) == [near(95)]
    assert answers.walks(2, 2) == [near(95)]


def test_walks_along_a_contour_take_no_notice_of_the_slope(grid, ask):
    # From (-10, 30), 10 m off up(0, 0), 60 m north to (-10, 90): 80 / 1.2 = 66.6667.
    grid.terrain = dem(rising(-600, 600, 0.125))
    grid.building(1, (-10, 30))
    grid.service(1, (-10, 90))
    assert ask(grid).walks(1, 1, "adult", "s") == [near(66.6667)]


def test_time_adds_up_piece_by_piece_and_linearly_inside_a_piece(grid, ask):
    # Level but for 1:8 from x = 40 to 60, the third of edge 1's five pieces. From x = 50 to 90:
    # 10 m up, 30 m level. 15 / 1.2 + (10 x 1.5488303 + 30) / 1.2 = 12.5 + 37.9069 = 50.4069.
    grid.terrain = dem(rising(40, 60, 0.125))
    grid.building(1, (50, 10))
    grid.service(1, (90, -5))
    assert ask(grid).walks(1, 1, "adult", "s") == [near(50.4069)]


def test_the_ground_is_sampled_at_the_ends_of_equal_pieces(grid, ask):
    # An edge of 50 m has ceil(50 / 20) = 3 pieces of 16.6667 m. From (0, 0) to (-50, 0), the ground
    # level but for a ditch between x = -16 and x = 0 with its bottom, 1 m down, at x = -8: samples
    # at 0, -16.67, -33.33 and -50 all see 0. 10 + 40 + 5 = 55 m, all level: 45.8333 s.
    grid.terrain = dem(lambda x: -(1 - abs(x + 8) / 8).clip(0, 1))
    grid.street(41, (0, 0), (-50, 0), kind="footway")
    grid.building(1, (-45, 10))
    grid.service(1, (-5, -5))
    assert ask(grid).walks(1, 1, "adult", "s") == [near(45.8333)]


@pytest.mark.parametrize("kind", ["bridge", "tunnel"])
def test_bridges_and_tunnels_go_straight_from_end_to_end(grid, ask, kind):
    # A valley between x = 120 and x = 180, 8 m deep. along(1, 0) = 2 spans it: level, 100 m.
    # (90, 10) to (210, -5): 10 + 10 + 100 + 10 + 5 = 135 m = 112.5 s.
    grid.terrain = dem(lambda x: -8.0 * ((x >= 124) & (x <= 176)))
    grid.change(along(1, 0), kind=kind)
    grid.building(1, (90, 10))
    grid.service(1, (210, -5))
    assert ask(grid).walks(1, 1, "adult", "s") == [near(112.5)]


def test_a_bridge_between_banks_of_different_height_has_one_slope(grid, ask):
    # East bank 12.5 m up: 1:8 over 100 m. 10 + 10 + 10 + 5 = 35 m level = 29.1667 s, and
    # 100 / 1.2 x 1.5488303 = 129.0692 s: 158.2358.
    grid.terrain = dem(lambda x: 12.5 * (x >= 200))
    grid.change(along(1, 0), kind="bridge")
    grid.building(1, (90, 10))
    grid.service(1, (210, -5))
    assert ask(grid).walks(1, 1, "adult", "s") == [near(158.2358)]


def test_a_signalled_crossing_delays_once(grid, ask):
    # along(1, 0) = 2 is a signalled crossing. 135 m as above = 112.5 s, + 30 s, either way.
    grid.change(along(1, 0), kind="crossing", signalled=True)
    grid.building(1, (90, 10))
    grid.building(2, (210, 10))
    grid.service(1, (210, -5))
    grid.service(2, (90, -5))
    answers = ask(grid)
    assert answers.walks(1, 1, "adult", "s") == [near(142.5)]
    assert answers.walks(2, 2, "adult", "s") == [near(142.5)]
    assert answers.walks(1, 1) == [near(135)]


def test_the_delay_follows_cycle_and_green_where_they_are_known(grid, ask):
    # (90 - 30)^2 / (2 x 90) = 20 s.
    grid.change(along(1, 0), kind="crossing", signalled=True, cycle_s=90.0, green_s=30.0)
    grid.building(1, (90, 10))
    grid.service(1, (210, -5))
    assert ask(grid).walks(1, 1, "adult", "s") == [near(132.5)]


@pytest.mark.parametrize("columns", [{"kind": "crossing"}, {"kind": "street", "signalled": True}])
def test_only_a_crossing_with_signals_delays(grid, ask, columns):
    grid.change(along(1, 0), **columns)
    grid.building(1, (90, 10))
    grid.service(1, (210, -5))
    assert ask(grid).walks(1, 1, "adult", "s") == [near(112.5)]


def test_metres_and_minutes_choose_for_themselves(grid, ask):
    # Service 1 beyond the signals: 10 + 50 + 100 + 10 + 5 = 175 m, 145.8333 + 30 = 175.8333 s.
    # Service 2 up column 0: 10 + 50 + 130 + 5 = 195 m, 162.5 s.
    grid.change(along(1, 0), kind="crossing", signalled=True)
    grid.building(1, (50, 10))
    grid.service(1, (210, -5))
    grid.service(2, (-5, 130))
    answers = ask(grid)
    assert answers.nearest(1, "canteen") == (near(175), 1)
    assert answers.nearest(1, "canteen", "adult", "s") == (near(162.5), 2)


def test_a_way_round_may_be_quicker_than_the_signals(grid, ask):
    # By the crossing 135 m and 120 s of waiting (cycle 250, green 5: 245^2 / 500 = 120.05):
    # 232.55 s. Round by row 1: 200 m more, 335 m = 279.1667 s. And with cycle 400, green 0: 200 s
    # of waiting: 312.5 s, so round.
    grid.change(along(1, 0), kind="crossing", signalled=True, cycle_s=250.0, green_s=5.0)
    grid.building(1, (90, 10))
    grid.service(1, (210, -5))
    assert ask(grid).walks(1, 1, "adult", "s") == [near(232.55)]
    grid.change(along(1, 0), cycle_s=400.0, green_s=0.0)
    assert ask(grid).walks(1, 1, "adult", "s") == [near(279.1667)]


def test_a_wheelchair_does_not_climb_1_in_8(grid, ask):
    # 1:8 over the piece x = 40..60 of every row. (20, 10) to (90, -5) is barred; (20, 10) to
    # (5, -5) is not: 30 / 0.9 = 33.3333, (70, 10) to (90, -5): 35 / 0.9 = 38.8889.
    # (55, 10) stands in the barred piece: unreached both ways.
    grid.terrain = dem(rising(40, 60, 0.125))
    grid.building(1, (20, 10))
    grid.building(2, (70, 10))
    grid.building(3, (55, 10))
    grid.service(1, (90, -5))
    grid.service(2, (5, -5))
    answers = ask(grid)
    assert unreached(answers.walks(1, 1, "wheelchair", "s")[0])
    assert unreached(answers.walks(1, 1, "wheelchair", "m")[0])
    assert answers.walks(1, 2, "wheelchair", "s") == [near(33.3333)]
    assert answers.walks(1, 2, "wheelchair", "m") == [near(30)]
    assert answers.walks(2, 1, "wheelchair", "s") == [near(38.8889)]
    assert unreached(answers.walks(3, 1, "wheelchair", "s")[0])
    assert unreached(answers.walks(3, 2, "wheelchair", "s")[0])
    # The adult walks: 15 / 1.2 + (20 x 1.5488303 + 50) / 1.2 = 79.9805.
    assert answers.walks(1, 1, "adult", "s") == [near(79.9805)]


def test_a_wheelchair_goes_down_no_1_in_8_either(grid, ask):
    grid.terrain = dem(rising(40, 60, 0.125))
    grid.building(1, (90, 10))
    grid.service(1, (20, -5))
    assert unreached(ask(grid).walks(1, 1, "wheelchair", "s")[0])


@pytest.mark.parametrize(("slope", "seconds"), [(1 / 16, 116.6667), (1 / 32, 94.4444)])
def test_a_wheelchair_takes_twice_the_time_between_1_in_20_and_1_in_12(grid, ask, slope, seconds):
    # (20, 10) to (90, -5): 15 m of legs and 70 m of street with 20 m of slope in it.
    # 1:16: (15 + 50 + 2 x 20) / 0.9 = 116.6667. 1:32: 85 / 0.9 = 94.4444, no Tobler.
    grid.terrain = dem(rising(40, 60, slope))
    grid.building(1, (20, 10))
    grid.service(1, (90, -5))
    answers = ask(grid)
    assert answers.walks(1, 1, "wheelchair", "s") == [near(seconds)]
    assert answers.walks(1, 1, "wheelchair", "m") == [near(85)]


def test_a_piece_under_2_m_is_too_short_to_bar(grid, ask):
    # A path of 1.5 m from (0, 0) to (-1.5, 0) rises 0.2 m (2:15) and goes on level for 50 m.
    # (-21.5, 10) to (20, -5): 10 + 20 + 1.5 + 20 + 5 = 56.5 m.
    grid.terrain = dem(lambda x: 0.2 * (x <= -1.5), step=0.5, reach=60.0)
    grid.street(41, (0, 0), (-1.5, 0), kind="footway")
    grid.street(42, (-1.5, 0), (-51.5, 0), kind="footway")
    grid.building(1, (-21.5, 10))
    grid.service(1, (20, -5))
    assert ask(grid).walks(1, 1, "wheelchair", "m") == [near(56.5)]


def test_steps_bar_a_wheelchair_unless_they_have_a_ramp(grid, ask):
    # along(1, 0) = 2 is steps. (90, 10) to (210, -5): 135 m, or 335 m round by row 1.
    grid.change(along(1, 0), kind="steps")
    grid.building(1, (90, 10))
    grid.service(1, (210, -5))
    answers = ask(grid)
    assert answers.walks(1, 1, "wheelchair") == [near(335)]
    assert answers.walks(1, 1, "wheelchair", "s") == [near(372.2222)]
    assert answers.walks(1, 1, "adult") == [near(135)]
    grid.change(along(1, 0), ramp=True)
    assert ask(grid).walks(1, 1, "wheelchair") == [near(135)]


def test_a_door_to_a_barred_way_is_not_moved_to_another(grid, ask):
    # The door at (50, 60) hangs on along(0, 1), 40 m off. From that edge's ends lead steps and
    # closed streets only. Other edges are within the cap, but nobody moves the door to them.
    grid.change(along(1, 1), kind="steps")
    for edge in (up(0, 0), up(1, 0)):
        grid.change(edge, status="closed")
    for edge in (up(0, 1), up(1, 1)):
        grid.change(edge, kind="steps")
    grid.building(1, (50, 60))
    grid.service(1, (50, -5))
    answers = ask(grid)
    assert unreached(answers.walks(1, 1, "wheelchair")[0])
    # The adult takes the steps of along(1, 1), then up(2, 0) and row 0 back:
    # 40 + 50 + 100 + 100 + 150 + 5.
    assert answers.walks(1, 1, "adult") == [near(445)]
