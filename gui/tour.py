"""The first-run tour: five steps on the sample, each done by doing it; never in the way.

Its words are about the sample: on another project it opens the sample first, and offers the way
back at its end.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from gui.files import SAMPLE
from gui.panels.parts import IconButton, TextButton, column, fit_height, row, set_tone
from twin.language import text

if TYPE_CHECKING:
    from pathlib import Path

    from gui.window import Window

STEPS = ("look", "need", "take", "place", "report")
"""Turn the view; open a requirement; take a canteen in hand; place it; write the report."""
WIDTH_PX = 320
_AFTER = ("look", "need", "take", "place")
"""Steps that end by themselves when they have been done."""


class Tour(QObject):
    """Shows one step after the other; it watches what the person does and goes on by itself."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.card: TourCard | None = None
        self.step = -1
        self._awaited = False
        self._came_from: Path | None = None
        window.state.changed.connect(self._on_state)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        return {"tour": self.begin}

    def offer(self) -> None:
        """Begin on the sample where it was asked for, or at the first start.

        What nobody asks for never comes again once it was seen or skipped.
        """
        if self._awaited or (not self._window.settings.toured and self.step < 0):
            self.begin()

    def begin(self) -> None:
        """Begin at the first step, once the sample is shown."""
        document = self._window.document
        if document is not None and document.inputs == SAMPLE:
            self._start()
            return

        def wait() -> None:  # asked now: what had no file may have been saved before it was left
            self._came_from = document.project.path if document is not None else None
            self._awaited = True

        self._window.filing.open_sample(wait)

    def follow_document(self) -> None:
        """Put the card away where another project takes the sample's place."""
        document = self._window.document
        self._awaited, self._came_from = False, None
        if self.step >= 0 and document is not None and document.inputs != SAMPLE:
            self._put_away()

    def _start(self) -> None:
        self._awaited = False
        if self.card is None:
            self.card = TourCard(self._window.stage)
            self.card.next_asked.connect(lambda: self._go_to(self.step + 1))
            self.card.left.connect(self.end)
            self._window.stage.guests.append(self.card)
            self._window.stage.corner_cards.append(self.card)
        self._go_to(0)

    def end(self) -> None:
        """Put the card away, for good, and offer the way back to the project that was open."""
        self._window.settings.toured = True
        self._put_away()
        path, self._came_from = self._came_from, None
        if path is not None:
            back = partial(self._window.filing.open_paths, [path])
            words = text("tour.came_from", name=path.name)
            self._window.stage.messages.say(words, "done", [("tour.back", back)])

    def _put_away(self) -> None:
        self.step = -1
        if self.card is not None:
            self.card.hide()
            self._window.stage.place()

    def done(self, what: str) -> None:
        """Note that the person did something; the step that asks for it is over then."""
        if 0 <= self.step < len(STEPS) and STEPS[self.step] == what:
            self._go_to(self.step + 1)

    def retranslate(self) -> None:
        """Say the step in the language in use."""
        if self.card is not None and self.step >= 0:
            self.card.show_step(self.step)
            self._place()

    def _go_to(self, step: int) -> None:
        if step >= len(STEPS):
            self.end()
            return
        self.step = step
        assert self.card is not None
        self.card.show_step(step)
        self.card.show()
        self._place()

    def _place(self) -> None:
        if self.card is not None:
            fit_height(self.card, WIDTH_PX)
            self._window.stage.place()

    def _on_state(self, names: frozenset[str]) -> None:
        seen = self._window.state.seen
        if "requirement" in names and seen.requirement and not seen.armed:
            self.done("need")
        if "armed" in names and seen.armed:
            self.done("take")


class TourCard(QFrame):
    """One step in words, and the ways on and out.

    Signals
    -------
    next_asked(), left()
    """

    next_asked = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tour")
        self.setFixedWidth(WIDTH_PX)
        layout = column(self, margin=16, gap=8)
        top = row(gap=8)
        self._count = QLabel()
        set_tone(self._count, "soft")
        top.addWidget(self._count, 1)
        top.addWidget(IconButton("close", "tour.skip", self.left.emit))
        layout.addLayout(top)
        self.title, self.words = QLabel(), QLabel()
        self.title.setProperty("weight", "bold")
        for label in (self.title, self.words):
            label.setWordWrap(True)
            layout.addWidget(label)
        ways = row(gap=8)
        ways.addWidget(TextButton("tour.skip", self.left.emit, kind="link"))
        ways.addStretch(1)
        self.next = TextButton("tour.next", self.next_asked.emit, kind="primary")
        ways.addWidget(self.next)
        layout.addLayout(ways)
        self.hide()

    def show_step(self, step: int) -> None:
        """Say a step."""
        name = STEPS[step]
        self._count.setText(text("tour.count", number=step + 1, count=len(STEPS)))
        self.title.setText(text(f"tour.{name}_title"))
        self.words.setText(text(f"tour.{name}"))
        last = step == len(STEPS) - 1
        self.next.setText(text("tour.finish" if last else "tour.next"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
