"""What the room sees: the view, a few figures in large type, the story, a timer, a poll."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gui.ballot import ANSWERS, Ballot
from gui.panels import figures
from gui.panels.header import scenario_name
from gui.panels.limits import marked, meaning, required
from gui.panels.parts import clear, column, row, set_tone
from gui.room_legend import RoomLegend
from gui.viewport import Viewport
from twin.assessment.circle_words import circle_basis, circle_words
from twin.assessment.measured import basis
from twin.figures import signs
from twin.language import text
from twin.report.privacy import hidden

if TYPE_CHECKING:
    from gui.document import Document
    from gui.stage import Stage
    from gui.views import KeptView
    from twin.assessment.assess import Result

ROWS = 6
"""So many requirements are shown, the least covered first: what the room came to talk of."""
MINUTES = 5
SIDE_PX, LEAST_SIDE_PX = 480, 336
SMALLEST = (640, 400)
LOW_PX = 640
"""On a lower screen what can be done without gives way to the figure, and all stands closer."""
MARGIN_PX, LOW_MARGIN_PX = 24, 12
GAP_PX, LOW_GAP_PX = 12, 6
SIDE_PART = 0.4
"""The figures take so much of a small screen's width at the most; the view has the rest."""
TYPE_SCALE = 1.5
"""How much larger names and scale on the picture are than on a desk."""
ROW_PX = 40
LARGE_FROM_PX = 720
"""On a higher screen everything grows with it: type is 2.8 % of the height of the picture."""


