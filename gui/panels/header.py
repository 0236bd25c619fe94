"""The line at the top: project, files, undo, scenarios, standard, report, language, theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)
from shiboken6 import isValid

from gui.panels.menus import MenuWanted, when_asked
from gui.panels.parts import Chooser, IconButton, Rule, row, themed_icon, tip
from twin.language import text
from twin.telling.horizon_words import BETWEEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BASE = "base"


class Header(QWidget):
    """Buttons for the actions that are used most, and the choosers.

    Signals
    -------
    scenario_chosen(name), scenario_named(name), standard_chosen(id)
        `scenario_named` is the name typed for a scenario that is being made or renamed.
    menu_asked(wanted)
        A `MenuWanted` of the scenario in hand.
    """

    scenario_chosen = Signal(str)
    scenario_named = Signal(str)
    standard_chosen = Signal(str)
    menu_asked = Signal(object)

    def __init__(self, actions: Mapping[str, QAction], menu: QMenu) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setFixedHeight(48)
        self._menus = menu
        self._back: QWidget | None = None
        self._layout = row(self, gap=4)
        self._layout.setContentsMargins(8, 0, 8, 0)
        self._menu = IconButton("menu", "header.menu", self.drop_menu)
        self._layout.addWidget(self._menu)
        self._name = QLabel()
        self._name.setProperty("weight", "bold")
        self._name.setMaximumWidth(240)
        self._name.setContentsMargins(4, 0, 8, 0)
        self._layout.addWidget(self._name)
        self._rule()
        for name in ("open", "save", "undo", "redo"):
            self._layout.addWidget(ActionButton(actions[name]))
        self._rule()
        self._add_scenarios(actions)
        self._layout.addStretch(1)
        self.time = TimeButton(actions["when"])
        self._layout.addWidget(self.time)
        self._standard = Chooser()
        self._standard.setProperty("flat", "true")
        self._standard.setEnabled(False)
        self._standard.setSizeAdjustPolicy(Chooser.SizeAdjustPolicy.AdjustToContents)
        self._standard.setMaximumWidth(480)
        self._standard.setMinimumWidth(120)  # the first to give way in a narrow window
        self._standard.activated.connect(
            lambda: self.standard_chosen.emit(self._standard.currentData())
        )
        self._layout.addWidget(self._standard)
        self._rule()
        self._layout.addWidget(ActionButton(actions["report"], words=True))
        for name in ("language", "theme"):
            self._layout.addWidget(ActionButton(actions[name]))
        self._retranslate()

    def show_project(self, name: str, unsaved: bool) -> None:
        """Show what is open, and whether it differs from its file."""
        self._name.setText(f"{name} •" if unsaved else name)
        self._name.setToolTip(text("header.unsaved") if unsaved else "")

    def show_time(self, words: str) -> None:
        """Say which hour or year the figures look at; "" where that is the present."""
        self.time.say(words)

    def show_scenarios(self, names: Sequence[str], current: str) -> None:
        """List the scenarios, the one in hand chosen."""
        labels, chosen = [scenario_name(name) for name in names], list(names).index(current)
        box, wanted = self._scenario, list(zip(labels, names, strict=True))
        listed = [(box.itemText(i), box.itemData(i)) for i in range(box.count())]
        if listed == wanted and box.currentIndex() == chosen:
            return
        box.setEnabled(True)
        box.blockSignals(True)
        box.clear()
        for label, name in wanted:
            box.addItem(label, name)
        box.setCurrentIndex(chosen)
        box.blockSignals(False)

    def show_standards(self, names: Mapping[str, str], current: str) -> None:
        """List the standards by id, the one in use chosen."""
        self._standard.clear()
        for id_, name in names.items():
            self._standard.addItem(name, id_)
        self._standard.setEnabled(True)
        self._standard.view().setMinimumWidth(self._standard.view().sizeHintForColumn(0) + 16)
        self._standard.setCurrentIndex(max(0, list(names).index(current)))

    def ask_scenario_name(self, proposed: str) -> None:
        """Let the user type a scenario's name in the place of the chooser."""
        at = QApplication.focusWidget()
        if at is not self._field:
            self._back = at
        self._field.setText(proposed)
        self._scenario.hide()
        self._field.show()
        self._field.selectAll()
        self._field.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _add_scenarios(self, actions: Mapping[str, QAction]) -> None:
        self._scenario = Chooser()
        self._scenario.setMinimumWidth(128)
        self._scenario.setEnabled(False)
        self._scenario.activated.connect(
            lambda: self.scenario_chosen.emit(self._scenario.currentData())
        )
        when_asked(self._scenario, lambda at: self.menu_asked.emit(MenuWanted(at, "scenario")))
        self._field = _NameField()
        self._field.setMinimumWidth(176)
        self._field.hide()
        self._field.named.connect(self._named)
        self._field.given_up.connect(self._end_naming)
        self._field.editingFinished.connect(self._end_naming)  # the keyboard went elsewhere
        self._scenario.setMaximumWidth(320)
        self._layout.addWidget(self._scenario)
        self._layout.addWidget(self._field)
        for name in ("new_scenario", "rename_scenario", "remove_scenario"):
            self._layout.addWidget(ActionButton(actions[name]))

    def _named(self) -> None:
        name = self._field.text().strip()
        self._end_naming()
        self.scenario_named.emit(name)

    def _end_naming(self) -> None:
        """Show the chooser again; the keyboard goes back to what had it, unless it has left."""
        self._scenario.show()
        if self._field.hasFocus() and self._back is not None and isValid(self._back):
            self._back.setFocus()
        self._field.hide()

    def drop_menu(self) -> None:
        """Show all menus beneath their button, the first one ready for the arrow keys."""
        self._menus.popup(self._menu.mapToGlobal(self._menu.rect().bottomLeft()))
        self._menus.setActiveAction(self._menus.actions()[0])

    def _rule(self) -> None:
        line = Rule(upright=True)
        line.setFixedHeight(24)
        self._layout.addSpacing(4)
        self._layout.addWidget(line)
        self._layout.addSpacing(4)

    def _retranslate(self) -> None:
        for index in range(self._scenario.count()):
            self._scenario.setItemText(index, scenario_name(self._scenario.itemData(index)))
        for box, key in ((self._scenario, "header.scenario"), (self._standard, "header.standard")):
            box.setToolTip(text(key))
            box.setAccessibleName(text(key))
        self._field.setAccessibleName(text("header.scenario_name"))
        self._field.setPlaceholderText(text("header.scenario_name"))


