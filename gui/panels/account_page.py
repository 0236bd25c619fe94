"""The account of a figure in the place of the score panel's rows, with a way back."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QWidget

from gui import theme
from gui.panels.parts import IconButton, Scrolled, clear, column, row, set_tone
from twin.language import text

if TYPE_CHECKING:
    from twin.accounts.account import Account, Line

_LINKS = (
    Qt.TextInteractionFlag.TextSelectableByMouse
    | Qt.TextInteractionFlag.LinksAccessibleByMouse
    | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
)


class AccountPage(QWidget):
    """Shows one account; lines about a place or another figure are links.

    Signals
    -------
    left()
        The user wants the rows back.
    followed(line)
        A line's link was followed.
    """

    left = Signal()
    followed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        layout = column(self)
        head = row(gap=4)
        head.setContentsMargins(8, 8, 16, 0)
        self._back = IconButton("back", "account.back", self.left.emit)
        head.addWidget(self._back, 0, Qt.AlignmentFlag.AlignTop)
        self._title = QLabel()
        self._title.setWordWrap(True)
        self._title.setProperty("weight", "bold")
        self._title.setMinimumHeight(32)
        head.addWidget(self._title, 1)
        self._updating = QLabel()
        set_tone(self._updating, "soft")
        head.addWidget(self._updating)
        layout.addLayout(head)
        self._room = Scrolled()
        self._room.column.setContentsMargins(16, 0, 16, 16)
        self._room.column.setSpacing(4)
        layout.addWidget(self._room, 1)
        self._lines: list[QLabel] = []

    @property
    def words(self) -> list[str]:
        """Everything that the page says now, in order."""
        said = [self._title.text(), *(str(label.property("words")) for label in self._lines)]
        return [words for words in said if words]

    def say_updating(self, updating: bool) -> None:
        """Say that the account is not of what is shown now, or no more."""
        self._updating.setText(text("score.updating") if updating else "")

    def show_account(self, made: Account) -> None:
        """Show an account in the place of the one before."""
        clear(self._room.column)
        self._lines = []
        self._title.setText(made.title)
        if made.figure:
            self._say(made.figure, figure="true")
        if made.verdict:
            self._say(made.verdict)
        for part in made.parts:
            self._room.column.addSpacing(12)
            self._say(part.title, weight="bold")
            for line in part.lines:
                self._link(line)
        self._room.column.addStretch(1)
        self._room.settle()
        self._room.verticalScrollBar().setValue(0)
        self.say_updating(False)

    def take_focus(self) -> None:
        """Put the keyboard on the way back."""
        self._back.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back on Left, Backspace and Escape."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Backspace, Qt.Key.Key_Escape):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _say(self, words: str, **properties: str) -> QLabel:
        label = QLabel(words)
        label.setWordWrap(True)
        label.setProperty("words", words)
        for name, value in properties.items():
            label.setProperty(name, value)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._room.column.addWidget(label)
        self._lines.append(label)
        return label

    def _link(self, line: Line) -> None:
        if line.place is None and line.subject is None:
            self._say(line.words, tone="soft")
            return
        label = self._say(line.words, rich="true")
        ink = theme.colour("accent").name()
        label.setText(
            f'<a href="#" style="color:{ink};text-decoration:none">{escape(line.words)}</a>'
        )
        label.setTextInteractionFlags(_LINKS)
        label.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        label.linkActivated.connect(lambda _href: self.followed.emit(line))
