"""The window on screens of 100 to 250 %: sharp, and as much of it as on a coarse one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.gui.conftest import run_apart

_LOOK = """
import json, sys, time
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel
from gui import app as application
from gui.settings import Settings
from gui.window import Window
app, settings = application.application(), Settings()
settings.toured, settings.language = True, sys.argv[1]
application.dress(app, settings)
window = Window(settings)
window.resize(1280, 800)
window.show()
window.begin(None)
view = lambda: window.stage.viewport
there = lambda: window.document and window.document.current and view() and view().isVisible()
while not (there() and window.score._rows._rows):
    app.processEvents()
until = time.monotonic() + 0.5  # what the style sheet makes of it comes a moment later
while time.monotonic() < until:
    app.processEvents()
picture = view().picture()
labels = [w for w in window.findChildren(QLabel) if w.isVisible() and not w.wordWrap()]
parts = (window.header, window.left, window.stage, window.right, window.footer)
places = [w.mapTo(window, QPoint()).toTuple() + w.size().toTuple() for w in parts]
print(json.dumps({
    "ratio": window.devicePixelRatioF(),
    "view": view().size().toTuple(),
    "picture": picture.size().toTuple(),
    "window": window.grab().size().toTuple(),
    "places": places,
    "cut": [w.text() for w in labels
            if w.fontMetrics().horizontalAdvance(w.text()) > w.width() + 1],
}))
window.filing.give_up()
window.close()
"""


def look(tmp_path: Path, ratio: float, language: str) -> dict[str, object]:
    """Return what a window of the program shows, on a screen with so many pixels to a unit."""
    said = run_apart(_LOOK, language, home=tmp_path, QT_SCALE_FACTOR=str(ratio))
    return json.loads(said.splitlines()[-1])


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_fine_screen_shows_the_same_with_more_pixels(tmp_path, language):
    plain = look(tmp_path, 1.0, language)
    assert plain["cut"] == []
    for ratio in (1.25, 2.5):
        fine = look(tmp_path, ratio, language)
        assert fine["ratio"] == ratio
        assert fine["cut"] == [], ratio
        wide, tall = fine["view"]
        assert fine["picture"] == pytest.approx([wide * ratio, tall * ratio], abs=1.0)
        assert fine["window"] == pytest.approx([1280 * ratio, 800 * ratio], abs=1.0)
        for place, before in zip(fine["places"], plain["places"], strict=True):
            assert place == pytest.approx(before, abs=2.0)
