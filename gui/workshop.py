"""Workshop mode: the district on a projector, in large type, with a story, a timer and polls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication

from twin.language import text

if TYPE_CHECKING:
    from gui.ballot import Ballot
    from gui.dialogs.story import StoryEditor
    from gui.presentation import Presentation
    from gui.window import Window
    from gui.workshop_desk import Desk


@dataclass(frozen=True)
class Poll:
    """What was asked of the room in a scenario, and how many held up a hand for each answer."""

    scenario: str
    question: str
    votes: Mapping[str, int]
    at: str


def polls_to_json(polls: Sequence[Poll]) -> list[dict[str, Any]]:
    """Return polls as a project keeps them among its settings."""
    return [{**asdict(poll), "votes": dict(poll.votes)} for poll in polls]


def polls_from_json(values: object) -> tuple[Poll, ...]:
    """Return the polls that a project keeps; what is none is passed over."""
    found: list[Poll] = []
    for value in values if isinstance(values, list) else ():
        try:
            votes = {str(k): int(v) for k, v in value["votes"].items()}
            words = [str(value[name]) for name in ("scenario", "question", "at")]
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
        found.append(Poll(words[0], words[1], votes, words[2]))
    return tuple(found)


def room_screen(own: QScreen, screens: Sequence[QScreen]) -> QScreen:
    """Return the screen that the room looks at: the largest other one, else the work's own."""

    def pixels(screen: QScreen) -> float:
        size = screen.geometry()
        return size.width() * size.height() * screen.devicePixelRatio() ** 2

    return max((screen for screen in screens if screen != own), key=pixels, default=own)


def _application() -> QGuiApplication:
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    return app


class Workshop(QObject):
    """Opens the presentation on the second screen, or over this one, and closes it again."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.shown: Presentation | None = None
        self.editor: StoryEditor | None = None
        self.desk: Desk | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        return {"workshop": self.toggle, "story": self.edit_story}

    def toggle(self) -> None:
        """Begin the presentation, or return from it."""
        if self.shown is not None:
            self.close()
            return
        window = self._window
        if window.document is None or window.stage.viewport is None:
            return
        from gui.presentation import Presentation

        shown = Presentation(window.document, window.stage)
        shown.left.connect(self.close)
        shown.polled.connect(self._keep)
        self.shown = shown
        self._stand(QGuiApplication.screens())
        app = _application()
        app.screenAdded.connect(self._on_screen)
        app.screenRemoved.connect(self._on_screen_gone)
        shown.activateWindow()
        shown.begin()

    def _stand(self, screens: Sequence[QScreen]) -> None:
        """Fill the room's screen; on one of its own the room's view follows the work's."""
        shown, own, viewport = self.shown, self._window.screen(), self._window.stage.viewport
        if shown is None or viewport is None:
            return
        screen = room_screen(own, screens)
        shown.follow(viewport if screen != own else None)
        self._give_desk(screen != own)
        shown.setScreen(screen)
        shown.setGeometry(screen.geometry())
        shown.showFullScreen()

    def _give_desk(self, given: bool) -> None:
        """Have the work's window do what the room only sees; on one screen the room's does it."""
        if self.shown is None or given == (self.desk is not None):
            return
        self.shown.give_desk(given)
        if given:
            from gui.workshop_desk import Desk

            self.desk = Desk(self.shown, self.close)
            self._window.add_strip(self.desk)
        elif self.desk is not None:
            self.desk.deleteLater()
            self.desk = None

    def _on_screen(self, _screen: QScreen) -> None:
        self._stand(QGuiApplication.screens())

    def _on_screen_gone(self, gone: QScreen) -> None:
        """Come over to a screen that is left; the room loses nothing of what it has said."""
        self._stand([screen for screen in QGuiApplication.screens() if screen != gone])

    def close(self) -> None:
        """Return to the work."""
        if self.shown is not None:
            self.settle()
            self._give_desk(False)
            shown, self.shown = self.shown, None
            app = _application()
            app.screenAdded.disconnect(self._on_screen)
            app.screenRemoved.disconnect(self._on_screen_gone)
            shown.end()
            shown.close()
            shown.deleteLater()
            self._window.activateWindow()
            self._window.stage.take_focus()

    def settle(self) -> None:
        """Record the hands that are being counted, for whoever leaves loses none in silence."""
        if self.shown is not None:
            self.shown.end_poll()

    def refresh(self) -> None:
        """Show what the document says now."""
        if self.shown is not None:
            self.shown.refresh()

    def retranslate(self) -> None:
        """Say all anew to the room, whose screen is a window of its own."""
        if self.shown is not None:
            QApplication.sendEvent(self.shown, QEvent(QEvent.Type.LanguageChange))

    def edit_story(self) -> None:
        """Name the kept views and write what is told at each."""
        if self._window.document is None:
            return
        from gui.dialogs.story import StoryEditor

        if self.editor is None:
            self.editor = StoryEditor(self._window)
            self.editor.finished.connect(self._forget_editor)
        self.editor.show()
        self.editor.raise_()
        self.editor.activateWindow()

    def follow_views(self) -> None:
        """Show the views that are kept now, to who writes the story and to the room."""
        if self.editor is not None:
            self.editor.refresh()
        if self.shown is not None:
            self.shown.follow_story()

    def _forget_editor(self) -> None:
        self.editor = None

    def _keep(self, question: str, votes: Mapping[str, int], ballot: Ballot) -> None:
        document = self._window.document
        if document is None:
            return
        at = datetime.now().astimezone().isoformat(timespec="minutes")
        poll = Poll(document.session.scenario, question, dict(votes), at)
        document.note(polls=(*document.polls, poll))
        words = text("workshop.kept", question=question)
        go_on = partial(self._count_on, poll, ballot)
        self._window.stage.messages.say(words, "done", [("workshop.count_on", go_on)])
        if self.shown is not None:
            self.shown.say_recorded(words, votes)

    def _count_on(self, poll: Poll, ballot: Ballot) -> None:
        """Take a poll back from those that are recorded and go on with it in the room."""
        document = self._window.document
        if document is None or poll not in document.polls:
            return
        if self.shown is None:
            self.toggle()
        if self.shown is not None:
            self.settle()
            document.note(polls=tuple(one for one in document.polls if one is not poll))
            self.shown.take_ballot(ballot)
