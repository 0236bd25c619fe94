"""The projects opened before: their menu, where they lie now, and ways to those that are away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.dialogs.file_dialog import ask_file
from gui.panels.parts import tip
from gui.whereabouts import Whereabouts
from twin.language import text

if TYPE_CHECKING:
    from gui.window import Window


class Recent(QObject):
    """Recent projects of one window.

    Parameters
    ----------
    window
        Its menu lists them, its settings keep them.
    opens
        Opens what it is given.
    """

    def __init__(self, window: Window, opens: Callable[[Sequence[Path]], object]) -> None:
        super().__init__(window)
        self._window, self._opens = window, opens
        self.places = Whereabouts(window.jobs)
        self.places.changed.connect(self._mark)

    def connect_menu(self) -> None:
        """List them in the menu, and ask anew where they are whenever it opens."""
        self._window.actions_.recent.aboutToShow.connect(self.ask)
        self.fill()

    def fill(self) -> None:
        """Fill the menu."""
        menu = self._window.actions_.recent
        menu.clear()
        for path in self._window.settings.recent:
            action = menu.addAction(path.name)
            action.setToolTip(tip(str(path)))
            action.setData(str(path))
            action.triggered.connect(lambda _=False, p=path: self._opens([p]))
        menu.setEnabled(not menu.isEmpty())
        self._mark()
        self.ask()

    def ask(self) -> None:
        """Find out which of them are where they were."""
        self.places.ask(self._window.settings.recent)

    def put_first(self, path: Path) -> None:
        """Put a project that was read or written just now at their head."""
        self._window.settings.add_recent(path)
        self.places.note(path)
        self.fill()

    def say_away(self, path: Path) -> None:
        """Tell that a project is away, with ways to find it or to remove it."""
        words = text("recent.away", name=path.name, folder=path.parent)
        ways = [
            ("recent.look_for", partial(self.ask_where_is, path)),
            ("recent.remove", partial(self.drop, path)),
        ]
        self.ask()
        self._window.stage.messages.say(words, "error", ways)

    def ask_where_is(self, path: Path) -> None:
        """Ask where a project lies now, and open it there."""
        title = text("recent.where_is", name=path.name)
        found = ask_file(self._window, title, self.last_folder(), text("files.projects"))
        if found is not None:
            self._window.settings.move_recent(path, found)
            self.fill()
            self._opens([found])

    def drop(self, path: Path) -> None:
        """Take a project out of them; its file, wherever it is, stays."""
        self._window.settings.drop_recent(path)
        self.fill()

    def last_folder(self) -> str:
        """Return the folder that file dialogs begin in: of the last project that is there."""
        there = filter(self.places.is_there, self._window.settings.recent)
        last = next(there, None)
        return str(last.parent if last else Path.home())

    def _mark(self) -> None:
        """Tell in the menu which are away; they can be asked for still: they may be back by now."""
        for action in self._window.actions_.recent.actions():
            path = Path(str(action.data()))
            away = self.places.is_away(path)
            action.setText(text("recent.away_line", name=path.name) if away else path.name)