class Presentation(QWidget):
    """A window of its own with big targets; Esc or F11 returns.

    Only what may be public is shown: no fields of buildings, no names of owners, and no figure
    about fewer people than the smallest public cell.

    Signals
    -------
    left()
        The person wants to return.
    polled(question, votes, ballot)
        A poll was ended, with the count for each answer and what to go on with.
    moved()
        A stop, the time left or the poll has changed: what the speaker's desk shows.
    """

    left = Signal()
    polled = Signal(str, object, object)
    moved = Signal()

    def __init__(self, document: Document, stage: Stage) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setObjectName("presentation")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(*SMALLEST)  # else what stands on a large screen would keep it from less
        self._document, self._stage = document, stage
        self._followed: Viewport | None = None
        self.stop = -1
        self.seconds = MINUTES * 60
        self.ballot = Ballot()
        self._larger = 1.0
        self._has_desk = False
        assert stage.viewport is not None
        main = stage.viewport
        self.view = Viewport(self, theme=main.theme, lender=main.scene)
        self.view.type_scale = TYPE_SCALE
        self.legend = RoomLegend(self.view)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._side())
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)
        self._name_parts()

    # -- the window's side --------------------------------------------------------------------

    def begin(self) -> None:
        """Show the district from where the work looked at it; all of it where that shows all."""
        self.refresh()
        main = self._stage.viewport
        if main is not None and main.scene.shows_all:
            self.view.look_over(main.camera)
        elif main is not None:
            self.view.set_camera(main.camera)
        self.view.setFocus()

    def follow(self, viewport: Viewport | None) -> None:
        """Look where another view looks, until a stop of the story is gone to; None: nowhere."""
        if self._followed is not None:
            self._followed.camera_changed.disconnect(self._look_along)
        self._followed = viewport
        if viewport is not None:
            viewport.camera_changed.connect(self._look_along)

    def end(self) -> None:
        """Let go of the graphics."""
        self._clock.stop()
        self.follow(None)
        self.view.close_scene()

    def refresh(self) -> None:
        """Show district and figures as they are now."""
        shown = self._stage.what_is_shown()
        if shown is not None:
            self.view.show_scene(*shown)
            district, view = shown[:2]
            types = district.services["types"] if "services" in view.visible else ()
            self.legend.show_services(types, view.asked)
        stage = self._stage
        self.legend.show_colours(self._document.assessment, stage.colour_by, stage.difference)
        self._title.setText(self._document.name)
        self._scenario.setText(scenario_name(self._document.session.scenario))
        self._show_figures()

    # -- the room's side ----------------------------------------------------------------------

    def go_to(self, stop: int) -> None:
        """Fly to a stop of the story and tell it; stops are the project's kept views."""
        views = self._document.views
        if not views:
            return
        self.stop = stop % len(views)
        view = views[self.stop]
        self.view.fly_to(view.camera())
        self._tell_stop()

    def _tell_stop(self) -> None:
        """Say which stop of the story this is, and what is told there."""
        views = self._document.views
        view = views[self.stop]
        self._tell(view.words)
        count = {"number": self.stop + 1, "count": len(views), "name": view.name}
        self._stop_name.setText(text("workshop.stop", **count))
        self.moved.emit()

    @property
    def stops(self) -> tuple[KeptView, ...]:
        """The stops of the story, in their order."""
        return self._document.views

    @property
    def time_left(self) -> str:
        """The time left on the clock, and whether it runs."""
        minutes, seconds = divmod(max(self.seconds, 0), 60)
        return f"{'❚❚' if self._clock_runs() else '▶'}  {minutes}:{seconds:02d}"

    def give_desk(self, given: bool) -> None:
        """Leave what is done to the speaker's desk: the room's screen only tells."""
        self._has_desk = given
        self._doing.setVisible(not given)
        self.follow_story()
        self._show_votes()
        self._show_time()

    def toggle_clock(self) -> None:
        """Start the countdown, or hold it; from the beginning once it ran out."""
        if self._clock.isActive():
            self._clock.stop()
        else:
            if self.seconds <= 0:
                self.seconds = MINUTES * 60
            self._clock.start()
        self._show_time()

    def ask(self, question: str) -> None:
        """Put a question to the room."""
        if question.strip() != self.ballot.question:
            self.ballot.question = question.strip()
            if not self.question.hasFocus():
                self.question.setText(self.ballot.question)
            self._said.setVisible(self._said.isVisible() and not question)
            self._show_votes()

    def vote(self, answer: str) -> None:
        """Count one more hand."""
        self.ballot.hands.append(answer)
        self._said.hide()  # the next question has begun
        self._show_votes()

    def take_back(self) -> None:
        """Take the last hand back: one was counted by mistake."""
        if self.ballot.hands:
            self.ballot.hands.pop()
            self._show_votes()

    def end_poll(self) -> None:
        """Record the poll with the scenario and begin another; what has no words has a number."""
        votes = self.ballot.votes
        if any(votes.values()):
            number = len(self._document.polls) + 1
            question = self.ballot.question or text("workshop.unnamed", number=number)
            named = {text(f"workshop.{one}"): votes[one] for one in votes}
            self.polled.emit(question, named, self.ballot)
        self.take_ballot(Ballot())

    def take_ballot(self, ballot: Ballot) -> None:
        """Go on with a poll, or begin one."""
        self.ballot = ballot
        self.question.setText(ballot.question)
        self._said.setVisible(self._said.isVisible() and not ballot.hands)
        self._show_votes()

    def say_recorded(self, words: str, votes: Mapping[str, int]) -> None:
        """Tell the room that its answers are kept, and what they were, until it is asked again."""
        counts = text("building.between").join(f"{named} {count}" for named, count in votes.items())
        self._said.setText(f"{words}\n{counts}")
        self._said.show()
        self._give_way()

    def follow_story(self) -> None:
        """Offer the stops that there are now."""
        stops = len(self._document.views)
        self._ways.setVisible(stops > 0 and not self._has_desk)
        if self.stop >= stops:
            self.stop = -1
        if self.stop < 0:
            self._tell("")
            here = not stops and not self._has_desk  # else the room would read it
            self._stop_name.setText(text("workshop.no_stops") if here else "")
        self._give_way()
        self.moved.emit()

    def _tell(self, words: str) -> None:
        """Say what is told at a stop; without words it takes no room."""
        self._story.setText(words)
        self._story.setVisible(bool(words))
        self._give_way()

    def _name_parts(self) -> None:
        """Say what never changes but with the language."""
        self.setWindowTitle(text("action.workshop"))
        self.question.setPlaceholderText(text("workshop.question"))
        self.question.setAccessibleName(text("workshop.question"))
        self._time.setAccessibleName(text("workshop.timer"))

    def changeEvent(self, event: QEvent) -> None:
        """Say all anew in another language; what was recorded has been read."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.view.is_open:
            self._name_parts()
            self._said.hide()
            self.refresh()
            self.view.redraw()  # it writes on the picture
            self.follow_story()
            if self.stop >= 0:
                self._tell_stop()
            self._show_votes()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many requirements as find room, in type that suits the screen."""
        super().resizeEvent(event)
        if not self.view.is_open:
            return
        self._grow(max(1.0, self.height() / LARGE_FROM_PX))
        narrow, side = round(self.width() * SIDE_PART), round(SIDE_PX * self._larger)
        self._beside.setFixedWidth(min(max(narrow, LEAST_SIDE_PX), side))
        self._give_way()
        layout = self.layout()
        if layout is not None:
            layout.activate()  # the legend goes by the view's new size
        self._show_figures()
        self.legend.place()

    def _grow(self, larger: float) -> None:
        if larger == self._larger:
            return
        self._larger = larger
        self.view.type_scale = TYPE_SCALE * larger
        self.setStyleSheet(sheet_of_room(larger) if larger > 1.0 else "")
        self.legend.set_larger(larger)

    def _give_way(self) -> None:
        """Leave out what can be done without where a low screen, or a long text, has no room."""
        low, layout = self.height() < LOW_PX, self._beside.layout()
        self._arrange(low)
        if not low and layout is not None:
            needed = layout.minimumHeightForWidth(self._beside.width())
            if needed > self.height() >= SMALLEST[1]:
                self._arrange(True)

    def _arrange(self, low: bool) -> None:
        """Set all that is said close, without title and what cannot be done, or with room."""
        self._set_close(low)
        self._covered.ensurePolished()
        self._covered.setMinimumHeight(self._covered.fontMetrics().height())  # never cut
        for label in (self._title, self._scenario):
            label.setVisible(not low)
        self._stop_name.setVisible(not low or bool(self._document.views))
        recorded = not self._said.isHidden()  # which then stands in its place
        self._ends.setVisible(not recorded and (not low or self.record.isEnabled()))

    def _set_close(self, low: bool) -> None:
        side, layout = self._beside, self._beside.layout()
        if side.property("low") == low or layout is None:
            return
        margin = LOW_MARGIN_PX if low else MARGIN_PX
        layout.setContentsMargins(margin, margin, margin, margin)
        for rows in filter(None, (layout, self._doing.layout())):
            rows.setSpacing(LOW_GAP_PX if low else GAP_PX)
        side.setProperty("low", low)
        for part in side.findChildren(QWidget):  # they wear the style of their place
            part.style().unpolish(part)
            part.style().polish(part)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return, go through the story, hold the clock."""
        key = event.key()
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_F11):
            self.left.emit()
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_N):
            self.go_to(self.stop + 1)
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_B):
            self.go_to(self.stop - 1)
        elif key == Qt.Key.Key_T:
            self.toggle_clock()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QEvent) -> None:
        """Return, too, by the window's own button."""
        self.left.emit()
        super().closeEvent(event)  # type: ignore[arg-type]  # Qt's own event

    def _look_along(self) -> None:
        if self._followed is not None and self.stop < 0:
            self.view.take_camera(self._followed.camera)

    def _side(self) -> QWidget:
        side = QWidget()
        side.setObjectName("presentationSide")
        self._beside = side
        layout = column(side, margin=MARGIN_PX, gap=GAP_PX)
        self._title, self._scenario, self._covered, self._of = (QLabel() for _ in range(4))
        self._title.setProperty("weight", "bold")
        set_tone(self._scenario, "soft")
        self._covered.setObjectName("presentationFigure")
        for label in (self._title, self._scenario, self._covered, self._of):
            label.setWordWrap(True)
            layout.addWidget(label)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        layout.addLayout(self._rows)
        self._signs = QLabel()
        self._signs.setWordWrap(True)
        set_tone(self._signs, "soft")
        layout.addWidget(self._signs)
        layout.addStretch(1)
        self._add_story(layout)
        self._asked, self._clock_words = QLabel(), QLabel()
        for label in (self._asked, self._clock_words):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            layout.addWidget(label)
        self._asked.setProperty("weight", "bold")
        self._said = QLabel()
        self._said.setWordWrap(True)
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.hide()
        self._doing = QWidget()
        self._add_doing(column(self._doing, gap=GAP_PX))
        layout.addWidget(self._doing)
        layout.addWidget(self._said)
        self._show_time()
        self.follow_story()
        self._show_votes()
        return side

    def _add_story(self, layout: QVBoxLayout) -> None:
        self._stop_name, self._story = QLabel(), QLabel()
        set_tone(self._stop_name, "soft")
        self._story.setWordWrap(True)
        layout.addWidget(self._stop_name)
        layout.addWidget(self._story)
        self._stop_name.setWordWrap(True)
        self._ways = QWidget()
        ways = row(self._ways, gap=8)
        ways.addWidget(_Big("workshop.back", lambda: self.go_to(self.stop - 1)), 1)
        ways.addWidget(_Big("workshop.next", lambda: self.go_to(self.stop + 1)), 1)
        layout.addWidget(self._ways)

    def _add_doing(self, layout: QVBoxLayout) -> None:
        """Add what is done on this screen where it is the only one."""
        self.question = QLineEdit()
        self.question.textChanged.connect(self.ask)
        layout.addWidget(self.question)
        line = row(gap=8)
        self.answers: dict[str, QPushButton] = {}
        for answer in ANSWERS:
            self.answers[answer] = _Big("", partial(self.vote, answer))
            line.addWidget(self.answers[answer], 1)
        layout.addLayout(line)
        self._ends = QWidget()
        ends = row(self._ends, gap=8)
        self.record = _Big("workshop.record", self.end_poll)
        self.back = _Big("workshop.take_back", self.take_back)
        ends.addWidget(self.record, 2)
        ends.addWidget(self.back, 1)
        layout.addWidget(self._ends)
        below = row(gap=8)
        self._time = _Big("", self.toggle_clock)
        below.addWidget(self._time, 1)
        below.addWidget(_Big("workshop.return", self.left.emit), 1)
        layout.addLayout(below)

    def _show_figures(self) -> None:
        clear(self._rows)
        assessment = self._document.assessment
        if assessment is None:
            return
        circle = assessment.full_circle
        guessed = basis(assessment.district, assessment.origins).estimated > 0
        found = circle_basis(assessment)
        sign = signs(at_least=circle.at_least(), estimated=guessed)
        self._covered.setText(sign + figures.share(circle.share))
        key = "workshop.full_circle_in_part" if found.in_part else "workshop.full_circle"
        key = f"circle.{found.why_not}" if found.why_not else key
        said = text(key, None, surveyed=found.surveyed, required=found.required)
        self._of.setText(marked(said, required(assessment)))
        self._of.setToolTip(circle_words(assessment))
        self._of.setAccessibleDescription(circle_words(assessment))
        known = [r for r in assessment.results if r.status == "assessed" and _is_public(r)]
        room = self._room_for_rows()
        shown = sorted(known, key=lambda r: r.covered / r.total)[: max(min(room, ROWS), 0)]
        for result in shown:
            self._rows.addWidget(_figure_row(result, round((ROW_PX - 8) * self._larger)))
        least = circle.at_least() or any(result.at_least for result in shown)
        guessed = guessed or any(result.estimated > 0 for result in shown)
        notes = [("at_least", least), ("estimated", guessed)]
        self._signs.setText("\n".join(text(f"workshop.{key}") for key, used in notes if used))
        self._signs.setVisible(bool(self._signs.text()))

    def _tick(self) -> None:
        self.seconds -= 1
        if self.seconds <= 0:
            self._clock.stop()
        self._show_time()

    def _room_for_rows(self) -> int:
        """Return how many rows have room beside all else that is said and done."""
        layout = self._beside.layout()
        if layout is None:
            return 0
        layout.activate()
        least = layout.totalHeightForWidth(self._beside.width())
        return int((self.height() - least) / (ROW_PX * self._larger))

    def _show_time(self) -> None:
        self._time.setText(self.time_left)
        counted = self._clock_runs() or self.seconds != MINUTES * 60
        self._clock_words.setText(self.time_left.split()[-1])
        self._clock_words.setVisible(self._has_desk and counted)
        self.moved.emit()

    def _clock_runs(self) -> bool:
        return hasattr(self, "_clock") and self._clock.isActive()

    def _show_votes(self) -> None:
        votes = self.ballot.votes
        said = {answer: f"{text(f'workshop.{answer}')}  {votes[answer]}" for answer in ANSWERS}
        for answer, button in self.answers.items():
            button.setText(said[answer])
        for part in (self.record, self.back):
            part.setEnabled(bool(self.ballot.hands))
        counts = text("building.between").join(said.values())
        self._asked.setText("\n".join(filter(None, [self.ballot.question, counts])))
        self._asked.setVisible(self._has_desk and bool(self.ballot.question or self.ballot.hands))
        self._give_way()
        if self.isVisible():
            self._show_figures()  # as many as have room beside what can be done now
        self.moved.emit()


