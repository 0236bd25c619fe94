"""Gates for residents: who may pass them, worked out by hand.

    K lane y = 200      (200)--------(260)
                          |15
    A, B lanes y = 100  (100)--(200)--------(300)--14--(400)-----(500)   B
                          |11                 |12        |13
    main street y = 0  (0)-(100)------------(300)------(400)---------------(600)

11, 12, 13, 14 and 15 are gates, 100 m each; main street, 600 m, is the longest piece.
"""

import numpy as np
import pytest
import shapely

from tests.grid.grid import Grid
from tests.twin.districts import district, requirement, standard
from twin.assessment.assess import assess
from twin.model.edits import AddPath, SetStreetStatus, apply_edits
from twin.streets.compounds import grounds, walls_of
from twin.walking.facilities import find_facilities
from twin.walking.origins import find_origins
from twin.walking.routes import route, route_between
from twin.walking.walks import costs_of, nearest, walks

HOMES = {"street": 1, "A": 2, "B": 3, "K": 4}
PLACES = {"street": (50, -10), "A": (200, 110), "B": (450, 110), "K": (230, 210)}


@pytest.fixture(params=[pytest.param(False, id="compiled"), pytest.param(True, id="scipy")])
def without_numba(request, monkeypatch):
    """Both ways of searching give the same walks."""
    if request.param:
        monkeypatch.setenv("RENEWAL_TWIN_NO_NUMBA", "1")


pytestmark = pytest.mark.usefixtures("without_numba")


def town(**status: str) -> Grid:
    grid = Grid(bare=True)
    for number, (west, east) in enumerate([(0, 100), (100, 300), (300, 400), (400, 600)], start=1):
        grid.street(number, (west, 0), (east, 0))
    grid.street(5, (100, 100), (200, 100))
    grid.street(6, (200, 100), (300, 100))
    grid.street(7, (400, 100), (500, 100))
    grid.street(8, (200, 200), (260, 200))
    gates = {11: ((100, 0), (100, 100)), 12: ((300, 0), (300, 100)), 13: ((400, 0), (400, 100))}
    gates |= {14: ((300, 100), (400, 100)), 15: ((200, 100), (200, 200))}
    for number, ends in gates.items():
        grid.street(number, *ends, kind="gate", status=status.get(f"g{number}", "residents"))
    for name, number in HOMES.items():
        grid.building(number, PLACES[name])
    return grid


def walk_of(grid: Grid, *place: float, walker: str = "adult") -> dict[str, float]:
    """Metres from each home to a canteen at a place."""
    grid.service(1, place)
    return to_canteen(district(grid), walker)


def to_canteen(town_now, walker: str = "adult") -> dict[str, float]:
    metres = nearest(town_now, "canteen", (walker, "m")).public
    np.testing.assert_array_equal(metres, walks(town_now, 1, (walker, "m")))
    of_building = dict(
        zip(find_origins(town_now).building_id.tolist(), metres.tolist(), strict=True)
    )
    return {name: of_building[number] for name, number in HOMES.items() if number in of_building}


def test_residents_leave_by_the_gates_of_their_own_compound():
    found = walk_of(town(), 350, -10)
    assert found["street"] == 10 + 300 + 10
    assert found["A"] == 10 + 100 + 100 + 50 + 10
    assert found["B"] == 10 + 50 + 100 + 50 + 10


def test_who_lives_behind_two_gates_passes_both():
    assert walk_of(town(), 350, -10)["K"] == 10 + 30 + 100 + 100 + 100 + 50 + 10


def test_a_service_in_a_compound_is_for_its_residents():
    assert walk_of(town(), 200, 90) == {
        "street": np.inf, "A": 20, "B": np.inf, "K": 10 + 30 + 100 + 10
    }  # fmt: skip


def test_nobody_enters_the_courtyard_of_others_although_its_gate_opens_from_their_own_grounds():
    found = walk_of(town(), 230, 190)
    assert found["K"] == 20
    assert found["A"] == np.inf


def test_nobody_leaves_into_another_compound_whose_gates_are_all_for_residents():
    assert walk_of(town(), 450, 90)["A"] == np.inf
    # Where anybody can come in by gate 13, their own gate 14 is the shorter way there.
    found = walk_of(town(g13="open"), 450, 90)
    assert found["A"] == 10 + 100 + 100 + 50 + 10
    assert found["street"] == 10 + 350 + 100 + 50 + 10


def test_a_stranger_does_not_walk_through():
    grid = town()
    grid.change(2, status="closed")
    assert walk_of(grid, 350, -10) == {"street": np.inf, "A": 270, "B": 220, "K": 400}


def test_a_stranger_who_came_in_by_an_open_gate_leaves_by_none_for_residents():
    grid = town(g11="open")
    grid.change(2, status="closed")
    grid.service(2, (200, 90), "pharmacy")
    found = walk_of(grid, 350, -10)
    assert (found["street"], found["A"]) == (np.inf, 270)
    pharmacy = nearest(district(grid), "pharmacy", ("adult", "m")).public
    assert pharmacy[0] == 10 + 50 + 100 + 100 + 10