class _NameField(QLineEdit):
    """A field that Enter and Esc leave.

    It keeps both keys to itself: the window would press with Enter what has the keyboard by then,
    and give up with Esc what the hand holds.
    """

    named = Signal()
    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Name with Enter, give up with Esc."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.named.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


class ActionButton(QToolButton):
    """A flat button for an action: its icon, its text as a tooltip or beside it, its state."""

    def __init__(self, action: QAction, words: bool = False) -> None:
        super().__init__()
        self._action = action
        self.setIconSize(QSize(20, 20))
        if words:
            self.setProperty("words", "true")
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            self.setFixedHeight(32)
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        else:
            self.setFixedSize(32, 32)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._dress)
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        action = self._action
        keys = action.shortcut().toString()
        self.setIcon(themed_icon(str(action.data())))
        self.setText(action.iconText().rstrip("…"))
        self.setEnabled(action.isEnabled())
        self.setCheckable(action.isCheckable())
        self.setChecked(action.isChecked())
        self.setToolTip(f"{action.iconText()} ({keys})" if keys else action.iconText())
        self.setAccessibleName(action.iconText())


class TimeButton(ActionButton):
    """The button for what the figures look at, which says so where that is not the present."""

    def __init__(self, action: QAction) -> None:
        self._words = ""
        super().__init__(action)

    def say(self, words: str) -> None:
        """Show words beside the icon, in the accent; "" shows the icon alone."""
        if words == self._words:
            return
        self._words = words
        self.setProperty("looked", "true" if words else "false")
        styles = Qt.ToolButtonStyle
        self.setToolButtonStyle(
            styles.ToolButtonTextBesideIcon if words else styles.ToolButtonIconOnly
        )
        self.style().unpolish(self)
        self.style().polish(self)
        self._dress()
        self.setFixedWidth(56 + self.fontMetrics().horizontalAdvance(self.text()) if words else 32)

    def _dress(self) -> None:
        super()._dress()
        if self._words:
            first, *more = self._words.split(BETWEEN)
            self.setText(f"{first}  +{len(more)}" if more else first)
            self.setToolTip(tip(f"{self.toolTip()}\n{self._words}"))
            self.setAccessibleName(f"{self.accessibleName()}: {self._words}")


def scenario_name(name: str) -> str:
    """Return a scenario's name as people read it: the base has its own in each language."""
    return text("scenario.base") if name == BASE else name
