"""The first rows of a layer or table, to recognise it by."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from twin.language import text

_WIDEST_PX = 240


class RowsTable(QTableWidget):
    """Shows rows of text under the names of their columns; nothing can be changed in it."""

    def __init__(self) -> None:
        super().__init__()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(text("intake.rows"))
        self.verticalHeader().hide()
        self.setWordWrap(False)
        self.setMinimumHeight(120)

    def show_rows(
        self, names: Sequence[str], rows: Sequence[Sequence[str]], *, from_left: bool
    ) -> None:
        """Show rows, from the first column on where `from_left` or their columns are others."""
        if from_left or self.columnCount() != len(names):
            self.horizontalScrollBar().setValue(0)
        self.clear()
        self.setColumnCount(len(names))
        self.setRowCount(len(rows))
        self.setHorizontalHeaderLabels(list(names))
        for line, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                self.setItem(line, place, QTableWidgetItem(cell))
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setMaximumSectionSize(_WIDEST_PX)
        self.resizeColumnsToContents()
