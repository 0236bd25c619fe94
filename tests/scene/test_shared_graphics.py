"""Several scenes that draw with one window: each has its own picture, none costs its own meshes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gui.scene.colours import BuildingColours
from gui.scene.scene import Scene
from gui.scene.view import View
from tests.scene.conftest import PAIR

SIZE = 320, 240
VALUES = BuildingColours("share", np.array([0.1, 0.9, 0.5, 1.0]))


def higher(district):
    """Return the district with one building raised, so that its meshes are others."""
    buildings = district.buildings
    storeys = np.where(buildings.ids == PAIR, 20.0, buildings["storeys"])
    return district.with_table(buildings.with_columns({"storeys": storeys}))


def shown(scene, district, view, colours, heading):
    scene.show(district, view, colours)
    scene.camera = scene.home(heading)
    return scene


def test_scenes_that_share_graphics_draw_what_they_would_draw_alone(district):
    cases = [
        (district, View(), VALUES, 0.0),
        (higher(district), View(theme="dark", selection=("buildings", PAIR)), VALUES, 40.0),
        (district, replace(View(), visible=frozenset({"buildings"})), BuildingColours(), 90.0),
    ]
    alone = []
    for case in cases:
        scene = shown(Scene(*SIZE), *case)
        alone.append(scene.render())
        scene.close()
    first = shown(Scene(*SIZE), *cases[0])
    scenes = [first, *(shown(Scene(*SIZE, lender=first), *case) for case in cases[1:])]
    for _ in range(2):  # to and fro, with nothing shown anew
        for scene, picture in zip(scenes, alone, strict=True):
            assert np.array_equal(scene.render(), picture)
    for scene in scenes[1:]:
        scene.close()
    assert np.array_equal(first.render(), alone[0])
    first.close()


def test_shared_meshes_are_handed_to_opengl_once(district):
    first = shown(Scene(*SIZE), district, View(), VALUES, 0.0)
    first.render()
    other = shown(Scene(*SIZE, lender=first), higher(district), View(), VALUES, 0.0)
    other.render()
    actors = [*first._blocks.tiles, *(a for s in first._plan.sheets.values() for a in s)]
    before = [actor.uploads for actor in actors]
    for _ in range(3):
        for scene in (first, other):
            scene.render()
    assert [actor.uploads for actor in actors] == before
    other.close()
    first.render()
    assert len(first._blocks.tiles) < len(actors)
    first.close()


def test_a_scene_takes_its_own_size_where_sizes_differ(district):
    first = shown(Scene(*SIZE), district, View(), VALUES, 0.0)
    small = shown(Scene(100, 80, lender=first), district, View(), VALUES, 0.0)
    assert small.render().shape == (80, 100, 4)
    assert first.render().shape == (240, 320, 4)
    small.resize(120, 90, 2.0)
    assert small.render().shape == (180, 240, 4)
    small.close()
    first.close()
