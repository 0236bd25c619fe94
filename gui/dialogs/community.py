"""A card for one community: its name, and taking it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit

from gui.panels.parts import Label, TextButton, column, row
from twin.language import text
from twin.model.edits import ChangeCommunity, RemoveCommunity

if TYPE_CHECKING:
    from gui.document import Document
    from gui.window import Window


class CommunityCard(QDialog):
    """Takes another name for a community, or removes it; each is a step that can be undone."""

    def __init__(self, window: Window, document: Document, community: int) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("community.title"))
        self._window, self._document, self._id = window, document, community
        communities = document.session.district.communities
        self._was = str(communities["name"][communities.row_of(community)])
        layout = column(self, margin=16, gap=8)
        label = Label("community.name", tone="soft")
        self.name = QLineEdit(self._was)
        self.name.setMinimumWidth(280)
        self.name.setAccessibleName(text("community.name"))
        self.name.selectAll()
        label.setBuddy(self.name)
        layout.addWidget(label)
        layout.addWidget(self.name)
        layout.addSpacing(8)
        last = row(gap=8)
        self.remove = TextButton("community.remove", self._remove, kind="quiet")
        self.keep = TextButton("community.keep", self._keep, kind="primary")
        self.keep.setDefault(True)
        self.remove.setAutoDefault(False)
        last.addWidget(self.remove)
        last.addStretch(1)
        last.addWidget(self.keep)
        layout.addLayout(last)

    def _keep(self) -> None:
        name = self.name.text().strip()
        if name != self._was:
            edit = ChangeCommunity(self._id, {"name": name})
            self._document.do("history.community_named", edit)
        self.accept()

    def _remove(self) -> None:
        if self._document.do("history.community_removed", RemoveCommunity(self._id)):
            self._window.hand.told.say(text("done.community_removed", name=self._was))
        self.accept()
