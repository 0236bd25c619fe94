"""Where the map ends, of districts that are not convex: worked out by hand, and by other means.

Streets every 100 m. A disc of 300 m, half of the widest superblock, tells mapped land from land
without data: what it cannot enter between streets is mapped.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
import shapely.affinity

from layers.extent.coverage import unmapped_land
from tests.grid.answers import Need
from tests.grid.grid import Grid
from tests.grid.product import ProductAnswers, district_of, standard_of
from twin.assessment.assess import assess
from twin.assessment.map_edge import to_map_edge
from twin.model.edits import AddPath, MoveService, SetStreetStatus, apply_edit, apply_edits
from twin.walking.origins import find_origins

CELL = 10.0
HALF = CELL / 2 + 0.1


def lattice(inside, side=2000, step=100):
    """Streets each way between the corners of a lattice that lie where `inside` says."""
    places = [(x, y) for x in range(0, side + 1, step) for y in range(0, side + 1, step)]
    links = [(place, to) for place in places for to in _next(place, step, side)]
    return [link for link in links if all(map(inside, link))]


def _next(place, step, side):
    right, up = (place[0] + step, place[1]), (place[0], place[1] + step)
    return [to for to in (right, up) if max(to) <= side]


def without_corner(place):
    """An L: all but what lies east of 1000 and north of 1000."""
    return place[0] <= 1000 or place[1] <= 1000


def without_notch(place, wide=800):
    """A U: all but a notch, so wide, that opens to the north at 600."""
    return not (1000 - wide / 2 < place[0] < 1000 + wide / 2 and place[1] > 600)


def town(inside, *homes):
    grid = Grid(bare=True)
    for number, (begin, end) in enumerate(lattice(inside), start=1):
        grid.street(number, begin, end)
    for number, place in enumerate(homes, start=1):
        grid.building(number, place)
    return grid


def distances(district):
    return to_map_edge(district, find_origins(district))


def test_a_home_by_the_notch_of_an_l_is_near_the_edge_of_the_map():
    # The hull of the L ends at x + y = 3000, 848 m from (900, 900). The disc that touches both
    # arms of the L stands at (1300, 1300) and comes within 300 (sqrt(2) - 1) = 124 m of its inner
    # corner, which is 141 m from the home: 266 m. The home at (900, 490) has 490 m to the south.
    district = district_of(town(without_corner, (910, 900), (900, 490)))
    near = 300 * (np.sqrt(2) - 1) + np.hypot(90, 100)
    assert distances(district) == pytest.approx([near, 490], abs=2 * CELL)


def test_coverage_by_the_notch_of_an_l_is_a_lower_bound():
    # The canteen stands at (100, 100), beyond 400 m of both. From (900, 900) the map ends 266 m
    # away, where a canteen could stand; from (900, 490) nowhere within 400 m.
    grid = town(without_corner, (910, 900), (900, 490))
    grid.service(1, (100, 95))
    (result,) = (answers := ProductAnswers(grid).assessment(Need(400.0))).results
    assert (result.share, result.bound_by, result.at_least) == (0.0, ("map_edge",), True)
    assert next(note for note in answers.notes if note.key == "map_edge").ids == (1,)
    (inner,) = ProductAnswers(grid).assessment(Need(250.0)).results
    assert (inner.share, inner.at_least) == (0.0, False)


@pytest.mark.parametrize(("wide", "metres"), [(800, 110), (500, 310)])
def test_a_notch_wider_than_a_superblock_is_the_edge_of_the_map(wide, metres):
    # A home in the west arm, 110 m west of the notch, 310 m (wide: 800) from the western edge or
    # (wide: 500) 250 m farther east. No disc of 600 m across enters a notch of 500 m.
    home = (1000 - wide / 2 - 110 if wide == 800 else 310, 1510)
    district = district_of(town(lambda place: without_notch(place, wide), home))
    assert distances(district) == pytest.approx([metres], abs=HALF)


def test_land_that_streets_enclose_is_mapped():
    # A lake of 1,000 m or a military site amid streets: the nearest edge is the outer one.
    hole = town(lambda p: not (500 < p[0] < 1500 and 500 < p[1] < 1500), (450, 1010))
    assert distances(district_of(hole)) == pytest.approx([450], abs=HALF)


def test_water_and_what_a_source_states_need_no_streets():
    # The corner that the L lacks is a bay, or lies within the bounds of the extract: then the
    # nearest edge from (900, 900) is that of the square, 900 m west and south.
    bay = shapely.box(990, 990, 2000, 2000)
    grid = town(without_corner, (910, 900))
    stated = replace(district_of(grid), mapped=bay.wkt)
    assert distances(stated) == pytest.approx([900], abs=2 * HALF)
    grid.add("water", bay)
    assert distances(district_of(grid)) == pytest.approx([900], abs=2 * HALF)


def test_edits_neither_move_the_edge_of_the_map_nor_have_it_found_again(monkeypatch):
    # A path drawn right through the corner that the L lacks is no survey of it.
    found = []
    monkeypatch.setattr(
        "layers.extent.coverage.unmapped_land",
        lambda *given: found.append(1) or unmapped_land(*given),
    )
    grid = town(without_corner, (910, 900))
    grid.service(1, (100, 95))
    base = district_of(grid)
    before = distances(base)
    drawn = AddPath(9001, ((1000.0, 1000.0), (2000.0, 2000.0)))
    across = AddPath(9002, ((1000.0, 2000.0), (2000.0, 1000.0)))
    edits = (drawn, SetStreetStatus(1, "closed"), MoveService(1, 300, 95), across)
    after, problems = apply_edits(base, edits)
    assert problems == ()
    assert distances(after).tolist() == before.tolist()
    assert distances(apply_edit(base, edits[1])).tolist() == before.tolist()
    assert len(found) == 1


def test_a_single_street_maps_no_land_about_it():
    grid = Grid(bare=True)
    grid.street(1, (0, 0), (1000, 0))
    grid.building(1, (500, 40))
    grid.service(1, (30, 5))
    assert distances(district_of(grid)).tolist() == [0.0]
    (result,) = assess(district_of(grid), standard_of(Need(300.0))).results
    assert (result.share, result.at_least) == (0.0, True)


@pytest.mark.parametrize("inside", [without_corner, without_notch])
@pytest.mark.parametrize("turn", [0, 17, 45, 300])
def test_any_outline_is_told_however_it_lies_on_the_grid(inside, turn):
    """Against widening and narrowing the outline itself, right to within the grid's cells."""
    cells = [box for x in range(20) for y in range(20) if inside_all(inside, box := square(x, y))]
    outline = shapely.affinity.rotate(shapely.union_all(cells), turn, origin=(3, 8))
    lines = shapely.linestrings(np.array(lattice(inside), float))
    turned = [shapely.affinity.rotate(line, turn, origin=(3, 8)) for line in lines]
    closed = shapely.buffer(shapely.buffer(outline, 300, quad_segs=64), -300, quad_segs=64)
    west, south, east, north = closed.bounds
    places = np.random.default_rng(turn).uniform((west, south), (east, north), (500, 2))
    points = shapely.points(places)
    away = shapely.distance(points, shapely.boundary(closed))
    expected = np.where(shapely.contains(closed, points), away, 0.0)
    found = unmapped_land((-9000, -9000, 9000, 9000), np.array(turned)).distance(places)
    assert np.abs(found - expected).max() < 2 * CELL
    assert abs(np.mean(found - expected)) < CELL / 2


