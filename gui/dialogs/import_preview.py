"""The preview of an import: every layer with what it was taken for, corrected in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QStackedWidget,
    QWidget,
)

from gui import icons, theme
from gui.dialogs.choices import Choices, needing_a_person, said_of_files, wants_a_look
from gui.dialogs.district_page import DistrictPage
from gui.dialogs.file_dialog import ask_file, ask_where
from gui.dialogs.layer_page import LayerPage
from gui.dialogs.raster_page import RasterPage
from gui.dialogs.table_page import TablePage
from gui.errors import in_words
from gui.panels.parts import Label, Rule, TextButton, column, row, set_tone, tip
from layers.importing.preview import LayerView, Preview
from layers.importing.preview_tables import TableView
from layers.problems import Severity
from layers.schema import ROLES
from layers.understanding.decisions import Decisions, read_decisions, write_decisions
from layers.vocabulary.columns import IGNORE
from twin.language import text
from twin.telling.findings import sentence

if TYPE_CHECKING:
    from pyproj import CRS

    from gui.background import Jobs, Progress
    from layers.project_file import ProjectFile
    from layers.reader import Reader

SIZE = (1040, 720)
_LIST_PX = 264
SHOWN_AFTER_MS = 500
"""A look that takes longer is waited for before eyes; one that finds nothing sooner shows none."""
_DISTRICT = "\0district"
_OF_FILE = "\0file "


@dataclass(frozen=True)
class Into:
    """The project whose layers are replaced; `file` makes it, in the background."""

    name: str
    crs: CRS
    surveyed: frozenset[str]
    file: Callable[[], ProjectFile]


class ImportPreview(QDialog):
    """Shows what an import would make of files, takes corrections, and imports.

    Parameters
    ----------
    parent
        The window.
    jobs, reader
        What works in the background, and the process that reads.
    paths
        Files and folders to import.
    make
        Takes the project that was imported and what was chosen, in the background.
    done
        Takes what `make` returned, in the window's thread, and closes the preview.
    into
        The project whose layers are replaced, None to make a new one.

    Signals
    -------
    unreadable(error)
        There is nothing to preview; it goes, and who listens says why.
    closed()
        Whatever came of it, the preview is gone.
    """

    unreadable = Signal(object)
    closed = Signal()

    def __init__(
        self,
        parent: QWidget,
        jobs: Jobs,
        reader: Reader,
        paths: Sequence[Path],
        make: Callable[[ProjectFile, Decisions], Any],
        done: Callable[[Any], object],
        into: Into | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._reader, self._paths = jobs, reader, tuple(paths)
        self._make, self._done, self._into = make, done, into
        self.choices = Choices(surveyed=dict.fromkeys(into.surveyed, True) if into else {})
        self.found: Preview | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = into.name if into else _name_of(paths)
        title = text("intake.title_into", name=name) if into else text("intake.title")
        self.setWindowTitle(title)
        self._build(name)
        room = self.screen().availableGeometry()
        self.resize(min(SIZE[0], room.width() - 32), min(SIZE[1], room.height() - 64))
        jobs.advanced.connect(self.follow)
        self._shows = QTimer(self, interval=SHOWN_AFTER_MS, singleShot=True)
        self._shows.timeout.connect(self.show)
        self._shows.start()
        self._look()

    # -- what is in it ------------------------------------------------------------------------

    def _build(self, name: str) -> None:
        layout = column(self, margin=16, gap=12)
        self._summary = QLabel(text("intake.reading", name=_named(self._paths)))
        self._summary.setWordWrap(True)
        layout.addWidget(self._summary)
        self._error = QLabel()
        self._error.setWordWrap(True)
        set_tone(self._error, "error")
        self._error.hide()
        layout.addWidget(self._error)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        layout.addWidget(self._bar)
        self.list = QListWidget()
        self.list.setFixedWidth(_LIST_PX)
        self.list.setIconSize(QSize(20, 20))
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(text("intake.layers"))
        self.list.currentItemChanged.connect(lambda _now, _before: self._turn_page())
        self.page = LayerPage()
        self.page.chosen.connect(self._take)
        self.district = DistrictPage(name, self._into is not None)
        self.district.chosen.connect(self._take)
        self.raster = RasterPage()
        self.raster.chosen.connect(self._take)
        self.table = TablePage()
        self.table.chosen.connect(self._take)
        self._pages = QStackedWidget()
        self.refused = QLabel()
        self.refused.setWordWrap(True)
        self.refused.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.refused.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        pages = (self.page, self.raster, self.table, self.district, self.refused)
        for page in (QWidget(), *pages):
            self._pages.addWidget(page)
        across = row(gap=16)
        across.addWidget(self.list)
        across.addWidget(self._pages, 1)
        layout.addLayout(across, 1)
        layout.addWidget(Rule())
        layout.addLayout(self._make_buttons())

    def _make_buttons(self) -> QHBoxLayout:
        last = row(gap=8)
        self.load_map = TextButton("intake.load_map", self._ask_load_map, kind="link")
        self.save_map = TextButton("intake.save_map", self._ask_save_map, kind="link")
        self._said = Label("intake.between", tone="soft")
        self._said.setText("")
        self.cancel = TextButton("intake.cancel", self.close)
        key = "intake.go" if self._into is None else "intake.go_update"
        self.go = TextButton(key, self._import, kind="primary")
        self.go.setDefault(True)
        last.addWidget(self.load_map)
        last.addWidget(self.save_map)
        last.addWidget(self._said, 1)
        last.addWidget(self.cancel)
        last.addWidget(self.go)
        for button in (self.save_map, self.go):
            button.setEnabled(False)
        return last

    # -- looking ------------------------------------------------------------------------------

    def _look(self) -> None:
        """Have the files looked at in the light of what was chosen so far."""
        told, paths, reader = self.choices.decisions(), self._paths, self._reader
        crs = self._into.crs if self._into else None

        def work(progress: Progress) -> Preview:
            return reader.preview(paths, told, crs=crs, progress=lambda part, _: progress(part))

        self._begin(text("intake.reading", name=_named(self._paths)))
        # A look that is under way goes on: ending it would lose what was read already.
        self._jobs.start("survey", work, self._show, self._fail, let_finish=True)

    def _begin(self, words: str) -> None:
        self._error.hide()
        self.go.setEnabled(False)
        self._bar.setValue(0)
        self._bar.show()
        if self.found is None or not self._jobs.busy("survey"):
            self._summary.setText(words)

    def follow(self, slot: str, part: float) -> None:
        """Show how far reading or importing is."""
        if slot in ("survey", "intake"):
            self._bar.setValue(round(part * 1000))

    def _show(self, found: Preview) -> None:
        self.found = found
        self._bar.hide()
        marked = self._fill_list()
        features = sum(view.count for view in found.layers if view.role.value in ROLES)
        count = len(found.layers) + len(found.rasters)
        summary = text("intake.summary", layers=count, features=f"{features:,}")
        refused = needing_a_person(found)
        key = "intake.look" if marked else "intake.all_clear"
        if refused:
            key = "intake.look_and_mend"
        self._summary.setText(text(key, summary=summary, count=marked, refused=refused))
        self.save_map.setEnabled(True)
        terrain = any(one.role == "terrain" for one in found.rasters)
        self.go.setEnabled(bool(features or terrain))
        self._turn_page()
        self.show()
        if self.isVisible() and self.focusWidget() is None:
            self.list.setFocus()

    def _fill_list(self) -> int:
        """List the layers, those that want a look marked; return how many these are."""
        assert self.found is not None
        current = self._current()
        self.list.blockSignals(True)
        self.list.clear()
        refused = said_of_files(self.found)
        marked = len(refused)
        first = ""
        for source, problems in refused.items():
            error = any(p.severity is Severity.ERROR for p in problems)
            words = text("intake.refused_line" if error else "intake.noted_line")
            first = first or (_OF_FILE + source if error else "")
            self._add_line(_OF_FILE + source, f"{source}\n{words}", "close" if error else "warning")
        for view in self.found.layers:
            look = wants_a_look(view)
            marked += look
            first = first or (view.source if look else "")
            self._add_line(view.source, f"{_short(view)}\n{_line(view)}", _mark(view, look))
        for raster in self.found.rasters:
            left_out = raster.role == IGNORE
            look = not left_out and any(p.severity is Severity.WARNING for p in raster.problems)
            marked += look
            first = first or (raster.source if look else "")
            role = text("intake.left_out" if left_out else f"role.{raster.role}")
            words = text("intake.raster_line", role=role)
            mark = "hidden" if left_out else "warning" if look else "check"
            self._add_line(raster.source, f"{raster.source.rsplit(' · ', 1)[-1]}\n{words}", mark)
        for table in self.found.tables:
            look = any(p.severity in (Severity.ERROR, Severity.WARNING) for p in table.problems)
            marked += look
            first = first or (table.source if look else "")
            words = text("intake.table_line" if table.layer else "intake.table_line_alone")
            mark = "warning" if look else "check" if table.layer else "hidden"
            self._add_line(table.source, f"{_short(table)}\n{words}", mark)
        self._add_line(
            _DISTRICT, text("intake.district") + "\n" + text("intake.district_line"), "box"
        )
        lines = {
            self.list.item(n).data(Qt.ItemDataRole.UserRole): n for n in range(self.list.count())
        }
        self.list.setCurrentRow(lines.get(current, lines.get(first, 0)))
        self.list.blockSignals(False)
        return marked

    def _add_line(self, source: str, words: str, mark: str) -> None:
        tones = {"close": "error", "warning": "warning", "check": "gain"}
        tone = tones.get(mark, "ink_soft")
        picture = icons.pixmap(mark, getattr(theme.tokens(), tone), 20, self.devicePixelRatioF())
        item = QListWidgetItem(QIcon(picture), words)
        item.setData(Qt.ItemDataRole.UserRole, source)
        item.setToolTip(tip(words))
        self.list.addItem(item)

    def _current(self) -> str:
        chosen = [item.data(Qt.ItemDataRole.UserRole) for item in self.list.selectedItems()]
        return str(chosen[0]) if chosen else ""

    def _turn_page(self) -> None:
        source = self._current()
        if self.found is None or not source:
            return
        if source == _DISTRICT:
            self.district.show_district(self.found, self.choices)
            self._pages.setCurrentWidget(self.district)
            return
        if source.startswith(_OF_FILE):
            told = said_of_files(self.found)[source.removeprefix(_OF_FILE)]
            self.refused.setText("\n\n".join(sentence(p, in_window=True) for p in told))
            self._pages.setCurrentWidget(self.refused)
            return
        raster = next((one for one in self.found.rasters if one.source == source), None)
        if raster is not None:
            self.raster.show_raster(raster, self.choices)
            self._pages.setCurrentWidget(self.raster)
            return
        table = next((one for one in self.found.tables if one.source == source), None)
        if table is not None:
            self.table.show_table(table, self.choices)
            self._pages.setCurrentWidget(self.table)
            return
        view = next(view for view in self.found.layers if view.source == source)
        self.page.show_layer(view, self.choices)
        self._pages.setCurrentWidget(self.page)

    def _take(self, choices: Choices, anew: bool) -> None:
        self.choices = choices
        if anew:
            self._look()

    def _fail(self, error: BaseException) -> None:
        if self.found is None:
            self.reject()
            self.unreadable.emit(error)
            return
        self._bar.hide()
        words, _ = in_words(error)
        self._error.setText(words)
        self._error.show()
        self._summary.setText("")
        self.go.setEnabled(True)

    # -- importing ----------------------------------------------------------------------------

    def _import(self) -> None:
        told, paths, reader, into = self.choices.decisions(), self._paths, self._reader, self._into
        name, make = self.district.name.text().strip() or None, self._make

        def work(progress: Progress) -> Any:
            made = reader.import_layers(
                paths,
                told,
                name=name,
                crs=into.crs if into else None,
                into=into.file() if into else None,
                progress=lambda part, _: progress(part),
            )
            return make(made, told)

        self._begin(text("intake.importing"))
        self._pages.setEnabled(False)
        self._jobs.start("intake", work, self._finish, self._not_made)

    def _finish(self, made: Any) -> None:
        """Hand over what was made; who takes it closes this, who does not can choose on here."""
        self._bar.hide()
        self._pages.setEnabled(True)
        self.go.setEnabled(True)
        self._done(made)

    def _not_made(self, error: BaseException) -> None:
        self._pages.setEnabled(True)
        self._fail(error)

    def done(self, result: int) -> None:
        """Stop what is under way and go; every way out comes by here, and nothing was written."""
        for slot in ("survey", "intake", "map"):
            self._jobs.cancel(slot)
        self._shows.stop()
        super().done(result)
        self.closed.emit()

    # -- mapping files ------------------------------------------------------------------------

    def _ask_load_map(self) -> None:
        title = text("intake.load_map")
        path = ask_file(self, title, _folder(self._paths), text("intake.mapping_files"))
        if path is not None:
            self.use_map(path)

    def use_map(self, path: Path) -> None:
        """Take the decisions of a mapping file for a basis; what was chosen here goes before it."""

        def take(base: Decisions) -> None:
            self.choices = Choices(base, self.choices.layers, self.choices.surveyed)
            self._look()

        self._jobs.start("map", lambda _: read_decisions(path), take, self._fail)

    def _ask_save_map(self) -> None:
        proposed = Path(_folder(self._paths)) / f"{_name_of(self._paths)}.toml"
        title = text("intake.save_map")
        path, _ = ask_where(self, title, proposed, text("intake.mapping_files"))
        if path is not None:
            self.write_map(path)

    def write_map(self, path: Path) -> None:
        """Write what stands here as a mapping file for the next district."""
        if self.found is None:
            return
        kept = self.choices.to_keep(self.found)

        def say(_done: object) -> None:
            self._said.setText(text("intake.map_saved", name=path.name))

        self._jobs.start("map", lambda _: write_decisions(path, kept), say, self._fail)


def _short(view: LayerView | TableView) -> str:
    return view.source.rsplit(" · ", 1)[-1]


def _line(view: LayerView) -> str:
    if view.role.value == IGNORE:
        return text("intake.left_out")
    if view.role.value not in ROLES:
        return text("intake.unknown")
    role = text(f"role.{view.role.value}")
    return text("intake.layer_line", role=role, count=f"{view.count:,}")


def _mark(view: LayerView, look: bool) -> str:
    if view.role.value == IGNORE:
        return "hidden"
    return "warning" if look or view.role.value not in ROLES else "check"


def _name_of(paths: Sequence[Path]) -> str:
    return paths[0].resolve().name.split(".")[0] if paths else ""


def _named(paths: Sequence[Path]) -> str:
    return ", ".join(path.name for path in paths)


def _folder(paths: Sequence[Path]) -> str:
    return str(paths[0] if paths and paths[0].is_dir() else (paths or [Path.home()])[0].parent)
