"""The scenes that the window is led through for its pictures, one after the other.

Those of `GUIDE` are in the user guide; `MORE` follow them for the eye that judges every window.
A scene returns what is to be seen where that is not the main window.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton

from twin.language import text

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QApplication, QWidget

    from gui.window import Window

    Shown = QWidget | QImage | None

PATIENCE_S = 120.0
WINDOW_PX = (1280, 800)
SMALL_PX = (960, 600)
"""A laptop's screen of 1920 x 1200 at 200 %."""
ROOM_PX = (1920, 1080)
SMALL_ROOM_PX = (853, 533)
"""A projector of 1280 x 800 at 150 %."""
_LEFT, _NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Led:
    """A window and the hand that leads it."""

    def __init__(self, app: QApplication, window: Window) -> None:
        self._app, self.window = app, window
        self.held: list[object] = []
        """What a scene leaves in the air until its picture is taken."""

    def wait(self, seconds: float = 0.0) -> None:
        """Let the window work for a while, and until nothing is under way."""
        began = time.monotonic()
        while True:
            self._app.processEvents()
            time.sleep(0.005)
            document, gone = self.window.document, time.monotonic() - began
            ready = document is not None and document.current and not self.window.jobs.slots
            if gone > PATIENCE_S or (gone > seconds and ready and self.window.stage.viewport):
                return

    def hush(self) -> None:
        """Take away the messages of scenes before."""
        messages = self.window.stage.messages
        for message in messages.shown:
            messages.drop(message)

    def near(self, radius_m: float) -> None:
        """Look at the middle of the district."""
        viewport, document = self.window.stage.viewport, self.window.document
        assert viewport is not None
        assert document is not None
        middle = document.session.district.boundary.geometry[0].centroid
        viewport.zoom_to(middle.x, middle.y, radius_m)
        self.wait(1.0)

    def point(self, x: int, y: int, click: bool = False) -> None:
        """Move the pointer over the view, and click where asked."""
        view = self.window.stage.viewport
        for place in (QPoint(x + 9, y + 7), QPoint(x, y)):
            QTest.mouseMove(view, place)
            self.wait(0.1)
        if click:
            QTest.mouseClick(view, _LEFT, _NO_KEYS, QPoint(x, y))

    def draw(self, *places: tuple[int, int]) -> None:
        """Drag along places, and stay on the last with the button down."""
        view = self.window.stage.viewport
        for number, place in enumerate(places):
            if number:
                QTest.mouseMove(view, QPoint(*place))
            else:
                QTest.mousePress(view, _LEFT, _NO_KEYS, QPoint(*place))
            self.wait(0.05)

    def press(self, part: QWidget, words: str) -> None:
        """Press the button of a part of the window that says so."""
        button = next(b for b in part.findChildren(QPushButton) if b.text() == words)
        button.click()
        self.wait(0.3)

    def choose(self, part: QWidget, named: str, value: str) -> None:
        """Choose in the chooser of a part of the window that is called so."""
        box = next(b for b in part.findChildren(QComboBox) if b.accessibleName() == named)
        box.setCurrentIndex(box.findData(value))
        box.activated.emit(box.currentIndex())

    def best_place(self) -> tuple[int, int]:
        """Return the pixel, of some, where a canteen would cover most people more."""
        found: dict[tuple[int, int], float] = {}
        for place in ((330, 230), (420, 300), (250, 320), (480, 420), (390, 480)):
            document = self.window.document
            assert document is not None
            before = document.preview
            self.point(*place)
            for _ in range(20):  # until the figures are those of this place
                self.wait(0.25)
                if document.preview is not None and document.preview is not before:
                    break
            if document.preview is not None:
                found[place] = document.preview.assessment.result("canteen").covered
        return max(found, key=lambda place: found[place], default=(330, 330))

    @contextmanager
    def sized(self, size: tuple[int, int]) -> Iterator[None]:
        """Have the window so large for a while."""
        self.window.resize(*size)
        self.wait(0.5)
        yield
        self.window.resize(*WINDOW_PX)
        self.wait(0.5)


# -- the guide's ------------------------------------------------------------------------------


def _begin(led: Led) -> Shown:
    led.wait(1.0)
    return None


def _need(led: Led) -> Shown:
    led.window.score.requirement_chosen.emit("canteen")
    return None


