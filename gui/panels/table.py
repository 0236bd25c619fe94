"""The attribute table of a layer: virtual rows, sorted and filtered in the background."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QSizePolicy,
    QTableView,
    QWidget,
)

from gui.background import Jobs
from gui.panels.layers import ROLES
from gui.panels.menus import MenuWanted, when_asked_in
from gui.panels.parts import Chooser, Elided, HelpButton, IconButton, column, row, set_tone
from gui.table_rows import ID, column_name, column_names, find_rows, shown_in, values_of, why_not
from gui.view_state import ViewState
from layers.schema import ROLES as SCHEMA
from twin.language import text

if TYPE_CHECKING:
    from gui.document import Document
    from twin.model.tables import Table

_Index = QModelIndex | QPersistentModelIndex
Found: TypeAlias = "tuple[Table, NDArray[np.int64], str]"
"""A table, the rows of it that fit, and what was not understood of what was typed."""
TYPING_MS = 200
MOST_CHOSEN = 5000
"""A selection in the table is handed on up to so many features."""
_ROW_PX = 28


class TableModel(QAbstractTableModel):
    """Some rows of a table in some order; what is shown is asked for cell by cell."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table: Table | None = None
        self.rows: NDArray[np.int64] = np.zeros(0, np.int64)
        self._names: tuple[str, ...] = ()

    def show_rows(self, table: Table, rows: NDArray[np.int64]) -> None:
        """Show these rows of a table."""
        self.beginResetModel()
        self.table, self.rows, self._names = table, rows, column_names(table)
        self.endResetModel()

    def name(self, number: int) -> str:
        """Return the column at a place."""
        return self._names[number] if number < len(self._names) else ID

    def ids(self, places: list[int]) -> list[int]:
        """Return the ids of the features at places of the list."""
        assert self.table is not None
        return [int(i) for i in self.table.ids[self.rows[places]]]

    def places_of(self, ids: list[int]) -> list[int]:
        """Return where features stand in the list; those that do not fit it are left out."""
        if self.table is None:
            return []
        wanted = self.table.rows_of(ids)
        return [int(p) for p in np.flatnonzero(np.isin(self.rows, wanted[wanted >= 0]))]

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(self._names)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's words, or which side they stand at."""
        if self.table is None or not index.isValid():
            return None
        values = values_of(self.table, self._names[index.column()])
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_in(self.table, self._names[index.column()], int(self.rows[index.row()]))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(values)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's name, or which side it stands at."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return column_name(self.name(section))
        if role == Qt.ItemDataRole.TextAlignmentRole and self.table is not None:
            return self._side(values_of(self.table, self.name(section)))
        return None

    def _side(self, values: NDArray[Any]) -> int:
        """Return where a column's words stand: figures at the right."""
        side = Qt.AlignmentFlag
        across = side.AlignLeft if values.dtype == object else side.AlignRight
        return int(across | side.AlignVCenter)


