"""What this is, which versions it runs on, where its log lies."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel, QWidget

from gui.panels.parts import TextButton, column, fact_row, row, set_tone
from gui.settings import state_folder
from twin.language import text

PARTS = (
    "renewal-twin",
    "PySide6-Essentials",
    "vtk",
    "geopandas",
    "pyogrio",
    "shapely",
    "numba",
    "numpy",
)

SYSTEM = "system"
"""What the platform is called among the versions that are copied."""


class AboutBox(QDialog):
    """Versions that can be copied, and the way to the log."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("about.title"))
        self.setMinimumWidth(480)
        layout = column(self, margin=24, gap=8)
        name = QLabel(text("app.name"))
        name.setProperty("figure", "true")
        layout.addWidget(name)
        what = QLabel(text("about.what"))
        what.setWordWrap(True)
        set_tone(what, "soft")
        layout.addWidget(what)
        layout.addSpacing(8)
        for part, found in versions().items():
            label = text("about.system") if part == SYSTEM else part
            layout.addWidget(fact_row(label, found))
        layout.addWidget(fact_row(text("about.log"), str(log_path())))
        layout.addSpacing(8)
        last = row(gap=8)
        self.copy = TextButton("about.copy", self._copy)
        self.open_log = TextButton("about.open_log", self._open_log)
        last.addWidget(self.copy)
        last.addWidget(self.open_log)
        last.addStretch(1)
        last.addWidget(TextButton("dialog.close", self.close))
        layout.addLayout(last)

    def _copy(self) -> None:
        lines = [f"{part} {found}" for part, found in versions().items()]
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.copy.setText(text("about.copied"))

    def _open_log(self) -> None:
        log_path().parent.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_path().parent)))


def show_about(parent: QWidget) -> AboutBox:
    """Show the box beside the window."""
    box = AboutBox(parent)
    box.show()
    return box


def versions() -> dict[str, str]:
    """Return what this runs on: system, Python and the parts that matter, with their versions."""
    system = {SYSTEM: platform.platform(), "Python": platform.python_version()}
    return system | {part: version_of(part) for part in PARTS}


def log_path() -> Path:
    """Return where the log file lies."""
    return state_folder() / "log.txt"


def version_of(part: str) -> str:
    """Return the version of a part that is installed, a dash where it is not."""
    try:
        return version(part)
    except PackageNotFoundError:
        return "–"
