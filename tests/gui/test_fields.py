"""Colours on the ground: before a service is placed, and when one is selected."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.panels.figures import limit
from gui.scene.style import band_colours, rgb
from gui.view_state import ColourBy
from gui.window import Window
from tests.gui.conftest import PATIENCE_MS, click
from twin.assessment.gain import gain_field
from twin.language import text
from twin.model.edits import RemoveService, apply_edit


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
    assert reach.limit == 300.0
    assert scale._steps.isHidden()  # the ground has the colours of the homes at that distance
    assert limit(300.0, "m") in scale._words.text()
    near = [[round(255 * c) for c in rgb(colour)] for colour in band_colours("minutes")[:2]]
    drawn = reach.pixels["light"]
    found = np.unique(drawn[drawn[..., 3] > 0, :3], axis=0).tolist()
    assert sorted(found) == sorted(near)  # up to 200 m, and up to 400 m
    window.state.set(colour_by=ColourBy("walk", "canteen", "min"))
    assert not scale._steps.isHidden()
    assert scale._steps.ends() == ("0", "1000 m")


def test_a_service_in_the_hand_shows_where_it_would_gain_until_it_is_let_go(
    qtbot: QtBot, window: Window
) -> None:
    """What lies on the ground is what the service would cover there that nothing else does."""
    assert window.document is not None
    district, standard = window.document.session.district, window.document.standard
    services = district.services
    canteen = next(
        int(i) for i, t in zip(services.ids, services["types"], strict=True) if t == "canteen"
    )
    alone = gain_field(
        apply_edit(district, RemoveService(canteen)),
        next(r for r in standard.requirements if "canteen" in r.service_types),
        "canteen",
    )
    window.state.set(selected=("services", canteen))
    window.state.set(held=canteen)

    def lies(kind: str) -> bool:
        field = window.state.seen.field
        return field is not None and field.kind == kind

    qtbot.waitUntil(lambda: lies("gain"), timeout=PATIENCE_MS)
    field = window.state.seen.field
    assert field is not None
    assert field.maximum == np.nanmax(alone)
    assert window.stage.legend._field._words.text() == text("legend.field_carried")
    window.state.set(held=-1)
    qtbot.waitUntil(lambda: lies("reach"), timeout=PATIENCE_MS)
