"""A picture under the plan lies where its place says, and can be hidden."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gui.scene.camera import Camera
from gui.scene.scene import Scene
from gui.scene.style import LIGHT, rgb
from gui.scene.view import ROLES_SHOWN, View
from layers.rasters.elevation import Terrain
from layers.rasters.underlay import Underlay
from tests.scene.conftest import SOUTH, WEST, make_district
from twin.model.district import District

NOTHING = frozenset[str]()
ABOVE = Camera((WEST + 100.0, SOUTH + 95.0, 0.0), 600.0, 0.0, 90.0, flat=True)


def picture() -> Underlay:
    """Red in the west and blue in the east half, clear in the south fifth: 100 x 100 m."""
    pixels = np.zeros((50, 50, 4), np.uint8)
    pixels[:, :25, 0], pixels[:, 25:, 2], pixels[:40, :, 3] = 220, 220, 255
    return Underlay(pixels, WEST + 50, SOUTH + 150, 2.0, 2.0)


def colour_at(scene: Scene, x: float, y: float) -> np.ndarray:
    [[across, down]], _ = scene.project(np.array([[WEST + x, SOUTH + y, 0.0]]))
    return scene.render()[int(down), int(across), :3].astype(int)


@pytest.mark.parametrize("rising", [False, True])
def test_a_picture_lies_in_its_place(scene: Scene, rising: bool) -> None:
    slope = np.add.outer(np.zeros(40), np.arange(40.0) / 4).astype(np.float32)
    terrain = Terrain(slope, WEST - 100, SOUTH + 300, 10.0, 10.0) if rising else None
    district: District = replace(make_district(terrain), underlay=picture())
    scene.show(district, View(visible=frozenset({"underlay"})))
    scene.camera = ABOVE
    red, blue, clear = (colour_at(scene, *place) for place in ((70, 100), (130, 100), (100, 60)))
    assert red[0] > red[2] + 40
    assert blue[2] > blue[0] + 40
    assert clear == pytest.approx(np.array(rgb(LIGHT.ground)) * 255, abs=6)
    assert colour_at(scene, 180, 170) == pytest.approx(clear, abs=6)


def test_a_picture_can_be_hidden_and_taken_away(scene: Scene) -> None:
    district = replace(make_district(), underlay=picture())
    scene.show(district, View(visible=NOTHING))
    scene.camera = ABOVE
    bare = scene.render()
    scene.show(district, View(visible=frozenset({"underlay"})))
    assert not np.array_equal(scene.render(), bare)
    scene.show(replace(district, underlay=None), View(visible=frozenset({"underlay"})))
    assert np.array_equal(scene.render(), bare)


def test_both_themes_and_an_edit_keep_it(scene: Scene) -> None:
    district = replace(make_district(), underlay=picture())
    moved = district.with_table(district.services)
    assert moved.underlay is district.underlay
    for theme in ("light", "dark"):
        scene.show(moved, View(visible=ROLES_SHOWN, theme=theme))
        scene.camera = ABOVE
        assert scene.render().shape[2] == 4
