"""A weak or remote machine draws fewer pixels under the hand by itself, says so, and recovers."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gui.pace import COARSEST, HALF, Pace, is_remote
from gui.scene.graphics import driver_in, is_software_driver
from gui.scene.scene import Scene
from gui.scene.view import View
from gui.viewport import Viewport
from twin.model.district import District


def test_a_machine_whose_frames_are_slow_spares_pixels_and_recovers() -> None:
    pace = Pace(software=False, remote=False)
    pace.took_whole(0.016)
    assert not pace.spares
    assert pace.reason_to_say() == ""
    pace.took_whole(0.2)  # a weak graphics card: five frames a second at full resolution
    assert pace.spares
    assert pace.factor(carrying=False) == 0.5
    assert (pace.reason_to_say(), pace.reason_to_say()) == ("slow", "")
    for _frame in range(20):
        pace.took_coarse(0.15)
    assert pace.factor(carrying=False) == COARSEST
    assert pace.factor(carrying=True) == HALF  # what stands still is there already
    for _frame in range(60):
        pace.took_coarse(0.02)
    assert pace.factor(carrying=False) == HALF
    pace.took_whole(0.02)
    assert not pace.spares


def test_a_pace_of_fourteen_frames_a_second_is_left_as_it_is() -> None:
    pace = Pace(software=True, remote=False)
    assert pace.spares
    for _frame in range(10):
        pace.took_coarse(0.06)
    assert pace.factor(carrying=False) == HALF


def test_a_remote_screen_spares_pixels_however_quick_the_machine_is() -> None:
    pace = Pace(software=False, remote=True)
    pace.took_whole(0.005)
    assert pace.spares
    assert (pace.reason_to_say(), pace.reason_to_say()) == ("remote", "")
    pace.set_quality("fine")
    assert not pace.spares
    pace.set_quality("fast")
    assert pace.spares
    assert not pace.refines


def test_what_a_person_chose_is_not_unlearnt_from_frames() -> None:
    pace = Pace(software=True, remote=False)
    pace.set_quality("fine")
    pace.took_whole(9.0)
    assert not pace.spares
    pace.set_quality("auto")
    assert pace.spares


@pytest.mark.parametrize(
    ("environment", "platform", "remote"),
    [
        ({"DISPLAY": ":0"}, "linux", False),
        ({"DISPLAY": "unix:0", "SSH_CONNECTION": "10.0.0.2 50000 10.0.0.3 22"}, "linux", False),
        ({"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "10.0.0.2 1 10.0.0.3 22"}, "linux", True),
        ({"DISPLAY": "10.0.0.7:0"}, "linux", True),
        ({"DISPLAY": ":10", "XRDP_SESSION": "1"}, "linux", True),
        ({"DISPLAY": ":1", "VNCDESKTOP": "desk:1 (planner)"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", False),
        ({"DISPLAY": "/private/tmp/com.apple.launchd.x/org.xquartz:0"}, "darwin", False),
        ({"SESSIONNAME": "RDP-Tcp#3"}, "win32", True),
        ({"SESSIONNAME": "Console"}, "win32", False),
    ],
)
def test_screens_on_other_machines_are_known_by_how_the_session_was_begun(
    environment: Mapping[str, str], platform: str, remote: bool
) -> None:
    assert is_remote(environment, platform) is remote


@pytest.mark.parametrize(
    ("renderer", "software"),
    [
        ("llvmpipe (LLVM 15.0.6, 256 bits)", True),
        ("Microsoft Basic Render Driver", True),
        ("GDI Generic", True),
        ("NVIDIA GeForce RTX 3060/PCIe/SSE2", False),
        ("Mesa Intel(R) UHD Graphics 620 (KBL GT2)", False),
    ],
)
def test_drivers_that_draw_on_the_processor_are_known_by_name(
    renderer: str, software: bool
) -> None:
    report = f"EGL extensions: EGL_swrast\nOpenGL renderer string:  {renderer}\nmore\n"
    assert driver_in(report) == renderer
    assert is_software_driver(driver_in(report)) is software


def test_a_remote_view_is_coarse_under_the_hand_and_sharp_at_rest(
    qtbot: QtBot, district: District
) -> None:
    viewport = Viewport(theme="light")
    qtbot.addWidget(viewport, before_close_func=lambda view: view.close_scene())
    viewport.pace = Pace(software=False, remote=True)
    viewport.resize(400, 300)
    with qtbot.waitExposed(viewport):
        viewport.show()
    viewport.show_scene(district, View())
    viewport.repaint()
    assert viewport._pixels.shape[1] == 400
    middle = QPoint(200, 150)
    with qtbot.waitSignal(viewport.slowed) as said:
        qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=middle)
        qtbot.mouseMove(viewport, middle + QPoint(30, 0))
    viewport.repaint()
    assert said.args == ["remote"]
    assert viewport._pixels.shape[1] == 200
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.waitUntil(lambda: viewport._pixels.shape[1] == 400, timeout=10_000)


def test_a_scene_knows_before_its_first_frame_what_draws_it() -> None:
    """Else the processor would begin at full resolution."""
    scene = Scene(64, 48)
    try:
        told = scene.driver
        assert told
        by_processor = any(name in told.lower() for name in ("llvmpipe", "softpipe", "swrast"))
        assert scene.is_software == by_processor
    finally:
        scene.close()