def _place(led: Led) -> Shown:
    led.near(420.0)
    led.window.hand.arm("canteen")
    led.point(*led.best_place())
    return None


def _placed(led: Led) -> Shown:
    led.point(*led.best_place(), click=True)
    led.wait(0.5)
    return None


def _draw(led: Led) -> Shown:
    led.hush()
    led.window.state.set(selected=None, plan=True)
    led.near(150.0)
    led.window.hand.take("path")
    led.point(200, 250, click=True)
    led.point(330, 330, click=True)
    led.point(470, 300)
    return None


def _measure(led: Led) -> Shown:
    led.window.hand.take("measure")
    led.point(200, 250, click=True)
    led.point(470, 400, click=True)
    led.wait(0.5)
    return None


def _commands(led: Led) -> Shown:
    window = led.window
    window.hand.take("select")
    window.state.set(plan=False)
    led.wait(1.5)  # until the view has stopped turning
    window.commands.open()
    window.commands.chooser.field.setText("cl" if window.settings.language == "en" else "sq")
    return None


def _table(led: Led) -> Shown:
    led.window.commands.chooser.hide()
    led.window.tabling.toggle()
    panel = led.window.tabling.panel
    assert panel is not None
    panel.show_role("buildings")
    panel.field.setText("storeys > 6, use = residential")
    led.wait(0.8)
    panel.view.selectRow(1)
    return None


def _settings(led: Led) -> Shown:
    led.window.tabling.close()
    led.window.keeping.show_settings()
    return led.window.keeping.dialog


def _keys(led: Led) -> Shown:
    led.window.keeping.show_cheat_sheet()
    return led.window.keeping.dialog


def _workshop(led: Led) -> Shown:
    return _room(led, ROOM_PX)


def _room(led: Led, size: tuple[int, int]) -> Shown:
    window = led.window
    window.state.set(selected=None)
    led.near(420.0)
    if window.document is not None and not window.document.views:
        window.views.keep()
    window.workshop.toggle()
    shown = window.workshop.shown
    assert shown is not None
    shown.showNormal()
    shown.resize(*size)
    shown.question.setText(text("workshop.question"))
    for answer, count in {"yes": 14, "no": 3, "unsure": 2}.items():
        for _ in range(count):
            shown.vote(answer)
    shown.go_to(0)
    led.wait(1.0)
    return shown


def _beside(led: Led) -> Shown:
    led.hush()
    led.window.workshop.close()
    led.window.state.set(requirement="canteen", selected=None)
    led.near(420.0)
    led.window.beside.toggle()
    led.wait(1.0)
    board = led.window.beside.board
    assert board is not None
    board.choose_look("difference")
    led.wait(1.0)
    return None


# -- more -------------------------------------------------------------------------------------


def _beside_circle(led: Led) -> Shown:
    board = led.window.beside.board
    assert board is not None
    board.choose_look("state")
    led.choose(board, text("beside.requirement"), "")
    led.wait(1.0)
    return None


def _beside_loss(led: Led) -> Shown:
    """Compare the other way round, which shows what would be lost."""
    board = led.window.beside.board
    assert board is not None
    led.choose(board, text("beside.requirement"), "canteen")
    board.scenarios.reverse()
    board.choose_look("difference")
    led.wait(1.0)
    return None


def _explained(led: Led) -> Shown:
    from twin.subject import Subject

    led.window.beside.close()
    led.window.explaining.ask(Subject("requirement", "canteen"))
    led.wait(1.0)
    return None


def _groups(led: Led) -> Shown:
    led.window.explaining.leave()
    led.window.state.set(requirement="")
    led.press(led.window.score, text("score.groups"))
    return None


def _compared(led: Led) -> Shown:
    led.press(led.window.score, text("score.requirements"))
    led.window.dashboard.toggle()
    led.wait(1.0)
    return None


def _communities(led: Led) -> Shown:
    return _page(led, "communities")


def _walks(led: Led) -> Shown:
    return _page(led, "walks")


def _worst(led: Led) -> Shown:
    return _page(led, "worst")


def _capacity(led: Led) -> Shown:
    return _page(led, "capacity")


def _indicators(led: Led) -> Shown:
    return _page(led, "indicators")


