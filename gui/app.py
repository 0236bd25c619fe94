"""The application: Qt set up, the window shown, errors that nobody caught reported."""

from __future__ import annotations

import logging
import platform
import sys
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.dialogs.about import version_of
from gui.garbage import OneThread
from gui.icons import program_icon
from gui.own_tables import begin_tables
from gui.settings import APP, Settings, state_folder
from gui.window import Window
from twin.ahead import compiling
from twin.language import Language, add_catalogue, set_language

LOG = logging.getLogger("renewal_twin")
LOG_BYTES = 1_000_000
HANDOVER_S = 0.001
"""How long a worker may hold the interpreter while the window's thread waits for it; Python's own
5 ms, several times in a frame, can be felt under the hand."""


def run(project_path: Path | None = None, spoken: Language | None = None) -> int:
    """Open the window and return the exit status when it is closed.

    Parameters
    ----------
    project_path
        Project to open; the last one, else the sample district, where None.
    spoken
        Language of this run; the kept one, else the system's, where None.
    """
    sys.setswitchinterval(HANDOVER_S)
    app = application()
    looking = OneThread(app)
    settings = Settings(spoken=spoken)
    dress(app, settings)
    refused = begin_tables(settings)
    write_log(state_folder())
    window = Window(settings)
    report_to(window)
    window.show()
    app.processEvents()  # the window is seen before anything heavy begins
    compiling.warm_aside()
    window.begin(project_path)
    window.tables.say_refused(refused)
    try:
        return app.exec()
    finally:
        sys.excepthook = sys.__excepthook__
        window.deleteLater()
        looking.end()
        looking.deleteLater()


def application() -> QApplication:
    """Return the process's application, made where there is none yet."""
    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    QCoreApplication.setApplicationName(APP)
    QGuiApplication.setDesktopFileName(APP)
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    return QApplication([APP])


def dress(app: QApplication, settings: Settings) -> None:
    """Give the application its style, fonts, language and colours."""
    add_catalogue(Path(__file__).parent / "texts")
    set_language(settings.language)
    app.setStyle("Fusion")
    theme.install_fonts(app)
    theme.apply_theme(app, settings.theme)
    app.setWindowIcon(program_icon())


def write_log(folder: Path) -> None:
    """Write what happens to a file that the user can send; what this runs on goes first."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        folder / "log.txt", maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    LOG.info("started: %s", ", ".join(told_first()))


def told_first() -> list[str]:
    """Return what the log begins with: the program's version and what it runs on."""
    python, qt = f"Python {platform.python_version()}", f"Qt {qVersion()}"
    shown_by = QGuiApplication.platformName()
    return [f"renewal-twin {version_of('renewal-twin')}", platform.platform(), python, qt, shown_by]


def report_to(window: Window) -> None:
    """Have errors that nobody caught logged and said in the window, instead of ending it."""

    def report(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        LOG.error("uncaught", exc_info=(kind, error, trace))
        sys.__excepthook__(kind, error, trace)
        if threading.current_thread() is threading.main_thread():
            window.say_error(error)

    sys.excepthook = report
