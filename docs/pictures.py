"""Pictures of the whole window, made anew: for the guide, and for an eye that judges its looks.

    python3 run.py pictures              the guide's: both languages, light, 100 %
    python3 run.py pictures --all        every window, also dark, 150, 200 and 250 %, into
                                         out/pictures/

A process for each language, theme and scale opens the sample off screen and is led through the
scenes of picture_scenes.py. The guide's pictures go to docs/guide/pictures/<language>/ with few
enough colours to be small.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QApplication

    from gui.window import Window

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "guide" / "pictures"
OUT = ROOT / "out" / "pictures"
SHORT = {"zh_CN": "zh", "en": "en"}


def play(app: QApplication, window: Window, folder: Path, every: bool) -> None:
    """Lead a window through the guide's scenes, or every one, and take a picture of each."""
    from picture_scenes import GUIDE as OF_GUIDE
    from picture_scenes import MORE, Led
    from PySide6.QtGui import QImage

    folder.mkdir(parents=True, exist_ok=True)
    led = Led(app, window)
    for name, scene in {**OF_GUIDE, **(MORE if every else {})}.items():
        shown = scene(led) or window
        led.wait(0.6)
        taken = shown if isinstance(shown, QImage) else shown.grab().toImage()
        if every:
            taken.save(str(folder / f"{name}.png"))
        else:
            write_small(taken, folder / f"{name}.png")
        if shown is not window and not isinstance(shown, QImage):
            shown.close()


def write_small(picture: QImage, path: Path) -> None:
    """Write a picture with the 256 colours that suit it best, a third of the size in a file."""
    import io

    from PIL import Image

    from gui.files import png

    whole = Image.open(io.BytesIO(png(picture))).convert("RGB")
    # An octree keeps the few saturated pixels of the glyphs; the mean of a box would lose them.
    few = whole.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def make_one(language: str, theme: str, folder: Path, every: bool) -> None:
    """Make the pictures of one language and theme, in this process."""
    sys.path.insert(0, str(ROOT))
    os.environ["RENEWAL_TWIN_HOME"] = tempfile.mkdtemp()
    from picture_scenes import WINDOW_PX

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
    window.resize(*WINDOW_PX)
    window.show()
    window.begin(None)
    play(app, window, folder, every)
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
        make_one(options.one[0], options.one[1], Path(options.one[2]), options.all)
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
            ("zh_CN", "dark", 2.5, OUT / "zh-dark-250"),
            ("en", "dark", 2.5, OUT / "en-dark-250"),
        ]
    for language, theme, scale, folder in kinds:
        every = ["--all"] if folder.is_relative_to(OUT) else []
        own = {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
        command = [sys.executable, __file__, "--one", language, theme, str(folder), *every]
        done = subprocess.run(command, env={**os.environ, **own}, check=False)
        if done.returncode:
            return done.returncode
        print(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
