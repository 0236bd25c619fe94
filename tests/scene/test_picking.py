"""What a ray meets, against marching along it step by step."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gui.scene.blocks import make_blocks
from gui.scene.picking import first_building, hidden
from gui.scene.surface import make_surface
from tests.scene.conftest import COURT, SOUTH, WEST, make_district

DISTRICT = make_district()
SURFACE = make_surface((WEST - 100, SOUTH - 100, WEST + 300, SOUTH + 300), None)
BLOCKS = make_blocks(DISTRICT.buildings, SURFACE)
STEP_M = 0.05
CORNER = np.array([WEST, SOUTH, 0.0])


def marched(start: np.ndarray, direction: np.ndarray, reach: float) -> tuple[int, float] | None:
    """Return row and distance of the first step that lies inside a building."""
    along = np.arange(0.0, reach, STEP_M)
    points = start + along[:, None] * direction
    plan = shapely.points(points[:, :2])
    inside = np.stack(
        [
            shapely.intersects(outline, plan) & (points[:, 2] <= top) & (points[:, 2] >= base)
            for outline, base, top in zip(
                DISTRICT.buildings.geometry, BLOCKS.base, BLOCKS.top, strict=True
            )
        ]
    )
    if not inside.any():
        return None
    step = int(np.argmax(inside.any(axis=0)))
    return int(np.argmax(inside[:, step])), float(along[step])


@given(
    st.tuples(st.floats(-60, 260), st.floats(-60, 250), st.floats(95, 200)),
    st.tuples(st.floats(0, 200), st.floats(0, 190)),
)
def test_a_ray_meets_the_building_that_marching_finds(
    start: tuple[float, float, float], target: tuple[float, float]
) -> None:
    eye = np.array([WEST + start[0], SOUTH + start[1], start[2]])
    ground = np.array([WEST + target[0], SOUTH + target[1], 0.0])
    reach = float(np.linalg.norm(ground - eye))
    direction = (ground - eye) / reach
    found = first_building(eye, direction, reach, DISTRICT.buildings, BLOCKS)
    wanted = marched(eye, direction, reach)
    if wanted is None:  # marching may step over a corner thinner than its step
        assert found is None or _is_a_graze(eye, direction, found[1])
    else:
        assert found is not None
        assert found[1] == pytest.approx(wanted[1], abs=2 * STEP_M) or found[1] < wanted[1]
        assert found[0] == wanted[0] or _is_a_graze(eye, direction, found[1])


def _is_a_graze(eye: np.ndarray, direction: np.ndarray, away: float) -> bool:
    """Return whether the ray leaves what it met within a few steps."""
    ahead = eye + (away + 3 * STEP_M) * direction
    place = shapely.points(ahead[:2])
    rows = np.flatnonzero(shapely.intersects(DISTRICT.buildings.geometry, place))
    return not any(ahead[2] <= BLOCKS.top[row] for row in rows)


def test_straight_down_into_a_yard_meets_nothing_and_beside_it_the_roof() -> None:
    down = np.array([0.0, 0.0, -1.0])
    yard = np.array([WEST + 130.0, SOUTH + 65.0, 300.0])
    assert first_building(yard, down, 300.0, DISTRICT.buildings, BLOCKS) is None
    roof = np.array([WEST + 105.0, SOUTH + 65.0, 300.0])
    found = first_building(roof, down, 300.0, DISTRICT.buildings, BLOCKS)
    assert found is not None
    assert DISTRICT.buildings.ids[found[0]] == COURT
    assert found[1] == pytest.approx(300.0 - 12.0)  # four storeys of 3 m


def test_a_slanting_ray_into_a_yard_meets_the_wall_behind_it() -> None:
    # Over the south wing's inner roof edge (12 m high, at y = 55) half a metre clear, then down by
    # 1 in 5 across the yard, 20 m wide: at the north wing (y = 75) the ray is 8.5 m high.
    eye = np.array([WEST + 130.0, SOUTH + 55.0 - 50.0, 12.5 + 10.0])
    direction = np.array([0.0, 50.0, -10.0])
    direction /= np.linalg.norm(direction)
    found = first_building(eye, direction, 200.0, DISTRICT.buildings, BLOCKS)
    assert found is not None
    met = eye + found[1] * direction
    assert met == pytest.approx([WEST + 130.0, SOUTH + 75.0, 8.5], abs=1e-6)


def test_what_is_hidden_all_at_once_is_what_rays_one_by_one_say() -> None:
    """From a low and a high eye, of places in the streets, on roofs and far outside."""
    homes = DISTRICT.buildings
    rng = np.random.default_rng(5)
    heights = 95.0 * rng.uniform(0.0, 1.0, 400) ** 4  # most of them near the ground
    points = np.column_stack([rng.uniform(-40.0, 240.0, (400, 2)), heights])
    points += CORNER
    for eye in ((100.0, -300.0, 120.0), (500.0, 100.0, 400.0), (95.0, 95.0, 900.0)):
        eyes = np.broadcast_to(CORNER + eye, points.shape)
        expected = []
        for point in points:
            way = point - eyes[0]
            far = float(np.linalg.norm(way))
            met = first_building(eyes[0], way / far, far, homes, BLOCKS)
            expected.append(met is not None)
        assert hidden(points, eyes, homes, BLOCKS).tolist() == expected
        assert 5 < sum(expected) < 395
    above = points + np.array([0.0, 0.0, 500.0])
    assert not hidden(points, above, homes, BLOCKS).any()  # a plan hides nothing
