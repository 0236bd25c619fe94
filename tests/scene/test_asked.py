"""Services that a question is about stand out, and nothing else is told of the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from gui.scene.camera import Camera
from gui.scene.labels import service_labels
from gui.scene.pins import DRAWN_PX, asked_for, gathered, look_of, looks, sizes_px
from gui.scene.scene import Scene
from gui.scene.view import Ghost, View
from tests.scene.conftest import CANTEEN, PLANNED, SOUTH, WEST, point
from twin.model.district import District
from twin.model.tables import Table

MARKET, BOTH = 41, 42


@pytest.fixture
def busy(district: District) -> District:
    """The small district with a market beside the canteen, and one that is a clinic too."""
    types = np.array(["canteen", "pharmacy", "market", "health_station,canteen"], dtype=object)
    services = Table(
        "services",
        [CANTEEN, PLANNED, MARKET, BOTH],
        np.array([point(97, 20), point(20, 160), point(99, 20), point(101, 20)], dtype=object),
        {"types": types, "status": np.array(["open"] * 4), "name": types},
    )
    return district.with_table(services)


def far_away(scene: Scene) -> None:
    """Look so that a pixel spans two metres."""
    scene.camera = Camera((WEST + 95.0, SOUTH + 20.0, 0.0), 1000.0, 0.0, 60.0)
    distance = 1000.0 * 2.0 / scene.camera.metres_per_pixel(scene.size)
    scene.camera = replace(scene.camera, distance=distance)


def test_what_is_asked_for_gathers_with_its_like_alone(scene: Scene, busy: District) -> None:
    scene.show(busy, View())
    far_away(scene)
    assert sorted(scene.pins_drawn.count.tolist()) == [1, 3]  # within four metres, two pixels
    scene.show(busy, View(asked=frozenset({"canteen"})))
    drawn = scene.pins_drawn
    of = dict(zip(drawn.ids.tolist(), zip(drawn.asked, drawn.count, strict=True), strict=True))
    assert of[PLANNED] == (-1, 1)
    assert of[MARKET] == (-1, 1)
    ((asked, count),) = [own for id_, own in of.items() if id_ in (CANTEEN, BOTH)]
    assert (asked, count) == (1, 2)


def test_it_is_large_enough_for_its_drawing_and_the_others_are_dots(
    scene: Scene, busy: District
) -> None:
    scene.show(busy, View(asked=frozenset({"canteen"})))
    pins = scene.pins
    for pixel_m in (0.1, 1.0, 5.0):
        depth, pixel = np.full(len(pins), 500.0), np.full(len(pins), pixel_m)
        sizes = sizes_px(pins, np.zeros(len(pins), bool), depth, pixel)
        assert sizes[pins.asked > 0].min() > DRAWN_PX
        assert sizes[pins.asked < 0].max() < 9.0
    chosen = pins.ids == MARKET  # what the hand is at is seen as what it is
    assert sizes_px(pins, chosen, depth, pixel)[chosen] > 12.0


def test_several_of_one_type_keep_its_drawing(scene: Scene, busy: District) -> None:
    services = busy.services
    alike = services.with_values([3], {"types": np.array(["canteen"], dtype=object)})
    scene.show(busy.with_table(alike), View(asked=frozenset({"canteen"})))
    far_away(scene)
    together = scene.pins_drawn.count > 1
    assert scene.pins_drawn.look[together].tolist() == [look_of("canteen")]
    assert looks()[look_of("canteen")].drawing


def test_others_have_no_name_and_the_one_in_hand_is_asked_for(scene: Scene, busy: District) -> None:
    ghost = Ghost(WEST + 150.0, SOUTH + 100.0, ("canteen",))
    scene.show(busy, View(asked=frozenset({"canteen"}), ghost=ghost))
    assert set(service_labels(busy.services, scene.pins).texts) == {
        "canteen",
        "health_station,canteen",
    }
    assert scene.pins.asked[scene.pins.ids == -1].tolist() == [1]


def test_it_is_seen_and_picked_before_the_tower_that_stands_before_it(
    scene: Scene, district: District
) -> None:
    """The tower is 25 m wide and 90 m high; the canteen stands right behind it."""
    services = district.services.with_values(
        [0], {}, geometry=shapely.Point(WEST + 162.0, SOUTH + 172.0)
    )
    hidden = district.with_table(services)
    scene.camera = Camera((WEST + 162.0, SOUTH + 150.0, 10.0), 400.0, 0.0, 20.0)
    for asked, expected in ((frozenset[str](), "buildings"), (frozenset({"canteen"}), "services")):
        scene.show(hidden, View(asked=asked))
        (at,), _ = scene.project(scene.pins.head[scene.pins.ids == CANTEEN])
        found = scene.pick(*at)
        assert found is not None
        assert found[0] == expected
    pixel = scene.render()[round(at[1]) - 8, round(at[0]) - 8, :3].astype(int)
    assert np.abs(pixel - [0x00, 0x9E, 0x73]).max() < 12  # the family's green, not the wall


def test_without_a_question_all_are_as_ever(scene: Scene, busy: District) -> None:
    scene.show(busy, View())
    pins = scene.pins
    assert asked_for(pins, busy.services, frozenset()) is pins
    assert not pins.asked.any()
    assert gathered(pins, 2.0, np.zeros(len(pins), bool)).asked.tolist() == [0, 0]


def test_glyphs_grow_with_the_type_of_a_room(scene: Scene, busy: District) -> None:
    scene.show(busy, View())
    depth, pixel = np.full(len(scene.pins), 500.0), np.full(len(scene.pins), 2.0)
    usual, large = (
        sizes_px(scene.pins, np.zeros(len(depth), bool), depth, pixel, scale)
        for scale in (1.0, 1.5)
    )
    assert (large == 1.5 * usual).all()
