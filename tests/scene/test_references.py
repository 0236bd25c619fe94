"""Pictures against the ones that somebody looked at and found right.

Small differences of drivers are allowed for: pictures are compared by the mean colour of blocks of
8 x 8 pixels. After a wanted change, run with ``RENEWAL_TWIN_UPDATE_REFERENCES=1``, look at the new
pictures in ``tests/scene/references`` and commit them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from gui.scene import camera as moves
from gui.scene.camera import Camera
from gui.scene.colours import PLAIN, BuildingColours
from gui.scene.field import Field, make_field
from gui.scene.meshes import build_meshes, daylight
from gui.scene.picture import png, smooth_pixels
from gui.scene.scene import Scene
from gui.scene.sun import Sun
from gui.scene.view import Ghost, View
from tests.scene.conftest import SLAB, SOUTH, WEST, make_district
from tests.scene.test_shapes import Hill
from twin.model.district import District

REFERENCES = Path(__file__).parent / "references"
BLOCK = 8
TOLERANCE = 12.0
"""Largest difference of a block's mean colour, of 255; an outline that is gone makes 20 to 60."""
MINUTES = BuildingColours("minutes", np.array([2.0, 8.0, 30.0, np.inf]), 15.0)
OBLIQUE = Camera((WEST + 95.0, SOUTH + 90.0, 10.0), 480.0, 320.0, 35.0)


@dataclass(frozen=True)
class Picture:
    """One picture to keep: what is shown, from where (None is the whole in plan)."""

    view: View
    colours: BuildingColours = PLAIN
    camera: Camera | None = OBLIQUE
    hilly: bool = False
    daylight: Sun | None = None
    field: bool = False


PICTURES = {
    "plain": Picture(View()),
    "plan": Picture(View(), camera=None),
    "minutes": Picture(View(), MINUTES),
    "dark": Picture(View(theme="dark"), MINUTES),
    "street": Picture(View(), camera=Camera((WEST + 60.0, SOUTH + 36.0, 5.0), 70.0, 330.0, 7.0)),
    "hill": Picture(View(), hilly=True),
    "hour": Picture(View(), daylight=Sun(120.0, 35.0)),
    "shadows": Picture(View(), MINUTES, daylight=Sun(68.0, 25.0)),
    "slope": Picture(View(theme="dark"), hilly=True, daylight=Sun(20.0, 35.0)),
    "field": Picture(View(), MINUTES, field=True),
    "storeys": Picture(
        View(),
        replace(MINUTES, storeys_within=np.array([2.0, np.nan, np.nan, np.nan])),
        Camera((WEST + 60.0, SOUTH + 50.0, 8.0), 190.0, 330.0, 22.0),
    ),
    "marks": Picture(
        View(
            selection=("buildings", SLAB),
            ghost=Ghost(WEST + 150, SOUTH + 115, ("nursery",)),
            route=np.array(
                [(WEST + 50.0, SOUTH + 30.0), (WEST + 90.0, SOUTH + 30.0), (WEST + 90, SOUTH + 95)]
            ),
        )
    ),
}


def gain(district: District) -> Field:
    """Return a field that grows eastwards along the street in the south."""
    bounds = build_meshes(district).surface.bounds
    return make_field(
        district.streets.geometry[:2],
        np.array([0.0, 60.0]),
        np.full(2, 100.0),
        bounds,
        "gain",
        100.0,
    )


def drawn(picture: Picture) -> NDArray[np.uint8]:
    scene = Scene(320, 240, theme=picture.view.theme)
    district, view = make_district(Hill() if picture.hilly else None), picture.view
    if picture.daylight is not None:
        view = replace(view, daylight=daylight(district, picture.daylight))
    if picture.field:
        view = replace(view, field=gain(district))
    try:
        scene.show(district, view, picture.colours)
        scene.camera = picture.camera or scene.fitted(moves.plan(scene.camera))
        return smooth_pixels(scene)[..., :3]
    finally:
        scene.close()


def blocks(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    rows, columns, bands = pixels.shape
    shape = (rows // BLOCK, BLOCK, columns // BLOCK, BLOCK, bands)
    return pixels.reshape(shape).mean(axis=(1, 3))


def read(path: Path) -> NDArray[np.uint8]:
    from PySide6.QtGui import QImage

    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
    assert not image.isNull(), f"no reference {path.name}; see the top of this file"
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_is_the_one_that_was_found_right(name: str, tmp_path: Path) -> None:
    pixels = drawn(PICTURES[name])
    reference = REFERENCES / f"{name}.png"
    if os.environ.get("RENEWAL_TWIN_UPDATE_REFERENCES"):
        reference.write_bytes(png(pixels))
    worst = np.abs(blocks(pixels) - blocks(read(reference))).max()
    if worst > TOLERANCE:
        (tmp_path / reference.name).write_bytes(png(pixels))
    assert worst <= TOLERANCE, f"differs by {worst:.0f}; drawn: {tmp_path / reference.name}"


def test_a_missing_floor_of_the_slab_would_be_noticed() -> None:
    district = make_district()
    lower = district.with_table(district.buildings.with_values([0], {"storeys": 5.0}))
    scene = Scene(320, 240)
    scene.camera = OBLIQUE
    pictures = []
    for each in (district, lower):
        scene.show(each, View())
        pictures.append(blocks(smooth_pixels(scene)[..., :3]))
    scene.close()
    assert np.abs(pictures[0] - pictures[1]).max() > TOLERANCE
