"""Meshes against areas, volumes and heights that are known otherwise."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gui.scene.blocks import inset, make_blocks
from gui.scene.glyphs import Look
from gui.scene.mesh import Mesh, cut
from gui.scene.meshes import build_meshes
from gui.scene.pins import Pins, gathered, look_of, looks, members, sizes_px
from gui.scene.plan import area
from gui.scene.ribbons import dashes, drawn_lines, ribbons
from gui.scene.rings import rings_of, triangulate
from gui.scene.scene import Scene
from gui.scene.surface import make_surface
from gui.scene.view import View
from tests.scene.conftest import SOUTH, WEST, box, line, make_district
from twin.model.tables import Table

BOUNDS = (WEST - 100.0, SOUTH - 100.0, WEST + 300.0, SOUTH + 300.0)


class Slope:
    """A plane that rises by a tenth to the east and falls by a twentieth to the north."""

    def sample(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return 40.0 + 0.1 * (x - WEST) - 0.05 * (y - SOUTH)


class Hill:
    """A round hill 30 m high and about 100 m wide, known everywhere and not only on a grid."""

    values = np.array([30.0])
    bounds = (WEST, SOUTH, WEST + 200.0, SOUTH + 200.0)

    def sample(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return 30.0 * np.exp(-((x - WEST - 100) ** 2 + (y - SOUTH - 100) ** 2) / (2 * 60.0**2))


def areas(mesh: Mesh) -> np.ndarray:
    """Return twice the signed area of each triangle seen from above, halved."""
    a, b, c = (mesh.points[mesh.faces[:, k]].astype(float) for k in range(3))
    u, v = b - a, c - a
    return (u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]) / 2


def shapes(*geometry: shapely.Geometry) -> np.ndarray:
    return np.array(geometry, dtype=object)


star = st.lists(st.floats(5.0, 50.0), min_size=3, max_size=12)


@given(star, st.booleans())
def test_triangles_cover_a_polygon_once(radii: list[float], hole: bool) -> None:
    angle = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    corners = np.stack([np.cos(angle), np.sin(angle)], axis=1) * np.array(radii)[:, None]
    holes = [corners * 0.4] if hole else []
    polygon = shapely.Polygon(corners, holes)
    rings = rings_of(shapes(polygon))
    faces = triangulate(rings)
    points = np.column_stack([rings.xy, np.zeros(len(rings.xy))])
    signed = areas(Mesh(points.astype(np.float32), faces))
    assert (signed > -1e-3).all()  # all seen from above
    assert signed.sum() == pytest.approx(polygon.area, rel=1e-4)


def test_what_has_no_area_is_left_out() -> None:
    geometry = shapes(shapely.Point(0, 0), None, shapely.Polygon(), box(0, 0, 2, 3))
    rings = rings_of(geometry)
    assert rings.owner.tolist() == [3]
    assert len(triangulate(rings)) == 2


@pytest.mark.parametrize("row", range(4))
def test_a_block_encloses_its_floor_area_times_its_height(row: int) -> None:
    table = make_district().buildings.take(np.array([row]))
    blocks = make_blocks(table, make_surface(BOUNDS, None))
    (tile,) = blocks.tiles
    points = tile.points.astype(float)
    points[:, 2] -= blocks.base[0]  # the open floor then adds nothing
    a, b, c = (points[tile.faces[:, k]] for k in range(3))
    volume = np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6
    height = 3.0 * table["storeys"][0]
    assert volume == pytest.approx(table.geometry[0].area * height, rel=1e-5)
    assert blocks.top[0] - blocks.base[0] == height


def test_a_given_height_counts_more_than_storeys_and_neither_gives_one_storey() -> None:
    table = Table(
        "buildings",
        [1, 2, 3],
        shapes(*[box(20 * k, 0, 10, 10) for k in range(3)]),
        {"storeys": [5.0, np.nan, 0.0], "height_m": [16.5, np.nan, np.nan]},
    )
    blocks = make_blocks(table, make_surface(BOUNDS, None))
    assert (blocks.top - blocks.base).tolist() == [16.5, 3.0, 3.0]


def test_a_building_on_a_slope_stands_at_its_lowest_corner() -> None:
    surface = make_surface(BOUNDS, Slope())
    blocks = make_blocks(make_district().buildings, surface)
    # The slab's lowest corner is its north-west one: 40 + 0.1 * 20 - 0.05 * 52.
    assert blocks.base[0] == pytest.approx(39.4)
    assert blocks.top[0] == pytest.approx(39.4 + 18.0)


def test_storeys_reach_from_zero_to_their_number_on_every_wall() -> None:
    table = make_district().buildings
    blocks = make_blocks(table, make_surface(BOUNDS, None))
    for tile in blocks.tiles:
        wall = tile.storey >= 0.0
        for row in np.unique(tile.building):
            of_row = wall & (tile.building == row)
            assert set(tile.storey[of_row]) == {0.0, table["storeys"][row]}


def test_roof_edges_have_their_width_everywhere() -> None:
    rings = rings_of(shapes(box(0, 0, 40, 20)))
    corners = inset(rings, 2.0)
    assert shapely.Polygon(corners).equals(box(2, 2, 36, 16))


def test_the_ground_follows_the_terrain_and_rays_meet_it_there() -> None:
    surface = make_surface(BOUNDS, Slope())
    rng = np.random.default_rng(7)
    x, y = WEST + rng.uniform(-90, 290, 50), SOUTH + rng.uniform(-90, 290, 50)
    assert surface.height(x, y) == pytest.approx(Slope().sample(x, y))
    start = np.array([WEST + 100.0, SOUTH + 50.0, 500.0])
    hit = surface.hit(start, np.array([0.3, 0.2, -1.0]))
    assert hit is not None
    # 500 - t = 40 + 0.1 (100 + 0.3 t) - 0.05 (50 + 0.2 t)
    t = (500.0 - 40.0 - 10.0 + 2.5) / (1.0 + 0.03 - 0.01)
    assert hit == pytest.approx(start + t * np.array([0.3, 0.2, -1.0]), abs=1e-3)
    assert surface.hit(start, np.array([1.0, 0.0, 0.1])) is None


def test_holes_in_the_terrain_take_a_near_height_and_none_at_all_is_level() -> None:
    class Torn:
        def sample(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
            return np.where(x > WEST + 50, np.nan, 12.0 + 0.01 * (y - SOUTH))

    class Nothing:
        def sample(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
            return np.nan * (x + y)

    torn = make_surface(BOUNDS, Torn())
    assert np.isfinite(torn.heights).all()
    assert torn.height(np.array([WEST + 250.0]), np.array([SOUTH])) == pytest.approx(12.0, abs=0.7)
    assert make_surface(BOUNDS, Nothing()).is_flat


def test_a_straight_ribbon_has_length_times_width() -> None:
    surface = make_surface(BOUNDS, None)
    mesh = ribbons(shapes(line((0, 0), (30, 40))), np.array([6.0]), surface, 0.1, capped=False)
    assert areas(mesh) == pytest.approx(np.full(2, 150.0), rel=1e-4)
    assert mesh.points[:, 2] == pytest.approx(np.float32(0.1))


def test_ribbons_of_two_lines_are_not_joined() -> None:
    surface = make_surface(BOUNDS, None)
    two = shapely.MultiLineString([line((0, 0), (10, 0)), line((100, 100), (110, 100))])
    mesh = ribbons(shapes(two), np.array([2.0]), surface, 0.0, capped=False)
    assert areas(mesh).sum() == pytest.approx(40.0, rel=1e-4)


def test_roads_are_closed_where_they_meet_and_end_bluntly_elsewhere() -> None:
    surface = make_surface(BOUNDS, None)
    corner = shapes(line((0, 0), (50, 0)), line((50, 0), (50, 50)))
    mesh = ribbons(corner, np.array([10.0, 10.0]), surface, 0.0, capped=True)
    outside = np.array([WEST + 53.0, SOUTH - 3.0]) - surface.origin[:2]
    triangles = shapely.polygons(mesh.points[mesh.faces][..., :2].astype(float))
    assert shapely.contains_xy(triangles, *outside).any()
    beyond = np.array([WEST - 1.0, SOUTH]) - surface.origin[:2]
    assert not shapely.contains_xy(triangles, *beyond).any()


def test_lines_and_areas_stay_above_a_hill_and_close_to_it() -> None:
    surface = make_surface(BOUNDS, Hill())
    mesh = drawn_lines(shapes(line((-50, 90), (250, 110))), surface, 0.5)
    ends = mesh.points[mesh.faces].astype(float)
    middle = ends.mean(axis=1) + surface.origin
    above = middle[:, 2] - surface.height(middle[:, 0], middle[:, 1])
    assert (above > 0.2).all()
    assert (above < 0.8).all()
    green = Table("green", [1], [box(10, 10, 180, 180)], {})
    sheet = area(green, surface, 0.1)
    corners = sheet.points[sheet.faces].astype(float)
    middle = corners.mean(axis=1) + surface.origin
    above = middle[:, 2] - surface.height(middle[:, 0], middle[:, 1])
    assert np.abs(above - 0.1).max() < 0.01
    assert areas(sheet).sum() == pytest.approx(180.0**2, rel=1e-4)


def test_stripes_lie_across_their_line() -> None:
    surface = make_surface(BOUNDS, None)
    mesh = dashes(shapes(line((0, 0), (10, 0))), np.array([4.0]), 0.5, 0.5, surface, 0.0)
    assert len(mesh) == 2 * 10
    assert areas(mesh).sum() == pytest.approx(10 * 0.5 * 4.0, rel=1e-4)
    assert np.ptp(mesh.points[:, 1]) == pytest.approx(4.0)


def test_an_edit_makes_only_what_it_touches() -> None:
    before = make_district()
    first = build_meshes(before)
    moved = before.with_table(
        before.services.with_values([0], {}, geometry=shapely.Point(WEST + 50, SOUTH + 20))
    )
    second = build_meshes(moved)
    assert second.blocks is first.blocks
    assert second.light is first.light
    assert all(second.plan[tone] is first.plan[tone] for tone in first.plan)
    taller = before.with_table(before.buildings.with_values([0], {"storeys": 7.0}))
    third = build_meshes(taller)
    assert third.blocks is not first.blocks
    assert third.surface is first.surface
    assert third.plan["road"] is first.plan["road"]


def ragged(x: float, y: float) -> shapely.Polygon:
    """Return a box of 40 x 20 m with two notches of a metre, which nobody sees far away."""
    notch = box(x + 10, y - 1, 4, 2).union(box(x + 24, y + 19, 5, 1))
    return shapely.difference(box(x, y, 40, 20), notch)


def test_far_away_outlines_are_plain_and_low_houses_are_roofs() -> None:
    ell = box(100, 0, 60, 12).union(box(100, 0, 12, 60))
    table = Table(
        "buildings",
        [1, 2, 3],
        shapes(ragged(0, 0), ell, box(0, 80, 20, 20)),
        {"storeys": [4, 6, 30]},
    )
    blocks = make_blocks(table, make_surface(BOUNDS, None))
    (near,), (far,), (farthest,) = blocks.tiles, blocks.far, blocks.farthest
    corners = [int(((tile.building == 0) & (tile.storey < 0)).sum()) for tile in (near, far)]
    assert corners[0] > 8
    assert corners[1] == 4
    assert ((far.building == 1) & (far.storey < 0)).sum() == 6  # an L is no rectangle
    walled = {int(row) for row in np.unique(farthest.building[farthest.storey >= 0])}
    assert walled == {2}  # of 90 m; the others are roofs
    assert {int(row) for row in np.unique(farthest.building)} == {0, 1, 2}
    roofs = farthest.points[farthest.storey < 0][:, 2]
    assert sorted(set(roofs.tolist())) == [12.0, 18.0, 90.0]


def test_boxes_are_drawn_the_same_near_and_far() -> None:
    table = make_district().buildings.take(np.array([0, 3]))
    blocks = make_blocks(table, make_surface(BOUNDS, None))
    assert blocks.far is blocks.tiles


def test_a_mesh_in_tiles_has_every_triangle_once() -> None:
    rng = np.random.default_rng(4)
    points = rng.uniform(0, 1000, (900, 3)).astype(np.float32)
    whole = Mesh(points, rng.integers(0, 900, (500, 3)).astype(np.int32))
    assert cut(whole) == (whole,)
    tiles = cut(whole, most=4, enough=100)
    assert 4 < len(tiles) <= 16
    triangles = np.concatenate([tile.points[tile.faces] for tile in tiles]).reshape(-1, 9)
    assert np.array_equal(
        np.unique(triangles, axis=0), np.unique(points[whole.faces].reshape(-1, 9), axis=0)
    )
    for tile in tiles:
        assert np.ptp(tile.points[tile.faces[:, 0], :2], axis=0).max() <= 251.0


def test_pins_that_would_lie_on_each_other_stand_together_with_their_number() -> None:
    foot = np.array([[0.0, 0, 0], [4, 0, 0], [9, 0, 0], [200, 0, 0], [204, 0, 0], [2, 1, 0]])
    types = ["canteen", "fitness", "nursery", "canteen", "restaurant", "fitness"]
    look = np.array([look_of(type_) for type_ in types])
    food = looks().index(Look("square", "#009e73"))
    ones, yes = np.ones(6, np.int64), np.ones(6, bool)
    high, none = foot + np.array([0.0, 0.0, 17.0]), np.zeros(6, np.int8)
    pins = Pins(np.arange(6), foot, high, look, ~yes, ones, yes, none)
    chosen = np.array([False] * 5 + [True])
    near = gathered(pins, 0.5, chosen)
    assert near is pins  # a pixel of half a metre leaves room for all
    far = gathered(pins, 3.0, chosen)  # 11 pixels are 33 m, so that they gather within 64
    of = {
        tuple(row): (int(n), int(k))
        for row, n, k in zip(far.foot, far.count, far.look, strict=True)
    }
    mixed = len(looks()) - 1
    assert of == {
        (4.0, 0.0, 0.0): (3, mixed),  # the one nearest to the middle stands for three sorts
        (200.0, 0.0, 0.0): (2, food),  # both of one family have its shape
        (2.0, 1.0, 0.0): (1, look[5]),  # what is chosen stands by itself
    }
    assert far.count.sum() == 6
    depth, pixel = np.full(3, 1000.0), np.full(3, 3.0)
    sizes = sizes_px(far, np.zeros(3, bool), depth, pixel)
    assert (sizes[far.count > 1] > sizes[far.count == 1]).all()


def test_pins_outside_the_boundary_are_smaller(scene: Scene) -> None:
    district = make_district()
    outside = shapely.Point(WEST + 230.0, SOUTH + 100.0)
    moved = district.with_table(district.services.with_values([0], {}, geometry=outside))
    scene.show(moved, View())
    assert dict(zip(scene.pins.ids.tolist(), scene.pins.inside.tolist(), strict=True)) == {
        21: False,
        22: True,
    }
    sizes = sizes_px(scene.pins, np.zeros(2, bool), np.full(2, 500.0), np.full(2, 1.0))
    assert sizes[0] < 0.8 * sizes[1]


def test_the_members_of_a_glyph_are_those_that_it_counts() -> None:
    chosen = np.array([False, False, False, True])
    foot = np.array([[10.0, 10, 0], [30, 12, 0], [900, 10, 0], [12, 14, 0]])
    ones, yes = np.ones(4, np.int64), np.ones(4, bool)
    high, none = foot + np.array([0.0, 0.0, 17.0]), np.zeros(4, np.int8)
    pins = Pins(np.arange(4), foot, high, ones, ~yes, ones, yes, none)
    drawn = gathered(pins, 3.0, chosen)
    for row in range(len(drawn)):
        assert len(members(pins, 3.0, chosen, int(drawn.ids[row]))) == drawn.count[row]
    assert sorted(pins.ids[members(pins, 3.0, chosen, int(pins.ids[0]))]) == [0, 1]
    assert members(pins, 0.5, chosen, 1).tolist() == [1]
    assert members(pins, 3.0, chosen, 77).tolist() == []


def test_roofs_that_lie_in_each_other_at_one_height_are_drawn_one_over_the_other() -> None:
    """A hall, its wing once more, a neighbour that only touches, and a higher block inside."""
    shapes = [box(0, 0, 40, 40), box(10, 10, 10, 10), box(40, 0, 20, 40), box(5, 5, 30, 30)]
    storeys = [4.0, 4.0, 4.0, 6.0]
    table = Table("buildings", [1, 2, 3, 4], np.array(shapes), {"storeys": storeys})
    top = make_blocks(table, make_surface((*box(0, 0, 60, 40).bounds,), None)).top
    assert top[0] == top[2] == 12.0
    assert 12.05 < top[1] < 12.3
    assert top[3] == 18.0
