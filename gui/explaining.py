"""Keeps the account that the score panel shows true to the district that is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.background import Progress

if TYPE_CHECKING:
    from gui.window import Window
    from twin.accounts.account import Account, Line
    from twin.assessment.assess import Assessment
    from twin.subject import Subject


class Explaining(QObject):
    """Makes the account of ``state.seen.subject`` in the background, anew after each edit."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._state = window.state
        self._drawn: Subject | None = None
        window.state.changed.connect(self._on_state)
        window.score.page.left.connect(self.leave)
        window.score.page.followed.connect(self._follow)

    def ask(self, subject: Subject) -> None:
        """Give an account of a subject."""
        self._state.set(subject=subject)

    def leave(self) -> None:
        """Show the rows again."""
        if self._state.seen.subject is not None:
            self._state.set(subject=None, route=None)
            self._window.score.take_focus()

    def refresh(self) -> None:
        """Make the account of the district as it is shown now."""
        subject, document = self._state.seen.subject, self._window.document
        assessment = document.assessment if document else None
        if subject is None or assessment is None:
            self._window.jobs.cancel("account")
            return
        self._window.score.page.say_updating(True)
        self._window.jobs.start(
            "account",
            _work(assessment, subject),
            lambda made: self._take(subject, made),
            self._missing,
            let_finish=True,
        )

    def _take(self, subject: Subject, made: Account) -> None:
        if subject != self._state.seen.subject:
            return
        self._window.score.page.show_account(made)
        document = self._window.document
        if document is not None and not document.current:
            self._window.score.page.say_updating(True)
        if made.route is not None:
            self._state.set(route=made.route)
            self._show_once(subject, made)
        self._drawn = subject

    def _show_once(self, subject: Subject, made: Account) -> None:
        """Fly to the way of an account that is new; an edit under the hand moves no camera."""
        viewport = self._window.stage.viewport
        if viewport is not None and made.route is not None and subject != self._drawn:
            viewport.show_line(made.route.line)

    def _missing(self, error: BaseException) -> None:
        """Go back to the rows where the edit took away what the account was of."""
        if isinstance(error, KeyError):
            self.leave()
        else:
            self._window.say_error(error)

    def _follow(self, line: Line) -> None:
        viewport = self._window.stage.viewport
        if line.place is not None:
            self._state.set(selected=line.place)
            if viewport is not None:
                viewport.go_to(*line.place)
        if line.subject is not None:
            self.ask(line.subject)

    def _on_state(self, names: frozenset[str]) -> None:
        if "subject" in names:
            if self._state.seen.subject is None:
                self._drawn = None
            self.refresh()


def _work(assessment: Assessment, subject: Subject) -> Callable[[Progress], Account]:
    def work(progress: Progress) -> Account:
        from twin.accounts import account

        progress(0.0)
        return account(assessment, subject)

    return work