def square(x, y):
    return shapely.box(100 * x, 100 * y, 100 * x + 100, 100 * y + 100)


def inside_all(inside, shape):
    return all(map(inside, shape.exterior.coords))


def circle_of(grid, *needs):
    return ProductAnswers(grid).assessment(*needs).full_circle


def test_full_circle_is_a_lower_bound_where_all_that_somebody_lacks_may_be_unseen():
    # (910, 900) and (900, 490) have no canteen within 400 m; the first has the map's edge 259 m
    # away. With a nursery for all (within 400 m of neither, nor is it near the edge's limit of
    # 200 m) nobody can be inside, whatever lies off the map.
    grid = town(without_corner, (910, 900), (900, 490))
    grid.service(1, (100, 95))
    circle = circle_of(grid, Need(400.0))
    assert (circle.share, circle.at_least(), circle.more.tolist()) == (0.0, True, [10.0, 0.0])
    grid.service(2, (100, 95), types="nursery")
    certain = circle_of(grid, Need(400.0), Need(200.0, service_types=("nursery",)))
    assert (certain.share, certain.at_least()) == (0.0, False)
    both = circle_of(grid, Need(400.0), Need(300.0, service_types=("nursery",)))
    assert both.at_least()
    assert both.more_by_group["all"] == 10


def test_full_circle_of_a_group_is_a_lower_bound_where_its_own_people_may_be_inside():
    # Only the older people of the first home may have a canteen off the map; adults are asked for
    # nothing, and the older ones of the second home certainly lack it.
    grid = town(without_corner)
    grid.building(1, (910, 900), people={"age_18_59": 7.0, "age_60_79": 3.0})
    grid.building(2, (900, 490), people={"age_60_79": 5.0})
    grid.service(1, (100, 95))
    circle = circle_of(grid, Need(400.0, group="older"))
    assert {group for group, more in circle.more_by_group.items() if more} == {"all", "older"}
    assert circle.more_by_group["older"] == 3
    assert not circle.at_least("adults")


def test_full_circle_of_all_is_no_lower_bound():
    grid = town(without_corner, (910, 900))
    grid.service(1, (910, 895))
    circle = circle_of(grid, Need(400.0))
    assert (circle.share, circle.at_least()) == (1.0, False)
