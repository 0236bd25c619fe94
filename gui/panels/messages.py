"""Messages over the view: what was done passes by itself, errors stay and offer a way out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QEvent, QRect, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from gui.panels.parts import column, fit_height, row
from twin.language import text

Kind = Literal["done", "warning", "error"]
PASSES_MS = 5000
KEPT = 4
WIDTH_PX = 480

Way = tuple[str, Callable[[], object]]
"""A way out: the key of its text, and what it does."""


class Messages(QWidget):
    """A stack of messages, newest at the bottom; it lets clicks beside them through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMaximumWidth(WIDTH_PX)
        self._column = column(self, gap=8)
        self._shown: list[Message] = []
        self._place, self._at_foot = QRect(0, 0, WIDTH_PX, 0), False

    @property
    def shown(self) -> tuple[Message, ...]:
        """The messages that stand now, oldest first."""
        return tuple(self._shown)

    def say(
        self, words: str, kind: Kind = "done", ways: Sequence[Way] = (), stays: bool = False
    ) -> Message:
        """Show a message; the same words do not stand twice.

        What `stays` waits to be read, as what ended work that somebody may not have waited for.
        """
        for old in [m for m in self._shown if m.words == words]:
            self.drop(old)
        message = Message(words, kind, ways, self.drop, stays)
        self._shown.append(message)
        self._column.addWidget(message)
        message.show()
        while len(self._shown) > KEPT:
            passing = [m for m in self._shown[:-1] if m.kind == "done"]
            self.drop((passing or self._shown)[0])
        self._fit()
        QTimer.singleShot(0, self, self._fit)  # once more when the style sheet has been applied
        return message

    def change(self, message: Message, words: str) -> None:
        """Have a message that still stands say something else."""
        if message in self._shown:
            message.say(words)
            self._fit()

    def drop_errors(self) -> None:
        """Take away what went wrong in attempts before this one."""
        for old in [m for m in self._shown if m.kind == "error"]:
            self.drop(old)

    def drop(self, message: Message) -> None:
        """Take a message away."""
        if message in self._shown:
            self._shown.remove(message)
            message.hide()
            message.deleteLater()
            self._fit()

    def _fit(self) -> None:
        self.setVisible(bool(self._shown))
        place = self._place
        self.setFixedWidth(min(WIDTH_PX, place.width()))
        self._column.activate()
        fit_height(self, self.width())
        top = place.bottom() + 1 - self.height() if self._at_foot else place.top()
        self.move(place.center().x() - self.width() // 2, top)
        self.raise_()

    def stand(self, place: QRect, at_foot: bool) -> None:
        """Stand in the middle of a part of the parent, at its top or its foot."""
        self._place, self._at_foot = place, at_foot
        self._fit()


class Message(QFrame):
    """One message."""

    def __init__(
        self,
        words: str,
        kind: Kind,
        ways: Sequence[Way],
        drop: Callable[[Message], None],
        stays: bool = False,
    ) -> None:
        super().__init__()
        self.setObjectName("message")
        self.setProperty("kind", kind)
        self.words, self.kind = words, kind
        self._drop = drop
        self._label = QLabel(words)
        layout = row(self, gap=8)
        layout.setContentsMargins(16, 8, 8, 8)
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        layout.addWidget(self._label, 1)
        self.buttons = [self._button(key, action, goes=not stays) for key, action in ways]
        self._passes = kind == "done" and not stays
        if not self._passes:
            self.buttons.append(self._button("message.close", lambda: None, goes=True))
        for button in self.buttons:
            layout.addWidget(button)
        self.setAccessibleName(words)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self._drop(self))
        if self._passes:
            self._timer.start(PASSES_MS + 60 * len(words))

    def say(self, words: str) -> None:
        """Say something else instead, for what was awaited is known now."""
        self.words = words
        self._label.setText(words)
        self.setAccessibleName(words)
        layout = self.layout()
        if layout is not None:
            layout.activate()  # else the stack goes by the height of the words before

    def enterEvent(self, _event: QEnterEvent) -> None:
        """Stay while it is read."""
        self._timer.stop()

    def leaveEvent(self, _event: QEvent) -> None:
        """Pass when it has been read."""
        if self._passes:
            self._timer.start(PASSES_MS)

    def _button(self, key: str, action: Callable[[], object], goes: bool) -> QPushButton:
        button = QPushButton(text(key))

        def press() -> None:
            if goes:
                self._drop(self)
            action()

        button.clicked.connect(press)
        return button
