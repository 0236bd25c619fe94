"""The viewport, driven by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.overlay import round_length
from gui.scene.camera import Camera
from gui.scene.view import Ghost, View
from gui.sketch import Sheet
from gui.view_state import Pick
from gui.viewport import Viewport
from tests.scene.conftest import CANTEEN, SOUTH, TOWER, WEST
from twin.model.district import District

Left, Middle, Right = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.RightButton,
)
TOWER_WALL = (WEST + 162.0, SOUTH + 140.0, 30.0)


@pytest.fixture
def viewport(qtbot: QtBot, district: District) -> Iterator[Viewport]:
    view = Viewport()
    qtbot.addWidget(view)
    view.resize(480, 360)
    view.show()
    view.show_scene(district, View())
    view.set_camera(Camera((WEST + 95.0, SOUTH + 90.0, 10.0), 420.0, 320.0, 35.0))
    QApplication.processEvents()
    yield view
    view.close_scene()


def pixel_of(viewport: Viewport, place: tuple[float, float, float]) -> QPoint:
    (at,), visible = viewport.scene.project(np.array([place]))
    assert visible.all()
    return QPoint(round(at[0]), round(at[1]))


def drag(
    qtbot: QtBot, viewport: Viewport, button: Qt.MouseButton, first: QPoint, last: QPoint
) -> None:
    from PySide6.QtGui import QMouseEvent

    qtbot.mousePress(viewport, button, pos=first)
    for share in (0.3, 0.7, 1.0):
        at = QPointF(first) + share * (QPointF(last) - QPointF(first))
        move = QMouseEvent(
            QEvent.Type.MouseMove,
            at,
            viewport.mapToGlobal(at),
            Qt.MouseButton.NoButton,
            button,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(viewport, move)
    qtbot.mouseRelease(viewport, button, pos=last)


def wheel(viewport: Viewport, at: QPoint, clicks: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        viewport.mapToGlobal(QPointF(at)),
        QPoint(),
        QPoint(0, 120 * clicks),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


class Hand:
    """A tool that keeps what it is told; it takes presses on services alone."""

    cursor: Literal["arrow", "cross"] = "arrow"

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []

    def hover(self, pick: Pick | None) -> None:
        self.told.append(("hover", pick))

    def press(self, pick: Pick) -> bool:
        self.told.append(("press", pick))
        return pick.feature is not None and pick.feature[0] == "services"

    def drag(self, pick: Pick) -> None:
        self.told.append(("drag", pick))

    def release(self, pick: Pick) -> None:
        self.told.append(("release", pick))

    def click(self, pick: Pick) -> None:
        self.told.append(("click", pick))

    def double_click(self, pick: Pick) -> bool:
        self.told.append(("double click", pick))
        return False

    def key(self, _event: QKeyEvent) -> bool:
        return False

    def paint(self, _painter: QPainter, _sheet: Sheet) -> None:
        pass


def test_a_click_picks_what_is_seen_there(qtbot: QtBot, viewport: Viewport) -> None:
    with qtbot.waitSignal(viewport.picked) as clicked:
        qtbot.mouseClick(viewport, Left, pos=pixel_of(viewport, TOWER_WALL))
    assert clicked.args == [("buildings", TOWER)]
    meadow = (WEST + 60.0, SOUTH + 110.0, 0.0)
    picked: list[object] = []
    places: list[tuple[float, float]] = []
    viewport.picked.connect(picked.append)
    viewport.ground_clicked.connect(lambda x, y: places.append((x, y)))
    qtbot.mouseClick(viewport, Left, pos=pixel_of(viewport, meadow))
    assert picked == [None]
    assert places[0] == pytest.approx(meadow[:2], abs=1.5)


def test_moving_over_things_tells_of_each_once(qtbot: QtBot, viewport: Viewport) -> None:
    heard: list[object] = []
    viewport.hovered.connect(heard.append)
    roof = pixel_of(viewport, TOWER_WALL)
    for shift in (0, 1, 2):
        qtbot.mouseMove(viewport, roof + QPoint(shift, 0))
        qtbot.wait(40)
    assert heard == [("buildings", TOWER)]
    QApplication.sendEvent(viewport, QEvent(QEvent.Type.Leave))
    assert heard == [("buildings", TOWER), None]


def test_hovering_draws_an_edge_without_rendering_anew(
    qtbot: QtBot, viewport: Viewport, district: District
) -> None:
    before = viewport.picture()
    rendered = viewport._pixels
    viewport.show_scene(district, View(hover=("buildings", TOWER)))
    after = viewport.grab().toImage()
    assert viewport._pixels is rendered
    assert after != before


def test_left_drag_orbits_about_the_place_under_the_pointer(
    qtbot: QtBot, viewport: Viewport
) -> None:
    pivot = (WEST + 120.0, SOUTH + 30.0, 0.0)
    at = pixel_of(viewport, pivot)
    before = viewport.camera
    drag(qtbot, viewport, Left, at, at + QPoint(60, 20))
    assert viewport.camera.heading_deg != before.heading_deg
    assert viewport.camera.pitch_deg > before.pitch_deg
    assert viewport.camera.distance == before.distance
    assert (pixel_of(viewport, pivot) - at).manhattanLength() <= 2


@pytest.mark.parametrize("button", [Middle, Right])
def test_other_drags_carry_the_ground_along(
    qtbot: QtBot, viewport: Viewport, button: Qt.MouseButton
) -> None:
    heard: list[object] = []
    viewport.context_requested.connect(lambda *args: heard.append(args))
    held = (WEST + 120.0, SOUTH + 30.0, 0.0)
    at = pixel_of(viewport, held)
    drag(qtbot, viewport, button, at, at + QPoint(-50, -30))
    assert (pixel_of(viewport, held) - at - QPoint(-50, -30)).manhattanLength() <= 2
    assert heard == []


def test_the_wheel_zooms_to_the_pointer(viewport: Viewport) -> None:
    place = (WEST + 150.0, SOUTH + 30.0, 0.0)
    at = pixel_of(viewport, place)
    far = viewport.camera.distance
    wheel(viewport, at, 3)
    assert viewport.camera.distance < 0.7 * far
    assert (pixel_of(viewport, place) - at).manhattanLength() <= 2
    wheel(viewport, at, -3)
    assert viewport.camera.distance == pytest.approx(far)


def test_a_right_click_asks_for_the_menu_of_what_is_there(qtbot: QtBot, viewport: Viewport) -> None:
    with qtbot.waitSignal(viewport.context_requested) as asked:
        qtbot.mouseClick(viewport, Right, pos=pixel_of(viewport, TOWER_WALL))
    assert asked.args[0] == ("buildings", TOWER)


def test_a_double_click_flies_to_what_is_there(qtbot: QtBot, viewport: Viewport) -> None:
    with qtbot.waitSignal(viewport.activated) as found:
        qtbot.mouseDClick(viewport, Left, pos=pixel_of(viewport, TOWER_WALL))
    assert found.args == [("buildings", TOWER)]
    qtbot.waitUntil(lambda: viewport._flight is None, timeout=10_000)
    assert viewport.camera.focus == pytest.approx((WEST + 162.5, SOUTH + 152.5, 45.0), abs=0.6)


def test_a_tool_keeps_the_drags_it_takes_and_leaves_the_others(
    qtbot: QtBot, viewport: Viewport
) -> None:
    hand = Hand()
    viewport.set_tool(hand)
    pins = viewport.scene.pins
    glyph = pixel_of(viewport, tuple(pins.head[pins.ids == CANTEEN][0]))
    before = viewport.camera
    drag(qtbot, viewport, Left, glyph, glyph + QPoint(-40, 30))
    assert viewport.camera == before
    assert [what for what, _pick in hand.told] == ["press", "drag", "drag", "drag", "release"]
    assert hand.told[0][1].feature == ("services", CANTEEN)
    last = hand.told[-1][1]
    assert viewport.scene.ground_point(glyph.x() - 40, glyph.y() + 30)[:2] == pytest.approx(
        (last.x, last.y)
    )
    hand.told.clear()
    meadow = pixel_of(viewport, (WEST + 60.0, SOUTH + 110.0, 0.0))
    drag(qtbot, viewport, Left, meadow, meadow + QPoint(30, 0))
    assert viewport.camera != before  # not taken: it orbits
    assert [what for what, _pick in hand.told] == ["press"]
    hand.told.clear()
    qtbot.mouseClick(viewport, Left, pos=QPoint(240, 200))
    assert [what for what, _pick in hand.told] == ["press", "click"]


def test_plan_and_perspective_change_places(qtbot: QtBot, viewport: Viewport) -> None:
    pitch = viewport.camera.pitch_deg
    viewport.set_plan(True)
    assert viewport.is_plan
    qtbot.waitUntil(lambda: viewport._flight is None, timeout=10_000)
    assert viewport.camera.flat
    assert viewport.camera.heading_deg == 0.0
    viewport.set_plan(False)
    qtbot.waitUntil(lambda: viewport._flight is None, timeout=10_000)
    assert not viewport.camera.flat
    assert viewport.camera.pitch_deg == pytest.approx(pitch)


def test_keys_move_and_turn_the_view(qtbot: QtBot, viewport: Viewport) -> None:
    start = viewport.camera
    qtbot.keyClick(viewport, Qt.Key.Key_Plus)
    assert viewport.camera.distance < start.distance
    qtbot.keyClick(viewport, Qt.Key.Key_BracketRight)
    assert viewport.camera.heading_deg == pytest.approx(start.heading_deg + 10.0)
    qtbot.keyClick(viewport, Qt.Key.Key_PageDown)
    assert viewport.camera.pitch_deg == pytest.approx(start.pitch_deg + 5.0)
    focus = viewport.camera.focus
    qtbot.keyClick(viewport, Qt.Key.Key_Up)
    ahead = np.array(viewport.camera.focus) - focus
    assert ahead @ viewport.camera.basis[2] > 0.0


def test_a_press_on_a_face_or_an_edge_of_the_cube_looks_from_there(
    qtbot: QtBot, viewport: Viewport
) -> None:
    viewport.set_camera(replace(viewport.camera, heading_deg=0.0, pitch_deg=45.0))
    plans: list[bool] = []
    viewport.turned.connect(plans.append)
    # Seen from the south: the front is the south side, its right edge the south-east one.
    for aside, down, part in ((0, 12, (0, -1, 0)), (15, 12, (1, -1, 0)), (0, -12, (0, 0, 1))):
        viewport.set_camera(replace(viewport.camera, flat=False, heading_deg=0.0, pitch_deg=45.0))
        qtbot.mouseClick(viewport, Left, pos=viewport.compass().toPoint() + QPoint(aside, down))
        qtbot.waitUntil(lambda: viewport._flight is None, timeout=10_000)
        camera = viewport.camera
        if part == (0, 0, 1):
            assert camera.flat
            continue
        east, north = -camera.basis[2][:2] / np.linalg.norm(camera.basis[2][:2])
        assert (east, north) == pytest.approx(np.array(part[:2]) / np.linalg.norm(part))
    assert plans == [False, False, True]


def test_a_press_beside_the_cube_turns_to_that_quarter(qtbot: QtBot, viewport: Viewport) -> None:
    viewport.set_camera(replace(viewport.camera, heading_deg=0.0, pitch_deg=80.0))
    for aside, down, heading in ((28, 0, 90.0), (0, -24, 90.0), (0, 31, 270.0)):
        # After the first turn east is up, so that the top is east and the bottom west.
        qtbot.mouseClick(viewport, Left, pos=viewport.compass().toPoint() + QPoint(aside, down))
        qtbot.waitUntil(lambda: viewport._flight is None, timeout=10_000)
        assert viewport.camera.heading_deg == pytest.approx(heading)


def test_what_the_pointer_is_over_on_the_cube_is_marked(qtbot: QtBot, viewport: Viewport) -> None:
    viewport.set_camera(replace(viewport.camera, heading_deg=0.0, pitch_deg=45.0))
    middle = viewport.compass().toPoint()
    qtbot.mouseMove(viewport, middle + QPoint(3, 15))
    qtbot.wait(50)
    qtbot.mouseMove(viewport, middle + QPoint(0, 12))
    qtbot.waitUntil(lambda: viewport._cube_part == (0, -1, 0), timeout=10_000)
    qtbot.wait(50)
    qtbot.mouseMove(viewport, QPoint(240, 300))
    qtbot.waitUntil(lambda: viewport._cube_part is None, timeout=10_000)


def test_a_hand_on_the_way_to_the_plan_brings_it_there(qtbot: QtBot, viewport: Viewport) -> None:
    viewport.set_plan(True)
    qtbot.waitUntil(lambda: viewport.camera.lens < 0.9, timeout=10_000)
    qtbot.mousePress(viewport, Left, pos=QPoint(240, 200))
    assert viewport.camera.flat
    assert not viewport.is_flying
    qtbot.mouseRelease(viewport, Left, pos=QPoint(240, 200))


def test_labels_are_drawn_and_do_not_overlap(viewport: Viewport) -> None:
    viewport.picture()
    names = [name for name, _box in viewport.labels_drawn]
    assert {"West End", "East End"} <= set(names)
    boxes = [box for _name, box in viewport.labels_drawn]
    for number, box in enumerate(boxes):
        assert not any(box.intersects(other) for other in boxes[number + 1 :])
    assert all(QRectF(viewport.rect()).contains(box) for box in boxes)
    assert names.index("East End") < names.index("West End")  # the larger one first


def test_the_selected_glyph_is_on_top_for_hand_and_names(
    viewport: Viewport, district: District
) -> None:
    """From far away others are drawn over its place, and a community's name would be, too."""
    scene = viewport.scene
    viewport.set_camera(Camera((WEST + 95.0, SOUTH + 90.0, 10.0), 1600.0, 320.0, 70.0))
    for id_ in scene.pins.ids.tolist():
        viewport.show_scene(district, View(selection=("services", id_)))
        viewport.picture()
        ((x, y),) = scene.chosen_seen()
        assert viewport.pick_at(x, y).feature == ("services", id_)
        assert viewport.labels_drawn
        assert not any(box.contains(x, y) for _name, box in viewport.labels_drawn)


