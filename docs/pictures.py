"""Pictures of the whole window, made anew: for the guide, and for an eye that judges its looks.

    python3 run.py pictures              the guide's: both languages, light, 100 %
    python3 run.py pictures --all        also dark, 150, 200 and 250 %, into out/pictures/

A process for each language, theme and scale opens the sample off screen and is led through the
scenes below. The guide's pictures go to docs/guide/pictures/<language>/ with few enough colours to
be small.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QApplication, QWidget

    from gui.window import Window

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "guide" / "pictures"
OUT = ROOT / "out" / "pictures"
SIZE = (1280, 800)
PATIENCE_S = 120.0
SHORT = {"zh_CN": "zh", "en": "en"}


class Album:
    """One window, led from scene to scene, and a picture of each."""

    def __init__(self, app: QApplication, window: Window, folder: Path) -> None:
        self._app, self._window, self._folder = app, window, folder
        folder.mkdir(parents=True, exist_ok=True)

    def make(self) -> None:
        """Play all scenes."""
        for name, scene in SCENES.items():
            shown = scene(self, self._window) or self._window
            self.wait(0.6)
            write_small(shown.grab().toImage(), self._folder / f"{name}.png")
            if shown is not self._window:
                shown.close()

    def wait(self, seconds: float = 0.0) -> None:
        """Let the window work for a while, and until nothing is under way."""
        began = time.monotonic()
        while True:
            self._app.processEvents()
            time.sleep(0.005)
            document, gone = self._window.document, time.monotonic() - began
            ready = document is not None and document.current and not self._window.jobs.slots
            if gone > PATIENCE_S or (gone > seconds and ready and self._window.stage.viewport):
                return

    def near(self, radius_m: float) -> None:
        """Look at the middle of the district."""
        viewport, document = self._window.stage.viewport, self._window.document
        assert viewport is not None
        assert document is not None
        middle = document.session.district.boundary.geometry[0].centroid
        viewport.zoom_to(middle.x, middle.y, radius_m)
        self.wait(1.0)

    def point(self, x: int, y: int, click: bool = False) -> None:
        """Move the pointer over the view, and click where asked."""
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        view = self._window.stage.viewport
        for place in (QPoint(x + 9, y + 7), QPoint(x, y)):
            QTest.mouseMove(view, place)
            self.wait(0.1)
        if click:
            none = Qt.KeyboardModifier.NoModifier
            QTest.mouseClick(view, Qt.MouseButton.LeftButton, none, QPoint(x, y))


def _begin(album: Album, _window: Window) -> None:
    album.wait(1.0)


def _need(_album: Album, window: Window) -> None:
    window.score.requirement_chosen.emit("canteen")


def _place(album: Album, window: Window) -> None:
    album.near(420.0)
    window.hand.arm("canteen")
    album.point(*_best_place(album, window))


def _placed(album: Album, window: Window) -> None:
    album.point(*_best_place(album, window), click=True)
    album.wait(0.5)


def _best_place(album: Album, window: Window) -> tuple[int, int]:
    """Return the pixel, of some, where a canteen would cover most people more."""
    found: dict[tuple[int, int], float] = {}
    for place in ((330, 230), (420, 300), (250, 320), (480, 420), (390, 480)):
        album.point(*place)
        album.wait(0.4)
        document = window.document
        assert document is not None
        preview = document.preview
        if preview is not None:
            found[place] = preview.assessment.result("canteen").covered
    return max(found, key=lambda place: found[place], default=(330, 330))


def _draw(album: Album, window: Window) -> None:
    window.state.set(selected=None, plan=True)
    album.near(150.0)
    window.hand.take("path")
    album.point(200, 250, click=True)
    album.point(330, 330, click=True)
    album.point(470, 300)


def _measure(album: Album, window: Window) -> None:
    window.hand.take("measure")
    album.point(200, 250, click=True)
    album.point(470, 400, click=True)
    album.wait(0.5)


def _commands(album: Album, window: Window) -> None:
    window.hand.take("select")
    window.state.set(plan=False)
    album.wait(1.5)  # until the view has stopped turning
    window.commands.open()
    window.commands.chooser.field.setText("cl" if window.settings.language == "en" else "sq")


def _table(album: Album, window: Window) -> None:
    window.commands.chooser.hide()
    window.tabling.toggle()
    panel = window.tabling.panel
    assert panel is not None
    panel.show_role("buildings")
    panel.field.setText("storeys > 6, use = residential")
    album.wait(0.8)
    panel.view.selectRow(1)


def _settings(_album: Album, window: Window) -> QWidget:
    window.tabling.close()
    window.keeping.show_settings()
    assert window.keeping.dialog is not None
    return window.keeping.dialog


def _keys(_album: Album, window: Window) -> QWidget:
    window.keeping.show_cheat_sheet()
    assert window.keeping.dialog is not None
    return window.keeping.dialog


def _workshop(album: Album, window: Window) -> QWidget:
    from twin.language import text

    window.state.set(selected=None)
    album.near(420.0)
    window.views.keep()
    window.workshop.toggle()
    shown = window.workshop.shown
    assert shown is not None
    shown.showNormal()
    shown.resize(1920, 1080)
    shown.question.setText(text("workshop.question"))
    for answer, count in {"yes": 14, "no": 3, "unsure": 2}.items():
        shown.votes[answer] = count - 1
        shown.vote(answer)
    shown.go_to(0)
    album.wait(1.0)
    return shown


def _beside(album: Album, window: Window) -> None:
    window.state.set(requirement="canteen", selected=None)
    album.near(420.0)
    window.beside.toggle()
    album.wait(1.0)
    board = window.beside.board
    assert board is not None
    board.choose_look("difference")
    album.wait(9.0)  # until the message of what was placed has passed


SCENES: Mapping[str, Callable[[Album, Window], QWidget | None]] = {
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


def write_small(picture: QImage, path: Path) -> None:
    """Write a picture with the 256 colours that suit it best, a third of the size in a file."""
    import io

    from PIL import Image

    from gui.files import png

    whole = Image.open(io.BytesIO(png(picture))).convert("RGB")
    # An octree keeps the few saturated pixels of the glyphs; the mean of a box would lose them.
    few = whole.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def make_one(language: str, theme: str, folder: Path) -> None:
    """Make the pictures of one language and theme, in this process."""
    sys.path.insert(0, str(ROOT))
    os.environ["RENEWAL_TWIN_HOME"] = tempfile.mkdtemp()
    from gui import app as application
    from gui.settings import Settings
    from gui.window import Window
    from twin.language import LANGUAGES

    app, settings = application.application(), Settings()
    settings.language = next(known for known in LANGUAGES if known == language)
    settings.theme = "dark" if theme == "dark" else "light"
    settings.toured = True
    application.dress(app, settings)
    window = Window(settings)
    window.resize(*SIZE)
    window.show()
    window.begin(None)
    Album(app, window, folder).make()
    window.filing.give_up()
    window.close()
    os._exit(0)


def main() -> int:
    """Make every picture that was asked for; return the status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="dark, 150, 200 and 250 % as well")
    parser.add_argument("--one", nargs=3, metavar=("LANGUAGE", "THEME", "FOLDER"))
    options = parser.parse_args()
    if options.one:
        make_one(options.one[0], options.one[1], Path(options.one[2]))
    kinds = [(code, "light", 1.0, GUIDE / short) for code, short in SHORT.items()]
    if options.all:
        kinds += [
            (code, theme, scale, OUT / f"{short}-{theme}-{round(100 * scale)}")
            for code, short in SHORT.items()
            for theme in ("light", "dark")
            for scale in (1.0, 2.0)
        ]
        kinds += [
            ("zh_CN", "light", 1.5, OUT / "zh-light-150"),
            ("en", "dark", 2.5, OUT / "en-dark-250"),
        ]
    for language, theme, scale, folder in kinds:
        own = {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
        command = [sys.executable, __file__, "--one", language, theme, str(folder)]
        done = subprocess.run(command, env={**os.environ, **own}, check=False)
        if done.returncode:
            return done.returncode
        print(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
