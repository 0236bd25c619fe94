"""The inspector: what is selected, its facts, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QLabel, QWidget

from gui.panels import building_page, place_pages, service_page
from gui.panels.correct_building import CorrectBuilding
from gui.panels.many_page import ManyPage
from gui.panels.menus import MenuWanted
from gui.panels.page import Page
from gui.panels.parts import Heading, IconButton, Rule, Scrolled, column, set_tone
from gui.view_state import ViewState
from twin.language import text

if TYPE_CHECKING:
    from gui.document import Document

PAGES: dict[str, type[Page]] = {
    "buildings": building_page.BuildingPage,
    "services": service_page.ServicePage,
    "sites": place_pages.SitePage,
    "streets": place_pages.StreetPage,
    "communities": place_pages.CommunityPage,
}


class Inspector(QWidget):
    """Shows one page for the kind of feature that is selected.

    Signals
    -------
    asked(what, value)
        A page asks the window for something it cannot do itself (``zoom``, ``account``, ...).
    menu_asked(wanted)
        A `MenuWanted` of what is selected.
    """

    asked = Signal(str, object)
    menu_asked = Signal(object)

    def __init__(self, state: ViewState) -> None:
        super().__init__()
        self._state = state
        self._document: Document | None = None
        self._page: Page | ManyPage | None = None
        layout = column(self)
        layout.addWidget(Rule())
        heading = Heading("inspector.title", "help.inspector")
        self._why = IconButton("info", "inspector.why", lambda: self.asked.emit("account", None))
        self._zoom = IconButton("target", "inspector.zoom", lambda: self.asked.emit("zoom", None))
        self._close = IconButton("close", "inspector.close", self._let_go)
        self._updating = QLabel()
        set_tone(self._updating, "soft")
        heading.add(self._updating)
        heading.add(self._why)
        heading.add(self._zoom)
        heading.add(self._close)
        layout.addWidget(heading)
        self._room = Scrolled()
        self._room.column.addStretch(1)
        layout.addWidget(self._room, 1)
        state.changed.connect(self._on_state)
        self.refresh()

    @property
    def page(self) -> Page | ManyPage | None:
        """The page that is shown, None where nothing is selected."""
        return self._page

    def set_document(self, document: Document | None) -> None:
        """Look into another document."""
        self._document = document
        self.say_updating(False)
        self.refresh()

    def refresh(self) -> None:
        """Show what the document says now of what is selected."""
        chosen = self._state.seen.selected
        there = self._document is not None and chosen is not None and self._exists(chosen)
        if not there or chosen is None or self._document is None:
            self._turn_to(None)
            return
        if self._state.seen.also:
            if not isinstance(self._page, ManyPage):
                self._turn_to(ManyPage(self._document, self._state))
        elif self._page is None or self._page.feature != chosen:
            kind = PAGES.get(chosen[0])
            self._turn_to(kind(chosen, self._document, self._state) if kind else None)
        self._why.setVisible(self.has_account(chosen))
        if self._page is not None:
            self._page.refresh()
            if self._document.preview is None:  # under the hand a line fewer is not worth its time
                self._room.settle()

    def say_updating(self, updating: bool) -> None:
        """Say that the figures are not of what is shown now, or no more."""
        self._updating.setText(text("score.updating") if updating else "")

    def changeEvent(self, event: QEvent) -> None:
        """Make the page anew in another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._turn_to(None)
            self.refresh()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with what is selected; fields have menus of their own."""
        chosen = self._state.seen.selected
        if chosen is not None:
            self.menu_asked.emit(MenuWanted(event.globalPos(), chosen[0], chosen))

    def correct(self) -> None:
        """Put the keyboard into the fields that correct the building."""
        fields = self.findChild(CorrectBuilding)
        if fields is not None:
            fields.storeys.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._room.ensureWidgetVisible(fields)

    def has_account(self, chosen: tuple[str, int]) -> bool:
        """Return whether there are figures of what is selected: of services, and of homes."""
        assessment = self._document.assessment if self._document is not None else None
        if assessment is None or self._state.seen.also:
            return False
        role, id_ = chosen
        return role == "services" or (
            role == "buildings" and bool((assessment.origins.building_id == id_).any())
        )

    def _exists(self, feature: tuple[str, int]) -> bool:
        assert self._document is not None
        table = self._document.district.table(feature[0])
        return bool(table.rows_of([feature[1]])[0] >= 0)

    def _turn_to(self, page: Page | ManyPage | None) -> None:
        if self._page is not None:
            self._page.hide()
            self._page.deleteLater()
        self._page = page
        self.setVisible(page is not None)
        if page is not None:
            page.asked.connect(self.asked)
            self._room.column.insertWidget(0, page)
            page.show()

    def _let_go(self) -> None:
        self._state.set(selected=None, route=None)

    def _on_state(self, names: frozenset[str]) -> None:
        if names & {"selected", "also"}:
            self.refresh()
