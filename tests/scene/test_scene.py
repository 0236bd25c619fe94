"""The scene: picks are what is seen, shows are cheap, nothing is left behind."""

from __future__ import annotations

import gc
from dataclasses import replace

import numpy as np
import pytest
import shapely
from pyproj import CRS
from vtkmodules.vtkCommonCore import vtkObjectBase

from gui.scene import camera as moves
from gui.scene import graphics
from gui.scene.camera import Camera
from gui.scene.colours import BuildingColours
from gui.scene.graphics import GraphicsUnavailable
from gui.scene.picture import render_picture
from gui.scene.scene import Scene
from gui.scene.style import DARK, LIGHT, rgb
from gui.scene.view import ROLES_SHOWN, Ghost, View
from layers.schema import ROLES
from tests.scene.conftest import (
    CANTEEN,
    COURT,
    PAIR,
    PLANNED,
    SHUT,
    SITE,
    SLAB,
    SOUTH,
    TOWER,
    WEST,
    box,
    make_district,
)
from twin.model.district import District
from twin.model.tables import Table

FROM_SOUTH_EAST = Camera((WEST + 95.0, SOUTH + 90.0, 10.0), 420.0, 320.0, 35.0)
BARE = View(visible=frozenset({"buildings"}))


def one_dark(district: District, id_: int) -> BuildingColours:
    """Return colours in which one building is dark and the others are plain."""
    shares = np.full(len(district.buildings), np.nan)
    shares[district.buildings.row_of(id_)] = 1.0
    return BuildingColours("share", shares, 1.0)


def seen_pixels(scene: Scene, district: District, id_: int) -> np.ndarray:
    """Return where a building is seen: the pixels that change with its colour."""
    scene.show(district, BARE)
    plain = scene.render().astype(int)
    scene.show(district, BARE, one_dark(district, id_))
    return np.abs(scene.render().astype(int) - plain).sum(axis=2) > 60


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("id_", [SLAB, COURT, PAIR, TOWER])
def test_what_is_picked_is_what_is_seen(
    scene: Scene, district: District, id_: int, flat: bool
) -> None:
    scene.show(district, BARE)
    scene.camera = replace(FROM_SOUTH_EAST, flat=flat)
    seen = seen_pixels(scene, district, id_)
    assert seen.sum() > 200
    picked = np.zeros_like(seen)
    asked = np.zeros_like(seen)
    asked[3::7, 3::7] = True
    for y, x in np.argwhere(asked):
        picked[y, x] = scene.pick(x + 0.5, y + 0.5) == ("buildings", id_)
    assert (picked != (seen & asked)).sum() <= 0.06 * (seen & asked).sum() + 2  # at edges


def test_glyphs_are_picked_before_what_is_behind_them(scene: Scene, district: District) -> None:
    scene.show(district, View())
    scene.camera = FROM_SOUTH_EAST
    assert set(scene.pins.ids) == {CANTEEN, PLANNED}  # what is closed is not drawn
    for id_, head in zip(scene.pins.ids, scene.pins.head, strict=True):
        (pixel,), visible = scene.project(head[None])
        assert visible.all()
        assert scene.pick(*pixel) == ("services", id_)
    hidden = View(hidden_services=frozenset({CANTEEN}))
    scene.show(district, hidden)
    assert set(scene.pins.ids) == {PLANNED}
    assert SHUT not in scene.pins.ids


def test_a_glyph_behind_a_tower_is_not_picked(scene: Scene, district: District) -> None:
    behind = shapely.Point(WEST + 130.0, SOUTH + 182.0)  # north-west of the tower
    moved = district.with_table(district.services.with_values([0], {}, geometry=behind))
    scene.show(moved, View())
    # From low in the south-east the tower stands before it.
    scene.camera = Camera((WEST + 130.0, SOUTH + 182.0, 15.0), 200.0, 314.0, 5.0)
    head = scene.pins.head[scene.pins.ids == CANTEEN]
    (pixel,), _visible = scene.project(head)
    assert scene.pick(*pixel) == ("buildings", TOWER)


