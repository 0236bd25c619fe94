"""A field over a list that shrinks as one types: what the command palette and the search use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui import theme
from gui.finding import Entry
from gui.panels.menus import asked_by_keys, when_asked_in
from gui.panels.parts import column, set_tone
from twin.language import text

WIDTH_PX, ROW_PX, ROWS = 560, 32, 10
_ENTRY = Qt.ItemDataRole.UserRole
_MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: ROWS,
    Qt.Key.Key_PageUp: -ROWS,
}
_Index = QModelIndex | QPersistentModelIndex


class Chooser(QFrame):
    """A card over the window; the keyboard stays in its field.

    Signals
    -------
    typed(words)
        What stands in the field changed; answer with :meth:`show_entries`.
    chosen(entry)
        An entry was taken; the card is closed by then.
    menu_asked(entry, at)
        The menu of an entry is wanted at a place on the screen; the card stays.
    """

    typed = Signal(str)
    chosen = Signal(object)
    menu_asked = Signal(object, QPoint)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("chooser")
        layout = column(self, margin=8, gap=8)
        self.field = QLineEdit()
        self.field.textChanged.connect(self.typed)
        self.field.installEventFilter(self)
        layout.addWidget(self.field)
        self._model = _Entries(self)
        self.list = QListView()
        self.list.setObjectName("chooserList")
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Row(self))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._take)
        when_asked_in(self.list, self._want_menu)
        layout.addWidget(self.list)
        self._none = QLabel()
        self._none.setContentsMargins(8, 0, 8, 8)
        set_tone(self._none, "soft")
        layout.addWidget(self._none)
        self.hide()

    @property
    def entries(self) -> Sequence[Entry]:
        """What the list shows."""
        return self._model.entries

    def open_with(self, hint: str, words: str = "") -> None:
        """Come up with an empty field that says `hint`."""
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(hint)
        self.list.setAccessibleName(hint)
        self.field.setText(words)
        self.place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self.typed.emit(words)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Fill the list, the first entry chosen."""
        entries = sorted(entries, key=lambda entry: not entry.enabled)  # Enter takes the first
        self._model.take(entries)
        self.list.setCurrentIndex(self._model.index(0, 0))
        self.list.setVisible(bool(entries))
        self.list.setFixedHeight(ROW_PX * min(len(entries), ROWS) + 2)
        self._none.setText(text("chooser.nothing"))
        self._none.setVisible(not entries)
        self.place()

    def say_searching(self) -> None:
        """Say that the answer is on its way, where nothing is listed: it is not known yet."""
        if not self._model.entries:
            self._none.setText(f"{text('work.find')}…")

    def place(self) -> None:
        """Stand at the upper middle of the window."""
        parent = self.parentWidget()
        if parent is not None:
            self.setFixedWidth(min(WIDTH_PX, parent.width() - 32))
            self.adjustSize()
            self.move((parent.width() - self.width()) // 2, 56)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move, take and leave by keys; leave when the keyboard goes elsewhere, but to a menu."""
        if watched is self.field and asked_by_keys(event):
            return QApplication.sendEvent(self.list, event)  # the menu of the row, not of the words
        if watched is self.field and event.type() == QEvent.Type.KeyPress:
            return self._on_key(Qt.Key(cast(QKeyEvent, event).key()))
        if watched is self.field and event.type() == QEvent.Type.FocusOut and self.isVisible():
            menu = cast(QFocusEvent, event).reason() == Qt.FocusReason.PopupFocusReason
            self.setVisible(menu)
        return super().eventFilter(watched, event)

    def _on_key(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentIndex())
        elif key in _MOVES and self._model.entries:
            last = len(self._model.entries) - 1
            at = min(max(self.list.currentIndex().row() + _MOVES[key], 0), last)
            self.list.setCurrentIndex(self._model.index(at, 0))
        else:
            return False
        return True

    def leave(self) -> None:
        """Close, and give the keyboard to the window."""
        self.hide()
        parent = self.parentWidget()
        if parent is not None:
            parent.setFocus(Qt.FocusReason.OtherFocusReason)

    def _want_menu(self, index: QModelIndex, at: QPoint) -> None:
        self.menu_asked.emit(index.data(_ENTRY), at)

    def _take(self, index: QModelIndex) -> None:
        entry = index.data(_ENTRY)
        if isinstance(entry, Entry) and entry.enabled:
            self.leave()
            self.chosen.emit(entry)


class _Entries(QAbstractListModel):
    """The list's rows."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: Sequence[Entry] = ()

    def take(self, entries: Sequence[Entry]) -> None:
        """Show other entries."""
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many entries there are."""
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return an entry's title, or the entry."""
        entry = self.entries[index.row()]
        if role == _ENTRY:
            return entry
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{entry.title} {entry.keys}".strip()
        return None


class _Row(QStyledItemDelegate):
    """Paints title, detail and shortcut."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """Return the height of every row."""
        return QSize(WIDTH_PX // 2, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one row."""
        entry = index.data(_ENTRY)
        state, rect = cast(Any, option).state, QRect(cast(Any, option).rect)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("accent_wash"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.colour("hover"))
        painter.setFont(theme.body_font())
        metrics, line = QFontMetrics(painter.font()), rect.adjusted(8, 0, -8, 0)
        left, right = (
            Qt.AlignmentFlag.AlignVCenter | side
            for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
        )
        painter.setPen(theme.colour("ink_soft"))
        painter.drawText(line, right, entry.keys)
        if entry.keys:
            line.setRight(line.right() - metrics.horizontalAdvance(entry.keys) - 16)
        title = metrics.elidedText(entry.title, Qt.TextElideMode.ElideRight, line.width())
        painter.setPen(theme.colour("ink" if entry.enabled else "line_strong"))
        painter.drawText(line, left, title)
        line.setLeft(line.left() + metrics.horizontalAdvance(title) + 12)
        detail = metrics.elidedText(entry.detail, Qt.TextElideMode.ElideRight, line.width())
        painter.setPen(theme.colour("ink_soft"))
        painter.drawText(line, left, detail)
