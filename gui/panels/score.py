"""The score panel: the headline, a row for each requirement, communities and groups compared."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from gui.colouring import residents_unknown
from gui.panels import figures
from gui.panels.bars import Bar, BarRow
from gui.panels.explanation import Explanation, explanation, why_not
from gui.panels.parts import Label, Rule, Scrolled, Segments, column, row, set_tone
from gui.view_state import ViewState
from twin.catalogues import groups
from twin.figures import percent
from twin.language import name_of, text
from twin.measured import basis

if TYPE_CHECKING:
    from gui.document import Document
    from twin.assess import Assessment, Result
    from twin.network import Floats

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
    """

    requirement_chosen = Signal(str)

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
        self._rows = _Rows(self._toggle)
        layout.addWidget(self._rows, 1)
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
        """Put the keyboard on the first row."""
        self._rows.take_focus()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()

    def _headline(self) -> QWidget:
        box = QWidget()
        layout = column(box)
        layout.setContentsMargins(16, 16, 16, 8)
        first = row(gap=8)
        first.addWidget(Label("score.full_circle", bold=True), 1)
        self._updating = QLabel()
        set_tone(self._updating, "soft")
        first.addWidget(self._updating)
        layout.addLayout(first)
        second = row(gap=8)
        self._figure = QLabel("–")
        self._figure.setProperty("figure", "true")
        self._figure.setMinimumHeight(40)
        second.addWidget(self._figure)
        second.addStretch(1)
        self._change = QLabel()
        self._change.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        second.addWidget(self._change)
        layout.addLayout(second)
        self._count = QLabel()
        self._count.setWordWrap(True)
        set_tone(self._count, "soft")
        layout.addWidget(self._count)
        return box

    def _show_headline(self, assessment: Assessment | None, base: Assessment | None) -> None:
        current = self._document is not None and self._document.current
        self._updating.setText("" if current or assessment is None else text("score.updating"))
        if assessment is None:
            self._figure.setText("–")
            self._count.setText("")
            self._change.setText("")
            return
        circle = assessment.full_circle
        self._figure.setText(figures.share(circle.share))
        self._figure.setToolTip(text("score.full_circle_help"))
        covered, total = figures.people(circle.covered), figures.people(circle.total)
        key = "score.full_circle_dwellings" if assessment.counts_dwellings else _FULL
        if residents_unknown(assessment):
            key = "score.nothing_to_count"
        rests = basis(assessment.district, assessment.origins)
        guessed = text("score.estimated", share=percent(rests.share)) if rests.estimated else ""
        self._count.setText(" ".join([text(key, covered=covered, total=total), guessed]).strip())
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


