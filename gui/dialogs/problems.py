"""The list of what importing and assessing found, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QLabel, QListWidget, QListWidgetItem, QWidget

from gui import icons, theme
from gui.panels.parts import TextButton, column, row, set_tone
from layers.problems import Severity
from twin.language import text

if TYPE_CHECKING:
    from layers.problems import Problem

_ICONS = {
    Severity.ERROR: ("close", "error"),
    Severity.WARNING: ("warning", "warning"),
    Severity.REPAIRED: ("check", "ink_soft"),
    Severity.INFO: ("info", "ink_soft"),
}
"""Icon and colour by severity; the worst first."""


class ProblemList(QDialog):
    """A window that stays beside the work; its words can be copied."""

    def __init__(self, parent: QWidget, problems: Sequence[Problem]) -> None:
        super().__init__(parent)
        from twin.findings import sentence

        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("problems.title"))
        self.resize(720, 560)
        layout = column(self, margin=16, gap=16)
        note = QLabel(text("problems.note" if problems else "problems.none"))
        note.setWordWrap(True)
        set_tone(note, "soft")
        layout.addWidget(note)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(text("problems.title"))
        ranks = list(_ICONS)
        for problem in sorted(problems, key=lambda p: ranks.index(p.severity)):
            name, tone = _ICONS[problem.severity]
            ratio = self.devicePixelRatioF()
            picture = icons.pixmap(name, getattr(theme.tokens(), tone), 20, ratio)
            self.list.addItem(QListWidgetItem(QIcon(picture), sentence(problem)))
        layout.addWidget(self.list, 1)
        last = row(gap=8)
        last.addStretch(1)
        last.addWidget(TextButton("dialog.close", self.close))
        layout.addLayout(last)


def show_problems(parent: QWidget, problems: Sequence[Problem]) -> ProblemList:
    """Show the list beside the window."""
    shown = ProblemList(parent, problems)
    shown.show()
    return shown
