"""What the view says and offers where the pointer is: a card of facts, a menu at a right click."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QLabel

from gui.panels.parts import column, set_tone
from twin.language import text

if TYPE_CHECKING:
    from gui.view_state import Feature
    from gui.viewport import Viewport
    from gui.window import Window

RESTS_MS = 350
"""The card comes when the pointer has rested over one thing for so long."""
WIDTH_PX, AWAY_PX = 300, 18

_PARTS = ("edit", "tools", "view")
"""Menus that a right click offers below what is for the feature alone."""


class Pointing(QObject):
    """Follows the viewport of a window, which is another one for each document."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._viewport: Viewport | None = None
        self.card: HoverCard | None = None
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
        viewport.camera_changed.connect(self._hide)
        viewport.steered.connect(lambda: self._window.tour.done("look"))
        self.card = HoverCard(viewport)

    def open_menu(self, feature: Feature | None, at: QPoint) -> None:
        """Select what was clicked and offer what can be done; all of the menus stand below."""
        offers, viewport = self._window.offers, self._viewport
        self._hide()
        offers.select(feature)
        menu = offers.begin()
        offers.add_actions(menu, feature[0] if feature else "")
        if viewport is not None:
            place = viewport.mapFromGlobal(at)
            offers.add(menu, offers.placing(feature, viewport.pick_at(place.x(), place.y())))
        if menu.actions():
            menu.addSeparator()
        for part in _PARTS:
            # By its action: `addMenu` would give it to this menu, and closing this would end it.
            menu.addAction(self._window.actions_.part(part).menuAction())
        offers.show(menu, at)

    def open_list(self, services: Sequence[int], at: QPoint) -> None:
        """Offer services that lie on each other one by one."""
        from gui.hover_words import hover_words

        window, document, viewport = self._window, self._window.document, self._viewport
        if document is None or viewport is None:
            return
        self._hide()
        menu = window.offers.begin()
        nearer = partial(viewport.come_near, tuple(services))
        window.offers.add(menu, [(text("menu.come_nearer"), nearer)])
        menu.addSeparator()
        for id_ in services:
            lines = hover_words(document, ("services", id_), window.state.seen.colour_by)
            if lines:
                words = text("menu.of_several", name=lines[0], facts=lines[1])
                window.offers.add(menu, [(words, partial(self._choose, id_))])
        window.offers.show(menu, at)

    def _choose(self, service: int) -> None:
        self._window.state.set(selected=("services", service), route=None)

    def _on_state(self, names: frozenset[str]) -> None:
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