def test_a_resting_picture_becomes_smooth_by_itself(qtbot: QtBot, viewport: Viewport) -> None:
    def is_done() -> bool:
        whole = viewport.scene.resolution_factor == 1.0
        return whole and viewport._sum is None and not viewport._stale

    qtbot.waitUntil(is_done, timeout=10_000)
    levels = len(np.unique(viewport._pixels.reshape(-1, 4), axis=0))
    assert viewport.scene.resolution_factor == 1.0
    assert levels > len(np.unique(viewport.scene.render().reshape(-1, 4), axis=0))


def test_a_picture_has_the_widget_s_size(viewport: Viewport) -> None:
    image = viewport.picture()
    assert (image.width(), image.height()) == (480, 360)


def test_hidden_views_rest(qtbot: QtBot, viewport: Viewport) -> None:
    viewport.home()
    viewport.hide()
    assert viewport._flight is None
    timers = (viewport._clock, viewport._rest, viewport._refining)
    assert not any(timer.isActive() for timer in timers)


def test_a_closed_view_still_paints_and_ignores_the_hand(qtbot: QtBot, viewport: Viewport) -> None:
    viewport.picture()
    viewport.close_scene()
    viewport.repaint()
    qtbot.mouseClick(viewport, Left, pos=QPoint(240, 180))
    wheel(viewport, QPoint(240, 180), 1)
    qtbot.keyClick(viewport, Qt.Key.Key_Plus)
    viewport.close_scene()


