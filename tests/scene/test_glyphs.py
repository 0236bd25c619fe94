"""Glyphs tell the family by their shape alone, and the type by their drawing."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import shapely
import shapely.affinity
from numpy.typing import NDArray

from gui.scene.glyphs import CELL, Look, atlas, cells, glyph
from gui.scene.pins import DRAWN_PX, LARGEST_PX, SMALLEST_PX, look_of, looks, plain_looks
from gui.scene.style import DARK, LIGHT, Palette
from twin.model.catalogues import families, service_types
from twin.model.own_data import using_data
from twin.model.rows import RowError
from twin.model.signs import OUTLINES, ROOM, SEVERAL, SEVERAL_TYPES, SHAPES, drawings, drawn_areas
from twin.telling.inks import luminance

Floats = NDArray[np.float64]


def silhouette(shape: str, size: int) -> Floats:
    """Return how much of each pixel a filled glyph's body covers, whatever its colour."""
    picture = glyph(Look(shape, "#000000"), False, "#ffffff", size) / 255.0
    return np.asarray(picture[..., 3] * (1.0 - picture[..., 0]))


def joint_box(one: Floats, other: Floats) -> int:
    """Return the pixels of the box round both."""
    rows, columns = np.nonzero(np.maximum(one, other) > 0.5)
    return int(np.ptp(rows) + 1) * int(np.ptp(columns) + 1)


@pytest.mark.parametrize("size", [round(SMALLEST_PX), 20, round(LARGEST_PX), 2 * round(LARGEST_PX)])
def test_any_two_families_differ_in_a_seventh_of_their_box_without_colour(size: int) -> None:
    """What stands for several families is a seventh shape that no family has."""
    shapes = [family.shape for family in families().values()] + [SEVERAL]
    assert sorted(shapes) == sorted(SHAPES)
    for one, other in itertools.combinations(shapes, 2):
        first, second = (silhouette(shape, size) for shape in (one, other))
        assert np.abs(first - second).sum() >= 0.15 * joint_box(first, second), (one, other)


def test_every_type_has_a_drawing_of_its_own_within_its_family() -> None:
    signs = [(kind.family.id, kind.sign) for kind in service_types().values()]
    assert len(set(signs)) == len(signs)
    assert all(sign in drawings() and sign != SEVERAL_TYPES for _family, sign in signs)


@pytest.mark.parametrize("size", [20, 2 * round(LARGEST_PX)])
@pytest.mark.parametrize("hollow", [False, True])
def test_types_of_a_family_are_told_apart_by_their_drawings(size: int, hollow: bool) -> None:
    """Of what two drawings cover together, at least three tenths only one of them covers."""
    for family in families().values():
        drawn = [k.sign for k in service_types().values() if k.family.id == family.id]
        plain = glyph(Look(family.shape, family.colour), hollow, "#ffffff", size)
        inked = {
            sign: lightness(glyph(Look(family.shape, family.colour, sign), hollow, "#ffffff", size))
            for sign in [*drawn, SEVERAL_TYPES]
        }
        # The ring of a hollow glyph is wider without a drawing, so it is no measure.
        bare = np.max(list(inked.values()), axis=0) if hollow else lightness(plain)
        marks = {sign: np.abs(light - bare) for sign, light in inked.items()}
        for one, other in itertools.combinations(marks, 2):
            apart = np.abs(inked[one] - inked[other]).sum()
            assert apart > 0.3 * np.maximum(marks[one], marks[other]).sum(), (one, other)


