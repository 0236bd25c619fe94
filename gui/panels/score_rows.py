"""The rows of the score panel: requirements with what was not assessed folded, and comparisons."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel

from gui.colouring import residents_unknown
from gui.panels import figures
from gui.panels.bars import Bar, BarRow
from gui.panels.explanation import Explanation, explanation, why_not
from gui.panels.limits import meaning, within
from gui.panels.menus import MenuWanted, menu_of, when_asked
from gui.panels.parts import Scrolled, set_tone
from gui.panels.roving import Roving
from twin.assessment.communities import counted_in
from twin.figures import signs
from twin.language import name_of, text
from twin.model.catalogues import groups, service_types
from twin.model.sources import MARKS, legend
from twin.subject import Subject

if TYPE_CHECKING:
    from twin.arrays import Floats
    from twin.assessment.alternatives import Either
    from twin.assessment.assess import Assessment, Result

FOLD = "fold"
"""Key of the row that folds what was not assessed."""


class Rows(Scrolled):
    """The list under the headline; rows are kept and said anew while their number stays.

    One row is a tab stop; Up and Down move, Enter opens a requirement under its row. Right asks for
    the account of a figure, as Enter does on a community or group. `menu` opens the menu of a row.
    """

    def __init__(
        self,
        toggle: Callable[[str], object],
        account: Callable[[Subject], object],
        refresh: Callable[[], object],
        menu: Callable[[MenuWanted], object],
    ) -> None:
        super().__init__()
        self._toggle, self._account, self._refresh = toggle, account, refresh
        self._menu = menu
        self._kind = ""
        self._rows: list[BarRow] = []
        self._keys: list[str | Subject] = []
        self._opened = ""
        self._unfolded = False
        self._unknown = False
        self._roving = Roving(self)
        self._note = QLabel()
        self._note.setWordWrap(True)
        self._note.setContentsMargins(16, 16, 16, 8)
        set_tone(self._note, "soft")
        self._explanation = Explanation(self, lambda: account(Subject("requirement", self._opened)))
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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give an account of the row's figure on Right."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            rows: list[QObject] = list(self._rows)
            if event.key() == Qt.Key.Key_Right and watched in rows:
                self._tell(self._keys[rows.index(watched)])
                return True
        return super().eventFilter(watched, event)

    def show_note(self, words: str) -> None:
        """Say why there is nothing to list."""
        self._fit("note", [], [])
        self._note.setText(words)
        self._note.show()

    def show_requirements(
        self, assessment: Assessment, base: Assessment | None, opened: str
    ) -> None:
        """List the requirements, the opened one with its explanation, the unknown ones folded."""
        before = {r.requirement.id: r for r in base.results} if base else {}
        word = count_key(assessment)
        self._unknown = residents_unknown(assessment)
        known = [r for r in assessment.results if r.status != "not_assessed"]
        folded = [r for r in assessment.results if r.status == "not_assessed"]
        shown = known + (folded if self._folds_open(folded, opened) else [])
        bars = [
            requirement_bar(r, before.get(r.requirement.id), word, self._unknown) for r in shown
        ]
        keys: list[str | Subject] = [r.requirement.id for r in shown]
        then = {one.alternatives.id: one for one in base.eithers} if base else {}
        for one in assessment.eithers:
            rows = [row.requirement.id for row in one.rows if row in known]
            at = 1 + max(map(keys.index, rows))
            bars.insert(at, either_bar(one, then.get(one.alternatives.id), word))
            keys.insert(at, Subject("requirement", one.alternatives.id))
        if folded:
            at = len(keys) - (len(shown) - len(known))
            bars.insert(at, _fold_bar(folded, len(shown) > len(known)))
            keys.insert(at, FOLD)
        self._fit("requirements", keys, bars)
        self._note.hide()
        self._open(opened, {r.requirement.id: r for r in shown})

    def show_communities(
        self, assessment: Assessment, base: Assessment | None, requirement: str
    ) -> None:
        """List the communities by full circle, or by the opened requirement."""
        now, words = _by_community(assessment, requirement)
        then = now
        if base is not None:
            then, _ = _by_community(counted_in(base, assessment.district), requirement)
        more = assessment.origins.by_community(assessment.full_circle.more) > 0
        if requirement:
            more[:] = False  # the requirement's own row tells of its bounds
        names = [*assessment.district.communities["name"], text("score.outside")]
        kind: Subject = Subject("requirement" if requirement else "full_circle", requirement)
        pairs = [
            (
                Subject(kind.kind, kind.requirement, community=row),
                share_bar(
                    str(name), covered, total, before, count_key(assessment), at_least=bool(bound)
                ),
            )
            for row, (name, covered, total, before, bound) in enumerate(
                zip(names, *now, then[0], more, strict=False)
            )
            if total > 0 or name != names[-1]
        ]
        self._list("communities", pairs, words)

    def show_groups(self, assessment: Assessment, base: Assessment | None) -> None:
        """List the groups of residents by full circle."""
        circle = assessment.full_circle
        before = base.full_circle.by_group if base else circle.by_group
        word = count_key(assessment)
        pairs = [
            (
                Subject("full_circle", group=id_),
                share_bar(
                    groups()[id_].name,
                    covered if circle.asked else math.nan,
                    total,
                    before[id_][0] if base is None or base.full_circle.asked else math.nan,
                    word,
                    circle.unasked[id_],
                    circle.at_least(id_),
                ),
            )
            for id_, (covered, total, _) in circle.by_group.items()
        ]
        self._list("groups", pairs, text("score.of"))

    def _folds_open(self, folded: Sequence[Result], opened: str) -> bool:
        return self._unfolded or opened in [r.requirement.id for r in folded]

    def _list(self, kind: str, pairs: Sequence[tuple[Subject, Bar]], words: str) -> None:
        self._fit(kind, [key for key, _ in pairs], [bar for _, bar in pairs])
        self._note.setText(words)
        self._note.show()

    def _fit(self, kind: str, keys: Sequence[str | Subject], bars: Sequence[Bar]) -> None:
        """Have one row for each bar; make them anew only where the list is another one."""
        if kind != self._kind or list(keys) != self._keys:
            self.column.removeWidget(self._explanation)
            self._explanation.hide()
            for old in self._rows:
                old.hide()
                old.deleteLater()
            if kind != self._kind:
                self.verticalScrollBar().setValue(0)
            self._kind, self._keys = kind, list(keys)
            self._rows = [self._row(key, bar) for key, bar in zip(keys, bars, strict=True)]
            self._roving.follow(self._rows)
        for line, bar in zip(self._rows, bars, strict=True):
            line.set_bar(bar)

    def _row(self, key: str | Subject, bar: Bar) -> BarRow:
        line = BarRow(bar)
        line.clicked.connect(lambda: self._click(key))
        line.installEventFilter(self)
        when_asked(line, lambda at: self._want_menu(key, at))
        self.column.insertWidget(self.column.count() - 1, line)
        return line

    def _click(self, key: str | Subject) -> None:
        if isinstance(key, Subject):
            self._rows[self._keys.index(key)].setChecked(False)
            self._account(key)
        elif key == FOLD:
            self._unfolded = not self._unfolded
            self._refresh()
        else:
            self._toggle(key)

    def _tell(self, key: str | Subject) -> None:
        if key != FOLD:
            self._account(key if isinstance(key, Subject) else Subject("requirement", key))

    def _want_menu(self, key: str | Subject, at: QPoint) -> None:
        """Ask for the menu of a row; a requirement is opened first, as a click does."""
        if key == FOLD:
            return
        if isinstance(key, str) and key != self._opened:
            self._toggle(key)
        bar = self._rows[self._keys.index(key)].bar
        said = [words for words in (bar.title, bar.figure, bar.detail, bar.change) if words]
        subject = key if isinstance(key, Subject) else Subject("requirement", key)
        self._menu(menu_of(subject, at, self._account, said))

    def _see_opened(self) -> None:
        """Scroll to the opened row: as much of its explanation as has room below its figure."""
        if self._opened not in self._keys:
            return
        line = self._rows[self._keys.index(self._opened)]
        shown = line.geometry()
        if self._explanation.isVisible():
            shown = shown.united(self._explanation.geometry())
        bar, foot = self.verticalScrollBar(), shown.bottom() + 1 - self.viewport().height()
        bar.setValue(min(max(bar.value(), foot), shown.top()))

    def _find_opened(self) -> None:
        """Scroll to a row that was opened just now, once rows and explanation have their places."""
        self.column.activate()
        QCoreApplication.sendEvent(self, QEvent(QEvent.Type.LayoutRequest))
        self._see_opened()

    def _open(self, opened: str, results: dict[str, Result]) -> None:
        for key, line in zip(self._keys, self._rows, strict=True):
            line.setChecked(key == opened)
            if isinstance(key, str) and key in results:
                said = explanation(results[key], self._unknown)[0], line.bar.note
                line.setToolTip("".join(f"<p>{escape(words)}</p>" for words in said if words))
        if opened != self._opened:
            self._opened = opened
            QTimer.singleShot(0, self, self._find_opened)
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
    gained = result.covered - base.covered if base and base.status == "assessed" else 0.0
    sign = signs(at_least=result.at_least, estimated=result.estimated > 0)
    guessed = text("score.estimated_help") if result.estimated else ""
    return Bar(
        title,
        sign + figures.share(result.share),
        result.share,
        base.share if base and round(gained) else math.nan,
        f"{count}  {within(wanted)}",
        "" if wanted.verified else text("score.unverified"),
        figures.difference(gained),
        gained > 0,
        kind,
        "\n".join(filter(None, [meaning([wanted]), guessed])),
    )


def either_bar(found: Either, base: Either | None, count_key: str) -> Bar:
    """Return the row of requirements any one of which is enough."""
    covered, total = figures.people(found.covered), figures.people(found.total)
    count = text(count_key, covered=covered, total=total)
    gained = found.covered - base.covered if base else 0.0
    guessed = any(row.estimated for row in found.rows)
    sign = signs(at_least=found.lower_bound, estimated=guessed)
    names = text("score.or").join(name_of(row.requirement.name) for row in found.rows)
    kinds = [row.requirement.service_types[0] for row in found.rows]
    signed = len({service_types()[kind].family.id for kind in kinds}) == 1
    return Bar(
        name_of(found.alternatives.name),
        sign + figures.share(found.share),
        found.share,
        base.share if base and round(gained) else math.nan,
        f"{count}  {text('score.either')}\u00a0{MARKS[found.standing]}".rstrip(),
        "",
        figures.difference(gained),
        gained > 0,
        kinds[0] if signed else "",
        "\n".join([text("score.either_help", names=names), *legend([found.standing])]),
    )


def share_bar(
    title: str,
    covered: float,
    total: float,
    base_covered: float,
    count_key: str,
    unasked: float = 0.0,
    at_least: bool = False,
) -> Bar:
    """Return the row of a community or group.

    What was not assessed, now or before, is NaN covered. For `unasked` people nothing is asked.
    `at_least`: the share is a lower bound.
    """
    if math.isnan(covered):
        return Bar(title, text("score.not_assessed"))
    if not total > 0 and round(unasked):
        return Bar(title, text("circle.nothing_asked"))
    base_covered = covered if math.isnan(base_covered) else base_covered
    share = covered / total if total > 0 else math.nan
    gained = covered - base_covered
    return Bar(
        title,
        signs(at_least=at_least, estimated=False) + figures.share(share)
        if total > 0
        else text("score.no_demand"),
        share,
        base_covered / total if total > 0 and round(gained) else math.nan,
        text(count_key, covered=figures.people(covered), total=figures.people(total)),
        change=figures.difference(gained),
        gains=gained > 0,
    )


def _fold_bar(folded: Sequence[Result], is_open: bool) -> Bar:
    """Return the row over what was not assessed, which it shows and hides."""
    arrow = "▾" if is_open else "▸"
    no_streets = any(result.why_not == "no_streets" for result in folded)
    return Bar(
        f"{arrow}  {text('score.folded', count=len(folded))}",
        "",
        detail=text("score.no_streets_why" if no_streets else "score.not_surveyed_why"),
    )


def _by_community(assessment: Assessment, requirement: str) -> tuple[tuple[Floats, Floats], str]:
    for result in assessment.results:
        if result.requirement.id == requirement:
            name = result.requirement.marked_name()
            known = result.status != "not_assessed"
            return _known(result.by_community, known), text("score.of_requirement", name=name)
    circle = assessment.full_circle
    return _known(circle.by_community, circle.asked > 0), text("score.of")


def _known(counts: tuple[Floats, Floats], known: bool) -> tuple[Floats, Floats]:
    """Return covered and all people, the former NaN where nothing was assessed."""
    covered, total = counts
    return (covered if known else np.full(len(total), np.nan)), total
