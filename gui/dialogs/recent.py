"""The projects opened before, each with a small picture of how it was left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QDialog, QLabel, QListView, QListWidget, QListWidgetItem

from gui import theme
from gui.keeping import THUMBNAIL, thumbnail_path
from gui.panels.parts import HelpButton, TextButton, column, row, set_tone, tip
from twin.language import text

if TYPE_CHECKING:
    from gui.window import Window


class RecentProjects(QDialog):
    """Opening one closes the list."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("menu.recent"))
        self.resize(760, 520)
        layout = column(self, margin=16, gap=16)
        self.list = QListWidget()
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setIconSize(QSize(*THUMBNAIL))
        self.list.setGridSize(QSize(THUMBNAIL[0] + 16, THUMBNAIL[1] + 48))
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setWordWrap(True)
        self.list.setAccessibleName(text("menu.recent"))
        self.list.itemActivated.connect(self._open)
        self.list.itemClicked.connect(self._open)
        for path in window.settings.recent:
            self._add(path)
        layout.addWidget(self.list, 1)
        self._none = QLabel(text("recent.none"))
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_tone(self._none, "soft")
        layout.addWidget(self._none, 1)
        last = row(gap=8)
        last.addWidget(HelpButton("help.recent"))
        self._forget_all = TextButton("recent.forget", self._forget)
        last.addWidget(self._forget_all)
        last.addStretch(1)
        last.addWidget(TextButton("dialog.close", self.close))
        layout.addLayout(last)
        self._show_whether_any()

    def _show_whether_any(self) -> None:
        """Say that there are none where there are none, in the place of an empty frame."""
        some = self.list.count() > 0
        self.list.setVisible(some)
        self._none.setVisible(not some)
        self._forget_all.setEnabled(some)

    def _add(self, path: Path) -> None:
        picture = QPixmap(str(thumbnail_path(path)))
        if picture.isNull():
            picture = QPixmap(*THUMBNAIL)
            picture.fill(theme.colour("paper"))
        item = QListWidgetItem(QIcon(picture), path.name.removesuffix(".twin.gpkg"))
        item.setToolTip(tip(str(path)))
        item.setData(Qt.ItemDataRole.UserRole, str(path))
        self.list.addItem(item)

    def _open(self, item: QListWidgetItem) -> None:
        path = Path(str(item.data(Qt.ItemDataRole.UserRole)))
        self.close()
        self._window.filing.open_paths([path])

    def _forget(self) -> None:
        self._window.settings.forget_recent()
        self._window.filing.list_recent()
        self.list.clear()
        self._show_whether_any()


def show_recent(window: Window) -> RecentProjects:
    """Show the list beside the window."""
    shown = RecentProjects(window)
    shown.show()
    return shown
