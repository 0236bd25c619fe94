"""Walks on the grid in metres, worked out by hand in each test's comment."""

from __future__ import annotations

import math

import pytest
import shapely

from tests.grid.answers import near, unreached
from tests.grid.grid import Grid, along, centred, up


def test_a_walk_is_leg_and_streets_and_leg(grid, ask):
    # (30, 10): leg 10 to (30, 0). (250, 205): leg 5 to (250, 200).
    # Streets from (30, 0) to (250, 200): 220 east + 200 north = 420. 10 + 420 + 5 = 435.
    grid.building(1, (30, 10))
    grid.service(1, (250, 205))
    answers = ask(grid)
    assert answers.walks(1, 1) == [near(435)]
    # The adult walks 1.2 m/s on flat land: 435 / 1.2 = 362.5; the older one 0.9: 483.333.
    assert answers.walks(1, 1, "adult", "s") == [near(362.5)]
    assert answers.walks(1, 1, "older", "s") == [near(483.3333)]


def test_two_doors_on_one_edge_walk_along_it(grid, ask):
    # Legs 10 and 5, and 80 - 30 = 50 along edge 1, in either direction.
    grid.building(1, (30, 10))
    grid.building(2, (80, 10))
    grid.service(1, (80, -5))
    grid.service(2, (30, -5))
    answers = ask(grid)
    assert answers.walks(1, 1) == [near(65)]
    assert answers.walks(2, 2) == [near(65)]


def test_two_doors_on_one_edge_go_round_where_that_is_shorter(grid, ask):
    # A horseshoe of 300 m from (0, 0) by (0, -100) and (100, -100) to (100, 0).
    # (5, -20) stands 5 m off it at 20; (95, -20) 5 m off it at 280.
    # Along: 5 + 260 + 5 = 270. Round by edge 1: 5 + 20 + 100 + 20 + 5 = 150.
    grid.street(41, (0, 0), (0, -100), (100, -100), (100, 0))
    grid.building(1, (5, -20))
    grid.service(1, (95, -20))
    assert ask(grid).walks(1, 1) == [near(150)]


def test_doors_on_a_way_there_and_back_are_met_on_the_way_there(grid, ask):
    # From (0, 0) to (-90, -83), 122.4 m off, and back: rounding alone would choose a pass. Doors
    # stand 5 m beside it, the service at 110 m: from 10 i it is |110 - 10 i| and two legs of 5.
    grid.street(41, (0, 0), (-90, -83), (0, 0))
    length = math.hypot(90, 83)

    def place(along_m: float, off_m: float) -> tuple[float, float]:
        return (
            (-90 * along_m + 83 * off_m) / length,
            (-83 * along_m - 90 * off_m) / length,
        )

    for i in range(1, 11):
        grid.building(i, place(10 * i, -5))
    grid.service(1, place(110, 5))
    answers = ask(grid)
    for i in range(1, 11):
        assert answers.walks(i, 1) == [near(120 - 10 * i)]


def test_a_door_attaches_in_the_middle_of_an_edge_and_not_at_a_node(grid, ask):
    # (40, 20) and (60, 20) face each other over 20 m of edge 1: 20 + 20 + 20 = 60.
    grid.building(1, (40, 20))
    grid.service(1, (60, -20))
    assert ask(grid).walks(1, 1) == [near(60)]


def test_the_nearest_edge_is_taken_even_where_another_makes_the_walk_shorter(grid, ask):
    # (45, 40): edge 1 (y = 0) is 40 m off, up(0, 0) (x = 0) 45 m. The service at (-5, 40) is on
    # up(0, 0). By the nearest edge: 40 + 45 + 40 + 5 = 130; over the other it would be 50.
    grid.building(1, (45, 40))
    grid.service(1, (-5, 40))
    assert ask(grid).walks(1, 1) == [near(130)]


