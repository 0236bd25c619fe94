"""Boundaries that are proposed, features far away, and data that ends too soon."""

from collections import Counter

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, Point, box

from layers.extent.boundary import check_extent, far_away, propose_boundary
from layers.mending.references import settle_references
from layers.mending.streets import report_open_crossings, split_at_shared_points
from layers.mending.tidy import tidy

CRS = 4547


def layer(role, geometry, **columns):
    frame = gpd.GeoDataFrame(columns, geometry=list(geometry), crs=CRS)
    return tidy(role, frame)[0]


def block(count=10, x=0.0):
    return [box(x + 30 * n, 0, x + 30 * n + 20, 20) for n in range(count)]


def found(problems):
    return {problem.key: problem for problem in problems}


def test_one_building_five_kilometres_away_is_far_and_named():
    buildings = layer("buildings", [*block(), box(5000, 0, 5020, 20)], id=[*range(1, 11), 77])
    assert far_away(buildings).tolist() == [False] * 10 + [True]
    problem = found(check_extent({"buildings": buildings}))["features_far_away"]
    assert problem.ids == (77,)
    assert problem.facts["named"] == "77"
    # Its centre is at x = 5010, the last of the others' at x = 280.
    assert problem.facts["distance_km"] == pytest.approx(4.7)


def test_two_halves_of_a_district_are_not_far_from_each_other():
    buildings = layer("buildings", [*block(), *block(x=4000)])
    assert not far_away(buildings).any()


def test_a_chain_of_buildings_is_one_group_however_long():
    buildings = layer("buildings", [box(800 * n, 0, 800 * n + 9, 9) for n in range(30)])
    assert not far_away(buildings).any()


def test_a_proposed_boundary_does_not_reach_out_to_a_far_building():
    buildings = layer("buildings", [*block(), box(5000, 0, 5020, 20)])
    boundary, problems = propose_boundary(buildings, None)
    west, south, east, north = boundary.total_bounds
    # The near buildings span 0..290 by 0..20; the margin is 20 m.
    assert (west, south, east, north) == (-20, -20, 310, 40)
    assert found(problems)["boundary_from_buildings"].facts["area_ha"] == pytest.approx(2.0)


def test_communities_make_the_boundary_where_there_are_any():
    communities = layer("communities", [box(0, 0, 100, 100), box(100, 0, 200, 100)])
    boundary, problems = propose_boundary(layer("buildings", block()), communities)
    assert boundary.geometry[0].equals(box(0, 0, 200, 100))
    assert set(found(problems)) == {"boundary_from_communities"}


def test_nothing_makes_no_boundary():
    assert propose_boundary(None, None) == (None, ())


def district(streets_reach, services=((50, 50), (-200, 50))):
    """A boundary of 300 m square and a grid of streets that goes on for `streets_reach` beyond."""
    low, high = -streets_reach, 300 + streets_reach
    ring = [(low, low), (high, low), (high, high), (low, high), (low, low)]
    return {
        "boundary": layer("boundary", [box(0, 0, 300, 300)]),
        "buildings": layer("buildings", [*block(9), box(900, 0, 920, 20)]),
        "streets": layer("streets", [LineString(ring)]),
        "services": layer("services", [Point(p) for p in services], types=["canteen", "park"]),
    }


def test_streets_that_go_on_far_enough_are_no_problem():
    assert set(found(check_extent(district(1000)))) == {"buildings_outside"}


def near_a_cell(metres):
    """What is missing is told by cells of 25 m."""
    return pytest.approx(metres, abs=25)


def test_streets_that_end_early_are_reported_with_the_buildings_concerned():
    problem = found(check_extent(district(400)))["streets_end_early"]
    assert problem.facts["needed_m"] == 1000
    assert problem.facts["reach_m"] == near_a_cell(400)
    assert problem.ids == tuple(range(1, 10))
    assert "streets_end_early" not in found(check_extent(district(400), halo_m=400))
    assert set(problem.facts["sides"].split(",")) == {"n", "ne", "e", "se", "s", "sw", "w", "nw"}


def lattice(inside, step=200):
    """Streets each way, as far as both their ends lie where `inside` says."""
    places = [(x, y) for x in range(-1200, 1501, step) for y in range(-1200, 1501, step)]
    links = [((x, y), to) for x, y in places for to in ((x + step, y), (x, y + step))]
    return layer("streets", [LineString(link) for link in links if all(map(inside, link))])


def in_bay(place):
    """Streets everywhere but north-east of (0, 0), within the square's hull all the same."""
    return place[0] <= 0 or place[1] <= 0


def test_a_concave_end_of_the_data_is_seen_and_its_side_named():
    layers = district(1000) | {"streets": lattice(in_bay)}
    problem = found(check_extent(layers))["streets_end_early"]
    assert problem.facts["sides"].split(",")[0] == "ne"
    assert not {"w", "sw", "s", "nw", "se"} & set(problem.facts["sides"].split(","))
    assert problem.facts["reach_m"] == 0  # the boundary goes on to (300, 300)
    # North-east of (0, 0) up to 900 m beyond (300, 300), round at that corner; at the other, what
    # a disc of 300 m does not touch lies between streets. The streets' own cells are mapped.
    least, most = ((side**2 - (900**2 + 300**2) * (1 - np.pi / 4)) / 1e4 for side in (1175, 1200))
    assert least - 1 < problem.facts["area_ha"] < most + 1


def test_water_and_what_a_source_says_that_it_covers_need_no_streets():
    layers = district(1000) | {"streets": lattice(in_bay)}
    bay = box(-10, -10, 2000, 2000)
    assert "streets_end_early" not in found(check_extent(layers, mapped=bay))
    water = layers | {"water": layer("water", [bay])}
    assert "streets_end_early" not in found(check_extent(water))


