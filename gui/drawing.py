"""When a district is drawn: at once, with its figures, or when its meshes are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gui import files
from gui.background import BREATH_MS
from gui.navigation import NAVIGATIONS
from twin.language import text

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from gui.document import Document
    from gui.window import Window
    from twin.model.district import District

AT_ONCE = frozenset({"services", "entrances"})
"""Layers whose change the scene can draw in a frame; others are made ready in the background."""
WAIT_FOR_FIGURES_MS = 60
"""An edit's figures mostly come within this time; then one picture shows both. Until then all stays
as it was: panels that said "updating" for so short a time would only flicker."""


class Drawing(QObject):
    """Has the stage draw the district of the document in hand.

    Signals
    -------
    late()
        The figures of the last edit let themselves be waited for: show the edit without them.
    """

    late = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._edited: District | None = None
        self._coming: files.Drawn | None = None
        self._soon = QTimer(self, interval=WAIT_FOR_FIGURES_MS, singleShot=True)
        self._soon.timeout.connect(self.late)

    @property
    def waits(self) -> bool:
        """Whether the figures of an edit may still come in time for one picture with it."""
        return self._soon.isActive()

    @property
    def owes(self) -> bool:
        """Whether an edit is not drawn yet."""
        return self._edited is not None

    def take_edit(self, district: District, touched: AbstractSet[str]) -> None:
        """Draw what an edit of these layers made: with its figures where the scene is quick."""
        if touched <= AT_ONCE:
            self._edited = district
            self._soon.start()
        else:
            self.begin(district)

    def draw_edit(self) -> None:
        """Draw the district of the last edit, with its figures where they are there already."""
        self._soon.stop()
        district, self._edited = self._edited, None
        document = self._window.document
        if district is None or document is None or district is not document.session.district:
            return
        if self._coming or self._window.jobs.busy("meshes"):  # the first is not there yet
            self.begin(district)
        else:
            self._window.stage.show_district(document, district)

    def begin(self, district: District) -> None:
        """Make the meshes in the background, then draw."""
        self._coming = None
        self._window.jobs.start("meshes", files.draw(district), self._take, self._refuse)

    def follow_navigation(self) -> None:
        """Have the mouse move the camera as the settings say."""
        window = self._window
        if window.stage.viewport is not None:
            window.stage.viewport.navigation = NAVIGATIONS[window.settings.navigation]
        if window.state.seen.mode == "select" and not window.state.seen.armed:
            window.hand.take("select")

    def _take(self, drawn: files.Drawn) -> None:
        if self._window.document is not None:
            self._coming = drawn
            self._show(self._window.document, drawn)

    def _show(self, document: Document, drawn: files.Drawn) -> None:
        """Show a district, part by part with a breath after each where the document is new."""
        from gui.scene.graphics import GraphicsUnavailable

        window = self._window
        if window.document is not document or self._coming is not drawn:  # others since
            return
        try:
            if window.stage.prepare(document, *drawn):
                QTimer.singleShot(BREATH_MS, self, lambda: self._show(document, drawn))
                return
            self._coming = None
            window.stage.show_district(document, *drawn)
        except GraphicsUnavailable as error:
            words = text("stage.no_graphics", packages=error.packages)
            window.stage.say_waiting(text("stage.no_view"))
            window.stage.messages.say(words, "error")
            return
        window.sun.follow(drawn[0])
        window.pointing.meet(window.stage.viewport)
        self.follow_navigation()
        window.keeping.apply_quality()
        if document.inputs == files.SAMPLE:
            window.tour.offer()
        window.toolbar.setVisible(window.beside.board is None)
        window.stage.place()

    def _refuse(self, error: BaseException) -> None:
        self._window.stage.say_waiting(text("stage.no_view"))
        self._window.say_error(error)