def test_the_cap_of_the_leg_is_inclusive(grid, ask):
    # 100 m west of up(0, 0); the service 5 m off (0, 50), on the same spot of the edge.
    grid.building(1, (-100, 50))
    grid.building(2, (-100.01, 50))
    grid.service(1, (5, 50))
    answers = ask(grid)
    assert answers.walks(1, 1) == [near(105)]
    assert answers.reason(1) == ""
    assert unreached(answers.walks(2, 1)[0])
    assert answers.reason(2) == "no_edge_within_cap"


def test_ties_within_a_millimetre_attach_to_the_lowest_edge_id(grid, ask):
    # (150, 150) is 50 m from along(1, 1) = 6, along(1, 2) = 10, up(1, 1) = 26 and up(2, 1) = 30.
    # The service at (150, 95) is 5 m from the spot on edge 6: 50 + 0 + 5.
    grid.building(1, (150, 150))
    # 0.4 mm north: edge 10 is 49.9996 off and edge 6 50.0004: still a tie. 50.0004 + 5.
    grid.building(2, (150, 150.0004))
    # 2 mm north: edge 10 alone is nearest, 49.998. Its spot (150, 200) is 50 + 100 + 50 from the
    # other: 49.998 + 200 + 5 = 254.998.
    grid.building(3, (150, 150.002))
    grid.rows["buildings"][1]["geometry"] = centred(150, 150, 2)  # all three stand in one place
    grid.service(1, (150, 95))
    answers = ask(grid)
    assert answers.walks(1, 1) == [near(55)]
    assert answers.walks(2, 1) == [near(55.0004, 2e-5)]
    assert answers.walks(3, 1) == [near(254.998, 2e-5)]


def test_ties_do_not_depend_on_the_order_of_the_streets(grid, ask):
    grid.rows["streets"].reverse()
    grid.building(1, (150, 150))
    grid.service(1, (150, 95))
    assert ask(grid).walks(1, 1) == [near(55)]


@pytest.mark.parametrize("kind", ["crossing", "bridge", "tunnel", "steps", "gate"])
def test_only_footways_and_streets_attract(grid, ask, kind):
    # Edge 1 attracts no more. From (50, 10) the nearest others are up(0, 0) = 21 and
    # up(1, 0) = 25, each 50 m off: 21. The service at (-5, 10): 50 + 0 + 5.
    grid.change(along(0, 0), kind=kind)
    grid.building(1, (50, 10))
    grid.service(1, (-5, 10))
    # A walk still passes it, from (-10, 50) to (110, 50): 10 + 50 + 100 + 50 + 10.
    grid.building(2, (-10, 50))
    grid.service(2, (110, 50))
    answers = ask(grid)
    assert answers.walks(1, 1) == [near(55)]
    assert answers.walks(2, 2) == [near(220)]


@pytest.mark.parametrize("role", ["water", "barriers"])
def test_a_leg_crosses_neither_water_nor_a_wall(grid, ask, role):
    # (150, 130) is 30 m from edge 6, behind a wall at y = 110; then come up(1, 1) = 26 and
    # up(2, 1) = 30, 50 m off each. 26 at (100, 130): 50 + 20 + 5 to the service at (95, 150).
    wall = shapely.LineString([(120, 110), (180, 110)])
    grid.add(role, wall if role == "barriers" else wall.buffer(2))
    grid.building(1, (150, 130))
    grid.service(1, (95, 150))
    answers = ask(grid)
    assert answers.walks(1, 1) == [near(75)]
    assert not answers.marked(1)


def test_a_leg_that_only_touches_the_end_of_a_wall_passes(grid, ask):
    # The wall ends on the leg's line at (150, 110); 30 + 0 + 5.
    grid.add("barriers", shapely.LineString([(120, 110), (150, 110)]))
    grid.building(1, (150, 130))
    grid.service(1, (150, 95))
    assert ask(grid).walks(1, 1) == [near(35)]


