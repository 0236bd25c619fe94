"""Maps that leave the window say what they show: title, state, legend, scale, north and marks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage

from gui import theme
from gui.colouring import requirement_colour
from gui.map_legend import sign_rows
from gui.map_sheet import MARGIN, MapSheet, Shown, map_words
from gui.scene.camera import Camera
from gui.view_state import ColourBy
from tests.gui.conftest import wait_for_figures
from twin.language import set_language
from twin.model.horizon import Horizon
from twin.model.tables import Table


def canteen(window):
    return next(r for r in window.document.standard.requirements if r.id == "canteen")


def shown(window, by=None) -> Shown:
    by = by or requirement_colour(canteen(window))
    return Shown("Old mill", "Plan 1", window.document.assessment, by)


def pixels(image: QImage) -> np.ndarray:
    plain = image.convertToFormat(QImage.Format.Format_RGBX8888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), -1)
    return rows[:, : 4 * plain.width()].reshape(plain.height(), plain.width(), 4)[..., :3].copy()


def test_the_words_round_a_map_name_district_colours_limit_state_and_marks(window):
    words = map_words(shown(window), flat=True)
    assert words.title == "Old mill"
    assert "canteen" in words.shown.lower()
    assert "300" in words.shown
    assert (words.shown[-1] == "*") == (canteen(window).standing != "own_text")
    assert words.state.startswith("Plan 1")
    assert "*" in words.notes
    assert "perspective" not in words.notes
    assert "perspective" in map_words(shown(window), flat=False).notes


def test_a_map_of_what_shall_be_near_carries_the_mark_that_its_footnote_explains(window):
    words = map_words(shown(window, ColourBy("requirements_met")), flat=True)
    assert words.shown.endswith("*")
    assert words.notes.startswith("*")


def test_a_map_of_another_hour_says_so(window):
    at = shown(window)
    planned = Horizon(statuses=frozenset({"open", "planned"}))
    other = replace(at, assessment=replace(at.assessment, horizon=planned))
    assert map_words(at, flat=True).state != map_words(other, flat=True).state
    assert "planned" in map_words(other, flat=True).state


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("wide", [400.0, 1200.0])
def test_a_sheet_has_the_size_asked_for_and_room_for_all_it_says(window, language, wide):
    set_language(language)
    sheet = MapSheet(shown(window), Camera(), wide)
    room = sheet.room(1000.0)
    assert room.width() == wide - 2 * MARGIN
    assert room.height() > 300
    assert sheet.height(room.height()) == pytest.approx(1000.0, abs=0.5)
    grey = QImage(room * 2, QImage.Format.Format_RGB888)
    grey.fill(QColor("#808080"))
    made = sheet.paint(grey, 2.0, QSize(round(2 * wide), 2000))
    assert (made.width(), made.height()) == (2 * wide, 2000)
    seen = pixels(made)
    paper = np.array(QColor(theme.LIGHT.panel).getRgb()[:3])
    edge = round(MARGIN * 2) - 6
    for margin in (seen[:edge], seen[-edge:], seen[:, :edge], seen[:, -edge:]):
        assert (margin == paper).all()  # nothing runs off the sheet
    assert (seen == 0x80).all(axis=2).sum() == pytest.approx(
        4 * room.width() * room.height(), rel=0.01
    )


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("wide", [560.0, 720.0, 960.0, 1200.0])
def test_the_scale_has_no_row_of_its_own(window, language, wide):
    set_language(language)
    sheet = MapSheet(shown(window), Camera(), wide)
    places, tall = sheet._places()
    scale, blocks = places[-1], places[:-1]
    beside_notes = scale.y() == tall and sheet._notes_height() > 0.0
    assert beside_notes or scale.y() in [place.y() for place in blocks]
    taken = [
        place.x() + block.size.width()
        for place, block in zip(blocks, sheet._blocks, strict=True)
        if place.y() == scale.y()
    ]
    assert scale.x() >= max(taken, default=0.0)


def test_north_points_up_where_the_view_looks_north_and_left_where_it_looks_east(window):
    def dark(heading: float) -> tuple[float, float]:
        sheet = MapSheet(shown(window), Camera(heading_deg=heading), 1200.0)
        room = sheet.room(800.0)
        blank = QImage(room, QImage.Format.Format_RGB888)
        blank.fill(QColor("white"))
        made = pixels(sheet.paint(blank, 1.0, QSize(1200, 800)))
        corner = made[-round(800 - room.height() - 90) :, -90:].mean(axis=2)
        rows, columns = np.nonzero(corner < 120)
        return float(np.ptp(columns)), float(np.ptp(rows))

    wide, tall = dark(0.0)
    assert tall > 1.5 * wide
    wide, tall = dark(90.0)
    assert wide > 1.5 * tall


def test_a_picture_saved_from_the_window_is_the_map_with_its_legend(qtbot, window, tmp_path):
    wait_for_figures(qtbot, window)
    path = tmp_path / "map.png"
    window.handing_over.write_picture(path)
    qtbot.waitUntil(path.exists, timeout=20_000)
    saved, view = QImage(str(path)), window.stage.viewport
    ratio = saved.width() / (view.width() + 2 * MARGIN)
    assert saved.height() > (view.height() + 100) * ratio  # the view, a head and a foot
    corner = QColor(saved.pixel(3, 3)).name()
    assert corner == theme.LIGHT.panel


def test_a_map_is_light_whatever_the_window_wears(qtbot, window):
    wait_for_figures(qtbot, window)
    window.appearance.set_theme("dark")
    drawn = []
    window.stage.draw_map(drawn.append)
    qtbot.waitUntil(lambda: bool(drawn), timeout=20_000)
    assert np.median(pixels(drawn[0])) > 180
    assert window.stage.viewport.theme == "dark"


def test_a_legend_names_families_and_from_near_the_types_and_what_else_is_drawn(window):
    """A railway is told of where the district has one, a route where one is drawn."""
    far = [name for name, _paint in sign_rows(shown(window), near=False)]
    near = [name for name, _paint in sign_rows(shown(window), near=True)]
    assert {"Health", "candidate site", "study boundary", "community limit"} <= set(far)
    assert "Pharmacy" not in far
    assert {"Pharmacy", "Community canteen", "several types in one"} <= set(near)
    assert "Health" not in near
    assert "planned service" in far  # the sample has some
    assert not {"railway", "route on foot"} & set(far)
    district = window.document.assessment.district
    tracks = Table("barriers", [1], np.array([district.streets.geometry[0]]), {"kind": ["railway"]})
    at = shown(window)
    other = replace(at.assessment, district=district.with_table(tracks))
    told = [name for name, _paint in sign_rows(replace(at, assessment=other, route=True), False)]
    assert told == [*far, "railway", "route on foot"]
