"""Figures along streets become a picture on the ground: where, in which step, how see-through."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gui.scene.field import Field, make_field
from gui.scene.scene import Scene
from gui.scene.style import field_colours, rgb
from gui.scene.view import View
from tests.scene.conftest import SOUTH, WEST
from twin.model.district import District

BOUNDS = (WEST, SOUTH, WEST + 600.0, SOUTH + 300.0)
CELL_M = 6.0


def street(y: float) -> shapely.LineString:
    return shapely.LineString([(WEST + 50.0, SOUTH + y), (WEST + 550.0, SOUTH + y)])


def made(start: float, end: float, kind: str = "reach", maximum: float = 500.0) -> Field:
    lines = np.array([street(150.0)], dtype=object)
    values = np.array([start]), np.array([end])
    return make_field(lines, *values, BOUNDS, kind, maximum, "m")  # type: ignore[arg-type]  # by name


def at(field: Field, x: float, y: float) -> list[int]:
    pixels = field.pixels["light"]
    return [int(v) for v in pixels[int(y / CELL_M), int(x / CELL_M)]]


def test_a_street_is_coloured_by_the_value_at_each_place_and_fades_out_beside_it() -> None:
    field = made(0.0, 500.0)
    steps = [[round(255 * c) for c in rgb(colour)] for colour in field_colours("reach", "light")]
    for x in (100.0, 200.0, 300.0, 400.0, 500.0):  # 50, 150, 250, 350, 450 of 500
        assert at(field, x, 150.0)[:3] == steps[int((x - 50.0) // 100.0)]
    opacity = [at(field, 300.0, 150.0 + away)[3] for away in (0.0, 24.0, 60.0)]
    assert opacity[0] > 150
    assert opacity[0] >= opacity[1] > 0
    assert opacity[2] == 0


def test_where_nobody_gains_the_ground_stays_as_it_is() -> None:
    assert at(made(0.0, 0.0, "gain"), 300.0, 150.0)[3] == 0
    assert at(made(500.0, 500.0, "gain"), 300.0, 150.0)[3] > 150


def test_streets_without_a_value_are_left_out() -> None:
    assert made(np.nan, 100.0).pixels["light"][..., 3].max() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_stronger_gain_stands_out_more_from_the_ground(theme: str) -> None:
    from gui.scene.style import palette

    ground = sum(rgb(palette(theme).ground))  # type: ignore[arg-type]  # a theme by name
    away = [abs(sum(rgb(c)) - ground) for c in field_colours("gain", theme)]  # type: ignore[arg-type]  # as above
    assert away == sorted(away)


def test_a_field_colours_the_ground_and_no_building(scene: Scene, district: District) -> None:
    scene.show(district, View())
    scene.camera = scene.home(pitch_deg=89.0)
    plain = scene.render().astype(int)
    bounds = scene.meshes.surface.bounds if scene.meshes else BOUNDS
    lines = np.array(
        [shapely.LineString([(WEST, SOUTH + y), (WEST + 200.0, SOUTH + y)]) for y in (30.0, 110.0)]
    )
    field = make_field(lines, np.ones(2), np.ones(2), bounds, "gain", 1.0)
    scene.show(district, View(field=field))
    changed = np.abs(scene.render().astype(int) - plain).sum(axis=2) > 40
    pixels, _visible = scene.project(
        np.array([(WEST + 130.0, SOUTH + 112.0, 0.0), (WEST + 30.0, SOUTH + 45.0, 18.0)])
    )
    (x0, y0), (x1, y1) = pixels.astype(int)
    assert changed[y0, x0]  # a lawn beside the street
    assert not changed[y1, x1]  # the slab's roof
    scene.show(district, View())
    assert np.array_equal(scene.render().astype(int), plain)