@pytest.mark.parametrize(
    "obstacles",
    [
        [[(120, 110), (150, 110)], [(150, 110), (180, 110)]],
        [[(120, 110), (150, 110)], [(150, 110), (180, 110)], [(150, 110), (150, 105)]],
    ],
    ids=["two walls end to end", "three walls"],
)
def test_a_leg_does_not_slip_through_where_walls_meet(grid, ask, obstacles):
    # As behind one wall from x = 120 to 180: (150, 130) goes to edge 26 instead, 50 + 20 + 5.
    for line in obstacles:
        grid.add("barriers", shapely.LineString(line))
    grid.building(1, (150, 130))
    grid.service(1, (95, 150))
    assert ask(grid).walks(1, 1) == [near(75)]


def test_a_leg_does_not_slip_through_between_two_ponds(grid, ask):
    for west, east in ((120, 150), (150, 180)):
        grid.add("water", shapely.box(west, 105, east, 115))
    grid.building(1, (150, 130))
    grid.service(1, (95, 150))
    assert ask(grid).walks(1, 1) == [near(75)]


def test_a_door_walled_in_is_unreached_for_that_reason(grid, ask):
    grid.add("barriers", shapely.LineString(centred(150, 130, 15).exterior.coords))
    grid.building(1, (150, 130))
    grid.service(1, (95, 150))
    answers = ask(grid)
    assert unreached(answers.walks(1, 1)[0])
    assert answers.reason(1) == "leg_blocked"


def test_a_leg_past_other_buildings_is_preferred(grid, ask):
    # Another building at (150, 108) hides edge 6 (y = 100, 20 m off) from (150, 120); up(1, 1) and
    # up(2, 1) are 50 m off: 26 at (100, 120). To the service at (95, 150): 50 + 30 + 5.
    grid.building(1, (150, 120))
    grid.building(2, (150, 108))
    grid.service(1, (95, 150))
    answers = ask(grid)
    assert answers.walks(1, 1) == [near(85)]
    assert not answers.marked(1)


def test_where_all_legs_cross_buildings_the_nearest_serves_and_is_marked(grid, ask):
    # A ring of building round (150, 120): all legs cross it, edge 6 is nearest: 20 + 0 + 5.
    grid.building(1, (150, 120))
    ring = centred(150, 120, 12).difference(centred(150, 120, 8))
    grid.building(2, (160, 130), outline=ring)
    grid.service(1, (150, 95))
    answers = ask(grid)
    assert answers.walks(1, 1) == [near(25)]
    assert answers.marked(1)


def test_a_leg_may_cross_its_own_building(grid, ask):
    # The door is on the north side of a block 20 m deep; edge 6 lies south of it: 30 + 0 + 5.
    grid.building(1, (150, 130), outline=shapely.box(140, 110, 160, 130))
    grid.service(1, (150, 95))
    answers = ask(grid)
    assert answers.walks(1, 1) == [near(35)]
    assert not answers.marked(1)


def test_a_door_drawn_off_its_wall_may_cross_its_own_building(grid, ask):
    # As above, but the door is drawn 0.5 m in front of the north wall: 30.5 + 0 + 5.
    grid.building(1, (150, 130.5), outline=shapely.box(140, 110, 160, 130))
    grid.service(1, (150, 95))
    answers = ask(grid)
    assert answers.walks(1, 1) == [near(35.5)]
    assert not answers.marked(1)


def test_a_leg_from_a_party_wall_may_cross_either_house(grid, ask):
    grid.building(1, (150, 130), outline=shapely.box(140, 130, 160, 140))
    grid.building(2, (150, 112), outline=shapely.box(140, 110, 160, 130))
    grid.service(1, (150, 95))
    answers = ask(grid)
    assert answers.walks(1, 1) == [near(35)]
    assert not answers.marked(1)


