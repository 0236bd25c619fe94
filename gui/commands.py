"""The command palette: every action by name, in either language or by its pinyin."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject

from gui.background import ASIDE
from gui.finding import Entry, Index, index_of_words, make_index, search
from gui.panels.chooser import Chooser
from gui.panels.header import scenario_name
from twin.language import LANGUAGES, Language, language, name_of, text
from twin.model.catalogues import service_types

if TYPE_CHECKING:
    from gui.window import Window


class Commands(QObject):
    """Opens the palette, and does what is chosen in it."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._index = Index()
        self.chooser = Chooser(window)
        self.chooser.typed.connect(self._search)
        self.chooser.chosen.connect(lambda entry: cast(Callable[[], object], entry.value)())

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        return {"commands": self.open}

    def open(self) -> None:
        """Show the palette; what sounds like what is known a moment later."""
        entries = self._entries()
        self._index = index_of_words(entries)
        self.chooser.open_with(text("chooser.command"))
        self._window.jobs.start(
            "listen",
            lambda progress: make_index(entries, progress, ASIDE),
            self._take_index,
            self._window.say_error,
        )

    def _take_index(self, index: Index) -> None:
        self._index = index
        if self.chooser.isVisible():
            self._search(self.chooser.field.text())

    def _search(self, typed: str) -> None:
        self.chooser.show_entries(search(self._index, typed, most=200))

    def _entries(self) -> list[Entry]:
        actions = self._window.actions_
        entries = [
            Entry(
                _plain(action.text()),
                detail=actions.place_of(name),
                value=action.trigger,
                keys=action.shortcut().toString(),
                # Its words may be those for what is selected: its own find it, too.
                aliases=tuple(_plain(text(f"action.{name}", spoken)) for spoken in LANGUAGES),
                enabled=action.isEnabled(),
            )
            for name, action in actions.by_name.items()
            if name != "commands"
        ]
        if self._window.document is None:
            return entries
        return [*entries, *self._services(), *self._scenarios()]

    def _services(self) -> list[Entry]:
        arm = self._window.hand.arm
        return [
            Entry(
                text("chooser.place", name=kind.name),
                detail=kind.family.name,
                value=lambda k=kind.id: arm(k),
                aliases=tuple(
                    text("chooser.place", other, name=name_of(kind.names, other))
                    for other in _others()
                ),
            )
            for kind in service_types().values()
        ]

    def _scenarios(self) -> list[Entry]:
        assert self._window.document is not None
        session, switch = self._window.document.session, self._window.scenarios.switch
        return [
            Entry(
                text("chooser.scenario", name=scenario_name(name)),
                detail=text("menu.scenario"),
                value=lambda n=name: switch(n),
                enabled=name != session.scenario,
            )
            for name in session.scenarios
        ]


def _others() -> list[Language]:
    return [other for other in LANGUAGES if other != language()]


def _plain(words: str) -> str:
    return words.rstrip("…").replace("&", "")
