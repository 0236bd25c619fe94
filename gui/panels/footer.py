"""The line at the foot: what goes on and how to stop it, where the pointer is, problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QWidget

from gui.background import Jobs
from gui.panels.parts import TextButton, row, set_tone
from layers.problems import Severity
from twin.language import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.problems import Problem

PATIENCE_MS = 500
"""Work that ends sooner shows no progress: it would only flicker."""
SILENT = (
    "preview",
    "ready",
    "journal",
    "hold",
    "catchment",
    "field",
    "minutes",
    "listen",
    "find",
    "measure",
    "prepare",
    "thumbnail",
    "guide",
)
"""Slots that work under the hand or beside it and never show."""


class Footer(QWidget):
    """Signals: `problems_asked` when the count of problems is pressed."""

    problems_asked = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self.setObjectName("footer")
        self.setFixedHeight(32)
        self._jobs = jobs
        self._slot = ""
        self._hint_key = ""
        layout = row(self, gap=8)
        layout.setContentsMargins(16, 0, 8, 0)
        self._hint = QLabel()
        set_tone(self._hint, "soft")
        layout.addWidget(self._hint, 1)
        self._work = QLabel()
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._stop = TextButton("footer.stop", lambda: jobs.cancel(self._slot), kind="quiet")
        for widget in (self._work, self._bar, self._stop):
            layout.addWidget(widget)
            widget.hide()
        self._place = QLabel()
        self._place.setMinimumWidth(208)
        self._crs = QLabel()
        for label in (self._place, self._crs):
            set_tone(label, "soft")
            layout.addWidget(label)
        self._problems = TextButton("footer.no_problems", self.problems_asked.emit, kind="quiet")
        self._problems.hide()  # until a district is there to have any
        layout.addWidget(self._problems)
        self._count = (0, 0)
        self._needs = 0
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(self._show_work)
        jobs.begun.connect(self._on_begun)
        jobs.advanced.connect(self._on_advanced)
        jobs.ended.connect(self._on_ended)

    def hint(self, key: str) -> None:
        """Say what the tool in hand does; "" for nothing."""
        self._hint_key = key
        self._hint.setText(text(key) if key else "")

    def show_place(self, x: float, y: float) -> None:
        """Show where the pointer is, in the district's CRS; NaN clears it."""
        self._place.setText("" if x != x else text("footer.place", x=f"{x:,.1f}", y=f"{y:,.1f}"))

    def show_crs(self, words: str) -> None:
        """Show the name of the CRS."""
        self._crs.setText(words)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show how many problems need a look."""
        bad = sum(p.severity in (Severity.WARNING, Severity.ERROR) for p in problems)
        self._count = (len(problems), bad)
        self._needs = sum(p.severity is Severity.ERROR for p in problems)
        self._say_problems()
        self._problems.show()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.hint(self._hint_key)
            QTimer.singleShot(0, self, self._say_problems)
            if self._slot:
                self._work.setText(text(f"work.{self._slot}"))

    def _say_problems(self) -> None:
        found, bad = self._count
        if self._needs:
            words = text("footer.needs_a_person", count=bad, needs=self._needs)
        elif bad:
            words = text("footer.problems", count=bad)
        elif found:
            words = text("footer.notes", count=found)
        else:
            words = text("footer.no_problems")
        self._problems.setText(words)
        set_tone(self._problems, "error" if self._needs else "")

    def _on_begun(self, slot: str) -> None:
        if slot not in SILENT and not self._slot:
            self._slot = slot
            self._bar.setRange(0, 0)
            self._wait.start(PATIENCE_MS)

    def _on_advanced(self, slot: str, fraction: float) -> None:
        if slot == self._slot:
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(fraction * 1000))

    def _on_ended(self, slot: str) -> None:
        if slot != self._slot:
            return
        self._wait.stop()
        self._slot = ""
        self._work.clear()
        for widget in (self._work, self._bar, self._stop):
            widget.hide()
        others = [s for s in self._jobs.slots if s not in SILENT]
        if others:
            self._on_begun(others[0])

    def _show_work(self) -> None:
        self._work.setText(text(f"work.{self._slot}"))
        for widget in (self._work, self._bar, self._stop):
            widget.show()