def test_a_closed_gate_leaves_its_compound_unreached(ask):
    # A footway (120, 120)-(180, 120) inside a block, joined to node (1, 1) by a gate of
    # sqrt(20^2 + 20^2) = 28.2843 m. (150, 130) is 10 m off the footway at (150, 120).
    # Service at (150, 95), 5 m off edge 6 at (150, 100).
    # Open: 10 + 30 + 28.2843 + 50 + 5 = 123.2843. Closed: no way; edge 6 is but 30 m off.
    def compound(status):
        grid = Grid()
        grid.street(41, (120, 120), (180, 120), kind="footway")
        grid.street(42, (100, 100), (120, 120), kind="gate", status=status)
        grid.building(1, (150, 130))
        grid.service(1, (150, 95))
        return ask(grid)

    assert compound("open").walks(1, 1) == [near(123.28427, 1e-4)]
    assert compound("residents").walks(1, 1) == [near(123.28427, 1e-4)]
    closed = compound("closed")
    assert unreached(closed.walks(1, 1)[0])
    assert closed.nearest(1, "canteen") == (float("inf"), -1)


def test_a_closed_street_is_gone_round_and_its_own_doors_are_cut_off(grid, ask):
    # along(1, 0) = 2 is closed. (50, 10) to (250, -5), spots (50, 0) and (250, 0): 200 along row 0
    # becomes 50 + 100 up + 100 east + 100 down + 50 = 400. 10 + 400 + 5.
    # (150, 10) hangs on edge 2: up(1, 0) is within the cap, but attachments stay: unreached.
    grid.change(along(1, 0), status="closed")
    grid.building(1, (50, 10))
    grid.building(2, (150, 10))
    grid.service(1, (250, -5))
    answers = ask(grid)
    assert answers.walks(1, 1) == [near(415)]
    assert unreached(answers.walks(2, 1)[0])


def test_a_door_at_the_end_of_a_closed_street_uses_the_others_there(grid, ask):
    # (-5, -5) is nearest to node (0, 0), where edges 1 and 21 tie: it attaches to edge 1. With
    # edge 1 closed it stands on the node still: sqrt(50) up column 0 to (0, 50), and 5.
    grid.change(along(0, 0), status="closed")
    grid.building(1, (-5, -5))
    grid.service(1, (-5, 50))
    assert ask(grid).walks(1, 1) == [near(62.07107)]


def test_an_end_is_an_end_to_the_micrometre(grid, ask):
    # The services stand on closed edge 1, half a nanometre and 2 mm before its end at (100, 0).
    # The first, as where a foot falls on a joint, is on the node: 10 + 150 from (250, 10). The
    # second is on the street that nobody walks.
    grid.change(along(0, 0), status="closed")
    grid.building(1, (250, 10))
    grid.service(1, (100 - 5e-10, 0))
    grid.service(2, (100 - 2e-3, 0))
    answers = ask(grid)
    assert answers.walks(1, 1) == [near(160)]
    assert unreached(answers.walks(1, 2)[0])


def test_small_islands_do_not_attract(grid, ask):
    # A path of 300 m, 100 m east of the grid. (470, 50) is 30 m off it and 70 m off up(4, 0).
    # Service at (405, 50), 5 m off the same spot: 70 + 0 + 5. (550, 60) has nothing else in reach,
    # and its reason says so.
    grid.street(41, (500, 50), (800, 50), kind="footway")
    grid.building(1, (470, 50))
    grid.building(2, (550, 60))
    grid.service(1, (405, 50))
    answers = ask(grid)
    assert answers.walks(1, 1) == [near(75)]
    assert unreached(answers.walks(2, 1)[0])
    assert answers.reason(2) == "island"


def test_an_island_of_500_m_attracts_and_stays_unreached(grid, ask):
    grid.street(41, (500, 50), (1000, 50), kind="footway")
    grid.building(1, (470, 50))
    grid.service(1, (405, 50))
    answers = ask(grid)
    assert unreached(answers.walks(1, 1)[0])
    assert answers.reason(1) == ""


