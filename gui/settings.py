"""What the window remembers between sittings, and where it keeps its files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import cast

from platformdirs import user_config_path, user_state_path
from PySide6.QtCore import QByteArray, QSettings

from gui.navigation import NAVIGATIONS, Habit
from gui.theme import ThemeChoice
from twin.language import LANGUAGES, Language, system_language

APP = "renewal-twin"
FOLDER_VARIABLE = "RENEWAL_TWIN_HOME"
"""Environment variable that names one folder for settings and state, for tests and kiosks."""
RECENT = 8
QUALITIES = ("auto", "fine", "fast")
"""Half resolution under the hand where the machine is slow; never; always, and plain at rest."""
AUTOSAVES = (0, 5, 10, 30)


def config_folder() -> Path:
    """Return the folder of the user's settings."""
    own = os.environ.get(FOLDER_VARIABLE)
    return Path(own) if own else user_config_path(APP, appauthor=False)


def state_folder() -> Path:
    """Return the folder of journals and the log file."""
    own = os.environ.get(FOLDER_VARIABLE)
    return Path(own) / "state" if own else user_state_path(APP, appauthor=False)


@dataclass(frozen=True)
class Left:
    """What was in hand when a project was left: a scenario, and the id of a requirement or ""."""

    scenario: str = ""
    requirement: str = ""


class Settings:
    """The user's choices, stored as they are made.

    Parameters
    ----------
    folder
        Where they are kept; the user's own where None.
    spoken
        The language that this run was asked for; it goes before the kept one, which it leaves as
        it is until the user chooses another.
    """

    def __init__(self, folder: Path | None = None, spoken: Language | None = None) -> None:
        path = (folder or config_folder()) / "settings.ini"
        self._store = QSettings(str(path), QSettings.Format.IniFormat)
        self._spoken = spoken

    @property
    def language(self) -> Language:
        """The language of the window: what this run was asked for, else kept; else the system's."""
        value = self._spoken or self._text("language")
        return value if value in LANGUAGES else system_language()

    @language.setter
    def language(self, value: Language) -> None:
        self._spoken = None
        self._store.setValue("language", value)

    @property
    def theme(self) -> ThemeChoice:
        """Light, dark or as the system has it."""
        value = self._text("theme")
        return cast(ThemeChoice, value) if value in ("light", "dark") else "system"

    @theme.setter
    def theme(self, value: ThemeChoice) -> None:
        self._store.setValue("theme", value)

    @property
    def quality(self) -> str:
        """How the view is drawn, one of :data:`QUALITIES`."""
        value = self._text("quality")
        return value if value in QUALITIES else QUALITIES[0]

    @quality.setter
    def quality(self, value: str) -> None:
        self._store.setValue("quality", value)

    @property
    def autosave(self) -> int:
        """Minutes between two saves that nobody asks for, 0 for none."""
        value = self._text("autosave")
        return int(value) if value.isdigit() and int(value) in AUTOSAVES else AUTOSAVES[0]

    @autosave.setter
    def autosave(self, value: int) -> None:
        self._store.setValue("autosave", str(value))

    @property
    def shortcuts(self) -> Mapping[str, str]:
        """Keys by action, where they are other than at first; "" for none."""
        try:
            known = json.loads(self._text("shortcuts") or "{}")
        except ValueError:
            return {}
        return {str(k): str(v) for k, v in known.items()} if isinstance(known, dict) else {}

    @shortcuts.setter
    def shortcuts(self, value: Mapping[str, str]) -> None:
        self._store.setValue("shortcuts", json.dumps(dict(value)))

    @property
    def toured(self) -> bool:
        """Whether the tour was seen or skipped."""
        return self._text("toured") == "yes"

    @toured.setter
    def toured(self, value: bool) -> None:
        self._store.setValue("toured", "yes" if value else "")

    @property
    def navigation(self) -> Habit:
        """Whose habit the mouse follows in the view; our own at first."""
        value = self._text("navigation")
        return cast(Habit, value) if value in NAVIGATIONS else "renewal"

    @navigation.setter
    def navigation(self, value: Habit) -> None:
        self._store.setValue("navigation", value)

    @property
    def problems_hidden(self) -> tuple[str, ...]:
        """Severities of findings that the problems panel leaves out."""
        return tuple(one for one in self._text("problems_hidden").split(",") if one)

    @problems_hidden.setter
    def problems_hidden(self, value: Iterable[str]) -> None:
        self._store.setValue("problems_hidden", ",".join(value))

    @property
    def standard(self) -> str:
        """Id of the standard last used, or ""."""
        return self._text("standard")

    @standard.setter
    def standard(self, value: str) -> None:
        self._store.setValue("standard", value)

    @property
    def data_folder(self) -> Path | None:
        """The folder of standards and tables that was chosen in the window, None for one's own."""
        kept = self._text("data_folder")
        return Path(kept) if kept else None

    @data_folder.setter
    def data_folder(self, value: Path | None) -> None:
        self._store.setValue("data_folder", str(value) if value else "")

    @property
    def geometry(self) -> QByteArray:
        """Size and place of the window."""
        return cast(QByteArray, self._store.value("geometry", QByteArray()))

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("geometry", value)

    @property
    def recent(self) -> tuple[Path, ...]:
        """Projects opened before, latest first, also those on a drive that is away just now."""
        return tuple(Path(line) for line in self._text("recent").split("\n") if line)

    def add_recent(self, path: Path) -> None:
        """Put a project at the head of the recent ones."""
        others = (p for p in self.recent if p != path)
        self._set_recent((path, *others))

    def drop_recent(self, path: Path) -> None:
        """Take one project out of the recent ones."""
        self._set_recent(p for p in self.recent if p != path)

    def move_recent(self, path: Path, to: Path) -> None:
        """Have a project that was found elsewhere stand there, with what was in hand in it."""
        self._set_recent(dict.fromkeys(to if p == path else p for p in self.recent))
        if self.left_in(path) != Left():
            self.leave(to, self.left_in(path))

    def forget_recent(self) -> None:
        """Empty the list of recent projects, and what was in hand in them."""
        self._set_recent(())
        self._store.remove("left")

    def left_in(self, project: Path) -> Left:
        """Return what was in hand when a project was left; nothing where that is not known."""
        known = self._left().get(str(project.absolute()))
        return Left(*known) if known is not None else Left()

    def leave(self, project: Path, left: Left) -> None:
        """Keep what is in hand in a project that is being left."""
        path = str(project.absolute())
        others = {name: one for name, one in self._left().items() if name != path}
        latest = {path: (left.scenario, left.requirement), **others}
        self._store.setValue("left", json.dumps(dict(islice(latest.items(), RECENT))))

    @property
    def last_project(self) -> Path | None:
        """The project that was open when the window closed, where it was one."""
        kept = self._text("last_project")
        return Path(kept) if kept else None

    @last_project.setter
    def last_project(self, path: Path | None) -> None:
        self._store.setValue("last_project", str(path) if path else "")

    def _set_recent(self, paths: Iterable[Path]) -> None:
        self._store.setValue("recent", "\n".join(str(p) for p in list(paths)[:RECENT]))

    def _left(self) -> dict[str, tuple[str, str]]:
        """Return what was in hand by project, the one left last first; what is no such is none."""
        try:
            known = json.loads(self._text("left") or "{}")
            return {str(path): (str(one[0]), str(one[1])) for path, one in known.items()}
        except (ValueError, AttributeError, LookupError, TypeError):
            return {}

    def _text(self, key: str) -> str:
        return str(self._store.value(key, "") or "")
