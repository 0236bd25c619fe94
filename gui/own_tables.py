"""An office's own standards and tables in the window: read in the background, then taken up."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from gui.background import ASIDE
from twin.language import name_of, text
from twin.model.catalogues import service_types
from twin.model.own_data import DATA_VARIABLE, NO_DATA, home_folder
from twin.model.rows import RowError
from twin.standards.known import (
    DEFAULT_STANDARD,
    Tables,
    load_standard,
    plain_tables,
    read_tables,
    standard_ids,
    take_up,
)

if TYPE_CHECKING:
    from gui.dialogs.tables import TablesDialog
    from gui.settings import Settings
    from gui.window import Window
    from twin.standards.listing import Listed


def begin_tables(settings: Settings) -> RowError | None:
    """Take up the tables with which a window begins; return why those of the user's cannot be used.

    The window then begins with those that come along. The environment's folder (``--data``) goes
    before the one that was chosen in the window.
    """
    named = _named(settings)
    try:
        take_up(read_tables(named), named)
    except RowError as error:
        take_up(plain_tables(), named)
        return error
    return None


class OwnTables(QObject):
    """Shows, copies and reads the tables of one window.

    Signals
    -------
    changed()
        Other tables are in use, or `error` is another.
    copied(path)
        A copy to change lies there.
    """

    changed = Signal()
    copied = Signal(object)

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._named = _named(window.settings)
        self._waiting: tuple[Tables, Path | None] | None = None
        self.error: RowError | None = None
        """Why what lies in the folder now is not in use."""
        self.dialog: TablesDialog | None = None
        window.jobs.ended.connect(self._take_when_quiet)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        return {"tables": self.show}

    @property
    def folder(self) -> Path:
        """Where copies go: the folder that was chosen, else the one beside the settings."""
        return self._named or home_folder()

    @property
    def is_home(self) -> bool:
        """Whether it is the one beside the settings, which is read always."""
        return self._named is None

    @property
    def busy(self) -> bool:
        """Whether tables are being read, or wait for work that rests on those in use."""
        return self._waiting is not None or self._window.jobs.busy("tables")

    def show(self) -> None:
        """Show the standards and tables beside the work."""
        from gui.dialogs.tables import TablesDialog

        self.dialog = TablesDialog(self._window, self)
        self.dialog.show()

    def say_refused(self, error: RowError | None) -> None:
        """Say at the beginning why the user's own tables are not in use, and offer to mend them."""
        self.error = error
        if error is not None:
            reason = text(f"error.{error.key}", **error.facts)
            words = text("tables.not_taken_up", reason=reason)
            self._window.stage.messages.say(words, "warning", [("tables.show", self.show)])

    def read_anew(self) -> None:
        """Read the files of the folder in use again."""
        self._read(self._named)

    def choose(self, folder: Path | None) -> None:
        """Use the files of another folder, None for that beside the settings alone."""
        if folder is not None and folder.resolve() == home_folder().resolve():
            folder = None
        self._read(folder)

    def copy(self, listed: Listed) -> None:
        """Copy a standard or a table that comes along into the folder, to be changed."""
        from twin.standards.listing import copy_to_change

        folder = self.folder
        self._start(lambda _progress: copy_to_change(listed, folder), self._take_copy)

    def open_file(self, path: Path) -> None:
        """Open a file or a folder with the program that the system has for it."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def open_folder(self) -> None:
        """Open the folder in use, made where there is none yet."""
        folder = self.folder

        def work(_progress: object) -> Path:
            folder.mkdir(parents=True, exist_ok=True)
            return folder

        self._start(work, self.open_file)

    def _start(self, work: Callable[..., object], done: Callable[..., None]) -> None:
        self._window.jobs.start("tables", work, done, self._refuse)
        self.changed.emit()

    def _read(self, named: Path | None) -> None:
        self._start(lambda _progress: read_tables(named), lambda read: self._wait(read, named))

    def _wait(self, read: Tables, named: Path | None) -> None:
        """Take tables up once no work is under way that rests on those of before."""
        self._waiting = read, named
        if self._window.document is not None:
            self._window.document.stop()
        self._take_when_quiet()

    def _take_when_quiet(self) -> None:
        if self._waiting is None or self._window.jobs.slots:
            return
        (read, named), self._waiting = self._waiting, None
        before = service_types()
        take_up(read, named)
        if named != self._named:  # reading the folder of a single run anew is no choice of it
            self._named = self._window.settings.data_folder = named
        self.error = None
        self._window.jobs.start("processes", self._end_processes, _nothing, _nothing)
        document = self._window.document
        if document is not None:
            wanted = document.standard
            there = wanted.id in standard_ids()
            # a value of its own even where nothing changed, so that no figure of before stands
            document.begin_anew(replace(load_standard(wanted.id if there else DEFAULT_STANDARD)))
            if not there:
                said = text("tables.standard_gone", name=name_of(wanted.name))
                self._window.stage.messages.say(said, "warning")
        self._window.follow_tables(service_types() != before)
        self.changed.emit()

    def _end_processes(self, _progress: object) -> None:
        """End the processes beside this one: those that begin next read the same tables."""
        ASIDE.renew()
        self._window.handing_over.end_reports()

    def _take_copy(self, path: Path) -> None:
        self.copied.emit(path)
        self.read_anew()

    def _refuse(self, error: BaseException) -> None:
        if isinstance(error, RowError):
            self.error = error
            self.changed.emit()
        else:
            self._window.say_error(error)


def _named(settings: Settings) -> Path | None:
    """Return the folder that the environment names, else the one chosen before, if any."""
    named = os.environ.get(DATA_VARIABLE)
    return Path(named) if named and named != NO_DATA else settings.data_folder


def _nothing(_found: object) -> None:
    """Go on: what was ended begins by itself when it is next wanted."""
