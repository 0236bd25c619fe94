"""The settings: each choice holds at once; shortcuts are typed on their own page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from gui.navigation import NAVIGATIONS, Habit
from gui.panels.form import choice, group_title, note
from gui.panels.parts import HelpButton, Segments, TextButton, column, row, set_tone
from gui.settings import AUTOSAVES, QUALITIES
from twin.language import LANGUAGES, Language, name_of, text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox

    from gui.window import Window


PAGES = ("general", "keys")


class SettingsDialog(QDialog):
    """Stands beside the work; there is nothing to confirm."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(text("settings.title"))
        self.resize(640, 560)
        layout = column(self, margin=16, gap=8)
        self.tabs = Segments({page: f"settings.{page}" for page in PAGES}, self._turn)
        layout.addWidget(self.tabs)
        self.boxes: dict[str, QComboBox] = {}
        self._pages = QStackedWidget()
        self.keys = ShortcutsPage(window)
        self._pages.addWidget(self._general())
        self._pages.addWidget(self.keys)
        layout.addWidget(self._pages, 1)
        last = row(gap=8)
        last.addWidget(HelpButton("help.settings"))
        last.addWidget(self.keys.reset)
        last.addStretch(1)
        last.addWidget(TextButton("dialog.close", self.close))
        layout.addLayout(last)
        for keys in ("Ctrl+Tab", "Ctrl+Shift+Tab"):
            QShortcut(QKeySequence(keys), self, self._turn_over)
        self._turn("general")

    def _turn_over(self) -> None:
        """Turn to the other page; both ways lead there."""
        self._turn(PAGES[1 - self._pages.currentIndex()])

    def _turn(self, page: str) -> None:
        self.tabs.choose(page)
        self._pages.setCurrentIndex(PAGES.index(page))
        self.keys.reset.setVisible(page == "keys")

    def _general(self) -> QWidget:
        from twin.standards import load_standard, standard_ids

        page, window, settings = QWidget(), self._window, self._window.settings
        layout = column(page, gap=8)
        layout.addWidget(group_title(text("settings.looks")))
        languages: dict[str, str] = {id_: text(f"settings.language_{id_}") for id_ in LANGUAGES}
        self._add(page, "language", languages, settings.language, self._set_language)
        themes = {name: text(f"action.theme_{name}") for name in ("light", "dark", "system")}
        self._add(page, "theme", themes, settings.theme, window.appearance.set_theme)
        qualities = {name: text(f"settings.quality_{name}") for name in QUALITIES}
        self._add(page, "quality", qualities, settings.quality, window.keeping.set_quality)
        layout.addWidget(note(text("settings.quality_note")))
        layout.addWidget(group_title(text("settings.hand")))
        habits: dict[str, str] = {name: text(f"settings.navigation_{name}") for name in NAVIGATIONS}
        self._add(page, "navigation", habits, settings.navigation, self._set_navigation)
        layout.addWidget(group_title(text("settings.work")))
        standards = {id_: name_of(load_standard(id_).name) for id_ in standard_ids()}
        self._add(page, "standard", standards, settings.standard, window.choose_standard)
        saves = {str(m): _minutes(m) for m in AUTOSAVES}
        self._add(page, "autosave", saves, str(settings.autosave), window.keeping.set_autosave)
        layout.addWidget(note(text("settings.autosave_note")))
        layout.addStretch(1)
        return page

    def _add(
        self,
        page: QWidget,
        name: str,
        options: Mapping[str, str],
        current: str,
        chosen: Callable[..., object],
    ) -> None:
        line, self.boxes[name] = choice(text(f"settings.{name}"), options, current, chosen)
        layout = page.layout()
        assert layout is not None
        layout.addWidget(line)

    def _set_navigation(self, habit: Habit) -> None:
        self._window.settings.navigation = habit
        self._window.drawing.follow_navigation()

    def _set_language(self, chosen: Language) -> None:
        window = self._window
        window.appearance.set_language(chosen)
        self.close()  # its words are those of before
        show_settings(window)


class ShortcutsPage(QWidget):
    """Every action with its keys; typing others takes them, from another action too."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._window = window
        layout = column(self, gap=8)
        layout.addWidget(note(text("settings.keys_note")))
        names = list(window.actions_.by_name)
        self.list = QTableWidget(len(names), 2)
        self.list.setHorizontalHeaderLabels([text("settings.action"), text("settings.shortcut")])
        self.list.verticalHeader().hide()
        self.list.verticalHeader().setDefaultSectionSize(36)
        head = self.list.horizontalHeader()
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.list.setColumnWidth(1, 200)
        self.list.setAccessibleName(text("settings.keys"))
        self.fields: dict[str, QKeySequenceEdit] = {}
        for number, name in enumerate(names):
            item = QTableWidgetItem(text(f"action.{name}").rstrip("…"))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.list.setItem(number, 0, item)
            self.list.setCellWidget(number, 1, self._field(name))
        layout.addWidget(self.list, 1)
        self.said = QLabel()
        self.said.setWordWrap(True)
        set_tone(self.said, "warning")
        layout.addWidget(self.said)
        self.reset = TextButton("settings.keys_reset", self._reset)
        """Stands beside what closes the dialog."""

    def _field(self, name: str) -> QKeySequenceEdit:
        field = QKeySequenceEdit(self._window.actions_.by_name[name].shortcut())
        field.setMaximumSequenceLength(1)
        field.setClearButtonEnabled(True)
        _ask_for_keys(field)
        field.keySequenceChanged.connect(lambda _: _ask_for_keys(field))
        field.editingFinished.connect(lambda: self._take(name))
        field.setAccessibleName(text(f"action.{name}"))
        self.fields[name] = field
        return field

    def _take(self, name: str) -> None:
        actions, keys = self._window.actions_, self.fields[name].keySequence()
        if keys == actions.by_name[name].shortcut():
            return
        self.said.clear()
        for other, action in actions.by_name.items():
            if other != name and not keys.isEmpty() and keys in action.shortcuts():
                words = {"keys": keys.toString(), "name": text(f"action.{other}").rstrip("…")}
                self.said.setText(text("settings.keys_taken", **words))
                self._give(other, QKeySequence())
        self._give(name, keys)

    def _give(self, name: str, keys: QKeySequence) -> None:
        self._window.keeping.set_keys(name, keys.toString())
        self._show(name, keys)

    def _show(self, name: str, keys: QKeySequence) -> None:
        self.fields[name].setKeySequence(keys)
        _ask_for_keys(self.fields[name])

    def _reset(self) -> None:
        self._window.keeping.reset_keys()
        self.said.clear()
        for name in self.fields:
            self._show(name, self._window.actions_.by_name[name].shortcut())


def _ask_for_keys(field: QKeySequenceEdit) -> None:
    """Say what an empty field waits for; Qt says it its own way whenever the keys are others."""
    line = field.findChild(QLineEdit)
    if line is not None:
        line.setPlaceholderText(text("settings.keys_press"))


def show_settings(window: Window) -> SettingsDialog:
    """Show the settings beside the window."""
    shown = SettingsDialog(window)
    shown.show()
    return shown


def _minutes(minutes: int) -> str:
    return text("settings.autosave_every", count=minutes) if minutes else text("settings.never")