def lightness(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return how light each pixel is, from 0 to 1, all that a colour-blind eye is sure of."""
    return np.asarray(picture[..., :3] @ [0.2126, 0.7152, 0.0722]) / 255


def test_drawings_stay_within_their_shape() -> None:
    """And clear of its edge, so that no shape loses its silhouette to what stands in it."""
    for kind in service_types().values():
        middle, half = ROOM[kind.family.shape]
        drawn = shapely.affinity.affine_transform(
            shapely.union_all(drawn_areas(kind.sign)), [half, 0, 0, half, 0, middle]
        )
        shape = shapely.Polygon(OUTLINES[kind.family.shape])
        assert shapely.covers(shape.buffer(-0.03), drawn), kind.id


@pytest.mark.parametrize("tones", [LIGHT, DARK], ids=lambda tones: tones.theme)
def test_drawings_stand_out_on_their_glyphs(tones: Palette) -> None:
    """By 3 to 1, which WCAG 2.1 (1.4.11) asks of pictures; on hollow ones as well."""
    for look, hollow in itertools.product(looks(), (False, True)):
        if not look.drawing:
            continue
        plain = glyph(look._replace(drawing=""), hollow, tones.pin)
        drawn = glyph(look, hollow, tones.pin)
        inside = (drawn[..., 3] == 255) & (plain[..., :3] != drawn[..., :3]).any(axis=2)
        strongest = np.abs(lightness(drawn) - lightness(plain)).argmax()
        assert inside.sum() > 0.02 * CELL**2
        pair = [hexed(picture.reshape(-1, 4)[strongest]) for picture in (plain, drawn)]
        light, dark = sorted(map(luminance, pair), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3.0, (look, hollow)


def hexed(colour: NDArray[np.uint8]) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in colour[:3])


def test_a_planned_service_is_hollow() -> None:
    """Its family's ring round a heart of the paper."""
    for look in looks():
        filled, hollow = (glyph(look._replace(drawing=""), h, "#ffffff") for h in (False, True))
        assert (filled[..., 3] == hollow[..., 3]).all()
        assert tuple(hollow[CELL // 2, CELL // 2, :3]) == (255, 255, 255)
        assert hexed(filled[CELL // 2, CELL // 2]) == look.colour
        assert (hollow[..., :3] == filled[CELL // 2, CELL // 2, :3]).all(axis=2).any()


def test_a_look_says_the_type_or_that_there_are_several() -> None:
    all_ = looks()
    assert all_[look_of("canteen")] == Look("square", "#009e73", "bowl")
    assert all_[look_of("canteen,elder_day_care")] == Look("square", "#009e73", SEVERAL_TYPES)
    assert all_[look_of("elder_day_care,canteen")] == Look("circle", "#d55e00", SEVERAL_TYPES)
    assert all_[look_of("moon_base")].shape == SEVERAL
    assert [all_[k].drawing for k in plain_looks()] == [""] * len(all_)
    assert [all_[k].colour for k in plain_looks()] == [look.colour for look in all_]


OWN = """
[types.bathhouse]
name = {{ en = "Bathhouse", zh = "浴室" }}
family = "public"
mark = {{ en = "Bh", zh = "浴" }}
sign = "{sign}"
floor_area_m2 = 200.0
capacity = 90.0
"""


def test_a_type_of_one_s_own_may_have_any_of_the_drawings(tmp_path: Path) -> None:
    """And the next picture knows of it; a drawing that nobody drew is refused by name."""
    before = looks()
    assert looks() is before
    (tmp_path / "service_types.toml").write_text(OWN.format(sign="cup"), encoding="utf-8")
    with using_data(tmp_path):
        assert looks() is not before
        assert looks()[look_of("bathhouse")] == Look("shield", "#56b4e9", "cup")
    assert looks()[look_of("bathhouse")].shape == SEVERAL
    (tmp_path / "service_types.toml").write_text(OWN.format(sign="moon"), encoding="utf-8")
    with pytest.raises(RowError, match="moon"), using_data(tmp_path):
        looks()


def test_the_atlas_holds_every_glyph_filled_and_hollow() -> None:
    picture = atlas(looks(), LIGHT)[::-1]
    rows, columns = cells(len(looks()))
    assert picture.shape == (rows * CELL, columns * CELL, 4)
    for hollow in (False, True):
        for number, look in enumerate(looks()):
            row, column = divmod(number + hollow * len(looks()), columns)
            cell = picture[row * CELL : (row + 1) * CELL, column * CELL : (column + 1) * CELL]
            assert np.array_equal(cell, glyph(look, hollow, LIGHT.pin))
    assert SMALLEST_PX < DRAWN_PX < LARGEST_PX
