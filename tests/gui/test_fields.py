"""Colours on the ground: before a service is placed, and when one is selected."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.window import Window
from tests.gui.conftest import PATIENCE_MS, click


def test_taking_a_service_shows_where_it_would_gain_and_selecting_one_how_far_it_reaches(
    qtbot: QtBot, window: Window
) -> None:
    seen = window.state.seen
    assert seen.field is None
    click(window.palette_.row("canteen"))
    qtbot.waitUntil(lambda: window.state.seen.field is not None, timeout=PATIENCE_MS)
    gain = window.state.seen.field
    assert gain is not None
    assert gain.kind == "gain"
    assert gain.maximum >= 1.0
    scale = window.stage.legend._field
    assert scale.isVisible()
    assert scale._steps.ends()[1].startswith("+")
    qtbot.keyClick(window.stage.viewport, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.state.seen.field is None, timeout=PATIENCE_MS)
    assert not scale.isVisible()
    assert window.document is not None
    services = window.document.session.district.services
    canteen = next(
        i for i, t in zip(services.ids, services["types"], strict=True) if "canteen" in t
    )
    window.state.set(selected=("services", int(canteen)))
    qtbot.waitUntil(lambda: window.state.seen.field is not None, timeout=PATIENCE_MS)
    reach = window.state.seen.field
    assert reach is not None
    assert reach.kind == "reach"
    assert scale._steps.ends() == ("0", "300 m")