def sheet_of_room(larger: float) -> str:
    """Return the style of a screen that is so many times higher than a laptop's."""
    type_px, notes_px, figure_px = (round(px * larger) for px in (20, 16, 72))
    button_px, field_px = round(54 * larger), round(46 * larger)
    return f"""
        #presentationSide QLabel, #roomLegend QLabel {{ font-size: {type_px}px; }}
        #presentationSide QLineEdit {{ font-size: {type_px}px; min-height: {field_px}px; }}
        #roomLegend #roomNotes {{ font-size: {notes_px}px; }}
        #presentationSide #presentationFigure {{ font-size: {figure_px}px; }}
        QPushButton[touch="true"] {{ font-size: {type_px}px; min-height: {button_px}px; }}
    """


def _is_public(result: Result) -> bool:
    """Return whether a figure is about enough people to be shown to a room."""
    if not result.total:
        return False
    one = np.array([result.covered]), np.array([result.total])
    return not bool(hidden(*one, public=True)[0])


def _figure_row(result: Result, height: int) -> QWidget:
    line = QWidget()
    line.setFixedHeight(height)
    layout = row(line, gap=16)
    name, share = QLabel(result.requirement.marked_name()), QLabel()
    line.setToolTip(meaning([result.requirement]))
    name.setAccessibleDescription(line.toolTip())
    sign = signs(at_least=result.at_least, estimated=result.estimated > 0)
    share.setText(sign + figures.share(result.covered / result.total))
    share.setProperty("weight", "bold")
    layout.addWidget(name, 1)
    layout.addWidget(share)
    return line


class _Big(QPushButton):
    """A button for a finger; one without a key is told elsewhere what it says."""

    def __init__(self, key: str, clicked: Callable[[], object]) -> None:
        super().__init__(text(key) if key else "")
        self._key = key
        self.setProperty("touch", "true")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(lambda: clicked())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self._key:
            self.setText(text(self._key))
