"""How a panel asks for a menu: at a right click, by the Menu key or by Shift+F10, all alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from twin.language import text
from twin.subject import Subject

Own = tuple[str, Callable[[], object]]
"""What a menu offers that is no action of the window: its words, and what it does."""
_INDENT_PX = 16


@dataclass(frozen=True)
class MenuWanted:
    """A menu that somebody asks for; :class:`gui.offers.Offers` opens it.

    Parameters
    ----------
    at
        Where it opens, on the screen.
    kind
        What it is of: the role of a feature, another key of :data:`gui.offers.OFFERED`, or what
        :class:`gui.offers.Offers` has more for.
    value
        Which one: a feature as (role, id), the id of a requirement or service type, a role, the
        number of a step, the row of a community.
    own
        What only the panel can do with it; it stands first.
    cells
        What the row says, to be copied.
    cell
        What the one cell says that was pointed at, to be copied by itself.
    without
        Actions that mean nothing where it is asked for.
    """

    at: QPoint
    kind: str = ""
    value: object = None
    own: tuple[Own, ...] = ()
    cells: Sequence[str] = ()
    cell: str = ""
    without: frozenset[str] = frozenset()


def menu_of(
    subject: Subject,
    at: QPoint,
    explain: Callable[[Subject], object],
    cells: Sequence[str] = (),
) -> MenuWanted:
    """Return the menu of a figure: it explains itself; a requirement's offers what helps it.

    That of a community offers to go there.
    """
    own = ((text("action.explain"), lambda: explain(subject)),)
    if subject.community >= 0:
        return MenuWanted(at, "community", subject.community, own, cells)
    kind = "requirement" if subject.requirement else "figure"
    return MenuWanted(at, kind, subject.requirement, own, cells)


def when_asked(widget: QWidget, ask: Callable[[QPoint], object]) -> None:
    """Call `ask` with a place on the screen where somebody wants the menu of a widget.

    The widget has the keyboard from then on, so that it is seen what the menu is of.
    """

    def asked(place: QPoint | None) -> None:
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        ask(widget.mapToGlobal(place or QPoint(_INDENT_PX, widget.height())))

    _Asking(widget, widget, asked)


def when_asked_in(view: QAbstractItemView, ask: Callable[[QModelIndex, QPoint], object]) -> None:
    """Call `ask` with an item of a list, which is selected first, and a place on the screen."""

    def asked(place: QPoint | None) -> None:
        index = view.currentIndex() if place is None else view.indexAt(place)
        if not index.isValid():
            return
        if not view.selectionModel().isSelected(index):  # one of several leaves them selected
            view.setCurrentIndex(index)
        below = view.visualRect(index).bottomLeft() + QPoint(_INDENT_PX, 0)
        ask(index, view.viewport().mapToGlobal(place or below))

    def asked_beside(place: QPoint | None) -> None:
        """Let keys ask; what is pointed at beside the viewport, as a column's head, is no item."""
        if place is None:
            asked(None)

    _Asking(view, view, asked_beside)
    _Asking(view, view.viewport(), asked)


class _Asking(QObject):
    """Watches a widget; calls `asked` with a place in it, or with None where keys ask."""

    def __init__(
        self, parent: QWidget, watched: QWidget, asked: Callable[[QPoint | None], object]
    ) -> None:
        super().__init__(parent)
        self._asked = asked
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what asks for a menu."""
        if isinstance(event, QContextMenuEvent):
            if event.reason() != QContextMenuEvent.Reason.Keyboard:
                self._asked(event.pos())
            elif QApplication.activePopupWidget() is None:  # else the key itself has asked already
                self._asked(None)
            return True
        if asked_by_keys(event):
            self._asked(None)
            return True
        return super().eventFilter(watched, event)


def asked_by_keys(event: QEvent) -> bool:
    """Return whether an event asks for a menu by the Menu key or by Shift+F10."""
    if isinstance(event, QContextMenuEvent):
        return event.reason() == QContextMenuEvent.Reason.Keyboard
    if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
        return False
    key, shift = event.key(), Qt.KeyboardModifier.ShiftModifier
    return key == Qt.Key.Key_Menu or (key == Qt.Key.Key_F10 and event.modifiers() == shift)