def test_a_piece_behind_a_closed_gate_is_no_island(grid, ask):
    # The same 300 m, joined by a gate from (400, 100) to (500, 50), which is closed: connectivity
    # is judged with all gates open, so (470, 50) attaches to the path, and is unreached.
    grid.street(41, (500, 50), (800, 50), kind="footway")
    grid.street(42, (400, 100), (500, 50), kind="gate", status="closed")
    grid.building(1, (470, 50))
    grid.service(1, (405, 50))
    assert unreached(ask(grid).walks(1, 1)[0])


def test_streets_meet_at_their_ends_only(grid, ask):
    # A flyover from (-20, 150) to (420, 150) crosses all columns and meets none: 440 m, an island.
    grid.street(41, (-20, 150), (420, 150))
    grid.building(1, (-10, 145))
    grid.service(1, (-5, 50))
    # 10 m off up(0, 1) = 22 at (0, 145): 10 + 95 + 5.
    assert ask(grid).walks(1, 1) == [near(110)]


def test_nearest_ties_go_to_the_lowest_service_id(grid, ask):
    # Both 10 + 50 + 5 from (50, 10), east and west along edge 1.
    grid.building(1, (50, 10))
    grid.service(9, (0, -5))
    grid.service(4, (100, -5))
    assert ask(grid).nearest(1, "canteen") == (near(65), 4)


def test_the_nearest_service_is_not_the_one_in_sight(grid, ask):
    # (50, 60) attaches to row 1, 40 m off. Service 1 is 85 m away in a line, right across it:
    # 40 + 0 + 45 = 85. Service 2 is 60 m away in a line, but 40 + 50 + 40 + 10 = 140 on foot.
    grid.building(1, (50, 60))
    grid.service(2, (-10, 60))
    grid.service(1, (50, 145))
    assert ask(grid).nearest(1, "canteen") == (near(85), 1)


def test_closed_services_do_not_serve(grid, ask):
    grid.building(1, (50, 10))
    grid.service(1, (50, -5), status="closed")
    grid.service(2, (80, -5))
    assert ask(grid).nearest(1, "canteen") == (near(45), 2)


def test_a_building_without_entrances_starts_at_its_outline(grid, ask):
    # A diamond whose lowest corner is (50, 10). 10 + 30 + 5.
    diamond = shapely.Polygon([(50, 10), (60, 20), (50, 30), (40, 20)])
    grid.building(1, outline=diamond)
    grid.service(1, (80, -5))
    assert ask(grid).walks(1, 1) == [near(45)]


def test_a_facade_along_a_street_is_left_at_its_first_point(grid, ask):
    # Every point of the facade from (40, 10) to (60, 10) is 10 m off edge 1. The first along the
    # edge is (40, 10): 10 + 40 + 5 to the service at (80, -5), however the outline is drawn.
    corners = [(40, 10), (60, 10), (60, 20), (40, 20)]
    grid.service(1, (80, -5))
    for number in range(4):
        outline = shapely.Polygon(corners[number:] + corners[:number])
        grid.building(number + 1, outline=outline if number % 2 else outline.reverse())
    answers = ask(grid)
    assert [answers.walks(n, 1) for n in (1, 2, 3, 4)] == [[near(55)]] * 4


def test_an_outline_that_a_street_passes_through_is_left_where_it_enters(grid, ask):
    # A gatehouse over edge 1 from x = 40 to x = 60: no leg, first met at (40, 0): 0 + 40 + 5.
    grid.building(1, outline=shapely.box(40, -10, 60, 10))
    grid.service(1, (80, -5))
    assert ask(grid).walks(1, 1) == [near(45)]