@pytest.mark.parametrize(
    ("most", "length"), [(0.3, 1.0), (1.0, 1.0), (9.9, 5.0), (120.0, 100.0), (260.0, 200.0)]
)
def test_scale_bars_are_round(most: float, length: float) -> None:
    assert round_length(most) == length


def test_a_slow_machine_draws_coarser_under_the_hand_and_says_so_once(
    qtbot: QtBot, viewport: Viewport, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[bool] = []
    viewport.slowed.connect(lambda: said.append(True))
    viewport.pace.slow = True
    middle = QPoint(viewport.width() // 2, viewport.height() // 2)
    sizes: list[int] = []
    monkeypatch.setattr("gui.pace.HELD_S", 0.0)  # every frame is too slow
    qtbot.mousePress(viewport, Left, pos=middle)
    for step in range(1, 12):
        qtbot.mouseMove(viewport, middle + QPoint(6 * step, 0))
        viewport.repaint()
        sizes.append(viewport._pixels.shape[1])
    qtbot.mouseRelease(viewport, Left, pos=middle)
    assert said == [True]
    assert sizes[-1] < sizes[0] < viewport.width()
    assert sizes[-1] >= 0.33 * viewport.width()
    qtbot.waitUntil(lambda: viewport.scene.resolution_factor == 1.0, timeout=10_000)


def test_the_first_step_of_a_drag_finds_the_ground_drawn(
    qtbot: QtBot, kept_ground: None, viewport: Viewport, district: District
) -> None:
    """After a moment of rest the ground is there as coarse as the hand wants it."""
    viewport.set_quality("fine")
    viewport.pace.slow = True
    qtbot.waitUntil(viewport._readying.isActive, timeout=10_000)
    qtbot.waitUntil(lambda: not viewport._readying.isActive(), timeout=10_000)
    assert viewport.scene.resolution_factor == 1.0
    drawn = viewport.scene.backdrops_drawn
    held = View(
        ghost=Ghost(WEST + 60.0, SOUTH + 70.0, ("canteen",)), hidden_services=frozenset({CANTEEN})
    )
    viewport.show_scene(district, held)
    viewport.scene.set_resolution_factor(0.5)
    viewport.scene.render()
    assert viewport.scene.backdrops_drawn == drawn
