"""What kerbs bar and how rests lengthen walks, worked out by hand for walkers that a file makes."""

from __future__ import annotations

import math
import tomllib

import pytest

from tests.grid import answers
from tests.grid.answers import near, unreached
from tests.grid.grid import along, dem, up
from tests.oracle.reference import Walker
from twin.model.own_data import using_data

OWN = """
[cart]
name = { en = "Cart", zh = "推车人" }
speed_mps = 1.0
slope = "tobler"
steps = "walk"
kerbs = "lowered"
stairs_up_s = 40.0
stairs_down_s = 30.0
source = "Made up"
verified = false

[rester]
name = { en = "Who rests", zh = "需休息的人" }
speed_mps = 0.5
slope = "tobler"
steps = "walk"
rest_every_m = 100
rest_s = 30
rest_source = "Made up"
stairs_up_s = 40.0
stairs_down_s = 30.0
source = "Made up"
verified = false
"""


@pytest.fixture
def own_walkers(tmp_path, monkeypatch):
    """A walker whom raised kerbs bar and one who rests, for as long as a test lasts."""
    (tmp_path / "walkers.toml").write_text(OWN, encoding="utf-8")
    for id_, entry in tomllib.loads(OWN).items():
        monkeypatch.setitem(answers.WALKERS, id_, Walker.from_toml(entry))
    with using_data(tmp_path):
        yield


@pytest.mark.parametrize("walker", ["cart", "wheelchair"])
def test_a_raised_kerb_is_gone_round(grid, ask, own_walkers, walker):
    # along(1, 0) = 2 is a crossing. (90, 10) to (210, -5): 10 + 120 + 5 = 135 m straight over it,
    # 200 m more round by row 1.
    grid.building(1, (90, 10))
    grid.service(1, (210, -5))
    for kerb, metres in (("", 135), ("flush", 135), ("lowered", 135), ("raised", 335)):
        grid.change(along(1, 0), kind="crossing", kerb=kerb)
        assert ask(grid).walks(1, 1, walker) == [near(metres)]
    assert ask(grid).walks(1, 1, "cart", "s") == [near(335)]
    # Nothing bars the adult, nor anybody else of whom the data does not say so.
    assert ask(grid).walks(1, 1, "adult") == [near(135)]
    assert ask(grid).walks(1, 1, "rester") == [near(135)]


def test_a_door_on_a_street_with_a_raised_kerb_stays_where_it_is(grid, ask, own_walkers):
    # (50, 10) hangs on along(0, 0), 10 m off; up(0, 0) and up(1, 0) are within the cap as well.
    grid.change(along(0, 0), kerb="raised")
    grid.building(1, (50, 10))
    grid.service(1, (-5, 50))
    answered = ask(grid)
    assert unreached(answered.walks(1, 1, "cart")[0])
    assert answered.walks(1, 1) == [near(10 + 50 + 50 + 5)]


def test_where_every_way_has_a_raised_kerb_nobody_whom_it_bars_gets_there(grid, ask, own_walkers):
    # Node (0, 0) is left by edges 1 and 21; the door is on edge 1, the service on edge 2.
    for edge in (along(1, 0), up(1, 0)):
        grid.change(edge, kerb="raised")
    grid.change(up(0, 0), status="closed")
    grid.building(1, (50, 10))
    grid.service(1, (250, -5))
    answered = ask(grid)
    assert unreached(answered.walks(1, 1, "cart")[0])
    assert answered.walks(1, 1) == [near(10 + 200 + 5)]


def test_a_walk_with_rests_takes_a_part_of_one_for_every_metre(grid, ask, own_walkers):
    # (30, 10) to (250, 205): 10 + 420 + 5 = 435 m. At 0.5 m/s 870 s; 30 s every 100 m: 130.5 s.
    grid.building(1, (30, 10))
    grid.service(1, (250, 205))
    answered = ask(grid)
    assert answered.walks(1, 1, "rester") == [near(435)]
    assert answered.walks(1, 1, "rester", "s") == [near(870 + 130.5)]


def test_a_slope_slows_the_walk_and_not_the_rest(grid, ask, own_walkers):
    # Rising 1:8 eastwards. (10, 10) to (90, -5): legs 15 m, 80 m up. At 0.5 m/s 30 s and
    # 160 s x exp(3.5 x 0.125); rests for 95 m: 28.5 s. Downhill beyond Tobler's best slope
    # exp(3.5 x (0.075 - 0.05)).
    grid.terrain = dem(lambda x: 0.125 * x)
    grid.building(1, (10, 10))
    grid.building(2, (90, 10))
    grid.service(1, (90, -5))
    grid.service(2, (10, -5))
    answered = ask(grid)
    up_s, down_s = 160 * math.exp(3.5 * 0.125), 160 * math.exp(3.5 * 0.025)
    assert answered.walks(1, 1, "rester", "s") == [near(30 + up_s + 28.5)]
    assert answered.walks(2, 2, "rester", "s") == [near(30 + down_s + 28.5)]
