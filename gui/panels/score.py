"""The score panel: the headline, a row for each requirement, communities and groups compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from gui.colouring import residents_unknown
from gui.panels import figures
from gui.panels.account_page import AccountPage
from gui.panels.limits import marked, required
from gui.panels.parts import HelpButton, IconButton, Label, Rule, Segments, column, row, set_tone
from gui.panels.score_rows import Rows
from gui.view_state import ViewState
from twin.assessment.circle_words import circle_basis, circle_words
from twin.assessment.measured import basis
from twin.figures import percent, signs
from twin.language import text
from twin.subject import Subject
from twin.telling.horizon_words import horizon_words

if TYPE_CHECKING:
    from gui.document import Document
    from twin.assessment.assess import Assessment

PAGES = {
    "requirements": "score.requirements",
    "communities": "score.communities",
    "groups": "score.groups",
}


LOWEST_PX = 248
"""The headline in three lines and one row: below that the inspector gives way."""
_FULL = "score.full_circle_count"


class ScorePanel(QWidget):
    """What the standard says of the district that is shown, and what changed against the base.

    Signals
    -------
    requirement_chosen(id)
        A row was opened, or "" when it was closed.
    account_asked(subject)
        A figure is to explain itself.
    stairs_chosen(on)
        Walks are to begin at the homes on each storey, or at the street door.
    menu_asked(wanted)
        A `MenuWanted` of a row.
    """

    requirement_chosen = Signal(str)
    account_asked = Signal(object)
    stairs_chosen = Signal(bool)
    menu_asked = Signal(object)

    def __init__(self, state: ViewState) -> None:
        super().__init__()
        self._state = state
        self._document: Document | None = None
        self._page = "requirements"
        self.setMinimumHeight(LOWEST_PX)
        layout = column(self)
        layout.addWidget(self._headline())
        self._segments = Segments(PAGES, self._turn_to)
        self._segments.choose(self._page)
        segments = row()
        segments.setContentsMargins(8, 0, 8, 0)
        segments.addWidget(self._segments)
        layout.addLayout(segments)
        layout.addWidget(Rule())
        asked, menu = self.account_asked.emit, self.menu_asked.emit
        self._rows = Rows(self._toggle, asked, self.refresh, menu)
        layout.addWidget(self._rows, 1)
        self.page = AccountPage()
        self.page.hide()
        layout.addWidget(self.page, 1)
        state.changed.connect(self._on_state)

    def set_document(self, document: Document | None) -> None:
        """Show another document's figures."""
        self._document = document
        self.refresh()

    def refresh(self) -> None:
        """Show the figures that the document has now."""
        assessment = self._document.assessment if self._document else None
        base = self._document.base_assessment if self._document else None
        self._show_headline(assessment, base)
        if assessment is None:
            self._rows.show_note(text("score.no_figures"))
        elif self._page == "requirements":
            self._rows.show_requirements(assessment, base, self._state.seen.requirement)
        elif self._page == "communities":
            self._rows.show_communities(assessment, base, self._state.seen.requirement)
        else:
            self._rows.show_groups(assessment, base)

    def take_focus(self) -> None:
        """Put the keyboard on the first row, or on the way back from an account."""
        if self.page.isHidden():
            self._rows.take_focus()
        else:
            self.page.take_focus()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()

    def _headline(self) -> QWidget:
        box = QWidget()
        layout = column(box)
        layout.setContentsMargins(16, 8, 8, 8)
        first = row(gap=8)
        first.addWidget(Label("score.full_circle", bold=True), 1)
        self._updating = QLabel()
        set_tone(self._updating, "soft")
        first.addWidget(self._updating)
        self._stairs = IconButton("stairs", "score.door_to_door")
        self._stairs.setCheckable(True)
        self._stairs.clicked.connect(self.stairs_chosen)
        first.addWidget(self._stairs)
        first.addWidget(HelpButton("help.score"))
        layout.addLayout(first)
        second = row(gap=8)
        self._figure = QPushButton("–")
        self._figure.setProperty("kind", "figure")
        self._figure.setMinimumHeight(40)
        self._figure.setEnabled(False)
        self._figure.setCursor(Qt.CursorShape.PointingHandCursor)
        self._figure.clicked.connect(lambda: self.account_asked.emit(Subject("full_circle")))
        second.addWidget(self._figure)
        self._change = QLabel()
        self._change.setWordWrap(True)  # beside a large figure a narrow panel has little room
        self._change.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        second.addWidget(self._change, 1)
        layout.addLayout(second)
        self._time = QLabel()
        self._time.setWordWrap(True)
        set_tone(self._time, "looked")
        layout.addWidget(self._time)
        self._count = QLabel()
        self._count.setWordWrap(True)
        set_tone(self._count, "soft")
        layout.addWidget(self._count)
        return box

    def _show_headline(self, assessment: Assessment | None, base: Assessment | None) -> None:
        current = self._document is not None and self._document.current
        self._updating.setText("" if current or assessment is None else text("score.updating"))
        self._figure.setEnabled(assessment is not None)
        if self._document is not None:
            self._stairs.setChecked(self._document.door_to_door)
        words = horizon_words(assessment.horizon) if assessment is not None else ""
        self._time.setText(words)
        self._time.setVisible(bool(words))
        if assessment is None:
            self._figure.setText("–")
            self._count.setText("")
            self._change.setText("")
            return
        circle = assessment.full_circle
        rests = basis(assessment.district, assessment.origins)
        sign = signs(at_least=circle.at_least(), estimated=rests.estimated > 0)
        self._figure.setText(sign + figures.share(circle.share))
        self._figure.setToolTip(text("score.full_circle_help"))
        self._figure.setAccessibleName(f"{text('score.full_circle')}: {self._figure.text()}")
        covered, total = figures.people(circle.covered), figures.people(circle.total)
        found = circle_basis(assessment)
        key = "score.full_circle_dwellings" if assessment.counts_dwellings else _FULL
        if residents_unknown(assessment):
            key = "score.nothing_to_count"
        elif found.why_not:
            key = f"circle.{found.why_not}"
        elif found.in_part:
            key += "_in_part"
        guessed = text("score.estimated", share=percent(rests.share)) if rests.estimated else ""
        counts = {"required": found.required, "surveyed": found.surveyed}
        said = text(key, None, covered=covered, total=total, **counts) + guessed
        if not found.why_not and round(circle.unasked["all"]):
            said += text("score.unasked", count=figures.people(circle.unasked["all"]))
        self._count.setText(marked(said, required(assessment)))
        self._count.setToolTip(circle_words(assessment))
        self._count.setAccessibleDescription(circle_words(assessment))
        gained = circle.covered - base.full_circle.covered if base else 0.0
        change = figures.difference(gained)
        self._change.setText(text("score.change", change=change) if change else "")
        set_tone(self._change, "gain" if gained > 0 else "loss")

    def _turn_to(self, page: str) -> None:
        self._page = page
        self.refresh()

    def _toggle(self, requirement: str) -> None:
        self.requirement_chosen.emit(
            "" if requirement == self._state.seen.requirement else requirement
        )

    def _on_state(self, names: frozenset[str]) -> None:
        if "requirement" in names:
            self.refresh()
        if "subject" in names:
            explains = self._state.seen.subject is not None
            self._rows.setVisible(not explains)
            self.page.setVisible(explains)
            if explains:
                self.page.take_focus()