def test_residents_go_out_and_come_in_again_where_that_is_shorter():
    grid = town()
    grid.rows["streets"] = [row for row in grid.rows["streets"] if row["id"] not in (5, 6)]
    grid.street(5, (100, 100), (180, 100))
    grid.street(9, (180, 100), (220, 100), kind="steps")
    grid.street(6, (220, 100), (300, 100))
    grid.rows["buildings"] = []
    grid.rows["entrances"] = []
    grid.building(HOMES["A"], (150, 110))
    assert walk_of(grid, 250, 90) == {"A": 10 + 100 + 10}
    found = to_canteen(district(grid), "wheelchair")
    assert found == {"A": 10 + 50 + 100 + 200 + 100 + 50 + 10}


def test_open_gates_inside_make_one_compound():
    # Gate 12 is closed: who lives in A goes through B and out by B's own gate.
    found = walk_of(town(g11="closed", g12="closed", g14="open"), 350, -10)
    assert found["A"] == 10 + 100 + 100 + 100 + 50 + 10
    assert found["B"] == 220


def test_a_street_for_residents_that_encloses_nobody_is_walked_by_who_lives_there_alone():
    grid = town()
    grid.change(3, status="residents")
    grid.building(9, (350, 10))
    grid.service(2, (500, -10), "canteen")
    now = district(grid)
    metres = nearest(now, "canteen", ("adult", "m")).public
    assert metres[find_origins(now).building_id == 9] == 10 + 50 + 100 + 10
    assert metres[find_origins(now).building_id == HOMES["street"]] == np.inf
    assert costs_of(now, ("adult", "m")).rights.nobodys.tolist() == [2]
    notes = {note.key: note for note in assess(now, standard(requirement())).notes}
    assert notes["gates_enclose_nobody"].ids == (3,)
    assert notes["gates_enclose_nobody"].facts["count"] == 1


def test_a_service_on_a_street_for_residents_is_reached_from_both_its_ends():
    grid = town()
    grid.change(3, status="residents")
    found = walk_of(grid, 350, -10)
    assert (found["street"], found["B"]) == (320, 220)


def test_an_opening_in_the_wall_takes_no_right_away():
    grid = town()
    grid.service(1, (350, -10))
    path = AddPath(50, ((200, 0), (200, 100)))
    grid.add("barriers", shapely.LineString([(110, 50), (290, 50)]), kind="wall")
    walled, _ = apply_edits(district(grid), [path])
    assert len(costs_of(walled, ("adult", "m")).rights.gates) == 3
    grid.rows["barriers"] = []
    unwalled, _ = apply_edits(district(grid), [path])
    gates = costs_of(unwalled, ("adult", "m")).rights.gates
    assert all(11 not in find_facilities(unwalled).around.network.street_id[g] for g in gates)


def test_a_railway_encloses_no_compound():
    grid = town()
    line = shapely.LineString([(450, -50), (450, 50)])
    grid.add("barriers", line, kind="railway")
    now = district(grid)
    assert len(walls_of(now.barriers)) == 0
    network = find_facilities(now).around.network
    assert grounds(network, walls_of(now.barriers)).cut.sum() == 5


@pytest.mark.parametrize("gate", [11, 12, 13, 14, 15])
@pytest.mark.parametrize("place", [(350, -10), (200, 90), (450, 90), (230, 190)])
def test_closing_a_gate_shortens_no_walk(gate: int, place: tuple[float, float]):
    for others in ("open", "residents"):
        status = {f"g{number}": others for number in (11, 12, 13, 14, 15)}
        before = walk_of(town(**status), *place)
        for less in ("residents", "closed"):
            grid = town(**status)
            grid.service(1, place)
            now, _ = apply_edits(district(grid), [SetStreetStatus(gate, less)])
            after = to_canteen(now)
            assert all(after[name] >= before[name] for name in before), (others, less)


def test_the_route_is_drawn_through_the_gates_that_the_walk_passes():
    grid = town()
    grid.service(1, (350, -10))
    now = district(grid)
    origin = int(np.flatnonzero(find_origins(now).building_id == HOMES["K"])[0])
    found = route(now, origin, 1, ("adult", "m"))
    assert found is not None
    assert found.metres == 400
    assert found.street_id.tolist() == [8, 15, 6, 12, 3]
    assert found.line.tolist() == [
        [230, 210], [230, 200], [200, 200], [200, 100], [300, 100], [300, 0], [350, 0], [350, -10]
    ]  # fmt: skip
    assert route(now, 0, 1, ("adult", "m")) is not None
    between = route_between(now, (200, 110), (350, -10), ("adult", "m"))
    assert between is not None
    assert between.metres == 270
    assert route_between(now, (350, -10), (200, 110), ("adult", "m")) is None
