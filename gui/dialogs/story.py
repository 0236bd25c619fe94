"""The story of a workshop: the kept views in order, each with a name and what is told there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHeaderView, QLabel, QTableWidget, QTableWidgetItem

from gui.panels.form import group_title
from gui.panels.parts import TextButton, column, row, set_tone
from twin.language import text

if TYPE_CHECKING:
    from gui.window import Window


class StoryEditor(QDialog):
    """Names and texts are written as they are typed; polls of earlier rooms stand below."""

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
        document = window.document
        views = document.views if document is not None else ()
        self.list = QTableWidget(len(views), 2)
        self.list.setHorizontalHeaderLabels([text("workshop.view"), text("workshop.told")])
        self.list.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.list.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.list.setColumnWidth(0, 160)
        self.list.verticalHeader().setDefaultSectionSize(36)
        self.list.setAccessibleName(self.windowTitle())
        for number, view in enumerate(views):
            self.list.setItem(number, 0, QTableWidgetItem(view.name))
            self.list.setItem(number, 1, QTableWidgetItem(view.words))
        self.list.itemChanged.connect(self._write)
        self.list.setVisible(bool(views))
        layout.addWidget(self.list, 1)
        if not views:
            none = QLabel(text("workshop.no_story"))
            none.setAlignment(Qt.AlignmentFlag.AlignCenter)
            none.setWordWrap(True)
            layout.addWidget(none, 1)
        polls = document.polls if document is not None else ()
        if polls:
            layout.addWidget(group_title(text("workshop.polls")))
        for poll in polls:
            counts = text("building.between").join(f"{k} {v}" for k, v in poll.votes.items())
            layout.addWidget(QLabel(f"{poll.at[:16].replace('T', ' ')}  {poll.question}: {counts}"))
        last = row(gap=8)
        last.addStretch(1)
        last.addWidget(TextButton("dialog.close", self.close))
        layout.addLayout(last)

    def _write(self, item: QTableWidgetItem) -> None:
        document = self._window.document
        if document is None or item.row() >= len(document.views):
            return
        views, place = list(document.views), item.row()
        name = "name" if item.column() == 0 else "words"
        views[place] = replace(views[place], **{name: item.text().strip()})  # type: ignore[arg-type]
        document.views = tuple(views)
        self._window.follow_history()
