"""Shadows of buildings on other buildings, against what trigonometry says."""

from __future__ import annotations

import typing
from dataclasses import replace

import numpy as np
import pytest
import shapely
from pyproj import CRS

from gui.scene import drawn_blocks
from gui.scene.camera import Camera
from gui.scene.meshes import Daylight, build_meshes, daylight
from gui.scene.rays import cast, turned
from gui.scene.rings import rings_of
from gui.scene.scene import Scene
from gui.scene.sun import Sun
from gui.scene.view import View
from layers.rasters.elevation import Terrain
from tests.scene.conftest import SOUTH, WEST, box, line
from tests.scene.test_sun import lightness
from twin.model.district import District
from twin.model.tables import Table

NOON = Sun(180.0, 45.0)
"""In the south and as high as far: a shadow is as long as what throws it is high."""
OFF_M = 0.1
"""Points of walls and roofs are this far before them where it is asked what hides them."""
DARKER = 0.9
"""What the shade leaves of the light of a roof or a wall is less than this."""


def houses(heights: dict[shapely.Polygon, float], terrain: object = None) -> District:
    """Return a district of blocks by their height in metres, on ground of 200 m by 200 m."""
    return District(
        "shadows",
        CRS.from_epsg(4547),
        buildings=Table(
            "buildings",
            range(1, len(heights) + 1),
            np.array(list(heights), dtype=object),
            {"height_m": list(heights.values())},
        ),
        roads=Table("roads", [1], [line((0, 0), (200, 200))], {}),
        terrain=typing.cast("Terrain | None", terrain),  # anything that samples will do
    )


def sunlit(hour: Daylight) -> Daylight:
    """Return the same hour without anything that stops its rays."""
    dark = (replace(rays, texels=np.zeros_like(rays.texels)) for rays in hour.rays)
    return replace(hour, rays=tuple(dark))


def shade(
    scene: Scene, place: District, sun: Sun, camera: Camera, points: list[tuple[float, ...]]
) -> list[float]:
    """Return how much of its light each point of the buildings keeps among the others, 0 to 1."""
    at = np.array(points, float) + np.array([WEST, SOUTH, 0.0])
    hour, pictures = daylight(place, sun), []
    for light in (sunlit(hour), hour):
        scene.show(place, View(daylight=light))
        scene.camera = camera
        pictures.append(scene.render()[..., :3].astype(float))
    assert not scene.hides(at + np.array([0.0, -OFF_M, OFF_M])).any()
    pixels, seen = scene.project(at)
    assert seen.all()
    return [
        float(pictures[1][int(y), int(x)].mean() / pictures[0][int(y), int(x)].mean())
        for x, y in pixels
    ]


TALL, LOW = box(90, 60, 20, 20), box(60, 90, 80, 30)
"""Between the two, the tall one in the south, are 10 m."""
FROM_SOUTH_EAST = Camera((WEST + 100.0, SOUTH + 95.0, 6.0), 150.0, 325.0, 30.0)


@pytest.mark.parametrize("azimuth", [180.0, 90.0, 217.0, 301.5])
@pytest.mark.parametrize(("step", "coarser"), [(1.25, 1), (7.0, 1), (1.25, 2), (1.25, 4)])
def test_behind_a_wall_rays_sink_as_the_sun_says_however_coarse_the_grid_is(
    azimuth: float, step: float, coarser: int
) -> None:
    """A wall of 100 m across the rays, 30 m high: they clear 30 - d at d metres behind it."""
    sun = Sun(azimuth, 45.0)
    toward = np.array([np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))])
    along = np.array([toward[1], -toward[0]])
    middle = np.array([100.0, 100.0])
    corners = [
        middle + s * 50.0 * along + t * toward for s, t in ((-1, 0), (1, 0), (1, 9), (-1, 9))
    ]
    rings = rings_of(np.array([shapely.Polygon(corners)], dtype=object))
    rays = cast(rings, np.array([30.0]), (0.0, 0.0, 0.0), (200.0, 200.0), sun, step)
    rays, step = rays.coarser(coarser), step * coarser
    away = np.linspace(step, 29.0, 40)
    for aside in (-40.0, 3.3, 40.0):
        x, y = (middle + aside * along - away[:, None] * toward).T
        assert rays.behind(x, y) == pytest.approx(30.0 - away, abs=0.05)
    x, y = (middle + 60.0 * along - away[:, None] * toward).T
    assert not rays.behind(x, y).any()
    x, y = (middle + (9.0 + step + away[:, None]) * toward).T
    assert not rays.behind(x, y).any()


def test_across_and_along_are_measured_by_who_looks_along_the_rays() -> None:
    assert turned(NOON, 3.0, 0.0) == pytest.approx((3.0, 0.0))  # looking north east is right
    assert turned(NOON, 0.0, 5.0) == pytest.approx((0.0, 5.0))
    assert turned(Sun(270.0, 20.0), 0.0, 5.0) == pytest.approx((-5.0, 0.0))  # looking east


def test_a_tall_block_shades_the_wall_and_part_of_the_roof_of_a_low_one(scene: Scene) -> None:
    """30 m stand 10 m before 12 m: shadows on the wall end at 20 m, and on the roof after 8 m."""
    place = houses({TALL: 30.0, LOW: 12.0})
    wall = [(107.5, 90.0, 3.0), (107.5, 90.0, 11.0), (112.0, 90.0, 3.0), (130.0, 90.0, 11.0)]
    roof = [(100.0, 97.0, 12.0), (100.0, 99.0, 12.0), (88.5, 95.0, 12.0), (111.5, 95.0, 12.0)]
    below, above, beside, far = shade(scene, place, NOON, FROM_SOUTH_EAST, wall)
    assert below < DARKER
    assert above < DARKER
    assert beside == far == 1.0
    steep = replace(FROM_SOUTH_EAST, pitch_deg=60.0)
    near, behind, west, east = shade(scene, place, NOON, steep, roof)
    assert near < DARKER
    assert behind == west == east == 1.0


