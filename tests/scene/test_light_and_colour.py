"""Baked light and data colours say what they should."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from gui.scene.camera import Camera
from gui.scene.colours import BuildingColours, building_colours
from gui.scene.meshes import build_meshes
from gui.scene.scene import Scene
from gui.scene.style import (
    DARK,
    LIGHT,
    MINUTES_RAMP,
    MINUTES_RAMP_DARK,
    SHARE_RAMP,
    SHARE_RAMP_DARK,
    Palette,
    RampKind,
    Theme,
    band_colours,
    band_edges,
    rgb,
)
from gui.scene.view import View
from tests.scene.conftest import SOUTH, WEST, make_district
from twin.model.district import District

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
XYZ = np.array([[0.4124, 0.3576, 0.1805], LUMINANCE, [0.0193, 0.1192, 0.9505]])
"""From linear sRGB (IEC 61966-2-1)."""


def linear(colour: str) -> NDArray[np.float64]:
    """Return the three amounts of light of ``#rrggbb`` (IEC 61966-2-1)."""
    parts = np.array(rgb(colour))
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return CIE L*, a* and b* of linear RGB (CIE 15)."""
    part = XYZ @ light / XYZ.sum(axis=1)
    root = np.where(part > 216 / 24389, np.cbrt(part), (24389 / 27 * part + 16) / 116)
    x, y, z = root
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def lightness(colour: str) -> float:
    """Return CIE L* of ``#rrggbb``."""
    return float(lab(linear(colour))[0])


def light_at(x: float, y: float, district: District | None = None) -> int:
    meshes = build_meshes(district or make_district())
    west, south, east, north = meshes.surface.bounds
    rows, columns = meshes.light[0].shape
    column = int((WEST + x - west) / (east - west) * columns)
    row = int((SOUTH + y - south) / (north - south) * rows)
    return int(meshes.light[0][row, column])


def test_shadows_fall_to_the_north_east() -> None:
    # The tower stands at 150..175, 140..165 and is 90 m high.
    assert light_at(195, 175) < light_at(130, 130) - 10


def test_open_ground_is_lighter_than_the_foot_of_a_wall() -> None:
    assert light_at(50, 38) < light_at(50, 24)


def test_ground_outside_the_boundary_steps_back() -> None:
    assert light_at(-15, 60) < light_at(5, 110)


@pytest.mark.parametrize("ramp", [MINUTES_RAMP, SHARE_RAMP, MINUTES_RAMP_DARK, SHARE_RAMP_DARK])
def test_lightness_of_a_ramp_changes_one_way_and_evenly(ramp: tuple[str, ...]) -> None:
    steps = np.diff([lightness(colour) for colour in ramp])
    assert (steps > 0).all() or (steps < 0).all()
    assert np.abs(steps).max() < 1.8 * np.abs(steps).min()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["minutes", "share"])
