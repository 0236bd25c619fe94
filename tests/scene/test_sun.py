"""Where the sun stands, against published places, and where its shadows fall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from pyproj import CRS

from gui.scene import camera as moves
from gui.scene.camera import Camera
from gui.scene.meshes import Daylight, build_meshes, daylight
from gui.scene.scene import Scene
from gui.scene.style import Theme
from gui.scene.sun import STUDIO, Sun, clock_of, place_of, sun_at
from gui.scene.view import View
from tests.scene.conftest import SOUTH, WEST, box, line, point
from twin.model.district import District
from twin.model.tables import Table


def test_the_worked_example_of_the_algorithm_s_author() -> None:
    # Meeus, example 25.a: 1992 October 13, 0 h TD: declination -7.78507.
    # At the north pole the altitude is the declination.
    moment = datetime(1992, 10, 13, tzinfo=UTC)
    assert sun_at(moment, 0.0, 90.0).altitude_deg == pytest.approx(-7.78507, abs=0.01)


def test_the_solar_calculator_s_example() -> None:
    # NREL/TP-560-34302, table A5.1: 17 October 2003, 12:30:30 (UTC-7) at 105.1786 W, 39.742476 N:
    # zenith 50.11162, azimuth 194.34024.
    moment = datetime(2003, 10, 17, 19, 30, 30, tzinfo=UTC)
    sun = sun_at(moment, -105.1786, 39.742476)
    assert sun.altitude_deg == pytest.approx(90.0 - 50.11162, abs=0.03)  # refraction left out
    assert sun.azimuth_deg == pytest.approx(194.34024, abs=0.03)


def test_at_noon_of_the_solstices_the_sun_stands_as_high_as_the_tropics_say() -> None:
    for day, tilt in (
        (datetime(2026, 6, 21, tzinfo=UTC), 23.436),
        (datetime(2026, 12, 22, tzinfo=UTC), -23.436),
    ):
        highest = max(
            sun_at(day + timedelta(minutes=m), 114.3, 30.6).altitude_deg for m in range(0, 1440, 2)
        )
        assert highest == pytest.approx(90.0 - 30.6 + tilt, abs=0.03)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        sun_at(datetime(2026, 1, 20, 12), 114.0, 30.0)


@pytest.mark.parametrize(
    ("longitude", "latitude", "hours"),
    [(87.6, 43.8, 8), (116.4, 39.9, 8), (24.9, 60.2, 2), (-74.0, 40.7, -5)],
)
def test_clocks_are_those_of_china_or_of_the_meridian(
    longitude: float, latitude: float, hours: int
) -> None:
    assert clock_of(longitude, latitude).utcoffset(None) == timedelta(hours=hours)


def test_the_place_comes_from_the_district_s_crs(district: District) -> None:
    longitude, latitude = place_of(district, WEST, SOUTH)  # the central meridian of 114 degrees
    assert longitude == pytest.approx(114.0, abs=1e-6)
    assert latitude == pytest.approx(30.72, abs=0.02)


@pytest.mark.parametrize(("azimuth", "dx", "dy"), [(90.0, -1, 0), (270.0, 1, 0), (180.0, 0, 1)])
def test_shadows_fall_away_from_the_sun_as_far_as_they_should(
    district: District, azimuth: float, dx: int, dy: int
) -> None:
    meshes = build_meshes(district)
    ground = daylight(district, Sun(azimuth, 75.0)).ground[0]
    west, south, east, north = meshes.surface.bounds

    def light(x: float, y: float) -> float:
        row = int((SOUTH + y - south) / (north - south) * ground.shape[0])
        column = int((WEST + x - west) / (east - west) * ground.shape[1])
        return float(ground[row, column])

    # The tower is 90 m high and 25 m wide about 162.5, 152.5; its shadow is 24 m long.
    inside = light(162.5 + 27.0 * dx, 152.5 + 27.0 * dy)
    beyond = light(162.5 + 45.0 * dx, 152.5 + 45.0 * dy)
    other_side = light(162.5 - 27.0 * dx, 152.5 - 27.0 * dy)
    assert inside < beyond - 40
    assert inside < other_side - 40


@pytest.mark.parametrize(("azimuth", "east"), [(270.0, 1), (90.0, -1)])
def test_trees_throw_their_shadows_with_the_hour(
    district: District, azimuth: float, east: int
) -> None:
    """A tree of 7 m under a sun at 30 degrees: the middle of its crown shades 7 m away."""
    trees = Table("trees", [1], np.array([point(60, 75)]), {})
    bare = district.with_table(Table("trees", [], np.array([], object), {}))
    sun = Sun(azimuth, 30.0)
    full, open_ = (daylight(d, sun).ground[0] for d in (district.with_table(trees), bare))
    lost = open_.astype(int) - full
    west, south, right, north = build_meshes(district).surface.bounds
    row = int((SOUTH + 75.0 - south) / (north - south) * lost.shape[0])

    def at(x: float) -> int:
        return int(lost[row, int((WEST + x - west) / (right - west) * lost.shape[1])])

    assert at(60.0 + 7.0 * east) > 30
    assert at(60.0 - 7.0 * east) == 0
    assert at(60.0 + 25.0 * east) == 0


def test_from_afar_trees_are_drawn_as_long_as_their_shadows_are(
    scene: Scene, district: District
) -> None:
    """At 1,600 m a tree of the district is three pixels wide; in the studio's light it is a dot."""
    light, without = daylight(district, Sun(120.0, 35.0)), View().visible - {"trees"}

    def seen(hour: Daylight | None) -> bool:
        pictures = []
        for visible in (View().visible, without):
            scene.show(district, replace(View(), visible=visible, daylight=hour))
            scene.camera = Camera((WEST + 95.0, SOUTH + 90.0, 10.0), 1600.0, 320.0, 35.0)
            pictures.append(scene.render())
        return bool((pictures[0] != pictures[1]).any())

    assert seen(light)
    assert not seen(None)