def test_a_leg_that_never_leaves_the_water_is_barred(grid, ask):
    # A pond over all of edge 6 and the door at (150, 120): edges 10, 26 and 30 come next, 80, 50
    # and 50 m off, and their legs cross the shore at x = 110 and x = 190.
    grid.add("water", shapely.box(110, 90, 190, 130))
    grid.building(1, (150, 120))
    grid.service(1, (150, 205))
    answers = ask(grid)
    assert unreached(answers.walks(1, 1)[0])
    assert answers.reason(1) == "leg_blocked"


def test_a_polygon_service_is_entered_at_its_outline(grid, ask):
    # A park whose corner (250, -5) is nearest: 10 + 200 + 5.
    park = shapely.Polygon([(250, -5), (290, -45), (210, -45)])
    grid.building(1, (50, 10))
    grid.service(1, park)
    assert ask(grid).walks(1, 1) == [near(215)]


def test_a_service_is_entered_by_its_own_doors(grid, ask):
    # Its point is at (50, -5), straight across; its doors at (250, -5) and (150, -5).
    # 10 + 100 + 5 by the nearer door.
    grid.building(1, (50, 10))
    grid.service(1, (50, -5))
    grid.door((250, -5), service_id=1)
    grid.door((150, -5), service_id=1)
    assert ask(grid).walks(1, 1) == [near(115)]


def test_every_home_door_is_an_origin_and_other_doors_are_alternatives(grid, ask):
    # Doors (30, 10) and (30, 90) of one building; service at (60, -5), spot (60, 0).
    # South: 10 + 30 + 5 = 45. North: 10 to (30, 100); 30 + 100 + 60 by column 0 = 190, or
    # 70 + 100 + 40 = 210 by column 1; 10 + 190 + 5 = 205.
    block = shapely.box(25, 10, 35, 90)
    grid.building(1, (30, 10), (30, 90), outline=block)
    grid.service(1, (60, -5))
    assert ask(grid).walks(1, 1) == [near(45), near(205)]
    # A common back door at (35, 20), 20 m off edge 1 at (35, 0): 20 + 25 + 5 = 50 for the north.
    grid.door((35, 20), building_id=1)
    assert ask(grid).walks(1, 1) == [near(45), near(50)]


def test_a_building_with_only_common_doors_is_one_origin(grid, ask):
    grid.building(1, outline=shapely.box(25, 10, 35, 90))
    grid.door((30, 90), building_id=1)
    grid.door((30, 10), building_id=1)
    grid.service(1, (60, -5))
    assert ask(grid).walks(1, 1) == [near(45)]


def test_parallel_streets_between_the_same_nodes_are_both_walked(grid, ask):
    # A bow from (0, 0) over (50, -30) to (100, 0), 2 sqrt(50^2 + 30^2) = 116.619 m, beside edge 1.
    # (50, -40) is 10 m off its corner: 10 + 58.3095 + 10 to the service at (-10, 0)... which
    # stands 10 m off node (0, 0), nearest of edges 1, 21 and 41, tied: edge 1.
    grid.street(41, (0, 0), (50, -30), (100, 0))
    grid.building(1, (50, -40))
    grid.service(1, (-10, 0))
    assert ask(grid).walks(1, 1) == [near(78.30952)]


def test_a_loop_is_walked_the_shorter_way(grid, ask):
    # A loop of 4 x 40 m from node (4, 4) and back to it. (445, 410) is 5 m off its east side, at
    # 40 + 10 = 50 from the node one way and 110 the other. 5 + 50, then 100 west, 5 off.
    grid.street(41, (400, 400), (440, 400), (440, 440), (400, 440), (400, 400))
    grid.building(1, (445, 410))
    grid.service(1, (300, 405))
    assert ask(grid).walks(1, 1) == [near(160)]


def test_up_and_along_name_the_forty_edges():
    assert sorted([along(i, j) for i in range(4) for j in range(5)]) == list(range(1, 21))
    assert sorted([up(i, j) for i in range(5) for j in range(4)]) == list(range(21, 41))
