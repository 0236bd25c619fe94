"""What the view shows in the window: names, plan and model, what is selected, a weak machine."""

from __future__ import annotations

import itertools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtTest import QTest

from gui.canvas import EDGE_PX
from gui.labelling import label_font
from gui.overlay import paint_scale_bar, round_length
from gui.panels.header import ActionButton
from gui.scene.glyphs import Look, glyph
from gui.scene.style import LIGHT
from gui.view_cube import RING_PX
from gui.view_state import ColourBy
from tests.gui.conftest import PATIENCE_MS, click, pixel_of, wait_for_figures
from tests.gui.test_tools import home_in_view, land
from tests.scene.test_light_and_colour import DEFICIENCIES, lab, linear
from twin.language import text
from twin.model.catalogues import families, service_types

Left, NoKeys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
Han = range(0x4E00, 0xA000)


def shades(image: QImage) -> np.ndarray:
    """Return how light each pixel is, from 0 to 255."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), -1)
    return rows[:, : grey.width()].astype(int)


def test_names_are_chinese_whole_and_apart(window):
    view, district = window.stage.viewport, window.document.session.district
    picture = view.picture()
    shown = dict(view.labels_drawn)
    known = {*district.communities["name"], *district.roads["name"], *district.water["name"]}
    assert set(shown) & known
    signs = {sign for name in shown for sign in name if ord(sign) in Han}
    assert len(signs) > 10
    metrics = QFontMetricsF(label_font(view.font(), "community"))
    assert [
        sign for sign in signs if not metrics.inFontUcs4(ord(sign))
    ] == []  # else a box stands there
    whole = QRectF(view.rect())
    for box in shown.values():
        assert whole.contains(box)
    for one, other in itertools.combinations(shown.values(), 2):
        assert not one.intersects(other)
    name = next(iter(shown))
    ratio = picture.devicePixelRatio()
    drawn = picture.copy(QRectF(shown[name].topLeft() * ratio, shown[name].size() * ratio).toRect())
    assert np.ptp(shades(drawn)) > 120  # ink on its halo


def test_the_scale_bar_is_as_long_as_what_it_measures(window):
    QTest.keyClick(window, Qt.Key.Key_T)
    land(window)
    scene = window.stage.viewport.scene
    paper = QImage(400, 60, QImage.Format.Format_RGB32)
    paper.fill(QColor("white"))
    painter = QPainter(paper)
    paint_scale_bar(painter, scene, LIGHT, window.font(), QPointF(20, 40))
    painter.end()
    dark = np.flatnonzero(shades(paper)[40] < 128)
    bar = dark[: int(np.argmax(np.diff(dark) > 1)) + 1] if (np.diff(dark) > 1).any() else dark
    # On the ground: two places 100 m apart, and how many pixels lie between them.
    x, y = scene.ground_point(*(side / 2 for side in scene.size))[:2]
    z = scene.height(np.array([[x, y]]))[0]
    pixels, _ = scene.project(np.array([[x, y, z], [x + 100.0, y, z]]))
    metres = 100.0 * np.ptp(bar) / np.ptp(pixels[:, 0])
    assert metres == pytest.approx(round_length(metres * 1.02), rel=0.03)


def test_a_narrow_picture_has_a_short_bar_with_all_of_its_words(window):
    scene, corner = window.stage.viewport.scene, QPointF(EDGE_PX, 40)
    for wide in (160, 240, 1000):
        narrow = SimpleNamespace(size=(wide, 120), camera=scene.camera)
        paper = QImage(1000, 60, QImage.Format.Format_RGB32)
        paper.fill(QColor("white"))
        painter = QPainter(paper)
        paint_scale_bar(painter, narrow, LIGHT, window.font(), corner)
        painter.end()
        dark = np.flatnonzero((shades(paper) < 128).any(axis=0))
        assert EDGE_PX - 1 <= dark.min() < dark.max() < wide


@pytest.mark.parametrize(("heading", "at"), [(0.0, (0, -1)), (90.0, (-1, 0)), (180.0, (0, 1))])
def test_the_cube_says_where_north_is(window, heading, at):
    """It stands ahead of whoever looks north, and at the left hand of whoever looks east."""
    view = window.stage.viewport
    view.set_camera(replace(view.camera, heading_deg=heading, pitch_deg=60.0))
    dark, middle = shades(view.picture()), view.compass()
    ink = {}
    for way in ((0, -1), (1, 0), (0, 1), (-1, 0)):
        spot = middle + QPointF(*way) * (RING_PX + 8.0)
        x, y = round(spot.x()), round(spot.y())
        ink[way] = int((dark[y - 5 : y + 6, x - 5 : x + 6] < 90).sum())
    assert max(ink, key=ink.__getitem__) == at
    assert ink[at] > 10


def test_plan_and_model_change_places_by_key_and_by_button(qtbot, window):
    view, session = window.stage.viewport, window.document.session
    before, plan = view.camera, window.actions_.by_name["plan"]
    QTest.keyClick(window, Qt.Key.Key_T)
    assert view.is_flying  # no jump
    assert view.camera.pitch_deg < 89.0
    qtbot.waitUntil(lambda: not view.is_flying, timeout=PATIENCE_MS)
    assert view.camera.flat
    middle = session.district.boundary.geometry[0].centroid
    lower, upper = (pixel_of(window, middle.x, middle.y + north) for north in (0.0, 50.0))
    assert abs(upper.x() - lower.x()) <= 1  # north is up
    assert upper.y() < lower.y() - 10
    click(next(b for b in window.stage._buttons.findChildren(ActionButton) if b._action is plan))
    qtbot.waitUntil(lambda: not view.is_flying, timeout=PATIENCE_MS)
    assert not view.camera.flat
    assert view.camera.pitch_deg == pytest.approx(before.pitch_deg)
    assert session.scenario == "base"


def test_what_is_selected_is_come_near_to_and_in_the_middle(qtbot, window):
    view = window.stage.viewport
    building, at = home_in_view(window)
    click(view, at)
    assert window.state.seen.selected == ("buildings", building)
    far = view.camera.distance
    QTest.keyClick(view, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: not view.is_flying, timeout=PATIENCE_MS)
    assert view.camera.distance < far
    (seen,), _ = view.scene.project(np.array([view.scene.place_of("buildings", building)]))
    assert seen == pytest.approx((view.width() / 2, view.height() / 2), abs=2.0)


def test_a_click_on_a_service_shows_how_far_it_reaches_and_one_beside_it_no_more(qtbot, window):
    canteens = window.document.session.district.services
    row = int(np.flatnonzero(canteens["types"] == "canteen")[0])
    place = canteens.geometry[row]
    window.stage.viewport.zoom_to(place.x, place.y, 120.0)
    land(window)
    pins = window.stage.viewport.scene.pins
    pixels, _ = window.stage.viewport.scene.project(pins.head[pins.ids == canteens.ids[row]])
    click(window.stage.viewport, QPoint(*(int(v) for v in np.round(pixels[0]))))
    assert window.state.seen.selected == ("services", int(canteens.ids[row]))
    qtbot.waitUntil(lambda: window.state.seen.field is not None, timeout=PATIENCE_MS)
    assert window.state.seen.field.kind == "reach"
    assert window.stage.legend._field.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.state.seen.selected is None
    qtbot.waitUntil(lambda: window.state.seen.field is None, timeout=PATIENCE_MS)


def test_stairs_colour_storeys_one_by_one_by_two_clicks(qtbot, window):
    click(window.score._stairs)
    wait_for_figures(qtbot, window)
    legend = window.stage.legend
    legend._what.setFocus()
    QTest.keyClicks(legend._what, text("legend.walk", name="Community canteen")[:12])
    for _ in range(legend._what.count()):
        if window.state.seen.colour_by.service_type == "canteen":
            break
        QTest.keyClick(legend._what, Qt.Key.Key_Down)
    by = window.state.seen.colour_by
    assert (by.what, by.service_type) == ("walk", "canteen")
    stairs = window.stage._colours_now().stairs
    assert stairs is not None
    assert (stairs.step > 0).any()
    assert legend._stairs.isVisible()
    click(window.score._stairs)
    wait_for_figures(qtbot, window)
    assert window.stage._colours_now().stairs is None


def test_a_machine_that_is_slow_under_the_hand_is_told_of_once(qtbot, window, monkeypatch):
    monkeypatch.setattr("gui.pace.HELD_S", 0.0)  # every frame is too slow
    view = window.stage.viewport
    view.pace.slow = True
    start = QPoint(view.width() // 2, view.height() // 2)

    def turn() -> None:
        QTest.mousePress(view, Left, NoKeys, start)
        for step in range(1, 12):
            QTest.mouseMove(view, start + QPoint(6 * step, 0))
            view.repaint()
        QTest.mouseRelease(view, Left, NoKeys, start + QPoint(66, 0))

    turn()
    said = [m.words for m in window.stage.messages.shown]
    assert said == [text("stage.slow")]
    assert view._pixels.shape[1] < view.width()
    turn()
    assert [m.words for m in window.stage.messages.shown] == said
    qtbot.waitUntil(lambda: view.scene.resolution_factor == 1.0, timeout=PATIENCE_MS)
    assert window.state.seen.colour_by == ColourBy()


@pytest.mark.parametrize("eyes", ["all", *DEFICIENCIES])
def test_families_of_services_are_told_apart_by_shape_or_by_colour(eyes):
    """At the size of a pin, by eyes of every kind; what shapes alone do is in test_glyphs."""
    shown = list(families().values())
    see = np.array(DEFICIENCIES.get(eyes, np.eye(3)))
    colours = {
        k.family.id: lab(np.clip(see @ linear(k.colour), 0, 1)) for k in service_types().values()
    }
    small = {
        f.id: glyph(Look(f.shape, "#000000"), False, "#ffffff", 20)[..., 0] < 128 for f in shown
    }
    for one, other in itertools.combinations(small, 2):
        differs = (small[one] != small[other]).sum() / (small[one] | small[other]).sum()
        apart = np.linalg.norm(colours[one] - colours[other])
        assert differs > 0.12 or apart > 40.0, (one, other)
