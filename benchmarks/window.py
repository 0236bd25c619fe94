"""How long a person waits: from the start to a scored sample, and from an edit to its picture.

Run on a screen, or with ``xvfb-run -a -s "-screen 0 1280x800x24"`` before the command. Times are
seconds of the wall from the start of the process, then milliseconds for each of some edits until
the window shows their figures and their picture. The kernels should have been compiled once.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gui.window import Window

STARTED = time.perf_counter()
EDITS = 12


def wait(app: QApplication, done: Callable[[], object], pause_s: float = 0.001) -> float:
    """Let the window work until `done()`; return the seconds since the process began."""
    while not done():
        app.processEvents()
        time.sleep(pause_s)
    return time.perf_counter() - STARTED


def drawn(window: Window) -> bool:
    """Return whether the window shows figures and a picture of the district in hand."""
    document, viewport = window.document, window.stage.viewport
    if document is None or viewport is None or not document.current:
        return False
    shown = viewport._shown  # what the canvas last drew
    return bool(shown) and shown[0] is document.district and not viewport._stale


def main() -> None:
    """Open the sample, place a canteen and move it about."""
    os.environ.setdefault("RENEWAL_TWIN_HOME", tempfile.mkdtemp())
    # Imported here, so that the clock runs while Qt and the window are loaded.
    from gui import app as application
    from gui.garbage import OneThread
    from gui.settings import Settings
    from gui.window import Window

    app = application.application()
    settings = Settings()
    application.dress(app, settings)
    OneThread(app)
    window = Window(settings)
    window.resize(1280, 800)
    window.show()
    app.processEvents()
    print(f"window shown        {time.perf_counter() - STARTED:6.2f} s")
    window.begin(None)
    scored = wait(app, lambda: window.document and window.document.current, 0.02)
    print(f"figures             {scored:6.2f} s")
    print(f"figures and picture {wait(app, lambda: drawn(window), 0.02):6.2f} s")
    from twin.model.edits import MoveService, PlaceService

    document = window.document
    assert document is not None
    middle = document.district.boundary.geometry[0].centroid
    new = document.district.services.next_id()
    document.session.do("history.place", PlaceService(new, ("canteen",), middle.x, middle.y))
    wait(app, lambda: drawn(window))
    took = []
    for step in range(EDITS):
        began = time.perf_counter()
        document.session.do("history.move", MoveService(new, middle.x + 25.0 * step, middle.y))
        took.append(wait(app, lambda: drawn(window)) - (began - STARTED))
    milliseconds = sorted(1000 * seconds for seconds in took)
    print(
        f"edit to its picture {statistics.median(milliseconds):6.0f} ms median,"
        f" {milliseconds[-1]:.0f} ms at most, of {EDITS}"
    )
    os._exit(0)


if __name__ == "__main__":  # the process that reads files beside the window comes by here too
    main()