def test_at_night_all_ground_is_in_the_shade_and_a_coarse_light_is_the_same_from_afar(
    district: District,
) -> None:
    night = daylight(district, Sun(0.0, -20.0)).ground[0]
    day = daylight(district, Sun(180.0, 60.0)).ground[0]
    assert np.median(night) < np.median(day) - 50
    coarse = daylight(district, Sun(180.0, 60.0), 4.0).ground[0]
    assert coarse.size < day.size / 12
    assert coarse.mean() == pytest.approx(day.mean(), abs=3.0)


def test_walls_towards_the_sun_are_light_and_the_model_s_light_comes_back(
    scene: Scene, district: District
) -> None:
    scene.show(district, View())
    scene.camera = scene.home(heading_deg=315.0)
    plain = scene.render()
    light = daylight(district, Sun(135.0, 30.0))
    scene.show(district, View(daylight=light))
    assert not np.array_equal(scene.render(), plain)
    points = np.array([(WEST + 175.0, SOUTH + 152.0, 45.0), (WEST + 162.0, SOUTH + 140.0, 45.0)])
    (east_wall, south_wall), _ = scene.project(points)
    morning, evening = Sun(90.0, 30.0), Sun(180.0, 30.0)
    lit = {}
    for sun in (morning, evening):
        scene.show(district, View(daylight=daylight(district, sun)))
        pixels = scene.render().astype(int)
        lit[sun] = [int(pixels[int(y), int(x), 0]) for x, y in (east_wall, south_wall)]
    assert lit[morning][0] > lit[morning][1] + 15
    assert lit[evening][1] > lit[evening][0] + 15
    scene.show(district, View())
    assert np.array_equal(scene.render(), plain)
    assert STUDIO.is_up


def lightness(place: District, sun: Sun) -> Callable[[float, float], float]:
    """Return how light the ground is at a place, from 0 to 255."""
    ground = daylight(place, sun).ground[0]
    west, south, east, north = build_meshes(place).surface.bounds

    def at(x: float, y: float) -> float:
        row = int((SOUTH + y - south) / (north - south) * ground.shape[0])
        column = int((WEST + x - west) / (east - west) * ground.shape[1])
        return float(ground[row, column])

    return at


