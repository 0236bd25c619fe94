"""The steps of the scenario in hand, by name; choosing one goes there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.panels.menus import MenuWanted, when_asked_in
from gui.panels.parts import Heading, IconButton, column, set_tone
from twin.language import text
from twin.model.catalogues import type_name

if TYPE_CHECKING:
    from gui.view_state import Feature
    from twin.model.district import District
    from twin.model.edits import Edit
    from twin.model.tables import Table
    from twin.projects.session import Session, Step

WIDTH_PX, ROW_PX, ROWS = 320, 32, 12
_DONE = Qt.ItemDataRole.UserRole
_NOTE = _DONE + 1


class HistoryPanel(QFrame):
    """A card over the view that stays until it is closed.

    Signals
    -------
    step_chosen(done)
        So many steps shall stand, 0 for none.
    closed()
        The close button or Esc was pressed.
    menu_asked(wanted)
        A `MenuWanted` of a step.
    """

    step_chosen = Signal(int)
    closed = Signal()
    menu_asked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._stands = 0
        self.setObjectName("chooser")
        self.setFixedWidth(WIDTH_PX)
        layout = column(self)
        heading = Heading("history_list.title", "help.history")
        heading.add(IconButton("close", "dialog.close", self.closed.emit))
        layout.addWidget(heading)
        self.list = QListWidget()
        self.list.setObjectName("historyList")
        self.list.setItemDelegate(_Row(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._choose)
        self.list.itemActivated.connect(self._choose)
        when_asked_in(self.list, self._want_menu)
        layout.addWidget(self.list)
        self._none = QLabel()
        self._none.setWordWrap(True)
        self._none.setContentsMargins(16, 0, 16, 16)
        set_tone(self._none, "soft")
        layout.addWidget(self._none)
        self.hide()

    def show_steps(self, session: Session) -> None:
        """List the steps of the scenario in hand, the latest at the top, undone ones above."""
        done, undone = session.history, session.undone
        self.list.clear()
        self._stands = len(done)
        for number, step in reversed(list(enumerate((*done, *undone), start=1))):
            self._add(number, step_name(step, session.district, session.base), len(done))
        if done or undone:
            self._add(0, text("history_list.start"), len(done))
        self._none.setText(text("history_list.none"))
        self._none.setVisible(not done and not undone)
        self.list.setVisible(bool(done or undone))
        self.list.setAccessibleName(text("history_list.title"))
        self.list.setFixedHeight(ROW_PX * min(self.list.count(), ROWS) + 8)
        self.adjustSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _add(self, number: int, name: str, stands: int) -> None:
        note = {0: text("history_list.now")}.get(number - stands, "")
        if number > stands:
            note = text("history_list.undone")
        end = f"   ·  {note}" if note else ""
        item = QListWidgetItem(name + end)
        item.setToolTip(name + end)
        item.setData(_DONE, number)
        item.setData(_NOTE, end)
        self.list.addItem(item)
        if number == stands:
            self.list.setCurrentItem(item)

    def _want_menu(self, index: QModelIndex, at: QPoint) -> None:
        """Offer what is true of the row: the last step is undone, the one after it done again."""
        number = int(index.data(_DONE))
        own = ((text("menu.go_to_step"), partial(self.step_chosen.emit, number)),)
        true_of = {"undo": self._stands, "redo": self._stands + 1}
        wanted = MenuWanted(
            at,
            "step",
            number,
            own if number != self._stands else (),
            (str(index.data()),),
            without=frozenset(name for name, of in true_of.items() if number != of),
        )
        self.menu_asked.emit(wanted)

    def _choose(self, item: QListWidgetItem) -> None:
        self.step_chosen.emit(int(item.data(_DONE)))


class _Row(QStyledItemDelegate):
    """Cuts the name of a step where its room ends, never the note behind it."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Say as much of the name as there is room for."""
        super().initStyleOption(option, index)
        row, end = cast(Any, option), str(index.data(_NOTE))
        part = QStyle.SubElement.SE_ItemViewItemText
        style, margin = row.widget.style(), QStyle.PixelMetric.PM_FocusFrameHMargin
        room = style.subElementRect(part, option, row.widget).width()
        room -= 2 * (style.pixelMetric(margin, option, row.widget) + 1)  # as Qt paints it
        room -= row.fontMetrics.horizontalAdvance(end)
        name = row.text.removesuffix(end)
        row.text = row.fontMetrics.elidedText(name, Qt.TextElideMode.ElideRight, room) + end


def step_name(step: Step, *districts: District) -> str:
    """Return what a step did and to what, as far as the districts know its features."""
    done = _done(step, districts)
    years = {edit.year for edit in step.edits if edit.year}
    return text("when.from_year", name=done, year=min(years)) if years else done


def changed_by(step: Step) -> tuple[Feature, ...]:
    """Return the features that a step changed or made, of the layers that can be selected."""
    roles = ((_ROLES.get(type(edit).__name__, ""), edit.id) for edit in step.edits)
    return tuple(dict.fromkeys((role, id_) for role, id_ in roles if role))


def _done(step: Step, districts: tuple[District, ...]) -> str:
    names = {(type(edit), edit.id): _target(edit, districts) for edit in step.edits}
    known = [name for name in names.values() if name]
    if not known:
        return text(step.label)
    whom = known[0]
    if len(known) > 1:
        whom = text("history_list.more", first=whom, count=f"{len(known):,}")
    return text("history_list.of", done=text(step.label), whom=whom)


def _target(edit: Edit, districts: tuple[District, ...]) -> str:
    types = getattr(edit, "types", ())
    if types:
        return getattr(edit, "name", "") or type_name(str(types[0]))
    role = _ROLES.get(type(edit).__name__, "")
    for district in districts if role else ():
        table = district.table(role)
        row = int(table.rows_of([edit.id])[0])
        if row >= 0:
            return str(table["name"][row]) or _kind(table, row)
    return ""


def _kind(table: Table, row: int) -> str:
    """Return what a feature without a name is."""
    if table.role == "services":
        return type_name(str(table["types"][row]).split(",")[0])
    if table.role == "streets":
        return text(f"street.kind.{table['kind'][row]}")
    return text(f"role.{table.role}")


_ROLES = {
    "PlaceService": "services",
    "MoveService": "services",
    "RemoveService": "services",
    "ChangeService": "services",
    "SetStreetStatus": "streets",
    "ChangeStreet": "streets",
    "ReshapeBuilding": "buildings",
    "AddPath": "streets",
    "ChangeBuilding": "buildings",
    "DrawBoundary": "boundary",
    "DrawCommunity": "communities",
    "ChangeCommunity": "communities",
    "RemoveCommunity": "communities",
}
