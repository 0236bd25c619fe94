"""Asking for files: the system's own dialog where there is one, else Qt's in our looks."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QFileSystemModel,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QTreeView,
    QWidget,
)

from gui.panels.parts import themed_icon
from twin.language import text

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
"""What Windows takes in no file's name, and no other system should be handed either."""
_WORDS = {
    QFileDialog.DialogLabel.LookIn: "look_in",
    QFileDialog.DialogLabel.FileName: "name",
    QFileDialog.DialogLabel.FileType: "type",
    QFileDialog.DialogLabel.Reject: "cancel",
}
_ICONS = {
    "backButton": "back",
    "forwardButton": "forward",
    "toParentButton": "up",
    "newFolderButton": "add",
    "listModeButton": "rows",
    "detailModeButton": "table",
}
_SIZE, _PLACES_PX = QSize(760, 520), 160
_SIZE_COLUMN, _TYPE_COLUMN, _DATE_COLUMN = 1, 2, 3
"""The type is said in English whatever the language is; a name ends in it anyway."""


def ask_file(parent: QWidget, title: str, folder: str, filters: str) -> Path | None:
    """Return the file that a person chose, None where they chose none."""
    chosen = _ask(_dialog(parent, title, folder, filters))
    return chosen[0] if chosen else None


def ask_files(parent: QWidget, title: str, folder: str, filters: str) -> list[Path]:
    """Return the files that a person chose; filters are told without their many endings."""
    dialog = _dialog(parent, title, folder, filters)
    dialog.setOption(QFileDialog.Option.HideNameFilterDetails)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    return _ask(dialog)


def ask_folder(parent: QWidget, title: str, folder: str) -> Path | None:
    """Return the folder that a person chose, None where they chose none."""
    dialog = _dialog(parent, title, folder)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    chosen = _ask(dialog)
    return chosen[0] if chosen else None


def ask_where(parent: QWidget, title: str, proposed: Path, filters: str) -> tuple[Path | None, str]:
    """Return where a person wants a file written, None for nowhere, and the filter they chose.

    Parameters
    ----------
    parent
        Window that waits.
    title
        What the file is for.
    proposed
        Folder and name that stand there at first.
    filters
        Kinds of files, as Qt has them: ``PDF (*.pdf);;HTML (*.html)``.
    """
    dialog = _dialog(parent, title, str(proposed.parent), filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.selectFile(proposed.name)
    chosen = _ask(dialog)
    return (chosen[0] if chosen else None), dialog.selectedNameFilter()


def file_name(*parts: str) -> str:
    """Return a file's name, without its ending, of names that people gave to things."""
    return " - ".join(_FORBIDDEN.sub(" ", part).strip(" .") for part in parts if part)


def _dialog(parent: QWidget, title: str, folder: str, filters: str = "") -> QFileDialog:
    dialog = QFileDialog(parent, title, folder, filters)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return dialog


def _ask(dialog: QFileDialog) -> list[Path]:
    """Show the dialog until it is left; return what was chosen."""
    saves = dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    opens = "choose" if dialog.fileMode() == QFileDialog.FileMode.Directory else "open"
    words = {**_WORDS, QFileDialog.DialogLabel.Accept: "save" if saves else opens}
    for label, key in words.items():
        dialog.setLabelText(label, text(f"file_dialog.{key}"))
    if dialog.findChild(QTreeView, "treeView") is not None:  # none where the system's is shown
        _dress(dialog)
    done = dialog.exec()
    dialog.deleteLater()
    return [Path(name) for name in dialog.selectedFiles()] if done else []


def _dress(dialog: QFileDialog) -> None:
    """Give Qt's dialog the window's icons, in the place of a desktop's of twenty years ago."""
    for name, icon in _ICONS.items():
        button = dialog.findChild(QToolButton, name)
        if button is not None:
            button.setIcon(themed_icon(icon))
    look = _Look(dialog)
    for view in dialog.findChildren(QAbstractItemView):
        if view.objectName() in ("treeView", "listView", "sidebar"):
            view.setItemDelegate(look)
            view.setIconSize(QSize(16, 16))
    tree = dialog.findChild(QTreeView, "treeView")
    if tree is not None:
        tree.setColumnHidden(_TYPE_COLUMN, True)
        tree.setColumnWidth(0, 300)
        tree.setColumnWidth(_SIZE_COLUMN, 96)
        tree.setColumnWidth(_DATE_COLUMN, 144)
    splitter = dialog.findChild(QSplitter, "splitter")
    if splitter is not None:
        splitter.setSizes([_PLACES_PX, _SIZE.width() - _PLACES_PX])
    folder = dialog.findChild(QComboBox, "lookInCombo")
    if folder is not None:  # a path says by itself that it is a folder
        folder.setIconSize(QSize(0, 0))
    dialog.resize(_SIZE)


class _Look(QStyledItemDelegate):
    """Draws a folder or a sheet of paper before each name."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._folder, self._file = themed_icon("open"), themed_icon("file")

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Take our icon in the place of the system's."""
        super().initStyleOption(option, index)
        if index.column() == 0:
            option.icon = self._icon(index)

    def _icon(self, index: QModelIndex | QPersistentModelIndex) -> QIcon:
        model = index.model()
        is_file = isinstance(model, QFileSystemModel) and not model.isDir(index)
        return self._file if is_file else self._folder
