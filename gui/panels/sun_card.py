"""A card over the view that moves the sun: a day of the year, an hour, and the shadows of then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QEvent, Qt, QTimer
from PySide6.QtWidgets import QComboBox, QDateEdit, QFrame, QLabel, QSlider, QToolButton, QWidget

from gui.panels.parts import HelpButton, column, dress_field, row, set_tone, themed_icon
from gui.view_state import ViewState
from twin.language import text

if TYPE_CHECKING:
    from gui.background import Jobs
    from gui.scene.meshes import Daylight
    from gui.scene.sun import Sun
    from twin.assessment.assess import Progress
    from twin.model.district import District

WIDTH_PX = 288
_DAYS = {"great_cold": (1, 20), "winter": (12, 22), "equinox": (3, 20), "summer": (6, 21)}
"""Days by which sunlight is judged: Great Cold and the winter solstice are those of the Chinese
standards (GB 50180-2018, table 4.0.9)."""
_STEP_MIN = 10
_FIRST_H, _LAST_H = 5, 20
_REST_MS = 260
_COARSE = 4.0


class SunCard(QFrame):
    """Hidden until :meth:`open_for` gives it a district; closing it gives the model's light back.

    While the slider moves the shadows are drawn from a coarse picture, at rest from a fine one.
    """

    def __init__(
        self,
        state: ViewState,
        jobs: Jobs,
        failed: Callable[[BaseException], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setFixedWidth(WIDTH_PX)
        self._state, self._jobs, self._failed = state, jobs, failed
        self._district: District | None = None
        self._place: tuple[float, float] = (0.0, 0.0)
        self._day = QComboBox()
        self._date = QDateEdit(QDate(date.today().year, *_DAYS["great_cold"]))
        self._date.setDisplayFormat("MM-dd")
        dress_field(self._date)
        self._date.setFixedWidth(64)
        self._hour = QSlider(Qt.Orientation.Horizontal)
        self._hour.setRange(_FIRST_H * 60 // _STEP_MIN, _LAST_H * 60 // _STEP_MIN)
        self._hour.setPageStep(60 // _STEP_MIN)
        self._hour.setValue(12 * 60 // _STEP_MIN)
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._heading, self._clock, self._words = QLabel(), QLabel(), QLabel()
        set_tone(self._words, "soft")
        self._heading.setProperty("weight", "bold")
        self._lay_out()
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(lambda: self._ask(1.0))
        self._day.activated.connect(self._on_day)
        self._date.dateChanged.connect(lambda _date: self._follow())
        self._hour.valueChanged.connect(lambda _value: self._follow())
        self._close.clicked.connect(self.close_card)
        self._say()
        self.hide()

    def _lay_out(self) -> None:
        layout = column(self, gap=8)
        layout.setContentsMargins(16, 8, 16, 12)
        top = row(gap=8)
        top.addWidget(self._heading, 1)
        top.addWidget(HelpButton("help.sun"))
        top.addWidget(self._close)
        middle = row(gap=8)
        middle.addWidget(self._day, 1)
        middle.addWidget(self._date)
        bottom = row(gap=8)
        bottom.addWidget(self._hour, 1)
        bottom.addWidget(self._clock)
        for line in (top, middle, bottom):
            layout.addLayout(line)
        layout.addWidget(self._words)

    @property
    def sun(self) -> Sun:
        """Where the sun stands at the day and hour that are set, clocks as in the district."""
        from gui.scene.sun import clock_of, sun_at

        day, minutes = self._date.date(), self._hour.value() * _STEP_MIN
        moment = datetime(
            day.year(), day.month(), day.day(), *divmod(minutes, 60), tzinfo=clock_of(*self._place)
        )
        return sun_at(moment, *self._place)

    def open_for(self, district: District, middle: tuple[float, float]) -> None:
        """Light a district, whose middle is x, y in its CRS, and show the card."""
        from gui.scene.sun import place_of

        if self._district is None or self._district.crs != district.crs:
            self._place = place_of(district, *middle)
        self._district = district
        self.adjustSize()
        self.show()
        self.raise_()
        self._follow()

    def follow(self, district: District) -> None:
        """Light the district that is shown now, if any light was asked for."""
        if not self.isHidden() and district is not self._district:
            self._district = district
            self._follow()

    def close_card(self) -> None:
        """Give back the light of the model."""
        self._rest.stop()
        self._jobs.cancel("sun")
        self.hide()
        self._state.set(daylight=None)

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange):
            self._say()

    def _say(self) -> None:
        chosen = max(self._day.currentIndex(), 0)
        self._day.clear()
        for day in _DAYS:
            self._day.addItem(text(f"sun.{day}"), day)
        self._day.setCurrentIndex(chosen)
        self._heading.setText(text("sun.heading"))
        self._day.setAccessibleName(text("sun.day"))
        self._date.setAccessibleName(text("sun.date"))
        self._hour.setAccessibleName(text("sun.hour"))
        self._close.setAccessibleName(text("sun.close"))
        self._close.setToolTip(text("sun.close"))
        self._close.setIcon(themed_icon("close"))
        self._tell()

    def _on_day(self) -> None:
        self._date.setDate(QDate(self._date.date().year(), *_DAYS[self._day.currentData()]))

    def _tell(self) -> None:
        hour, minute = divmod(self._hour.value() * _STEP_MIN, 60)
        self._clock.setText(f"{hour:02d}:{minute:02d}")
        sun = self.sun
        facts = {"altitude": f"{sun.altitude_deg:.0f}", "azimuth": f"{sun.azimuth_deg:.0f}"}
        self._words.setText(text("sun.place", **facts) if sun.is_up else text("sun.night"))

    def _follow(self) -> None:
        self._tell()
        if not self.isHidden():
            self._ask(_COARSE)
            self._rest.start()

    def _ask(self, coarseness: float) -> None:
        district, sun = self._district, self.sun
        if district is None or self.isHidden():
            return

        def work(progress: Progress) -> Daylight:
            from gui.scene.meshes import daylight

            progress(0.0)
            return daylight(district, sun, coarseness)

        self._jobs.start("sun", work, self._take, self._failed, let_finish=True)

    def _take(self, light: Daylight) -> None:
        if not self.isHidden():
            self._state.set(daylight=light)