def test_neighbouring_steps_can_be_told_apart_without_hue(kind: RampKind, theme: Theme) -> None:
    values = [lightness(colour) for colour in band_colours(kind, theme)]
    assert np.abs(np.diff(values)).min() > 8.0


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 has it, from 1 to 21."""
    low, high = sorted(linear(one) @ LUMINANCE for one in (one, other))
    return float((high + 0.05) / (low + 0.05))


@pytest.mark.parametrize("kind", ["minutes", "share", "difference"])
def test_on_a_dark_ground_no_step_of_data_sinks_into_it(kind: RampKind) -> None:
    steps = [c for c in band_colours(kind, "dark") if c != DARK.unchanged]
    assert min(contrast(step, DARK.ground) for step in steps) >= 3.0  # WCAG 2.1, 1.4.11


DEFICIENCIES = {  # Machado, Oliveira and Fernandes 2009, severity 1, for linear RGB
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


@pytest.mark.parametrize("eyes", DEFICIENCIES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colour_blind_tell_steps_and_losses_from_gains(theme: Theme, eyes: str) -> None:
    """Distances are CIE 1976; about 2.3 is the least that can be seen side by side."""
    see = np.array(DEFICIENCIES[eyes])

    def apart(one: str, other: str) -> float:
        return seen_apart(one, other, see)

    for kind in ("minutes", "share", "difference"):
        steps = band_colours(kind, theme)
        assert min(apart(a, b) for a, b in itertools.pairwise(steps)) > 8.0
    losses, gains = steps[:3], steps[:3:-1]
    assert min(apart(loss, gain) for loss, gain in zip(losses, gains, strict=True)) > 20.0


def seen_apart(one: str, other: str, see: NDArray[np.float64]) -> float:
    """Return how far two colours are apart (CIE 1976) for eyes that see light so."""
    a, b = (lab(np.clip(see @ linear(colour), 0, 1)) for colour in (one, other))
    return float(np.linalg.norm(a - b))


@pytest.mark.parametrize("eyes", [None, *DEFICIENCIES])
@pytest.mark.parametrize("tones", [LIGHT, DARK])
def test_no_step_of_data_looks_like_a_home_where_nobody_lives(
    tones: Palette, eyes: str | None
) -> None:
    see = np.eye(3) if eyes is None else np.array(DEFICIENCIES[eyes])
    for kind in ("minutes", "share"):
        steps = band_colours(kind, tones.theme)
        assert min(seen_apart(step, tones.no_data, see) for step in steps) > 17.0


@pytest.mark.parametrize("tones", [LIGHT, DARK])
def test_who_is_served_worst_is_seen_on_a_pale_projector(tones: Palette) -> None:
    """A fifth of the light of white is laid over everything, as in a bright room."""
    for kind, worst in (("minutes", -1), ("share", 0)):
        colour = band_colours(kind, tones.theme)[worst]
        for beside in (tones.no_data, tones.building_outside, tones.ground):
            own, other = (0.8 * linear(one) + 0.2 for one in (colour, beside))
            assert float(np.linalg.norm(lab(own) - lab(other))) > 20.0


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_can_be_read_on_its_halo(theme: object) -> None:
    for ink in (theme.ink, theme.muted):
        low, high = sorted(((lightness(c) + 16) / 116) ** 3 for c in (ink, theme.halo))
        assert (high + 0.05) / (low + 0.05) >= 4.5  # WCAG 2, contrast (minimum)


def test_each_building_has_the_colour_of_its_step() -> None:
    values = np.array([0.0, 3.0, 3.01, 15.0, 15.01, 400.0, np.inf, np.nan, np.nan])
    inside = np.array([True] * 8 + [False])
    steps = band_colours("minutes")
    assert band_edges("minutes", 15.0).tolist() == [0, 3, 6, 9, 12, 15, np.inf]
    expected = [
        steps[0],
        steps[0],  # the limit belongs to the nearer step
        steps[1],
        steps[4],
        steps[5],  # beyond the quarter hour
        steps[5],
        LIGHT.unreached,
        LIGHT.no_data,
        LIGHT.building_outside,
    ]
    colours = building_colours(BuildingColours("minutes", values, 15.0), inside, LIGHT).astype(int)
    wanted = np.array([[round(255 * c) for c in rgb(colour)] for colour in expected])
    assert np.abs(colours - wanted).max() <= 1  # the last bit of blue says what is hatched
    assert (colours[:, 2] % 2 == 1).tolist() == [v == np.inf for v in values]


def test_a_share_of_one_and_of_nothing_are_the_ends_of_the_ramp() -> None:
    inside = np.array([True, True, True])
    shares = BuildingColours("share", np.array([0.0, 1.0, np.nan]), 1.0)
    colours = building_colours(shares, inside, LIGHT).astype(int)
    ends = [SHARE_RAMP[0], SHARE_RAMP[-1], LIGHT.no_data]
    wanted = np.array([[round(255 * c) for c in rgb(colour)] for colour in ends])
    assert np.abs(colours - wanted).max() <= 1


def test_a_difference_leaves_what_stays_the_same_and_parts_better_from_worse() -> None:
    values = np.array([-0.5, -0.3, -0.1, 0.0, 0.1, 0.2, 0.3, 0.5, np.nan])
    inside = np.ones(len(values), bool)
    colours = building_colours(BuildingColours("difference", values, 0.3), inside, LIGHT)
    steps = band_colours("difference")
    assert len(steps) == 7
    assert band_edges("difference", 0.3).tolist() == pytest.approx(
        [-0.3, -0.2, -0.1, 0, 0, 0.1, 0.2, 0.3]
    )
    expected = [
        steps[0],
        steps[0],
        steps[2],
        LIGHT.building,
        steps[4],
        steps[5],
        steps[6],
        steps[6],
    ]
    wanted = np.array([[round(255 * c) for c in rgb(colour)] for colour in expected])
    assert np.abs(colours[:-1].astype(int) - wanted).max() <= 1
    bright = [lightness(colour) for colour in steps]
    assert bright[:4] == sorted(bright[:4])  # as dark on either side, so that grey tells how much
    assert bright[3:] == sorted(bright[3:], reverse=True)
    assert np.abs(np.diff(bright)).min() > 8.0


def test_without_data_the_model_is_white() -> None:
    colours = building_colours(BuildingColours(), np.array([True, False]), LIGHT)
    assert colours[0].min() > 245
    assert (colours[1] < colours[0]).all()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_floors_are_seen_on_every_colour_of_data(scene: Scene, theme: Theme) -> None:
    """The slab's south wall, six storeys in 110 pixels: its lines differ from its wall."""
    district = make_district()
    for value in (1.0, 4.0, 7.0, 10.0, 13.0, 30.0):  # a value in each step of the ramp
        values = np.array([value, np.nan, np.nan, np.nan])
        view = View(visible=frozenset({"buildings"}), theme=theme)
        scene.show(district, view, BuildingColours("minutes", values, 15.0))
        scene.camera = Camera((WEST + 50.0, SOUTH + 40.0, 9.0), 60.0, 0.0, 4.0)
        ends = np.array([(WEST + 50.0, SOUTH + 40.0, z) for z in (1.0, 17.0)])
        (low, high), _ = scene.project(ends)
        wall = scene.render()[round(high[1]) : round(low[1]), round(low[0]), :3]
        assert np.ptp(wall @ LUMINANCE) >= 30.0
