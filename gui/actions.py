"""Everything a user can tell the window to do: name, icon, keys; and the menu made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLabel,
    QListView,
    QMenu,
    QTreeView,
    QWidget,
)
from shiboken6 import isValid

from gui.panels.parts import themed_icon
from twin.language import text


@dataclass(frozen=True)
class Spec:
    """One action: its text is ``action.<name>``, with what it does in the menu and on buttons."""

    icon: str = ""
    keys: tuple[str, ...] = ()
    group: str = ""
    """Actions of one group exclude one another."""


SPECS: Mapping[str, Spec] = {
    "commands": Spec("commands", ("Ctrl+K",)),
    "find": Spec("find", ("Ctrl+F",)),
    "open": Spec("open", ("Ctrl+O",)),
    "import": Spec("import", ("Ctrl+I",)),
    "import_folder": Spec(),
    "update_layers": Spec("", ("Ctrl+Shift+I",)),
    "sample": Spec(),
    "save": Spec("save", ("Ctrl+S",)),
    "save_as": Spec("", ("Ctrl+Shift+S",)),
    "report": Spec("report", ("Ctrl+P",)),
    "picture": Spec("picture", ("Ctrl+Shift+P",)),
    "quit": Spec("", ("Ctrl+Q",)),
    "undo": Spec("undo", ("Ctrl+Z",)),
    "redo": Spec("redo", ("Ctrl+Shift+Z", "Ctrl+Y")),
    "delete": Spec("delete", ("Del",)),
    "toggle_gate": Spec("gate", ("G",)),
    "toggle_ramp": Spec("ramp"),
    "toggle_lift": Spec("lift"),
    "correct": Spec("rename"),
    "explain": Spec("info"),
    "show_in_table": Spec("table"),
    "copy_row": Spec("copy", ("Ctrl+C",)),
    "copy_service": Spec("copy", ("Ctrl+D",)),
    "history": Spec("history", ("Ctrl+H",)),
    "tool_select": Spec("select", ("Q",), "tool"),
    "tool_box": Spec("box", ("B",), "tool"),
    "tool_lasso": Spec("lasso", ("Shift+B",), "tool"),
    "tool_path": Spec("path", ("L",), "tool"),
    "tool_crossing": Spec("crossing", ("X",), "tool"),
    "tool_gate": Spec("gate", ("Shift+G",), "tool"),
    "tool_street": Spec("street", ("Shift+S",), "tool"),
    "tool_ramp": Spec("ramp", ("R",), "tool"),
    "tool_lift": Spec("lift", ("Shift+L",), "tool"),
    "tool_door": Spec("door", ("E",), "tool"),
    "tool_community": Spec("community", ("A",), "tool"),
    "tool_boundary": Spec("boundary", ("Shift+A",), "tool"),
    "tool_measure": Spec("measure", ("M",), "tool"),
    "new_scenario": Spec("add", ("Ctrl+N",)),
    "rename_scenario": Spec("rename", ("F2",)),
    "remove_scenario": Spec("delete", ("Ctrl+Shift+N",)),
    "next_scenario": Spec("", ("Ctrl+Tab",)),
    "when": Spec("clock", ("W",)),
    "side_by_side": Spec("beside", ("C",)),
    "compare": Spec("chart"),
    "to_palette": Spec("", ("P",)),
    "to_view": Spec("", ("V",)),
    "to_score": Spec("", ("S",)),
    "dashboard": Spec("chart", ("D",)),
    "show_layers": Spec(),
    "legend": Spec("fold", ("K",)),
    "plan": Spec("plan", ("T",)),
    "fit": Spec("fit", ("Home",)),
    "from_south": Spec("", ("Alt+Down",)),
    "from_west": Spec("", ("Alt+Left",)),
    "from_north": Spec("", ("Alt+Up",)),
    "from_east": Spec("", ("Alt+Right",)),
    "from_above": Spec("", ("Alt+PgUp",)),
    "sun": Spec("sun", ("U",)),
    "zoom": Spec("target", ("F", "Z")),
    "table": Spec("table", ("Ctrl+J",)),
    "keep_view": Spec("keep", ("Ctrl+B",)),
    "view_1": Spec("", ("Ctrl+1",)),
    "view_2": Spec("", ("Ctrl+2",)),
    "view_3": Spec("", ("Ctrl+3",)),
    "view_4": Spec("", ("Ctrl+4",)),
    "view_5": Spec("", ("Ctrl+5",)),
    "forget_views": Spec(),
    "problems": Spec("warning", ("Ctrl+E",)),
    "catalogue": Spec("", ("Ctrl+Shift+E",)),
    "tables": Spec("", ("Ctrl+Shift+T",)),
    "language": Spec("language", ("Ctrl+L",)),
    "theme": Spec("theme", ("Ctrl+T",)),
    "theme_light": Spec("", (), "theme"),
    "theme_dark": Spec("", (), "theme"),
    "theme_system": Spec("", (), "theme"),
    "workshop": Spec("present", ("F11",)),
    "story": Spec(),
    "settings": Spec("settings", ("Ctrl+,",)),
    "recent_projects": Spec("", ("Ctrl+Shift+O",)),
    "cheat_sheet": Spec("keys", ("?", "Ctrl+/")),
    "tour": Spec(),
    "menu": Spec("menu", ("F10",)),
    "guide": Spec("help", ("F1",)),
    "about": Spec("info"),
}

MENU: Mapping[str, tuple[str, ...]] = {
    "file": (
        "open",
        "recent",
        "recent_projects",
        "import",
        "import_folder",
        "update_layers",
        "sample",
        "",
        "save",
        "save_as",
        "",
        "report",
        "picture",
        "",
        "tables",
        "settings",
        "quit",
    ),
    "edit": (
        "undo",
        "redo",
        "history",
        "",
        "copy_service",
        "delete",
        "toggle_gate",
        "toggle_ramp",
        "toggle_lift",
        "correct",
        "",
        "explain",
        "show_in_table",
        "copy_row",
    ),
    "tools": (
        "tool_select",
        "tool_box",
        "tool_lasso",
        "",
        "tool_path",
        "tool_crossing",
        "tool_gate",
        "tool_street",
        "tool_ramp",
        "tool_lift",
        "tool_door",
        "",
        "tool_community",
        "tool_boundary",
        "",
        "tool_measure",
    ),
    "scenario": (
        "new_scenario",
        "rename_scenario",
        "remove_scenario",
        "",
        "next_scenario",
        "",
        "when",
        "side_by_side",
        "compare",
    ),
    "view": (
        "commands",
        "find",
        "",
        "dashboard",
        "legend",
        "",
        "plan",
        "fit",
        "sun",
        "zoom",
        "from_south",
        "from_west",
        "from_north",
        "from_east",
        "from_above",
        "",
        "table",
        "show_layers",
        "",
        "keep_view",
        "view_1",
        "view_2",
        "view_3",
        "view_4",
        "view_5",
        "forget_views",
        "",
        "workshop",
        "story",
        "",
        "to_palette",
        "to_view",
        "to_score",
        "",
        "theme_light",
        "theme_dark",
        "theme_system",
        "language",
    ),
    "help": ("problems", "catalogue", "", "guide", "tour", "cheat_sheet", "", "about"),
}
"""Actions by menu, "" for a line between them; ``recent`` is a menu of its own."""

INNER: Mapping[str, tuple[str, ...]] = {
    "look_from": ("from_south", "from_west", "from_north", "from_east", "from_above"),
    "kept_views": ("view_1", "view_2", "view_3", "view_4", "view_5", "forget_views"),
    "go_to": ("to_palette", "to_view", "to_score"),
    "theme": ("theme_light", "theme_dark", "theme_system"),
}
"""Actions that stand in a menu within their menu, which would be higher than a screen."""


class Actions(QObject):
    """The window's actions by name, and its menu; `do` is called with the name of one."""

    def __init__(self, window: QWidget, do: Callable[[str], object]) -> None:
        super().__init__(window)
        self.by_name: dict[str, QAction] = {}
        groups: dict[str, QActionGroup] = {}
        for name, spec in SPECS.items():
            action = QAction(window)
            action.setObjectName(name)
            action.setData(spec.icon)
            action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
            action.triggered.connect(lambda _=False, n=name: do(n))
            if spec.group:
                action.setCheckable(True)
                group = groups.setdefault(spec.group, QActionGroup(self))
                group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
                group.addAction(action)
            window.addAction(action)
            self.by_name[name] = action
        self.menu = QMenu(window)
        self.recent = QMenu(window)
        self._parts: dict[str, QMenu] = {}
        self._inner = {name: QMenu(window) for name in INNER}
        self._said: dict[str, tuple[str, Mapping[str, object]]] = {}
        for part, names in MENU.items():
            self._parts[part] = self._fill(self.menu.addMenu(""), names)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in use, with icons in the theme in use."""
        for name, action in self.by_name.items():
            self._word(name)
            if action.data():
                action.setIcon(themed_icon(action.data()))
        for part, menu in self._parts.items():
            menu.setTitle(text(f"menu.{part}"))
        for name, menu in self._inner.items():
            menu.setTitle(text(f"menu.{name}"))
        self.recent.setTitle(text("menu.recent"))

    def take_keys(self, own: Mapping[str, str]) -> None:
        """Give actions the keys of `own`, and those that it does not name the keys of the start."""
        for name, action in self.by_name.items():
            keys = (own[name],) if name in own else SPECS[name].keys
            action.setShortcuts([QKeySequence(k) for k in keys if k])

    def part(self, name: str) -> QMenu:
        """Return one of the menus, by its name in :data:`MENU`."""
        return self._parts[name]

    def place_of(self, name: str) -> str:
        """Return the menu that an action stands in, "" for none."""
        parts = (part for part, names in MENU.items() if name in names)
        return next((text(f"menu.{part}") for part in parts), "")

    def show_plan(self, plan: bool) -> None:
        """Show on the button what pressing it leads to."""
        action = self.by_name["plan"]
        action.setData("cube" if plan else "plan")
        action.setIcon(themed_icon(str(action.data())))

    def show_tool(self, mode: str) -> None:
        """Mark the tool in hand; none while a service is being placed."""
        for name, action in self.by_name.items():
            if name.startswith("tool_"):
                action.setChecked(name == f"tool_{mode}")

    def enable(self, **states: bool) -> None:
        """Enable or disable actions by name."""
        for name, on in states.items():
            self.by_name[name].setEnabled(on)

    def say(self, name: str, key: str = "", **facts: object) -> None:
        """Call an action by the text of a key, for what it would be done to; "" is its own."""
        said = key or f"action.{name}", facts
        if self._said.get(name) != said:
            self._said[name] = said
            self._word(name)

    def _word(self, name: str) -> None:
        key, facts = self._said.get(name, (f"action.{name}", {}))
        words = text(key, **facts)
        self.by_name[name].setText(words)
        self.by_name[name].setIconText(words)

    def _fill(self, menu: QMenu, names: tuple[str, ...]) -> QMenu:
        inner = {name: self._inner[key] for key, held in INNER.items() for name in held}
        for name in names:
            if not name:
                menu.addSeparator()
            elif name == "recent":
                menu.addMenu(self.recent)
            elif name in inner:
                if inner[name].isEmpty():
                    menu.addMenu(inner[name])
                inner[name].addAction(self.by_name[name])
            else:
                menu.addAction(self.by_name[name])
        return menu


class TypedAhead(QObject):
    """Leaves letters and Home to the list, table or slider of a window that has the keyboard.

    A list finds by letters what begins so, all of these go to their first place by Home, a chooser
    opens by Alt and an arrow, and words that are marked are copied; actions would else take these
    for their keys. Only what has the keyboard is watched.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._watched: QWidget | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Say that a key is the list's own."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            shift = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
            typed = event.text().isalnum() and isinstance(watched, _SEARCHED)
            own = typed or (event.key() == Qt.Key.Key_Home and isinstance(watched, _WITH_A_FIRST))
            arrow = event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
            opens = arrow and bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            bare = not event.modifiers() & ~shift
            marked = isinstance(watched, QLabel) and watched.hasSelectedText()
            copies = marked and event.matches(QKeySequence.StandardKey.Copy)
            if (own and bare) or (opens and isinstance(watched, QComboBox)) or copies:
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = None
        if isinstance(now, (*_WITH_A_FIRST, QLabel)) and now.window() is self._window:
            self._watched = now
            now.installEventFilter(self)


_SEARCHED = (QComboBox, QListView, QTreeView)
_WITH_A_FIRST = (QComboBox, QAbstractItemView, QAbstractSlider)
