"""Where names stand on the picture: by whose length, how often, from how far."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.scene.camera import Camera, look_at, plan
from gui.scene.labels import building_labels, make_labels
from gui.scene.meshes import build_meshes
from gui.scene.view import View
from gui.viewport import Viewport
from tests.scene.conftest import SOUTH, WEST, box, line, point
from twin.model.district import District
from twin.model.tables import Table

CHINESE = "永安路"


def with_roads(
    district: District, *pieces: tuple[str, tuple[tuple[float, float], ...]]
) -> District:
    names = np.array([name for name, _corners in pieces], object)
    lines = np.array([line(*corners) for _name, corners in pieces])
    classes = np.array(["collector"] * len(pieces), object)
    table = Table(
        "roads", np.arange(len(pieces)) + 1, lines, {"name": names, "road_class": classes}
    )
    return district.with_table(table)


def test_a_road_s_name_stands_along_it_the_middle_of_its_longest_piece_first(
    district: District,
) -> None:
    place = with_roads(
        district,
        ("Short Way", ((0, 0), (90, 0))),
        (CHINESE, ((0, 50), (900, 50))),
        (CHINESE, ((0, 90), (100, 90))),
        (CHINESE, ((0, 95), (30, 95))),
        ("", ((0, 120), (5000, 120))),
    )
    tables = place.communities, place.roads, place.water, place.green
    names = make_labels(*tables, build_meshes(place).surface)
    roads = [
        (text, *np.round(xy - (WEST, SOUTH)))
        for text, kind, xy in zip(names.texts, names.kinds, names.points[:, :2], strict=True)
        if kind == "road"
    ]
    # 900 m take five names 180 m apart, from the middle out; the piece of 30 m takes none.
    assert roads[0] == (CHINESE, 450.0, 50.0)
    assert {x for text, x, y in roads if y == 50.0} == {90.0, 270.0, 450.0, 630.0, 810.0}
    assert [abs(x - 450.0) for _text, x, y in roads if y == 50.0] == [0, 180, 180, 360, 360]
    assert roads[5:] == [(CHINESE, 50.0, 90.0), ("Short Way", 45.0, 0.0)]


@pytest.fixture
def viewport(qtbot: QtBot) -> Viewport:
    made = Viewport(theme="light")
    qtbot.addWidget(made, before_close_func=lambda view: view.close_scene())
    made.resize(480, 360)
    made.show()
    return made


def written(viewport: Viewport, district: District, camera: Camera) -> list[str]:
    viewport.show_scene(district, View(visible=frozenset({"roads", "buildings"})))
    viewport.set_camera(camera)
    viewport.picture()
    return [name for name, _box in viewport.labels_drawn]


def test_a_road_is_named_where_it_is_seen_and_once(viewport: Viewport, district: District) -> None:
    """Its middle lies 600 m west of what is seen."""
    place = with_roads(district, (CHINESE, ((-1400, 100), (200, 100))))
    here = plan(Camera((WEST + 100.0, SOUTH + 100.0, 0.0), 300.0, 0.0, 90.0))
    assert written(viewport, place, here).count(CHINESE) == 1
    all_of_it = plan(Camera((WEST - 600.0, SOUTH + 100.0, 0.0), 2200.0, 0.0, 90.0))
    assert written(viewport, place, all_of_it).count(CHINESE) == 1


def test_buildings_are_named_on_their_roofs_from_near(
    viewport: Viewport, district: District
) -> None:
    place = district.with_table(Table("roads", [], np.array([], object), {}))
    near = Camera((WEST + 125.0, SOUTH + 65.0, 0.0), 160.0, 0.0, 45.0)
    assert "Court" in written(viewport, place, near)
    assert "Court" not in written(viewport, place, look_at(near, near.focus, 1300.0))
    viewport.show_scene(place, View(visible=frozenset({"roads"})))
    viewport.set_camera(near)
    viewport.picture()
    drawn = [name for name, _box in viewport.labels_drawn]
    assert "Court" not in drawn  # no building, no name of one


def test_names_of_large_buildings_come_first_and_stand_on_roofs() -> None:
    shapes = np.array([box(0, 0, 10, 10), box(50, 0, 40, 20), box(0, 50, 5, 5)])
    names = np.array(["3号楼", "体育馆", ""], object)
    table = Table("buildings", [1, 2, 3], shapes, {"name": names})
    labels = building_labels(table, np.array([9.0, 12.0, 3.0]))
    assert labels.texts == ("体育馆", "3号楼")
    assert (labels.points - (WEST, SOUTH, 0.0)).tolist() == [[70.0, 10.0, 12.0], [5.0, 5.0, 9.0]]


def test_a_place_s_name_hides_no_glyph_and_steps_aside(
    viewport: Viewport, district: District
) -> None:
    """A canteen stands where the road's name would: it moves a line up, and both can be read."""
    place = with_roads(district, (CHINESE, ((0, 30), (190, 30))))
    canteen = np.array([point(95, 30)])
    services = Table("services", [1], canteen, {"types": np.array(["canteen"], object)})
    seen = View(visible=frozenset({"roads", "services"}))
    boxes = {}
    for each in (place, place.with_table(services)):
        viewport.show_scene(each, seen)
        viewport.set_camera(plan(Camera((WEST + 95.0, SOUTH + 30.0, 0.0), 300.0, 0.0, 90.0)))
        viewport.picture()
        boxes[each] = dict(viewport.labels_drawn)[CHINESE]
    (glyph,), _ = viewport.scene.project(viewport.scene.pins_drawn.head)
    assert boxes[place].contains(*glyph)
    assert not boxes[each].contains(*glyph)
    assert abs(boxes[each].center().y() - glyph[1]) < 40


def test_names_behind_buildings_go_and_come_when_the_view_rests(
    qtbot: QtBot, viewport: Viewport, district: District
) -> None:
    """A lane north of the tower, seen from south and north; under the hand no name flickers."""
    lane = ((150, 200), (175, 200))
    place = with_roads(district, (CHINESE, lane))
    south = Camera((WEST + 162.0, SOUTH + 200.0, 0.0), 300.0, 0.0, 30.0)
    north = replace(south, heading_deg=180.0)
    assert written(viewport, place, north).count(CHINESE) == 1
    assert CHINESE not in written(viewport, place, south)

    def names() -> list[str]:
        return [name for name, _box in viewport.labels_drawn]

    viewport.take_camera(replace(north, distance=310.0))
    viewport.repaint()
    assert CHINESE not in names()  # as it was at rest
    qtbot.waitUntil(lambda: CHINESE in names())
    viewport.take_camera(replace(south, distance=310.0))
    viewport.repaint()
    assert CHINESE in names()
    qtbot.waitUntil(lambda: CHINESE not in names())
    viewport.show_scene(place, View(visible=frozenset({"roads"})))
    viewport.picture()
    assert CHINESE in names()  # no building, nothing hidden
    viewport.show_scene(place, View(visible=frozenset({"roads"}), names=False))
    viewport.picture()
    assert names() == []


def test_a_community_is_named_whatever_stands_before_its_middle(
    viewport: Viewport, district: District
) -> None:
    outline = np.array([box(150, 190, 25, 20)])
    named = Table("communities", [1], outline, {"name": np.array([CHINESE], object)})
    south = Camera((WEST + 162.0, SOUTH + 200.0, 0.0), 300.0, 0.0, 30.0)
    assert CHINESE in written(viewport, district.with_table(named), south)
