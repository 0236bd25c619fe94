"""A card that says which hour, year and status of services the figures are to look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTime, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QLayout,
    QSpinBox,
    QTimeEdit,
    QWidget,
)

from gui.looking import Looked
from gui.panels.parts import (
    HelpButton,
    IconButton,
    Label,
    Rule,
    TextButton,
    column,
    dress_field,
    row,
    set_tone,
)
from twin.language import name_of, text
from twin.model.forecast import Forecast
from twin.model.horizon import NOW, TODAY, Horizon
from twin.model.hours import When

if TYPE_CHECKING:
    from twin.model.growth import Growth

WIDTH_PX = 344
_FIELD_PX = (72, 32)
_TEN = QTime(10, 0)
"""The hour that is proposed: the middle of a morning."""


class TimeCard(QFrame):
    """Hidden until it is opened; whatever changes in it takes effect at once.

    Signals
    -------
    chosen(looked)
        Something else is to be looked at (a `Looked`).
    people_asked()
        The people of another year are wanted.
    closed()
        The card is to go.
    """

    chosen = Signal(object)
    people_asked = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("chooser")
        self.setFixedWidth(WIDTH_PX)
        self._growth: Growth | None = None
        self._forecast_of: Callable[[int], Forecast | None] = lambda _year: None
        self._as_today = False  # whatever the data states for the year
        self.at, self.planned, self.phased, self.dated = (QCheckBox() for _ in range(4))
        self.day, self.hour = QComboBox(), QTimeEdit(_TEN)
        self.hour.setDisplayFormat("HH:mm")
        self.hour.setKeyboardTracking(False)
        dress_field(self.hour)
        self.hour.setFixedSize(*_FIELD_PX)
        self.phase, self.edit_year = _year_field(), _year_field()
        self.stated, self.years = QWidget(), QComboBox()
        self.years.activated.connect(self._pick)
        self.people = QLabel()
        self.people.setWordWrap(True)
        self.choose_people = TextButton("when.people_choose", self.people_asked.emit, "quiet")
        self.forget_people = IconButton("close", "when.people_clear", self._forget_people)
        self.reset = TextButton("when.reset", self._reset)
        self._lay_out()
        self._say()
        for box in (self.at, self.planned, self.dated):
            box.toggled.connect(self._tell)
        self.phased.toggled.connect(self._choose_year)
        self.day.activated.connect(self._tell)
        self.hour.timeChanged.connect(self._tell)
        self.phase.valueChanged.connect(self._choose_year)
        self.edit_year.valueChanged.connect(self._tell)
        self.hide()

    @property
    def looked(self) -> Looked:
        """What the controls say."""
        time = self.hour.time()
        when = When(self.day.currentIndex(), 60 * time.hour() + time.minute())
        return Looked(
            Horizon(
                TODAY | {"planned"} if self.planned.isChecked() else TODAY,
                when if self.at.isChecked() else None,
                self._people,
                self._phase,
            ),
            self.edit_year.value() if self.dated.isChecked() else 0,
        )

    @property
    def _phase(self) -> int | None:
        """The year of the phases: that of the people, where these are of another year."""
        if self._growth is not None:
            return self._growth.year
        return self.phase.value() if self.phased.isChecked() else None

    @property
    def _people(self) -> Growth | Forecast | None:
        """The people of another year: by a file's factors, else as the data states them."""
        if self._growth is not None or self._as_today or not self.phased.isChecked():
            return self._growth
        return self._forecast_of(self.phase.value())

    def offer(self, years: Sequence[int], forecast_of: Callable[[int], Forecast | None]) -> None:
        """Offer the years for which the data states people, and take these by `forecast_of`."""
        self._forecast_of = forecast_of
        self.years.clear()
        self.years.addItems([str(year) for year in years])
        self.stated.setVisible(bool(years))
        self._follow()

    def show_looked(self, looked: Looked, year: int = 0) -> None:
        """Set the controls, without telling; a `year` above 0 is proposed where none is chosen."""
        horizon = looked.horizon
        controls = (self.at, self.planned, self.phased, self.dated)
        fields = (self.day, self.hour, self.phase, self.edit_year)
        blocked = [QSignalBlocker(one) for one in (*controls, *fields)]
        self.at.setChecked(horizon.when is not None)
        if horizon.when is not None:
            self.day.setCurrentIndex(horizon.when.day)
            self.hour.setTime(QTime(*divmod(horizon.when.minute, 60)))
        self.planned.setChecked("planned" in horizon.statuses)
        self.phased.setChecked(horizon.phase is not None)
        self.phase.setValue(horizon.phase or year or self.phase.value())
        self.dated.setChecked(looked.edit_year > 0)
        self.edit_year.setValue(looked.edit_year or year or self.edit_year.value())
        for one in blocked:
            one.unblock()
        people = horizon.growth
        self._growth = None if isinstance(people, Forecast) else people
        self._as_today = horizon.phase is not None and people is None
        self._follow()

    def take_people(self, growth: Growth) -> None:
        """Look at the people of another year."""
        self._growth = growth
        self._show_year(growth.year)
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say()

    def _lay_out(self) -> None:
        layout = column(self, margin=16, gap=8)
        heading = row(gap=4)
        heading.addWidget(Label("when.heading", bold=True), 1)
        heading.addWidget(HelpButton("help.when"))
        heading.addWidget(IconButton("close", "when.close", self.closed.emit))
        layout.addLayout(heading)
        layout.addLayout(_line(self.at, self.day, self.hour))
        layout.addWidget(self.planned)
        layout.addLayout(_line(self.phased, self.phase))
        self.stated.setLayout(years := row(gap=8))
        years.addWidget(Label("when.years_stated", "soft"), 1)
        years.addWidget(self.years)
        layout.addWidget(self.stated)
        self.stated.hide()
        self._note = Label("when.phase_note", "soft")
        layout.addWidget(self._note)
        people = row(gap=4)
        people.addWidget(self.people, 1)
        people.addWidget(self.choose_people)
        people.addWidget(self.forget_people)
        layout.addLayout(people)
        layout.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(Rule())
        layout.addLayout(_line(self.dated, self.edit_year))
        layout.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)

    def _say(self) -> None:
        for box, name in (
            (self.at, "at"),
            (self.planned, "planned"),
            (self.phased, "phase"),
            (self.dated, "edits_from"),
        ):
            box.setText(text(f"when.{name}"))
        day = max(self.day.currentIndex(), 0)
        self.day.clear()
        self.day.addItems([text(f"horizon.day_{number}") for number in range(7)])
        self.day.setCurrentIndex(day)
        for field, name in (
            (self.day, "day"),
            (self.hour, "hour"),
            (self.phase, "year"),
            (self.edit_year, "year"),
            (self.years, "years_stated"),
        ):
            field.setAccessibleName(text(f"when.{name}"))
        self._follow()

    def _follow(self) -> None:
        """Let what depends on a choice show only with it."""
        for field in (self.day, self.hour):
            field.setEnabled(self.at.isChecked())
        growth = self._growth
        self.phased.setEnabled(growth is None)  # the people's year is that of the phases too
        self.phase.setEnabled(self.phased.isChecked() and growth is None)
        self.edit_year.setEnabled(self.dated.isChecked())
        chosen = str(self._phase) if self._phase is not None else ""
        self.years.setCurrentIndex(self.years.findText(chosen) if chosen else -1)
        self._note.setVisible(self.phased.isChecked())
        people = self._people
        self.forget_people.setVisible(people is not None)
        self.choose_people.setVisible(people is None)
        set_tone(self.people, "soft" if people is None else "")
        self.people.setText(_people_words(people))
        self.reset.setEnabled(self.looked.horizon != NOW)
        self.adjustSize()

    def _tell(self) -> None:
        self._follow()
        self.chosen.emit(self.looked)

    def _show_year(self, year: int | None) -> None:
        """Show until which year phases count; None: all of them."""
        with QSignalBlocker(self.phased), QSignalBlocker(self.phase):
            self.phased.setChecked(year is not None)
            self.phase.setValue(year or self.phase.value())

    def _choose_year(self) -> None:
        """Look at a year's phases, and at the people that the data states for it."""
        self._as_today = False
        self._tell()

    def _pick(self) -> None:
        self._growth, self._as_today = None, False
        self._show_year(int(self.years.currentText()))
        self._tell()

    def _forget_people(self) -> None:
        if self._growth is None:
            self._as_today = True
        else:
            self._growth = None
            self._show_year(None)
        self._tell()

    def _reset(self) -> None:
        self.show_looked(Looked(NOW, self.looked.edit_year))
        self._tell()


def _people_words(people: Growth | Forecast | None) -> str:
    """Return whose people count, and whence they are known."""
    if people is None:
        return text("when.people_now")
    if isinstance(people, Forecast):
        return text(f"when.people_{'between' if people.estimated else 'data'}", year=people.year)
    return text("when.people_then", year=people.year, source=name_of(people.source))


def _year_field() -> QSpinBox:
    field = QSpinBox()
    field.setRange(1950, 2200)
    field.setKeyboardTracking(False)
    dress_field(field)
    field.setFixedSize(*_FIELD_PX)
    return field


def _line(name: QWidget, *fields: QWidget) -> QLayout:
    line = row(gap=8)
    line.addWidget(name, 1)
    for field in fields:
        line.addWidget(field)
    return line