def _page(led: Led, name: str) -> Shown:
    drawer = led.window.dashboard.drawer
    assert drawer is not None
    drawer.page_of(name)
    led.wait(1.5)
    return None


def _building(led: Led) -> Shown:
    window = led.window
    window.dashboard.toggle()
    document = window.document
    assert document is not None
    homes = document.session.district.buildings
    middle = document.session.district.boundary.geometry[0].centroid
    lived_in = homes.take(homes["residents"] > 100)
    nearest = int(shapely.distance(lived_in.geometry, middle).argmin())
    window.state.set(selected=("buildings", int(lived_in.ids[nearest])))
    window.hand.zoom()
    led.wait(1.0)
    return None


def _storeys(led: Led) -> Shown:
    window = led.window
    document = window.document
    assert document is not None
    within = [r.requirement.id for r in document.assessment.results if r.requirement.unit == "min"]
    window.score.requirement_chosen.emit(within[0])
    window.score.stairs_chosen.emit(True)
    led.wait(1.0)
    shown = window.stage.what_is_shown()
    assert shown is not None
    district, _view, colours, _meshes = shown
    assert colours.storeys_within is not None
    tallest = int(np.nan_to_num(colours.storeys_within).argmax())
    at = district.buildings.geometry[tallest].centroid
    assert window.stage.viewport is not None
    window.stage.viewport.zoom_to(at.x, at.y, 90.0)
    led.wait(1.0)
    return None


def _sun(led: Led) -> Shown:
    led.window.state.set(selected=None)
    led.window.score.requirement_chosen.emit("canteen")
    led.near(300.0)
    led.window.actions_.by_name["sun"].trigger()
    led.wait(2.0)
    return None


def _lasso(led: Led) -> Shown:
    led.window.sun.close_card()
    led.window.hand.take("lasso")
    led.near(200.0)
    led.draw((200, 200), (300, 180), (430, 210), (480, 330), (430, 450), (330, 470), (240, 380))
    return None


def _many(led: Led) -> Shown:
    QTest.mouseRelease(led.window.stage.viewport, _LEFT, _NO_KEYS, QPoint(240, 380))
    led.wait(0.5)
    led.window.hand.take("select")
    return None


def _history(led: Led) -> Shown:
    led.window.state.set(selected=None)
    led.window.history.toggle()
    return None


def _when(led: Led) -> Shown:
    led.window.history.close()
    led.window.looking.toggle()
    return None


def _menu(led: Led) -> Shown:
    led.window.looking.close()
    menu = led.window.actions_.part("view")
    menu.popup(led.window.mapToGlobal(QPoint(60, 60)))
    return menu


def _report_done(led: Led) -> Shown:
    led.window.actions_.part("view").close()
    led.window.handing_over.write_report(Path(tempfile.mkdtemp()) / "report.pdf")
    led.wait(2.0)
    return None


def _error(led: Led) -> Shown:
    led.hush()
    folder = Path(tempfile.mkdtemp()) / "archive"
    folder.mkdir()
    led.window.filing.save_to(folder)  # a folder stands where the file is to be
    led.wait(1.0)
    return None


def _tour(led: Led) -> Shown:
    led.hush()
    led.window.tour.begin()
    return None


def _import(led: Led) -> Shown:
    led.window.tour.end()
    led.window.filing.give_up()
    led.window.filing.open_paths([_layers()])
    led.wait(3.0)
    return led.window.filing.preview


def _layers() -> Path:
    """Return a folder with two layers of the sample as an office would send them."""
    import geopandas as gpd

    sample = Path(__file__).resolve().parent.parent / "sample_data" / "district.gpkg"
    folder = Path(tempfile.mkdtemp()) / "幸福里"
    folder.mkdir()
    homes = gpd.read_file(sample, layer="buildings")
    homes = homes.rename(columns={"storeys": "层数", "residents": "常住人口"})
    homes.to_file(folder / "图层1.shp", encoding="GB18030")
    gpd.read_file(sample, layer="streets").to_file(folder / "道路.gpkg")
    return folder


def _problems(led: Led) -> Shown:
    from gui.dialogs.problems import ProblemsPanel

    led.window.actions_.by_name["problems"].trigger()
    return led.window.findChild(ProblemsPanel)


def _tables(led: Led) -> Shown:
    led.window.tables.show()
    return led.window.tables.dialog


