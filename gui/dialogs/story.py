"""The story of a workshop: the kept views in order, each with a name and what is told there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from gui.panels.form import group_title
from gui.panels.menus import MenuWanted, Own, when_asked_in
from gui.panels.parts import HelpButton, TextButton, column, row, set_tone
from twin.language import text

if TYPE_CHECKING:
    from gui.views import KeptView
    from gui.window import Window


class StoryEditor(QDialog):
    """Names and texts are written as they are typed; polls of earlier rooms stand below.

    It stands beside the window, so that the model can be turned and the next stop be added.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("action.story").rstrip("…"))
        self.resize(640, 520)
        self._window = window
        layout = column(self, margin=16, gap=8)
        words = QLabel(text("workshop.story_note"))
        words.setWordWrap(True)
        set_tone(words, "soft")
        layout.addWidget(words)
        self.list = self._make_list()
        layout.addWidget(self.list, 1)
        self._none = QLabel(text("workshop.no_story"))
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._none.setWordWrap(True)
        layout.addWidget(self._none, 1)
        layout.addLayout(self._make_ways())
        self._add_polls(layout)
        last = row(gap=8)
        last.addWidget(HelpButton("help.story"))
        last.addStretch(1)
        last.addWidget(TextButton("dialog.close", self.close))
        layout.addLayout(last)
        self.refresh()

    def refresh(self) -> None:
        """List the views that are kept now."""
        document = self._window.document
        views = document.views if document is not None else ()
        if self._listed() != [(view.name, view.words) for view in views]:
            self.list.blockSignals(True)
            self.list.setRowCount(len(views))
            for number, view in enumerate(views):
                self.list.setItem(number, 0, QTableWidgetItem(view.name))
                self.list.setItem(number, 1, QTableWidgetItem(view.words))
            self.list.blockSignals(False)
        self.list.setVisible(bool(views))
        self._none.setVisible(not views)
        self._follow()

    def _make_list(self) -> QTableWidget:
        made = QTableWidget(0, 2)
        made.setHorizontalHeaderLabels([text("workshop.view"), text("workshop.told")])
        made.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        made.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        made.setColumnWidth(0, 160)
        made.verticalHeader().setDefaultSectionSize(36)
        made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        made.setAccessibleName(self.windowTitle())
        made.itemChanged.connect(self._write)
        made.currentCellChanged.connect(lambda *_: self._follow())
        when_asked_in(made, self._want_menu)
        return made

    def _want_menu(self, index: QModelIndex, at: QPoint) -> None:
        own: list[Own] = [(text("menu.fly_there"), partial(self._window.views.go_to, index.row()))]
        if index.column() == 0:
            own += [(text("menu.rename"), partial(self.list.edit, index))]
        ways = (self.earlier, self.later, self.remove)
        own += [(way.text(), way.click) for way in ways if way.isEnabled()]
        self._window.offers.open(MenuWanted(at, "view", own=tuple(own)))

    def _make_ways(self) -> QHBoxLayout:
        ways = row(gap=8)
        self.add = TextButton("workshop.add_stop", self._window.views.keep)
        self.earlier = TextButton("workshop.earlier", lambda: self._move(-1))
        self.later = TextButton("workshop.later", lambda: self._move(1))
        self.remove = TextButton("workshop.remove_stop", self._remove)
        for button in (self.add, self.earlier, self.later, self.remove):
            ways.addWidget(button)
        ways.addStretch(1)
        return ways

    def _add_polls(self, layout: QVBoxLayout) -> None:
        document = self._window.document
        polls = document.polls if document is not None else ()
        if polls:
            layout.addWidget(group_title(text("workshop.polls")))
        for poll in polls:
            counts = text("building.between").join(f"{k} {v}" for k, v in poll.votes.items())
            layout.addWidget(QLabel(f"{poll.at[:16].replace('T', ' ')}  {poll.question}: {counts}"))

    def _listed(self) -> list[tuple[str, str]]:
        model, rows = self.list.model(), range(self.list.rowCount())
        return [(str(model.index(n, 0).data()), str(model.index(n, 1).data())) for n in rows]

    def _follow(self) -> None:
        """Offer what can be done with the stop in hand."""
        at, count = self.list.currentRow(), self.list.rowCount()
        self.earlier.setEnabled(0 < at < count)
        self.later.setEnabled(0 <= at < count - 1)
        self.remove.setEnabled(0 <= at < count)

    def _move(self, by: int) -> None:
        document, at = self._window.document, self.list.currentRow()
        if document is None or not (0 <= at < len(document.views) > at + by >= 0):
            return
        views = list(document.views)
        views.insert(at + by, views.pop(at))
        self._take(views)
        self.list.setCurrentCell(at + by, self.list.currentColumn())

    def _remove(self) -> None:
        document, at = self._window.document, self.list.currentRow()
        if document is not None and 0 <= at < len(document.views):
            self._take([*document.views[:at], *document.views[at + 1 :]])

    def _write(self, item: QTableWidgetItem) -> None:
        document, place = self._window.document, item.row()
        if document is None or place >= len(document.views):
            return
        views = list(document.views)
        name = "name" if item.column() == 0 else "words"
        views[place] = replace(views[place], **{name: item.text().strip()})  # type: ignore[arg-type]
        self._take(views)

    def _take(self, views: Sequence[KeptView]) -> None:
        assert self._window.document is not None
        self._window.document.note(views=tuple(views))
