"""A window on the sample district, driven as a user would."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from gui import app, files
from gui.files import Loaded
from gui.garbage import OneThread
from gui.settings import FOLDER_VARIABLE, Settings
from gui.side_by_side.board import Board
from gui.window import Window
from layers.reader import Reader
from tests.conftest import ROOT
from tests.gui.desk import Desk
from twin.language import add_catalogue
from twin.model.edits import RemoveService

PATIENCE_MS = 60_000
PATIENCE_APART_S = 180
RADIUS_M = 400.0
Left = Qt.MouseButton.LeftButton


def run_apart(script: str, *arguments: str, home: Path, **environment: str) -> str:
    """Run a script of the window in a process of its own, offscreen, and return what it says."""
    own = {"QT_QPA_PLATFORM": "offscreen", FOLDER_VARIABLE: str(home)} | environment
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=os.environ | own,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_APART_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    made = app.application()
    if made.platformName() == "xcb":
        Desk(made)
    return made


@pytest.fixture(scope="session")
def whole_sample() -> Loaded:
    """The sample as it is read from its files."""
    add_catalogue(Path(app.__file__).parent / "texts")
    return files.load(files.SAMPLE, Reader)(lambda _done: None)


@pytest.fixture(scope="session")
def loaded_sample(whole_sample: Loaded) -> Loaded:
    """The middle of the sample, made once: a project is a value, so windows can share it."""
    import shapely

    from twin.model.tables import Table

    district = whole_sample.project.district
    middle = district.boundary.geometry[0].centroid
    for table in district.tables().values():
        if len(table):
            near = shapely.dwithin(table.geometry, middle, 2 * RADIUS_M)
            district = district.with_table(table.take(near))
    study = shapely.intersection(district.boundary.geometry[0], middle.buffer(RADIUS_M))
    district = district.with_table(Table("boundary", [1], [study], {}))
    project = replace(whole_sample.project, district=district)
    return Loaded(project, whole_sample.inputs)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of settings and state that belongs to the test."""
    folder = tmp_path / "home"
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    settings = Settings()
    settings.language, settings.theme, settings.toured = "en", "light", True
    return folder


@pytest.fixture
def quick_sample(loaded_sample: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the sample opened from memory; every other file is read."""
    read = files.load

    def load(paths, *rest):
        return (lambda _: loaded_sample) if tuple(paths) == files.SAMPLE else read(paths, *rest)

    monkeypatch.setattr(files, "load", load)


@pytest.fixture
def open_window(qtbot: QtBot, home: Path) -> Iterator[Callable[..., Window]]:
    """Open windows as the application does; they are closed, unsaved work discarded."""
    looking = OneThread(QApplication.instance())
    opened: list[Window] = []

    def open_one(project: Path | None = None, size: tuple[int, int] = (1280, 800)) -> Window:
        settings = Settings()
        app.dress(QApplication.instance(), settings)
        window = Window(settings)
        window.resize(*size)
        window.show()
        opened.append(window)
        window.begin(project)
        return window

    yield open_one
    for window in opened:
        if isValid(window):  # a test may have closed it itself
            close(window)
    looking.end()
    looking.deleteLater()


@pytest.fixture
def window(qtbot: QtBot, quick_sample: None, open_window: Callable[..., Window]) -> Window:
    """A window on the sample with its first figures."""
    opened = open_window()
    wait_for_figures(qtbot, opened)
    return opened


def close(window: Window) -> None:
    """Close a window, giving up unsaved work."""
    window.filing.give_up()
    window.close()
    QApplication.processEvents()
    assert window.stage.viewport is None  # the graphics context went with the window
    window.deleteLater()


def wait_for_figures(qtbot: QtBot, window: Window) -> None:
    """Wait until the figures are those of the district that is shown."""

    def there() -> bool:
        document, jobs = window.document, window.jobs
        view = window.stage.viewport
        drawn = view is not None and not view.isHidden() and not jobs.busy("meshes")
        return document is not None and document.current and drawn and not jobs.busy("load")

    qtbot.waitUntil(there, timeout=PATIENCE_MS)


def click(widget: QWidget, at: QPoint | None = None) -> None:
    """Click with the left button."""
    QTest.mouseClick(widget, Left, Qt.KeyboardModifier.NoModifier, at or widget.rect().center())


def choose(box: QComboBox, value: object) -> None:
    """Go with the arrow keys to what is wanted; what lies on the way is chosen, too."""
    box.setFocus()
    wanted = box.findData(value)
    assert wanted >= 0, value
    for _ in range(box.count()):
        if box.currentIndex() == wanted:
            return
        QTest.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < wanted else Qt.Key.Key_Up)
    raise AssertionError(value)


def point_at(widget: QWidget, at: QPoint) -> None:
    """Move the pointer to a place; it comes from elsewhere, for Qt tells nothing of standing still.

    The pause is longer than the one that the view makes between two looks at what it hovers over.
    """
    for place in (at + QPoint(9, 7), at):
        QTest.mouseMove(widget, place)
        QTest.qWait(50)


def pixel_of(window: Window, x: float, y: float) -> QPoint:
    """Return where a place of the ground is seen in the viewport."""
    import numpy as np

    scene = window.stage.viewport.scene
    z = scene.height(np.array([[x, y]]))[0]
    pixels, _ = scene.project(np.array([[x, y, z]]))
    return QPoint(*(int(v) for v in np.round(pixels[0])))


def open_place(window: Window) -> QPoint:
    """Return a pixel where the ground lies open: nothing is picked there."""
    view = window.stage.viewport
    for y in range(view.height() // 3, view.height() - 200, 7):
        for x in range(view.width() // 4, view.width() * 3 // 4, 7):
            pick = view.pick_at(x, y)
            if pick.feature is None and pick.x == pick.x:
                return QPoint(x, y)
    raise AssertionError("no open ground in the view")


@pytest.fixture
def planned(qtbot: QtBot, window: Window) -> Window:
    """A window with a scenario in which a service that people need is gone."""
    assert window.document is not None
    assessment = window.document.assessment
    assert assessment is not None
    result = max(assessment.results, key=lambda r: r.share if 0 < r.share < 1 else 0)
    used = result.service_id[result.covered_mask]
    service = int(np.bincount(used[used >= 0]).argmax())
    window.document.do("history.remove", RemoveService(service))
    wait_for_figures(qtbot, window)
    window.state.set(requirement=result.requirement.id)
    return window


def opened(qtbot: QtBot, window: Window) -> Board:
    """Set the scenarios of a window side by side; return the board they stand on."""
    QTest.keyClick(window.stage, Qt.Key.Key_C)
    wait_for_sides(qtbot, window)
    return window.beside.board


def wait_for_sides(qtbot: QtBot, window: Window) -> None:
    """Wait until every side shows its figures."""

    def there() -> bool:
        board = window.beside.board
        return bool(board.sides) and not board.updating and not window.jobs.busy("beside")

    qtbot.waitUntil(there, timeout=30_000)
