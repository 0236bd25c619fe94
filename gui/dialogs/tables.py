"""Standards and tables: which come along, which are an office's own, and what is wrong there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from gui import theme
from gui.dialogs.file_dialog import ask_folder
from gui.panels.parts import Label, TextButton, column, row, set_tone, tip
from twin.language import name_of, text
from twin.standards.listing import Listed, list_tables

if TYPE_CHECKING:
    from gui.own_tables import OwnTables

_LISTED = Qt.ItemDataRole.UserRole
_HEADS = ("name", "whose", "says")
_WIDTHS = (384, 136)
_LINE_PX = 28


class TablesDialog(QDialog):
    """Lists the files; copies, opens and reads them. What is wrong stands at the file.

    Parameters
    ----------
    tables
        Does what is asked.
    """

    def __init__(self, parent: QWidget, tables: OwnTables) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("tables.title"))
        self.resize(960, 640)
        self._tables = tables
        layout = column(self, margin=16, gap=16)
        layout.addWidget(Label("tables.help", "soft"))
        layout.addLayout(self._folder_line())
        self.list = self._make_list()
        layout.addWidget(self.list, 1)
        self.said = QLabel()
        self.said.setWordWrap(True)
        layout.addWidget(self.said)
        layout.addLayout(self._buttons())
        tables.changed.connect(self._follow)
        tables.copied.connect(self._say_copied)
        self._copied: Path | None = None
        self._follow()
        self.list.setFocus()

    def select(self, listed_id: str, whose: str = "shipped") -> None:
        """Choose the row of a file."""
        for item in self._items():
            one = item.data(0, _LISTED)
            if (one.id, one.whose) == (listed_id, whose):
                self.list.setCurrentItem(item)

    @property
    def rows(self) -> tuple[Listed, ...]:
        """The files that are listed."""
        return tuple(item.data(0, _LISTED) for item in self._items())

    def _folder_line(self) -> QHBoxLayout:
        line = row(gap=8)
        self._where = QLabel()
        self._where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        line.addWidget(self._where, 1)
        self.open_button = TextButton("tables.open_folder", self._tables.open_folder)
        self.other_button = TextButton("tables.other_folder", self._ask_folder)
        self.home_button = TextButton("tables.home_folder", lambda: self._tables.choose(None))
        for button in (self.open_button, self.other_button, self.home_button):
            line.addWidget(button)
        return line

    def _make_list(self) -> QTreeWidget:
        made = QTreeWidget()
        made.setColumnCount(len(_HEADS))
        made.setHeaderLabels([text(f"tables.{head}") for head in _HEADS])
        made.setAccessibleName(text("tables.title"))
        made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        made.setWordWrap(True)
        made.setIndentation(12)
        made.setTextElideMode(Qt.TextElideMode.ElideRight)
        made.header().setSectionResizeMode(len(_HEADS) - 1, QHeaderView.ResizeMode.Stretch)
        for number, width in enumerate(_WIDTHS):
            made.setColumnWidth(number, width)
        made.currentItemChanged.connect(lambda *_: self._enable())
        made.itemActivated.connect(lambda item, _column: self._open(item))
        return made

    def _buttons(self) -> QHBoxLayout:
        last = row(gap=8)
        self.copy_button = TextButton("tables.copy", self._copy, "primary")
        self.file_button = TextButton("tables.open_file", lambda: self._open(self._current()))
        self.read_button = TextButton("tables.read_anew", self._tables.read_anew)
        last.addWidget(self.copy_button)
        last.addWidget(self.file_button)
        last.addStretch(1)
        last.addWidget(self.read_button)
        last.addWidget(TextButton("dialog.close", self.close))
        return last

    # -- what is shown ------------------------------------------------------------------------

    def _follow(self) -> None:
        """Show what is in use now, and what was refused."""
        folder, error = str(self._tables.folder), self._tables.error
        self._where.setText(text("tables.folder", folder=folder))
        self._where.setToolTip(tip(folder))
        self.home_button.setVisible(not self._tables.is_home)
        chosen = self._current()
        kept = chosen.data(0, _LISTED) if chosen is not None else None
        self.list.clear()
        groups = {
            sort: QTreeWidgetItem(self.list, [text(f"tables.{sort}")])
            for sort in ("standard", "table")
        }
        for one in list_tables(error):
            item = _item(groups[one.sort], one)
            if kept is not None and (one.path, one.whose) == (kept.path, kept.whose):
                self.list.setCurrentItem(item)
        for group in groups.values():
            group.setExpanded(True)
            group.setFirstColumnSpanned(True)
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            group.setSizeHint(0, QSize(0, _LINE_PX))
            bold = QFont(self.list.font())
            bold.setBold(True)
            group.setFont(0, bold)
        self._fit_lines()
        first = groups["standard"].child(0)
        if self.list.currentItem() is None and first is not None:
            self.list.setCurrentItem(first)
        self._say()
        self._enable()

    def _fit_lines(self) -> None:
        """Give what is wrong with a file the lines that it needs."""
        width = self.width() - sum(_WIDTHS) - 80
        metrics = QFontMetrics(self.list.font())
        for item in self._items():
            high = _LINE_PX
            if item.data(0, _LISTED).error is not None:
                wrap = int(Qt.TextFlag.TextWordWrap)
                room = metrics.boundingRect(0, 0, width, 10_000, wrap, item.text(2))
                high = max(high, room.height() + 10)
            item.setSizeHint(2, QSize(0, high))

    def _say(self) -> None:
        if self._tables.busy:
            words, tone = text("tables.reading"), "soft"
        elif self._tables.error is not None:
            error = self._tables.error
            reason = text(f"error.{error.key}", **error.facts)
            words, tone = text("tables.not_taken_up", reason=reason), "error"
        elif self._copied is not None:
            words, tone = text("tables.copied", file=str(self._copied)), ""
        else:
            words, tone = text("tables.in_use"), "soft"
        self.said.setText(words)
        set_tone(self.said, tone)

    def _say_copied(self, path: Path) -> None:
        self._copied = path
        self._say()

    def _enable(self) -> None:
        item = self._current()
        one: Listed | None = item.data(0, _LISTED) if item is not None else None
        has_own = one is not None and any(
            other.whose == "own" and other.id == one.id and one.sort == "table"
            for other in self.rows
        )
        ready = not self._tables.busy
        usable = one is not None and one.error is None and one.whose != "fixed"
        standard = one is not None and one.sort == "standard"
        self.copy_button.setEnabled(
            ready and usable and not has_own and (standard or one.whose == "shipped")
            if one is not None
            else False
        )
        self.file_button.setEnabled(one is not None and one.whose == "own")
        self.read_button.setEnabled(ready)

    # -- what is asked ------------------------------------------------------------------------

    def _current(self) -> QTreeWidgetItem | None:
        item = self.list.currentItem()
        return item if item is not None and item.data(0, _LISTED) is not None else None

    def _items(self) -> list[QTreeWidgetItem]:
        groups = [self.list.topLevelItem(n) for n in range(self.list.topLevelItemCount())]
        return [
            child
            for group in groups
            if group is not None
            for n in range(group.childCount())
            if (child := group.child(n)) is not None
        ]

    def _copy(self) -> None:
        item = self._current()
        if item is not None:
            self._tables.copy(item.data(0, _LISTED))

    def _open(self, item: QTreeWidgetItem | None) -> None:
        one = item.data(0, _LISTED) if item is not None else None
        if one is not None and one.whose == "own":
            self._tables.open_file(one.path)

    def _ask_folder(self) -> None:
        folder = ask_folder(self, text("tables.other_folder"), str(self._tables.folder))
        if folder is not None:
            self._tables.choose(folder)


def _item(group: QTreeWidgetItem, one: Listed) -> QTreeWidgetItem:
    """Return the line of a file."""
    whose = "broken" if one.error is not None else one.whose
    item = QTreeWidgetItem(group, [_name(one), text(f"tables.whose_{whose}"), _says(one)])
    item.setData(0, _LISTED, one)
    item.setToolTip(0, tip(str(one.path)))
    item.setToolTip(2, tip(item.text(2)))
    use = theme.tokens()
    colour = {"broken": use.error, "own": use.accent}.get(whose, use.ink_soft)
    item.setForeground(1, QColor(colour))
    item.setForeground(2, QColor(use.error if whose == "broken" else use.ink_soft))
    return item


def _name(one: Listed) -> str:
    if one.sort == "standard":
        return name_of(one.standard.name) if one.standard is not None else one.path.name
    return text(f"tables.name_{one.id}")


def _says(one: Listed) -> str:
    """Return what is in a file, or why it cannot be used."""
    if one.error is not None:
        return text(f"error.{one.error.key}", **one.error.facts)
    if one.standard is not None:
        return text("tables.rows", id=one.id, count=len(one.standard.requirements))
    if one.whose == "own":
        return text("tables.entries", entries=text("tables.between").join(one.entries))
    return text(f"tables.about_{one.id}")
