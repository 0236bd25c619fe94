"""What every test stands on: no display, repeatable examples, one language, nothing left behind."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything loads Qt
# Settings, journals and kept values of these tests alone: nothing of an earlier run is taken up.
os.environ["RENEWAL_TWIN_HOME"] = tempfile.mkdtemp(prefix="renewal-twin-tests-")

import hypothesis
import pytest

from twin.language import set_language

ROOT = Path(__file__).resolve().parent.parent
_DRAWS = (ROOT / "tests" / "gui", ROOT / "tests" / "scene")
_PATIENCE_S = 3.0
"""How long a thread may take to end once the test that started it has."""

hypothesis.settings.register_profile(
    "short", max_examples=25, deadline=None, derandomize=True, database=None
)
hypothesis.settings.register_profile("long", max_examples=500, deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    """Draw few and always the same examples in the short tier, many and new ones in the long."""
    hypothesis.settings.load_profile("long" if config.option.markexpr == "long" else "short")


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(os.environ["RENEWAL_TWIN_HOME"], ignore_errors=True)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data that RENEWAL_TWIN_TEST_DATA names; skips where it names none."""
    named = os.environ.get("RENEWAL_TWIN_TEST_DATA")
    if not named:
        pytest.skip("RENEWAL_TWIN_TEST_DATA names no folder of real data")
    folder = Path(named)
    if not folder.is_dir():
        pytest.fail(f"RENEWAL_TWIN_TEST_DATA names {named}, which is no folder")
    return folder


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    until = time.monotonic() + _PATIENCE_S
    while (left := _own_threads() - before) and time.monotonic() < until:
        time.sleep(0.01)
    assert not left, f"threads left running: {sorted(thread.name for thread in left)}"


@pytest.fixture(autouse=True)
def _nothing_drawn_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a widget, a running timer, a busy worker or a VTK object."""
    if not any(folder in request.path.parents for folder in _DRAWS):
        yield
        return
    before = {id(thing) for thing in _drawn_things()}
    yield
    _let_qt_delete()
    gc.collect()  # what held itself goes; before the test it would only be told apart, at a cost
    left = [thing for thing in _drawn_things() if id(thing) not in before]
    described = sorted({f"{type(thing).__module__}.{type(thing).__name__}" for thing in left})
    left.clear()
    assert not described, f"left behind: {described}"


def _own_threads() -> set[threading.Thread]:
    """Return the threads that Python started; Qt's pool keeps its own for the next job."""
    return {t for t in threading.enumerate() if not isinstance(t, threading._DummyThread)}


def _drawn_things() -> list[Any]:
    """Return the live widgets without a parent, the running timers and the VTK objects."""
    things: list[Any] = []
    widgets = sys.modules.get("PySide6.QtWidgets")
    core = sys.modules.get("PySide6.QtCore")
    vtk = sys.modules.get("vtkmodules.vtkCommonCore")
    if widgets is not None and widgets.QApplication.instance() is not None:
        things += widgets.QApplication.topLevelWidgets()
    for thing in gc.get_objects():
        if (vtk is not None and isinstance(thing, vtk.vtkObjectBase)) or (
            core is not None and type(thing) is core.QTimer and _runs(thing)
        ):
            things.append(thing)
    return things


def _runs(timer: Any) -> bool:
    from shiboken6 import isValid

    return isValid(timer) and bool(timer.isActive())


def _let_qt_delete() -> None:
    """Let Qt's pool finish and the event loop delete what was told to go."""
    core = sys.modules.get("PySide6.QtCore")
    if core is None or core.QCoreApplication.instance() is None:
        return
    assert core.QThreadPool.globalInstance().waitForDone(int(_PATIENCE_S * 1000)), (
        "a worker of Qt's pool still runs"
    )
    for _ in range(3):
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
        core.QCoreApplication.processEvents()
