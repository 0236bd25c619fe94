"""What the speaker does a workshop with while the room has a screen of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton

from gui.ballot import ANSWERS
from gui.panels.parts import IconButton, Rule, TextButton, plain_button, row, set_tone
from twin.language import text

if TYPE_CHECKING:
    from gui.presentation import Presentation

STOP_PX = 176


class Desk(QFrame):
    """A strip at the foot of the work's window: the story, the timer, the poll, and the way back.

    What is asked is seen by the room only when it is entered, or the first hand is counted.
    """

    def __init__(self, shown: Presentation, leave: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("desk")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._shown = shown
        layout = row(self, margin=8, gap=6)
        self.back = IconButton("back", "workshop.back", lambda: shown.go_to(shown.stop - 1))
        self.next = IconButton("forward", "workshop.next", lambda: shown.go_to(shown.stop + 1))
        self._stop = QLabel()
        self._stop.setFixedWidth(STOP_PX)
        set_tone(self._stop, "soft")
        self.timer = plain_button("", shown.toggle_clock)
        self.question = QLineEdit()
        self.question.setMinimumWidth(96)
        self.question.editingFinished.connect(self._ask)
        self.answers: dict[str, QPushButton] = {}
        for answer in ANSWERS:
            self.answers[answer] = plain_button("", partial(self._count, answer))
        self.take_back = IconButton("undo", "workshop.take_back", shown.take_back)
        self.record = TextButton("workshop.record_short", self._record)
        parts = (self.back, self._stop, self.next, self._rule(), self.timer, self._rule())
        for part in (*parts, self.question, *self.answers.values(), self.take_back, self.record):
            layout.addWidget(part, int(part is self.question))
        layout.addWidget(self._rule())
        layout.addWidget(TextButton("workshop.return", leave))
        shown.moved.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say where the workshop stands."""
        shown, ballot = self._shown, self._shown.ballot
        stops = shown.stops
        self.back.setEnabled(bool(stops))
        self.next.setEnabled(bool(stops))
        name = stops[shown.stop].name if 0 <= shown.stop < len(stops) else ""
        words = {"number": shown.stop + 1, "count": len(stops), "name": name}
        told = text("workshop.stop", **words) if name else text("workshop.desk_no_stop")
        metrics = self._stop.fontMetrics()
        self._stop.setText(metrics.elidedText(told, Qt.TextElideMode.ElideRight, STOP_PX))
        self._stop.setToolTip(told)
        self.timer.setText(shown.time_left)
        self.timer.setAccessibleName(f"{text('workshop.timer')} {shown.time_left}")
        self.question.setPlaceholderText(text("workshop.question"))
        self.question.setAccessibleName(text("workshop.question"))
        if not self.question.hasFocus():
            self.question.setText(ballot.question)
        for answer, button in self.answers.items():
            button.setText(f"{text(f'workshop.{answer}')}  {ballot.votes[answer]}")
        self.take_back.setEnabled(bool(ballot.hands))
        self.record.setEnabled(bool(ballot.hands))

    def _ask(self) -> None:
        self._shown.ask(self.question.text())

    def _count(self, answer: str) -> None:
        self._ask()
        self._shown.vote(answer)

    def _record(self) -> None:
        self._ask()
        self._shown.end_poll()
        self.question.clear()

    def _rule(self) -> Rule:
        line = Rule(upright=True)
        line.setFixedHeight(24)
        return line
