"""What stands still is drawn once for each camera; the picture is the same as if all were drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gui.scene.camera import orbit
from gui.scene.colours import BuildingColours
from gui.scene.scene import Scene
from gui.scene.view import Ghost, View
from twin.model.district import District

SIZE = (320, 240)


@pytest.fixture
def scene(kept_ground: None, district: District) -> Iterator[Scene]:
    scene = Scene(*SIZE)
    scene.show(district, View())
    scene.camera = scene.home()
    scene.render()
    scene.render()  # the camera rests: what stands still is kept from now on
    yield scene
    scene.close()


def colours(district: District, minutes: float) -> BuildingColours:
    return BuildingColours("minutes", np.full(len(district.buildings), minutes), 15.0)


def drawn_whole(district: District, view: View, minutes: float) -> NDArray[np.uint8]:
    """Return the picture by a scene that never saw anything else."""
    fresh = Scene(*SIZE)
    fresh.show(district, view, colours(district, minutes))
    fresh.camera = fresh.home()
    try:
        return fresh.render()
    finally:
        fresh.close()


def test_a_hand_that_carries_a_service_has_the_ground_drawn_no_more(
    scene: Scene, district: District
) -> None:
    x, y, _z = scene.camera.focus
    scene.show(district, View(), colours(district, 0.0))
    scene.render()
    before = scene.backdrops_drawn
    for step in range(4):
        view = View(ghost=Ghost(x + 10.0 * step, y, ("canteen",)))
        scene.show(district, view, colours(district, 3.0 * step))
        scene.render()
    assert scene.backdrops_drawn == before


def test_the_picture_is_the_one_that_is_drawn_whole(scene: Scene, district: District) -> None:
    x, y, _z = scene.camera.focus
    view = View(ghost=Ghost(x + 10.0, y, ("canteen",)))
    scene.show(district, view, colours(district, 9.0))
    scene.render()
    kept = scene.backdrops_drawn
    pixels = scene.render()
    assert scene.backdrops_drawn == kept
    assert np.array_equal(pixels, drawn_whole(district, view, 9.0))


@pytest.mark.parametrize(
    "change",
    [{"theme": "dark"}, {"visible": frozenset({"buildings"})}, {"visible": frozenset({"terrain"})}],
)
def test_what_changes_the_ground_is_seen_at_once(
    scene: Scene, district: District, change: dict[str, Any]
) -> None:
    view = replace(View(), **change)
    scene.show(district, view, colours(district, 9.0))
    assert np.array_equal(scene.render(), drawn_whole(district, view, 9.0))


def test_from_elsewhere_and_in_another_size_it_is_drawn_anew(scene: Scene) -> None:
    before, camera = scene.backdrops_drawn, scene.camera
    scene.camera = orbit(camera, np.array(camera.focus), 20.0, 0.0)
    turned = scene.render()
    assert scene.backdrops_drawn == before + 1
    scene.camera = camera
    assert not np.array_equal(scene.render(), turned)
    scene.resize(400, 300)
    assert scene.render().shape == (300, 400, 4)
    scene.set_resolution_factor(0.5)
    assert scene.render().shape == (150, 200, 4)
    assert scene.backdrops_drawn == before + 3


def test_no_more_is_kept_than_a_few_pictures(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.scene.backdrop._MOST_PIXELS", 2 * SIZE[0] * SIZE[1])
    before = scene.backdrops_drawn
    shifts = [(0.1, 0.0), (0.2, 0.0), (0.3, 0.0)]
    for shift in (*shifts, *shifts):
        scene.render(shift)
    assert scene.backdrops_drawn == before + 6  # each was let go before it was wanted again
    scene.render(shifts[-1])
    assert scene.backdrops_drawn == before + 6