def test_flat_things_are_picked_on_the_ground(scene: Scene, district: District) -> None:
    scene.show(district, View())
    scene.camera = scene.fitted(moves.plan(scene.camera))
    (site, street, meadow), _visible = scene.project(
        np.array(
            [
                (WEST + 30.0, SOUTH + 80.0, 0.0),
                (WEST + 90.0, SOUTH + 100.0, 0.0),
                (WEST + 60.0, SOUTH + 68.0, 0.0),
            ]
        )
    )
    assert scene.pick(*site) == ("sites", SITE)
    assert scene.pick(*street) == ("streets", 2)
    assert scene.pick(*meadow) is None


def test_ground_points_and_projection_are_inverse(scene: Scene, district: District) -> None:
    scene.show(district, View())
    scene.camera = FROM_SOUTH_EAST
    place = scene.ground_point(200.0, 150.0)
    assert place is not None
    (pixel,), visible = scene.project(np.array([place]))
    assert visible.all()
    assert pixel == pytest.approx((200.0, 150.0), abs=1e-3)
    scene.camera = replace(scene.camera, pitch_deg=4.0)
    assert scene.ground_point(160.0, 2.0) is None  # the sky


def test_the_same_again_changes_no_pixel_and_uploads_nothing(
    scene: Scene, district: District
) -> None:
    view = View(selection=("buildings", SLAB), ghost=Ghost(WEST + 20, SOUTH + 20, ("canteen",)))
    scene.show(district, view)
    scene.camera = FROM_SOUTH_EAST
    first = scene.render()
    actors = [*scene._blocks.tiles, *(a for sheet in scene._plan.sheets.values() for a in sheet)]
    uploads = [actor.uploads for actor in actors]
    scene.show(district, view)
    assert np.array_equal(scene.render(), first)
    assert [actor.uploads for actor in actors] == uploads
    assert actors[0] is scene._blocks.tiles[0]


def test_recolouring_uploads_no_mesh_and_changes_the_picture(
    scene: Scene, district: District
) -> None:
    scene.show(district, BARE)
    scene.camera = FROM_SOUTH_EAST
    plain = scene.render()
    tiles = list(scene._blocks.tiles)
    inputs = [tile.mapper.GetInput() for tile in tiles]
    minutes = np.array([2.0, 8.0, 30.0, np.inf])
    scene.show(district, BARE, BuildingColours("minutes", minutes, 15.0))
    assert scene._blocks.tiles == tiles
    assert [tile.mapper.GetInput() for tile in tiles] == inputs
    assert [tile.uploads for tile in tiles] == [1] * len(tiles)
    assert not np.array_equal(scene.render(), plain)


def test_the_unreached_are_hatched_and_nothing_else_is(scene: Scene, district: District) -> None:
    scene.camera = scene.fitted(moves.plan(scene.camera))
    scene.show(district, BARE, BuildingColours("minutes", np.array([2.0, 8.0, 30.0, np.inf]), 15.0))
    scene.camera = scene.fitted(moves.plan(scene.camera))
    pixels = scene.render()[..., 0].astype(int)

    def tones_on(x: float, y: float, z: float) -> int:
        (at,), _visible = scene.project(np.array([(WEST + x, SOUTH + y, z)]))
        column, row = round(at[0]), round(at[1])
        return int(np.ptp(pixels[row - 3 : row + 4, column - 3 : column + 4]))

    assert tones_on(162.0, 152.0, 90.0) > 20  # the tower's roof
    assert tones_on(50.0, 46.0, 18.0) == 0  # the slab's


def test_a_mark_is_drawn_in_the_accent_colour(scene: Scene, district: District) -> None:
    scene.camera = FROM_SOUTH_EAST
    accent = np.array(rgb(LIGHT.accent)) * 255

    def marked(view: View) -> int:
        scene.show(district, view)
        scene.camera = FROM_SOUTH_EAST
        return int((np.abs(scene.render()[..., :3] - accent).max(axis=2) < 4).sum())

    assert marked(View()) == 0
    assert marked(View(selection=("buildings", SLAB))) > 40
    assert marked(View(selection=("services", CANTEEN))) > 10
    assert marked(View(ghost=Ghost(WEST + 60, SOUTH + 80, ("canteen",)))) > 40
    route = np.array([(WEST + 5.0, SOUTH + 30.0), (WEST + 195.0, SOUTH + 30.0)])
    assert marked(View(route=route)) > 100
    assert marked(View(selection=("buildings", 999))) == 0  # vanished since