class _Rows(Scrolled):
    """The list under the headline; rows are kept and said anew while their number stays."""

    def __init__(self, toggle: Callable[[str], object]) -> None:
        super().__init__()
        self._toggle = toggle
        self._kind = ""
        self._rows: list[BarRow] = []
        self._keys: list[str] = []
        self._opened = ""
        self._unknown = False
        self._note = QLabel()
        self._note.setWordWrap(True)
        self._note.setContentsMargins(16, 16, 16, 8)
        set_tone(self._note, "soft")
        self._explanation = Explanation(self)
        self._explanation.hide()
        self.column.addWidget(self._note)
        self.column.addStretch(1)

    def take_focus(self) -> None:
        """Put the keyboard on the first row."""
        if self._rows:
            self._rows[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the opened row in sight when the room gets smaller."""
        super().resizeEvent(event)
        self._see_opened()

    def _see_opened(self) -> None:
        if self._opened in self._keys:
            line = self._rows[self._keys.index(self._opened)]
            self.ensureWidgetVisible(line, 0, min(160, self.height() // 3))

    def show_note(self, words: str) -> None:
        """Say why there is nothing to list."""
        self._fit("note", [], [])
        self._note.setText(words)
        self._note.show()

    def show_requirements(
        self, assessment: Assessment, base: Assessment | None, opened: str
    ) -> None:
        """List the requirements, the opened one with its explanation."""
        results = assessment.results
        before = {r.requirement.id: r for r in base.results} if base else {}
        word = count_key(assessment)
        self._unknown = residents_unknown(assessment)
        bars = [
            requirement_bar(r, before.get(r.requirement.id), word, self._unknown) for r in results
        ]
        self._fit("requirements", [r.requirement.id for r in results], bars)
        self._note.hide()
        self._open(opened, {r.requirement.id: r for r in results})

    def show_communities(
        self, assessment: Assessment, base: Assessment | None, requirement: str
    ) -> None:
        """List the communities by full circle, or by the opened requirement."""
        now, words = _by_community(assessment, requirement)
        then = _by_community(base, requirement)[0] if base else now
        names = [*assessment.district.communities["name"], text("score.outside")]
        bars = [
            share_bar(str(name), covered, total, before, count_key(assessment))
            for name, covered, total, before in zip(names, *now, then[0], strict=False)
            if total > 0 or name != names[-1]
        ]
        self._list("communities", bars, words)

    def show_groups(self, assessment: Assessment, base: Assessment | None) -> None:
        """List the groups of residents by full circle."""
        before = base.full_circle.by_group if base else assessment.full_circle.by_group
        bars = [
            share_bar(groups()[id_].name, covered, total, before[id_][0], count_key(assessment))
            for id_, (covered, total, _) in assessment.full_circle.by_group.items()
        ]
        self._list("groups", bars, text("score.of"))

    def _list(self, kind: str, bars: Sequence[Bar], words: str) -> None:
        self._fit(kind, [""] * len(bars), bars)
        self._note.setText(words)
        self._note.show()

    def _fit(self, kind: str, keys: Sequence[str], bars: Sequence[Bar]) -> None:
        """Have one row for each bar; make them anew only where the list is another one."""
        if kind != self._kind or list(keys) != self._keys:
            self.column.removeWidget(self._explanation)
            self._explanation.hide()
            for old in self._rows:
                old.hide()
                old.deleteLater()
            self._kind, self._keys = kind, list(keys)
            self.verticalScrollBar().setValue(0)
            self._rows = [self._row(key, bar) for key, bar in zip(keys, bars, strict=True)]
        for line, bar in zip(self._rows, bars, strict=True):
            line.set_bar(bar)

    def _row(self, key: str, bar: Bar) -> BarRow:
        line = BarRow(bar, opens=bool(key))
        line.clicked.connect(lambda: self._toggle(key))
        self.column.insertWidget(self.column.count() - 1, line)
        return line

    def _open(self, opened: str, results: dict[str, Result]) -> None:
        for key, line in zip(self._keys, self._rows, strict=True):
            line.setChecked(key == opened)
            line.setToolTip(f"<p>{escape(explanation(results[key], self._unknown)[0])}</p>")
        if opened != self._opened:
            self._opened = opened
            QTimer.singleShot(0, self, self._see_opened)
        if opened not in results:
            self._explanation.hide()
            return
        at = self.column.indexOf(self._rows[self._keys.index(opened)])
        if self.column.indexOf(self._explanation) != at + 1:
            self.column.removeWidget(self._explanation)
            at = self.column.indexOf(self._rows[self._keys.index(opened)])
            self.column.insertWidget(at + 1, self._explanation)
        self._explanation.say(results[opened], self._unknown)
        self._explanation.show()


def count_key(assessment: Assessment) -> str:
    """Return the key of the text for counts: of people, else of dwellings."""
    return "score.count_dwellings" if assessment.counts_dwellings else "score.count"


def requirement_bar(
    result: Result, base: Result | None, count_key: str, unknown: bool = False
) -> Bar:
    """Return the row of one requirement; `unknown` where nobody counted the residents."""
    wanted = result.requirement
    title = name_of(wanted.name)
    kind = wanted.service_types[0]
    if result.status != "assessed":
        status = "not_assessed" if unknown else result.status
        return Bar(
            title, text(f"score.{status}"), detail=why_not(result, unknown), service_type=kind
        )
    count = text(
        count_key,
        covered=figures.people(result.covered),
        total=figures.people(result.total),
    )
    within = text("score.within", limit=figures.limit(wanted.limit, wanted.unit))
    gained = result.covered - base.covered if base and base.status == "assessed" else 0.0
    return Bar(
        title,
        figures.share(result.share),
        result.share,
        base.share if base and round(gained) else math.nan,
        f"{count}  {within}",
        "" if wanted.verified else text("score.unverified"),
        figures.difference(gained),
        gained > 0,
        kind,
    )


def share_bar(title: str, covered: float, total: float, base_covered: float, count_key: str) -> Bar:
    """Return the row of a community or group."""
    share = covered / total if total > 0 else math.nan
    gained = covered - base_covered
    return Bar(
        title,
        figures.share(share) if total > 0 else text("score.no_demand"),
        share,
        base_covered / total if total > 0 and round(gained) else math.nan,
        text(count_key, covered=figures.people(covered), total=figures.people(total)),
        change=figures.difference(gained),
        gains=gained > 0,
    )


def _by_community(assessment: Assessment, requirement: str) -> tuple[tuple[Floats, Floats], str]:
    for result in assessment.results:
        if result.requirement.id == requirement:
            name = name_of(result.requirement.name)
            return result.by_community, text("score.of_requirement", name=name)
    return assessment.full_circle.by_community, text("score.of")
