"""Moving the camera: what the hand holds stays under the hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gui.scene import camera as moves
from gui.scene.camera import Camera
from gui.scene.fitting import fit_free, free_boxes

SIZE = (640, 400)

cameras = st.builds(
    Camera,
    focus=st.tuples(*[st.floats(-500, 500)] * 3),
    distance=st.floats(50, 5000),
    heading_deg=st.floats(0, 359),
    pitch_deg=st.floats(8, 88),
    flat=st.booleans(),
)
pixels = st.tuples(st.floats(0, 640), st.floats(0, 400))


def seen_at(camera: Camera, point: np.ndarray) -> np.ndarray:
    return camera.project(point[None], SIZE)[0][0]


@given(cameras, pixels, st.floats(10, 3000))
def test_a_point_on_the_ray_of_a_pixel_is_seen_at_that_pixel(
    camera: Camera, pixel: tuple[float, float], away: float
) -> None:
    start, direction = camera.ray(*pixel, SIZE)
    assert np.linalg.norm(direction) == pytest.approx(1.0)
    assert seen_at(camera, start + away * direction) == pytest.approx(pixel, abs=1e-3)


@given(cameras, st.tuples(*[st.floats(-30, 30)] * 3), st.floats(-40, 40), st.floats(-20, 20))
def test_orbiting_keeps_its_pivot_in_place(
    camera: Camera, offset: tuple[float, float, float], turn: float, tilt: float
) -> None:
    pivot = np.array(camera.focus) + offset
    turned = moves.orbit(camera, pivot, turn, tilt)
    assert seen_at(turned, pivot) == pytest.approx(seen_at(camera, pivot), abs=1e-3)
    assert turned.distance == camera.distance


@given(cameras, st.tuples(*[st.floats(-30, 30)] * 3), st.floats(0.5, 2))
def test_zooming_keeps_its_pivot_in_place(
    camera: Camera, offset: tuple[float, float, float], factor: float
) -> None:
    pivot = np.array(camera.focus) + offset
    nearer = moves.zoom(camera, pivot, factor)
    assert seen_at(nearer, pivot) == pytest.approx(seen_at(camera, pivot), abs=1e-3)


@given(cameras.filter(lambda c: c.flat or c.pitch_deg > 30), pixels)
def test_panning_brings_what_is_held_under_the_pointer(
    camera: Camera, pixel: tuple[float, float]
) -> None:
    held = np.array(camera.focus)
    panned = moves.pan(camera, held, *pixel, SIZE)
    assert panned.focus[2] == camera.focus[2]
    assert seen_at(panned, held) == pytest.approx(pixel, abs=1e-2)


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("heading", [0.0, 35.0, 180.0])
def test_fitting_shows_all_of_the_bounds_and_little_else(flat: bool, heading: float) -> None:
    bounds = (1000.0, 2000.0, 3500.0, 4000.0)
    camera = moves.fit(Camera(heading_deg=heading, flat=flat), bounds, 20.0, SIZE)
    corners = np.array([(x, y, 20.0) for x in bounds[::2] for y in bounds[1::2]])
    at, depth = camera.project(corners, SIZE)
    assert (depth > 0).all()
    assert (at >= 0).all()
    assert (at <= SIZE).all()
    assert max(np.ptp(at[:, 0]) / SIZE[0], np.ptp(at[:, 1]) / SIZE[1]) > 0.85


def test_a_plan_has_the_scale_that_the_perspective_had_at_its_focus() -> None:
    camera = Camera(focus=(10.0, 20.0, 5.0), distance=700.0, pitch_deg=50.0)
    side = np.array([110.0, 20.0, 5.0])  # 100 m to the right, at the focus' depth
    assert seen_at(camera, side) == pytest.approx(seen_at(moves.plan(camera), side))
    # 30 degrees of view, 400 pixels high: 2 * 700 m * tan 15 degrees / 400
    assert camera.metres_per_pixel(SIZE) == pytest.approx(0.93782, abs=1e-5)


def test_a_flight_begins_and_ends_where_it_should_and_turns_the_short_way() -> None:
    first = Camera(heading_deg=350.0, distance=100.0)
    last = replace(first, heading_deg=20.0, distance=400.0, focus=(50.0, 0.0, 0.0))
    assert moves.between(first, last, 0.0) == first
    assert moves.between(first, last, 1.0) == last
    middle = moves.between(first, last, 0.5)
    assert middle.heading_deg == pytest.approx(5.0)
    assert middle.distance == pytest.approx(200.0)  # equal ratios
    assert middle.focus == pytest.approx((25.0, 0.0, 0.0))


def test_the_view_cannot_go_under_the_ground_or_into_it() -> None:
    camera = Camera(pitch_deg=20.0)
    assert moves.orbit(camera, np.zeros(3), 0.0, -90.0).pitch_deg == moves.LOWEST_DEG
    assert moves.orbit(camera, np.zeros(3), 0.0, 180.0).pitch_deg == 90.0
    assert moves.zoom(camera, np.zeros(3), 1e-9).distance == moves.NEAREST_M


SIZE_PX = (1280, 800)
ROOFS = np.array([(x, y, 60.0) for x in (-400.0, 0.0, 400.0) for y in (-300.0, 0.0, 300.0)])


@pytest.mark.parametrize("back", [False, True])
def test_the_way_to_the_plan_and_back_is_smooth_to_the_last_frame(back):
    slanting = Camera((0.0, 0.0, 0.0), 1500.0, 30.0, 38.0)
    ends = [slanting, moves.plan(slanting)]
    first, last = reversed(ends) if back else ends
    way = [moves.between(first, last, t).project(ROOFS, SIZE_PX)[0] for t in np.linspace(0, 1, 41)]
    steps = np.linalg.norm(np.diff(way, axis=0), axis=2).max(axis=1)
    assert steps.max() > 10.0
    assert steps[0] < 2.0  # it sets off gently
    assert steps[-1] < 2.0  # and arrives gently: the plan itself is no jump
    assert np.abs(np.diff(steps)).max() < 6.0


def test_a_longer_lens_keeps_the_scale_and_the_rays_of_the_focus():
    usual = Camera((10.0, 20.0, 5.0), 900.0, 60.0, 40.0)
    longer = replace(usual, lens=0.1)
    assert longer.metres_per_pixel(SIZE_PX) == usual.metres_per_pixel(SIZE_PX)
    assert np.linalg.norm(longer.eye - longer.focus) == pytest.approx(9000.0)
    assert longer.stand == pytest.approx(usual.eye)
    place = np.array([[100.0, 50.0, 0.0]])
    pixel = longer.project(place, SIZE_PX)[0][0]
    start, direction = longer.ray(*pixel, SIZE_PX)
    along = (place[0] - start) @ direction
    assert start + along * direction == pytest.approx(place[0], abs=1e-6)
    assert usual.field_deg == pytest.approx(moves.FIELD_DEG)


@pytest.mark.parametrize("flat", [False, True])
def test_what_is_fitted_into_a_part_of_the_picture_fills_that_part(flat: bool) -> None:
    room = (340.0, 60.0, 620.0, 360.0)
    bounds = (-400.0, -300.0, 400.0, 300.0)
    camera = moves.fit(Camera(heading_deg=20.0, flat=flat), bounds, 0.0, SIZE, room)
    corners = np.array([(x, y, 0.0) for x in (-400.0, 400.0) for y in (-300.0, 300.0)])
    pixels, _ = camera.project(corners, SIZE)
    low, high = pixels.min(axis=0), pixels.max(axis=0)
    assert (low > room[:2]).all()
    assert (high < room[2:]).all()
    parts = (high - low) / (room[2] - room[0], room[3] - room[1])
    assert 0.9 < parts.max() < 1.0
    assert np.abs((low + high) / 2 - (480.0, 210.0)).max() < 6.0


def test_free_boxes_are_the_largest_ones_beside_what_is_covered() -> None:
    """A card in the lower left corner of a picture, 8 pixels left free round it."""
    assert sorted(free_boxes((800, 600), [(0.0, 400.0, 300.0, 600.0)])) == [
        (0.0, 0.0, 800.0, 392.0),
        (308.0, 0.0, 800.0, 600.0),
    ]
    assert free_boxes((800, 600), []) == [(0.0, 0.0, 800.0, 600.0)]
    assert free_boxes((800, 600), [(100.0, 100.0, 700.0, 500.0)]) == []


@pytest.mark.parametrize("flat", [False, True])
def test_an_outline_between_cards_in_corners_is_as_large_as_they_let_it(flat: bool) -> None:
    """Larger than in the largest free box, whole, and under no card, by each card's corners."""
    outline = np.array([(0, 0, 5), (1400, 0, 5), (1400, 900, 5), (0, 900, 5)], np.float64)
    cards = [(16.0, 16.0, 200.0, 250.0), (580.0, 480.0, 880.0, 710.0)]
    size, start = (900, 730), Camera(heading_deg=30.0, pitch_deg=38.0, flat=flat)
    found = fit_free(start, outline, size, cards)
    bounds = (0.0, 0.0, 1400.0, 900.0)
    boxes = [moves.fit(start, bounds, 5.0, size, box) for box in free_boxes(size, cards)]
    assert found.distance < min(one.distance for one in boxes)
    drawn = shapely.Polygon(found.project(outline, size)[0])
    assert shapely.box(0, 0, *size).contains(drawn)
    assert not any(drawn.intersects(shapely.box(*card)) for card in cards)
    nearer = moves.zoom(found, outline.mean(axis=0), 0.7)
    again = shapely.Polygon(nearer.project(outline, size)[0])
    assert again.area > 1.5 * drawn.area
    assert (found.heading_deg, found.pitch_deg) == (start.heading_deg, start.pitch_deg)
