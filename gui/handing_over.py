"""What others are given of a scenario: its report, and what the view shows as a map."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QImage

from gui import files
from gui.colouring import picture_words
from gui.dialogs.file_dialog import ask_where, file_name
from gui.errors import in_words
from gui.panels.header import scenario_name
from twin.language import text

if TYPE_CHECKING:
    from gui.document import Document
    from gui.window import Window
    from twin.report.report_process import ReportProcess


class HandingOver(QObject):
    """Reports and pictures of one window."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._reports: ReportProcess | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        return {"report": self.ask_report, "picture": self.ask_picture}

    def ask_report(self) -> None:
        """Ask for a file and write the report."""
        document = self._window.document
        if document is None or document.assessment is None:
            return
        title, proposed = text("action.report"), self._proposed(document, ".pdf")
        path, chosen = ask_where(self._window, title, proposed, text("files.reports"))
        if path is not None:
            html = path.suffix.lower() == ".html" or "html" in chosen.lower()
            self.write_report(files.with_suffix(str(path), ".html" if html else ".pdf"))

    def write_report(self, path: Path) -> None:
        """Write the report of the scenario in hand in the background."""
        window, document = self._window, self._window.document
        if document is None or document.assessment is None:
            return
        words, about = picture_words(window.state.seen.colour_by), files.as_it_stands(document)

        def write(picture: QImage) -> None:
            work = files.report(path, about, picture, words, self._report_process)
            window.jobs.start("report", work, self._written, self._or_elsewhere(self.ask_report))

        window.stage.photograph(write, on_paper=True)

    def ask_picture(self) -> None:
        """Ask for a file and write what the view shows."""
        document = self._window.document
        if document is None:
            return
        title, proposed = text("action.picture"), self._proposed(document, ".png")
        path, _ = ask_where(self._window, title, proposed, text("files.pictures"))
        if path is not None:
            self.write_picture(files.with_suffix(str(path), ".png"))

    def write_picture(self, path: Path) -> None:
        """Write what the view shows as a map with its legend, as PNG."""
        window = self._window

        def write(picture: QImage) -> None:
            work, failed = files.write_picture(path, picture), self._or_elsewhere(self.ask_picture)
            window.jobs.start("picture", work, self._written, failed)

        window.stage.draw_map(write)

    def end_reports(self) -> None:
        """End the process of reports; the next one begins with the tables that are in use then."""
        before, self._reports = self._reports, None
        if before is not None:
            before.close()

    def _report_process(self) -> ReportProcess:
        if self._reports is None:
            from twin.report.report_process import ReportProcess

            self._reports = ReportProcess()
        return self._reports

    def _written(self, path: Path) -> None:
        """Say where it lies, until it is put away: what is to open it may not be there."""
        ways = [
            ("done.open", partial(_open, path)),
            ("done.show_folder", partial(_open, path.parent)),
        ]
        words = text("done.written", name=path.name, folder=path.parent)
        self._window.stage.messages.say(words, ways=ways, stays=True)

    def _or_elsewhere(self, ask: Callable[[], object]) -> Callable[[BaseException], None]:
        """Return what says why nothing was written, and offers another place."""

        def fail(error: BaseException) -> None:
            words, foreseen = in_words(error)
            if foreseen:
                self._window.stage.messages.say(words, "error", [("done.elsewhere", ask)])
            else:
                self._window.say_error(error)

        return fail

    def _proposed(self, document: Document, suffix: str) -> Path:
        """Return the name proposed for what is made of the scenario in hand."""
        name = file_name(document.name, scenario_name(document.session.scenario))
        return Path(self._window.filing.recent.last_folder()) / f"{name}{suffix}"


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
