"""Opens and closes the dashboard, and does what its pages ask the window for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from gui.dashboard.drawer import Drawer
    from gui.view_state import ColourBy
    from gui.window import Window


class Dashboard(QObject):
    """The drawer below the view, made when it is first opened."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.drawer: Drawer | None = None
        self._former = window.state.seen.colour_by
        self._compared: ColourBy | None = None
        window.state.changed.connect(self._on_state)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        return {
            "dashboard": self.toggle,
            "compare": lambda: self.open_at("compare"),
        }

    @property
    def is_open(self) -> bool:
        """Whether the drawer is seen."""
        return self.drawer is not None and not self.drawer.isHidden()

    def toggle(self) -> None:
        """Open the drawer, or close it and give its room back to the view."""
        if self.is_open:
            assert self.drawer is not None
            self.drawer.hide()
            if self._window.state.seen.colour_by == self._compared:
                self.end_difference()
            self._window.stage.take_focus()
            return
        drawer = self._made()
        drawer.show()
        self.refresh()
        drawer.take_focus()

    def open_at(self, page: str) -> None:
        """Open the drawer at one of its pages."""
        if not self.is_open:
            self.toggle()
        assert self.drawer is not None
        self.drawer.page_of(page)
        self.refresh()

    def refresh(self) -> None:
        """Follow what the window shows."""
        if self.drawer is not None:
            self.drawer.set_document(self._window.document)

    def end_difference(self) -> None:
        """Colour as before the difference between scenarios, if that is what the colours are."""
        state = self._window.state
        if state.seen.colour_by.what == "difference":
            state.set(colour_by=self._former)

    def _on_state(self, names: frozenset[str]) -> None:
        by = self._window.state.seen.colour_by
        if "colour_by" in names and by.what != "difference":
            self._former, self._compared = by, None

    def _made(self) -> Drawer:
        if self.drawer is None:
            from gui.dashboard.drawer import HEIGHT_PX, Drawer

            window = self._window
            self.drawer = Drawer(window.state, window.jobs, window.say_error)
            self.drawer.asked.connect(self._on_asked)
            window.add_below(self.drawer, HEIGHT_PX)
        return self.drawer

    def _on_asked(self, what: str, value: Any) -> None:
        window = self._window
        if what == "close":
            self.toggle()
        elif what == "menu":
            window.offers.open(value)
        elif what == "account":
            window.explaining.ask(value)
        elif what == "colour":
            self._compared = value
            window.state.set(colour_by=value)
        elif what == "recolour":
            window.stage.refresh()
            window.workshop.refresh()
        elif what == "show":
            window.state.set(selected=value)
            window.hand.zoom()