def test_what_is_hidden_is_neither_drawn_nor_picked(scene: Scene, district: District) -> None:
    scene.show(district, View())
    scene.camera = FROM_SOUTH_EAST
    everything = scene.render()
    roof = np.array([[WEST + 162.0, SOUTH + 152.0, 90.0]])
    (pixel,), _visible = scene.project(roof)
    assert scene.pick(*pixel) == ("buildings", TOWER)
    for role in ROLES_SHOWN - {"underlay"}:  # this district has no picture under it
        scene.show(district, View(visible=ROLES_SHOWN - {role}))
        assert not np.array_equal(scene.render(), everything), role
    scene.show(district, View(visible=ROLES_SHOWN - {"buildings"}))
    assert scene.pick(*pixel) != ("buildings", TOWER)


def test_an_edit_shows_at_once(scene: Scene, district: District) -> None:
    scene.show(district, BARE)
    scene.camera = FROM_SOUTH_EAST
    before = scene.render()
    taller = district.with_table(district.buildings.with_values([0], {"storeys": 12.0}))
    scene.show(taller, BARE)
    assert not np.array_equal(scene.render(), before)
    scene.show(district, BARE)
    assert np.array_equal(scene.render(), before)


def test_storeys_can_be_counted(scene: Scene, district: District) -> None:
    scene.resize(200, 600)
    scene.show(district, BARE)
    # Straight at the slab's south front, from so near that a storey is dozens of pixels high.
    scene.camera = Camera((WEST + 50.0, SOUTH + 40.0, 9.0), 55.0, 0.0, 4.0)
    foot, top = scene.project(np.array([(WEST + 50.0, SOUTH + 40.0, z) for z in (0.0, 18.0)]))[0]
    column = scene.render()[round(top[1]) + 4 : round(foot[1]) - 4, 100, 0].astype(int)
    dark = column < 0.87 * np.median(column)
    slab_edges = (np.diff(dark.astype(int)) == 1).sum()
    assert slab_edges == 5  # between six storeys


def test_sizes_are_in_device_pixels(scene: Scene, district: District) -> None:
    scene.show(district, View())
    scene.resize(200, 100, pixel_ratio=2.0)
    assert scene.render().shape == (200, 400, 4)
    scene.set_resolution_factor(0.5)
    assert scene.render().shape == (100, 200, 4)
    assert scene.size == (200, 100)


def test_themes_have_their_own_ground(scene: Scene, district: District) -> None:
    for theme, tones in (("light", LIGHT), ("dark", DARK)):
        scene.show(district, View(theme=theme))
        scene.camera = replace(scene.home(), distance=4000.0)
        corner = scene.render()[2, 2, :3] / 255
        assert corner == pytest.approx(rgb(tones.ground), abs=0.06)


@pytest.mark.parametrize("kept", ["", *sorted(set(ROLES) - {"entrances"})])
def test_any_layer_may_be_all_there_is(scene: Scene, district: District, kept: str) -> None:
    bare = District("bare", CRS.from_epsg(4547))
    if kept:
        bare = bare.with_table(district.table(kept))
    scene.show(bare, View(selection=("buildings", 1), ghost=Ghost(WEST, SOUTH)))
    scene.camera = scene.home()
    assert scene.render().shape == (240, 320, 4)
    scene.pick(160.0, 120.0)
    scene.outline("services", 1)


def test_features_without_a_shape_do_no_harm(scene: Scene) -> None:
    nothing = np.array([None, shapely.Polygon(), shapely.Point()], dtype=object)
    bare = District("bare", CRS.from_epsg(4547))
    for role in sorted(set(ROLES) - {"entrances"}):
        table = Table(role, [1, 2, 3], nothing, {})
        scene.show(bare.with_table(table), View(selection=(role, 1)))
        scene.render()
        assert scene.place_of(role, 2) is None


def test_before_anything_is_shown_there_is_a_picture_and_nothing_in_it(scene: Scene) -> None:
    assert np.ptp(scene.render()[..., :3].reshape(-1, 3), axis=0).max() == 0
    assert scene.pick(10.0, 10.0) is None
    assert scene.ground_point(10.0, 10.0) is None
    assert scene.place_of("buildings", 1) is None


def test_stills_have_the_size_asked_for(district: District) -> None:
    data = render_picture(district, one_dark(district, SLAB), (160, 100), "dark", plan=True)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(data[16:20], "big") == 160
    assert int.from_bytes(data[20:24], "big") == 100