def test_a_low_block_shades_the_foot_of_a_high_one(scene: Scene) -> None:
    """30 m stand 10 m before 60 m: the shade ends at 20 m on its wall and reaches no roof."""
    place = houses({TALL: 30.0, LOW: 60.0})
    camera = replace(FROM_SOUTH_EAST, focus=(WEST + 100.0, SOUTH + 90.0, 25.0))
    points = [(106.0, 90.0, 18.5), (106.0, 90.0, 21.5), (100.0, 105.0, 60.0)]
    below, above, roof = shade(scene, place, NOON, camera, points)
    assert below < DARKER
    assert above == roof == 1.0


@pytest.mark.parametrize("distance", [150.0, 900.0, 4000.0])
def test_a_block_alone_never_shades_itself(scene: Scene, distance: float) -> None:
    """Near and far, where its outline of many corners is drawn with few."""
    round_ = shapely.Point(WEST + 100, SOUTH + 100).buffer(20.0, 5)
    teeth = shapely.union_all(
        [box(60 + 4 * k, 40, 2, 13.0) for k in range(20)] + [box(60, 42, 78, 9)]
    )
    place = houses({round_: 30.0, teeth: 18.0})
    for sun in (NOON, Sun(100.0, 12.0), Sun(300.0, 3.0)):
        hour, pictures = daylight(place, sun), []
        for light in (sunlit(hour), hour):
            scene.show(place, View(daylight=light))
            scene.camera = Camera(
                (WEST + 100.0, SOUTH + 80.0, 5.0), distance, sun.azimuth_deg, 30.0
            )
            pictures.append(scene.render()[..., :3].astype(int))
        darker = pictures[0].mean(axis=2) - pictures[1].mean(axis=2)
        drawn = (pictures[0] != pictures[0][0, 0]).any(axis=2)
        assert (darker > 8.0).sum() <= 0.02 * drawn.sum()


def test_a_wing_shades_the_yard_side_of_the_other(scene: Scene) -> None:
    """Wings of 20 m, a yard of 10 m between: the shadow on the north wing ends at 10 m."""
    yard = shapely.difference(box(60, 60, 80, 70), box(75, 75, 50, 10))
    place = houses({yard: 20.0})
    camera = Camera((WEST + 100.0, SOUTH + 85.0, 15.0), 90.0, 0.0, 50.0)
    below, above = shade(scene, place, NOON, camera, [(100, 85, 8.0), (100, 85, 13.0)])
    assert below < DARKER
    assert above == 1.0


class Slope:
    """Ground that rises by a fifth of the way north."""

    values = np.array([0.2])
    bounds = (WEST - 500.0, SOUTH - 500.0, WEST + 500.0, SOUTH + 500.0)

    def sample(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return 0.2 * (y - SOUTH) + 0.0 * x


def test_on_a_slope_shadows_are_shorter_uphill_and_reach_the_next_house_lower(scene: Scene) -> None:
    """A block of 30 m from y = 60 to 80 stands 12 m high; its top is at 42 m.

    Ground behind it lies at 16 + d / 5, its shadow there at 42 - d: they meet at 21.7 m. The house
    behind has its foot at 18 m; at its wall, 10 m away, the shade ends at 32.
    """
    light = lightness(houses({TALL: 30.0}, Slope()), NOON)
    sunny = light(100.0, 130.0)
    assert light(100.0, 80.0 + 20.0) < sunny - 40
    assert light(100.0, 80.0 + 24.0) == pytest.approx(sunny, abs=10)
    camera = replace(FROM_SOUTH_EAST, focus=(WEST + 100.0, SOUTH + 90.0, 35.0))
    place = houses({TALL: 30.0, LOW: 40.0}, Slope())
    below, above = shade(scene, place, NOON, camera, [(106, 90, 30.5), (106, 90, 33.5)])
    assert below < DARKER
    assert above == 1.0


def test_where_a_driver_cannot_compile_shadows_buildings_are_still_drawn(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = houses({TALL: 30.0, LOW: 12.0})
    hour = daylight(place, NOON)
    scene.show(place, View(daylight=sunlit(hour)))
    scene.camera = FROM_SOUTH_EAST
    wanted = scene.render()
    broken = Scene(*scene.size)
    monkeypatch.setattr(drawn_blocks, "SHADE", "this is no GLSL;")
    broken.show(place, View(daylight=hour))
    broken.camera = FROM_SOUTH_EAST
    drawn = broken.render()
    broken.close()
    walls = scene.project(np.array([(WEST + 120.0, SOUTH + 90.0, 6.0)]))[0].astype(int)[0]
    assert np.array_equal(drawn[walls[1], walls[0]], wanted[walls[1], walls[0]])
    assert (drawn == wanted).all(axis=2).mean() > 0.95


def test_at_night_all_roofs_are_in_the_shade_alike() -> None:
    for rays in daylight(houses({LOW: 12.0}), Sun(0.0, -5.0)).rays:
        assert (rays.behind(np.array([5.0, 100.0]), np.array([5.0, 100.0])) > 900.0).all()


def test_nothing_stands_and_nothing_is_shaded() -> None:
    place = houses({})
    assert not daylight(place, NOON).rays[0].texels.any()
    assert build_meshes(place).light[0].min() > 200
