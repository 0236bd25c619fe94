"""What hour, year and status of services the window's figures look at: its card, its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.dialogs.file_dialog import ask_file
from twin.language import text
from twin.model.forecast import forecast_of, years_stated
from twin.model.horizon import NOW, Horizon
from twin.model.phases import phase_years
from twin.telling.horizon_words import horizon_words

if TYPE_CHECKING:
    from gui.background import Progress
    from gui.panels.time_card import TimeCard
    from gui.window import Window
    from twin.model.growth import Growth

GAP_PX = 8


@dataclass(frozen=True)
class Looked:
    """What the card says: what is looked at, and the year from when on new edits hold (or 0)."""

    horizon: Horizon = NOW
    edit_year: int = 0


class Looking(QObject):
    """Opens the card below its button, hands on what is chosen, and says it in the titles."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.card: TimeCard | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        return {"when": self.toggle}

    @property
    def words(self) -> str:
        """What is looked at instead of the district as it is; "" where nothing is."""
        document = self._window.document
        return horizon_words(document.horizon) if document is not None else ""

    def toggle(self) -> None:
        """Open the card, or close it."""
        if self.card is not None and not self.card.isHidden():
            self.close()
        elif self._window.document is not None:
            self._open()

    def close(self) -> None:
        """Put the card away; what was chosen stays."""
        if self.card is not None and not self.card.isHidden():
            self.card.hide()
            self._window.stage.take_focus()

    def refresh(self) -> None:
        """Say in the header and the card what the document looks at."""
        document = self._window.document
        self._window.header.show_time(self.words)
        if document is None:
            self.close()
        elif self.card is not None:
            self.card.show_looked(Looked(document.horizon, document.edit_year))

    def read_people(self, path: Path) -> None:
        """Look at the people of another year, by the factors in a file."""

        def work(progress: Progress) -> Growth:
            from twin.model.growth import load_growth

            progress(0.0)
            return load_growth(path)

        if self.card is not None:
            self._window.jobs.start("growth", work, self.card.take_people, self._window.say_error)

    def _open(self) -> None:
        from gui.panels.time_card import TimeCard

        if self.card is None:
            self.card = TimeCard(self._window)
            self.card.chosen.connect(self._take)
            self.card.people_asked.connect(self._ask_people)
            self.card.closed.connect(self.close)
        self._fill(self.card)
        button = self._window.header.time
        corner = button.mapTo(self._window, button.rect().bottomRight())
        room = self._window.width() - self.card.width() - GAP_PX
        self.card.move(max(GAP_PX, min(corner.x() - self.card.width(), room)), corner.y() + GAP_PX)
        self.card.show()
        self.card.raise_()
        self.card.at.setFocus()

    def _fill(self, card: TimeCard) -> None:
        document = self._window.document
        assert document is not None
        district = document.session.district
        stated = years_stated(district)
        years = (*phase_years(document.session.edits_of(document.session.scenario)), *stated)
        proposed = years[0] if years else date.today().year
        card.offer(stated, partial(forecast_of, district))
        card.show_looked(Looked(document.horizon, document.edit_year), proposed)

    def _take(self, looked: Looked) -> None:
        document = self._window.document
        if document is None:
            return
        document.edit_year = looked.edit_year
        document.look_at(looked.horizon)
        self._window.hand.show_catchment()
        self._window.hand.show_field()
        self._window.follow_history()
        self.refresh()

    def _ask_people(self) -> None:
        title = text("when.people_choose")
        path = ask_file(self._window, title, "", text("when.people_file"))
        if path is not None:
            self.read_people(path)
