"""What a crash must not lose: written while the window works, offered back at the next start."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from gui import files
from gui.errors import LOG
from gui.journal import Journal, Unsaved
from gui.settings import state_folder
from twin.language import text

if TYPE_CHECKING:
    from gui.document import Document
    from gui.files import Loaded
    from gui.window import Window

JOURNAL_MS = 1000
"""A change reaches the journal after this long: well within the five seconds that are promised."""

Load = Callable[[Sequence[Path], Mapping[str, Any]], None]
"""Opens files by what was decided of them."""


class Recovery(QObject):
    """The journal of one window, and the work of sittings that crashed.

    Edits, views, polls, owners and the files that were open stand in the journal. Newer layers that
    took the place of the project's stand in a project of their own beside it, for the files that
    they came from may be gone or changed by then.
    """

    def __init__(
        self, window: Window, load: Load, update: Callable[[Sequence[Path]], None]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._load = load
        self._update = update
        self._journal = Journal(state_folder() / "journal")
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(JOURNAL_MS)
        self._wait.timeout.connect(self._write)
        self._restoring: tuple[Path, Unsaved] | None = None
        self.told: Mapping[str, Any] = {}
        """What was decided of the files that were imported."""
        self.keeps = True
        """Whether the journal took what it was last given."""

    # -- writing ------------------------------------------------------------------------------

    def note_work(self) -> None:
        """Have what stands now reach the journal soon."""
        if not self._wait.isActive():
            self._wait.start()

    def keep_layers(self, document: Document) -> None:
        """Write the layers of a document that are in no file yet, in the background."""
        newer = document.newer

        def take(_written: object) -> None:
            if document is self._window.document and document.newer:
                document.held = newer
                self.note_work()
            elif not document.newer:  # saved or given up meanwhile
                self._journal.forget_layers()

        work = files.save(document, self._journal.layers)
        self._window.jobs.start("hold", work, take, self._window.say_error)

    def forget(self) -> None:
        """Keep nothing: all is saved, or given up."""
        self._wait.stop()
        self._journal.clear()

    def close(self) -> None:
        """Let go of the journal; unsaved work that was not given up stays in it."""
        self._wait.stop()
        self._journal.close()

    def _write(self) -> None:
        document = self._window.document
        if document is None:
            return
        if not document.dirty:
            self._journal.clear()
            return
        work, journal = replace(document.unsaved(), told=self.told), self._journal

        def take(_written: object) -> None:
            self.keeps = True

        self._window.jobs.start("journal", lambda _: journal.write(work), take, self._fail)

    def _fail(self, error: BaseException) -> None:
        """Say that a crash would now lose work: nothing else in the window would tell."""
        self.keeps = False
        LOG.error("journal", exc_info=error)
        reason = (error.strerror if isinstance(error, OSError) else "") or str(error)
        self._window.stage.messages.say(text("journal.not_written", reason=reason), "error")

    # -- offering back ------------------------------------------------------------------------

    def offer(self) -> None:
        """Offer back what sittings left that ended without saving."""
        for path, work in self._journal.left_behind():
            self._offer(path, work)

    def take_loaded(self, loaded: Loaded) -> Loaded:
        """Return what was loaded, as the project that it stands for if it is of a crashed sitting.

        What stood in the journal of this sitting is let go of, for it works on something else now.
        """
        self._journal.clear()
        self.told = loaded.told
        if self._restoring is None:
            return loaded
        left, work = self._restoring
        self.told = work.told
        if not work.held:
            return loaded
        self._journal.take_layers(left)
        opened = tuple(Path(name) for name in work.files)
        whole = files.is_project(opened)
        project = replace(loaded.project, path=opened[0] if whole else None)
        return replace(loaded, project=project, inputs=() if whole else opened)

    def restore(self, document: Document) -> bool:
        """Put lost work into the document that was loaded for it; whether there is any."""
        if self._restoring is None:
            return False
        left, work = self._restoring
        self._restoring = None
        document.restore(work)
        document.newer = document.held = work.held
        self._journal.remove(left)
        self.note_work()
        self._offer_newer(tuple(name for name in work.newer if name not in work.held))
        return True

    def stop(self) -> None:
        """Note that what was asked for cannot be loaded."""
        self._restoring = None

    def _offer(self, path: Path, work: Unsaved) -> None:
        def restore() -> None:
            self._restoring = (path, work)
            held = self._journal.layers_of(path)
            paths = [held] if work.held else [Path(name) for name in work.files]
            self._load(paths, {} if work.held else work.told)

        key = "journal.found" if work.edits else "journal.found_beside"
        sample = tuple(map(Path, work.files)) == files.SAMPLE
        name = text("stage.sample") if sample else files.named(work.files)
        self._window.stage.messages.say(
            text(key, count=work.edits, name=name),
            "warning",
            [("journal.restore", restore), ("journal.forget", lambda: self._journal.remove(path))],
        )

    def _offer_newer(self, names: Sequence[str]) -> None:
        """Offer to read newer layers again that were in no file yet when the sitting crashed."""
        paths = [Path(name) for name in names]
        if not paths:
            return
        self._window.stage.messages.say(
            text("journal.newer", name=files.named(paths)),
            "warning",
            [("journal.update_again", lambda: self._update(paths))],
        )