def test_a_closed_scene_leaves_no_vtk_object() -> None:
    def count() -> int:
        gc.collect()
        return sum(isinstance(thing, vtkObjectBase) for thing in gc.get_objects())

    render_picture(make_district(), size=(80, 60))  # what VTK keeps for the process is made now
    before = count()
    for _ in range(3):
        render_picture(make_district(), size=(80, 60))
    assert count() == before


def test_without_opengl_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphics, "_LIBRARIES", ("libnobodyhasthis.so.9",))
    monkeypatch.setattr(graphics.missing_libraries, "__defaults__", (("libnobodyhasthis.so.9",),))
    graphics.require_graphics.cache_clear()
    with pytest.raises(GraphicsUnavailable) as refused:
        Scene(10, 10)
    assert refused.value.missing == ("libnobodyhasthis.so.9",)
    assert "libegl1" in refused.value.packages
    monkeypatch.undo()
    graphics.require_graphics.cache_clear()
    assert graphics.missing_libraries() == ()


def test_what_is_far_is_drawn_with_fewer_triangles(scene: Scene, district: District) -> None:
    scene.show(district, BARE)
    blocks = scene.meshes.blocks if scene.meshes else None
    assert blocks is not None

    def drawn() -> set[int]:
        scene.render()
        shown = (a for a in scene._blocks.tiles if a.actor.GetVisibility())
        return {id(actor.mesh) for actor in shown}

    scene.camera = FROM_SOUTH_EAST
    assert drawn() == {id(mesh) for mesh in (*blocks.tiles, *blocks.parapets)}
    scene.camera = replace(FROM_SOUTH_EAST, distance=20_000.0)
    assert drawn() == {id(mesh) for mesh in blocks.farthest}
    scene.camera = replace(scene.camera, flat=True)  # the same scale everywhere
    assert drawn() == {id(mesh) for mesh in blocks.farthest}
    scene.camera = replace(scene.camera, distance=1_500.0)
    assert drawn() == {id(mesh) for mesh in blocks.far}


def test_storeys_beyond_the_limit_are_drawn_apart(scene: Scene, district: District) -> None:
    scene.camera = Camera((WEST + 162.0, SOUTH + 140.0, 45.0), 300.0, 0.0, 4.0)
    values = np.full(len(district.buildings), 2.0)
    within = np.full(len(values), np.nan)
    alike = BuildingColours("minutes", values, 15.0)
    scene.show(district, BARE, alike)
    whole = scene.render().astype(int)
    within[district.buildings.row_of(TOWER)] = 10.0  # of its 30 storeys
    scene.show(district, BARE, BuildingColours("minutes", values, 15.0, within))
    apart = scene.render().astype(int)
    heights = np.array([3.0 * storey for storey in (4.5, 8.5, 12.5, 20.5, 28.5)])
    points = np.column_stack([np.full(5, WEST + 162.0), np.full(5, SOUTH + 140.0), heights])
    pixels, _visible = scene.project(points)
    changed = [
        int(np.abs(apart - whole)[int(y) - 1 : int(y) + 2, int(x) - 3 : int(x) + 4].max())
        for x, y in pixels
    ]
    assert [change > 60 for change in changed] == [False, False, True, True, True]
    assert np.array_equal(apart[..., 3], whole[..., 3])  # nothing becomes see-through


def test_a_thousand_buildings_have_as_many_actors_as_nine(scene: Scene, district: District) -> None:
    """Each actor costs a frame something: tiles are drawn, and no building for itself."""

    def actors(side: int) -> int:
        step = 900.0 / side
        shapes = [box(step * i, step * j, 12, 9) for i in range(side) for j in range(side)]
        storeys = np.full(len(shapes), 6.0)
        many = Table(
            "buildings", np.arange(len(shapes)) + 1, np.array(shapes), {"storeys": storeys}
        )
        scene.show(district.with_table(many), View())
        scene.camera = scene.home()
        scene.render()
        renderers = scene._window.GetRenderers()
        return sum(
            renderers.GetItemAsObject(number).GetActors().GetNumberOfItems()
            for number in range(renderers.GetNumberOfItems())
        )

    few = actors(3)
    assert actors(32) - few <= 12  # four tiles at most, each in three kinds of detail
    assert few < 60
