"""Storeys that wear their own walking time: what is drawn is what arithmetic says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from gui.scene.camera import Camera
from gui.scene.colours import BuildingColours, Stairs, storey_walks
from gui.scene.style import band_colours, rgb
from gui.scene.view import View
from tests.scene.conftest import SLAB, SOUTH, WEST

STOREY_M = 3.0
ELSEWHERE = (np.nan,) * 3


def walls(scene, district, stairs, storeys=6):
    """Return the hue of the slab's south wall at each storey: its colour over its grey light."""
    colours = BuildingColours(
        "minutes", np.array([7.0, np.nan, np.nan, np.nan]), 15.0, None, stairs
    )
    scene.show(district, replace(View(), visible=frozenset({"buildings"})), colours)
    scene.camera = Camera((WEST + 50.0, SOUTH + 40.0, 9.0), 60.0, 0.0, 4.0)
    picture = scene.render().astype(float)
    found = []
    low, high = scene.meshes.blocks.base[0], scene.meshes.blocks.top[0]
    for storey in range(storeys):
        z = low + (storey + 0.5) / storeys * (high - low)
        (at,), _ = scene.project(np.array([[WEST + 50.0, SOUTH + 40.0, z]]))
        found.append(picture[round(at[1]), round(at[0]), :3])
    return np.array(found)


def nearest_band(pixel):
    """Return which step of the ramp has the colour of a pixel, whatever the light on it."""
    ramp = np.array([rgb(colour) for colour in band_colours("minutes")])
    unit = ramp / np.linalg.norm(ramp, axis=1)[:, None]
    return int(np.argmax(unit @ (pixel / np.linalg.norm(pixel))))


def test_each_storey_has_the_step_of_the_ramp_that_its_walk_falls_into(scene, district):
    # 2.5 minutes from the door, 1.3 for each storey: 2.5, 3.8, 5.1, 6.4, 7.7, 9.0 (up to 9 counts)
    stairs = Stairs(np.array([2.5, *ELSEWHERE]), np.array([1.3, *ELSEWHERE]))
    seen = walls(scene, district, stairs)
    assert [nearest_band(pixel) for pixel in seen] == [0, 1, 1, 2, 2, 2]


def test_with_a_lift_all_storeys_are_alike(scene, district):
    stairs = Stairs(np.array([7.0, *ELSEWHERE]), np.array([0.0, *ELSEWHERE]))
    seen = walls(scene, district, stairs)
    assert {nearest_band(pixel) for pixel in seen} == {2}


def test_whom_stairs_bar_has_a_colour_on_the_ground_alone(scene, district):
    stairs = Stairs(np.array([2.0, *ELSEWHERE]), np.array([np.inf, *ELSEWHERE]))
    ground, *above = walls(scene, district, stairs)
    assert nearest_band(ground) == 0
    assert all(np.ptp(pixel) < 12 for pixel in above)  # grey


def test_shops_under_flats_wear_no_walk_but_what_nobody_lives_in(scene, district):
    below = np.array([2, 0, 0, 0])
    stairs = Stairs(np.array([2.5, *ELSEWHERE]), np.array([1.3, *ELSEWHERE]), below)
    seen = walls(scene, district, stairs)
    assert all(np.ptp(pixel) < 12 for pixel in seen[:2])  # grey
    assert [nearest_band(pixel) for pixel in seen[2:]] == [1, 2, 2, 2]


def test_whom_stairs_bar_lives_above_shops_that_are_not_hatched(scene, district):
    below = np.array([2, 0, 0, 0])
    stairs = Stairs(np.array([2.0, *ELSEWHERE]), np.array([np.inf, *ELSEWHERE]), below)
    seen = walls(scene, district, stairs)
    assert seen[:2].mean() > 1.2 * seen[2:].mean()  # homes that are barred are darker


def test_without_stairs_the_wall_has_the_building_s_colour(scene, district):
    seen = walls(scene, district, None)
    assert {nearest_band(pixel) for pixel in seen} == {2}


def test_walks_are_written_to_less_than_a_second():
    door, step = np.array([0.0, 4.9, 600.0, np.nan]), np.array([0.0, 0.3, np.inf, 1.0])
    colours = BuildingColours("minutes", door, 15.0, None, Stairs(door, step))
    texels = storey_walks(colours, 4).astype(int)
    read_door = (texels[:, 0] * 256 + texels[:, 1] - 1) / 8192 * 15.0
    read_step = (texels[:, 2] * 256 + texels[:, 3]) / 65536 * 15.0
    assert read_door[:2] == pytest.approx(door[:2], abs=1 / 60)
    assert (read_door[:2] <= door[:2]).all()
    assert read_step[:2] == pytest.approx(step[:2], abs=1 / 60 / 30)
    assert texels[2, 2:].tolist() == [255, 255]
    assert texels[3, :2].tolist() == [0, 0]
    assert read_door[2] > 100.0  # beyond the ramp, and no wrap


def test_the_slab_is_the_first_building(district):
    assert district.buildings.ids[0] == SLAB
    assert shapely.bounds(district.buildings.geometry[0])[1] == SOUTH + 40.0
