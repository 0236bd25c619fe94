"""What the window does with scenarios: switch, copy, rename, remove and put back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject

from twin.language import text

if TYPE_CHECKING:
    from gui.window import Window


class Scenarios(QObject):
    """Turns what header and menu ask for into changes of the sitting."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._naming: Literal["copy", "rename"] = "copy"

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        return {
            "new_scenario": self.ask_to_copy,
            "rename_scenario": self.ask_to_rename,
            "remove_scenario": self.remove,
            "next_scenario": self.take_next,
        }

    def switch(self, name: str) -> None:
        """Take another scenario in hand."""
        if self._window.document is not None:
            self._window.document.session.switch(name)

    def take_next(self) -> None:
        """Take the next scenario in hand, the first after the last."""
        if self._window.document is not None:
            session = self._window.document.session
            names = session.scenarios
            session.switch(names[(names.index(session.scenario) + 1) % len(names)])

    def ask_to_copy(self) -> None:
        """Let the user name a copy of the scenario in hand."""
        document = self._window.document
        if document is None:
            return
        self._naming = "copy"
        current, taken = document.session.scenario, len(document.session.scenarios)
        given = {text("header.plan", number=number) for number in range(1, taken + 1)}
        own_name = current != "base" and current not in given
        name = text("header.copy_of", name=current) if own_name else document.next_plan()
        self._window.header.ask_scenario_name(name)

    def ask_to_rename(self) -> None:
        """Let the user rename the scenario in hand."""
        if self._window.document is not None:
            self._naming = "rename"
            self._window.header.ask_scenario_name(self._window.document.session.scenario)

    def take_name(self, name: str) -> None:
        """Copy or rename with the name that was typed; say why where it cannot be."""
        from twin.projects.session import ScenarioError

        if self._window.document is None:
            return
        session = self._window.document.session
        try:
            if self._naming == "copy":
                session.copy_scenario(name)
            elif name != session.scenario:
                session.rename_scenario(session.scenario, name)
        except ScenarioError as error:
            self._window.say_error(error)

    def remove(self) -> None:
        """Remove the scenario in hand, and offer it back."""
        document = self._window.document
        if document is None:
            return
        name = document.session.scenario
        track = document.session.remove_scenario(name)
        self._window.stage.messages.say(
            text("done.scenario_removed", name=name),
            "done",
            [("message.put_back", partial(document.put_back_scenario, name, track))],
        )
