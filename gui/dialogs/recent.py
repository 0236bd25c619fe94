"""The projects opened before, each with a small picture of how it was left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QBrush, QIcon, QPixmap
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
        self.list.itemSelectionChanged.connect(self._offer_ways)
        layout.addWidget(self.list, 1)
        self._none = QLabel(text("recent.none"))
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_tone(self._none, "soft")
        layout.addWidget(self._none, 1)
        last = row(gap=8)
        last.addWidget(HelpButton("help.recent"))
        self._forget_all = TextButton("recent.forget", self._forget)
        self.remove = TextButton("recent.remove", self._remove)
        self.look_for = TextButton("recent.look_for", self._look_for)
        for button in (self._forget_all, self.remove, self.look_for):
            last.addWidget(button)
        last.addStretch(1)
        last.addWidget(TextButton("dialog.close", self.close))
        layout.addLayout(last)
        self._places = window.filing.recent.places
        self._places.changed.connect(self._mark)
        self._fill()
        window.filing.recent.ask()

    def _fill(self) -> None:
        """List them; say that there are none where there are none, in place of an empty frame."""
        self.list.clear()
        for path in self._window.settings.recent:
            self._add(path)
        some = self.list.count() > 0
        self.list.setVisible(some)
        self._none.setVisible(not some)
        self._forget_all.setEnabled(some)
        self._mark()

    def _add(self, path: Path) -> None:
        picture = QPixmap(str(thumbnail_path(path)))
        if picture.isNull():
            picture = QPixmap(*THUMBNAIL)
            picture.fill(theme.colour("paper"))
        item = QListWidgetItem(QIcon(picture), path.name)
        item.setToolTip(tip(str(path)))
        item.setData(Qt.ItemDataRole.UserRole, str(path))
        self.list.addItem(item)

    def _mark(self) -> None:
        """Make grey, and say, which are not where they were."""
        for number in range(self.list.count()):
            item = self.list.item(number)
            path = _path_of(item)
            name, away = path.name.removesuffix(".twin.gpkg"), self._places.is_away(path)
            item.setText(text("recent.away_line", name=name) if away else name)
            item.setForeground(QBrush(theme.colour("ink_soft")) if away else QBrush())
        self._offer_ways()

    def _offer_ways(self) -> None:
        chosen = [_path_of(item) for item in self.list.selectedItems()]
        self.remove.setEnabled(bool(chosen))
        self.look_for.setEnabled(any(map(self._places.is_away, chosen)))

    def _open(self, item: QListWidgetItem) -> None:
        """Open a project, or stay for a way to be chosen where it is away."""
        path = _path_of(item)
        if not self._places.is_away(path):
            self.close()
            self._window.filing.open_paths([path])

    def _look_for(self) -> None:
        path = _path_of(self.list.currentItem())
        self.close()
        self._window.filing.recent.ask_where_is(path)

    def _remove(self) -> None:
        self._window.filing.recent.drop(_path_of(self.list.currentItem()))
        self._fill()

    def _forget(self) -> None:
        self._window.settings.forget_recent()
        self._window.filing.recent.fill()
        self._fill()


def _path_of(item: QListWidgetItem) -> Path:
    return Path(str(item.data(Qt.ItemDataRole.UserRole)))


def show_recent(window: Window) -> RecentProjects:
    """Show the list beside the window."""
    shown = RecentProjects(window)
    shown.show()
    return shown