def _catalogue(led: Led) -> Shown:
    return led.window.ledger.show_catalogue()


def _recent(led: Led) -> Shown:
    led.window.keeping.show_recent()
    return led.window.keeping.dialog


def _about(led: Led) -> Shown:
    from gui.dialogs.about import show_about

    return show_about(led.window)


def _guide(led: Led) -> Shown:
    from gui.dialogs.guide import show_guide

    return show_guide(led.window)


def _story(led: Led) -> Shown:
    led.window.workshop.edit_story()
    return led.window.workshop.editor


def _shortcuts(led: Led) -> Shown:
    led.window.keeping.show_settings()
    dialog = led.window.keeping.dialog
    assert dialog is not None
    led.press(dialog, text("settings.keys"))
    return dialog


def _map(led: Led) -> Shown:
    made: list[QImage] = []
    led.near(420.0)
    led.window.stage.draw_map(made.append)
    began = time.monotonic()
    while not made and time.monotonic() - began < PATIENCE_S:
        led.wait(0.2)
    return made[0]


def _small(led: Led) -> Shown:
    with led.sized(SMALL_PX):
        led.window.score.requirement_chosen.emit("canteen")
        led.near(420.0)
        return led.window.grab().toImage()


def _small_placing(led: Led) -> Shown:
    with led.sized(SMALL_PX):
        led.window.hand.arm("canteen")
        led.wait(1.0)
        led.point(300, 200)
        led.wait(0.5)
        taken = led.window.grab().toImage()
        led.window.hand.arm("")
        return taken


def _small_room(led: Led) -> Shown:
    return _room(led, SMALL_ROOM_PX)


def _other_standard(led: Led) -> Shown:
    """Score by a standard that asks for much that was not surveyed."""
    led.window.workshop.close()
    document = led.window.document
    assert document is not None
    led.window.choose_standard("complete-community-2020")
    led.wait(1.0)
    return None


def _kerb(led: Led) -> Shown:
    """Choose a crossing with a raised kerb, which can be lowered from its page."""
    from twin.model.edits import ChangeStreet

    window, document = led.window, led.window.document
    assert document is not None
    window.score.stairs_chosen.emit(False)
    streets = document.session.district.streets
    middle = document.session.district.boundary.geometry[0].centroid
    crossings = streets.take(streets["kind"] == "crossing")
    chosen = int(crossings.ids[int(shapely.distance(crossings.geometry, middle).argmin())])
    document.do("history.kerb", ChangeStreet(chosen, {"kerb": "raised"}))
    led.wait(1.0)
    window.state.set(selected=("streets", chosen))
    window.hand.zoom()
    led.wait(1.5)
    return None


GUIDE: Mapping[str, Callable[[Led], Shown]] = {
    "1-window": _begin,
    "2-requirement": _need,
    "3-place": _place,
    "4-placed": _placed,
    "5-draw": _draw,
    "6-measure": _measure,
    "7-commands": _commands,
    "8-table": _table,
    "9-settings": _settings,
    "10-keys": _keys,
    "11-workshop": _workshop,
    "12-beside": _beside,
}
MORE: Mapping[str, Callable[[Led], Shown]] = {
    "13-beside-circle": _beside_circle,
    "14-beside-loss": _beside_loss,
    "15-explained": _explained,
    "16-groups": _groups,
    "17-compared": _compared,
    "18-communities": _communities,
    "19-walks": _walks,
    "20-worst": _worst,
    "21-capacity": _capacity,
    "22-indicators": _indicators,
    "23-building": _building,
    "24-sun": _sun,
    "25-lasso": _lasso,
    "26-many": _many,
    "27-history": _history,
    "28-when": _when,
    "29-menu": _menu,
    "30-report-done": _report_done,
    "31-error": _error,
    "32-tour": _tour,
    "33-import": _import,
    "34-problems": _problems,
    "35-tables": _tables,
    "36-catalogue": _catalogue,
    "37-recent": _recent,
    "38-about": _about,
    "39-story": _story,
    "40-shortcuts": _shortcuts,
    "41-map": _map,
    "42-small": _small,
    "43-small-placing": _small_placing,
    "44-small-room": _small_room,
    "45-other-standard": _other_standard,
    "46-storeys": _storeys,
    "47-kerb": _kerb,
    "48-guide": _guide,
}
