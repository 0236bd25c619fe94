"""What this is, which versions it runs on, where its log lies."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QWidget

from gui.panels.parts import TextButton, column, fact_row, row, set_tone
from gui.settings import state_folder
from twin.language import text

PARTS = ("renewal-twin", "PySide6-Essentials", "vtk", "geopandas", "shapely", "numba", "numpy")


def show_about(parent: QWidget) -> QDialog:
    """Show the box beside the window."""
    box = QDialog(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(text("about.title"))
    box.setMinimumWidth(480)
    layout = column(box, margin=24, gap=8)
    name = QLabel(text("app.name"))
    name.setProperty("figure", "true")
    layout.addWidget(name)
    what = QLabel(text("about.what"))
    what.setWordWrap(True)
    set_tone(what, "soft")
    layout.addWidget(what)
    layout.addSpacing(8)
    layout.addWidget(fact_row("Python", platform.python_version()))
    for part in PARTS:
        layout.addWidget(fact_row(part, _version(part)))
    layout.addWidget(fact_row(text("about.log"), str(state_folder() / "log.txt")))
    layout.addSpacing(8)
    last = row(gap=8)
    last.addStretch(1)
    last.addWidget(TextButton("dialog.close", box.close))
    layout.addLayout(last)
    box.show()
    return box


def _version(part: str) -> str:
    try:
        return version(part)
    except PackageNotFoundError:
        return "–"