CHINA_TIME = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("moment", "foot", "way", "length"),
    [
        # Solar noon at 114 E is 12:24 China time, less the equation of time: +1.6 min on
        # 22 December, -1.8 on 21 June, -7.4 on 20 March. The sun stands 90 - 30.71 -+ 23.44 high:
        # 35.85 degrees (20 / tan = 27.7 m) and 82.73 (2.6 m), and shadows point north.
        (datetime(2026, 12, 22, 12, 22, tzinfo=CHINA_TIME), (110.0, 110.0), (0.0, 1.0), 27.7),
        (datetime(2026, 6, 21, 12, 26, tzinfo=CHINA_TIME), (110.0, 110.0), (0.0, 1.0), 2.6),
        # Three hours before noon on the day of equal night: sin h = cos 30.71 cos 45, h = 37.44;
        # tan A = 1 / sin 30.71, A = 62.95 east of south. 20 / tan 37.44 = 26.1 m, towards 297.05.
        (
            datetime(2026, 3, 20, 9, 31, tzinfo=CHINA_TIME),
            (100.0, 105.0),
            (-0.8906, 0.4548),
            26.1,
        ),
    ],
)
def test_a_shadow_is_as_long_as_spherical_trigonometry_says(
    moment: datetime, foot: tuple[float, float], way: tuple[float, float], length: float
) -> None:
    """A block of 20 m alone; `foot` is the middle of the wall on whose far side it is dark."""
    house = Table("buildings", [1], np.array([box(100, 100, 20, 10)]), {"height_m": [20.0]})
    ends = Table("roads", [1], [line((0, 0), (250, 250))], {})  # so far the ground reaches
    place = District("alone", CRS.from_epsg(4547), buildings=house, roads=ends)
    light = lightness(place, sun_at(moment, *place_of(place, WEST, SOUTH)))
    steps = np.arange(0.8, 45.0, 0.4)
    along = np.array([light(foot[0] + s * way[0], foot[1] + s * way[1]) for s in steps])
    dark = along < (along[steps > 40.0].max() + along[steps < 2.0].min()) / 2
    assert steps[dark].max() == pytest.approx(length, abs=1.9)  # pixels are 1.25 m wide
    assert dark[steps < length - 1.9].all()


def test_garden_walls_throw_shadows_and_tracks_and_streams_lie_flat(district: District) -> None:
    """A wall of 2 m along x = 170 under a sun at 10 degrees in the east: 11.3 m to the west."""
    sun = Sun(90.0, 10.0)
    bare = district.with_table(Table("barriers", [], np.array([], object), {}))
    open_ground, throws = lightness(bare, sun), {}
    for kind in ("wall", "", "fence", "railway", "river"):
        lines = Table("barriers", [1], [line((170, 35), (170, 100))], {"kind": [kind]})
        place = district.with_table(lines)
        light = lightness(place, sun)
        throws[kind] = open_ground(164, 60) - light(164, 60)
        assert light(155, 60) == open_ground(155, 60)
        assert light(174, 60) == open_ground(174, 60)
        drawn = {
            t for t, mesh in build_meshes(place).plan.items() if sum(len(m.points) for m in mesh)
        }
        tone = {"railway": "railway", "river": "stream"}.get(kind, "barrier")
        assert drawn & {"barrier", "railway", "stream"} == {tone}
    assert throws["wall"] == throws[""] > 50
    assert 15 < throws["fence"] < throws["wall"] / 2
    assert throws["railway"] == throws["river"] == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_shadows_can_be_seen_on_either_ground(
    scene: Scene, district: District, theme: Theme
) -> None:
    """North of the tower of 90 m under a sun at 60 degrees in the south, and far to the east."""
    light = daylight(district, Sun(180.0, 60.0))
    scene.show(district, View(theme=theme, daylight=light, visible=frozenset({"terrain"})))
    scene.camera = moves.plan(Camera((WEST + 165.0, SOUTH + 150.0, 0.0), 260.0, 0.0, 90.0))
    pixels = scene.render().astype(int)
    places = np.array([(WEST + 162.0, SOUTH + 180.0, 0.0), (WEST + 190.0, SOUTH + 110.0, 0.0)])
    (shade, sunny), _ = scene.project(places)

    def lightness_at(pixel: np.ndarray) -> float:
        return float(pixels[int(pixel[1]), int(pixel[0]), :3].mean())

    assert lightness_at(sunny) - lightness_at(shade) > 20
