"""Opening and closing for long: nothing is left and memory stays flat."""

from __future__ import annotations

import gc
import os
import threading
import weakref
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import app, garbage
from gui.settings import Settings
from gui.window import Window
from tests.gui.conftest import PATIENCE_MS, close, wait_for_figures

CYCLES, WARM = 50, 10
MOST_GROWTH_MB = 0.6
"""By cycle, over those after the first; a window that was kept would be tens of megabytes."""


def memory_mb() -> float:
    """Return the memory that the process holds."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def vtk_objects() -> int:
    """Return how many VTK objects live."""
    from vtkmodules.vtkCommonCore import vtkObjectBase

    gc.collect()
    return sum(isinstance(thing, vtkObjectBase) for thing in gc.get_objects())


def open_and_close(qtbot: QtBot) -> None:
    """Open the sample as the application does, and close it again."""
    settings = Settings()
    app.dress(QApplication.instance(), settings)
    window = Window(settings)
    window.resize(1280, 800)
    window.show()
    window.begin(None)
    wait_for_figures(qtbot, window)
    close(window)


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_fifty_windows_leave_nothing_behind(qtbot, quick_sample, home):
    held: list[float] = []
    threads, drawn = threading.active_count(), 0
    for cycle in range(CYCLES):
        open_and_close(qtbot)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()
        gc.collect()
        if cycle == WARM:
            threads, drawn = threading.active_count(), vtk_objects()
        held.append(memory_mb())
    assert threading.active_count() <= threads
    assert vtk_objects() <= drawn
    growth = np.polyfit(np.arange(WARM, CYCLES), held[WARM:], 1)[0]
    assert growth < MOST_GROWTH_MB, held


def test_what_lives_as_long_as_the_district_is_passed_over_until_it_is_closed(qtbot, window):
    """A search in the middle of a drag would find nothing and take a tenth of a second."""
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0, timeout=PATIENCE_MS)
    assert not any(thing is window.document for thing in gc.get_objects())
    close(window)
    assert gc.get_freeze_count() == 0


def test_garbage_is_found_in_the_windows_thread_whoever_asks_for_memory(qtbot, monkeypatch):
    """A worker that deletes a widget or a VTK object ends the program."""
    monkeypatch.setattr(garbage, "OPENING_S", 0.0)

    class Knot:
        def __init__(self):
            self.itself = self

    looking = garbage.OneThread(window := QObject())
    found_in = []
    knot = Knot()
    weakref.finalize(knot, lambda: found_in.append(threading.current_thread()))
    del knot
    try:
        asked: list[list[int]] = []  # for as much memory as makes a look due
        worker = threading.Thread(target=lambda: asked.extend([] for _ in range(100_000)))
        worker.start()
        worker.join()
        assert not found_in
        qtbot.waitUntil(lambda: len(found_in) > 0, timeout=PATIENCE_MS)
        assert found_in == [threading.main_thread()]
    finally:
        looking.end()
        window.deleteLater()
    assert gc.isenabled()


def test_looks_wait_while_a_window_opens_and_those_through_everything_longer(qtbot, monkeypatch):
    """They would take a tenth of a second in which all threads wait, and find next to nothing."""
    looks, asked = [], []

    def get_count():
        asked.append(None)
        return (10**6, 10**6, 10**6)

    monkeypatch.setattr(gc, "get_count", get_count)
    monkeypatch.setattr(gc, "collect", lambda generation=2: looks.append(generation))
    monkeypatch.setattr(garbage, "LOOKS_MS", 1)
    looking = garbage.OneThread(window := QObject())
    try:
        qtbot.waitUntil(lambda: len(asked) > 5, timeout=PATIENCE_MS)
        assert not looks
        monkeypatch.setattr(garbage, "OPENING_S", 0.0)
        qtbot.waitUntil(lambda: len(looks) > 2, timeout=PATIENCE_MS)
        assert set(looks) == {1}
        monkeypatch.setattr(garbage, "WHOLE_S", 0.0)
        qtbot.waitUntil(lambda: 2 in looks, timeout=PATIENCE_MS)
    finally:
        looking.end()
        window.deleteLater()


def test_what_another_district_replaced_is_found_once_nobody_works(qtbot, monkeypatch):
    """Until then nobody waits for the search; a thing that holds itself goes by it alone."""

    class Knot:
        def __init__(self):
            self.itself = self

    monkeypatch.setattr(garbage, "REST_MS", 5)
    asked, at_rest = [], []

    def at_work():
        asked.append(None)
        return "still" if at_rest else len(asked)

    aside = garbage.SetAside(window := QObject(), at_work)
    knot = Knot()
    seen = weakref.ref(knot)
    aside.take()
    del knot
    aside.owe()
    try:
        qtbot.waitUntil(lambda: len(asked) > 3, timeout=PATIENCE_MS)
        assert seen() is not None  # somebody works
        at_rest.append(True)
        qtbot.waitUntil(lambda: seen() is None, timeout=PATIENCE_MS)
        assert gc.get_freeze_count() > 0  # and what lives on is passed over again
    finally:
        aside.give_back()
        window.deleteLater()