class TablePanel(QWidget):
    """A layer's table below the view; choosing rows selects features, and the other way about.

    Signals
    -------
    closed()
        The close button was pressed.
    asked(what, value)
        Something that only the window can do (``zoom``, or open a ``menu``).
    """

    closed = Signal()
    asked = Signal(str, object)

    def __init__(self, state: ViewState, jobs: Jobs) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setMinimumHeight(120)
        self._state, self._jobs = state, jobs
        self._document: Document | None = None
        self._sort: tuple[str, bool] = (ID, False)
        self._linking = False
        layout = column(self)
        self.role_box, self.field = Chooser(), QLineEdit()
        self._said = Elided()
        layout.addWidget(self._top())
        self.model = TableModel(self)
        self.view = QTableView()
        self._dress_view()
        layout.addWidget(self.view, 1)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.refresh)
        self.field.textChanged.connect(lambda _: self._typing.start())
        self.role_box.activated.connect(lambda _: self._turn())
        state.changed.connect(self._on_state)
        self._retranslate()

    @property
    def role(self) -> str:
        """The layer that is shown."""
        return str(self.role_box.currentData())

    def show_role(self, role: str) -> None:
        """Show the table of another layer."""
        self.role_box.setCurrentIndex(max(self.role_box.findData(role), 0))
        self._turn()

    def set_document(self, document: Document | None) -> None:
        """Show the layers of another document."""
        self._document = document
        self.refresh()

    def refresh(self) -> None:
        """Find the rows anew, in the background."""
        if self._document is None or not self.isVisible():
            return
        table, typed = self._document.session.district.table(self.role), self.field.text()
        name, descending = self._sort
        name = name if name in column_names(table) else ID

        def work(progress: Any) -> Found:
            rows = find_rows(table, typed, name, descending, progress)
            return table, rows, why_not(table, typed)

        self._jobs.start("table", work, self._take, lambda error: self.asked.emit("error", error))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _top(self) -> QWidget:
        top = QWidget()
        line = row(top, gap=8)
        line.setContentsMargins(16, 4, 8, 4)
        self.role_box.setMinimumWidth(80)
        self.role_box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.field.setMinimumWidth(80)
        self.field.setMaximumWidth(420)
        line.addWidget(self.role_box)
        line.addWidget(self.field, 1)
        line.addWidget(self._said)
        line.addStretch(0)  # what is left over where the field is as wide as it may be
        zoom = partial(self.asked.emit, "zoom", None)
        line.addWidget(IconButton("target", "inspector.zoom", zoom))
        line.addWidget(HelpButton("help.table"))
        line.addWidget(IconButton("close", "dialog.close", self.closed.emit))
        return top

    def _dress_view(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setDefaultSectionSize(_ROW_PX)
        head = view.horizontalHeader()
        head.setHighlightSections(False)
        head.setSortIndicatorShown(True)
        head.setDefaultSectionSize(112)
        head.setSectionsClickable(True)
        head.sortIndicatorChanged.connect(self._on_sort)
        view.selectionModel().selectionChanged.connect(lambda *_: self._hand_on())
        view.doubleClicked.connect(lambda _: self.asked.emit("zoom", None))
        when_asked_in(view, self._want_menu)

    def _want_menu(self, index: QModelIndex, at: QPoint) -> None:
        assert self.model.table is not None
        role, (id_,) = self.model.table.role, self.model.ids([index.row()])
        here = frozenset({"show_in_table"})
        wanted = MenuWanted(at, role, (role, id_), cell=str(index.data() or ""), without=here)
        self.asked.emit("menu", wanted)

    def _retranslate(self) -> None:
        chosen = self.role_box.currentData() or "buildings"
        self.role_box.clear()
        for role in (*(r for r in ROLES if r in SCHEMA), "entrances"):
            self.role_box.addItem(text(f"role.{role}"), role)
        self.role_box.setCurrentIndex(self.role_box.findData(chosen))
        self.role_box.setAccessibleName(text("layers.title"))
        self.field.setPlaceholderText(text("table.filter"))
        self.field.setAccessibleName(text("table.filter"))
        self.field.setToolTip(text("table.filter_help"))
        self.view.setAccessibleName(text("action.table"))

    def _turn(self) -> None:
        self.field.clear()
        self._sort = (ID, False)
        self.refresh()

    def _on_sort(self, section: int, order: Qt.SortOrder) -> None:
        self._sort = (self.model.name(section), order == Qt.SortOrder.DescendingOrder)
        self.refresh()

    def _take(self, found: Found) -> None:
        table, rows, why = found
        self.model.show_rows(table, rows)
        counted = text("table.count", count=f"{len(rows):,}", total=f"{len(table):,}")
        self._said.setText(why or counted)
        set_tone(self._said, "error" if why else "soft")
        self.field.setAccessibleDescription(why)
        self._mark()

    def _hand_on(self) -> None:
        """Select in the view what is chosen in the list."""
        if self._linking or self.model.table is None:
            return
        places = [i.row() for i in self.view.selectionModel().selectedRows()[:MOST_CHOSEN]]
        features = [(self.model.table.role, id_) for id_ in self.model.ids(places)]
        self._linking = True
        self._state.set(
            selected=features[0] if features else None, also=tuple(features[1:]), route=None
        )
        self._linking = False

    def _on_state(self, names: frozenset[str]) -> None:
        if names & {"selected", "also"} and not self._linking and self.isVisible():
            self._mark()

    def _mark(self) -> None:
        """Choose in the list what is selected in the view."""
        ids = [id_ for role, id_ in self._state.seen.chosen if role == self.role]
        places = self.model.places_of(ids)
        chosen = QItemSelection()
        for place in places:
            index = self.model.index(place, 0)
            chosen.select(index, index)
        self._linking = True
        flags = QItemSelectionModel.SelectionFlag
        self.view.selectionModel().select(chosen, flags.ClearAndSelect | flags.Rows)
        if places:
            self.view.scrollTo(self.model.index(places[0], 0))
        self._linking = False
