"""The attribute table of a window: made when first wanted, below the view."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.panels.menus import MenuWanted

if TYPE_CHECKING:
    from gui.panels.table import TablePanel
    from gui.window import Window

HEIGHT_PX = 240


class Tabling(QObject):
    """Opens and closes the table, and keeps it with the document."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.panel: TablePanel | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        return {"table": self.toggle}

    def toggle(self) -> None:
        """Show the table of the layer that is selected, or put the table away."""
        if self.panel is not None and self.panel.isVisible():
            self.close()
            return
        if self._window.document is None:
            return
        panel = self._made()
        panel.show()
        chosen = self._window.state.seen.selected
        panel.set_document(self._window.document)
        panel.show_role(chosen[0] if chosen else panel.role)
        panel.field.setFocus()

    def show_selected(self) -> None:
        """Show the selected feature in the table of its layer."""
        chosen = self._window.state.seen.selected
        if self.panel is None or not self.panel.isVisible():
            self.toggle()
        elif chosen is not None:
            self.panel.show_role(chosen[0])

    def show_layer(self, role: str, typed: str = "") -> None:
        """Show the table of a layer, with what was typed in its field."""
        if self.panel is None or not self.panel.isVisible():
            self.toggle()
        if self.panel is not None:
            self.panel.show_role(role)
            self.panel.field.setText(typed)

    def show_type(self, service_type: str) -> None:
        """List the services of a type."""
        self.show_layer("services", f"types = {service_type}")

    def close(self) -> None:
        """Put the table away."""
        if self.panel is not None:
            self.panel.hide()
            self._window.stage.take_focus()

    def follow(self) -> None:
        """Show what the document is now."""
        if self.panel is not None:
            self.panel.set_document(self._window.document)

    def _made(self) -> TablePanel:
        if self.panel is None:
            from gui.panels.table import TablePanel

            self.panel = TablePanel(self._window.state, self._window.jobs)
            self.panel.closed.connect(self.close)
            self.panel.asked.connect(self._on_asked)
            self._window.add_below(self.panel, HEIGHT_PX)
        return self.panel

    def _on_asked(self, what: str, value: object) -> None:
        if what == "menu" and isinstance(value, MenuWanted):
            self._window.offers.open(value)
        elif what == "error" and isinstance(value, BaseException):
            self._window.say_error(value)
        else:
            self._window.hand.on_asked(what, value)
