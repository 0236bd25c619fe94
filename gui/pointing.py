"""What the view says and offers where the pointer is: a card of facts, a menu at a right click."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QLabel, QMenu

from gui.panels.parts import column, set_tone
from twin.language import text
from twin.model.catalogues import type_name

if TYPE_CHECKING:
    from gui.view_state import Feature
    from gui.viewport import Viewport
    from gui.window import Window

RESTS_MS = 350
"""The card comes when the pointer has rested over one thing for so long."""
WIDTH_PX, AWAY_PX = 300, 18

_OF_FEATURE = {
    "services": ("zoom", "copy_service", "delete", "explain", "show_in_table"),
    "streets": ("zoom", "toggle_gate", "toggle_ramp", "show_in_table"),
    "buildings": ("zoom", "correct", "toggle_lift", "explain", "show_in_table"),
    "sites": ("zoom", "show_in_table"),
}
"""Actions that a right click on a feature offers, where they apply, before those of the menus."""
_PARTS = ("edit", "tools", "view")


class Pointing(QObject):
    """Follows the viewport of a window, which is another one for each document."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._viewport: Viewport | None = None
        self.card: HoverCard | None = None
        self.menu: QMenu | None = None
        self._last_type = ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(RESTS_MS)
        self._rest.timeout.connect(self._show_card)
        window.state.changed.connect(self._on_state)

    def meet(self, viewport: Viewport | None) -> None:
        """Follow a viewport from now on."""
        if viewport is None or viewport is self._viewport:
            return
        self._viewport = viewport
        viewport.context_requested.connect(self.open_menu)
        viewport.several_requested.connect(self.open_list)
        viewport.camera_changed.connect(self._on_camera)
        self.card = HoverCard(viewport)

    def open_menu(self, feature: Feature | None, at: QPoint) -> None:
        """Select what was clicked and offer what can be done; all of the menus stand below."""
        window = self._window
        self._hide()
        if feature is not None and feature not in window.state.seen.chosen:
            window.state.set(selected=feature, route=None)
        window.follow_history()  # figures that came since may have more to say
        menu = QMenu(window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        actions = window.actions_
        for name in _OF_FEATURE.get(feature[0], ()) if feature else ():
            if actions.by_name[name].isEnabled():
                menu.addAction(actions.by_name[name])
        self._offer_to_place(menu, feature, at)
        if menu.actions():
            menu.addSeparator()
        for part in _PARTS:
            # By its action: `addMenu` would give it to this menu, and closing this would end it.
            menu.addAction(actions.part(part).menuAction())
        self.menu = menu
        menu.popup(at)

    def _offer_to_place(self, menu: QMenu, feature: Feature | None, at: QPoint) -> None:
        """Offer the type that was in hand last, where a service can stand."""
        window, viewport, last = self._window, self._viewport, self._last_type
        role = feature[0] if feature else ""
        if viewport is None or role == "services":
            return
        if last:
            place = viewport.mapFromGlobal(at)
            pick = viewport.pick_at(place.x(), place.y())
            if pick.x == pick.x:
                offered = menu.addAction(text("chooser.place_here", name=type_name(last)))
                offered.triggered.connect(lambda: window.hand.place_at(last, pick))
        elif feature is not None and role == "sites":
            site = feature[1]
            offered = menu.addAction(text("chooser.place_some"))
            offered.triggered.connect(lambda: window.hand.on_asked("place_on_site", site))

    def open_list(self, services: Sequence[int], at: QPoint) -> None:
        """Offer services that lie on each other one by one."""
        from gui.hover_words import hover_words

        window, document, viewport = self._window, self._window.document, self._viewport
        if document is None or viewport is None:
            return
        self._hide()
        menu = QMenu(window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        nearer = menu.addAction(text("menu.come_nearer"))
        nearer.triggered.connect(lambda: viewport.come_near(tuple(services)))
        menu.addSeparator()
        for id_ in services:
            lines = hover_words(document, ("services", id_), window.state.seen.colour_by)
            if lines:
                offered = menu.addAction(text("menu.of_several", name=lines[0], facts=lines[1]))
                offered.triggered.connect(partial(self._choose, id_))
        self.menu = menu
        menu.popup(at)

    def _choose(self, service: int) -> None:
        self._window.state.set(selected=("services", service), route=None)

    def _on_camera(self) -> None:
        self._hide()
        if self._viewport is not None and not self._viewport.is_flying:
            self._window.tour.done("look")

    def _on_state(self, names: frozenset[str]) -> None:
        if "armed" in names and self._window.state.seen.armed:
            self._last_type = self._window.state.seen.armed
        if names & {"hovered", "mode", "held", "selected"}:
            self._hide()
            seen = self._window.state.seen
            if seen.hovered is not None and seen.mode == "select" and seen.held < 0:
                self._rest.start()

    def _hide(self) -> None:
        self._rest.stop()
        if self.card is not None:
            self.card.hide()

    def _show_card(self) -> None:
        from gui.hover_words import hover_words

        document, seen = self._window.document, self._window.state.seen
        if document is None or seen.hovered is None or self.card is None or not self._viewport:
            return
        lines = hover_words(document, seen.hovered, seen.colour_by)
        if lines and not self._viewport.is_held:
            self.card.show_lines(lines, self._viewport.pointer)


class HoverCard(QFrame):
    """A name and some facts; the pointer goes through it."""

    def __init__(self, parent: Viewport) -> None:
        super().__init__(parent)
        self._view = parent
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._column = column(self, margin=8, gap=2)
        self.lines: Sequence[str] = ()
        self.hide()

    def show_lines(self, lines: Sequence[str], at: QPoint) -> None:
        """Stand beside a place of the view and say this."""
        self.lines = lines
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for number, words in enumerate(lines):
            label = QLabel(words)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(len(words) > 24)
            if number == 0:
                label.setProperty("weight", "bold")
            else:
                set_tone(label, "soft")
            self._column.addWidget(label)
        self.setMaximumWidth(WIDTH_PX)
        self.adjustSize()
        room = self._view.rect()
        x = min(at.x() + AWAY_PX, room.width() - self.width() - 4)
        y = at.y() + AWAY_PX
        if y + self.height() > room.height():
            y = at.y() - AWAY_PX - self.height()
        self.move(max(x, 4), max(y, 4))
        self.show()
        self.raise_()
