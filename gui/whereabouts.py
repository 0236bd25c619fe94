"""Which of the projects opened before are where they were: asked beside the window.

A path on a drive that is gone may take a minute to say so, or never answers. Nothing waits for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui.background import Jobs


class Whereabouts(QObject):
    """What is known of where projects are.

    Signals
    -------
    changed()
        More is known, or something else.
    """

    changed = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__(jobs)
        self._jobs = jobs
        self._there: dict[Path, bool] = {}
        self._asked: set[Path] = set()

    def ask(self, paths: Iterable[Path]) -> None:
        """Ask anew where projects are; one whose answer is awaited still is not asked again."""
        for path in set(paths) - self._asked:
            self._asked.add(path)
            self._jobs.ask(partial(os.path.isfile, path), partial(self._take, path))

    def note(self, path: Path) -> None:
        """Take a project for there: it was read or written just now."""
        self._take(path, True)

    def is_away(self, path: Path) -> bool:
        """Return whether a project is known not to be there."""
        return self._there.get(path) is False

    def is_there(self, path: Path) -> bool:
        """Return whether a project is known to be there."""
        return self._there.get(path) is True

    def _take(self, path: Path, there: bool) -> None:
        self._asked.discard(path)
        if self._there.get(path) is not there:
            self._there[path] = there
            self.changed.emit()