def test_land_without_streets_amid_mapped_land_is_mapped():
    layers = district(1000) | {"streets": lattice(lambda p: max(abs(p[0]), abs(p[1])) > 500)}
    assert "streets_end_early" not in found(check_extent(layers))


def test_streets_inside_the_boundary_only_reach_nowhere():
    assert found(check_extent(district(-50)))["streets_end_early"].facts["reach_m"] == 0


def test_services_that_stop_at_the_boundary_are_reported():
    inside_only = district(1000, services=((50, 50), (250, 50)))
    problem = found(check_extent(inside_only))["services_end_at_boundary"]
    # Of the ten, nine are inside; their middles are 10 m from the boundary, or farther.
    assert problem.facts["count"] == len(problem.ids) == 9
    assert found(check_extent(inside_only, 5))["services_end_at_boundary"].ids == ()
    assert "services_end_at_boundary" not in found(check_extent(inside_only, 0))


def test_a_district_without_buildings_inside_cannot_be_scored():
    elsewhere = district(1000) | {"boundary": layer("boundary", [box(0, 500, 300, 800)])}
    assert "no_buildings_inside" in found(check_extent(elsewhere))


def test_open_crossings_are_reported_and_bridges_are_not():
    lines = [
        LineString([(0, 0), (100, 0)]),
        LineString([(50, -50), (50, 50)]),  # crosses the first
        LineString([(100, 0), (100, 50)]),  # meets the first at its end
        LineString([(20, 0), (20, 80)]),  # ends on the first's middle
        LineString([(80, -50), (80, 50)]),  # passes over
    ]
    kind = ["street", "street", "street", "street", "bridge"]
    streets = layer("streets", lines, id=[1, 2, 3, 4, 5], kind=kind)
    problems = found(report_open_crossings(streets))
    assert problems["streets_cross_without_node"].ids == (1,)
    assert problems["streets_end_on_middle"].ids == (4,)


def ends_that_meet(streets):
    ends = [p for line in streets.geometry for p in (line.coords[0], line.coords[-1])]
    return Counter(ends)


def test_ways_that_share_a_vertex_are_joined_there():
    main = LineString([(0, 0), (50, 0), (100, 0), (100, 0), (150, 0)])
    side = LineString([(50, 80), (50, 0)])  # ends on a vertex of the main street
    cross = LineString([(100, -50), (100, 0), (100, 50)])  # crosses at a vertex of both
    streets = layer("streets", [main, side, cross], id=[1, 2, 3], name=["甲", "乙", "丙"])
    joined, problems = split_at_shared_points(streets)
    assert joined["id"].tolist() == [1, 4, 5, 2, 3, 6]
    assert joined["name"].tolist() == ["甲", "甲", "甲", "乙", "丙", "丙"]
    assert joined.geometry.length.tolist() == [50, 50, 50, 80, 50, 50]
    assert ends_that_meet(joined)[(100.0, 0.0)] == 4
    assert [(p.key, p.ids) for p in problems] == [("streets_split", (1, 3))]
    assert report_open_crossings(joined) == ()
    # What is joined already is left alone.
    assert split_at_shared_points(joined)[0] is joined


def test_a_bridge_meets_what_is_below_only_at_an_end():
    street = LineString([(0, 0), (50, 0), (100, 0)])
    over = LineString([(50, -50), (50, 0), (50, 50)])
    stairs = LineString([(50, 50), (80, 0)])
    up_to_the_middle = LineString([(20, 50), (50, 0)])
    kinds = ["street", "bridge", "steps"]
    apart = layer("streets", [street, over, stairs], id=[1, 2, 3], kind=kinds)
    assert split_at_shared_points(apart)[0] is apart
    met = layer(
        "streets",
        [street, over, up_to_the_middle],
        id=[1, 2, 3],
        kind=["street", "bridge", "steps"],
    )
    joined, _ = split_at_shared_points(met)
    assert ends_that_meet(joined)[(50.0, 0.0)] == 5


def test_a_loop_that_touches_itself_is_cut_there():
    loop = LineString([(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)])
    eight = LineString([(0, 100), (10, 100), (10, 110), (5, 100), (5, 90)])
    touching = LineString([(0, 200), (10, 200), (20, 200), (15, 210), (10, 200), (10, 190)])
    streets = layer("streets", [loop, eight, touching], id=[1, 2, 3])
    joined, _ = split_at_shared_points(streets)
    assert joined["id"].tolist() == [1, 2, 3, 4, 5]


def test_a_network_with_nodes_has_no_open_crossings():
    arms = [LineString([(0, 0), p]) for p in ((100, 0), (-100, 0), (0, 100), (0, -100))]
    assert report_open_crossings(layer("streets", arms)) == ()


def test_entrances_find_the_building_they_stand_at():
    layers = {
        "buildings": layer("buildings", block(3), id=[10, 20, 30]),
        "entrances": layer(
            "entrances",
            [Point(5, -1), Point(35, 21), Point(500, 0), Point(5, -1), Point(0, 0)],
            id=[1, 2, 3, 4, 5],
            building_id=[-1, -1, -1, 30, 99],
        ),
    }
    settled, problems = settle_references(layers)
    assert settled["entrances"]["building_id"].tolist() == [10, 20, -1, 30, 10]
    named = {p.key: p.ids for p in problems}
    assert named["reference_lost"] == (5,)
    assert named["entrance_placed"] == (1, 2, 5)
    assert named["entrance_without_building"] == (3,)
    assert layers["entrances"]["building_id"].tolist() == [-1, -1, -1, 30, 99]


def test_far_away_of_nothing():
    assert far_away(layer("buildings", [])).tolist() == []
    assert not np.any(far_away(layer("buildings", block(1))))
