"""What the window does with files: asks for names, starts the work, says what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from gui import files, modules
from gui.dialogs.file_dialog import ask_file, ask_files, ask_folder, ask_where, file_name
from gui.dialogs.unsaved import ask_about_unsaved
from gui.errors import in_words
from gui.recent import Recent
from gui.recovery import Recovery
from gui.settings import Left
from layers.problems import Severity
from twin.language import text

if TYPE_CHECKING:
    from gui.dialogs.import_preview import ImportPreview
    from gui.files import Loaded
    from gui.window import Window
    from layers.problems import Problem
    from layers.project_file import ProjectFile
    from layers.reader import Reader
    from layers.understanding.decisions import Decisions
    from twin.projects.project import Project
    from twin.projects.update import Update


class Filing(QObject):
    """Opening and saving of one window."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.recovery = Recovery(window, self._load, self.update_layers)
        self.recent = Recent(window, self.open_paths)
        self._leaving = False
        self._reader: Reader | None = None
        self.question: QMessageBox | None = None
        self.preview: ImportPreview | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        return {
            "open": self.ask_open,
            "import": self.ask_import,
            "import_folder": self.ask_import_folder,
            "update_layers": self.ask_update,
            "sample": self.open_sample,
            "save": self.save,
            "save_as": self.ask_save_as,
        }

    # -- opening ------------------------------------------------------------------------------

    def begin(self, project: Path | None) -> None:
        """Open the project, else the last one, else the sample; offer lost work back."""
        self.recent.connect_menu()
        last = self._window.settings.last_project
        if project is not None:
            self._load([project])
        elif last is not None:
            self._load([last], otherwise=self.open_sample)
        else:
            self.open_sample()
        self.recovery.offer()

    def open_sample(self, then: Callable[[], object] | None = None) -> None:
        """Open the sample district; do `then` once it is, which unsaved work may prevent."""
        self.recovery.stop()
        self._load(files.SAMPLE, then=then)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open a project, or show what importing layers would make.

        Unsaved work is asked about when there is something to take its place: files that cannot be
        read are no reason to.
        """
        self.recovery.stop()
        if files.is_project(paths) or tuple(paths) == files.SAMPLE:
            self._load(paths)
        else:
            self._show_preview(paths)

    def _show_preview(self, paths: Sequence[Path]) -> None:
        """Show what an import would make of files; the window opens what comes of it."""
        self._when_loaded(lambda: self._open_preview(paths))

    def _when_loaded(self, then: Callable[[], object]) -> None:
        """Do `then` with what a preview is made of: at once, the first time a moment later."""
        if modules.are_loaded(modules.FOR_IMPORTING):
            then()
            return

        def go_on(_loaded: None) -> None:
            then()

        work = partial(modules.load_modules, modules.FOR_IMPORTING)
        self._window.jobs.start("survey", work, go_on, self._window.say_error)

    def _open_preview(self, paths: Sequence[Path]) -> None:
        from gui.dialogs.import_preview import ImportPreview

        self._close_preview()
        inputs = tuple(paths)

        def make(made: ProjectFile, told: Decisions) -> Loaded:
            from layers.understanding.decisions import decisions_to_json
            from twin.projects.project import Project

            return files.Loaded(Project.from_file(made), inputs, decisions_to_json(told))

        window = self._window
        shown = ImportPreview(window, window.jobs, self.reader, paths, make, self._take_settled)
        self._watch(shown, ("action.import", self.ask_import))

    def ask_update(self) -> None:
        """Ask for newer layers and show what they would change in the project that is open."""
        if self._window.document is None:
            return
        title = text("action.update_layers")
        paths = ask_files(self._window, title, self.recent.last_folder(), files.layer_filters())
        if paths:
            self.update_layers(paths)

    def update_layers(self, paths: Sequence[Path]) -> None:
        """Show newer layers before they take the place of the open project's."""
        self._when_loaded(lambda: self._open_update(paths))

    def _open_update(self, paths: Sequence[Path]) -> None:
        from gui.dialogs.import_preview import ImportPreview, Into

        document = self._window.document
        if document is None:
            return
        project = files.snapshot(document)
        base = project.district
        into = Into(project.name, base.crs, base.surveyed, project.to_file)

        def make(made: ProjectFile, _told: Decisions) -> Update:
            from twin.projects.update import update_project

            return update_project(project, made)

        def take(update: Update) -> None:
            self._take_update(update, paths)

        self._close_preview()
        window = self._window
        shown = ImportPreview(window, window.jobs, self.reader, paths, make, take, into)
        self._watch(shown, ("action.update_layers", self.ask_update))

    def _take_update(self, update: Update, paths: Sequence[Path]) -> None:
        """Work on with the newer layers, and tell what changed."""
        from gui.document import Document

        window, before = self._window, self._window.document
        self._close_preview()
        if before is None:
            return
        work, inputs, standard = before.unsaved(), before.inputs, before.standard.id
        document = Document(window.jobs, update.project, inputs, standard)
        window.take_document(document)
        document.restore(work)
        document.newer = tuple(dict.fromkeys((*before.newer, *(str(path) for path in paths))))
        self.recovery.note_work()
        self.recovery.keep_layers(document)
        window.follow_history()
        lost = sum(map(len, update.lost.values()))
        key = "done.updated_lost" if lost else "done.updated"
        layers = text("intake.between").join(text(f"role.{c.role}") for c in update.changes)
        show = window.actions_.by_name["problems"].trigger
        words = text(key, layers=layers, count=lost)
        offers = [("action.problems", show)]
        window.stage.messages.say(words, "warning" if lost else "done", offers)

    def _close_preview(self) -> None:
        if self.preview is not None:
            self.preview.reject()  # closing would pass over one that is not shown yet

    def _watch(self, shown: ImportPreview, again: tuple[str, Callable[[], object]]) -> None:
        """Have a preview in hand; where it can read nothing, say why, and offer other files."""

        def say(error: BaseException) -> None:
            words, foreseen = in_words(error)
            if foreseen:
                self._window.stage.messages.say(words, "error", [again])
            else:
                self._window.say_error(error)

        self.preview = shown
        shown.unreadable.connect(say)
        shown.closed.connect(lambda: self._forget(shown))

    def _forget(self, shown: ImportPreview) -> None:
        if self.preview is shown:
            self.preview = None

    @property
    def reader(self) -> Reader:
        """The process that reads what nobody vouches for."""
        if self._reader is None:
            from layers.reader import Reader

            self._reader = Reader()
        return self._reader

    def ask_open(self) -> None:
        """Ask for a project and open it."""
        title = text("action.open")
        path = ask_file(self._window, title, self.recent.last_folder(), text("files.projects"))
        if path is not None:
            self.open_paths([path])

    def ask_import(self) -> None:
        """Ask for layers and import them."""
        title = text("action.import")
        paths = ask_files(self._window, title, self.recent.last_folder(), files.layer_filters())
        if paths:
            self.open_paths(paths)

    def ask_import_folder(self) -> None:
        """Ask for a folder of layers and import it."""
        folder = ask_folder(self._window, text("action.import_folder"), self.recent.last_folder())
        if folder is not None:
            self.open_paths([folder])

    def _load(
        self,
        paths: Sequence[Path],
        told: Mapping[str, Any] | None = None,
        then: Callable[[], object] | None = None,
        otherwise: Callable[[], object] | None = None,
    ) -> None:
        window = self._window
        window.stage.messages.drop_errors()
        sample = tuple(paths) == files.SAMPLE
        named = text("stage.sample") if sample else files.named(paths)
        window.stage.say_waiting(text("work.opening", name=named))
        work = files.load(paths, lambda: self.reader, told)
        take = partial(self._take_settled, then=then)
        failed = partial(self._not_loaded, tuple(paths), otherwise)
        window.jobs.start("load", work, take, failed)

    def _take_settled(self, loaded: Loaded, then: Callable[[], object] | None = None) -> None:
        """Work on with what was opened, once unsaved work is settled: that of meanwhile, too."""
        if self.may_leave(lambda: self._take_settled(loaded, then)):
            self._leaving = False
            self._close_preview()
            self._take_loaded(loaded)
            if then is not None:
                then()

    def _take_loaded(self, loaded: Loaded) -> None:
        from gui.document import Document

        loaded = self.recovery.take_loaded(loaded)
        window, path = self._window, loaded.project.path
        standard = str(loaded.project.settings.get("standard") or window.settings.standard)
        left = window.settings.left_in(path) if path is not None else Left()
        project, inputs = loaded.project, loaded.inputs
        document = Document(window.jobs, project, inputs, standard, left.scenario)
        window.take_document(document)
        if left.requirement in [one.id for one in document.standard.requirements]:
            window.open_requirement(left.requirement)
        if path is not None:
            self.recent.put_first(path)
        self.remember_project()
        if self.recovery.restore(document):
            window.follow_history()
        elif path is None:
            self._say_what_needs_a_person(loaded.project.problems)

    def _say_what_needs_a_person(self, problems: Sequence[Problem]) -> None:
        """Say the first finding of an import that only a person can settle, and how many are."""
        from twin.telling.findings import of_severity, sentence

        grave = of_severity(problems, Severity.ERROR)
        if not grave:
            return
        first = sentence(grave[0], in_window=True)
        words = text("done.needs_a_person", first=first, count=len(grave))
        show = self._window.actions_.by_name["problems"].trigger
        self._window.stage.messages.say(words, "warning", [("action.problems", show)])

    def _not_loaded(
        self,
        paths: Sequence[Path],
        otherwise: Callable[[], object] | None,
        error: BaseException,
    ) -> None:
        self.recovery.stop()
        window = self._window
        window.stage.say_waiting(text("stage.nothing"))
        if otherwise is not None:
            otherwise()
        if _is_missing(error) and paths[0] in window.settings.recent:
            self.recent.say_away(paths[0])
        else:
            window.say_error(error)
        if window.document is None and otherwise is None:
            window.stage.messages.say(
                text("stage.try_sample"), "warning", [("action.sample", self.open_sample)]
            )

    # -- saving -------------------------------------------------------------------------------

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Save to the project's file, or ask for one."""
        document = self._window.document
        if document is None:
            return
        path = document.project.path
        if path is None:
            self.ask_save_as(then)
        else:
            self.save_to(path, then)

    def ask_save_as(self, then: Callable[[], object] | None = None) -> None:
        """Ask for a file and save to it."""
        document = self._window.document
        if document is None:
            return
        name = file_name(document.name)
        proposed = Path(self.recent.last_folder()) / f"{name}{files.PROJECT_SUFFIX}"
        title = text("action.save_as")
        path, _ = ask_where(self._window, title, proposed, text("files.projects"))
        if path is not None:
            self.save_to(files.with_suffix(str(path), files.PROJECT_SUFFIX), then)

    def save_to(self, path: Path, then: Callable[[], object] | None = None) -> None:
        """Save to a file in the background, then do `then`."""
        window, document = self._window, self._window.document
        if document is None:
            return

        def take(project: Project) -> None:
            document.saved_as(project)
            if not document.dirty:
                self.recovery.forget()
            self.recent.put_first(path)
            self.remember_project()
            self.remember_left()
            window.follow_history()
            window.keeping.keep_picture(path)
            window.stage.messages.drop_errors()
            window.stage.messages.say(text("done.saved", name=path.name))
            if then is not None:
                then()

        def fail(error: BaseException) -> None:
            words, foreseen = in_words(error)
            if foreseen:  # another place may take it
                elsewhere = partial(self.ask_save_as, then)
                window.stage.messages.say(words, "error", [("action.save_as", elsewhere)])
            else:
                window.say_error(error)

        window.jobs.start("save", files.save(document, path), take, fail)

    # -- leaving ------------------------------------------------------------------------------

    def may_leave(self, go_on: Callable[[], object]) -> bool:
        """Return whether nothing unsaved is in the way; else ask, and `go_on` once settled."""
        self._window.workshop.settle()  # what a room is being asked is work, too
        document = self._window.document
        if document is None or not document.dirty or self._leaving:
            return True

        def settle(answer: str) -> None:
            self.question = None
            if answer == "save":
                self.save(go_on)
            elif answer == "discard":
                self.give_up()
                go_on()
            else:
                self.recovery.stop()

        if self.question is None:
            self.question = ask_about_unsaved(self._window, document.name, settle)
        return False

    def give_up(self) -> None:
        """Give up what is not saved: nothing asks about it any more."""
        self._leaving = True
        self.recovery.forget()

    def remember_project(self) -> None:
        """Have the next start open what is open now."""
        document = self._window.document
        path = document.project.path if document else None
        self._window.settings.last_project = path

    def remember_left(self) -> None:
        """Have the project that is being left open as it stands, not on the base."""
        document = self._window.document
        if document is not None and document.project.path is not None:
            left = Left(document.session.scenario, self._window.state.seen.requirement)
            self._window.settings.leave(document.project.path, left)

    def close(self) -> None:
        """Let go of the journal and end the process that reads."""
        self.recovery.close()
        if self._reader is not None:
            self._reader.close()


def _is_missing(error: BaseException) -> bool:
    from layers.problems import LayerError

    return isinstance(error, LayerError) and error.problem.key == "file_missing"
