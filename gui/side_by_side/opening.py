"""Opens the board of scenarios side by side, keeps it up to date, and closes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from twin.language import text
from twin.projects.session import BASE

if TYPE_CHECKING:
    from gui.side_by_side.board import Board
    from gui.side_by_side.sides import Side
    from gui.window import Window

_SLOT = "beside"


class SideBySide(QObject):
    """The board exists only while it is open; the palette of services gives it its room."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.board: Board | None = None
        window.state.changed.connect(self._on_state)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        return {"side_by_side": self.toggle}

    def toggle(self) -> None:
        """Open the board, or close it."""
        if self.board is not None:
            self.close()
            return
        window, document = self._window, self._window.document
        if document is None or window.stage.viewport is None:
            return
        names = document.session.scenarios
        if len(names) < 2:
            ways = [("beside.copy_base", window.scenarios.ask_to_copy)]
            window.stage.messages.say(text("beside.only_base"), "done", ways)
            return
        from gui.side_by_side.board import Board

        window.hand.take("select")
        current = document.session.scenario
        other = current if current != BASE else next(n for n in names if n != BASE)
        board = Board(window.stage.viewport, (BASE, other), window.state.seen.requirement)
        board.asked.connect(self._on_asked)
        self.board = board
        view = window.stage.viewport
        wide = view.width() / max(view.height(), 1)
        window.left.hide()
        window.toolbar.hide()
        window.stage.set_cover(board)
        self.refresh()
        board.step_back(wide)
        board.set_quality(window.settings.quality)
        board.take_focus()
        window.footer.hint("hint.beside")

    def close(self) -> None:
        """Return to the one view."""
        if self.board is None:
            return
        board, self.board = self.board, None
        self._window.jobs.cancel(_SLOT)
        self._window.stage.set_cover(None)
        board.close_views()
        board.hide()
        board.deleteLater()
        self._window.left.show()
        self._window.toolbar.show()
        self._window.stage.place()
        self._window.hand.take("select")
        self._window.stage.take_focus()

    def refresh(self) -> None:
        """Follow the document: its scenarios, its standard, its figures."""
        window, board = self._window, self.board
        document = window.document
        if board is None or document is None:
            return
        from gui.side_by_side.sides import sides_work

        board.take_scenarios(document.session.scenarios, document.standard)
        window.stage.look_through(board.first)
        board.say_waiting()
        asked = board.requirement or ("" if board.has_chosen else None)
        work = sides_work(document, tuple(board.scenarios), asked, board.look)
        window.jobs.start(_SLOT, work, self._take, window.say_error)

    def _take(self, made: tuple[str, tuple[Side, ...]]) -> None:
        if self.board is not None:
            requirement, sides = made
            self.board.show_sides(sides, self._window.stage.view_now(), requirement)

    def _on_asked(self, what: str, value: Any) -> None:
        window = self._window
        if what == "close":
            self.close()
        elif what == "menu":
            window.offers.open(value)
        elif what == "again":
            self.refresh()
        elif what == "figures":
            window.dashboard.open_at("compare")
        elif what == "select":
            window.state.set(selected=value, route=None)
        elif what == "take":
            self.close()
            window.scenarios.switch(value)

    def _on_state(self, names: frozenset[str]) -> None:
        if self.board is None:
            return
        seen = self._window.state.seen
        if seen.armed or seen.mode != "select":  # a tool works on the one view
            self.close()
        elif names & {"selected", "hidden", "daylight", "route"}:
            self.board.show_view(self._window.stage.view_now())
