"""The history card of a window: shown beside the view, following every change."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from gui.panels.history import HistoryPanel
    from gui.window import Window

GAP_PX = 8
"""Between the tools and the card."""


class History(QObject):
    """Shows the steps and goes to the one that is chosen."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.panel: HistoryPanel | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        return {"history": self.toggle}

    def toggle(self) -> None:
        """Show the card, or put it away."""
        if self.panel is not None and self.panel.isVisible():
            self.close()
            return
        if self.panel is None:
            from gui.panels.history import HistoryPanel

            self.panel = HistoryPanel(self._window.stage)
            self.panel.step_chosen.connect(self._go_to)
            self.panel.closed.connect(self.close)
            self.panel.menu_asked.connect(self._window.offers.open)
            self._window.stage.guests.append(self.panel)
        self.panel.show()
        self.refresh()
        self._window.stage.place()  # messages go beside it
        self.panel.list.setFocus()

    def close(self) -> None:
        """Put the card away."""
        if self.panel is not None:
            self.panel.hide()
            self._window.stage.place()
            self._window.stage.take_focus()

    def refresh(self) -> None:
        """Say what stands now."""
        document, panel = self._window.document, self.panel
        if document is None or panel is None or not panel.isVisible():
            return
        panel.show_steps(document.session)
        panel.move(self._window.toolbar.geometry().right() + GAP_PX, self._window.toolbar.y())
        panel.raise_()

    def _go_to(self, done: int) -> None:
        if self._window.document is not None:
            self._window.document.session.go_to(done)
